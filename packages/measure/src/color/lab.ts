/** CIE L*, a*, b*. */
export type Lab = readonly [l: number, a: number, b: number];

/** CIE XYZ tristimulus values, Y of the white = 1. */
export type Xyz = readonly [x: number, y: number, z: number];

/** D50 as the ICC profile connection space has it (ICC.1:2022, 7.2.16). */
export const D50: Xyz = [0.9642, 1, 0.8249];

/** CIE 15:2018, equations 8.6 to 8.11: XYZ relative to a white to L*a*b*. */
export function xyzToLab(xyz: Xyz, white: Xyz): Lab {
  const f = (ratio: number) =>
    ratio > (6 / 29) ** 3 ? Math.cbrt(ratio) : ratio / (3 * (6 / 29) ** 2) + 4 / 29;
  const [fx, fy, fz] = [f(xyz[0] / white[0]), f(xyz[1] / white[1]), f(xyz[2] / white[2])];
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}

/** The inverse of {@link xyzToLab}. */
export function labToXyz([l, a, b]: Lab, white: Xyz): Xyz {
  const fy = (l + 16) / 116;
  const inverse = (f: number) => (f > 6 / 29 ? f ** 3 : 3 * (6 / 29) ** 2 * (f - 4 / 29));
  return [white[0] * inverse(fy + a / 500), white[1] * inverse(fy), white[2] * inverse(fy - b / 200)];
}

/** A 3×3 matrix, row by row, times a triple. */
export function multiply3(matrix: readonly number[], v: readonly number[]): Xyz {
  const row = (i: number) => matrix[i]! * v[0]! + matrix[i + 1]! * v[1]! + matrix[i + 2]! * v[2]!;
  return [row(0), row(3), row(6)];
}
