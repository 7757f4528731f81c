import type { Matrix3 } from '@photosite/raw';
import { solveLinear } from '../linearAlgebra.js';
import { OpticsError } from '../OpticsError.js';
import { adaptation, D50_XYZ } from './adaptation.js';
import { cameraRgbOf, illuminantRgb } from './cameraRgb.js';
import { integrate, whiteXyz, type Xyz, xyzOf } from './integrate.js';
import { apply, diagonal, inverse, multiply, type Vector3 } from './matrix3.js';
import { COLOR_CHECKER_REFLECTANCES, trainingReflectances } from './reflectances.js';
import type { Spectrum } from './Spectrum.js';
import type { Sensitivities } from './sensitivities.js';

/** What {@link solveColorMatrix} fits. */
export interface FitOptions {
  /** Reflectances and how much each counts; the ColorChecker and the 190 training patches, half each, where left out. */
  readonly surfaces?: readonly FitSurface[];
}

/** A surface of the fit. */
export interface FitSurface {
  readonly reflectance: Spectrum;
  readonly weight: number;
}

/** A camera's matrices for one calibration illuminant. */
export interface SolvedMatrices {
  /**
   * XYZ of the scene under the illuminant to camera RGB (DNG ColorMatrix), its greatest response to D50 white 1, as the
   * matrices of Adobe's profiles are scaled.
   */
  readonly colorMatrix: Matrix3;
  /** White-balanced camera RGB to XYZ of D50 (DNG ForwardMatrix): (1,1,1) gives D50 exactly. */
  readonly forwardMatrix: Matrix3;
}

type Lab = readonly [number, number, number];

/** CIE L*a*b* relative to D50 (CIE 15:2018, equations 8.6 to 8.11). */
function labOf(xyz: Vector3): Lab {
  const f = (ratio: number): number =>
    ratio > (6 / 29) ** 3 ? Math.cbrt(ratio) : ratio / (3 * (6 / 29) ** 2) + 4 / 29;
  const [fx, fy, fz] = xyz.map((value, i) => f(value / D50_XYZ[i]!)) as [number, number, number];
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}

/**
 * CIEDE2000 near a colour: the matrix that turns a small difference (ΔL*, Δa*, Δb*) from it into a vector whose length is
 * the colour difference. Lightness, chroma and hue are weighted as at the colour itself (Sharma, Wu and Dalal 2005,
 * equations 4 to 7 and 15 to 18); the rotation in the blues is left out.
 */
function localMetric([l, a, b]: Lab): Matrix3 {
  const chroma7 = Math.hypot(a, b) ** 7;
  const stretch = 1 + 0.5 * (1 - Math.sqrt(chroma7 / (chroma7 + 25 ** 7)));
  const chroma = Math.hypot(a * stretch, b);
  const hue = Math.atan2(b, a * stretch);
  const degrees = Math.PI / 180;
  const t =
    1 -
    0.17 * Math.cos(hue - 30 * degrees) +
    0.24 * Math.cos(2 * hue) +
    0.32 * Math.cos(3 * hue + 6 * degrees) -
    0.2 * Math.cos(4 * hue - 63 * degrees);
  const fromMiddle = (l - 50) ** 2;
  const sL = 1 + (0.015 * fromMiddle) / Math.sqrt(20 + fromMiddle);
  const sC = 1 + 0.045 * chroma;
  const sH = 1 + 0.015 * chroma * t;
  const [cos, sin] = [Math.cos(hue), Math.sin(hue)];
  return [1 / sL, 0, 0, 0, (cos * stretch) / sC, sin / sC, 0, (-sin * stretch) / sH, cos / sH];
}

/** What the fit compares: balanced camera RGB, the Lab that it should give, the metric there, the weight. */
interface Sample {
  readonly balanced: Vector3;
  readonly lab: Lab;
  readonly metric: Matrix3;
  readonly weight: number;
}

function defaultSurfaces(): readonly FitSurface[] {
  const training = trainingReflectances();
  return [
    ...COLOR_CHECKER_REFLECTANCES.map(({ reflectance }) => ({
      reflectance,
      weight: 1 / COLOR_CHECKER_REFLECTANCES.length,
    })),
    ...training.map((reflectance) => ({ reflectance, weight: 1 / training.length })),
  ];
}

/** The matrix with the given first two columns whose rows sum to D50: white is kept exactly. */
function matrixOf(free: readonly number[]): Matrix3 {
  return [0, 1, 2].flatMap((row) => {
    const [first, second] = [free[row * 2]!, free[row * 2 + 1]!];
    return [first, second, D50_XYZ[row]! - first - second];
  }) as unknown as Matrix3;
}

/** The sample's colour difference under a matrix as a vector. */
function difference(matrix: Matrix3, { balanced, lab, metric }: Sample): Vector3 {
  const [l, a, b] = labOf(apply(matrix, balanced));
  return apply(metric, [l - lab[0], a - lab[1], b - lab[2]]);
}

/** The six free entries that are best for XYZ itself: linear least squares, the fit's start. */
function linearStart(samples: readonly Sample[], targets: readonly Xyz[]): number[] {
  return [0, 1, 2].flatMap((row) => {
    const normal = [
      [1e-9, 0],
      [0, 1e-9],
    ];
    const right = [0, 0];
    samples.forEach(({ balanced: [r, g, b], weight }, s) => {
      const basis = [r - b, g - b];
      const rest = targets[s]![row]! - D50_XYZ[row]! * b;
      for (let i = 0; i < 2; i++) {
        right[i]! += weight * basis[i]! * rest;
        for (let j = 0; j < 2; j++) normal[i]![j]! += weight * basis[i]! * basis[j]!;
      }
    });
    return solveLinear(normal, right);
  });
}

