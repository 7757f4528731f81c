// Merging, the fast path: reference.ts says the same to be read.

/** Four neighbouring floats in four rows, weighted by rows and then by columns: the sum. */
@inline
function tapSum(p: usize, stride: usize, across: usize, down: usize): f32 {
  const upper = f32x4.add(
    f32x4.mul(v128.load(p), v128.load32_splat(down)),
    f32x4.mul(v128.load(p + stride), v128.load32_splat(down, 4)));
  const lower = f32x4.add(
    f32x4.mul(v128.load(p + 2 * stride), v128.load32_splat(down, 8)),
    f32x4.mul(v128.load(p + 3 * stride), v128.load32_splat(down, 12)));
  const t = f32x4.mul(f32x4.add(upper, lower), v128.load(across));
  const u = f32x4.add(t, v128.shuffle<f32>(t, t, 2, 3, 0, 1));
  return f32x4.extract_lane(u, 0) + f32x4.extract_lane(u, 1);
}

/**
 * A row of a frame's samples as light: min((s - black - deltaV) * scale, ceiling), scale and ceiling the same for all columns. `float`: 1 for
 * floats, of which what is no number or below -white is no light; 0 for 16-bit integers. All rows have room for seven more.
 */
export function burstSamples(
  src: usize, float: i32, black: usize, scale: usize, ceiling: usize, deltaV: f32, count: i32, dst: usize,
): void {
  const dv = f32x4.splat(deltaV), k = v128.load32_splat(scale), top = v128.load32_splat(ceiling);
  if (float) {
    const least = f32x4.neg(top);
    for (let i: i32 = 0; i < count; i += 4) {
      const at = <usize>i << 2;
      const light = f32x4.mul(f32x4.sub(f32x4.sub(v128.load(src + at), v128.load(black + at)), dv), k);
      v128.store(dst + at, v128.and(f32x4.pmin(light, top), f32x4.ge(light, least)));
    }
    return;
  }
  for (let i: i32 = 0; i < count; i += 8) {
    const s = v128.load(src + (<usize>i << 1));
    const b = black + (<usize>i << 2), out = dst + (<usize>i << 2);
    const low = f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(s)), high = f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(s));
    v128.store(out, f32x4.pmin(f32x4.mul(f32x4.sub(f32x4.sub(low, v128.load(b)), dv), k), top));
    v128.store(out, f32x4.pmin(f32x4.mul(f32x4.sub(f32x4.sub(high, v128.load(b, 16)), dv), k), top), 16);
  }
}

/** Planes to interleaved RGB, times a factor. */
export function burstTogether(planes: usize, planeStride: usize, count: i32, factor: f32, dst: usize): void {
  const f = f32x4.splat(factor);
  let i: i32 = 0;
  for (; i + 4 <= count; i += 4) {
    const p = planes + (<usize>i << 2);
    const r = f32x4.mul(v128.load(p), f), g = f32x4.mul(v128.load(p + planeStride), f), b = f32x4.mul(v128.load(p + 2 * planeStride), f);
    const rg = v128.shuffle<f32>(r, g, 0, 4, 1, 5), gr = v128.shuffle<f32>(r, g, 2, 6, 3, 7);
    const out = dst + <usize>i * 12;
    v128.store(out, v128.shuffle<f32>(rg, b, 0, 1, 4, 2));
    v128.store(out, v128.shuffle<f32>(v128.shuffle<f32>(rg, b, 3, 5, 3, 5), gr, 0, 1, 4, 5), 16);
    v128.store(out, v128.shuffle<f32>(gr, b, 6, 2, 3, 7), 32);
  }
  for (; i < count; i++) {
    const p = planes + (<usize>i << 2), out = dst + <usize>i * 12;
    store<f32>(out, load<f32>(p) * factor);
    store<f32>(out, load<f32>(p + planeStride) * factor, 4);
    store<f32>(out, load<f32>(p + 2 * planeStride) * factor, 8);
  }
}

