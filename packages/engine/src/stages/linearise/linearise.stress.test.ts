import type { BlackLevel, RawFrame } from '@photosite/raw';
import fc from 'fast-check';
fc.configureGlobal({ numRuns: 3000, interruptAfterTimeLimit: 10000 });
import { beforeAll, describe, expect, it } from 'vitest';
import type { Vector3 } from '../../colour/matrix3.js';
import type { Stage } from '../../stage.js';
import { largestFall } from '../../testing/extremes.js';
import { bayerFrame, busyScene, linearRawFrame } from '../../testing/frames.js';
import { KernelBench, type TilePlace } from '../../testing/KernelBench.js';
import { seededRandom } from '../../testing/random.js';
import { linearise as stage } from './index.js';
import { linearise as reference } from './reference.js';

let bench: KernelBench;
beforeAll(async () => {
  bench = await KernelBench.create();
});

/** The stage's own result over a tile: the planes that it fills. */
function throughKernel(
  frame: RawFrame,
  place?: Partial<TilePlace>,
): { planes: Float32Array[]; stride: number } {
  const context = bench.context(frame);
  const area = frame.activeArea;
  const [activeWidth, activeHeight] = [area.right - area.left, area.bottom - area.top];
  const tile = bench.tile({
    left: 0,
    top: 0,
    width: activeWidth,
    height: activeHeight,
    activeWidth,
    activeHeight,
    period: frame.cfa === undefined ? 1 : 2,
    ...place,
  });
  const plan = (stage as Stage).plan({}, context);
  (stage as Stage).run(plan, tile, bench.kernels);
  const size = tile.stride * tile.height;
  const planes =
    frame.cfa === undefined
      ? [0, 1, 2].map((p) => bench.floats(tile.planes + p * tile.planeStride, size))
      : [bench.floats(tile.mosaic, size)];
  return { planes, stride: tile.stride };
}

function balanceOf(frame: RawFrame): Vector3 {
  return bench.context(frame).balance as Vector3;
}

/** Rows of a plane without the tile's padding. */
function rows(plane: Float32Array, stride: number, width: number): number[] {
  return Array.from(plane).filter((_, i) => i % stride < width);
}

function expectSame(frame: RawFrame): void {
  const width = frame.activeArea.right - frame.activeArea.left;
  const { planes, stride } = throughKernel(frame);
  const expected = reference(frame, balanceOf(frame));
  expect(planes.length).toBe(expected.length);
  planes.forEach((plane, p) => {
    expect(rows(plane, stride, width)).toEqual(expected[p]);
  });
}

/** Noise over all values that 16 bits can hold. */
function anySamples(count: number, seed: number): Uint16Array {
  const random = seededRandom(seed);
  return Uint16Array.from({ length: count }, () => Math.floor(random() * 65536));
}

const black: BlackLevel = {
  repeatRows: 2,
  repeatCols: 2,
  values: [250, 260, 255, 270.5],
  deltaH: Float32Array.from({ length: 37 }, (_, x) => (x % 5) - 2.25),
  deltaV: Float32Array.from({ length: 21 }, (_, y) => Math.sin(y) * 4),
};

describe('linearise: the kernel equals the reference bit for bit', () => {
  it('for a Bayer mosaic of any 16-bit samples', () => {
    expectSame(bayerFrame(37, 21, busyScene(), { samples: anySamples(37 * 21, 1) }));
  });

  it('for black levels by CFA position with deltas of columns and rows', () => {
    expectSame(bayerFrame(37, 21, busyScene(), { samples: anySamples(37 * 21, 2), blackLevel: black }));
  });

  it('for black levels whose period differs from the CFA', () => {
    const values = Array.from({ length: 3 * 5 }, (_, i) => 200 + 7 * i);
    expectSame(bayerFrame(37, 21, busyScene(), { blackLevel: { repeatRows: 3, repeatCols: 5, values } }));
  });

  it('for a linearisation table, samples beyond it included', () => {
    const table = Uint16Array.from({ length: 1024 }, (_, i) => Math.min(4 * i + (i * i) / 512, 65535));
    expectSame(bayerFrame(37, 21, busyScene(), { samples: anySamples(37 * 21, 3), linearization: table }));
  });

  it('for an active area that begins on odd rows and columns', () => {
    expectSame(bayerFrame(41, 30, busyScene(), { activeArea: { top: 3, left: 5, bottom: 28, right: 38 } }));
  });

  it('for three planes with levels of their own', () => {
    const overrides = {
      blackLevel: { repeatRows: 1, repeatCols: 1, values: [100, 200, 300] },
      whiteLevel: [4000, 3900, 3800],
    };
    expectSame(linearRawFrame(19, 13, busyScene(), { overrides }));
  });

  it('for a single plane', () => {
    expectSame(linearRawFrame(19, 13, busyScene(), { planes: 1 }));
  });

  it('for float samples, those that are no numbers included', () => {
    const samples = Float32Array.from({ length: 19 * 13 * 3 }, (_, i) => Math.sin(i) * 1.2);
    samples.set([Number.NaN, Infinity, -Infinity, 3e38, -3e38, 1e-42, -0]);
    expectSame(linearRawFrame(19, 13, busyScene(), { float: true, overrides: { samples } }));
  });

  it('for a white level at or below black', () => {
    expectSame(bayerFrame(8, 8, busyScene(), { whiteLevel: [256] }));
    expectSame(bayerFrame(8, 8, busyScene(), { whiteLevel: [0] }));
  });
});

