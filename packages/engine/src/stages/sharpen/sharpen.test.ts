import type { RawFrame } from '@photosite/raw';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Vector3 } from '../../colour/matrix3.js';
import { Engine } from '../../Engine.js';
import { most } from '../../testing/extremes.js';
import { bayerFrame, busyScene, linearRawFrame, type Scene } from '../../testing/frames.js';
import { KernelBench } from '../../testing/KernelBench.js';
import { seededRandom } from '../../testing/random.js';
import { type Copied, copyOf } from '../../testing/render.js';
import {
  blurWeights,
  cameraBlur,
  noiseGain,
  STEPS,
  sharpen,
  sharpenHalo,
  sharpeningOf,
  sharpenTable,
} from './index.js';
import { type Sharpening, sharpenedPixel } from './reference.js';

let bench: KernelBench;
let engine: Engine;
beforeAll(async () => {
  [bench, engine] = await Promise.all([KernelBench.create(), Engine.create({ threads: 1 })]);
});
afterAll(() => engine.close());

const how = (weights: readonly number[], overrides: Partial<Sharpening> = {}): Sharpening => ({
  amount: 1,
  noiseScale: 0,
  noiseOffset: 1e-12,
  overshoot: 0.05,
  darkest: 2e-3,
  weights,
  steps: STEPS,
  ...overrides,
});

/** Carries a picture of neutrals or colours through the kernel; returns its inner part. */
function through(
  at: (x: number, y: number) => Vector3,
  width: number,
  height: number,
  sharpening: Sharpening,
): Vector3[] {
  const taps = sharpening.weights.length - 1;
  const halo = sharpenHalo(taps);
  const stride = Math.ceil((width + 2 * halo) / 4) * 4 + 8;
  const rows = height + 2 * halo;
  const plane = stride * rows;
  const data = new Float32Array(plane * 3);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < stride; x++)
      at(x - halo, y - halo).forEach((value, c) => {
        data[c * plane + y * stride + x] = value;
      });
  const address = bench.heap.place(data);
  const scratch = bench.heap.allocate(bench.kernels.sharpenScratch(stride + 12, rows));
  const table = bench.heap.place(sharpenTable(sharpening));
  const inner = (halo * stride + halo) * 4;
  bench.kernels.sharpen(
    address + inner,
    plane * 4,
    stride * 4,
    width,
    height,
    halo,
    STEPS,
    taps,
    table,
    scratch,
  );
  const out = bench.floats(address, plane * 3);
  for (const place of [address, scratch, table]) bench.heap.free(place);
  return Array.from({ length: width * height }, (_, i): Vector3 => {
    const k = (halo + Math.floor(i / width)) * stride + halo + (i % width);
    return [out[k]!, out[plane + k]!, out[2 * plane + k]!];
  });
}

describe('kernel and reference', () => {
  it.each([0.3, 0.6, 1])('agree bit for bit, with a blur of %d pixels', (sigma) => {
    const random = seededRandom(11);
    const grid = Array.from({ length: 64 * 64 }, (): Vector3 => {
      const edge = random() < 0.2 ? 4 : 0.2;
      return [0, 1, 2].map(() => Math.fround((random() - 0.05) * edge)) as unknown as Vector3;
    });
    const at = (x: number, y: number): Vector3 => grid[((y + 32) & 63) * 64 + ((x + 32) & 63)]!;
    const sharpening = how(blurWeights(sigma), { amount: 0.8, noiseScale: 1e-3, noiseOffset: 1e-5 });
    const actual = through(at, 13, 9, sharpening);
    const expected = actual.map((_, i) => sharpenedPixel(at, i % 13, Math.floor(i / 13), sharpening));
    expect(actual).toEqual(expected);
  });
});

/** The value of a Gaussian blur of a step at a distance from it, each pixel's area counted in the blur. */
function blurredStep(distance: number, sigma: number): number {
  // Abramowitz and Stegun 7.1.26: exact to 1.5e-7.
  const z = Math.abs(distance) / (sigma * Math.SQRT2);
  const t = 1 / (1 + 0.3275911 * z);
  const tail =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - tail * Math.exp(-z * z);
  return 0.5 + (Math.sign(distance) * erf) / 2;
}