/** Values on [0,1] as 16-bit integers: black at `black`, 1 at 65535; what lies beyond is cut. The source has room for seven more. */
export function burstIntegers(src: usize, count: i32, black: f32, dst: usize): void {
  const scale: f32 = 65535 - black;
  const s = f32x4.splat(scale), o = f32x4.splat(black + 0.5), zero = f32x4.splat(0), most = f32x4.splat(65535);
  let i: i32 = 0;
  for (; i + 8 <= count; i += 8) {
    const p = src + (<usize>i << 2);
    // pmax gives 0 for what is no number.
    const a = f32x4.pmin(most, f32x4.pmax(zero, f32x4.add(f32x4.mul(v128.load(p), s), o)));
    const b = f32x4.pmin(most, f32x4.pmax(zero, f32x4.add(f32x4.mul(v128.load(p, 16), s), o)));
    v128.store(dst + (<usize>i << 1), i16x8.narrow_i32x4_u(i32x4.trunc_sat_f32x4_u(a), i32x4.trunc_sat_f32x4_u(b)));
  }
  for (; i < count; i++) {
    const value = load<f32>(src + (<usize>i << 2)) * scale + (black + 0.5);
    store<u16>(dst + (<usize>i << 1), value >= 65535 ? 65535 : value > 0 ? <u16>value : 0);
  }
}

/** Bytes of four taps in their table for fractions of a pixel. */
@inline
function tapsOf(fraction: v128): v128 {
  return i32x4.shl(i32x4.trunc_sat_f32x4_s(
    f32x4.add(f32x4.mul(fraction, f32x4.splat(128)), f32x4.splat(0.5))), 4);
}

/** A node's number between the row above and the one below. */
@inline
function between(above: usize, below: usize, share: f32): f32 {
  return load<f32>(above) + (load<f32>(below) - load<f32>(above)) * share;
}

/**
 * Where the places `from + i · step` of a row fall in another frame, bilinear between nodes of three floats (dx, dy, trust)
 * every `spacing` pixels. Five rows of `stride` bytes: where the 4 × 4 samples around begin, in bytes from a box that begins at
 * (left, top) and has rows of `rowBytes`, or -1 where they lie outside of its `width × height`; the taps across and down, in bytes
 * of their table; trust; and on which photosite of a cell the 4 × 4 begin. Rows have room for three places more.
 */
