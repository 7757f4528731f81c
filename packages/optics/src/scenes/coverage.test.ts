import { describe, expect, it } from 'vitest';
import {
  convexCoverage,
  discCoverage,
  type HalfPlane,
  halfPlaneCoverage,
  halfPlaneThrough,
  intervalCoverage,
} from './coverage.js';

/** Area by counting `n²` points of the square: an independent, slow answer, good to about 1/n of the edge's length. */
function counted(inside: (x: number, y: number) => boolean, x: number, y: number, n = 400): number {
  let sum = 0;
  for (let j = 0; j < n; j++)
    for (let i = 0; i < n; i++) if (inside(x + (i + 0.5) / n, y + (j + 0.5) / n)) sum++;
  return sum / (n * n);
}

const COUNTED = 0.004;

describe('halfPlaneCoverage', () => {
  it('is the area that counting gives, in every direction', () => {
    for (let angle = 0; angle < 360; angle += 17)
      for (const shift of [-0.6, -0.2, 0, 0.35]) {
        const side = halfPlaneThrough(7.5 + shift, 3.5, angle);
        const area = counted((x, y) => side.normalX * x + side.normalY * y < side.offset, 7, 3);
        expect(Math.abs(halfPlaneCoverage(side, 7, 3) - area)).toBeLessThan(COUNTED);
      }
  });

  it('gives an upright edge to the last digit', () => {
    expect(halfPlaneCoverage(halfPlaneThrough(7.25, 0, 0), 7, 3)).toBe(0.25);
    expect(halfPlaneCoverage(halfPlaneThrough(6, 0, 0), 7, 3)).toBe(0);
    expect(halfPlaneCoverage(halfPlaneThrough(9, 0, 0), 7, 3)).toBe(1);
  });

  it('adds up over a row to the exact place of the edge, at every slant', () => {
    for (const angle of [0, 0.3, 5, 20, 44]) {
      const side = halfPlaneThrough(50, 50, angle);
      for (let y = 30; y < 70; y++) {
        let sum = 0;
        for (let x = 0; x < 100; x++) sum += halfPlaneCoverage(side, x, y);
        // The integral of a straight edge over the row is its place at the row's middle.
        expect(sum).toBeCloseTo(50 + (y + 0.5 - 50) * Math.tan((angle * Math.PI) / 180), 9);
      }
    }
  });
});

describe('convexCoverage', () => {
  it('is the area of a turned square, all samples together', () => {
    for (const degrees of [0, 5, 31]) {
      const angle = (degrees * Math.PI) / 180;
      const sides = [0, 1, 2, 3].map((k): HalfPlane => {
        const turn = angle + (k * Math.PI) / 2;
        const [normalX, normalY] = [Math.cos(turn), Math.sin(turn)];
        return { normalX, normalY, offset: normalX * 20.3 + normalY * 19.8 + 6.7 };
      });
      let area = 0;
      for (let y = 0; y < 40; y++) for (let x = 0; x < 40; x++) area += convexCoverage(sides, x, y);
      expect(area).toBeCloseTo(13.4 ** 2, 9);
    }
  });
});

describe('discCoverage', () => {
  it.each([0.2, 0.5, 1, 3.3, 40])('adds up to π r² for a radius of %s', (radius) => {
    let area = 0;
    for (let y = 0; y < 100; y++)
      for (let x = 0; x < 100; x++) area += discCoverage(50.3, 49.6, radius, x, y);
    expect(area / (Math.PI * radius ** 2)).toBeCloseTo(1, 9);
  });

  it('is the area that counting gives', () => {
    for (const [x, y] of [
      [10, 10],
      [12, 9],
      [8, 12],
      [11, 8],
    ] as const) {
      const area = counted((px, py) => Math.hypot(px - 10.4, py - 10.7) < 2.2, x, y);
      expect(Math.abs(discCoverage(10.4, 10.7, 2.2, x, y) - area)).toBeLessThan(COUNTED);
    }
  });
});

describe('intervalCoverage', () => {
  it('is the common length', () => {
    expect(intervalCoverage(2.25, 2.75, 2)).toBe(0.5);
    expect(intervalCoverage(1, 2.25, 2)).toBe(0.25);
    expect(intervalCoverage(3, 4, 2)).toBe(0);
  });
});
