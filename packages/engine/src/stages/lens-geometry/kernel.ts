// Lens geometry, the fast path: reference.ts says the same to be read.

/** As in filters.ts. */
const PHASES: f64 = 256;
const PHASE_BITS: i32 = 8;
const HEADER_BYTES: usize = 16;
const CELL: i32 = 16;
/** 1.5 · 2^52: added to a double, it leaves the number, rounded to even, in the lower 32 bits. */
const TO_INTEGER: f64 = 6755399441055744.0;

/** Sum of the columns by their weights: lanes 0 and 2, lanes 1 and 3, both together. */
// @ts-ignore: decorator
@inline
function lanes(a: v128): f32 {
  a = f32x4.add(a, v128.shuffle<f32>(a, a, 2, 3, 0, 1));
  return f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 1);
}

/** Six taps, the filter of places that do not shrink: rows weighted first, then columns. */
// @ts-ignore: decorator
@inline
function six(
  p: usize, row: usize, w0: v128, w1: v128, w2: v128, w3: v128, w4: v128, w5: v128, x0: v128, x1: v128,
): f32 {
  let a = f32x4.mul(v128.load(p), w0);
  let b = f32x4.mul(v128.load(p, 16), w0);
  p += row;
  a = f32x4.add(a, f32x4.mul(v128.load(p), w1));
  b = f32x4.add(b, f32x4.mul(v128.load(p, 16), w1));
  p += row;
  a = f32x4.add(a, f32x4.mul(v128.load(p), w2));
  b = f32x4.add(b, f32x4.mul(v128.load(p, 16), w2));
  p += row;
  a = f32x4.add(a, f32x4.mul(v128.load(p), w3));
  b = f32x4.add(b, f32x4.mul(v128.load(p, 16), w3));
  p += row;
  a = f32x4.add(a, f32x4.mul(v128.load(p), w4));
  b = f32x4.add(b, f32x4.mul(v128.load(p, 16), w4));
  p += row;
  a = f32x4.add(a, f32x4.mul(v128.load(p), w5));
  b = f32x4.add(b, f32x4.mul(v128.load(p, 16), w5));
  return lanes(f32x4.add(f32x4.mul(a, x0), f32x4.mul(b, x1)));
}

/** Any number of taps in two or three vectors, in the same order. */
function wide(p: usize, row: usize, wx: usize, wy: usize, taps: i32, vectors: i32): f32 {
  let w = v128.load32_splat(wy);
  let a = f32x4.mul(v128.load(p), w);
  let b = f32x4.mul(v128.load(p, 16), w);
  let c = f32x4.splat(0);
  if (vectors > 2) c = f32x4.mul(v128.load(p, 32), w);
  for (let k: i32 = 1; k < taps; k++) {
    p += row;
    w = v128.load32_splat(wy + (k << 2));
    a = f32x4.add(a, f32x4.mul(v128.load(p), w));
    b = f32x4.add(b, f32x4.mul(v128.load(p, 16), w));
    if (vectors > 2) c = f32x4.add(c, f32x4.mul(v128.load(p, 32), w));
  }
  a = f32x4.add(f32x4.mul(a, v128.load(wx)), f32x4.mul(b, v128.load(wx, 16)));
  if (vectors > 2) a = f32x4.add(a, f32x4.mul(c, v128.load(wx, 32)));
  return lanes(a);
}

/**
 * Resamples three planes: `countX × countY` pixels from pixel (`x0`, `y0`) of the picture on, in cells of 16 × 16 pixels
 * that begin on multiples of 16. `nodes` holds, for the corners of the cells, row by row, `channels` pairs of float64:
 * the place in the area where the light of the cell's first pixel's centre lies, 0 = the centre of the area's first
 * pixel; between corners places are bilinear. `levels` is an int32 per cell: its filter in `filters` (see filters.ts).
 * The source shows the area from (`left`, `top`) on, `width × height` pixels of it; pixels from outside of the area, or
 * whose filter would read outside of the source, become 0.
 */
