// Denoising as it is meant; kernel.ts does the same in the same order, four numbers at a time.
import type { DenoiseTable } from './tables.js';

/** Side of a block. */
export const SIDE = 8;
/** How much the other channels' energies count beside a channel's own. */
export const COUPLING = 0.6;
/** How much each of the eight neighbouring frequencies counts beside the own one. */
export const NEIGHBOUR = 0.5;

/**
 * What squares of a block's coefficients are multiplied by to be energies: the transform leaves a factor out, other for each
 * frequency. The mean is no texture and has none.
 */
export const ENERGY_SCALES: Float32Array = Float32Array.from({ length: SIDE * SIDE }, (_, i) => {
  const left = (k: number): number => (k === 0 ? 1 : Math.SQRT2 * Math.cos((k * Math.PI) / (2 * SIDE)));
  return i === 0 ? 0 : 1 / (SIDE * left(Math.floor(i / SIDE)) * left(i % SIDE)) ** 2;
});

const f = Math.fround;
// In units of a neighbour's weight: what all channels share of an energy, and what of that is not a channel's own.
const SHARED = f(COUPLING / NEIGHBOUR);
const OWN = f(COUPLING / NEIGHBOUR - 1);
const TINY = f(1e-9);
/** Spectra there and back are so much too large: the transforms leave their factors out. */
const PER_AREA = 1 / (SIDE * SIDE);

type Eight = readonly [number, number, number, number, number, number, number, number];

const add = (a: number, b: number): number => f(a + b);
const sub = (a: number, b: number): number => f(a - b);
const mul = (a: number, b: number): number => f(a * b);

// Factors: √½, sin π/8, and cos π/8 less and more that, on the way there; on the way back twice those.
const [R2, S8] = [f(Math.SQRT1_2), f(Math.sin(Math.PI / 8))];
const [N8, P8] = [
  f(Math.cos(Math.PI / 8) - Math.sin(Math.PI / 8)),
  f(Math.cos(Math.PI / 8) + Math.sin(Math.PI / 8)),
];
const [ROOT2, B1, B2, B3] = [f(Math.SQRT2), f(2 * Math.cos(Math.PI / 8)), 2 * N8, 2 * P8];

/**
 * The DCT-II of eight numbers (Arai, Agui and Nakajima 1988). Coefficient k is √8 times the orthonormal one, times
 * √2 cos(kπ/16) beyond the first.
 */
function forward([v0, v1, v2, v3, v4, v5, v6, v7]: Eight): Eight {
  const [s0, s1, s2, s3] = [add(v0, v7), add(v1, v6), add(v2, v5), add(v3, v4)];
  const [d0, d1, d2, d3] = [sub(v0, v7), sub(v1, v6), sub(v2, v5), sub(v3, v4)];
  const [t0, t1, t2, t3] = [add(s0, s3), add(s1, s2), sub(s0, s3), sub(s1, s2)];
  const u = mul(add(t2, t3), R2);
  const [a, b, c] = [add(d3, d2), mul(add(d2, d1), R2), add(d1, d0)];
  const m = mul(sub(a, c), S8);
  const [p, q] = [add(mul(a, N8), m), add(mul(c, P8), m)];
  const [e, g] = [add(d0, b), sub(d0, b)];
  return [add(t0, t1), add(e, q), add(t2, u), sub(g, p), sub(t0, t1), add(g, p), sub(t2, u), sub(e, q)];
}

/** Its inverse, times 8. */
function backward([x0, x1, x2, x3, x4, x5, x6, x7]: Eight): Eight {
  const [both, one, q] = [add(x0, x4), sub(x0, x4), add(x2, x6)];
  const r = sub(mul(sub(x2, x6), ROOT2), q);
  const [e0, e1, e2, e3] = [add(both, q), add(one, r), sub(one, r), sub(both, q)];
  const [a, b, c, d] = [sub(x5, x3), add(x5, x3), add(x1, x7), sub(x1, x7)];
  const m = mul(add(a, d), B1);
  const o0 = add(c, b);
  const o1 = sub(sub(m, mul(a, B3)), o0);
  const o2 = sub(mul(sub(c, b), ROOT2), o1);
  const o3 = sub(sub(m, mul(d, B2)), o2);
  return [
    add(e0, o0),
    add(e1, o1),
    add(e2, o2),
    add(e3, o3),
    sub(e3, o3),
    sub(e2, o2),
    sub(e1, o1),
    sub(e0, o0),
  ];
}

