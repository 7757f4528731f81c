import type { RawFrame } from '@photosite/raw';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Vector3 } from '../../colour/matrix3.js';
import { Engine } from '../../Engine.js';
import { most } from '../../testing/extremes.js';
import { bayerFrame, busyScene, linearRawFrame, type Scene, xtransFrame } from '../../testing/frames.js';
import { KernelBench } from '../../testing/KernelBench.js';
import { seededRandom } from '../../testing/random.js';
import { type Copied, copyOf } from '../../testing/render.js';
import { measureBlur } from './blur.js';
import { gainFilter, noiseGain, responseOf } from './filter.js';
import { blurOf, cameraBlur, sharpen, sharpenHalo, sharpeningOf, sharpenTable } from './index.js';
import { type Sharpening, sharpenedPixel } from './reference.js';

let bench: KernelBench;
let engine: Engine;
beforeAll(async () => {
  [bench, engine] = await Promise.all([KernelBench.create(), Engine.create({ threads: 1 })]);
});
afterAll(() => engine.close());

const how = (sigma: number, overrides: Partial<Sharpening> = {}): Sharpening => ({
  amount: 1,
  noiseScale: 0,
  noiseOffset: 1e-12,
  edgeNoise: 2,
  alternating: 0.75,
  coherence: [0.7, 0.95],
  overshoot: 0.05,
  undershoot: 0.1,
  darkest: 2e-3,
  clipping: [0.85, 1],
  ...gainFilter({ sigma, noiseToSignal: 0.004, crispness: 0.6, output: 0 }),
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
  const scratch = bench.heap.allocate(bench.kernels.sharpenScratch(stride + 12, rows, halo));
  const table = bench.heap.place(sharpenTable(sharpening));
  const inner = (halo * stride + halo) * 4;
  bench.kernels.sharpen(address + inner, plane * 4, stride * 4, width, height, halo, taps, table, scratch);
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
    const sharpening = how(sigma, { amount: 0.8, noiseScale: 1e-3, noiseOffset: 1e-5 });
    const actual = through(at, 13, 9, sharpening);
    const expected = actual.map((_, i) => sharpenedPixel(at, i % 13, Math.floor(i / 13), sharpening));
    expect(actual).toEqual(expected);
  });
});

describe('beside edges', () => {
  /** A step between two lights under 30 degrees, blurred over about two pixels. */
  const edge =
    (dark: number, bright: number) =>
    (x: number, y: number): Vector3 => {
      const place = (x - 20) * Math.cos(Math.PI / 6) + (y - 15) * Math.sin(Math.PI / 6);
      const value = dark + (bright - dark) * Math.min(Math.max(place / 2 + 0.5, 0), 1);
      return [value, value, value];
    };

  it('nothing becomes darker than the dark side by more than a tenth of it, however bright the other side', () => {
    for (const bright of [0.1, 0.4, 0.8]) {
      const values = through(edge(0.02, bright), 40, 30, how(0.9, { amount: 2 })).map(([value]) => value);
      expect(most(values, (value) => 0.02 - value)).toBeLessThan(0.1 * 0.02 + 1e-7);
      expect(most(values, (value) => value - bright)).toBeLessThan(0.05 * (bright - 0.02) + 1e-7);
    }
  });

  it('clipped light is spared, and so is what lies next to it; the change fades in over two pixels', () => {
    const changed = (bright: number): number[] => {
      const at = edge(0.2, bright);
      const out = through(at, 40, 30, how(0.7));
      return out.map(([value], i) => Math.abs(value - at(i % 40, Math.floor(i / 40))[0]));
    };
    const [open, clipped] = [changed(0.8), changed(1.2)];
    expect(most(open, (v) => v)).toBeGreaterThan(0.04);
    const at = edge(0.2, 1.2);
    clipped.forEach((change, i) => {
      const [x, y] = [i % 40, Math.floor(i / 40)];
      if (at(x, y)[0] >= 1 || (x < 39 && at(x + 1, y)[0] >= 1)) expect(change).toBeLessThan(0.02);
    });
  });

  it('what alternates from pixel to pixel, as demosaicing errors do, is not raised', () => {
    const board = (x: number, y: number): Vector3 => {
      const value = 0.3 + ((x + y) % 2 === 0 ? 0.03 : -0.03);
      return [value, value, value];
    };
    const values = through(board, 24, 20, how(0.7)).map(([value]) => value);
    expect(most(values, (value) => Math.abs(value - 0.3))).toBeLessThan(0.0301);
  });
});

