import { describe, expect, it } from 'vitest';
import { MeasureError } from '../MeasureError.js';
import type { RgbImage } from '../RgbImage.js';
import { psnr } from './psnr.js';

const filled = (value: number): RgbImage => ({
  width: 10,
  height: 8,
  data: new Float32Array(10 * 8 * 3).fill(value),
});

describe('psnr', () => {
  it('is 20·log10(peak/error) for a constant error', () => {
    // 0.5 and 0.25 are exact in float32, so the closed form holds to rounding.
    expect(psnr(filled(0.5), filled(0.25), 0)).toBeCloseTo(20 * Math.log10(4), 12);
  });

  it('averages the squared error over the three channels together', () => {
    const image = filled(0);
    for (let i = 0; i < image.data.length; i += 3) image.data[i] = 0.5;
    expect(psnr(image, filled(0), 0)).toBeCloseTo(-10 * Math.log10(0.25 / 3), 12);
  });

  it('does not look at the border', () => {
    const image = filled(0.5);
    for (let y = 0; y < 8; y++) {
      for (let x = 0; x < 10; x++) {
        if (x < 2 || y < 2 || x >= 8 || y >= 6) image.data.fill(9, (y * 10 + x) * 3, (y * 10 + x) * 3 + 3);
      }
    }
    expect(psnr(image, filled(0.5), 2)).toBe(Number.POSITIVE_INFINITY);
    expect(psnr(image, filled(0.5), 1)).toBeLessThan(0);
  });

  it('refuses images of different size', () => {
    expect(() => psnr(filled(0), { width: 8, height: 10, data: new Float32Array(240) }, 0)).toThrow(
      MeasureError,
    );
  });
});
