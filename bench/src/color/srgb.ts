import type { RgbImage } from '../image.js';

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
