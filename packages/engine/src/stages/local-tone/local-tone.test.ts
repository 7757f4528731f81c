import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Vector3 } from '../../colour/matrix3.js';
import { Engine } from '../../Engine.js';
import type { Stage, Tile } from '../../stage.js';
import { largestError, largestFall, most, testPixels } from '../../testing/extremes.js';
import { bayerFrame, flat } from '../../testing/frames.js';
import { KernelBench } from '../../testing/KernelBench.js';
import { chromaOf, hueOf } from '../../testing/oklab.js';
import { overviewOf, seeing } from '../../testing/overviews.js';
import { areaMeans, developed, digest, part } from '../../testing/render.js';
import { automaticStrength, compression } from './compression.js';
import { baseGrid, gainsOf, LEVELS, type ToneChange } from './grid.js';
import { localTone as stage } from './index.js';
import { floatExp2, floatLog2 } from './logarithm.js';
import { type GainGrid, localTone as reference } from './reference.js';

let bench: KernelBench;
beforeAll(async () => {
  bench = await KernelBench.create();
});

const WIDTH = 240;
const HEIGHT = 160;
type Scene = (x: number, y: number) => number;
const FULL: ToneChange = { base: compression(1, 0, 0), clarity: 0, dehaze: 0 };

/** Luminance of a scene over the overview, then rendered at every pixel. */
function rendered(scene: Scene, change = FULL): { light: Float32Array; out: Float32Array } {
  const light = Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) =>
    scene(((i % WIDTH) + 0.5) / WIDTH, (Math.floor(i / WIDTH) + 0.5) / HEIGHT),
  );
  const grid = baseGrid({ width: WIDTH, height: HEIGHT, values: light });
  const gains: GainGrid = { columns: grid.columns, rows: grid.rows, gains: gainsOf(grid, change) };
  const out = light.map((value, i) => {
    const place = [((i % WIDTH) + 0.5) / WIDTH, (Math.floor(i / WIDTH) + 0.5) / HEIGHT] as const;
    return reference([value, value, value], place, gains)[0];
  });
  return { light, out };
}

function middleRow(values: Float32Array): Float32Array {
  return values.slice((HEIGHT / 2) * WIDTH, (HEIGHT / 2 + 1) * WIDTH);
}

/** How far the row passes its plateaus, left and right of an edge, as a share of them. */
function overshoot(scene: Scene): number {
  const row = middleRow(rendered(scene).out);
  const [left, right] = [row[8]!, row[WIDTH - 9]!];
  return most(row, (value, i) => Math.abs(value / (i < WIDTH / 2 ? left : right) - 1));
}

function edge(dark: number, stops: number): Scene {
  return (x) => (x < 0.5 ? dark : dark * 2 ** stops);
}

describe('local tone: the kernel equals the reference', () => {
  it('at every place and for every light', () => {
    const random = (i: number): number => 0.4 + 1.8 * Math.abs(Math.sin(i * 12.9898) % 1);
    const [columns, rows] = [5, 3];
    const gains = Float32Array.from({ length: columns * rows * LEVELS }, (_, i) => random(i));
    const interleaved = new Float32Array(gains.length * 4);
    for (let node = 0; node < columns * rows; node++)
      for (let k = 0; k < LEVELS; k++) {
        const right = node % columns === columns - 1 ? node : node + 1;
        const next = Math.min(k + 1, LEVELS - 1);
        interleaved.set(
          [
            gains[node * LEVELS + k]!,
            gains[node * LEVELS + next]!,
            gains[right * LEVELS + k]!,
            gains[right * LEVELS + next]!,
          ],
          (node * LEVELS + k) * 4,
        );
      }
    const grid = bench.heap.place(interleaved);
    const pixels = testPixels();
    const width = 61;
    const height = Math.ceil(pixels.length / width);
    const plan = { grid, columns, rows, nodesPerPixelX: columns / width, nodesPerPixelY: rows / height };
    const out = bench.onPixels(
      pixels,
      ([inner, planeStride, rowStride, innerWidth, innerHeight]) => {
        const place = { x: 0.5, y: 0.5, stepX: 1, stepY: 1 };
        const tile = { inner, planeStride, stride: rowStride / 4, innerWidth, innerHeight, place };
        stage.run(plan, tile as Tile, bench.kernels);
      },
      width,
    );
    const expected = pixels.map((pixel, i) =>
      reference(pixel, [((i % width) + 0.5) / width, (Math.floor(i / width) + 0.5) / height], {
        columns,
        rows,
        gains,
      }),
    );
    // Luminance is a sum of terms of both signs: where they cancel, its logarithm is as uncertain as their rounding, and
    // gains differ by 1.8 between levels at most, half an octave apart: by 5.2 for a doubling.
    const luminance = ([r, g, b]: Vector3): number => Math.abs(0.2627 * r + 0.678 * g + 0.0593 * b);
    const unit = (i: number): number => {
      const size = Math.max(...pixels[i]!.map(Math.abs));
      return size * (2 ** -19 + (24 * size * 2 ** -24) / Math.max(luminance(pixels[i]!), 1e-30)) + 1e-37;
    };
    expect(largestError(out, expected, unit).error).toBeLessThan(1);
  });

  it('and a pixel does not depend on the tile that it lies in', () => {
    const overview = overviewOf(WIDTH, HEIGHT, (x, y) => {
      const light = 0.01 * 2 ** (6 * x + Math.sin(9 * y));
      return [0.5 * light, light, 0.7 * light];
    });
    const context = seeing(bench.context(bayerFrame(4, 4, flat(1, 1, 1))), overview);
    const plan = stage.plan({ strength: 1, shadows: 0, highlights: 0, clarity: 0.5, dehaze: 0.5 }, context)!;
    const pixels = Array.from({ length: 64 }, (_, i): Vector3 => [0.01 * i, 0.1, 0.02 * (64 - i)]);
    const run = (list: readonly Vector3[], x: number): Vector3[] =>
      bench.onPixels(
        list,
        ([inner, planeStride, rowStride, innerWidth, innerHeight]) => {
          const place = { x, y: 77.5, stepX: 1, stepY: 1 };
          const tile = { inner, planeStride, stride: rowStride / 4, innerWidth, innerHeight, place };
          stage.run(plan, tile as Tile, bench.kernels);
        },
        list.length,
      );
    expect(run(pixels.slice(21), 121.5)).toEqual(run(pixels, 100.5).slice(21));
  });
});

