import { positive } from '../checks.js';
import { OpticsError } from '../OpticsError.js';
import type { Lens } from './Lens.js';
import { findBundle } from './pupils.js';
import { type OpticalSystem, opticalSystem, type SystemOptions } from './system.js';
import { traceRay } from './trace.js';

/** Rays from the axis to the edge of the bundle that the blur disc is measured by. */
const RAYS = 16;
/** Halvings of the interval that a limit of the depth of field is searched in. */
const HALVINGS = 60;
/** Nearest point that is tried, as a share of the focus distance. */
const NEAREST_SHARE = 1e-3;

/**
 * Diameter of the disc that a point on the axis draws, mm, by exact rays: twice the distance of the ray that lands farthest
 * out, the bundle's edge included.
 * @param distanceM distance of the point from the entrance pupil; Infinity is allowed
 * @throws {OpticsError} where no ray passes
 */
export function tracedBlurMm(system: OpticalSystem, distanceM: number): number {
  const bundle = findBundle(system, { angleRad: 0, distanceM });
  if (bundle === undefined) {
    throw new OpticsError(`${system.lens.name}: no ray from ${distanceM} m on the axis passes.`, {
      field: 'distanceM',
    });
  }
  let farthest = 0;
  for (let k = 1; k <= RAYS; k++) {
    const a = (bundle.mostAMm * k) / RAYS;
    const length = distanceM === Infinity ? 1 : Math.hypot(a, 1000 * distanceM);
    const [sin, cos] = distanceM === Infinity ? [0, 1] : [a / length, (1000 * distanceM) / length];
    const ray = traceRay(system, [0, a, system.pupilMm, 0, sin, cos], { clip: false });
    if (ray.fate === 'passed') farthest = Math.max(farthest, Math.abs(ray.point[1]));
  }
  return 2 * farthest;
}

/** Limits of what is sharp, from the entrance pupil, m. */
export interface TracedDepthOfField {
  readonly nearM: number;
  /** Infinity where the farthest point's disc is still small enough. */
  readonly farM: number;
}

/**
 * Depth of field by exact rays: the distances before and behind the focus at which the disc of a point on the axis reaches a
 * diameter.
 * @param options focus and aperture; the focus distance has to be given
 * @param circleMm circle of confusion, mm
 * @throws {OpticsError} where even the plane in focus is blurred more than that
 */
export function tracedDepthOfField(
  lens: Lens,
  options: SystemOptions & { readonly focusDistanceM: number },
  circleMm: number,
): TracedDepthOfField {
  positive('circleMm', circleMm);
  const system = opticalSystem(lens, options);
  const focus = 1 / options.focusDistanceM;
  const blurAt = (vergence: number): number => tracedBlurMm(system, vergence === 0 ? Infinity : 1 / vergence);
  const blur = blurAt(focus);
  if (blur > circleMm) {
    throw new OpticsError(
      `${circleMm} is not possible; the lens blurs the plane in focus to ${blur.toPrecision(3)} mm. Ask for a larger circle or stop down.`,
      { field: 'circleMm' },
    );
  }
  /** Vergence between a sharp and a blurred one at which the disc is as wide as the circle. */
  const limit = (sharp: number, blurred: number): number => {
    let [inside, outside] = [sharp, blurred];
    for (let k = 0; k < HALVINGS; k++) {
      const middle = (inside + outside) / 2;
      if (blurAt(middle) <= circleMm) inside = middle;
      else outside = middle;
    }
    return inside;
  };
  // The blur grows with the vergence; doubling its distance from the focus soon brackets the limit.
  let step = Math.max(focus, 1e-3) / 64;
  while (blurAt(focus + step) <= circleMm && step < Math.max(focus, 1) / NEAREST_SHARE) step *= 2;
  return {
    nearM: 1 / limit(focus, focus + step),
    farM: focus === 0 || blurAt(0) <= circleMm ? Infinity : 1 / limit(focus, 0),
  };
}
