// Gathering frames, the fast path: reference.ts says the same to be read. A row of places is walked block by block. Where motion
// hardly changes from pixel to pixel, the pixels of a block share one fraction of a pixel, so that four are worked on at once;
// elsewhere each is on its own. Blocks lie on multiples of 8 in the whole picture and never cross a cell of nodes: so the same is
// computed whatever part of the picture a row is.

/** Pixels of a block. */
const BLOCK: i32 = 8;
/** Every so many pixels and rows one is counted. */
const COUNTED: i32 = 8;
/** Most change of motion from pixel to pixel that a block overlooks, where samples are predicted and where they are summed up. */
const PREDICTED_LEAN: f32 = 1.0 / 128;
const SUMMED_LEAN: f32 = 1.0 / 64;
/** What stands for a prediction outside of the picture; samples outside of the frame are as large. */
const NOWHERE: f32 = 1e8;

/** Four taps in their table for fractions of a pixel. */
@inline
function tapsAt(table: usize, fraction: f32): usize {
  return table + (<usize><i32>(fraction * 128 + 0.5) << 4);
}

/** A node's number between the row above and the one below. */
@inline
function between(above: usize, below: usize, share: f32): f32 {
  return load<f32>(above) + (load<f32>(below) - load<f32>(above)) * share;
}

/** The cell of nodes that a place lies in. */
@inline
function cellOf(place: f32, count: i32): i32 {
  return min<i32>(max<i32>(<i32>floor<f32>(place), 0), count - 2);
}

/** Four neighbouring floats in four rows, weighted by rows and then by columns: the sum. */
@inline
function tapSum(p: usize, stride: usize, across: usize, down: usize): f32 {
  const t = f32x4.mul(columnsOf(p, stride, v128.load32_splat(down), v128.load32_splat(down, 4),
    v128.load32_splat(down, 8), v128.load32_splat(down, 12)), v128.load(across));
  const u = f32x4.add(t, v128.shuffle<f32>(t, t, 2, 3, 0, 1));
  return f32x4.extract_lane(u, 0) + f32x4.extract_lane(u, 1);
}

/** Four columns of four rows, weighted by rows. */
@inline
function columnsOf(p: usize, stride: usize, d0: v128, d1: v128, d2: v128, d3: v128): v128 {
  return f32x4.add(
    f32x4.add(f32x4.mul(v128.load(p), d0), f32x4.mul(v128.load(p + stride), d1)),
    f32x4.add(f32x4.mul(v128.load(p + 2 * stride), d2), f32x4.mul(v128.load(p + 3 * stride), d3)));
}

/** The sum of four columns by their taps, in the order of tapSum. */
@inline
function acrossOf(v0: v128, v1: v128, v2: v128, v3: v128, across: usize): v128 {
  return f32x4.add(
    f32x4.add(f32x4.mul(v0, v128.load32_splat(across)), f32x4.mul(v2, v128.load32_splat(across, 8))),
    f32x4.add(f32x4.mul(v1, v128.load32_splat(across, 4)), f32x4.mul(v3, v128.load32_splat(across, 12))));
}

/** Every second of the sums around four samples that begin with the first of `a`. */
@inline
function everySecond(a: v128, b: v128, c: v128, across: usize): v128 {
  const even = v128.shuffle<f32>(a, b, 0, 2, 4, 6), odd = v128.shuffle<f32>(a, b, 1, 3, 5, 7);
  return acrossOf(even, odd, v128.shuffle<f32>(even, c, 1, 2, 3, 4), v128.shuffle<f32>(odd, c, 1, 2, 3, 5), across);
}

/** What four samples hold beyond what is predicted, as burstResidualRow says. */
@inline
function putResiduals(sample: v128, predicted: v128, limit: v128, dst: usize, dstStride: usize): void {
  const nowhere = f32x4.splat(NOWHERE);
  const usable = v128.and(
    f32x4.lt(f32x4.pmin(sample, predicted), limit), f32x4.lt(f32x4.pmax(sample, predicted), nowhere));
  v128.store(dst, v128.and(f32x4.sub(sample, predicted), usable));
  v128.store(dst + dstStride, v128.and(predicted, usable));
  v128.store(dst + 2 * dstStride, v128.and(f32x4.splat(1), usable));
}

