import { positive } from '../checks.js';
import type { Lens, StatedFigures, Surface } from './Lens.js';

function scaleSurface(surface: Surface, factor: number): Surface {
  return {
    ...surface,
    radiusMm: surface.radiusMm * factor,
    thicknessMm: surface.thicknessMm * factor,
    semiDiameterMm: surface.semiDiameterMm * factor,
    asphere: surface.asphere.map((value, k) => value / factor ** (2 * k + 3)),
    ...(surface.radial === undefined
      ? {}
      : { radial: surface.radial.map((value, k) => value / factor ** k) }),
    ...(surface.obscurationMm === undefined ? {} : { obscurationMm: surface.obscurationMm * factor }),
    ...(surface.idealPowerPerMm === undefined ? {} : { idealPowerPerMm: surface.idealPowerPerMm / factor }),
  };
}

/**
 * The same design in another size: all lengths times a factor, f-number and angles as they were. Aberrations in mm grow
 * with it, diffraction does not.
 * @param lens prescription
 * @param factor greater than 0
 * @throws {OpticsError} where the factor is not possible
 */
export function scaleLens(lens: Lens, factor: number): Lens {
  positive('factor', factor);
  const stated: { -readonly [key in keyof StatedFigures]: StatedFigures[key] } = { ...lens.stated };
  for (const key of ['focalLengthMm', 'backFocusMm', 'imageHeightMm'] as const) {
    const value = stated[key];
    if (value !== undefined) stated[key] = value * factor;
  }
  return {
    ...lens,
    surfaces: lens.surfaces.map((surface) => scaleSurface(surface, factor)),
    ...(lens.objectDistanceMm === undefined ? {} : { objectDistanceMm: lens.objectDistanceMm * factor }),
    stated,
  };
}
