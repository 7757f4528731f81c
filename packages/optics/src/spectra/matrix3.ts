import type { Matrix3 } from '@photosite/raw';
import { OpticsError } from '../OpticsError.js';

/** Three numbers: tristimulus values or channel values. */
export type Vector3 = readonly [number, number, number];

/** The diagonal matrix with `d` on its diagonal. */
export function diagonal(d: Vector3): Matrix3 {
  return [d[0], 0, 0, 0, d[1], 0, 0, 0, d[2]];
}

/** The product `a · b · …`, from left to right. */
export function multiply(...matrices: readonly Matrix3[]): Matrix3 {
  return matrices.reduce((a, b) => {
    const product = [0, 0, 0, 0, 0, 0, 0, 0, 0];
    for (let row = 0; row < 3; row++)
      for (let column = 0; column < 3; column++)
        for (let k = 0; k < 3; k++) product[row * 3 + column]! += a[row * 3 + k]! * b[k * 3 + column]!;
    return product as unknown as Matrix3;
  });
}

/** `m · v`. */
export function apply(m: Matrix3, [x, y, z]: Vector3): Vector3 {
  return [m[0] * x + m[1] * y + m[2] * z, m[3] * x + m[4] * y + m[5] * z, m[6] * x + m[7] * y + m[8] * z];
}

/**
 * The inverse by cofactors.
 * @throws {OpticsError} for a singular matrix: channels that do not tell colours apart
 */
export function inverse(m: Matrix3): Matrix3 {
  const [a, b, c, d, e, f, g, h, i] = m;
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  if (!(Math.abs(determinant) > 1e-12))
    throw new OpticsError(
      'the three channels do not tell colours apart; their sensitivities have to differ.',
      {
        field: 'sensitivities',
      },
    );
  return [
    (e * i - f * h) / determinant,
    (c * h - b * i) / determinant,
    (b * f - c * e) / determinant,
    (f * g - d * i) / determinant,
    (a * i - c * g) / determinant,
    (c * d - a * f) / determinant,
    (d * h - e * g) / determinant,
    (b * g - a * h) / determinant,
    (a * e - b * d) / determinant,
  ];
}
