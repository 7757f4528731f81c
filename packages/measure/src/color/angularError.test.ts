import { describe, expect, it } from 'vitest';
import { angularError } from './angularError.js';

describe('angularError', () => {
  it('is the angle between the directions, whatever the brightness', () => {
    expect(angularError([1, 0, 0], [0, 5, 0])).toBeCloseTo(90, 10);
    expect(angularError([1, 1, 1], [2, 2, 2])).toBeCloseTo(0, 10);
    expect(angularError([1, 1, 1], [1, 1, 0])).toBeCloseTo((Math.acos(Math.sqrt(2 / 3)) * 180) / Math.PI, 10);
    // A thousandth of a radian.
    expect(angularError([1, 0, 0], [1, 1e-3, 0])).toBeCloseTo(0.0573, 4);
  });

  it('refuses black', () => {
    expect(() => angularError([0, 0, 0], [1, 1, 1])).toThrow(/black/);
  });
});
