import { describe, expect, it } from 'vitest';
import { D50, multiply3 } from './lab.js';
import { decodeSrgb, encodeSrgb, SRGB_TO_XYZ_D50, XYZ_D50_TO_SRGB } from './srgb.js';

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

describe('the sRGB matrix', () => {
  it('takes white to D50 and is the inverse of the other', () => {
    // Seven decimals are given; the D50 of the ICC has four.
    multiply3(SRGB_TO_XYZ_D50, [1, 1, 1]).forEach((value, i) => {
      expect(value).toBeCloseTo(D50[i]!, 3);
    });
    multiply3(XYZ_D50_TO_SRGB, multiply3(SRGB_TO_XYZ_D50, [0.2, 0.5, 0.9])).forEach((value, i) => {
      expect(value).toBeCloseTo([0.2, 0.5, 0.9][i]!, 5);
    });
  });
});
