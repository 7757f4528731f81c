import { inRange, positive } from '../checks.js';
import type { PerfectPupil } from './perfectPsf.js';
import type { PupilMap } from './pupilMap.js';
import { type CosinePupil, cosinePupil, rayReachUm } from './tracedPsf.js';

/**
 * Which lines are imaged: *tangential* lines run along the tangent, across the radius, and show blur outward; *sagittal* lines
 * run along the radius and show blur sideways.
 */
export type LineDirection = 'tangential' | 'sagittal';

/** One wavelength's rays and their share in the light. */
export interface WeightedMap {
  readonly map: PupilMap;
  readonly weight: number;
}

/** Samples across the pupil for the autocorrelation, at least and at most. */
const LEAST_SAMPLES = 192;
const MOST_SAMPLES = 768;
/** Width of the pupil's edge in nodes: a soft edge, multiplied with itself, loses light. */
const EDGE_NODES = 0.5;

/** Complex optical transfer function of a pupil: its autocorrelation (Goodman, Introduction to Fourier Optics, 6.3). */
function autocorrelation(
  pupils: readonly [CosinePupil, CosinePupil],
  wavelengthMm: number,
  frequencyPerMm: number,
  direction: LineDirection,
  samples: number,
): { re: number; im: number } {
  const [ahead, behind] = pupils;
  const shift = wavelengthMm * frequencyPerMm;
  const shiftOut = direction === 'tangential' ? shift / 2 : 0;
  const shiftSide = direction === 'sagittal' ? shift / 2 : 0;
  const stepOut = (2 * ahead.halfOut) / samples;
  const stepSide = (2 * ahead.halfSide) / samples;
  const wave = (2 * Math.PI) / wavelengthMm;
  const one = { amplitude: 0, pathMm: 0 };
  const two = { amplitude: 0, pathMm: 0 };
  let re = 0;
  let im = 0;
  let whole = 0;
  for (let row = 0; row < samples; row++) {
    const side = (row + 0.5) * stepSide - ahead.halfSide;
    for (let column = 0; column < samples; column++) {
      const out = ahead.middleOut + (column + 0.5) * stepOut - ahead.halfOut;
      // The amplitude at the pupil's edge is the share of the sample that is clear: the sum is the pupil's area.
      ahead.at(out, side, one);
      whole += one.amplitude;
      ahead.at(out + shiftOut, side + shiftSide, one);
      if (one.amplitude === 0) continue;
      behind.at(out - shiftOut, side - shiftSide, two);
      const product = one.amplitude * two.amplitude;
      if (product === 0) continue;
      const phase = wave * (one.pathMm - two.pathMm);
      re += product * Math.cos(phase);
      im += product * Math.sin(phase);
    }
  }
  return { re: re / whole, im: im / whole };
}

/**
 * Contrast that a lens leaves, in [0,1], over the wavelengths of some light, from the wavefronts: the weighted sum of the
 * wavelengths' optical transfer functions about one place, so that lateral colour counts.
 * @param maps one point's rays by wavelength, of `pupilMap`
 * @param frequencyPerMm line pairs per mm on the sensor, 0 or more
 * @throws {OpticsError} for numbers that are not possible
 */
export function tracedMtf(
  maps: readonly WeightedMap[],
  frequencyPerMm: number,
  direction: LineDirection,
): number {
  if (inRange('frequencyPerMm', frequencyPerMm, 0, 1e5) === 0) return 1;
  let sum = 0;
  for (const [i, { weight }] of maps.entries())
    sum += inRange(`maps[${i}].weight`, weight, 0, Number.MAX_VALUE);
  positive('sum of weights', sum);
  const centreMm = maps.reduce((total, { map, weight }) => total + (weight / sum) * map.chiefMm, 0);
  let re = 0;
  let im = 0;
  for (const { map, weight } of maps) {
    // Eight samples for each turn of phase that rays as far apart as the whole blur make.
    const turns = 2 * frequencyPerMm * (rayReachUm(map) / 1000);
    const samples = Math.round(Math.min(MOST_SAMPLES, Math.max(LEAST_SAMPLES, 8 * turns)));
    const pupils = [cosinePupil(map, EDGE_NODES), cosinePupil(map, EDGE_NODES)] as const;
    const value = autocorrelation(pupils, map.wavelengthNm * 1e-6, frequencyPerMm, direction, samples);
    const shift = direction === 'tangential' ? map.chiefMm - centreMm : 0;
    const phase = -2 * Math.PI * frequencyPerMm * shift;
    re += (weight / sum) * (value.re * Math.cos(phase) - value.im * Math.sin(phase));
    im += (weight / sum) * (value.re * Math.sin(phase) + value.im * Math.cos(phase));
  }
  return Math.hypot(re, im);
}

/**
 * Contrast that a perfect lens leaves, in [-1,1] (negative: dark and bright are exchanged), with defocus and obstruction, by
 * its pupil's autocorrelation (Hopkins 1955).
 * @param frequencyPerMm line pairs per mm on the sensor, 0 or more
 * @throws {OpticsError} for numbers that are not possible
 */
export function perfectMtf(pupil: PerfectPupil, frequencyPerMm: number, wavelengthNm: number): number {
  const half = 1 / (2 * positive('workingFNumber', pupil.workingFNumber));
  const inner = inRange('obstruction', pupil.obstruction, 0, 0.99);
  const defocusMm = inRange('defocusUm', pupil.defocusUm, -1e6, 1e6) / 1000;
  const wavelengthMm = positive('wavelengthNm', wavelengthNm) * 1e-6;
  if (inRange('frequencyPerMm', frequencyPerMm, 0, 1e7) === 0) return 1;
  const turns = (16 * frequencyPerMm * pupil.workingFNumber * Math.abs(defocusMm)) | 0;
  const samples = Math.min(MOST_SAMPLES, Math.max(384, 8 * turns));
  const cell = (2.02 * half) / samples;
  const round: CosinePupil = {
    middleOut: 0,
    halfOut: 1.01 * half,
    halfSide: 1.01 * half,
    at(cosOut, cosSide, into) {
      const r = Math.hypot(cosOut, cosSide);
      into.amplitude =
        Math.min(1, Math.max(0, (half - r) / cell + 0.5)) *
        Math.min(1, Math.max(0, inner === 0 ? 1 : (r - inner * half) / cell + 0.5));
      into.pathMm = defocusMm * (r / half) ** 2;
    },
  };
  return autocorrelation([round, round], wavelengthMm, frequencyPerMm, 'sagittal', samples).re;
}

/**
 * Contrast of a point spread function given as samples: the amount of its Fourier transform over that at frequency 0.
 * @param psf `size * size` samples, columns outward, rows sideways
 * @param frequencyPerMm line pairs per mm on the sensor
 */
export function psfMtf(
  psf: ArrayLike<number>,
  size: number,
  stepUm: number,
  frequencyPerMm: number,
  direction: LineDirection,
): number {
  let re = 0;
  let im = 0;
  let sum = 0;
  const turn = (2 * Math.PI * frequencyPerMm * positive('stepUm', stepUm)) / 1000;
  for (let i = 0; i < size; i++) {
    let line = 0;
    for (let k = 0; k < size; k++) line += psf[direction === 'tangential' ? k * size + i : i * size + k];
    re += line * Math.cos(turn * i);
    im += line * Math.sin(turn * i);
    sum += line;
  }
  return Math.hypot(re, im) / sum;
}
