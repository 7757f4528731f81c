import type { Orientation } from '@photosite/raw';
import fc from 'fast-check';
fc.configureGlobal({ numRuns: 3000, interruptAfterTimeLimit: 10000 });
import { describe, expect, it } from 'vitest';
import { cropOf, type Rectangle, type Turn, toSensor, turnOf } from './geometry.js';
import { bayerFrame, flat } from './testing/frames.js';

const ORIENTATIONS: readonly Orientation[] = [1, 2, 3, 4, 5, 6, 7, 8];

function placed(turn: Turn, x: number, y: number): readonly [number, number] {
  return [turn.u0 + turn.ux * x + turn.uy * y, turn.v0 + turn.vx * x + turn.vy * y];
}

describe('turnOf', () => {
  // Exif 2.32, Orientation: where the stored 0th row and the 0th column belong in the upright picture.
  it.each<[Orientation, string, string]>([
    [1, 'top', 'left'],
    [2, 'top', 'right'],
    [3, 'bottom', 'right'],
    [4, 'bottom', 'left'],
    [5, 'left', 'top'],
    [6, 'right', 'top'],
    [7, 'right', 'bottom'],
    [8, 'left', 'bottom'],
  ])('orientation %d: the 0th row is the %s, the 0th column the %s', (orientation, row, column) => {
    const [width, height] = [5, 3];
    const turn = turnOf(orientation, width, height);
    const side = (places: readonly (readonly [number, number])[]): string => {
      const [us, vs] = [new Set(places.map(([u]) => u)), new Set(places.map(([, v]) => v))];
      if (us.size === 1) return us.has(0) ? 'left' : us.has(turn.width - 1) ? 'right' : 'inside';
      return vs.has(0) ? 'top' : vs.has(turn.height - 1) ? 'bottom' : 'inside';
    };
    expect(side([0, 1, 2, 3, 4].map((x) => placed(turn, x, 0)))).toBe(row);
    expect(side([0, 1, 2].map((y) => placed(turn, 0, y)))).toBe(column);
  });

  it.each(ORIENTATIONS)('orientation %d puts every pixel into the picture once', (orientation) => {
    const turn = turnOf(orientation, 5, 3);
    const places = new Set<number>();
    for (let y = 0; y < 3; y++)
      for (let x = 0; x < 5; x++) {
        const [u, v] = placed(turn, x, y);
        places.add(v * turn.width + u);
      }
    expect([...places].sort((a, b) => a - b)).toEqual(Array.from({ length: 15 }, (_, i) => i));
  });
});

describe('toSensor', () => {
  it('gives the sensor rectangle whose pixels are the upright ones', () => {
    const size = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(fc.constantFrom(...ORIENTATIONS), size, size, fc.gen(), (orientation, width, height, g) => {
        const turn = turnOf(orientation, width, height);
        const left = g(fc.integer, { min: 0, max: turn.width - 1 });
        const top = g(fc.integer, { min: 0, max: turn.height - 1 });
        const upright: Rectangle = {
          left,
          top,
          width: g(fc.integer, { min: 1, max: turn.width - left }),
          height: g(fc.integer, { min: 1, max: turn.height - top }),
        };
        const sensor = toSensor(turn, upright);
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++) {
            const [u, v] = placed(turn, x, y);
            const inUpright = u >= left && v >= top && u < left + upright.width && v < top + upright.height;
            const inSensor =
              x >= sensor.left &&
              y >= sensor.top &&
              x < sensor.left + sensor.width &&
              y < sensor.top + sensor.height;
            expect(inSensor).toBe(inUpright);
          }
      }),
      { numRuns: 3000 },
    );
  });
});

describe('cropOf', () => {
  const cropped = (crop: Rectangle): Rectangle =>
    cropOf({
      ...bayerFrame(20, 10, flat(1, 1, 1)),
      activeArea: { left: 2, top: 1, right: 18, bottom: 9 },
      defaultCrop: {
        left: crop.left,
        top: crop.top,
        right: crop.left + crop.width,
        bottom: crop.top + crop.height,
      },
    });

  it('keeps a crop that fits', () => {
    const crop = { left: 3, top: 2, width: 9, height: 5 };
    expect(cropped(crop)).toEqual(crop);
  });

  it('keeps any other inside of the active area, with at least one pixel', () => {
    const place = fc.integer({ min: -30, max: 40 });
    fc.assert(
      fc.property(place, place, place, place, (left, top, width, height) => {
        const crop = cropped({ left, top, width, height });
        expect(crop.left).toBeGreaterThanOrEqual(0);
        expect(crop.top).toBeGreaterThanOrEqual(0);
        expect(Math.min(crop.width, crop.height)).toBeGreaterThanOrEqual(1);
        expect(crop.left + crop.width).toBeLessThanOrEqual(16);
        expect(crop.top + crop.height).toBeLessThanOrEqual(8);
      }),
    );
  });
});
