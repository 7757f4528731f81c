import type { Matrix3 } from '@photosite/raw';

/** Three numbers: tristimulus values or channel values. */
export type Vector3 = readonly [number, number, number];

/** The 3×3 identity. */
export const IDENTITY: Matrix3 = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** The diagonal matrix with `d` on its diagonal. */
export function diagonal(d: Vector3): Matrix3 {
  return [d[0], 0, 0, 0, d[1], 0, 0, 0, d[2]];
}

/** The product `a · b · …`, from left to right. */
export function multiply(...matrices: readonly Matrix3[]): Matrix3 {
  return matrices.reduce((a, b) => {
    const cell = (i: number, j: number): number =>
      a[i * 3]! * b[j]! + a[i * 3 + 1]! * b[3 + j]! + a[i * 3 + 2]! * b[6 + j]!;
    return [
      cell(0, 0),
      cell(0, 1),
      cell(0, 2),
      cell(1, 0),
      cell(1, 1),
      cell(1, 2),
      cell(2, 0),
      cell(2, 1),
      cell(2, 2),
    ];
  });
}

/** `m · v`. */
export function apply(m: Matrix3, v: Vector3): Vector3 {
  return [
    m[0] * v[0] + m[1] * v[1] + m[2] * v[2],
    m[3] * v[0] + m[4] * v[1] + m[5] * v[2],
    m[6] * v[0] + m[7] * v[1] + m[8] * v[2],
  ];
}

/** The inverse, or undefined where the matrix is singular or not finite. */
export function inverse(m: Matrix3): Matrix3 | undefined {
  const [a, b, c, d, e, f, g, h, i] = m;
  const A = e * i - f * h;
  const B = f * g - d * i;
  const C = d * h - e * g;
  const determinant = a * A + b * B + c * C;
  if (!Number.isFinite(determinant) || Math.abs(determinant) < 1e-12) return undefined;
  const k = 1 / determinant;
  return [
    A * k,
    (c * h - b * i) * k,
    (b * f - c * e) * k,
    B * k,
    (a * i - c * g) * k,
    (c * d - a * f) * k,
    C * k,
    (b * g - a * h) * k,
    (a * e - b * d) * k,
  ];
}

/** `a + (b - a) · t`, entry by entry. */
export function interpolate(a: Matrix3, b: Matrix3, t: number): Matrix3 {
  return a.map((value, i) => value + (b[i]! - value) * t) as unknown as Matrix3;
}

/** The vector scaled so that its largest value is 1. */
export function normalised(v: Vector3): Vector3 {
  const top = Math.max(v[0], v[1], v[2]);
  return [v[0] / top, v[1] / top, v[2] / top];
}