/**
 * What row `y` of a frame, from place `left` on, a multiple of 8, holds beyond what the estimate predicts. `nodes`: the way to
 * the estimate, three floats (dx, dy, trust) every `spacing` pixels, a multiple of 8. `light` holds the row's samples; `planes` the estimate, `width × height`,
 * rows with room for three floats more; `even` and `odd` the colours of the row's samples. Writes the difference, the prediction
 * and whether the sample may be used (1 or 0; then all three are 0): a sample from `limit` on is clipped, and says something only where the
 * prediction is below, so that noise alone has clipped it. `count` is a multiple of 8.
 */
export function burstResidualRow(
  nodes: usize, columns: i32, rows: i32, spacing: f32, left: i32, y: i32, count: i32, light: usize,
  planes: usize, planeStride: usize, rowStride: usize, width: i32, height: i32,
  even: i32, odd: i32, cubic: usize, limit: f32, dst: usize, dstStride: usize,
): void {
  const planeOfEven = planes + <usize>even * planeStride;
  const planeOfOdd = planes + <usize>odd * planeStride;
  const clip = f32x4.splat(limit);
  const per: f32 = 1 / spacing;
  const gy = <f32>y / spacing;
  const row = cellOf(gy, rows);
  const fy = gy - <f32>row;
  const above = nodes + <usize>(row * columns) * 12;
  const below = above + <usize>columns * 12;
  let cell: i32 = -1;
  let gentle = false;
  let x0: f32 = 0, y0: f32 = 0, dx: f32 = 0, dy: f32 = 0;
  for (let i: i32 = 0; i < count; i += BLOCK) {
    const x = <f32>(left + i);
    const at = cellOf(x * per, columns);
    if (at != cell) {
      cell = at;
      const a = above + <usize>at * 12, b = below + <usize>at * 12;
      x0 = between(a, b, fy); dx = between(a + 12, b + 12, fy) - x0;
      y0 = between(a + 4, b + 4, fy); dy = between(a + 16, b + 16, fy) - y0;
      gentle = max<f32>(abs<f32>(dx), abs<f32>(dy)) <= PREDICTED_LEAN * spacing;
    }
    const out = dst + (<usize>i << 2);
    const samples = light + (<usize>i << 2);
    const middle = (x + <f32>3.5) * per - <f32>cell;
    const u = x + (x0 + dx * middle), v = <f32>y + (y0 + dy * middle);
    const wholeU = floor<f32>(u), wholeV = floor<f32>(v);
    const startX = <i32>wholeU - 1, startY = <i32>wholeV - 1;
    const across = tapsAt(cubic, u - wholeU), down = tapsAt(cubic, v - wholeV);
    if (gentle && startX >= 0 && startY >= 0 && startX <= width - (BLOCK + 3) && startY <= height - 4) {
      const offset = <usize>startY * rowStride + (<usize>startX << 2);
      const d0 = v128.load32_splat(down), d1 = v128.load32_splat(down, 4);
      const d2 = v128.load32_splat(down, 8), d3 = v128.load32_splat(down, 12);
      const p = planeOfEven + offset, q = planeOfOdd + offset + 4;
      const e = everySecond(columnsOf(p, rowStride, d0, d1, d2, d3), columnsOf(p + 16, rowStride, d0, d1, d2, d3),
        columnsOf(p + 32, rowStride, d0, d1, d2, d3), across);
      const o = everySecond(columnsOf(q, rowStride, d0, d1, d2, d3), columnsOf(q + 16, rowStride, d0, d1, d2, d3),
        columnsOf(q + 32, rowStride, d0, d1, d2, d3), across);
      putResiduals(v128.load(samples), v128.shuffle<f32>(e, o, 0, 4, 1, 5), clip, out, dstStride);
      putResiduals(v128.load(samples, 16), v128.shuffle<f32>(e, o, 2, 6, 3, 7), clip, out + 16, dstStride);
      continue;
    }
    for (let k: i32 = 0; k < BLOCK; k++) {
      let column = startX + k, line = startY, a = across, d = down;
      if (!gentle) {
        const f = (x + <f32>k) * per - <f32>cell;
        const s = x + <f32>k + (x0 + dx * f), t = <f32>y + (y0 + dy * f);
        const wholeS = floor<f32>(s), wholeT = floor<f32>(t);
        column = <i32>wholeS - 1; line = <i32>wholeT - 1;
        a = tapsAt(cubic, s - wholeS); d = tapsAt(cubic, t - wholeT);
      }
      // The prediction's place holds it until the whole block is there.
      store<f32>(out + dstStride + (<usize>k << 2),
        column >= 0 && line >= 0 && column <= width - 4 && line <= height - 4
          ? tapSum((k & 1 ? planeOfOdd : planeOfEven) + <usize>line * rowStride + (<usize>column << 2), rowStride, a, d)
          : NOWHERE);
    }
    putResiduals(v128.load(samples), v128.load(out + dstStride), clip, out, dstStride);
    putResiduals(v128.load(samples, 16), v128.load(out + dstStride, 16), clip, out + 16, dstStride);
  }
}

