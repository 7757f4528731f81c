import { type Spectrum, transform } from './fft.js';
import type { GreyLevel } from './GreyLevel.js';

/**
 * How the reference's points move into the frame: the one at (u, v) from the centre lies at
 * (u + x + xx·u + xy·v, v + y + yx·u + yy·v) from the frame's centre. All in pixels.
 */
export interface Affine {
  readonly x: number;
  readonly y: number;
  readonly xx: number;
  readonly xy: number;
  readonly yx: number;
  readonly yy: number;
}

/** Turns that are tried where the frames don't match without, in degrees. */
const TURNS = [-1.5, 1.5, -3, 3] as const;
/** Correlation of two pictures' detail from which on they are taken to be of the same scene without trying turns. */
const CLEAR = 0.6;
/** Peaks of the phase correlation that are looked at. */
const PEAKS = 5;
/** Least share of the picture in which the two must overlap. */
const LEAST_OVERLAP = 0.1;
/** Side of the square that is transformed, at least, over the picture's long side: room for shifts without wrapping around. */
const ROOM = 1.4;
/** Share of the picture along each border over which it fades. */
const FADE = 0.12;

/** What is looked at of a level, less its mean, fading towards the border. */
function faded(
  { width, height, stride, data }: GreyLevel,
  at: (i: number, j: number) => number,
): Float64Array {
  let mean = 0;
  for (let j = 0; j < height; j++) for (let i = 0; i < width; i++) mean += data[j * stride + i]!;
  mean /= width * height;
  const ramp = (k: number, size: number): number => {
    const t = Math.min(k + 0.5, size - k - 0.5) / (FADE * size);
    return t >= 1 ? 1 : t * t * (3 - 2 * t);
  };
  const out = new Float64Array(width * height);
  for (let j = 0; j < height; j++)
    for (let i = 0; i < width; i++) out[j * width + i] = (at(i, j) - mean) * ramp(i, width) * ramp(j, height);
  return out;
}

/** A level's value between its samples, those at the border repeated. */
export function between({ width, height, stride, data }: GreyLevel, x: number, y: number): number {
  const u = Math.min(Math.max(x, 0), width - 1.001);
  const v = Math.min(Math.max(y, 0), height - 1.001);
  const i = Math.floor(u);
  const j = Math.floor(v);
  const fx = u - i;
  const fy = v - j;
  const at = j * stride + i;
  const upper = data[at]! + fx * (data[at + 1]! - data[at]!);
  const lower = data[at + stride]! + fx * (data[at + stride + 1]! - data[at + stride]!);
  return upper + fy * (lower - upper);
}

/**
 * A level less its mean over 7 × 7 samples, which two scenes hardly ever have in common by chance; compressed, so that the
 * area decides and not what has the most contrast.
 */
function detail(level: GreyLevel): GreyLevel {
  const { width, height, stride, data } = level;
  const sums = new Float64Array((width + 1) * (height + 1));
  for (let j = 0; j < height; j++)
    for (let i = 0, row = 0; i < width; i++) {
      row += data[j * stride + i]!;
      sums[(j + 1) * (width + 1) + i + 1] = sums[j * (width + 1) + i + 1]! + row;
    }
  const out = new Float32Array(data.length);
  let mean = 0;
  for (let j = 0; j < height; j++)
    for (let i = 0; i < width; i++) {
      const [left, right] = [Math.max(i - 3, 0), Math.min(i + 4, width)];
      const [upper, lower] = [Math.max(j - 3, 0) * (width + 1), Math.min(j + 4, height) * (width + 1)];
      const sum = sums[lower + right]! - sums[lower + left]! - sums[upper + right]! + sums[upper + left]!;
      const count = ((right - left) * (lower - upper)) / (width + 1);
      const value = data[j * stride + i]! - sum / count;
      out[j * stride + i] = value;
      mean += Math.abs(value) / (width * height);
    }
  for (let at = 0; at < out.length; at++) out[at]! /= Math.abs(out[at]!) + mean + Number.MIN_VALUE;
  return { ...level, data: out };
}

/** Samples of a level from which on every fourth is enough to compare two. */
const MANY = 6000;

/** How two pictures agree where they overlap under a motion in samples. */
interface Agreement {
  readonly correlation: number;
  /** Samples that overlap. */
  readonly count: number;
  /** The other's values are about `gain` times the reference's, plus `lift`. */
  readonly gain: number;
  readonly lift: number;
}

function agreement(reference: GreyLevel, other: GreyLevel, motion: Affine): Agreement {
  const { width, height, stride, data } = reference;
  const [cx, cy] = [(width - 1) / 2, (height - 1) / 2];
  let [n, a, b, aa, ab, bb] = [0, 0, 0, 0, 0, 0];
  const every = width * height > MANY ? 2 : 1;
  for (let j = 1; j < height - 1; j += every)
    for (let i = 1; i < width - 1; i += every) {
      const u = i - cx;
      const v = j - cy;
      const x = i + motion.x + motion.xx * u + motion.xy * v;
      const y = j + motion.y + motion.yx * u + motion.yy * v;
      if (x < 1 || y < 1 || x > other.width - 2 || y > other.height - 2) continue;
      const p = data[j * stride + i]!;
      const q = between(other, x, y);
      n++;
      a += p;
      b += q;
      aa += p * p;
      ab += p * q;
      bb += q * q;
    }
  const [va, vb] = [n * aa - a * a, n * bb - b * b];
  const seen = va > 0 && vb > 0;
  const gain = seen ? Math.sqrt(vb / va) : 1;
  return {
    correlation: seen ? (n * ab - a * b) / Math.sqrt(va * vb) : 0,
    count: n * every * every,
    gain,
    lift: n > 0 ? (b - gain * a) / n : 0,
  };
}

