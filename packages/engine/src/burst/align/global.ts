import { type Spectrum, tablesOf, transform } from './fft.js';
import type { GreyLevel } from './GreyLevel.js';
import { type AlignKernels, MOST_SPECTRUM } from './work.js';

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

/** The kernels' room for this: sums, the details of both levels, the tables of a transform and its spectrum. */
interface Room extends AlignKernels {
  readonly sums: number;
  readonly details: readonly [number, number];
  readonly circle: number;
  readonly spectrum: number;
}

function roomOf(on: AlignKernels, { stride, height }: GreyLevel): Room {
  const sums = Math.ceil(on.scratch / 16) * 16;
  const first = sums + SUMS * 8;
  const second = first + stride * height * 4;
  const circle = second + stride * height * 4;
  return { ...on, sums, details: [first, second], circle, spectrum: circle + 8 * MOST_SPECTRUM };
}

/** Numbers that sums over a level come to, at most. */
const SUMS = 32;

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
function detail(level: GreyLevel, on: Room | undefined, at: 0 | 1): GreyLevel {
  const { width, height, stride, data } = level;
  if (on !== undefined) {
    const out = new Float32Array(on.memory.buffer, on.details[at], stride * height);
    on.kernels.alignDetail(data.byteOffset, width, height, stride, out.byteOffset, on.spectrum);
    return { ...level, data: out };
  }
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

/** Sums over what two pictures have in common under a motion: their number, p, q, p², p q, q². */
function commonSums(reference: GreyLevel, other: GreyLevel, motion: Affine, every: number): Float64Array {
  const { width, height, stride, data } = reference;
  const [cx, cy] = [(width - 1) / 2, (height - 1) / 2];
  let [n, a, b, aa, ab, bb] = [0, 0, 0, 0, 0, 0];
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
  return Float64Array.of(n, a, b, aa, ab, bb);
}

function agreement(reference: GreyLevel, other: GreyLevel, motion: Affine, on: Room | undefined): Agreement {
  const { width, height, stride } = reference;
  const every = width * height > MANY ? 2 : 1;
  let sums: Float64Array;
  if (on === undefined) sums = commonSums(reference, other, motion, every);
  else {
    on.kernels.alignAgreement(
      reference.data.byteOffset,
      other.data.byteOffset,
      width,
      height,
      stride,
      every,
      motion.x,
      motion.y,
      motion.xx,
      motion.xy,
      motion.yx,
      motion.yy,
      on.sums,
    );
    sums = new Float64Array(on.memory.buffer, on.sums, 6);
  }
  const [n = 0, a = 0, b = 0, aa = 0, ab = 0, bb = 0] = sums;
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
function shifts(
  reference: GreyLevel,
  other: GreyLevel,
  turn: Affine,
  on: Room | undefined,
): { x: number; y: number }[] {
  const { width, height } = reference;
  let size = 64;
  while (size < ROOM * Math.max(width, height)) size *= 2;
  const [reachX, reachY] = [Math.min(size / 2 - 1, width - 8), Math.min(size / 2 - 1, height - 8)];
  const noise = width * height * reference.variance;
  if (on !== undefined) {
    const { cos, sin, order } = tablesOf(size);
    const { buffer } = on.memory;
    new Float32Array(buffer, on.circle, size / 2).set(cos);
    new Float32Array(buffer, on.circle + 2 * size, size / 2).set(sin);
    new Uint16Array(buffer, on.circle + 4 * size, size).set(order);
    const found = on.kernels.alignShifts(
      reference.data.byteOffset,
      other.data.byteOffset,
      width,
      height,
      reference.stride,
      turn.xx,
      turn.xy,
      turn.yx,
      turn.yy,
      FADE,
      size,
      on.circle,
      noise,
      reachX,
      reachY,
      PEAKS,
      on.spectrum,
      on.sums,
    );
    const peaks = new Float64Array(buffer, on.sums, 3 * found);
    return Array.from({ length: found }, (_, k) => ({ x: peaks[3 * k]!, y: peaks[3 * k + 1]! }));
  }
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

/** Where the sums of a Gauss-Newton step lie: 4 × 4 of which the upper triangle is filled, 4, and two more. */
const STEP_SUMS = 22;

/** A similarity in samples, and how the other's light goes with the reference's. */
interface Similarity {
  readonly dx: number;
  readonly dy: number;
  readonly a: number;
  readonly b: number;
  readonly gain: number;
  readonly lift: number;
}

/** The sums of a step; samples whose squares are far beyond `scale2` hardly count. */
function stepSums(
  reference: GreyLevel,
  other: GreyLevel,
  { dx, dy, a, b, gain, lift }: Similarity,
  scale2: number,
): Float64Array {
  const { width, height, stride, data } = reference;
  const [cx, cy] = [(width - 1) / 2, (height - 1) / 2];
  const h = new Float64Array(STEP_SUMS);
  const r = h.subarray(16);
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
  h[20] = sum;
  h[21] = count;
  return h;
}

/**
 * A similarity refined on one level by Gauss-Newton with the reference's gradients (Baker and Matthews 2004), samples that
 * differ much weighed down (Geman and McClure). `motion` is in samples. Light may differ by a factor.
 */
function refine(
  reference: GreyLevel,
  other: GreyLevel,
  motion: Affine,
  rounds: number,
  on: Room | undefined,
): Affine {
  const { width, height, stride } = reference;
  let { x: dx, y: dy, xx: a, yx: b } = motion;
  const { gain, lift } = agreement(reference, other, motion, on);
  let scale2 = Infinity;
  for (let round = 0; round < rounds; round++) {
    let sums: Float64Array;
    if (on === undefined) sums = stepSums(reference, other, { dx, dy, a, b, gain, lift }, scale2);
    else {
      const [p, q] = [reference.data.byteOffset, other.data.byteOffset];
      on.kernels.alignRefine(p, q, width, height, stride, dx, dy, a, b, gain, lift, scale2, on.sums);
      sums = new Float64Array(on.memory.buffer, on.sums, STEP_SUMS);
    }
    const [h, r] = [sums.slice(0, 16), sums.slice(16, 20)];
    for (let p = 0; p < 4; p++) for (let q = 0; q < p; q++) h[p * 4 + q] = h[q * 4 + p]!;
    // What noise leaves, or what most of the picture leaves, whichever is more.
    scale2 = Math.max(4 * reference.variance, (4 * sums[20]!) / Math.max(sums[21]!, 1));
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
 * @param on the kernels, where both levels lie in their memory
 */
export function wholeMotion(a: GreyLevel, b: GreyLevel, on?: AlignKernels): WholeMotion {
  const room = on === undefined ? undefined : roomOf(on, a);
  const [detailA, detailB] = [detail(a, room, 0), detail(b, room, 1)];
  let best = { motion: turned(0), likelihood: 0, correlation: 0 };
  const least = LEAST_OVERLAP * a.width * a.height;
  const attempt = (turn: Affine): void => {
    const found = shifts(a, b, turn, room)
      .map(({ x, y }) => {
        const motion = { ...turn, x, y };
        return { motion, likelihood: likelihood(agreement(detailA, detailB, motion, room)) };
      })
      .sort((p, q) => q.likelihood - p.likelihood)[0];
    if (found === undefined) return;
    const motion = refine(a, b, found.motion, ROUNDS, room);
    const agreed = agreement(detailA, detailB, motion, room);
    if (agreed.count >= least && likelihood(agreed) > best.likelihood)
      best = { motion, likelihood: likelihood(agreed), correlation: agreed.correlation };
  };
  attempt(turned(0));
  if (best.correlation < CLEAR) for (const degrees of TURNS) attempt(turned(degrees));
  return { motion: scaled(best.motion, a.scale), correlation: best.correlation };
}
