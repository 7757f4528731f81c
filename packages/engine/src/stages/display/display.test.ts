import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { apply, type Vector3 } from '../../colour/matrix3.js';
import {
  DISPLAY_P3,
  REC2020,
  rgbToRgb,
  rgbToXyz,
  SRGB,
  srgbDecode,
  srgbEncode,
} from '../../colour/spaces.js';
import type { Stage } from '../../stage.js';
import { largestError, largestFall, most, testPixels } from '../../testing/extremes.js';
import { bayerFrame, flat } from '../../testing/frames.js';
import { KernelBench } from '../../testing/KernelBench.js';
import { seededRandom } from '../../testing/random.js';
import { display as stage } from './index.js';
import { encode, displayGamut as reference } from './reference.js';

let bench: KernelBench;
beforeAll(async () => {
  bench = await KernelBench.create();
});

const SPACES = { srgb: SRGB, 'display-p3': DISPLAY_P3 } as const;
const NAMES = ['srgb', 'display-p3'] as const;

function throughKernel(pixels: readonly Vector3[], space: keyof typeof SPACES = 'srgb'): Vector3[] {
  const context = bench.context(bayerFrame(4, 4, flat(1, 1, 1)));
  return bench.throughStage(stage as Stage, pixels, context, { space });
}

/** Working-space values of a display colour. */
function working(rgb: Vector3, space: keyof typeof SPACES = 'srgb'): Vector3 {
  return apply(rgbToRgb(SPACES[space], REC2020), rgb);
}

describe('display: the kernel equals the reference', () => {
  it.each(NAMES)('for %s', (space) => {
    const pixels = testPixels();
    const { error } = largestError(
      throughKernel(pixels, space),
      pixels.map((pixel) => reference(pixel, SPACES[space])),
      (i) => Math.max(1, ...pixels[i]!.map(Math.abs)) * 2 ** -24,
    );
    // A matrix with entries up to 1.7 and three products, a luminance, a quotient and a product: some roundings each,
    // relative to the largest value that takes part.
    expect(error).toBeLessThan(32);
  });

  it('and a pixel does not depend on its neighbours, inside of the gamut or out', () => {
    const random = seededRandom(6);
    const inside = Array.from({ length: 500 }, () => working([random(), random(), random()]));
    const outside: Vector3 = [2, -1, 0.3];
    const mixed = throughKernel(inside.flatMap((pixel) => [pixel, outside]));
    expect(mixed.filter((_, i) => i % 2 === 0)).toEqual(throughKernel(inside));
    expect(mixed.filter((_, i) => i % 2 === 1)).toEqual(throughKernel(inside.map(() => outside)));
  });
});

describe('display: light that is no number', () => {
  const odd = [Infinity, -Infinity, NaN, 0.5, -2];
  const pixels = odd.flatMap((r) => odd.flatMap((g) => odd.map((b): Vector3 => [r, g, b])));

  it.each(NAMES)('%s: is in [0, 1] like all other, for the encoders look values up', (space) => {
    const inside = (value: number): boolean => value >= 0 && value <= 1;
    expect(
      throughKernel(pixels, space)
        .flat()
        .filter((value) => !inside(value)),
    ).toEqual([]);
    expect(
      pixels.flatMap((pixel) => reference(pixel, SPACES[space])).filter((value) => !inside(value)),
    ).toEqual([]);
  });

  it('is black where nothing of it is a number', () => {
    expect(throughKernel([[NaN, NaN, NaN]])).toEqual([[0, 0, 0]]);
    expect(reference([NaN, NaN, NaN], SRGB)).toEqual([0, 0, 0]);
  });
});