export function burstPlaces(
  nodes: usize, columns: i32, rows: i32, spacing: f32, from: f32, step: f32, count: i32, y: f32,
  left: i32, top: i32, width: i32, height: i32, rowBytes: i32, dst: usize, stride: usize,
): void {
  const gy = y / spacing;
  const row = min<i32>(max<i32>(<i32>f32.floor(gy), 0), rows - 2);
  const fy = gy - <f32>row;
  const above = nodes + <usize>(row * columns) * 12;
  const below = above + <usize>columns * 12;
  const per = f32x4.splat(1 / spacing);
  const mostColumn = f32x4.splat(<f32>(columns - 2));
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  // Fractions are taken before whole pixels are: so they are the same whatever the box.
  const originX = i32x4.splat(left + 1);
  const originY = i32x4.splat(top + 1);
  const lastX = i32x4.splat(width - 4);
  const lastY = i32x4.splat(height - 4);
  const bytes = i32x4.splat(rowBytes);
  const minus = i32x4.splat(-1);
  const none = i32x4.splat(0);
  const bit = i32x4.splat(1);
  let cell: i32 = -1;
  let x0 = zero, x1 = zero, y0 = zero, y1 = zero, t0 = zero, t1 = zero;
  for (let i: i32 = 0; i < count; i += 4) {
    const x = f32x4.add(f32x4.splat(from), f32x4.mul(
      f32x4(<f32>i, <f32>(i + 1), <f32>(i + 2), <f32>(i + 3)), f32x4.splat(step)));
    const gx = f32x4.mul(x, per);
    const column = f32x4.min(f32x4.max(f32x4.floor(gx), zero), mostColumn);
    const fx = f32x4.sub(gx, column);
    const cells = i32x4.trunc_sat_f32x4_s(column);
    const first = i32x4.extract_lane(cells, 0);
    const last = i32x4.extract_lane(cells, 3);
    if (first != last || first != cell) {
      cell = first == last ? first : -1;
      const a0 = above + <usize>first * 12, b0 = below + <usize>first * 12;
      x0 = f32x4.splat(between(a0, b0, fy));
      x1 = f32x4.splat(between(a0 + 12, b0 + 12, fy));
      y0 = f32x4.splat(between(a0 + 4, b0 + 4, fy));
      y1 = f32x4.splat(between(a0 + 16, b0 + 16, fy));
      t0 = f32x4.splat(between(a0 + 8, b0 + 8, fy));
      t1 = f32x4.splat(between(a0 + 20, b0 + 20, fy));
      if (first != last) {
        // Nodes lie further apart than four places: two cells at most.
        const a = above + <usize>last * 12, b = below + <usize>last * 12;
        const other = i32x4.eq(cells, i32x4.splat(last));
        x0 = v128.bitselect(f32x4.splat(between(a, b, fy)), x0, other);
        x1 = v128.bitselect(f32x4.splat(between(a + 12, b + 12, fy)), x1, other);
        y0 = v128.bitselect(f32x4.splat(between(a + 4, b + 4, fy)), y0, other);
        y1 = v128.bitselect(f32x4.splat(between(a + 16, b + 16, fy)), y1, other);
        t0 = v128.bitselect(f32x4.splat(between(a + 8, b + 8, fy)), t0, other);
        t1 = v128.bitselect(f32x4.splat(between(a + 20, b + 20, fy)), t1, other);
      }
    }
    const u = f32x4.add(x, f32x4.add(x0, f32x4.mul(f32x4.sub(x1, x0), fx)));
    const v = f32x4.add(f32x4.splat(y), f32x4.add(y0, f32x4.mul(f32x4.sub(y1, y0), fx)));
    const floorU = f32x4.floor(u), floorV = f32x4.floor(v);
    const startX = i32x4.sub(i32x4.trunc_sat_f32x4_s(floorU), originX);
    const startY = i32x4.sub(i32x4.trunc_sat_f32x4_s(floorV), originY);
    const inside = v128.and(
      v128.and(i32x4.ge_s(startX, none), i32x4.ge_s(startY, none)),
      v128.and(i32x4.le_s(startX, lastX), i32x4.le_s(startY, lastY)));
    const out = dst + (<usize>i << 2);
    const offset = i32x4.add(i32x4.mul(startY, bytes), i32x4.shl(startX, 2));
    v128.store(out, v128.bitselect(offset, minus, inside));
    v128.store(out + stride, tapsOf(f32x4.sub(u, floorU)));
    v128.store(out + 2 * stride, tapsOf(f32x4.sub(v, floorV)));
    v128.store(out + 3 * stride, f32x4.add(t0, f32x4.mul(f32x4.sub(t1, t0), fx)));
    v128.store(out + 4 * stride, v128.or(
      i32x4.shl(v128.and(startY, bit), 1), v128.and(startX, bit)));
  }
}

/** Sums over the four photosites of each cell of a mosaic: of one colour the residual, prediction, its square, energy. */
@inline
function putCell(out: usize, plane: usize, r: v128, p: v128, e: v128): void {
  v128.store(out, r);
  v128.store(out + plane, p);
  v128.store(out + 2 * plane, f32x4.mul(p, p));
  v128.store(out + 3 * plane, e);
}

@inline
function evenOf(p: usize): v128 {
  return v128.shuffle<f32>(v128.load(p), v128.load(p, 16), 0, 2, 4, 6);
}

@inline
function oddOf(p: usize): v128 {
  return v128.shuffle<f32>(v128.load(p), v128.load(p, 16), 1, 3, 5, 7);
}

/** A residual; none where the reference is clipped and the frame saw more. */
@inline
function believed(residual: v128, prediction: v128, clip: v128): v128 {
  return v128.and(residual, v128.or(f32x4.lt(prediction, clip), f32x4.lt(residual, f32x4.splat(0))));
}

