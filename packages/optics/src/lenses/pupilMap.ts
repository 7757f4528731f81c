import { inRange } from '../checks.js';
import { OpticsError } from '../OpticsError.js';
import { paraxialFigures } from './paraxial.js';
import { type Bundle, type FieldPoint, findBundle } from './pupils.js';
import type { OpticalSystem } from './system.js';
import { RAY_LENGTH, TRACED_LENGTH, traceRays, traceToSurface } from './trace.js';

/**
 * Which part of the pupil passes for a point, on a grid over the plane through the centre of the entrance pupil, across the
 * direction to the point. a runs in the meridian (towards +y), b along x; all is symmetric in b.
 */
export interface PupilCoverage {
  readonly field: FieldPoint;
  /** Nodes across a and across b, even; row by row of constant a, at the centres of cells. */
  readonly nodes: number;
  readonly stepAMm: number;
  readonly stepBMm: number;
  /** Of the first row, mm. */
  readonly firstAMm: number;
  /** Of the ray through the centre of the stop, mm. */
  readonly chiefAMm: number;
  /** Share of each node's cell whose rays pass all apertures, in [0,1]. */
  readonly shares: Float64Array;
  /** What passes, mm²: the vignetted entrance pupil, seen along the chief ray. */
  readonly areaMm2: number;
}

/**
 * What becomes of a point's rays at one wavelength, as if no aperture stopped them, by node of its {@link PupilCoverage}; NaN
 * where a ray is lost all the same. *Outward* is the direction on the image plane that leads from the axis to the point's
 * image, *sideways* the one across it; places are relative to the chief ray's.
 */
export interface PupilMap {
  readonly coverage: PupilCoverage;
  readonly wavelengthNm: number;
  /** Distance of the chief ray's image from the axis, mm. */
  readonly chiefMm: number;
  readonly outMm: Float64Array;
  readonly sideMm: Float64Array;
  /** Optical direction cosine (index times cosine) outward. */
  readonly cosOut: Float64Array;
  /** Optical direction cosine (index times cosine) sideways. */
  readonly cosSide: Float64Array;
  /**
   * Optical path from the point to the foot of the perpendicular from the chief ray's image on the ray, mm, less that of the
   * chief ray: how the wavefront differs from a sphere about that image whose radius is without bounds.
   */
  readonly pathMm: Float64Array;
  /** Distance of the image plane from the paraxial exit pupil, mm; ±Infinity for a telecentric lens. */
  readonly exitPupilMm: number;
}

const MOST_NODES = 1024;
/** Rays across with which a cell at the bundle's edge is measured. */
const EDGE_RAYS = 4;

/**
 * Puts rays of a point into a buffer. They start on the pupil's plane and not in the point: far away, the distance would
 * cost digits.
 */
class Starter {
  private readonly sin: number;
  private readonly cos: number;
  private readonly awayMm: number;

  constructor(
    private readonly system: OpticalSystem,
    { angleRad, distanceM = Infinity }: FieldPoint,
  ) {
    this.sin = Math.sin(angleRad);
    this.cos = Math.cos(angleRad);
    this.awayMm = (1000 * distanceM) / this.cos;
  }

  /** @returns optical path from the point to (a, b), mm, less that to the centre of the pupil */
  start(rays: Float64Array, ray: number, a: number, b: number): number {
    const { sin, cos, awayMm, system } = this;
    const at = ray * RAY_LENGTH;
    rays[at] = b;
    rays[at + 1] = a * cos;
    rays[at + 2] = system.pupilMm - a * sin;
    if (awayMm === Infinity) {
      rays[at + 3] = 0;
      rays[at + 4] = sin;
      rays[at + 5] = cos;
      return 0;
    }
    const length = Math.sqrt(awayMm * awayMm + a * a + b * b);
    rays[at + 3] = b / length;
    rays[at + 4] = (a * cos + awayMm * sin) / length;
    rays[at + 5] = (awayMm * cos - a * sin) / length;
    return ((a * a + b * b) / (length + awayMm)) * system.index[0];
  }
}

const degrees = (angleRad: number): string => `${((angleRad * 180) / Math.PI).toFixed(2)}°`;

/** Turns of the search for the chief ray beside a known one, and how near to the stop's centre it passes, of its radius. */
const MOST_TURNS = 12;
const CENTRE_OFF = 1e-9;

/**
 * The ray of a point through the stop's centre: its place in the pupil, mm.
 * @param near place to begin at, that of a similar field's; where it leads nowhere, or is left out, the whole bundle is searched
 * @throws {OpticsError} where there is no such ray
 */
