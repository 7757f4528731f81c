import type { Surface } from '../Lens.js';
import { paraxialLens, paraxialRay } from '../paraxial.js';

/**
 * Number of the surface that limits the bundle of a far point on the axis, to first order: the stop of a lens whose file
 * names none.
 */
export function limitingSurface(surfaces: readonly Surface[], wavelengthNm: number): number {
  const first = surfaces.map((surface, k) => ({ ...surface, stop: k === 0 }));
  const { heightsMm } = paraxialRay(
    paraxialLens({ name: '', source: '', surfaces: first, wavelengthNm, stated: {} }),
    1,
    0,
  );
  let least = 0;
  let room = Number.POSITIVE_INFINITY;
  for (const [k, surface] of surfaces.entries()) {
    const share = surface.semiDiameterMm / Math.abs(heightsMm[k] ?? 0);
    if (share < room) {
      room = share;
      least = k;
    }
  }
  return least;
}
