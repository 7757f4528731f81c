import { FINE_SIGMA } from '../merge/tables.js';

/** Taps on each side of the middle: one more changes MTF50 by less than 1 %. */
export const TAPS = 5;
/** Frequencies each way at which the filter is fitted, from 0 to 1 cycle per pixel of the sensor. */
const STEPS = 32;
/** What a demosaic keeps of a frequency: half of it at this many cycles per pixel, and how steeply it falls. */
const DEMOSAICED = { half: 0.48, steepness: 4.6 } as const;
/** Noise and errors of a merge over the scene's light, as powers: at this frequency, in cycles per pixel, it is an aim's own; below and above by this power. */
const NOISE_TO_SIGNAL = { at: 0.55, steepness: 6 } as const;

/** What a filter goes for. */
export interface Aim {
  /** Variance, in pixels² of the sensor, of the part of the lens's blur that is undone beside the photosites'. */
  readonly undone: number;
  /** Noise and errors over the scene's light, as powers, at 0.55 cycles per pixel of the sensor. */
  readonly noiseToSignal: number;
}

/** Everywhere: what brings textures nearest to the truth. */
export const EVERYWHERE: Aim = { undone: 0.03, noiseToSignal: 0.05 };
/** Along straight edges: there light is plenty, and the same for many pixels. */
export const ALONG_EDGES: Aim = { undone: 0.1, noiseToSignal: 0.015 };

/** What is known to have blurred a merge of twice the sensor's resolution. */
export interface KnownBlur {
  /** Variance of the lens's blur in pixels² of the sensor. */
  readonly lensVariance: number;
  /** Part of what was gathered in all that came together, on average: 7/8 of eight frames. */
  readonly gathered: number;
}

/** What averaging over a breadth leaves of a frequency. */
function apertureAt(breadth: number, frequency: number): number {
  const turn = Math.PI * breadth * frequency;
  return turn === 0 ? 1 : Math.sin(turn) / turn;
}

function gaussAt(variance: number, radius: number): number {
  return Math.exp(-2 * Math.PI ** 2 * variance * radius * radius);
}

/** What has become of a frequency of the scene in the merge, cycles per pixel of the sensor along both axes. */
export function blurAt({ lensVariance, gathered }: KnownBlur, fx: number, fy: number): number {
  const radius = Math.hypot(fx, fy);
  const estimate = 1 / (1 + (radius / DEMOSAICED.half) ** DEMOSAICED.steepness);
  const merge = estimate + gathered * gaussAt(FINE_SIGMA ** 2, radius) * (1 - estimate);
  return apertureAt(1, fx) * apertureAt(1, fy) * gaussAt(lensVariance, radius) * merge;
}

/** What shall become of it: as photosites of half the breadth see it, behind a lens that is a little better. */
function aimedAt({ lensVariance }: KnownBlur, { undone }: Aim, fx: number, fy: number): number {
  const left = Math.max(lensVariance - undone, 0);
  return apertureAt(0.5, fx) * apertureAt(0.5, fy) * gaussAt(left, Math.hypot(fx, fy));
}

/** What the filter shall make of a frequency of the merge (Wiener 1949). */
export function wantedAt(known: KnownBlur, aim: Aim, fx: number, fy: number): number {
  const blur = blurAt(known, fx, fy);
  const { at, steepness } = NOISE_TO_SIGNAL;
  const noise = aim.noiseToSignal * at * at * (Math.hypot(fx, fy) / at) ** steepness;
  return (aimedAt(known, aim, fx, fy) * blur) / (blur * blur + noise);
}

/** Solves symmetric equations with a positive matrix in place (Cholesky), row by row; the right side becomes the solution. */
function solve(matrix: Float64Array, right: Float64Array): void {
  const n = right.length;
  for (let j = 0; j < n; j++)
    for (let i = j; i < n; i++) {
      let sum = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= matrix[i * n + k]! * matrix[j * n + k]!;
      matrix[i * n + j] = i === j ? Math.sqrt(sum) : sum / matrix[j * n + j]!;
    }
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) right[i]! -= matrix[i * n + k]! * right[k]!;
    right[i]! /= matrix[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) right[i]! -= matrix[k * n + i]! * right[k]!;
    right[i]! /= matrix[i * n + i]!;
  }
}

/**
 * The weights whose response comes closest to what is wanted: least squares over the plane of frequencies, low ones weighing more
 * by the square of theirs, since there lies most of every picture's light.
 * @returns what a picture gains: (`TAPS` + 1)² weights by distance down and across; their sum over all sides is 0
 */
export function deconvolutionFilter(known: KnownBlur, aim: Aim): Float32Array {
  const pairs: (readonly [number, number])[] = [];
  for (let i = 1; i <= TAPS; i++) for (let j = 0; j <= i; j++) pairs.push([i, j]);
  const n = pairs.length;
  const matrix = new Float64Array(n * n);
  const right = new Float64Array(n);
  // At twice the resolution a pixel is half of the sensor's.
  const cosines = Array.from({ length: (STEPS + 1) * (TAPS + 1) }, (_, i) =>
    Math.cos((Math.PI * (i % (TAPS + 1)) * Math.floor(i / (TAPS + 1))) / STEPS),
  );
  const cosine = (step: number, tap: number): number => cosines[step * (TAPS + 1) + tap]!;
  for (let v = 0; v <= STEPS; v++)
    for (let u = 0; u <= v; u++) {
      const radius = Math.hypot(u, v) / STEPS;
      const weight = (u === v ? 1 : 2) / (radius ** 2 + 0.02) / (1 + (radius / 0.9) ** 4);
      const gain = wantedAt(known, aim, u / STEPS, v / STEPS) - 1;
      const basis = pairs.map(([i, j]) => cosine(u, i) * cosine(v, j) + cosine(u, j) * cosine(v, i) - 2);
      for (let a = 0; a < n; a++) {
        right[a]! += weight * basis[a]! * gain;
        for (let b = 0; b <= a; b++) matrix[a * n + b]! += weight * basis[a]! * basis[b]!;
      }
    }
  solve(matrix, right);
  const side = TAPS + 1;
  const weights = new Float32Array(side * side);
  let sum = 0;
  pairs.forEach(([i, j], k) => {
    // A response c · (cos i cos j + cos j cos i) is of taps c / 4 at eight places, c / 2 where these are four.
    const places = i === j || j === 0 ? 4 : 8;
    const tap = (2 * right[k]!) / places;
    weights[i * side + j] = tap;
    weights[j * side + i] = tap;
    sum += places * tap;
  });
  weights[0] = -sum;
  return weights;
}

/** Variance of what a filter gains of white noise of variance 1. */
export function energyOf(weights: Float32Array): number {
  const side = TAPS + 1;
  return weights.reduce((sum, weight, i) => {
    const places = (i < side ? 1 : 2) * (i % side === 0 ? 1 : 2);
    return sum + places * weight * weight;
  }, 0);
}
