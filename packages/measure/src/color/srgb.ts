import type { RgbImage } from '../RgbImage.js';

/** Linear sRGB to XYZ relative to the ICC's D50, row by row (IEC 61966-2-1 primaries adapted by Bradford). */
export const SRGB_TO_XYZ_D50 = [
  0.4360747, 0.3850649, 0.1430804, 0.2225045, 0.7168786, 0.0606169, 0.0139322, 0.0971045, 0.7141733,
] as const;

/** The inverse of {@link SRGB_TO_XYZ_D50}. */
export const XYZ_D50_TO_SRGB = [
  3.1338561, -1.6168667, -0.4906146, -0.9787684, 1.9161415, 0.033454, 0.0719453, -0.2289914, 1.4052427,
] as const;

/** The sRGB curve of IEC 61966-2-1: an encoded value to a linear one. Values above 1 follow the power on. */
export function decodeSrgb(encoded: number): number {
  return encoded <= 0.04045 ? encoded / 12.92 : ((encoded + 0.055) / 1.055) ** 2.4;
}

/** The inverse of `decodeSrgb`. */
export function encodeSrgb(linear: number): number {
  return linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
}

/** A new image with `curve` applied to every value. */
export function mapImage(image: RgbImage, curve: (value: number) => number): RgbImage {
  return { ...image, data: image.data.map(curve) };
}

/** Cuts a value to [0, 1]. */
export function clamp01(value: number): number {
  return Math.min(Math.max(value, 0), 1);
}
