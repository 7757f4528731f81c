import type { Orientation, RawFrame } from '@photosite/raw';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { srgbDecode, srgbEncode } from './colour/spaces.js';
import type { RenderRequest } from './Development.js';
import { Engine } from './Engine.js';
import { EngineError } from './EngineError.js';
import { RecipeError } from './recipe.js';
import { most } from './testing/extremes.js';
import { bayerFrame, busyScene, linearRawFrame, type Scene } from './testing/frames.js';
import {
  areaMeans,
  type Copied,
  copyOf,
  developed,
  digest,
  expectAllMemoryBack,
  part,
  pixelAt,
} from './testing/render.js';

let engine: Engine;
let pair: Engine;
beforeAll(async () => {
  [engine, pair] = await Promise.all([Engine.create({ threads: 1 }), Engine.create({ threads: 2 })]);
});
afterAll(() => Promise.all([engine.close(), pair.close()]));

const ODD: Partial<RawFrame> = {
  activeArea: { left: 5, top: 3, right: 196, bottom: 150 },
  defaultCrop: { left: 7, top: 2, right: 186, bottom: 145 },
};
const frame = (overrides: Partial<RawFrame> = ODD): RawFrame => bayerFrame(201, 153, busyScene(), overrides);

describe('orientation (Exif 2.32)', () => {
  type Corner = 'top left' | 'top right' | 'bottom left' | 'bottom right';

  // Where the first stored row's first and last pixel belong in the upright picture.
  it.each<[Orientation, Corner, Corner]>([
    [1, 'top left', 'top right'],
    [2, 'top right', 'top left'],
    [3, 'bottom right', 'bottom left'],
    [4, 'bottom left', 'bottom right'],
    [5, 'top left', 'bottom left'],
    [6, 'top right', 'bottom right'],
    [7, 'bottom right', 'top right'],
    [8, 'bottom left', 'top left'],
  ])('%d puts the first pixel %s and the last of its row %s', async (orientation, first, last) => {
    const marked: Scene = (x, y, channel) => {
      if (y >= 12) return 0.1;
      if (x < 12) return channel === 0 ? 0.4 : 0.05;
      return x >= 48 && channel === 2 ? 0.6 : 0.1;
    };
    const picture = await developed(engine, bayerFrame(60, 40, marked, { orientation }));
    expect([picture.width, picture.height]).toEqual(orientation < 5 ? [60, 40] : [40, 60]);
    const corners: Record<Corner, [number, number]> = {
      'top left': [4, 4],
      'top right': [picture.width - 5, 4],
      'bottom left': [4, picture.height - 5],
      'bottom right': [picture.width - 5, picture.height - 5],
    };
    const brightest = (channel: number): string | undefined =>
      Object.entries(corners)
        .map(([name, [x, y]]) => ({
          name,
          value: pixelAt(picture, x, y)[channel]! - pixelAt(picture, x, y)[1],
        }))
        .sort((a, b) => b.value - a.value)[0]?.name;
    expect([brightest(0), brightest(2)]).toEqual([first, last]);
  });
});

describe('a region', () => {
  it('at 1:1 is that part of the whole picture, byte for byte, in every orientation', async () => {
    for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8] as const) {
      const development = engine.open(frame({ ...ODD, orientation }));
      for (const format of ['uint8', 'float32'] as const) {
        const whole = await copyOf(development, { format });
        await fc.assert(
          fc.asyncProperty(fc.gen(), async (g) => {
            const left = g(fc.integer, { min: 0, max: whole.width - 1 });
            const top = g(fc.integer, { min: 0, max: whole.height - 1 });
            const width = g(fc.integer, { min: 1, max: whole.width - left });
            const height = g(fc.integer, { min: 1, max: whole.height - top });
            const region = { left, top, width, height };
            const view = await copyOf(development, { region, format });
            expect([view.width, view.height]).toEqual([width, height]);
            expect(digest(view)).toBe(digest({ width, height, pixels: part(whole, region) }));
          }),
          { numRuns: 5 },
        );
      }
      development.close();
    }
  });

  it('at best quality too', async () => {
    const development = engine.open(frame());
    const recipe = { demosaic: { quality: 'best' } } as const;
    const whole = await copyOf(development, { recipe });
    const region = { left: 41, top: 17, width: 77, height: 63 };
    const view = await copyOf(development, { recipe, region });
    development.close();
    expect(digest(view)).toBe(digest({ ...region, pixels: part(whole, region) }));
  });

  it.each([
    { left: -1, top: 0, width: 10, height: 10 },
    { left: 0, top: 0, width: 180, height: 10 },
    { left: 0, top: 0, width: 10, height: 144 },
    { left: 0, top: 0, width: 0, height: 10 },
    { left: 0.5, top: 0, width: 10, height: 10 },
    { left: Number.NaN, top: 0, width: 10, height: 10 },
  ])('that is not whole pixels inside of the picture is refused: %o', async (region) => {
    const development = engine.open(frame());
    await expect(development.render({ region })).rejects.toThrow(/inside of the picture's 179 × 143/);
    development.close();
  });
});

