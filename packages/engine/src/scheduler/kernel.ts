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

/** Where the module's own tables end: memory from here on is free for the scheduler. */
export function heapBase(): usize {
  return __heap_base;
}
