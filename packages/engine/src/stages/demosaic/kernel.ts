// Bayer demosaicing, the fast path: reference.ts says the same to be read, README.md says why.
// All arithmetic is done per sample in one fixed order, or in integers that can't overflow, so that a pixel has the same
// bytes in any tile and any lane.
import { bestWeights, fastWeights } from './weights.generated';

const PAD: i32 = 4; // floats left and right of a planar row, so that neighbours can be loaded without a border case
const TAPS: i32 = 20; // numbers that shape the directional step, with 14 fractional bits, before the network's weights
const DIRECTIONAL: i32 = 5; // quads around a quad that its directional differences depend on
const FEATURES: i32 = 10;
const OUTPUTS: i32 = 8;
const GATED: i32 = 12;
const KAPPA: f32 = 0.00001;
const OWN_MEAN: f32 = <f32>(1.0 / 36.0);

// Rows of quads that the rings hold; powers of two, so that a row number finds its place by a mask.
const KEEP_MOSAIC: i32 = 16;
const KEEP_H: i32 = 4;
const KEEP_V: i32 = 8;
const KEEP_OWN: i32 = 4;
const KEEP_START: i32 = 8;
const KEEP_GATED: i32 = 8;
const KEEP_HIDDEN: i32 = 4;
const SAVED: i32 = 128; // bytes: eight vectors that a convolution puts aside
const PLANAR_ROWS: i32 = 4 * (KEEP_MOSAIC + KEEP_H + KEEP_V + KEEP_H + 1 + KEEP_H + KEEP_V) + KEEP_OWN + 2 * KEEP_START;

// The network's fixed point: fractional bits of the features and all hidden channels, of the gated differences (which
// are small), and of each layer's weights. README.md says why nothing overflows.
const FEATURE_BITS: i32 = 12;
const GATED_BITS: i32 = 13;
const FAST_FIRST_BITS: i32 = 12, FAST_MIDDLE_BITS: i32 = 13, FAST_LAST_BITS: i32 = 11;
const BEST_HIDDEN_BITS: i32 = 11, BEST_LAST_BITS: i32 = 12;
const LIMIT: i32 = 16383; // of every number that the network works on: the sum of two still has 16 bits
/** Taken off the samples, which are seldom negative: the taps' sums are zero and don't see it. */
const SAMPLE_OFFSET: f32 = 3;

@inline function pitchOf(stride: i32): usize { return <usize>(((stride >> 1) + 2 * PAD + 3) & ~3) << 2; }
/** Minimal filtering takes 4 products for two outputs of 3 taps each, and 7 for two of 5. */
@inline function productsOf(kernel: i32): i32 { return kernel == 3 ? 4 : 7; }
@inline function productWeightsOf(channels: i32, middle: i32, kernel: i32, gated: i32): i32 {
  return productsOf(kernel) * kernel * FEATURES * channels + 12 * (middle * channels * channels + (channels + FEATURES + gated) * OUTPUTS);
}
/** 16 bit numbers a quad of the rows that products are taken of, for the widest convolution. */
@inline function columnsOf(channels: i32, kernel: i32): i32 {
  const first = productsOf(kernel) * FEATURES, hidden = 4 * channels;
  return first > hidden ? first : hidden;
}
/** The features are needed once more by the last convolution, which a deep network reaches many rows later. */
@inline function keepFeatures(middle: i32): i32 { return middle == 1 ? 8 : 16; }
function scratchOf(stride: i32, channels: i32, middle: i32, kernel: i32, gated: i32): i32 {
  const pitch = <i32>pitchOf(stride);
  const quads = pitch >> 2;
  const rings = keepFeatures(middle) * FEATURES + KEEP_GATED * gated + KEEP_HIDDEN * (middle + 1) * channels;
  const net = quads * 2 * (rings + columnsOf(channels, kernel)) + quads * 4 * 2 * OUTPUTS;
  const weights = TAPS * 4 + productWeightsOf(channels, middle, kernel, gated) * 2;
  return PLANAR_ROWS * pitch + net + SAVED + weights + 64;
}

@inline function digit(text: usize, i: i32): i32 {
  const c = <i32>load<u16>(text + (<usize>i << 1));
  return c > 92 ? c - 41 : c - 40;
}
@inline function number(text: usize, i: i32): i32 {
  return ((digit(text, 3 * i) << 12) | (digit(text, 3 * i + 1) << 6) | digit(text, 3 * i + 2)) - 131072;
}
@inline function add(a: v128, b: v128): v128 { return f32x4.add(a, b); }
@inline function mul(a: v128, b: v128): v128 { return f32x4.mul(a, b); }
@inline function tap(t: usize, i: i32): v128 { return v128.load32_splat(t + (<usize>i << 2)); }
@inline function ld(row: usize, x: i32): v128 { return v128.load(row + (<usize>x << 2)); }
@inline function st(row: usize, x: i32, v: v128): void { v128.store(row + (<usize>x << 2), v); }
@inline function dist(a: v128, b: v128): v128 { return f32x4.abs(f32x4.sub(a, b)); }
@inline function ring(base: usize, plane: i32, y: i32, keep: i32, pitch: usize): usize {
  return base + <usize>(plane * keep + (y & (keep - 1))) * pitch;
}
/** The last block of four overlaps its neighbour instead of running over the end. */
@inline function clampBlock(x: i32, end: i32): i32 { return x > end - 4 ? end - 4 : x; }

function encodeRow(src: usize, low: usize, high: usize, quads: i32, toe: f32): void {
  const zero = f32x4.splat(0);
  const c0 = f32x4.splat(toe);
  const cc = f32x4.splat(toe * toe);
  const slope = f32x4.splat(0.5 / toe);
  for (let b: i32 = 0; b < quads; b += 4) {
    const x = clampBlock(b, quads);
    const p = src + (<usize>x << 3);
    const u = v128.load(p), v = v128.load(p, 16);
    const e = v128.shuffle<f32>(u, v, 0, 2, 4, 6);
    const o = v128.shuffle<f32>(u, v, 1, 3, 5, 7);
    st(low, x, add(f32x4.sub(f32x4.sqrt(add(f32x4.pmax(zero, e), cc)), c0), mul(f32x4.pmin(zero, e), slope)));
    st(high, x, add(f32x4.sub(f32x4.sqrt(add(f32x4.pmax(zero, o), cc)), c0), mul(f32x4.pmin(zero, o), slope)));
  }
}

/** One difference: own colour at centre and two away, the other colour between. Taps: 0 e0, 1 e2, 2 e4, 3 o1, 4 o3. */
@inline function difference(
  e0: v128, e2: v128, e4: v128, o1: v128, o3: v128,
  c: v128, ca: v128, cb: v128, cc: v128, cd: v128, na: v128, nb: v128, nc: v128, nd: v128,
): v128 {
  return add(add(mul(e0, c), mul(e2, add(ca, cb))), add(mul(e4, add(cc, cd)), add(mul(o1, add(na, nb)), mul(o3, add(nc, nd)))));
}

