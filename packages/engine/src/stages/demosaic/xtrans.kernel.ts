// X-Trans demosaic, the fast path: xtrans.reference.ts says the same to be read, xtrans.filters.ts makes the filters.

const MODELS: i32 = 8;
const TAPS: i32 = 45;
/** Floats of one vector's block in the table of filters; see xtrans.filters.ts. */
const BLOCK: i32 = 4 * (2 + 45 * 8 * 3);
/** Radius of the filters and of the window that the residuals are averaged over. */
const REACH: i32 = 3;
/** Rows of residuals that are kept: the window's height. */
const WINDOW: i32 = 7;
/** Floats before a row in scratch, so that reads left of the tile stay inside. */
const PAD: i32 = 8;

/** Below this the square-root encoding goes on as its tangent: noise around black is as large as negative values. */
const TOE: f32 = 0.003;
const ROOT: f32 = 0.05477225575051661;
/** Sum of 49 absolute residuals, squared, below which models count as equally good: (49 · 0.00316)². */
const FLOOR: f32 = 0.024;
/** Weights below this, relative to the best model's, are zero: most models then cost nothing. */
const FAINT: f32 = 0.05;

/** Bytes of scratch for a tile: encoded mosaic, a row of residuals and a window of rows of their sums, per model. */
export function demosaicXTransScratch(stride: i32, height: i32): i32 {
  return ((stride * height + 2 * PAD) + MODELS * (stride + 2 * PAD) + WINDOW * MODELS * (stride + PAD) + 4 * MODELS + 48) << 2;
}

/** The encoding whose step is about as visible everywhere: square root, with a linear toe that takes negatives. */
function encode(src: usize, dst: usize, count: i32): void {
  const toe = f32x4.splat(TOE);
  const slope = f32x4.splat(<f32>1 / (<f32>2 * ROOT));
  for (let i: i32 = 0; i < count; i += 4) {
    const x = v128.load(src + (i << 2));
    const line = f32x4.mul(f32x4.add(x, toe), slope);
    v128.store(dst + (i << 2), v128.bitselect(f32x4.sqrt(f32x4.pmax(toe, x)), line, f32x4.ge(x, toe)));
  }
}

@inline
function decode(v: v128, toe: v128, root: v128): v128 {
  const line = f32x4.sub(f32x4.mul(f32x4.add(root, root), v), toe);
  return v128.bitselect(f32x4.mul(v, v), line, f32x4.ge(v, root));
}

@inline
function weight(best: v128, error: v128, faint: v128): v128 {
  const ratio = f32x4.div(best, error);
  const square = f32x4.mul(ratio, ratio);
  const w = f32x4.mul(square, square);
  return v128.and(w, f32x4.ge(w, faint));
}

/** Absolute leave-one-out residuals of one row: `out` holds one row per model. */
function residualRow(code: usize, width: i32, rowFilters: usize, offsets: usize, out: usize, outStride: usize): void {
  // Vectors with the same filters one after the other: one set of filters fits the first cache, three don't.
  for (let phase: i32 = 0; phase < 3; phase++) for (let x = phase << 2; x < width; x += 12) {
    let filter = rowFilters + <usize>((phase * BLOCK + 8) << 2);
    const at = code + (x << 2);
    let a0 = i32x4.splat(0);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    let a4 = a0;
    let a5 = a0;
    let a6 = a0;
    let a7 = a0;
    for (let t: i32 = 0; t < TAPS; t++) {
      const s = v128.load(at + load<i32>(offsets + (t << 2)));
      a0 = f32x4.add(a0, f32x4.mul(s, v128.load(filter)));
      a1 = f32x4.add(a1, f32x4.mul(s, v128.load(filter, 16)));
      a2 = f32x4.add(a2, f32x4.mul(s, v128.load(filter, 32)));
      a3 = f32x4.add(a3, f32x4.mul(s, v128.load(filter, 48)));
      a4 = f32x4.add(a4, f32x4.mul(s, v128.load(filter, 64)));
      a5 = f32x4.add(a5, f32x4.mul(s, v128.load(filter, 80)));
      a6 = f32x4.add(a6, f32x4.mul(s, v128.load(filter, 96)));
      a7 = f32x4.add(a7, f32x4.mul(s, v128.load(filter, 112)));
      filter += 128;
    }
    let o = out + (x << 2);
    v128.store(o, f32x4.abs(a0));
    o += outStride;
    v128.store(o, f32x4.abs(a1));
    o += outStride;
    v128.store(o, f32x4.abs(a2));
    o += outStride;
    v128.store(o, f32x4.abs(a3));
    o += outStride;
    v128.store(o, f32x4.abs(a4));
    o += outStride;
    v128.store(o, f32x4.abs(a5));
    o += outStride;
    v128.store(o, f32x4.abs(a6));
    o += outStride;
    v128.store(o, f32x4.abs(a7));
  }
}

