import type { RawFrame } from '@photosite/raw';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Vector3 } from '../../colour/matrix3.js';
import type { Stage } from '../../stage.js';
import { testPixels } from '../../testing/extremes.js';
import { bayerFrame, flat } from '../../testing/frames.js';
import { KernelBench } from '../../testing/KernelBench.js';
import { exposure as stage } from './index.js';
import { exposure as reference } from './reference.js';

let bench: KernelBench;
beforeAll(async () => {
  bench = await KernelBench.create();
});

function exposed(pixels: readonly Vector3[], ev: number, overrides: Partial<RawFrame> = {}): Vector3[] {
  const context = bench.context(bayerFrame(4, 4, flat(1, 1, 1), overrides));
  return bench.throughStage(stage as Stage, pixels, context, { ev });
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
    expect(stage.plan({ ev: -0.5 }, bench.context(frame))).toBeUndefined();
  });
});
