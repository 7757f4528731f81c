import { positive } from '../checks.js';
import { distanceMm } from './distanceMm.js';

/**
 * A lens focused on a subject. Distances are counted from the front principal plane: the lens itself where it is thin.
 */
export interface Focus {
  readonly focalLengthMm: number;
  /** Distance of the subject, m; Infinity is allowed, anything up to the focal length is not. */
  readonly distanceM: number;
}

/** A focused lens with its aperture. */
export interface FocusedLens extends Focus {
  /** f-number at infinity, as engraved. */
  readonly fNumber: number;
  /** Diameter of the exit pupil over that of the entrance pupil; 1 where it is not given (a symmetric or thin lens). */
  readonly pupilMagnification?: number;
}

/**
 * Size of the image over that of the subject, as a positive number: f / (u − f) (Hecht, Optics, 5.2.3). 0 for infinity.
 */
export function subjectMagnification({ focalLengthMm, distanceM }: Focus): number {
  return focalLengthMm / (distanceMm('distanceM', distanceM, focalLengthMm) - focalLengthMm);
}

/** Distance of the image from the rear principal plane, mm: f (1 + m) (Hecht, Optics, 5.2.3). */
export function imageDistanceMm(focus: Focus): number {
  return focus.focalLengthMm * (1 + subjectMagnification(focus));
}

/**
 * f-number that the light on the sensor obeys when the lens is extended to focus near: N (1 + m / P), with the
 * magnification m and the pupil magnification P (Ray, Applied Photographic Optics).
 */
export function workingFNumber(lens: FocusedLens): number {
  const { fNumber, pupilMagnification = 1 } = lens;
  return (
    positive('fNumber', fNumber) *
    (1 + subjectMagnification(lens) / positive('pupilMagnification', pupilMagnification))
  );
}
