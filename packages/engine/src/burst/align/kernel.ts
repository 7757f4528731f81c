// Alignment, the fast path: reference.ts says the same to be read. Every row of the grey pictures and every cell is computed by
// itself, so that bands of rows may go to any thread.

@inline function add(a: v128, b: v128): v128 { return f32x4.add(a, b); }
@inline function sub(a: v128, b: v128): v128 { return f32x4.sub(a, b); }
@inline function mul(a: v128, b: v128): v128 { return f32x4.mul(a, b); }
@inline function splat(v: f32): v128 { return f32x4.splat(v); }

const RING: i32 = 8; // source rows kept as floats
const PAD: i32 = 8; // floats on either side of a row of sums

@inline function inside(at: i32, size: i32, period: i32): i32 {
  while (at < 0) at += period;
  while (at >= size) at -= period;
  return at;
}

/** Within ± cut; what is no number is below it, so that it does harm to no more than its cell. */
@inline function bound(v: f32, cut: f32): f32 { return v > -cut ? min<f32>(v, cut) : -cut; }

/** One source row less its black, cut, as floats. */
function convertRow(
  src: usize, float: i32, spp: i32, width: i32, b0: f32, b1: f32, b2: f32, cut: f32, dst: usize,
): void {
  const top = splat(cut), least = splat(-cut);
  let x: i32 = 0;
  if (spp == 3) {
    for (; x < width; x++) {
      const at = src + (<usize>(3 * x) << (float ? 2 : 1));
      let r: f32, g: f32, b: f32;
      if (float) {
        r = load<f32>(at); g = load<f32>(at, 4); b = load<f32>(at, 8);
      } else {
        r = <f32>load<u16>(at); g = <f32>load<u16>(at, 2); b = <f32>load<u16>(at, 4);
      }
      r = bound(r - b0, cut); g = bound(g - b1, cut); b = bound(b - b2, cut);
      store<f32>(dst + (<usize>x << 2), (r + g + g + b) * 0.25);
    }
    return;
  }
  const black = f32x4(b0, b1, b0, b1);
  if (float) {
    for (; x + 4 <= width; x += 4) {
      const at = <usize>x << 2;
      // pmax gives the first where the second is no number.
      v128.store(dst + at, f32x4.min(f32x4.pmax(least, sub(v128.load(src + at), black)), top));
    }
    for (; x < width; x++) store<f32>(dst + (<usize>x << 2), bound(load<f32>(src + (<usize>x << 2)) - (x & 1 ? b1 : b0), cut));
  } else {
    for (; x + 8 <= width; x += 8) {
      const s = v128.load(src + (<usize>x << 1));
      const to = dst + (<usize>x << 2);
      v128.store(to, f32x4.min(sub(f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(s)), black), top));
      v128.store(to, f32x4.min(sub(f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(s)), black), top), 16);
    }
    for (; x < width; x++) store<f32>(dst + (<usize>x << 2), min<f32>(<f32>load<u16>(src + (<usize>x << 1)) - (x & 1 ? b1 : b0), cut));
  }
}

@inline function stabilise(light: v128, scale: v128, offset: v128, root: v128, gain: v128): v128 {
  const size = f32x4.abs(light);
  const v = mul(sub(f32x4.sqrt(add(mul(size, scale), offset)), root), gain);
  // The light's sign on it: the root is odd.
  return v128.or(v, v128.and(light, i32x4.splat(0x80000000)));
}

/**
 * Rows `first` to `last` of the finest grey picture.
 * @param src the active area's first sample; `float` 1 for float32, 0 for uint16; `pitch` samples from row to row
 * @param period 1 (three samples a pixel), 2 (Bayer: reduced by 2) or 6 (X-Trans: by 3)
 * @param b00 black levels: of the quad's four photosites, or of the three channels
 * @param cut the most that a sample counts above its black, `perUnit` light per unit of a sample
 */
