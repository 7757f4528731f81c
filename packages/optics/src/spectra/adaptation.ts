import type { Matrix3 } from '@photosite/raw';
import type { Xyz } from './integrate.js';
import { apply, diagonal, inverse, multiply } from './matrix3.js';

/** D50 of DNG and the ICC: tristimulus values of x 0.3457, y 0.3585. */
export const D50_XYZ: Xyz = [0.3457 / 0.3585, 1, (1 - 0.3457 - 0.3585) / 0.3585];

/** The Bradford cone responses (Lam 1985; ICC.1:2022, annex E). */
const BRADFORD: Matrix3 = [0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367, 0.0389, -0.0685, 1.0296];

/** Linear Bradford adaptation of XYZ from one white to another. */
export function adaptation(from: Xyz, to: Xyz): Matrix3 {
  const a = apply(BRADFORD, from);
  const b = apply(BRADFORD, to);
  return multiply(inverse(BRADFORD), diagonal([b[0] / a[0], b[1] / a[1], b[2] / a[2]]), BRADFORD);
}
