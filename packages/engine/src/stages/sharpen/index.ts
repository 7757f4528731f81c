import type { RawFrame } from '@photosite/raw';
import { rectangleOf } from '../../geometry.js';
import { noiseOf } from '../../noise/noiseOf.js';
import { defineStage, type ParameterSet, type PlanContext } from '../../stage.js';
import type { Sharpening } from './reference.js';

const parameters = {
  amount: {
    kind: 'number',
    min: 0,
    max: 2,
    step: 0.05,
    default: 1,
    flag: 'sharpen',
    help: 'Capture sharpening: undoes the blur of lens and sensor; 1 is all that the picture bears without halos, 0 is none.',
  },
  radius: {
    kind: 'number',
    min: 0.3,
    max: 2,
    step: 0.05,
    unit: 'pixels',
    default: null,
    flag: 'sharpen-radius',
    help: "The blur's standard deviation; automatic = from aperture and pixel pitch.",
  },
} as const satisfies ParameterSet;

/** Steps of the deconvolution: of a detail whose contrast is halved by the blur 94 % come back. */
export const STEPS = 3;
/** Weights end where a Gaussian has fallen to this many standard deviations. */
const CUT = 2.6;
/** A blur below this is less than a pixel's own; in reduced views it is gone. */
const SMALLEST_BLUR = 0.25;
/** The pixel's own area, its optical filter and demosaicing, as a standard deviation in pixels. */
const PIXEL_BLUR = 0.5;
/** Standard deviation of a Gaussian that fits the Airy disc's core, in wavelengths times f-number (Zhang, Zerubia and Olivo-Marin, Applied Optics 46, 2007). */
const AIRY_CORE = 0.45;
const GREEN_WAVELENGTH_UM = 0.55;
const FULL_FRAME_DIAGONAL_UM = Math.hypot(36, 24) * 1000;
/** Automatic radii end here: what is wider is out of focus rather than blurred by the camera. */
const LARGEST_AUTOMATIC_BLUR = 1.1;
const OVERSHOOT = 0.05;
/** Standard deviations of noise that a gain must exceed to count for about half. */
const NOISE_MARGIN = 2;
/** What denoising at its full strength leaves of noise. */
const LEFT_BY_DENOISING = 0.25;
const DARKEST = 2e-3;
const LUMINANCE = [0.2627, 0.678, 0.0593] as const;

interface Plan {
  /** Address of amount, noise, limits and weights. */
  readonly table: number;
  readonly taps: number;
}

/** The camera's own blur in pixels: diffraction and pixel; the pixel's alone where the file does not say its pitch. */
export function cameraBlur(frame: RawFrame): number {
  const { fNumber, focalLengthMm, focalLength35mm } = frame.exposure;
  if (!(fNumber! > 0 && focalLengthMm! > 0 && focalLength35mm! > 0)) return PIXEL_BLUR;
  const { width, height } = rectangleOf(frame.activeArea);
  const pitchUm = (FULL_FRAME_DIAGONAL_UM * focalLengthMm!) / focalLength35mm! / Math.hypot(width, height);
  const diffraction = (AIRY_CORE * GREEN_WAVELENGTH_UM * fNumber!) / pitchUm;
  return Math.min(Math.hypot(PIXEL_BLUR, diffraction), LARGEST_AUTOMATIC_BLUR);
}

/** A Gaussian integrated over pixels, from its middle on, of sum 1 with both sides. */
export function blurWeights(sigma: number): number[] {
  const taps = Math.max(Math.ceil(CUT * sigma), 1);
  const half = Array.from({ length: taps + 1 }, (_, k) => Math.exp(-(k * k) / (2 * sigma * sigma)));
  const sum = half.reduce((total, weight, k) => total + (k === 0 ? weight : 2 * weight), 0);
  return half.map((weight) => weight / sum);
}

