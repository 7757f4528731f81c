import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { largestFall, most } from '../testing/extremes.js';
import { KernelBench } from '../testing/KernelBench.js';
import { seededRandom } from '../testing/random.js';
import { tileCount } from './job.js';
import { insidePlace, sourceSpan } from './places.js';

let bench: KernelBench;
beforeAll(async () => {
  bench = await KernelBench.create();
});

describe('insidePlace', () => {
  const any = fc.tuple(fc.integer({ min: -200, max: 400 }), fc.integer({ min: 1, max: 200 }));

  it('is the place itself inside, and always inside', () => {
    fc.assert(
      fc.property(any, fc.constantFrom(1, 2, 4, 6), ([place, size], period) => {
        const inside = insidePlace(place, size, period);
        if (place >= 0 && place < size) expect(inside).toBe(place);
        expect(inside).toBeGreaterThanOrEqual(0);
        expect(inside).toBeLessThan(size);
      }),
    );
  });

  it('has the colour of the place that it stands in for, wherever the picture is as large as the array’s period', () => {
    fc.assert(
      fc.property(any, fc.constantFrom(2, 4, 6), ([place, size], period) => {
        fc.pre(size >= 2 * period && place > -size && place < 2 * size - 1);
        expect((((insidePlace(place, size, period) - place) % period) + period) % period).toBe(0);
      }),
    );
  });

  it('mirrors about the border pixels under a period of two', () => {
    expect([-3, -2, -1, 0, 1].map((place) => insidePlace(place, 10, 2))).toEqual([3, 2, 1, 0, 1]);
    expect([8, 9, 10, 11].map((place) => insidePlace(place, 10, 2))).toEqual([8, 9, 8, 7]);
  });
});

describe('tiles', () => {
  it('are counted up to the last partial one', () => {
    expect(tileCount({ width: 256, height: 256, tileWidth: 256, tileHeight: 256 })).toBe(1);
    expect(tileCount({ width: 257, height: 512, tileWidth: 256, tileHeight: 256 })).toBe(4);
  });

  it('of a smaller grid span the source without a gap', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 64 }),
        (a, b, tile) => {
          const [source, target] = [Math.max(a, b), Math.min(a, b)];
          let end = 0;
          for (let first = 0; first < target; first += tile) {
            const span = sourceSpan(first, Math.min(tile, target - first), source, target);
            expect(span[0]).toBeLessThanOrEqual(end);
            expect(span[1]).toBeGreaterThan(span[0]);
            end = span[1];
          }
          expect(end).toBe(source);
        },
      ),
    );
  });
});

describe('the reducing kernel', () => {
  /** Footprints as the scheduler writes them, for a whole axis. */
  function footprints(source: number, target: number): number {
    const bytes = new ArrayBuffer(target * 16);
    const [integers, floats] = [new Int32Array(bytes), new Float32Array(bytes)];
    const ratio = source / target;
    for (let i = 0; i < target; i++) {
      const [from, to] = [i * ratio, Math.min((i + 1) * ratio, source)];
      const count = Math.max(Math.ceil(to) - Math.floor(from), 1);
      integers.set([Math.floor(from), count], i * 4);
      floats.set(
        [count === 1 ? to - from : Math.floor(from) + 1 - from, to - (Math.floor(from) + count - 1)],
        i * 4 + 2,
      );
    }
    return bench.heap.place(new Uint8Array(bytes));
  }

  function reduced(plane: readonly number[], width: number, target: number, rows: number): number[] {
    const height = plane.length / width;
    const stride = Math.ceil(width / 4) * 4;
    const source = new Float32Array(stride * height);
    plane.forEach((value, i) => {
      source[Math.floor(i / width) * stride + (i % width)] = value;
    });
    const [src, dst] = [bench.heap.place(source), bench.heap.allocate(target * rows * 4 + 64)];
    const scratch = bench.heap.allocate(stride * 4 + 64);
    bench.kernels.reducePlane(
      src,
      stride * 4,
      footprints(width, target),
      footprints(height, rows),
      (target / width) * (rows / height),
      scratch,
      dst,
      target * 4,
      target,
      rows,
      width,
    );
    return [...bench.floats(dst, target * rows)];
  }

  /** The mean over the area under each pixel of the smaller grid. */
  function areaMeans(plane: readonly number[], width: number, target: number, rows: number): number[] {
    const height = plane.length / width;
    const overlap = (i: number, out: number, size: number, count: number): number =>
      Math.max(Math.min(i + 1, ((out + 1) * size) / count) - Math.max(i, (out * size) / count), 0);
    return Array.from({ length: target * rows }, (_, k) => {
      let sum = 0;
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++)
          sum +=
            plane[y * width + x]! *
            overlap(x, k % target, width, target) *
            overlap(y, Math.floor(k / target), height, rows);
      return (sum * target * rows) / (width * height);
    });
  }

  it('gives the mean of the area under each pixel', () => {
    const random = seededRandom(2);
    for (const [width, height, target, rows] of [
      [12, 8, 6, 4],
      [13, 9, 5, 4],
      [17, 6, 16, 5],
      [9, 9, 1, 1],
      [8, 8, 8, 8],
    ] as const) {
      const plane = Array.from({ length: width * height }, () => Math.fround(random()));
      const expected = areaMeans(plane, width, target, rows);
      const error = most(reduced(plane, width, target, rows), (value, i) => Math.abs(value - expected[i]!));
      // Sums of up to 81 floats of at most 1, with rounded weights, in 32 bits.
      expect(error).toBeLessThan(2e-6);
    }
  });

  it('keeps a plane of one value, and a ramp a ramp', () => {
    const [width, target] = [29, 11];
    const plain = reduced(Array<number>(width * 4).fill(0.25), width, target, 2);
    expect(most(plain, (value) => Math.abs(value - 0.25))).toBeLessThan(1e-7);
    const ramp = reduced(
      Array.from({ length: width }, (_, x) => x),
      width,
      target,
      1,
    );
    expect(largestFall(ramp)).toBeLessThan(0);
  });
});
