// Sharpening, the fast path: reference.ts says the same to be read.

/** Luminance of linear Rec.2020 (ITU-R BT.2020, table 4). */
const RED: f32 = 0.2627;
const GREEN: f32 = 0.678;
const BLUE: f32 = 0.0593;
/** Binomial weights of five pixels in a row, over which clipping is felt. */
const MIDDLE: f32 = 0.375;
const BESIDE: f32 = 0.25;
const OUTER: f32 = 0.0625;

/** Bytes of scratch: luminance, the same with what its rows gain, what is clipped, and its rows. */
export function sharpenScratch(stride: i32, height: i32): usize {
  return <usize>(stride * height) * 16 + 64;
}

/** A pixel weighted with its neighbours, `taps` of them on each side, `step` bytes from one to the next. */
// @ts-ignore: decorator
@inline
function filtered(at: usize, step: usize, weights: usize, taps: i32): v128 {
  let sum = f32x4.mul(v128.load(at), v128.load32_splat(weights));
  let near = at;
  let far = at;
  for (let k: i32 = 1; k <= taps; k++) {
    near -= step;
    far += step;
    sum = f32x4.add(sum, f32x4.mul(f32x4.add(v128.load(near), v128.load(far)), v128.load32_splat(weights + (k << 2))));
  }
  return sum;
}

// @ts-ignore: decorator
@inline
function binomial(at: usize, step: usize): v128 {
  const outer = f32x4.mul(f32x4.add(v128.load(at - 2 * step), v128.load(at + 2 * step)), f32x4.splat(OUTER));
  const beside = f32x4.mul(f32x4.add(v128.load(at - step), v128.load(at + step)), f32x4.splat(BESIDE));
  return f32x4.add(f32x4.add(f32x4.mul(v128.load(at), f32x4.splat(MIDDLE)), beside), outer);
}

/** The largest of a pixel's three values. */
// @ts-ignore: decorator
@inline
function peak(at: usize, planeStride: usize): v128 {
  return f32x4.max(f32x4.max(v128.load(at), v128.load(at + planeStride)), v128.load(at + 2 * planeStride));
}

/**
 * Sharpens the inner part of three planes in place; `halo` pixels around it are read, at least `taps` and 2. `table`
 * holds the amount, the noise's scale and offset in what a pixel gains, the share of the surrounding contrast by which it
 * may overshoot, the share of itself by which it may fall below the darkest around it, the darkest luminance that
 * counts, where clipping begins and one over how far it reaches, what both directions together weigh and one over that,
 * what the alternating part of a pixel weighs as noise, one of no meaning, then the weights of the filter for what is gained along one direction: the middle one, the next …
 */
