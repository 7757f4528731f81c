// Tone, the fast path: reference.ts says the same to be read.
import { greenForHue } from '../../colour/fading.kernel';

/**
 * The curve is tabulated over the float's own logarithm: 64 entries an octave from 2^-14 to 2^8, linear between them
 * and linear down to the curve's black below. `table` holds the curve at those places, then its black.
 */
@inline
function curve(table: usize, x: v128, lowest: v128, highest: v128, fraction: v128, unit: v128, foot: v128, black: v128): v128 {
  // Limited before the difference is taken, which would overflow for small negative values.
  const at = i32x4.sub(i32x4.max_s(i32x4.min_s(x, highest), lowest), lowest);
  const i = i32x4.shl(i32x4.shr_u(at, 17), 2);
  const p0 = table + i32x4.extract_lane(i, 0);
  const p1 = table + i32x4.extract_lane(i, 1);
  const p2 = table + i32x4.extract_lane(i, 2);
  const p3 = table + i32x4.extract_lane(i, 3);
  // An entry and the next one at a time.
  const p01 = v128.load_lane<f64>(p1, v128.load64_zero(p0), 1);
  const p23 = v128.load_lane<f64>(p3, v128.load64_zero(p2), 1);
  const a = v128.shuffle<f32>(p01, p23, 0, 2, 4, 6);
  const b = v128.shuffle<f32>(p01, p23, 1, 3, 5, 7);
  const t = f32x4.mul(f32x4.convert_i32x4_s(v128.and(at, fraction)), unit);
  // As integers, positive floats are ordered like themselves and negative ones lie below all of them.
  return v128.bitselect(
    f32x4.add(a, f32x4.mul(f32x4.sub(b, a), t)), f32x4.add(black, f32x4.mul(x, foot)), i32x4.gt_s(x, lowest));
}

/**
 * Maps the largest channel by the curve and the smallest one between the curve and its share of the largest; the middle
 * one keeps its place between them, green a little above it so that hue stays. `keep`: how much of the share, fading out
 * toward white.
 */
export function tone(
  planes: usize, planeStride: usize, rowStride: usize, width: i32, height: i32, table: usize, keep: f32,
): void {
  const tiny = f32x4.splat(1e-9);
  const lowest = i32x4.splat(0x38800000); // 2^-14
  const highest = i32x4.splat(0x437fffff); // just below 2^8
  const fraction = i32x4.splat(0x1ffff);
  const unit = f32x4.splat(<f32>(1.0 / 131072.0));
  const black = v128.load32_splat(table, 5636);
  const foot = f32x4.mul(f32x4.sub(v128.load32_splat(table), black), f32x4.splat(16384));
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const huge = f32x4.splat(1e30); // infinite light times a share of 0 would be no number
  const most = f32x4.splat(keep);
  for (let y: i32 = 0; y < height; y++) {
    let pr = planes + <usize>y * rowStride;
    const end = pr + (width << 2);
    for (; pr < end; pr += 16) {
      const pg = pr + planeStride;
      const pb = pg + planeStride;
      const r = v128.load(pr);
      const g = v128.load(pg);
      const b = v128.load(pb);
      const top = f32x4.pmax(r, f32x4.pmax(g, b));
      const low = f32x4.pmin(r, f32x4.pmin(g, b));
      const newTop = curve(table, top, lowest, highest, fraction, unit, foot, black);
      const byCurve = curve(table, low, lowest, highest, fraction, unit, foot, black);
      const gain = v128.bitselect(f32x4.div(f32x4.sub(newTop, black), top), foot, f32x4.gt(top, tiny));
      const share = f32x4.add(black, f32x4.mul(f32x4.pmin(low, huge), gain));
      const weight = f32x4.mul(most, f32x4.pmax(zero, f32x4.sub(one, f32x4.mul(newTop, newTop))));
      const newLow = f32x4.add(byCurve, f32x4.mul(weight, f32x4.sub(share, byCurve)));
      const slope = f32x4.div(f32x4.sub(newTop, newLow), f32x4.pmax(f32x4.sub(top, low), tiny));
      const floor = f32x4.pmax(low, zero);
      const green = greenForHue(f32x4.pmax(g, floor), floor, top, f32x4.pmax(newLow, zero), newTop, 0.56);
      v128.store(pr, f32x4.add(newLow, f32x4.mul(f32x4.sub(r, low), slope)));
      v128.store(pg, f32x4.add(f32x4.add(newLow, f32x4.mul(f32x4.sub(g, low), slope)), green));
      v128.store(pb, f32x4.add(newLow, f32x4.mul(f32x4.sub(b, low), slope)));
    }
  }
}