/** Five taps from a centre outwards. */
@inline function outward(t0: v128, t1: v128, t2: v128, t3: v128, t4: v128, a: v128, b: v128, c: v128, d: v128, e: v128): v128 {
  return add(add(mul(t0, a), mul(t1, b)), add(mul(t2, c), add(mul(t3, d), mul(t4, e))));
}
@inline function across(t0: v128, t1: v128, t2: v128, c: v128, na: v128, nb: v128, fa: v128, fb: v128): v128 {
  return add(add(mul(t0, c), mul(t1, add(na, nb))), mul(t2, add(fa, fb)));
}
@inline function weight(eps: v128, one: v128, c: v128): v128 { return f32x4.div(one, add(mul(c, c), eps)); }
/** Stores four quads' planes a..d at their place in four rows of quads, `step` bytes apart. */
@inline function scatter4(to: usize, step: usize, a: v128, b: v128, c: v128, d: v128): void {
  const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5), ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5), cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f64>(ab0, cd0, 0, 2));
  v128.store(to + step, v128.shuffle<f64>(ab0, cd0, 1, 3));
  v128.store(to + 2 * step, v128.shuffle<f64>(ab1, cd1, 0, 2));
  v128.store(to + 3 * step, v128.shuffle<f64>(ab1, cd1, 1, 3));
}
@inline function scatter2(to: usize, step: usize, a: v128, b: v128): void {
  const lo = v128.shuffle<f32>(a, b, 0, 4, 1, 5), hi = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  v128.store64_lane(to, lo, 0);
  v128.store64_lane(to + step, lo, 1);
  v128.store64_lane(to + 2 * step, hi, 0);
  v128.store64_lane(to + 3 * step, hi, 1);
}

/** To a whole number near 2^23 · 1.5 whose low 16 bits are the fixed-point value; ties go to the even one. */
@inline function fixed(v: v128, scale: v128, offset: v128): v128 {
  const least = f32x4.splat(<f32>-LIMIT), most = f32x4.splat(<f32>LIMIT);
  return add(f32x4.pmin(most, f32x4.pmax(least, f32x4.sub(mul(v, scale), offset))), f32x4.splat(12582912));
}
/** Low halves of a and b side by side. */
@inline function pair(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, i32x4.shl(b, 16), 0, 9, 2, 11, 4, 13, 6, 15);
}
/** Stores four quads' pairs `step` bytes apart. */
@inline function scatter1(to: usize, step: usize, a: v128): void {
  v128.store32_lane(to, a, 0);
  v128.store32_lane(to + step, a, 1);
  v128.store32_lane(to + 2 * step, a, 2);
  v128.store32_lane(to + 3 * step, a, 3);
}
/** Doubled sums of the last layer to floats. */
@inline function real(v: v128, unit: v128): v128 { return mul(f32x4.convert_i32x4_s(v), unit); }

/**
 * Weights of `count` inputs from `first` on, of a convolution with `inputs`, as products need them, with the doubling that keeps
 * them whole: for each block of outputs (12 or 8) by product, column, pair of inputs, output and input. Returns where they end.
 */
function unpack(text: usize, from: i32, k: i32, inputs: i32, first: i32, count: i32, outputs: i32, to: usize): usize {
  const size = outputs == 12 ? 12 : 8;
  const step = <usize>(k * count * size) << 1;
  for (let output: i32 = 0; output < outputs; output++) {
    const block = output & ~7; // as the text has them
    const wide = outputs - block < 8 ? outputs - block : 8;
    const row = k * inputs * wide;
    const place = output % size;
    let at = to + <usize>(output - place) * <usize>(productsOf(k) * k * count << 1) + (<usize>place << 2);
    for (let kx: i32 = 0; kx < k; kx++)
      for (let i: i32 = 0; i < count; i++) {
        const n = from + block * k * k * inputs + (kx * inputs + first + i) * wide + (output - block);
        const a = number(text, n), b = number(text, n + row), c = number(text, n + 2 * row);
        let p = at;
        if (k == 3) {
          store<i16>(p, <i16>(a + b + c)); p += step;
          store<i16>(p, <i16>(a - b + c)); p += step;
          store<i16>(p, <i16>(2 * a)); p += step;
          store<i16>(p, <i16>(2 * c));
        } else {
          const d = number(text, n + 3 * row), e = number(text, n + 4 * row);
          store<i16>(p, <i16>(a + b + c)); p += step;
          store<i16>(p, <i16>(2 * (d + e))); p += step;
          store<i16>(p, <i16>(a - b + c)); p += step;
          store<i16>(p, <i16>(2 * a)); p += step;
          store<i16>(p, <i16>(2 * d)); p += step;
          store<i16>(p, <i16>(2 * c)); p += step;
          store<i16>(p, <i16>(2 * e));
        }
        at += i & 1 ? <usize>(size << 2) - 2 : 2;
      }
  }
  return to + (<usize>(productsOf(k) * k * count * outputs) << 1);
}

/**
 * Sums of the rows y - 1 to y + 2 that the four products of 3 taps a column are taken of, for outputs in rows y and y + 1
 * (Winograd's F(2, 3), along columns): with taps a, b, c the first row's output is P0 + P1 + P2, the second's P0 - P1 + P3.
 */
function columns3(ring: usize, keep: i32, pitch: usize, y: i32, to: usize, step: usize, begin: i32, end: i32): void {
  const r0 = ring + <usize>((y - 1) & (keep - 1)) * pitch, r1 = ring + <usize>(y & (keep - 1)) * pitch;
  const r2 = ring + <usize>((y + 1) & (keep - 1)) * pitch, r3 = ring + <usize>((y + 2) & (keep - 1)) * pitch;
  for (let b = <usize>(begin - 1) * step, e = <usize>(end + 1) * step; b < e; b += 16) {
    const d0 = v128.load(r0 + b), d1 = v128.load(r1 + b), d2 = v128.load(r2 + b), d3 = v128.load(r3 + b);
    let p = to + b;
    v128.store(p, i16x8.add(d1, d2)); p += pitch;
    v128.store(p, i16x8.sub(d2, d1)); p += pitch;
    v128.store(p, i16x8.sub(d0, d2)); p += pitch;
    v128.store(p, i16x8.sub(d3, d1));
  }
}
/** The same for 5 taps: three as above, the last two d, e by three products (F(2, 2)), of which P0 and the d + e one are taken as one. */
function columns5(ring: usize, keep: i32, pitch: usize, y: i32, to: usize, step: usize, begin: i32, end: i32): void {
  const r0 = ring + <usize>((y - 2) & (keep - 1)) * pitch, r1 = ring + <usize>((y - 1) & (keep - 1)) * pitch;
  const r2 = ring + <usize>(y & (keep - 1)) * pitch, r3 = ring + <usize>((y + 1) & (keep - 1)) * pitch;
  const r4 = ring + <usize>((y + 2) & (keep - 1)) * pitch, r5 = ring + <usize>((y + 3) & (keep - 1)) * pitch;
  for (let b = <usize>(begin - 2) * step, e = <usize>(end + 2) * step; b < e; b += 16) {
    const d0 = v128.load(r0 + b), d1 = v128.load(r1 + b), d2 = v128.load(r2 + b), d3 = v128.load(r3 + b);
    const d4 = v128.load(r4 + b), d5 = v128.load(r5 + b);
    let p = to + b;
    v128.store(p, i16x8.add(d1, d2)); p += pitch;
    v128.store(p, d4); p += pitch;
    v128.store(p, i16x8.sub(d2, d1)); p += pitch;
    v128.store(p, i16x8.sub(d0, d2)); p += pitch;
    v128.store(p, i16x8.sub(d3, d4)); p += pitch;
    v128.store(p, i16x8.sub(d3, d1)); p += pitch;
    v128.store(p, i16x8.sub(d5, d4));
  }
}

