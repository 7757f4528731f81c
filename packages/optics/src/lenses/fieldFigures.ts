import type { Lens } from './Lens.js';
import { chiefHeightMm, chiefPlaceMm, pointOnChiefRay, pupilCoverage, pupilMap } from './pupilMap.js';
import { findBundle } from './pupils.js';
import { type OpticalSystem, opticalSystem, type SystemOptions } from './system.js';
import { traceRay } from './trace.js';

/** What a lens does to a place of the field, apart from blur. */
export interface FieldFigures {
  /** Angle of the chief ray to the axis before the lens, degrees. */
  readonly angleDegrees: number;
  /** Distance of the chief ray's image from the axis, mm. */
  readonly imageHeightMm: number;
  /** imageHeightMm against scale · tan angle, where the scale is that of the image's centre: −0.02 is 2 % barrel. */
  readonly distortion: number;
  /** imageHeightMm against scale · angle: what fisheyes hold small. */
  readonly fThetaDistortion: number;
  /** Image heights at the first and last of the wavelengths asked for: last less first, µm. */
  readonly lateralColourUm: number;
  /** Area of the bundle that passes, over that on the axis: what a mechanical vignette and the pupil's tilt leave. */
  readonly bundleShare: number;
  /** Illumination of the image over that at the centre. */
  readonly relativeIllumination: number;
  /** Focus of rays close to the chief ray in the meridian, mm behind the image plane. */
  readonly tangentialFocusMm: number;
  /** Focus of rays close to the chief ray to its sides, mm behind the image plane. */
  readonly sagittalFocusMm: number;
}

/** Angle at which a scale is taken: paraxial, and far enough from 0 to divide by. */
const SMALL_RAD = 1e-4;
/** Rays beside the chief ray, as a share of the pupil's radius. */
const CLOSE = 1e-3;
/** Rays across the pupil for its area. */
const AREA_NODES = 64;

/** Ideal rectilinear scale: image height over tan of the field angle at the image's centre, mm. */
export function imageScaleMm(system: OpticalSystem): number {
  return chiefHeightMm(system, { angleRad: SMALL_RAD }) / Math.tan(SMALL_RAD);
}

/**
 * Foci of the rays close to the chief ray of a point at infinity, mm behind the image plane, by tracing such rays: what
 * Coddington's equations give (Welford, Aberrations of Optical Systems, 9.5).
 * @throws {OpticsError} where there is no chief ray
 */
export function closeFoci(
  system: OpticalSystem,
  angleRad: number,
): { tangentialMm: number; sagittalMm: number } {
  const chiefA = chiefPlaceMm(system, { angleRad });
  const [sin, cos] = [Math.sin(angleRad), Math.cos(angleRad)];
  const beside = CLOSE * system.pupilRadiusMm;
  const trace = (a: number, b: number) =>
    traceRay(system, [b, a * cos, system.pupilMm - a * sin, 0, sin, cos], { clip: false });
  const [up, down, side] = [trace(chiefA + beside, 0), trace(chiefA - beside, 0), trace(chiefA, beside)];
  const slope = ({ direction: [x, y, z] }: typeof up) => [x / z, y / z] as const;
  const tangentialMm = -(up.point[1] - down.point[1]) / (slope(up)[1] - slope(down)[1]);
  const sagittalMm = -side.point[0] / slope(side)[0];
  return { tangentialMm, sagittalMm };
}

/**
 * Illumination of the image at a field angle, up to a constant factor. What a patch of a uniform object sends through the
 * bundle's area A (seen along the chief ray) spreads over its image: E ∝ A sin θ dθ / (h dh) — A cos³θ for a lens without
 * distortion, and A itself shrinks like cos θ where the pupil is a flat hole: together the cosine-fourth law.
 */
function illumination(system: OpticalSystem, angleRad: number, areaMm2: number, chiefMm: number): number {
  if (angleRad < SMALL_RAD) return areaMm2 / imageScaleMm(system) ** 2;
  const step = Math.min(1e-3, angleRad / 2);
  const height = (angle: number) =>
    chiefHeightMm(system, { angleRad: angle }, chiefPlaceMm(system, { angleRad: angle }, chiefMm));
  const slope = (height(angleRad + step) - height(angleRad - step)) / (2 * step);
  return (areaMm2 * Math.sin(angleRad)) / (height(angleRad) * slope);
}