/** Adds to four sums. */
@inline
function addTo(p: usize, value: v128): void {
  v128.store(p, f32x4.add(v128.load(p), value));
}

/** Sums over four rows and columns around eight neighbours, times trust, added to theirs. */
@inline
function addEight(p: usize, stride: usize, d0: v128, d1: v128, d2: v128, d3: v128, across: usize, low: v128, high: v128, to: usize): void {
  const a = columnsOf(p, stride, d0, d1, d2, d3);
  const b = columnsOf(p + 16, stride, d0, d1, d2, d3);
  const c = columnsOf(p + 32, stride, d0, d1, d2, d3);
  addTo(to, f32x4.mul(low, acrossOf(a, v128.shuffle<f32>(a, b, 1, 2, 3, 4),
    v128.shuffle<f32>(a, b, 2, 3, 4, 5), v128.shuffle<f32>(a, b, 3, 4, 5, 6), across)));
  addTo(to + 16, f32x4.mul(high, acrossOf(b, v128.shuffle<f32>(b, c, 1, 2, 3, 4),
    v128.shuffle<f32>(b, c, 2, 3, 4, 5), v128.shuffle<f32>(b, c, 3, 4, 5, 6), across)));
}

/**
 * Adds what a frame says about light to row `y` of sums from place `left` on, all colours together: `sums` residuals, `shares`
 * predictions; both have room for a whole block. `nodes`: the way to the frame, see burstResidualRow. `rows` as burstWeights leaves them, of the box that
 * begins at (boxLeft, boxTop) and has `width × height` samples, with room for a vector more at the end.
 * @returns the sum of the weights that every eighth pixel of every eighth row falls on, in 65536ths: so that their order does not matter
 */
