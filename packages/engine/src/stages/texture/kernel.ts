// Texture, the fast path: reference.ts says the same to be read.

/** Bytes for three planes of a tile with its halo. */
export function textureScratch(stride: usize, height: usize): usize {
  return 3 * planeBytes(stride, height);
}

@inline
function planeBytes(stride: usize, height: usize): usize {
  return ((stride * height) << 2) + 64;
}

@inline
function spline(p: usize, reach: usize): v128 {
  const middle = f32x4.mul(v128.load(p), f32x4.splat(0.375));
  const near = f32x4.mul(f32x4.add(v128.load(p - reach), v128.load(p + reach)), f32x4.splat(0.25));
  const far = f32x4.mul(
    f32x4.add(v128.load(p - 2 * reach), v128.load(p + 2 * reach)), f32x4.splat(0.0625));
  return f32x4.add(f32x4.add(middle, near), far);
}

/** One blur with holes of `step`: `margin` is what earlier ones have used up of the border, in pixels. */
function blur(src: usize, between: usize, dst: usize, row: usize, width: i32, height: i32, margin: i32, step: i32): void {
  const from = margin + 2 * step;
  for (let y = margin; y < height - margin; y++) {
    const line = <usize>y * row;
    for (let x = from; x < width - from; x += 4) {
      const at = line + (<usize>x << 2);
      v128.store(between + at, spline(src + at, <usize>step << 2));
    }
  }
  for (let y = from; y < height - from; y++) {
    const line = <usize>y * row;
    for (let x = from; x < width - from; x += 4) {
      const at = line + (<usize>x << 2);
      v128.store(dst + at, spline(between + at, <usize>step * row));
    }
  }
}

/**
 * Multiplies pixels by 1 + amount · detail, in place. Detail is luminance blurred with the step `fine` (0: as it is) less that
 * blurred with `first` and `second` (0: none) too, over the latter. `table`: amount, noise scale, noise offset, largest
 * detail, darkest light. `halo`: twice the sum of the steps. Strides in bytes.
 */
export function texture(
  inner: usize, planeStride: usize, rowStride: usize, width: i32, height: i32,
  halo: i32, fine: i32, first: i32, second: i32, table: usize, scratch: usize,
): void {
  const w = ((width + 3) & ~3) + 2 * halo;
  const h = height + 2 * halo;
  const row = <usize>((w + 3) & ~3) << 2;
  const size = row * <usize>h + 64;
  const light = scratch;
  const between = scratch + size;
  const third = between + size;

  const weightR = f32x4.splat(<f32>0.2627002120112671);
  const weightG = f32x4.splat(<f32>0.6779980715188708);
  const weightB = f32x4.splat(<f32>0.05930171646986196);
  const origin = inner - <usize>halo * rowStride - (<usize>halo << 2);
  for (let y: i32 = 0; y < h; y++) {
    const from = origin + <usize>y * rowStride;
    const to = light + <usize>y * row;
    for (let x: usize = 0; x < row; x += 16) {
      const p = from + x;
      v128.store(to + x, f32x4.add(
        f32x4.add(f32x4.mul(weightR, v128.load(p)), f32x4.mul(weightG, v128.load(p + planeStride))),
        f32x4.mul(weightB, v128.load(p + 2 * planeStride))));
    }
  }

  let sharp = light;
  let soft = third;
  let margin: i32 = 0;
  if (fine > 0) {
    blur(light, between, third, row, w, h, 0, fine);
    margin = 2 * fine;
    sharp = third;
    soft = light;
  }
  blur(sharp, between, soft, row, w, h, margin, first);
  if (second > 0) blur(soft, between, soft, row, w, h, margin + 2 * first, second);

  const amount = v128.load32_splat(table);
  const noiseScale = v128.load32_splat(table, 4);
  const noiseOffset = v128.load32_splat(table, 8);
  const largest = v128.load32_splat(table, 12);
  const darkest = v128.load32_splat(table, 16);
  const one = f32x4.splat(1);
  for (let y: i32 = 0; y < height; y++) {
    const line = <usize>(y + halo) * row + (<usize>halo << 2);
    for (let x: i32 = 0; x < width; x += 4) {
      const at = line + (<usize>x << 2);
      const around = f32x4.pmax(v128.load(soft + at), darkest);
      const detail = f32x4.div(f32x4.sub(v128.load(sharp + at), around), around);
      const square = f32x4.mul(detail, detail);
      const noise = f32x4.div(
        f32x4.add(f32x4.mul(noiseScale, around), noiseOffset), f32x4.mul(around, around));
      // What is no louder than noise is left alone, and so are edges.
      const small = f32x4.div(largest, f32x4.add(square, largest));
      const heard = f32x4.div(square, f32x4.add(square, noise));
      const share = f32x4.mul(heard, f32x4.mul(small, small));
      const gain = f32x4.add(one, f32x4.mul(amount, f32x4.mul(detail, share)));
      const p = inner + <usize>y * rowStride + (<usize>x << 2);
      v128.store(p, f32x4.mul(v128.load(p), gain));
      v128.store(p + planeStride, f32x4.mul(v128.load(p + planeStride), gain));
      v128.store(p + 2 * planeStride, f32x4.mul(v128.load(p + 2 * planeStride), gain));
    }
  }
}
