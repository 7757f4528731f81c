import { describe, expect, it } from 'vitest';
import { D50, xyzToLab } from './lab.js';
import { decodeSrgb, encodeSrgb } from './srgb.js';

describe('xyzToLab', () => {
  it('gives the white L* = 100 and black 0, both neutral', () => {
    expect(xyzToLab(D50, D50)).toEqual([100, 0, 0]);
    expect(xyzToLab([0, 0, 0], D50).map((v) => Math.round(v * 1e9) / 1e9)).toEqual([0, 0, 0]);
  });

  it('gives 18.4187 % grey L* = 50', () => {
    const y = ((50 + 16) / 116) ** 3;
    expect(xyzToLab([D50[0] * y, y, D50[2] * y], D50)[0]).toBeCloseTo(50, 12);
    expect(y).toBeCloseTo(0.184187, 6);
  });
});

describe('the sRGB curve', () => {
  it('meets the standard at its ends and its knee', () => {
    expect(encodeSrgb(0)).toBe(0);
    expect(encodeSrgb(1)).toBeCloseTo(1, 12);
    // IEC 61966-2-1 rounds the knee: the two branches meet within 3e-8 there.
    expect(encodeSrgb(0.0031308)).toBeCloseTo(0.04045, 5);
  });

  it('decodes what it encodes', () => {
    for (let i = 0; i <= 1000; i++) expect(decodeSrgb(encodeSrgb(i / 1000))).toBeCloseTo(i / 1000, 9);
  });
});
