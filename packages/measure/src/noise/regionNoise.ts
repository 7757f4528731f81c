import { checkImage } from '../checks.js';
import { crop, type Rectangle } from '../crop.js';
import { leastSquares } from '../linearAlgebra.js';
import { MeasureError } from '../MeasureError.js';
import { channelOf, luminanceOf, type Plane, REC709_LUMINANCE } from '../Plane.js';
import type { RgbImage } from '../RgbImage.js';

/** Weights of the variances of R−Y and B−Y in the noise of a colour picture (ISO 15739:2013, 6.2). */
const RED_DIFFERENCE = 0.279;
const BLUE_DIFFERENCE = 0.088;

/** Signal and noise of one channel in a uniform region. */
export interface ChannelNoise {
  readonly mean: number;
  /** Standard deviation of single pixels. */
  readonly sigma: number;
  /** mean / sigma. */
  readonly snr: number;
}

/** Signal and noise of a uniform region. */
export interface RegionNoise {
  readonly red: ChannelNoise;
  readonly green: ChannelNoise;
  readonly blue: ChannelNoise;
  readonly luminance: ChannelNoise;
  /** √(σ²(Y) + 0.279 σ²(R−Y) + 0.088 σ²(B−Y)): luminance and colour noise as they weigh to the eye (ISO 15739:2013, 6.2). */
  readonly weightedSigma: number;
  /** Mean luminance / weightedSigma. */
  readonly weightedSnr: number;
}

/** How a uniform region is measured. */
export interface RegionNoiseOptions {
  /** Area of the picture; all of it where left out. */
  readonly region?: Rectangle;
  /** Takes uneven light out by a surface of second order before the variance is taken; true where left out. */
  readonly flatten?: boolean;
  /** Weights of R, G and B in the luminance; those of Rec.709 where left out. */
  readonly luminanceWeights?: readonly number[];
}

/** Values that a variance is taken of, at the least. */
const MIN_PIXELS = 64;

function terms(x: number, y: number): number[] {
  return [1, x, y, x * x, x * y, y * y];
}

/** Mean, and the variance about a surface of second order (or about the mean), freedoms counted. */
export function momentsOf(
  { width, height, data }: Plane,
  flatten: boolean,
): { mean: number; variance: number } {
  const mean = data.reduce((a, b) => a + b, 0) / data.length;
  if (!flatten) {
    const squares = data.reduce((a, b) => a + (b - mean) ** 2, 0);
    return { mean, variance: squares / (data.length - 1) };
  }
  const scaled = (i: number, n: number) => (n === 1 ? 0 : (2 * i) / (n - 1) - 1);
  // A surface of six terms is told by a coarse grid of means; fitting each pixel would say the same and cost more.
  const cells = 16;
  const [columns, rows] = [Math.min(cells, width), Math.min(cells, height)];
  const basis: number[][] = [];
  const means: number[] = [];
  const counts: number[] = [];
  for (let row = 0; row < rows; row++) {
    const [y0, y1] = [Math.floor((row * height) / rows), Math.floor(((row + 1) * height) / rows)];
    for (let column = 0; column < columns; column++) {
      const [x0, x1] = [Math.floor((column * width) / columns), Math.floor(((column + 1) * width) / columns)];
      let sum = 0;
      for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) sum += data[y * width + x]!;
      const count = (y1 - y0) * (x1 - x0);
      basis.push(terms(scaled((x0 + x1 - 1) / 2, width), scaled((y0 + y1 - 1) / 2, height)));
      means.push(sum / count);
      counts.push(count);
    }
  }
  const surface = leastSquares(basis, means, counts) ?? [mean, 0, 0, 0, 0, 0];
  let squares = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const level = terms(scaled(x, width), scaled(y, height)).reduce((a, t, i) => a + t * surface[i]!, 0);
      squares += (data[y * width + x]! - level) ** 2;
    }
  }
  return { mean, variance: squares / (data.length - surface.length) };
}

/** The planes that noise is measured on: R, G, B, Y, R−Y and B−Y. */
export function noisePlanes(image: RgbImage, luminanceWeights: readonly number[]): readonly Plane[] {
  const [red, green, blue] = [0, 1, 2].map((c) => channelOf(image, c)) as [Plane, Plane, Plane];
  const luminance = luminanceOf(image, luminanceWeights);
  const minus = (a: Plane): Plane => ({ ...a, data: a.data.map((value, i) => value - luminance.data[i]!) });
  return [red, green, blue, luminance, minus(red), minus(blue)];
}

/** Noise by channel of mean and variance of the six planes of {@link noisePlanes}. */
export function noiseOf(
  moments: readonly { readonly mean: number; readonly variance: number }[],
): RegionNoise {
  const channel = (i: number): ChannelNoise => {
    const { mean, variance } = moments[i]!;
    const sigma = Math.sqrt(variance);
    return { mean, sigma, snr: mean / sigma };
  };
  const [y, redDifference, blueDifference] = [moments[3]!, moments[4]!, moments[5]!];
  const weightedSigma = Math.sqrt(
    y.variance + RED_DIFFERENCE * redDifference.variance + BLUE_DIFFERENCE * blueDifference.variance,
  );
  return {
    red: channel(0),
    green: channel(1),
    blue: channel(2),
    luminance: channel(3),
    weightedSigma,
    weightedSnr: y.mean / weightedSigma,
  };
}

/** The part of a picture that noise is measured in; refuses one that is too small to tell. */
export function uniformPart(image: RgbImage, region: Rectangle | undefined): RgbImage {
  checkImage('image', image);
  const part = region === undefined ? image : crop(image, region);
  if (part.width * part.height < MIN_PIXELS) {
    throw new MeasureError(`noise needs ${MIN_PIXELS} pixels or more.`, { field: 'region' });
  }
  return part;
}

/**
 * Signal to noise of a uniform region of one picture: total noise, temporal and fixed pattern together (ISO 15739:2013
 * and 2017, 6.2 and 6.3).
 * @param image values as they are to be judged: linear for a sensor, encoded for what an eye sees on a screen
 * @throws {MeasureError} where the region lies outside or has less than 64 pixels
 */
export function regionNoise(image: RgbImage, options: RegionNoiseOptions = {}): RegionNoise {
  const { region, flatten = true, luminanceWeights = REC709_LUMINANCE } = options;
  const planes = noisePlanes(uniformPart(image, region), luminanceWeights);
  return noiseOf(planes.map((plane) => momentsOf(plane, flatten)));
}
