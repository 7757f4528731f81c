import type { SceneLuminance } from '../exposure/scene.js';
import { floatExp2, floatLog2 } from './logarithm.js';

/** Nodes along the longer side of the overview. */
const LONG_SIDE = 20;
/** Levels of luminance: from this logarithm on, two for an octave. */
export const FIRST_LEVEL = -11;
export const LEVELS_PER_OCTAVE = 2;
export const LEVELS = 33;
/** What a level's own light weighs against what was seen of it, in shares of a cell's pixels. */
const OWN_WEIGHT = 0.003;
/** Light rises by at least this share of a level from level to level, so that no gradient turns over. */
const LEAST_SLOPE = 0.15;

/** What the surroundings of each place and level of light are like: nodes at the middles of cells of the overview. */
export interface BaseGrid {
  readonly columns: number;
  readonly rows: number;
  /** `rows × columns × LEVELS`: mean {@link floatLog2} of like luminance around. */
  readonly base: Float32Array;
  /** `rows × columns`: luminance below which a twentieth of the surroundings lies. */
  readonly dark: Float32Array;
}

/** How base and detail are changed, all in stops. */
export interface ToneChange {
  /** What is added to the logarithm of luminance whose surroundings have this one. */
  readonly base: (logarithm: number) => number;
  /** How much detail is added to detail, -1 to 1. */
  readonly clarity: number;
  /** How much of the veil is taken away, -1 to 1. */
  readonly dehaze: number;
}

function levelLogarithm(level: number): number {
  return FIRST_LEVEL + level / LEVELS_PER_OCTAVE;
}

/** Blurs along one axis with binomial weights; beyond the ends the last value goes on. */
function blurred(values: Float64Array, length: number, stride: number, weights: readonly number[]): void {
  const reach = (weights.length - 1) / 2;
  const line = new Float64Array(length);
  const block = length * stride;
  for (let from = 0; from < values.length; from += block)
    for (let offset = 0; offset < stride; offset++) {
      for (let i = 0; i < length; i++) line[i] = values[from + offset + i * stride]!;
      for (let i = 0; i < length; i++) {
        let sum = 0;
        for (let k = -reach; k <= reach; k++)
          sum += weights[k + reach]! * line[Math.min(Math.max(i + k, 0), length - 1)]!;
        values[from + offset + i * stride] = sum;
      }
    }
}

/** A bilateral grid (Chen, Paris and Durand 2007) of log luminance. */
export function baseGrid({ width, height, values }: SceneLuminance): BaseGrid {
  const long = Math.max(width, height);
  const columns = Math.max(Math.round((LONG_SIDE * width) / long), 1);
  const rows = Math.max(Math.round((LONG_SIDE * height) / long), 1);
  const weight = new Float64Array(columns * rows * LEVELS);
  const sum = new Float64Array(columns * rows * LEVELS);
  for (let y = 0, p = 0; y < height; y++) {
    const v = Math.min(Math.max(((y + 0.5) / height) * rows - 0.5, 0), rows - 1);
    const top = Math.min(Math.floor(v), Math.max(rows - 2, 0));
    const fv = v - top;
    const below = rows > 1 ? columns * LEVELS : 0;
    for (let x = 0; x < width; x++, p++) {
      const logarithm = floatLog2(Math.max(values[p]!, 2 ** -20));
      const z = Math.min(Math.max((logarithm - FIRST_LEVEL) * LEVELS_PER_OCTAVE, 0), LEVELS - 1);
      const level = Math.min(Math.floor(z), LEVELS - 2);
      const fz = z - level;
      const u = Math.min(Math.max(((x + 0.5) / width) * columns - 0.5, 0), columns - 1);
      const left = Math.min(Math.floor(u), Math.max(columns - 2, 0));
      const fu = u - left;
      const right = columns > 1 ? LEVELS : 0;
      const at = (top * columns + left) * LEVELS + level;
      for (let corner = 0; corner < 4; corner++) {
        const here = (corner & 1 ? fu : 1 - fu) * (corner & 2 ? fv : 1 - fv);
        const i = at + (corner & 1 ? right : 0) + (corner & 2 ? below : 0);
        weight[i]! += here * (1 - fz);
        weight[i + 1]! += here * fz;
        sum[i]! += here * (1 - fz) * logarithm;
        sum[i + 1]! += here * fz * logarithm;
      }
    }
  }
  for (const grid of [weight, sum]) {
    blurred(grid, LEVELS, 1, [0.25, 0.5, 0.25]);
    blurred(grid, columns, LEVELS, [0.0625, 0.25, 0.375, 0.25, 0.0625]);
    blurred(grid, rows, columns * LEVELS, [0.0625, 0.25, 0.375, 0.25, 0.0625]);
  }
  const own = (OWN_WEIGHT * width * height) / (columns * rows);
  const dark = new Float32Array(columns * rows);
  for (let node = 0; node < dark.length; node++) {
    let total = 0;
    for (let k = 0; k < LEVELS; k++) total += weight[node * LEVELS + k]!;
    let below = 0;
    let k = 0;
    while (k < LEVELS - 1 && below + weight[node * LEVELS + k]! < total / 20)
      below += weight[node * LEVELS + k++]!;
    dark[node] = floatExp2(levelLogarithm(k));
  }
  return {
    columns,
    rows,
    base: Float32Array.from(weight, (w, i) => (sum[i]! + own * levelLogarithm(i % LEVELS)) / (w + own)),
    dark,
  };
}

/** Stops of gain for one level, given its surroundings. */
function stopsOf(level: number, base: number, veil: number, white: number, change: ToneChange): number {
  const logarithm = levelLogarithm(level);
  const detail = logarithm - base;
  // Strong edges are no detail: they keep their height.
  const clarity = change.clarity * 0.6 * detail * Math.exp(-((detail / 1.5) ** 2));
  let dehaze = 0;
  if (change.dehaze !== 0) {
    const light = floatExp2(logarithm);
    const taken = 0.8 * change.dehaze * veil;
    dehaze = Math.log2(Math.max(1 - taken / light, 0.1)) - Math.log2(1 - taken / white);
  }
  return change.base(base) + clarity + dehaze;
}

/**
 * Gains at the nodes, by which luminance of each level is multiplied.
 * @returns `rows × columns × LEVELS`
 */
export function gainsOf({ columns, rows, base, dark }: BaseGrid, change: ToneChange): Float32Array {
  const gains = new Float32Array(columns * rows * LEVELS);
  const sorted = Float32Array.from(dark).sort();
  // A veil lies over the whole picture; a bright wall is not one.
  const haze = 2 * (sorted[Math.floor(sorted.length / 8)] ?? 0);
  const stops = new Float64Array(LEVELS);
  const rising = new Float64Array(LEVELS);
  const least = LEAST_SLOPE / LEVELS_PER_OCTAVE;
  for (let node = 0; node < columns * rows; node++) {
    const veil = Math.min(dark[node]!, haze, 0.5);
    for (let k = 0; k < LEVELS; k++)
      stops[k] = levelLogarithm(k) + stopsOf(k, base[node * LEVELS + k]!, veil, 1, change);
    // The middle of the lowest rising line above and the highest one below.
    let bound = -Infinity;
    for (let k = 0; k < LEVELS; k++) rising[k] = bound = Math.max(stops[k]!, bound + least);
    bound = Infinity;
    for (let k = LEVELS - 1; k >= 0; k--) {
      bound = Math.min(stops[k]!, bound - least);
      gains[node * LEVELS + k] = 2 ** ((rising[k]! + bound) / 2 - levelLogarithm(k));
    }
  }
  return gains;
}
