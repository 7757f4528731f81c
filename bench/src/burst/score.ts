import type { NoiseLevel } from '../truth/noise.js';
import { type Levels, varianceOf } from './expose.js';

/** Pixels left out at each side of the picture. */
export const BORDER = 32;

/** How near a mosaic is to the reference's without noise. */
export interface MosaicScore {
  /** dB, peak 1. */
  readonly psnr: number;
  /** How many independent frames' mean has errors as small, measured in the noise of each place. */
  readonly frames: number;
}

/** A mosaic on [0,1] and its size. */
export interface Signal {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** What part of the picture counts: all of it by default. */
export type Mask = (x: number, y: number) => boolean;

/** Scores a mosaic against the truth, both on [0,1]; what lies outside of it is cut. */
export function scoreMosaic(
  merged: Signal,
  truth: Float32Array,
  noise: NoiseLevel,
  levels: Levels,
  mask: Mask = () => true,
): MosaicScore {
  const { data, width, height } = merged;
  if (data.length !== truth.length)
    throw new RangeError(`${width} × ${height} samples are not the truth's ${truth.length}`);
  let [squares, inNoise, count] = [0, 0, 0];
  for (let y = BORDER; y < height - BORDER; y++) {
    for (let x = BORDER; x < width - BORDER; x++) {
      if (!mask(x, y)) continue;
      const i = y * width + x;
      const error = Math.min(Math.max(data[i]!, 0), 1) - truth[i]!;
      squares += error * error;
      inNoise += (error * error) / varianceOf(truth[i]!, noise, levels);
      count++;
    }
  }
  return { psnr: -10 * Math.log10(squares / count), frames: count / inNoise };
}
