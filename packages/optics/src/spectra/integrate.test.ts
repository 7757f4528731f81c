import { describe, expect, it } from 'vitest';
import { OpticsError } from '../OpticsError.js';
import { findIlluminant } from './illuminants.js';
import { integrate, luminousEfficacy, OBSERVER, resample, xyzOf } from './integrate.js';
import { SAMPLES, type Spectrum, WAVELENGTHS_NM } from './Spectrum.js';

const flat: Spectrum = WAVELENGTHS_NM.map(() => 1);

describe('resample', () => {
  it('interpolates a straight line exactly and keeps what lies on the grid', () => {
    const line = resample([380, 393, 780], [0, 13, 400]);
    expect(line[0]).toBe(0);
    expect(line[2]).toBeCloseTo(10, 12);
    expect(line[80]).toBe(400);
    expect(resample([...WAVELENGTHS_NM], OBSERVER.y)).toEqual(OBSERVER.y);
  });

  it('holds the ends or is dark beyond them, as asked', () => {
    expect(resample([500, 600], [2, 4])[0]).toBe(2);
    expect(resample([500, 600], [2, 4]).at(-1)).toBe(4);
    expect(resample([500, 600], [2, 4], 'zero')[0]).toBe(0);
    expect(resample([500, 600], [2, 4], 'zero').at(-1)).toBe(0);
    expect(resample([500, 600], [2, 4], 'zero')[24]).toBe(2);
    expect(resample([500, 600], [2, 4], 'zero')[44]).toBe(4);
  });

  it('names what is wrong with a table', () => {
    expect(() => resample([], [])).toThrow(OpticsError);
    expect(() => resample([400, 500], [1])).toThrow(/values: 2 wavelengths and 1 values/);
    expect(() => resample([400, 400], [1, 2])).toThrow(/wavelengthsNm\[1\]/);
    expect(() => resample([400, 500], [1, Number.NaN])).toThrow(/values\[1\]: NaN/);
  });
});

describe('integrate', () => {
  it('sums products times the step', () => {
    expect(integrate(flat)).toBe(SAMPLES * 5);
    expect(integrate(flat, WAVELENGTHS_NM)).toBe(580 * SAMPLES * 5);
  });

  it('refuses spectra of another grid', () => {
    expect(() => integrate(flat, [1, 2, 3])).toThrow(/spectra\[1\]: 3 samples/);
  });
});

describe('the observer', () => {
  it('peaks at 1 in Y and has equal areas, so that equal energy is neutral', () => {
    expect(Math.max(...OBSERVER.y)).toBe(1);
    expect(WAVELENGTHS_NM[OBSERVER.y.indexOf(1)]).toBe(555);
    // Areas of the 5 nm table as CIE 15 sums them: 21.3714, 21.3711 and 21.3715 per 5 nm.
    expect(integrate(OBSERVER.x) / 5).toBeCloseTo(21.3714, 3);
    expect(integrate(OBSERVER.y) / 5).toBeCloseTo(21.3711, 3);
    expect(integrate(OBSERVER.z) / 5).toBeCloseTo(21.3715, 3);
  });

  it('gives white Y = 1 and half of it for a grey', () => {
    const { spectrum } = findIlluminant('A');
    expect(xyzOf(flat, spectrum)[1]).toBeCloseTo(1, 12);
    expect(
      xyzOf(
        flat.map(() => 0.5),
        spectrum,
      )[1],
    ).toBeCloseTo(0.5, 12);
  });

  it('gives 683 lm/W at 555 nm alone', () => {
    expect(luminousEfficacy(WAVELENGTHS_NM.map((nm) => (nm === 555 ? 3 : 0)))).toBeCloseTo(683, 9);
  });
});
