import { checkLens } from '../checkLens.js';
import type { Lens } from '../Lens.js';
import { paraxialFigures } from '../paraxial.js';

/**
 * The lens with its image plane at the paraxial focus, for files that end at the last surface.
 * @throws {OpticsError} where the lens has no focus
 */
export function withBackFocus(lens: Lens, place: { file?: string } = {}): Lens {
  const thicknessMm = paraxialFigures(lens).backFocusMm;
  const last = lens.surfaces.length - 1;
  return checkLens(
    { ...lens, surfaces: lens.surfaces.map((one, k) => (k === last ? { ...one, thicknessMm } : one)) },
    place,
  );
}
