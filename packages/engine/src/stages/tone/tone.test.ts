import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { apply, type Vector3 } from '../../colour/matrix3.js';
import { REC2020, rgbToRgb, SRGB, srgbDecode, srgbEncode } from '../../colour/spaces.js';
import type { Stage } from '../../stage.js';
import { largestError, largestFall, most, testPixels } from '../../testing/extremes.js';
import { bayerFrame, flat } from '../../testing/frames.js';
import { KernelBench } from '../../testing/KernelBench.js';
import { chromaOf, hueOf } from '../../testing/oklab.js';
import { seededRandom } from '../../testing/random.js';
import { display } from '../display/index.js';
import { GREY_OUT, SCENE_GREY, tabulated, toneCurve } from './curve.js';
import { KEEP_SATURATION, tone as stage } from './index.js';
import { chroma, tone as reference } from './reference.js';

let bench: KernelBench;
beforeAll(async () => {
  bench = await KernelBench.create();
});

interface Settings {
  readonly contrast: number;
  readonly brightness: number;
}

const DEFAULTS: Settings = { contrast: stage.parameters.contrast.default, brightness: 0 };

/** The parameters that change nothing by default. */
const NEUTRAL = { whites: 0, blacks: 0, blackPoint: 0, points: null, vibrance: 0, saturation: 0 } as const;

function throughKernel(
  pixels: readonly Vector3[],
  settings = DEFAULTS,
  asShotNeutral: Vector3 = [0.5, 1, 0.7],
): Vector3[] {
  const context = bench.context(bayerFrame(4, 4, flat(1, 1, 1), { asShotNeutral }));
  return bench.throughStage(stage as Stage, pixels, context, { curve: 'natural', ...NEUTRAL, ...settings });
}

function greys(values: readonly number[], settings = DEFAULTS, asShotNeutral?: Vector3): number[] {
  return throughKernel(
    values.map((v): Vector3 => [v, v, v]),
    settings,
    asShotNeutral,
  ).map(([r]) => r);
}

const settings = fc.record({
  contrast: fc.double({ min: 0.8, max: 2.5, noNaN: true }),
  brightness: fc.double({ min: -3, max: 3, noNaN: true }),
});

describe('tone: the kernel equals the reference', () => {
  it.each([
    [DEFAULTS, 2],
    [{ contrast: 0.8, brightness: 3 }, 1],
    [{ contrast: 2.5, brightness: -1 }, 4],
  ])('for %o with white at %d', (set, white) => {
    const curve = toneCurve({ contrast: set.contrast, white, grey: SCENE_GREY * 2 ** -set.brightness });
    // Below the table's lowest octave the curve is a straight line to black.
    const foot = 2 ** -14;
    const tabulated = (x: number): number => (x > foot ? curve(x) : (x * curve(foot)) / foot);
    const pixels = testPixels();
    const actual = throughKernel(pixels, set, [1 / white, 1, 1]);
    const expected = pixels.map((pixel) => reference(pixel, tabulated, KEEP_SATURATION));
    // A chord over 1/64 of an octave misses a power c by at most c·|c - 1| / 8 · (1/64)² of its value, at c ≤ 2.5; the
    // white's corner lies on an entry. The smallest channel takes over the largest's miss twice: in its share, and in
    // the share's weight. The rest is rounding of both.
    const allowed = ([r, g, b]: Vector3): number => {
      const [low, top] = [Math.min(r, g, b), Math.max(r, g, b)];
      return (
        1.2e-4 * (Math.max(top, 0) + 2 * Math.abs(low)) +
        4 * 2 ** -24 * (Math.abs(low) + Math.abs(top)) +
        1e-9
      );
    };
    expect(largestError(actual, expected, (i) => allowed(expected[i]!)).error).toBeLessThanOrEqual(1);
  });

  it("for the file's own curve", () => {
    const toneCurvePoints = Float32Array.of(0, 0, 0.25, 0.5, 0.5, 0.75, 1, 1);
    const frame = bayerFrame(4, 4, flat(1, 1, 1), {
      color: { calibrations: [], toneCurve: toneCurvePoints },
    });
    const values = [0, 0.125, 0.25, 0.375, 0.5, 0.75, 1, 3];
    const pixels = values.map((v): Vector3 => [v, v, v]);
    const out = bench.throughStage(stage as Stage, pixels, bench.context(frame), {
      curve: 'profile',
      ...NEUTRAL,
      ...DEFAULTS,
    });
    const expected = [0, 0.25, 0.5, 0.625, 0.75, 0.875, 1, 1];
    // All points of this curve are places of the table.
    out.forEach(([r], i) => {
      expect(r).toBeCloseTo(expected[i]!, 6);
    });
  });

  it('and nothing is read beyond the table, whatever the pixel: it may lie at the end of the memory', () => {
    const { heap, kernels } = bench;
    const table = tabulated(toneCurve({ contrast: 1.35, white: 2, grey: 0.144 }));
    const end = heap.memory.buffer.byteLength - table.byteLength;
    const tiny = [1e-5, 1e-20, 1e-40, 0, -0, -1e-40, -1e-20, -1e-5, -1, -3e38, 3e38].map(Math.fround);
    const pixels = tiny.map((value): Vector3 => [value, value, value]);
    const placed = heap.place(table);
    const expected = bench.onPixels(pixels, (area) => kernels.tone(...area, placed, KEEP_SATURATION));
    new Float32Array(heap.memory.buffer, end, table.length).set(table);
    expect(bench.onPixels(pixels, (area) => kernels.tone(...area, end, KEEP_SATURATION))).toEqual(expected);
  });

  it('and a pixel does not depend on its neighbours', () => {
    const pixels = testPixels(100);
    const [, ...moved] = throughKernel([[9, -1, 3], ...pixels]);
    expect(moved).toEqual(throughKernel(pixels));
  });
});