export function chiefPlaceMm(system: OpticalSystem, field: FieldPoint, near?: number): number {
  if (field.angleRad === 0) return 0;
  if (near !== undefined) {
    const starter = new Starter(system, field);
    const ray = new Float64Array(RAY_LENGTH);
    const out = new Float64Array(TRACED_LENGTH);
    const off = CENTRE_OFF * system.semiDiameterMm[system.stop];
    const height = (a: number): number => {
      starter.start(ray, 0, a, 0);
      return traceToSurface(system, ray, out, system.stop) ? out[1] : Number.NaN;
    };
    let before = near + 0.05 * system.pupilRadiusMm;
    let place = near;
    let heightBefore = height(before);
    for (let turn = 0; turn < MOST_TURNS; turn++) {
      const here = height(place);
      if (Math.abs(here) <= off) return place;
      const next = place - (here * (place - before)) / (here - heightBefore);
      if (!(Math.abs(next - near) < system.pupilRadiusMm)) break;
      before = place;
      heightBefore = here;
      place = next;
    }
  }
  const chief = findBundle(system, field)?.chiefAMm;
  if (chief !== undefined) return chief;
  throw new OpticsError(
    `${system.lens.name}: no ray at ${degrees(field.angleRad)} reaches the centre of the stop; ask for a smaller field.`,
    { field: 'angleRad' },
  );
}

/**
 * The point at a distance whose light comes along the chief ray of a direction, so that its image lies where that of the
 * point at infinity does. Where the pupil wanders, it is not seen in quite this direction from the pupil's centre.
 * @param angleRad angle of the chief ray to the axis before the lens
 * @throws {OpticsError} where there is no chief ray
 */
export function pointOnChiefRay(system: OpticalSystem, angleRad: number, distanceM = Infinity): FieldPoint {
  if (distanceM === Infinity || angleRad === 0) return { angleRad, distanceM };
  const chief = chiefPlaceMm(system, { angleRad });
  const [sin, cos] = [Math.sin(angleRad), Math.cos(angleRad)];
  const alongMm = (1000 * distanceM - chief * sin) / cos;
  return { angleRad: Math.atan2(alongMm * sin - chief * cos, 1000 * distanceM), distanceM };
}

/**
 * Finds which part of the pupil passes for a point.
 * @param nodes across, even, 4 to 1024
 * @param bundle what `findBundle` found, where it is known already
 * @throws {OpticsError} where no ray passes, or a number is not possible
 */
export function pupilCoverage(
  system: OpticalSystem,
  field: FieldPoint,
  nodes = 48,
  bundle: Bundle | undefined = findBundle(system, field),
): PupilCoverage {
  inRange('nodes', nodes, 4, MOST_NODES);
  if (nodes % 2 !== 0)
    throw new OpticsError(`${nodes} is not possible; it has to be even.`, { field: 'nodes' });
  if (bundle === undefined || bundle.halfBMm <= 0) {
    throw new OpticsError(
      `${system.lens.name}: no ray at ${degrees(field.angleRad)} passes the apertures; ask for a smaller field or check the semi-diameters.`,
      { field: 'angleRad' },
    );
  }
  const chiefAMm = field.angleRad === 0 ? 0 : bundle.chiefAMm;
  if (chiefAMm === undefined) {
    throw new OpticsError(
      `${system.lens.name}: no ray at ${degrees(field.angleRad)} reaches the centre of the stop; ask for a smaller field.`,
      { field: 'angleRad' },
    );
  }
  // One cell more on every side than the bundle is wide, so that what interpolates sees beyond its edge.
  const stepAMm = (bundle.mostAMm - bundle.leastAMm) / (nodes - 2);
  const stepBMm = (2 * bundle.halfBMm) / (nodes - 2);
  const firstAMm = bundle.leastAMm - stepAMm / 2;

  const starter = new Starter(system, field);
  const half = nodes / 2;
  const most = Math.max(nodes * half, EDGE_RAYS * EDGE_RAYS);
  const rays = new Float64Array(most * RAY_LENGTH);
  const out = new Float64Array(most * TRACED_LENGTH);
  const passed = new Uint8Array(most);
  for (let row = 0, ray = 0; row < nodes; row++)
    for (let column = 0; column < half; column++, ray++)
      starter.start(rays, ray, firstAMm + row * stepAMm, (column + 0.5) * stepBMm);
  traceRays(system, rays, nodes * half, out, passed);
  const centres = passed.slice(0, nodes * half);

  const shares = new Float64Array(nodes * nodes);
  let sum = 0;
  for (let row = 0; row < nodes; row++) {
    for (let column = 0; column < half; column++) {
      const own = centres[row * half + column];
      let edge = false;
      for (let y = Math.max(0, row - 1); y <= Math.min(nodes - 1, row + 1); y++)
        for (let x = Math.max(0, column - 1); x <= Math.min(half - 1, column + 1); x++)
          edge ||= centres[y * half + x] !== own;
      let share = own;
      if (edge) {
        let ray = 0;
        for (let j = 0; j < EDGE_RAYS; j++)
          for (let i = 0; i < EDGE_RAYS; i++, ray++)
            starter.start(
              rays,
              ray,
              firstAMm + (row + (j + 0.5) / EDGE_RAYS - 0.5) * stepAMm,
              (column + (i + 0.5) / EDGE_RAYS) * stepBMm,
            );
        share = traceRays(system, rays, ray, out, passed) / ray;
      }
      shares[row * nodes + half + column] = share;
      shares[row * nodes + half - 1 - column] = share;
      sum += 2 * share;
    }
  }
  return {
    field,
    nodes,
    stepAMm,
    stepBMm,
    firstAMm,
    chiefAMm,
    shares,
    areaMm2: sum * stepAMm * stepBMm,
  };
}

