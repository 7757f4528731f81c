import type { Vector3 } from '../../colour/matrix3.js';

/** A pixel times one gain per channel, as 32-bit floats. */
export function whiteBalance(pixel: Vector3, gains: Vector3): Vector3 {
  const scaled = (channel: 0 | 1 | 2): number => Math.fround(pixel[channel] * Math.fround(gains[channel]));
  return [scaled(0), scaled(1), scaled(2)];
}
