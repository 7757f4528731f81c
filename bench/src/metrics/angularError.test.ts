import { describe, expect, it } from 'vitest';
import { angularError } from './angularError.js';

describe('angularError', () => {
  it('knows the angles of a cube', () => {
    expect(angularError([1, 0, 0], [0, 1, 0])).toBeCloseTo(90, 12);
    expect(angularError([1, 0, 0], [1, 1, 0])).toBeCloseTo(45, 12);
    expect(angularError([1, 0, 0], [1, 1, 1])).toBeCloseTo((Math.acos(1 / Math.sqrt(3)) * 180) / Math.PI, 12);
  });

  it('does not depend on exposure', () => {
    expect(angularError([0.2, 0.5, 0.3], [2, 5, 3])).toBeCloseTo(0, 12);
  });

  it('keeps its precision for small angles', () => {
    expect(angularError([1, 0, 0], [1, 1e-8, 0])).toBeCloseTo((1e-8 * 180) / Math.PI, 20);
  });
});
