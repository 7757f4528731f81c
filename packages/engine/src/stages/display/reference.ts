import { apply, type Vector3 } from '../../colour/matrix3.js';
import { REC2020, type RgbSpace, rgbToRgb, rgbToXyz, srgbEncode } from '../../colour/spaces.js';

/**
 * Working space to a display's linear RGB in [0,1]: what lies outside moves straight toward grey of its luminance.
 * What is no number is black.
 */
export function displayGamut(pixel: Vector3, space: RgbSpace): Vector3 {
  const rgb = apply(rgbToRgb(REC2020, space), pixel);
  const [top, low] = [Math.max(...rgb), Math.min(...rgb)];
  if (low >= 0 && top <= 1) return rgb;
  const luminance = apply(rgbToXyz(space), rgb)[1];
  const grey = Math.min(Math.max(luminance, 0), 1);
  const down = low < 0 ? grey / Math.max(grey - low, 1e-9) : 1;
  const up = top > 1 ? (1 - grey) / Math.max(top - grey, 1e-9) : 1;
  const keep = Math.min(down, up);
  const moved = (value: number): number => {
    const light = grey + (value - grey) * keep;
    return Number.isNaN(light) ? 0 : Math.min(Math.max(light, 0), 1);
  };
  return [moved(rgb[0]), moved(rgb[1]), moved(rgb[2])];
}

/** Linear light in [0,1] to a sample of `bits` bits under the sRGB transfer function. */
export function encode(linear: number, bits: 8 | 16): number {
  return Math.round(srgbEncode(linear) * (2 ** bits - 1));
}
