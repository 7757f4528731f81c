import { inRange, positive } from '../checks.js';
import { OpticsError } from '../OpticsError.js';
import { refractiveIndex } from './glass.js';
import type { Lens } from './Lens.js';
import { entrancePupil, paraxialFigures, paraxialImage, paraxialLens, stopOf } from './paraxial.js';

/** How a lens is set. */
export interface SystemOptions {
  /** Wavelength, nm; the design's own where it is left out. */
  readonly wavelengthNm?: number;
  /** Aperture as f-number at infinity focus; wide open where it is left out. */
  readonly fNumber?: number;
  /**
   * Distance of the plane in focus, m, from the entrance pupil along the axis; what the lens is made for, mostly Infinity,
   * where it is left out. The whole lens is moved. The image plane is where the paraxial rays of the design wavelength meet.
   */
  readonly focusDistanceM?: number;
  /** Moves the image plane away from the lens, mm, on top of the focusing: field curvature and spherical aberration. */
  readonly imageShiftMm?: number;
  /** Image plane behind the last vertex, mm, instead of focusing. */
  readonly imageDistanceMm?: number;
}

/**
 * A lens at a wavelength, aperture and focus, ready for rays. z = 0 is the first vertex, light runs towards +z.
 */
export interface OpticalSystem {
  readonly lens: Lens;
  readonly wavelengthNm: number;
  /** z of each vertex, mm. */
  readonly vertexMm: Float64Array;
  /** 1 / radius, by surface. */
  readonly curvaturePerMm: Float64Array;
  readonly conic: Float64Array;
  /** 1 where a surface has coefficients in `even` or `odd`. */
  readonly aspheric: Uint8Array;
  /** Coefficients of r², r⁴, r⁶, …, by surface; empty for conics. */
  readonly even: readonly Float64Array[];
  /** Coefficients of r, r³, r⁵, …, by surface; empty for nearly all. */
  readonly odd: readonly Float64Array[];
  /** Index before the first surface, then behind each; always positive. */
  readonly index: Float64Array;
  /** Clear radius by surface, mm; that of the stop is set by the f-number. */
  readonly semiDiameterMm: Float64Array;
  /** Radius of a central obscuration by surface, mm; 0 where there is none. */
  readonly obscurationMm: Float64Array;
  /** 1 where the surface is a mirror. */
  readonly reflects: Uint8Array;
  /** Power of an ideal thin lens by surface, 1/mm; 0 for all others. */
  readonly idealPowerPerMm: Float64Array;
  /** Number of the stop's surface. */
  readonly stop: number;
  /** z of the image plane, mm. */
  readonly imageMm: number;
  /** z of the paraxial entrance pupil at the design wavelength, mm: the point that fields and distances are measured from. */
  readonly pupilMm: number;
  /** Radius of the paraxial entrance pupil, mm. */
  readonly pupilRadiusMm: number;
}

/** Past this distance a pupil counts as infinitely far away and fields are measured from the first vertex, mm. */
const MOST_PUPIL_DISTANCE_MM = 1e5;

/** How much wider than the stop wide open an f-number may ask it to be before it is refused: rounding of stated f-numbers. */
const STOP_ROUNDING = 1.02;

/**
 * Radius of the stop for an f-number at infinity focus, mm.
 * @throws {OpticsError} where the lens does not open as wide; f-numbers up to 2 % faster than wide open are taken as wide open
 */
export function stopRadiusMm(lens: Lens, fNumber: number): number {
  positive('fNumber', fNumber);
  const open = lens.surfaces[stopOf(lens)]?.semiDiameterMm ?? 0;
  const wide = paraxialFigures(lens).fNumber;
  if (fNumber * STOP_ROUNDING < wide)
    throw new OpticsError(
      `${fNumber} is not possible; ${lens.name} opens to f/${wide.toFixed(2)}. Ask for that or a larger number.`,
      { field: 'fNumber' },
    );
  return Math.min(open, (open * wide) / fNumber);
}

function powersOf(asphere: readonly number[], radial: readonly number[]): [Float64Array, Float64Array] {
  const even: number[] = asphere.length === 0 ? [] : [0, ...asphere];
  const odd: number[] = [];
  for (const [k, coefficient] of radial.entries()) {
    const powers = k % 2 === 0 ? odd : even;
    const at = k >> 1;
    while (powers.length <= at) powers.push(0);
    powers[at] = (powers[at] ?? 0) + coefficient;
  }
  const used = (powers: number[]): Float64Array => {
    let length = powers.length;
    while (length > 0 && powers[length - 1] === 0) length--;
    return Float64Array.from(powers.slice(0, length));
  };
  return [used(even), used(odd)];
}

