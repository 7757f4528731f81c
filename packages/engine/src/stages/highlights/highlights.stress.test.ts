import fc from 'fast-check';
fc.configureGlobal({ numRuns: 3000, interruptAfterTimeLimit: 10000 });
import { beforeAll, describe, expect, it } from 'vitest';
import type { Vector3 } from '../../colour/matrix3.js';
import type { Stage } from '../../stage.js';
import { largestError, most, testPixels } from '../../testing/extremes.js';
import { bayerFrame, flat } from '../../testing/frames.js';
import { KernelBench } from '../../testing/KernelBench.js';
import { chromaOf } from '../../testing/oklab.js';
import { highlights as stage } from './index.js';
import { highlights as reference } from './reference.js';

let bench: KernelBench;
beforeAll(async () => {
  bench = await KernelBench.create();
});

/** Neutrals from even to very uneven, as the whites of real cameras between candle light and shade are. */
const NEUTRALS: readonly Vector3[] = [
  [1, 1, 1],
  [0.5, 1, 0.7],
  [0.9, 1, 0.3],
  [0.3, 1, 0.85],
  [1, 0.6, 0.2],
];

function throughKernel(pixels: readonly Vector3[], neutral: Vector3): Vector3[] {
  const frame = bayerFrame(4, 4, flat(1, 1, 1), { asShotNeutral: neutral });
  return bench.throughStage(stage as Stage, pixels, bench.context(frame));
}

/** A neutral of a brightness as the sensor records it, white-balanced: each channel stops at its white level. */
function recorded(light: number, neutral: Vector3): Vector3 {
  return [Math.min(light, 1 / neutral[0]), Math.min(light, 1 / neutral[1]), Math.min(light, 1 / neutral[2])];
}

describe('highlights', () => {
  it.each(NEUTRALS)('kernel and reference agree for neutral %d %d %d', (...neutral) => {
    const pixels = testPixels();
    const error = largestError(
      throughKernel(pixels, neutral),
      pixels.map((pixel) => reference(pixel, neutral)),
      (i) => Math.max(...pixels[i]!.map(Math.abs)) * 2 ** -24,
    );
    // The ramp from 0.9 to 0.99 of white is steep: it multiplies the rounding of its inputs by 1.5 / 0.09 ≈ 17, for the
    // channel and for the share of all three; with the few roundings after that stays below 64 units.
    expect(error.error).toBeLessThan(64);
  });

  it('leaves unclipped pixels as they are, to the last bit, whatever lies beside them', () => {
    const below = fc.double({ min: -0.1, max: 0.89, noNaN: true }).map(Math.fround);
    fc.assert(
      fc.property(fc.tuple(below, below, below), fc.tuple(below, below, below), (a, b) => {
        const pixels: Vector3[] = [a, [3, 3, 3], b, [0.2, 0.95, 0.1]];
        const out = throughKernel(pixels, [1, 1, 1]);
        for (const [i, before] of [a, b].entries())
          expect(out[2 * i]!.every((value, channel) => value === before[channel])).toBe(true);
      }),
    );
  });

  it('never darkens a channel', () => {
    const value = fc.double({ min: 0, max: 4, noNaN: true }).map(Math.fround);
    fc.assert(
      fc.property(fc.tuple(value, value, value), fc.constantFrom(...NEUTRALS), (pixel, neutral) => {
        const [out] = throughKernel([pixel], neutral);
        out!.forEach((after, i) => {
          // The lift is added as a rounded product.
          expect(after).toBeGreaterThanOrEqual(pixel[i]! * (1 - 2 ** -23));
        });
      }),
    );
  });

  it.each(NEUTRALS)('where all channels clip the result is neutral, for neutral %d %d %d', (...neutral) => {
    const [r, g, b] = throughKernel([recorded(100, neutral)], neutral)[0]!;
    expect(g).toBeCloseTo(r, 5);
    expect(b).toBeCloseTo(r, 5);
    expect(r).toBeCloseTo(Math.max(...neutral.map((n) => 1 / n)), 5);
  });

  it.each(NEUTRALS)(
    'a neutral that brightens into clipping stays neutral all the way, for neutral %d %d %d',
    (...neutral) => {
      const lights = Array.from({ length: 600 }, (_, i) => 0.2 + i * 0.01);
      const ramp = throughKernel(
        lights.map((light) => recorded(light, neutral)),
        neutral,
      );
      // Oklab's chroma at lightness 1; a difference of 0.02 is just visible.
      expect(most(ramp, (pixel) => chromaOf(pixel) / Math.cbrt(pixel[1]))).toBeLessThan(0.001);
      expect(most(ramp, ([r, g, b]) => Math.min(r, b) / g)).toBeLessThan(1.001);
    },
  );

  it('has the values that the README shows', () => {
    const [pixel] = throughKernel([recorded(1.6, [0.5, 1, 0.7])], [0.5, 1, 0.7]);
    expect(pixel!.map((value) => value.toFixed(4))).toEqual(['1.6000', '1.5998', '1.5994']);
  });

  it('keeps the colour of a bright thing whose unclipped channel is the darkest', () => {
    const pixel: Vector3 = [Math.fround(0.4), 1, Math.fround(1.4)];
    expect(throughKernel([pixel], [0.5, 1, 0.7])).toEqual([pixel]);
  });
});