/** The cube root with its sign: a third of the float's own logarithm, made exact by two of Halley's steps. */
@inline
function cubeRoot(x: v128): v128 {
  const a = f32x4.pmax(f32x4.abs(x), f32x4.splat(1e-24));
  const third = f32x4.mul(f32x4.convert_i32x4_s(a), f32x4.splat(<f32>(1.0 / 3.0)));
  let y = i32x4.add(i32x4.trunc_sat_f32x4_s(third), i32x4.splat(709921077));
  let cube = f32x4.mul(f32x4.mul(y, y), y);
  y = f32x4.mul(y, f32x4.div(f32x4.add(cube, f32x4.add(a, a)), f32x4.add(f32x4.add(cube, cube), a)));
  cube = f32x4.mul(f32x4.mul(y, y), y);
  y = f32x4.mul(y, f32x4.div(f32x4.add(cube, f32x4.add(a, a)), f32x4.add(f32x4.add(cube, cube), a)));
  return v128.or(y, v128.and(x, i32x4.splat(0x80000000)));
}

@inline
function weighted(a: v128, wa: f32, b: v128, wb: f32, c: v128, wc: f32): v128 {
  return f32x4.add(
    f32x4.add(f32x4.mul(a, f32x4.splat(wa)), f32x4.mul(b, f32x4.splat(wb))), f32x4.mul(c, f32x4.splat(wc)));
}

@inline
function cubed(x: v128): v128 {
  return f32x4.mul(f32x4.mul(x, x), x);
}

/** Multiplies Oklab's chroma by (1 + saturation) · (1 + vibrance / (1 + (chroma / 0.1)²)); lightness and hue stay. */
export function chroma(
  planes: usize, planeStride: usize, rowStride: usize, width: i32, height: i32, vibrance: f32, saturation: f32,
): void {
  const one = f32x4.splat(1);
  const overall = f32x4.splat(1 + saturation);
  const gentle = f32x4.splat(vibrance);
  const vivid = f32x4.splat(100);
  for (let y: i32 = 0; y < height; y++) {
    let pr = planes + <usize>y * rowStride;
    const end = pr + (width << 2);
    for (; pr < end; pr += 16) {
      const pg = pr + planeStride;
      const pb = pg + planeStride;
      const r = v128.load(pr);
      const g = v128.load(pg);
      const b = v128.load(pb);
      const l = cubeRoot(weighted(r, 0.6167557871990856, g, 0.36019839939276266, b, 0.023045813408151837));
      const m = cubeRoot(weighted(r, 0.26513306398328157, g, 0.6358393640777107, b, 0.099027571839008));
      const s = cubeRoot(weighted(r, 0.1001026342328158, g, 0.20390651940193005, b, 0.6959908463652545));
      const lightness = weighted(l, 0.2104542553, m, 0.793617785, s, -0.0040720468);
      const labA = weighted(l, 1.9779984951, m, -2.428592205, s, 0.4505937099);
      const labB = weighted(l, 0.0259040371, m, 0.7827717662, s, -0.808675766);
      const square = f32x4.add(f32x4.mul(labA, labA), f32x4.mul(labB, labB));
      const hold = f32x4.div(gentle, f32x4.add(one, f32x4.mul(square, vivid)));
      const factor = f32x4.mul(overall, f32x4.add(one, hold));
      const newA = f32x4.mul(labA, factor);
      const newB = f32x4.mul(labB, factor);
      const long = cubed(f32x4.add(lightness, f32x4.add(
        f32x4.mul(newA, f32x4.splat(0.3963377921737679)), f32x4.mul(newB, f32x4.splat(0.21580375806075883)))));
      const middle = cubed(f32x4.sub(lightness, f32x4.add(
        f32x4.mul(newA, f32x4.splat(0.10556134232365635)), f32x4.mul(newB, f32x4.splat(0.0638541747717059)))));
      const short = cubed(f32x4.sub(lightness, f32x4.add(
        f32x4.mul(newA, f32x4.splat(0.08948418209496577)), f32x4.mul(newB, f32x4.splat(1.291485537864092)))));
      v128.store(pr, weighted(long, 2.1399067356955626, middle, -1.2463895087846912, short, 0.10648277296449007));
      v128.store(pg, weighted(long, -0.884735862458157, middle, 2.163230982108383, short, -0.2784951194339029));
      v128.store(pb, weighted(long, -0.04857375801465995, middle, -0.45450314291725175, short, 1.5030769008864613));
    }
  }
}