export function burstGatherLightRow(
  nodes: usize, columns: i32, nodeRows: i32, spacing: f32, left: i32, y: i32, count: i32,
  boxLeft: i32, boxTop: i32, width: i32, height: i32, rows: usize, stride: usize, plane: usize,
  taps: usize, factor: f32, sums: usize, shares: usize,
): i32 {
  const per: f32 = 1 / spacing;
  const gy = <f32>y / spacing;
  const row = cellOf(gy, nodeRows);
  const fy = gy - <f32>row;
  const above = nodes + <usize>(row * columns) * 12;
  const below = above + <usize>columns * 12;
  const lanes = f32x4(0, 1, 2, 3);
  const zero = f32x4.splat(0);
  let counted: i32 = 0;
  let cell: i32 = -1;
  let gentle = false;
  let x0: f32 = 0, y0: f32 = 0, t0: f32 = 0, dx: f32 = 0, dy: f32 = 0, dt: f32 = 0;
  for (let i: i32 = 0; i < count; i += BLOCK) {
    const x = <f32>(left + i);
    const at = cellOf(x * per, columns);
    if (at != cell) {
      cell = at;
      const a = above + <usize>at * 12, b = below + <usize>at * 12;
      x0 = between(a, b, fy); dx = between(a + 12, b + 12, fy) - x0;
      y0 = between(a + 4, b + 4, fy); dy = between(a + 16, b + 16, fy) - y0;
      t0 = between(a + 8, b + 8, fy); dt = between(a + 20, b + 20, fy) - t0;
      gentle = max<f32>(abs<f32>(dx), abs<f32>(dy)) <= SUMMED_LEAN * spacing;
    }
    if (max<f32>(t0, t0 + dt) <= 0) continue;
    const to = sums + (<usize>i << 2), share = shares + (<usize>i << 2);
    const middle = (x + <f32>3.5) * per - <f32>cell;
    const u = x + (x0 + dx * middle), v = <f32>y + (y0 + dy * middle);
    const wholeU = floor<f32>(u), wholeV = floor<f32>(v);
    const startX = <i32>wholeU - (boxLeft + 1), startY = <i32>wholeV - (boxTop + 1);
    const across = tapsAt(taps, u - wholeU), down = tapsAt(taps, v - wholeV);
    if (gentle && startX >= 0 && startY >= 0 && startX <= width - (BLOCK + 3) && startY <= height - 4) {
      const p = rows + <usize>startY * stride + (<usize>startX << 2);
      const d0 = v128.load32_splat(down), d1 = v128.load32_splat(down, 4);
      const d2 = v128.load32_splat(down, 8), d3 = v128.load32_splat(down, 12);
      const fl = f32x4.sub(f32x4.mul(f32x4.add(f32x4.splat(x), lanes), f32x4.splat(per)), f32x4.splat(<f32>cell));
      const fh = f32x4.sub(f32x4.mul(f32x4.add(f32x4.splat(x + 4), lanes), f32x4.splat(per)), f32x4.splat(<f32>cell));
      const low = f32x4.pmax(zero, f32x4.mul(f32x4.add(f32x4.splat(t0), f32x4.mul(f32x4.splat(dt), fl)), f32x4.splat(factor)));
      const high = f32x4.pmax(zero, f32x4.mul(f32x4.add(f32x4.splat(t0), f32x4.mul(f32x4.splat(dt), fh)), f32x4.splat(factor)));
      addEight(p, stride, d0, d1, d2, d3, across, low, high, to);
      addEight(p + plane, stride, d0, d1, d2, d3, across, low, high, share);
    } else {
      for (let k: i32 = 0; k < BLOCK; k++) {
        const f = (x + <f32>k) * per - <f32>cell;
        const trust = (t0 + dt * f) * factor;
        if (trust <= 0) continue;
        let column = startX + k, line = startY, a = across, d = down;
        if (!gentle) {
          const s = x + <f32>k + (x0 + dx * f), t = <f32>y + (y0 + dy * f);
          const wholeS = floor<f32>(s), wholeT = floor<f32>(t);
          column = <i32>wholeS - (boxLeft + 1); line = <i32>wholeT - (boxTop + 1);
          a = tapsAt(taps, s - wholeS); d = tapsAt(taps, t - wholeT);
        }
        if (column < 0 || line < 0 || column > width - 4 || line > height - 4) continue;
        const p = rows + <usize>line * stride + (<usize>column << 2);
        const o = <usize>k << 2;
        store<f32>(to + o, load<f32>(to + o) + trust * tapSum(p, stride, a, d));
        store<f32>(share + o, load<f32>(share + o) + trust * tapSum(p + plane, stride, a, d));
      }
    }
    if ((y & (COUNTED - 1)) == 0) {
      const f = x * per - <f32>cell;
      const column = <i32>floor<f32>(x + (x0 + dx * f)) - boxLeft, line = <i32>floor<f32>(<f32>y + (y0 + dy * f)) - boxTop;
      if (column < 0 || line < 0 || column >= width || line >= height) continue;
      const weight = load<f32>(rows + 2 * plane + <usize>line * stride + (<usize>column << 2));
      counted += <i32>(max<f32>(t0 + dt * f, 0) * weight * 65536 + 0.5);
    }
  }
  return counted;
}

