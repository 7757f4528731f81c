/** `size × size` complex numbers, row by row. */
export interface Spectrum {
  readonly size: number;
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** What transforms of one size go by. */
export interface Tables {
  /** Cosines and sines of a circle cut into `size` parts; rounded, so that no engine's last bit shows. */
  readonly cos: Float32Array;
  readonly sin: Float32Array;
  /** The place of each number in the order of reversed bits. */
  readonly order: Uint16Array;
}

const known = new Map<number, Tables>();

/** The tables of a size, a power of two. */
export function tablesOf(size: number): Tables {
  let tables = known.get(size);
  if (tables === undefined) {
    const bits = 31 - Math.clz32(size);
    const circle = (of: (angle: number) => number): Float32Array =>
      Float32Array.from({ length: size / 2 }, (_, i) => of((2 * Math.PI * i) / size));
    const order = Uint16Array.from({ length: size }, (_, i) => {
      let reversed = 0;
      for (let bit = 0; bit < bits; bit++) if (i & (1 << bit)) reversed |= 1 << (bits - 1 - bit);
      return reversed;
    });
    tables = { cos: circle(Math.cos), sin: circle(Math.sin), order };
    known.set(size, tables);
  }
  return tables;
}

/** One row transformed in place (Cooley and Tukey, radix 2). */
function transformRow(
  re: Float64Array,
  im: Float64Array,
  start: number,
  size: number,
  sign: number,
  { cos, sin, order }: Tables,
): void {
  for (let i = 0; i < size; i++) {
    const j = order[i]!;
    if (i >= j) continue;
    const p = start + i;
    const q = start + j;
    const r = re[p]!;
    const s = im[p]!;
    re[p] = re[q]!;
    im[p] = im[q]!;
    re[q] = r;
    im[q] = s;
  }
  for (let half = 1; half < size; half *= 2) {
    const turn = size / (2 * half);
    for (let block = 0; block < size; block += 2 * half)
      for (let k = 0; k < half; k++) {
        const c = cos[k * turn]!;
        const s = sign * sin[k * turn]!;
        const p = start + block + k;
        const q = p + half;
        const r = re[q]! * c - im[q]! * s;
        const t = re[q]! * s + im[q]! * c;
        re[q] = re[p]! - r;
        im[q] = im[p]! - t;
        re[p] = re[p]! + r;
        im[p] = im[p]! + t;
      }
  }
}

function transpose(data: Float64Array, size: number): void {
  for (let y = 0; y < size; y++)
    for (let x = 0; x < y; x++) {
      const t = data[y * size + x]!;
      data[y * size + x] = data[x * size + y]!;
      data[x * size + y] = t;
    }
}

/**
 * The two-dimensional Fourier transform in place, columns and rows changed over: forward and backward bring them back.
 * @param sign -1 forward, 1 backward, without norm
 * @param filled rows that are not all zero
 */
export function transform({ size, re, im }: Spectrum, sign: -1 | 1, filled = size): void {
  const tables = tablesOf(size);
  for (let y = 0; y < filled; y++) transformRow(re, im, y * size, size, sign, tables);
  transpose(re, size);
  transpose(im, size);
  for (let y = 0; y < size; y++) transformRow(re, im, y * size, size, sign, tables);
}
