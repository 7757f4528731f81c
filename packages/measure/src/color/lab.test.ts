import { describe, expect, it } from 'vitest';
import { D50, labToXyz, xyzToLab } from './lab.js';

describe('xyzToLab', () => {
  it('gives the white L* = 100 and black 0, both neutral', () => {
    expect(xyzToLab(D50, D50)).toEqual([100, 0, 0]);
    expect(xyzToLab([0, 0, 0], D50).map((v) => Math.round(v * 1e9) / 1e9)).toEqual([0, 0, 0]);
  });

  it('gives 18.4187 % grey L* = 50', () => {
    const y = ((50 + 16) / 116) ** 3;
    expect(xyzToLab([D50[0] * y, y, D50[2] * y], D50)[0]).toBeCloseTo(50, 12);
    expect(y).toBeCloseTo(0.184187, 6);
  });

  it('is undone by labToXyz, on both sides of its linear part', () => {
    for (const xyz of [
      [0.3, 0.4, 0.1],
      [0.002, 0.001, 0.003],
      [0.9642, 1, 0.8249],
    ] as const) {
      labToXyz(xyzToLab(xyz, D50), D50).forEach((value, i) => {
        expect(value).toBeCloseTo(xyz[i]!, 12);
      });
    }
  });
});
