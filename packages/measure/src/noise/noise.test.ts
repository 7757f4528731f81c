import { describe, expect, it } from 'vitest';
import { MeasureError } from '../MeasureError.js';
import type { RgbImage } from '../RgbImage.js';
import { gaussianNoise } from '../testing/noise.js';
import { dynamicRange, incrementalSnr, type OecfPatch } from './dynamicRange.js';
import { framesNoise } from './framesNoise.js';
import { photonTransfer } from './photonTransfer.js';
import { regionNoise } from './regionNoise.js';

function picture(
  width: number,
  height: number,
  value: (x: number, y: number, c: number) => number,
): RgbImage {
  const data = new Float32Array(width * height * 3);
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / 3);
    data[i] = value(pixel % width, Math.floor(pixel / width), i % 3);
  }
  return { width, height, data };
}

describe('regionNoise', () => {
  const sigmas = [0.03, 0.02, 0.01];

  it('gives mean, deviation and SNR of each channel, and weighs luminance and colour as the standard does', () => {
    const random = gaussianNoise(1);
    const noise = regionNoise(picture(200, 200, (_x, _y, c) => 0.5 + sigmas[c]! * random()));
    // 40000 samples: a deviation is known to 1/√80000 = 0.35 %; three times that.
    for (const [i, channel] of [noise.red, noise.green, noise.blue].entries()) {
      expect(Math.abs(channel.sigma / sigmas[i]! - 1)).toBeLessThan(0.0106);
      expect(Math.abs(channel.snr / (0.5 / sigmas[i]!) - 1)).toBeLessThan(0.0106);
    }
    const [r, g, b] = [0.2126, 0.7152, 0.0722];
    const variance = (wr: number, wg: number, wb: number) =>
      (wr * 0.03) ** 2 + (wg * 0.02) ** 2 + (wb * 0.01) ** 2;
    const luminance = variance(r, g, b);
    const expected = Math.sqrt(luminance + 0.279 * variance(1 - r, g, b) + 0.088 * variance(r, g, 1 - b));
    expect(Math.abs(noise.luminance.sigma / Math.sqrt(luminance) - 1)).toBeLessThan(0.0106);
    expect(Math.abs(noise.weightedSigma / expected - 1)).toBeLessThan(0.0106);
  });

  it('does not count uneven light as noise, unless it is asked to', () => {
    const random = gaussianNoise(2);
    const shaded = picture(120, 80, (x, y) => 0.5 + x / 400 - ((y - 40) / 120) ** 2 + 0.01 * random());
    // 9600 samples: 0.72 % for one deviation; three times that.
    expect(Math.abs(regionNoise(shaded).green.sigma / 0.01 - 1)).toBeLessThan(0.022);
    expect(regionNoise(shaded, { flatten: false }).green.sigma).toBeGreaterThan(0.05);
  });

  it('refuses a region that is outside or too small', () => {
    const flat = picture(20, 20, () => 0.5);
    expect(() => regionNoise(flat, { region: { left: 15, top: 0, width: 10, height: 10 } })).toThrow(
      MeasureError,
    );
    expect(() => regionNoise(flat, { region: { left: 0, top: 0, width: 5, height: 5 } })).toThrow(/64/);
  });
});

describe('framesNoise', () => {
  it('tells temporal noise from the fixed pattern', () => {
    const pattern = gaussianNoise(3);
    const fixed = picture(100, 100, () => 0.4 + 0.01 * pattern());
    const random = gaussianNoise(4);
    const frames = Array.from({ length: 8 }, () => ({
      ...fixed,
      data: fixed.data.map((value) => value + 0.02 * random()),
    }));
    const { total, temporal, fixedPattern } = framesNoise(frames);
    // 10000 pixels in 8 frames: 0.27 % for the temporal deviation, about 1 % for the pattern; three times that.
    expect(Math.abs(temporal.green.sigma / 0.02 - 1)).toBeLessThan(0.008);
    expect(Math.abs(fixedPattern.green.sigma / 0.01 - 1)).toBeLessThan(0.03);
    expect(Math.abs(total.green.sigma / Math.hypot(0.01, 0.02) - 1)).toBeLessThan(0.01);
    expect(total.green.snr).toBeCloseTo(total.green.mean / total.green.sigma, 9);
  });

  it('refuses a single frame and frames of different size', () => {
    const flat = picture(20, 20, () => 0.5);
    expect(() => framesNoise([flat])).toThrow(/frames/);
    expect(() => framesNoise([flat, picture(20, 21, () => 0.5)])).toThrow(/size/);
  });
});

/** A sensor with 10000 electrons of full well, 4 of read noise and 0.25 DN per electron. */
const [FULL_WELL, READ, GAIN] = [10_000, 4, 0.25];
const sensor = (curve: (electrons: number) => number, slope: (electrons: number) => number): OecfPatch[] =>
  Array.from({ length: 90 }, (_, i) => {
    const electrons = 2 ** (i / 6);
    const recorded = Math.min(electrons, FULL_WELL);
    return {
      light: electrons,
      level: curve(recorded),
      sigma: Math.sqrt(recorded + READ ** 2) * slope(recorded),
    };
  });