@inline function accumulate(a: v128, v: v128, w: v128): v128 { return i32x4.add(a, i32x4.dot_i16x8_s(v, w)); }
/** Two times four doubled sums to eight numbers in [0, LIMIT]. */
@inline function narrow(a: v128, b: v128, shift: i32): v128 {
  return i16x8.min_s(i16x8.max_s(i16x8.narrow_i32x4_s(i32x4.shr_s(a, shift), i32x4.shr_s(b, shift)), i16x8.splat(0)), i16x8.splat(<i16>LIMIT));
}
/** The sum of what was put aside and `m`; their difference takes its place. */
@inline function butterfly(place: usize, m: v128): v128 {
  const s = v128.load(place);
  v128.store(place, i32x4.sub(s, m));
  return i32x4.add(s, m);
}

// What a quad takes in a row, as types: only so can a generic function have it as a constant of its instructions.
@unmanaged class Features { a: u64; b: u64; c: u32; }
@unmanaged class Twelve { a: u64; b: u64; c: u64; }
@unmanaged class ThirtyTwo { a: v128; b: v128; c: v128; d: v128; }

/** Twelve outputs, rectified, for rows y and y + 1. A third position at once would need one register too many. */
function convolve12<Q>(
  columns: usize, pitch: usize, weights: usize, out0: usize, out1: usize, begin: i32, end: i32, shift: i32, saved: usize,
): void {
  const step: usize = offsetof<Q>(), row: usize = 3 * offsetof<Q>();
  const round = i32x4.splat(1 << (shift - 1));
  for (let x: i32 = begin; x < end; x += 2) {
    let a0 = round, a1 = round, a2 = round, b0 = round, b1 = round, b2 = round;
    let wp = weights;
    let at = columns + <usize>(x - 1) * step;
    for (let r: i32 = 0; r < 4; r++) {
      let p = at;
      const e = p + row;
      while (p < e) {
        const w0 = v128.load(wp), w1 = v128.load(wp, 16), w2 = v128.load(wp, 32);
        const v = v128.load32_splat(p);
        a0 = accumulate(a0, v, w0); a1 = accumulate(a1, v, w1); a2 = accumulate(a2, v, w2);
        const u = v128.load32_splat(p, offsetof<Q>());
        b0 = accumulate(b0, u, w0); b1 = accumulate(b1, u, w1); b2 = accumulate(b2, u, w2);
        p += 4; wp += 48;
      }
      at += pitch;
      if (r == 0) {
        v128.store(saved, a0); v128.store(saved, a1, 16); v128.store(saved, a2, 32);
        v128.store(saved, b0, 48); v128.store(saved, b1, 64); v128.store(saved, b2, 80);
        a0 = i32x4.splat(0); a1 = a0; a2 = a0; b0 = a0; b1 = a0; b2 = a0;
      } else if (r == 1) {
        a0 = butterfly(saved, a0); a1 = butterfly(saved + 16, a1); a2 = butterfly(saved + 32, a2);
        b0 = butterfly(saved + 48, b0); b1 = butterfly(saved + 64, b1); b2 = butterfly(saved + 80, b2);
      } else {
        const o = (r == 2 ? out0 : out1) + <usize>x * 24;
        const m = narrow(a2, b2, shift);
        v128.store(o, narrow(a0, a1, shift)); v128.store64_lane(o, m, 0, 16);
        v128.store(o, narrow(b0, b1, shift), 24); v128.store64_lane(o, m, 1, 40);
        a0 = v128.load(saved); a1 = v128.load(saved, 16); a2 = v128.load(saved, 32);
        b0 = v128.load(saved, 48); b1 = v128.load(saved, 64); b2 = v128.load(saved, 80);
      }
    }
  }
}

/**
 * Eight outputs for rows y and y + 1. With a shift they are rectified and go to 16 bits, `outStep` a quad; without one they
 * stay 32 bits wide (-1: on top of what is there).
 */
function convolve8<Q>(
  columns: usize, pitch: usize, weights: usize, taps: i32, rowsA: i32, rowsC: i32,
  out: usize, outPitch: usize, outStep: i32, shift: i32, begin: i32, end: i32, saved: usize,
): void {
  const step: usize = offsetof<Q>(), row = <usize>(taps << 1);
  const half = <usize>(taps / <i32>(step >> 1) >> 1) * step;
  const round = i32x4.splat(shift > 0 ? 1 << (shift - 1) : 0);
  for (let x: i32 = begin; x < end; x += 4) {
    let a0 = round, a1 = round, b0 = round, b1 = round, c0 = round, c1 = round, d0 = round, d1 = round;
    let wp = weights;
    let at = columns + <usize>x * step - half;
    for (let r: i32 = 0; r < 4; r++) {
      let n = r == 0 ? rowsA : r == 1 ? 1 : rowsC;
      do {
        let p = at;
        const e = p + row;
        while (p < e) {
          const w0 = v128.load(wp), w1 = v128.load(wp, 16);
          let v = v128.load32_splat(p);
          a0 = accumulate(a0, v, w0); a1 = accumulate(a1, v, w1);
          v = v128.load32_splat(p, offsetof<Q>());
          b0 = accumulate(b0, v, w0); b1 = accumulate(b1, v, w1);
          v = v128.load32_splat(p, 2 * offsetof<Q>());
          c0 = accumulate(c0, v, w0); c1 = accumulate(c1, v, w1);
          v = v128.load32_splat(p, 3 * offsetof<Q>());
          d0 = accumulate(d0, v, w0); d1 = accumulate(d1, v, w1);
          p += 4; wp += 32;
        }
        at += pitch;
      } while (--n > 0);
      if (r == 0) {
        v128.store(saved, a0); v128.store(saved, a1, 16); v128.store(saved, b0, 32); v128.store(saved, b1, 48);
        v128.store(saved, c0, 64); v128.store(saved, c1, 80); v128.store(saved, d0, 96); v128.store(saved, d1, 112);
        a0 = i32x4.splat(0); a1 = a0; b0 = a0; b1 = a0; c0 = a0; c1 = a0; d0 = a0; d1 = a0;
      } else if (r == 1) {
        a0 = butterfly(saved, a0); a1 = butterfly(saved + 16, a1); b0 = butterfly(saved + 32, b0); b1 = butterfly(saved + 48, b1);
        c0 = butterfly(saved + 64, c0); c1 = butterfly(saved + 80, c1); d0 = butterfly(saved + 96, d0); d1 = butterfly(saved + 112, d1);
      } else {
        const to = r == 2 ? out : out + outPitch;
        if (shift > 0) {
          let o = to + (<usize>(x * outStep) << 1);
          const os = <usize>outStep << 1;
          v128.store(o, narrow(a0, a1, shift)); o += os;
          v128.store(o, narrow(b0, b1, shift)); o += os;
          v128.store(o, narrow(c0, c1, shift)); o += os;
          v128.store(o, narrow(d0, d1, shift));
        } else {
          const o = to + (<usize>x << 5);
          if (shift < 0) {
            a0 = i32x4.add(a0, v128.load(o)); a1 = i32x4.add(a1, v128.load(o, 16));
            b0 = i32x4.add(b0, v128.load(o, 32)); b1 = i32x4.add(b1, v128.load(o, 48));
            c0 = i32x4.add(c0, v128.load(o, 64)); c1 = i32x4.add(c1, v128.load(o, 80));
            d0 = i32x4.add(d0, v128.load(o, 96)); d1 = i32x4.add(d1, v128.load(o, 112));
          }
          v128.store(o, a0); v128.store(o, a1, 16); v128.store(o, b0, 32); v128.store(o, b1, 48);
          v128.store(o, c0, 64); v128.store(o, c1, 80); v128.store(o, d0, 96); v128.store(o, d1, 112);
        }
        a0 = v128.load(saved); a1 = v128.load(saved, 16); b0 = v128.load(saved, 32); b1 = v128.load(saved, 48);
        c0 = v128.load(saved, 64); c1 = v128.load(saved, 80); d0 = v128.load(saved, 96); d1 = v128.load(saved, 112);
      }
    }
  }
}