/** A slanted edge, 4.76 degrees off the vertical (ISO 12233), between two lights. */
const slanted =
  (sigma: number, dark: number, bright: number) =>
  (x: number, y: number): Vector3 => {
    const distance = (x - 40 - y / 12) / Math.hypot(1, 1 / 12);
    const value = dark + (bright - dark) * blurredStep(distance, sigma);
    return [value, value, value];
  };

/** Edge profile at quarter pixels: means over bins of the distance to the edge. */
function profileOf(pixels: readonly Vector3[], width: number): number[] {
  const bins = Array.from({ length: 160 }, () => ({ sum: 0, count: 0 }));
  pixels.forEach(([value], i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const bin = bins[Math.floor(((x - 40 - y / 12) / Math.hypot(1, 1 / 12)) * 4) + 80];
    if (bin === undefined) return;
    bin.sum += value;
    bin.count++;
  });
  return bins.map(({ sum, count }) => (count === 0 ? Number.NaN : sum / count));
}

/** Frequency in cycles per pixel at which the contrast of an edge's derivative has fallen to half. */
function mtf50(profile: readonly number[]): number {
  const line = profile.slice(1).map((value, i) => value - profile[i]!);
  const contrast = (frequency: number): number => {
    let [re, im, sum] = [0, 0, 0];
    line.forEach((value, i) => {
      if (!Number.isFinite(value)) return;
      const phase = (2 * Math.PI * frequency * i) / 4;
      re += value * Math.cos(phase);
      im += value * Math.sin(phase);
      sum += value;
    });
    // The quarter-pixel difference and the bin's width take their own share.
    const bin = (Math.PI * frequency) / 4;
    return Math.hypot(re, im) / Math.abs(sum) / (Math.sin(bin) / bin);
  };
  for (let frequency = 0.02; frequency < 1; frequency += 0.002)
    if (contrast(frequency) < 0.5) return frequency;
  return 1;
}

describe('a slanted edge', () => {
  // What is asked for is the edge before the camera's blur; a pixel's own area stays, as it does in any camera.
  it.each([0.5, 0.6, 0.75, 0.9])(
    'blurred by %d pixels gets most of its sharpness back without halos',
    (sigma) => {
      const soft = slanted(sigma, 0.1, 0.7);
      const width = 80;
      const pixels = through(
        soft,
        width,
        72,
        how(blurWeights(sigma), { noiseScale: 1e-7, noiseOffset: 1e-9 }),
      );
      const before = mtf50(
        profileOf(
          Array.from({ length: 80 * 72 }, (_, i) => soft(i % 80, Math.floor(i / 80))),
          width,
        ),
      );
      const after = mtf50(profileOf(pixels, width));
      expect(after / before).toBeGreaterThan(1.3);
      const values = pixels.map(([value]) => value);
      const overshoot =
        Math.max(
          most(values, (v) => v - 0.7),
          most(values, (v) => 0.1 - v),
        ) / 0.6;
      expect(overshoot).toBeLessThan(0.1);
    },
  );
});