/** The gain in log-likelihood of two pictures being one over being two: grows with their agreement and its area. */
function likelihood({ correlation, count }: Agreement): number {
  return correlation <= 0 ? 0 : -count * Math.log(1 - Math.min(correlation ** 2, 0.9999));
}

function turned(degrees: number): Affine {
  const angle = (degrees * Math.PI) / 180;
  // Rounded, so that no engine's last bit shows.
  const [c, s] = [Math.fround(Math.cos(angle)), Math.fround(Math.sin(angle))];
  return { x: 0, y: 0, xx: c - 1, xy: -s, yx: s, yy: c - 1 };
}

/** The best shifts by phase correlation, in samples of the level, for a reference turned by some degrees. */
function shifts(reference: GreyLevel, other: GreyLevel, turn: Affine): { x: number; y: number }[] {
  const { width, height } = reference;
  let size = 64;
  while (size < ROOM * Math.max(width, height)) size *= 2;
  const [cx, cy] = [(width - 1) / 2, (height - 1) / 2];
  // The turned reference: its inverse turn is the transpose.
  const a = faded(reference, (i, j) => {
    const [u, v] = [i - cx, j - cy];
    return between(reference, i + turn.xx * u - turn.xy * v, j - turn.yx * u + turn.yy * v);
  });
  const b = faded(other, (i, j) => other.data[j * other.stride + i]!);
  const both: Spectrum = {
    size,
    re: new Float64Array(size * size),
    im: new Float64Array(size * size),
  };
  for (let j = 0; j < height; j++)
    for (let i = 0; i < width; i++) {
      both.re[j * size + i] = a[j * width + i]!;
      both.im[j * size + i] = b[j * width + i]!;
    }
  transform(both, -1, height);
  // Both are real: their spectra are the even and the odd part.
  const noise = width * height * reference.variance;
  const cross: Spectrum = {
    size,
    re: new Float64Array(size * size),
    im: new Float64Array(size * size),
  };
  for (let v = 0; v < size; v++)
    for (let u = 0; u < size; u++) {
      const p = v * size + u;
      const q = ((size - v) % size) * size + ((size - u) % size);
      const [ar, ai] = [(both.re[p]! + both.re[q]!) / 2, (both.im[p]! - both.im[q]!) / 2];
      const [br, bi] = [(both.im[p]! + both.im[q]!) / 2, (both.re[q]! - both.re[p]!) / 2];
      // conj(A) · B, whitened as far as it stands above the noise.
      const [re, im] = [ar * br + ai * bi, ar * bi - ai * br];
      const norm = Math.sqrt(re * re + im * im) + noise;
      cross.re[p] = re / norm;
      cross.im[p] = im / norm;
    }
  transform(cross, 1);
  const peaks: { x: number; y: number; height: number }[] = [];
  const at = (x: number, y: number): number => cross.re[((y + size) % size) * size + ((x + size) % size)]!;
  const [reachX, reachY] = [Math.min(size / 2 - 1, width - 8), Math.min(size / 2 - 1, height - 8)];
  for (let y = -reachY; y <= reachY; y++)
    for (let x = -reachX; x <= reachX; x++) {
      const here = at(x, y);
      const least = peaks.length === PEAKS ? peaks[PEAKS - 1]!.height : 0;
      if (
        here <= least ||
        here < at(x - 1, y) ||
        here < at(x + 1, y) ||
        here < at(x, y - 1) ||
        here < at(x, y + 1)
      )
        continue;
      peaks.push({ x, y, height: here });
      peaks.sort((p, q) => q.height - p.height);
      if (peaks.length > PEAKS) peaks.pop();
    }
  return peaks;
}

/** A symmetric system solved by elimination with pivots; unknowns without any say stay 0. */
export function solve(matrix: Float64Array, right: Float64Array): Float64Array {
  const n = right.length;
  const m = Float64Array.from(matrix);
  const out = Float64Array.from(right);
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(m[i * n + k]!) > Math.abs(m[pivot * n + k]!)) pivot = i;
    for (let j = 0; j < n; j++) {
      const t = m[k * n + j]!;
      m[k * n + j] = m[pivot * n + j]!;
      m[pivot * n + j] = t;
    }
    const t = out[k]!;
    out[k] = out[pivot]!;
    out[pivot] = t;
    const p = m[k * n + k]!;
    if (Math.abs(p) < 1e-30) continue;
    for (let i = k + 1; i < n; i++) {
      const f = m[i * n + k]! / p;
      for (let j = k; j < n; j++) m[i * n + j]! -= f * m[k * n + j]!;
      out[i]! -= f * out[k]!;
    }
  }
  for (let k = n - 1; k >= 0; k--) {
    let sum = out[k]!;
    for (let j = k + 1; j < n; j++) sum -= m[k * n + j]! * out[j]!;
    const p = m[k * n + k]!;
    out[k] = Math.abs(p) < 1e-30 ? 0 : sum / p;
  }
  return out;
}

