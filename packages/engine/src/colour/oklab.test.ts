import { describe, expect, it } from 'vitest';
import { apply, type Vector3 } from './matrix3.js';
import { oklabOf, rec2020OfOklab } from './oklab.js';
import { REC2020, rgbToRgb, SRGB } from './spaces.js';

describe('Oklab', () => {
  it('is what its author publishes for sRGB’s primaries', () => {
    const ofSrgb = (rgb: Vector3): Vector3 => oklabOf(apply(rgbToRgb(SRGB, REC2020), rgb));
    // Ottosson 2020 by way of CSS Color 4, whose tests give L, C and h of red, lime and blue to four digits.
    for (const [rgb, lightness, chroma, hue] of [
      [[1, 0, 0], 0.628, 0.2577, 29.23],
      [[0, 1, 0], 0.8664, 0.2948, 142.5],
      [[0, 0, 1], 0.452, 0.3132, 264.05],
    ] as const) {
      const [l, a, b] = ofSrgb(rgb);
      expect(l).toBeCloseTo(lightness, 3);
      expect(Math.hypot(a, b)).toBeCloseTo(chroma, 3);
      expect(((Math.atan2(b, a) * 180) / Math.PI + 360) % 360).toBeCloseTo(hue, 1);
    }
  });

  it('white is 1, 0, 0 and greys have no colour', () => {
    for (const grey of [0.01, 0.18, 1]) {
      const [l, a, b] = oklabOf([grey, grey, grey]);
      // The published matrices have ten digits, and our white is theirs to four.
      expect(l).toBeCloseTo(Math.cbrt(grey), 3);
      expect(Math.hypot(a, b)).toBeLessThan(1e-4);
    }
  });

  it('comes back', () => {
    for (const colour of [
      [0.2, 0.5, 0.9],
      [1, 0, 0],
      [0, 0, 0],
    ] as Vector3[])
      rec2020OfOklab(oklabOf(colour)).forEach((value, i) => {
        expect(value).toBeCloseTo(colour[i]!, 12);
      });
  });
});