/** Sums over seven columns, one row per model. */
function sumColumns(src: usize, srcStride: usize, dst: usize, dstStride: usize, width: i32): void {
  for (let m: i32 = 0; m < MODELS; m++) {
    for (let x: i32 = 0; x < width; x += 4) {
      const at = src + (x << 2);
      let sum = f32x4.add(v128.load(at - 12), v128.load(at - 8));
      sum = f32x4.add(sum, v128.load(at - 4));
      sum = f32x4.add(sum, v128.load(at));
      sum = f32x4.add(sum, v128.load(at, 4));
      sum = f32x4.add(sum, v128.load(at, 8));
      sum = f32x4.add(sum, v128.load(at, 12));
      v128.store(dst + (x << 2), sum);
    }
    src += srcStride;
    dst += dstStride;
  }
}

/**
 * X-Trans mosaic to three planes: eight linear models of the picture predict each missing colour; each counts by how
 * well it predicts the known samples around from one another.
 * @param src mosaic, about white-balanced, white near 1; `stride` floats per row; the halo is 6
 * @param width a multiple of 4; `filters`: the table of `xTransFilters` for the tile's first sample
 * @param dst planes R, G, B of `stride * height` floats; what lies within 6 of the tile's border is not written or not right
 * @param scratch `demosaicXTransScratch(stride, height)` bytes
 */
