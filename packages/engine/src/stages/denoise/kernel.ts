// Denoising by shrinking the spectra of overlapping blocks: reference.ts says the same to be read, README.md says why.
// Every pixel's sums are made in one fixed order of blocks, so that it has the same bytes in any tile.

const SIDE: i32 = 8; // of a block
const LINE: usize = 32; // bytes of one column's spectrum
const BLOCK: usize = 256; // bytes of one block's spectrum
const MOST: i32 = 4; // channels
const SHARED: f32 = 1.2; // the channels' common part of an energy, and what of it is not a channel's own
const OWN: f32 = 0.2;
const TINY: f32 = 1e-9;
// What a table holds for each channel before the basis: see tables.ts.
const PER_CHANNEL: usize = 24;

// cos(kπ/16) / 2 and 1/√8: the orthonormal DCT's factors.
const C1: f32 = 0.4903926402016152;
const C2: f32 = 0.46193976625564337;
const C3: f32 = 0.4157348061512726;
const C4: f32 = 0.35355339059327373;
const C5: f32 = 0.2777851165098011;
const C6: f32 = 0.19134171618254492;
const C7: f32 = 0.09754516100806417;

@inline function add(a: v128, b: v128): v128 { return f32x4.add(a, b); }
@inline function sub(a: v128, b: v128): v128 { return f32x4.sub(a, b); }
@inline function mul(a: v128, b: v128): v128 { return f32x4.mul(a, b); }
@inline function splat(v: f32): v128 { return f32x4.splat(v); }
@inline function tap(table: usize, i: i32): v128 { return v128.load32_splat(table + (<usize>i << 2)); }

/** Eight values `step` bytes apart, four lines at once, to their spectrum at `to`, also `step` bytes apart. */
@inline function forward(at: usize, step: usize, to: usize, toStep: usize): void {
  const v0 = v128.load(at), v1 = v128.load(at + step), v2 = v128.load(at + 2 * step), v3 = v128.load(at + 3 * step);
  const v4 = v128.load(at + 4 * step), v5 = v128.load(at + 5 * step), v6 = v128.load(at + 6 * step), v7 = v128.load(at + 7 * step);
  const s0 = add(v0, v7), s1 = add(v1, v6), s2 = add(v2, v5), s3 = add(v3, v4);
  const d0 = sub(v0, v7), d1 = sub(v1, v6), d2 = sub(v2, v5), d3 = sub(v3, v4);
  const t0 = add(s0, s3), t1 = add(s1, s2), t2 = sub(s0, s3), t3 = sub(s1, s2);
  const c1 = splat(C1), c2 = splat(C2), c3 = splat(C3), c4 = splat(C4), c5 = splat(C5), c6 = splat(C6), c7 = splat(C7);
  v128.store(to, mul(add(t0, t1), c4));
  v128.store(to + toStep, add(add(mul(d0, c1), mul(d1, c3)), add(mul(d2, c5), mul(d3, c7))));
  v128.store(to + 2 * toStep, add(mul(t2, c2), mul(t3, c6)));
  v128.store(to + 3 * toStep, sub(sub(mul(d0, c3), mul(d1, c7)), add(mul(d2, c1), mul(d3, c5))));
  v128.store(to + 4 * toStep, mul(sub(t0, t1), c4));
  v128.store(to + 5 * toStep, add(sub(mul(d0, c5), mul(d1, c1)), add(mul(d2, c7), mul(d3, c3))));
  v128.store(to + 6 * toStep, sub(mul(t2, c6), mul(t3, c2)));
  v128.store(to + 7 * toStep, sub(add(sub(mul(d0, c7), mul(d1, c5)), mul(d2, c3)), mul(d3, c1)));
}

/** From four columns of eight frequencies to eight rows of four columns, or as many the other way. */
@inline function transpose(a: v128, b: v128, c: v128, d: v128, to: usize, step: usize): void {
  const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5), ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5), cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f64>(ab0, cd0, 0, 2));
  v128.store(to + step, v128.shuffle<f64>(ab0, cd0, 1, 3));
  v128.store(to + 2 * step, v128.shuffle<f64>(ab1, cd1, 0, 2));
  v128.store(to + 3 * step, v128.shuffle<f64>(ab1, cd1, 1, 3));
}