describe('display: gamut', () => {
  const channel = fc.double({ min: 0, max: 1, noNaN: true });

  it.each(NAMES)('%s: colours that the display can show are shown as they are', (space) => {
    fc.assert(
      fc.property(fc.tuple(channel, channel, channel), (rgb) => {
        const [out] = throughKernel([working(rgb, space)], space);
        // The matrix there and back: roundings of its 32-bit entries.
        out!.forEach((value, i) => {
          expect(Math.abs(value - rgb[i]!)).toBeLessThan(8 * 2 ** -24);
        });
      }),
      { numRuns: 60 },
    );
  });

  it.each(NAMES)('%s: nothing leaves [0, 1]', (space) => {
    const out = throughKernel(testPixels(3000), space);
    expect(most(out, (pixel) => Math.max(...pixel))).toBe(1);
    expect(most(out, (pixel) => -Math.min(...pixel))).toBeLessThanOrEqual(0);
  });

  it.each(NAMES)('%s: colours beyond keep their luminance and the order of their channels', (space) => {
    const random = seededRandom(3);
    const pixels = Array.from(
      { length: 2000 },
      (): Vector3 => [random() * 1.1, random() * 1.1, random() * 1.1],
    );
    const weights = rgbToXyz(SPACES[space]).slice(3, 6);
    const luminance = (rgb: Vector3): number => rgb.reduce((sum, value, i) => sum + value * weights[i]!, 0);
    const before = pixels.map((pixel) => apply(rgbToRgb(REC2020, SPACES[space]), pixel));
    const after = throughKernel(pixels, space);
    const change = (out: Vector3, i: number): number => luminance(out) - Math.min(luminance(before[i]!), 1);
    // Roundings of a sum of three products of about 1.
    expect(most(after, (out, i) => Math.abs(change(out, i)))).toBeLessThan(16 * 2 ** -24);
    for (const [a, b] of [
      [0, 1],
      [1, 2],
      [2, 0],
    ] as const)
      expect(most(after, (out, i) => (before[i]![a] > before[i]![b] ? out[b] - out[a] : 0))).toBeLessThan(
        4 * 2 ** -24,
      );
  });

  it('neutrals stay neutral up to white, and white stays white beyond', () => {
    const greys = [0, 0.001, 0.18, 0.5, 1, 1.5, 40];
    const out = throughKernel(greys.map((v): Vector3 => [v, v, v]));
    out.forEach((pixel, i) => {
      // The rows of the matrix sum to 1 within the rounding of its entries.
      for (const value of pixel) expect(Math.abs(value - Math.min(greys[i]!, 1))).toBeLessThan(4 * 2 ** -24);
    });
  });

  it('a pure colour of Rec.2020 becomes the purest of its luminance on the way to grey', () => {
    const [out] = throughKernel([[0, 1, 0]]);
    // BT.2020: green's luminance is 0.6780.
    const y = apply(rgbToXyz(SRGB), out!)[1];
    expect(y).toBeCloseTo(0.678, 4);
    expect(out!.map((value) => value.toFixed(4))).toEqual(['0.0000', '0.9217', '0.2609']);
  });
});

/** One row of equal pixels through an encoding kernel. */
function encoded(values: readonly number[], format: 8 | 16): number[] {
  const table =
    format === 8
      ? Uint8Array.from({ length: 4096 }, (_, i) => Math.round(srgbEncode((i / 4095) ** 2) * 255))
      : Float32Array.from({ length: 4097 }, (_, i) => srgbEncode((Math.min(i, 4095) / 4095) ** 2));
  const address = bench.heap.place(table);
  const output = bench.heap.allocate(values.length * 3 * 2);
  const step = (3 * format) / 8;
  bench.onPixels(
    values.map((v): Vector3 => [v, v, v]),
    (area) => {
      const kernel = format === 8 ? bench.kernels.displayEncode8 : bench.kernels.displayEncode16;
      kernel(...area, address, output, step, step * values.length);
    },
    values.length,
  );
  const { buffer } = bench.heap.memory;
  const samples =
    format === 8
      ? new Uint8Array(buffer, output, values.length * 3)
      : new Uint16Array(buffer, output, values.length * 3);
  const result = Array.from(samples);
  expect(result.every((sample, i) => sample === result[i - (i % 3)])).toBe(true);
  bench.heap.free(address);
  bench.heap.free(output);
  return result.filter((_, i) => i % 3 === 0);
}

describe('display: encoding', () => {
  const grid = Array.from({ length: 20001 }, (_, i) => Math.fround((i / 20000) ** 2));

  it('every 8-bit sample that an sRGB decoder gives comes back', () => {
    const levels = Array.from({ length: 256 }, (_, i) => i);
    expect(
      encoded(
        levels.map((level) => srgbDecode(level / 255)),
        8,
      ),
    ).toEqual(levels);
  });

  it('8 bit: at most 0.05 of a level beyond rounding, which is the table’s grid in the dark', () => {
    // One of 4095 steps of the square root is at most 0.09 level wide, where the curve's straight part ends; the nearest
    // entry lies within half of it.
    const off = most(encoded(grid, 8), (sample, i) => Math.abs(sample - srgbEncode(grid[i]!) * 255));
    expect(off).toBeLessThanOrEqual(0.55);
  });

  it('16 bit: the reference within 1 level', () => {
    // The table's chords bend the curve by a few hundredths of a level; 32-bit floats hold 16-bit samples to 1/256.
    const samples = encoded(grid, 16);
    expect(most(samples, (sample, i) => Math.abs(sample - encode(grid[i]!, 16)))).toBeLessThanOrEqual(1);
    expect(samples[0]).toBe(0);
    expect(samples.at(-1)).toBe(65535);
  });

  it.each([8, 16] as const)('%d bit: brighter light never has a smaller sample', (format) => {
    expect(largestFall(encoded(grid, format))).toBeLessThanOrEqual(0);
  });
});
