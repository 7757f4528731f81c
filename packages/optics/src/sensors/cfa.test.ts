import { describe, expect, it } from 'vitest';
import { EXAMPLE_SENSOR } from '../testing/exampleSensor.js';
import { CFA_NAMES, cfaOf, colorAt, samplesOf } from './cfa.js';
import type { CfaName } from './SensorModel.js';

describe('colour filter arrays', () => {
  it('have the kind that raw frames know them by', () => {
    const kinds = CFA_NAMES.map((name) => [name, cfaOf(name).kind]);
    expect(Object.fromEntries(kinds)).toEqual({
      rggb: 'bayer',
      grbg: 'bayer',
      gbrg: 'bayer',
      bggr: 'bayer',
      'quad-rggb': 'quad-bayer',
      'x-trans': 'x-trans',
      mono: 'other',
    });
  });

  it('begin with the colours of their name', () => {
    for (const name of ['rggb', 'grbg', 'gbrg', 'bggr'] as const) {
      const colours = [0, 1, 2, 3].map((i) => 'rgb'[colorAt(name, i % 2, i >> 1)]);
      expect(colours.join('')).toBe(name);
    }
  });

  it('give the same colour by place as by pattern, everywhere', () => {
    for (const name of CFA_NAMES) {
      const { width, height, pattern } = cfaOf(name);
      for (let i = 0; i < 144; i++) {
        const [x, y] = [i % 12, Math.floor(i / 12)];
        expect(colorAt(name, x, y)).toBe(pattern[(y % height) * width + (x % width)]);
      }
    }
  });

  it('X-Trans: every row and column has all colours, and greens stand in squares of four', () => {
    for (let i = 0; i < 6; i++) {
      const along = [0, 1, 2, 3, 4, 5];
      expect(new Set(along.map((k) => colorAt('x-trans', k, i))).size).toBe(3);
      expect(new Set(along.map((k) => colorAt('x-trans', i, k))).size).toBe(3);
    }
    let squares = 0;
    for (let i = 0; i < 36; i++) {
      const [x, y] = [i % 6, Math.floor(i / 6)];
      if ([0, 1, 2, 3].every((k) => colorAt('x-trans', x + (k & 1), y + (k >> 1)) === 1)) squares++;
    }
    expect(squares).toBe(4);
  });

  it('quad Bayer summed by two is Bayer, of half the sides', () => {
    expect(cfaOf('quad-rggb', 2)).toEqual(cfaOf('rggb'));
    expect(colorAt('quad-rggb', 1, 1, 2)).toBe(colorAt('quad-rggb', 2, 2));
    expect(samplesOf({ ...EXAMPLE_SENSOR, width: 513, height: 385, cfa: 'quad-rggb', binning: 2 })).toEqual({
      width: 256,
      height: 192,
    });
  });

  it('other colours cannot be summed, and unknown names are told', () => {
    expect(() => cfaOf('rggb', 2)).toThrow(/binning: 2 is not possible with rggb/);
    expect(() => cfaOf('x-trans', 2)).toThrow(/quad-rggb and mono/);
    expect(() => cfaOf('rgbw' as CfaName)).toThrow(/cfa: "rgbw" is not .* rggb, grbg/);
    expect(() => cfaOf('toString' as CfaName)).toThrow(/cfa:/);
  });
});