/** Takes eight numbers `step` apart, changes them, puts them at `to`. */
function along(
  change: (values: Eight) => Eight,
  from: Float32Array,
  at: number,
  step: number,
  to: Float32Array,
  target: number,
): void {
  const values = Array.from({ length: SIDE }, (_, i) => from[at + i * step]!) as unknown as Eight;
  change(values).forEach((value, i) => {
    to[target + i * step] = value;
  });
}

/** What a map says at a place of the blocks' grid; 1 where there is none. */
function levelAt(levels: DenoiseTable['levels'], x: number, y: number): number {
  if (levels === undefined) return 1;
  const { columns, rows, values } = levels;
  const along = (place: number, count: number): readonly [number, number] => {
    const at = Math.min(Math.max(sub(mul(place, f(levels.perPlace)), 0.5), 0), count - 1);
    const cell = Math.min(Math.floor(at), Math.max(count - 2, 0));
    return [cell, sub(at, cell)];
  };
  const [[i, fu], [j, fv]] = [along(x, columns), along(y, rows)];
  const row = (k: number): number => {
    const at = Math.min(k, rows - 1) * columns;
    const [a, b] = [values[at + i]!, values[at + Math.min(i + 1, columns - 1)]!];
    return add(a, mul(sub(b, a), fu));
  };
  return add(row(j), mul(sub(row(j + 1), row(j)), fv));
}

/** Gains of a block's coefficients, 64 for each channel, and the sum of their squares. */
function gainsOf(
  spectra: readonly Float32Array[],
  thresholds: Float32Array,
  noise: number,
): { gains: Float32Array[]; kept: number } {
  // The mean is no texture.
  const energies = spectra.map((s) => s.map((v, i) => mul(mul(v, v), ENERGY_SCALES[i]!)));
  const lanes = new Float32Array(4);
  const gains = energies.map((own, c) => {
    const at = (l: number, k: number): number =>
      l < 0 || k < 0 || l >= SIDE || k >= SIDE ? 0 : own[l * SIDE + k]!;
    const lines = (l: number, k: number): number => add(add(at(l - 1, k), at(l, k)), at(l + 1, k));
    return own.map((energy, i) => {
      const [l, k] = [Math.floor(i / SIDE), i % SIDE];
      const box = add(add(lines(l, k - 1), lines(l, k)), lines(l, k + 1));
      const total = energies.reduce((sum, e) => add(sum, e[i]!), 0);
      const level = add(sub(box, mul(OWN, energy)), add(mul(SHARED, total), TINY));
      const gain = Math.max(0, sub(1, f(mul(noise, thresholds[c * SIDE * SIDE + i]!) / level)));
      lanes[i % 4] = add(lanes[i % 4]!, mul(gain, gain));
      return gain;
    });
  });
  return { gains, kept: add(add(lanes[0]!, lanes[1]!), add(lanes[2]!, lanes[3]!)) };
}

const firstBlock = (place: number, step: number): number => ((-place % step) + step) % step;

/** How many blocks reach a place, along one direction. */
const blocksOver = (place: number, step: number): number =>
  Math.floor((SIDE - 1 - (((place % step) + step) % step)) / step) + 1;

/** Planes of one size. */
export interface Planes {
  readonly width: number;
  readonly height: number;
  readonly channels: readonly Float32Array[];
}

/** What shrinking makes of planes: where blocks reach, and the share of the noise's variance that is gone there. */
interface Shrunk {
  readonly channels: readonly Float32Array[];
  readonly reached: Float32Array;
  readonly removed: Float32Array;
}

/**
 * Shrinks the spectra of blocks whose places in the picture are multiples of `step`.
 * @param left place of the first column in the picture, `top` of the first row
 */
