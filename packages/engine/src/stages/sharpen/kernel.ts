// Sharpening, the fast path: reference.ts says the same to be read.

/** Luminance of linear Rec.2020 (ITU-R BT.2020, table 4). */
const RED: f32 = 0.2627;
const GREEN: f32 = 0.678;
const BLUE: f32 = 0.0593;
/** Binomial weights of five pixels in a row, over which clipping is felt. */
const MIDDLE: f32 = 0.375;
const BESIDE: f32 = 0.25;
const OUTER: f32 = 0.0625;
/** Change from the first to the last of seven pixels, of all changes between: up to where they are a line, and one over how far from there to a step. */
const LINE: f32 = 0.5;
const PER_STEADINESS: f32 = 4;
/** Square of cos 2θ of an edge under θ, up to where it is oblique, and one over how far from there to upright. */
const OBLIQUE: f32 = 0.25;
const PER_UPRIGHTNESS: f32 = 4 / 3;
/** Less than any change between pixels that is seen. */
const TINY: f32 = 1e-9;

/** Rows of what is smoothed along columns, and on each side of a pixel. */
const SMOOTHED: i32 = 5;
const SMOOTHED_SIDE: i32 = 2;

/**
 * Bytes of scratch. Rows are held in rings, each row twice, so that those around any row lie one after the other: luminance, and the
 * same with what its rows gain; the structure tensor's three, and what is clipped; then lines in work, and a flag for each row.
 */
export function sharpenScratch(stride: i32, height: i32, halo: i32): usize {
  const rows = 2 * (2 * (2 * halo + 1) + 4 * SMOOTHED) + 3;
  return <usize>(stride * rows + height) * 4 + 64;
}

