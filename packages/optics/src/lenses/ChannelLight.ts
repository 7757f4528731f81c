import { inRange } from '../checks.js';
import { OpticsError } from '../OpticsError.js';

/** The light that one colour channel counts: illuminant times sensitivity, as a few wavelengths with weights. */
export interface ChannelLight {
  readonly wavelengthsNm: readonly number[];
  /** Share of each wavelength in the channel's signal; scaled to the sum 1 where they are used. */
  readonly weights: readonly number[];
}

/** Light of the channels R, G, B. */
export type Channels = readonly [ChannelLight, ChannelLight, ChannelLight];

/**
 * Three bands of 60 nm about 605, 540 and 460 nm, the usual peaks of a camera's filters: assumed, where no measured
 * sensitivities are given.
 */
export const ASSUMED_CHANNELS: Channels = [605, 540, 460].map((peakNm) => ({
  wavelengthsNm: [peakNm - 30, peakNm, peakNm + 30],
  weights: [0.6, 1, 0.6],
})) as unknown as Channels;

/** Wavelengths that glasses and sensors are asked about, nm. */
const SHORTEST_NM = 300;
const LONGEST_NM = 1200;

/**
 * The channel with its weights scaled to the sum 1.
 * @param field name for the message
 * @throws {OpticsError} where there is no wavelength, the counts differ, or a weight is negative or all are 0
 */
export function normalisedChannel(field: string, channel: ChannelLight): ChannelLight {
  const { wavelengthsNm, weights } = channel;
  if (wavelengthsNm.length === 0 || wavelengthsNm.length !== weights.length) {
    throw new OpticsError(
      `${wavelengthsNm.length} wavelengths with ${weights.length} weights are not possible; give as many weights as wavelengths, and at least one.`,
      { field },
    );
  }
  for (const [i, wavelengthNm] of wavelengthsNm.entries())
    inRange(`${field}.wavelengthsNm[${i}]`, wavelengthNm, SHORTEST_NM, LONGEST_NM);
  for (const [i, weight] of weights.entries()) inRange(`${field}.weights[${i}]`, weight, 0, Number.MAX_VALUE);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (!(sum > 0) || !Number.isFinite(sum)) {
    throw new OpticsError(`weights that sum to ${sum} are not possible; one has to be greater than 0.`, {
      field,
    });
  }
  return { wavelengthsNm, weights: weights.map((weight) => weight / sum) };
}

/** Mean wavelength of a channel, nm, by its weights. */
export function meanWavelengthNm({ wavelengthsNm, weights }: ChannelLight): number {
  let sum = 0;
  let weighted = 0;
  for (const [i, weight] of weights.entries()) {
    sum += weight;
    weighted += weight * wavelengthsNm[i];
  }
  return weighted / sum;
}