function shrinkBlocks(
  planes: Planes,
  left: number,
  top: number,
  step: number,
  { thresholds, levels }: Pick<DenoiseTable, 'thresholds' | 'levels'>,
): Shrunk {
  const { width, height, channels } = planes;
  const area = SIDE * SIDE;
  const rows = channels.map(() => new Float32Array(width * height));
  const weights = new Float32Array(width * height);
  for (let y = firstBlock(top, step); y + SIDE <= height; y += step) {
    // Columns' spectra lie as rows of eight: blocks that overlap share them, on the way there and back.
    const columns = channels.map((plane) => {
      const spectra = new Float32Array(width * SIDE);
      for (let x = 0; x < width; x++) {
        const column = Float32Array.from({ length: SIDE }, (_, i) => plane[(y + i) * width + x]!);
        along(forward, column, 0, 1, spectra, x * SIDE);
      }
      return spectra;
    });
    const sums = channels.map(() => new Float32Array(width * SIDE));
    const columnWeights = new Float32Array(width);
    for (let x = firstBlock(left, step); x + SIDE <= width; x += step) {
      const spectra = columns.map((column) => {
        const block = new Float32Array(area);
        for (let k = 0; k < SIDE; k++)
          along(forward, column.subarray(x * SIDE, (x + SIDE) * SIDE), k, SIDE, block, k);
        return block;
      });
      const level = levelAt(levels, left + x + SIDE / 2, top + y + SIDE / 2);
      const { gains, kept } = gainsOf(spectra, thresholds, level);
      const weight = f(1 / kept);
      spectra.forEach((spectrum, c) => {
        const shrunk = spectrum.map((v, i) => mul(v, gains[c]![i]!));
        const back = new Float32Array(area);
        for (let k = 0; k < SIDE; k++) along(backward, shrunk, k, SIDE, back, k);
        const to = sums[c]!;
        for (let i = 0; i < area; i++) to[x * SIDE + i] = add(to[x * SIDE + i]!, mul(weight, back[i]!));
      });
      for (let i = 0; i < SIDE; i++) columnWeights[x + i] = add(columnWeights[x + i]!, weight);
    }
    sums.forEach((sum, c) => {
      const to = rows[c]!;
      const column = new Float32Array(SIDE);
      for (let x = 0; x < width; x++) {
        along(backward, sum, x * SIDE, 1, column, 0);
        for (let i = 0; i < SIDE; i++) to[(y + i) * width + x] = add(to[(y + i) * width + x]!, column[i]!);
      }
    });
    for (let i = 0; i < SIDE; i++)
      for (let x = 0; x < width; x++)
        weights[(y + i) * width + x] = add(weights[(y + i) * width + x]!, columnWeights[x]!);
  }
  const per = weights.map((weight) => f(PER_AREA / weight));
  // Each block over a pixel keeps as much noise as the inverse of its weight says.
  const share = (i: number): number =>
    mul(
      blocksOver(top + Math.floor(i / width), step),
      f(blocksOver(left + (i % width), step) / channels.length),
    );
  return {
    reached: weights.map((weight) => (weight > 0 ? 1 : 0)),
    removed: per.map((inverse, i) => sub(1, mul(share(i), inverse))),
    channels: rows.map((row) => row.map((v, i) => mul(v, per[i]!))),
  };
}

/** Noise of variance 1 out of a signal. */
function stabilise(x: number, { scale, shift }: DenoiseTable['stabilisers'][number]): number {
  return f(Math.sqrt(Math.max(add(mul(x, f(scale)), f(shift)), 0)));
}

/** The signal whose noisy values have this mean, as far as noise is gone. */
function restore(value: number, s: DenoiseTable['stabilisers'][number], removed: number): number {
  const d = Math.max(value, f(s.least));
  const i = f(1 / d);
  const series = mul(
    i,
    add(f(Math.sqrt(3 / 2) / 4), mul(i, add(-1.375, mul(i, f((5 * Math.sqrt(3 / 2)) / 8))))),
  );
  return sub(add(mul(mul(d, d), f(s.square)), mul(add(0.25, series), mul(removed, f(s.bias)))), f(s.offset));
}

/** Sums in the kernel's order: one after another for three, in pairs for four. */
function blend(weights: readonly number[], values: readonly number[]): number {
  const [a, b, c, d] = weights.map((w, i) => mul(f(w), values[i]!)) as [number, number, number, number?];
  return d === undefined ? add(add(a, b), c) : add(add(a, b), add(c, d));
}

/**
 * Denoises channels that lie over each other.
 * @param left place of the first column in the picture, `top` of the first row: the blocks' grid is counted from (0, 0)
 * @param step blocks from one to the next, in both directions
 */
export function denoiseReference(
  planes: Planes,
  left: number,
  top: number,
  step: number,
  table: DenoiseTable,
): Planes {
  const { width, height } = planes;
  const { basis, stabilisers } = table;
  const stable = planes.channels.map((plane, c) => plane.map((v) => stabilise(v, stabilisers[c]!)));
  const mixed = basis.map((row) =>
    Float32Array.from({ length: width * height }, (_, i) =>
      blend(
        row,
        stable.map((plane) => plane[i]!),
      ),
    ),
  );
  const shrunk = shrinkBlocks({ width, height, channels: mixed }, left, top, step, table);
  // What no block reaches stays as it is.
  const channels = stabilisers.map((stabiliser, c) =>
    planes.channels[c]!.map((value, i) =>
      shrunk.reached[i] === 0
        ? value
        : restore(
            blend(
              basis.map((row) => row[c]!),
              shrunk.channels.map((plane) => plane[i]!),
            ),
            stabiliser,
            shrunk.removed[i]!,
          ),
    ),
  );
  return { width, height, channels };
}