describe('a scaled view', () => {
  it.each([0.5, 0.37, 0.111, 0.0101])(
    'at %d is the mean of the camera RGB under each pixel',
    async (scale) => {
      const development = engine.open(frame());
      const region = { left: 0, top: 0, ...development.size };
      const whole = await copyOf(development, { as: 'linear-rec2020' });
      expect([whole.width, whole.height]).toEqual([region.width, region.height]);
      const camera = await copyOf(development, { as: 'camera-rgb' });
      const view = await copyOf(development, { as: 'camera-rgb', scale });
      const expected = areaMeans(camera, view.width, view.height);
      development.close();
      // Sums over the footprint in 32 bits, against the same in 64.
      const footprint = (camera.width / view.width) * (camera.height / view.height);
      const tolerance = (4 + Math.sqrt(footprint)) * 2 ** -24 * 4;
      expect(most(view.pixels, (value, i) => Math.abs(value - expected[i]!))).toBeLessThan(tolerance);
    },
  );

  it('of linear light is the mean of the linear picture where nothing clips', async () => {
    const dim: Scene = (x, y, channel) => 0.4 * busyScene()(x, y, channel);
    const development = engine.open(bayerFrame(201, 153, dim));
    const whole = await copyOf(development, { as: 'linear-rec2020' });
    const view = await copyOf(development, { as: 'linear-rec2020', scale: 0.3 });
    development.close();
    const expected = areaMeans(whole, view.width, view.height);
    expect(most(view.pixels, (value, i) => Math.abs(value - expected[i]!))).toBeLessThan(1e-6);
  });

  it('of a smooth scene for display is what the full picture, shrunk, looks like', async () => {
    const smooth: Scene = (x, y, channel) => 0.2 + 0.15 * Math.sin(x / 30 + channel) * Math.cos(y / 25);
    const development = engine.open(bayerFrame(201, 153, smooth));
    const whole = await copyOf(development);
    const view = await copyOf(development, { scale: 0.25 });
    development.close();
    const light = { ...whole, pixels: Float32Array.from(whole.pixels, (sample) => srgbDecode(sample / 255)) };
    const expected = areaMeans(light, view.width, view.height);
    // One level of rounding each; within four pixels of this scene the tone curve is straight to a fraction of a level.
    const off = (sample: number, i: number): number => Math.abs(sample - srgbEncode(expected[i]!) * 255);
    expect(most(view.pixels, off)).toBeLessThan(1.5);
  });

  it('whose grid does not divide the picture fits into its tiles', async () => {
    // 1049 columns at 1/100 are 10: each spans 104.9 columns, not 100.
    const wide = linearRawFrame(1049, 149, busyScene());
    for (const tileSize of [1024, 256, 32]) {
      const development = engine.open(wide);
      const camera = await copyOf(development, { as: 'camera-rgb' });
      const view = await copyOf(development, { as: 'camera-rgb', scale: 0.01, tileSize });
      development.close();
      expect([view.width, view.height]).toEqual([10, 1]);
      const expected = areaMeans(camera, 10, 1);
      expect(most(view.pixels, (value, i) => Math.abs(value - expected[i]!))).toBeLessThan(1e-4);
    }
  });

  it('is one pixel at least, the mean of everything, in little memory', async () => {
    const development = engine.open(frame());
    const bytes = engine.heap.memory.buffer.byteLength;
    const view = await copyOf(development, { as: 'camera-rgb', scale: 1e-6 });
    const camera = await copyOf(development, { as: 'camera-rgb' });
    development.close();
    expect([view.width, view.height]).toEqual([1, 1]);
    const expected = areaMeans(camera, 1, 1);
    expect(most(view.pixels, (value, i) => Math.abs(value - expected[i]!))).toBeLessThan(1e-4);
    expect(engine.heap.memory.buffer.byteLength - bytes).toBeLessThan(2 ** 24);
  });

  it.each([0, -1, 1.01, Number.NaN, Infinity])('a scale of %d is refused', async (scale) => {
    const development = engine.open(frame());
    await expect(development.render({ scale })).rejects.toThrow(EngineError);
    development.close();
  });
});