/** The same system without apertures, so that a bundle's rays go on smoothly beyond its edge. */
function withoutApertures(system: OpticalSystem): OpticalSystem {
  return { ...system, semiDiameterMm: new Float64Array(system.semiDiameterMm.length).fill(Infinity) };
}

/** The ray through the stop's centre on the image plane, as `traceRays` writes it; x is 0. */
function traceChief(system: OpticalSystem, field: FieldPoint, chiefAMm: number) {
  const ray = new Float64Array(RAY_LENGTH);
  const out = new Float64Array(TRACED_LENGTH);
  const startPath = new Starter(system, field).start(ray, 0, chiefAMm, 0);
  if (traceRays(withoutApertures(system), ray, 1, out, new Uint8Array(1)) === 0) {
    throw new OpticsError(
      `${system.lens.name}: the chief ray at ${degrees(field.angleRad)} does not reach the image plane; ask for a smaller field.`,
      { field: 'angleRad' },
    );
  }
  return { yMm: out[1], pathMm: out[6] + startPath };
}

/**
 * Distance of the chief ray's image from the axis, mm.
 * @param placeMm the ray's place in the pupil, of {@link chiefPlaceMm}; searched where it is left out
 * @throws {OpticsError} where no such ray reaches the image
 */
export function chiefHeightMm(
  system: OpticalSystem,
  field: FieldPoint,
  placeMm = chiefPlaceMm(system, field),
): number {
  return Math.abs(traceChief(system, field, placeMm).yMm);
}

/**
 * Traces a point's rays to the image plane.
 * @param system the lens at the wavelength wanted; aperture and focus as for the coverage
 * @param coverage of {@link pupilCoverage}, for any wavelength: apertures hardly depend on it
 * @throws {OpticsError} where the chief ray does not reach the image
 */
export function pupilMap(system: OpticalSystem, coverage: PupilCoverage): PupilMap {
  const { nodes, stepAMm, stepBMm, firstAMm, field } = coverage;
  const half = nodes / 2;
  const count = nodes * half;
  const rays = new Float64Array(count * RAY_LENGTH);
  const out = new Float64Array(count * TRACED_LENGTH);
  const passed = new Uint8Array(count);
  const startPaths = new Float64Array(count);
  const starter = new Starter(system, field);
  for (let row = 0, ray = 0; row < nodes; row++)
    for (let column = 0; column < half; column++, ray++)
      startPaths[ray] = starter.start(rays, ray, firstAMm + row * stepAMm, (column + 0.5) * stepBMm);
  traceRays(withoutApertures(system), rays, count, out, passed);

  const chief = traceChief(system, field, coverage.chiefAMm);
  // Outward is where the image lies: below the axis where the lens (a relay, say) does so.
  const sign = chief.yMm < 0 ? -1 : 1;
  const index = system.index[system.index.length - 1];
  const [outMm, sideMm, cosOut, cosSide, pathMm] = Array.from({ length: 5 }, () =>
    new Float64Array(nodes * nodes).fill(Number.NaN),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  for (let row = 0, ray = 0; row < nodes; row++) {
    for (let column = 0; column < half; column++, ray++) {
      if (passed[ray] === 0) continue;
      const at = ray * TRACED_LENGTH;
      const side = out[at];
      const outward = sign * (out[at + 1] - chief.yMm);
      const alongSide = index * out[at + 3];
      const alongOut = index * sign * out[at + 4];
      const path = startPaths[ray] + out[at + 6] - chief.pathMm - side * alongSide - outward * alongOut;
      const right = row * nodes + half + column;
      const left = row * nodes + half - 1 - column;
      outMm[right] = outMm[left] = outward;
      sideMm[right] = side;
      sideMm[left] = -side;
      cosOut[right] = cosOut[left] = alongOut;
      cosSide[right] = alongSide;
      cosSide[left] = -alongSide;
      pathMm[right] = pathMm[left] = path;
    }
  }
  const { exitPupilMm } = paraxialFigures(system.lens);
  return {
    coverage,
    wavelengthNm: system.wavelengthNm,
    chiefMm: Math.abs(chief.yMm),
    outMm,
    sideMm,
    cosOut,
    cosSide,
    pathMm,
    exitPupilMm: system.imageMm - system.vertexMm[system.vertexMm.length - 1] - exitPupilMm,
  };
}
