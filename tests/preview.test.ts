import { readFile } from 'node:fs/promises';
import { Engine, type Rendered, type RenderRequest } from '@photosite/engine';
import { openRaw, type RawFrame } from '@photosite/raw';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let frame: RawFrame;
let engine: Engine;
let pair: Engine;
beforeAll(async () => {
  const file = 'gopro-hero7.dng';
  const bytes = new Uint8Array(await readFile(new URL(`../samples/${file}`, import.meta.url)));
  // The sample has no lens opcodes: a wide angle's are added, so that everything that resamples has work.
  const recorded = await openRaw(bytes, { file });
  const lens = { dngVersion: '1.3.0.0', optional: true, previewSkip: false, center: [0.5, 0.5] } as const;
  const coefficients = (red: number): number[] => [1.03, -0.04 * red, 0.005, 0, 0, 0];
  frame = {
    ...recorded,
    opcodes: {
      ...recorded.opcodes,
      list3: [
        { ...lens, kind: 'FixVignetteRadial', coefficients: [0.2, 0.05, 0, 0, 0] },
        {
          ...lens,
          kind: 'WarpRectilinear',
          coefficients: [coefficients(1.001), coefficients(1), coefficients(0.999)],
        },
      ],
    },
  };
  [engine, pair] = await Promise.all([Engine.create({ threads: 1 }), Engine.create({ threads: 2 })]);
});
afterAll(() => Promise.all([engine.close(), pair.close()]));

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Rendered['pixels'];
}

async function rendered(on: Engine, request: RenderRequest): Promise<Picture> {
  const development = on.open(frame);
  const { width, height, pixels, release } = await development.render(request);
  const copy = pixels.slice();
  release();
  development.close();
  return { width, height, pixels: copy };
}

const decode = (value: number): number =>
  value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
const encode = (value: number): number =>
  value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055;

/** A display picture reduced in light by the mean over each pixel's area, encoded again. */
function reduced({ width, height, pixels }: Picture, across: number, down: number): Float32Array {
  const light = Float32Array.from(pixels, decode);
  const spans = (size: number, count: number): (readonly [number, number])[][] =>
    Array.from({ length: count }, (_, i) => {
      const [from, to] = [(i * size) / count, ((i + 1) * size) / count];
      const under: (readonly [number, number])[] = [];
      for (let k = Math.floor(from); k < Math.min(Math.ceil(to), size); k++)
        under.push([k, ((Math.min(k + 1, to) - Math.max(k, from)) * count) / size]);
      return under;
    });
  const [columns, rows] = [spans(width, across), spans(height, down)];
  const out = new Float32Array(across * down * 3);
  for (let y = 0; y < down; y++)
    for (let x = 0; x < across; x++)
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (const [v, wv] of rows[y]!)
          for (const [u, wu] of columns[x]!) sum += wv * wu * light[(v * width + u) * 3 + c]!;
        out[(y * across + x) * 3 + c] = encode(sum);
      }
  return out;
}

describe('preview and export, the default finish of a real frame with its lens corrected', () => {
  /** A part with leaves before the sky, painted walls and shade. */
  const part = { left: 2400, top: 300, width: 720, height: 600 };
  const region = { left: 301, top: 203, width: 303, height: 241 };

  it('a region at 1:1 is that part of the export, byte for byte, whatever threads and tiles', async () => {
    const whole = await rendered(pair, {});
    const row = region.width * 3;
    const expected = new Uint8Array(row * region.height);
    for (let y = 0; y < region.height; y++) {
      const from = ((region.top + y) * whole.width + region.left) * 3;
      expected.set(whole.pixels.subarray(from, from + row) as Uint8Array, y * row);
    }
    for (const [on, tileSize] of [
      [engine, 256],
      [pair, 100],
      [pair, 512],
    ] as const) {
      const { pixels } = await rendered(on, { region, tileSize });
      expect(Buffer.compare(pixels as Uint8Array, expected)).toBe(0);
    }
  });

  /**
   * What the two ways cannot have in common: a view averages the scene's light and then renders it, an export renders each
   * pixel; where tones bend, within an area that holds both sun and shade, the mean of what is rendered is not what the
   * mean becomes, and detail at the view's own limit is sharpened at either size. Hence a few levels where there is
   * texture (leaves before the sky are the worst), and none of them systematic.
   */
  it.each([1 / 2, 1 / 3, 0.37])('a view at %d is the export shrunk by means of areas', async (scale) => {
    const format = 'float32';
    const view = await rendered(pair, { region: part, scale, format });
    const expected = reduced(await rendered(pair, { region: part, format }), view.width, view.height);
    let [sum, squares] = [0, 0];
    const sizes = Array.from(view.pixels, (value, i) => {
      const off = (value - expected[i]!) * 255;
      sum += off;
      squares += off * off;
      return Math.abs(off);
    }).sort((a, b) => a - b);
    const count = sizes.length;
    expect(Math.abs(sum / count)).toBeLessThan(0.5);
    expect(Math.sqrt(squares / count)).toBeLessThan(3);
    expect(sizes[Math.floor(count * 0.99)]).toBeLessThan(15);
  });

  it('the same bytes for any number of threads and any tile size', async () => {
    const request = { region: { left: 900, top: 640, width: 420, height: 300 } };
    const expected = await rendered(engine, { ...request, tileSize: 512 });
    for (const [on, tileSize] of [
      [engine, 64],
      [pair, 201],
      [pair, 1024],
    ] as const)
      expect(
        Buffer.compare(
          (await rendered(on, { ...request, tileSize })).pixels as Uint8Array,
          expected.pixels as Uint8Array,
        ),
      ).toBe(0);
  });
});
