import { EngineError } from '../../EngineError.js';
import type { BurstPlane, GreyResponse } from './BurstPlane.js';

/** One grey picture of the pyramid. Sample (i, j) stands at pixel (i·scale + origin, j·scale + origin). */
export interface GreyLevel {
  readonly width: number;
  readonly height: number;
  /** Samples from row to row, a multiple of 4. */
  readonly stride: number;
  /** In units of the standard deviation that one sample of the reference has. */
  readonly data: Float32Array;
  /** Pixels of the frame from sample to sample. */
  readonly scale: number;
  /** Where sample 0 stands, in pixels: (scale - 1) / 2. */
  readonly origin: number;
  /** Noise variance of a sample, for a frame with the reference's noise. */
  readonly variance: number;
  /** Correlation of the noise of neighbours along a row or column, one and two samples apart. */
  readonly correlation: readonly [one: number, two: number];
}

/** A frame made ready to be aligned: grey pictures from about half size down to at most {@link COARSEST} samples. */
export interface AlignPyramid {
  /** Pixels of the active area. */
  readonly width: number;
  readonly height: number;
  /** Finest first. */
  readonly levels: readonly GreyLevel[];
  readonly response: GreyResponse;
  /** Noise and exposure of the frame itself, for what its residuals should be. */
  readonly frame: Pick<BurstPlane, 'noise' | 'lightAtWhite'>;
}

/** Long side of the coarsest level, at most. */
export const COARSEST = 192;
/** Short side of the smallest frame that can be aligned, in pixels. */
export const LEAST_SIDE = 64;

/** What halves a level along one direction: cos³(ω/2), which leaves an eighth of what would be aliased worst. */
const HALVING = [1 / 8, 3 / 8, 3 / 8, 1 / 8] as const;
const FIRST = [1 / 32, 5 / 32, 10 / 32, 10 / 32, 5 / 32, 1 / 32] as const;
/** What reduces X-Trans by three: boxes of three twice; every box of 3 × 3 holds five greens, two reds and two blues. */
const THIRDING = [1 / 9, 2 / 9, 3 / 9, 2 / 9, 1 / 9] as const;

function convolve(a: readonly number[], b: readonly number[], step: number): number[] {
  const out = Array<number>(a.length + (b.length - 1) * step).fill(0);
  a.forEach((x, i) => {
    b.forEach((y, j) => {
      out[i + j * step]! += x * y;
    });
  });
  return out;
}

/** Sum of products of a filter's taps with those `lag` further on. */
function overlap(taps: readonly number[], lag: number): number {
  return taps.reduce((sum, tap, i) => sum + tap * (taps[i + lag] ?? 0), 0);
}

function level(width: number, height: number, scale: number, taps: readonly number[], samples: number): GreyLevel {
  const stride = Math.ceil(width / 4) * 4;
  const power = overlap(taps, 0);
  return {
    width,
    height,
    stride,
    data: new Float32Array(stride * height + 4),
    scale,
    origin: (scale - 1) / 2,
    variance: power ** 2 / samples,
    correlation: [overlap(taps, scale) / power, overlap(taps, 2 * scale) / power],
  };
}

/** A place mirrored into 0 … size - 1 so that it keeps its place in the array's period. */
function inside(place: number, size: number, period: number): number {
  const step = Math.max(period, 1);
  let at = place;
  while (at < 0) at += step;
  while (at >= size) at -= step;
  return at;
}

/** The response's root: noise of one sample has variance 1 at every level of light; odd around black. */
export function stabilise(light: number, { scale, offset }: GreyResponse): number {
  const root = (2 / scale) * (Math.sqrt(scale * Math.abs(light) + offset) - Math.sqrt(offset));
  return light < 0 ? -root : root;
}

/** Rows `first` to `last` (exclusive) of the finest level, from the mosaic. */
export function greyRows(
  plane: BurstPlane,
  response: GreyResponse,
  { data, stride, width, scale: step }: GreyLevel,
  first: number,
  last: number,
): void {
  const { samples, offset, stride: pitch, samplesPerPixel: spp, period, black, white, lightAtWhite } = plane;
  const taps = step === 3 ? THIRDING : FIRST;
  const lead = step === 3 ? 1 : 2;
  const blackAt = (x: number, y: number): number =>
    black.length === 1 ? black[0]! : black[(y % period) * period + (x % period)]!;
  const least = spp === 3 ? Math.min(...black) : 0;
  // Light per unit of a sample; all colours are cut at the same light.
  const range = white - Math.max(...black);
  const perUnit = lightAtWhite / range;
  const cut = response.ceiling / perUnit;
  const sums = new Float64Array(plane.width);
  const sampleAt =
    spp === 3
      ? (x: number, y: number): number => {
          const at = offset + y * pitch + x * 3;
          const of = (c: number): number => Math.min(samples[at + c]! - (black[c] ?? least), cut);
          return (of(0) + 2 * of(1) + of(2)) / 4;
        }
      : (x: number, y: number): number => Math.min(samples[offset + y * pitch + x]! - blackAt(x, y), cut);
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

/** Empty levels for a frame of this size: what {@link greyRows} and {@link reduceRows} fill. */
export function planPyramid(plane: BurstPlane, response: GreyResponse): AlignPyramid {
  const { width, height, period, samplesPerPixel, noise, lightAtWhite } = plane;
  if (!(Math.min(width, height) >= LEAST_SIDE))
    throw new EngineError(
      `a frame of ${width} × ${height} pixels is too small to be aligned: ${LEAST_SIDE} each way are needed`,
    );
  if (!(plane.white > Math.max(...plane.black)) || !(lightAtWhite > 0))
    throw new EngineError(
      `a frame's white level (${plane.white}) must be above its black level (${Math.max(...plane.black)})`,
    );
  const step = period === 6 ? 3 : 2;
  let taps: number[] = [...(step === 3 ? THIRDING : FIRST)];
  let scale = step;
  // (R + 2 G + B) / 4 of three independent samples: 1 / (1 + 4 + 1) · 16.
  const samples = samplesPerPixel === 3 ? 16 / 6 : 1;
  const levels: GreyLevel[] = [];
  for (;;) {
    const next = level(Math.floor(width / scale), Math.floor(height / scale), scale, taps, samples);
    levels.push(next);
    if (Math.max(next.width, next.height) <= COARSEST) break;
    taps = convolve(taps, HALVING, scale);
    scale *= 2;
  }
  return { width, height, levels, response, frame: { noise, lightAtWhite } };
}

/**
 * Makes a frame ready: grey from the mosaic by filters that leave no colour's pattern and hardly any alias, equally noisy at
 * all levels of light.
 * @param response the same for all frames that are aligned with each other: see `burstResponse`
 * @throws {EngineError} for frames that are too small, or without a range between black and white
 */
export function prepare(plane: BurstPlane, response: GreyResponse): AlignPyramid {
  const pyramid = planPyramid(plane, response);
  const [finest, ...others] = pyramid.levels;
  greyRows(plane, response, finest!, 0, finest!.height);
  let from = finest!;
  for (const to of others) {
    reduceRows(from, to, 0, to.height);
    from = to;
  }
  return pyramid;
}