/** Passes of the fit; it has settled to 1e-6 of a colour difference long before. */
const PASSES = 40;
/** A difference below this counts as if it were this large when differences are reweighted. */
const LEAST_DIFFERENCE = 0.2;

/**
 * Levenberg and Marquardt's method on the colour differences, each weighted by the inverse of its size in the pass before:
 * so the mean difference is minimised, not its square, which would be ruled by one or two patches.
 */
function refine(samples: readonly Sample[], start: readonly number[]): readonly number[] {
  let free = [...start];
  let damping = 1e-3;
  const cost = (entries: readonly number[]): number => {
    const matrix = matrixOf(entries);
    return samples.reduce((sum, sample) => {
      const size = Math.hypot(...difference(matrix, sample));
      return sum + sample.weight * smoothed(size);
    }, 0);
  };
  let best = cost(free);
  for (let pass = 0; pass < PASSES; pass++) {
    const matrix = matrixOf(free);
    const step = 1e-6;
    const moved = free.map((value, k) => matrixOf(free.with(k, value + step)));
    const normal = free.map(() => free.map(() => 0));
    const right = free.map(() => 0);
    for (const sample of samples) {
      const at = difference(matrix, sample);
      const weight = sample.weight / Math.max(Math.hypot(...at), LEAST_DIFFERENCE);
      const slopes = moved.map((m) => difference(m, sample).map((value, i) => (value - at[i]!) / step));
      for (let i = 0; i < free.length; i++)
        for (let axis = 0; axis < 3; axis++) {
          right[i]! -= weight * slopes[i]![axis]! * at[axis]!;
          for (let j = 0; j < free.length; j++)
            normal[i]![j]! += weight * slopes[i]![axis]! * slopes[j]![axis]!;
        }
    }
    const damped = normal.map((row, i) => row.with(i, row[i]! * (1 + damping) + 1e-12));
    const change = solveLinear(damped, right);
    const next = free.map((value, i) => value + change[i]!);
    const reached = cost(next);
    if (reached < best) {
      free = next;
      best = reached;
      damping = Math.max(damping / 4, 1e-9);
    } else damping *= 8;
  }
  return free;
}

/** What is minimised per sample: the difference, a parabola near 0 (Huber 1964). */
function smoothed(size: number): number {
  return size > LEAST_DIFFERENCE ? size - LEAST_DIFFERENCE / 2 : size ** 2 / (2 * LEAST_DIFFERENCE);
}

/** Volume, squared, that the three sensitivities span as unit vectors; shipped cameras have 0.5 to 0.84. */
const LEAST_SPREAD = 1e-4;

/** @throws {OpticsError} where one channel is nearly a mix of the others */
function requireThreeChannels({ red, green, blue }: Sensitivities): void {
  const cosine = (a: Spectrum, b: Spectrum): number =>
    integrate(a, b) / Math.sqrt(integrate(a, a) * integrate(b, b));
  const [rg, rb, gb] = [cosine(red, green), cosine(red, blue), cosine(green, blue)];
  const spread = 1 + 2 * rg * rb * gb - rg ** 2 - rb ** 2 - gb ** 2;
  if (!(spread > LEAST_SPREAD))
    throw new OpticsError(
      'the three channels do not tell colours apart; their sensitivities have to differ.',
      {
        field: 'sensitivities',
      },
    );
}

/**
 * The colour matrices of a camera for one calibration illuminant, fitted to measured reflectances under it: least mean
 * colour difference (CIEDE2000's weights) after the DNG model's way through the forward matrix, white kept exactly.
 *
 * DNG 1.6, chapter 6: balanced camera RGB times ForwardMatrix is XYZ adapted to D50; ColorMatrix is XYZ to camera RGB. The
 * ColorMatrix is the same fit seen from the other side, `diag(neutral) · ForwardMatrix⁻¹ · Bradford(illuminant → D50)`,
 * so that readers which use only the one or only the other show the same colours.
 *
 * @param illuminant relative spectral power
 * @throws {OpticsError} for a light that the camera does not see and channels that do not tell colours apart
 */
export function solveColorMatrix(
  sensitivities: Sensitivities,
  illuminant: Spectrum,
  { surfaces = defaultSurfaces() }: FitOptions = {},
): SolvedMatrices {
  requireThreeChannels(sensitivities);
  const neutral = illuminantRgb(illuminant, sensitivities);
  const toD50 = adaptation(whiteXyz(illuminant), D50_XYZ);
  const targets = surfaces.map(({ reflectance }) => apply(toD50, xyzOf(reflectance, illuminant)));
  const samples = surfaces.map(({ reflectance, weight }, i): Sample => {
    const raw = cameraRgbOf(reflectance, illuminant, sensitivities);
    const lab = labOf(targets[i]!);
    return {
      balanced: [raw[0] / neutral[0], raw[1] / neutral[1], raw[2] / neutral[2]],
      lab,
      metric: localMetric(lab),
      weight,
    };
  });
  const forwardMatrix = matrixOf(refine(samples, linearStart(samples, targets)));
  const colorMatrix = multiply(diagonal(neutral), inverse(forwardMatrix), toD50);
  const top = 1 / Math.max(...apply(colorMatrix, D50_XYZ));
  return { colorMatrix: multiply(diagonal([top, top, top]), colorMatrix), forwardMatrix };
}
