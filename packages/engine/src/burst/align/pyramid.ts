import { EngineError } from '../../EngineError.js';
import type { BurstPlane, GreyResponse } from './BurstPlane.js';
import { COARSEST, FIRST, type GreyLevel, HALVING, THIRDING } from './GreyLevel.js';
import { greyRows, reduceRows } from './rows.js';
import type { AlignKernels } from './work.js';

/** A frame made ready to be aligned: grey pictures from about half size down to at most {@link COARSEST} samples. */
export interface AlignPyramid {
  /** Pixels of the active area. */
  readonly width: number;
  readonly height: number;
  /** Finest first. */
  readonly levels: readonly GreyLevel[];
  readonly response: GreyResponse;
  /** See {@link BurstPlane.lightAtWhite}. */
  readonly lightAtWhite: number;
  /** Variance of the frame's noise over that of a frame as the response says, at a grey of 18 %. */
  readonly noiseRatio: number;
}

/** Floats after a level's last that kernels may read. */
const SLACK = 16;
/** Short side of the smallest frame that can be aligned, in pixels. */
const LEAST_SIDE = 64;

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

function level(
  width: number,
  height: number,
  scale: number,
  taps: readonly number[],
  samples: number,
  allocate: (floats: number) => Float32Array,
): GreyLevel {
  const stride = Math.ceil(width / 4) * 4;
  const power = overlap(taps, 0);
  const [one, two] = [overlap(taps, scale) / power, overlap(taps, 2 * scale) / power];
  return {
    width,
    height,
    stride,
    data: allocate(stride * height + SLACK),
    scale,
    origin: (scale - 1) / 2,
    variance: (power * power) / samples,
    correlation: [one, two],
    // Lagrange's weights there are (-1, 9, 9, -1) / 16.
    loss: 1 - (164 + 126 * one - 36 * two) / 256,
  };
}

/** Light at which frames' noise is compared. */
const MIDDLE_GREY = 0.18;

function noiseRatio({ noise, lightAtWhite }: BurstPlane, { scale, offset }: GreyResponse): number {
  const own = noise.scale * MIDDLE_GREY * lightAtWhite + noise.offset * lightAtWhite ** 2;
  return own > 0 ? own / (scale * MIDDLE_GREY + offset) : 1;
}

/**
 * The levels of a frame, empty: what {@link fillPyramid} fills.
 * @param allocate gives room for a level, 16 bytes aligned: in the kernels' memory where they are to work on it
 */
export function planPyramid(
  plane: BurstPlane,
  response: GreyResponse,
  allocate: (floats: number) => Float32Array = (floats) => new Float32Array(floats),
): AlignPyramid {
  const { width, height, period, samplesPerPixel, lightAtWhite } = plane;
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
    const next = level(Math.floor(width / scale), Math.floor(height / scale), scale, taps, samples, allocate);
    levels.push(next);
    if (Math.max(next.width, next.height) <= COARSEST) break;
    taps = convolve(taps, HALVING, scale);
    scale *= 2;
  }
  return { width, height, levels, response, lightAtWhite, noiseRatio: noiseRatio(plane, response) };
}

/** Fills the levels of a frame, on the kernels where `on` is given: then samples and levels lie in their memory. */
export function fillPyramid(plane: BurstPlane, pyramid: AlignPyramid, on?: AlignKernels): void {
  const [finest, ...others] = pyramid.levels;
  greyRows(plane, pyramid.response, finest!, 0, finest!.height, on);
  let from = finest!;
  for (const to of others) {
    reduceRows(from, to, 0, to.height, on);
    from = to;
  }
}

/**
 * Makes a frame ready: grey from the mosaic by filters that leave no colour's pattern and hardly any alias, equally noisy at
 * all levels of light. In plain TypeScript; `planPyramid` and `fillPyramid` do the same on the kernels.
 * @param response the same for all frames that are aligned with each other: see `burstResponse`
 * @throws {EngineError} for frames that are too small, or without a range between black and white
 */
export function prepare(plane: BurstPlane, response: GreyResponse): AlignPyramid {
  const pyramid = planPyramid(plane, response);
  fillPyramid(plane, pyramid);
  return pyramid;
}