describe('what demosaicing leaves beside an edge', () => {
  const SIGMA = 0.65;
  /** An upright edge blurred as the filter believes, and beside it what alternates by `amplitude`. */
  const scene =
    (texture: (x: number, y: number) => number) =>
    (x: number, y: number): Vector3 => {
      const value = 0.15 + 0.3 / (1 + Math.exp((-1.702 * (x - 20)) / SIGMA)) + texture(x, y);
      return [value, value, value];
    };
  const [WIDTH, HEIGHT] = [40, 24];
  const context = () => bench.context(bayerFrame(16, 16, busyScene()));

  it.each([
    ['a checkerboard', (x: number, y: number) => ((x + y) % 2 === 0 ? 0.01 : -0.01)],
    ['a zipper along it', (_x: number, y: number) => (y % 2 === 0 ? 0.01 : -0.01)],
  ] as const)('%s is raised by no more than the cap of what is gained everywhere', (_name, texture) => {
    const sharpening = sharpeningOf({ amount: 1, radius: SIGMA, output: 1 }, context())!;
    expect(sharpening.edgeWeights.length).toBe(sharpening.weights.length);
    const open = { ...sharpening, noiseScale: 0, noiseOffset: 1e-12, overshoot: 100, undershoot: 100 };
    const mild = { ...open, edgeWeights: [] };
    /** The alternating part that is left in each pixel between this and the next row. */
    const left = (how: Sharpening): number => {
      const out = through(scene(texture), WIDTH, HEIGHT, how);
      return most(
        out.slice(0, WIDTH * (HEIGHT - 1)),
        (value, i) => Math.abs(value[0] - out[i + WIDTH]![0]) / 2,
      );
    };
    // 32 bits of values around 0.4.
    expect(left(open)).toBeLessThan(0.01 * 3 + 1e-6);
    // Straight edges' own gain does not touch it: a tenth is what the noise term makes of their steeper step.
    expect(left(open)).toBeLessThan(1.1 * left(mild));
  });

  it('is not what straight edges are: those change by more than what is gained everywhere', () => {
    const sharpening = sharpeningOf({ amount: 1, radius: SIGMA, output: 1 }, context())!;
    const slanted = (x: number, y: number): Vector3 => scene(() => 0)(x + y / 12, 0);
    const changed = (how: Sharpening): number =>
      through(slanted, WIDTH, HEIGHT, how).reduce(
        (sum, [value], i) => sum + Math.abs(value - slanted(i % WIDTH, Math.floor(i / WIDTH))[0]),
        0,
      );
    expect(changed(sharpening) / changed({ ...sharpening, edgeWeights: [] })).toBeGreaterThan(1.1);
  });
});

/** Small squares at many angles, blurred: each pixel the mean over its area. */
function squares(sigma: number, width: number, height: number): Float64Array {
  // The normal distribution's integral: Abramowitz and Stegun 7.1.26.
  const share = (place: number): number => {
    const z = Math.abs(place) / (sigma * Math.SQRT2);
    const t = 1 / (1 + 0.3275911 * z);
    const tail =
      t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
    return 0.5 + (Math.sign(place) * (1 - tail * Math.exp(-z * z))) / 2;
  };
  const STEP = 80;
  return Float64Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const [column, row] = [Math.floor(x / STEP), Math.floor(y / STEP)];
    const angle = 0.1 + 0.37 * (column + 7 * row);
    const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
    let sum = 0;
    for (let k = 0; k < 16; k++) {
      const [u, v] = [
        x + ((k % 4) + 0.5) / 4 - (column + 0.5) * STEP,
        y + (Math.floor(k / 4) + 0.5) / 4 - (row + 0.5) * STEP,
      ];
      const [a, b] = [u * cos + v * sin, v * cos - u * sin];
      sum += (share(a + 24) - share(a - 24)) * (share(b + 24) - share(b - 24));
    }
    return 0.05 + (0.6 * sum) / 16;
  });
}