export function alignGrey(
  src: usize, float: i32, spp: i32, pitch: i32, width: i32, height: i32, period: i32,
  b00: f32, b01: f32, b10: f32, b11: f32, cut: f32, perUnit: f32, scale: f32, offset: f32,
  first: i32, last: i32, dst: usize, dstStride: i32, dstWidth: i32, scratch: usize,
): void {
  const line = (((width + 3) & ~3) + 2 * PAD) << 2;
  const ring = (scratch + 15) & ~(<usize>15);
  const sums = ring + <usize>(RING * line) + (PAD << 2);
  const step: i32 = period == 6 ? 3 : 2;
  const lead: i32 = period == 6 ? 1 : 2;
  const taps: i32 = period == 6 ? 5 : 6;
  const shift: i32 = float ? 2 : 1;
  const s = splat(scale), o = splat(offset), root = f32x4.sqrt(o), gain = splat(<f32>2 / scale);
  const norm: f32 = step == 3 ? perUnit / 81 : perUnit / 1024;
  const light = splat(norm);
  let done = first * step - lead; // source rows before this one are in the ring
  for (let j = first; j < last; j++) {
    const from = j * step - lead;
    for (; done < from + taps; done++) {
      const y = inside(done, height, period);
      const odd = y & 1;
      convertRow(
        src + (<usize>(y * pitch) << shift), float, spp, width,
        spp == 3 ? b00 : odd ? b10 : b00, spp == 3 ? b01 : odd ? b11 : b01, b10, cut,
        ring + <usize>(((done + RING) & (RING - 1)) * line),
      );
    }
    const r0 = ring + <usize>(((from + RING) & (RING - 1)) * line), r1 = ring + <usize>(((from + 1 + RING) & (RING - 1)) * line);
    const r2 = ring + <usize>(((from + 2 + RING) & (RING - 1)) * line), r3 = ring + <usize>(((from + 3 + RING) & (RING - 1)) * line);
    const r4 = ring + <usize>(((from + 4 + RING) & (RING - 1)) * line), r5 = ring + <usize>(((from + 5 + RING) & (RING - 1)) * line);
    const bytes = <usize>((width + 3) & ~3) << 2;
    if (step == 2) {
      const five = splat(5), ten = splat(10);
      for (let at: usize = 0; at < bytes; at += 16) {
        v128.store(sums + at, add(add(add(v128.load(r0 + at), v128.load(r5 + at)),
          mul(five, add(v128.load(r1 + at), v128.load(r4 + at)))), mul(ten, add(v128.load(r2 + at), v128.load(r3 + at)))));
      }
    } else {
      const two = splat(2), three = splat(3);
      for (let at: usize = 0; at < bytes; at += 16) {
        v128.store(sums + at, add(add(add(v128.load(r0 + at), v128.load(r4 + at)),
          mul(two, add(v128.load(r1 + at), v128.load(r3 + at)))), mul(three, v128.load(r2 + at))));
      }
    }
    for (let i: i32 = 1; i <= 4; i++) {
      store<f32>(sums - (<usize>i << 2), load<f32>(sums + (<usize>inside(-i, width, period) << 2)));
      store<f32>(sums + (<usize>(width - 1 + i) << 2), load<f32>(sums + (<usize>inside(width - 1 + i, width, period) << 2)));
    }
    const to = dst + (<usize>(j * dstStride) << 2);
    if (step == 2) {
      const five = splat(5), ten = splat(10);
      for (let i: i32 = 0; i < dstWidth; i += 4) {
        // Sums 2i - 2 to 2i + 9, evens and odds apart.
        const p = sums + (<usize>(2 * i) << 2) - 8;
        const a = v128.load(p), b = v128.load(p, 16), c = v128.load(p, 32);
        const e0 = v128.shuffle<f32>(a, b, 0, 2, 4, 6), o0 = v128.shuffle<f32>(a, b, 1, 3, 5, 7);
        const e4 = v128.shuffle<f32>(b, c, 4, 6, 0, 2), o4 = v128.shuffle<f32>(b, c, 5, 7, 1, 3);
        const e1 = v128.shuffle<f32>(e0, e4, 1, 2, 3, 4), o1 = v128.shuffle<f32>(o0, o4, 1, 2, 3, 4);
        const e2 = v128.shuffle<f32>(e0, e4, 2, 3, 4, 5), o2 = v128.shuffle<f32>(o0, o4, 2, 3, 4, 5);
        const sum = add(add(add(e0, o2), mul(five, add(o0, e2))), mul(ten, add(e1, o1)));
        v128.store(to + (<usize>i << 2), stabilise(mul(sum, light), s, o, root, gain));
      }
    } else {
      for (let i: i32 = 0; i < dstWidth; i++) {
        const p = sums + (<usize>(3 * i) << 2) - 4;
        const sum = load<f32>(p) + load<f32>(p, 16) + 2 * (load<f32>(p, 4) + load<f32>(p, 12)) + 3 * load<f32>(p, 8);
        const v = stabilise(splat(sum * norm), s, o, root, gain);
        store<f32>(to + (<usize>i << 2), f32x4.extract_lane(v, 0));
      }
    }
  }
}

