// Bayer demosaicing, the fast path: reference.ts says the same to be read, README.md says why.
// All arithmetic is done per sample in one fixed order, so that a pixel has the same bytes in any tile and any lane.
import { bestWeights, fastWeights } from './weights.generated';

const PAD: i32 = 4; // floats left and right of a planar row, so that neighbours can be loaded without a border case
const TAPS: i32 = 20; // numbers that shape the directional step, before the network's weights
const DIRECTIONAL: i32 = 5; // quads around a quad that its directional differences depend on
const FEATURES: i32 = 10;
const OUTPUTS: i32 = 8;
const GATED: i32 = 12;
const KAPPA: f32 = 0.00001;
const OWN_MEAN: f32 = <f32>(1.0 / 36.0);

// Rows of quads that the rings hold; powers of two, so that a row number finds its place by a mask.
const KEEP_MOSAIC: i32 = 8;
const KEEP_H: i32 = 4;
const KEEP_V: i32 = 8;
const KEEP_NET: i32 = 4;
const KEEP_OWN: i32 = 4;
const PLANAR_ROWS: i32 = 4 * (KEEP_MOSAIC + KEEP_H + KEEP_V + KEEP_H + 1 + KEEP_H + KEEP_V) + KEEP_OWN;

@inline function pitchOf(stride: i32): usize { return <usize>(((stride >> 1) + 2 * PAD + 3) & ~3) << 2; }
@inline function hiddenOf(channels: i32, gated: i32): i32 { return channels + FEATURES + gated; }
@inline function weightsOf(channels: i32, middle: i32, kernel: i32, gated: i32): i32 {
  return TAPS + kernel * kernel * FEATURES * channels + 9 * (middle * channels * channels + hiddenOf(channels, gated) * OUTPUTS);
}
/** The features are needed once more by the last convolution, which a deep network reaches many rows later. */
@inline function keepFeatures(middle: i32): i32 { return middle == 0 ? 4 : 16; }
function scratchOf(stride: i32, channels: i32, middle: i32, kernel: i32, gated: i32): i32 {
  const pitch = <i32>pitchOf(stride);
  const quads = pitch >> 2;
  const hidden = hiddenOf(channels, gated);
  const net = quads * 4 * (keepFeatures(middle) * FEATURES + KEEP_NET * (gated + middle * channels + hidden) + OUTPUTS);
  return PLANAR_ROWS * pitch + net + ((weightsOf(channels, middle, kernel, gated) * 4 + 15) & ~15) + 64;
}

