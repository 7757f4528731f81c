import { expect, it } from 'vitest';
import { Fft } from './fft.js';

/** A fixed, structureless series. */
const sample = (i: number) => Math.sin(12.9898 * (i + 1)) * 0.7 + Math.cos(3.7 * i * i);

it('equals the sum that defines the discrete Fourier transform', () => {
  const n = 32;
  const re = Float64Array.from({ length: n }, (_, i) => sample(i));
  const im = Float64Array.from({ length: n }, (_, i) => sample(i + 100));
  const [inRe, inIm] = [re.slice(), im.slice()];
  new Fft(n).line(re, im);
  for (let k = 0; k < n; k++) {
    let [sumRe, sumIm] = [0, 0];
    for (let j = 0; j < n; j++) {
      const angle = (-2 * Math.PI * j * k) / n;
      sumRe += inRe[j] * Math.cos(angle) - inIm[j] * Math.sin(angle);
      sumIm += inRe[j] * Math.sin(angle) + inIm[j] * Math.cos(angle);
    }
    expect(re[k]).toBeCloseTo(sumRe, 11);
    expect(im[k]).toBeCloseTo(sumIm, 11);
  }
});

it('transforms a square in both directions, and only the columns asked for', () => {
  const n = 16;
  const re = new Float64Array(n * n);
  const im = new Float64Array(n * n);
  // A wave of 3 periods down and 2 across: one point at row 3, column 2.
  for (let y = 0; y < n; y++) {
    for (let x = 0; x < n; x++) {
      re[y * n + x] = Math.cos((2 * Math.PI * (3 * y + 2 * x)) / n);
      im[y * n + x] = Math.sin((2 * Math.PI * (3 * y + 2 * x)) / n);
    }
  }
  const [partRe, partIm] = [re.slice(), im.slice()];
  new Fft(n).square(re, im);
  for (let i = 0; i < n * n; i++) {
    expect(re[i]).toBeCloseTo(i === 3 * n + 2 ? n * n : 0, 10);
    expect(im[i]).toBeCloseTo(0, 10);
  }
  new Fft(n).square(partRe, partIm, 3);
  for (let y = 0; y < n; y++)
    for (const x of [0, 1, 2, 3, n - 3, n - 2, n - 1]) expect(partRe[y * n + x]).toBe(re[y * n + x]);
});

it('refuses a length that is no power of 2', () => {
  expect(() => new Fft(24)).toThrow(RangeError);
});
