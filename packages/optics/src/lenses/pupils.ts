import { inRange } from '../checks.js';
import { OpticsError } from '../OpticsError.js';
import type { OpticalSystem } from './system.js';
import { RAY_LENGTH, surfaceSagMm, TRACED_LENGTH, traceRays, traceToSurface } from './trace.js';

/** A point that light comes from, in the y–z plane. */
export interface FieldPoint {
  /**
   * Angle of the direction to it from the axis, seen from the entrance pupil, radians, within ±89°. Light of a positive angle
   * runs towards +y and an ordinary lens draws the point at +y.
   */
  readonly angleRad: number;
  /** Distance from the entrance pupil along the axis, m; Infinity where it is left out. */
  readonly distanceM?: number;
}

/** Fields stay short of grazing, radians. */
export const MOST_FIELD_RAD = (89 * Math.PI) / 180;
/** Points farther away than this are at infinity, m. */
const FARTHEST_M = 1e6;
/** Rays across the front element that look for the bundle; the stop of a fisheye at f/16 is a fiftieth of it. */
const SCAN = 512;
/** Chords of the bundle that its width is measured at. */
const CHORDS = 33;
/** Halvings of an interval: to a part in 10⁹ of it. */
const HALVINGS = 30;

/**
 * The bundle of rays from a point that passes a lens, as a box in the plane across the chief direction through the centre of
 * the entrance pupil. a runs in the y–z plane (towards +y), b along x; the bundle is symmetric in b.
 */
export interface Bundle {
  readonly leastAMm: number;
  readonly mostAMm: number;
  /** Half the width in x, mm. */
  readonly halfBMm: number;
  /** Where the ray through the centre of the stop lies; undefined where there is none. It may itself be vignetted. */
  readonly chiefAMm: number | undefined;
}

/** Writes the ray of a point through (a, b); the start of all rays of a point lies on one wavefront. */
class Launcher {
  private readonly sin: number;
  private readonly cos: number;
  private readonly pupilMm: number;
  /** Distance of the point from the pupil's centre, mm. */
  private readonly away: number;

  constructor(system: OpticalSystem, field: FieldPoint) {
    const angle = inRange('angleRad', field.angleRad, -MOST_FIELD_RAD, MOST_FIELD_RAD);
    const distance = field.distanceM ?? Number.POSITIVE_INFINITY;
    if (!(distance > 0))
      throw new OpticsError(
        `${distance} is not possible; it has to be greater than 0, Infinity is allowed.`,
        {
          field: 'distanceM',
        },
      );
    this.sin = Math.sin(angle);
    this.cos = Math.cos(angle);
    this.pupilMm = system.pupilMm;
    this.away = distance > FARTHEST_M ? Number.POSITIVE_INFINITY : (distance * 1000) / this.cos;
  }

  /** @returns flux of the ray per area of the plane, relative to that at the pupil's centre */
  write(rays: Float64Array, at: number, a: number, b: number): number {
    const { sin, cos, pupilMm, away } = this;
    const y = a * cos;
    const z = pupilMm - a * sin;
    if (away === Number.POSITIVE_INFINITY) {
      rays[at] = b;
      rays[at + 1] = y;
      rays[at + 2] = z;
      rays[at + 3] = 0;
      rays[at + 4] = sin;
      rays[at + 5] = cos;
      return 1;
    }
    const fromY = -away * sin;
    const fromZ = pupilMm - away * cos;
    const length = Math.sqrt(b * b + (y - fromY) ** 2 + (z - fromZ) ** 2);
    rays[at] = 0;
    rays[at + 1] = fromY;
    rays[at + 2] = fromZ;
    rays[at + 3] = b / length;
    rays[at + 4] = (y - fromY) / length;
    rays[at + 5] = (z - fromZ) / length;
    return (away / length) ** 3;
  }
}

/** Range of a in which rays meet the front element. */
function frontRange(system: OpticalSystem, angleRad: number): { least: number; most: number; half: number } {
  const { semiDiameterMm, vertexMm, pupilMm, pupilRadiusMm } = system;
  const sin = Math.sin(angleRad);
  const cos = Math.cos(angleRad);
  const front = semiDiameterMm[0] ?? 0;
  const half = Number.isFinite(front)
    ? front
    : 4 * pupilRadiusMm + 2 * Math.abs(pupilMm * Math.tan(angleRad));
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let k = -16; k <= 16; k++) {
    const y = (half * k) / 16;
    const sag = surfaceSagMm(system, 0, Math.abs(y));
    const z = (vertexMm[0] ?? 0) + (Number.isFinite(sag) ? sag : 0) - pupilMm;
    const a = y * cos - z * sin;
    least = Math.min(least, a);
    most = Math.max(most, a);
  }
  return { least, most, half };
}