export function lensGeometry(
  src: usize, planeStride: usize, stride: usize, left: i32, top: i32, width: i32, height: i32,
  areaWidth: i32, areaHeight: i32,
  nodes: usize, nodesAcross: i32, channels: i32, levels: usize, filters: usize,
  dst: usize, dstPlaneStride: usize, dstStride: usize, x0: i32, y0: i32, countX: i32, countY: i32,
): void {
  const node = <usize>channels << 4;
  const nodeRow = node * nodesAcross;
  const cellX0 = x0 & ~(CELL - 1);
  const cellY0 = y0 & ~(CELL - 1);
  const first = f64x2.splat(-0.5);
  const last = f64x2.replace_lane(f64x2.splat(<f64>areaWidth - 0.5), 1, <f64>areaHeight - 0.5);
  const phases = f64x2.splat(PHASES);
  const toInteger = f64x2.splat(TO_INTEGER);
  for (let y = y0; y < y0 + countY; y++) {
    const cellRow = (y - cellY0) >> 4;
    const v = f64x2.splat(<f64>((y - cellY0) & (CELL - 1)) / CELL);
    const out = dst + <usize>(y - y0) * dstStride;
    for (let cell: i32 = 0; cell < nodesAcross - 1; cell++) {
      const from = max(cellX0 + cell * CELL, x0);
      const to = min(cellX0 + (cell + 1) * CELL, x0 + countX);
      const header = filters + HEADER_BYTES * load<i32>(levels + (<usize>(cellRow * (nodesAcross - 1) + cell) << 2));
      const taps = load<i32>(header);
      const vectors = load<i32>(header, 4);
      const weights = filters + (<usize>load<i32>(header, 8) << 2);
      const weightBytes = <usize>vectors << 4;
      const reachX = taps / 2 - 1 + left;
      const reachY = taps / 2 - 1 + top;
      const lastX = <u32>max(width - (vectors << 2), 0);
      const lastY = <u32>max(height - taps, 0);
      for (let channel: i32 = 0; channel < channels; channel++) {
        const corner = nodes + <usize>cellRow * nodeRow + <usize>cell * node + (<usize>channel << 4);
        let a = v128.load(corner);
        a = f64x2.add(a, f64x2.mul(f64x2.sub(v128.load(corner + nodeRow), a), v));
        let b = v128.load(corner + node);
        b = f64x2.add(b, f64x2.mul(f64x2.sub(v128.load(corner + nodeRow + node), b), v));
        const slope = f64x2.mul(f64x2.sub(b, a), f64x2.splat(1.0 / CELL));
        for (let x = from; x < to; x++) {
          const place = f64x2.add(a, f64x2.mul(slope, f64x2.splat(<f64>((x - cellX0) & (CELL - 1)))));
          const fixed = f64x2.add(f64x2.mul(place, phases), toInteger);
          const qx = i32x4.extract_lane(fixed, 0);
          const qy = i32x4.extract_lane(fixed, 2);
          const column = (qx >> PHASE_BITS) - reachX;
          const row = (qy >> PHASE_BITS) - reachY;
          const target = out + (<usize>(x - x0) << 2) + <usize>channel * dstPlaneStride;
          if (
            !i64x2.all_true(v128.and(f64x2.ge(place, first), f64x2.le(place, last))) ||
            <u32>column > lastX || <u32>row > lastY
          ) {
            store<f32>(target, 0);
            if (channels == 1) {
              store<f32>(target + dstPlaneStride, 0);
              store<f32>(target + 2 * dstPlaneStride, 0);
            }
            continue;
          }
          const wx = weights + weightBytes * (qx & 255);
          const wy = weights + weightBytes * (qy & 255);
          let at = src + <usize>row * stride + (<usize>column << 2);
          if (channels == 3) at += <usize>channel * planeStride;
          if (taps == 6) {
            const w0 = v128.load32_splat(wy);
            const w1 = v128.load32_splat(wy, 4);
            const w2 = v128.load32_splat(wy, 8);
            const w3 = v128.load32_splat(wy, 12);
            const w4 = v128.load32_splat(wy, 16);
            const w5 = v128.load32_splat(wy, 20);
            const c0 = v128.load(wx);
            const c1 = v128.load(wx, 16);
            store<f32>(target, six(at, stride, w0, w1, w2, w3, w4, w5, c0, c1));
            if (channels == 3) continue;
            at += planeStride;
            store<f32>(target + dstPlaneStride, six(at, stride, w0, w1, w2, w3, w4, w5, c0, c1));
            at += planeStride;
            store<f32>(target + 2 * dstPlaneStride, six(at, stride, w0, w1, w2, w3, w4, w5, c0, c1));
          } else {
            store<f32>(target, wide(at, stride, wx, wy, taps, vectors));
            if (channels == 3) continue;
            store<f32>(target + dstPlaneStride, wide(at + planeStride, stride, wx, wy, taps, vectors));
            store<f32>(target + 2 * dstPlaneStride, wide(at + 2 * planeStride, stride, wx, wy, taps, vectors));
          }
        }
      }
    }
  }
}