/**
 * A similarity refined on one level by Gauss-Newton with the reference's gradients (Baker and Matthews 2004), samples that
 * differ much weighed down (Geman and McClure). `motion` is in samples. Light may differ by a factor.
 */
function refine(reference: GreyLevel, other: GreyLevel, motion: Affine, rounds: number): Affine {
  const { width, height, stride, data } = reference;
  const [cx, cy] = [(width - 1) / 2, (height - 1) / 2];
  let { x: dx, y: dy, xx: a, yx: b } = motion;
  const { gain, lift } = agreement(reference, other, motion);
  let scale2 = Infinity;
  for (let round = 0; round < rounds; round++) {
    const h = new Float64Array(16);
    const r = new Float64Array(4);
    let [sum, count] = [0, 0];
    for (let j = 1; j < height - 1; j++)
      for (let i = 1; i < width - 1; i++) {
        const u = i - cx;
        const v = j - cy;
        const x = i + dx + a * u - b * v;
        const y = j + dy + b * u + a * v;
        if (x < 1 || y < 1 || x > other.width - 2 || y > other.height - 2) continue;
        const at = j * stride + i;
        const e = (between(other, x, y) - lift) / gain - data[at]!;
        const gx = (data[at + 1]! - data[at - 1]!) / 2;
        const gy = (data[at + stride]! - data[at - stride]!) / 2;
        const t = 1 / (1 + (e * e) / scale2);
        const w = t * t;
        sum += t * e * e;
        count += t;
        const g2 = gx * u + gy * v;
        const g3 = gy * u - gx * v;
        h[0]! += w * gx * gx;
        h[1]! += w * gx * gy;
        h[2]! += w * gx * g2;
        h[3]! += w * gx * g3;
        h[5]! += w * gy * gy;
        h[6]! += w * gy * g2;
        h[7]! += w * gy * g3;
        h[10]! += w * g2 * g2;
        h[11]! += w * g2 * g3;
        h[15]! += w * g3 * g3;
        r[0]! -= w * gx * e;
        r[1]! -= w * gy * e;
        r[2]! -= w * g2 * e;
        r[3]! -= w * g3 * e;
      }
    for (let p = 0; p < 4; p++) for (let q = 0; q < p; q++) h[p * 4 + q] = h[q * 4 + p]!;
    // What noise leaves, or what most of the picture leaves, whichever is more.
    scale2 = Math.max(4 * reference.variance, (4 * sum) / Math.max(count, 1));
    const step = solve(h, r);
    dx += step[0]!;
    dy += step[1]!;
    a += step[2]!;
    b += step[3]!;
  }
  return { x: dx, y: dy, xx: a, xy: -b, yx: b, yy: a };
}

const scaled = (motion: Affine, factor: number): Affine => ({
  ...motion,
  x: motion.x * factor,
  y: motion.y * factor,
});

/** Correlation of the coarsest pictures' detail from which on two frames are of one scene: among pictures of the Kodak set it is 0.08 at most. */
export const LEAST_CORRELATION = 0.15;
/** Gauss-Newton rounds on the coarsest level. */
const ROUNDS = 8;

/** The whole's motion, and how well the coarsest pictures' detail correlates under it. */
export interface WholeMotion {
  readonly motion: Affine;
  readonly correlation: number;
}

/**
 * The motion of the whole from the coarsest level of each: phase correlation for the shift, of a turned reference too where that
 * does not match, then a similarity by Gauss-Newton.
 */
export function wholeMotion(a: GreyLevel, b: GreyLevel): WholeMotion {
  const [detailA, detailB] = [detail(a), detail(b)];
  let best = { motion: turned(0), likelihood: 0, correlation: 0 };
  const least = LEAST_OVERLAP * a.width * a.height;
  const attempt = (turn: Affine): void => {
    const found = shifts(a, b, turn)
      .map(({ x, y }) => {
        const motion = { ...turn, x, y };
        return { motion, likelihood: likelihood(agreement(detailA, detailB, motion)) };
      })
      .sort((p, q) => q.likelihood - p.likelihood)[0];
    if (found === undefined) return;
    const motion = refine(a, b, found.motion, ROUNDS);
    const agreed = agreement(detailA, detailB, motion);
    if (agreed.count >= least && likelihood(agreed) > best.likelihood)
      best = { motion, likelihood: likelihood(agreed), correlation: agreed.correlation };
  };
  attempt(turned(0));
  if (best.correlation < CLEAR) for (const degrees of TURNS) attempt(turned(degrees));
  return { motion: scaled(best.motion, a.scale), correlation: best.correlation };
}