/** Rows `first` to `last` of a level from the one before it; scratch for a row of the finer one and 16 floats. */
export function alignReduce(
  src: usize, srcStride: i32, srcWidth: i32, srcHeight: i32, first: i32, last: i32,
  dst: usize, dstStride: i32, dstWidth: i32, scratch: usize,
): void {
  const sums = ((scratch + 15) & ~(<usize>15)) + 16;
  const three = splat(3), norm = splat(1.0 / 64);
  for (let j = first; j < last; j++) {
    const y = 2 * j;
    const r0 = src + (<usize>(max(y - 1, 0) * srcStride) << 2), r1 = src + (<usize>(y * srcStride) << 2);
    const r2 = src + (<usize>((y + 1) * srcStride) << 2), r3 = src + (<usize>(min(y + 2, srcHeight - 1) * srcStride) << 2);
    const bytes = <usize>srcStride << 2;
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(sums + at, add(add(v128.load(r0 + at), v128.load(r3 + at)), mul(three, add(v128.load(r1 + at), v128.load(r2 + at)))));
    }
    store<f32>(sums - 4, load<f32>(sums));
    store<f32>(sums + (<usize>srcWidth << 2), load<f32>(sums + (<usize>(srcWidth - 1) << 2)));
    const to = dst + (<usize>(j * dstStride) << 2);
    for (let i: i32 = 0; i < dstWidth; i += 4) {
      // Sums 2i - 1 to 2i + 8.
      const p = sums + (<usize>(2 * i) << 2) - 4;
      const a = v128.load(p), b = v128.load(p, 16), c = v128.load(p, 24);
      const t0 = v128.shuffle<f32>(a, b, 0, 2, 4, 6), t1 = v128.shuffle<f32>(a, b, 1, 3, 5, 7);
      const t2 = v128.shuffle<f32>(a, v128.shuffle<f32>(b, c, 0, 2, 4, 6), 2, 4, 5, 7);
      const t3 = v128.shuffle<f32>(a, v128.shuffle<f32>(b, c, 1, 3, 5, 7), 3, 4, 5, 7);
      v128.store(to + (<usize>i << 2), mul(norm, add(add(t0, t3), mul(three, add(t1, t2)))));
    }
  }
}

@inline function total(v: v128): f32 {
  return (f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1)) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

const CELL: i32 = 16;
const SEGMENT: i32 = 8;

/**
 * One row of cells: see reference.ts. Both levels have one size and stride; `offsets` and `figures` point to the row's first.
 */
