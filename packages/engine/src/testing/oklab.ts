import type { Vector3 } from '../colour/matrix3.js';
import { oklabOf } from '../colour/oklab.js';

/** Oklab chroma: 0 for neutrals, about 0.3 for the purest colours of sRGB. */
export function chromaOf(rec2020: Vector3): number {
  const [, a, b] = oklabOf(rec2020);
  return Math.hypot(a, b);
}

/** Oklab hue in degrees. */
export function hueOf(rec2020: Vector3): number {
  const [, a, b] = oklabOf(rec2020);
  return (Math.atan2(b, a) * 180) / Math.PI;
}
