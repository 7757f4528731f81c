import type { RgbImage } from '@photosite/measure';
import { describe, expect, it } from 'vitest';
import { BLACK_LEVEL, mosaic, mosaicSheet, repeatMosaic, WHITE_LEVEL } from './mosaic.js';
import { NOISE_LEVELS } from './noise.js';
import { layOut } from './tile.js';

const flat = (width: number, height: number, rgb: readonly [number, number, number]): RgbImage => ({
  width,
  height,
  data: Float32Array.from({ length: width * height * 3 }, (_, i) => rgb[i % 3]!),
});

describe('mosaic', () => {
  it('samples RGGB between black and white level', () => {
    const samples = mosaic(flat(4, 2, [0, 0.5, 1]), NOISE_LEVELS.clean, 1);
    const green = Math.round(0.5 * (WHITE_LEVEL - BLACK_LEVEL) + BLACK_LEVEL);
    const [r, b] = [BLACK_LEVEL, WHITE_LEVEL];
    expect([...samples]).toEqual([r, green, r, green, green, b, green, b]);
  });

  it.each([NOISE_LEVELS.N1, NOISE_LEVELS.N2, NOISE_LEVELS.N3])(
    'adds noise of variance S·x + O: $name',
    (level) => {
      const signal = 0.3;
      const samples = mosaic(flat(200, 200, [signal, signal, signal]), level, 9);
      const values = Array.from(samples, (s) => (s - BLACK_LEVEL) / (WHITE_LEVEL - BLACK_LEVEL));
      const n = values.length;
      const mean = values.reduce((a, b) => a + b, 0) / n;
      const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1);
      const expected = level.scale * signal + level.offset;
      // Five standard errors; quantisation adds less than 4e-10.
      expect(Math.abs(mean - signal)).toBeLessThan(5 * Math.sqrt(expected / n));
      expect(Math.abs(variance / expected - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    },
  );

  it('repeats for the same seed', () => {
    const picture = flat(16, 16, [0.2, 0.4, 0.6]);
    expect(mosaic(picture, NOISE_LEVELS.N2, 3)).toEqual(mosaic(picture, NOISE_LEVELS.N2, 3));
    expect(mosaic(picture, NOISE_LEVELS.N2, 3)).not.toEqual(mosaic(picture, NOISE_LEVELS.N2, 4));
  });
});

describe('mosaicSheet', () => {
  it('keeps every picture in phase and leaves the rest black', () => {
    const pictures = [flat(4, 4, [1, 0, 0]), flat(2, 2, [1, 0, 0])];
    const { samples, width, height } = mosaicSheet(
      pictures.map((picture) => mosaic(picture, NOISE_LEVELS.clean, 1)),
      layOut(pictures, 6),
    );
    expect([width, height]).toEqual([6, 4]);
    const red = Array.from(samples.keys()).filter((i) => samples[i] === WHITE_LEVEL);
    expect(red).toEqual([0, 2, 4, 12, 14]);
    expect(samples.filter((s) => s === BLACK_LEVEL)).toHaveLength(24 - red.length);
  });
});

describe('repeatMosaic', () => {
  it('lays the tile side by side and cuts the last', () => {
    const tile = { samples: Uint16Array.of(1, 2, 3, 4), width: 2, height: 2 };
    expect([...repeatMosaic(tile, 4, 3).samples]).toEqual([1, 2, 1, 2, 3, 4, 3, 4, 1, 2, 1, 2]);
  });
});
