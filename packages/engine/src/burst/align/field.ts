import { FIGURES, type NodeGrid } from './cells.js';
import type { GreyLevel } from './GreyLevel.js';
import { type Affine, solve } from './global.js';
import { type AlignKernels, SMOOTH_DOUBLES, workAt } from './work.js';

/** Least samples in a cell to say anything. */
const LEAST_SAMPLES = 32;
/** Farthest move that a measurement is believed to have seen, in samples. */
const REACH = 1.5;
/** Rounds in which nodes that don't fit are weighed down, and steps of the conjugate gradients in each. */
const ROUNDS = 3;
/** Rounds of the fit of the whole. */
const FITS = 5;
const STEPS = 14;
/** Spread of true local motion around the whole's that the fit of the whole allows for, in samples. */
const LOCAL_SPREAD = 0.1;
/** Least spread of motion from node to node, in pixels: below it nothing would be gained. */
const LEAST_SPREAD = 0.003;
/** Spread of shear and unequal scale, which a hand does not do but a rolling shutter does. */
const SHEAR = 0.005;

/** What the cells of a level say: the best offset of each node and how sure it is. */
interface Measurements {
  /** Per node: information xx, xy, yy in 1/pixel², noise taken into account. */
  readonly information: Float64Array;
  /** Per node: the offset in pixels that the cell alone would take. */
  readonly best: Float64Array;
}

/** Noise variances of the reference and of the other frame over what the response says. */
export interface NoiseRatios {
  readonly reference: number;
  readonly other: number;
}

/** Noise variance of a cell's differences per sample, from its figures. */
export function noiseOf(
  level: GreyLevel,
  { reference, other }: NoiseRatios,
  factor: number,
  samples: number,
): number {
  return level.variance * (reference + (other * factor) / samples);
}

/** Variance that noise gives to each of a sample's two gradients. */
export function gradientNoiseOf(level: GreyLevel, { reference }: NoiseRatios): number {
  return (level.variance * reference * (1 - level.correlation[1])) / 2;
}

/**
 * Turns a level's sums into measurements: information by the noise model, or by what the residual shows if that is more; the
 * part of gradients that is noise discounted.
 */
