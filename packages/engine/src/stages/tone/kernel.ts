// Tone, the fast path: reference.ts says the same to be read.

/**
 * The curve is tabulated over the float's own logarithm: 64 entries an octave from 2^-14 to 2^8, linear between them
 * and linear down to zero below. `table` holds the curve at those places, the last one repeated.
 */
// @ts-ignore: decorator
@inline
function curve(table: usize, x: f32): f32 {
  const lowest: f32 = 0.00006103515625; // 2^-14
  if (!(x > lowest)) return x * (load<f32>(table) * 16384);
  const bits = min<i32>(reinterpret<i32>(x), 0x437fffff); // just below 2^8
  const at = bits - 0x38800000;
  const p = table + ((at >> 17) << 2);
  const a = load<f32>(p);
  return a + (load<f32>(p, 4) - a) * (<f32>(at & 0x1ffff) * <f32>(1.0 / 131072.0));
}

/** Maps the largest and the smallest channel by the curve; the middle one keeps its place between them. */
export function tone(
  planes: usize, planeStride: usize, rowStride: usize, width: i32, height: i32, table: usize,
): void {
  const tiny = f32x4.splat(1e-9);
  for (let y: i32 = 0; y < height; y++) {
    const row = planes + <usize>y * rowStride;
    for (let x: i32 = 0; x < width; x += 4) {
      const pr = row + (x << 2);
      const pg = pr + planeStride;
      const pb = pg + planeStride;
      const r = v128.load(pr);
      const g = v128.load(pg);
      const b = v128.load(pb);
      const top = f32x4.max(r, f32x4.max(g, b));
      const low = f32x4.min(r, f32x4.min(g, b));
      const newTop = f32x4(0, 0, 0, 0);
      const t0 = curve(table, f32x4.extract_lane(top, 0));
      const t1 = curve(table, f32x4.extract_lane(top, 1));
      const t2 = curve(table, f32x4.extract_lane(top, 2));
      const t3 = curve(table, f32x4.extract_lane(top, 3));
      const l0 = curve(table, f32x4.extract_lane(low, 0));
      const l1 = curve(table, f32x4.extract_lane(low, 1));
      const l2 = curve(table, f32x4.extract_lane(low, 2));
      const l3 = curve(table, f32x4.extract_lane(low, 3));
      const t = f32x4.replace_lane(f32x4.replace_lane(f32x4.replace_lane(f32x4.replace_lane(newTop, 0, t0), 1, t1), 2, t2), 3, t3);
      const l = f32x4.replace_lane(f32x4.replace_lane(f32x4.replace_lane(f32x4.replace_lane(newTop, 0, l0), 1, l1), 2, l2), 3, l3);
      const slope = f32x4.div(f32x4.sub(t, l), f32x4.max(f32x4.sub(top, low), tiny));
      v128.store(pr, f32x4.add(l, f32x4.mul(f32x4.sub(r, low), slope)));
      v128.store(pg, f32x4.add(l, f32x4.mul(f32x4.sub(g, low), slope)));
      v128.store(pb, f32x4.add(l, f32x4.mul(f32x4.sub(b, low), slope)));
    }
  }
}
