import { inRange, positive } from '../checks.js';

/** Most electrons that are taken for possible: far above any photosite's. */
const MAX_ELECTRONS = 1e9;

function electrons(field: string, value: number): number {
  return inRange(field, value, 0, MAX_ELECTRONS);
}

/** What adds noise to a signal. */
export interface NoiseSources {
  /** Electrons by light. */
  readonly signalE: number;
  /** Electrons by heat in the exposure: their shot noise; their mean is subtracted. 0 where not given. */
  readonly darkE?: number;
  /** Noise of reading, electrons rms. */
  readonly readNoiseE: number;
  /** Photo-response non-uniformity, relative rms; 0 where not given. */
  readonly prnu?: number;
}

/**
 * Noise of one sample, electrons rms: √(S + D + R² + (PRNU S)²); shot noise of light and heat is Poisson's (EMVA 1288;
 * Janesick, Photon Transfer).
 */
export function noiseE({ signalE, darkE = 0, readNoiseE, prnu = 0 }: NoiseSources): number {
  return Math.hypot(
    Math.sqrt(electrons('signalE', signalE) + electrons('darkE', darkE)),
    electrons('readNoiseE', readNoiseE),
    inRange('prnu', prnu, 0, 1) * signalE,
  );
}

/** Signal over {@link noiseE}; 0 without signal. */
export function signalToNoise(sources: NoiseSources): number {
  return sources.signalE === 0 ? 0 : sources.signalE / noiseE(sources);
}

/** A ratio of amplitudes in decibels: 20 lg (EMVA 1288, ISO 15739). */
export function decibels(ratio: number): number {
  return 20 * Math.log10(positive('ratio', ratio));
}

/** Noise of rounding to levels, electrons rms: the width of a level over √12 (Janesick, Photon Transfer). */
export function quantisationNoiseE(fullWellE: number, bitDepth: number): number {
  return positive('fullWellE', fullWellE) / (2 ** inRange('bitDepth', bitDepth, 1, 32) - 1) / Math.sqrt(12);
}

/** How one reading of a photosite is bounded. */
export interface GainReading {
  /** Electrons that fill it. */
  readonly fullWellE: number;
  /** Noise in the dark, electrons rms. */
  readonly readNoiseE: number;
  /** Bits of the converter whose levels span the full well; no rounding where it is not given. */
  readonly bitDepth?: number;
}

/** What lies between the darkest and the brightest. */
export interface DynamicRange {
  /** Noise in the dark with the rounding's, electrons rms. */
  readonly floorE: number;
  readonly stops: number;
  readonly decibels: number;
}

function range(fullWellE: number, floorE: number): DynamicRange {
  const ratio = positive('fullWellE', fullWellE) / positive('readNoiseE', floorE);
  return { floorE, stops: Math.log2(ratio), decibels: decibels(ratio) };
}

/**
 * Engineering dynamic range of a photosite: full well over noise in the dark. A picture scaled down by n in each direction
 * gains log₂ n stops; one that asks for a signal-to-noise ratio above 1 in its shadows has less.
 */
export function dynamicRange({ fullWellE, readNoiseE, bitDepth }: GainReading): DynamicRange {
  const rounding = bitDepth === undefined ? 0 : quantisationNoiseE(fullWellE, bitDepth);
  return range(fullWellE, Math.hypot(electrons('readNoiseE', readNoiseE), rounding));
}

/**
 * Dynamic range of one exposure that is read twice, at a low and at a high conversion gain, and merged: bright parts from
 * the low gain, dark ones from the high gain, whose full well is smaller and whose noise is less.
 */
export function dualGainDynamicRange(low: GainReading, high: GainReading): DynamicRange {
  return range(low.fullWellE, dynamicRange(high).floorE);
}

/** Noise of reading, electrons rms, of a signal in a merged exposure: the high gain's unless the signal fills that. */
export function dualGainReadNoiseE(signalE: number, low: GainReading, high: GainReading): number {
  return dynamicRange(electrons('signalE', signalE) <= high.fullWellE ? high : low).floorE;
}

/** How photosites are put together: their charge before it is read, or their numbers afterwards. */
export type BinningKind = 'charge' | 'digital';

/** Figures of a photosite, or of several put together. */
export interface PhotositeFigures {
  readonly fullWellE: number;
  readonly readNoiseE: number;
  /** Relative rms. */
  readonly prnu: number;
}

/**
 * Figures of `count` photosites as one sample. Signal and full well add up; the noise of reading comes once where charge
 * is summed, and √count times where numbers are; photosites' unevenness averages out (Janesick, Photon Transfer). A
 * charge sum may be bounded by what it is read on: `limitE`.
 */
export function binned(
  { fullWellE, readNoiseE, prnu }: PhotositeFigures,
  count: number,
  kind: BinningKind,
  limitE = Number.POSITIVE_INFINITY,
): PhotositeFigures {
  inRange('count', count, 1, 1024);
  const sum = positive('fullWellE', fullWellE) * count;
  return {
    fullWellE: kind === 'charge' ? Math.min(sum, limitE) : sum,
    readNoiseE: electrons('readNoiseE', readNoiseE) * (kind === 'charge' ? 1 : Math.sqrt(count)),
    prnu: inRange('prnu', prnu, 0, 1) / Math.sqrt(count),
  };
}
