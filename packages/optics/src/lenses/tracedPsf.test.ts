import { describe, expect, it } from 'vitest';
import { circularApertureMtf } from '../calculators/diffraction.js';
import { OpticsError } from '../OpticsError.js';
import { parabolicMirror, stigmaticLens } from '../testing/lenses.js';
import { psfMtf, tracedMtf } from './mtf.js';
import { perfectPsf } from './perfectPsf.js';
import { pupilCoverage, pupilMap } from './pupilMap.js';
import { type OpticalSystem, opticalSystem } from './system.js';
import { traceRay } from './trace.js';
import { rayReachUm, tracedPsf } from './tracedPsf.js';

const mapOf = (system: OpticalSystem, angleRad = 0, distanceM = Infinity, nodes = 64) =>
  pupilMap(system, pupilCoverage(system, { angleRad, distanceM }, nodes));

/** f-number by the sine of the marginal ray. */
const sineFNumber = (system: OpticalSystem) =>
  0.5 / Math.abs(traceRay(system, [0, system.pupilRadiusMm * 0.999999, 1 - 2, 0, 0, 1]).direction[1]);

const slow = opticalSystem(stigmaticLens(80, 16, 1));

describe('pupilMap', () => {
  it('puts all rays of a stigmatic point on one place with one path', () => {
    const { outMm, sideMm, pathMm, chiefMm } = mapOf(opticalSystem(stigmaticLens(80, 2, 20)));
    for (const values of [outMm, sideMm, pathMm])
      for (const value of values) expect(Math.abs(value)).toBeLessThan(1e-9);
    expect(chiefMm).toBe(0);
  });

  it('measures the pupil’s area within 0.1 %', () => {
    const { areaMm2 } = pupilCoverage(slow, { angleRad: 0 }, 64);
    expect(Math.abs(areaMm2 / (Math.PI * 2.5 ** 2) - 1)).toBeLessThan(1e-3);
  });

  it('refuses what is not possible', () => {
    expect(() => pupilCoverage(slow, { angleRad: 0 }, 7)).toThrow(OpticsError);
    expect(() => pupilCoverage(slow, { angleRad: Number.NaN }, 8)).toThrow(OpticsError);
  });
});