/** Adds the inverse of the spectra at `at` (eight vectors `step` bytes apart), times `weight`, at `to`. */
@inline function backward(at: usize, step: usize, weight: v128, to: usize, toStep: usize): void {
  const x0 = v128.load(at), x1 = v128.load(at + step), x2 = v128.load(at + 2 * step), x3 = v128.load(at + 3 * step);
  const x4 = v128.load(at + 4 * step), x5 = v128.load(at + 5 * step), x6 = v128.load(at + 6 * step), x7 = v128.load(at + 7 * step);
  const c1 = splat(C1), c2 = splat(C2), c3 = splat(C3), c4 = splat(C4), c5 = splat(C5), c6 = splat(C6), c7 = splat(C7);
  const p = mul(add(x0, x4), c4), q = mul(sub(x0, x4), c4);
  const u = add(mul(x2, c2), mul(x6, c6)), v = sub(mul(x2, c6), mul(x6, c2));
  const e0 = add(p, u), e3 = sub(p, u), e1 = add(q, v), e2 = sub(q, v);
  const o0 = add(add(mul(x1, c1), mul(x3, c3)), add(mul(x5, c5), mul(x7, c7)));
  const o1 = sub(sub(mul(x1, c3), mul(x3, c7)), add(mul(x5, c1), mul(x7, c5)));
  const o2 = add(sub(mul(x1, c5), mul(x3, c1)), add(mul(x5, c7), mul(x7, c3)));
  const o3 = sub(add(sub(mul(x1, c7), mul(x3, c5)), mul(x5, c3)), mul(x7, c1));
  put(to, weight, add(e0, o0)); put(to + toStep, weight, add(e1, o1));
  put(to + 2 * toStep, weight, add(e2, o2)); put(to + 3 * toStep, weight, add(e3, o3));
  put(to + 4 * toStep, weight, sub(e3, o3)); put(to + 5 * toStep, weight, sub(e2, o2));
  put(to + 6 * toStep, weight, sub(e1, o1)); put(to + 7 * toStep, weight, sub(e0, o0));
}
@inline function put(to: usize, weight: v128, v: v128): void { v128.store(to, add(v128.load(to), mul(weight, v))); }

/** First place from 0 on whose number in the picture is a multiple of `step`. */
@inline function firstBlock(place: i32, step: i32): i32 {
  const over = ((place % step) + step) % step;
  return over == 0 ? 0 : step - over;
}

/** How many blocks reach a place, along one direction. */
@inline function blocksOver(place: i32, step: i32): i32 {
  return (SIDE - 1 - ((place % step) + step) % step) / step + 1;
}

function shrinkScratch(channels: i32, width: i32): i32 {
  const columns = (width + 3) & ~3;
  return columns * (channels * (2 * <i32>LINE + 4 * SIDE) + 4 * (SIDE + 2)) + 3 * <i32>BLOCK * MOST + 512;
}

/**
 * Shrinks the spectra of blocks in place. Rows and columns that no block reaches stay as they are.
 * @param placeX place of the first column in the picture, which the blocks' grid is counted from; placeY likewise
 * @param thresholds 64 numbers for each channel, by frequency along the row, then along the column
 * @param removed gets the share of the noise's variance that is gone at each place, rows of four times `width` rounded up
 */
