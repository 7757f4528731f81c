import type { RawFrame } from '@photosite/raw';
import fc from 'fast-check';
fc.configureGlobal({ numRuns: 3000, interruptAfterTimeLimit: 10000 });
import { beforeAll, describe, expect, it } from 'vitest';
import type { Stage } from '../../stage.js';
import { most } from '../../testing/extremes.js';
import { bayerFrame, flat, linearRawFrame } from '../../testing/frames.js';
import { KernelBench } from '../../testing/KernelBench.js';
import { seededRandom } from '../../testing/random.js';
import { lensShading as stage } from './index.js';
import { type GainMap, gainAt, lensShading as reference } from './reference.js';

let bench: KernelBench;
beforeAll(async () => {
  bench = await KernelBench.create();
});

type Shape = Partial<Omit<GainMap, 'area'>> & { area?: Partial<GainMap['area']> };

/** A map over everything, points from edge to edge, with gains by seed. */
function gainMap(seed: number, { area, ...shape }: Shape = {}): GainMap {
  const random = seededRandom(seed);
  const { mapPointsV = 5, mapPointsH = 7, mapPlanes = 1 } = shape;
  return {
    kind: 'GainMap',
    dngVersion: '1.3.0.0',
    optional: false,
    previewSkip: false,
    area: {
      top: 0,
      left: 0,
      bottom: 1e5,
      right: 1e5,
      plane: 0,
      planes: 1,
      rowPitch: 1,
      colPitch: 1,
      ...area,
    },
    mapPointsV,
    mapPointsH,
    mapPlanes,
    mapSpacingV: 1 / Math.max(mapPointsV - 1, 1),
    mapSpacingH: 1 / Math.max(mapPointsH - 1, 1),
    mapOriginV: 0,
    mapOriginH: 0,
    gains: Float32Array.from({ length: mapPointsV * mapPointsH * mapPlanes }, () => 1 + 2 * random()),
    ...shape,
  };
}

/** A map for each of a Bayer array's four positions. */
function bayerMaps(make: (position: number) => GainMap): GainMap[] {
  return [0, 1, 2, 3].map((position) => {
    const map = make(position);
    return {
      ...map,
      area: { ...map.area, top: position >> 1, left: position & 1, rowPitch: 2, colPitch: 2 },
    };
  });
}

function withMaps(frame: RawFrame, maps: readonly GainMap[]): RawFrame {
  return { ...frame, opcodes: { ...frame.opcodes, list2: maps } };
}

/** The stage's result on planes over the whole active area, which is the frame's. */
function throughKernel(frame: RawFrame, planes: readonly (readonly number[])[]): number[][] {
  const { width, height } = frame;
  const tile = bench.tile({ left: 0, top: 0, width, height, activeWidth: width, activeHeight: height });
  const addresses =
    frame.cfa !== undefined ? [tile.mosaic] : planes.map((_, p) => tile.planes + p * tile.planeStride);
  const memory = new Float32Array(bench.heap.memory.buffer);
  planes.forEach((plane, p) => {
    plane.forEach((value, i) => {
      memory[addresses[p]! / 4 + Math.floor(i / width) * tile.stride + (i % width)] = value;
    });
  });
  const plan = (stage as Stage).plan({ apply: true } as never, bench.context(frame));
  if (plan !== undefined) (stage as Stage).run(plan, tile, bench.kernels);
  return addresses.map((address) =>
    Array.from(bench.floats(address, tile.stride * height)).filter((_, i) => i % tile.stride < width),
  );
}

/** Each interpolation and product rounds to 32 bits: a few units of the last place for each map. */
const ROUNDING = 8 * 2 ** -24;

function expectSame(actual: number[][], expected: number[][], maps: number): void {
  const values = expected.flat();
  const error = most(actual.flat(), (value, i) => Math.abs(value - values[i]!) / Math.abs(values[i]!));
  expect(error).toBeLessThanOrEqual(maps * ROUNDING);
}

const mosaicOf = (width: number, height: number): number[] =>
  Array.from({ length: width * height }, (_, i) => Math.fround(0.3 + 0.2 * Math.sin(i)));