describe('tone: the natural curve', () => {
  it('has the values that the README shows', () => {
    const curve = toneCurve({ contrast: 1.35, white: 2, grey: 0.144 });
    expect([0.01, 0.144, 0.5, 1, 2].map((x) => curve(x).toFixed(4))).toEqual([
      '0.0060',
      '0.1842',
      '0.5818',
      '0.8316',
      '1.0000',
    ]);
  });

  it('maps black to 0, the scene’s middle grey to L* = 50 and its white to 1', () => {
    const [black, grey, white, beyond] = greys([0, SCENE_GREY, 2, 2.5]);
    expect(black).toBe(0);
    // Within the table's chord error of the curve.
    expect(grey).toBeCloseTo(GREY_OUT, 4);
    // CIE 15: L* = 116 · (Y/Yn)^(1/3) - 16.
    expect(116 * Math.cbrt(GREY_OUT) - 16).toBeCloseTo(50, 1);
    expect(white).toBeCloseTo(1, 6);
    expect(beyond).toBe(1);
  });

  it('has its white where all channels of the frame clip, up to two stops above sensor white', () => {
    for (const [neutral, white] of [
      [[1, 1, 1], 1],
      [[0.4, 1, 0.7], 2.5],
      [[0.1, 1, 0.7], 4],
    ] as const) {
      const [below, at] = greys([white * 0.9, white], DEFAULTS, neutral);
      expect(below).toBeLessThan(0.999);
      expect(at).toBeCloseTo(1, 6);
    }
  });

  it('rises and never passes 1, whatever the settings', () => {
    const lights = Array.from({ length: 400 }, (_, i) => 2 ** (i / 20 - 16));
    fc.assert(
      fc.property(settings, (set) => {
        const out = greys(lights, set);
        expect(largestFall(out)).toBeLessThanOrEqual(0);
        expect(out[0]!).toBeGreaterThanOrEqual(0);
        expect(out.at(-1)!).toBeLessThanOrEqual(1);
      }),
      { numRuns: 40 },
    );
  });

  it('is continuous: neighbouring floats have neighbouring results, across the table’s octaves and its ends', () => {
    const bits = new Int32Array(1);
    const float = new Float32Array(bits.buffer);
    const next = (x: number): number => {
      float[0] = x;
      bits[0] = bits[0]! + 1;
      return float[0];
    };
    const edges = Array.from(
      { length: 22 * 64 + 1 },
      (_, i) => 2 ** (Math.floor(i / 64) - 14) * (1 + (i % 64) / 64),
    );
    const before = edges.map((x) => x * (1 - 2 ** -24));
    const pairs = [...edges, ...before].flatMap((x) => [x, next(x)]);
    const out = greys(pairs);
    // Neighbours are 2^-23 of their value apart; the slope in log-log is at most 1.35, roundings add a few units.
    const jump = (value: number, i: number): number =>
      i % 2 === 0 ? Math.abs(out[i + 1]! - value) / value : 0;
    expect(most(out, jump)).toBeLessThanOrEqual(8 * 2 ** -24);
  });

  it.each([0.8, 1, 1.5, 2.5])(
    'at contrast %d more brightness never darkens, at any light under any white',
    (contrast) => {
      const lights = Array.from({ length: 40 }, (_, i) => 2 ** (i / 4 - 8));
      for (const neutral of [
        [1, 1, 1],
        [0.5, 1, 0.7],
        [0.2, 1, 0.7],
      ] as const) {
        let darker = greys(lights, { contrast, brightness: -3 }, neutral);
        for (let step = -29; step <= 30; step++) {
          const brighter = greys(lights, { contrast, brightness: step / 10 }, neutral);
          // Both are chords of a curve: their error (see above), not a trend.
          expect(most(darker, (value, i) => value * (1 - 2.4e-4) - brighter[i]!)).toBeLessThanOrEqual(0);
          darker = brighter;
        }
      }
    },
  );

  it('is steeper around middle grey with more contrast', () => {
    const rise = (contrast: number): number => {
      const [a, b] = greys([SCENE_GREY / 1.2, SCENE_GREY * 1.2], {
        contrast,
        brightness: 0,
      });
      return b! - a!;
    };
    expect(rise(1.2)).toBeGreaterThan(rise(1));
    expect(rise(1.5)).toBeGreaterThan(rise(1.2));
  });
});