/** Sum of three neighbours of a row of sums. */
@inline
function threeOf(p: usize): v128 {
  return f32x4.add(f32x4.add(v128.load(p, 0), v128.load(p, 4)), v128.load(p, 8));
}

/**
 * How far a frame may be believed, cell by cell of 2 × 2 photosites, and what goes into the sums with it.
 * `rows`: residual, prediction and use, three planes of `stride × height` floats, width a multiple of 8; become residual times
 * weight, (prediction + shade) times weight, and weight. `table`: noise scale R G B, noise offset R G B, shade R G B, then
 * mean's tolerance², energy's tolerance², mean from, mean 1/range, energy from, energy 1/range, clip.
 * `firstGreen`: 1 where the greens lie at (0, 1) and (1, 0), 0 where at (0, 0) and (1, 1); `red`: which photosite is red.
 * `scratch`: 14 × cells of floats and 12 rows more. The outer two cells on each side have no weight.
 */
export function burstWeights(
  rows: usize, stride: i32, width: i32, height: i32, table: usize, red: i32, scratch: usize,
): void {
  const bytes = <usize>stride << 2;
  const plane = bytes * <usize>height;
  const across = width >> 1;
  const down = height >> 1;
  const line = <usize>(across + 8) << 2;
  const cells = line * <usize>down;
  const sums = scratch + 14 * cells;
  const clip = f32x4.splat(load<f32>(table, 60));
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  const half = f32x4.splat(0.5);
  // Pass 1: cells.
  for (let j: i32 = 0; j < down; j++) {
    const row = rows + <usize>(2 * j) * bytes;
    const out = scratch + <usize>j * line;
    for (let i: i32 = 0; i < across; i += 4) {
      const at = row + (<usize>i << 3);
      const o = out + (<usize>i << 2);
      const p0 = evenOf(at + plane), p1 = oddOf(at + plane);
      const p2 = evenOf(at + plane + bytes), p3 = oddOf(at + plane + bytes);
      const r0 = believed(evenOf(at), p0, clip), r1 = believed(oddOf(at), p1, clip);
      const r2 = believed(evenOf(at + bytes), p2, clip), r3 = believed(oddOf(at + bytes), p3, clip);
      let rr: v128, pr: v128, ra: v128, pa: v128, rb: v128, pb: v128, rz: v128, pz: v128;
      if (red == 0) { rr = r0; pr = p0; ra = r1; pa = p1; rb = r2; pb = p2; rz = r3; pz = p3; }
      else if (red == 1) { rr = r1; pr = p1; ra = r0; pa = p0; rb = r3; pb = p3; rz = r2; pz = p2; }
      else if (red == 2) { rr = r2; pr = p2; ra = r0; pa = p0; rb = r3; pb = p3; rz = r1; pz = p1; }
      else { rr = r3; pr = p3; ra = r1; pa = p1; rb = r2; pb = p2; rz = r0; pz = p0; }
      putCell(o, cells, rr, pr, f32x4.mul(rr, rr));
      putCell(o + 4 * cells, cells, f32x4.mul(f32x4.add(ra, rb), half), f32x4.mul(f32x4.add(pa, pb), half),
        f32x4.mul(f32x4.add(f32x4.mul(ra, ra), f32x4.mul(rb, rb)), half));
      putCell(o + 8 * cells, cells, rz, pz, f32x4.mul(rz, rz));
    }
  }
  // Pass 2: tests over 3 × 3 cells.
  const ninth = f32x4.splat(1.0 / 9);
  const weights = scratch + 12 * cells;
  const eroded = scratch + 13 * cells;
  memory.fill(weights, 0, cells);
  memory.fill(eroded, 0, cells);
  const meanTolerance = f32x4.splat(load<f32>(table, 36));
  const energyTolerance = f32x4.splat(load<f32>(table, 40));
  for (let j: i32 = 1; j < down - 1; j++) {
    for (let q: i32 = 0; q < 12; q++) {
      const src = scratch + <usize>q * cells + <usize>(j - 1) * line;
      const dst = sums + <usize>q * line;
      for (let i: i32 = 0; i < across; i += 4) {
        const at = <usize>i << 2;
        v128.store(dst + at, f32x4.add(
          f32x4.add(v128.load(src + at), v128.load(src + line + at)), v128.load(src + 2 * line + at)));
      }
    }
    const out = weights + <usize>j * line;
    // What lies beyond a row is read, but only the outermost cells depend on it.
    for (let i: i32 = 0; i < across; i += 4) {
      let mean = zero;
      let energy = zero;
      for (let c: i32 = 0; c < 3; c++) {
        const s = sums + <usize>(4 * c) * line + (<usize>i << 2);
        const r = f32x4.mul(threeOf(s), ninth);
        const p = f32x4.mul(threeOf(s + line), ninth);
        const structure = f32x4.max(f32x4.sub(f32x4.mul(threeOf(s + 2 * line), ninth), f32x4.mul(p, p)), zero);
        const e = f32x4.mul(threeOf(s + 3 * line), ninth);
        const noise = f32x4.add(
          f32x4.mul(f32x4.max(p, zero), v128.load32_splat(table + (<usize>c << 2))),
          v128.load32_splat(table + (<usize>c << 2), 12));
        // The prediction is about as uncertain as the mean of the samples.
        const ofMean = f32x4.splat(c == 1 ? <f32>(1.0 / 9) : <f32>(2.0 / 9));
        mean = f32x4.add(mean, f32x4.div(f32x4.mul(r, r),
          f32x4.add(f32x4.mul(noise, ofMean), f32x4.mul(structure, meanTolerance))));
        energy = f32x4.add(energy, f32x4.div(e, f32x4.add(noise, f32x4.mul(structure, energyTolerance))));
      }
      const byMean = f32x4.sub(one, f32x4.mul(
        f32x4.sub(mean, v128.load32_splat(table, 44)), v128.load32_splat(table, 48)));
      const byEnergy = f32x4.sub(one, f32x4.mul(
        f32x4.sub(energy, v128.load32_splat(table, 52)), v128.load32_splat(table, 56)));
      v128.store(out + (<usize>(i + 1) << 2), f32x4.mul(
        f32x4.max(f32x4.min(byMean, one), zero), f32x4.max(f32x4.min(byEnergy, one), zero)));
    }
  }
  // Pass 3: the least of 3 × 3.
  for (let j: i32 = 2; j < down - 2; j++) {
    const src = weights + <usize>(j - 1) * line;
    for (let i: i32 = 0; i < across; i += 4) {
      const at = src + (<usize>i << 2);
      v128.store(sums + (<usize>i << 2),
        f32x4.min(f32x4.min(v128.load(at), v128.load(at + line)), v128.load(at + 2 * line)));
    }
    const out = eroded + <usize>j * line;
    for (let i: i32 = 2; i < across - 2; i++) {
      const at = sums + (<usize>i << 2);
      store<f32>(out + (<usize>i << 2), min<f32>(min<f32>(load<f32>(at - 4), load<f32>(at)), load<f32>(at, 4)));
    }
  }
  // Pass 4: what goes into the sums.
  for (let y: i32 = 0; y < height; y++) {
    const row = rows + <usize>y * bytes;
    const weight = eroded + <usize>(y >> 1) * line;
    const even = colourAt(red, (y & 1) << 1);
    const odd = colourAt(red, ((y & 1) << 1) + 1);
    const a = load<f32>(table + (<usize>even << 2), 24);
    const b = load<f32>(table + (<usize>odd << 2), 24);
    const shade = f32x4(a, b, a, b);
    for (let x: i32 = 0; x < width; x += 4) {
      const at = row + (<usize>x << 2);
      const pair = v128.load64_zero(weight + (<usize>(x >> 1) << 2));
      const w = f32x4.mul(v128.shuffle<f32>(pair, pair, 0, 0, 1, 1), v128.load(at + 2 * plane));
      v128.store(at, f32x4.mul(v128.load(at), w));
      v128.store(at + plane, f32x4.mul(f32x4.add(f32x4.max(v128.load(at + plane), zero), shade), w));
      v128.store(at + 2 * plane, w);
    }
  }
}