/** The colour of a photosite of a Bayer cell, numbered row by row, where `red` is red: blue lies opposite. */
@inline
function colourAt(red: i32, photosite: i32): i32 {
  return photosite == red ? 0 : photosite == 3 - red ? 2 : 1;
}

@inline
function addToOne(p: usize, value: f32): void {
  store<f32>(p, load<f32>(p) + value);
}

/** Every second of the columns of eight and more: their sums over the samples of one column of photosites, and of the other. */
@inline
function addColumns(a: v128, b: v128, c: v128, a0: v128, a1: v128, a2: v128, a3: v128, same: usize, other: usize): void {
  const even = v128.shuffle<f32>(a, b, 0, 2, 4, 6), odd = v128.shuffle<f32>(a, b, 1, 3, 5, 7);
  addTo(same, f32x4.add(f32x4.mul(even, a0), f32x4.mul(v128.shuffle<f32>(even, c, 1, 2, 3, 4), a2)));
  addTo(other, f32x4.add(f32x4.mul(odd, a1), f32x4.mul(v128.shuffle<f32>(odd, c, 1, 2, 3, 5), a3)));
}

/** Two rows of one parity, weighted. */
@inline
function twoRows(p: usize, q: usize, d: v128, e: v128): v128 {
  return f32x4.add(f32x4.mul(v128.load(p), d), f32x4.mul(v128.load(q), e));
}

/**
 * Adds what a frame says about each colour to the cells of rows `y` and `y + 1` from place `left` on, `count` cells: planes of
 * residuals R G B and of weights R G B, with room for a whole block of four cells. The rest as for burstGatherLightRow.
 */