describe('a size', () => {
  const sizeAt = async (size: NonNullable<RenderRequest['size']>, overrides: Partial<RawFrame> = {}) => {
    const { width, height } = await developed(engine, bayerFrame(201, 153, busyScene(), overrides), { size });
    return [width, height];
  };

  it('is the longest side, or a box that the upright picture fits in, and never enlarges', async () => {
    expect(await sizeAt(100)).toEqual([100, 76]);
    expect(await sizeAt(100, { orientation: 6 })).toEqual([76, 100]);
    expect(await sizeAt({ width: 1000, height: 51 })).toEqual([67, 51]);
    expect(await sizeAt({ width: 51, height: 1000 }, { orientation: 8 })).toEqual([51, 67]);
    expect(await sizeAt(5000)).toEqual([201, 153]);
    expect(await sizeAt(1)).toEqual([1, 1]);
  });

  it('that reduces nothing gives the picture itself; one that reduces is crisper than the view of that size', async () => {
    const scene: Scene = (x, y, channel) => 0.15 + 0.1 * Math.sin(x / 1.4 + channel) * Math.cos(y / 2);
    // Quiet, or the pattern would be taken for noise.
    const noiseProfile = [{ scale: 1e-8, offset: 0 }];
    const development = engine.open(bayerFrame(201, 153, scene, { noiseProfile }));
    const whole = await copyOf(development);
    expect(digest(await copyOf(development, { size: 201 }))).toBe(digest(whole));
    const view = await copyOf(development, { scale: 100 / 201 });
    const sized = await copyOf(development, { size: 100 });
    const plain = await copyOf(development, { size: 100, recipe: { sharpen: { output: 0 } } });
    development.close();
    expect(digest(plain)).toBe(digest(view));
    const contrast = ({ width, pixels }: Copied): number =>
      Array.from(pixels).reduce(
        (sum, value, i) => sum + (i % (3 * width) < 3 ? 0 : Math.abs(value - pixels[i - 3]!)),
        0,
      );
    expect(contrast(sized) / contrast(view)).toBeGreaterThan(1.03);
    expect(contrast(sized) / contrast(view)).toBeLessThan(1.5);
  });

  it('of nothing, of broken pixels or beside a scale is refused by name', async () => {
    const development = engine.open(frame());
    for (const size of [0, -5, 10.5, Number.NaN, { width: 100, height: 0 }])
      await expect(development.render({ size })).rejects.toThrow(/not a whole number from 1 on/);
    await expect(development.render({ size: 100, scale: 0.5 })).rejects.toThrow(/not both/);
    development.close();
    expectAllMemoryBack(engine);
  });
});

