import type { NoiseMap, NoiseProfile } from '@photosite/raw';
import { COUPLING, ENERGY_SCALES, NEIGHBOUR, SIDE } from './reference.js';

/**
 * How a channel's values are given noise of variance 1, √(scale · x + shift), and taken back: square · d² +
 * bias · (what the mean of a root lacks) - offset, d at least `least`.
 */
export interface Stabiliser {
  readonly scale: number;
  readonly shift: number;
  readonly square: number;
  readonly bias: number;
  readonly offset: number;
  readonly least: number;
}

/** What a pass of denoising needs to know. */
export interface DenoiseTable {
  readonly stabilisers: readonly Stabiliser[];
  /** An orthonormal basis: rows are luminance and differences. */
  readonly basis: readonly (readonly number[])[];
  /** 64 for each row of the basis. */
  readonly thresholds: Float32Array;
  /** Where noise is not the same everywhere: what thresholds are multiplied by. */
  readonly levels?: Levels | undefined;
}

/** How much more or less noise there is from place to place: variances by cell, bilinear between the cells' middles. */
export interface Levels {
  readonly columns: number;
  readonly rows: number;
  /** Cells for each place of the blocks' grid: pixels, or quads of a mosaic. */
  readonly perPlace: number;
  readonly values: Float32Array;
}

/** A frame's noise map for blocks of places that are `pixels` apart. */
export function levelsOf(map: NoiseMap | undefined, pixels: number): Levels | undefined {
  if (map === undefined) return undefined;
  const { columns, rows, step, variance } = map;
  return { columns, rows, perPlace: pixels / step, values: variance };
}

/** Read noise in photons, squared: beyond this the signal's own noise is lost in it, and in float32. */
const MOST_READ_VARIANCE = 1e8;
/** Keeps numbers finite for a colour that is said to have no noise: a thousand million photons at white. */
const LEAST_SCALE = 1e-9;

/**
 * The generalised Anscombe transform (Starck, Murtagh and Bijaoui 1998).
 * @param unbiased whether the way back is that of a mean of noisy values (Mäkitalo and Foi, IEEE Trans. Image Processing
 *   22(1), 2013) or of the value itself
 */
export function stabiliserOf({ scale, offset }: NoiseProfile, unbiased: boolean): Stabiliser {
  const gain = Math.max(scale, LEAST_SCALE, Math.sqrt(Math.max(offset, 0) / MOST_READ_VARIANCE));
  const read = Math.max(offset, 0) / (gain * gain);
  return {
    scale: 4 / gain,
    shift: 1.5 + 4 * read,
    square: gain / 4,
    bias: unbiased ? gain : 0,
    offset: gain * (3 / 8 + read),
    least: 2 * Math.sqrt(3 / 8 + read),
  };
}

/**
 * Luminance, red against blue, both against green: orthonormal, so that white noise stays white, and turned so that
 * greys lie on the first axis.
 * @param grey stabilised values of a grey in R, G, B, of any length
 */
export function planesBasis([r, g, b]: readonly [number, number, number]): number[][] {
  const [all, sides] = [Math.hypot(r, g, b), Math.hypot(r, b)];
  return [
    [r / all, g / all, b / all],
    [b / sides, 0, -r / sides],
    [(-g * r) / (all * sides), sides / all, (-g * b) / (all * sides)],
  ];
}

/**
 * The same for the four photosites of a Bayer quad, the difference of the greens beside luminance.
 * @param colours of the photosites, row by row: 0 red, 1 green, 2 blue
 */
export function quadBasis(grey: readonly [number, number, number], colours: readonly number[]): number[][] {
  // The two greens together are one axis of length √2.
  const [luminance, sides, green] = planesBasis([grey[0], grey[1] * Math.SQRT2, grey[2]]) as [
    number[],
    number[],
    number[],
  ];
  const spread = (row: readonly number[]): number[] =>
    colours.map((c) => (c === 1 ? row[1]! * Math.SQRT1_2 : row[c]!));
  const firstGreen = colours.indexOf(1);
  const greens = colours.map((c, i) => (c !== 1 ? 0 : i === firstGreen ? Math.SQRT1_2 : -Math.SQRT1_2));
  return [spread(luminance), greens, spread(sides), spread(green)];
}

/**
 * Thresholds on the energy around each frequency: what noise of variance 1 has there, times the square of a strength.
 * Energies are sums over the neighbouring frequencies and the other channels, fewer at the spectrum's border, in units of a
 * neighbour's weight.
 */
export function thresholdsOf(strengths: readonly number[]): Float32Array {
  const inside = (l: number, k: number): boolean => l >= 0 && k >= 0 && l < SIDE && k < SIDE && l + k > 0;
  return Float32Array.from({ length: strengths.length * SIDE * SIDE }, (_, i) => {
    const [l, k] = [Math.floor(i / SIDE) % SIDE, i % SIDE];
    // The mean of a block stays.
    if (l + k === 0) return 0;
    let neighbours = 0;
    for (let dl = -1; dl <= 1; dl++)
      for (let dk = -1; dk <= 1; dk++) if ((dl !== 0 || dk !== 0) && inside(l + dl, k + dk)) neighbours++;
    const noise = 1 / NEIGHBOUR + neighbours + (COUPLING / NEIGHBOUR) * (strengths.length - 1);
    return noise * strengths[Math.floor(i / (SIDE * SIDE))]! ** 2;
  });
}

/** A table as the kernels read it; 0 columns stand for no map. */
export function packTable({ stabilisers, basis, thresholds, levels }: DenoiseTable): Float32Array {
  const head = [
    ...stabilisers.flatMap(({ scale, shift, square, bias, offset, least }) => [
      scale,
      shift,
      square,
      bias,
      offset,
      least,
    ]),
    ...basis.flat(),
    ...ENERGY_SCALES,
    ...thresholds,
    levels?.columns ?? 0,
    levels?.rows ?? 0,
    levels?.perPlace ?? 0,
  ];
  const table = new Float32Array(head.length + (levels?.values.length ?? 0));
  table.set(head);
  if (levels !== undefined) table.set(levels.values, head.length);
  return table;
}
