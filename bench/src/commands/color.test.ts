import { describe, expect, it } from 'vitest';
import { patchXyz, readCharts } from './color.js';

describe('the colour comparison', () => {
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