/** Where row `y` lies in a ring of `rows`, with `side` rows before and after it. */
// @ts-ignore: decorator
@inline
function ringRow(y: i32, rows: i32, side: i32): usize {
  const slot = y % rows;
  return <usize>(slot < side ? slot + rows : slot);
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

/** The same of pixels that were smoothed, times 4, with those one `beside` before and after. */
// @ts-ignore: decorator
@inline
function filteredEven(at: usize, step: usize, beside: usize, weights: usize, taps: i32): v128 {
  let sum = f32x4.mul(even(at, beside), v128.load32_splat(weights));
  let near = at;
  let far = at;
  for (let k: i32 = 1; k <= taps; k++) {
    near -= step;
    far += step;
    const sides = f32x4.add(even(near, beside), even(far, beside));
    sum = f32x4.add(sum, f32x4.mul(sides, v128.load32_splat(weights + (k << 2))));
  }
  return sum;
}

/** How surely seven such pixels in a row are one step, up or down, from 0 to 1: a line of a pixel or two goes both ways. */
// @ts-ignore: decorator
@inline
function isStep(at: usize, step: usize, beside: usize): v128 {
  const first = even(at - 3 * step, beside);
  let last = first;
  let ways = f32x4.splat(TINY);
  for (let k: i32 = -2; k <= 3; k++) {
    const next = even(at + <usize>k * step, beside);
    ways = f32x4.add(ways, f32x4.abs(f32x4.sub(next, last)));
    last = next;
  }
  const steady = f32x4.div(f32x4.abs(f32x4.sub(last, first)), ways);
  const share = f32x4.mul(f32x4.sub(steady, f32x4.splat(LINE)), f32x4.splat(PER_STEADINESS));
  return f32x4.pmin(f32x4.pmax(share, f32x4.splat(0)), f32x4.splat(1));
}

// @ts-ignore: decorator
@inline
function even(at: usize, beside: usize): v128 {
  const middle = v128.load(at);
  return f32x4.add(f32x4.add(v128.load(at - beside), v128.load(at + beside)), f32x4.add(middle, middle));
}

/** The largest of a pixel's three values. */
// @ts-ignore: decorator
@inline
function peak(at: usize, planeStride: usize): v128 {
  return f32x4.pmax(f32x4.pmax(v128.load(at), v128.load(at + planeStride)), v128.load(at + 2 * planeStride));
}

/**
 * Sharpens the inner part of three planes in place; `halo` pixels around it are read, at least `taps` and 3. `table`
 * holds the amount, the noise's scale and offset in what a pixel gains, the share of the surrounding contrast by which it
 * may overshoot, the share of itself by which it may fall below the darkest around it, the darkest luminance that
 * counts, where clipping begins and one over how far it reaches, what both directions together weigh and one over that,
 * what the alternating part of a pixel weighs as noise, by how much of itself noise is larger across straight edges, the
 * coherence from which on edges are straight, one over how far that reaches, whether straight edges gain more, one of
 * no meaning, then the weights of the filter for what is gained along one direction: the middle one, the next …; then
 * those for what straight edges gain in addition.
 */
export function sharpen(
  inner: usize, planeStride: usize, rowStride: usize, width: i32, height: i32, halo: i32, taps: i32,
  table: usize, scratch: usize,
): void {
  const across = width + 2 * halo;
  const down = height + 2 * halo;
  // Room for reading beside a row, and for whole vectors at its end.
  const stride = <usize>((across + 3 & ~3) + 8) << 2;
  const ring = 2 * halo + 1;
  const sheet = stride * <usize>(2 * ring);
  const smallSheet = stride * <usize>(2 * SMOOTHED);
  const lights = scratch + 16;
  const tensors = lights + 2 * sheet;
  const clips = tensors + 3 * smallSheet;
  const lines = clips + smallSheet;
  const flags = lines + 3 * stride;
  const again = stride * ring;
  const smallAgain = stride * SMOOTHED;
  const mixed = v128.load32_splat(table, 32);
  const unmixed = v128.load32_splat(table, 36);
  const weights = table + 64;
  const edgeWeights = weights + (<usize>(taps + 1) << 2);
  const edges = load<f32>(table, 56) > 0;
  const red = f32x4.splat(RED);
  const green = f32x4.splat(GREEN);
  const blue = f32x4.splat(BLUE);
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const begin = v128.load32_splat(table, 24);
  const perUnit = v128.load32_splat(table, 28);
  const amount = v128.load32_splat(table);
  const scale = v128.load32_splat(table, 4);
  const offset = v128.load32_splat(table, 8);
  const overshoot = v128.load32_splat(table, 12);
  const undershoot = v128.load32_splat(table, 16);
  const darkest = v128.load32_splat(table, 20);
  const zipper = v128.load32_splat(table, 40);
  const edgeNoise = v128.load32_splat(table, 44);
  const least = v128.load32_splat(table, 48);
  const perCoherence = v128.load32_splat(table, 52);
  const felt = f32x4.splat(4);
  let lit: i32 = 0;
  let smoothed = halo - SMOOTHED_SIDE;
  for (let y: i32 = 0; y < height; y++) {
    const own = y + halo;
    for (; lit <= own + halo; lit++) {
      const p = inner + <usize>(lit - halo) * rowStride - (<usize>halo << 2);
      const q = lights + <usize>(lit % ring) * stride;
      let above = zero;
      for (let x: i32 = 0; x < across; x += 4) {
        const at = p + (x << 2);
        const r = v128.load(at);
        const g = v128.load(at + planeStride);
        const b = v128.load(at + 2 * planeStride);
        above = v128.or(above, f32x4.gt(f32x4.pmax(f32x4.pmax(r, g), b), begin));
        const light = f32x4.add(f32x4.add(f32x4.mul(r, red), f32x4.mul(g, green)), f32x4.mul(b, blue));
        v128.store(q + (x << 2), light);
        v128.store(q + again + (x << 2), light);
      }
      store<i32>(flags + (lit << 2), i32(v128.any_true(above)));
      for (let x = halo; x < across - halo; x += 4) {
        const at = q + (x << 2);
        const both = f32x4.add(v128.load(at), f32x4.mul(filtered(at, 4, weights, taps), mixed));
        v128.store(at + sheet, both);
        v128.store(at + sheet + again, both);
      }
    }
    for (; smoothed <= own + SMOOTHED_SIDE; smoothed++) {
      const slot = <usize>(smoothed % SMOOTHED) * stride;
      if (edges) {
        const q = lights + ringRow(smoothed, ring, 1) * stride;
        for (let x = halo - 2; x < across - halo + 2; x += 4) {
          const at = q + (x << 2);
          const dx = f32x4.sub(v128.load(at + 4), v128.load(at - 4));
          const dy = f32x4.sub(v128.load(at + stride), v128.load(at - stride));
          const to = lines + (x << 2);
          v128.store(to, f32x4.mul(dx, dx));
          v128.store(to + stride, f32x4.mul(dy, dy));
          v128.store(to + 2 * stride, f32x4.mul(dx, dy));
        }
        for (let x = halo; x < across - halo; x += 4) {
          const from = lines + (x << 2);
          const to = tensors + slot + (x << 2);
          const xx = binomial(from, 4);
          const yy = binomial(from + stride, 4);
          const xy = binomial(from + 2 * stride, 4);
          v128.store(to, xx);
          v128.store(to + smallAgain, xx);
          v128.store(to + smallSheet, yy);
          v128.store(to + smallSheet + smallAgain, yy);
          v128.store(to + 2 * smallSheet, xy);
          v128.store(to + 2 * smallSheet + smallAgain, xy);
        }
      }
      const to = clips + slot;
      if (load<i32>(flags + (smoothed << 2)) != 0) {
        const p = inner + <usize>(smoothed - halo) * rowStride - (<usize>halo << 2);
        for (let x: i32 = 0; x < across; x += 4) {
          const over = f32x4.mul(f32x4.sub(peak(p + (x << 2), planeStride), begin), perUnit);
          v128.store(lines + (x << 2), f32x4.pmin(f32x4.pmax(over, zero), one));
        }
        for (let x = halo; x < across - halo; x += 4) {
          const over = binomial(lines + (x << 2), 4);
          v128.store(to + (x << 2), over);
          v128.store(to + smallAgain + (x << 2), over);
        }
      } else {
        memory.fill(to, 0, stride);
        memory.fill(to + smallAgain, 0, stride);
      }
    }
    // Beside clipped light nothing is known of what blurred over: it is spared, fading out over two pixels.
    let isClipped = false;
    for (let k = own - SMOOTHED_SIDE; k <= own + SMOOTHED_SIDE; k++)
      if (load<i32>(flags + (k << 2)) != 0) isClipped = true;
    const light = lights + ringRow(own, ring, halo) * stride + (<usize>halo << 2);
    const small = ringRow(own, SMOOTHED, SMOOTHED_SIDE) * stride + (<usize>halo << 2);
    const tensor = tensors + small;
    const clip = clips + small;
    const p = inner + <usize>y * rowStride;
    for (let x: i32 = 0; x < width; x += 4) {
      const at = light + (x << 2);
      const here = v128.load(at);
      const ofRow = f32x4.mul(f32x4.sub(v128.load(at + sheet), here), unmixed);
      let gain = f32x4.add(ofRow, filtered(at + sheet, stride, weights, taps));
      const random = f32x4.add(f32x4.mul(scale, f32x4.pmax(here, zero)), offset);
      let spread = random;
      if (edges) {
        const place = tensor + (x << 2);
        const ofX = binomial(place, stride);
        const ofY = binomial(place + smallSheet, stride);
        const ofBoth = binomial(place + 2 * smallSheet, stride);
        const total = f32x4.add(f32x4.add(ofX, ofY), random);
        const difference = f32x4.sub(ofX, ofY);
        const perSquare = f32x4.div(one, f32x4.mul(total, total));
        const upright = f32x4.mul(f32x4.mul(difference, difference), perSquare);
        const oblique = f32x4.mul(f32x4.mul(f32x4.mul(ofBoth, ofBoth), f32x4.splat(4)), perSquare);
        const above = f32x4.mul(f32x4.sub(f32x4.add(upright, oblique), least), perCoherence);
        const t = f32x4.pmin(f32x4.pmax(above, zero), one);
        const smooth = f32x4.mul(f32x4.mul(t, t), f32x4.sub(f32x4.splat(3), f32x4.add(t, t)));
        // Rows and columns cross oblique edges in steps, and would raise those.
        const level = f32x4.mul(
          f32x4.pmax(f32x4.sub(upright, f32x4.splat(OBLIQUE)), zero),
          f32x4.splat(PER_UPRIGHTNESS),
        );
        const straight = f32x4.mul(smooth, f32x4.mul(level, level));
        const counts = f32x4.gt(straight, zero);
        if (v128.any_true(counts)) {
          const inRow = f32x4.gt(ofX, ofY);
          let gained = zero;
          if (v128.any_true(v128.and(counts, inRow))) {
            const inRows = f32x4.mul(ofX, filteredEven(at, 4, stride, edgeWeights, taps));
            gained = v128.and(f32x4.mul(inRows, isStep(at, 4, stride)), inRow);
          }
          if (v128.any_true(v128.andnot(counts, inRow))) {
            const inColumns = f32x4.mul(ofY, filteredEven(at, stride, 4, edgeWeights, taps));
            gained = v128.or(gained, v128.andnot(f32x4.mul(inColumns, isStep(at, stride, 4)), inRow));
          }
          gained = f32x4.div(gained, total);
          gain = f32x4.add(gain, f32x4.mul(f32x4.mul(gained, f32x4.splat(0.25)), straight));
          spread = f32x4.add(random, f32x4.mul(f32x4.mul(random, edgeNoise), straight));
        }
      }
      gain = f32x4.mul(gain, amount);
      if (isClipped) {
        const near = f32x4.pmin(f32x4.mul(binomial(clip + (x << 2), stride), felt), one);
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
        spread,
        f32x4.mul(alternating, alternating),
      );
      gain = f32x4.div(f32x4.mul(gain, square), f32x4.add(square, noise));
      const low = f32x4.pmin(
        f32x4.pmin(f32x4.pmin(f32x4.pmin(a1, a2), f32x4.pmin(a3, b1)), f32x4.pmin(f32x4.pmin(b3, c1), f32x4.pmin(c2, c3))),
        here,
      );
      const high = f32x4.pmax(
        f32x4.pmax(f32x4.pmax(f32x4.pmax(a1, a2), f32x4.pmax(a3, b1)), f32x4.pmax(f32x4.pmax(b3, c1), f32x4.pmax(c2, c3))),
        here,
      );
      const allowed = f32x4.mul(f32x4.sub(high, low), overshoot);
      // Dark beside bright light: a few percent of the light are all of the dark.
      const below = f32x4.pmin(allowed, f32x4.mul(f32x4.pmax(low, zero), undershoot));
      let wanted = f32x4.add(here, gain);
      wanted = f32x4.pmin(f32x4.pmax(wanted, f32x4.sub(low, below)), f32x4.add(high, allowed));
      const ratio = f32x4.pmax(
        f32x4.add(one, f32x4.div(f32x4.sub(wanted, here), f32x4.pmax(here, darkest))),
        zero,
      );
      const pixel = p + (x << 2);
      v128.store(pixel, f32x4.mul(v128.load(pixel), ratio));
      v128.store(pixel + planeStride, f32x4.mul(v128.load(pixel + planeStride), ratio));
      v128.store(pixel + 2 * planeStride, f32x4.mul(v128.load(pixel + 2 * planeStride), ratio));
    }
  }
}
