import { createHash } from 'node:crypto';
import type { Server } from 'node:http';
import { Engine, type PartialRecipe } from '@photosite/engine';
import { type RawFrame, readRaw, writeDng } from '@photosite/raw';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, serve } from './pages.js';

const path = chromiumPath();

/** A Bayer frame of smooth colour, fine stripes and noise, the same at every run. */
function scene(width: number, height: number): Uint8Array {
  let state = 12345;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const samples = Uint16Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const colour = (y & 1) + (x & 1);
    const light = 0.3 + 0.25 * Math.sin(x / 37 + colour) + 0.2 * Math.cos(y / 23) + 0.2 * ((x >> 2) & 1);
    return Math.min(Math.max(512 + 15871 * light * (0.9 + 0.2 * random()), 0), 16383);
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

/** The pixels' digest, as each runtime makes it. */
async function inNode(dng: Uint8Array, recipe: PartialRecipe, threads: number): Promise<string> {
  const engine = await Engine.create({ threads });
  const rendered = await engine.open(readRaw(dng)).render({ recipe });
  const digest = createHash('sha256').update(rendered.pixels).digest('hex');
  await engine.close();
  return digest;
}

async function inPage(page: Page, recipe: PartialRecipe, threads: number): Promise<string> {
  await page.waitForFunction('globalThis.ready');
  return await page.evaluate<string>(`develop(${JSON.stringify(recipe)}, ${threads})`);
}

describe.skipIf(path === undefined)('the engine in a page (skipped where there is no Chromium)', () => {
  const dng = scene(1000, 700);
  let browser: Browser;
  let server: Server;
  let origin: string;

  beforeAll(async () => {
    ({ origin, server } = await serve({ '/frame.dng': dng }));
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
});
