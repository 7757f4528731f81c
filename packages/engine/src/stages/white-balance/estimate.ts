import type { Chromaticity } from '@photosite/raw';
import type { CameraModel } from '../../colour/camera.js';
import { normalised, type Vector3 } from '../../colour/matrix3.js';
import { chromaticityOfTemperature } from '../../colour/temperature.js';
import { CLASS_ENDS, SURFACES } from './surfaces.js';

/** Lights that are tried: their reciprocal temperatures in 1/MK and their distances from the Planckian locus as tints. */
const MIREDS = { least: 80, most: 520, step: 8 } as const;
const TINTS = { reach: 60, step: 6 } as const;
/** Lights by which people see: mean and spread in 1/MK, and spread of tints about 0. */
const USUAL_MIRED = 230;
const MIRED_SPREAD = 130;
const TINT_SPREAD = 18;
/** Colours that differ by less in ln(R/G) and ln(B/G) are the same surface. */
const SURFACE_STEP = 0.06;
/** Pixels darker or brighter than these shares of white say nothing: noise, and clipping. */
const DARKEST = 0.004;
const BRIGHTEST = 0.9;
/** A colour seen by a smaller share of the pixels is a border between others. */
const LEAST_SHARE = 0.001;
/** Share of the pixels that may be brighter than the scene's brightest surface. */
const GLINTS = 0.02;
/** The brightest surface's own reflectance, about. */
const BRIGHTEST_REFLECTANCE = 0.8;
/** How many surfaces' worth of evidence each surface brings, and all of them at most: they are not independent. */
const EVIDENCE = 0.35;
const MOST_EVIDENCE = 12;
/** The density of colours that no surface of the model has: rather a lamp or a flower than another light. */
const OUTLIER_DENSITY = 1e-3;
/** Spread of the camera's own white about the true one in ln(R/G) and ln(B/G), and how firmly it is held. */
const AS_SHOT_SPREAD = 0.12;
const AS_SHOT_POWER = 2;
/** A neutral whose smallest channel is below this share of the largest is none that a matrix can tell of. */
const LEAST_NEUTRAL = 0.02;

/** Camera RGB pixels, white level 1, RGB interleaved. */
export interface CameraPixels {
  readonly width: number;
  readonly height: number;
  readonly pixels: Float32Array;
}

interface Surface {
  readonly red: number;
  readonly blue: number;
  /** Which mixture it belongs to. */
  readonly mixture: number;
}

/** The distinct colours of a picture, each once, however much of the picture it fills. */
function surfacesOf({ pixels }: CameraPixels): Surface[] {
  const seen = new Map<number, { count: number; red: number; blue: number; light: number }>();
  const lights: number[] = [];
  for (let i = 0; i < pixels.length; i += 3) {
    const [r, g, b] = [pixels[i]!, pixels[i + 1]!, pixels[i + 2]!];
    const light = Math.max(r, g, b);
    if (!(light > DARKEST && light < BRIGHTEST && Math.min(r, g, b) > DARKEST / 8)) continue;
    const [red, blue] = [Math.log(r / g), Math.log(b / g)];
    lights.push(light);
    const key = Math.round(red / SURFACE_STEP) * 4096 + Math.round(blue / SURFACE_STEP);
    const entry = seen.get(key);
    if (entry === undefined) seen.set(key, { count: 1, red, blue, light });
    else {
      entry.count++;
      entry.red += red;
      entry.blue += blue;
      entry.light = Math.max(entry.light, light);
    }
  }
  lights.sort((a, b) => a - b);
  const brightest = lights[Math.floor(lights.length * (1 - GLINTS))] ?? 1;
  const least = Math.max(lights.length * LEAST_SHARE, 2);
  return [...seen.values()]
    .filter(({ count }) => count >= least)
    .map(({ count, red, blue, light }) => {
      const share = Math.min(light / brightest, 1) * BRIGHTEST_REFLECTANCE;
      return {
        red: red / count,
        blue: blue / count,
        mixture: CLASS_ENDS.findIndex((end) => share < end * BRIGHTEST_REFLECTANCE),
      };
    });
}

