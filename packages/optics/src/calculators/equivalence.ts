import { positive } from '../checks.js';
import { diagonalMm, FULL_FRAME } from './formats.js';

/**
 * How many times the diagonal of 36 × 24 mm is longer than the sensor's (CIPA DCG-001: equivalents are taken by the
 * diagonal). Sensors of another aspect ratio have another factor across and down.
 * @param widthMm width of the sensor's picture area, mm
 * @param heightMm its height, mm
 */
export function cropFactor(widthMm: number, heightMm: number): number {
  return diagonalMm(FULL_FRAME.widthMm, FULL_FRAME.heightMm) / diagonalMm(widthMm, heightMm);
}

/**
 * Focal length, mm, that gives the same diagonal field of view on 36 × 24 mm (CIPA DCG-001).
 * @param focalLengthMm real focal length
 * @param crop {@link cropFactor}
 */
export function equivalentFocalLengthMm(focalLengthMm: number, crop: number): number {
  return positive('focalLengthMm', focalLengthMm) * positive('crop', crop);
}

/**
 * f-number that gives, at the equivalent focal length on 36 × 24 mm, the same entrance pupil: hence the same depth of
 * field, the same blur as a share of the picture, the same diffraction, and as many photons in the whole picture in the
 * same time. The light per mm² of the sensor, hence the exposure, is that of the real f-number. It follows from the
 * entrance pupil's definition (Joseph James, "Equivalence", josephjamesphotography.com).
 */
export function equivalentFNumber(fNumber: number, crop: number): number {
  return positive('fNumber', fNumber) * positive('crop', crop);
}

/** Diameter of the entrance pupil, mm: focal length over f-number (Ray, Applied Photographic Optics). */
export function entrancePupilMm(focalLengthMm: number, fNumber: number): number {
  return positive('focalLengthMm', focalLengthMm) / positive('fNumber', fNumber);
}
