// Look, the fast path: reference.ts says the same to be read.
import { cellNumber, cellOf, placeInCell } from '../../colour/whole.kernel';

// Curves are tables of 1025 entries over [0,1].
const CURVE_STEPS: f32 = 1024;

@inline
function curveAt(table: usize, x: f32): f32 {
  const at = min<f32>(max<f32>(x, 0), 1) * CURVE_STEPS;
  const i = min<i32>(<i32>at, 1023);
  const p = table + (i << 2);
  const a = load<f32>(p);
  return a + (load<f32>(p, 4) - a) * (at - <f32>i);
}

/**
 * Cube roots of values from 0 to infinity: a third of the exponent (W. Kahan, "Computing a real cube root", 1991, has the
 * guess) and one of Halley's steps, which leaves 2e-5 of the value: less than 0.001 of a table's cell.
 */
@inline
function cubeRoot(x: v128): v128 {
  const third = i32x4.mul(i32x4.shr_u(x, 15), i32x4.splat(10923));
  const y = i32x4.add(third, i32x4.splat(709958130));
  const cube = f32x4.mul(f32x4.mul(y, y), y);
  const twice = f32x4.add(cube, cube);
  const root = f32x4.div(f32x4.mul(y, f32x4.add(cube, f32x4.add(x, x))), f32x4.add(twice, x));
  return v128.and(root, f32x4.gt(x, f32x4.splat(0)));
}

/** Four values to the table's own scale: the cube root of light, or the curve at `encode` over its square root. */
@inline
function encoded(p: usize, encode: usize): v128 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  // What is no number is black.
  const light = f32x4.pmin(one, f32x4.pmax(zero, v128.load(p)));
  if (encode == 0) return cubeRoot(light);
  const root = f32x4.sqrt(light);
  return f32x4(
    curveAt(encode, f32x4.extract_lane(root, 0)),
    curveAt(encode, f32x4.extract_lane(root, 1)),
    curveAt(encode, f32x4.extract_lane(root, 2)),
    curveAt(encode, f32x4.extract_lane(root, 3)));
}

/** Back to light: the cube, or the curve at `decode`. */
@inline
function decoded(x: v128, decode: usize): v128 {
  if (decode == 0) return f32x4.mul(f32x4.mul(x, x), x);
  return f32x4(
    curveAt(decode, f32x4.extract_lane(x, 0)),
    curveAt(decode, f32x4.extract_lane(x, 1)),
    curveAt(decode, f32x4.extract_lane(x, 2)),
    curveAt(decode, f32x4.extract_lane(x, 3)));
}

/** One pixel: the four corners of its tetrahedron, weighed. Offsets in bytes. */
@inline
function tetrahedron(base: usize, first: i32, second: i32, all: i32, w0: v128, w1: v128, w2: v128, w3: v128): v128 {
  return f32x4.add(
    f32x4.add(f32x4.mul(v128.load(base), w0), f32x4.mul(v128.load(base + first), w1)),
    f32x4.add(f32x4.mul(v128.load(base + second), w2), f32x4.mul(v128.load(base + all), w3)));
}

// One of four numbers in all four places.
@inline function lane0(v: v128): v128 { return v128.shuffle<f32>(v, v, 0, 0, 0, 0); }
@inline function lane1(v: v128): v128 { return v128.shuffle<f32>(v, v, 1, 1, 1, 1); }
@inline function lane2(v: v128): v128 { return v128.shuffle<f32>(v, v, 2, 2, 2, 2); }
@inline function lane3(v: v128): v128 { return v128.shuffle<f32>(v, v, 3, 3, 3, 3); }

/**
 * Carries planes in place through a three-dimensional table of `size`³ entries of four floats (R, G, B and one unused;
 * R changes fastest) by tetrahedral interpolation. `domain`: three factors and three summands that take encoded values
 * to numbers of entries. `encode`: 1025 entries over the square root of light, `decode`: 1025 entries over the table's
 * values; 0 for the cube root and the cube. Strides in bytes; widths are rounded up to four.
 */
