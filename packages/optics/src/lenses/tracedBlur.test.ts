import { describe, expect, it } from 'vitest';
import { blurDiscMm, depthOfField } from '../calculators/depthOfField.js';
import { OpticsError } from '../OpticsError.js';
import { doubleGauss, thinAplanat } from '../testing/lenses.js';
import { opticalSystem } from './system.js';
import { tracedBlurMm, tracedDepthOfField } from './tracedBlur.js';

const focalLengthMm = 50;
const focusDistanceM = 3;

describe('tracedBlurMm', () => {
  it('equals the thin lens’s blur disc within 1 % for a thin, well-corrected lens, stopped down', () => {
    for (const fNumber of [8, 11, 16]) {
      const system = opticalSystem(thinAplanat(focalLengthMm, fNumber), {
        focusDistanceM,
      });
      for (const depthM of [1.5, 2, 5, 20, Infinity]) {
        const expected = blurDiscMm({ focalLengthMm, fNumber, distanceM: focusDistanceM }, depthM);
        expect(Math.abs(tracedBlurMm(system, depthM) / expected - 1)).toBeLessThan(0.01);
      }
      expect(tracedBlurMm(system, focusDistanceM)).toBeLessThan(0.002);
    }
  });
});

describe('tracedDepthOfField', () => {
  it('equals the thin lens’s limits within 1 %', () => {
    for (const [fNumber, circleMm] of [
      [5.6, 0.03],
      [8, 0.03],
      [16, 0.03],
      [16, 0.01],
    ] as const) {
      const traced = tracedDepthOfField(thinAplanat(focalLengthMm, fNumber), { focusDistanceM }, circleMm);
      const thin = depthOfField({ focalLengthMm, fNumber, distanceM: focusDistanceM }, circleMm);
      expect(Math.abs(traced.nearM / thin.nearM - 1)).toBeLessThan(0.01);
      expect(Math.abs(traced.farM / thin.farM - 1)).toBeLessThan(0.01);
    }
  });

  it('reaches to infinity beyond the hyperfocal distance', () => {
    const lens = thinAplanat(focalLengthMm, 16);
    expect(tracedDepthOfField(lens, { focusDistanceM: 8 }, 0.03).farM).toBe(Infinity);
    expect(depthOfField({ focalLengthMm, fNumber: 16, distanceM: 8 }, 0.03).farM).toBe(Infinity);
  });

  it('says so where the plane in focus is blurred more than the circle: wide open, a double Gauss at its paraxial focus', () => {
    expect(() => tracedDepthOfField(doubleGauss(), { focusDistanceM: 3 }, 0.001)).toThrow(OpticsError);
    expect(() => tracedDepthOfField(doubleGauss(), { focusDistanceM: 3 }, 0.001)).toThrow(/circleMm/);
  });
});