function weigh(
  level: GreyLevel,
  grid: NodeGrid,
  offsets: Float32Array,
  figures: Float32Array,
  ratios: NoiseRatios,
): Measurements {
  const count = grid.columns * grid.rows;
  const information = new Float64Array(3 * count);
  const best = Float64Array.from(offsets);
  const { gradientNoise, shared } = noiseFigures(level, ratios);
  const { scale } = level;
  for (let node = 0; node < count; node++) {
    const at = node * FIGURES;
    const n = figures[at + 6]!;
    if (n < LEAST_SAMPLES) continue;
    const xx = figures[at]!;
    const xy = figures[at + 1]!;
    const yy = figures[at + 2]!;
    const bx = -figures[at + 3]!;
    const by = -figures[at + 4]!;
    const noise = noiseOf(level, ratios, figures[at + 7]!, n);
    const trace = xx + yy;
    const real = Math.max(1 - (2 * n * gradientNoise) / trace, 0.01);
    if (!(trace > 0)) continue;
    // A touch of isotropic stiffness, so that flat directions have an answer: no move.
    const soft = 1e-3 * trace + n * gradientNoise * 0.1 + 1e-12;
    const det = (xx + soft) * (yy + soft) - xy * xy;
    let mx = ((yy + soft) * bx - xy * by) / det;
    let my = ((xx + soft) * by - xy * bx) / det;
    const left = Math.max(figures[at + 5]! - mx * bx - my * by, 0) / n;
    mx /= real;
    my /= real;
    const far2 = (mx * mx + my * my) / (REACH * REACH);
    const far = Math.sqrt(far2);
    const trust = far > 1 ? 1 / (far2 * far2) : 1;
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
  return { information, best };
}

/** Of the affine motion's unknowns x, y, xx, xy, yx, yy: the axis they move along, and what they go with: 1, u or v. */
const UNKNOWNS = [
  [0, 0],
  [1, 0],
  [0, 1],
  [0, 2],
  [1, 1],
  [1, 2],
] as const;
/** Where products of two of 1, u, v lie among 1, u, v, uu, uv, vv. */
const PRODUCTS = [
  [0, 1, 2],
  [1, 3, 4],
  [2, 4, 5],
] as const;

/** Sums of a step of the fit: of weights' xx, xy and yy times 1, u, v, uu, uv, vv, then the right side. */
type FitSums = Float64Array;
const FIT_SUMS = 24;

/** What no cell is surer than, since local motion is no error: (H⁻¹ + allowed · 1)⁻¹ = H (1 + allowed · H)⁻¹. */
function capped(information: Float64Array, allowed: number): Float64Array {
  const out = new Float64Array(information.length);
  for (let at = 0; at < out.length; at += 3) {
    const xx = information[at]!;
    const xy = information[at + 1]!;
    const yy = information[at + 2]!;
    const a = 1 + allowed * xx;
    const b = allowed * xy;
    const c = 1 + allowed * yy;
    const det = a * c - b * b;
    out[at] = (xx * c - xy * b) / det;
    out[at + 1] = (xy * a - xx * b) / det;
    out[at + 2] = (yy * a - xy * b) / det;
  }
  return out;
}

/** The sums of a step from the motion `p`, in fractions of the radius; nodes that don't fit are weighed down. */
function fitSums(
  grid: NodeGrid,
  weights: Float64Array,
  best: Float64Array,
  [cx, cy]: readonly [number, number],
  radius: number,
  p: readonly number[],
): FitSums {
  const sums = new Float64Array(FIT_SUMS);
  for (let j = 0; j < grid.rows; j++)
    for (let i = 0; i < grid.columns; i++) {
      const node = j * grid.columns + i;
      const xx = weights[3 * node]!;
      const xy = weights[3 * node + 1]!;
      const yy = weights[3 * node + 2]!;
      if (xx + yy <= 0) continue;
      const u = (i * grid.step - cx) / radius;
      const v = (j * grid.step - cy) / radius;
      const ex = best[2 * node]! - (p[0]! + p[2]! * u + p[3]! * v);
      const ey = best[2 * node + 1]! - (p[1]! + p[4]! * u + p[5]! * v);
      const off = xx * ex * ex + 2 * xy * ex * ey + yy * ey * ey;
      const t = 1 / (1 + off / 6);
      const w = t * t;
      const sx = w * (xx * ex + xy * ey);
      const sy = w * (xy * ex + yy * ey);
      // Products of (1, u, v) with the weight's xx, xy, yy, upper triangle; the rest follows by symmetry.
      const wu = w * u;
      const wv = w * v;
      for (let part = 0; part < 3; part++) {
        const h = part === 0 ? xx : part === 1 ? xy : yy;
        const at = 6 * part;
        sums[at]! += w * h;
        sums[at + 1]! += wu * h;
        sums[at + 2]! += wv * h;
        sums[at + 3]! += wu * u * h;
        sums[at + 4]! += wu * v * h;
        sums[at + 5]! += wv * v * h;
      }
      sums[18]! += sx;
      sums[19]! += sy;
      sums[20]! += u * sx;
      sums[21]! += v * sx;
      sums[22]! += u * sy;
      sums[23]! += v * sy;
    }
  return sums;
}

/** The affine motion that most of the nodes follow, by weighted least squares with nodes that don't fit weighed down. */
function fitWhole(
  before: Affine,
  [cx, cy]: readonly [number, number],
  sumsFor: (p: readonly number[], radius: number) => FitSums,
): Affine {
  // No engine's own Math.hypot or power: square roots and products have the same bits everywhere.
  const radius = Math.sqrt(cx * cx + cy * cy);
  let p = [
    before.x,
    before.y,
    before.xx * radius,
    before.xy * radius,
    before.yx * radius,
    before.yy * radius,
  ];
  for (let round = 0; round < FITS; round++) {
    const sums = sumsFor(p, radius);
    const m = new Float64Array(36);
    const r = sums.slice(18);
    for (let k = 0; k < 6; k++)
      for (let l = 0; l < 6; l++) {
        const [axisK, powerK] = UNKNOWNS[k]!;
        const [axisL, powerL] = UNKNOWNS[l]!;
        const product = PRODUCTS[powerK]![powerL]!;
        m[6 * k + l] = sums[6 * (axisK + axisL) + product]!;
      }
    // A similarity unless the nodes say otherwise.
    const stiff = 1 / (SHEAR * radius * SHEAR * radius);
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

function median(values: Float64Array): number {
  values.sort();
  return values.length === 0 ? 0 : values[values.length >> 1]!;
}

/**
 * How much motion changes from node to node beyond the whole's, as a variance per axis in pixels²: what nodes two apart differ
 * more than neighbours (the variogram's slope); the noise of the measurements is the same in both.
 * @param local per node: what the cell alone would take, less the whole's motion
 */
function spreadOf({ columns, rows }: NodeGrid, information: Float64Array, local: Float64Array): number {
  const count = columns * rows;
  const sure = new Float64Array(count);
  let seen = 0;
  for (let node = 0; node < count; node++) {
    sure[node] = information[3 * node]! + information[3 * node + 2]!;
    if (sure[node]! > 0) seen++;
  }
  // The surer half of those that say anything.
  const limit = sure.slice().sort()[count - Math.ceil(seen / 2)] ?? 0;
  const typical = (lag: number): number => {
    const differences = new Float64Array(2 * count);
    let found = 0;
    const compare = (p: number, q: number): void => {
      if (sure[q]! < limit) return;
      const x = local[2 * p]! - local[2 * q]!;
      const y = local[2 * p + 1]! - local[2 * q + 1]!;
      differences[found++] = x * x + y * y;
    };
    for (let j = 0; j < rows; j++)
      for (let i = 0; i < columns; i++) {
        const node = j * columns + i;
        if (sure[node]! < limit || sure[node] === 0) continue;
        if (i + lag < columns) compare(node, node + lag);
        if (j + lag < rows) compare(node, node + lag * columns);
      }
    return median(differences.subarray(0, found));
  };
  // The median of the sum of two squares of normal numbers is 2 ln 2 of their variance, and a walk's grows by one a step.
  return Math.max((typical(2) - typical(1)) / (2 * Math.LN2), LEAST_SPREAD * LEAST_SPREAD);
}

/**
 * The field of offsets that fits what the cells say and changes little from node to node around the whole's motion; links
 * between nodes that move apart give way (Geman and McClure's weights), and so do cells that contradict all around them.
 * Solved by conjugate gradients.
 * @param before the whole's motion that the offsets came from
 * @param offsets in: where to begin; out: the field
 */
function smooth(
  grid: NodeGrid,
  measured: Measurements,
  before: Affine,
  whole: Affine,
  centre: readonly [number, number],
  scale: number,
  offsets: Float32Array,
): void {
  const { columns, rows } = grid;
  const count = columns * rows;
  const { information, best } = measured;
  const base = fieldOf(grid, whole, centre);
  const old = fieldOf(grid, before, centre);
  // The new whole with the local motion of before: conjugate gradients are slow at what all nodes have in common.
  const field = new Float64Array(2 * count);
  const target = new Float64Array(2 * count);
  for (let at = 0; at < 2 * count; at++) {
    field[at] = offsets[at]! - old[at]!;
    target[at] = best[at]! - base[at]!;
  }
  const spread = spreadOf(grid, information, target);
  const stiffness = 1 / spread;
  const tear = Math.max(25 * spread, 0.01 * scale * scale);
  const data = new Float64Array(3 * count);
  const across = new Float64Array(count);
  const down = new Float64Array(count);
  // Holds nodes that nothing holds.
  const anchor = 1e-6 * stiffness;
  const link = (from: number, to: number): number => {
    const x = field[2 * from]! - field[2 * to]!;
    const y = field[2 * from + 1]! - field[2 * to + 1]!;
    const t = 1 / (1 + (x * x + y * y) / tear);
    return stiffness * t * t;
  };
  const apply = (x: Float64Array, out: Float64Array): void => {
    for (let node = 0; node < count; node++) {
      const a = x[2 * node]!;
      const b = x[2 * node + 1]!;
      out[2 * node] = (data[3 * node]! + anchor) * a + data[3 * node + 1]! * b;
      out[2 * node + 1] = data[3 * node + 1]! * a + (data[3 * node + 2]! + anchor) * b;
    }
    for (let node = 0; node < count; node++) {
      const p = 2 * node;
      const right = across[node]!;
      if (right > 0) {
        const s = right * (x[p]! - x[p + 2]!);
        const t = right * (x[p + 1]! - x[p + 3]!);
        out[p]! += s;
        out[p + 1]! += t;
        out[p + 2]! -= s;
        out[p + 3]! -= t;
      }
      const below = down[node]!;
      if (below > 0) {
        const q = p + 2 * columns;
        const s = below * (x[p]! - x[q]!);
        const t = below * (x[p + 1]! - x[q + 1]!);
        out[p]! += s;
        out[p + 1]! += t;
        out[q]! -= s;
        out[q + 1]! -= t;
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
      const xx = information[at]!;
      const xy = information[at + 1]!;
      const yy = information[at + 2]!;
      const ex = field[2 * node]! - target[2 * node]!;
      const ey = field[2 * node + 1]! - target[2 * node + 1]!;
      const t = 1 / (1 + (xx * ex * ex + 2 * xy * ex * ey + yy * ey * ey) / 16);
      const w = round === 0 ? 1 : t * t;
      data[at] = w * xx;
      data[at + 1] = w * xy;
      data[at + 2] = w * yy;
      across[node] = node % columns < columns - 1 ? link(node, node + 1) : 0;
      down[node] = node + columns < count ? link(node, node + columns) : 0;
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
      const tx = target[2 * node]!;
      const ty = target[2 * node + 1]!;
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
  for (let at = 0; at < 2 * count; at++) offsets[at] = field[at]! + base[at]!;
}

/** What the noise of a level's samples comes to in a cell's figures. */
function noiseFigures(level: GreyLevel, ratios: NoiseRatios): { gradientNoise: number; shared: number } {
  // Neighbouring samples share noise: a cell holds fewer independent ones.
  const spreading = 1 + 2 * level.correlation[0] + 2 * level.correlation[1];
  return { gradientNoise: gradientNoiseOf(level, ratios), shared: spreading * spreading };
}

/**
 * The motion of the whole and the field that follow from a level's sums.
 * @param offsets in: where the sums were taken; out: the field
 * @param before the whole's motion that these came from
 * @param on the kernels, where the figures lie in their memory
 */
export function solveField(
  level: GreyLevel,
  grid: NodeGrid,
  offsets: Float32Array,
  figures: Float32Array,
  ratios: NoiseRatios,
  before: Affine,
  centre: readonly [number, number],
  frameWidth: number,
  on: AlignKernels | undefined,
): Affine {
  const allowed = LOCAL_SPREAD * level.scale * LOCAL_SPREAD * level.scale;
  if (on === undefined) {
    const measured = weigh(level, grid, offsets, figures, ratios);
    const weights = capped(measured.information, allowed);
    const whole = fitWhole(before, centre, (p, radius) =>
      fitSums(grid, weights, measured.best, centre, radius, p),
    );
    smooth(grid, measured, before, whole, centre, level.scale, offsets);
    return whole;
  }
  const { kernels, memory } = on;
  const { columns, rows, step } = grid;
  const count = columns * rows;
  const { gradientNoise, shared } = noiseFigures(level, ratios);
  // Sums, the old motion and the new one, then the nodes' numbers.
  const sums = workAt(on, frameWidth, grid);
  const [old, current] = [sums + FIT_SUMS * 8, sums + FIT_SUMS * 8 + 48];
  const information = current + 48;
  const best = information + 24 * count;
  const work = best + 16 * count;
  const placed = work + SMOOTH_DOUBLES * 8 * count;
  const field = new Float32Array(memory.buffer, placed, 2 * count);
  field.set(offsets);
  const doubles = (address: number, length: number): Float64Array =>
    new Float64Array(memory.buffer, address, length);
  kernels.alignWeigh(
    count,
    figures.byteOffset,
    placed,
    level.variance * ratios.reference,
    level.variance * ratios.other,
    gradientNoise,
    shared,
    level.scale,
    LEAST_SAMPLES,
    REACH,
    information,
    best,
  );
  kernels.alignCap(count, information, allowed, work);
  const whole = fitWhole(before, centre, (p, radius) => {
    doubles(current, 6).set(p);
    kernels.alignFit(columns, rows, step, ...centre, radius, work, best, current, sums);
    return doubles(sums, FIT_SUMS).slice();
  });
  const numbers = ({ x, y, xx, xy, yx, yy }: Affine): number[] => [x, y, xx, xy, yx, yy];
  doubles(old, 6).set(numbers(before));
  doubles(current, 6).set(numbers(whole));
  kernels.alignSmooth(
    columns,
    rows,
    step,
    ...centre,
    level.scale,
    ROUNDS,
    STEPS,
    LEAST_SPREAD * LEAST_SPREAD,
    information,
    best,
    old,
    current,
    placed,
    work,
  );
  offsets.set(field);
  return whole;
}

/** An affine motion at every node. */
export function fieldOf(
  { columns, rows, step }: NodeGrid,
  motion: Affine,
  [cx, cy]: readonly [number, number],
): Float64Array {
  const out = new Float64Array(2 * columns * rows);
  for (let j = 0, at = 0; j < rows; j++)
    for (let i = 0; i < columns; i++, at += 2) {
      const u = i * step - cx;
      const v = j * step - cy;
      out[at] = motion.x + motion.xx * u + motion.xy * v;
      out[at + 1] = motion.y + motion.yx * u + motion.yy * v;
    }
  return out;
}

/** A field carried over to a finer grid: what it departs from the whole's motion, bilinear between its nodes. */
export function refineGrid(
  from: NodeGrid,
  offsets: Float32Array,
  whole: Affine,
  to: NodeGrid,
  centre: readonly [number, number],
): Float32Array {
  const base = fieldOf(from, whole, centre);
  const out = new Float32Array(fieldOf(to, whole, centre));
  for (let j = 0, at = 0; j < to.rows; j++) {
    const y = (j * to.step) / from.step;
    const upper = Math.min(Math.floor(y), from.rows - 1);
    const lower = Math.min(upper + 1, from.rows - 1);
    const fy = y - upper;
    for (let i = 0; i < to.columns; i++) {
      const x = (i * to.step) / from.step;
      const left = Math.min(Math.floor(x), from.columns - 1);
      const right = Math.min(left + 1, from.columns - 1);
      const fx = x - left;
      for (let axis = 0; axis < 2; axis++, at++) {
        const p = 2 * (upper * from.columns + left) + axis;
        const q = 2 * (upper * from.columns + right) + axis;
        const r = 2 * (lower * from.columns + left) + axis;
        const s = 2 * (lower * from.columns + right) + axis;
        const above = (offsets[p]! - base[p]!) * (1 - fx) + (offsets[q]! - base[q]!) * fx;
        const below = (offsets[r]! - base[r]!) * (1 - fx) + (offsets[s]! - base[s]!) * fx;
        out[at]! += above * (1 - fy) + below * fy;
      }
    }
  }
  return out;
}
