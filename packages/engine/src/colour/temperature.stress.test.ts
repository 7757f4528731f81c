import type { Chromaticity } from '@photosite/raw';
import fc from 'fast-check';
fc.configureGlobal({ numRuns: 3000, interruptAfterTimeLimit: 10000 });
import { describe, expect, it } from 'vitest';
import { D50, D65 } from './spaces.js';
import { chromaticityOfTemperature, kelvinOfLightSource, temperatureOfChromaticity } from './temperature.js';

/** CIE 1960 uv. */
function uvOf({ x, y }: Chromaticity): readonly [u: number, v: number] {
  const d = -2 * x + 12 * y + 3;
  return [(4 * x) / d, (6 * y) / d];
}

/**
 * The Planckian locus by Krystek's approximation ("An algorithm to calculate correlated colour temperature", Color
 * Research and Application 10, 1985): within 9e-5 in uv from 1000 K to 15000 K.
 */
function krystek(t: number): readonly [u: number, v: number] {
  return [
    (0.860117757 + 1.54118254e-4 * t + 1.28641212e-7 * t * t) /
      (1 + 8.42420235e-4 * t + 7.08145163e-7 * t * t),
    (0.317398726 + 4.22806245e-5 * t + 4.20481691e-8 * t * t) /
      (1 - 2.89741816e-5 * t + 1.61456053e-7 * t * t),
  ];
}

describe('correlated colour temperature', () => {
  // CIE 15:2004, table T.3: chromaticities of the illuminants for the 2° observer and their temperatures.
  it.each([
    ['A', { x: 0.44757, y: 0.40745 }, 2856],
    ['D50', { x: 0.34567, y: 0.3585 }, 5003],
    ['D55', { x: 0.33242, y: 0.34743 }, 5503],
    ['D65', { x: 0.31272, y: 0.32903 }, 6504],
    ['D75', { x: 0.29902, y: 0.31485 }, 7504],
  ] as const)('of illuminant %s is the published one', (_name, white, kelvin) => {
    const mired = 1e6 / temperatureOfChromaticity(white).kelvin;
    // Robertson's table is linear between its isotherms: about 0.5 reciprocal megakelvin, with five digits of x and y.
    expect(Math.abs(mired - 1e6 / kelvin)).toBeLessThan(0.5);
  });

  it('without a tint lies on the Planckian locus', () => {
    for (let kelvin = 1700; kelvin <= 15000; kelvin *= 1.03) {
      const [u, v] = uvOf(chromaticityOfTemperature({ kelvin, tint: 0 }));
      const [ku, kv] = krystek(kelvin);
      // Krystek's own error and the sagitta of the chords between isotherms.
      expect(Math.hypot(u - ku, v - kv)).toBeLessThan(2.5e-4);
    }
  });

  it('daylight is greener than a Planckian radiator: D65 has a tint near +10', () => {
    // Duv of D65 is +0.0032 (ANSI C78.377), and a tint is 1/3000.
    expect(temperatureOfChromaticity(D65).tint).toBeCloseTo(0.0032 * 3000, 0);
    expect(temperatureOfChromaticity(D50).tint).toBeGreaterThan(5);
  });

  it('a tint is a distance of 1/3000 across the locus in uv', () => {
    for (const kelvin of [2000, 2856, 5000, 6504, 12000]) {
      const on = uvOf(chromaticityOfTemperature({ kelvin, tint: 0 }));
      for (const tint of [-120, -30, 30, 120]) {
        const off = uvOf(chromaticityOfTemperature({ kelvin, tint }));
        expect(Math.hypot(off[0] - on[0], off[1] - on[1])).toBeCloseTo(Math.abs(tint) / 3000, 10);
        // Greenish lies above the locus.
        expect(Math.sign(off[1] - on[1])).toBe(Math.sign(tint));
      }
    }
  });

  it('temperature and tint go to a chromaticity and back over the whole range of the recipe', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1700, max: 25000, noNaN: true }),
        fc.double({ min: -150, max: 150, noNaN: true }),
        (kelvin, tint) => {
          const back = temperatureOfChromaticity(chromaticityOfTemperature({ kelvin, tint }));
          expect(Math.abs(back.kelvin / kelvin - 1)).toBeLessThan(1e-6);
          expect(Math.abs(back.tint - tint)).toBeLessThan(1e-4);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('hotter is bluer: x falls all the way', () => {
    let last = Infinity;
    for (let kelvin = 1700; kelvin < 25000; kelvin += 50) {
      const { x } = chromaticityOfTemperature({ kelvin, tint: 0 });
      expect(x).toBeLessThan(last);
      last = x;
    }
  });

  it('any chromaticity at all has a finite temperature within the table', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.05, max: 0.8, noNaN: true }),
        fc.double({ min: 0.05, max: 0.8, noNaN: true }),
        (x, y) => {
          const { kelvin, tint } = temperatureOfChromaticity({ x, y });
          expect(kelvin).toBeGreaterThanOrEqual(1e6 / 600.001);
          expect(kelvin).toBeLessThanOrEqual(1e6);
          expect(Number.isFinite(tint)).toBe(true);
        },
      ),
    );
  });
});

describe('Exif light sources', () => {
  it('have the temperatures of the standard illuminants', () => {
    // Exif 2.32, LightSource: 17 is standard light A, 20 to 23 are D55, D65, D75 and D50.
    expect([17, 20, 21, 22, 23].map(kelvinOfLightSource)).toEqual([2856, 5503, 6504, 7504, 5003]);
  });

  it('unknown, other and undefined codes have none', () => {
    expect([0, 255, 5, 99].map(kelvinOfLightSource)).toEqual([undefined, undefined, undefined, undefined]);
  });
});
