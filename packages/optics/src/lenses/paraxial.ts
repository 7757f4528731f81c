import { OpticsError } from '../OpticsError.js';
import { refractiveIndex } from './glass.js';
import type { Lens } from './Lens.js';

/** y and n·u behind a group of surfaces from those before it: y' = a y + b nu, nu' = c y + d nu; ad − bc = 1. */
export interface RayMatrix {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

/** What first-order optics needs to know of a lens, at one wavelength. */
export interface ParaxialLens {
  /** Curvature at the vertex, 1/mm, by surface; an aspheric r² term counts. */
  readonly curvaturesPerMm: Float64Array;
  /** Distance to the next surface, mm, by surface; the last entry is not used. */
  readonly thicknessesMm: Float64Array;
  /** Index before the first surface, then behind each; negative where light runs to the left. */
  readonly indices: Float64Array;
  /** Power of each surface, 1/mm. */
  readonly powersPerMm: Float64Array;
  /** Number of the stop's surface. */
  readonly stop: number;
}

/** First-order figures of a lens; all along the axis, z grows to the right. */
export interface ParaxialFigures {
  /** Effective focal length, mm, positive for a converging lens. */
  readonly focalLengthMm: number;
  /** z of the front focal point from the first vertex, mm (negative: in front of it). */
  readonly frontFocusMm: number;
  /** z of the rear focal point from the last vertex, mm: the back focal distance. */
  readonly backFocusMm: number;
  /** z of the front principal plane from the first vertex, mm. */
  readonly frontPrincipalMm: number;
  /** z of the rear principal plane from the last vertex, mm. */
  readonly rearPrincipalMm: number;
  /** z of the entrance pupil from the first vertex, mm; ±Infinity where the lens is telecentric at the object's side. */
  readonly entrancePupilMm: number;
  readonly entrancePupilDiameterMm: number;
  /** z of the exit pupil from the last vertex, mm; ±Infinity where the lens is telecentric at the image's side. */
  readonly exitPupilMm: number;
  readonly exitPupilDiameterMm: number;
  /** Focal length over the entrance pupil's diameter, for an object at infinity. */
  readonly fNumber: number;
  /** Diameter of the exit pupil over that of the entrance pupil. */
  readonly pupilMagnification: number;
}

/**
 * The first-order view of a lens.
 * @param lens prescription
 * @param wavelengthNm wavelength, nm; the design's own where it is left out
 * @throws {OpticsError} where an index is unphysical or the lens has no stop
 */
export function paraxialLens(lens: Lens, wavelengthNm = lens.wavelengthNm): ParaxialLens {
  const count = lens.surfaces.length;
  const curvaturesPerMm = new Float64Array(count);
  const thicknessesMm = new Float64Array(count);
  const indices = new Float64Array(count + 1);
  const powersPerMm = new Float64Array(count);
  indices[0] = 1;
  let towards = 1;
  for (const [k, surface] of lens.surfaces.entries()) {
    curvaturesPerMm[k] = 1 / surface.radiusMm + 2 * (surface.radial?.[1] ?? 0);
    thicknessesMm[k] = surface.thicknessMm;
    if (surface.reflects === true) towards = -towards;
    indices[k + 1] = towards * refractiveIndex(surface.medium, wavelengthNm);
    powersPerMm[k] =
      surface.idealPowerPerMm ?? ((indices[k + 1] ?? 1) - (indices[k] ?? 1)) * (curvaturesPerMm[k] ?? 0);
  }
  return { curvaturesPerMm, thicknessesMm, indices, powersPerMm, stop: stopOf(lens) };
}

/**
 * Number of the surface that is the aperture stop.
 * @throws {OpticsError} where there is none or more than one
 */
export function stopOf(lens: Lens): number {
  const stop = lens.surfaces.findIndex((surface) => surface.stop);
  if (stop >= 0 && !lens.surfaces.some((surface, k) => surface.stop && k !== stop)) return stop;
  throw new OpticsError(
    `${lens.name}: a lens has exactly one aperture stop; mark the surface that limits the bundle on the axis.`,
    { field: 'surfaces[].stop' },
  );
}

/**
 * The matrix from just before surface `from` to just before surface `to`, or behind the last surface where `to` is their
 * number.
 */
export function rayMatrix(lens: ParaxialLens, from = 0, to: number = lens.curvaturesPerMm.length): RayMatrix {
  let [a, b, c, d] = [1, 0, 0, 1];
  for (let k = from; k < to; k++) {
    const behind = lens.indices[k + 1] ?? 1;
    const power = lens.powersPerMm[k] ?? 0;
    c -= power * a;
    d -= power * b;
    if (k === lens.curvaturesPerMm.length - 1) break;
    const reduced = (lens.thicknessesMm[k] ?? 0) / behind;
    a += reduced * c;
    b += reduced * d;
  }
  return { a, b, c, d };
}

/** The image of the stop by what lies before it. */
export interface EntrancePupil {
  /** z from the first vertex, mm; ±Infinity where the lens is telecentric at the object's side. */
  readonly positionMm: number;
  readonly radiusMm: number;
  /** Height on the stop over height in the pupil. */
  readonly stopMagnification: number;
}

/**
 * The entrance pupil, to first order.
 * @param lens prescription at a wavelength
 * @param stopRadiusMm radius of the stop, mm
 */
export function entrancePupil(lens: ParaxialLens, stopRadiusMm: number): EntrancePupil {
  const { a, b } = rayMatrix(lens, 0, lens.stop);
  return {
    positionMm: (b * (lens.indices[0] ?? 1)) / a,
    radiusMm: stopRadiusMm / Math.abs(a),
    stopMagnification: a,
  };
}

/**
 * First-order figures of a lens (matrix method; Born and Wolf, Principles of Optics, 4.4; Kingslake, Lens Design
 * Fundamentals, ch. 3).
 * @param lens prescription
 * @param options wavelength, nm, the design's own where it is left out; radius of the stop, mm, wide open where it is left out
 * @throws {OpticsError} where the lens has no power
 */
export function paraxialFigures(
  lens: Lens,
  { wavelengthNm, stopRadiusMm }: { wavelengthNm?: number; stopRadiusMm?: number } = {},
): ParaxialFigures {
  const paraxial = paraxialLens(lens, wavelengthNm);
  const { indices, stop } = paraxial;
  const front = indices[0] ?? 1;
  const rear = indices[indices.length - 1] ?? 1;
  const { a, c, d } = rayMatrix(paraxial);
  if (c === 0 || !Number.isFinite(c))
    throw new OpticsError(
      `${lens.name}: the lens has no focus (its power is ${-c}/mm); it needs a power other than 0.`,
      { field: 'surfaces[].radiusMm' },
    );
  const pupil = entrancePupil(paraxial, stopRadiusMm ?? lens.surfaces[stop]?.semiDiameterMm ?? 0);
  const behind = rayMatrix(paraxial, stop);
  const focalLengthMm = -1 / c;
  const frontFocusMm = (d * front) / c;
  const backFocusMm = (-a * rear) / c;
  const entrancePupilDiameterMm = 2 * pupil.radiusMm;
  const exitPupilDiameterMm = 2 * Math.abs((pupil.radiusMm * pupil.stopMagnification) / behind.d);
  return {
    focalLengthMm,
    frontFocusMm,
    backFocusMm,
    frontPrincipalMm: frontFocusMm + front * focalLengthMm,
    rearPrincipalMm: backFocusMm - rear * focalLengthMm,
    entrancePupilMm: pupil.positionMm,
    entrancePupilDiameterMm,
    exitPupilMm: (-behind.b * rear) / behind.d,
    exitPupilDiameterMm,
    fNumber: Math.abs(focalLengthMm) / entrancePupilDiameterMm,
    pupilMagnification: Math.abs(pupil.stopMagnification / behind.d),
  };
}

/** Where an object is drawn, to first order. */
export interface ParaxialImage {
  /** z of the image from the last vertex, mm; ±Infinity for an object in the front focal plane. */
  readonly distanceMm: number;
  /** Height of the image over that of the object; negative is upside down. */
  readonly magnification: number;
}

/**
 * The image of a plane across the axis.
 * @param lens prescription at a wavelength
 * @param objectDistanceMm distance of the plane before the first vertex, mm, positive for a real object; Infinity allowed
 */
export function paraxialImage(lens: ParaxialLens, objectDistanceMm: number): ParaxialImage {
  const front = lens.indices[0] ?? 1;
  const rear = lens.indices[lens.indices.length - 1] ?? 1;
  const { a, b, c, d } = rayMatrix(lens);
  if (!Number.isFinite(objectDistanceMm)) return { distanceMm: (-a * rear) / c, magnification: 0 };
  const height = a * objectDistanceMm + b * front;
  const slope = c * objectDistanceMm + d * front;
  return { distanceMm: (-height * rear) / slope, magnification: front / slope };
}

/** A paraxial ray at each surface. */
export interface ParaxialRay {
  /** Height at the surfaces, mm. */
  readonly heightsMm: Float64Array;
  /** n·u before the first surface, then behind each. */
  readonly slopes: Float64Array;
}

/**
 * Traces a paraxial ray (y-nu).
 * @param lens prescription at a wavelength
 * @param heightMm height at the first vertex's plane, mm
 * @param slope n·u before the first surface
 */
export function paraxialRay(lens: ParaxialLens, heightMm: number, slope: number): ParaxialRay {
  const count = lens.curvaturesPerMm.length;
  const heightsMm = new Float64Array(count);
  const slopes = new Float64Array(count + 1);
  let y = heightMm;
  let nu = slope;
  slopes[0] = nu;
  for (let k = 0; k < count; k++) {
    heightsMm[k] = y;
    const behind = lens.indices[k + 1] ?? 1;
    nu -= y * (lens.powersPerMm[k] ?? 0);
    slopes[k + 1] = nu;
    y += ((lens.thicknessesMm[k] ?? 0) / behind) * nu;
  }
  return { heightsMm, slopes };
}
