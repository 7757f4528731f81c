import { checkImage } from './checks.js';
import type { RgbImage } from './RgbImage.js';

/** One channel of a picture, rows top to bottom. */
export interface Plane {
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** `width * height` values. */
  readonly data: Float64Array;
}

/** Weights of linear Rec.709 and sRGB values in the luminance (ITU-R BT.709-6, item 3.2). */
export const REC709_LUMINANCE = [0.2126, 0.7152, 0.0722] as const;

/** Weighted sum of a picture's linear channels; the weights are the Y row of its matrix to XYZ. */
export function luminanceOf(image: RgbImage, weights: readonly number[] = REC709_LUMINANCE): Plane {
  checkImage('image', image);
  const [r, g, b] = weights as [number, number, number];
  const plane = new Float64Array(image.width * image.height);
  for (let i = 0, at = 0; i < plane.length; i++, at += 3) {
    plane[i] = r * image.data[at]! + g * image.data[at + 1]! + b * image.data[at + 2]!;
  }
  return { width: image.width, height: image.height, data: plane };
}

/** One channel of a picture: 0 red, 1 green, 2 blue. */
export function channelOf(image: RgbImage, channel: number): Plane {
  checkImage('image', image);
  const plane = new Float64Array(image.width * image.height);
  for (let i = 0, at = channel; i < plane.length; i++, at += 3) plane[i] = image.data[at]!;
  return { width: image.width, height: image.height, data: plane };
}
