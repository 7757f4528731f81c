import type { Chromaticity, Matrix3 } from '@photosite/raw';
import { apply, diagonal, inverse, multiply, type Vector3 } from './matrix3.js';

/** An additive RGB space: its primaries and its white. */
export interface RgbSpace {
  readonly red: Chromaticity;
  readonly green: Chromaticity;
  readonly blue: Chromaticity;
  readonly white: Chromaticity;
}

/** D50 as the ICC and the DNG specification round it. */
export const D50: Chromaticity = { x: 0.3457, y: 0.3585 };
/** D65 (ITU-R BT.709). */
export const D65: Chromaticity = { x: 0.3127, y: 0.329 };

/** ITU-R BT.2020: our working space, linear. */
export const REC2020: RgbSpace = {
  red: { x: 0.708, y: 0.292 },
  green: { x: 0.17, y: 0.797 },
  blue: { x: 0.131, y: 0.046 },
  white: D65,
};
/** IEC 61966-2-1. */
export const SRGB: RgbSpace = {
  red: { x: 0.64, y: 0.33 },
  green: { x: 0.3, y: 0.6 },
  blue: { x: 0.15, y: 0.06 },
  white: D65,
};
/** SMPTE EG 432-1 primaries with a D65 white. */
export const DISPLAY_P3: RgbSpace = {
  red: { x: 0.68, y: 0.32 },
  green: { x: 0.265, y: 0.69 },
  blue: { x: 0.15, y: 0.06 },
  white: D65,
};
/** ROMM RGB (ISO 22028-2), in which DNG's hue/saturation tables live. */
export const PROPHOTO: RgbSpace = {
  red: { x: 0.734699, y: 0.265301 },
  green: { x: 0.159597, y: 0.840403 },
  blue: { x: 0.036598, y: 0.000105 },
  white: D50,
};

/** Tristimulus values of a chromaticity at luminance 1. */
export function xyzOf(white: Chromaticity): Vector3 {
  return [white.x / white.y, 1, (1 - white.x - white.y) / white.y];
}

/** Chromaticity of tristimulus values. */
export function chromaticityOf(xyz: Vector3): Chromaticity {
  const sum = xyz[0] + xyz[1] + xyz[2];
  return { x: xyz[0] / sum, y: xyz[1] / sum };
}

/** Linear RGB to XYZ relative to the space's own white. */
export function rgbToXyz(space: RgbSpace): Matrix3 {
  const [r, g, b] = [xyzOf(space.red), xyzOf(space.green), xyzOf(space.blue)];
  const primaries: Matrix3 = [r[0], g[0], b[0], r[1], g[1], b[1], r[2], g[2], b[2]];
  return multiply(primaries, diagonal(apply(inverse(primaries)!, xyzOf(space.white))));
}

/** The Bradford cone responses (Lam 1985; ICC.1:2022, annex E). */
const BRADFORD: Matrix3 = [0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367, 0.0389, -0.0685, 1.0296];

/** Linear Bradford adaptation of XYZ from one white to another. */
export function adaptation(from: Chromaticity, to: Chromaticity): Matrix3 {
  const a = apply(BRADFORD, xyzOf(from));
  const b = apply(BRADFORD, xyzOf(to));
  return multiply(inverse(BRADFORD)!, diagonal([b[0] / a[0], b[1] / a[1], b[2] / a[2]]), BRADFORD);
}

/** Linear RGB of one space to linear RGB of another, whites mapped on each other. */
export function rgbToRgb(from: RgbSpace, to: RgbSpace): Matrix3 {
  return multiply(inverse(rgbToXyz(to))!, adaptation(from.white, to.white), rgbToXyz(from));
}

/** XYZ relative to D50 to linear RGB of a space. */
export function xyzD50ToRgb(space: RgbSpace): Matrix3 {
  return multiply(inverse(rgbToXyz(space))!, adaptation(D50, space.white));
}

/** The sRGB transfer function (IEC 61966-2-1), linear to encoded, also that of Display P3. */
export function srgbEncode(linear: number): number {
  return linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
}

/** Its inverse. */
export function srgbDecode(encoded: number): number {
  return encoded <= 0.04045 ? encoded / 12.92 : ((encoded + 0.055) / 1.055) ** 2.4;
}