export function demosaicXTrans(
  src: usize, stride: i32, width: i32, height: i32, filters: usize, dst: usize, scratch: usize,
): void {
  const rowBytes = <usize>stride << 2;
  const plane = rowBytes * <usize>height;
  const code = scratch + (PAD << 2);
  const residualStride = rowBytes + (2 * PAD << 2);
  const residuals = code + plane + (2 * PAD << 2);
  const sumStride = rowBytes + (PAD << 2);
  const ringStride = sumStride * MODELS;
  const ring = residuals + residualStride * MODELS;
  const weights = ring + ringStride * WINDOW;
  const offsets = weights + (4 * MODELS << 2);

  let tap: i32 = 0;
  for (let dy = -REACH; dy <= REACH; dy++) {
    for (let dx = -REACH; dx <= REACH; dx++) {
      if (dy * dy + dx * dx > 13) continue;
      store<i32>(offsets + (tap << 2), (dy * stride + dx) << 2);
      tap++;
    }
  }
  for (let y: i32 = 0; y < height; y++) encode(src + rowBytes * y, code + rowBytes * y, width);

  const toe = f32x4.splat(TOE);
  const root = f32x4.splat(ROOT);
  const floor = f32x4.splat(FLOOR);
  const faint = f32x4.splat(FAINT);
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  for (let yr: i32 = REACH; yr < height - REACH; yr++) {
    residualRow(
      code + rowBytes * yr, width, filters + <usize>((yr % 6) * 3 * BLOCK << 2), offsets, residuals, residualStride);
    sumColumns(residuals, residualStride, ring + ringStride * (yr % WINDOW), sumStride, width);
    const y = yr - REACH;
    if (y < 2 * REACH) continue;
    const rowFilters = filters + <usize>((y % 6) * 3 * BLOCK << 2);
    // The rows of the window from top to bottom.
    const r0 = ring + ringStride * ((y + 4) % WINDOW);
    const r1 = ring + ringStride * ((y + 5) % WINDOW);
    const r2 = ring + ringStride * ((y + 6) % WINDOW);
    const r3 = ring + ringStride * (y % WINDOW);
    const r4 = ring + ringStride * ((y + 1) % WINDOW);
    const r5 = ring + ringStride * ((y + 2) % WINDOW);
    const r6 = ring + ringStride * ((y + 3) % WINDOW);
    for (let phase: i32 = 0; phase < 3; phase++) for (let x = phase == 0 ? 12 : phase << 2; x < width - 4; x += 12) {
      const block = rowFilters + <usize>(phase * BLOCK << 2);
      let best = f32x4.splat(f32.MAX_VALUE);
      let at: usize = x << 2;
      for (let m: i32 = 0; m < MODELS; m++) {
        let e = f32x4.add(v128.load(r0 + at), v128.load(r1 + at));
        e = f32x4.add(e, v128.load(r2 + at));
        e = f32x4.add(e, v128.load(r3 + at));
        e = f32x4.add(e, v128.load(r4 + at));
        e = f32x4.add(e, v128.load(r5 + at));
        e = f32x4.add(e, v128.load(r6 + at));
        e = f32x4.add(f32x4.mul(e, e), floor);
        best = f32x4.pmin(best, e);
        v128.store(weights + (m << 4), e);
        at += sumStride;
      }
      let total = zero;
      let first = zero;
      let second = zero;
      const centre = code + rowBytes * y + (x << 2);
      // Two models at a time: four sums that do not wait for one another.
      for (let m: i32 = 0; m < MODELS; m += 2) {
        const w0 = weight(best, v128.load(weights + (m << 4)), faint);
        const w1 = weight(best, v128.load(weights + (m << 4), 16), faint);
        if (!v128.any_true(v128.or(w0, w1))) continue;
        let even = block + <usize>((8 + TAPS * MODELS * 4 + m * TAPS * 8) << 2);
        let odd = even + (TAPS * 8 << 2);
        let a0 = zero;
        let b0 = zero;
        let a1 = zero;
        let b1 = zero;
        for (let t: i32 = 0; t < TAPS; t += 5) {
          let s: v128;
          s = v128.load(centre + load<i32>(offsets + (t << 2)));
          a0 = f32x4.add(a0, f32x4.mul(s, v128.load(even)));
          b0 = f32x4.add(b0, f32x4.mul(s, v128.load(even, 16)));
          a1 = f32x4.add(a1, f32x4.mul(s, v128.load(odd)));
          b1 = f32x4.add(b1, f32x4.mul(s, v128.load(odd, 16)));
          s = v128.load(centre + load<i32>(offsets + (t << 2), 4));
          a0 = f32x4.add(a0, f32x4.mul(s, v128.load(even, 32)));
          b0 = f32x4.add(b0, f32x4.mul(s, v128.load(even, 48)));
          a1 = f32x4.add(a1, f32x4.mul(s, v128.load(odd, 32)));
          b1 = f32x4.add(b1, f32x4.mul(s, v128.load(odd, 48)));
          s = v128.load(centre + load<i32>(offsets + (t << 2), 8));
          a0 = f32x4.add(a0, f32x4.mul(s, v128.load(even, 64)));
          b0 = f32x4.add(b0, f32x4.mul(s, v128.load(even, 80)));
          a1 = f32x4.add(a1, f32x4.mul(s, v128.load(odd, 64)));
          b1 = f32x4.add(b1, f32x4.mul(s, v128.load(odd, 80)));
          s = v128.load(centre + load<i32>(offsets + (t << 2), 12));
          a0 = f32x4.add(a0, f32x4.mul(s, v128.load(even, 96)));
          b0 = f32x4.add(b0, f32x4.mul(s, v128.load(even, 112)));
          a1 = f32x4.add(a1, f32x4.mul(s, v128.load(odd, 96)));
          b1 = f32x4.add(b1, f32x4.mul(s, v128.load(odd, 112)));
          s = v128.load(centre + load<i32>(offsets + (t << 2), 16));
          a0 = f32x4.add(a0, f32x4.mul(s, v128.load(even, 128)));
          b0 = f32x4.add(b0, f32x4.mul(s, v128.load(even, 144)));
          a1 = f32x4.add(a1, f32x4.mul(s, v128.load(odd, 128)));
          b1 = f32x4.add(b1, f32x4.mul(s, v128.load(odd, 144)));
          even += 160;
          odd += 160;
        }
        total = f32x4.add(f32x4.add(total, w0), w1);
        first = f32x4.add(f32x4.add(first, f32x4.mul(w0, a0)), f32x4.mul(w1, a1));
        second = f32x4.add(f32x4.add(second, f32x4.mul(w0, b0)), f32x4.mul(w1, b1));
      }
      first = decode(f32x4.div(first, total), toe, root);
      second = decode(f32x4.div(second, total), toe, root);
      const known = v128.load(src + rowBytes * y + (x << 2));
      const red = f32x4.eq(v128.load(block), one);
      const blue = f32x4.eq(v128.load(block, 16), one);
      const out = dst + rowBytes * y + (x << 2);
      v128.store(out, v128.bitselect(known, first, red));
      v128.store(out + plane, v128.bitselect(first, v128.bitselect(second, known, blue), red));
      v128.store(out + plane + plane, v128.bitselect(known, second, blue));
    }
  }
}
