// The motion of the whole, the fast path of what global.ts says to be read: sums over the coarsest level, in double precision.

/** A level's value between its samples, those at the border repeated. */
@inline
function between(data: usize, width: i32, height: i32, stride: i32, x: f64, y: f64): f64 {
  const u = min<f64>(max<f64>(x, 0), <f64>width - 1.001);
  const v = min<f64>(max<f64>(y, 0), <f64>height - 1.001);
  const i = <i32>u, j = <i32>v;
  const fx = u - <f64>i, fy = v - <f64>j;
  const p = data + (<usize>(j * stride + i) << 2);
  const q = p + (<usize>stride << 2);
  const upper = <f64>load<f32>(p) + fx * (<f64>load<f32>(p, 4) - <f64>load<f32>(p));
  const lower = <f64>load<f32>(q) + fx * (<f64>load<f32>(q, 4) - <f64>load<f32>(q));
  return upper + fy * (lower - upper);
}

/** A level less its mean over 7 × 7 samples, compressed. `sums`: (width + 1) · (height + 1) doubles. */
export function alignDetail(src: usize, width: i32, height: i32, stride: i32, dst: usize, sums: usize): void {
  const line = <usize>(width + 1) << 3;
  memory.fill(sums, 0, line * <usize>(height + 1));
  for (let j = 0; j < height; j++) {
    let row: f64 = 0;
    const above = sums + <usize>j * line + 8;
    for (let i = 0; i < width; i++) {
      row += <f64>load<f32>(src + (<usize>(j * stride + i) << 2));
      store<f64>(above + line + (<usize>i << 3), load<f64>(above + (<usize>i << 3)) + row);
    }
  }
  let mean: f64 = 0;
  const area = <f64>(width * height);
  for (let j = 0; j < height; j++) {
    const first = max(j - 3, 0), last = min(j + 4, height);
    const upper = sums + <usize>first * line, lower = sums + <usize>last * line;
    for (let i = 0; i < width; i++) {
      const left = max(i - 3, 0), right = min(i + 4, width);
      const sum = load<f64>(lower + (<usize>right << 3)) - load<f64>(lower + (<usize>left << 3)) -
        load<f64>(upper + (<usize>right << 3)) + load<f64>(upper + (<usize>left << 3));
      const at = <usize>(j * stride + i) << 2;
      const value = <f64>load<f32>(src + at) - sum / <f64>((right - left) * (last - first));
      store<f32>(dst + at, <f32>value);
      mean += abs<f64>(value) / area;
    }
  }
  for (let j = 0; j < height; j++)
    for (let i = 0; i < width; i++) {
      const at = dst + (<usize>(j * stride + i) << 2);
      const value = <f64>load<f32>(at);
      store<f32>(at, <f32>(value / (abs<f64>(value) + mean + 4.9406564584124654e-324)));
    }
}

/**
 * Sums over the samples, of which every `every`-th is taken, that two levels of one size have in common under a motion: their number, p, q, p², p q, q².
 * @param out six doubles
 */
export function alignAgreement(
  reference: usize, other: usize, width: i32, height: i32, stride: i32, every: i32,
  moveX: f64, moveY: f64, xx: f64, xy: f64, yx: f64, yy: f64, out: usize,
): void {
  const cx = <f64>(width - 1) / 2, cy = <f64>(height - 1) / 2;
  let n: f64 = 0, a: f64 = 0, b: f64 = 0, aa: f64 = 0, ab: f64 = 0, bb: f64 = 0;
  for (let j = 1; j < height - 1; j += every)
    for (let i = 1; i < width - 1; i += every) {
      const u = <f64>i - cx, v = <f64>j - cy;
      const x = <f64>i + moveX + xx * u + xy * v;
      const y = <f64>j + moveY + yx * u + yy * v;
      if (x < 1 || y < 1 || x > <f64>(width - 2) || y > <f64>(height - 2)) continue;
      const p = <f64>load<f32>(reference + (<usize>(j * stride + i) << 2));
      const q = between(other, width, height, stride, x, y);
      n += 1;
      a += p;
      b += q;
      aa += p * p;
      ab += p * q;
      bb += q * q;
    }
  store<f64>(out, n); store<f64>(out, a, 8); store<f64>(out, b, 16);
  store<f64>(out, aa, 24); store<f64>(out, ab, 32); store<f64>(out, bb, 40);
}

/**
 * The sums of one Gauss-Newton step of a similarity (dx, dy, a, b).
 * @param out sixteen doubles (the upper triangle of 4 × 4 is written), four, and the sums of weighted squares and of weights
 */
