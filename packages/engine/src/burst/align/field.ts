import { FIGURES, type NodeGrid } from './cells.js';
import { type Affine, solve } from './global.js';
import type { GreyLevel } from './pyramid.js';

/** Least samples in a cell to say anything. */
const LEAST_SAMPLES = 32;
/** Farthest move that a measurement is believed to have seen, in samples. */
const REACH = 1.5;
/** Rounds in which nodes that don't fit are weighed down, and steps of the conjugate gradients in each. */
const ROUNDS = 3;
const STEPS = 20;
/** Spread of true local motion around the whole's that the fit of the whole allows for, in samples. */
const LOCAL_SPREAD = 0.1;
/** Least spread of motion from node to node, in pixels: below it nothing would be gained. */
const LEAST_SPREAD = 0.003;
/** Spread of shear and unequal scale, which a hand does not do but a rolling shutter does. */
const SHEAR = 0.005;

/** What the cells of a level say: the best offset of each node and how sure it is. */
export interface Measurements {
  /** Per node: information xx, xy, yy in 1/pixel², noise taken into account. */
  readonly information: Float64Array;
  /** Per node: the offset in pixels that the cell alone would take. */
  readonly best: Float64Array;
  /** Per node: what differs after that move over what noise leaves; 0 where nothing is seen. */
  readonly residual: Float64Array;
}

/** Noise variance of a cell's differences per sample, from its figures. */
export function noiseOf(level: GreyLevel, ratio: number, factor: number, samples: number): number {
  return level.variance * (1 + (ratio * factor) / samples);
}

/**
 * Turns a level's sums into measurements: information by the noise model, or by what the residual shows if that is more; the
 * part of gradients that is noise discounted.
 * @param ratio the other frame's noise variance over the reference's
 */
export function weigh(
  level: GreyLevel,
  grid: NodeGrid,
  offsets: Float32Array,
  figures: Float32Array,
  ratio: number,
): Measurements {
  const count = grid.columns * grid.rows;
  const information = new Float64Array(3 * count);
  const best = Float64Array.from(offsets);
  const residual = new Float64Array(count);
  const gradientNoise = (level.variance * (1 - level.correlation[1])) / 2;
  // Neighbouring samples share noise: a cell holds fewer independent ones.
  const shared = (1 + 2 * level.correlation[0] + 2 * level.correlation[1]) ** 2;
  const { scale } = level;
  for (let node = 0; node < count; node++) {
    const at = node * FIGURES;
    const n = figures[at + 6]!;
    if (n < LEAST_SAMPLES) continue;
    const [xx, xy, yy] = [figures[at]!, figures[at + 1]!, figures[at + 2]!];
    const [bx, by] = [-figures[at + 3]!, -figures[at + 4]!];
    const noise = noiseOf(level, ratio, figures[at + 7]!, n);
    const trace = xx + yy;
    const real = Math.max(1 - (2 * n * gradientNoise) / trace, 0.01);
    if (!(trace > 0)) continue;
    // A touch of isotropic stiffness, so that flat directions have an answer: no move.
    const soft = 1e-3 * trace + n * gradientNoise * 0.1 + 1e-12;
    const det = (xx + soft) * (yy + soft) - xy * xy;
    let mx = ((yy + soft) * bx - xy * by) / det;
    let my = ((xx + soft) * by - xy * bx) / det;
    const left = Math.max(figures[at + 5]! - mx * bx - my * by, 0) / n;
    residual[node] = left / noise;
    mx /= real;
    my /= real;
    const far = Math.hypot(mx, my) / REACH;
    const trust = far > 1 ? 1 / far ** 4 : 1;
    if (far > 1) {
      mx /= far;
      my /= far;
    }
    const weight = (trust * real * real) / (Math.max(noise, left) * shared * scale * scale);
    information[3 * node] = xx * weight;
    information[3 * node + 1] = xy * weight;
    information[3 * node + 2] = yy * weight;
    best[2 * node] = offsets[2 * node]! + mx * scale;
    best[2 * node + 1] = offsets[2 * node + 1]! + my * scale;
  }
  return { information, best, residual };
}

/** The offset of an affine motion at a place. */
export function affineAt(motion: Affine, u: number, v: number): [number, number] {
  return [
    motion.x + motion.xx * u + motion.xy * v,
    motion.y + motion.yx * u + motion.yy * v,
  ];
}