describe('tone keeps hue', () => {
  const next = seededRandom(11);
  const colours = Array.from({ length: 2000 }, (): Vector3 => [next() * 2, next() * 2, next() * 2]);

  it('the middle channel keeps its place between the smallest and the largest', () => {
    const place = ([r, g, b]: Vector3): number => {
      const [low, middle, top] = [r, g, b].sort((x, y) => x - y) as [number, number, number];
      return (middle - low) / (top - low);
    };
    // Green between the others moves on, so that hue as seen stays.
    const between = ([r, g, b]: Vector3): boolean => g > Math.min(r, b) && g < Math.max(r, b);
    const visible = colours.filter(
      (c) => Math.max(...c) < 1.9 && Math.max(...c) - Math.min(...c) > 0.1 && !between(c),
    );
    const out = throughKernel(
      visible.map((c): Vector3 => [Math.fround(c[0]), Math.fround(c[1]), Math.fround(c[2])]),
    );
    const room = (pixel: Vector3): number => (Math.max(...pixel) - Math.min(...pixel)) / Math.max(...pixel);
    const moved = (pixel: Vector3, i: number): number => Math.abs(place(pixel) - place(visible[i]!));
    // Roundings of the channels over the room between them.
    expect(most(out, (pixel, i) => moved(pixel, i) * room(pixel))).toBeLessThan(8 * 2 ** -24);
  });

  it('the order of the channels stays', () => {
    const out = throughKernel(colours);
    for (const [a, b] of [
      [0, 1],
      [1, 2],
      [2, 0],
    ] as const)
      expect(
        most(out, (pixel, i) => (colours[i]![a] > colours[i]![b] ? pixel[b] - pixel[a] : 0)),
      ).toBeLessThanOrEqual(0);
  });

  it('hue as seen (Oklab) turns by less than 6 degrees from scene light to an sRGB display, by 1 on average', () => {
    // Surfaces and lights of sRGB's hues, pale to pure, from deep shadow to the scene's white.
    const turns: number[] = [];
    for (const saturation of [0.3, 0.6, 0.85, 1])
      for (const light of [0.02, 0.06, 0.18, 0.5, 1, 1.6]) {
        const scene = Array.from({ length: 72 }, (_, i): Vector3 => {
          const channel = (n: number): number => {
            const k = (n + i / 12) % 6;
            return light * (1 - saturation * Math.max(0, Math.min(k, 4 - k, 1)));
          };
          return apply(rgbToRgb(SRGB, REC2020), [channel(5), channel(3), channel(1)]);
        });
        const context = bench.context(bayerFrame(4, 4, flat(1, 1, 1)));
        const toned = throughKernel(scene, DEFAULTS, [0.55, 1, 0.7]);
        const shown = bench.throughStage(display as Stage, toned, context, { space: 'srgb' });
        shown.forEach((pixel, i) => {
          const seen = apply(rgbToRgb(SRGB, REC2020), pixel);
          // Below about 0.02 a colour has no hue to see.
          if (chromaOf(seen) > 0.02)
            turns.push(Math.abs(((hueOf(seen) - hueOf(scene[i]!) + 540) % 360) - 180));
        });
      }
    expect(turns.length).toBeGreaterThan(1000);
    expect(Math.max(...turns)).toBeLessThan(6);
    expect(turns.reduce((sum, turn) => sum + turn, 0) / turns.length).toBeLessThan(1);
  });
});

