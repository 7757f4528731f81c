import { FADE_INTO_GAMUT, greenForHue } from '../../colour/fading.js';
import { apply, type Vector3 } from '../../colour/matrix3.js';
import { REC2020, type RgbSpace, rgbToRgb, rgbToXyz, srgbEncode } from '../../colour/spaces.js';

/** The smallest channel counts as at least this share of the largest when hue is kept: beyond lies no surface. */
const LEAST_SHARE = -0.5;

/**
 * Working space to a display's linear RGB in [0,1]: what lies outside moves toward grey of its luminance, along its hue.
 * What is no number is black.
 */
export function displayGamut(pixel: Vector3, space: RgbSpace): Vector3 {
  const rgb = apply(rgbToRgb(REC2020, space), pixel);
  const [top, low] = [Math.max(...rgb), Math.min(...rgb)];
  if (low >= 0 && top <= 1) return rgb;
  const toLuminance = rgbToXyz(space);
  const luminance = apply(toLuminance, rgb)[1];
  const grey = Math.min(Math.max(luminance, 0), 1);
  const down = low < 0 ? grey / Math.max(grey - low, 1e-9) : 1;
  const up = top > 1 ? (1 - grey) / Math.max(top - grey, 1e-9) : 1;
  const keep = Math.min(down, up);
  const moved = (value: number): number => grey + (value - grey) * keep;
  const floor = Math.max(low, top * LEAST_SHARE);
  const [newLow, newTop] = [Math.max(moved(floor), 0), moved(top)];
  const place = Math.max(rgb[1] - floor, 0) / (top - floor);
  const added = greenForHue(place, floor / top, newLow / newTop, FADE_INTO_GAMUT) * (newTop - newLow);
  const green = Number.isFinite(added) ? added : 0;
  // More green is more light: less of all.
  const dim = grey / Math.max(grey + toLuminance[4] * green, 1e-9);
  const shown = (light: number): number => {
    const dimmed = light * dim;
    return Number.isNaN(dimmed) ? 0 : Math.min(Math.max(dimmed, 0), 1);
  };
  return [shown(moved(rgb[0])), shown(moved(rgb[1]) + green), shown(moved(rgb[2]))];
}

/** Linear light in [0,1] to a sample of `bits` bits under the sRGB transfer function. */
export function encode(linear: number, bits: 8 | 16): number {
  return Math.round(srgbEncode(linear) * (2 ** bits - 1));
}
