import { OpticsError } from '../OpticsError.js';
import type { Lens, Medium } from './Lens.js';
import { paraxialFigures } from './paraxial.js';

/**
 * The lens turned round: what was its rear looks at the object. The image plane is put at the new paraxial focus.
 * @throws {OpticsError} for lenses with mirrors, whose light cannot be run backwards by turning the order alone
 */
export function reverseLens(lens: Lens): Lens {
  if (lens.surfaces.some((surface) => surface.reflects === true))
    throw new OpticsError(`${lens.name}: lenses with mirrors cannot be turned round.`, {
      field: 'surfaces[].reflects',
    });
  const count = lens.surfaces.length;
  const air: Medium = { kind: 'air' };
  const { objectDistanceMm: _, ...rest } = lens;
  const turned: Lens = {
    ...rest,
    name: `${lens.name}, reversed`,
    stated: {},
    surfaces: lens.surfaces
      .map((surface, k) => ({
        ...surface,
        radiusMm: -surface.radiusMm,
        asphere: surface.asphere.map((value) => -value),
        ...(surface.radial === undefined ? {} : { radial: surface.radial.map((value) => -value) }),
        medium: lens.surfaces[k - 1]?.medium ?? air,
        thicknessMm: lens.surfaces[k - 1]?.thicknessMm ?? 0,
      }))
      .reverse(),
  };
  const thicknessMm = paraxialFigures(turned).backFocusMm;
  return {
    ...turned,
    surfaces: turned.surfaces.map((surface, k) => (k === count - 1 ? { ...surface, thicknessMm } : surface)),
  };
}
