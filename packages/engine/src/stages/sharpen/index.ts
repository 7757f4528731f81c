import type { NoiseProfile, RawFrame } from '@photosite/raw';
import { rectangleOf } from '../../geometry.js';
import { noiseOf } from '../../noise/noiseOf.js';
import { defineStage, type ParameterSet, type PlanContext, type ValuesOf } from '../../stage.js';
import { measureBlur } from './blur.js';
import { gainFilter, noiseGain, responseOf } from './filter.js';
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
    help: "The blur's standard deviation; automatic = measured at the picture's own edges, else by aperture and pixel pitch.",
  },
  output: {
    kind: 'number',
    min: 0,
    max: 2,
    step: 0.05,
    default: 1,
    flag: 'sharpen-output',
    help: 'Sharpening of photos that are made smaller, for the size that they get; 0 is none.',
  },
} as const satisfies ParameterSet;

/** A blur below this is less than what a filter could change by a tenth. */
const SMALLEST_BLUR = 0.15;
/** What optics, their filter and hands leave at best, beside diffraction, as a standard deviation in pixels. */
const LENS_BLUR = 0.5;
/** Standard deviation of a Gaussian that fits the Airy disc's core, in wavelengths times f-number (Zhang, Zerubia and Olivo-Marin, Applied Optics 46, 2007). */
const AIRY_CORE = 0.45;
const GREEN_WAVELENGTH_UM = 0.55;
const FULL_FRAME_DIAGONAL_UM = Math.hypot(36, 24) * 1000;
/** Automatic radii lie within these: what is wider is out of focus rather than blurred by the camera. */
const SMALLEST_AUTOMATIC_BLUR = 0.3;
const LARGEST_AUTOMATIC_BLUR = 1.1;
/** Noise over signal that is reckoned with in a picture without noise: detail of a hundredth of its light is left. */
const LEAST_NOISE_TO_SIGNAL = 0.004;
/** Standard deviation of the detail that noise is held against. */
const DETAIL = 0.04;
/** Luminance at which noise is looked at to choose the filter. */
const MIDDLE_GREY = 0.18;
/**
 * Extra contrast at Nyquist's frequency: sharpness lies to a part beyond it, where nothing can be brought back. By the
 * blur: 0.8 at half a pixel, more above. The filter gives straight edges more of it.
 */
const CRISPNESS = { atHalf: 0.8, perPixel: 8, least: 0.2, most: 2.5 } as const;
/** What alternates beside an edge makes a gain of its own: by this times what the filter gains at Nyquist's frequency. */
const ALTERNATING = 2;
/** What [1 -2 1] along both directions makes of a checkerboard of 1. */
const OF_CHECKERBOARD = 16;
/** Extra contrast at Nyquist's frequency of a picture made smaller: its means let pass 2/π there. */
const OUTPUT = 0.6;
/** A filter that gains less at Nyquist's frequency does nothing that is seen. */
const LEAST_GAIN = 0.01;
/** Where straight edges gain less in addition, they need not be looked for. */
const LEAST_EDGE_GAIN = 0.1;
/**
 * Coherence ((Jxx − Jyy)² + 4 Jxy²) / (Jxx + Jyy)² of the structure tensor over 5 × 5 pixels, from which on the surroundings
 * count as one straight edge, to a part and wholly: leaves and grass mostly lie below, edges of things above.
 */
const COHERENCE = [0.75, 0.95] as const;
const OVERSHOOT = 0.05;
const UNDERSHOOT = 0.1;
/** Standard deviations of noise that a gain must exceed to count for about half. */
const NOISE_MARGIN = 1;
/** What denoising at its full strength leaves of noise. */
const LEFT_BY_DENOISING = 0.25;
const DARKEST = 2e-3;
/** The brightest of a pixel's three values, where its sensor's own white lies at 1 or above. */
const CLIPPING = [0.85, 1] as const;
const LUMINANCE = [0.2627, 0.678, 0.0593] as const;

interface Plan {
  /** Address of amount, noise, limits and weights. */
  readonly table: number;
  readonly taps: number;
}

/** The blur in pixels that is to be expected of a camera: lens and diffraction, where the file says the pixels' pitch. */
export function cameraBlur(frame: RawFrame): number {
  const { fNumber, focalLengthMm, focalLength35mm } = frame.exposure;
  if (!(fNumber! > 0 && focalLengthMm! > 0 && focalLength35mm! > 0)) return LENS_BLUR;
  const { width, height } = rectangleOf(frame.activeArea);
  const pitchUm = (FULL_FRAME_DIAGONAL_UM * focalLengthMm!) / focalLength35mm! / Math.hypot(width, height);
  const diffraction = (AIRY_CORE * GREEN_WAVELENGTH_UM * fNumber!) / pitchUm;
  return Math.min(Math.hypot(LENS_BLUR, diffraction), LARGEST_AUTOMATIC_BLUR);
}

