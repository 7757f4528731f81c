import { MeasureError } from '../MeasureError.js';

/**
 * Angle in degrees between two linear RGB values, the recovery error of a white balance: Hordley and Finlayson,
 * "Re-evaluating Colour Constancy Algorithms", ICPR 2004. Brightness does not count.
 * @throws {MeasureError} for black or values that are no numbers
 */
export function angularError(first: readonly number[], second: readonly number[]): number {
  const [a, b] = [Math.hypot(...first), Math.hypot(...second)];
  if (!(a > 0 && b > 0)) throw new MeasureError('black has no direction; a lit neutral patch is needed.');
  // The chord keeps its digits at small angles, where the cosine has none.
  const chord = Math.hypot(...first.map((value, i) => value / a - second[i]! / b));
  return (2 * Math.asin(Math.min(1, chord / 2)) * 180) / Math.PI;
}
