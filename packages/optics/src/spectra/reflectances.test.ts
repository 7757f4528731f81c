import { describe, expect, it } from 'vitest';
import { findIlluminant } from './illuminants.js';
import { chromaticity, xyzOf } from './integrate.js';
import {
  COLOR_CHECKER_OHTA_REFLECTANCES,
  COLOR_CHECKER_REFLECTANCES,
  trainingReflectances,
} from './reflectances.js';
import { SAMPLES } from './Spectrum.js';

/**
 * CIE xyY of the 24 patches under D50 as BabelColor published them for the same average of 30 charts (ColorChecker RGB and
 * spectra, 2012).
 */
const BABELCOLOR_XYY = [
  [0.4325, 0.3788, 0.1034],
  [0.4191, 0.3748, 0.3525],
  [0.2761, 0.3004, 0.1847],
  [0.37, 0.4501, 0.1335],
  [0.302, 0.2877, 0.2324],
  [0.2856, 0.391, 0.4174],
  [0.5291, 0.4075, 0.3117],
  [0.2339, 0.2155, 0.114],
  [0.5008, 0.3293, 0.1979],
  [0.3326, 0.2556, 0.0644],
  [0.3989, 0.4998, 0.4435],
  [0.4962, 0.4428, 0.4358],
  [0.204, 0.1696, 0.0579],
  [0.327, 0.5033, 0.2307],
  [0.5709, 0.3298, 0.1268],
  [0.4694, 0.4732, 0.6081],
  [0.4177, 0.2704, 0.2007],
  [0.2151, 0.3037, 0.1903],
  [0.3488, 0.3628, 0.9129],
  [0.3451, 0.3596, 0.5885],
  [0.3446, 0.359, 0.3595],
  [0.3438, 0.3589, 0.1912],
  [0.3423, 0.3576, 0.0893],
  [0.3439, 0.3565, 0.032],
] as const;

/** The chart's original xyY under illuminant C (McCamy, Marcus and Davidson 1976), of the saturated patches. */
const ORIGINAL_XYY: Readonly<Record<string, readonly [number, number, number]>> = {
  blue: [0.1866, 0.1285, 0.0611],
  green: [0.3046, 0.4782, 0.2339],
  red: [0.5385, 0.3129, 0.12],
  yellow: [0.448, 0.4703, 0.591],
  magenta: [0.3635, 0.2325, 0.1977],
  cyan: [0.1958, 0.2519, 0.1977],
};

describe('the ColorChecker', () => {
  it('has the published chromaticities under D50', () => {
    const light = findIlluminant('D50').spectrum;
    COLOR_CHECKER_REFLECTANCES.forEach(({ name, reflectance }, i) => {
      const xyz = xyzOf(reflectance, light);
      const { x, y } = chromaticity(xyz);
      const [publishedX, publishedY, publishedLuminance] = BABELCOLOR_XYY[i]!;
      // Spectra are published by 10 nm with three decimals: half a digit of the darkest patches is 0.0012 of x, and
      // steep spectra lose 0.0007 of Y where they are interpolated linearly.
      expect(Math.abs(x - publishedX), name).toBeLessThan(0.0012);
      expect(Math.abs(y - publishedY), name).toBeLessThan(0.0012);
      expect(Math.abs(xyz[1] - publishedLuminance), name).toBeLessThan(0.0008);
    });
  });

  it('by Ohta is near to the chart of 1976 under C', () => {
    const light = findIlluminant('C').spectrum;
    for (const [name, [publishedX, publishedY, publishedLuminance]] of Object.entries(ORIGINAL_XYY)) {
      const { reflectance } = COLOR_CHECKER_OHTA_REFLECTANCES.find((patch) => patch.name === name)!;
      const xyz = xyzOf(reflectance, light);
      const { x, y } = chromaticity(xyz);
      // Charts differ by ΔE of 1 to 3 from each other, about 0.015 in xy for saturated colours.
      expect(Math.abs(x - publishedX), name).toBeLessThan(0.015);
      expect(Math.abs(y - publishedY), name).toBeLessThan(0.015);
      expect(Math.abs(xyz[1] - publishedLuminance), name).toBeLessThan(0.02);
    }
  });

  it('has the same 24 names in both measurements', () => {
    expect(COLOR_CHECKER_REFLECTANCES).toHaveLength(24);
    expect(COLOR_CHECKER_OHTA_REFLECTANCES.map(({ name }) => name)).toEqual(
      COLOR_CHECKER_REFLECTANCES.map(({ name }) => name),
    );
  });
});

describe('the training set', () => {
  it('holds 190 reflectances, a few of which pass 1 as published', () => {
    expect(trainingReflectances()).toHaveLength(190);
    for (const reflectance of trainingReflectances()) {
      expect(reflectance).toHaveLength(SAMPLES);
      expect(Math.min(...reflectance)).toBeGreaterThanOrEqual(0);
    }
    const shining = trainingReflectances().filter((reflectance) => Math.max(...reflectance) > 1);
    expect(shining).toHaveLength(5);
  });
});
