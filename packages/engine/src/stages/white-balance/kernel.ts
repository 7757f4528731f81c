// White balance, the fast path: reference.ts says the same to be read.

/** Multiplies the three planes by one gain each. Widths are rounded up to four. Strides in bytes. */
export function whiteBalance(
  planes: usize, planeStride: usize, rowStride: usize, width: i32, height: i32, r: f32, g: f32, b: f32,
): void {
  const gr = f32x4.splat(r);
  const gg = f32x4.splat(g);
  const gb = f32x4.splat(b);
  for (let y: i32 = 0; y < height; y++) {
    const row = planes + <usize>y * rowStride;
    for (let x: i32 = 0; x < width; x += 4) {
      const p = row + (x << 2);
      const q = p + planeStride;
      const s = q + planeStride;
      v128.store(p, f32x4.mul(v128.load(p), gr));
      v128.store(q, f32x4.mul(v128.load(q), gg));
      v128.store(s, f32x4.mul(v128.load(s), gb));
    }
  }
}