@inline function digit(text: usize, i: i32): i32 {
  const c = <i32>load<u16>(text + (<usize>i << 1));
  return c > 92 ? c - 41 : c - 40;
}
/** Unpacks weights: three characters each, fixed point with 14 fractional bits. */
function unpack(text: usize, count: i32, to: usize): void {
  for (let i: i32 = 0; i < count; i++) {
    const v = (digit(text, 3 * i) << 12) | (digit(text, 3 * i + 1) << 6) | digit(text, 3 * i + 2);
    store<f32>(to + (<usize>i << 2), <f32>(v - 131072) * <f32>(1.0 / 16384.0));
  }
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
    st(low, x, add(f32x4.sub(f32x4.sqrt(add(f32x4.max(e, zero), cc)), c0), mul(f32x4.min(e, zero), slope)));
    st(high, x, add(f32x4.sub(f32x4.sqrt(add(f32x4.max(o, zero), cc)), c0), mul(f32x4.min(o, zero), slope)));
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

/**
 * One row of a k × k convolution over a ring of rows of quads that hold `cin` floats per quad; `outStep` floats per quad
 * out. Weights lie in blocks of eight outputs (a last one of four), within a block by row, column, input. Four
 * positions are worked on at once: that keeps both multipliers busy and needs no more than the sixteen registers.
 */
function convolve(
  ring: usize, keep: i32, pitch: usize, y: i32, k: i32, w: usize, out: usize, begin: i32, end: i32,
  cin: i32, cout: i32, outStep: i32, floor: f32,
): void {
  const step = <usize>(cin << 2);
  const row = <usize>(k * cin) << 2;
  const os = <usize>(outStep << 2);
  const half = k >> 1;
  const dr = step + step, ds = dr + step;
  const least = f32x4.splat(floor);
  let wb = w;
  let oc: i32 = 0;
  for (; oc + 8 <= cout; oc += 8) {
    for (let b: i32 = begin; b < end; b += 4) {
      const x = clampBlock(b, end);
      let a0 = f32x4.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
      let wp = wb;
      const at = ring + <usize>(x - half) * step;
      for (let ky: i32 = -half; ky <= half; ky++) {
        let p = at + <usize>((y + ky) & (keep - 1)) * pitch;
        const e = p + row;
        while (p < e) {
          const w0 = v128.load(wp), w1 = v128.load(wp, 16);
          let v = v128.load32_splat(p);
          a0 = add(a0, mul(v, w0)); a1 = add(a1, mul(v, w1));
          v = v128.load32_splat(p + step);
          b0 = add(b0, mul(v, w0)); b1 = add(b1, mul(v, w1));
          v = v128.load32_splat(p + dr);
          c0 = add(c0, mul(v, w0)); c1 = add(c1, mul(v, w1));
          v = v128.load32_splat(p + ds);
          d0 = add(d0, mul(v, w0)); d1 = add(d1, mul(v, w1));
          p += 4; wp += 32;
        }
      }
      let o = out + <usize>x * os + <usize>(oc << 2);
      v128.store(o, f32x4.max(least, a0)); v128.store(o, f32x4.max(least, a1), 16); o += os;
      v128.store(o, f32x4.max(least, b0)); v128.store(o, f32x4.max(least, b1), 16); o += os;
      v128.store(o, f32x4.max(least, c0)); v128.store(o, f32x4.max(least, c1), 16); o += os;
      v128.store(o, f32x4.max(least, d0)); v128.store(o, f32x4.max(least, d1), 16);
    }
    wb += <usize>(k * k * 32 * cin);
  }
  if (oc < cout) {
    for (let b: i32 = begin; b < end; b += 4) {
      const x = clampBlock(b, end);
      let a0 = f32x4.splat(0), b0 = a0, c0 = a0, d0 = a0;
      let wp = wb;
      const at = ring + <usize>(x - half) * step;
      for (let ky: i32 = -half; ky <= half; ky++) {
        let p = at + <usize>((y + ky) & (keep - 1)) * pitch;
        const e = p + row;
        while (p < e) {
          const w0 = v128.load(wp);
          a0 = add(a0, mul(v128.load32_splat(p), w0));
          b0 = add(b0, mul(v128.load32_splat(p + step), w0));
          c0 = add(c0, mul(v128.load32_splat(p + dr), w0));
          d0 = add(d0, mul(v128.load32_splat(p + ds), w0));
          p += 4; wp += 16;
        }
      }
      let o = out + <usize>x * os + <usize>(oc << 2);
      v128.store(o, f32x4.max(least, a0)); o += os;
      v128.store(o, f32x4.max(least, b0)); o += os;
      v128.store(o, f32x4.max(least, c0)); o += os;
      v128.store(o, f32x4.max(least, d0));
    }
  }
}

@inline function decode(y: v128, zero: v128, two: v128): v128 { return mul(y, add(f32x4.max(y, zero), two)); }
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
  const hidden = hiddenOf(channels, gated);

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
  const keepF = keepFeatures(middle);
  const F = at; at += <usize>(keepF * FEATURES * 4) * quads;
  const U = at; at += <usize>(KEEP_NET * gated * 4) * quads;
  const N = at; at += <usize>(KEEP_NET * middle * channels * 4) * quads;
  const H = at; at += <usize>(KEEP_NET * hidden * 4) * quads;
  const Y = at; at += <usize>(OUTPUTS * 4) * quads;
  const T = (at + 15) & ~(<usize>15);
  unpack(text, weightsOf(channels, middle, kernel, gated), T);
  const wFirst = T + (<usize>TAPS << 2);
  const wMiddle = wFirst + <usize>(4 * kernel * kernel * FEATURES * channels);
  const wLast = wMiddle + <usize>(36 * channels * channels * middle);
  const fStep = <usize>(FEATURES * 4) * quads;
  const uStep = <usize>(gated * 4) * quads;
  const nStep = <usize>(channels * 4) * quads;
  const hStep = <usize>(hidden * 4) * quads;

  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const two = f32x4.splat(2 * toe);
  const half = kernel >> 1;
  const radius = DIRECTIONAL + half + middle + 1;

  // Row t of quads comes in; each step works on the newest row that has all that it depends on.
  for (let t: i32 = 0; t < qh; t++) {
    {
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
      const step: usize = FEATURES * 4;
      for (let b: i32 = DIRECTIONAL; b < qw - DIRECTIONAL; b += 4) {
        const x = clampBlock(b, qw - DIRECTIONAL);
        const p = to + <usize>x * step;
        scatter4(p, step, ld(dR, x), ld(dB, x), ld(h1, x), ld(v1, x));
        scatter4(p + 16, step, ld(h2, x), ld(v2, x), ld(m0, x), ld(m1, x));
        scatter2(p + 32, step, ld(m2, x), ld(m3, x));
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
        const ut = U + <usize>(y & (KEEP_NET - 1)) * uStep;
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
          const to12 = ut + <usize>x * (GATED * 4);
          scatter4(to12, GATED * 4, u0, u1, u2, u3);
          scatter4(to12 + 16, GATED * 4, u4, u5, mul(p, u0), mul(p, u1));
          scatter4(to12 + 32, GATED * 4, mul(p, u2), mul(p, u3), mul(p, u4), mul(p, u5));
        }
      }
    }

    // The network. Its last hidden rows carry the features behind the channels, for the last convolution's linear part.
    y -= half;
    let reach = DIRECTIONAL + half;
    if (y >= reach && y < qh - reach) {
      const slot = <usize>(y & (KEEP_NET - 1));
      const last = middle == 0;
      convolve(
        F, keepF, fStep, y, kernel, wFirst, last ? H + slot * hStep : N + slot * nStep, reach, qw - reach,
        FEATURES, channels, last ? hidden : channels, 0,
      );
    }
    for (let k: i32 = 1; k <= middle; k++) {
      y -= 1;
      reach += 1;
      if (y >= reach && y < qh - reach) {
        const slot = <usize>(y & (KEEP_NET - 1));
        const from = N + <usize>((k - 1) * KEEP_NET) * nStep;
        const last = k == middle;
        convolve(
          from, KEEP_NET, nStep, y, 3, wMiddle + <usize>(36 * channels * channels * (k - 1)),
          last ? H + slot * hStep : from + (<usize>KEEP_NET + slot) * nStep, reach, qw - reach,
          channels, channels, last ? hidden : channels, 0,
        );
      }
    }
    if (y >= reach && y < qh - reach) {
      let p = H + <usize>(y & (KEEP_NET - 1)) * hStep + <usize>((reach * hidden + channels) << 2);
      let q = F + <usize>(y & (keepF - 1)) * fStep + <usize>(reach * FEATURES * 4);
      let u = U + <usize>(y & (KEEP_NET - 1)) * uStep + <usize>(reach * GATED * 4);
      for (let x: i32 = reach; x < qw - reach; x++) {
        v128.store(p, v128.load(q));
        v128.store(p, v128.load(q, 16), 16);
        store<u64>(p, load<u64>(q, 32), 32);
        if (gated != 0) {
          v128.store(p, v128.load(u), 40);
          v128.store(p, v128.load(u, 16), 56);
          v128.store(p, v128.load(u, 32), 72);
          u += GATED * 4;
        }
        p += <usize>(hidden << 2);
        q += FEATURES * 4;
      }
    }
    y -= 1;
    if (y >= radius && y < qh - radius) {
      convolve(H, KEEP_NET, hStep, y, 3, wLast, Y, radius, qw - radius, hidden, OUTPUTS, OUTPUTS, -Infinity);
      const s0 = src + origin + <usize>(2 * y) * rowBytes, s1 = s0 + rowBytes;
      const r0 = dst + origin + <usize>(2 * y) * rowBytes, r1 = r0 + rowBytes;
      const g0 = r0 + plane, g1 = r1 + plane, b0 = g0 + plane, b1 = g1 + plane;
      for (let b: i32 = radius; b < qw - radius; b += 4) {
        const x = clampBlock(b, qw - radius);
        const p = Y + <usize>x * (OUTPUTS * 4);
        const q0 = v128.load(p), q1 = v128.load(p, 32), q2 = v128.load(p, 64), q3 = v128.load(p, 96);
        const p01 = v128.shuffle<f32>(q0, q1, 0, 4, 1, 5), p23 = v128.shuffle<f32>(q2, q3, 0, 4, 1, 5);
        const p45 = v128.shuffle<f32>(q0, q1, 2, 6, 3, 7), p67 = v128.shuffle<f32>(q2, q3, 2, 6, 3, 7);
        const y0 = v128.shuffle<f64>(p01, p23, 0, 2), y1 = v128.shuffle<f64>(p01, p23, 1, 3);
        const y2 = v128.shuffle<f64>(p45, p67, 0, 2), y3 = v128.shuffle<f64>(p45, p67, 1, 3);
        const u0 = v128.load(p, 16), u1 = v128.load(p, 48), u2 = v128.load(p, 80), u3 = v128.load(p, 112);
        const t01 = v128.shuffle<f32>(u0, u1, 0, 4, 1, 5), t23 = v128.shuffle<f32>(u2, u3, 0, 4, 1, 5);
        const t45 = v128.shuffle<f32>(u0, u1, 2, 6, 3, 7), t67 = v128.shuffle<f32>(u2, u3, 2, 6, 3, 7);
        const y4 = v128.shuffle<f64>(t01, t23, 0, 2), y5 = v128.shuffle<f64>(t01, t23, 1, 3);
        const y6 = v128.shuffle<f64>(t45, t67, 0, 2), y7 = v128.shuffle<f64>(t45, t67, 1, 3);

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
