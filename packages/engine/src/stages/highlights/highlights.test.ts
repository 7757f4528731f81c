import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Vector3 } from '../../colour/matrix3.js';
import type { Stage, Tile } from '../../stage.js';
import { largestError, most, testPixels } from '../../testing/extremes.js';
import { bayerFrame, flat } from '../../testing/frames.js';
import { KernelBench } from '../../testing/KernelBench.js';
import { chromaOf, hueOf } from '../../testing/oklab.js';
import { overviewOf, seeing } from '../../testing/overviews.js';
import { highlights as stage } from './index.js';
import { highlights as reference } from './reference.js';
import { NODE_FLOATS, surroundings } from './surroundings.js';

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
    expect(pixel!.map((value) => value.toFixed(4))).toEqual(['1.6000', '1.5992', '1.5992']);
  });

  it('keeps the colour of a bright thing whose unclipped channel is the darkest', () => {
    const pixel: Vector3 = [Math.fround(0.4), 1, Math.fround(1.4)];
    expect(throughKernel([pixel], [0.5, 1, 0.7])).toEqual([pixel]);
  });
});

const WIDTH = 192;
const HEIGHT = 128;
const NEUTRAL: Vector3 = [0.5, 1, 0.7];

/** Balanced light over a picture, as true light may have it. */
type Light = (x: number, y: number) => Vector3;

/** A picture of light that the sensor clips: seen by the stage with its surroundings, and pixel by pixel alone. */
function clippedPicture(light: Light): {
  truth: Vector3[];
  around: Vector3[];
  alone: Vector3[];
  share: number[];
} {
  const camera = (x: number, y: number): Vector3 => {
    const [r, g, b] = light(x, y);
    return [Math.min(r * NEUTRAL[0], 1), Math.min(g * NEUTRAL[1], 1), Math.min(b * NEUTRAL[2], 1)];
  };
  const context = seeing(
    bench.context(bayerFrame(4, 4, flat(1, 1, 1), { asShotNeutral: NEUTRAL })),
    overviewOf(WIDTH, HEIGHT, camera),
  );
  const places = Array.from(
    { length: WIDTH * HEIGHT },
    (_, i) => [((i % WIDTH) + 0.5) / WIDTH, (Math.floor(i / WIDTH) + 0.5) / HEIGHT] as const,
  );
  const truth = places.map(([x, y]) => light(x, y));
  const recorded = places.map(([x, y]): Vector3 => {
    const [r, g, b] = camera(x, y);
    return [Math.fround(r / NEUTRAL[0]), Math.fround(g / NEUTRAL[1]), Math.fround(b / NEUTRAL[2])];
  });
  const plan = stage.plan({}, context)!;
  const around = bench.onPixels(
    recorded,
    ([inner, planeStride, rowStride, innerWidth, innerHeight]) => {
      const place = { x: 0.5, y: 0.5, stepX: 1, stepY: 1 };
      stage.run(
        plan,
        { inner, planeStride, stride: rowStride / 4, innerWidth, innerHeight, place } as Tile,
        bench.kernels,
      );
    },
    WIDTH,
  );
  return {
    truth,
    around,
    alone: recorded.map((pixel) => reference(pixel, NEUTRAL)),
    share: truth.map((pixel) => pixel.filter((value, i) => value * NEUTRAL[i]! > 1).length),
  };
}

/** A surface of one colour under a spot of light that clips one channel, then two, then all. */
function spot(colour: Vector3, peak: number): Light {
  return (x, y) => {
    const light = 0.15 + peak * Math.exp(-12 * ((x - 0.5) ** 2 + (y - 0.5) ** 2));
    return [colour[0] * light, colour[1] * light, colour[2] * light];
  };
}

/** Mean distance of chromaticity r/(r+g+b), g/(r+g+b) from the truth where some channels clip, not all. */
function colourError(found: readonly Vector3[], { truth, share }: ReturnType<typeof clippedPicture>): number {
  const chromaticity = ([r, g, b]: Vector3): [number, number] => [r / (r + g + b), g / (r + g + b)];
  let [sum, count] = [0, 0];
  truth.forEach((pixel, i) => {
    if (share[i]! === 0 || share[i]! === 3) return;
    const [a, b] = [chromaticity(pixel), chromaticity(found[i]!)];
    sum += Math.hypot(a[0] - b[0], a[1] - b[1]);
    count++;
  });
  return sum / count;
}