/** The colour of a photosite of a Bayer cell, numbered row by row, where `red` is red: blue lies opposite. */
@inline
function colourAt(red: i32, photosite: i32): i32 {
  return photosite == red ? 0 : photosite == 3 - red ? 2 : 1;
}

/** How many frames more the estimate counts beside none than beside many. */
const ALONE: f32 = 24;

/** What the estimate counts: a frame's share `one` where as much was gathered as elsewhere, more where less was. */
@inline
function ownShares(one: v128, gathered: v128, usual: v128): v128 {
  const lack = f32x4.pmax(f32x4.splat(0), f32x4.sub(f32x4.div(one, f32x4.add(one, gathered)), usual));
  return f32x4.mul(one, f32x4.add(f32x4.splat(1), f32x4.mul(f32x4.mul(f32x4.splat(ALONE), lack), lack)));
}

/**
 * What light the frames add to a row of the estimate, by colour: three rows of `dstStride` bytes. `prior` is the share of the
 * estimate itself, for a light of 1, `usual` its part of all that is gathered on average; where it is clipped (from `clip` on)
 * it has none. `shade`: three floats. Rows have room for three more.
 */
export function burstLightRow(
  sums: usize, shares: usize, planes: usize, planeStride: usize, count: i32,
  prior: f32, usual: f32, clip: f32, shade: usize, dst: usize, dstStride: usize,
): void {
  const s0 = v128.load32_splat(shade), s1 = v128.load32_splat(shade, 4), s2 = v128.load32_splat(shade, 8);
  const zero = f32x4.splat(0), third = f32x4.splat(1.0 / 3), most = f32x4.splat(clip), least = f32x4.splat(1e-6);
  const one = f32x4.splat(prior), average = f32x4.splat(usual);
  for (let i: i32 = 0; i < count; i += 4) {
    const at = <usize>i << 2;
    const r = f32x4.add(f32x4.pmax(zero, v128.load(planes + at)), s0);
    const g = f32x4.add(f32x4.pmax(zero, v128.load(planes + planeStride + at)), s1);
    const b = f32x4.add(f32x4.pmax(zero, v128.load(planes + 2 * planeStride + at)), s2);
    const gathered = v128.load(shares + at);
    const light = f32x4.mul(f32x4.add(f32x4.add(r, g), b), third);
    const own = v128.bitselect(ownShares(f32x4.mul(one, light), gathered, average), least,
      f32x4.lt(f32x4.pmax(r, f32x4.pmax(g, b)), most));
    const share = f32x4.div(v128.load(sums + at), f32x4.add(gathered, own));
    const out = dst + at;
    v128.store(out, f32x4.mul(share, r));
    v128.store(out + dstStride, f32x4.mul(share, g));
    v128.store(out + 2 * dstStride, f32x4.mul(share, b));
  }
}

