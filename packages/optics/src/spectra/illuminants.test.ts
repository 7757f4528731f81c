import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { OpticsError } from '../OpticsError.js';
import {
  blackbody,
  correlatedColorTemperature,
  daylight,
  findIlluminant,
  ILLUMINANTS,
} from './illuminants.js';
import { chromaticity, whiteXyz } from './integrate.js';
import { WAVELENGTHS_NM } from './Spectrum.js';

const xyOf = (name: string) => chromaticity(whiteXyz(findIlluminant(name).spectrum));

/** Published xy for the 1931 observer: CIE 15:2004 tables T.3 and T.8 to T.10, CIE 15:2018 table 12.5 for LEDs. */
const PUBLISHED: readonly (readonly [name: string, x: number, y: number])[] = [
  ['A', 0.44758, 0.40745],
  ['C', 0.31006, 0.31616],
  ['D50', 0.34567, 0.35851],
  ['D55', 0.33243, 0.34744],
  ['D65', 0.31272, 0.32903],
  ['D75', 0.29903, 0.31488],
  ['E', 0.33333, 0.33333],
  ['FL2', 0.3721, 0.3751],
  ['FL7', 0.3129, 0.3292],
  ['FL11', 0.3805, 0.3769],
  ['HP1', 0.533, 0.415],
  ['LED-B1', 0.456, 0.4078],
  ['LED-B3', 0.3756, 0.3723],
  ['LED-RGB1', 0.4557, 0.4211],
  ['LED-V1', 0.4548, 0.4044],
];

describe('the shipped illuminants', () => {
  it.each(PUBLISHED)('%s has its published chromaticity', (name, x, y) => {
    // Published with four or five decimals; the fifth depends on whether sums are taken by 1 or 5 nm.
    const decimals = Math.max(String(x).length, String(y).length) - 2;
    const tolerance = decimals >= 5 ? 1.5e-5 : 1.1e-4;
    expect(Math.abs(xyOf(name).x - x)).toBeLessThan(tolerance);
    expect(Math.abs(xyOf(name).y - y)).toBeLessThan(tolerance);
  });

  it('have 81 samples, none negative, and words', () => {
    for (const { spectrum, description } of Object.values(ILLUMINANTS)) {
      expect(spectrum).toHaveLength(WAVELENGTHS_NM.length);
      expect(Math.min(...spectrum)).toBeGreaterThanOrEqual(0);
      expect(description.length).toBeGreaterThan(10);
    }
  });

  it('say a temperature in their description that is theirs', () => {
    const stated = Object.values(ILLUMINANTS).flatMap(({ description, spectrum }) => {
      const [, kelvin] = /(\d{4}) K/.exec(description) ?? [];
      return kelvin === undefined ? [] : [[Number(kelvin), spectrum] as const];
    });
    expect(stated.length).toBeGreaterThan(25);
    // Published to 10 K.
    for (const [kelvin, spectrum] of stated)
      expect(Math.abs(correlatedColorTemperature(whiteXyz(spectrum)) - kelvin)).toBeLessThan(11);
  });
});

const published = path.join(
  process.env.PHOTOSITE_DATA ?? '',
  'colour',
  'colour-science',
  'illuminant-chromaticities.json',
);

// Needs the colour-science data under PHOTOSITE_DATA.
describe.skipIf(!existsSync(published))('every shipped CIE illuminant', () => {
  it('has the chromaticity that colour-science lists', () => {
    const listed: Record<string, readonly [number, number]> = JSON.parse(
      readFileSync(published, 'utf8'),
    ).CCS_ILLUMINANTS_CIE_STANDARD_OBSERVER_2_DEGREE_CIE1931;
    const names = Object.keys(ILLUMINANTS).filter((name) => Object.hasOwn(listed, name));
    expect(names.length).toBeGreaterThan(30);
    for (const name of names) {
      // Four decimals as a rule.
      expect(Math.abs(xyOf(name).x - listed[name]![0]), name).toBeLessThan(1.1e-4);
      expect(Math.abs(xyOf(name).y - listed[name]![1]), name).toBeLessThan(1.1e-4);
    }
  });
});

