import { describe, expect, it } from 'vitest';
import { findGlass, glass } from './catalogue/glasses.js';
import { normalGlassIndex, SPECTRAL_LINES_NM } from './dispersion.js';
import { refractiveIndex } from './glass.js';
import type { Medium } from './Lens.js';

const { C, d, F } = SPECTRAL_LINES_NM;

function ndVd(medium: Medium): [number, number] {
  const nd = refractiveIndex(medium, d);
  return [nd, (nd - 1) / (refractiveIndex(medium, F) - refractiveIndex(medium, C))];
}

describe('glasses', () => {
  // nd and vd as the makers' data sheets print them.
  const published: [string, number, number][] = [
    ['N-BK7', 1.5168, 64.17],
    ['SF11', 1.78472, 25.76],
    ['F2', 1.62004, 36.37],
    ['N-LAK9', 1.691, 54.71],
    ['N-SF5', 1.67271, 32.25],
    ['N-FK51A', 1.48656, 84.47],
    ['S-LAH58', 1.883, 40.76],
    ['S-FPL53', 1.43875, 94.94],
    ['TAFD30', 1.883, 40.81],
    ['TAF3', 1.8042, 46.5],
    ['D-ZK3', 1.58913, 61.15],
    ['SILICA', 1.45846, 67.82],
    ['517642', 1.517, 64.2],
    ['BK7', 1.5168, 64.17],
  ];
  it.each(published)('%s has the published index and Abbe number', (name, nd, vd) => {
    const [index, abbe] = ndVd(glass(name));
    // Half a unit of the last digit, and as much again for the fit.
    expect(Math.abs(index - nd)).toBeLessThan(1e-5);
    expect(Math.abs(abbe - vd)).toBeLessThan(0.02);
  });

  it('are refused by name where they are not known, with the way out', () => {
    expect(() => glass('UNOBTAINIUM', { file: 'a.zmx', line: 7 })).toThrow(
      /a\.zmx, line 7: the glass "UNOBTAINIUM" is not known; give its index nd and Abbe number vd/,
    );
    expect(findGlass('')).toBeUndefined();
    expect(findGlass('517000')).toBeUndefined();
  });

  it('that are moulded lie below the annealed ones at all wavelengths alike', () => {
    for (const wavelengthNm of [450, 588, 1550])
      expect(
        refractiveIndex(glass('D-ZK3'), wavelengthNm) - refractiveIndex(glass('D-ZK3M'), wavelengthNm),
      ).toBeCloseTo(0.00258, 4);
  });
});

describe('the index of a glass of which nd and vd are known', () => {
  it('is nd at d and has the Abbe number, exactly', () => {
    for (const [nd, vd] of [
      [1.45, 90],
      [1.5168, 64.17],
      [1.9, 20],
    ] as const) {
      expect(normalGlassIndex(nd, vd, d)).toBeCloseTo(nd, 12);
      expect((nd - 1) / (normalGlassIndex(nd, vd, F) - normalGlassIndex(nd, vd, C))).toBeCloseTo(vd, 9);
    }
  });

  // The worst of 420 to 700 nm, from the makers' own coefficients: normal glasses, lanthanum glasses, and heavy flints,
  // whose blue partial dispersion lies off the normal line.
  it.each([
    ['N-BK7', 2e-5],
    ['F2', 1e-5],
    ['J-LAK14', 2e-4],
    ['S-LAH58', 4e-4],
    ['N-FK51A', 4e-4],
    ['SF11', 9e-4],
  ])('%s is met within %d', (name, limit) => {
    const [nd, vd] = ndVd(glass(name));
    let worst = 0;
    for (let wavelengthNm = 420; wavelengthNm <= 700; wavelengthNm += 5) {
      const off = refractiveIndex(glass(name), wavelengthNm) - normalGlassIndex(nd, vd, wavelengthNm);
      worst = Math.max(worst, Math.abs(off));
    }
    expect(worst).toBeLessThan(limit);
  });
});

describe('refractive index', () => {
  it('interpolates tables in between and goes on at their ends', () => {
    const table: Medium = { kind: 'table', wavelengthsNm: [700, 400], indices: [1.5, 1.53] };
    expect(refractiveIndex(table, 400)).toBeCloseTo(1.53, 12);
    expect(refractiveIndex(table, 700)).toBeCloseTo(1.5, 12);
    const middle = refractiveIndex(table, 550);
    expect(middle).toBeGreaterThan(1.5);
    expect(middle).toBeLessThan(1.515);
    expect(refractiveIndex(table, 350)).toBeGreaterThan(1.53);
  });

  it('refuses wavelengths and indices that are not possible', () => {
    expect(() => refractiveIndex({ kind: 'air' }, 0)).toThrow(/wavelengthNm: 0 is not possible/);
    expect(() => refractiveIndex({ kind: 'constant', index: Number.NaN }, 550)).toThrow(
      /NaN is not possible/,
    );
    expect(() => refractiveIndex({ kind: 'abbe', nd: 1.5, vd: 0.001, name: 'X' }, 450)).toThrow(/medium X/);
  });
});