function shrinkBlocks(
  src: usize, planeStride: usize, rowStride: usize, width: i32, height: i32, channels: i32,
  placeX: i32, placeY: i32, step: i32, thresholds: usize, removed: usize, scratch: usize,
): void {
  const columns = (width + 3) & ~3;
  const rowBytes = <usize>columns << 2;
  const lines = <usize>columns * LINE;
  // Columns' spectra, their shrunk sums, sums and weights of the eight rows in work, one block.
  const spectra = (scratch + 15) & ~(<usize>15);
  const sums = spectra + <usize>channels * lines;
  const rows = sums + <usize>channels * lines;
  const weights = rows + <usize>(channels * SIDE) * rowBytes;
  const columnWeights = weights + <usize>SIDE * rowBytes;
  const shares = columnWeights + rowBytes;
  const block = shares + rowBytes;
  const energies = block + <usize>MOST * BLOCK;
  const totals = energies + <usize>MOST * BLOCK;
  const gains = totals + BLOCK;
  memory.fill(sums, 0, columnWeights + rowBytes - sums);
  const zero = splat(0), one = splat(1), shared = splat(SHARED), own = splat(OWN), tiny = splat(TINY);
  // Each block over a pixel keeps as much noise as the inverse of its weight says.
  for (let x = 0; x < columns; x++)
    store<f32>(shares + (<usize>x << 2), <f32>blocksOver(placeX + x, step) / <f32>(SIDE * SIDE * channels));
  memory.fill(removed, 0, rowBytes * <usize>height);
  const x0 = firstBlock(placeX, step);
  const y0 = firstBlock(placeY, step);

  for (let y = y0; y + SIDE <= height; y += step) {
    for (let c = 0; c < channels; c++) {
      const plane = src + <usize>c * planeStride + <usize>y * rowStride;
      const to = spectra + <usize>c * lines;
      for (let x = 0; x < columns; x += 4) {
        // Four columns' spectra, then one line of eight for each.
        forward(plane + (<usize>x << 2), rowStride, gains, 16);
        const at = to + <usize>x * LINE;
        transpose(v128.load(gains), v128.load(gains, 16), v128.load(gains, 32), v128.load(gains, 48), at, LINE);
        transpose(v128.load(gains, 64), v128.load(gains, 80), v128.load(gains, 96), v128.load(gains, 112), at + 16, LINE);
      }
    }
    for (let x = x0; x + SIDE <= width; x += step) {
      let all = zero;
      for (let c = 0; c < channels; c++) {
        const from = spectra + <usize>c * lines + <usize>x * LINE;
        const to = block + <usize>c * BLOCK;
        forward(from, LINE, to, LINE);
        forward(from + 16, LINE, to + 16, LINE);
        const e = energies + <usize>c * BLOCK;
        for (let i: usize = 0; i < BLOCK; i += 16) {
          const v = v128.load(to + i);
          const energy = mul(v, v);
          v128.store(e + i, energy);
          v128.store(totals + i, c == 0 ? energy : add(v128.load(totals + i), energy));
        }
        // The mean is no texture.
        store<f32>(e, 0);
      }
      store<f32>(totals, 0);
      for (let i: usize = 0; i < BLOCK; i += 16) v128.store(totals + i, add(mul(shared, v128.load(totals + i)), tiny));
      for (let c = 0; c < channels; c++) {
        const e = energies + <usize>c * BLOCK;
        const limits = thresholds + <usize>c * BLOCK;
        const spectrum = block + <usize>c * BLOCK;
        // Sums of three along the column's frequencies, then of three along the row's.
        let lowBefore = zero, highBefore = zero;
        let low = v128.load(e), high = v128.load(e, 16);
        let lowSum = add(add(v128.shuffle<f32>(zero, low, 0, 4, 5, 6), low), v128.shuffle<f32>(low, high, 1, 2, 3, 4));
        let highSum = add(add(v128.shuffle<f32>(low, high, 3, 4, 5, 6), high), v128.shuffle<f32>(high, zero, 1, 2, 3, 4));
        for (let i: usize = 0; i < BLOCK; i += LINE) {
          let lowAfter = zero, highAfter = zero, lowNext = zero, highNext = zero;
          if (i + LINE < BLOCK) {
            lowNext = v128.load(e + i, 32);
            highNext = v128.load(e + i, 48);
            lowAfter = add(add(v128.shuffle<f32>(zero, lowNext, 0, 4, 5, 6), lowNext), v128.shuffle<f32>(lowNext, highNext, 1, 2, 3, 4));
            highAfter = add(add(v128.shuffle<f32>(lowNext, highNext, 3, 4, 5, 6), highNext), v128.shuffle<f32>(highNext, zero, 1, 2, 3, 4));
          }
          const lowBox = add(add(lowBefore, lowSum), lowAfter);
          const highBox = add(add(highBefore, highSum), highAfter);
          const lowEnergy = add(sub(lowBox, mul(own, low)), v128.load(totals + i));
          const highEnergy = add(sub(highBox, mul(own, high)), v128.load(totals + i, 16));
          const lowGain = f32x4.max(zero, sub(one, f32x4.div(v128.load(limits + i), lowEnergy)));
          const highGain = f32x4.max(zero, sub(one, f32x4.div(v128.load(limits + i, 16), highEnergy)));
          all = add(add(all, mul(lowGain, lowGain)), mul(highGain, highGain));
          v128.store(spectrum + i, mul(v128.load(spectrum + i), lowGain));
          v128.store(spectrum + i, mul(v128.load(spectrum + i, 16), highGain), 16);
          lowBefore = lowSum; highBefore = highSum;
          lowSum = lowAfter; highSum = highAfter;
          low = lowNext; high = highNext;
        }
      }
      const kept = (f32x4.extract_lane(all, 0) + f32x4.extract_lane(all, 1)) + (f32x4.extract_lane(all, 2) + f32x4.extract_lane(all, 3));
      const weight = splat(<f32>1 / kept);
      for (let c = 0; c < channels; c++) {
        const from = block + <usize>c * BLOCK;
        const to = sums + <usize>c * lines + <usize>x * LINE;
        backward(from, LINE, weight, to, LINE);
        backward(from + 16, LINE, weight, to + 16, LINE);
      }
      const sum = columnWeights + (<usize>x << 2);
      v128.store(sum, add(v128.load(sum), weight));
      v128.store(sum, add(v128.load(sum, 16), weight), 16);
    }
    for (let c = 0; c < channels; c++) {
      const from = sums + <usize>c * lines;
      for (let x = 0; x < columns; x += 4) {
        const at = from + <usize>x * LINE;
        transpose(v128.load(at), v128.load(at, 32), v128.load(at, 64), v128.load(at, 96), gains, 16);
        transpose(v128.load(at, 16), v128.load(at, 48), v128.load(at, 80), v128.load(at, 112), gains + 64, 16);
        backward(gains, 16, one, rows + <usize>(c * SIDE) * rowBytes + (<usize>x << 2), rowBytes);
      }
    }
    for (let r = 0; r < SIDE; r++) {
      const to = weights + <usize>r * rowBytes;
      for (let x: usize = 0; x < rowBytes; x += 16) v128.store(to + x, add(v128.load(to + x), v128.load(columnWeights + x)));
    }
    memory.fill(sums, 0, <usize>channels * lines);
    memory.fill(columnWeights, 0, rowBytes);
    // No further block reaches the first rows; after the last block, all eight are done.
    const done = y + step + SIDE <= height ? step : SIDE;
    for (let r = 0; r < done; r++) {
      const weight = weights + <usize>r * rowBytes;
      const cleared = removed + <usize>(y + r) * rowBytes;
      const down = splat(<f32>blocksOver(placeY + y + r, step));
      for (let x: usize = 0; x < rowBytes; x += 16) {
        const w = v128.load(weight + x);
        v128.store(cleared + x, v128.and(sub(one, f32x4.div(mul(down, v128.load(shares + x)), w)), f32x4.gt(w, zero)));
      }
      for (let c = 0; c < channels; c++) {
        const row = rows + <usize>(c * SIDE + r) * rowBytes;
        const to = src + <usize>c * planeStride + <usize>(y + r) * rowStride;
        for (let x: usize = 0; x < rowBytes; x += 16) {
          const w = v128.load(weight + x);
          v128.store(to + x, v128.bitselect(f32x4.div(v128.load(row + x), w), v128.load(to + x), f32x4.gt(w, zero)));
        }
      }
    }
    const left = <usize>(SIDE - done) * rowBytes, gone = <usize>done * rowBytes;
    for (let c = 0; c < channels; c++) {
      const row = rows + <usize>(c * SIDE) * rowBytes;
      memory.copy(row, row + gone, left);
      memory.fill(row + left, 0, gone);
    }
    memory.copy(weights, weights + gone, left);
    memory.fill(weights + left, 0, gone);
  }
}