const linear = sensor(
  (e) => GAIN * e,
  () => GAIN,
);

describe('the dynamic range', () => {
  it('is full well over the light at SNR 1, by the closed form', () => {
    // SNR 1: n = √(n + r²), so n = (1 + √(1 + 4r²))/2.
    const darkest = (1 + Math.sqrt(1 + 4 * READ ** 2)) / 2;
    const range = dynamicRange(linear, GAIN * FULL_WELL);
    // Patches are a sixth of a stop apart: linear interpolation of the logarithms is off by 0.1 %.
    expect(Math.abs(range.darkest / darkest - 1)).toBeLessThan(0.002);
    expect(Math.abs(range.brightest / FULL_WELL - 1)).toBeLessThan(0.002);
    expect(range.stops).toBeCloseTo(Math.log2(FULL_WELL / darkest), 1);
    expect(range.decibels).toBeCloseTo(20 * Math.log10(range.ratio), 9);
  });

  it('at SNR 10 is that of a photographic shadow', () => {
    const darkest = (100 + Math.sqrt(1e4 + 4 * 100 * READ ** 2)) / 2;
    expect(Math.abs(dynamicRange(linear, GAIN * FULL_WELL, 10).darkest / darkest - 1)).toBeLessThan(0.002);
  });

  it('is the same through an encoding, since the incremental gain undoes it', () => {
    const encoded = sensor(
      (e) => (e / FULL_WELL) ** 0.45,
      (e) => (0.45 / FULL_WELL) * (e / FULL_WELL) ** (0.45 - 1),
    );
    const plain = incrementalSnr(linear);
    incrementalSnr(encoded)
      .slice(1, 70)
      .forEach(({ snr }, i) => {
        // The parabola through points a sixth of a stop apart misses the power's slope by about its third difference.
        expect(Math.abs(snr / plain[i + 1]!.snr - 1)).toBeLessThan(0.01);
      });
  });

  it('extends below the darkest patch by its gain and noise, as the standard does with a black patch', () => {
    const patches = [10, 20, 40].map((light) => ({ light, level: light, sigma: 2 }));
    expect(dynamicRange(patches, 1000).darkest).toBeCloseTo(2, 12);
  });

  it('refuses patches that are all clipped, too few, or too noisy', () => {
    expect(() => dynamicRange(linear, 0)).toThrow(/clipped/);
    expect(() => dynamicRange(linear.slice(0, 2), 1)).toThrow(/three/);
    const noisy = linear.slice(0, 5).map((patch) => ({ ...patch, sigma: 1e6 }));
    expect(() => dynamicRange(noisy, 1e9)).toThrow(/signal-to-noise/);
    expect(() => dynamicRange([...linear, { light: Number.NaN, level: 0, sigma: 0 }], 1)).toThrow(
      /patches\[90\]/,
    );
  });
});

describe('photonTransfer', () => {
  const flats = (means: readonly number[], fullWell = Number.POSITIVE_INFINITY) => {
    const random = gaussianNoise(5);
    const pattern = gaussianNoise(6);
    return means.map((mean) => {
      const each = Float64Array.from({ length: 40_000 }, () => mean * (1 + 0.02 * pattern()));
      const frame = () =>
        each.map((electrons) => {
          const noisy = electrons + Math.sqrt(electrons + READ ** 2) * random();
          return Math.round(GAIN * Math.min(noisy, fullWell) + 64);
        });
      return { first: frame(), second: frame() };
    });
  };

  it('gives back gain and read noise, whatever the fixed pattern', () => {
    const { gainDnPerElectron, readNoiseElectrons, points } = photonTransfer(
      flats([20, 100, 500, 1000, 2000, 4000, 6000]),
      { blackLevel: 64 },
    );
    // 40000 differences know a variance to 0.7 %; seven levels together the slope to about 0.35 %; three times that.
    expect(Math.abs(gainDnPerElectron / GAIN - 1)).toBeLessThan(0.0105);
    // Of the 36 electrons² at the darkest level 16 are read noise: 1.6 % of variance there, 0.8 % of the noise; times three.
    expect(Math.abs(readNoiseElectrons / READ - 1)).toBeLessThan(0.05);
    expect(points).toHaveLength(7);
  });

  it('leaves saturated flats out', () => {
    const pairs = flats([100, 1000, 3000, 12_000], FULL_WELL);
    const options = { blackLevel: 64, saturationLevel: GAIN * FULL_WELL + 64 };
    expect(photonTransfer(pairs, options).points).toHaveLength(3);
  });

  it('refuses pairs that do not match and a single level', () => {
    expect(() => photonTransfer([{ first: [1, 2, 3], second: [1, 2] }], { blackLevel: 0 })).toThrow(
      /pairs\[0\]/,
    );
    expect(() => photonTransfer(flats([100]), { blackLevel: 64 })).toThrow(/two light levels/);
  });
});
