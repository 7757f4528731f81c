import { inRange } from '../checks.js';

/** Luminance of the code value 1, cd/m². */
export const PQ_PEAK = 10_000;

/** Constants of SMPTE ST 2084:2014, section 5.2. */
const M1 = 2610 / 16384;
const M2 = (2523 / 4096) * 128;
const C1 = 3424 / 4096;
const C2 = (2413 / 4096) * 32;
const C3 = (2392 / 4096) * 32;

/**
 * SMPTE ST 2084:2014 (PQ; ITU-R BT.2100-2, table 4), inverse EOTF: absolute luminance to a code value in [0, 1].
 * @param luminance cd/m²; below 0 counts as 0, above 10000 as 10000
 */
export function encodePq(luminance: number): number {
  const y = (Math.min(Math.max(luminance, 0), PQ_PEAK) / PQ_PEAK) ** M1;
  return ((C1 + C2 * y) / (1 + C3 * y)) ** M2;
}

/**
 * The inverse of {@link encodePq}: a code value in [0, 1] to cd/m².
 * @throws {MeasureError} for a code value outside
 */
export function decodePq(code: number): number {
  const e = inRange('code', code, 0, 1) ** (1 / M2);
  return PQ_PEAK * (Math.max(e - C1, 0) / (C2 - C3 * e)) ** (1 / M1);
}