export function lookTable(
  planes: usize, planeStride: usize, rowStride: usize, width: i32, height: i32,
  table: usize, size: i32, domain: usize, encode: usize, decode: usize,
): void {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const last = f32x4.splat(<f32>(size - 1));
  const sr = v128.load32_splat(domain);
  const sg = v128.load32_splat(domain, 4);
  const sb = v128.load32_splat(domain, 8);
  const or = v128.load32_splat(domain, 12);
  const og = v128.load32_splat(domain, 16);
  const ob = v128.load32_splat(domain, 20);
  const stepR = i32x4.splat(16);
  const stepG = i32x4.splat(16 * size);
  const stepB = i32x4.splat(16 * size * size);
  const all = 16 + 16 * size + 16 * size * size;
  const wholeStep = i32x4.splat(all);
  for (let y: i32 = 0; y < height; y++) {
    let pr = planes + <usize>y * rowStride;
    const end = pr + (width << 2);
    for (; pr < end; pr += 16) {
      const pg = pr + planeStride;
      const pb = pg + planeStride;
      const r = f32x4.pmin(last, f32x4.pmax(zero, f32x4.add(f32x4.mul(encoded(pr, encode), sr), or)));
      const g = f32x4.pmin(last, f32x4.pmax(zero, f32x4.add(f32x4.mul(encoded(pg, encode), sg), og)));
      const b = f32x4.pmin(last, f32x4.pmax(zero, f32x4.add(f32x4.mul(encoded(pb, encode), sb), ob)));
      const cellR = cellOf(r, size - 2);
      const cellG = cellOf(g, size - 2);
      const cellB = cellOf(b, size - 2);
      const fr = placeInCell(r, cellR);
      const fg = placeInCell(g, cellG);
      const fb = placeInCell(b, cellB);
      const cell = i32x4.add(
        i32x4.add(i32x4.shl(cellNumber(cellR), 4), i32x4.mul(cellNumber(cellG), stepG)),
        i32x4.mul(cellNumber(cellB), stepB));
      // The largest fraction is walked first, the smallest last.
      const rOverG = f32x4.ge(fr, fg);
      const most = f32x4.pmax(fr, f32x4.pmax(fg, fb));
      const least = f32x4.pmin(fr, f32x4.pmin(fg, fb));
      const middle = f32x4.pmax(f32x4.pmin(fr, fg), f32x4.pmin(f32x4.pmax(fr, fg), fb));
      const rg = v128.bitselect(stepR, stepG, rOverG);
      const first = v128.bitselect(stepB, rg, f32x4.gt(fb, f32x4.pmax(fr, fg)));
      const gr = v128.bitselect(stepG, stepR, rOverG);
      // Of r and g the one that is walked later; b is last where it is at most that one.
      const latest = v128.bitselect(stepB, gr, f32x4.le(fb, f32x4.pmin(fr, fg)));
      const second = i32x4.sub(wholeStep, latest);
      const w0 = f32x4.sub(one, most);
      const w1 = f32x4.sub(most, middle);
      const w2 = f32x4.sub(middle, least);
      const p0 = tetrahedron(
        table + i32x4.extract_lane(cell, 0), i32x4.extract_lane(first, 0), i32x4.extract_lane(second, 0), all,
        lane0(w0), lane0(w1), lane0(w2), lane0(least));
      const p1 = tetrahedron(
        table + i32x4.extract_lane(cell, 1), i32x4.extract_lane(first, 1), i32x4.extract_lane(second, 1), all,
        lane1(w0), lane1(w1), lane1(w2), lane1(least));
      const p2 = tetrahedron(
        table + i32x4.extract_lane(cell, 2), i32x4.extract_lane(first, 2), i32x4.extract_lane(second, 2), all,
        lane2(w0), lane2(w1), lane2(w2), lane2(least));
      const p3 = tetrahedron(
        table + i32x4.extract_lane(cell, 3), i32x4.extract_lane(first, 3), i32x4.extract_lane(second, 3), all,
        lane3(w0), lane3(w1), lane3(w2), lane3(least));
      // Pixels to planes.
      const rg01 = v128.shuffle<f32>(p0, p1, 0, 4, 1, 5);
      const rg23 = v128.shuffle<f32>(p2, p3, 0, 4, 1, 5);
      const b01 = v128.shuffle<f32>(p0, p1, 2, 6, 3, 7);
      const b23 = v128.shuffle<f32>(p2, p3, 2, 6, 3, 7);
      v128.store(pr, decoded(v128.shuffle<f32>(rg01, rg23, 0, 1, 4, 5), decode));
      v128.store(pg, decoded(v128.shuffle<f32>(rg01, rg23, 2, 3, 6, 7), decode));
      v128.store(pb, decoded(v128.shuffle<f32>(b01, b23, 0, 1, 4, 5), decode));
    }
  }
}

/** The same with a curve for each channel: `size` floats for R, then G, then B, read linearly. */
export function lookCurves(
  planes: usize, planeStride: usize, rowStride: usize, width: i32, height: i32,
  table: usize, size: i32, domain: usize, encode: usize, decode: usize,
): void {
  const last = <f32>(size - 1);
  for (let channel: i32 = 0; channel < 3; channel++) {
    const scale = load<f32>(domain + (channel << 2));
    const summand = load<f32>(domain + (channel << 2), 12);
    const curve = table + channel * (size << 2);
    for (let y: i32 = 0; y < height; y++) {
      const row = planes + <usize>channel * planeStride + <usize>y * rowStride;
      for (let x: i32 = 0; x < width; x += 4) {
        const p = row + (x << 2);
        const from = encoded(p, encode);
        const out = f32x4(
          between(curve, f32x4.extract_lane(from, 0) * scale + summand, last),
          between(curve, f32x4.extract_lane(from, 1) * scale + summand, last),
          between(curve, f32x4.extract_lane(from, 2) * scale + summand, last),
          between(curve, f32x4.extract_lane(from, 3) * scale + summand, last));
        v128.store(p, decoded(out, decode));
      }
    }
  }
}

@inline
function between(curve: usize, place: f32, last: f32): f32 {
  const at = min<f32>(max<f32>(place, 0), last);
  const i = min<i32>(<i32>at, <i32>last - 1);
  const p = curve + (i << 2);
  const a = load<f32>(p);
  return a + (load<f32>(p, 4) - a) * (at - <f32>i);
}
