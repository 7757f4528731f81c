// Resampling and convolution, the fast paths: reference.ts says the same to be read.

/** First address that the kernels leave to their caller. */
export function heapBase(): usize {
  return __heap_base;
}

/** The four weights at a fraction: cubics whose coefficients lie at `table`, highest power first. */
// @ts-ignore: decorator
@inline
function weights(table: usize, fraction: f32): v128 {
  const f = f32x4.splat(fraction);
  let w = f32x4.add(f32x4.mul(v128.load(table), f), v128.load(table, 16));
  w = f32x4.add(f32x4.mul(w, f), v128.load(table, 32));
  return f32x4.add(f32x4.mul(w, f), v128.load(table, 48));
}

/** Sixteen taps under weights across and down. */
// @ts-ignore: decorator
@inline
function taps(r0: v128, r1: v128, r2: v128, r3: v128, across: v128, down: v128): f32 {
  const upper = f32x4.add(
    f32x4.mul(r0, f32x4.splat(f32x4.extract_lane(down, 0))),
    f32x4.mul(r1, f32x4.splat(f32x4.extract_lane(down, 1))));
  const lower = f32x4.add(
    f32x4.mul(r2, f32x4.splat(f32x4.extract_lane(down, 2))),
    f32x4.mul(r3, f32x4.splat(f32x4.extract_lane(down, 3))));
  const columns = f32x4.mul(f32x4.add(upper, lower), across);
  const pairs = f32x4.add(columns, v128.shuffle<i32>(columns, columns, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/**
 * Reads a plane at places that lie along a curve.
 * @param plane first sample of the window; `stride` floats per row; three more samples must lie beyond each of its sides
 * @param nodes pairs u, v of f64: the place of every eighth output, one pair more than `count / 8`; linear in between
 * @param count outputs, a multiple of 8
 * @param minU, maxU, minV, maxV places are held within these
 * @param tables 16 floats of the cubic weights, then 16 of those for lights
 * @param lightsFrom where the greatest tap is above, the weights for lights take over, wholly at twice that
 * @param dst `count` floats, none negative
 */
export function resampleRow(
  plane: usize, stride: i32, nodes: usize, count: i32, minU: f64, maxU: f64, minV: f64, maxV: f64, tables: usize,
  lightsFrom: f32, dst: usize,
): void {
  const rowBytes = <usize>stride << 2;
  const limit = f32x4.splat(lightsFrom);
  for (let block: i32 = 0; block < count; block += 8) {
    const u0 = load<f64>(nodes);
    const v0 = load<f64>(nodes, 8);
    const du = (load<f64>(nodes, 16) - u0) * 0.125;
    const dv = (load<f64>(nodes, 24) - v0) * 0.125;
    nodes += 16;
    for (let i: i32 = 0; i < 8; i++) {
      const u = min(max(u0 + du * <f64>i, minU), maxU);
      const v = min(max(v0 + dv * <f64>i, minV), maxV);
      const column = floor(u);
      const row = floor(v);
      const fractionU = <f32>(u - column);
      const fractionV = <f32>(v - row);
      const at = plane + (<usize>(<i32>row * stride + <i32>column) << 2) - rowBytes - 4;
      const r0 = v128.load(at);
      const r1 = v128.load(at + rowBytes);
      const r2 = v128.load(at + 2 * rowBytes);
      const r3 = v128.load(at + 3 * rowBytes);
      let value = taps(r0, r1, r2, r3, weights(tables, fractionU), weights(tables, fractionV));
      const greatest = f32x4.pmax(f32x4.pmax(r0, r1), f32x4.pmax(r2, r3));
      if (v128.any_true(f32x4.gt(greatest, limit))) {
        const most = max(
          max(f32x4.extract_lane(greatest, 0), f32x4.extract_lane(greatest, 1)),
          max(f32x4.extract_lane(greatest, 2), f32x4.extract_lane(greatest, 3)));
        const share = min((most - lightsFrom) / lightsFrom, 1);
        const light = taps(r0, r1, r2, r3, weights(tables + 64, fractionU), weights(tables + 64, fractionV));
        value += share * (light - value);
      }
      store<f32>(dst, max(value, 0));
      dst += 4;
    }
  }
}

/**
 * Sums of sixteen columns of neighbourhoods under a square of weights.
 * @param src the sample under the first weight of the first output; `srcStride` floats per row
 * @param weights `size * size` floats, as they lie over the source
 * @param dst `rows` rows of 16 floats, `dstStride` floats apart; `rows` is a multiple of 2
 */
export function convolveBlock(
  src: usize, srcStride: i32, weights: usize, size: i32, dst: usize, dstStride: i32, rows: i32,
): void {
  const srcBytes = <usize>srcStride << 2;
  const dstBytes = <usize>dstStride << 2;
  for (let y: i32 = 0; y < rows; y += 2) {
    let a0 = f32x4.splat(0);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    let b0 = a0;
    let b1 = a0;
    let b2 = a0;
    let b3 = a0;
    let weight = weights;
    let row = src;
    for (let ky: i32 = 0; ky < size; ky++) {
      let at = row;
      const last = row + (<usize>size << 2);
      while (at < last) {
        const single = load<f32>(weight);
        if (single != 0) {
          const w = f32x4.splat(single);
          a0 = f32x4.add(a0, f32x4.mul(w, v128.load(at)));
          a1 = f32x4.add(a1, f32x4.mul(w, v128.load(at, 16)));
          a2 = f32x4.add(a2, f32x4.mul(w, v128.load(at, 32)));
          a3 = f32x4.add(a3, f32x4.mul(w, v128.load(at, 48)));
          const below = at + srcBytes;
          b0 = f32x4.add(b0, f32x4.mul(w, v128.load(below)));
          b1 = f32x4.add(b1, f32x4.mul(w, v128.load(below, 16)));
          b2 = f32x4.add(b2, f32x4.mul(w, v128.load(below, 32)));
          b3 = f32x4.add(b3, f32x4.mul(w, v128.load(below, 48)));
        }
        weight += 4;
        at += 4;
      }
      row += srcBytes;
    }
    v128.store(dst, a0);
    v128.store(dst, a1, 16);
    v128.store(dst, a2, 32);
    v128.store(dst, a3, 48);
    const under = dst + dstBytes;
    v128.store(under, b0);
    v128.store(under, b1, 16);
    v128.store(under, b2, 32);
    v128.store(under, b3, 48);
    dst += 2 * dstBytes;
    src += 2 * srcBytes;
  }
}
