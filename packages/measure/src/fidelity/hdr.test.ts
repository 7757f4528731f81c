import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../RgbImage.js';
import { gaussianNoise } from '../testing/noise.js';
import { hdrFidelity } from './hdr.js';
import { decodePq, encodePq } from './pq.js';
import { psnr } from './psnr.js';
import { encodePu21 } from './pu21.js';

describe('encodePq', () => {
  it.each([
    // 203 cd/m² is the 58 % of ITU-R BT.2408, table 1. The formula gives 7·10⁻⁷ for 0, which ST 2084 rounds away.
    [0, 0, 5],
    [100, 0.508, 3],
    [203, 0.581, 3],
    [1000, 0.752, 3],
    [10_000, 1, 12],
  ])('gives %f cd/m² the published code value %f', (luminance, code, digits) => {
    expect(encodePq(luminance)).toBeCloseTo(code, digits);
  });

  it('is undone by decodePq', () => {
    for (const luminance of [0.01, 0.5, 18, 203, 4000]) {
      expect(decodePq(encodePq(luminance)) / luminance).toBeCloseTo(1, 9);
    }
  });

  it('refuses codes outside [0, 1] on the way back', () => {
    expect(() => decodePq(1.01)).toThrow(/code/);
    expect(() => decodePq(Number.NaN)).toThrow(/code/);
  });
});

describe('encodePu21', () => {
  it('puts 100 cd/m² at 256 and 10000 cd/m² at 595, as published', () => {
    expect(Math.abs(encodePu21(100) - 256)).toBeLessThan(1);
    expect(Math.abs(encodePu21(10_000) - 595)).toBeLessThan(1);
    // The lower end of its range is the scale's zero.
    expect(Math.abs(encodePu21(0.005))).toBeLessThan(0.01);
  });

  it('rises throughout its range', () => {
    let before = -1;
    for (let l = 0.006; l < 10_000; l *= 1.1) {
      expect(encodePu21(l)).toBeGreaterThan(before);
      before = encodePu21(l);
    }
  });
});

describe('hdrFidelity', () => {
  const flat = (value: number): RgbImage => ({
    width: 16,
    height: 16,
    data: new Float32Array(16 * 16 * 3).fill(value),
  });

  it('is the closed form for flat pictures', () => {
    const { puPsnr, pqPsnr } = hdrFidelity(flat(110), flat(100));
    // The luminance weights sum to 1; float32 holds 110 and 100 exactly.
    expect(puPsnr).toBeCloseTo(20 * Math.log10(256 / (encodePu21(110) - encodePu21(100))), 9);
    expect(pqPsnr).toBeCloseTo(-20 * Math.log10(encodePq(110) - encodePq(100)), 9);
  });

  it('finds equal pictures equal', () => {
    const { puPsnr, puSsim } = hdrFidelity(flat(5), flat(5));
    expect(puPsnr).toBe(Number.POSITIVE_INFINITY);
    expect(puSsim).toBeCloseTo(1, 12);
  });

  it('weighs an error in the shadows that linear values hide', () => {
    const noise = gaussianNoise(3);
    const truth = { ...flat(0), data: flat(0).data.map((_, i) => (i < 384 ? 0.5 : 2000)) };
    const shadow = { ...truth, data: truth.data.map((v) => (v < 1 ? Math.max(v + 0.2 * noise(), 0) : v)) };
    const bright = { ...truth, data: truth.data.map((v) => (v > 1 ? v + 0.2 * noise() : v)) };
    const scaled = (picture: RgbImage) => ({ ...picture, data: picture.data.map((v) => v / 2000) });
    // In linear values both errors are the same.
    expect(
      Math.abs(psnr(scaled(shadow), scaled(truth), 0) - psnr(scaled(bright), scaled(truth), 0)),
    ).toBeLessThan(2);
    expect(hdrFidelity(shadow, truth).puPsnr).toBeLessThan(hdrFidelity(bright, truth).puPsnr - 30);
  });

  it('refuses a picture without light: its scale is wrong', () => {
    expect(() => hdrFidelity(flat(0), flat(0))).toThrow(/cd\/m²/);
  });
});
