/** A polynomial in x by ascending powers. */
type Polynomial = readonly number[];

/** The polynomial of `offset + sign · f` in f. */
function substituted(p: Polynomial, offset: number, sign: 1 | -1): number[] {
  const out = [0, 0, 0, 0];
  // Horner's rule on polynomials of degree 3.
  for (let power = 3; power >= 0; power--) {
    const next = out.map((c, i) => c * offset + (i > 0 ? out[i - 1]! * sign : 0));
    next[0]! += p[power]!;
    for (let i = 0; i < 4; i++) out[i] = next[i]!;
  }
  return out;
}

/**
 * Weights of the four samples around a fraction as cubics in it: Mitchell and Netravali's family ("Reconstruction Filters in
 * Computer Graphics", SIGGRAPH 1988) on its line B + 2C = 1, which reproduces lines. B = 0 is Keys' cubic convolution
 * (Catmull-Rom), B = 1 the cubic B-spline. The filter's variance is B/3 of a sample squared.
 * @param b in [0,1]
 * @returns 16 coefficients, highest power first, four lanes each
 */
export function cubicTable(b: number): Float32Array {
  const c = (1 - b) / 2;
  const near = [(6 - 2 * b) / 6, 0, (-18 + 12 * b + 6 * c) / 6, (12 - 9 * b - 6 * c) / 6];
  const far = [(8 * b + 24 * c) / 6, (-12 * b - 48 * c) / 6, (6 * b + 30 * c) / 6, (-b - 6 * c) / 6];
  const lanes = [
    substituted(far, 1, 1),
    substituted(near, 0, 1),
    substituted(near, 1, -1),
    substituted(far, 2, -1),
  ];
  return Float32Array.from({ length: 16 }, (_, i) => lanes[i & 3]![3 - (i >> 2)]!);
}

/** The coefficients for a scene and those for its lights, as the kernels want them. */
export function resamplingTables(b: number): Float32Array {
  const tables = new Float32Array(32);
  tables.set(cubicTable(b));
  tables.set(cubicTable(1), 16);
  return tables;
}