/**
 * A row of cells: what the frames say about each colour beyond what all colours together said. `light` holds the rows from
 * one above the cells' first to two below it, from one column left of the first cell on. Writes over the residuals. `planes`:
 * the estimate's row; where it is clipped (from `clip` on), it has no share of its own. Rows have room for three cells more.
 */
export function burstColourRow(
  light: usize, lightStride: usize, lightPlane: usize, count: i32, taps: usize,
  prior: f32, usual: f32, clip: f32, planes: usize, planeStride: usize, cells: usize, cellPlane: usize,
): void {
  const most = f32x4.splat(clip), least = f32x4.splat(1e-6), average = f32x4.splat(usual);
  for (let i: i32 = 0; i < count; i += 4) {
    const at = <usize>i << 2;
    const pixel = planes + (<usize>i << 3);
    const brightest = f32x4.pmax(evenOf(pixel), f32x4.pmax(evenOf(pixel + planeStride), evenOf(pixel + 2 * planeStride)));
    const known = f32x4.lt(brightest, most);
    for (let c: i32 = 0; c < 3; c++) {
      const o = cells + <usize>c * cellPlane + at;
      const one = v128.bitselect(f32x4.splat(c == 1 ? 2 * prior : prior), least, known);
      const gathered = v128.load(o + 3 * cellPlane);
      const said = f32x4.div(v128.load(o), f32x4.add(gathered, ownShares(one, gathered, average)));
      const p = light + <usize>c * lightPlane + (<usize>i << 3);
      v128.store(o, f32x4.sub(said, cellSums(p, lightStride, taps)));
    }
  }
}

