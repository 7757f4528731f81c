import { describe, expect, it } from 'vitest';
import { balanceOnGrey, compareWithChart, fitExposure } from './chartColors.js';
import { COLOR_CHECKER } from './colorChecker.js';
import { D50, type Xyz } from './lab.js';

/** The chart's XYZ under D50 from its L*a*b*, written out once more: the inverse of CIE 15:2018, 8.6 to 8.11. */
const published = COLOR_CHECKER.map(({ lab: [l, a, b] }): Xyz => {
  const fy = (l + 16) / 116;
  const inverse = (f: number) => (f > 6 / 29 ? f * f * f : (108 / 841) * (f - 4 / 29));
  return [D50[0] * inverse(fy + a / 500), inverse(fy), D50[2] * inverse(fy - b / 200)];
});

describe('the comparison with the chart', () => {
  it('finds no difference in the published chart itself, whatever its exposure', () => {
    const dimmed = published.map(([x, y, z]): Xyz => [0.3 * x, 0.3 * y, 0.3 * z]);
    const colors = compareWithChart(fitExposure(balanceOnGrey(dimmed)));
    // The Bradford inverse is given to seven digits.
    expect(colors.deltaE.max).toBeLessThan(1e-4);
    expect(colors.chromatic.max).toBeLessThan(1e-4);
  });

  it('names the patch that is off, and ignores a wrong luminance in the chromatic figure', () => {
    const patches = published.map((xyz) => [...xyz] as [number, number, number]);
    patches[14] = patches[14]!.map((v) => v * 1.3) as [number, number, number];
    const colors = compareWithChart(fitExposure(balanceOnGrey(patches)));
    expect(colors.worst).toBe('red');
    expect(colors.deltaE.max).toBeGreaterThan(3);
    expect(colors.chromatic.max).toBeLessThan(1e-4);
  });

  it('sees a colour cast unless the grey patch is balanced', () => {
    // A diagonal in Bradford's cone space is what balancing takes out exactly; one in XYZ nearly.
    const cast = published.map(([x, y, z]): Xyz => [1.1 * x, y, 0.8 * z]);
    expect(compareWithChart(fitExposure(cast)).deltaE.mean).toBeGreaterThan(5);
    expect(compareWithChart(fitExposure(balanceOnGrey(cast))).deltaE.mean).toBeLessThan(1.5);
  });
});
