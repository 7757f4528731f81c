import type { Affine } from './global.js';
import type { GreyLevel } from './pyramid.js';

/** Samples of a level from node to node: a cell is the square around a node. */
export const CELL = 16;
/** Samples that share one place between the other frame's samples. */
export const SEGMENT = 8;
/** Figures of a cell, see {@link measureRow}. */
export const FIGURES = 8;

/** Nodes over the active area; node (i, j) stands at pixel (i · step, j · step). */
export interface NodeGrid {
  readonly step: number;
  readonly columns: number;
  readonly rows: number;
}

/** The nodes that belong to a level. */
export function nodesOf(level: GreyLevel, width: number, height: number): NodeGrid {
  const step = level.scale * CELL;
  return { step, columns: Math.ceil((width - 1) / step) + 1, rows: Math.ceil((height - 1) / step) + 1 };
}

/** Weights of four samples for a place between the second and the third: Catmull and Rom's cubic (Keys 1981, a = -1/2). */
function cubic(f: number): [number, number, number, number] {
  return [
    ((2 - f) * f - 1) * f * 0.5,
    ((3 * f - 5) * f * f + 2) * 0.5,
    ((4 - 3 * f) * f + 1) * f * 0.5,
    (f - 1) * f * f * 0.5,
  ];
}

const cache = new WeakMap<GreyLevel, Float32Array>();
function smoothed(level: GreyLevel): Float32Array {
  let d = cache.get(level);
  if (d) return d;
  d = level.data;
  const { width, height, stride } = level;
  for (let r = 0; r < ((globalThis as any).SM ?? 1); r++) {
    const t = new Float32Array(d.length);
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
      const p = y * stride + x;
      t[p] = (d[x > 0 ? p - 1 : p]! + 2 * d[p]! + d[x < width - 1 ? p + 1 : p]!) / 4;
    }
    const u = new Float32Array(d.length);
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
      const p = y * stride + x;
      u[p] = (t[y > 0 ? p - stride : p]! + 2 * t[p]! + t[y < height - 1 ? p + stride : p]!) / 4;
    }
    d = u;
  }
  cache.set(level, d);
  return d;
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
  const sm = smoothed(reference);
  const rho = other.correlation[0];
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
        const from = Math.max(begin, 1);
        const to = Math.min(begin + SEGMENT, width - 1);
        if (from >= to) continue;
        const middle = begin + (SEGMENT - 1) / 2;
        const [u, v] = [middle * scale + origin - nodeX, y * scale + origin - nodeY];
        const shiftX = (dx + lean.xx * u + lean.xy * v) / scale;
        const shiftY = (dy + lean.yx * u + lean.yy * v) / scale;
        const [i, j] = [Math.floor(shiftX), Math.floor(shiftY)];
        const [fx, fy] = [shiftX - i, shiftY - j];
        const line = y + j;
        if (line < 1 || line > other.height - 3) continue;
        if (from + i < 1 || to + i > other.width - 2) continue;
        const wx = cubic(fx);
        const wy = cubic(fy);
        const noise = (1 - 2 * fx * (1 - fx) * (1 - rho)) * (1 - 2 * fy * (1 - fy) * (1 - rho));
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
          const gx = (sm[q + 1]! - sm[q - 1]!) / 2;
          const gy = (sm[q + stride]! - sm[q - stride]!) / 2;
          const tx = (data[q + 1]! - data[q - 1]!) / 2;
          const ty = (data[q + stride]! - data[q - stride]!) / 2;
          // What the segment's one place leaves out of the lean along it.
          const lag = (x - middle) * (tx * lean.xx + ty * lean.yx);
          const e = value - data[q]! + lag;
          xx += gx * tx;
          xy += (gx * ty + gy * tx) / 2;
          yy += gy * ty;
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