describe('highlights: with the surroundings', () => {
  it.each([
    ['a warm wall', [1.2, 1, 0.7], 1.6, 0.4],
    ['a blue sky', [0.6, 0.95, 1.4], 1.6, 0.75],
    ['a red lamp', [2.2, 0.6, 0.3], 2.5, 0.5],
    ['a yellow flower', [1.4, 1.2, 0.2], 2, 0.4],
    ['green leaves', [0.7, 1.3, 0.4], 2, 0.4],
  ] as const)('the colour of %s is closer to the truth than without them', (_, colour, peak, share) => {
    const picture = clippedPicture(spot(colour, peak));
    expect(picture.share.filter((n) => n === 1 || n === 2).length).toBeGreaterThan(500);
    const [around, alone] = [colourError(picture.around, picture), colourError(picture.alone, picture)];
    expect(around).toBeLessThan(share * alone);
  });

  it('a white cloud in a blue sky hardly takes on the colour of the sky', () => {
    const cloud: Light = (x, y) => {
      const inside = Math.exp(-20 * ((x - 0.5) ** 2 + (y - 0.5) ** 2));
      return [0.5 + 1.3 * inside, 0.65 + 1.15 * inside, 0.95 + 0.85 * inside];
    };
    const { around, truth, share } = clippedPicture(cloud);
    const turned = most(around, (pixel, i) =>
      share[i]! === 0
        ? 0
        : Math.max(chromaOf(pixel) / Math.cbrt(pixel[1]) - chromaOf(truth[i]!) / Math.cbrt(truth[i]![1]), 0),
    );
    // Oklab's chroma at lightness 1; a difference of 0.02 is just visible.
    expect(turned).toBeLessThan(0.03);
  });

  it('hue does not turn over along a light that grows', () => {
    for (const colour of [
      [1.2, 1, 0.7],
      [2.2, 0.6, 0.3],
      [0.6, 0.95, 1.4],
    ] as const) {
      const { around } = clippedPicture(spot(colour, 3));
      const row = around.slice((HEIGHT / 2) * WIDTH, (HEIGHT / 2) * WIDTH + WIDTH / 2);
      const own = hueOf(colour);
      const turn = (pixel: Vector3): number =>
        chromaOf(pixel) / Math.cbrt(Math.max(...pixel)) < 0.03
          ? 0
          : Math.abs(((hueOf(pixel) - own + 540) % 360) - 180);
      expect(most(row, turn)).toBeLessThan(25);
    }
  });

  it('light that grows never darkens', () => {
    const { around } = clippedPicture(spot([1.2, 1, 0.7], 3));
    const row = around.slice((HEIGHT / 2) * WIDTH, (HEIGHT / 2) * WIDTH + WIDTH / 2);
    const sums = row.map(([r, g, b]) => r + g + b);
    // Shares of clipping are smooth steps: what they blend may dip by a per cent.
    expect(most(sums, (sum, i) => (i === 0 ? 0 : 1 - sum / sums[i - 1]!))).toBeLessThan(0.01);
  });

  it('kernel and reference agree with a coloured surrounding', () => {
    const picture = clippedPicture(spot([2.2, 0.6, 0.3], 2.5));
    const context = seeing(
      bench.context(bayerFrame(4, 4, flat(1, 1, 1), { asShotNeutral: NEUTRAL })),
      overviewOf(WIDTH, HEIGHT, (x, y) => {
        const [r, g, b] = spot([2.2, 0.6, 0.3], 2.5)(x, y);
        return [Math.min(r * NEUTRAL[0], 1), Math.min(g * NEUTRAL[1], 1), Math.min(b * NEUTRAL[2], 1)];
      }),
    );
    const { nodes, columns, rows } = surroundings(context);
    const expected = picture.truth.map((pixel, i) => {
      const u = Math.min(Math.max((((i % WIDTH) + 0.5) / WIDTH) * columns - 0.5, 0), columns - 1);
      const v = Math.min(Math.max(((Math.floor(i / WIDTH) + 0.5) / HEIGHT) * rows - 0.5, 0), rows - 1);
      const [left, top] = [Math.floor(u), Math.floor(v)];
      const [right, below] = [Math.min(left + 1, columns - 1), Math.min(top + 1, rows - 1)];
      const at = (k: number): number => {
        const value = (a: number, b: number): number => nodes[(b * columns + a) * NODE_FLOATS + k]!;
        const upper = value(left, top) + (value(right, top) - value(left, top)) * (u - left);
        const lower = value(left, below) + (value(right, below) - value(left, below)) * (u - left);
        return upper + (lower - upper) * (v - top);
      };
      const recorded = pixel.map((value, c) => Math.fround(Math.min(value, 1 / NEUTRAL[c]!)));
      return reference([recorded[0]!, recorded[1]!, recorded[2]!], NEUTRAL, {
        colour: [at(0), at(1), at(2)],
        ceiling: [at(4), at(5), at(6)],
      });
    });
    // As above, with a division by the difference of two channels of the surroundings besides.
    const unit = (i: number): number => Math.max(...expected[i]!) * 2 ** -24;
    expect(largestError(picture.around, expected, unit).error).toBeLessThan(512);
  });

  it('what a gain lifted above white, and did not clip, stays as it is', () => {
    const gainMap = {
      kind: 'GainMap',
      area: { top: 0, left: 0, bottom: 4, right: 4, plane: 0, planes: 1, rowPitch: 1, colPitch: 1 },
      mapPointsH: 1,
      mapPointsV: 1,
      mapSpacingH: 1,
      mapSpacingV: 1,
      mapOriginH: 0,
      mapOriginV: 0,
      mapPlanes: 1,
      gains: Float32Array.of(2),
    } as const;
    const frame = bayerFrame(4, 4, flat(1, 1, 1), {
      asShotNeutral: NEUTRAL,
      opcodes: { list1: [], list2: [gainMap as never], list3: [] },
    });
    const context = seeing(
      bench.context(frame),
      overviewOf(8, 8, () => [0.3, 0.3, 0.2]),
    );
    const lifted: Vector3[] = [
      [2.4, 1.5, 1],
      [1, 1.7, 2.4],
    ].map(([r, g, b]): Vector3 => [Math.fround(r!), Math.fround(g!), Math.fround(b!)]);
    expect(bench.throughStage(stage as Stage, lifted, context)).toEqual(lifted);
  });
});
