import type { RgbImage } from '@photosite/measure';
import type { RawFrame } from '@photosite/raw';
import { truthFrame } from '../truth/frame.js';
import { addNoise, type NoiseLevel } from '../truth/noise.js';
import { seededRandom } from '../truth/random.js';
import { type Motion, placeSeen } from './motion.js';
import { WALL_MARGIN } from './wall.js';

/** Lobes of the Lanczos window that resamples the wall. */
const LOBES = 3;
const TAPS = 2 * LOBES;
/** Steps of the table of taps per pixel: far below what noise would show. */
const STEPS = 1024;

function lanczosTable(): Float32Array {
  const table = new Float32Array((STEPS + 1) * TAPS);
  for (let step = 0; step <= STEPS; step++) {
    const taps = Array.from({ length: TAPS }, (_, k) => {
      const x = Math.PI * (k - LOBES + 1 - step / STEPS);
      return x === 0
        ? 1
        : Math.abs(x) >= LOBES * Math.PI
          ? 0
          : (LOBES * Math.sin(x) * Math.sin(x / LOBES)) / (x * x);
    });
    const sum = taps.reduce((a, b) => a + b, 0);
    table.set(
      taps.map((tap) => tap / sum),
      step * TAPS,
    );
  }
  return table;
}

const LANCZOS = lanczosTable();

/** A colour of a picture at a place between its pixels; what the window reaches must lie inside. */
export function sampleAt({ width, data }: RgbImage, u: number, v: number, channel: number): number {
  const [column, row] = [Math.floor(u), Math.floor(v)];
  const alongX = Math.round((u - column) * STEPS) * TAPS;
  const alongY = Math.round((v - row) * STEPS) * TAPS;
  let value = 0;
  for (let j = 0; j < TAPS; j++) {
    const weight = LANCZOS[alongY + j]!;
    if (weight === 0) continue;
    let at = ((row + j - LOBES + 1) * width + column - LOBES + 1) * 3 + channel;
    let sum = 0;
    for (let i = 0; i < TAPS; i++, at += 3) sum += LANCZOS[alongX + i]! * data[at]!;
    value += weight * sum;
  }
  // The window's lobes go below black, light does not.
  return Math.max(value, 0);
}

/** What a frame's photosites see of the wall, without noise: RGGB, one value each. */
export function signalOf(wall: RgbImage, motion: Motion): Float32Array {
  const [width, height] = [wall.width - 2 * WALL_MARGIN, wall.height - 2 * WALL_MARGIN];
  const signal = new Float32Array(width * height);
  const [centreX, centreY] = [(width - 1) / 2, (height - 1) / 2];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [seenX, seenY] = placeSeen(motion, x - centreX, y - centreY);
      const [u, v] = [seenX + centreX + WALL_MARGIN, seenY + centreY + WALL_MARGIN];
      signal[y * width + x] = sampleAt(wall, u, v, (y & 1) + (x & 1));
    }
  }
  return signal;
}

/** The part of the wall that the reference shows. */
export function frameOfWall(wall: RgbImage): RgbImage {
  const [width, height] = [wall.width - 2 * WALL_MARGIN, wall.height - 2 * WALL_MARGIN];
  const data = new Float32Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((y + WALL_MARGIN) * wall.width + WALL_MARGIN) * 3;
    data.set(wall.data.subarray(from, from + width * 3), y * width * 3);
  }
  return { width, height, data };
}

/** How a sensor counts: black and white level of its samples. */
export interface Levels {
  readonly bits: number;
  readonly black: number;
  readonly white: number;
}

/** The protocol's two sensors. */
export const TEN_BIT: Levels = { bits: 10, black: 64, white: 1023 };
export const FOURTEEN_BIT: Levels = { bits: 14, black: 512, white: 16383 };

/** Variance of a sample on [0,1], rounding included. */
export function varianceOf(signal: number, noise: NoiseLevel, { black, white }: Levels): number {
  return noise.scale * signal + noise.offset + 1 / (12 * (white - black) ** 2);
}

/** Records a signal: noise, rounding, and what falls outside of the scale is cut. */
export function record(signal: Float32Array, noise: NoiseLevel, levels: Levels, seed: number): Uint16Array {
  const { black, white, bits } = levels;
  const random = seededRandom(seed);
  const samples = new Uint16Array(signal.length);
  for (let i = 0; i < signal.length; i++) {
    const level = Math.round(addNoise(signal[i]!, noise, random) * (white - black) + black);
    samples[i] = Math.min(Math.max(level, 0), Math.max(white, 2 ** bits - 1));
  }
  return samples;
}

/** The recorded samples as the camera's raw file would say it, with its noise profile. */
export function rawFrame(
  samples: Uint16Array,
  width: number,
  height: number,
  noise: NoiseLevel,
  { bits, black, white }: Levels,
): RawFrame {
  return {
    ...truthFrame({ samples, width, height }, [{ scale: noise.scale, offset: noise.offset }]),
    bitsPerSample: bits,
    blackLevel: { repeatRows: 1, repeatCols: 1, values: [black] },
    whiteLevel: [white],
  };
}