/** Noise of variance 1 out of a signal. */
@inline function stabilise(x: v128, channel: usize): v128 {
  return f32x4.sqrt(f32x4.max(add(mul(x, v128.load32_splat(channel)), v128.load32_splat(channel, 4)), splat(0)));
}
/** The signal whose noisy values have this mean, as far as noise is gone; see tables.ts. */
@inline function restore(value: v128, channel: usize, removed: v128): v128 {
  const d = f32x4.max(value, v128.load32_splat(channel, 20));
  const i = f32x4.div(splat(1), d);
  const lack = add(splat(0.25), mul(i, add(splat(0.30618621784789724), mul(i, add(splat(-1.375), mul(i, splat(0.7654655446197431)))))));
  return sub(add(mul(mul(d, d), v128.load32_splat(channel, 8)), mul(lack, mul(removed, v128.load32_splat(channel, 12)))), v128.load32_splat(channel, 16));
}

@inline function blend3(m: usize, a: v128, b: v128, c: v128): v128 {
  return add(add(mul(tap(m, 0), a), mul(tap(m, 1), b)), mul(tap(m, 2), c));
}
@inline function unblend3(m: usize, a: v128, b: v128, c: v128): v128 {
  return add(add(mul(tap(m, 0), a), mul(tap(m, 3), b)), mul(tap(m, 6), c));
}
@inline function blend4(m: usize, a: v128, b: v128, c: v128, d: v128): v128 {
  return add(add(mul(tap(m, 0), a), mul(tap(m, 1), b)), add(mul(tap(m, 2), c), mul(tap(m, 3), d)));
}
@inline function unblend4(m: usize, a: v128, b: v128, c: v128, d: v128): v128 {
  return add(add(mul(tap(m, 0), a), mul(tap(m, 4), b)), add(mul(tap(m, 8), c), mul(tap(m, 12), d)));
}

