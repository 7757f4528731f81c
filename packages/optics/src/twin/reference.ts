const { fround } = Math;

/** The four weights at a fraction; `table` as {@link cubicTable} makes it. */
function weights(table: Float32Array, offset: number, fraction: number): number[] {
  return [0, 1, 2, 3].map((lane) => {
    let w = table[offset + lane]!;
    for (let power = 1; power < 4; power++)
      w = fround(fround(w * fraction) + table[offset + power * 4 + lane]!);
    return w;
  });
}

/** Sixteen taps under weights across and down. */
function taps(
  rows: readonly (readonly number[])[],
  across: readonly number[],
  down: readonly number[],
): number {
  const columns = [0, 1, 2, 3].map((i) => {
    const product = (row: number) => fround(rows[row]![i]! * down[row]!);
    const sum = fround(fround(product(0) + product(1)) + fround(product(2) + product(3)));
    return fround(sum * across[i]!);
  });
  return fround(fround(columns[0]! + columns[2]!) + fround(columns[1]! + columns[3]!));
}

/**
 * Reads a plane at places that lie along a curve: the sum of the sixteen samples around under cubic weights; near lights
 * under those of the cubic B-spline, which are positive and keep a light's energy wherever it falls.
 * @param origin index of the sample at u = 0, v = 0
 * @param nodes pairs u, v: the place of every eighth output; linear in between
 * @param tables 16 coefficients of the cubic weights, then 16 of those for lights
 */
export function resampleRow(
  plane: Float32Array,
  origin: number,
  stride: number,
  nodes: Float64Array,
  count: number,
  [minU, maxU, minV, maxV]: readonly [number, number, number, number],
  tables: Float32Array,
  lightsFrom: number,
): Float32Array {
  const out = new Float32Array(count);
  const from = fround(lightsFrom);
  for (let i = 0; i < count; i++) {
    const node = (i >> 3) * 2;
    const step = (k: number) =>
      nodes[node + k]! + (nodes[node + 2 + k]! - nodes[node + k]!) * 0.125 * (i & 7);
    const u = Math.min(Math.max(step(0), minU), maxU);
    const v = Math.min(Math.max(step(1), minV), maxV);
    const [column, row] = [Math.floor(u), Math.floor(v)];
    const [fu, fv] = [fround(u - column), fround(v - row)];
    const at = origin + (row - 1) * stride + column - 1;
    const rows = [0, 1, 2, 3].map((r) => [...plane.subarray(at + r * stride, at + r * stride + 4)]);
    let value = taps(rows, weights(tables, 0, fu), weights(tables, 0, fv));
    const most = Math.max(...rows.flat());
    if (most > from) {
      const share = Math.min(fround(fround(most - from) / from), 1);
      const light = taps(rows, weights(tables, 16, fu), weights(tables, 16, fv));
      value = fround(value + fround(share * fround(light - value)));
    }
    out[i] = Math.max(value, 0);
  }
  return out;
}

/** Sums of neighbourhoods under a square of weights: `rows` rows of 16 outputs. */
export function convolveBlock(
  source: Float32Array,
  first: number,
  stride: number,
  kernel: Float32Array,
  size: number,
  rows: number,
): Float32Array {
  const out = new Float32Array(rows * 16);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < 16; x++) {
      let sum = 0;
      for (let ky = 0; ky < size; ky++) {
        for (let kx = 0; kx < size; kx++) {
          const weight = kernel[ky * size + kx]!;
          if (weight !== 0) sum = fround(sum + fround(weight * source[first + (y + ky) * stride + x + kx]!));
        }
      }
      out[y * 16 + x] = sum;
    }
  }
  return out;
}
