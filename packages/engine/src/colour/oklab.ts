import type { Matrix3 } from '@photosite/raw';
import { inverse, multiply, type Vector3 } from './matrix3.js';
import { REC2020, rgbToRgb, SRGB } from './spaces.js';

/** Linear sRGB to cone responses, and the cube roots of those to lightness and two opponent colours. */
const SRGB_TO_CONES: Matrix3 = [
  0.4122214708, 0.5363325363, 0.0514459929, 0.2119034982, 0.6806995451, 0.1073969566, 0.0883024619,
  0.2817188376, 0.6299787005,
];
const CONES_TO_LAB: Matrix3 = [
  0.2104542553, 0.793617785, -0.0040720468, 1.9779984951, -2.428592205, 0.4505937099, 0.0259040371,
  0.7827717662, -0.808675766,
];
const TO_CONES = multiply(SRGB_TO_CONES, rgbToRgb(REC2020, SRGB));
const FROM_CONES = inverse(TO_CONES)!;
const FROM_LAB = inverse(CONES_TO_LAB)!;

/**
 * Linear Rec.2020 to Oklab (Björn Ottosson, "A perceptual color space for image processing", 2020): lightness, 1 for
 * white, and two opponent colours.
 */
export function oklabOf(rgb: Vector3): Vector3 {
  // Written out, like its inverse: tables of looks call them a hundred thousand times before a first picture.
  const r = rgb[0];
  const g = rgb[1];
  const b = rgb[2];
  const m = TO_CONES;
  const long = Math.cbrt(m[0] * r + m[1] * g + m[2] * b);
  const middle = Math.cbrt(m[3] * r + m[4] * g + m[5] * b);
  const short = Math.cbrt(m[6] * r + m[7] * g + m[8] * b);
  const n = CONES_TO_LAB;
  return [
    n[0] * long + n[1] * middle + n[2] * short,
    n[3] * long + n[4] * middle + n[5] * short,
    n[6] * long + n[7] * middle + n[8] * short,
  ];
}

/** Oklab to linear Rec.2020. */
export function rec2020OfOklab(lab: Vector3): Vector3 {
  const lightness = lab[0];
  const a = lab[1];
  const b = lab[2];
  const m = FROM_LAB;
  const long = cube(m[0] * lightness + m[1] * a + m[2] * b);
  const middle = cube(m[3] * lightness + m[4] * a + m[5] * b);
  const short = cube(m[6] * lightness + m[7] * a + m[8] * b);
  const n = FROM_CONES;
  return [
    n[0] * long + n[1] * middle + n[2] * short,
    n[3] * long + n[4] * middle + n[5] * short,
    n[6] * long + n[7] * middle + n[8] * short,
  ];
}

function cube(x: number): number {
  return x * x * x;
}
