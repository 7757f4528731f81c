import { createHash } from 'node:crypto';
import type { Server } from 'node:http';
import { Engine, type MergeOptions, mergeBurst, type PartialRecipe } from '@photosite/engine';
import { type RawFrame, readRaw, writeDng } from '@photosite/raw';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, serve } from './pages.js';

const path = chromiumPath();

type Light = (x: number, y: number, colour: number) => number;

/** Smooth colour and fine stripes. */
const STRIPES: Light = (x, y, colour) =>
  0.3 + 0.25 * Math.sin(x / 37 + colour) + 0.2 * Math.cos(y / 23) + 0.2 * ((x >> 2) & 1);

/** Texture of many sizes, for frames of a hand that moves: by frame, shifted and turned, with a disc that goes its own way. */
function handheld(index: number): Light {
  const turn = 0.002 * Math.sin(index * 4.1);
  return (x, y, colour) => {
    const u = x + 7.3 * Math.sin(index * 2.4) - turn * y;
    const v = y + 6.1 * Math.sin(index * 1.7) + turn * x;
    if (Math.hypot(u - 200 - 40 * index, v - 150) < 40) return 0.4 + 0.2 * Math.sin(u / 3);
    return (
      0.35 +
      0.1 * Math.sin(u / 31 + colour) +
      0.1 * Math.cos(v / 17 + u / 41) +
      0.1 * Math.sin((u + 2 * v) / 5.3) * Math.cos(v / 7.9)
    );
  };
}

/** A noisy Bayer frame, the same at every run. */
function frameOf(width: number, height: number, light: Light, seed: number): Uint8Array {
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const samples = Uint16Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const value = light(x, y, (y & 1) + (x & 1)) * (0.9 + 0.2 * random());
    return Math.min(Math.max(512 + 15871 * value, 0), 16383);
  });
  const frame: RawFrame = {
    samples,
    width,
    height,
    samplesPerPixel: 1,
    bitsPerSample: 16,
    cfa: { width: 2, height: 2, pattern: [0, 1, 1, 2], kind: 'bayer' },
    blackLevel: { repeatRows: 1, repeatCols: 1, values: [512] },
    whiteLevel: [16383],
    activeArea: { top: 0, left: 0, bottom: height, right: width },
    maskedAreas: [],
    defaultCrop: { top: 0, left: 0, bottom: height, right: width },
    defaultScale: [1, 1],
    orientation: 6,
    color: {
      calibrations: [
        {
          illuminant: 21,
          colorMatrix: [1.0344, -0.421, -0.062, -0.2315, 1.0625, 0.1948, 0.0093, 0.1058, 0.5541],
        },
      ],
    },
    asShotNeutral: [0.55, 1, 0.6],
    opcodes: { list1: [], list2: [], list3: [] },
    exposure: {},
    previews: [],
  };
  const { chunks, byteLength } = writeDng(frame, { compression: 'lossless-jpeg' });
  const bytes = new Uint8Array(byteLength);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

const RECIPES: readonly PartialRecipe[] = [
  {},
  {
    demosaic: { quality: 'best' },
    whiteBalance: { temperature: 4200 },
    exposure: { ev: 0.7 },
    display: { space: 'display-p3' },
  },
];

const MERGES: readonly MergeOptions[] = [
  { output: 'mosaic', bits: 16 },
  { output: 'rgb', scale: 2, quality: 'best' },
];

const sha256 = (values: ArrayBufferView): string =>
  createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice())
    .digest('hex');

async function mergedInNode(dngs: readonly Uint8Array[], options: MergeOptions): Promise<string> {
  const engine = await Engine.create({ threads: 2 });
  const source = { count: dngs.length, load: async (index: number) => readRaw(dngs[index]!) };
  const { frame, report } = await mergeBurst(engine, source, options);
  expect(report.filter(({ role }) => role === 'merged')).toHaveLength(dngs.length - 1);
  const digest = sha256(frame.samples);
  await engine.close();
  return digest;
}

/** The pixels' digest, as each runtime makes it. */
async function inNode(dng: Uint8Array, recipe: PartialRecipe, threads: number): Promise<string> {
  const engine = await Engine.create({ threads });
  const rendered = await engine.open(readRaw(dng)).render({ recipe });
  const digest = sha256(rendered.pixels);
  await engine.close();
  return digest;
}

async function inPage(page: Page, recipe: PartialRecipe, threads: number): Promise<string> {
  await page.waitForFunction('globalThis.ready');
  return await page.evaluate<string>(`develop(${JSON.stringify(recipe)}, ${threads})`);
}

describe.skipIf(path === undefined)('the engine in a page (skipped where there is no Chromium)', () => {
  const dng = frameOf(1000, 700, STRIPES, 12345);
  const burst = Array.from({ length: 4 }, (_, i) => frameOf(480, 360, handheld(i), 100 + i));
  let browser: Browser;
  let server: Server;
  let origin: string;

  beforeAll(async () => {
    ({ origin, server } = await serve({
      '/frame.dng': dng,
      ...Object.fromEntries(burst.map((bytes, i) => [`/burst-${i}.dng`, bytes])),
    }));
    browser = await chromium.launch({
      executablePath: path!,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
      ],
    });
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  it.each([
    ['isolated', 1],
    ['isolated', 2],
    ['isolated', 4],
    ['plain', 4],
  ] as const)('gives the same bytes as Node: %s page, %i threads asked for', async (kind, threads) => {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.goto(`${origin}/${kind}`);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(kind === 'isolated');
    for (const recipe of RECIPES)
      expect(await inPage(page, recipe, threads)).toBe(await inNode(dng, recipe, 2));
    expect(errors).toEqual([]);
    await page.close();
  });

  it.each([
    ['isolated', 3],
    ['plain', 1],
  ] as const)(
    'merges a burst to the same bytes as Node: %s page, %i threads asked for',
    async (kind, threads) => {
      const page = await browser.newPage();
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(String(error)));
      await page.goto(`${origin}/${kind}`);
      await page.waitForFunction('globalThis.ready');
      for (const options of MERGES) {
        const call = `merge(${burst.length}, ${JSON.stringify(options)}, ${threads})`;
        expect(await page.evaluate<string>(call)).toBe(await mergedInNode(burst, options));
      }
      expect(errors).toEqual([]);
      await page.close();
    },
  );
});