describe('lens shading: the kernel equals the reference', () => {
  it('for the four maps of a Bayer file', () => {
    const maps = bayerMaps((position) => gainMap(position));
    const frame = withMaps(bayerFrame(33, 26, flat(1, 1, 1)), maps);
    expectSame(
      throughKernel(frame, [mosaicOf(33, 26)]),
      reference([mosaicOf(33, 26)], maps, 33),
      maps.length,
    );
  });

  it('for maps of any grid, origin, spacing, area and pitch, several over another', () => {
    const shape = fc.record({
      mapPointsV: fc.integer({ min: 1, max: 6 }),
      mapPointsH: fc.integer({ min: 1, max: 6 }),
      mapOriginV: fc.double({ min: -0.2, max: 0.5, noNaN: true }),
      mapOriginH: fc.double({ min: -0.2, max: 0.5, noNaN: true }),
      mapSpacingV: fc.double({ min: 0.05, max: 1.2, noNaN: true }),
      mapSpacingH: fc.double({ min: 0.05, max: 1.2, noNaN: true }),
      area: fc.record({
        top: fc.integer({ min: 0, max: 12 }),
        left: fc.integer({ min: 0, max: 12 }),
        bottom: fc.integer({ min: 8, max: 40 }),
        right: fc.integer({ min: 8, max: 40 }),
        rowPitch: fc.integer({ min: 1, max: 3 }),
        colPitch: fc.integer({ min: 1, max: 3 }),
      }),
    });
    fc.assert(
      fc.property(fc.array(shape, { minLength: 1, maxLength: 5 }), (shapes) => {
        const maps = shapes.map((s, i) => gainMap(i + 9, s));
        const frame = withMaps(bayerFrame(21, 18, flat(1, 1, 1)), maps);
        expectSame(
          throughKernel(frame, [mosaicOf(21, 18)]),
          reference([mosaicOf(21, 18)], maps, 21),
          maps.length,
        );
      }),
      { numRuns: 3000 },
    );
  });

  it('for three planes, a map with a plane each and a map for one of them', () => {
    const maps = [
      gainMap(4, { mapPlanes: 3, area: { planes: 3 } }),
      gainMap(5, { area: { plane: 1, planes: 1 } }),
    ];
    const frame = withMaps(linearRawFrame(20, 15, flat(1, 1, 1)), maps);
    const planes = [1, 2, 3].map((k) => mosaicOf(20, 15).map((value) => Math.fround(value * k)));
    expectSame(throughKernel(frame, planes), reference(planes, maps, 20), maps.length);
  });

  it('for a monochrome picture, which is shown as three equal planes', () => {
    const maps = [gainMap(6)];
    const frame = withMaps(linearRawFrame(20, 15, flat(1, 1, 1), { planes: 1 }), maps);
    const plane = mosaicOf(20, 15);
    const expected = reference([plane], maps, 20)[0]!;
    expectSame(throughKernel(frame, [plane, plane, plane]), [expected, expected, expected], 1);
  });
});

describe('lens shading: DNG 1.6, chapter 7, GainMap', () => {
  const map = gainMap(1, {
    mapPointsV: 2,
    mapPointsH: 3,
    mapSpacingH: 0.5,
    gains: Float32Array.of(1, 2, 3, 5, 6, 7),
  });

  it("has its points' own gains at the points and their mean in the middle between", () => {
    // Points lie at fractions 0, 1/2 and 1; with an odd width the middle column's centre is at 1/2.
    expect(gainAt(map, 50, 0, 101, 1, 0)).toBeCloseTo((2 + 6) / 2, 12);
    expect(gainAt(map, 0, 50, 1, 101, 0)).toBeCloseTo((2 + 6) / 2, 12);
    expect(gainAt(map, 50, 50, 101, 101, 0)).toBeCloseTo((2 + 6) / 2, 12);
  });

  it('stays at the border points beyond them', () => {
    const inner = { ...map, mapOriginV: 0.4, mapOriginH: 0.4, mapSpacingV: 0.1, mapSpacingH: 0.05 };
    expect(gainAt(inner, 0, 0, 100, 100, 0)).toBe(1);
    expect(gainAt(inner, 99, 99, 100, 100, 0)).toBe(7);
  });

  it('undoes the shading of a lens on every colour within the rounding of floats', () => {
    const [width, height] = [64, 48];
    const maps = bayerMaps((position) => gainMap(20 + position, { mapPointsV: 4, mapPointsH: 5 }));
    const light = mosaicOf(width, height);
    const shaded = light.map((value, i) => {
      const [x, y] = [i % width, Math.floor(i / width)];
      return Math.fround(value / gainAt(maps[(y % 2) * 2 + (x % 2)]!, x, y, width, height, 0));
    });
    const frame = withMaps(bayerFrame(width, height, flat(1, 1, 1)), maps);
    expectSame(throughKernel(frame, [shaded]), [light], 1);
  });

  it('does nothing without maps, and nothing where it is switched off', () => {
    const bare = bayerFrame(8, 8, flat(1, 1, 1));
    expect(stage.plan({ apply: true }, bench.context(bare))).toBeUndefined();
    expect(stage.plan({ apply: false }, bench.context(withMaps(bare, [map])))).toBeUndefined();
  });

  it('touches nothing for a map whose area lies outside of the picture', () => {
    const away = gainMap(3, { area: { top: 500, left: 500, bottom: 600, right: 600 } });
    const plane = mosaicOf(16, 12);
    expect(throughKernel(withMaps(bayerFrame(16, 12, flat(1, 1, 1)), [away]), [plane])).toEqual([plane]);
  });
});