/**
 * Finds the bundle of a point that passes the lens, by scanning the whole front element: pupils that wander, tilt and are
 * vignetted are found where they are, without aiming from a paraxial guess.
 * @param system prepared lens
 * @param field point that light comes from
 * @returns undefined where no ray passes
 */
export function findBundle(system: OpticalSystem, field: FieldPoint): Bundle | undefined {
  const launcher = new Launcher(system, field);
  const { least, most, half } = frontRange(system, field.angleRad);
  const ray = new Float64Array(RAY_LENGTH);
  const traced = new Float64Array(TRACED_LENGTH);
  const flag = new Uint8Array(1);
  const passes = (a: number, b: number): boolean => {
    launcher.write(ray, 0, a, b);
    return traceRays(system, ray, 1, traced, flag) === 1;
  };
  const heightAtStop = (a: number): number => {
    launcher.write(ray, 0, a, 0);
    return traceToSurface(system, ray, traced, system.stop) ? (traced[1] ?? Number.NaN) : Number.NaN;
  };
  const edge = (inside: number, outside: number, at: (value: number) => boolean): number => {
    let [good, bad] = [inside, outside];
    for (let k = 0; k < HALVINGS; k++) {
      const middle = (good + bad) / 2;
      if (at(middle)) good = middle;
      else bad = middle;
    }
    return good;
  };

  const step = (most - least) / SCAN;
  let first = Number.NaN;
  let last = Number.NaN;
  const chiefs: number[] = [];
  let before = Number.NaN;
  for (let k = 0; k <= SCAN; k++) {
    const a = least + k * step;
    if (passes(a, 0)) {
      if (Number.isNaN(first)) first = a;
      last = a;
    }
    const height = heightAtStop(a);
    if (height === 0) chiefs.push(a);
    else if (before * height < 0) {
      const sign = Math.sign(before);
      chiefs.push(edge(a - step, a, (value) => heightAtStop(value) * sign > 0));
    }
    before = height;
  }
  // Of several crossings of the stop's centre, the one that passes, or the nearest to the pupil's centre.
  chiefs.sort((a, b) => Number(passes(b, 0)) - Number(passes(a, 0)) || Math.abs(a) - Math.abs(b));
  const chiefAMm = chiefs[0];
  if (chiefAMm !== undefined && passes(chiefAMm, 0)) {
    first = Number.isNaN(first) ? chiefAMm : Math.min(first, chiefAMm);
    last = Number.isNaN(last) ? chiefAMm : Math.max(last, chiefAMm);
  }
  if (Number.isNaN(first)) return undefined;
  const leastAMm = edge(first, first - step, (a) => passes(a, 0));
  const mostAMm = edge(last, last + step, (a) => passes(a, 0));
  const widest = half * (1 + EDGE_MARGIN);
  const widthOf = (steps: number): number => {
    let width = 0;
    for (let k = 0; k < CHORDS; k++) {
      const a = leastAMm + ((mostAMm - leastAMm) * (k + 0.5)) / CHORDS;
      // From outside: an obscuration may cut the middle of a chord. Only what is wider than known already is looked at.
      const across = widest / steps;
      let inside = width > 0 && passes(a, width) ? width : Number.NaN;
      for (let b = widest - across; b > width; b -= across) {
        if (!passes(a, b)) continue;
        inside = b;
        break;
      }
      if (!Number.isNaN(inside)) width = edge(inside, inside + across, (value) => passes(a, value));
    }
    return width;
  };
  // Coarsely first: most bundles are wide; a narrow one falls between the steps.
  const halfBMm = widthOf(SCAN / 8) || widthOf(SCAN);
  return { leastAMm, mostAMm, halfBMm, chiefAMm };
}

/** The search for the width starts this much beyond the front element's edge, relative. */
const EDGE_MARGIN = 1e-3;

/** Rays of a point on a regular grid over its bundle. */
export interface PupilGrid {
  /** Rays across a and across b; row by row of constant a, both ascending, at the centres of cells. */
  readonly samples: number;
  /** {@link RAY_LENGTH} numbers each, samples² rays; those outside of the bundle are among them, for the trace to drop. */
  readonly rays: Float64Array;
  /** Flux that each ray stands for: mm² of the wavefront; for near points, relative to the point's intensity likewise. */
  readonly weights: Float64Array;
  readonly bundle: Bundle;
  /** Size of a cell, mm. */
  readonly stepAMm: number;
  readonly stepBMm: number;
}

/**
 * Samples the bundle of a point with equal cells of the wavefront: counts of passing rays are proportional to flux.
 * @param system prepared lens
 * @param field point that light comes from
 * @param samples rays across, 2 to 4096
 * @param bundle what {@link findBundle} found, where it is known already
 * @throws {OpticsError} where no ray passes the lens
 */
