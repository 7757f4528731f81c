import { OpticsError } from '../../OpticsError.js';
import type { Lens, Surface } from '../Lens.js';
import { entrancePupil, paraxialFigures, paraxialLens, rayMatrix, stopOf } from '../paraxial.js';

/** How files state the aperture. */
export type ApertureStated =
  /** Diameter of the entrance pupil, mm. */
  | { readonly kind: 'pupil'; readonly diameterMm: number }
  /** Focal length over the entrance pupil's diameter. */
  | { readonly kind: 'fNumber'; readonly fNumber: number }
  /** 1 / (2 tan u') at the image of the object that the lens is made for. */
  | { readonly kind: 'working'; readonly fNumber: number }
  /** n sin u of the marginal ray at the object. */
  | { readonly kind: 'objectAperture'; readonly numericalAperture: number };

/**
 * The lens with its stop as wide as a file says.
 * @throws {OpticsError} where that is not possible
 */
export function withAperture(lens: Lens, aperture: ApertureStated, place: { file?: string } = {}): Lens {
  const paraxial = paraxialLens(lens);
  const pupil = entrancePupil(paraxial, 1);
  const objectMm = lens.objectDistanceMm;
  const diameterMm = ((): number => {
    switch (aperture.kind) {
      case 'pupil':
        return aperture.diameterMm;
      case 'fNumber':
        return Math.abs(paraxialFigures(lens).focalLengthMm) / aperture.fNumber;
      case 'working': {
        if (objectMm === undefined) return Math.abs(paraxialFigures(lens).focalLengthMm) / aperture.fNumber;
        // An axial ray of slope 1 at the object leaves with c s + d.
        const { c, d } = rayMatrix(paraxial);
        return (objectMm + pupil.positionMm) / aperture.fNumber / Math.abs(c * objectMm + d);
      }
      case 'objectAperture':
        return objectMm === undefined
          ? Number.NaN
          : 2 * (objectMm + pupil.positionMm) * Math.tan(Math.asin(aperture.numericalAperture));
    }
  })();
  const radiusMm = (Math.abs(diameterMm) / 2) * Math.abs(pupil.stopMagnification);
  if (!(radiusMm > 0 && Number.isFinite(radiusMm)))
    throw new OpticsError(
      `the aperture (${JSON.stringify(aperture)}) gives a stop of radius ${radiusMm} mm; it has to be greater than 0.`,
      { ...place, field: 'aperture' },
    );
  return withStopRadius(lens, radiusMm);
}

/** The lens with a stop of this radius, mm. */
export function withStopRadius(lens: Lens, radiusMm: number): Lens {
  const stop = stopOf(lens);
  return {
    ...lens,
    surfaces: lens.surfaces.map((one, k) => (k === stop ? { ...one, semiDiameterMm: radiusMm } : one)),
  };
}

/** Whether nothing happens at a surface: a plane within one medium that limits nothing, as programs use to mark places. */
export interface Marked extends Surface {
  /** The clear radius is meant, not merely what a program computed for drawing. */
  readonly limits: boolean;
}

/**
 * Surfaces without those at which nothing happens; their thicknesses go to their neighbours.
 * @returns the surfaces, and by how much the first vertex moved away from the object
 */
export function withoutMarks(marked: readonly Marked[]): { surfaces: Surface[]; movedMm: number } {
  const surfaces: Surface[] = [];
  let movedMm = 0;
  let before = JSON.stringify({ kind: 'air' });
  for (const { limits, ...surface } of marked) {
    const medium = JSON.stringify(surface.medium);
    const idle =
      medium === before &&
      !limits &&
      !surface.stop &&
      surface.reflects !== true &&
      surface.idealPowerPerMm === undefined &&
      surface.obscurationMm === undefined &&
      !Number.isFinite(surface.radiusMm) &&
      surface.asphere.every((value) => value === 0) &&
      (surface.radial ?? []).every((value) => value === 0);
    before = medium;
    const last = surfaces.pop();
    if (!idle) {
      if (last !== undefined) surfaces.push(last);
      surfaces.push(surface);
    } else if (last === undefined) {
      movedMm += surface.thicknessMm;
    } else {
      surfaces.push({ ...last, thicknessMm: last.thicknessMm + surface.thicknessMm });
    }
  }
  return { surfaces, movedMm };
}
