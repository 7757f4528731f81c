import type { Orientation, RawFrame } from '@photosite/raw';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RenderRequest } from './Development.js';
import { Engine } from './Engine.js';
import { type BayerPattern, bayerFrame, busyScene, linearRawFrame, xtransFrame } from './testing/frames.js';
import { developed, digest } from './testing/render.js';

const THREADS = [1, 2, 4] as const;
const TILES = [32, 100, 128, 201, 256, 512, 1024];

let engines: Engine[];
beforeAll(async () => {
  engines = await Promise.all(THREADS.map((threads) => Engine.create({ threads })));
});
afterAll(() => Promise.all(engines.map((engine) => engine.close())));

/** An active area and a crop that begin and end on odd photosites. */
const ODD: Partial<RawFrame> = {
  activeArea: { left: 5, top: 3, right: 316, bottom: 230 },
  defaultCrop: { left: 7, top: 2, right: 304, bottom: 225 },
};
const bayer = (pattern: BayerPattern, overrides: Partial<RawFrame> = ODD): RawFrame =>
  bayerFrame(321, 233, busyScene(), overrides, pattern);

/** Renders on every engine with every tile size; expects the same bytes each time. */
async function expectSameBytes(frame: RawFrame, request: RenderRequest, tiles = TILES): Promise<void> {
  const expected = digest(await developed(engines[0]!, frame, request));
  const results: Record<string, string> = {};
  for (const engine of engines)
    for (const tileSize of tiles)
      results[`${engine.pool.threads} threads, tiles of ${tileSize}`] = digest(
        await developed(engine, frame, { ...request, tileSize }),
      );
  expect(results).toEqual(Object.fromEntries(Object.keys(results).map((key) => [key, expected])));
}

describe('the same bytes for 1, 2 and 4 threads and tiles from 32 to 1024', () => {
  it('at fast quality, 8 bit', async () => {
    await expectSameBytes(bayer('RGGB'), { recipe: { demosaic: { quality: 'fast' } } });
  });

  it('at best quality, 8 bit', async () => {
    await expectSameBytes(bayer('RGGB'), { recipe: { demosaic: { quality: 'best' } } }, [128, 201, 1024]);
  });

  it.each(['GRBG', 'GBRG', 'BGGR'] as const)(
    'for a %s array, as floats, where the last bit shows',
    async (pattern) => {
      await expectSameBytes(
        bayer(pattern),
        { format: 'float32', recipe: { exposure: { ev: 1 } } },
        [128, 201, 1024],
      );
    },
  );

  it.each(['linear-rec2020', 'camera-rgb'] as const)('as %s', async (as) => {
    await expectSameBytes(bayer('RGGB'), { as }, [128, 201, 1024]);
  });

  it.each([0.61, 0.5, 0.137])('at a scale of %d', async (scale) => {
    await expectSameBytes(bayer('RGGB'), { scale, format: 'float32' }, [128, 201, 1024]);
  });

  it('of a region with odd borders', async () => {
    const region = { left: 33, top: 51, width: 203, height: 101 };
    await expectSameBytes(bayer('RGGB'), { region, format: 'float32' }, [64, 128, 201, 1024]);
  });

  it.each<Orientation>([2, 3, 4, 5, 6, 7, 8])('turned by orientation %d, 16 bit', async (orientation) => {
    await expectSameBytes(bayer('RGGB', { ...ODD, orientation }), { format: 'uint16' }, [100, 1024]);
  });

  const warp = {
    kind: 'WarpRectilinear',
    coefficients: [
      [1.02, -0.05, 0, 0, 0, 0],
      [1.02, -0.051, 0, 0, 0, 0],
      [1.02, -0.052, 0, 0, 0, 0],
    ],
    center: [0.5, 0.5],
    dngVersion: '1.3.0.0',
    optional: true,
    previewSkip: false,
  } as const;
  const vignette = { ...warp, kind: 'FixVignetteRadial', coefficients: [0.4, 0.1, 0, 0, 0] } as const;
  const lens = bayer('RGGB', { ...ODD, opcodes: { list1: [], list2: [], list3: [vignette, warp] } });

  it('with local stages whose halo is half a tile, at 1:1 and scaled', async () => {
    const recipe = { sharpen: { radius: 2, amount: 2 }, texture: { amount: 1 } };
    await expectSameBytes(bayer('RGGB'), { format: 'float32', recipe }, [32, 100, 201, 1024]);
    const region = { left: 3, top: 51, width: 203, height: 101 };
    await expectSameBytes(bayer('RGGB'), { format: 'float32', recipe, scale: 0.61, region }, [32, 201, 1024]);
  });

  it('through the lens geometry', async () => {
    await expectSameBytes(lens, { format: 'float32' }, [32, 100, 128, 201, 1024]);
    const recipe = { lensGeometry: { straighten: 17, perspectiveHorizontal: -20, fill: false } };
    await expectSameBytes(lens, { format: 'float32', recipe }, [32, 100, 201, 1024]);
    const region = { left: 33, top: 51, width: 203, height: 101 };
    await expectSameBytes(lens, { format: 'float32', scale: 0.37, region }, [64, 100, 201, 1024]);
  });

  it('with every local stage at work: noise, fringes, blur, local tone', async () => {
    const noisy = { ...lens, noiseProfile: [{ scale: 2e-3, offset: 4e-5 }] };
    const recipe = {
      denoise: { luminance: 1, chroma: 1 },
      defringe: { amount: 2 },
      sharpen: { radius: 0.7, amount: 1.5 },
      texture: { amount: 0.6 },
      localTone: { strength: 1, clarity: 0.5 },
    };
    await expectSameBytes(noisy, { format: 'float32', recipe }, [32, 100, 201, 1024]);
    await expectSameBytes(noisy, { format: 'float32', recipe, size: 157 }, [32, 201, 1024]);
  });

  it('for LinearRaw with three planes and with one', async () => {
    await expectSameBytes(linearRawFrame(301, 207, busyScene()), { format: 'float32' }, [128, 201, 1024]);
    await expectSameBytes(
      linearRawFrame(301, 207, busyScene(), { planes: 1 }),
      { format: 'float32' },
      [128, 201],
    );
  });

  it('for an X-Trans array', async () => {
    await expectSameBytes(
      xtransFrame(321, 233, busyScene(), ODD),
      { format: 'float32' },
      [100, 128, 201, 1024],
    );
  });

  it('for pictures of a few photosites', async () => {
    for (const [width, height] of [
      [1, 1],
      [2, 1],
      [3, 5],
      [8, 2],
      [17, 1],
    ] as const)
      for (const quality of ['fast', 'best'] as const)
        await expectSameBytes(
          bayerFrame(width, height, busyScene()),
          { recipe: { demosaic: { quality } } },
          [32],
        );
  });
});
