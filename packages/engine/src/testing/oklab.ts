import { apply, type Vector3 } from '../colour/matrix3.js';
import { REC2020, rgbToRgb, SRGB } from '../colour/spaces.js';

const TO_SRGB = rgbToRgb(REC2020, SRGB);

/** Linear Rec.2020 to Oklab (Björn Ottosson, "A perceptual color space for image processing", 2020). */
export function oklabOf(rec2020: Vector3): Vector3 {
  const rgb = apply(TO_SRGB, rec2020);
  const cones = apply(
    [
      0.4122214708, 0.5363325363, 0.0514459929, 0.2119034982, 0.6806995451, 0.1073969566, 0.0883024619,
      0.2817188376, 0.6299787005,
    ],
    rgb,
  );
  return apply(
    [
      0.2104542553, 0.793617785, -0.0040720468, 1.9779984951, -2.428592205, 0.4505937099, 0.0259040371,
      0.7827717662, -0.808675766,
    ],
    [Math.cbrt(cones[0]), Math.cbrt(cones[1]), Math.cbrt(cones[2])],
  );
}

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
