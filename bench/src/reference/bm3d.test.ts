import { psnr, type RgbImage } from '@photosite/measure';
import { describe, expect, it } from 'vitest';
import { addNoise, NOISE_LEVELS } from '../truth/noise.js';
import { normal, seededRandom } from '../truth/random.js';
import { bm3d } from './bm3d.js';
import { stabiliser } from './stabilise.js';

const SIZE = 48;

function picture(value: (x: number, y: number, c: number) => number): RgbImage {
  const data = Float32Array.from({ length: SIZE * SIZE * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return value(pixel % SIZE, Math.floor(pixel / SIZE), i % 3);
  });
  return { width: SIZE, height: SIZE, data };
}

/** Tiles that repeat, which is what BM3D lives on. */
const truth = picture((x, y, c) => 0.3 + 0.3 * (Math.floor(x / 6) % 2) + 0.1 * c * (Math.floor(y / 9) % 2));

describe('bm3d', () => {
  it('gains 12 dB at a tenth of the range of noise on a picture of repeating tiles', () => {
    const random = seededRandom(1);
    const noisy = { ...truth, data: truth.data.map((v) => v + 0.1 * normal(random)) };
    expect(psnr(bm3d(noisy, 0.1, 1), truth, 0) - psnr(noisy, truth, 0)).toBeGreaterThan(12);
  });

  it('leaves a picture without noise as it is, but for what is below a tenth of the noise it was told', () => {
    // A hundredth of the range; the error may be a tenth of that: 60 dB.
    expect(psnr(bm3d(truth, 0.01, 1), truth, 0)).toBeGreaterThan(60);
  });
});

describe('the stabiliser', () => {
  it('gives noise of every level a variance of 1 and its mean back', () => {
    for (const level of [NOISE_LEVELS.N1, NOISE_LEVELS.N2, NOISE_LEVELS.N3])
      for (const signal of [0.05, 0.3, 0.8]) {
        const { forward, inverse } = stabiliser(level);
        const random = seededRandom(7);
        const values = Array.from({ length: 20000 }, () => forward(addNoise(signal, level, random)));
        const mean = values.reduce((a, b) => a + b, 0) / values.length;
        const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
        // 20,000 values tell a variance to 1 %; the transform itself is off by some per cent at few photons.
        expect(Math.abs(variance - 1)).toBeLessThan(0.08);
        // Four standard errors of the mean, and the closed form's remainder.
        const sigma = Math.sqrt(level.scale * signal + level.offset);
        expect(Math.abs(inverse(mean) - signal)).toBeLessThan(
          (4 * sigma) / Math.sqrt(20000) + 0.002 * signal,
        );
      }
  });
});
