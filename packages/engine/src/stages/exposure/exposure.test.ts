import type { RawFrame } from '@photosite/raw';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Vector3 } from '../../colour/matrix3.js';
import type { Stage } from '../../stage.js';
import { testPixels } from '../../testing/extremes.js';
import { bayerFrame, flat } from '../../testing/frames.js';
import { KernelBench } from '../../testing/KernelBench.js';
import { overviewOf, seeing } from '../../testing/overviews.js';
import { SCENE_GREY } from '../tone/curve.js';
import { automaticStops } from './automatic.js';
import { exposure as stage } from './index.js';
import { exposure as reference } from './reference.js';

let bench: KernelBench;
beforeAll(async () => {
  bench = await KernelBench.create();
});

function exposed(pixels: readonly Vector3[], ev: number, overrides: Partial<RawFrame> = {}): Vector3[] {
  const context = bench.context(bayerFrame(4, 4, flat(1, 1, 1), overrides));
  return bench.throughStage(stage as Stage, pixels, context, { ev, automatic: false });
}

describe('exposure', () => {
  it('kernel and reference agree bit for bit for any number of stops', () => {
    const pixels = testPixels(200);
    fc.assert(
      fc.property(fc.double({ min: -8, max: 8, noNaN: true }), (ev) => {
        expect(exposed(pixels, ev)).toEqual(ev === 0 ? pixels : pixels.map((pixel) => reference(pixel, ev)));
      }),
      { numRuns: 10 },
    );
  });

  it('one stop doubles, minus two quarter, exactly', () => {
    expect(exposed([[0.1, -0.25, 3]], 1)).toEqual([[2 * Math.fround(0.1), -0.5, 6]]);
    expect(exposed([[0.5, -0.25, 3]], -2)).toEqual([[0.125, -0.0625, 0.75]]);
  });

  it("adds the file's baseline exposure and its profile's offset to the person's stops", () => {
    const color = { calibrations: [], baselineExposureOffset: -0.5 };
    expect(exposed([[1, 1, 1]], 1, { baselineExposure: 1.5, color })).toEqual([[4, 4, 4]]);
  });

  it.each([2e9, 20.5, -1e4, Infinity, NaN])(
    'does not believe a file that states %d stops',
    (baselineExposure) => {
      expect(exposed([[1, 0, -1]], 1, { baselineExposure })).toEqual([[2, 0, -2]]);
    },
  );

  it('has nothing to do where the stops add up to none', () => {
    const frame = bayerFrame(4, 4, flat(1, 1, 1), { baselineExposure: 0.5 });
    expect(stage.plan({ ev: -0.5, automatic: false }, bench.context(frame))).toBeUndefined();
  });
});

describe('automatic exposure', () => {
  const scene = (light: (x: number, y: number) => number, white = 2): number => {
    const [width, height] = [96, 64];
    const values = Float32Array.from({ length: width * height }, (_, i) =>
      light(((i % width) + 0.5) / width, (Math.floor(i / width) + 0.5) / height),
    );
    return automaticStops({ width, height, values }, white);
  };

  it('leaves a scene of middle grey alone, opens a dark one most of the way and darkens a bright one', () => {
    expect(scene(() => SCENE_GREY)).toBeCloseTo(0, 6);
    expect(scene(() => SCENE_GREY / 8)).toBeGreaterThan(1.5);
    expect(scene(() => SCENE_GREY / 8)).toBeLessThan(3);
    expect(scene(() => SCENE_GREY * 4)).toBeLessThan(-1);
  });

  it('keeps a bright sky below white, but for a third of what the foreground asks', () => {
    const sky = 1.5;
    const stops = scene((_, y) => (y < 0.4 ? sky : 0.01));
    const free = scene((_, y) => (y < 0.4 ? 0.01 : 0.01));
    expect(stops).toBeGreaterThan(0);
    expect(stops).toBeLessThan(free / 2);
    expect(sky * 2 ** stops).toBeLessThan(2 * 2 ** 0.8);
  });

  it('lets lamps and glints burn out', () => {
    const without = scene(() => 0.03);
    const lamp = scene((x, y) => (Math.hypot(x - 0.5, y - 0.3) < 0.03 ? 2 : 0.03));
    expect(Math.abs(lamp - without)).toBeLessThan(0.1);
  });

  it('stays within three and a half stops up, and does not make grey of what is burnt', () => {
    expect(scene(() => 0)).toBe(3.5);
    expect(scene(() => 2)).toBeCloseTo(0, 6);
  });

  it('takes the place of the file’s own exposure, and the person’s comes on top', () => {
    const frame = bayerFrame(4, 4, flat(1, 1, 1), { baselineExposure: 1 });
    const context = bench.context(frame);
    const half = seeing(
      context,
      overviewOf(48, 32, () => [0.5 * 0.02, 0.02, 0.7 * 0.02]),
    );
    const gain = (values: object): number => (stage.plan(values as never, half) as { gain: number }).gain;
    expect(gain({ ev: 0, automatic: false })).toBe(2);
    const automatic = gain({ ev: 0, automatic: true });
    expect(automatic).toBeGreaterThan(2 ** 1.2);
    expect(gain({ ev: 1, automatic: true }) / automatic).toBeCloseTo(2, 6);
  });
});