describe('the blur, measured at the picture’s own edges', () => {
  const [width, height] = [480, 320];
  const noises = [
    { scale: 1e-9, offset: 0 },
    { scale: 2e-4, offset: 2e-6 },
    { scale: 2e-3, offset: 4e-5 },
  ];
  it.each([0.4, 0.6, 0.8, 1])(
    'of %d pixels is found within 15 per cent, whatever the array, without noise, with N1 and N2',
    (sigma) => {
      const light = squares(sigma, width, height);
      for (const noise of noises) {
        const random = seededRandom(5);
        const normal = (): number =>
          Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
        const scene: Scene = (x, y) => {
          const value = light[y * width + x]!;
          return value + Math.sqrt(noise.scale * value + noise.offset) * normal();
        };
        const noiseProfile = [noise];
        for (const frame of [
          bayerFrame(width, height, scene, { noiseProfile }),
          bayerFrame(width, height, scene, { noiseProfile }, 'GBRG'),
          xtransFrame(width, height, scene, { noiseProfile }),
          linearRawFrame(width, height, scene, { overrides: { noiseProfile } }),
          linearRawFrame(width, height, scene, { planes: 1, overrides: { noiseProfile } }),
        ]) {
          const found = measureBlur(frame);
          expect(found?.edges).toBeGreaterThan(12);
          expect(found!.sigma / sigma).toBeGreaterThan(0.85);
          expect(found!.sigma / sigma).toBeLessThan(1.15);
        }
      }
    },
  );

  it('is not read from noise, from even areas, from clipped edges or from pictures of a few pixels', () => {
    const random = seededRandom(2);
    const nothing: Scene[] = [
      () => 0.3,
      () => 0.3 + (random() - 0.5) * 0.2,
      (x) => (Math.floor(x / 40) % 2 === 0 ? 0.1 : 1.1),
    ];
    for (const scene of nothing) expect(measureBlur(bayerFrame(240, 200, scene))).toBeUndefined();
    expect(measureBlur(bayerFrame(20, 20, busyScene()))).toBeUndefined();
    expect(blurOf(bayerFrame(20, 20, busyScene()))).toBe(0.5);
  });
});

describe('the filters’ response', () => {
  const settings = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1].flatMap((sigma) =>
    [0.004, 0.05].flatMap((noiseToSignal) =>
      [0.2, 2.5].map((crispness) => ({ sigma, noiseToSignal, crispness, output: 0 })),
    ),
  );
  const STEPS = 48;
  // Weights are rounded to 1e-16 each; a response is a sum of some twenty.
  const ROUNDING = 1e-9;

  it.each(settings)(
    'lies within 0 and its cap over the whole plane, everywhere and across edges: %o',
    (aim) => {
      const { weights, mixed, atNyquist, edgeWeights } = gainFilter(aim);
      const edgeCap = responseOf(edgeWeights, 0.5);
      expect(atNyquist).toBeGreaterThan(0);
      expect(atNyquist).toBeLessThan(2 + ROUNDING);
      expect(atNyquist + edgeCap).toBeLessThan(23 + ROUNDING);
      const frequencies = Array.from({ length: STEPS + 1 }, (_, k) => k / STEPS / 2);
      const of = frequencies.map((frequency) => responseOf(weights, frequency));
      const more = frequencies.map((frequency) => responseOf(edgeWeights, frequency));
      // What alternates along an edge is smoothed by [1 2 1] / 4 before what it gains across.
      const even = frequencies.map((frequency) => (1 + Math.cos(2 * Math.PI * frequency)) / 2);
      const plane = of.flatMap((u, x) =>
        of.map((v, y) => ({ mild: u + v + mixed * u * v, across: more[x]! * even[y]! })),
      );
      expect(most(plane, ({ mild }) => -mild)).toBeLessThan(ROUNDING);
      expect(most(plane, ({ mild }) => mild - atNyquist)).toBeLessThan(ROUNDING);
      expect(most(plane, ({ across }) => -across)).toBeLessThan(ROUNDING);
      expect(most(plane, ({ across }) => across - edgeCap)).toBeLessThan(ROUNDING);
      // Steadily growing along each axis, and nothing in the corner.
      for (const line of [of, more])
        line.slice(1).forEach((value, k) => {
          expect(value).toBeGreaterThan(line[k]! - ROUNDING);
        });
      const corner = plane.at(-1)!;
      expect(Math.abs(corner.mild)).toBeLessThan(ROUNDING);
      expect(Math.abs(corner.across)).toBeLessThan(ROUNDING);
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
    const sharpening = sharpeningOf({ amount: 1, radius: 0.7, output: 1 }, context)!;
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
    const bare = through(at, 50, 50, {
      ...sharpening,
      noiseScale: 0,
      noiseOffset: 1e-12,
      alternating: 0,
    }).map(luminance);
    expect(spread(sharpened) / before).toBeLessThan(4 / 3);
    expect(spread(bare) / before).toBeGreaterThan(1.3);
  });

  it('is known from the filter: its energy is what white noise gains', () => {
    const filter = gainFilter({ sigma: 0.7, noiseToSignal: 0.01, crispness: 0.5, output: 0 });
    const random = seededRandom(8);
    const size = 96;
    const grid = Array.from({ length: size * size }, (): Vector3 => {
      const value = 1 + (random() - 0.5) * 1e-3;
      return [value, value, value];
    });
    const at = (x: number, y: number): Vector3 => grid[((y + size) % size) * size + ((x + size) % size)]!;
    const out = through(
      at,
      90,
      90,
      how(0.7, {
        ...filter,
        edgeWeights: [],
        alternating: 0,
        overshoot: 100,
        undershoot: 100,
        noiseOffset: 1e-20,
        clipping: [2, 3],
      }),
    );
    const gained =
      out.reduce((sum, [v], i) => sum + (v - at(i % 90, Math.floor(i / 90))[0]) ** 2, 0) / out.length;
    // 8100 pixels that are correlated over a few.
    expect(gained / (1e-6 / 12) / noiseGain(filter).everywhere).toBeGreaterThan(0.9);
    expect(gained / (1e-6 / 12) / noiseGain(filter).everywhere).toBeLessThan(1.1);
  });
});

