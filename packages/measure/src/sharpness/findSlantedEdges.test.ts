import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../RgbImage.js';
import { gaussianNoise, uniform } from '../testing/noise.js';
import { findSlantedEdges } from './findSlantedEdges.js';

/** A dark square turned by 5° on a bright ground, its edges softened like those of a Gaussian of 1 pixel. */
function square(width: number, height: number, half: number): RgbImage {
  const [cos, sin] = [Math.cos((5 * Math.PI) / 180), Math.sin((5 * Math.PI) / 180)];
  const soft = (d: number) => 1 / (1 + Math.exp(-1.702 * d));
  const noise = gaussianNoise(8);
  const data = new Float32Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [dx, dy] = [x - width / 2, y - height / 2];
      const inside = Math.max(Math.abs(dx * cos + dy * sin), Math.abs(dy * cos - dx * sin));
      const value = 0.1 + 0.6 * soft(inside - half) + 0.003 * noise();
      data.fill(value, (y * width + x) * 3, (y * width + x) * 3 + 3);
    }
  }
  return { width, height, data };
}

describe('findSlantedEdges', () => {
  it('finds the four edges of a turned square and measures the same on each', () => {
    const found = findSlantedEdges(square(400, 300, 80));
    expect(new Set(found.map(({ edge }) => edge.orientation))).toEqual(new Set(['vertical', 'horizontal']));
    expect(found.length).toBeGreaterThanOrEqual(4);
    const values = found.map(({ edge }) => edge.luminance.mtf50!);
    for (const { edge } of found) expect(edge.angleDegrees).toBeCloseTo(5, 0);
    // Noise of 0.5 % of the step over some 60 rows.
    for (const value of values) expect(Math.abs(value / values[0]! - 1)).toBeLessThan(0.03);
  });

  it('finds none in a flat picture, in noise and in rings', () => {
    const flat: RgbImage = { width: 200, height: 150, data: new Float32Array(200 * 150 * 3).fill(0.4) };
    const random = uniform(2);
    const rings = flat.data.map((_, i) => {
      const pixel = Math.floor(i / 3);
      return 0.5 + 0.4 * Math.sin(Math.hypot((pixel % 200) - 100, Math.floor(pixel / 200) - 75) / 3);
    });
    expect(findSlantedEdges(flat)).toEqual([]);
    expect(findSlantedEdges({ ...flat, data: flat.data.map(() => random()) })).toEqual([]);
    expect(findSlantedEdges({ ...flat, data: rings })).toEqual([]);
  });
});
