import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Vector3 } from '../../colour/matrix3.js';
import type { Stage } from '../../stage.js';
import { testPixels } from '../../testing/extremes.js';
import { bayerFrame, flat } from '../../testing/frames.js';
import { KernelBench } from '../../testing/KernelBench.js';
import { whiteBalance as stage } from './index.js';
import { whiteBalance as reference } from './reference.js';

let bench: KernelBench;
beforeAll(async () => {
  bench = await KernelBench.create();
});

const gain = fc.double({ min: 1e-3, max: 1e3, noNaN: true });

describe('white balance', () => {
  it('kernel and reference agree bit for bit: it is one product', () => {
    const pixels = testPixels();
    fc.assert(
      fc.property(fc.tuple(gain, gain, gain), (gains) => {
        const out = bench.onPixels(pixels, (area) => bench.kernels.whiteBalance(...area, ...gains));
        expect(out).toEqual(pixels.map((pixel) => reference(pixel, gains)));
      }),
      { numRuns: 5 },
    );
  });

  it("makes the scene's neutral equal in all channels, from samples in the frame's balance", () => {
    const neutral = fc.double({ min: 0.05, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.tuple(neutral, neutral, neutral),
        fc.integer({ min: 2000, max: 20000 }),
        (asShot, kelvin) => {
          const frame = bayerFrame(4, 4, flat(1, 1, 1), { asShotNeutral: asShot });
          const context = bench.context(frame, { whiteBalance: { temperature: kelvin } });
          const n = context.white.neutral;
          const balanced: Vector3 = [
            n[0] * context.balance[0],
            n[1] * context.balance[1],
            n[2] * context.balance[2],
          ];
          const [pixel] = bench.throughStage(stage as Stage, [balanced], context);
          // Three roundings to 32 bits on the way.
          for (const value of pixel!) expect(Math.abs(value - 1)).toBeLessThan(3 * 2 ** -24);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('never darkens the channel that clips first: its smallest gain on camera RGB is 1', () => {
    const context = bench.context(bayerFrame(4, 4, flat(1, 1, 1)), { whiteBalance: { temperature: 3000 } });
    const plan = stage.plan({ mode: 'as-shot', temperature: 3000, tint: null, neutral: null }, context) as {
      gains: Vector3;
    };
    const onCamera = plan.gains.map((value, i) => value * context.balance[i]!);
    expect(Math.min(...onCamera)).toBeCloseTo(1, 12);
  });

  it('has the values that the README shows', () => {
    // Light in the frame's balance: an even white in the file leaves camera RGB as it is.
    const context = bench.context(bayerFrame(4, 4, flat(1, 1, 1), { asShotNeutral: [1, 1, 1] }));
    const white = { ...context.white, neutral: [0.5, 1, 0.7] as const };
    const [pixel] = bench.throughStage(stage as Stage, [[0.2, 0.4, 0.28]], { ...context, white });
    for (const value of pixel!) expect(value).toBeCloseTo(0.4, 6);
  });

  it("leaves the picture as it is under the frame's own white", () => {
    const context = bench.context(bayerFrame(4, 4, flat(1, 1, 1), { asShotNeutral: [0.43, 1, 0.61] }));
    const [pixel] = bench.throughStage(stage as Stage, [[0.25, 0.5, 0.75]], context);
    for (const [i, value] of [0.25, 0.5, 0.75].entries())
      expect(Math.abs(pixel![i]! - value)).toBeLessThanOrEqual(value * 2 ** -23);
  });
});