describe('for a size', () => {
  it('a picture made smaller gets back what its means took of the finest detail, by `output`', () => {
    const context = { ...bench.context(bayerFrame(16, 16, busyScene())), scale: 0.25 };
    const gainAt = (isOutput: boolean, output: number): number => {
      const how = sharpeningOf({ amount: 1, radius: 0.3, output }, { ...context, isOutput });
      return (how?.weights ?? [0]).reduce((sum, w, k) => sum + (k === 0 ? 1 : k % 2 === 0 ? 2 : -2) * w, 1);
    };
    // A view is what the whole picture shrinks to: nothing to add.
    expect(gainAt(false, 1)).toBe(1);
    expect(gainAt(true, 0)).toBe(1);
    // Seven weights follow the wanted 1.6 within a few per cent.
    expect(gainAt(true, 1)).toBeGreaterThan(1.5);
    expect(gainAt(true, 1)).toBeLessThan(1.7);
    expect(gainAt(true, 2)).toBeGreaterThan(2);
  });
});

describe('sharpening', () => {
  it('leaves even light, colours’ ratios and black as they are', () => {
    const even = through(() => [0.5, 0.2, 0.1], 9, 7, how(0.6));
    for (const [r, g, b] of even) {
      expect(r).toBeCloseTo(0.5, 6);
      expect(g).toBeCloseTo(0.2, 6);
      expect(b).toBeCloseTo(0.1, 6);
    }
    const edge = through((x) => (x < 4 ? [0.5, 0.2, 0.1] : [0.05, 0.02, 0.01]), 9, 7, how(0.6));
    for (const [r, g, b] of edge) {
      expect(r / g).toBeCloseTo(2.5, 5);
      expect(r / b).toBeCloseTo(5, 5);
    }
    expect(
      through(() => [0, 0, 0], 5, 5, how(0.6))
        .flat()
        .every((v) => v === 0),
    ).toBe(true);
  });

  it('has nothing to do at 0, and in views so small that the blur is gone', () => {
    const context = bench.context(bayerFrame(16, 16, busyScene()));
    expect(sharpen.plan({ amount: 0, radius: null, output: 1 }, context)).toBeUndefined();
    expect(sharpen.plan({ amount: 1, radius: null, output: 1 }, { ...context, scale: 0.2 })).toBeUndefined();
    expect(sharpen.plan({ amount: 1, radius: null, output: 1 }, context)).toBeDefined();
  });

  it('takes the blur from aperture and pixel pitch, where the file says them', () => {
    const frame = bayerFrame(400, 300, () => 0.2);
    const at = (fNumber: number): number =>
      cameraBlur({ ...frame, exposure: { fNumber, focalLengthMm: 5, focalLength35mm: 500 } });
    expect(cameraBlur(frame)).toBe(0.5);
    expect(at(8)).toBeGreaterThan(at(2.8));
    expect(at(1000)).toBe(1.1);
    expect(blurOf(frame)).toBe(0.5);
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
