import { inRange } from '../checks.js';
import { OpticsError } from '../OpticsError.js';
import { normalGlassIndex } from './dispersion.js';
import type { Medium } from './Lens.js';

/** Wavelengths that lenses may be traced at, nm: near ultraviolet to the edge of what silicon sees. */
export const LEAST_WAVELENGTH_NM = 180;
/** The other end of the range, nm. */
export const MOST_WAVELENGTH_NM = 2500;

/** Indices that are believed; what lies outside is a broken file. */
export const LEAST_INDEX = 0.9;
/** Germanium has 4.0. */
export const MOST_INDEX = 5;

function interpolated(wavelengthsNm: readonly number[], indices: readonly number[], at: number): number {
  const order = wavelengthsNm.map((_, index) => index);
  order.sort((a, b) => (wavelengthsNm[a] ?? 0) - (wavelengthsNm[b] ?? 0));
  const first = order[0];
  const last = order[order.length - 1];
  if (first === undefined || last === undefined || wavelengthsNm.length !== indices.length)
    throw new OpticsError('an index table needs as many indices as wavelengths, and at least one.', {
      field: 'medium.indices',
    });
  if (order.length === 1) return indices[first] ?? 1;
  // Linear in 1/λ², which dispersion nearly is; beyond the ends the last two entries go on.
  const x = (index: number): number => 1 / (wavelengthsNm[index] ?? 1) ** 2;
  let k = 1;
  while (k < order.length - 1 && (wavelengthsNm[order[k] ?? 0] ?? 0) < at) k++;
  const a = order[k - 1] ?? first;
  const b = order[k] ?? last;
  const share = (1 / at ** 2 - x(a)) / (x(b) - x(a));
  return (indices[a] ?? 1) + share * ((indices[b] ?? 1) - (indices[a] ?? 1));
}

function dispersion(medium: Medium, wavelengthNm: number): number {
  const l2 = (wavelengthNm / 1000) ** 2;
  switch (medium.kind) {
    case 'air':
      return 1;
    case 'constant':
      return medium.index;
    case 'abbe':
      return normalGlassIndex(medium.nd, medium.vd, wavelengthNm);
    case 'sellmeier': {
      let square = 1;
      for (let k = 0; k < medium.b.length; k++)
        square += ((medium.b[k] ?? 0) * l2) / (l2 - (medium.c[k] ?? 0));
      return Math.sqrt(square);
    }
    case 'powers': {
      let square = 0;
      for (let k = 0; k < medium.a.length; k++)
        square += (medium.a[k] ?? 0) * (wavelengthNm / 1000) ** (medium.powers[k] ?? 0);
      return Math.sqrt(square);
    }
    case 'table':
      return interpolated(medium.wavelengthsNm, medium.indices, wavelengthNm);
  }
}

/**
 * Index of a medium relative to air.
 * @param medium what it is
 * @param wavelengthNm wavelength in air, {@link LEAST_WAVELENGTH_NM} to {@link MOST_WAVELENGTH_NM}
 * @throws {OpticsError} where the wavelength or the index that comes out is unphysical
 */
export function refractiveIndex(medium: Medium, wavelengthNm: number): number {
  inRange('wavelengthNm', wavelengthNm, LEAST_WAVELENGTH_NM, MOST_WAVELENGTH_NM);
  const index = dispersion(medium, wavelengthNm);
  const name = 'name' in medium && medium.name !== undefined ? `medium ${medium.name}` : 'medium';
  return inRange(`${name}, index at ${wavelengthNm} nm`, index, LEAST_INDEX, MOST_INDEX);
}