export function pupilGrid(
  system: OpticalSystem,
  field: FieldPoint,
  samples: number,
  bundle: Bundle | undefined = findBundle(system, field),
): PupilGrid {
  inRange('samples', samples, 2, 4096);
  if (bundle === undefined)
    throw new OpticsError(
      `no ray from ${((field.angleRad * 180) / Math.PI).toFixed(2)}° passes ${system.lens.name}; take a smaller angle.`,
      { field: 'angleRad' },
    );
  const launcher = new Launcher(system, field);
  const stepAMm = (bundle.mostAMm - bundle.leastAMm) / samples;
  const stepBMm = (2 * bundle.halfBMm) / samples;
  const rays = new Float64Array(samples * samples * RAY_LENGTH);
  const weights = new Float64Array(samples * samples);
  for (let row = 0; row < samples; row++) {
    const a = bundle.leastAMm + (row + 0.5) * stepAMm;
    for (let column = 0; column < samples; column++) {
      const ray = row * samples + column;
      const b = (column + 0.5) * stepBMm - bundle.halfBMm;
      weights[ray] = launcher.write(rays, ray * RAY_LENGTH, a, b) * stepAMm * stepBMm;
    }
  }
  return { samples, rays, weights, bundle, stepAMm, stepBMm };
}

/**
 * The ray through the centre of the stop, whether or not clear apertures let it pass.
 * @returns {@link RAY_LENGTH} numbers; undefined where no ray of the point crosses the stop's centre
 */
export function chiefRay(system: OpticalSystem, field: FieldPoint): Float64Array | undefined {
  const bundle = findBundle(system, field);
  if (bundle?.chiefAMm === undefined) return undefined;
  const ray = new Float64Array(RAY_LENGTH);
  new Launcher(system, field).write(ray, 0, bundle.chiefAMm, 0);
  return ray;
}

/** Where the rays of a point meet the image plane. */
export interface SpotDiagram {
  /** x and y of each passing ray, mm. */
  readonly points: Float64Array;
  /** Flux of each. */
  readonly weights: Float64Array;
  /** Height of the centroid, mm. */
  readonly centroidMm: number;
  /** Root mean square distance from the centroid, mm. */
  readonly rmsMm: number;
  /** Move of the image plane, mm, under which the spot is smallest. */
  readonly bestShiftMm: number;
  /** Flux that passes, mm² of the wavefront. */
  readonly flux: number;
}

/**
 * Spot diagram of a point.
 * @param system prepared lens
 * @param field point that light comes from
 * @param samples rays across the pupil
 * @throws {OpticsError} where no ray passes
 */
export function spotDiagram(system: OpticalSystem, field: FieldPoint, samples: number): SpotDiagram {
  const grid = pupilGrid(system, field, samples);
  const count = samples * samples;
  const traced = new Float64Array(count * TRACED_LENGTH);
  const passed = new Uint8Array(count);
  const passes = traceRays(system, grid.rays, count, traced, passed);
  const points = new Float64Array(2 * passes);
  const weights = new Float64Array(passes);
  const slopes = new Float64Array(2 * passes);
  let kept = 0;
  let flux = 0;
  let y0 = 0;
  let m0 = 0;
  for (let ray = 0; ray < count; ray++) {
    if (passed[ray] !== 1) continue;
    const at = ray * TRACED_LENGTH;
    const weight = grid.weights[ray] ?? 0;
    const y = traced[at + 1] ?? 0;
    const dz = traced[at + 5] ?? 1;
    points[2 * kept] = traced[at] ?? 0;
    points[2 * kept + 1] = y;
    slopes[2 * kept] = (traced[at + 3] ?? 0) / dz;
    slopes[2 * kept + 1] = (traced[at + 4] ?? 0) / dz;
    weights[kept++] = weight;
    flux += weight;
    y0 += weight * y;
    m0 += weight * ((traced[at + 4] ?? 0) / dz);
  }
  y0 /= flux;
  m0 /= flux;
  let spread = 0;
  let mixed = 0;
  let steep = 0;
  for (let k = 0; k < kept; k++) {
    const weight = (weights[k] ?? 0) / flux;
    const x = points[2 * k] ?? 0;
    const y = (points[2 * k + 1] ?? 0) - y0;
    const mx = slopes[2 * k] ?? 0;
    const my = (slopes[2 * k + 1] ?? 0) - m0;
    spread += weight * (x * x + y * y);
    mixed += weight * (x * mx + y * my);
    steep += weight * (mx * mx + my * my);
  }
  return {
    points,
    weights,
    centroidMm: y0,
    rmsMm: Math.sqrt(spread),
    bestShiftMm: -mixed / steep,
    flux,
  };
}
