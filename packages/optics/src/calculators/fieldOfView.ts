import { positive } from '../checks.js';
import { type Focus, imageDistanceMm } from './focus.js';
import { diagonalMm } from './formats.js';

/** Angles that a sensor sees, degrees. */
export interface FieldOfView {
  readonly horizontalDegrees: number;
  readonly verticalDegrees: number;
  readonly diagonalDegrees: number;
}

/** A lens and the sensor behind it. */
export interface LensView {
  readonly focalLengthMm: number;
  readonly widthMm: number;
  readonly heightMm: number;
  /** Distance that is in focus, m; infinity where it is not given. Near focus extends a thin lens and narrows the view. */
  readonly distanceM?: number;
}

/**
 * Field of view of a lens without distortion: 2 atan(d / 2v) for a side or diagonal d and the image distance v, which is
 * the focal length for infinity (Ray, Applied Photographic Optics). A lens that focuses by shortening its focal
 * length, as many inner-focusing ones do, narrows less.
 */
export function fieldOfView({
  focalLengthMm,
  widthMm,
  heightMm,
  distanceM = Number.POSITIVE_INFINITY,
}: LensView): FieldOfView {
  const distance = imageDistanceMm({ focalLengthMm, distanceM });
  const degrees = (sideMm: number): number => (360 / Math.PI) * Math.atan(sideMm / (2 * distance));
  return {
    horizontalDegrees: degrees(positive('widthMm', widthMm)),
    verticalDegrees: degrees(positive('heightMm', heightMm)),
    diagonalDegrees: degrees(diagonalMm(widthMm, heightMm)),
  };
}

/** Width, m, of what is seen at the focus distance: sensor width over magnification; Infinity for infinity. */
export function subjectWidthM(focus: Focus, widthMm: number): number {
  const { focalLengthMm, distanceM } = focus;
  return (positive('widthMm', widthMm) / imageDistanceMm({ focalLengthMm, distanceM })) * distanceM;
}
