import type { SceneLuminance } from '../exposure/scene.js';
import { SCENE_GREY } from '../tone/curve.js';
import { floatLog2 } from './logarithm.js';

/** Stops by which a full strength opens the deepest shadows and calms the brightest parts. */
const SHADOW_STOPS = 2;
const HIGHLIGHT_STOPS = 0.45;
/** Stops that the shadows and highlights parameters add at their ends. */
const PARAMETER_STOPS = 1.5;
/** Stops from middle grey at which opening begins and is complete; the same for calming. */
const SHADOW_RANGE = [-0.5, 4] as const;
const HIGHLIGHT_RANGE = [0.5, 3.5] as const;
/** Stops lost per stop at most, so that brighter parts stay brighter: more change takes more room. */
const STEEPEST = 0.7;
/** Parts of the scene: cells of this many along the longer side. */
const PARTS = 12;
/** Stops between the dark and the bright parts that need nothing, and those that need full strength. */
const CONTRAST_RANGE = [2.5, 6] as const;
/** Full strength is for the person to ask for. */
const MOST_AUTOMATIC = 0.75;

/** A range in which a smooth step of this height is nowhere too steep. */
function roomFor(stops: number, [from, to]: readonly [number, number]): readonly [number, number] {
  return [from, Math.max(to, from + (1.5 * Math.abs(stops)) / STEEPEST)];
}

function smoothstep([from, to]: readonly [number, number], x: number): number {
  const t = Math.min(Math.max((x - from) / (to - from), 0), 1);
  return t * t * (3 - 2 * t);
}

/**
 * Stops added to the parts of a scene by their log luminance.
 * @param strength 0 to 1
 * @param shadows -1 to 1, more stops for dark parts
 * @param highlights -1 to 1, more stops for bright ones
 */
export function compression(
  strength: number,
  shadows: number,
  highlights: number,
): (logarithm: number) => number {
  const grey = floatLog2(SCENE_GREY);
  const open = strength * SHADOW_STOPS + shadows * PARAMETER_STOPS;
  const brighten = highlights * PARAMETER_STOPS - strength * HIGHLIGHT_STOPS;
  const dark = roomFor(open, SHADOW_RANGE);
  const bright = roomFor(brighten, HIGHLIGHT_RANGE);
  return (logarithm) =>
    open * smoothstep(dark, grey - logarithm) + brighten * smoothstep(bright, logarithm - grey);
}

/** The strength that a scene asks for: none where all of its parts lie in about the same light. */
export function automaticStrength({ width, height, values }: SceneLuminance): number {
  const long = Math.max(width, height);
  const columns = Math.max(Math.round((PARTS * width) / long), 1);
  const rows = Math.max(Math.round((PARTS * height) / long), 1);
  const sums = new Float64Array(columns * rows);
  const counts = new Float64Array(columns * rows);
  for (let y = 0, p = 0; y < height; y++) {
    const row = Math.floor((y / height) * rows) * columns;
    for (let x = 0; x < width; x++, p++) {
      const part = row + Math.floor((x / width) * columns);
      sums[part]! += floatLog2(Math.max(values[p]!, 2 ** -10));
      counts[part]!++;
    }
  }
  const parts = sums.map((sum, i) => sum / Math.max(counts[i]!, 1)).sort();
  const at = (share: number): number => parts[Math.round(share * (parts.length - 1))]!;
  return MOST_AUTOMATIC * smoothstep(CONTRAST_RANGE, at(0.95) - at(0.05));
}
