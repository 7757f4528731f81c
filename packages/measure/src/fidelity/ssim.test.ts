import { describe, expect, it } from 'vitest';
import { MeasureError } from '../MeasureError.js';
import type { RgbImage } from '../RgbImage.js';
import { ssim } from './ssim.js';

function image(width: number, height: number, value: (x: number, y: number, c: number) => number): RgbImage {
  const data = new Float32Array(width * height * 3);
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / 3);
    data[i] = value(pixel % width, Math.floor(pixel / width), i % 3);
  }
  return { width, height, data };
}

/** Equation 13 of Wang et al. 2004, window by window and weight by weight. */
function ssimByDefinition(a: RgbImage, b: RgbImage): number {
  const w = (dx: number, dy: number) => Math.exp(-(dx * dx + dy * dy) / (2 * 1.5 * 1.5));
  let sum = 0;
  let count = 0;
  for (let c = 0; c < 3; c++) {
    for (let y = 5; y < a.height - 5; y++) {
      for (let x = 5; x < a.width - 5; x++) {
        let [total, ma, mb] = [0, 0, 0];
        const each = (visit: (weight: number, p: number, q: number) => void) => {
          for (let dy = -5; dy <= 5; dy++) {
            for (let dx = -5; dx <= 5; dx++) {
              const i = ((y + dy) * a.width + x + dx) * 3 + c;
              visit(w(dx, dy), a.data[i]!, b.data[i]!);
            }
          }
        };
        each((weight, p, q) => {
          total += weight;
          ma += weight * p;
          mb += weight * q;
        });
        ma /= total;
        mb /= total;
        let [va, vb, vab] = [0, 0, 0];
        each((weight, p, q) => {
          va += (weight / total) * (p - ma) ** 2;
          vb += (weight / total) * (q - mb) ** 2;
          vab += (weight / total) * (p - ma) * (q - mb);
        });
        sum += ((2 * ma * mb + 1e-4) * (2 * vab + 9e-4)) / ((ma * ma + mb * mb + 1e-4) * (va + vb + 9e-4));
        count++;
      }
    }
  }
  return sum / count;
}

describe('ssim', () => {
  const textured = image(19, 17, (x, y, c) => 0.5 + 0.4 * Math.sin(x * (1 + c) + y * y * 0.3));
  const other = image(19, 17, (x, y, c) => 0.45 + 0.3 * Math.sin(x * (1 + c) + y * y * 0.3 + 0.5) + 0.01 * y);

  it('is 1 for equal images', () => {
    // Rounding of the variance's difference form at 1e-16, divided by C2.
    expect(ssim(textured, textured, 0)).toBeCloseTo(1, 12);
  });

  it('is the luminance term alone for two flat images', () => {
    const expected = (2 * 0.25 * 0.75 + 1e-4) / (0.25 ** 2 + 0.75 ** 2 + 1e-4);
    expect(
      ssim(
        image(12, 12, () => 0.25),
        image(12, 12, () => 0.75),
        0,
      ),
    ).toBeCloseTo(expected, 12);
  });

  it('equals the definition evaluated window by window', () => {
    expect(ssim(textured, other, 0)).toBeCloseTo(ssimByDefinition(textured, other), 10);
  });

  it('does not look at the border', () => {
    const spoilt = { ...textured, data: textured.data.slice() };
    for (let x = 0; x < 19 * 3; x++) spoilt.data[x] = 9;
    expect(ssim(spoilt, textured, 2)).toBeCloseTo(1, 12);
  });

  it('refuses pictures smaller than its window', () => {
    const small = image(10, 30, () => 0);
    expect(() => ssim(small, small, 0)).toThrow(MeasureError);
  });
});