export function sharpen(
  inner: usize, planeStride: usize, rowStride: usize, width: i32, height: i32, halo: i32, taps: i32,
  table: usize, scratch: usize,
): void {
  const across = width + 2 * halo;
  const down = height + 2 * halo;
  // Room for reading beside a row, and for whole vectors at its end.
  const stride = <usize>((across + 3 & ~3) + 8) << 2;
  const sheet = stride * down;
  const light = scratch + 16;
  const rows = light + sheet;
  const clip = rows + sheet;
  const clipRows = clip + sheet;
  const mixed = v128.load32_splat(table, 32);
  const unmixed = v128.load32_splat(table, 36);
  const weights = table + 48;
  const red = f32x4.splat(RED);
  const green = f32x4.splat(GREEN);
  const blue = f32x4.splat(BLUE);
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const begin = v128.load32_splat(table, 24);
  const perUnit = v128.load32_splat(table, 28);
  let above = zero;
  for (let y: i32 = 0; y < down; y++) {
    const p = inner + <usize>(y - halo) * rowStride - (<usize>halo << 2);
    const q = light + <usize>y * stride;
    for (let x: i32 = 0; x < across; x += 4) {
      const at = p + (x << 2);
      const r = v128.load(at);
      const g = v128.load(at + planeStride);
      const b = v128.load(at + 2 * planeStride);
      above = v128.or(above, f32x4.gt(f32x4.max(f32x4.max(r, g), b), begin));
      v128.store(q + (x << 2), f32x4.add(f32x4.add(f32x4.mul(r, red), f32x4.mul(g, green)), f32x4.mul(b, blue)));
    }
    for (let x = halo; x < across - halo; x += 4) {
      const at = q + (x << 2);
      const both = f32x4.mul(filtered(at, 4, weights, taps), mixed);
      v128.store(rows + <usize>y * stride + (x << 2), f32x4.add(v128.load(at), both));
    }
  }
  // Beside clipped light nothing is known of what blurred over: it is spared, fading out over two pixels.
  const clips = v128.any_true(above);
  if (clips) {
    for (let y: i32 = 0; y < down; y++) {
      const p = inner + <usize>(y - halo) * rowStride - (<usize>halo << 2);
      const q = clip + <usize>y * stride;
      for (let x: i32 = 0; x < across; x += 4) {
        const over = f32x4.mul(f32x4.sub(peak(p + (x << 2), planeStride), begin), perUnit);
        v128.store(q + (x << 2), f32x4.min(f32x4.max(over, zero), one));
      }
      for (let x = halo; x < across - halo; x += 4) {
        v128.store(clipRows + <usize>y * stride + (x << 2), binomial(q + (x << 2), 4));
      }
    }
  }
  const amount = v128.load32_splat(table);
  const scale = v128.load32_splat(table, 4);
  const offset = v128.load32_splat(table, 8);
  const overshoot = v128.load32_splat(table, 12);
  const undershoot = v128.load32_splat(table, 16);
  const darkest = v128.load32_splat(table, 20);
  const zipper = v128.load32_splat(table, 40);
  const felt = f32x4.splat(4);
  for (let y: i32 = 0; y < height; y++) {
    const line = <usize>(y + halo) * stride + (<usize>halo << 2);
    const p = inner + <usize>y * rowStride;
    for (let x: i32 = 0; x < width; x += 4) {
      const at = light + line + (x << 2);
      const here = v128.load(at);
      const ofRow = f32x4.mul(f32x4.sub(v128.load(at + sheet), here), unmixed);
      let gain = f32x4.mul(f32x4.add(ofRow, filtered(at + sheet, stride, weights, taps)), amount);
      if (clips) {
        const near = f32x4.min(f32x4.mul(binomial(at + 3 * sheet, stride), felt), one);
        gain = f32x4.mul(gain, f32x4.sub(one, near));
      }
      const over = at - stride;
      const under = at + stride;
      const a1 = v128.load(over - 4);
      const a2 = v128.load(over);
      const a3 = v128.load(over + 4);
      const b1 = v128.load(at - 4);
      const b3 = v128.load(at + 4);
      const c1 = v128.load(under - 4);
      const c2 = v128.load(under);
      const c3 = v128.load(under + 4);
      // What noise alone could have made is left: Wiener's share of signal in signal and noise. What alternates from
      // pixel to pixel in both directions counts as noise: demosaicing makes it beside colour, lenses do not.
      const corners = f32x4.add(f32x4.add(a1, a3), f32x4.add(c1, c3));
      const sides = f32x4.add(f32x4.add(a2, c2), f32x4.add(b1, b3));
      const alternating = f32x4.mul(
        f32x4.add(f32x4.sub(corners, f32x4.add(sides, sides)), f32x4.mul(here, f32x4.splat(4))),
        zipper,
      );
      const square = f32x4.mul(gain, gain);
      const noise = f32x4.add(
        f32x4.add(f32x4.mul(scale, f32x4.max(here, zero)), offset),
        f32x4.mul(alternating, alternating),
      );
      gain = f32x4.div(f32x4.mul(gain, square), f32x4.add(square, noise));
      const low = f32x4.min(
        f32x4.min(f32x4.min(f32x4.min(a1, a2), f32x4.min(a3, b1)), f32x4.min(f32x4.min(b3, c1), f32x4.min(c2, c3))),
        here,
      );
      const high = f32x4.max(
        f32x4.max(f32x4.max(f32x4.max(a1, a2), f32x4.max(a3, b1)), f32x4.max(f32x4.max(b3, c1), f32x4.max(c2, c3))),
        here,
      );
      const allowed = f32x4.mul(f32x4.sub(high, low), overshoot);
      // Dark beside bright light: a few percent of the light are all of the dark.
      const below = f32x4.min(allowed, f32x4.mul(f32x4.max(low, zero), undershoot));
      let wanted = f32x4.add(here, gain);
      wanted = f32x4.min(f32x4.max(wanted, f32x4.sub(low, below)), f32x4.add(high, allowed));
      const ratio = f32x4.max(
        f32x4.add(one, f32x4.div(f32x4.sub(wanted, here), f32x4.max(here, darkest))),
        zero,
      );
      const pixel = p + (x << 2);
      v128.store(pixel, f32x4.mul(v128.load(pixel), ratio));
      v128.store(pixel + planeStride, f32x4.mul(v128.load(pixel + planeStride), ratio));
      v128.store(pixel + 2 * planeStride, f32x4.mul(v128.load(pixel + 2 * planeStride), ratio));
    }
  }
}