describe('keep', () => {
  const view: RenderRequest = { scale: 0.6, keep: true };
  const names = ({ stages }: { stages: readonly { name: string }[] }): string[] =>
    stages.map(({ name }) => name);
  const changes: RenderRequest['recipe'][] = [
    { exposure: { ev: 1.3 } },
    { whiteBalance: { temperature: 3200, tint: 10 } },
    { whiteBalance: { neutral: [0.5, 0.5] } },
    { tone: { contrast: 1.8 }, display: { space: 'display-p3' } },
  ];

  it.each([view, { keep: true }, { keep: true, region: { left: 11, top: 7, width: 99, height: 55 } }])(
    'of %j: a change after demosaic computes nothing before it again and gives a fresh render’s pixels',
    async (request) => {
      for (const on of [engine, pair]) {
        const development = on.open(frame());
        const first = await copyOf(development, request);
        expect(names(first)).toEqual(expect.arrayContaining(['linearise', 'demosaic']));
        for (const recipe of changes) {
          const again = await copyOf(development, { ...request, recipe: recipe! });
          expect(names(again)).not.toEqual(expect.arrayContaining(['linearise']));
          expect(names(again)).not.toEqual(expect.arrayContaining(['demosaic']));
          const fresh = await developed(on, frame(), { ...request, keep: false, recipe: recipe! });
          expect(digest(again)).toBe(digest(fresh));
        }
        development.close();
      }
    },
  );

  it('another quality, region or scale is computed anew', async () => {
    const development = engine.open(frame());
    await copyOf(development, view);
    for (const request of [
      { ...view, recipe: { demosaic: { quality: 'best' } } },
      { ...view, scale: 0.5 },
      { ...view, region: { left: 0, top: 0, width: 50, height: 50 } },
    ] as const)
      expect(names(await copyOf(development, request))).toContain('demosaic');
    development.close();
  });

  it('keeps two views and no more', async () => {
    const development = engine.open(frame());
    for (const scale of [0.7, 0.6, 0.5]) await copyOf(development, { scale, keep: true });
    expect(names(await copyOf(development, { scale: 0.6 }))).not.toContain('demosaic');
    expect(names(await copyOf(development, { scale: 0.5 }))).not.toContain('demosaic');
    expect(names(await copyOf(development, { scale: 0.7 }))).toContain('demosaic');
    development.close();
    expectAllMemoryBack(engine);
  });
});

