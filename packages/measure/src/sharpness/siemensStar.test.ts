import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../RgbImage.js';
import { valueAt } from './curve.js';
import { siemensStar } from './siemensStar.js';

const SIZE = 401;
const [CENTRE, CYCLES] = [200.3, 72];

/** A sinusoidal star whose modulation is `mtf` of the local frequency, by direction. */
function star(mtf: (frequency: number, angle: number) => number): RgbImage {
  const data = new Float32Array(SIZE * SIZE * 3);
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      const angle = Math.atan2(y - CENTRE, x - CENTRE);
      const frequency = CYCLES / (2 * Math.PI * Math.max(Math.hypot(x - CENTRE, y - CENTRE), 1));
      const value = 0.5 + 0.4 * mtf(frequency, angle) * Math.cos(CYCLES * angle + 0.4);
      data.fill(value, (y * SIZE + x) * 3, (y * SIZE + x) * 3 + 3);
    }
  }
  return { width: SIZE, height: SIZE, data };
}

const options = {
  centre: [CENTRE, CENTRE] as const,
  cycles: CYCLES,
  innerPx: 28,
  outerPx: 190,
  chartModulation: 0.8,
};

describe('siemensStar', () => {
  const gaussian = (sigma: number) => (f: number) => Math.exp(-2 * (Math.PI * sigma * f) ** 2);

  it('gives a known MTF back up to 0.4 cycles per pixel', () => {
    const { mtf, mtf50 } = siemensStar(star(gaussian(0.8)), options);
    // Within a ring a pixel wide the frequency differs by 1/r, at most 3.5 %.
    for (const f of [0.08, 0.15, 0.25, 0.35]) {
      expect(Math.abs(valueAt(mtf, f) - gaussian(0.8)(f))).toBeLessThan(0.01);
    }
    expect(Math.abs(mtf50! / (Math.sqrt(Math.log(2) / 2) / (Math.PI * 0.8)) - 1)).toBeLessThan(0.01);
  });

  it('tells directions apart', () => {
    const squeezed = star((f, angle) => gaussian(0.8 * Math.abs(Math.cos(angle)) + 0.3)(f));
    const { sectors } = siemensStar(squeezed, options);
    expect(valueAt(sectors[2]!, 0.3)).toBeGreaterThan(valueAt(sectors[0]!, 0.3) + 0.3);
    expect(valueAt(sectors[6]!, 0.3)).toBeCloseTo(valueAt(sectors[2]!, 0.3), 1);
  });

  it('refuses a star that is not inside and one with too few spokes', () => {
    const image = star(() => 1);
    expect(() => siemensStar(image, { ...options, outerPx: 250 })).toThrow(/outerPx/);
    expect(() => siemensStar(image, { ...options, cycles: 8 })).toThrow(/cycles/);
  });
});