describe('linearise: DNG 1.6, chapter 5', () => {
  it('gives 0 at black, 1 at white (times the balance) and clips above', () => {
    const samples = Uint16Array.of(256, 4095, 5000, 256);
    const frame = bayerFrame(2, 2, busyScene(), { samples, asShotNeutral: [0.5, 1, 0.25] });
    const [dark, white, beyond, alsoDark] = rows(throughKernel(frame).planes[0]!, 4, 2);
    expect([dark, beyond, alsoDark]).toEqual([0, 1, 0]);
    // White is multiplied by a reciprocal: half a unit in the last place for each of the two roundings.
    expect(Math.abs(white! - 1)).toBeLessThanOrEqual(2 ** -24);
  });

  it('has the values that the README shows', () => {
    const frame = bayerFrame(2, 2, busyScene(), {
      samples: Uint16Array.of(1216, 0, 0, 0),
      whiteLevel: [4096],
      asShotNeutral: [0.5, 1, 1],
    });
    const red = (sample: number): number => {
      const samples = Uint16Array.of(sample, 0, 0, 0);
      return throughKernel({ ...frame, samples }).planes[0]![0]!;
    };
    expect([1216, 256, 246, 4096, 5000].map((sample) => red(sample).toFixed(4))).toEqual([
      '0.5000',
      '0.0000',
      '-0.0052',
      '2.0000',
      '2.0000',
    ]);
  });

  it('keeps the noise below black', () => {
    const frame = bayerFrame(2, 2, busyScene(), { samples: Uint16Array.of(246, 246, 246, 246) });
    for (const value of rows(throughKernel(frame).planes[0]!, 4, 2)) expect(value).toBeLessThan(0);
  });

  it('divides by white less the largest black, deltas included: the darkest photosite reaches white first', () => {
    const blackLevel: BlackLevel = {
      repeatRows: 1,
      repeatCols: 2,
      values: [100, 300],
      deltaH: Float32Array.of(0, 50),
      deltaV: Float32Array.of(0, 25),
    };
    const frame = bayerFrame(2, 2, busyScene(), {
      samples: Uint16Array.of(1000, 1000, 1000, 1000),
      blackLevel,
      whiteLevel: [1375],
      asShotNeutral: [1, 1, 1],
    });
    // White less the largest black is 1375 - (300 + 50 + 25) = 1000.
    const expected = [900, 650, 875, 625].map((value) => Math.fround(value * Math.fround(1 / 1000)));
    expect(rows(throughKernel(frame).planes[0]!, 4, 2)).toEqual(expected);
  });

  it('takes the last entry of a linearisation table for samples beyond it', () => {
    const frame = bayerFrame(2, 2, busyScene(), {
      samples: Uint16Array.of(0, 2, 3, 65535),
      linearization: Uint16Array.of(0, 10, 30, 70),
      blackLevel: { repeatRows: 1, repeatCols: 1, values: [0] },
      whiteLevel: [100],
      asShotNeutral: [1, 1, 1],
    });
    const expected = [0, 30, 70, 70].map((value) => Math.fround(value * Math.fround(0.01)));
    expect(rows(throughKernel(frame).planes[0]!, 4, 2)).toEqual(expected);
  });

  it('shows a mirrored photosite of the same colour beyond the border', () => {
    const frame = bayerFrame(24, 18, busyScene(3));
    const inside = throughKernel(frame);
    const around = throughKernel(frame, { left: -6, top: -4, width: 40, height: 28 });
    const at = (x: number, y: number): number => inside.planes[0]![y * inside.stride + x]!;
    const mirrored = (place: number, size: number): number =>
      place < 0 ? -place : place >= size ? 2 * (size - 1) - place : place;
    const places = Array.from({ length: 40 * 28 }, (_, i) => [(i % 40) - 6, Math.floor(i / 40) - 4] as const);
    expect(rows(around.planes[0]!, around.stride, 40)).toEqual(
      places.map(([x, y]) => at(mirrored(x, 24), mirrored(y, 18))),
    );
  });
});

it('linearise never falls when a sample rises and never passes the balance', () => {
  const level = fc.integer({ min: 0, max: 60000 });
  fc.assert(
    fc.property(
      level,
      fc.integer({ min: 1, max: 65535 }),
      fc.integer({ min: 0, max: 1e6 }),
      (b, white, seed) => {
        const samples = anySamples(64, seed).sort();
        const frame = linearRawFrame(64, 1, busyScene(), {
          planes: 1,
          overrides: {
            samples,
            whiteLevel: [white],
            blackLevel: { repeatRows: 1, repeatCols: 1, values: [b] },
          },
        });
        const { planes } = throughKernel(frame);
        expect(largestFall(planes[0]!)).toBeLessThanOrEqual(0);
        expect(Math.max(...planes[0]!)).toBeLessThanOrEqual(1);
      },
    ),
    { numRuns: 3000 },
  );
});
