// Sharpening, the fast path: reference.ts says the same to be read.

/** Luminance of linear Rec.2020 (ITU-R BT.2020, table 4). */
const RED: f32 = 0.2627;
const GREEN: f32 = 0.678;
const BLUE: f32 = 0.0593;
/** Pixels on each side whose darkest and brightest bound the result. */
const WINDOW: i32 = 2;

/** Bytes of scratch: luminance, its estimate, and two sheets between passes. */
export function sharpenScratch(stride: i32, height: i32): usize {
  return <usize>(stride * height) * 16 + 64;
}

/** `dst` = a row weighted with its neighbours, `taps` of them on each side, from `from` on. */
// @ts-ignore: decorator
@inline
function alongRow(src: usize, dst: usize, from: i32, to: i32, weights: usize, taps: i32): void {
  for (let x = from; x < to; x += 4) {
    const p = src + (x << 2);
    let sum = f32x4.mul(v128.load(p), v128.load32_splat(weights));
    for (let k: i32 = 1; k <= taps; k++) {
      const pair = f32x4.add(v128.load(p - (k << 2)), v128.load(p + (k << 2)));
      sum = f32x4.add(sum, f32x4.mul(pair, v128.load32_splat(weights + (k << 2))));
    }
    v128.store(dst + (x << 2), sum);
  }
}

/**
 * Sharpens the inner part of three planes in place; `halo` pixels around it are read, at least `steps · taps` and 2.
 * `table` holds the amount, the noise's scale and offset in what a pixel gains, the share of the surrounding contrast by
 * which it may overshoot, the darkest luminance that counts, then the blur's weights: the middle one, the next …
 */
export function sharpen(
  inner: usize, planeStride: usize, rowStride: usize, width: i32, height: i32, halo: i32, steps: i32, taps: i32,
  table: usize, scratch: usize,
): void {
  const across = width + 2 * halo;
  const down = height + 2 * halo;
  // Room for reading beside a row, and for whole vectors at its end.
  const stride = <usize>((across + 3 & ~3) + 8) << 2;
  const sheet = stride * down;
  const light = scratch + 16;
  const estimate = light + sheet;
  const rows = estimate + sheet;
  const other = rows + sheet;
  const weights = table + 32;
  const red = f32x4.splat(RED);
  const green = f32x4.splat(GREEN);
  const blue = f32x4.splat(BLUE);
  for (let y: i32 = 0; y < down; y++) {
    const p = inner + <usize>(y - halo) * rowStride - (<usize>halo << 2);
    const q = light + <usize>y * stride;
    for (let x: i32 = 0; x < across; x += 4) {
      const at = p + (x << 2);
      const sum = f32x4.add(
        f32x4.add(f32x4.mul(v128.load(at), red), f32x4.mul(v128.load(at + planeStride), green)),
        f32x4.mul(v128.load(at + 2 * planeStride), blue),
      );
      v128.store(q + (x << 2), sum);
      v128.store(q + sheet + (x << 2), sum);
    }
  }
  // What blurs to the picture: the estimate grows by what its blur lacks (van Cittert 1931).
  for (let step: i32 = 1; step <= steps; step++) {
    const edge = step * taps;
    for (let y = edge - taps; y < down - edge + taps; y++) {
      alongRow(estimate + <usize>y * stride, rows + <usize>y * stride, edge, across - edge, weights, taps);
    }
    for (let y = edge; y < down - edge; y++) {
      const p = rows + <usize>y * stride;
      const q = light + <usize>y * stride;
      for (let x = edge; x < across - edge; x += 4) {
        const at = p + (x << 2);
        let sum = f32x4.mul(v128.load(at), v128.load32_splat(weights));
        for (let k: i32 = 1; k <= taps; k++) {
          const pair = f32x4.add(v128.load(at - <usize>k * stride), v128.load(at + <usize>k * stride));
          sum = f32x4.add(sum, f32x4.mul(pair, v128.load32_splat(weights + (k << 2))));
        }
        const u = q + sheet + (x << 2);
        v128.store(u, f32x4.add(v128.load(u), f32x4.sub(v128.load(q + (x << 2)), sum)));
      }
    }
  }
  for (let y = halo - WINDOW; y < down - halo + WINDOW; y++) {
    const q = light + <usize>y * stride;
    const p = rows + <usize>y * stride;
    for (let x = halo; x < across - halo; x += 4) {
      const at = q + (x << 2);
      let low = v128.load(at - 8);
      let high = low;
      for (let k: i32 = -1; k <= WINDOW; k++) {
        const v = v128.load(at + (k << 2));
        low = f32x4.min(low, v);
        high = f32x4.max(high, v);
      }
      v128.store(p + (x << 2), low);
      v128.store(p + sheet + (x << 2), high);
    }
  }
  const amount = v128.load32_splat(table);
  const scale = v128.load32_splat(table, 4);
  const offset = v128.load32_splat(table, 8);
  const overshoot = v128.load32_splat(table, 12);
  const darkest = v128.load32_splat(table, 16);
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  for (let y: i32 = 0; y < height; y++) {
    const q = light + <usize>(y + halo) * stride + (<usize>halo << 2);
    const p = inner + <usize>y * rowStride;
    for (let x: i32 = 0; x < width; x += 4) {
      const at = q + (x << 2);
      const here = v128.load(at);
      let gain = f32x4.mul(f32x4.sub(v128.load(at + sheet), here), amount);
      // What noise alone could have made is left: Wiener's share of signal in signal and noise.
      const square = f32x4.mul(gain, gain);
      const noise = f32x4.add(f32x4.mul(scale, f32x4.max(here, zero)), offset);
      gain = f32x4.div(f32x4.mul(gain, square), f32x4.add(square, noise));
      let low = v128.load(at + 2 * sheet);
      let high = v128.load(at + 3 * sheet);
      for (let k: i32 = -WINDOW; k <= WINDOW; k++) {
        const row = at + 2 * sheet + <usize>k * stride;
        low = f32x4.min(low, v128.load(row));
        high = f32x4.max(high, v128.load(row + sheet));
      }
      const allowed = f32x4.mul(f32x4.sub(high, low), overshoot);
      let wanted = f32x4.add(here, gain);
      wanted = f32x4.min(f32x4.max(wanted, f32x4.sub(low, allowed)), f32x4.add(high, allowed));
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
