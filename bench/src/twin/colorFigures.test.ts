import { describe, expect, it } from 'vitest';
import { colorFigures } from './colorFigures.js';

describe('colorFigures', () => {
  it('hold for every camera and light but the one that no matrix can serve', async () => {
    const figures = await colorFigures();
    // Eleven cameras under two lights, and RGB scenes under four.
    expect(figures).toHaveLength(26);
    const failing = figures.filter(({ holds }) => !holds);
    expect(failing.map(({ name }) => name)).toEqual([
      'ColorChecker, canon-powershot-s90, A: mean ΔE2000 (any 3 × 3 matrix: 1.63 at least)',
    ]);
    // The fit serves 190 other surfaces too: 0.03 above what the chart alone would allow.
    expect(failing[0]!.measured).toBeLessThan(1.67);
  });
});