/** Variance of what deconvolution adds to white noise of variance 1: the energy of its filter less the pixel itself. */
export function noiseGain(weights: readonly number[], steps: number): number {
  const taps = weights.length - 1;
  const radius = steps * taps;
  const size = 2 * radius + 1;
  const weight = (k: number): number => weights[Math.abs(k)] ?? 0;
  const at = (sheet: Float64Array, x: number, y: number): number =>
    x < 0 || y < 0 || x >= size || y >= size ? 0 : sheet[y * size + x]!;
  const point = new Float64Array(size * size);
  point[radius * size + radius] = 1;
  let estimate = point.slice();
  for (let step = 0; step < steps; step++) {
    const rows = estimate.map((_, i) => {
      let sum = 0;
      for (let k = -taps; k <= taps; k++)
        sum += weight(k) * at(estimate, (i % size) + k, Math.floor(i / size));
      return sum;
    });
    estimate = estimate.map((value, i) => {
      let sum = 0;
      for (let k = -taps; k <= taps; k++) sum += weight(k) * at(rows, i % size, Math.floor(i / size) + k);
      return value + point[i]! - sum;
    });
  }
  return estimate.reduce((sum, value, i) => sum + (value - point[i]!) ** 2, 0);
}

/** How a picture is sharpened; undefined where there is nothing to do. */
export function sharpeningOf(
  { amount, radius }: { readonly amount: number; readonly radius: number | null },
  { frame, recipe, scale, white }: PlanContext,
): Sharpening | undefined {
  const sigma = (radius ?? cameraBlur(frame)) * scale;
  if (amount === 0 || sigma < SMALLEST_BLUR) return undefined;
  const weights = blurWeights(sigma);
  const { profiles } = noiseOf(frame);
  const left = 1 - Math.min(recipe.denoise.luminance, 1) * (1 - LEFT_BY_DENOISING);
  // A mean over the area under a reduced view's pixels is quieter by the area.
  const factor = noiseGain(weights, STEPS) * (amount * NOISE_MARGIN * left * scale) ** 2;
  let [noiseScale, noiseOffset] = [0, 0];
  for (const [c, weight] of LUMINANCE.entries()) {
    const profile = profiles[Math.min(c, profiles.length - 1)]!;
    const gain = 1 / white.neutral[c]!;
    noiseScale += factor * weight * weight * profile.scale * gain;
    noiseOffset += factor * weight * weight * profile.offset * gain * gain;
  }
  return {
    amount,
    noiseScale,
    // Never 0: a gain of 0 is divided by its own square and this.
    noiseOffset: Math.max(noiseOffset, 1e-12),
    overshoot: OVERSHOOT,
    darkest: DARKEST,
    weights,
    steps: STEPS,
  };
}

/** The numbers as the kernel reads them. */
export function sharpenTable(how: Sharpening): Float32Array {
  const { amount, noiseScale, noiseOffset, overshoot, darkest, weights } = how;
  return Float32Array.from([amount, noiseScale, noiseOffset, overshoot, darkest, 0, 0, 0, ...weights]);
}

/** Pixels that are read around each one. */
export function sharpenHalo(taps: number): number {
  return Math.max(STEPS * taps, 2);
}

/** Capture sharpening: deconvolution of luminance, on linear light at the sensor's own level, where noise is known. */
export const sharpen = defineStage({
  name: 'sharpen',
  title: 'Sharpening',
  parameters,
  works: 'local',
  plan(values, context): Plan | undefined {
    const how = sharpeningOf(values, context);
    if (how === undefined) return undefined;
    return { table: context.place(sharpenTable(how)), taps: how.weights.length - 1 };
  },
  halo: ({ taps }) => sharpenHalo(taps),
  scratch: (_plan, stride, height, kernels) => kernels.sharpenScratch(stride + 12, height),
  run({ table, taps }, tile, kernels) {
    kernels.sharpen(
      tile.inner,
      tile.planeStride,
      tile.stride * 4,
      tile.innerWidth,
      tile.innerHeight,
      sharpenHalo(taps),
      STEPS,
      taps,
      table,
      tile.scratch,
    );
  },
});