describe('cancel', () => {
  it.each([1, 2])('before the work begins, with %d threads', async (threads) => {
    const on = threads === 1 ? engine : pair;
    const development = on.open(frame());
    const reason = new Error('not wanted');
    await expect(development.render({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    development.close();
    expectAllMemoryBack(on);
  });

  it.each([1, 2])(
    'in the middle, with %d threads: memory comes back and the engine goes on working',
    async (threads) => {
      const on = threads === 1 ? engine : pair;
      const large = bayerFrame(600, 400, busyScene());
      const expected = digest(await developed(on, large));
      const development = on.open(large);
      for (const keep of [false, true]) {
        const controller = new AbortController();
        const reason = new Error('not wanted any more');
        let last = 0;
        const work = development.render({
          tileSize: 32,
          keep,
          signal: controller.signal,
          onProgress: (done) => {
            last = done;
            controller.abort(reason);
          },
        });
        await expect(work).rejects.toBe(reason);
        // On threads the rest may be done before the word reaches them; on this one there is no such race.
        if (threads === 1) expect(last).toBeLessThan(1);
      }
      expect(digest(await copyOf(development))).toBe(expected);
      development.close();
      expectAllMemoryBack(on);
    },
  );

  it('a request cancelled while it waits for its turn does not disturb the others', async () => {
    const development = pair.open(frame());
    const controller = new AbortController();
    const first = copyOf(development);
    const second = development.render({ signal: controller.signal });
    const third = copyOf(development);
    controller.abort(new Error('no'));
    await expect(second).rejects.toThrow('no');
    expect(digest(await first)).toBe(digest(await third));
    development.close();
    expectAllMemoryBack(pair);
  });
});

describe('progress', () => {
  it.each([1, 2])('rises by the tile to 1, with %d threads', async (threads) => {
    const development = (threads === 1 ? engine : pair).open(frame());
    for (const keep of [true, false]) {
      const seen: number[] = [];
      await copyOf(development, { tileSize: 32, keep, onProgress: (done) => seen.push(done) });
      expect(seen.length).toBe(6 * 5);
      expect(seen.every((done, i) => done > (seen[i - 1] ?? 0))).toBe(true);
      expect(seen.at(-1)).toBe(1);
    }
    development.close();
  });

  it('stages report their pixels: each pixel of the picture once', async () => {
    const { stages, width, height } = await developed(pair, frame(), { tileSize: 64 });
    for (const name of ['linearise', 'demosaic', 'colour', 'tone', 'display', 'encode']) {
      const report = stages.find((stage) => stage.name === name)!;
      expect(report.pixels).toBe(width * height);
      expect(report.ms).toBeGreaterThanOrEqual(0);
    }
  });
});

describe('a request', () => {
  it('that is not right is refused by name, and holds no memory', async () => {
    const development = engine.open(frame());
    await expect(development.render({ as: 'camera-rgb', format: 'uint8' })).rejects.toThrow(
      /float32, not as uint8/,
    );
    for (const tileSize of [31, 4097, 100.5, Number.NaN])
      await expect(development.render({ tileSize })).rejects.toThrow(/tile size/);
    await expect(development.render({ recipe: { exposure: { ev: 99 } } })).rejects.toThrow(RecipeError);
    development.close();
    expectAllMemoryBack(engine);
  });

  it('after close is refused; closing twice is harmless', async () => {
    const development = engine.open(frame());
    development.close();
    development.close();
    await expect(development.render()).rejects.toThrow(/closed/);
    expectAllMemoryBack(engine);
  });

  it.each([1, 2])(
    'under way when the frame is closed is finished, with %d threads; those waiting are refused',
    async (threads) => {
      const on = threads === 1 ? engine : pair;
      const large = bayerFrame(400, 300, busyScene());
      const expected = digest(await developed(on, large));
      const development = on.open(large);
      const underWay = development.render({ tileSize: 32, keep: true });
      const waiting = development.render();
      // Let the first one begin, then close, and let another frame have the memory that became free.
      await new Promise((resolve) => setTimeout(resolve, 2));
      development.close();
      const other = on.open(bayerFrame(400, 300, busyScene(7)));
      const [rendered, refused] = await Promise.all([underWay, waiting.catch((error: unknown) => error)]);
      expect(digest(rendered)).toBe(expected);
      rendered.release();
      expect(String(refused)).toMatch(/closed/);
      other.close();
      expectAllMemoryBack(on);
    },
  );

  it('requests made at once are all served', async () => {
    const development = pair.open(frame());
    const requests: RenderRequest[] = [
      {},
      { scale: 0.5 },
      { recipe: { exposure: { ev: 1 } } },
      { as: 'camera-rgb' },
    ];
    const together = await Promise.all(requests.map((request) => copyOf(development, request)));
    for (const [i, request] of requests.entries())
      expect(digest(together[i]!)).toBe(digest(await developed(engine, frame(), request)));
    development.close();
  });

  it('camera RGB in planes is that of the pixels, from samples of the caller that stay where they are', async () => {
    const { heap } = pair;
    const recorded = frame();
    const expected = await developed(engine, recorded, { as: 'camera-rgb' });
    const { width, height } = expected;
    const [rowStride, planeStride] = [width * 4 + 64, (width * 4 + 64) * height + 192];
    const room = heap.allocate(3 * planeStride);
    const own = heap.place(recorded.samples);
    const samples = new Uint16Array(heap.memory.buffer, own, recorded.samples.length);
    const development = pair.open({ ...recorded, samples });
    await development.renderPlanes({ address: room, planeStride, rowStride });
    development.close();
    const floats = new Float32Array(heap.memory.buffer);
    const interleaved = Float32Array.from({ length: width * height * 3 }, (_, i) => {
      const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
      return floats[(room + (i % 3) * planeStride + y * rowStride) / 4 + x]!;
    });
    expect(interleaved).toEqual(Float32Array.from(expected.pixels));
    expect([...samples]).toEqual([...recorded.samples]);
    // Closing has not given them back: they are the caller's.
    for (const address of [room, own]) heap.free(address);
    expectAllMemoryBack(pair);
  });

  it('a picture stays readable after its frame is closed, until it is released; releasing twice is harmless', async () => {
    const development = engine.open(frame());
    const rendered = await development.render();
    const expected = digest(rendered);
    development.close();
    await developed(engine, bayerFrame(150, 90, busyScene(9)));
    expect(digest(rendered)).toBe(expected);
    rendered.release();
    rendered.release();
    expectAllMemoryBack(engine);
  });

  it('the whole recipe, defaults filled in, comes back with the picture', async () => {
    const { recipe, colorSpace } = await developed(engine, frame(), {
      recipe: { display: { space: 'display-p3' } },
    });
    expect(recipe.exposure.ev).toBe(0);
    expect(colorSpace).toBe('display-p3');
  });
});

describe('frames that can’t be developed are refused when opened', () => {
  it.each([
    [{ samplesPerPixel: 2 }, /2 samples per pixel/],
    [{ samplesPerPixel: 4 }, /4 samples per pixel/],
  ])('%o', (overrides, message) => {
    const four = { ...linearRawFrame(8, 8, busyScene()), ...overrides };
    expect(() => engine.open(four)).toThrow(EngineError);
    expect(() => engine.open(four)).toThrow(message);
    expectAllMemoryBack(engine);
  });
});
