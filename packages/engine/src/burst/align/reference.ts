import type { BurstPlane, GreyResponse } from './BurstPlane.js';
import { CELL, FIGURES, type NodeGrid, SEGMENT } from './cells.js';
import { FIRST, type GreyLevel, HALVING, THIRDING } from './GreyLevel.js';
import type { Affine } from './global.js';
import { stabilise } from './response.js';

/** A place mirrored into 0 … size - 1 so that it keeps its place in the array's period. */
function inside(place: number, size: number, period: number): number {
  const step = Math.max(period, 1);
  let at = place;
  while (at < 0) at += step;
  while (at >= size) at -= step;
  return at;
}

/** Light per unit of a sample, and the most units above black that count: all colours are cut at the same light. */
export function lightOf(
  { black, white, lightAtWhite }: BurstPlane,
  { ceiling }: GreyResponse,
): { perUnit: number; cut: number } {
  const perUnit = lightAtWhite / (white - Math.max(...black));
  return { perUnit, cut: ceiling / perUnit };
}

/** Rows `first` to `last` (exclusive) of the finest level, from the mosaic. */
export function greyRows(
  plane: BurstPlane,
  response: GreyResponse,
  { data, stride, width, scale: step }: GreyLevel,
  first: number,
  last: number,
): void {
  const { samples, offset, stride: pitch, samplesPerPixel: spp, period, black } = plane;
  const taps = step === 3 ? THIRDING : FIRST;
  const lead = step === 3 ? 1 : 2;
  const blackAt = (x: number, y: number): number =>
    black.length === 1 ? black[0]! : black[(y % period) * period + (x % period)]!;
  const { perUnit, cut } = lightOf(plane, response);
  const sums = new Float64Array(plane.width);
  // What is no number is below everything, so that it does harm to no more than its cell.
  const bound = (value: number): number => (value > -cut ? Math.min(value, cut) : -cut);
  const sampleAt =
    spp === 3
      ? (x: number, y: number): number => {
          const at = offset + y * pitch + x * 3;
          const of = (c: number): number => bound(samples[at + c]! - black[Math.min(c, black.length - 1)]!);
          return (of(0) + 2 * of(1) + of(2)) / 4;
        }
      : (x: number, y: number): number => bound(samples[offset + y * pitch + x]! - blackAt(x, y));
  for (let j = first; j < last; j++) {
    sums.fill(0);
    taps.forEach((tap, k) => {
      const y = inside(j * step + k - lead, plane.height, period);
      for (let x = 0; x < plane.width; x++) sums[x]! += tap * sampleAt(x, y);
    });
    for (let i = 0; i < width; i++) {
      let sum = 0;
      for (let k = 0; k < taps.length; k++)
        sum += taps[k]! * sums[inside(i * step + k - lead, plane.width, period)]!;
      data[j * stride + i] = stabilise(sum * perUnit, response);
    }
  }
}

/** Rows `first` to `last` (exclusive) of a level from the one before it. */
export function reduceRows(from: GreyLevel, to: GreyLevel, first: number, last: number): void {
  const sums = new Float64Array(from.width);
  for (let j = first; j < last; j++) {
    sums.fill(0);
    HALVING.forEach((tap, k) => {
      const row = Math.min(Math.max(2 * j + k - 1, 0), from.height - 1) * from.stride;
      for (let x = 0; x < from.width; x++) sums[x]! += tap * from.data[row + x]!;
    });
    for (let i = 0; i < to.width; i++) {
      const x = 2 * i;
      to.data[j * to.stride + i] =
        HALVING[0] * sums[Math.max(x - 1, 0)]! +
        HALVING[1] * sums[x]! +
        HALVING[2] * sums[x + 1]! +
        HALVING[3] * sums[Math.min(x + 2, from.width - 1)]!;
    }
  }
}

