/** In-place Fourier transform of `n` complex values that lie `stride` apart; `n` is a power of two (Cooley and Tukey). */
function transform(re: Float64Array, im: Float64Array, start: number, stride: number, n: number): void {
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; (j & bit) !== 0; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i >= j) continue;
    const [a, b] = [start + i * stride, start + j * stride];
    [re[a], re[b]] = [re[b]!, re[a]!];
    [im[a], im[b]] = [im[b]!, im[a]!];
  }
  for (let length = 2; length <= n; length *= 2) {
    const half = length / 2;
    for (let k = 0; k < half; k++) {
      const angle = (-2 * Math.PI * k) / length;
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      for (let block = 0; block < n; block += length) {
        const a = start + (block + k) * stride;
        const b = a + half * stride;
        const r = re[b]! * c - im[b]! * s;
        const i = re[b]! * s + im[b]! * c;
        re[b] = re[a]! - r;
        im[b] = im[a]! - i;
        re[a]! += r;
        im[a]! += i;
      }
    }
  }
}

/** Two-dimensional Fourier transform of an n × n square, in place; `n` is a power of two. */
export function fft2d(re: Float64Array, im: Float64Array, n: number): void {
  for (let y = 0; y < n; y++) transform(re, im, y * n, 1, n);
  for (let x = 0; x < n; x++) transform(re, im, x, n, n);
}
