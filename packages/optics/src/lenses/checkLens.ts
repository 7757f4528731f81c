import { OpticsError } from '../OpticsError.js';
import { LEAST_INDEX, MOST_INDEX, refractiveIndex } from './glass.js';
import type { Lens, Surface } from './Lens.js';

/** Surfaces of a lens; the largest lithography lenses have about sixty. */
export const MOST_SURFACES = 400;
/** Lengths of a lens, mm: a hundred metres. */
export const MOST_LENGTH_MM = 1e5;
/** Radii of curvature and thicknesses of files that mean infinity by a large number: beyond it a surface is a plane. */
export const PLANE_RADIUS_MM = 1e9;
/** The strongest curve, mm. */
export const LEAST_RADIUS_MM = 1e-4;
/** Conic constants; strongly aspheric phone lenses reach hundreds. */
export const MOST_CONIC = 1e6;
/** Coefficients of one surface. */
export const MOST_COEFFICIENTS = 40;

/** Where a lens was read from. */
interface Place {
  readonly file?: string;
}

function checkSurface(surface: Surface, k: number, wavelengthNm: number, place: Place): void {
  const refuse = (name: string, value: unknown, allowed: string): never => {
    throw new OpticsError(`${String(value)} is not possible; allowed ${allowed}.`, {
      ...place,
      field: `surfaces[${k}].${name}`,
    });
  };
  const { radiusMm, conic, thicknessMm, semiDiameterMm } = surface;
  if (Number.isNaN(radiusMm) || Math.abs(radiusMm) < LEAST_RADIUS_MM)
    refuse('radiusMm', radiusMm, `are magnitudes from ${LEAST_RADIUS_MM}, Infinity for a plane`);
  if (!(Math.abs(conic) <= MOST_CONIC)) refuse('conic', conic, `are magnitudes to ${MOST_CONIC}`);
  if (!(Math.abs(thicknessMm) <= MOST_LENGTH_MM))
    refuse('thicknessMm', thicknessMm, `are magnitudes to ${MOST_LENGTH_MM}`);
  if (!(semiDiameterMm > 0)) refuse('semiDiameterMm', semiDiameterMm, 'are numbers greater than 0');
  if (!((surface.obscurationMm ?? 0) >= 0 && (surface.obscurationMm ?? 0) < semiDiameterMm))
    refuse('obscurationMm', surface.obscurationMm, 'are 0 to the semi-diameter');
  if (!Number.isFinite(surface.idealPowerPerMm ?? 0))
    refuse('idealPowerPerMm', surface.idealPowerPerMm, 'are finite numbers');
  for (const [name, list] of [
    ['asphere', surface.asphere],
    ['radial', surface.radial ?? []],
  ] as const) {
    if (list.length > MOST_COEFFICIENTS)
      refuse(name, `${list.length} coefficients`, `are ${MOST_COEFFICIENTS}`);
    for (const [i, value] of list.entries())
      if (!Number.isFinite(value)) refuse(`${name}[${i}]`, value, 'are finite numbers');
  }
  const { medium } = surface;
  if (medium.kind === 'abbe' && !(medium.vd > 0 && medium.vd < 1000))
    refuse('medium.vd', medium.vd, 'are numbers greater than 0 and below 1000');
  try {
    refractiveIndex(medium, wavelengthNm);
  } catch (error) {
    if (!(error instanceof OpticsError)) throw error;
    refuse('medium', error.message, `are indices from ${LEAST_INDEX} to ${MOST_INDEX}`);
  }
}

/**
 * A lens whose numbers are all possible.
 * @param lens what a file or a caller says
 * @param place file, for messages
 * @throws {OpticsError} that names the surface, the field, the value and what is allowed
 */
export function checkLens(lens: Lens, place: Place = {}): Lens {
  const count = lens.surfaces.length;
  if (count < 1 || count > MOST_SURFACES)
    throw new OpticsError(`${count} surfaces are not possible; allowed are 1 to ${MOST_SURFACES}.`, {
      ...place,
      field: 'surfaces',
    });
  for (const [k, surface] of lens.surfaces.entries()) checkSurface(surface, k, lens.wavelengthNm, place);
  const stops = lens.surfaces.filter((surface) => surface.stop).length;
  if (stops !== 1)
    throw new OpticsError(`${stops} aperture stops; a lens has exactly one.`, {
      ...place,
      field: 'surfaces[].stop',
    });
  const objectMm = lens.objectDistanceMm;
  if (objectMm !== undefined && !(Math.abs(objectMm) <= MOST_LENGTH_MM))
    throw new OpticsError(
      `${objectMm} is not possible; allowed are magnitudes to ${MOST_LENGTH_MM}; leave it out for infinity.`,
      { ...place, field: 'objectDistanceMm' },
    );
  return lens;
}
