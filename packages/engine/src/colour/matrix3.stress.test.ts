import type { Matrix3 } from '@photosite/raw';
import fc from 'fast-check';
fc.configureGlobal({ numRuns: 3000, interruptAfterTimeLimit: 10000 });
import { describe, expect, it } from 'vitest';
import { apply, diagonal, IDENTITY, interpolate, inverse, multiply, normalised } from './matrix3.js';

const entry = fc.integer({ min: -300, max: 300 }).map((hundredths) => hundredths / 100);
const matrix = fc.array(entry, { minLength: 9, maxLength: 9 }).map((m) => m as unknown as Matrix3);
const vector = fc.tuple(entry, entry, entry);

describe('3×3 matrices', () => {
  it('a product applies its factors from right to left', () => {
    fc.assert(
      fc.property(matrix, matrix, vector, (a, b, v) => {
        const [one, two] = [apply(multiply(a, b), v), apply(a, apply(b, v))];
        one.forEach((value, i) => {
          expect(value).toBeCloseTo(two[i]!, 9);
        });
      }),
    );
  });

  it('a matrix times its inverse is the identity, wherever there is one', () => {
    fc.assert(
      fc.property(matrix, (m) => {
        const back = inverse(m);
        fc.pre(back !== undefined && Math.max(...back.map(Math.abs)) < 1e3);
        multiply(m, back!).forEach((value, i) => {
          expect(value).toBeCloseTo(IDENTITY[i]!, 9);
        });
      }),
    );
  });

  it('singular and infinite matrices have none', () => {
    expect(inverse([1, 2, 3, 2, 4, 6, 1, 1, 1])).toBeUndefined();
    expect(inverse([0, 0, 0, 0, 0, 0, 0, 0, 0])).toBeUndefined();
    expect(inverse([Number.NaN, 0, 0, 0, 1, 0, 0, 0, 1])).toBeUndefined();
    expect(inverse([Infinity, 0, 0, 0, 1, 0, 0, 0, 1])).toBeUndefined();
  });

  it('interpolation ends at its ends and has the mean in the middle', () => {
    const [a, b] = [diagonal([1, 2, 3]), IDENTITY];
    expect(interpolate(a, b, 0)).toEqual(a);
    expect(interpolate(a, b, 1)).toEqual(b);
    expect(interpolate(a, b, 0.5)).toEqual(diagonal([1, 1.5, 2]));
  });

  it('a normalised vector has 1 as its largest value', () => {
    expect(normalised([0.5, 2, 1])).toEqual([0.25, 1, 0.5]);
  });
});
