/**
 * Discrete Fourier transforms in place, radix 2 (Cooley and Tukey 1965): X[k] = Σ x[j] exp(−2πi jk/n), not scaled.
 * Made for pupils: squares whose rows are often empty.
 */
export class Fft {
  private readonly cos: Float64Array;
  private readonly sin: Float64Array;
  private readonly reversed: Uint32Array;
  private readonly columnRe: Float64Array;
  private readonly columnIm: Float64Array;

  /** @param n length, a power of 2 from 2 on */
  constructor(readonly n: number) {
    if (n < 2 || (n & (n - 1)) !== 0) throw new RangeError(`FFT of length ${n}; it has to be a power of 2.`);
    this.cos = new Float64Array(n / 2);
    this.sin = new Float64Array(n / 2);
    for (let i = 0; i < n / 2; i++) {
      this.cos[i] = Math.cos((2 * Math.PI * i) / n);
      this.sin[i] = -Math.sin((2 * Math.PI * i) / n);
    }
    this.reversed = new Uint32Array(n);
    for (let i = 1, bit = n >> 1; i < n; i++)
      this.reversed[i] = (this.reversed[i >> 1] >> 1) | ((i & 1) === 1 ? bit : 0);
    this.columnRe = new Float64Array(n);
    this.columnIm = new Float64Array(n);
  }

  /** One row of n values that begins at `offset`. */
  line(re: Float64Array, im: Float64Array, offset = 0): void {
    const { n, cos, sin, reversed } = this;
    for (let i = 0; i < n; i++) {
      const j = reversed[i];
      if (j > i) {
        const a = offset + i;
        const b = offset + j;
        const swapRe = re[a];
        const swapIm = im[a];
        re[a] = re[b];
        im[a] = im[b];
        re[b] = swapRe;
        im[b] = swapIm;
      }
    }
    for (let half = 1; half < n; half *= 2) {
      const stride = n / (2 * half);
      for (let start = 0; start < n; start += 2 * half) {
        for (let k = 0; k < half; k++) {
          const a = offset + start + k;
          const b = a + half;
          const c = cos[k * stride];
          const s = sin[k * stride];
          const re1 = re[b] * c - im[b] * s;
          const im1 = re[b] * s + im[b] * c;
          re[b] = re[a] - re1;
          im[b] = im[a] - im1;
          re[a] += re1;
          im[a] += im1;
        }
      }
    }
  }

  /**
   * A square of n × n values, row by row.
   * @param reach only the columns up to this far from column 0, to both sides around, are finished; all where it is left out
   */
  square(re: Float64Array, im: Float64Array, reach = this.n / 2): void {
    const { n, columnRe, columnIm } = this;
    for (let row = 0; row < n; row++) {
      let empty = true;
      for (let i = row * n; i < (row + 1) * n && empty; i++) empty = re[i] === 0 && im[i] === 0;
      if (!empty) this.line(re, im, row * n);
    }
    for (let column = 0; column < n; column++) {
      if (column > reach && n - column > reach) continue;
      for (let row = 0, i = column; row < n; row++, i += n) {
        columnRe[row] = re[i];
        columnIm[row] = im[i];
      }
      this.line(columnRe, columnIm);
      for (let row = 0, i = column; row < n; row++, i += n) {
        re[i] = columnRe[row];
        im[i] = columnIm[row];
      }
    }
  }
}
