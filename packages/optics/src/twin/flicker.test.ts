import { describe, expect, it } from 'vitest';
import { OpticsError } from '../OpticsError.js';
import { flickerAt, flickerMean } from './flicker.js';

const LAMP = { frequencyHz: 100, depth: 0.6, phase: 0.3 };

describe('flicker', () => {
  it('has its mean, depth and frequency', () => {
    const values = Array.from({ length: 1000 }, (_, i) => flickerAt(LAMP, i / 100_000));
    expect(values.reduce((sum, v) => sum + v) / 1000).toBeCloseTo(1, 9);
    expect(Math.max(...values)).toBeCloseTo(1.6, 4);
    expect(Math.min(...values)).toBeCloseTo(0.4, 4);
    expect(flickerAt(LAMP, 0.0123)).toBeCloseTo(flickerAt(LAMP, 0.0223), 9);
  });

  it('over an exposure is the mean of its moments', () => {
    for (const [startS, exposureTimeS] of [
      [0, 0.001],
      [0.0042, 0.0037],
      [-0.5, 0.0333],
    ] as const) {
      let sum = 0;
      for (let i = 0; i < 2000; i++) sum += flickerAt(LAMP, startS + ((i + 0.5) / 2000) * exposureTimeS);
      // The midpoint rule over a third of a period and more is right to 1e-6.
      expect(flickerMean(LAMP, startS, exposureTimeS)).toBeCloseTo(sum / 2000, 5);
    }
  });

  it('over whole periods is 1, and over a moment the moment', () => {
    expect(flickerMean(LAMP, 0.123, 0.03)).toBeCloseTo(1, 12);
    expect(flickerMean(LAMP, 0.123, 1e-9)).toBeCloseTo(flickerAt(LAMP, 0.123), 6);
  });

  it('refuses what is not possible', () => {
    expect(() => flickerAt({ ...LAMP, depth: 1.5 }, 0)).toThrow(OpticsError);
    expect(() => flickerAt({ ...LAMP, frequencyHz: 0 }, 0)).toThrow(/frequencyHz/);
    expect(() => flickerMean(LAMP, 0, 0)).toThrow(/exposureTimeS/);
  });
});
