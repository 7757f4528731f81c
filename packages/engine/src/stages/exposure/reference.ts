import type { Vector3 } from '../../colour/matrix3.js';

/** Scene light times 2 to the power of the stops, as 32-bit floats. */
export function exposure(pixel: Vector3, stops: number): Vector3 {
  const gain = Math.fround(2 ** stops);
  return [Math.fround(pixel[0] * gain), Math.fround(pixel[1] * gain), Math.fround(pixel[2] * gain)];
}
