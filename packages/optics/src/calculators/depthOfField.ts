import { positive } from '../checks.js';
import { distanceMm } from './distanceMm.js';
import { type FocusedLens, subjectMagnification } from './focus.js';
import { diagonalMm } from './formats.js';

/** The usual circle of confusion is this part of the diagonal: 0.029 mm for 36 × 24 mm. */
export const CIRCLES_PER_DIAGONAL = 1500;

/**
 * Circle of confusion, mm: the largest blur disc on the sensor that counts as sharp, a share of the picture's diagonal
 * (Ray, Applied Photographic Optics: prints seen from about their diagonal's distance). It is a convention of how
 * large pictures are looked at, no property of the sensor; who looks closer takes a greater divisor.
 */
export function circleOfConfusionMm(
  widthMm: number,
  heightMm: number,
  divisor = CIRCLES_PER_DIAGONAL,
): number {
  return diagonalMm(widthMm, heightMm) / positive('divisor', divisor);
}

/** What is sharp; distances from the front principal plane, m. */
export interface DepthOfField {
  readonly nearM: number;
  /** Infinity at and beyond the hyperfocal distance. */
  readonly farM: number;
  /** Far minus near. */
  readonly depthM: number;
  readonly hyperfocalM: number;
}

/**
 * Hyperfocal distance, m: focused here, everything from about half of it to infinity is sharp. f² / (N c) + f (Ray,
 * Applied Photographic Optics); the pupil magnification does not enter.
 */
export function hyperfocalM(focalLengthMm: number, fNumber: number, circleMm: number): number {
  const focal = positive('focalLengthMm', focalLengthMm);
  return (focal + focal ** 2 / (positive('fNumber', fNumber) * positive('circleMm', circleMm))) / 1000;
}

/** How far behind the front principal plane the entrance pupil lies, mm: f (1/P − 1). */
function pupilDepthMm(focalLengthMm: number, pupilMagnification: number): number {
  return focalLengthMm * (1 / positive('pupilMagnification', pupilMagnification) - 1);
}

/**
 * Near and far limits of what is sharp. Seen from the entrance pupil, s away from the subject, they lie at s / (1 ± c / (D m))
 * with the pupil's diameter D = f/N and the magnification m: geometry of two cones. With P = 1 this is the thin lens's
 * H s / (H ± (s − f)); with any P the depth is 2 N c (1 + m/P) / (m² − (N c / f)²) (Ray, Applied Photographic Optics;
 * van Walree, "Derivation of the DOF equations", toothwalker.org).
 * @param circleMm circle of confusion, see {@link circleOfConfusionMm}
 */
export function depthOfField(lens: FocusedLens, circleMm: number): DepthOfField {
  const { focalLengthMm, fNumber, distanceM, pupilMagnification = 1 } = lens;
  const hyperfocal = hyperfocalM(focalLengthMm, fNumber, circleMm);
  const subject = distanceMm('distanceM', distanceM, focalLengthMm);
  const pupil = pupilDepthMm(focalLengthMm, pupilMagnification);
  if (subject === Number.POSITIVE_INFINITY) {
    // The limit of the near distance: f² / (N c) from the entrance pupil.
    const nearM = (focalLengthMm ** 2 / (fNumber * circleMm) - pupil) / 1000;
    return { nearM, farM: subject, depthM: subject, hyperfocalM: hyperfocal };
  }
  const ratio = (circleMm * fNumber) / (focalLengthMm * subjectMagnification(lens));
  const fromPupil = subject + pupil;
  const nearM = (fromPupil / (1 + ratio) - pupil) / 1000;
  const farM = ratio >= 1 ? Number.POSITIVE_INFINITY : (fromPupil / (1 - ratio) - pupil) / 1000;
  return { nearM, farM, depthM: farM - nearM, hyperfocalM: hyperfocal };
}

/**
 * Diameter, mm, of the disc that a point draws on the sensor, by geometry alone: D m |z − s| / z, with the entrance pupil's
 * diameter D, the magnification m of the focus plane and the distances s of that plane and z of the point from the pupil
 * (Potmesil and Chakravarty 1981 for the thin lens; the pupil form by the same similar triangles). For a lens focused at
 * infinity it is D f / z. Share of the picture: divide by the sensor's width.
 * @param pointDistanceM distance of the point from the front principal plane, m; Infinity is allowed
 */
export function blurDiscMm(lens: FocusedLens, pointDistanceM: number): number {
  const { focalLengthMm, fNumber, distanceM, pupilMagnification = 1 } = lens;
  const diameter = positive('focalLengthMm', focalLengthMm) / positive('fNumber', fNumber);
  const pupil = pupilDepthMm(focalLengthMm, pupilMagnification);
  const subject = distanceMm('distanceM', distanceM, focalLengthMm) + pupil;
  const point =
    pointDistanceM === Number.POSITIVE_INFINITY
      ? pointDistanceM
      : positive('pointDistanceM', pointDistanceM) * 1000 + pupil;
  if (subject === point) return 0;
  if (subject === Number.POSITIVE_INFINITY) return (diameter * focalLengthMm) / point;
  const scale = diameter * subjectMagnification(lens);
  return point === Number.POSITIVE_INFINITY ? scale : (scale * Math.abs(point - subject)) / point;
}
