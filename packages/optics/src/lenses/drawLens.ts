import { inRange, positive } from '../checks.js';
import { OpticsError } from '../OpticsError.js';
import { ASSUMED_CHANNELS, type Channels, meanWavelengthNm, normalisedChannel } from './ChannelLight.js';
import { blurSpacedDepths } from './drawIdeal.js';
import { byVergence, MAX_PSF_SIZE, radialTable, withVeil } from './drawingTables.js';
import { illuminationOverField, imageScaleMm } from './fieldFigures.js';
import type { Lens } from './Lens.js';
import type { LensDrawing, RadialTable } from './LensDrawing.js';
import { paraxialFigures } from './paraxial.js';
import {
  chiefHeightMm,
  chiefPlaceMm,
  type PupilCoverage,
  type PupilMap,
  pointOnChiefRay,
  pupilCoverage,
  pupilMap,
} from './pupilMap.js';
import { findBundle, spotDiagram } from './pupils.js';
import { type OpticalSystem, opticalSystem } from './system.js';
import { rayReachUm, tracedPsf } from './tracedPsf.js';

/** How a traced lens is set and what is wanted of it. */
export interface DrawLensOptions {
  /** f-number at infinity; wide open where it is left out. */
  readonly fNumber?: number;
  /** Distance of the plane in focus from the entrance pupil, m; Infinity where it is left out. */
  readonly focusDistanceM?: number;
  /**
   * Moves the image plane away from the lens, mm. Where it is left out, it is moved from the paraxial focus to where the
   * centre's spot in the middle channel is smallest, as who focuses does.
   */
  readonly imageShiftMm?: number;
  /** From the image centre to the sensor's corner, mm: how far the tables go. */
  readonly imageRadiusMm: number;
  /** Image places of the point spread functions, mm from the centre; nine over the radius where they are left out. */
  readonly radiiMm?: readonly number[];
  /** Distances of points, m, in any order; {@link blurSpacedDepths} from half a circle of confusion on where they are left out. */
  readonly depthsM?: readonly number[];
  /** Odd number of samples across a point spread function; 65 where it is left out. */
  readonly size?: number;
  readonly channels?: Channels;
  /** Rays across the pupil, even; 64 where it is left out. */
  readonly nodes?: number;
}

/** Entries of the table of the illumination. */
const LIGHT_ENTRIES = 33;
/** First blur radius of the default depths, of the image's radius: half of the usual circle of confusion. */
const FIRST_BLUR_SHARE = 1 / 1500;
/** Default number of image places. */
const PLACES = 9;
/** A rectilinear image has no place for fields beyond this; fisheyes are drawn up to it. */
const MOST_ANGLE = (80 * Math.PI) / 180;
/** Steps that the field is searched in, and how small they get at its end. */
const FIELD_STEP = Math.PI / 180;
const LEAST_FIELD_STEP = FIELD_STEP / 64;

/** Chief rays over the field: angles, their places in the pupil and their distances from the image centre, all growing. */
interface ChiefRays {
  readonly angles: number[];
  readonly placesMm: number[];
  readonly heightsMm: number[];
}

/** What a trace gives, or undefined where no ray gets through. */
function ifTraced<T>(trace: () => T): T | undefined {
  try {
    return trace();
  } catch (error) {
    if (error instanceof OpticsError) return undefined;
    throw error;
  }
}

/**
 * Chief rays up to where the image's corner is reached, the lens lets nothing pass at one of the wavelengths, or its image
 * turns back.
 */
function chiefRays(
  system: OpticalSystem,
  colours: Iterable<OpticalSystem>,
  imageRadiusMm: number,
): ChiefRays {
  const all = [system, ...colours];
  const rays: ChiefRays = { angles: [0], placesMm: [0], heightsMm: [0] };
  const add = (angleRad: number): boolean => {
    const bundle = findBundle(system, { angleRad });
    const place = bundle?.chiefAMm;
    if (place === undefined || bundle === undefined || bundle.halfBMm <= 0) return false;
    const heights = ifTraced(() => all.map((colour) => chiefHeightMm(colour, { angleRad }, place)));
    const heightMm = heights?.[0];
    if (heightMm === undefined || heightMm <= (rays.heightsMm.at(-1) ?? 0)) return false;
    rays.angles.push(angleRad);
    rays.placesMm.push(place);
    rays.heightsMm.push(heightMm);
    return true;
  };
  let step = FIELD_STEP;
  while (step > LEAST_FIELD_STEP && (rays.heightsMm.at(-1) ?? 0) < imageRadiusMm) {
    const angleRad = (rays.angles.at(-1) ?? 0) + step;
    // At the field's end, ever smaller steps lead up to it.
    if (angleRad > MOST_ANGLE || !add(angleRad)) step /= 2;
  }
  return rays;
}