export function alignMeasure(
  reference: usize, other: usize, width: i32, height: i32, stride: i32, scale: f32, origin: f32, loss: f32,
  columns: i32, row: i32, offsets: usize, xx: f32, xy: f32, yx: f32, yy: f32, figures: usize,
): void {
  const line = <usize>stride << 2;
  const half = CELL / 2;
  const firstY = max(row * CELL - half, 1), lastY = min(row * CELL + half, height - 1);
  const nodeY = <f32>(row * CELL) * scale;
  const lanes = f32x4(0, 1, 2, 3), four = splat(4), zero = splat(0), halfway = splat(0.5);
  const leanX = splat(xx), leanY = splat(yx);
  for (let column = 0; column < columns; column++) {
    const dx = load<f32>(offsets + (<usize>column << 3)), dy = load<f32>(offsets + (<usize>column << 3), 4);
    const nodeX = <f32>(column * CELL) * scale;
    let sxx = zero, sxy = zero, syy = zero, sxe = zero, sye = zero, see = zero;
    let n: f32 = 0, factor: f32 = 0;
    for (let y = firstY; y < lastY; y++) {
      for (let begin = column * CELL - half; begin < column * CELL + half; begin += SEGMENT) {
        const middle = <f32>begin + <f32>3.5;
        const u = middle * scale + origin - nodeX, v = <f32>y * scale + origin - nodeY;
        const shiftX = (dx + xx * u + xy * v) / scale, shiftY = (dy + yx * u + yy * v) / scale;
        // An offset beyond all reason must not become an address.
        if (!(abs<f32>(shiftX) < 65536 && abs<f32>(shiftY) < 65536)) continue;
        const fi = floor<f32>(shiftX), fj = floor<f32>(shiftY);
        const i = <i32>fi, j = <i32>fj;
        const fx = shiftX - fi, fy = shiftY - fj;
        const at = y + j;
        const from = max(max(begin, 1), 1 - i), to = min(min(begin + SEGMENT, width - 1), width - 2 - i);
        if (at < 1 || at > height - 3 || from >= to) continue;
        const ax = fx - 1, bx = fx - 2, cx = fx + 1, ay = fy - 1, by = fy - 2, cy = fy + 1;
        const x0 = splat(-fx * ax * bx * <f32>(1.0 / 6)), x1 = splat(cx * ax * bx * 0.5);
        const x2 = splat(-cx * fx * bx * 0.5), x3 = splat(cx * fx * ax * <f32>(1.0 / 6));
        const y0 = splat(-fy * ay * by * <f32>(1.0 / 6)), y1 = splat(cy * ay * by * 0.5);
        const y2 = splat(-cy * fy * by * 0.5), y3 = splat(cy * fy * ay * <f32>(1.0 / 6));
        const p1 = other + <usize>at * line + (<usize>(begin + i - 1) << 2);
        const p0 = p1 - line, p2 = p1 + line, p3 = p2 + line;
        const v0 = add(add(mul(y0, v128.load(p0)), mul(y1, v128.load(p1))), add(mul(y2, v128.load(p2)), mul(y3, v128.load(p3))));
        const v1 = add(add(mul(y0, v128.load(p0, 16)), mul(y1, v128.load(p1, 16))), add(mul(y2, v128.load(p2, 16)), mul(y3, v128.load(p3, 16))));
        const v2 = add(add(mul(y0, v128.load(p0, 32)), mul(y1, v128.load(p1, 32))), add(mul(y2, v128.load(p2, 32)), mul(y3, v128.load(p3, 32))));
        const i0 = add(add(mul(x0, v0), mul(x1, v128.shuffle<f32>(v0, v1, 1, 2, 3, 4))),
          add(mul(x2, v128.shuffle<f32>(v0, v1, 2, 3, 4, 5)), mul(x3, v128.shuffle<f32>(v0, v1, 3, 4, 5, 6))));
        const i1 = add(add(mul(x0, v1), mul(x1, v128.shuffle<f32>(v1, v2, 1, 2, 3, 4))),
          add(mul(x2, v128.shuffle<f32>(v1, v2, 2, 3, 4, 5)), mul(x3, v128.shuffle<f32>(v1, v2, 3, 4, 5, 6))));
        const q = reference + <usize>y * line + (<usize>begin << 2);
        let gx0 = mul(sub(v128.load(q, 4), v128.load(q - 4)), halfway), gx1 = mul(sub(v128.load(q, 20), v128.load(q, 12)), halfway);
        let gy0 = mul(sub(v128.load(q + line), v128.load(q - line)), halfway), gy1 = mul(sub(v128.load(q + line, 16), v128.load(q - line, 16)), halfway);
        const off0 = sub(lanes, splat(3.5)), off1 = add(off0, four);
        let e0 = add(sub(i0, v128.load(q)), mul(off0, add(mul(gx0, leanX), mul(gy0, leanY))));
        let e1 = add(sub(i1, v128.load(q, 16)), mul(off1, add(mul(gx1, leanX), mul(gy1, leanY))));
        if (to - from < SEGMENT) {
          const low = splat(<f32>(from - begin)), high = splat(<f32>(to - begin));
          const m0 = v128.and(f32x4.ge(lanes, low), f32x4.lt(lanes, high));
          const l1 = add(lanes, four);
          const m1 = v128.and(f32x4.ge(l1, low), f32x4.lt(l1, high));
          gx0 = v128.and(gx0, m0); gy0 = v128.and(gy0, m0); e0 = v128.and(e0, m0);
          gx1 = v128.and(gx1, m1); gy1 = v128.and(gy1, m1); e1 = v128.and(e1, m1);
        }
        sxx = add(sxx, add(mul(gx0, gx0), mul(gx1, gx1)));
        sxy = add(sxy, add(mul(gx0, gy0), mul(gx1, gy1)));
        syy = add(syy, add(mul(gy0, gy0), mul(gy1, gy1)));
        sxe = add(sxe, add(mul(gx0, e0), mul(gx1, e1)));
        sye = add(sye, add(mul(gy0, e0), mul(gy1, e1)));
        see = add(see, add(mul(e0, e0), mul(e1, e1)));
        const count = <f32>(to - from);
        n += count;
        factor += count * (1 - 4 * fx * (1 - fx) * loss) * (1 - 4 * fy * (1 - fy) * loss);
      }
    }
    const out = figures + (<usize>column << 5);
    store<f32>(out, total(sxx)); store<f32>(out, total(sxy), 4); store<f32>(out, total(syy), 8);
    store<f32>(out, total(sxe), 12); store<f32>(out, total(sye), 16); store<f32>(out, total(see), 20);
    store<f32>(out, n, 24); store<f32>(out, factor, 28);
  }
}
