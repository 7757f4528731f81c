import type { NoiseProfile, RawFrame } from '@photosite/raw';
import { measureBlur } from '../../stages/sharpen/blur.js';
import { cameraBlur } from '../../stages/sharpen/index.js';
import { ALONG_EDGES, deconvolutionFilter, EVERYWHERE, energyOf, type KnownBlur } from './filter.js';

/** What colours of a neutral weigh in the light that is deconvolved: a mosaic has two greens. */
const LIGHT_WEIGHTS = [0.25, 0.5, 0.25] as const;
/** Variance of a pixel's own area, in pixels². */
const APERTURE = 1 / 12;
/** Pictures that are sharper than photosites of half the breadth were sharpened before: nothing is left to be undone, in pixels². */
const LEAST_VARIANCE = APERTURE / 4 - APERTURE;
/** Softer pictures are out of focus rather than blurred by the camera, in pixels². */
const LARGEST_VARIANCE = 1.2;
/** Noise of what a pixel gains, as a factor on what the noise profile says of the mean: less than this counts for nothing. */
const NOISE_FACTOR = 0.7;
/** What a deconvolved merge needs less of sharpening: with all of it, texture would have 1.3 times the truth's contrast. */
const DONE = 0.5;
/** Pixels of a cell of the grid of trust, each way, and between those that are looked at. */
const CELL = 16;
const EVERY = 4;
/** What a place must have gathered before anything is done there, in frames beside the estimate, and how many more for all to be done: bursts of three frames gain already. */
const ALONE = 1;
const ENOUGH = 2;

/**
 * What is known to have blurred a merge of twice the resolution: photosites, the merge's kernels, and the lens, whose part is what the
 * merged picture's own edges are blurred by beyond the photosites; where it shows too few edges, what the reference's file says.
 * @param merged the merge as a frame
 * @param frames how many came together, beside the reference
 */
export function knownBlur(merged: RawFrame, reference: RawFrame, frames: number): KnownBlur {
  const measured = measureBlur(merged);
  // A pixel of the merge is half of the sensor's.
  const lens =
    measured === undefined ? cameraBlur(reference) ** 2 : (measured.sigma ** 2 + APERTURE) / 4 - APERTURE;
  return {
    lensVariance: Math.min(Math.max(lens, LEAST_VARIANCE), LARGEST_VARIANCE),
    gathered: frames / (1 + frames),
  };
}

/** How much of the usual sharpening a deconvolved merge still needs. */
export function sharpnessLeft(strength: number): number {
  return 1 - DONE * strength;
}

/** The weights by which a camera's colours make light. */
export function lightWeights(neutral: readonly number[] | undefined): number[] {
  return LIGHT_WEIGHTS.map((weight, c) => weight / Math.max(neutral?.[c] ?? 1, 1e-3));
}

/**
 * The numbers as the kernel reads them.
 * @param noise of the merge, by colour
 * @param shade by colour, what is added where colours share a relative gain (as in the merge's own steps)
 */
export function deconvolutionTable(
  strength: number,
  known: KnownBlur,
  noise: readonly NoiseProfile[],
  shade: readonly number[],
  neutral: readonly number[] | undefined,
): Float32Array {
  const weights = deconvolutionFilter(known, EVERYWHERE);
  const edges = deconvolutionFilter(known, ALONG_EDGES).map((weight, i) => weight - weights[i]!);
  const ofLight = lightWeights(neutral);
  let [scale, offset, shaded] = [0, 0, 0];
  for (const [c, weight] of ofLight.entries()) {
    // In light, a colour's values are this many times as large; what frames said is common to all colours.
    const gain = weight / LIGHT_WEIGHTS[c]!;
    scale += weight * noise[c]!.scale;
    offset += weight * gain * noise[c]!.offset;
    shaded += weight * shade[c]!;
  }
  const [factor, ofEdges] = [weights, edges].map((filter) => NOISE_FACTOR * energyOf(filter)) as [
    number,
    number,
  ];
  // A gain's variance is divided by that of noise alone: never by 0.
  const floor = Math.max(offset, 1e-12);
  return Float32Array.from([strength, scale, floor, shaded, ...shade, factor, ofEdges, ...weights, ...edges]);
}

/** What is done from place to place, [0, 1]; node (i, j) stands for the cell that begins at 16 i, 16 j. At least two nodes each way. */
export interface Trust {
  readonly columns: number;
  readonly rows: number;
  readonly values: Float32Array;
}

/**
 * Nothing where the reference stands nearly alone, all from three frames beside it on, or half of what came together elsewhere.
 * @param gatheredAt frames that came together at a pixel, beside the estimate
 * @param frames the same on average
 */
export function trustOf(
  width: number,
  height: number,
  frames: number,
  gatheredAt: (x: number, y: number) => number,
): Trust {
  const [columns, rows] = [width, height].map((size) => Math.max(Math.ceil(size / CELL), 2)) as [
    number,
    number,
  ];
  const values = new Float32Array(columns * rows);
  const more = Math.min(frames / 2, ENOUGH);
  for (let j = 0; j < rows; j++)
    for (let i = 0; i < columns; i++) {
      let [sum, count] = [0, 0];
      for (let y = j * CELL; y < Math.min((j + 1) * CELL, height); y += EVERY)
        for (let x = i * CELL; x < Math.min((i + 1) * CELL, width); x += EVERY) {
          sum += Math.min(Math.max((gatheredAt(x, y) - ALONE) / more, 0), 1);
          count++;
        }
      values[j * columns + i] = count === 0 ? 0 : sum / count;
    }
  return { columns, rows, values };
}