describe('local tone: light', () => {
  it('the float’s logarithm is exact at powers of two, rises, and is undone', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e4, noNaN: true }), (value) => {
        const logarithm = floatLog2(value);
        // Half a unit of the float's last place.
        expect(Math.log2(value) - logarithm).toBeGreaterThan(-1e-6);
        expect(Math.log2(value) - logarithm).toBeLessThan(0.0861);
        expect(floatExp2(logarithm) / value).toBeCloseTo(1, 5);
      }),
    );
    expect(floatLog2(0.25)).toBe(-2);
  });

  it('hue stays put, whatever light is added: every pixel is multiplied by one number', () => {
    const overview = overviewOf(WIDTH, HEIGHT, (x) => {
      const light = 0.004 * 2 ** (8 * x);
      return [0.5 * light, light, 0.7 * light];
    });
    const context = seeing(bench.context(bayerFrame(4, 4, flat(1, 1, 1))), overview);
    const colours = testPixels(400).filter((c) => Math.min(...c) > 1e-3 && chromaOf(c) > 0.02);
    const out = bench.throughStage(stage as Stage, colours, context, {
      ...{ strength: 1, shadows: 1, highlights: -1, clarity: 1, dehaze: 1 },
    });
    expect(
      most(out, (pixel, i) => Math.abs(Math.max(...pixel) / Math.max(...colours[i]!) - 1)),
    ).toBeGreaterThan(0.3);
    // Degrees; floats hold ratios to 1e-7.
    const turn = (pixel: Vector3, i: number): number =>
      Math.abs(((hueOf(pixel) - hueOf(colours[i]!) + 540) % 360) - 180);
    expect(most(out, turn)).toBeLessThan(0.01);
  });

  it.each([
    [1, 0.12],
    [2, 0.08],
    [3, 0.03],
    [4, 0.03],
    [6, 0.03],
  ])('no halo beside an edge of %d stops', (stops, allowed) => {
    for (const dark of [0.005, 0.01, 0.02, 0.05]) expect(overshoot(edge(dark, stops))).toBeLessThan(allowed);
  });

  it('parts six stops apart come together by the designed stops', () => {
    const row = middleRow(rendered(edge(2 ** -8, 6)).out);
    const change = compression(1, 0, 0);
    const expected = 6 + change(-2) - change(-8);
    expect(Math.log2(row[WIDTH - 9]! / row[8]!)).toBeCloseTo(expected, 1);
    expect(expected).toBeLessThan(4.8);
  });

  it('what is within a part keeps its contrast', () => {
    // Stripes of 0.6 stops in the dark half, far finer than a cell.
    const scene: Scene = (x, y) =>
      (x < 0.5 ? 2 ** -8 : 0.25) * 2 ** (Math.floor(y * 80) % 2 === 0 ? 0.3 : -0.3);
    const { light, out } = rendered(scene);
    const contrast = (values: Float32Array, x: number): number => {
      const column = Array.from({ length: 40 }, (_, i) => Math.log2(values[(60 + i) * WIDTH + x]!));
      return Math.max(...column) - Math.min(...column);
    };
    expect(contrast(light, 40)).toBeCloseTo(0.6, 5);
    expect(contrast(out, 40)).toBeGreaterThan(0.5);
    expect(contrast(out, 40)).toBeLessThan(0.7);
  });

  it.each([
    ['along the picture', (x: number) => 2 ** (-9 + 10 * x)],
    ['steeply in its middle', (x: number) => 2 ** (-4 + 5 * Math.tanh(20 * (x - 0.5)))],
    ['gently', (x: number) => 2 ** (-5 + 2 * x)],
  ])('light that rises %s still rises, with all changes at their ends', (_, scene) => {
    // A thousandth of the light, a tenth of a step that one sees: gains are linear between nodes, light is not.
    for (const [name, change] of Object.entries({
      full: FULL,
      all: { base: compression(1, 1, -1), clarity: 0, dehaze: 0 },
      soft: { base: compression(0, 0, 0), clarity: -1, dehaze: 0 },
    }))
      expect(largestFall(middleRow(rendered(scene, change).out).map(Math.log)), name).toBeLessThan(1e-3);
  });

  it('an even light asks for nothing, a high contrast for much', () => {
    const strengthOf = (scene: Scene): number =>
      automaticStrength({
        width: WIDTH,
        height: HEIGHT,
        values: Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) =>
          scene((i % WIDTH) / WIDTH, Math.floor(i / WIDTH) / HEIGHT),
        ),
      });
    expect(strengthOf(() => 0.1)).toBe(0);
    // A chart: patches of three stops, but the same light everywhere.
    expect(strengthOf((x, y) => 0.4 * 2 ** -((Math.floor(x * 24) + 2 * Math.floor(y * 16)) % 4))).toBe(0);
    expect(strengthOf(edge(0.01, 6))).toBeGreaterThan(0.6);
  });

  it('is left out where there is nothing to do', () => {
    const even = overviewOf(60, 40, () => [0.1, 0.2, 0.14]);
    const context = seeing(bench.context(bayerFrame(4, 4, flat(1, 1, 1))), even);
    const nothing = { shadows: 0, highlights: 0, clarity: 0, dehaze: 0 };
    expect(stage.plan({ strength: null, ...nothing }, context)).toBeUndefined();
    expect(stage.needsOverview!({ strength: 0, ...nothing })).toBe(false);
  });

  it('dehaze takes a veil away: contrast over it grows', () => {
    const hazy: Scene = (x) => 0.2 + 0.1 * (Math.floor(x * 60) % 2);
    const { out } = rendered(hazy, { base: () => 0, clarity: 0, dehaze: 1 });
    const row = middleRow(out);
    expect(Math.max(...row) / Math.min(...row)).toBeGreaterThan(1.8);
  });
});

