import type { Vector3 } from '../../colour/matrix3.js';

/** Fractions of a channel's white level where clipping begins to count, and where it counts fully. */
const CLIP_START = 0.9;
const CLIP_END = 0.99;
/** What a clipped channel still counts beside an unclipped one. */
const CLIPPED_TRUST = 2 ** -10;

/** How far a channel counts as clipped: 0 not at all, 1 fully, smooth between. */
function clipped(value: number, white: number): number {
  const t = Math.min(Math.max((value - CLIP_START * white) / ((CLIP_END - CLIP_START) * white), 0), 1);
  return t * t * (3 - 2 * t);
}

/**
 * A white-balanced pixel with its clipped channels rebuilt.
 * @param neutral camera RGB of the scene's neutral: a balanced channel's white level is 1 / neutral
 */
export function highlights(pixel: Vector3, neutral: Vector3): Vector3 {
  const share = pixel.map((value, i) => clipped(value, 1 / neutral[i]!));
  // A clipped channel is at least as bright as the others that are not clipped: a neutral stays neutral.
  const trust = share.map((clip) => 1 - clip + CLIPPED_TRUST);
  const lifted = pixel.map((value, i) => {
    const [j, k] = [(i + 1) % 3, (i + 2) % 3];
    const estimate = (trust[j]! * pixel[j]! + trust[k]! * pixel[k]!) / (trust[j]! + trust[k]!);
    return value + share[i]! * (Math.max(value, estimate) - value);
  });
  // Where all three are clipped nothing is known of the colour: it is taken for white.
  const all = Math.min(...share);
  const top = Math.max(...lifted);
  const [r, g, b] = lifted.map((value) => value + all * (top - value));
  return [r!, g!, b!];
}