/**
 * Prepares a lens for tracing.
 * @param lens prescription
 * @param options wavelength, aperture, focus
 * @throws {OpticsError} where a number is unphysical, or the plane in focus is nearer than the front focal plane
 */
export function opticalSystem(lens: Lens, options: SystemOptions = {}): OpticalSystem {
  const wavelengthNm = options.wavelengthNm ?? lens.wavelengthNm;
  const count = lens.surfaces.length;
  const vertexMm = new Float64Array(count);
  const curvaturePerMm = new Float64Array(count);
  const conic = new Float64Array(count);
  const index = new Float64Array(count + 1).fill(1);
  const semiDiameterMm = new Float64Array(count);
  const obscurationMm = new Float64Array(count);
  const reflects = new Uint8Array(count);
  const idealPowerPerMm = new Float64Array(count);
  const aspheric = new Uint8Array(count);
  const even: Float64Array[] = [];
  const odd: Float64Array[] = [];
  let z = 0;
  for (const [k, surface] of lens.surfaces.entries()) {
    vertexMm[k] = z;
    z += surface.thicknessMm;
    curvaturePerMm[k] = 1 / surface.radiusMm;
    conic[k] = surface.conic;
    index[k + 1] = refractiveIndex(surface.medium, wavelengthNm);
    semiDiameterMm[k] = surface.semiDiameterMm;
    obscurationMm[k] = surface.obscurationMm ?? 0;
    idealPowerPerMm[k] = surface.idealPowerPerMm ?? 0;
    reflects[k] = surface.reflects === true ? 1 : 0;
    const [evenPowers, oddPowers] = powersOf(surface.asphere, surface.radial ?? []);
    aspheric[k] = evenPowers.length + oddPowers.length > 0 ? 1 : 0;
    even.push(evenPowers);
    odd.push(oddPowers);
  }
  const stop = stopOf(lens);
  if (options.fNumber !== undefined) semiDiameterMm[stop] = stopRadiusMm(lens, options.fNumber);
  const pupil = entrancePupil(paraxialLens(lens), semiDiameterMm[stop] ?? 0);
  const pupilFound = Math.abs(pupil.positionMm) < MOST_PUPIL_DISTANCE_MM;
  const pupilMm = pupilFound ? pupil.positionMm : 0;
  const lastMm = vertexMm[count - 1] ?? 0;
  const imageMm =
    lastMm +
    (options.imageDistanceMm === undefined
      ? imageDistanceMm(lens, options.focusDistanceM ?? designDistanceM(lens, pupilMm), pupilMm)
      : inRange('imageDistanceMm', options.imageDistanceMm, -1e6, 1e6)) +
    (options.imageShiftMm === undefined ? 0 : inRange('imageShiftMm', options.imageShiftMm, -1e3, 1e3));
  return {
    lens,
    wavelengthNm,
    vertexMm,
    curvaturePerMm,
    conic,
    aspheric,
    even,
    odd,
    index,
    semiDiameterMm,
    obscurationMm,
    reflects,
    idealPowerPerMm,
    stop,
    imageMm,
    pupilMm,
    pupilRadiusMm: pupilFound ? pupil.radiusMm : (semiDiameterMm[0] ?? 0),
  };
}

/** Distance from the entrance pupil that a lens is made for, m. */
function designDistanceM(lens: Lens, pupilMm: number): number {
  return lens.objectDistanceMm === undefined
    ? Number.POSITIVE_INFINITY
    : (lens.objectDistanceMm + pupilMm) / 1000;
}

function imageDistanceMm(lens: Lens, focusDistanceM: number, pupilMm: number): number {
  if (!(focusDistanceM > 0))
    throw new OpticsError(
      `${focusDistanceM} is not possible; it has to be greater than 0, Infinity is allowed.`,
      { field: 'focusDistanceM' },
    );
  const paraxial = paraxialLens(lens);
  const objectMm = focusDistanceM * 1000 - pupilMm;
  const image = paraxialImage(paraxial, objectMm);
  const { frontFocusMm, focalLengthMm } = paraxialFigures(lens);
  if (Number.isFinite(objectMm) && focalLengthMm > 0 && objectMm <= -frontFocusMm)
    throw new OpticsError(
      `${focusDistanceM} is not possible; a real image needs more than ${((pupilMm - frontFocusMm) / 1000).toPrecision(4)} m from the entrance pupil.`,
      { field: 'focusDistanceM' },
    );
  return image.distanceMm;
}