describe('local tone: preview and export', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await Engine.create({ threads: 2 });
  });
  afterAll(() => engine.close());

  const frame = bayerFrame(240, 160, (x, y, channel) => {
    const light = 0.004 * 2 ** (7 * (x / 240) + 0.3 * Math.sin(y / 9));
    return Math.min(light * [0.5, 1, 0.7][channel]!, 1);
  });
  const recipe = { localTone: { strength: 1, clarity: 0.5, dehaze: 0.3 } };

  it('the same bytes for any tile size, and a region is that part of the export', async () => {
    const whole = await developed(engine, frame, { recipe });
    expect(digest(await developed(engine, frame, { recipe: { localTone: { strength: 0 } } }))).not.toBe(
      digest(whole),
    );
    expect(digest(await developed(engine, frame, { recipe, tileSize: 48 }))).toBe(digest(whole));
    const region = { left: 60, top: 30, width: 101, height: 77 };
    const piece = await developed(engine, frame, { recipe, region });
    expect(most(piece.pixels, (value, i) => Math.abs(value - part(whole, region)[i]!))).toBe(0);
  });

  it('a smaller preview is the export made smaller, within what averaging before a curve changes', async () => {
    const whole = await developed(engine, frame, { recipe, format: 'float32' });
    const small = await developed(engine, frame, { recipe, format: 'float32', scale: 0.25 });
    const means = areaMeans(whole, small.width, small.height);
    // Encoded values on [0,1]; light doubles within 34 pixels, an output pixel covers 4.
    expect(most(small.pixels, (value, i) => Math.abs(value - means[i]!))).toBeLessThan(0.01);
  });
});
