import { XTRANS_BLOCK, XTRANS_MODELS, XTRANS_PERIOD, XTRANS_TAPS } from './xtrans.filters.js';

/** Pixels around a tile that the X-Trans demosaic reads: the filters' radius and the window's. */
export const XTRANS_HALO = 6;

const REACH = 3;
const f = Math.fround;
const TOE = f(0.003);
const ROOT = f(0.05477225575051661);
const SLOPE = f(1 / f(2 * ROOT));
const FLOOR = f(0.024);
const FAINT = f(0.05);

function encode(x: number): number {
  return x >= TOE ? f(Math.sqrt(x)) : f(f(x + TOE) * SLOPE);
}

function decode(v: number): number {
  return v >= ROOT ? f(v * v) : f(f(f(ROOT + ROOT) * v) - TOE);
}

/**
 * X-Trans demosaic as the kernel does it, operation by operation, written to be read.
 *
 * The models' predictions are averaged with weights (E_min / E)⁴, where E is the squared mean of a model's absolute
 * leave-one-out residuals over 7 × 7 photosites: a pseudo-likelihood (Besag, "Statistical analysis of non-lattice data",
 * The Statistician 24, 1975) that needs no truth but the mosaic itself.
 * @param mosaic `width * height` samples, about white-balanced, white near 1
 * @param filters of `xTransFilters` for the mosaic's first sample
 * @returns planes R, G, B; pixels within `XTRANS_HALO` of the border are zero
 */
export function demosaicXTransReference(
  mosaic: Float32Array,
  width: number,
  height: number,
  filters: Float32Array,
): [Float32Array, Float32Array, Float32Array] {
  const code = mosaic.map(encode);
  const block = (x: number, y: number): number =>
    ((y % XTRANS_PERIOD) * 3 + (Math.floor(x / 4) % 3)) * XTRANS_BLOCK + (x % 4);
  const filtered = (x: number, y: number, first: number, step: number): number => {
    let sum = 0;
    XTRANS_TAPS.forEach(([dy, dx], t) => {
      sum = f(sum + f(code[(y + dy) * width + x + dx]! * filters[first + t * step]!));
    });
    return sum;
  };

  const rowSums = Array.from({ length: XTRANS_MODELS }, () => new Float32Array(width * height));
  const residuals = new Float32Array(width);
  for (let m = 0; m < XTRANS_MODELS; m++) {
    for (let y = REACH; y < height - REACH; y++) {
      for (let x = REACH; x < width - REACH; x++)
        residuals[x] = Math.abs(filtered(x, y, block(x, y) + 4 * (2 + m), 4 * XTRANS_MODELS));
      for (let x = XTRANS_HALO; x < width - XTRANS_HALO; x++) {
        let sum = residuals[x - REACH]!;
        for (let i = 1 - REACH; i <= REACH; i++) sum = f(sum + residuals[x + i]!);
        rowSums[m]![y * width + x] = sum;
      }
    }
  }

  const planes: [Float32Array, Float32Array, Float32Array] = [
    new Float32Array(width * height),
    new Float32Array(width * height),
    new Float32Array(width * height),
  ];
  for (let y = XTRANS_HALO; y < height - XTRANS_HALO; y++) {
    for (let x = XTRANS_HALO; x < width - XTRANS_HALO; x++) {
      const errors = rowSums.map((sums) => {
        let sum = sums[(y - REACH) * width + x]!;
        for (let i = 1 - REACH; i <= REACH; i++) sum = f(sum + sums[(y + i) * width + x]!);
        return f(f(sum * sum) + FLOOR);
      });
      const best = Math.min(...errors);
      const place = block(x, y);
      let total = 0;
      let first = 0;
      let second = 0;
      errors.forEach((error, m) => {
        const ratio = f(best / error);
        const square = f(ratio * ratio);
        const weight = f(square * square);
        if (weight < FAINT) return;
        const at = place + 4 * (2 + XTRANS_TAPS.length * XTRANS_MODELS + m * XTRANS_TAPS.length * 2);
        total = f(total + weight);
        first = f(first + f(weight * filtered(x, y, at, 8)));
        second = f(second + f(weight * filtered(x, y, at + 4, 8)));
      });
      const missing = [decode(f(first / total)), decode(f(second / total))];
      const colour = filters[place] === 1 ? 0 : filters[place + 4] === 1 ? 2 : 1;
      planes[colour]![y * width + x] = mosaic[y * width + x]!;
      [0, 1, 2]
        .filter((c) => c !== colour)
        .forEach((c, i) => {
          planes[c]![y * width + x] = missing[i]!;
        });
    }
  }
  return planes;
}