describe('tracedPsf', () => {
  it('is the Airy pattern for a lens without aberrations', () => {
    const fNumber = sineFNumber(slow);
    const unit = 0.55 * fNumber;
    const size = 41;
    const psf = tracedPsf(mapOf(slow), { size, stepUm: unit / 4 });
    const airy = perfectPsf(
      { workingFNumber: fNumber, defocusUm: 0, obstruction: 0 },
      { wavelengthsNm: [550], weights: [1] },
      unit * 8,
      unit / 40,
    ).perUm2;
    const peak = airy[0] * (unit / 4) ** 2;
    for (let i = 0; i < psf.length; i++) {
      const place = 10 * Math.hypot((i % size) - 20, Math.floor(i / size) - 20);
      const k = Math.floor(place);
      const expected = airy[k] + (place - k) * (airy[k + 1] - airy[k]);
      // 64 rays across the pupil: its area, and with it the peak, is known to half a per cent.
      expect(Math.abs(psf[i] - expected * (unit / 4) ** 2)).toBeLessThan(0.005 * peak);
    }
  });

  it('has diffraction’s contrast, by the pupil’s autocorrelation within 1 % and by its own transform likewise', () => {
    const map = mapOf(slow);
    const fNumber = sineFNumber(slow);
    const stepUm = (0.55 * fNumber) / 4;
    const size = 257;
    const psf = tracedPsf(map, { size, stepUm });
    for (const share of [0.05, 0.1, 0.2, 0.4, 0.6, 0.8]) {
      const frequency = share / (550e-6 * fNumber);
      const expected = circularApertureMtf(frequency, fNumber, 550);
      for (const direction of ['tangential', 'sagittal'] as const) {
        const traced = tracedMtf([{ map, weight: 1 }], frequency, direction);
        expect(Math.abs(traced / expected - 1)).toBeLessThan(0.01);
        // What lies beyond the table (0.6 %) raises the rest.
        expect(Math.abs(psfMtf(psf, size, stepUm, frequency, direction) / expected - 1)).toBeLessThan(0.02);
      }
    }
  });

  it('loses no light: what a large enough table misses is what diffraction throws beyond it', () => {
    const unit = 0.55 * sineFNumber(slow);
    const sum = tracedPsf(mapOf(slow), { size: 129, stepUm: unit / 4 }).reduce((a, b) => a + b, 0);
    // Beyond 16 λN lie 2 / (π² 16) = 1.3 % of an Airy pattern (a square holds a little more).
    expect(sum).toBeGreaterThan(0.98);
    expect(sum).toBeLessThan(0.995);
  });

  it('goes over from waves to rays without a jump', () => {
    const system = opticalSystem(parabolicMirror(100, 8));
    // Points from far to near: the rays reach from 5 to 37 λN, on both sides of the hand-over.
    for (const distanceM of [240, 140, 90, 70, 55, 45, 35]) {
      const map = mapOf(system, 0, distanceM);
      const reachUm = rayReachUm(map);
      const size = 65;
      const stepUm = (1.3 * reachUm + 20) / 32;
      const psf = tracedPsf(map, { size, stepUm });
      let [sum, moment] = [0, 0];
      for (const [i, value] of psf.entries()) {
        sum += value;
        moment += value * Math.hypot((i % size) - 32, Math.floor(i / size) - 32) * stepUm;
      }
      expect(sum).toBeGreaterThan(0.95);
      // Mean distance from the centre over the disc's radius: two thirds, and more where diffraction widens the disc.
      const share = moment / sum / reachUm;
      expect(share).toBeGreaterThan(0.64);
      expect(share).toBeLessThan(0.68 + 0.6 / (reachUm / (0.55 * 8)));
    }
  });

  it('agrees at low frequencies whether rays are counted or waves are correlated, at large aberrations', () => {
    const system = opticalSystem(parabolicMirror(100, 8));
    const map = mapOf(system, 0, 20);
    // Reach 64 λN: far in the rays' domain; the disc's first zero lies at 1.22 / diameter = 2.2 line pairs per mm.
    const psf = tracedPsf(map, { size: 129, stepUm: (2.2 * rayReachUm(map)) / 128 });
    for (const frequency of [0.3, 0.6, 1, 1.5]) {
      const counted = psfMtf(psf, 129, (2.2 * rayReachUm(map)) / 128, frequency, 'sagittal');
      expect(Math.abs(counted - tracedMtf([{ map, weight: 1 }], frequency, 'sagittal'))).toBeLessThan(0.01);
    }
  });

  it('throws the tail of a paraboloid’s coma outward, by θ f / 16 N² on average', () => {
    const system = opticalSystem(parabolicMirror(100, 4));
    const angle = 0.01;
    const map = mapOf(system, angle);
    const size = 129;
    const stepUm = 0.5;
    const psf = tracedPsf(map, { size, stepUm });
    let [sum, x, y] = [0, 0, 0];
    for (const [i, value] of psf.entries()) {
      sum += value;
      x += value * ((i % size) - 64) * stepUm;
      y += value * (Math.floor(i / size) - 64) * stepUm;
    }
    const expected = (1000 * angle * 100) / (16 * 4 ** 2);
    expect(expected).toBeGreaterThan(3);
    // Diffraction's wings are cut unevenly by the table's edge.
    expect(Math.abs(x / sum / expected - 1)).toBeLessThan(0.1);
    expect(Math.abs(y / sum)).toBeLessThan(0.01);
  });

  it('moves with the centre that is asked for', () => {
    const map = mapOf(slow);
    const at = (centreMm: number) => {
      const psf = tracedPsf(map, { size: 33, stepUm: 2, centreMm });
      return psf.indexOf(Math.max(...psf));
    };
    expect(at(0)).toBe(16 * 33 + 16);
    // The centre lies 8 µm outward of the image: the image lies 4 samples inward.
    expect(at(0.008)).toBe(16 * 33 + 12);
  });

  it('refuses what is not possible', () => {
    expect(() => tracedPsf(mapOf(slow), { size: 32, stepUm: 1 })).toThrow(/size/);
    expect(() => tracedPsf(mapOf(slow), { size: 33, stepUm: 0 })).toThrow(/stepUm/);
  });
});
