// Moving pixels between tiles and views.

/** Copies a rectangle of one plane. Strides in bytes, width in floats. */
export function copyPlane(src: usize, srcStride: usize, dst: usize, dstStride: usize, width: i32, height: i32): void {
  for (let y: i32 = 0; y < height; y++) {
    memory.copy(dst + <usize>y * dstStride, src + <usize>y * srcStride, width << 2);
  }
}

/**
 * Area-averages one plane to a smaller grid: every output pixel is the mean of the source over its own footprint,
 * summed in the same order wherever the tile lies. `columns` and `rows` hold, for each output column or row, the first
 * source index relative to the tile (i32), the number of source pixels (i32), and the weights of the first and the
 * last one (f32); those between weigh 1. `norm` = 1 / (footprint's area).
 */
export function reducePlane(
  src: usize, srcStride: usize, columns: usize, rows: usize, norm: f32, scratch: usize,
  dst: usize, dstStride: usize, width: i32, height: i32, srcWidth: i32,
): void {
  for (let y: i32 = 0; y < height; y++) {
    const r = rows + (y << 4);
    const y0 = load<i32>(r);
    const n = load<i32>(r, 4);
    const first = load<f32>(r, 8);
    const last = load<f32>(r, 12);
    for (let x: i32 = 0; x < srcWidth; x += 4) {
      let p = src + <usize>y0 * srcStride + (x << 2);
      let sum = f32x4.mul(v128.load(p), f32x4.splat(first));
      for (let k: i32 = 1; k < n - 1; k++) {
        p += srcStride;
        sum = f32x4.add(sum, v128.load(p));
      }
      if (n > 1) sum = f32x4.add(sum, f32x4.mul(v128.load(p + srcStride), f32x4.splat(last)));
      v128.store(scratch + (x << 2), sum);
    }
    for (let x: i32 = 0; x < width; x++) {
      const c = columns + (x << 4);
      let p = scratch + (load<i32>(c) << 2);
      const m = load<i32>(c, 4);
      let sum = load<f32>(p) * load<f32>(c, 8);
      for (let k: i32 = 1; k < m - 1; k++) {
        p += 4;
        sum += load<f32>(p);
      }
      if (m > 1) sum += load<f32>(p, 4) * load<f32>(c, 12);
      store<f32>(dst + <usize>y * dstStride + (x << 2), sum * norm);
    }
  }
}

/**
 * Mosaic to planes, each pixel with the means of the samples of its cell of `period × period` photosites; those cut off
 * at the tile's right and lower border keep what was there. `pattern` holds the cell's colours as int32.
 */
export function cellMeans(
  src: usize, stride: i32, width: i32, height: i32, pattern: usize, period: i32, dst: usize,
): void {
  const plane = <usize>(stride * height) << 2;
  let r: f32 = 0;
  let g: f32 = 0;
  let b: f32 = 0;
  for (let i: i32 = 0; i < period * period; i++) {
    const colour = load<i32>(pattern + (i << 2));
    if (colour == 0) r += 1;
    else if (colour == 1) g += 1;
    else b += 1;
  }
  // An array without one of the colours: nothing was seen of it.
  r = r > 0 ? 1 / r : 0;
  g = g > 0 ? 1 / g : 0;
  b = b > 0 ? 1 / b : 0;
  for (let y: i32 = 0; y + period <= height; y += period) {
    for (let x: i32 = 0; x + period <= width; x += period) {
      let red: f32 = 0;
      let green: f32 = 0;
      let blue: f32 = 0;
      for (let v: i32 = 0; v < period; v++) {
        const row = src + (<usize>((y + v) * stride + x) << 2);
        const colours = pattern + (v * period << 2);
        for (let u: i32 = 0; u < period; u++) {
          const value = load<f32>(row + (u << 2));
          const colour = load<i32>(colours + (u << 2));
          if (colour == 0) red += value;
          else if (colour == 1) green += value;
          else blue += value;
        }
      }
      red *= r;
      green *= g;
      blue *= b;
      for (let v: i32 = 0; v < period; v++) {
        const row = dst + (<usize>((y + v) * stride + x) << 2);
        for (let u: i32 = 0; u < period; u++) {
          const p = row + (u << 2);
          store<f32>(p, red);
          store<f32>(p + plane, green);
          store<f32>(p + 2 * plane, blue);
        }
      }
    }
  }
}

/** Where the module's own tables end: memory from here on is free for the scheduler. */
export function heapBase(): usize {
  return __heap_base;
}