/** The affine motion that most of the nodes follow, by weighted least squares with nodes that don't fit weighed down. */
export function fitWhole(
  grid: NodeGrid,
  { information, best }: Measurements,
  before: Affine,
  centre: readonly [number, number],
  scale: number,
): Affine {
  const radius = Math.hypot(...centre);
  const allowed = (LOCAL_SPREAD * scale) ** 2;
  let p = [before.x, before.y, before.xx * radius, before.xy * radius, before.yx * radius, before.yy * radius];
  for (let round = 0; round < 2 * ROUNDS; round++) {
    const m = new Float64Array(36);
    const r = new Float64Array(6);
    for (let j = 0; j < grid.rows; j++)
      for (let i = 0; i < grid.columns; i++) {
        const node = j * grid.columns + i;
        let [xx, xy, yy] = [information[3 * node]!, information[3 * node + 1]!, information[3 * node + 2]!];
        if (xx + yy <= 0) continue;
        // (H⁻¹ + allowed · 1)⁻¹ = H (1 + allowed · H)⁻¹: no cell is surer than local motion lets it be.
        const [a, b, d] = [1 + allowed * xx, allowed * xy, 1 + allowed * yy];
        const det = a * d - b * b;
        [xx, xy, yy] = [(xx * d - xy * b) / det, (xy * a - xx * b) / det, (yy * a - xy * b) / det];
        const u = (i * grid.step - centre[0]) / radius;
        const v = (j * grid.step - centre[1]) / radius;
        const ex = best[2 * node]! - (p[0]! + p[2]! * u + p[3]! * v);
        const ey = best[2 * node + 1]! - (p[1]! + p[4]! * u + p[5]! * v);
        const off = xx * ex * ex + 2 * xy * ex * ey + yy * ey * ey;
        const t = 1 / (1 + off / 6);
        const w = t * t;
        const [sx, sy] = [w * (xx * ex + xy * ey), w * (xy * ex + yy * ey)];
        const jx = [1, 0, u, v, 0, 0];
        const jy = [0, 1, 0, 0, u, v];
        for (let k = 0; k < 6; k++) {
          r[k]! += jx[k]! * sx + jy[k]! * sy;
          for (let l = 0; l < 6; l++)
            m[k * 6 + l]! +=
              w *
              (jx[k]! * (xx * jx[l]! + xy * jy[l]!) + jy[k]! * (xy * jx[l]! + yy * jy[l]!));
        }
      }
    // A similarity unless the nodes say otherwise.
    const stiff = 1 / (SHEAR * radius) ** 2;
    const pairs = [
      [2, 5, -1],
      [3, 4, 1],
    ] as const;
    for (const [k, l, sign] of pairs) {
      const off = p[k]! + sign * p[l]!;
      m[k * 6 + k]! += stiff;
      m[l * 6 + l]! += stiff;
      m[k * 6 + l]! += sign * stiff;
      m[l * 6 + k]! += sign * stiff;
      r[k]! -= stiff * off;
      r[l]! -= stiff * sign * off;
    }
    const step = solve(m, r);
    p = p.map((value, k) => value + step[k]!);
  }
  const [x, y, xx, xy, yx, yy] = p as [number, number, number, number, number, number];
  return { x, y, xx: xx / radius, xy: xy / radius, yx: yx / radius, yy: yy / radius };
}

function median(values: number[]): number {
  values.sort((a, b) => a - b);
  return values.length === 0 ? 0 : values[values.length >> 1]!;
}

/**
 * How much motion changes from node to node beyond the whole's, as a variance per axis in pixels²: what nodes two apart differ
 * more than neighbours (the variogram's slope); the noise of the measurements is the same in both.
 */