export function alignRefine(
  reference: usize, other: usize, width: i32, height: i32, stride: i32,
  dx: f64, dy: f64, a: f64, b: f64, gain: f64, lift: f64, scale2: f64, out: usize,
): void {
  const cx = <f64>(width - 1) / 2, cy = <f64>(height - 1) / 2;
  const line = <usize>stride << 2;
  let h0: f64 = 0, h1: f64 = 0, h2: f64 = 0, h3: f64 = 0, h5: f64 = 0, h6: f64 = 0, h7: f64 = 0, h10: f64 = 0, h11: f64 = 0, h15: f64 = 0;
  let r0: f64 = 0, r1: f64 = 0, r2: f64 = 0, r3: f64 = 0;
  let sum: f64 = 0, count: f64 = 0;
  for (let j = 1; j < height - 1; j++)
    for (let i = 1; i < width - 1; i++) {
      const u = <f64>i - cx, v = <f64>j - cy;
      const x = <f64>i + dx + a * u - b * v;
      const y = <f64>j + dy + b * u + a * v;
      if (x < 1 || y < 1 || x > <f64>(width - 2) || y > <f64>(height - 2)) continue;
      const at = reference + (<usize>(j * stride + i) << 2);
      const e = (between(other, width, height, stride, x, y) - lift) / gain - <f64>load<f32>(at);
      const gx = (<f64>load<f32>(at, 4) - <f64>load<f32>(at - 4)) / 2;
      const gy = (<f64>load<f32>(at + line) - <f64>load<f32>(at - line)) / 2;
      const t = 1 / (1 + (e * e) / scale2);
      const w = t * t;
      sum += t * e * e;
      count += t;
      const g2 = gx * u + gy * v;
      const g3 = gy * u - gx * v;
      h0 += w * gx * gx; h1 += w * gx * gy; h2 += w * gx * g2; h3 += w * gx * g3;
      h5 += w * gy * gy; h6 += w * gy * g2; h7 += w * gy * g3;
      h10 += w * g2 * g2; h11 += w * g2 * g3; h15 += w * g3 * g3;
      r0 -= w * gx * e; r1 -= w * gy * e; r2 -= w * g2 * e; r3 -= w * g3 * e;
    }
  store<f64>(out, h0); store<f64>(out, h1, 8); store<f64>(out, h2, 16); store<f64>(out, h3, 24);
  store<f64>(out, h5, 40); store<f64>(out, h6, 48); store<f64>(out, h7, 56);
  store<f64>(out, h10, 80); store<f64>(out, h11, 88); store<f64>(out, h15, 120);
  store<f64>(out, r0, 128); store<f64>(out, r1, 136); store<f64>(out, r2, 144); store<f64>(out, r3, 152);
  store<f64>(out, sum, 160); store<f64>(out, count, 168);
}

/** How much of a sample counts, `k` of `size` from the border, where the picture fades over `fade` of it. */
@inline
function ramp(k: i32, size: i32, fade: f64): f64 {
  const t = min<f64>(<f64>k + 0.5, <f64>(size - k) - 0.5) / (fade * <f64>size);
  return t >= 1 ? 1 : t * t * (3 - 2 * t);
}

/** A level, turned by (xx, xy, yx, yy), less its mean, fading towards the border; rows of `size` doubles. */
function faded(
  data: usize, width: i32, height: i32, stride: i32, xx: f64, xy: f64, yx: f64, yy: f64, fade: f64, dst: usize, size: i32,
): void {
  let mean: f64 = 0;
  for (let j = 0; j < height; j++)
    for (let i = 0; i < width; i++) mean += <f64>load<f32>(data + (<usize>(j * stride + i) << 2));
  mean /= <f64>(width * height);
  const cx = <f64>(width - 1) / 2, cy = <f64>(height - 1) / 2;
  const still = xx == 0 && xy == 0 && yx == 0 && yy == 0;
  for (let j = 0; j < height; j++)
    for (let i = 0; i < width; i++) {
      let value = <f64>load<f32>(data + (<usize>(j * stride + i) << 2));
      if (!still) {
        const u = <f64>i - cx, v = <f64>j - cy;
        value = between(data, width, height, stride, <f64>i + xx * u - xy * v, <f64>j - yx * u + yy * v);
      }
      store<f64>(dst + (<usize>(j * size + i) << 3), (value - mean) * ramp(i, width, fade) * ramp(j, height, fade));
    }
}

/** One row transformed in place (Cooley and Tukey, radix 2). `circle`: cosines, then sines, `size` / 2 floats each; then the order, 16 bit. */
function transformRow(re: usize, im: usize, size: i32, sign: f64, circle: usize): void {
  const sines = circle + (<usize>size << 1);
  const order = circle + (<usize>size << 2);
  for (let i = 0; i < size; i++) {
    const j = <i32>load<u16>(order + (<usize>i << 1));
    if (i >= j) continue;
    const p = <usize>i << 3, q = <usize>j << 3;
    const r = load<f64>(re + p), s = load<f64>(im + p);
    store<f64>(re + p, load<f64>(re + q)); store<f64>(im + p, load<f64>(im + q));
    store<f64>(re + q, r); store<f64>(im + q, s);
  }
  for (let half = 1; half < size; half *= 2) {
    const turn = size / (2 * half);
    const far = <usize>half << 3;
    for (let block = 0; block < size; block += 2 * half)
      for (let k = 0; k < half; k++) {
        const c = <f64>load<f32>(circle + (<usize>(k * turn) << 2));
        const s = sign * <f64>load<f32>(sines + (<usize>(k * turn) << 2));
        const p = re + (<usize>(block + k) << 3), q = im + (<usize>(block + k) << 3);
        const qr = load<f64>(p + far), qi = load<f64>(q + far);
        const r = qr * c - qi * s;
        const t = qr * s + qi * c;
        const pr = load<f64>(p), pi = load<f64>(q);
        store<f64>(p + far, pr - r); store<f64>(q + far, pi - t);
        store<f64>(p, pr + r); store<f64>(q, pi + t);
      }
  }
}

