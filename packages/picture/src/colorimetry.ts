/** CIE 1931 chromaticity. */
export type Chromaticity = readonly [x: number, y: number];
/** Tristimulus values or an RGB triple. */
export type Vector = readonly [number, number, number];
/** A 3×3 matrix, row by row. */
export type Matrix = readonly [Vector, Vector, Vector];
/** Red, green and blue of a colour space. */
export type Primaries = readonly [Chromaticity, Chromaticity, Chromaticity];

/** The white of sRGB, Rec.709 and Rec.2020. */
export const D65: Chromaticity = [0.3127, 0.329];

/** ITU-R BT.709; sRGB has the same. */
export const REC709_PRIMARIES: Primaries = [
  [0.64, 0.33],
  [0.3, 0.6],
  [0.15, 0.06],
];

/** The Bradford cone response (Lam 1985), as ICC.1:2010 annex E gives it. */
const BRADFORD: Matrix = [
  [0.8951, 0.2664, -0.1614],
  [-0.7502, 1.7135, 0.0367],
  [0.0389, -0.0685, 1.0296],
];

/** The linear Bradford adaptation of XYZ from one white to another (ICC.1:2010 annex E). */
export function bradfordTo(target: Vector, source: Vector): Matrix {
  const to = apply(BRADFORD, target);
  const from = apply(BRADFORD, source);
  const scaled = BRADFORD.map((row, i) => row.map((value) => (value * to[i]) / from[i]));
  return multiply(inverse(BRADFORD), scaled as unknown as Matrix);
}

/** The matrix from a space's linear RGB to XYZ with its white at Y = 1. */
export function rgbToXyz(primaries: Primaries, white: Chromaticity): Matrix {
  const columns = primaries.map(toXyz);
  const unscaled = [0, 1, 2].map((row) => columns.map((column) => column[row])) as unknown as Matrix;
  const scale = apply(inverse(unscaled), toXyz(white));
  return unscaled.map((row) => row.map((value, i) => value * scale[i])) as unknown as Matrix;
}

/** XYZ of a chromaticity at Y = 1. */
export function toXyz([x, y]: Chromaticity): Vector {
  return [x / y, 1, (1 - x - y) / y];
}

/** Matrix times column. */
export function apply(matrix: Matrix, [x, y, z]: Vector): Vector {
  const dot = (row: Vector): number => row[0] * x + row[1] * y + row[2] * z;
  return [dot(matrix[0]), dot(matrix[1]), dot(matrix[2])];
}

/** `a` times `b`. */
export function multiply(a: Matrix, b: Matrix): Matrix {
  const columns = [0, 1, 2].map((j) => apply(a, [b[0][j], b[1][j], b[2][j]]));
  return [0, 1, 2].map((i) => columns.map((column) => column[i])) as unknown as Matrix;
}

/** The inverse; not finite where the matrix has none. */
export function inverse([[a, b, c], [d, e, f], [g, h, i]]: Matrix): Matrix {
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  const k = 1 / determinant;
  return [
    [k * (e * i - f * h), k * (c * h - b * i), k * (b * f - c * e)],
    [k * (f * g - d * i), k * (a * i - c * g), k * (c * d - a * f)],
    [k * (d * h - e * g), k * (b * g - a * h), k * (a * e - b * d)],
  ];
}
