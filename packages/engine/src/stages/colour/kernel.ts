// Colour, the fast path: reference.ts says the same to be read.

/** Applies the 3×3 matrix at `matrix` (nine floats, row by row) in place. Widths are rounded up to four. Strides in bytes. */
export function colourMatrix(
  planes: usize, planeStride: usize, rowStride: usize, width: i32, height: i32, matrix: usize,
): void {
  const m00 = v128.load32_splat(matrix);
  const m01 = v128.load32_splat(matrix, 4);
  const m02 = v128.load32_splat(matrix, 8);
  const m10 = v128.load32_splat(matrix, 12);
  const m11 = v128.load32_splat(matrix, 16);
  const m12 = v128.load32_splat(matrix, 20);
  const m20 = v128.load32_splat(matrix, 24);
  const m21 = v128.load32_splat(matrix, 28);
  const m22 = v128.load32_splat(matrix, 32);
  for (let y: i32 = 0; y < height; y++) {
    const row = planes + <usize>y * rowStride;
    for (let x: i32 = 0; x < width; x += 4) {
      const pr = row + (x << 2);
      const pg = pr + planeStride;
      const pb = pg + planeStride;
      const r = v128.load(pr);
      const g = v128.load(pg);
      const b = v128.load(pb);
      v128.store(pr, f32x4.add(f32x4.add(f32x4.mul(m00, r), f32x4.mul(m01, g)), f32x4.mul(m02, b)));
      v128.store(pg, f32x4.add(f32x4.add(f32x4.mul(m10, r), f32x4.mul(m11, g)), f32x4.mul(m12, b)));
      v128.store(pb, f32x4.add(f32x4.add(f32x4.mul(m20, r), f32x4.mul(m21, g)), f32x4.mul(m22, b)));
    }
  }
}

/**
 * Applies a DNG hue/saturation/value table in place to planes in linear ProPhoto RGB.
 * `table`: hue shift in sixths of a turn, saturation scale, value scale; `hues × sats` entries per value division.
 * `encode` and `decode`: 1025-entry sRGB curves over [0,1], or 0 where values are indexed linearly; `encode` is indexed by
 * the square root, where straight pieces follow it a thousand times closer in the dark.
 */
export function hueSatMap(
  planes: usize, planeStride: usize, rowStride: usize, width: i32, height: i32,
  table: usize, hues: i32, sats: i32, vals: i32, encode: usize, decode: usize,
): void {
  const hueScale: f32 = <f32>hues / 6;
  const satScale: f32 = <f32>(sats - 1);
  const valScale: f32 = <f32>(vals - 1);
  for (let y: i32 = 0; y < height; y++) {
    for (let x: i32 = 0; x < width; x++) {
      const pr = planes + <usize>y * rowStride + (x << 2);
      const pg = pr + planeStride;
      const pb = pg + planeStride;
      const r = max<f32>(load<f32>(pr), 0);
      const g = max<f32>(load<f32>(pg), 0);
      const b = max<f32>(load<f32>(pb), 0);
      const v = max<f32>(r, max<f32>(g, b));
      const gap = v - min<f32>(r, min<f32>(g, b));
      let h: f32 = 0;
      let s: f32 = 0;
      if (gap > 0) {
        if (r == v) {
          h = (g - b) / gap;
          if (h < 0) h += 6;
        } else if (g == v) h = 2 + (b - r) / gap;
        else h = 4 + (r - g) / gap;
        s = gap / v;
      }
      const vIndexed = encode == 0 ? min<f32>(v, 1) : curve(encode, sqrt<f32>(v));
      const hAt = h * hueScale;
      let h0 = <i32>hAt;
      if (h0 >= hues) h0 = hues - 1;
      const hf = hAt - <f32>h0;
      const h1 = h0 + 1 < hues ? h0 + 1 : 0;
      const sAt = s * satScale;
      let s0 = min<i32>(<i32>sAt, max<i32>(sats - 2, 0));
      const sf = sAt - <f32>s0;
      const s1 = min<i32>(s0 + 1, sats - 1);
      const vAt = vIndexed * valScale;
      const v0 = min<i32>(<i32>vAt, max<i32>(vals - 2, 0));
      const vf = vAt - <f32>v0;
      const v1 = min<i32>(v0 + 1, vals - 1);
      const low = table + v0 * hues * sats * 12;
      const high = table + v1 * hues * sats * 12;
      const shift = mix(square(low, h0, h1, s0, s1, sats, hf, sf, 0), square(high, h0, h1, s0, s1, sats, hf, sf, 0), vf);
      const saturation = mix(square(low, h0, h1, s0, s1, sats, hf, sf, 4), square(high, h0, h1, s0, s1, sats, hf, sf, 4), vf);
      const value = mix(square(low, h0, h1, s0, s1, sats, hf, sf, 8), square(high, h0, h1, s0, s1, sats, hf, sf, 8), vf);
      h += shift;
      s = min<f32>(s * saturation, 1);
      let vOut: f32;
      if (decode == 0) vOut = v * value;
      // Light above white is scaled as white is, so that nothing jumps there.
      else vOut = max<f32>(v, 1) * curve(decode, vIndexed * value);
      if (h < 0) h += 6;
      if (h >= 6) h -= 6;
      const sector = <i32>h;
      const f = h - <f32>sector;
      const p = vOut * (1 - s);
      const q = vOut * (1 - s * f);
      const t = vOut * (1 - s * (1 - f));
      store<f32>(pr, sector == 0 || sector == 5 ? vOut : sector == 1 ? q : sector == 4 ? t : p);
      store<f32>(pg, sector == 1 || sector == 2 ? vOut : sector == 3 ? q : sector == 0 ? t : p);
      store<f32>(pb, sector == 3 || sector == 4 ? vOut : sector == 5 ? q : sector == 2 ? t : p);
    }
  }
}

@inline
function mix(a: f32, b: f32, t: f32): f32 {
  return a + (b - a) * t;
}

@inline
function curve(table: usize, x: f32): f32 {
  const at = min<f32>(max<f32>(x, 0), 1) * 1024;
  const i = min<i32>(<i32>at, 1023);
  const p = table + (i << 2);
  return mix(load<f32>(p), load<f32>(p, 4), at - <f32>i);
}

@inline
function square(base: usize, h0: i32, h1: i32, s0: i32, s1: i32, sats: i32, hf: f32, sf: f32, field: usize): f32 {
  const a = load<f32>(base + field + (h0 * sats + s0) * 12);
  const b = load<f32>(base + field + (h0 * sats + s1) * 12);
  const c = load<f32>(base + field + (h1 * sats + s0) * 12);
  const d = load<f32>(base + field + (h1 * sats + s1) * 12);
  return mix(mix(a, b, sf), mix(c, d, sf), hf);
}