describe('tone: choices', () => {
  it('linear has nothing to do', () => {
    const context = bench.context(bayerFrame(4, 4, flat(1, 1, 1)));
    expect(stage.plan({ curve: 'linear', ...NEUTRAL, ...DEFAULTS }, context)).toBeUndefined();
  });

  it('a missing profile curve is said, and the natural one stands in for it', () => {
    const said: string[] = [];
    const context = bench.context(bayerFrame(4, 4, flat(1, 1, 1)), {}, said);
    const pixels: Vector3[] = [[0.1, 0.2, 0.3]];
    expect(
      bench.throughStage(stage as Stage, pixels, context, { curve: 'profile', ...NEUTRAL, ...DEFAULTS }),
    ).toEqual(throughKernel(pixels));
    expect(said).toEqual(['no tone curve in the file: the natural one is used']);
  });
});

describe('tone: whites, blacks, vibrance and saturation', () => {
  const natural = (parameters: object, values: readonly number[]): number[] => {
    const context = bench.context(bayerFrame(4, 4, flat(1, 1, 1)));
    const pixels = values.map((v): Vector3 => [v, v, v]);
    const set = { curve: 'natural', ...NEUTRAL, ...DEFAULTS, ...parameters };
    return bench.throughStage(stage as Stage, pixels, context, set).map(([r]) => r);
  };

  it('whites let less light become white, and leave middle grey where it is', () => {
    const [grey, white] = natural({ whites: 1 }, [SCENE_GREY, 1]);
    expect(grey).toBeCloseTo(GREY_OUT, 4);
    expect(white).toBeCloseTo(1, 6);
    expect(natural({ whites: 0 }, [1])[0]).toBeLessThan(0.9);
  });

  it('blacks open or deepen the darkest tones, which still rise, and leave white alone', () => {
    const lights = Array.from({ length: 300 }, (_, i) => 2 ** (i / 16 - 17));
    for (const blacks of [-1, -0.5, 0.5, 1]) {
      const out = natural({ blacks }, lights);
      expect(largestFall(out)).toBeLessThanOrEqual(0);
      expect(out.at(-1)).toBeCloseTo(1, 5);
      const dark = lights.findIndex((light) => light > 0.01);
      expect(Math.sign(out[dark]! - natural({}, lights)[dark]!)).toBe(Math.sign(blacks));
    }
  });

  it('the black point becomes black, white stays, and the curve still rises', () => {
    const lights = Array.from({ length: 300 }, (_, i) => 0.05 + i / 150);
    const out = natural({ blackPoint: 0.05 }, lights);
    // The table's chord beyond the black point: 1/64 of an octave up the curve's foot.
    expect(out[0]).toBeLessThan(1e-4);
    expect(natural({ blackPoint: 0.05 }, [0.049])[0]).toBe(0);
    expect(natural({ blackPoint: 0.05 }, [2])[0]).toBeCloseTo(1, 6);
    expect(largestFall(out)).toBeLessThanOrEqual(0);
  });

  it('points bend display values as they are drawn, and white and black stay where they say', () => {
    const points = [
      [0, 0.1],
      [0.5, 0.6],
      [1, 0.9],
    ] as const;
    const lights = [0, SCENE_GREY, 2];
    const plain = natural({}, lights).map(srgbEncode);
    const bent = natural({ points }, lights).map(srgbEncode);
    expect(bent[0]).toBeCloseTo(0.1, 5);
    expect(bent[2]).toBeCloseTo(0.9, 5);
    // Middle grey lies at 0.466: between the points the curve is near their chord.
    expect(Math.abs(bent[1]! - (plain[1]! + 0.1))).toBeLessThan(0.02);
    const straight = [
      [0, 0],
      [1, 1],
    ] as const;
    natural({ points: straight }, [0.01, 0.1, 0.5, 1]).forEach((value, i) => {
      expect(value).toBeCloseTo(natural({}, [0.01, 0.1, 0.5, 1])[i]!, 6);
    });
    expect(srgbDecode(plain[1]!)).toBeCloseTo(GREY_OUT, 4);
  });

  const colours = testPixels(800).filter((c) => Math.min(...c) >= 0 && Math.max(...c) <= 2.5);

  it.each([
    [1, 0],
    [0, 1],
    [-1, 0.3],
    [0.5, -1],
  ])('kernel and reference agree for vibrance %d, saturation %d', (vibrance, saturation) => {
    const out = bench.onPixels(colours, (area) => bench.kernels.chroma(...area, vibrance, saturation));
    const expected = colours.map((pixel) => chroma(pixel, vibrance, saturation));
    // Cube roots, two matrices with entries up to 2.4 and a cube multiply a rounding by less than 64, more with the chroma;
    // below 1e-24 a root is not followed.
    const size = (i: number): number => Math.max(...colours[i]!, ...expected[i]!.map(Math.abs));
    expect(largestError(out, expected, (i) => 128 * 2 ** -24 * size(i) + 1e-20).error).toBeLessThan(1);
  });

  it('hue stays put to a hundredth of a degree, lightness too; vibrance moves pale colours more than vivid ones', () => {
    const visible = colours.filter((c) => chromaOf(c) > 0.02 && Math.min(...c) > 0.01);
    const through = (vibrance: number, saturation: number): Vector3[] =>
      bench.onPixels(visible, (area) => bench.kernels.chroma(...area, vibrance, saturation));
    for (const [vibrance, saturation] of [
      [1, 0],
      [0, 1],
      [-0.5, -0.5],
    ] as const) {
      const turns = through(vibrance, saturation).map((pixel, i) =>
        Math.abs(((hueOf(pixel) - hueOf(visible[i]!) + 540) % 360) - 180),
      );
      expect(Math.max(...turns)).toBeLessThan(0.01);
    }
    const gain = through(1, 0).map((pixel, i) => chromaOf(pixel) / chromaOf(visible[i]!));
    const pale = visible.findIndex((c) => chromaOf(c) < 0.04);
    const vivid = visible.findIndex((c) => chromaOf(c) > 0.15);
    expect(gain[pale]!).toBeGreaterThan(gain[vivid]! + 0.3);
  });

  it('saturation -1 is grey', () => {
    const out = bench.onPixels(colours, (area) => bench.kernels.chroma(...area, 0, -1));
    const spread = (pixel: Vector3): number =>
      (Math.max(...pixel) - Math.min(...pixel)) / (Math.max(...pixel) + 1e-9);
    // Oklab's published matrices make grey of equal cones to seven digits, and cubes triple that.
    expect(most(out, spread)).toBeLessThan(2e-5);
  });
});