function transpose(data: usize, size: i32): void {
  for (let y = 0; y < size; y++)
    for (let x = 0; x < y; x++) {
      const p = data + (<usize>(y * size + x) << 3), q = data + (<usize>(x * size + y) << 3);
      const t = load<f64>(p);
      store<f64>(p, load<f64>(q));
      store<f64>(q, t);
    }
}

/** The two-dimensional Fourier transform in place, columns and rows changed over. */
function transform(re: usize, im: usize, size: i32, sign: f64, filled: i32, circle: usize): void {
  const line = <usize>size << 3;
  for (let y = 0; y < filled; y++) transformRow(re + <usize>y * line, im + <usize>y * line, size, sign, circle);
  transpose(re, size);
  transpose(im, size);
  for (let y = 0; y < size; y++) transformRow(re + <usize>y * line, im + <usize>y * line, size, sign, circle);
}

@inline
function at(re: usize, size: i32, x: i32, y: i32): f64 {
  return load<f64>(re + (<usize>(((y + size) & (size - 1)) * size + ((x + size) & (size - 1))) << 3));
}

/**
 * The best shifts by phase correlation, in samples, for a reference turned by (xx, xy, yx, yy).
 * @param size of the square that is transformed, a power of two; `circle` see transformRow
 * @param noise what keeps noise from being whitened
 * @param work 2 · size² doubles
 * @param out three doubles a peak: x, y, height; highest first
 * @returns peaks found, at most `most`
 */
export function alignShifts(
  reference: usize, other: usize, width: i32, height: i32, stride: i32, xx: f64, xy: f64, yx: f64, yy: f64, fade: f64,
  size: i32, circle: usize, noise: f64, reachX: i32, reachY: i32, most: i32, work: usize, out: usize,
): i32 {
  const re = work, im = work + (<usize>(size * size) << 3);
  memory.fill(work, 0, <usize>(size * size) << 4);
  faded(reference, width, height, stride, xx, xy, yx, yy, fade, re, size);
  faded(other, width, height, stride, 0, 0, 0, 0, fade, im, size);
  transform(re, im, size, -1, height, circle);
  // Both are real: their spectra are the even and the odd part. What is whitened is so at opposite places alike.
  for (let v = 0; v < size; v++)
    for (let u = 0; u < size; u++) {
      const p = <usize>(v * size + u) << 3;
      const q = <usize>(((size - v) & (size - 1)) * size + ((size - u) & (size - 1))) << 3;
      if (q < p) continue;
      const pr = load<f64>(re + p), pi = load<f64>(im + p), qr = load<f64>(re + q), qi = load<f64>(im + q);
      const ar = (pr + qr) / 2, ai = (pi - qi) / 2;
      const br = (pi + qi) / 2, bi = (qr - pr) / 2;
      const real = ar * br + ai * bi, imaginary = ar * bi - ai * br;
      const norm = sqrt<f64>(real * real + imaginary * imaginary) + noise;
      store<f64>(re + q, real / norm); store<f64>(im + q, -imaginary / norm);
      store<f64>(re + p, real / norm); store<f64>(im + p, imaginary / norm);
    }
  transform(re, im, size, 1, size, circle);
  let found: i32 = 0;
  for (let y = -reachY; y <= reachY; y++)
    for (let x = -reachX; x <= reachX; x++) {
      const here = at(re, size, x, y);
      const least = found == most ? load<f64>(out + <usize>(most - 1) * 24, 16) : 0;
      if (here <= least || here < at(re, size, x - 1, y) || here < at(re, size, x + 1, y) ||
        here < at(re, size, x, y - 1) || here < at(re, size, x, y + 1)) continue;
      let place = found < most ? found : most - 1;
      for (; place > 0 && load<f64>(out + <usize>(place - 1) * 24, 16) < here; place--)
        memory.copy(out + <usize>place * 24, out + <usize>(place - 1) * 24, 24);
      store<f64>(out + <usize>place * 24, <f64>x); store<f64>(out + <usize>place * 24, <f64>y, 8);
      store<f64>(out + <usize>place * 24, here, 16);
      found = min(found + 1, most);
    }
  return found;
}