@inline function decode(y: v128, zero: v128, two: v128): v128 { return mul(y, add(f32x4.pmax(zero, y), two)); }
@inline function weave(to: usize, x: i32, a: v128, b: v128): void {
  const p = to + (<usize>x << 3);
  v128.store(p, v128.shuffle<f32>(a, b, 0, 4, 1, 5));
  v128.store(p, v128.shuffle<f32>(a, b, 2, 6, 3, 7), 16);
}

function demosaicBayer(
  src: usize, stride: i32, width: i32, height: i32, phase: i32, toe: f32, dst: usize, scratch: usize,
  text: usize, channels: i32, middle: i32, kernel: i32, gated: i32,
): void {
  const rowBytes = <usize>stride << 2;
  const plane = rowBytes * <usize>height;
  const ox = phase & 1, oy = phase >> 1;
  const qw = (width - ox) >> 1, qh = (height - oy) >> 1;
  const origin = <usize>oy * rowBytes + (<usize>ox << 2);
  const pitch = pitchOf(stride);
  const quads = pitch >> 2;

  // The scratch, from front to back.
  let at = scratch;
  const left = <usize>PAD << 2;
  const M = at + left; at += <usize>(4 * KEEP_MOSAIC) * pitch;
  const DH = at + left; at += <usize>(4 * KEEP_H) * pitch;
  const DV = at + left; at += <usize>(4 * KEEP_V) * pitch;
  const GH = at + left; at += <usize>(4 * KEEP_H) * pitch;
  const GV = at + left; at += 4 * pitch;
  const SH = at + left; at += <usize>(4 * KEEP_H) * pitch;
  const SV = at + left; at += <usize>(4 * KEEP_V) * pitch;
  const OW = at + left; at += <usize>KEEP_OWN * pitch;
  const D = at + left; at += <usize>(2 * KEEP_START) * pitch;
  const keepF = keepFeatures(middle);
  const fStep = <usize>(FEATURES * 2) * quads;
  const uStep = <usize>(gated * 2) * quads;
  const nStep = <usize>(channels * 2) * quads;
  const yStep = <usize>(OUTPUTS * 4) * quads;
  const F = at; at += <usize>keepF * fStep;
  const U = at; at += <usize>KEEP_GATED * uStep;
  const N = at; at += <usize>(KEEP_HIDDEN * (middle + 1)) * nStep;
  const C = at; at += <usize>(columnsOf(channels, kernel) * 2) * quads;
  const Y = at; at += 2 * yStep;
  const T = at; at += <usize>(TAPS << 2);
  for (let i: i32 = 0; i < TAPS; i++) store<f32>(T + (<usize>i << 2), <f32>number(text, i) * <f32>(1.0 / 16384.0));
  const saved = at; at += SAVED;
  const wFirst = at;
  const wMiddle = unpack(text, TAPS, kernel, FEATURES, 0, FEATURES, channels, wFirst);
  let from = TAPS + kernel * kernel * FEATURES * channels;
  let wLast = wMiddle;
  for (let k: i32 = 0; k < middle; k++) {
    wLast = unpack(text, from, 3, channels, 0, channels, channels, wLast);
    from += 9 * channels * channels;
  }
  const inputs = channels + FEATURES + gated;
  const wFeatures = unpack(text, from, 3, inputs, 0, channels, OUTPUTS, wLast);
  const wGated = unpack(text, from, 3, inputs, channels, FEATURES, OUTPUTS, wFeatures);
  if (gated != 0) unpack(text, from, 3, inputs, channels + FEATURES, gated, OUTPUTS, wGated);

  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const two = f32x4.splat(2 * toe);
  const scale = f32x4.splat(<f32>(1 << FEATURE_BITS)), offset = f32x4.splat(SAMPLE_OFFSET * <f32>(1 << FEATURE_BITS));
  const unit = f32x4.splat(<f32>1 / <f32>(1 << (FEATURE_BITS + (gated != 0 ? FAST_LAST_BITS : BEST_LAST_BITS) + 1)));
  const fine = f32x4.splat(<f32>(1 << GATED_BITS));
  const radius = DIRECTIONAL + (kernel >> 1) + middle + 1;

  // Row t of quads comes in; each step works on the newest row that has all that it depends on.
  // The network makes two rows at a time, so an odd number of rows gets one more step.
  for (let t: i32 = 0; t < ((qh + 1) & ~1); t++) {
    if (t < qh) {
      const s = src + origin + <usize>(2 * t) * rowBytes;
      encodeRow(s, ring(M, 0, t, KEEP_MOSAIC, pitch), ring(M, 1, t, KEEP_MOSAIC, pitch), qw, toe);
      encodeRow(s + rowBytes, ring(M, 2, t, KEEP_MOSAIC, pitch), ring(M, 3, t, KEEP_MOSAIC, pitch), qw, toe);
    }

    // Differences G - C along rows and columns, and how fast those along rows change.
    let y = t - 2;
    if (y >= 2 && y < qh - 2) {
      const e0 = tap(T, 0), e2 = tap(T, 1), e4 = tap(T, 2), o1 = tap(T, 3), o3 = tap(T, 4);
      for (let p: i32 = 0; p < 4; p++) {
        // p: 0 R, 1 G beside R, 2 G beside B, 3 B; its row neighbour is p ^ 1, its column neighbour p ^ 2
        const c = ring(M, p, y, KEEP_MOSAIC, pitch), n = ring(M, p ^ 1, y, KEEP_MOSAIC, pitch);
        const s = p & 1; // right samples of a quad have their left neighbour in the same quad
        const k = p >> 1;
        const ca = ring(M, p, y - 1, KEEP_MOSAIC, pitch), cb = ring(M, p, y + 1, KEEP_MOSAIC, pitch);
        const cc = ring(M, p, y - 2, KEEP_MOSAIC, pitch), cd = ring(M, p, y + 2, KEEP_MOSAIC, pitch);
        const na = ring(M, p ^ 2, y - 1 + k, KEEP_MOSAIC, pitch), nb = ring(M, p ^ 2, y + k, KEEP_MOSAIC, pitch);
        const nc = ring(M, p ^ 2, y - 2 + k, KEEP_MOSAIC, pitch), nd = ring(M, p ^ 2, y + 1 + k, KEEP_MOSAIC, pitch);
        const dh = ring(DH, p, y, KEEP_H, pitch), dv = ring(DV, p, y, KEEP_V, pitch);
        // At R and B the sign is turned, by signed taps, so that every difference is green minus the other colour.
        const turn = s == k;
        const t0 = turn ? f32x4.neg(e0) : e0, t2 = turn ? f32x4.neg(e2) : e2, t4 = turn ? f32x4.neg(e4) : e4;
        const u1 = turn ? f32x4.neg(o1) : o1, u3 = turn ? f32x4.neg(o3) : o3;
        for (let b: i32 = 2; b < qw - 2; b += 4) {
          const x = clampBlock(b, qw - 2);
          const m = ld(c, x);
          st(dh, x, difference(t0, t2, t4, u1, u3, m, ld(c, x - 1), ld(c, x + 1), ld(c, x - 2), ld(c, x + 2),
            ld(n, x - 1 + s), ld(n, x + s), ld(n, x - 2 + s), ld(n, x + 1 + s)));
          st(dv, x, difference(t0, t2, t4, u1, u3, m, ld(ca, x), ld(cb, x), ld(cc, x), ld(cd, x),
            ld(na, x), ld(nb, x), ld(nc, x), ld(nd, x)));
        }
      }
      for (let p: i32 = 0; p < 4; p++) {
        const n = ring(DH, p ^ 1, y, KEEP_H, pitch), g = ring(GH, p, y, KEEP_H, pitch);
        const s = p & 1;
        for (let b: i32 = 3; b < qw - 3; b += 4) {
          const x = clampBlock(b, qw - 3);
          st(g, x, dist(ld(n, x + s), ld(n, x - 1 + s)));
        }
      }
    }

    // The same along columns; both smoothed across their direction.
    y = t - 3;
    if (y >= 3 && y < qh - 3) {
      const a0 = tap(T, 5), a1 = tap(T, 6), a2 = tap(T, 7);
      for (let p: i32 = 0; p < 4; p++) {
        const k = p >> 1;
        const na = ring(DV, p ^ 2, y - 1 + k, KEEP_V, pitch), nb = ring(DV, p ^ 2, y + k, KEEP_V, pitch);
        const g = GV + <usize>p * pitch;
        for (let b: i32 = 2; b < qw - 2; b += 4) {
          const x = clampBlock(b, qw - 2);
          st(g, x, dist(ld(nb, x), ld(na, x)));
        }
      }
      if (gated != 0) {
        const m0 = ring(M, 0, y, KEEP_MOSAIC, pitch), m1 = ring(M, 1, y, KEEP_MOSAIC, pitch);
        const m2 = ring(M, 2, y, KEEP_MOSAIC, pitch), m3 = ring(M, 3, y, KEEP_MOSAIC, pitch);
        const up2 = ring(M, 2, y - 1, KEEP_MOSAIC, pitch), up3 = ring(M, 3, y - 1, KEEP_MOSAIC, pitch);
        const down0 = ring(M, 0, y + 1, KEEP_MOSAIC, pitch), down1 = ring(M, 1, y + 1, KEEP_MOSAIC, pitch);
        const own = ring(OW, 0, y, KEEP_OWN, pitch);
        for (let b: i32 = 2; b < qw - 2; b += 4) {
          const x = clampBlock(b, qw - 2);
          const r = ld(m0, x), g1 = ld(m1, x), g2 = ld(m2, x), bl = ld(m3, x);
          st(own, x, add(
            add(add(dist(g1, ld(m1, x - 1)), dist(g2, ld(up2, x))), add(dist(ld(m0, x + 1), r), dist(bl, ld(up3, x)))),
            add(add(dist(bl, ld(m3, x - 1)), dist(ld(down0, x), r)), add(dist(ld(m2, x + 1), g2), dist(ld(down1, x), g1))),
          ));
        }
      }
      for (let p: i32 = 0; p < 4; p++) {
        const s = p & 1, k = p >> 1;
        const h = ring(GH, p, y, KEEP_H, pitch), hu = ring(GH, p, y - 1, KEEP_H, pitch), hd = ring(GH, p, y + 1, KEEP_H, pitch);
        const na = ring(GH, p ^ 2, y - 1 + k, KEEP_H, pitch), nb = ring(GH, p ^ 2, y + k, KEEP_H, pitch);
        const v = GV + <usize>p * pitch, n = GV + <usize>(p ^ 1) * pitch;
        const sh = ring(SH, p, y, KEEP_H, pitch), sv = ring(SV, p, y, KEEP_V, pitch);
        for (let b: i32 = 3; b < qw - 3; b += 4) {
          const x = clampBlock(b, qw - 3);
          st(sh, x, across(a0, a1, a2, ld(h, x), ld(na, x), ld(nb, x), ld(hu, x), ld(hd, x)));
          st(sv, x, across(a0, a1, a2, ld(v, x), ld(n, x - 1 + s), ld(n, x + s), ld(v, x - 1), ld(v, x + 1)));
        }
      }
    }

    // At R and B: the four one-sided means of the differences, blended by how quiet each side is; then the features.
    y = t - 5;
    if (y >= DIRECTIONAL && y < qh - DIRECTIONAL) {
      const b0 = tap(T, 8), b1 = tap(T, 9), b2 = tap(T, 10), b3 = tap(T, 11), b4 = tap(T, 12);
      const f0 = tap(T, 13), f1 = tap(T, 14), f2 = tap(T, 15), f3 = tap(T, 16), f4 = tap(T, 17);
      const root = tap(T, 18);
      const eps = mul(root, root);
      const twice = f32x4.splat(2);
      for (let p: i32 = 0; p < 4; p += 3) {
        const s = p & 1, k = p >> 1;
        const sc = ring(SH, p, y, KEEP_H, pitch), sn = ring(SH, p ^ 1, y, KEEP_H, pitch);
        const dc = ring(DH, p, y, KEEP_H, pitch), dn = ring(DH, p ^ 1, y, KEEP_H, pitch);
        const v0 = ring(SV, p, y, KEEP_V, pitch);
        const vs1 = ring(SV, p ^ 2, y + k, KEEP_V, pitch), vs2 = ring(SV, p, y + 1, KEEP_V, pitch);
        const vs3 = ring(SV, p ^ 2, y + 1 + k, KEEP_V, pitch), vs4 = ring(SV, p, y + 2, KEEP_V, pitch);
        const vn1 = ring(SV, p ^ 2, y - 1 + k, KEEP_V, pitch), vn2 = ring(SV, p, y - 1, KEEP_V, pitch);
        const vn3 = ring(SV, p ^ 2, y - 2 + k, KEEP_V, pitch), vn4 = ring(SV, p, y - 2, KEEP_V, pitch);
        const d0 = ring(DV, p, y, KEEP_V, pitch);
        const ds1 = ring(DV, p ^ 2, y + k, KEEP_V, pitch), ds2 = ring(DV, p, y + 1, KEEP_V, pitch);
        const ds3 = ring(DV, p ^ 2, y + 1 + k, KEEP_V, pitch), ds4 = ring(DV, p, y + 2, KEEP_V, pitch);
        const dn1 = ring(DV, p ^ 2, y - 1 + k, KEEP_V, pitch), dn2 = ring(DV, p, y - 1, KEEP_V, pitch);
        const dn3 = ring(DV, p ^ 2, y - 2 + k, KEEP_V, pitch), dn4 = ring(DV, p, y - 2, KEEP_V, pitch);
        // The column changes have been used up: their rows take the results.
        const out = GV + <usize>p * pitch, cost = GV + <usize>(1 + k) * pitch;
        for (let b: i32 = DIRECTIONAL; b < qw - DIRECTIONAL; b += 4) {
          const x = clampBlock(b, qw - DIRECTIONAL);
          const hc = ld(sc, x), vc = ld(v0, x), kh = ld(dc, x), kv = ld(d0, x);
          const ce = outward(b0, b1, b2, b3, b4, hc, ld(sn, x + s), ld(sc, x + 1), ld(sn, x + 1 + s), ld(sc, x + 2));
          const cw = outward(b0, b1, b2, b3, b4, hc, ld(sn, x - 1 + s), ld(sc, x - 1), ld(sn, x - 2 + s), ld(sc, x - 2));
          const cs = outward(b0, b1, b2, b3, b4, vc, ld(vs1, x), ld(vs2, x), ld(vs3, x), ld(vs4, x));
          const cn = outward(b0, b1, b2, b3, b4, vc, ld(vn1, x), ld(vn2, x), ld(vn3, x), ld(vn4, x));
          const ke = outward(f0, f1, f2, f3, f4, kh, ld(dn, x + s), ld(dc, x + 1), ld(dn, x + 1 + s), ld(dc, x + 2));
          const kw = outward(f0, f1, f2, f3, f4, kh, ld(dn, x - 1 + s), ld(dc, x - 1), ld(dn, x - 2 + s), ld(dc, x - 2));
          const ks = outward(f0, f1, f2, f3, f4, kv, ld(ds1, x), ld(ds2, x), ld(ds3, x), ld(ds4, x));
          const kn = outward(f0, f1, f2, f3, f4, kv, ld(dn1, x), ld(dn2, x), ld(dn3, x), ld(dn4, x));
          const we = weight(eps, one, ce), ww = weight(eps, one, cw), ws = weight(eps, one, cs), wn = weight(eps, one, cn);
          const total = add(add(we, ww), add(ws, wn));
          st(out, x, f32x4.div(add(add(mul(we, ke), mul(ww, kw)), add(mul(ws, ks), mul(wn, kn))), total));
          st(cost, x, f32x4.div(twice, total));
        }
      }
      const dR = GV, dB = GV + 3 * pitch;
      const h1 = ring(DH, 1, y, KEEP_H, pitch), v1 = ring(DV, 1, y, KEEP_V, pitch);
      const h2 = ring(DH, 2, y, KEEP_H, pitch), v2 = ring(DV, 2, y, KEEP_V, pitch);
      const m0 = ring(M, 0, y, KEEP_MOSAIC, pitch), m1 = ring(M, 1, y, KEEP_MOSAIC, pitch);
      const m2 = ring(M, 2, y, KEEP_MOSAIC, pitch), m3 = ring(M, 3, y, KEEP_MOSAIC, pitch);
      const to = F + <usize>(y & (keepF - 1)) * fStep;
      const step: usize = FEATURES * 2;
      for (let b: i32 = DIRECTIONAL; b < qw - DIRECTIONAL; b += 4) {
        const x = clampBlock(b, qw - DIRECTIONAL);
        const p = to + <usize>x * step;
        const dr = ld(dR, x), db = ld(dB, x);
        if (gated != 0) {
          st(ring(D, 0, y, KEEP_START, pitch), x, dr);
          st(ring(D, 1, y, KEEP_START, pitch), x, db);
        }
        scatter4(p, step,
          pair(fixed(dr, scale, zero), fixed(db, scale, zero)), pair(fixed(ld(h1, x), scale, zero), fixed(ld(v1, x), scale, zero)),
          pair(fixed(ld(h2, x), scale, zero), fixed(ld(v2, x), scale, zero)), pair(fixed(ld(m0, x), scale, offset), fixed(ld(m1, x), scale, offset)));
        scatter1(p + 16, step, pair(fixed(ld(m2, x), scale, offset), fixed(ld(m3, x), scale, offset)));
      }
      if (gated != 0) {
        // How much the differences vary against the mosaic itself says how far to trust them; the network gets what
        // they say beyond plain interpolation, times that share and its square.
        const lambda = tap(T, 19), kappa = f32x4.splat(KAPPA), mean = f32x4.splat(OWN_MEAN);
        const half1 = f32x4.splat(0.5), quarter = f32x4.splat(0.25);
        const cR = GV + pitch, cB = GV + 2 * pitch;
        const o0 = ring(OW, 0, y - 1, KEEP_OWN, pitch), o1 = ring(OW, 0, y, KEEP_OWN, pitch), o2 = ring(OW, 0, y + 1, KEEP_OWN, pitch);
        const up2 = ring(M, 2, y - 1, KEEP_MOSAIC, pitch), up3 = ring(M, 3, y - 1, KEEP_MOSAIC, pitch);
        const down0 = ring(M, 0, y + 1, KEEP_MOSAIC, pitch), down1 = ring(M, 1, y + 1, KEEP_MOSAIC, pitch);
        const ut = U + <usize>(y & (KEEP_GATED - 1)) * uStep;
        for (let b: i32 = DIRECTIONAL; b < qw - DIRECTIONAL; b += 4) {
          const x = clampBlock(b, qw - DIRECTIONAL);
          const left3 = add(add(ld(o0, x - 1), ld(o1, x - 1)), ld(o2, x - 1));
          const mid3 = add(add(ld(o0, x), ld(o1, x)), ld(o2, x));
          const right3 = add(add(ld(o0, x + 1), ld(o1, x + 1)), ld(o2, x + 1));
          const own = mul(mean, add(add(left3, mid3), right3));
          const c = add(ld(cR, x), ld(cB, x));
          const p = f32x4.div(c, add(add(c, mul(lambda, mul(own, own))), kappa));
          const r = ld(m0, x), g1 = ld(m1, x), g2 = ld(m2, x), bl = ld(m3, x);
          const u0 = mul(p, f32x4.sub(ld(dR, x), f32x4.sub(mul(quarter, add(add(g1, ld(m1, x - 1)), add(g2, ld(up2, x)))), r)));
          const u1 = mul(p, f32x4.sub(ld(dB, x), f32x4.sub(mul(quarter, add(add(g2, ld(m2, x + 1)), add(g1, ld(down1, x)))), bl)));
          const u2 = mul(p, f32x4.sub(ld(h1, x), f32x4.sub(g1, mul(half1, add(r, ld(m0, x + 1))))));
          const u3 = mul(p, f32x4.sub(ld(v1, x), f32x4.sub(g1, mul(half1, add(bl, ld(up3, x))))));
          const u4 = mul(p, f32x4.sub(ld(h2, x), f32x4.sub(g2, mul(half1, add(bl, ld(m3, x - 1))))));
          const u5 = mul(p, f32x4.sub(ld(v2, x), f32x4.sub(g2, mul(half1, add(r, ld(down0, x))))));
          const to12 = ut + <usize>x * (GATED * 2);
          scatter4(to12, GATED * 2,
            pair(fixed(u0, fine, zero), fixed(u1, fine, zero)), pair(fixed(u2, fine, zero), fixed(u3, fine, zero)),
            pair(fixed(u4, fine, zero), fixed(u5, fine, zero)), pair(fixed(mul(p, u0), fine, zero), fixed(mul(p, u1), fine, zero)));
          scatter2(to12 + 16, GATED * 2,
            pair(fixed(mul(p, u2), fine, zero), fixed(mul(p, u3), fine, zero)),
            pair(fixed(mul(p, u4), fine, zero), fixed(mul(p, u5), fine, zero)));
        }
      }
    }

    // The network, two rows at a time: y and y + 1 are the newest for which all is there.
    if ((t & 1) == 0) continue;
    y -= 2;
    let reach = DIRECTIONAL + 1;
    if (kernel == 3) {
      if (y + 1 >= reach && y < qh - reach) {
        columns3(F, keepF, fStep, y, C, FEATURES * 2, reach, qw - reach);
        const n0 = N + <usize>(y & (KEEP_HIDDEN - 1)) * nStep, n1 = N + <usize>((y + 1) & (KEEP_HIDDEN - 1)) * nStep;
        convolve12<Features>(C, fStep, wFirst, n0, n1, reach, qw - reach, FAST_FIRST_BITS + 1, saved);
      }
      y -= 1; reach += 1;
      if (y + 1 >= reach && y < qh - reach) {
        columns3(N, KEEP_HIDDEN, nStep, y, C, 24, reach, qw - reach);
        const n = N + <usize>KEEP_HIDDEN * nStep;
        const n0 = n + <usize>(y & (KEEP_HIDDEN - 1)) * nStep, n1 = n + <usize>((y + 1) & (KEEP_HIDDEN - 1)) * nStep;
        convolve12<Twelve>(C, nStep, wMiddle, n0, n1, reach, qw - reach, FAST_MIDDLE_BITS + 1, saved);
      }
      y -= 1; reach += 1;
      if (y + 1 >= reach && y < qh - reach) {
        columns3(N + <usize>KEEP_HIDDEN * nStep, KEEP_HIDDEN, nStep, y, C, 24, reach, qw - reach);
        convolve8<Twelve>(C, nStep, wLast, 36, 1, 1, Y, yStep, 0, 0, reach, qw - reach, saved);
        columns3(F, keepF, fStep, y, C, FEATURES * 2, reach, qw - reach);
        convolve8<Features>(C, fStep, wFeatures, 30, 1, 1, Y, yStep, 0, -1, reach, qw - reach, saved);
        columns3(U, KEEP_GATED, uStep, y, C, 24, reach, qw - reach);
        convolve8<Twelve>(C, uStep, wGated, 36, 1, 1, Y, yStep, 0, -1, reach, qw - reach, saved);
      }
    } else {
      y -= 1; reach += 1;
      if (y + 1 >= reach && y < qh - reach) {
        columns5(F, keepF, fStep, y, C, FEATURES * 2, reach, qw - reach);
        const n0 = N + <usize>(y & (KEEP_HIDDEN - 1)) * nStep, n1 = N + <usize>((y + 1) & (KEEP_HIDDEN - 1)) * nStep;
        for (let o: i32 = 0; o < channels; o += 8)
          convolve8<Features>(C, fStep, wFirst + <usize>(o * 35 * FEATURES * 2), 50, 2, 2, n0 + (<usize>o << 1), n1 - n0, channels, BEST_HIDDEN_BITS + 1, reach, qw - reach, saved);
      }
      for (let k: i32 = 1; k <= middle; k++) {
        y -= 1; reach += 1;
        if (y + 1 >= reach && y < qh - reach) {
          columns3(N + <usize>(KEEP_HIDDEN * (k - 1)) * nStep, KEEP_HIDDEN, nStep, y, C, 64, reach, qw - reach);
          const n = N + <usize>(KEEP_HIDDEN * k) * nStep;
          const n0 = n + <usize>(y & (KEEP_HIDDEN - 1)) * nStep, n1 = n + <usize>((y + 1) & (KEEP_HIDDEN - 1)) * nStep;
          const w = wMiddle + <usize>(24 * channels * channels * (k - 1));
          for (let o: i32 = 0; o < channels; o += 8)
            convolve8<ThirtyTwo>(C, nStep, w + <usize>(o * 12 * channels * 2), 96, 1, 1, n0 + (<usize>o << 1), n1 - n0, channels, BEST_HIDDEN_BITS + 1, reach, qw - reach, saved);
        }
      }
      y -= 1; reach += 1;
      if (y + 1 >= reach && y < qh - reach) {
        columns3(N + <usize>(KEEP_HIDDEN * middle) * nStep, KEEP_HIDDEN, nStep, y, C, 64, reach, qw - reach);
        convolve8<ThirtyTwo>(C, nStep, wLast, 96, 1, 1, Y, yStep, 0, 0, reach, qw - reach, saved);
        columns3(F, keepF, fStep, y, C, FEATURES * 2, reach, qw - reach);
        convolve8<Features>(C, fStep, wFeatures, 30, 1, 1, Y, yStep, 0, -1, reach, qw - reach, saved);
      }
    }
    for (let r: i32 = 0; r < 2; r++) {
      const row = y + r;
      if (row >= radius && row < qh - radius) {
        const m0 = ring(M, 0, row, KEEP_MOSAIC, pitch), m1 = ring(M, 1, row, KEEP_MOSAIC, pitch);
        const m2 = ring(M, 2, row, KEEP_MOSAIC, pitch), m3 = ring(M, 3, row, KEEP_MOSAIC, pitch);
        const dR = ring(D, 0, row, KEEP_START, pitch), dB = ring(D, 1, row, KEEP_START, pitch);
        const s0 = src + origin + <usize>(2 * row) * rowBytes, s1 = s0 + rowBytes;
        const r0 = dst + origin + <usize>(2 * row) * rowBytes, r1 = r0 + rowBytes;
        const g0 = r0 + plane, g1 = r1 + plane, b0 = g0 + plane, b1 = g1 + plane;
        for (let b: i32 = radius; b < qw - radius; b += 4) {
          const x = clampBlock(b, qw - radius);
          const p = Y + <usize>r * yStep + <usize>x * (OUTPUTS * 4);
          const q0 = v128.load(p), q1 = v128.load(p, 32), q2 = v128.load(p, 64), q3 = v128.load(p, 96);
          const p01 = v128.shuffle<f32>(q0, q1, 0, 4, 1, 5), p23 = v128.shuffle<f32>(q2, q3, 0, 4, 1, 5);
          const p45 = v128.shuffle<f32>(q0, q1, 2, 6, 3, 7), p67 = v128.shuffle<f32>(q2, q3, 2, 6, 3, 7);
          const u0 = v128.load(p, 16), u1 = v128.load(p, 48), u2 = v128.load(p, 80), u3 = v128.load(p, 112);
          const t01 = v128.shuffle<f32>(u0, u1, 0, 4, 1, 5), t23 = v128.shuffle<f32>(u2, u3, 0, 4, 1, 5);
          const t45 = v128.shuffle<f32>(u0, u1, 2, 6, 3, 7), t67 = v128.shuffle<f32>(u2, u3, 2, 6, 3, 7);
          const red = ld(m0, x), ga = ld(m1, x), gb = ld(m2, x), blue = ld(m3, x);
          let y0: v128, y1: v128, y2: v128, y3: v128, y4: v128, y5: v128, y6: v128, y7: v128;
          // What the network starts from: through the quad's own differences, or its own samples.
          if (gated != 0) {
            const dr = ld(dR, x), db = ld(dB, x);
            const both = f32x4.sub(dr, db);
            y0 = add(red, dr); y1 = add(red, both); y2 = f32x4.sub(ga, dr); y3 = f32x4.sub(ga, db);
            y4 = f32x4.sub(gb, dr); y5 = f32x4.sub(gb, db); y6 = f32x4.sub(blue, both); y7 = add(blue, db);
          } else {
            y0 = mul(f32x4.splat(0.5), add(ga, gb));
            y1 = blue; y2 = red; y3 = blue; y4 = red; y5 = blue; y6 = red; y7 = y0;
          }
          y0 = add(y0, real(v128.shuffle<f64>(p01, p23, 0, 2), unit)); y1 = add(y1, real(v128.shuffle<f64>(p01, p23, 1, 3), unit));
          y2 = add(y2, real(v128.shuffle<f64>(p45, p67, 0, 2), unit)); y3 = add(y3, real(v128.shuffle<f64>(p45, p67, 1, 3), unit));
          y4 = add(y4, real(v128.shuffle<f64>(t01, t23, 0, 2), unit)); y5 = add(y5, real(v128.shuffle<f64>(t01, t23, 1, 3), unit));
          y6 = add(y6, real(v128.shuffle<f64>(t45, t67, 0, 2), unit)); y7 = add(y7, real(v128.shuffle<f64>(t45, t67, 1, 3), unit));

          const a0 = v128.load(s0 + (<usize>x << 3)), a1 = v128.load(s0 + (<usize>x << 3), 16);
          const c0 = v128.load(s1 + (<usize>x << 3)), c1 = v128.load(s1 + (<usize>x << 3), 16);
          // y0, y1: G and B at R; y2, y3: R and B beside R; y4, y5: R and B beside B; y6, y7: R and G at B
          weave(r0, x, v128.shuffle<f32>(a0, a1, 0, 2, 4, 6), decode(y2, zero, two));
          weave(g0, x, decode(y0, zero, two), v128.shuffle<f32>(a0, a1, 1, 3, 5, 7));
          weave(b0, x, decode(y1, zero, two), decode(y3, zero, two));
          weave(r1, x, decode(y4, zero, two), decode(y6, zero, two));
          weave(g1, x, v128.shuffle<f32>(c0, c1, 0, 2, 4, 6), decode(y7, zero, two));
          weave(b1, x, decode(y5, zero, two), v128.shuffle<f32>(c0, c1, 1, 3, 5, 7));
        }
      }
    }
  }
}