/** A value between the entries of two rising lists. */
function between(from: readonly number[], to: readonly number[], x: number): number {
  const last = from.length - 1;
  if (x >= from[last]) return to[last];
  let k = 1;
  while (from[k] < x) k++;
  return to[k - 1] + ((x - from[k - 1]) / (from[k] - from[k - 1])) * (to[k] - to[k - 1]);
}

/**
 * The pupil for a point, or, where a near point's light is lost that a far one's is not, that of a place a little farther in.
 * @throws {OpticsError} where it is lost on the axis, too
 */
function coverageOf(system: OpticalSystem, angleRad: number, depthM: number, nodes: number): PupilCoverage {
  for (let inward = angleRad; inward > LEAST_FIELD_STEP; inward -= FIELD_STEP) {
    const coverage = ifTraced(() => pupilCoverage(system, pointOnChiefRay(system, inward, depthM), nodes));
    if (coverage !== undefined) return coverage;
  }
  return pupilCoverage(system, { angleRad: 0, distanceM: depthM }, nodes);
}

/** One point spread function of a channel with its own step. */
function channelPsf(
  maps: readonly { readonly map: PupilMap; readonly weight: number }[],
  centreMm: number,
  size: number,
  unitUm: number,
): { stepUm: number; data: Float64Array } {
  const half = (size - 1) / 2;
  const reachUm = Math.max(...maps.map(({ map }) => rayReachUm(map, centreMm)));
  const stepUm = Math.max(unitUm / 4, (1.1 * reachUm + 3 * unitUm) / half);
  const data = new Float64Array(size * size);
  for (const { map, weight } of maps) {
    const psf = tracedPsf(map, { size, stepUm, centreMm });
    for (let i = 0; i < data.length; i++) data[i] += weight * psf[i];
  }
  return { stepUm, data: withVeil(data) };
}

/**
 * What a traced lens draws: point spread functions over field, depth and colour, distortion with lateral colour, and
 * illumination, all by exact rays. Where the lens's field ends before `imageRadiusMm` (or 80°), the last place's point spread
 * function goes on, the illumination is 0, and the tables of the distortion end there.
 * @throws {OpticsError} for numbers that are not possible, and a lens whose rays all vignette
 */