/** Four columns of four rows, weighted by rows. */
@inline
function columnsOf(p: usize, stride: usize, down: usize): v128 {
  return f32x4.add(
    f32x4.add(f32x4.mul(v128.load(p), v128.load32_splat(down)), f32x4.mul(v128.load(p + stride), v128.load32_splat(down, 4))),
    f32x4.add(f32x4.mul(v128.load(p + 2 * stride), v128.load32_splat(down, 8)),
      f32x4.mul(v128.load(p + 3 * stride), v128.load32_splat(down, 12))));
}

/** The sums over 4 × 4 floats of four cells, each two floats further on, by the same taps along both directions. */
@inline
function cellSums(p: usize, stride: usize, taps: usize): v128 {
  const a = columnsOf(p, stride, taps), b = columnsOf(p + 16, stride, taps), c = columnsOf(p + 32, stride, taps);
  const even = v128.shuffle<f32>(a, b, 0, 2, 4, 6), odd = v128.shuffle<f32>(a, b, 1, 3, 5, 7);
  return f32x4.add(
    f32x4.add(f32x4.mul(even, v128.load32_splat(taps)), f32x4.mul(v128.shuffle<f32>(even, c, 1, 2, 3, 4), v128.load32_splat(taps, 8))),
    f32x4.add(f32x4.mul(odd, v128.load32_splat(taps, 4)), f32x4.mul(v128.shuffle<f32>(odd, c, 1, 2, 3, 5), v128.load32_splat(taps, 12))));
}

/**
 * A row of the estimate with all that the frames add, where the estimate is at least `least` bright: light, and colours bilinear
 * between cells. `near` and `far` are rows of cells beside and beyond, weighing 3 and 1; `last` is the last cell that exists.
 * Rows have room for three more.
 */
export function burstComposeRow(
  light: usize, lightStride: usize, near: usize, far: usize, cellPlane: usize, count: i32, last: i32, least: f32,
  planes: usize, planeStride: usize,
): void {
  const floor4 = f32x4.splat(least);
  const a = f32x4.splat(0.5625), b = f32x4.splat(0.1875), d = f32x4.splat(0.0625);
  for (let x: i32 = 0; x < count; x += 4) {
    const at = <usize>x << 2;
    const p = planes + at;
    const old0 = v128.load(p), old1 = v128.load(p + planeStride), old2 = v128.load(p + 2 * planeStride);
    const bright = f32x4.ge(f32x4.pmax(old0, f32x4.pmax(old1, old2)), floor4);
    if (!v128.any_true(bright)) continue;
    // Cells k - 1, k, k + 1 and k + 2, those at the border repeated: pixels see k, k, k + 1, k + 1 and beyond that k - 1, k + 1, k, k + 2.
    const k = x >> 1;
    for (let c: usize = 0; c < 3; c++) {
      const n = cellsAround(near + c * cellPlane, k, last), f = cellsAround(far + c * cellPlane, k, last);
      const colour = f32x4.add(
        f32x4.add(f32x4.mul(a, v128.shuffle<f32>(n, n, 1, 1, 2, 2)),
          f32x4.mul(b, f32x4.add(v128.shuffle<f32>(n, n, 0, 2, 1, 3), v128.shuffle<f32>(f, f, 1, 1, 2, 2)))),
        f32x4.mul(d, v128.shuffle<f32>(f, f, 0, 2, 1, 3)));
      const old = c == 0 ? old0 : c == 1 ? old1 : old2;
      const sum = f32x4.add(f32x4.add(old, v128.load(light + c * lightStride + at)), colour);
      v128.store(p + c * planeStride, v128.bitselect(sum, old, bright));
    }
  }
}

