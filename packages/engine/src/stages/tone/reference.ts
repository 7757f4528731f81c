import type { Vector3 } from '../../colour/matrix3.js';

/**
 * A pixel through a tone curve that keeps hue: the largest and the smallest channel go through the curve, the middle
 * one keeps its place between them.
 */
export function tone(pixel: Vector3, curve: (x: number) => number): Vector3 {
  const top = Math.max(...pixel);
  const low = Math.min(...pixel);
  const [newTop, newLow] = [curve(top), curve(low)];
  const place = (value: number): number => (top > low ? (value - low) / (top - low) : 0);
  const at = (value: number): number => newLow + place(value) * (newTop - newLow);
  return [at(pixel[0]), at(pixel[1]), at(pixel[2])];
}
