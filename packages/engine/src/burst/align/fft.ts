/** Complex numbers, the imaginary parts after the real ones' array. */
export interface Spectrum {
  readonly size: number;
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** Cosines and sines of a circle cut into `size` parts; rounded, so that no engine's last bit shows. */
function circle(size: number): { cos: Float32Array; sin: Float32Array } {
  const cos = Float32Array.from({ length: size / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / size));
  const sin = Float32Array.from({ length: size / 2 }, (_, i) => Math.sin((2 * Math.PI * i) / size));
  return { cos, sin };
}

const circles = new Map<number, ReturnType<typeof circle>>();

/** Lines of `size` numbers `step` apart, one beginning at each of `starts`, transformed in place (Cooley and Tukey, radix 2). */
function transformLine(re: Float64Array, im: Float64Array, start: number, step: number, size: number, sign: number): void {
  let table = circles.get(size);
  if (table === undefined) {
    table = circle(size);
    circles.set(size, table);
  }
  const { cos, sin } = table;
  for (let i = 1, j = 0; i < size; i++) {
    let bit = size >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      const [p, q] = [start + i * step, start + j * step];
      const [r, s] = [re[p]!, im[p]!];
      re[p] = re[q]!;
      im[p] = im[q]!;
      re[q] = r;
      im[q] = s;
    }
  }
  for (let half = 1; half < size; half *= 2) {
    const turn = size / (2 * half);
    for (let k = 0; k < half; k++) {
      const c = cos[k * turn]!;
      const s = sign * sin[k * turn]!;
      for (let i = k; i < size; i += 2 * half) {
        const p = start + i * step;
        const q = p + half * step;
        const r = re[q]! * c - im[q]! * s;
        const t = re[q]! * s + im[q]! * c;
        re[q] = re[p]! - r;
        im[q] = im[p]! - t;
        re[p] = re[p]! + r;
        im[p] = im[p]! + t;
      }
    }
  }
}

/** The two-dimensional Fourier transform of `size × size` numbers in place; `sign` -1 forward, 1 backward without norm. */
export function transform({ size, re, im }: Spectrum, sign: -1 | 1): void {
  for (let y = 0; y < size; y++) transformLine(re, im, y * size, 1, size, sign);
  for (let x = 0; x < size; x++) transformLine(re, im, x, size, size, sign);
}
