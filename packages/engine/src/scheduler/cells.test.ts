import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Stage } from '../stage.js';
import { patternAt } from '../stages/linearise/tables.js';
import { bayerFrame, flat, xtransFrame } from '../testing/frames.js';
import { KernelBench } from '../testing/KernelBench.js';
import { seededRandom } from '../testing/random.js';
import { cells, periodOf } from './cells.js';
import { edgeOf, reachOf } from './places.js';

let bench: KernelBench;
beforeAll(async () => {
  bench = await KernelBench.create();
});

describe('cells', () => {
  it.each([
    ['Bayer', bayerFrame(24, 24, flat(1, 1, 1), {}, 'GRBG')],
    ['X-Trans', xtransFrame(24, 24, flat(1, 1, 1))],
  ] as const)('give each pixel the means of its cell’s samples by colour: %s', (_name, frame) => {
    const period = periodOf(frame);
    const size = 24;
    const tile = bench.tile({
      left: 0,
      top: 0,
      width: size,
      height: size,
      activeWidth: size,
      activeHeight: size,
      period,
    });
    const random = seededRandom(3);
    const mosaic = Float32Array.from({ length: tile.stride * size }, () => random());
    new Float32Array(bench.heap.memory.buffer, tile.mosaic, mosaic.length).set(mosaic);
    const context = bench.context(frame);
    (cells as unknown as Stage).run(cells.plan({}, context), tile, bench.kernels);
    const planes = bench.floats(tile.planes, tile.stride * size * 3);
    const colours = patternAt(frame, period);
    for (const [x, y] of [
      [0, 0],
      [7, 13],
      [23, 23],
    ] as const)
      for (let channel = 0; channel < 3; channel++) {
        const samples: number[] = [];
        for (let v = 0; v < period; v++)
          for (let u = 0; u < period; u++)
            if (colours[v * period + u] === channel)
              samples.push(mosaic[(y - (y % period) + v) * tile.stride + x - (x % period) + u]!);
        const mean = samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
        expect(planes[(channel * size + y) * tile.stride + x]).toBeCloseTo(mean, 6);
      }
  });
});

describe('what may be computed around a view', () => {
  it('lies inside of the picture, reaches as far as the halo where there is picture, and is nothing without one', () => {
    const size = fc.integer({ min: 1, max: 3000 });
    fc.assert(
      fc.property(
        size,
        size,
        size,
        size,
        fc.integer({ min: 0, max: 40 }),
        (start, source, after, shrunk, halo) => {
          const target = Math.min(shrunk, source);
          const picture = start + source + after;
          const { from, to } = reachOf(start, source, target, picture, halo);
          expect(start + edgeOf(from, source, target)).toBeGreaterThan(-1e-6);
          expect(start + edgeOf(to, source, target)).toBeLessThan(picture + 1e-6);
          const ratio = source / target;
          expect(-from).toBe(Math.min(Math.floor(start / ratio), halo));
          expect(to - target).toBe(Math.min(Math.floor(after / ratio), halo));
        },
      ),
    );
    expect(reachOf(5, 10, 10, 20, 0)).toEqual({ from: -0, to: 10 });
  });
});