/** Bytes of scratch for a mosaic of `stride` floats by `height` rows. */
export function denoiseMosaicScratch(stride: i32, height: i32): i32 {
  const columns = (stride / 2 + 3) & ~3;
  return 5 * (columns * (height >> 1) * 4) + shrinkScratch(4, columns) + 64;
}

/**
 * Denoises a Bayer mosaic in place; width and height are even and the tile begins on the array's period.
 * @param left the tile's first column in the active area, `top` its first row
 * @param table four photosites' six numbers, the basis of 4 × 4, four times 64 thresholds (float32)
 */
export function denoiseMosaic(
  mosaic: usize, stride: i32, width: i32, height: i32, left: i32, top: i32, step: i32, table: usize, scratch: usize,
): void {
  const rowBytes = <usize>stride << 2;
  const across = width >> 1, down = height >> 1;
  const columns = (across + 3) & ~3;
  const quadBytes = <usize>columns << 2;
  const quads = (scratch + 15) & ~(<usize>15);
  const plane = quadBytes * <usize>down;
  const removed = quads + 4 * plane;
  const basis = table + 4 * PER_CHANNEL;
  const t1 = table + PER_CHANNEL, t2 = table + 2 * PER_CHANNEL, t3 = table + 3 * PER_CHANNEL;
  for (let y = 0; y < down; y++) {
    const upper = mosaic + <usize>(2 * y) * rowBytes, lower = upper + rowBytes;
    const to = quads + <usize>y * quadBytes;
    for (let b = 0; b < across; b += 4) {
      const x = b > across - 4 ? across - 4 : b;
      const p = upper + (<usize>x << 3), q = lower + (<usize>x << 3);
      const u = v128.load(p), v = v128.load(p, 16), m = v128.load(q), n = v128.load(q, 16);
      const s0 = stabilise(v128.shuffle<f32>(u, v, 0, 2, 4, 6), table), s1 = stabilise(v128.shuffle<f32>(u, v, 1, 3, 5, 7), t1);
      const s2 = stabilise(v128.shuffle<f32>(m, n, 0, 2, 4, 6), t2), s3 = stabilise(v128.shuffle<f32>(m, n, 1, 3, 5, 7), t3);
      const at = to + (<usize>x << 2);
      v128.store(at, blend4(basis, s0, s1, s2, s3));
      v128.store(at + plane, blend4(basis + 16, s0, s1, s2, s3));
      v128.store(at + 2 * plane, blend4(basis + 32, s0, s1, s2, s3));
      v128.store(at + 3 * plane, blend4(basis + 48, s0, s1, s2, s3));
    }
  }
  shrinkBlocks(quads, plane, quadBytes, across, down, 4, left >> 1, top >> 1, step, basis + 64, removed, removed + plane);
  for (let y = 0; y < down; y++) {
    const upper = mosaic + <usize>(2 * y) * rowBytes, lower = upper + rowBytes;
    const from = quads + <usize>y * quadBytes;
    for (let b = 0; b < across; b += 4) {
      const x = b > across - 4 ? across - 4 : b;
      const at = from + (<usize>x << 2);
      const c0 = v128.load(at), c1 = v128.load(at + plane), c2 = v128.load(at + 2 * plane), c3 = v128.load(at + 3 * plane);
      const gone = v128.load(at + 4 * plane);
      const s0 = restore(unblend4(basis, c0, c1, c2, c3), table, gone), s1 = restore(unblend4(basis + 4, c0, c1, c2, c3), t1, gone);
      const s2 = restore(unblend4(basis + 8, c0, c1, c2, c3), t2, gone), s3 = restore(unblend4(basis + 12, c0, c1, c2, c3), t3, gone);
      const p = upper + (<usize>x << 3), q = lower + (<usize>x << 3);
      v128.store(p, v128.shuffle<f32>(s0, s1, 0, 4, 1, 5));
      v128.store(p, v128.shuffle<f32>(s0, s1, 2, 6, 3, 7), 16);
      v128.store(q, v128.shuffle<f32>(s2, s3, 0, 4, 1, 5));
      v128.store(q, v128.shuffle<f32>(s2, s3, 2, 6, 3, 7), 16);
    }
  }
}