/** Weights of four samples for a place between the second and the third: Lagrange's cubic, whose phase is right to ω⁵. */
function cubic(f: number): [number, number, number, number] {
  return [
    (-f * (f - 1) * (f - 2)) / 6,
    ((f + 1) * (f - 1) * (f - 2)) / 2,
    (-(f + 1) * f * (f - 2)) / 2,
    ((f + 1) * f * (f - 1)) / 6,
  ];
}

/**
 * One row of nodes: how a level of the reference differs from the other's, cell by cell, and what a further move would do
 * about it (Lucas and Kanade's sums, with the reference's gradients as in Baker and Matthews 2004).
 * @param offsets the nodes' present offsets in pixels, dx and dy
 * @param lean how offsets change inside of a cell, from pixel to pixel: the whole's
 * @param figures for each cell {@link FIGURES} numbers: Σgx², Σgxgy, Σgy², Σgx·e, Σgy·e, Σe², samples, Σ of the noise factor
 *   that interpolation leaves; e = other - reference, gradients per sample
 */
export function measureRow(
  reference: GreyLevel,
  other: GreyLevel,
  grid: NodeGrid,
  offsets: Float32Array,
  lean: Affine,
  row: number,
  figures: Float32Array,
): void {
  const { width, height, stride, data, scale, origin } = reference;
  const { loss } = other;
  const half = CELL / 2;
  const firstY = Math.max(row * CELL - half, 1);
  const lastY = Math.min(row * CELL + half, height - 1);
  for (let column = 0; column < grid.columns; column++) {
    const node = row * grid.columns + column;
    const to = node * FIGURES;
    const [nodeX, nodeY] = [column * grid.step, row * grid.step];
    const [dx, dy] = [offsets[2 * node]!, offsets[2 * node + 1]!];
    let [xx, xy, yy, xe, ye, ee, n, factor] = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let y = firstY; y < lastY; y++)
      for (let begin = column * CELL - half; begin < column * CELL + half; begin += SEGMENT) {
        const middle = begin + (SEGMENT - 1) / 2;
        const [u, v] = [middle * scale + origin - nodeX, y * scale + origin - nodeY];
        const shiftX = (dx + lean.xx * u + lean.xy * v) / scale;
        const shiftY = (dy + lean.yx * u + lean.yy * v) / scale;
        const [i, j] = [Math.floor(shiftX), Math.floor(shiftY)];
        const [fx, fy] = [shiftX - i, shiftY - j];
        const line = y + j;
        const from = Math.max(begin, 1, 1 - i);
        const to = Math.min(begin + SEGMENT, width - 1, width - 2 - i);
        if (line < 1 || line > height - 3 || from >= to) continue;
        const wx = cubic(fx);
        const wy = cubic(fy);
        const noise = (1 - 4 * fx * (1 - fx) * loss) * (1 - 4 * fy * (1 - fy) * loss);
        for (let x = from; x < to; x++) {
          const p = line * other.stride + x + i;
          const q = y * stride + x;
          let value = 0;
          for (let k = 0; k < 4; k++) {
            const r = p + (k - 1) * other.stride;
            value +=
              wy[k]! *
              (wx[0]! * other.data[r - 1]! +
                wx[1]! * other.data[r]! +
                wx[2]! * other.data[r + 1]! +
                wx[3]! * other.data[r + 2]!);
          }
          const gx = (data[q + 1]! - data[q - 1]!) / 2;
          const gy = (data[q + stride]! - data[q - stride]!) / 2;
          // What the segment's one place leaves out of the lean along it.
          const lag = (x - middle) * (gx * lean.xx + gy * lean.yx);
          const e = value - data[q]! + lag;
          xx += gx * gx;
          xy += gx * gy;
          yy += gy * gy;
          xe += gx * e;
          ye += gy * e;
          ee += e * e;
        }
        n += to - from;
        factor += noise * (to - from);
      }
    figures[to] = xx;
    figures[to + 1] = xy;
    figures[to + 2] = yy;
    figures[to + 3] = xe;
    figures[to + 4] = ye;
    figures[to + 5] = ee;
    figures[to + 6] = n;
    figures[to + 7] = factor;
  }
}