function spreadOf(grid: NodeGrid, { information, best }: Measurements, whole: (node: number) => readonly [number, number]): number {
  const { columns, rows } = grid;
  const count = columns * rows;
  const sure: number[] = [];
  for (let node = 0; node < count; node++) sure.push(information[3 * node]! + information[3 * node + 2]!);
  const limit = median(sure.filter((value) => value > 0).slice());
  const difference = (p: number, q: number): number => {
    const [a, b] = [whole(p), whole(q)];
    const x = best[2 * p]! - a[0] - best[2 * q]! + b[0];
    const y = best[2 * p + 1]! - a[1] - best[2 * q + 1]! + b[1];
    return (x * x + y * y) / 2;
  };
  const lags: [number[], number[]] = [[], []];
  for (let j = 0; j < rows; j++)
    for (let i = 0; i < columns; i++) {
      const node = j * columns + i;
      if (sure[node]! < limit || limit === 0) continue;
      [1, 2].forEach((lag, k) => {
        if (i + lag < columns && sure[node + lag]! >= limit) lags[k]!.push(difference(node, node + lag));
        if (j + lag < rows && sure[node + lag * columns]! >= limit)
          lags[k]!.push(difference(node, node + lag * columns));
      });
    }
  // The median of a sum of two squares of normal numbers is 2 ln 2 of their variance.
  const slope = (median(lags[1]) - median(lags[0])) / Math.LN2;
  return Math.max(slope, LEAST_SPREAD ** 2);
}

/**
 * The field of offsets that fits what the cells say and changes little from node to node around the whole's motion; links
 * between nodes that move apart give way (Geman and McClure's weights), and so do cells that contradict all around them.
 * Solved by conjugate gradients.
 * @param before the whole's motion that the offsets came from
 * @param offsets in: where to begin; out: the field
 */