/** Of each part of each mixture: its height, its means, and half of the inverse of its covariances, six numbers. */
const MIXTURES = SURFACES.map((parts) =>
  Float64Array.from(
    parts.flatMap(([share, red, blue, redVariance, blueVariance, covariance]) => {
      const determinant = redVariance * blueVariance - covariance * covariance;
      const height = share / (2 * Math.PI * Math.sqrt(determinant));
      return [
        height,
        red,
        blue,
        blueVariance / (2 * determinant),
        redVariance / (2 * determinant),
        covariance / determinant,
      ];
    }),
  ),
);
/** Beyond this exponent a part adds nothing to the floor. */
const FAR = 12;

/** Logarithm of the density of surfaces at a balanced colour. */
function logDensity(mixture: Float64Array, red: number, blue: number): number {
  let sum = OUTLIER_DENSITY;
  for (let i = 0; i < mixture.length; i += 6) {
    const x = red - mixture[i + 1]!;
    const y = blue - mixture[i + 2]!;
    const distance = mixture[i + 3]! * x * x + mixture[i + 4]! * y * y - mixture[i + 5]! * x * y;
    if (distance < FAR) sum += mixture[i]! * Math.exp(-distance);
  }
  return Math.log(sum);
}

/**
 * The scene's white from its pixels: the mean of the lights near the Planckian locus, each as likely as the colours that
 * the scene's surfaces would then have (Brainard and Freeman 1997, "Bayesian color constancy"; each distinct colour counts
 * once, as in Finlayson, Hordley and Hubel 2001, "Color by correlation"), times how usual such lights are, times how near
 * they come to what the camera found.
 * @param asShot camera RGB of the white that the camera recorded; undefined where it is no evidence
 * @returns camera RGB of a neutral, largest value 1; undefined where the picture shows nothing to judge by
 */
export function estimateNeutral(
  picture: CameraPixels,
  camera: CameraModel,
  asShot: Vector3 | undefined,
): Vector3 | undefined {
  const surfaces = surfacesOf(picture);
  if (surfaces.length === 0) return undefined;
  const evidence = Math.min(EVIDENCE, MOST_EVIDENCE / surfaces.length);
  const lights: { red: number; blue: number; likelihood: number }[] = [];
  for (let mired: number = MIREDS.least; mired <= MIREDS.most; mired += MIREDS.step)
    for (let tint: number = -TINTS.reach; tint <= TINTS.reach; tint += TINTS.step) {
      const white: Chromaticity = chromaticityOfTemperature({ kelvin: 1e6 / mired, tint });
      const neutral = camera.neutralOf(white);
      if (!(Math.min(...neutral) > LEAST_NEUTRAL)) continue;
      const [red, blue] = [Math.log(neutral[0] / neutral[1]), Math.log(neutral[2] / neutral[1])];
      let likelihood = -(((tint / TINT_SPREAD) ** 2 + ((mired - USUAL_MIRED) / MIRED_SPREAD) ** 2) / 2);
      if (asShot !== undefined) {
        const away =
          (red - Math.log(asShot[0] / asShot[1])) ** 2 + (blue - Math.log(asShot[2] / asShot[1])) ** 2;
        likelihood -= AS_SHOT_POWER * Math.log(1 + away / AS_SHOT_SPREAD ** 2);
      }
      for (const surface of surfaces)
        likelihood +=
          evidence * logDensity(MIXTURES[surface.mixture]!, surface.red - red, surface.blue - blue);
      lights.push({ red, blue, likelihood });
    }
  if (lights.length === 0) return undefined;
  const best = Math.max(...lights.map(({ likelihood }) => likelihood));
  let [red, blue, total] = [0, 0, 0];
  for (const light of lights) {
    const weight = Math.exp(light.likelihood - best);
    red += weight * light.red;
    blue += weight * light.blue;
    total += weight;
  }
  return normalised([Math.exp(red / total), 1, Math.exp(blue / total)]);
}
