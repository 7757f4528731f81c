import { positive } from '../checks.js';
import { OpticsError } from '../OpticsError.js';

/**
 * Distance in mm of a subject, checked.
 * @throws {OpticsError} for a focal length that is not positive, and a distance that is NaN or not beyond the focal length:
 * such a subject has no real image
 */
export function distanceMm(field: string, distanceM: number, focalLengthMm: number): number {
  positive('focalLengthMm', focalLengthMm);
  if (distanceM * 1000 > focalLengthMm) return distanceM * 1000;
  throw new OpticsError(
    `${distanceM} is not possible; it has to be greater than the focal length, ${focalLengthMm / 1000} m, or Infinity.`,
    { field },
  );
}