export function smooth(
  grid: NodeGrid,
  measured: Measurements,
  before: Affine,
  whole: Affine,
  centre: readonly [number, number],
  scale: number,
  offsets: Float32Array,
): void {
  const { columns, rows, step } = grid;
  const count = columns * rows;
  const { information, best } = measured;
  const wholeOf = (node: number, motion = whole): [number, number] =>
    affineAt(
      motion,
      (node % columns) * step - centre[0],
      Math.floor(node / columns) * step - centre[1],
    );
  const spread = spreadOf(grid, measured, (node) => wholeOf(node));
  const stiffness = 1 / spread;
  const tear = Math.max(25 * spread, (0.1 * scale) ** 2);
  const field = new Float64Array(2 * count);
  const target = new Float64Array(2 * count);
  for (let node = 0; node < count; node++) {
    const [x, y] = wholeOf(node);
    // The new whole with the local motion of before: conjugate gradients are slow at what all nodes have in common.
    const [oldX, oldY] = wholeOf(node, before);
    field[2 * node] = offsets[2 * node]! - oldX;
    field[2 * node + 1] = offsets[2 * node + 1]! - oldY;
    target[2 * node] = best[2 * node]! - x;
    target[2 * node + 1] = best[2 * node + 1]! - y;
  }
  const data = new Float64Array(3 * count);
  const across = new Float64Array(count);
  const down = new Float64Array(count);
  // Holds nodes that nothing holds.
  const anchor = 1e-6 * stiffness;
  const apply = (x: Float64Array, out: Float64Array): void => {
    for (let node = 0; node < count; node++) {
      const [a, b] = [x[2 * node]!, x[2 * node + 1]!];
      out[2 * node] = data[3 * node]! * a + data[3 * node + 1]! * b + anchor * a;
      out[2 * node + 1] = data[3 * node + 1]! * a + data[3 * node + 2]! * b + anchor * b;
    }
    for (let node = 0; node < count; node++) {
      for (let axis = 0; axis < 2; axis++) {
        const p = 2 * node + axis;
        if (across[node]! > 0) {
          const t = across[node]! * (x[p]! - x[p + 2]!);
          out[p]! += t;
          out[p + 2]! -= t;
        }
        if (down[node]! > 0) {
          const q = p + 2 * columns;
          const t = down[node]! * (x[p]! - x[q]!);
          out[p]! += t;
          out[q]! -= t;
        }
      }
    }
  };
  const [rest, direction, image, prepared] = Array.from({ length: 4 }, () => new Float64Array(2 * count)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const diagonal = new Float64Array(2 * count);
  for (let round = 0; round < ROUNDS; round++) {
    for (let node = 0; node < count; node++) {
      const at = 3 * node;
      const [xx, xy, yy] = [information[at]!, information[at + 1]!, information[at + 2]!];
      const ex = field[2 * node]! - target[2 * node]!;
      const ey = field[2 * node + 1]! - target[2 * node + 1]!;
      const t = 1 / (1 + (xx * ex * ex + 2 * xy * ex * ey + yy * ey * ey) / 16);
      const w = round === 0 ? 1 : t * t;
      data[at] = w * xx;
      data[at + 1] = w * xy;
      data[at + 2] = w * yy;
      const link = (to: number): number => {
        const x = field[2 * node]! - field[2 * to]!;
        const y = field[2 * node + 1]! - field[2 * to + 1]!;
        return stiffness / (1 + (x * x + y * y) / tear) ** 2;
      };
      across[node] = node % columns < columns - 1 ? link(node + 1) : 0;
      down[node] = node + columns < count ? link(node + columns) : 0;
    }
    for (let node = 0; node < count; node++) {
      const links =
        anchor +
        across[node]! +
        down[node]! +
        (node % columns > 0 ? across[node - 1]! : 0) +
        (node >= columns ? down[node - columns]! : 0);
      diagonal[2 * node] = links + data[3 * node]!;
      diagonal[2 * node + 1] = links + data[3 * node + 2]!;
    }
    apply(field, image);
    let energy = 0;
    for (let node = 0; node < count; node++) {
      const at = 3 * node;
      const [tx, ty] = [target[2 * node]!, target[2 * node + 1]!];
      rest[2 * node] = data[at]! * tx + data[at + 1]! * ty - image[2 * node]!;
      rest[2 * node + 1] = data[at + 1]! * tx + data[at + 2]! * ty - image[2 * node + 1]!;
    }
    for (let p = 0; p < 2 * count; p++) {
      prepared[p] = rest[p]! / diagonal[p]!;
      direction[p] = prepared[p]!;
      energy += rest[p]! * prepared[p]!;
    }
    for (let k = 0; k < STEPS && energy > 1e-12; k++) {
      apply(direction, image);
      let along = 0;
      for (let p = 0; p < 2 * count; p++) along += direction[p]! * image[p]!;
      const pace = energy / along;
      let next = 0;
      for (let p = 0; p < 2 * count; p++) {
        field[p]! += pace * direction[p]!;
        rest[p]! -= pace * image[p]!;
        prepared[p] = rest[p]! / diagonal[p]!;
        next += rest[p]! * prepared[p]!;
      }
      const turn = next / energy;
      energy = next;
      for (let p = 0; p < 2 * count; p++) direction[p] = prepared[p]! + turn * direction[p]!;
    }
  }
  for (let node = 0; node < count; node++) {
    const [x, y] = wholeOf(node);
    offsets[2 * node] = field[2 * node]! + x;
    offsets[2 * node + 1] = field[2 * node + 1]! + y;
  }
}

/** A field carried over to a finer grid: what it departs from the whole's motion, bilinear between its nodes. */
export function refineGrid(
  from: NodeGrid,
  offsets: Float32Array,
  before: Affine,
  to: NodeGrid,
  after: Affine,
  centre: readonly [number, number],
): Float32Array {
  const out = new Float32Array(2 * to.columns * to.rows);
  const local = (i: number, j: number, axis: 0 | 1): number => {
    const whole = affineAt(before, i * from.step - centre[0], j * from.step - centre[1]);
    return offsets[2 * (j * from.columns + i) + axis]! - whole[axis];
  };
  for (let j = 0; j < to.rows; j++)
    for (let i = 0; i < to.columns; i++) {
      const [x, y] = [(i * to.step) / from.step, (j * to.step) / from.step];
      const [i0, j0] = [Math.min(Math.floor(x), from.columns - 1), Math.min(Math.floor(y), from.rows - 1)];
      const [i1, j1] = [Math.min(i0 + 1, from.columns - 1), Math.min(j0 + 1, from.rows - 1)];
      const [fx, fy] = [x - i0, y - j0];
      const whole = affineAt(after, i * to.step - centre[0], j * to.step - centre[1]);
      for (const axis of [0, 1] as const) {
        const upper = local(i0, j0, axis) * (1 - fx) + local(i1, j0, axis) * fx;
        const lower = local(i0, j1, axis) * (1 - fx) + local(i1, j1, axis) * fx;
        out[2 * (j * to.columns + i) + axis] = whole[axis] + upper * (1 - fy) + lower * fy;
      }
    }
  return out;
}