describe('blackbody', () => {
  it('is illuminant A at 2856 K of today, where A was defined with c2 = 1.4350e-2 at 2848 K', () => {
    // ISO 11664-2: A = 100 (560/λ)^5 (exp(1.435e7 / (2848·560)) − 1) / (exp(1.435e7 / (2848 λ)) − 1), so that A is a
    // blackbody of 2848 · 1.43878/1.4350 = 2855.5 K.
    const black = blackbody((2848 * 1.438776877e7) / 1.435e7);
    ILLUMINANTS.A!.spectrum.forEach((value, i) => {
      // Shipped to 0.01 of 100 at 560 nm.
      expect(Math.abs(black[i]! * 100 - value)).toBeLessThan(0.011);
    });
  });

  it('is refused outside of its range', () => {
    expect(() => blackbody(999)).toThrow(/temperatureK: 999 is not possible; allowed are 1000 to 40000/);
    expect(() => blackbody(Number.NaN)).toThrow(OpticsError);
  });
});

describe('daylight', () => {
  it.each([
    ['D50', 5000],
    ['D55', 5500],
    ['D65', 6500],
    ['D75', 7500],
  ])('gives the table of %s', (name, nominal) => {
    const computed = daylight((nominal * 1.4388) / 1.438);
    const table = ILLUMINANTS[name]!.spectrum;
    // The tables are rounded to 0.01 (D65: to 0.0001 of interpolated values) of 100 at 560 nm; factors to 0.001, which
    // S1 up to 46 and S2 up to 10 turn into 0.03.
    for (let i = 0; i < table.length; i++)
      expect(Math.abs(computed[i]! - table[i]!), `${WAVELENGTHS_NM[i]} nm`).toBeLessThan(0.03);
  });

  it('has the correlated colour temperature that it was asked for', () => {
    // The locus is an approximation: McCamy found deviations of about 0.2 %; ours is on the blackbody's own scale.
    for (const kelvin of [4000, 5000, 6500, 10000, 20000])
      expect(Math.abs(correlatedColorTemperature(whiteXyz(daylight(kelvin))) / kelvin - 1)).toBeLessThan(
        0.005,
      );
  });
});

describe('correlatedColorTemperature', () => {
  it('gives a blackbody its own temperature', () => {
    for (const kelvin of [1500, 2856, 4000, 6500, 15000])
      expect(correlatedColorTemperature(whiteXyz(blackbody(kelvin)))).toBeCloseTo(kelvin, 0);
  });
});

describe('findIlluminant', () => {
  it('reads names in any spelling and temperatures', () => {
    expect(findIlluminant('d65')).toBe(ILLUMINANTS.D65);
    expect(findIlluminant('F2')).toBe(ILLUMINANTS.FL2);
    expect(findIlluminant('led_b3')).toBe(ILLUMINANTS['LED-B3']);
    expect(findIlluminant('3200K').spectrum).toEqual(blackbody(3200));
    expect(findIlluminant('D5600').spectrum).toEqual(daylight(5600));
    expect(findIlluminant('D5600K').spectrum).toEqual(daylight(5600));
  });

  it('names near ones for what it does not know', () => {
    expect(() => findIlluminant('D66')).toThrow(/illuminant: there is no light "D66"; near are D60, D65/);
    expect(() => findIlluminant('led')).toThrow(/LED-B1/);
    expect(() => findIlluminant('5600')).toThrow(OpticsError);
    expect(() => findIlluminant('')).toThrow(OpticsError);
    expect(() => findIlluminant('constructor')).toThrow(OpticsError);
    expect(() => findIlluminant('200K')).toThrow(/temperatureK: 200 is not possible/);
    expect(() => findIlluminant('D3000')).toThrow(/temperatureK: 3000 is not possible/);
  });
});
