import { leastSquares } from '../linearAlgebra.js';
import { MeasureError } from '../MeasureError.js';

/** Two frames of the same flat field: raw values of one colour's photosites. */
export interface FlatPair {
  readonly first: ArrayLike<number>;
  readonly second: ArrayLike<number>;
}

/** One light level of the curve. */
export interface TransferPoint {
  /** Mean above black, in raw levels (DN). */
  readonly mean: number;
  /** Temporal variance of one frame, DN². */
  readonly variance: number;
}

/** What the photon transfer curve tells about a sensor. */
export interface PhotonTransfer {
  /** Slope of the variance over the mean, DN per electron. */
  readonly gainDnPerElectron: number;
  /** Read noise, in electrons; 0 where the fit's variance at no light is not above 0. */
  readonly readNoiseElectrons: number;
  /** The points that were used, by ascending mean. */
  readonly points: readonly TransferPoint[];
}

/** How flats become a curve. */
export interface PhotonTransferOptions {
  /** Level of no light, DN. */
  readonly blackLevel: number;
  /** Pairs with more than one in a thousand values at or above are left out, DN. */
  readonly saturationLevel?: number;
  /** Quantisation adds 1/12 DN² to the variance, which is taken off unless this is false. */
  readonly subtractQuantisation?: boolean;
}

const MAX_CLIPPED = 1e-3;
const ROUNDS = 5;

function pointOf(
  { first, second }: FlatPair,
  options: PhotonTransferOptions,
  index: number,
): TransferPoint | undefined {
  const { blackLevel, saturationLevel = Number.POSITIVE_INFINITY, subtractQuantisation = true } = options;
  const n = first.length;
  if (n < 2 || second.length !== n) {
    throw new MeasureError(`${n} and ${second.length} values are no pair.`, { field: `pairs[${index}]` });
  }
  let [sum, difference, clipped] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    sum += first[i]! + second[i]!;
    difference += first[i]! - second[i]!;
    if (first[i]! >= saturationLevel || second[i]! >= saturationLevel) clipped++;
  }
  if (clipped > MAX_CLIPPED * n) return undefined;
  // What both frames share (shading, PRNU, DSNU) cancels in the difference; a lamp's drift is its mean.
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (first[i]! - second[i]! - difference / n) ** 2;
  const variance = squares / (2 * (n - 1)) - (subtractQuantisation ? 1 / 12 : 0);
  const mean = sum / (2 * n) - blackLevel;
  if (!Number.isFinite(mean) || !Number.isFinite(variance)) {
    throw new MeasureError('values that are no numbers.', { field: `pairs[${index}]` });
  }
  return { mean, variance };
}

/**
 * Conversion gain and read noise by the photon transfer curve: shot noise makes the temporal variance rise with the mean
 * by the gain, from the read noise's square at no light. Janesick, "Photon Transfer", SPIE 2007, chapter 5; EMVA 1288
 * release 4.0, section 6.6. The line is fitted with the weights that each point's own statistics give it, since the
 * variance of a variance is its square over half the count.
 * @param pairs two frames per light level, at least two levels below saturation
 * @throws {MeasureError} where pairs do not match or levels do not differ
 */
export function photonTransfer(pairs: readonly FlatPair[], options: PhotonTransferOptions): PhotonTransfer {
  const points = pairs
    .map((pair, i) => ({ point: pointOf(pair, options, i), count: pair.first.length }))
    .filter((each): each is { point: TransferPoint; count: number } => each.point !== undefined)
    .sort((a, b) => a.point.mean - b.point.mean);
  const tooFew = () =>
    new MeasureError('two light levels or more, below saturation, are needed.', { field: 'pairs' });
  if (points.length < 2) throw tooFew();
  let line: number[] = [0, 0];
  for (let round = 0; round < ROUNDS; round++) {
    const weights = points.map(({ point, count }) => {
      const expected = round === 0 ? point.variance : line[0]! + line[1]! * point.mean;
      return count / Math.max(expected, 1e-9) ** 2;
    });
    const fit = leastSquares(
      points.map(({ point }) => [1, point.mean]),
      points.map(({ point }) => point.variance),
      weights,
    );
    if (fit === undefined) throw tooFew();
    line = fit;
  }
  const [atNoLight, gain] = line as [number, number];
  if (!(gain > 0)) {
    throw new MeasureError('the variance does not rise with the light: these are no raw values.', {
      field: 'pairs',
    });
  }
  return {
    gainDnPerElectron: gain,
    readNoiseElectrons: Math.sqrt(Math.max(0, atNoLight)) / gain,
    points: points.map(({ point }) => point),
  };
}