const FAST_CHANNELS: i32 = 12;
const FAST_MIDDLE: i32 = 1;
const FAST_KERNEL: i32 = 3;
const BEST_CHANNELS: i32 = 32;
const BEST_MIDDLE: i32 = 3;
const BEST_KERNEL: i32 = 5;

/** Bytes of scratch that `demosaicBayerFast` needs for rows of `stride` floats. */
export function demosaicBayerFastScratch(stride: i32, height: i32): i32 { return scratchOf(stride, FAST_CHANNELS, FAST_MIDDLE, FAST_KERNEL, GATED); }
/** Bytes of scratch that `demosaicBayerBest` needs for rows of `stride` floats. */
export function demosaicBayerBestScratch(stride: i32, height: i32): i32 { return scratchOf(stride, BEST_CHANNELS, BEST_MIDDLE, BEST_KERNEL, 0); }

/** Mosaic to three planes; phase 0 RGGB, 1 GRBG, 2 GBRG, 3 BGGR; `toe` is the encoding's. Right from BAYER_FAST_HALO pixels off the tile's edge. */
export function demosaicBayerFast(src: usize, stride: i32, width: i32, height: i32, phase: i32, toe: f32, dst: usize, scratch: usize): void {
  demosaicBayer(src, stride, width, height, phase, toe, dst, scratch, changetype<usize>(fastWeights), FAST_CHANNELS, FAST_MIDDLE, FAST_KERNEL, GATED);
}
/** The same with the larger network. Right from BAYER_BEST_HALO pixels off the tile's edge. */
export function demosaicBayerBest(src: usize, stride: i32, width: i32, height: i32, phase: i32, toe: f32, dst: usize, scratch: usize): void {
  demosaicBayer(src, stride, width, height, phase, toe, dst, scratch, changetype<usize>(bestWeights), BEST_CHANNELS, BEST_MIDDLE, BEST_KERNEL, 0);
}