export function burstGatherColourRow(
  nodes: usize, columns: i32, nodeRows: i32, spacing: f32, left: i32, y: i32, count: i32,
  boxLeft: i32, boxTop: i32, width: i32, height: i32, rows: usize, stride: usize, plane: usize,
  taps: usize, factor: f32, red: i32, dst: usize, dstPlane: usize,
): void {
  const per: f32 = 1 / spacing;
  const centreY = <f32>y + <f32>0.5;
  const gy = centreY / spacing;
  const row = cellOf(gy, nodeRows);
  const fy = gy - <f32>row;
  const above = nodes + <usize>(row * columns) * 12;
  const below = above + <usize>columns * 12;
  const lanes = f32x4(0.5, 2.5, 4.5, 6.5);
  const zero = f32x4.splat(0);
  let cell: i32 = -1;
  let gentle = false;
  let x0: f32 = 0, y0: f32 = 0, t0: f32 = 0, dx: f32 = 0, dy: f32 = 0, dt: f32 = 0;
  for (let i: i32 = 0; i < count; i += BLOCK / 2) {
    const x = <f32>(left + 2 * i);
    const at = cellOf(x * per, columns);
    if (at != cell) {
      cell = at;
      const a = above + <usize>at * 12, b = below + <usize>at * 12;
      x0 = between(a, b, fy); dx = between(a + 12, b + 12, fy) - x0;
      y0 = between(a + 4, b + 4, fy); dy = between(a + 16, b + 16, fy) - y0;
      t0 = between(a + 8, b + 8, fy); dt = between(a + 20, b + 20, fy) - t0;
      gentle = max<f32>(abs<f32>(dx), abs<f32>(dy)) <= SUMMED_LEAN * spacing;
    }
    if (max<f32>(t0, t0 + dt) <= 0) continue;
    const to = dst + (<usize>i << 2);
    const middle = (x + <f32>3.5) * per - <f32>cell;
    const u = x + <f32>0.5 + (x0 + dx * middle), v = centreY + (y0 + dy * middle);
    const wholeU = floor<f32>(u), wholeV = floor<f32>(v);
    const startX = <i32>wholeU - (boxLeft + 1), startY = <i32>wholeV - (boxTop + 1);
    const across = tapsAt(taps, u - wholeU), down = tapsAt(taps, v - wholeV);
    if (gentle && startX >= 0 && startY >= 0 && startX <= width - (BLOCK + 2) && startY <= height - 4) {
      const d0 = v128.load32_splat(down), d1 = v128.load32_splat(down, 4);
      const d2 = v128.load32_splat(down, 8), d3 = v128.load32_splat(down, 12);
      const f = f32x4.sub(f32x4.mul(f32x4.add(f32x4.splat(x), lanes), f32x4.splat(per)), f32x4.splat(<f32>cell));
      const trust = f32x4.pmax(zero, f32x4.mul(f32x4.add(f32x4.splat(t0), f32x4.mul(f32x4.splat(dt), f)), f32x4.splat(factor)));
      const a0 = f32x4.mul(trust, v128.load32_splat(across)), a1 = f32x4.mul(trust, v128.load32_splat(across, 4));
      const a2 = f32x4.mul(trust, v128.load32_splat(across, 8)), a3 = f32x4.mul(trust, v128.load32_splat(across, 12));
      const first = ((startY & 1) << 1) | (startX & 1);
      const c0 = <usize>colourAt(red, first) * dstPlane, c1 = <usize>colourAt(red, first ^ 1) * dstPlane;
      const c2 = <usize>colourAt(red, first ^ 2) * dstPlane, c3 = <usize>colourAt(red, first ^ 3) * dstPlane;
      for (let k: usize = 0; k < 2; k++) {
        const p0 = rows + 2 * k * plane + <usize>startY * stride + (<usize>startX << 2);
        const p1 = p0 + stride, p2 = p1 + stride, p3 = p2 + stride;
        const o = to + 3 * k * dstPlane;
        addColumns(twoRows(p0, p2, d0, d2), twoRows(p0 + 16, p2 + 16, d0, d2), twoRows(p0 + 32, p2 + 32, d0, d2),
          a0, a1, a2, a3, o + c0, o + c1);
        addColumns(twoRows(p1, p3, d1, d3), twoRows(p1 + 16, p3 + 16, d1, d3), twoRows(p1 + 32, p3 + 32, d1, d3),
          a0, a1, a2, a3, o + c2, o + c3);
      }
      continue;
    }
    for (let k: i32 = 0; k < BLOCK / 2; k++) {
      const centre = x + <f32>(k << 1) + <f32>0.5;
      const f = centre * per - <f32>cell;
      const trust = (t0 + dt * f) * factor;
      if (trust <= 0) continue;
      let column = startX + 2 * k, line = startY, a = across, d = down;
      if (!gentle) {
        const s = centre + (x0 + dx * f), t = centreY + (y0 + dy * f);
        const wholeS = floor<f32>(s), wholeT = floor<f32>(t);
        column = <i32>wholeS - (boxLeft + 1); line = <i32>wholeT - (boxTop + 1);
        a = tapsAt(taps, s - wholeS); d = tapsAt(taps, t - wholeT);
      }
      if (column < 0 || line < 0 || column > width - 4 || line > height - 4) continue;
      const weighted = f32x4.mul(v128.load(a), f32x4.splat(trust));
      const first = ((line & 1) << 1) | (column & 1);
      const out = to + (<usize>k << 2);
      for (let m: usize = 0; m < 2; m++) {
        const p = rows + 2 * m * plane + <usize>line * stride + (<usize>column << 2);
        const o = out + 3 * m * dstPlane;
        const e = f32x4.mul(twoRows(p, p + 2 * stride, v128.load32_splat(d), v128.load32_splat(d, 8)), weighted);
        const g = f32x4.mul(twoRows(p + stride, p + 3 * stride, v128.load32_splat(d, 4), v128.load32_splat(d, 12)), weighted);
        addToOne(o + <usize>colourAt(red, first) * dstPlane, f32x4.extract_lane(e, 0) + f32x4.extract_lane(e, 2));
        addToOne(o + <usize>colourAt(red, first ^ 1) * dstPlane, f32x4.extract_lane(e, 1) + f32x4.extract_lane(e, 3));
        addToOne(o + <usize>colourAt(red, first ^ 2) * dstPlane, f32x4.extract_lane(g, 0) + f32x4.extract_lane(g, 2));
        addToOne(o + <usize>colourAt(red, first ^ 3) * dstPlane, f32x4.extract_lane(g, 1) + f32x4.extract_lane(g, 3));
      }
    }
  }
}
