import { inRange } from '../checks.js';
import { OpticsError } from '../OpticsError.js';
import type { RadialTable } from './LensDrawing.js';

/** Samples across a point spread function: a larger table would not fit a thread's memory over field, depth and channel. */
export const MAX_PSF_SIZE = 513;
/** Entries of the tables over the distance from the centre: linear between them, a fisheye is right to half a micrometre. */
const RADIAL_ENTRIES = 257;
/** Closest distance of a point, m. */
export const NEAREST_M = 0.01;

/** A table over [0, endMm] of a function of the distance from the image centre. */
export function radialTable(endMm: number, at: (rMm: number) => number): RadialTable {
  const stepMm = endMm / (RADIAL_ENTRIES - 1);
  return { stepMm, values: Float64Array.from({ length: RADIAL_ENTRIES }, (_, i) => at(i * stepMm)) };
}

/**
 * The distances sorted by ascending vergence, twins dropped.
 * @throws {OpticsError} where one is not possible or none is given
 */
export function byVergence(depthsM: readonly number[]): number[] {
  if (depthsM.length === 0)
    throw new OpticsError('no depth is not possible; give one at least.', { field: 'depthsM' });
  for (const [i, depthM] of depthsM.entries())
    if (depthM !== Infinity) inRange(`depthsM[${i}]`, depthM, NEAREST_M, Number.MAX_VALUE);
  return [...new Set(depthsM)].sort((a, b) => b - a);
}

/**
 * Brings a point spread function's sum to 1: the light that falls beyond the table is spread evenly over it. Raising all samples
 * instead would raise the contrast of every detail by as much (1.3 % for an Airy pattern of 32 λN across).
 */
export function withVeil(psf: Float64Array): Float64Array {
  const sum = psf.reduce((total, value) => total + value, 0);
  const veil = Math.max(0, 1 - sum) / psf.length;
  const scale = 1 / Math.max(1, sum);
  return psf.map((value) => value * scale + veil);
}