/** Relative illumination of the image at some field angles, 0 where no ray passes; bundle shares beside it. */
export function illuminationOverField(
  system: OpticalSystem,
  anglesRad: readonly number[],
): { bundleShare: number; relative: number }[] {
  const centreArea = pupilCoverage(system, { angleRad: 0 }, AREA_NODES).areaMm2;
  const centre = illumination(system, 0, centreArea, 0);
  return anglesRad.map((angleRad) => {
    const bundle = findBundle(system, { angleRad });
    if (bundle === undefined || bundle.halfBMm <= 0) return { bundleShare: 0, relative: 0 };
    const { areaMm2, chiefAMm } = pupilCoverage(system, { angleRad }, AREA_NODES, bundle);
    return {
      bundleShare: areaMm2 / centreArea,
      relative: illumination(system, angleRad, areaMm2, chiefAMm) / centre,
    };
  });
}

/**
 * Distortion, lateral colour, vignetting and field curvature of a lens over its field, for points at infinity through the lens
 * as it is focused.
 * @param anglesDegrees angles of the chief ray to the axis before the lens, 0 to 88
 * @param wavelengthsNm the ends of the colour range, for lateral colour; F and C lines where left out
 * @throws {OpticsError} where no ray passes at one of the angles
 */
export function fieldFigures(
  lens: Lens,
  options: SystemOptions,
  anglesDegrees: readonly number[],
  wavelengthsNm: readonly [number, number] = [486.1327, 656.2725],
): FieldFigures[] {
  const system = opticalSystem(lens, options);
  const [first, last] = wavelengthsNm.map((wavelengthNm) =>
    opticalSystem(lens, { ...options, wavelengthNm }),
  );
  const scaleMm = imageScaleMm(system);
  const angles = anglesDegrees.map((angle) => (angle * Math.PI) / 180);
  const light = illuminationOverField(system, angles);
  return angles.map((angleRad, i) => {
    const imageHeightMm = chiefHeightMm(system, { angleRad });
    const { tangentialMm, sagittalMm } = closeFoci(system, angleRad);
    return {
      angleDegrees: anglesDegrees[i],
      imageHeightMm,
      distortion: angleRad === 0 ? 0 : imageHeightMm / (scaleMm * Math.tan(angleRad)) - 1,
      fThetaDistortion: angleRad === 0 ? 0 : imageHeightMm / (scaleMm * angleRad) - 1,
      lateralColourUm: 1000 * (chiefHeightMm(last!, { angleRad }) - chiefHeightMm(first!, { angleRad })),
      bundleShare: light[i].bundleShare,
      relativeIllumination: light[i].relative,
      tangentialFocusMm: tangentialMm,
      sagittalFocusMm: sagittalMm,
    };
  });
}

/** How a wavefront differs from a sphere about the chief ray's image, through the exit pupil's centre. */
export interface WavefrontError {
  /** In waves, over the pupil's area, about its mean. */
  readonly rmsWaves: number;
  /** Highest less lowest, waves. */
  readonly peakToValleyWaves: number;
}

/**
 * Wavefront error of a point over the exit pupil, with tilt and focus left in.
 * @param nodes rays across the pupil, even
 * @throws {OpticsError} where no ray passes
 */
export function wavefrontError(
  system: OpticalSystem,
  angleRad: number,
  distanceM = Infinity,
  nodes = 48,
): WavefrontError {
  const map = pupilMap(system, pupilCoverage(system, pointOnChiefRay(system, angleRad, distanceM), nodes));
  const index = system.index[system.index.length - 1];
  const wavelengthMm = map.wavelengthNm * 1e-6;
  let sum = 0;
  let squares = 0;
  let light = 0;
  let least = Infinity;
  let most = -Infinity;
  for (const [node, share] of map.coverage.shares.entries()) {
    const path = map.pathMm[node];
    if (share === 0 || Number.isNaN(path)) continue;
    // From a sphere without bounds to one of the exit pupil's radius: the ray misses the centre by `miss`.
    const { outMm, sideMm } = map;
    const along = (map.cosOut[node] * outMm[node] + map.cosSide[node] * sideMm[node]) / index;
    const missSquare = outMm[node] ** 2 + sideMm[node] ** 2 - along * along;
    const waves = (path + (index * missSquare) / (2 * map.exitPupilMm)) / wavelengthMm;
    sum += share * waves;
    squares += share * waves * waves;
    light += share;
    // The extremes are those of whole cells: at the edge, the cell's middle may be dark.
    if (share < 0.5) continue;
    least = Math.min(least, waves);
    most = Math.max(most, waves);
  }
  return {
    rmsWaves: Math.sqrt(Math.max(0, squares / light - (sum / light) ** 2)),
    peakToValleyWaves: Math.max(0, most - least),
  };
}