export function drawLens(lens: Lens, options: DrawLensOptions): LensDrawing {
  const imageRadiusMm = positive('imageRadiusMm', options.imageRadiusMm);
  const size = inRange('size', options.size ?? 65, 9, MAX_PSF_SIZE);
  if (size % 2 !== 1) throw new OpticsError(`${size} is not possible; it has to be odd.`, { field: 'size' });
  const radiiMm = [
    ...(options.radiiMm ?? Array.from({ length: PLACES }, (_, i) => (imageRadiusMm * i) / (PLACES - 1))),
  ].sort((a, b) => a - b);
  for (const [i, radiusMm] of radiiMm.entries()) inRange(`radiiMm[${i}]`, radiusMm, 0, 1e4);
  if (radiiMm[0] !== 0) radiiMm.unshift(0);
  const channels = (options.channels ?? ASSUMED_CHANNELS).map((channel, i) =>
    normalisedChannel(`channels[${i}]`, channel),
  );
  const focusDistanceM = options.focusDistanceM ?? Infinity;
  const middleNm = meanWavelengthNm(channels[1]);
  const setting = (wavelengthNm: number, imageShiftMm: number) => ({
    wavelengthNm,
    focusDistanceM,
    imageShiftMm,
    ...(options.fNumber === undefined ? {} : { fNumber: options.fNumber }),
  });
  const imageShiftMm =
    options.imageShiftMm ??
    spotDiagram(opticalSystem(lens, setting(middleNm, 0)), { angleRad: 0, distanceM: focusDistanceM }, 48)
      .bestShiftMm;
  const system = opticalSystem(lens, setting(middleNm, imageShiftMm));
  const systems = new Map<number, OpticalSystem>();
  for (const { wavelengthsNm } of channels)
    for (const wavelengthNm of wavelengthsNm)
      systems.set(wavelengthNm, opticalSystem(lens, setting(wavelengthNm, imageShiftMm)));

  const figures = paraxialFigures(lens, { stopRadiusMm: system.semiDiameterMm[system.stop] });
  const lastVertexMm = system.vertexMm[system.vertexMm.length - 1];
  const workingFNumber = Math.abs(
    (system.imageMm - lastVertexMm - figures.exitPupilMm) / figures.exitPupilDiameterMm,
  );
  const depthsM = byVergence(
    options.depthsM ??
      blurSpacedDepths(figures.focalLengthMm, figures.fNumber, focusDistanceM, {
        firstBlurUm: Math.max(FIRST_BLUR_SHARE * 1000 * imageRadiusMm, 1.5 * figures.fNumber),
        growth: 2.5,
      }),
  );

  // The image's distortion, per channel, from chief rays over a table of angles.
  const imageDistanceMm = imageScaleMm(system);
  const chiefs = chiefRays(system, systems.values(), imageRadiusMm);
  const lastAngle = chiefs.angles.at(-1) ?? 0;
  const coveredMm = chiefs.heightsMm.at(-1) ?? 0;
  if (coveredMm === 0) {
    throw new OpticsError(`${lens.name}: no ray off the axis passes; check the lens's semi-diameters.`, {
      field: 'surfaces[].semiDiameterMm',
    });
  }
  /** The field whose chief ray arrives there: linear between chief rays, which is as good as any other place nearby. */
  const angleOf = (radiusMm: number): number => between(chiefs.heightsMm, chiefs.angles, radiusMm);
  /** Image height of a channel, the mean of its wavelengths. */
  const channelHeight = (channel: number, angleRad: number): number => {
    const { wavelengthsNm, weights } = channels[channel];
    const near = between(chiefs.angles, chiefs.placesMm, angleRad);
    const place = chiefPlaceMm(system, { angleRad }, near);
    return wavelengthsNm.reduce(
      (sum, wavelengthNm, i) =>
        sum + weights[i] * chiefHeightMm(systems.get(wavelengthNm)!, { angleRad }, place),
      0,
    );
  };
  const idealMm = imageDistanceMm * Math.tan(coveredMm >= imageRadiusMm ? angleOf(imageRadiusMm) : lastAngle);
  const distortion = [0, 1, 2].map((channel) =>
    radialTable(idealMm, (r) => (r === 0 ? 0 : channelHeight(channel, Math.atan(r / imageDistanceMm)))),
  ) as [RadialTable, RadialTable, RadialTable];

  const lightRadiiMm = Array.from(
    { length: LIGHT_ENTRIES },
    (_, i) => (imageRadiusMm * i) / (LIGHT_ENTRIES - 1),
  );
  const light = illuminationOverField(system, lightRadiiMm.filter((r) => r <= coveredMm).map(angleOf));
  const illumination = {
    stepMm: imageRadiusMm / (LIGHT_ENTRIES - 1),
    values: Float64Array.from(lightRadiiMm, (_, i) => light[i]?.relative ?? 0),
  };

  const nodes = options.nodes ?? 64;
  const stepsUm = new Float64Array(radiiMm.length * depthsM.length * 3);
  const data = new Float32Array(stepsUm.length * size * size);
  for (const [r, radiusMm] of radiiMm.entries()) {
    const angle = angleOf(radiusMm);
    for (const [d, depthM] of depthsM.entries()) {
      const coverage = coverageOf(system, angle, depthM, nodes);
      const maps = new Map<number, PupilMap>();
      for (const [wavelengthNm, at] of systems) maps.set(wavelengthNm, pupilMap(at, coverage));
      for (const [c, { wavelengthsNm, weights }] of channels.entries()) {
        const entry = (r * depthsM.length + d) * 3 + c;
        const weighted = wavelengthsNm.map((wavelengthNm, i) => ({
          map: maps.get(wavelengthNm)!,
          weight: weights[i],
        }));
        const centreMm = weighted.reduce((sum, { map, weight }) => sum + weight * map.chiefMm, 0);
        const unitUm = (workingFNumber * Math.min(...wavelengthsNm)) / 1000;
        const psf = channelPsf(weighted, centreMm, size, unitUm);
        stepsUm[entry] = psf.stepUm;
        data.set(psf.data, entry * size * size);
      }
    }
  }
  return {
    name: lens.name,
    focalLengthMm: figures.focalLengthMm,
    workingFNumber,
    focusDistanceM,
    imageDistanceMm,
    distortion,
    illumination,
    psfs: { radiiMm, depthsM, size, stepsUm, data },
  };
}
