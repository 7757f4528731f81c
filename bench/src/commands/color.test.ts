import { describe, expect, it } from 'vitest';
import { COLOR_CHECKER } from '../color/colorChecker.js';
import { D50, type Xyz } from '../color/lab.js';
import { compareWithChart, normalise, patchXyz, readCharts } from './color.js';

/** The chart's XYZ under D50 from its L*a*b*, written out once more: the inverse of CIE 15:2018, 8.6 to 8.11. */
const published = COLOR_CHECKER.map(({ lab: [l, a, b] }): Xyz => {
  const fy = (l + 16) / 116;
  const inverse = (f: number) => (f > 6 / 29 ? f * f * f : (108 / 841) * (f - 4 / 29));
  return [D50[0] * inverse(fy + a / 500), inverse(fy), D50[2] * inverse(fy - b / 200)];
});

describe('the colour comparison', () => {
  it('finds no difference in the published chart itself, whatever its exposure', () => {
    const dimmed = published.map(([x, y, z]): Xyz => [0.3 * x, 0.3 * y, 0.3 * z]);
    const row = compareWithChart('chart', 'test', normalise(dimmed));
    // The Bradford inverse is given to seven digits.
    expect(row.deltaE.max).toBeLessThan(1e-4);
    expect(row.chromatic.max).toBeLessThan(1e-4);
  });

  it('names the patch that is off, and ignores a wrong luminance in the chromatic figure', () => {
    const patches = published.map((xyz) => [...xyz] as [number, number, number]);
    patches[14] = patches[14]!.map((v) => v * 1.3) as [number, number, number];
    const row = compareWithChart('chart', 'test', normalise(patches));
    expect(row.worst).toBe('red');
    expect(row.deltaE.max).toBeGreaterThan(3);
    expect(row.chromatic.max).toBeLessThan(1e-4);
  });

  it('averages the square around each centre', () => {
    const width = 10;
    const data = Float32Array.from({ length: width * width * 3 }, (_, i) => Math.floor(i / 3) % width);
    const [xyz] = patchXyz(
      { image: { width, height: width, data }, toXyzD50: [1, 0, 0, 0, 1, 0, 0, 0, 1] },
      { file: '', mirrored: false, half: 0.1, centres: [[0.4, 0.5]] },
    );
    expect(xyz).toEqual([4, 4, 4]);
  });

  it('has 24 places inside the picture for every file', async () => {
    for (const { centres, half } of await readCharts()) {
      expect(centres).toHaveLength(24);
      for (const value of centres.flat()) expect(Math.abs(value - 0.5)).toBeLessThan(0.5 - half);
    }
  });
});