/** A frame's blur in pixels: measured in the picture, else what is to be expected. */
export function blurOf(frame: RawFrame): number {
  const { sigma } = measureBlur(frame) ?? { sigma: cameraBlur(frame) };
  return Math.min(Math.max(sigma, SMALLEST_AUTOMATIC_BLUR), LARGEST_AUTOMATIC_BLUR);
}

/** Variance of luminance noise where sharpening finds it: scale times luminance, plus offset. */
export function luminanceNoise({ frame, recipe, scale, white }: PlanContext): NoiseProfile {
  const { profiles } = noiseOf(frame);
  const denoised = frame.noiseMap?.denoised ? 0 : Math.min(recipe.denoise.luminance, 1);
  const left = 1 - denoised * (1 - LEFT_BY_DENOISING);
  // A mean over the area under a reduced view's pixels is quieter by the area.
  const factor = (left * scale) ** 2;
  let [photons, offset] = [0, 0];
  for (const [c, weight] of LUMINANCE.entries()) {
    const profile = profiles[Math.min(c, profiles.length - 1)]!;
    const gain = 1 / white.neutral[c]!;
    photons += factor * weight * weight * profile.scale * gain;
    offset += factor * weight * weight * profile.offset * gain * gain;
  }
  return { scale: photons, offset };
}

/** How a picture is sharpened; undefined where there is nothing to do. */
export function sharpeningOf(
  { amount: asked, radius, output }: ValuesOf<typeof parameters>,
  context: PlanContext,
): Sharpening | undefined {
  const { frame, scale, isOutput } = context;
  // Cameras that need more than others are measured; what was deconvolved before says that it needs less.
  const amount = asked * Math.min(frame.baselineSharpness ?? 1, 1);
  if (amount === 0) return undefined;
  const full = radius ?? blurOf(frame);
  const forSize = isOutput && scale < 1 ? OUTPUT * output : 0;
  const sigma = full * scale;
  if (sigma < SMALLEST_BLUR && forSize === 0) return undefined;
  const noise = luminanceNoise(context);
  const { atHalf, perPixel, least, most } = CRISPNESS;
  const filter = gainFilter({
    sigma,
    noiseToSignal: LEAST_NOISE_TO_SIGNAL + (noise.scale * MIDDLE_GREY + noise.offset) / DETAIL ** 2,
    // What lies at Nyquist's frequency of the full picture is gone in a reduced one.
    crispness: Math.min(Math.max(atHalf + perPixel * (full - 0.5), least), most) * scale ** 4,
    output: forSize,
  });
  if (filter.atNyquist < LEAST_GAIN) return undefined;
  const { everywhere, acrossEdges } = noiseGain(filter);
  const factor = everywhere * (amount * NOISE_MARGIN) ** 2;
  return {
    amount,
    noiseScale: factor * noise.scale,
    // Never 0: a gain of 0 is divided by its own square and this.
    noiseOffset: Math.max(factor * noise.offset, 1e-12),
    edgeNoise: acrossEdges / everywhere - 1,
    alternating: (ALTERNATING * filter.atNyquist) / OF_CHECKERBOARD,
    overshoot: OVERSHOOT,
    undershoot: UNDERSHOOT,
    darkest: DARKEST,
    clipping: CLIPPING,
    coherence: COHERENCE,
    weights: filter.weights,
    mixed: filter.mixed,
    edgeWeights: responseOf(filter.edgeWeights, 0.5) < LEAST_EDGE_GAIN ? [] : filter.edgeWeights,
  };
}

/** The numbers as the kernel reads them. */
export function sharpenTable(how: Sharpening): Float32Array {
  const {
    amount,
    noiseScale,
    noiseOffset,
    alternating,
    overshoot,
    undershoot,
    darkest,
    clipping,
    edgeNoise,
    coherence,
    weights,
    mixed,
    edgeWeights,
  } = how;
  const [begin, end] = clipping;
  const head = [amount, noiseScale, noiseOffset, overshoot, undershoot, darkest, begin, 1 / (end - begin)];
  const [least, whole] = coherence;
  const edges = [edgeNoise, least, 1 / (whole - least), edgeWeights.length > 0 ? 1 : 0, 0];
  return Float32Array.from([...head, mixed, 1 / mixed, alternating, ...edges, ...weights, ...edgeWeights]);
}

/** The structure tensor's five pixels, and one beside for their slopes. */
const LEAST_HALO = 3;

/** Pixels that are read around each one. */
export function sharpenHalo(taps: number): number {
  return Math.max(taps, LEAST_HALO);
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
  scratch: ({ taps }, stride, height, kernels) =>
    kernels.sharpenScratch(stride + 12, height, sharpenHalo(taps)),
  run({ table, taps }, tile, kernels) {
    kernels.sharpen(
      tile.inner,
      tile.planeStride,
      tile.stride * 4,
      tile.innerWidth,
      tile.innerHeight,
      sharpenHalo(taps),
      taps,
      table,
      tile.scratch,
    );
  },
});