/** A row's cells from one before the `k`-th to two after it; beyond the first and the `last` these stand in. */
@inline
function cellsAround(row: usize, k: i32, last: i32): v128 {
  if (k > 0 && k + 2 <= last) return v128.load(row + (<usize>(k - 1) << 2));
  return f32x4(load<f32>(row + (<usize>max(k - 1, 0) << 2)), load<f32>(row + (<usize>min(k, last) << 2)),
    load<f32>(row + (<usize>min(k + 1, last) << 2)), load<f32>(row + (<usize>min(k + 2, last) << 2)));
}

/**
 * How far the reference's own samples of a row are from the merge: `samples` over `merged` planes at their photosites' colours.
 * Writes the differences and their squares over the noise's variance. `noise`: scale R G B and offset R G B; `even` and `odd`:
 * colours of the row's photosites. A sample from `clip` on says only that there is more.
 */
export function burstExcessRow(
  samples: usize, merged: usize, planeStride: usize, count: i32, even: i32, odd: i32, noise: usize, clip: f32,
  differences: usize, excesses: usize,
): void {
  for (let i: i32 = 0; i < count; i++) {
    const at = <usize>i << 2;
    const colour = i & 1 ? odd : even;
    const sample = load<f32>(samples + at);
    const value = load<f32>(merged + <usize>colour * planeStride + at);
    const d: f32 = sample >= clip && value > sample ? 0 : sample - value;
    const model = noise + (<usize>colour << 2);
    store<f32>(differences + at, d);
    store<f32>(excesses + at, d * d / (load<f32>(model) * max<f32>(value, 0) + load<f32>(model, 12)));
  }
}

/**
 * A row of the merged mosaic: the merge, and as much of the reference's difference as is more than noise in the mean over
 * `window × window` places around. `excesses`: the first of the rows around, `slack`: what of the excess is taken for noise.
 * @param least share of the difference that is kept at least
 */
export function burstMosaicRow(
  merged: usize, planeStride: usize, differences: usize, excesses: usize, stride: usize, window: i32, count: i32,
  even: i32, odd: i32, slack: f32, least: f32, factor: f32, columns: usize, dst: usize,
): void {
  // Columns first: four at once.
  for (let i: i32 = 0; i < count + window; i += 4) {
    let sum = f32x4.splat(0);
    for (let j: i32 = 0; j < window; j++) sum = f32x4.add(sum, v128.load(excesses + <usize>j * stride + (<usize>i << 2)));
    v128.store(columns + (<usize>i << 2), sum);
  }
  const per: f32 = 1 / <f32>(window * window);
  for (let i: i32 = 0; i < count; i++) {
    const at = <usize>i << 2;
    let sum: f32 = 0;
    for (let k: i32 = 0; k < window; k++) sum += load<f32>(columns + at + (<usize>k << 2));
    const beyond = max<f32>(sum * per - 1 - slack, 0);
    const share = max<f32>(beyond / (beyond + 1), least);
    const value = load<f32>(merged + <usize>(i & 1 ? odd : even) * planeStride + at);
    store<f32>(dst + at, (value + share * load<f32>(differences + at)) * factor);
  }
}

/** A row of a plane sampled at places: what lies outside gets the nearest that lies inside. */
export function burstSampleRow(
  places: usize, placeStride: usize, count: i32, plane: usize, rowStride: usize, cubic: usize, dst: usize,
): void {
  let first: i32 = -1;
  let last: i32 = -1;
  for (let i: i32 = 0; i < count; i++) {
    const at = <usize>i << 2;
    const offset = load<i32>(places + at);
    if (offset < 0) continue;
    if (first < 0) first = i;
    last = i;
    store<f32>(dst + at, tapSum(plane + <usize>offset, rowStride,
      cubic + <usize>load<i32>(places + placeStride + at), cubic + <usize>load<i32>(places + 2 * placeStride + at)));
  }
  if (first < 0) return;
  for (let i: i32 = 0; i < first; i++) store<f32>(dst + (<usize>i << 2), load<f32>(dst + (<usize>first << 2)));
  for (let i: i32 = last + 1; i < count; i++) store<f32>(dst + (<usize>i << 2), load<f32>(dst + (<usize>last << 2)));
}