/** Bytes of scratch for planes of that size. */
export function denoisePlanesScratch(width: i32, height: i32): i32 {
  return ((width + 3) & ~3) * height * 4 + shrinkScratch(3, width) + 64;
}

/**
 * Denoises three planes in place; rows have room for three floats more than `width`, whose values are lost.
 * @param left place of the first column in the picture, `top` of the first row
 * @param table three channels' six numbers, the basis of 3 × 3, 36 bytes, three times 64 thresholds (float32)
 */
export function denoisePlanes(
  planes: usize, planeStride: usize, rowStride: usize, width: i32, height: i32, left: i32, top: i32, step: i32,
  table: usize, scratch: usize,
): void {
  const t1 = table + PER_CHANNEL, t2 = table + 2 * PER_CHANNEL;
  const basis = table + 3 * PER_CHANNEL;
  for (let y = 0; y < height; y++) {
    const row = planes + <usize>y * rowStride;
    for (let x = 0; x < width; x += 4) {
      const at = row + (<usize>x << 2);
      const r = stabilise(v128.load(at), table), g = stabilise(v128.load(at + planeStride), t1);
      const b = stabilise(v128.load(at + 2 * planeStride), t2);
      v128.store(at, blend3(basis, r, g, b));
      v128.store(at + planeStride, blend3(basis + 12, r, g, b));
      v128.store(at + 2 * planeStride, blend3(basis + 24, r, g, b));
    }
  }
  const removed = (scratch + 15) & ~(<usize>15);
  const removedBytes = <usize>((width + 3) & ~3) << 2;
  shrinkBlocks(
    planes, planeStride, rowStride, width, height, 3, left, top, step, basis + 36, removed, removed + removedBytes * <usize>height,
  );
  for (let y = 0; y < height; y++) {
    const row = planes + <usize>y * rowStride;
    for (let x = 0; x < width; x += 4) {
      const at = row + (<usize>x << 2);
      const c0 = v128.load(at), c1 = v128.load(at + planeStride), c2 = v128.load(at + 2 * planeStride);
      const gone = v128.load(removed + <usize>y * removedBytes + (<usize>x << 2));
      v128.store(at, restore(unblend3(basis, c0, c1, c2), table, gone));
      v128.store(at + planeStride, restore(unblend3(basis + 4, c0, c1, c2), t1, gone));
      v128.store(at + 2 * planeStride, restore(unblend3(basis + 8, c0, c1, c2), t2, gone));
    }
  }
}

/** Least gain that is believed: what was multiplied by less cannot be told again. */
const LEAST_GAIN: f32 = 0.001;

/** Writes ones; room for three more. */
export function denoiseUnits(to: usize, count: i32): void {
  for (let i = 0; i < count; i += 4) v128.store(to + (<usize>i << 2), splat(1));
}

/** Divides an area by gains that lie as it does, or multiplies it by them again; rows have room for three floats more. */
export function denoiseGain(at: usize, gains: usize, rowStride: usize, width: i32, height: i32, divide: bool): void {
  const one = splat(1), least = splat(LEAST_GAIN);
  for (let y = 0; y < height; y++) {
    const row = <usize>y * rowStride;
    for (let x = 0; x < width; x += 4) {
      const p = row + (<usize>x << 2);
      const given = v128.load(gains + p);
      const gain = v128.bitselect(given, one, f32x4.gt(given, least));
      const v = v128.load(at + p);
      v128.store(at + p, divide ? f32x4.div(v, gain) : mul(v, gain));
    }
  }
}
