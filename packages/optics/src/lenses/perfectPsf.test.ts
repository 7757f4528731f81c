import { describe, expect, it } from 'vitest';
import { circularApertureMtf } from '../calculators/diffraction.js';
import { OpticsError } from '../OpticsError.js';
import { besselJ0 } from './bessel.js';
import { perfectMtf, psfMtf } from './mtf.js';
import { blurRadiusUm, perfectPsf } from './perfectPsf.js';

const green = { wavelengthsNm: [550], weights: [1] };
const focused = (workingFNumber: number) => ({ workingFNumber, defocusUm: 0, obstruction: 0 });

describe('besselJ0', () => {
  it('equals its integral over an angle to 1e-7', () => {
    for (const x of [0, 0.5, 2.9, 3, 3.1, 7, 20, 100.5]) {
      let sum = 0;
      // The trapezoidal rule converges faster than any power for a periodic integrand.
      for (let k = 0; k < 400; k++) sum += Math.cos(x * Math.sin((Math.PI * k) / 400)) / 400;
      expect(Math.abs(besselJ0(x) - sum)).toBeLessThan(1e-7);
    }
  });
});

describe('perfectPsf', () => {
  it('is dark at 1.22 λN, and as bright in the middle as the pupil is large', () => {
    const unit = 0.55 * 2.8;
    const { perUm2 } = perfectPsf(focused(2.8), green, 3 * unit, unit / 100);
    expect(perUm2[0]).toBeCloseTo(Math.PI / (4 * unit * unit), 6);
    const dark = perUm2.subarray(100, 150).indexOf(Math.min(...perUm2.subarray(100, 150))) + 100;
    expect(dark).toBe(122);
    expect(perUm2[122] / perUm2[0]).toBeLessThan(1e-5);
  });

  it('holds 83.8 % of the light within the first dark ring (Rayleigh)', () => {
    const unit = 0.55 * 4;
    const step = unit / 200;
    const { perUm2 } = perfectPsf(focused(4), green, 1.3 * unit, step);
    let inside = 0;
    for (let k = 0; k * step < 1.21967 * unit; k++) inside += 2 * Math.PI * k * step * step * perUm2[k];
    // 1 − J0² of the first zero of J1. The sum of rings is right to half a ring.
    expect(inside).toBeCloseTo(0.8378, 3);
  });

  it('follows sin²/x² in the middle under defocus: dark at whole waves (Born and Wolf 8.8)', () => {
    const peak = perfectPsf(focused(4), green, 1).perUm2[0];
    for (const waves of [0.25, 0.5, 1, 1.5, 2, 5.5]) {
      const pupil = { ...focused(4), defocusUm: waves * 0.55 };
      const expected = (Math.sin(Math.PI * waves) / (Math.PI * waves)) ** 2;
      expect(perfectPsf(pupil, green, 1).perUm2[0] / peak).toBeCloseTo(expected, 9);
    }
  });

  it('keeps all light when an obstruction narrows the core and strengthens the rings', () => {
    const unit = 0.55 * 8;
    const step = unit / 20;
    const { perUm2 } = perfectPsf({ ...focused(8), obstruction: 0.4 }, green, 60 * unit, step);
    let sum = 0;
    for (let k = 0; k < perUm2.length; k++) sum += 2 * Math.PI * k * step * step * perUm2[k];
    // Beyond the radius r lie (1 + ε) / (1 − ε²) · 2 / (π² r) of it, r in λN: 0.6 % here.
    expect(sum).toBeGreaterThan(0.99);
    expect(sum).toBeLessThan(1);
    expect(perUm2[0]).toBeCloseTo(((Math.PI / 4) * (1 - 0.16)) / (unit * unit), 6);
  });

  it('has the radius of the thin lens’s disc on both sides of the hand-over from waves to rays', () => {
    for (const waves of [14, 20, 30]) {
      const pupil = { ...focused(2), defocusUm: waves * 0.55 };
      const radius = blurRadiusUm(pupil);
      expect(radius).toBeCloseTo(4 * 2 * waves * 0.55, 12);
      const step = 0.1;
      const { perUm2 } = perfectPsf(pupil, green, 3 * radius, step);
      let [sum, moment] = [0, 0];
      for (let k = 0; k < perUm2.length; k++) {
        sum += k * perUm2[k];
        moment += k * k * perUm2[k] * step;
      }
      // The mean distance from the centre is two thirds of the radius; diffraction adds its own wings, below 1 %.
      expect(moment / sum / ((2 / 3) * radius)).toBeGreaterThan(0.99);
      expect(moment / sum / ((2 / 3) * radius)).toBeLessThan(1.02);
    }
  });

  it('names what is not possible', () => {
    expect(() => perfectPsf(focused(0), green, 1)).toThrow(OpticsError);
    expect(() => perfectPsf({ ...focused(2), obstruction: 1 }, green, 1)).toThrow(/obstruction/);
    expect(() => perfectPsf({ ...focused(2), defocusUm: Number.NaN }, green, 1)).toThrow(/defocusUm/);
  });
});

describe('perfectMtf', () => {
  it('equals the closed form of diffraction within 0.1 % up to 95 % of the cut-off', () => {
    for (const fNumber of [1.4, 5.6]) {
      for (const share of [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95]) {
        const frequency = share / (550e-6 * fNumber);
        const expected = circularApertureMtf(frequency, fNumber, 550);
        expect(Math.abs(perfectMtf(focused(fNumber), frequency, 550) / expected - 1)).toBeLessThan(1e-3);
      }
    }
    expect(perfectMtf(focused(4), 1.001 / (550e-6 * 4), 550)).toBeLessThan(1e-4);
    expect(perfectMtf(focused(4), 0, 550)).toBe(1);
  });

  it('is the transform of the point spread function, with defocus', () => {
    const unit = 0.55 * 4;
    const step = unit / 3;
    const size = 301;
    for (const waves of [0, 0.5, 1.5]) {
      const pupil = { ...focused(4), defocusUm: waves * 0.55 };
      const { perUm2 } = perfectPsf(pupil, green, step * size, step / 16);
      const psf = new Float64Array(size * size);
      for (let y = 0; y < size; y++)
        for (let x = 0; x < size; x++)
          psf[y * size + x] = perUm2[Math.round(Math.hypot(x - 150, y - 150) * 16)];
      for (const share of [0.1, 0.3, 0.5]) {
        const frequency = share / (550e-6 * 4);
        const expected = Math.abs(perfectMtf(pupil, frequency, 550));
        // 0.4 % of the light lies beyond the table and raises what is seen.
        expect(Math.abs(psfMtf(psf, size, step, frequency, 'sagittal') - expected)).toBeLessThan(0.006);
      }
    }
  });

  it('turns negative where defocus exchanges dark and bright', () => {
    // Geometric optics: 2 J1(x) / x, x = 2π f R, first negative for x from 3.83 to 7.02.
    const pupil = { ...focused(4), defocusUm: 6 * 0.55 };
    const frequency = 5.1 / (2 * Math.PI * blurRadiusUm(pupil) * 1e-3);
    expect(perfectMtf(pupil, frequency, 550)).toBeLessThan(-0.05);
  });
});