describe('what noise alone made', () => {
  const frame = (noise: number): RawFrame => ({
    ...bayerFrame(64, 64, () => 0.2),
    noiseProfile: [{ scale: noise, offset: 0 }],
  });

  it('is left: its standard deviation grows by less than a third', () => {
    const context = bench.context(frame(1e-4), { denoise: { luminance: 0, chroma: 0 } });
    const sharpening = sharpeningOf({ amount: 1, radius: 0.7 }, context)!;
    const random = seededRandom(3);
    const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const level = 0.3;
    const grid = Array.from({ length: 64 * 64 }, (): Vector3 => {
      const [r, g, b] = context.white.neutral.map(
        (n) => level + Math.sqrt((1e-4 * level) / n) * normal(),
      ) as [number, number, number];
      return [r, g, b];
    });
    const at = (x: number, y: number): Vector3 => grid[((y + 64) & 63) * 64 + ((x + 64) & 63)]!;
    const luminance = ([r, g, b]: Vector3): number => 0.2627 * r + 0.678 * g + 0.0593 * b;
    const spread = (values: readonly number[]): number =>
      Math.sqrt(values.reduce((sum, v) => sum + (v - level) ** 2, 0) / values.length);
    const before = spread(Array.from({ length: 2500 }, (_, i) => luminance(at(i % 50, Math.floor(i / 50)))));
    const sharpened = through(at, 50, 50, sharpening).map(luminance);
    const bare = through(at, 50, 50, { ...sharpening, noiseScale: 0, noiseOffset: 1e-12 }).map(luminance);
    expect(spread(sharpened) / before).toBeLessThan(4 / 3);
    expect(spread(bare) / before).toBeGreaterThan(1.5);
  });

  it('is known from the filter: its energy is what white noise gains', () => {
    const weights = blurWeights(0.7);
    const random = seededRandom(8);
    const size = 96;
    const grid = Array.from({ length: size * size }, (): Vector3 => {
      const value = 1 + (random() - 0.5) * 1e-3;
      return [value, value, value];
    });
    const at = (x: number, y: number): Vector3 => grid[((y + size) % size) * size + ((x + size) % size)]!;
    const out = through(at, 90, 90, how(weights, { overshoot: 100, noiseOffset: 1e-20 }));
    const gained =
      out.reduce((sum, [v], i) => sum + (v - at(i % 90, Math.floor(i / 90))[0]) ** 2, 0) / out.length;
    // 8100 pixels that are correlated over a few.
    expect(gained / (1e-6 / 12) / noiseGain(weights, STEPS)).toBeGreaterThan(0.9);
    expect(gained / (1e-6 / 12) / noiseGain(weights, STEPS)).toBeLessThan(1.1);
  });
});

describe('sharpening', () => {
  it('leaves even light, colours’ ratios and black as they are', () => {
    const even = through(() => [0.5, 0.2, 0.1], 9, 7, how(blurWeights(0.6)));
    for (const [r, g, b] of even) {
      expect(r).toBeCloseTo(0.5, 6);
      expect(g).toBeCloseTo(0.2, 6);
      expect(b).toBeCloseTo(0.1, 6);
    }
    const edge = through((x) => (x < 4 ? [0.5, 0.2, 0.1] : [0.05, 0.02, 0.01]), 9, 7, how(blurWeights(0.6)));
    for (const [r, g, b] of edge) {
      expect(r / g).toBeCloseTo(2.5, 5);
      expect(r / b).toBeCloseTo(5, 5);
    }
    expect(
      through(() => [0, 0, 0], 5, 5, how(blurWeights(0.6)))
        .flat()
        .every((v) => v === 0),
    ).toBe(true);
  });

  it('has nothing to do at 0, and in views so small that the blur is gone', () => {
    const context = bench.context(bayerFrame(16, 16, busyScene()));
    expect(sharpen.plan({ amount: 0, radius: null }, context)).toBeUndefined();
    expect(sharpen.plan({ amount: 1, radius: null }, { ...context, scale: 0.3 })).toBeUndefined();
    expect(sharpen.plan({ amount: 1, radius: null }, context)).toBeDefined();
  });

  it('takes the blur from aperture and pixel pitch, where the file says them', () => {
    const frame = bayerFrame(400, 300, () => 0.2);
    const at = (fNumber: number): number =>
      cameraBlur({ ...frame, exposure: { fNumber, focalLengthMm: 5, focalLength35mm: 500 } });
    expect(cameraBlur(frame)).toBe(0.5);
    expect(at(8)).toBeGreaterThan(at(2.8));
    expect(at(1000)).toBe(1.1);
  });

  it('mirrors at the border of the picture: an even frame has no frame of its own', async () => {
    const scene: Scene = (x) => 0.1 + 0.3 * (Math.floor(x / 8) % 2);
    const development = engine.open(linearRawFrame(64, 48, scene, { float: true }));
    const recipe = { sharpen: { amount: 1.5, radius: 1 }, denoise: { luminance: 0, chroma: 0 } } as const;
    const picture: Copied = await copyOf(development, { format: 'float32', recipe });
    development.close();
    const column = (x: number): number[] =>
      Array.from({ length: picture.height }, (_, y) => picture.pixels[(y * picture.width + x) * 3 + 1]!);
    for (let x = 0; x < picture.width; x++)
      expect(most(column(x), (value) => Math.abs(value - column(x)[0]!))).toBeLessThan(1e-6);
  });
});
