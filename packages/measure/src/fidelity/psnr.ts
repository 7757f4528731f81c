import { checkSameSize } from '../checks.js';
import { MeasureError } from '../MeasureError.js';
import type { Plane } from '../Plane.js';
import type { RgbImage } from '../RgbImage.js';

/**
 * Peak signal-to-noise ratio in dB with a peak of 1: −10·log10 of the mean squared difference over all three
 * channels together, `border` pixels dropped at each side. Equal images give `Infinity`.
 */
export function psnr(image: RgbImage, truth: RgbImage, border: number): number {
  const { width, height } = truth;
  checkSameSize(image, truth);
  if (2 * border >= Math.min(width, height))
    throw new MeasureError('the border leaves nothing to compare.', { field: 'border' });
  let sum = 0;
  for (let y = border; y < height - border; y++) {
    const end = (y * width + width - border) * 3;
    for (let i = (y * width + border) * 3; i < end; i++) {
      const difference = image.data[i]! - truth.data[i]!;
      sum += difference * difference;
    }
  }
  const count = (width - 2 * border) * (height - 2 * border) * 3;
  return -10 * Math.log10(sum / count);
}

/** The same for one channel, nothing dropped at the sides. */
export function psnrOfPlanes(plane: Plane, truth: Plane): number {
  const sum = plane.data.reduce((total, value, i) => total + (value - truth.data[i]!) ** 2, 0);
  return -10 * Math.log10(sum / plane.data.length);
}
