import type { BlackLevel, Opcode, RawFrame } from '@photosite/raw';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apply, type Vector3 } from './colour/matrix3.js';
import { REC2020, rgbToRgb, SRGB, srgbDecode, srgbEncode } from './colour/spaces.js';
import { Engine } from './Engine.js';
import type { PartialRecipe } from './recipe.js';
import { type GainMap, gainAt } from './stages/lens-shading/reference.js';
import { most } from './testing/extremes.js';
import { bayerFrame, busyScene, flat, linearRawFrame, type Scene, xtransFrame } from './testing/frames.js';
import { chromaOf } from './testing/oklab.js';
import { areaMeans, type Copied, developed, digest, part, pixelAt } from './testing/render.js';

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.create({ threads: 1 });
});
afterAll(() => engine.close());

const LINEAR: PartialRecipe = {
  tone: { curve: 'linear' },
  look: { name: 'faithful' },
  sharpen: { amount: 0 },
};
/** A camera whose primaries are sRGB's, under its own white. */
const NEUTRAL: Partial<RawFrame> = { color: { calibrations: [] }, asShotNeutral: [1, 1, 1] };
/** One level of 12 bits. */
const LEVEL = 1 / (4095 - 256);
/** The X-Trans predictors are not exact on flat colours; 6e-4 of white is what they miss of this one. */
const XTRANS_ERROR = 1e-3;

/** By how much a picture strays from one colour. */
function spread(picture: Copied, colour: readonly number[]): number {
  return most(picture.pixels, (value, i) => Math.abs(value - colour[i % 3]!));
}

/** A picture without its border. */
function inner(picture: Copied, border: number): Copied {
  const region = {
    left: border,
    top: border,
    width: picture.width - 2 * border,
    height: picture.height - 2 * border,
  };
  return { ...picture, ...region, pixels: part(picture, region) };
}

describe('kinds of frames', () => {
  it.each(['RGGB', 'GRBG', 'GBRG', 'BGGR'] as const)(
    'a %s mosaic of one colour gives that colour',
    async (pattern) => {
      const frame = bayerFrame(40, 30, flat(0.2, 0.4, 0.3), NEUTRAL, pattern);
      for (const quality of ['fast', 'best'] as const) {
        const picture = await developed(engine, frame, {
          as: 'camera-rgb',
          recipe: { demosaic: { quality } },
        });
        expect(spread(picture, [0.2, 0.4, 0.3])).toBeLessThan(LEVEL);
      }
    },
  );

  it('an X-Trans mosaic of one colour gives that colour', async () => {
    const frame = xtransFrame(60, 48, flat(0.2, 0.4, 0.3), NEUTRAL);
    expect(spread(await developed(engine, frame, { as: 'camera-rgb' }), [0.2, 0.4, 0.3])).toBeLessThan(
      XTRANS_ERROR,
    );
  });

  it('an active area that begins on odd photosites keeps its colours', async () => {
    for (const [top, left] of [
      [1, 0],
      [0, 1],
      [1, 1],
    ] as const) {
      const overrides = { ...NEUTRAL, activeArea: { top, left, bottom: 29, right: 39 } };
      const bayer = bayerFrame(40, 30, flat(0.2, 0.4, 0.3), overrides);
      expect(spread(await developed(engine, bayer, { as: 'camera-rgb' }), [0.2, 0.4, 0.3])).toBeLessThan(
        LEVEL,
      );
      const xtrans = xtransFrame(40, 30, flat(0.2, 0.4, 0.3), overrides);
      expect(spread(await developed(engine, xtrans, { as: 'camera-rgb' }), [0.2, 0.4, 0.3])).toBeLessThan(
        XTRANS_ERROR,
      );
    }
  });

  it('LinearRaw of three planes shows its samples', async () => {
    const colour: Vector3 = [0.2, 0.5, 0.35];
    const frame = linearRawFrame(23, 17, flat(...colour), { overrides: NEUTRAL });
    expect(spread(await developed(engine, frame, { as: 'camera-rgb' }), colour)).toBeLessThan(LEVEL);
    const shown = await developed(engine, frame, { recipe: LINEAR });
    expect(
      spread(
        shown,
        colour.map((v) => Math.round(srgbEncode(v) * 255)),
      ),
    ).toBeLessThanOrEqual(1);
  });

  it('LinearRaw of one plane gives greys', async () => {
    const { pixels } = await developed(engine, linearRawFrame(53, 37, busyScene(), { planes: 1 }));
    expect(most(pixels, (value, i) => Math.abs(value - pixels[i - (i % 3)]!))).toBe(0);
    expect(new Set(pixels).size).toBeGreaterThan(50);
  });

  it('float samples give the picture of the same samples in 16 bits', async () => {
    const light: Scene = (x, y, channel) => Math.round(busyScene()(x, y, channel) * 3839) / 3839;
    for (const planes of [1, 3] as const) {
      const integers = linearRawFrame(53, 37, light, { planes });
      const floats = linearRawFrame(53, 37, light, { planes, float: true });
      const [a, b] = [await developed(engine, integers), await developed(engine, floats)];
      // The same light within a rounding: at most one level where that rounding falls on a step.
      expect(most(a.pixels, (value, i) => Math.abs(value - b.pixels[i]!))).toBeLessThanOrEqual(1);
    }
  });

  it('samples that are no numbers spoil no more than their neighbourhood, and give finite pixels', async () => {
    const { cfa } = bayerFrame(2, 2, flat(0, 0, 0));
    const plain = linearRawFrame(64, 128, flat(0.3, 0.3, 0.3), { planes: 1, float: true });
    const clean = { ...plain, ...NEUTRAL, cfa: cfa! };
    const broken = plain.samples.slice();
    broken.set([Number.NaN, Infinity, -Infinity, 3e38], 64 * 64 + 30);
    for (const quality of ['fast', 'best'] as const) {
      const request = { as: 'linear-rec2020', recipe: { demosaic: { quality } } } as const;
      const picture = await developed(engine, { ...clean, samples: broken }, request);
      expect(picture.pixels.every(Number.isFinite)).toBe(true);
      const far = { left: 0, top: 0, width: 64, height: 32 };
      expect(digest({ ...far, pixels: part(picture, far) })).toBe(
        digest({ ...far, pixels: part(await developed(engine, clean, request), far) }),
      );
    }
  });

  it('a colour filter array that no demosaic knows is refused by name', async () => {
    const quad = {
      width: 4,
      height: 4,
      pattern: [0, 0, 1, 1, 0, 0, 1, 1, 1, 1, 2, 2, 1, 1, 2, 2],
      kind: 'quad-bayer',
    } as const;
    await expect(developed(engine, bayerFrame(16, 16, busyScene(), { cfa: quad }))).rejects.toThrow(
      /quad-bayer/,
    );
  });
});

describe('camera-rgb: the door for measurements', () => {
  it('shows the whole active area, white at 1.0, no white balance, no exposure, not the crop', async () => {
    const frame = bayerFrame(40, 30, flat(0.2, 1.4, 0.3), {
      asShotNeutral: [0.5, 1, 0.7],
      baselineExposure: 2,
      activeArea: { left: 2, top: 2, right: 38, bottom: 28 },
      defaultCrop: { left: 4, top: 4, right: 30, bottom: 20 },
    });
    const picture = await developed(engine, frame, {
      as: 'camera-rgb',
      recipe: { exposure: { ev: 3 }, whiteBalance: { temperature: 3000 } },
    });
    expect([picture.width, picture.height, picture.colorSpace]).toEqual([36, 26, 'camera-rgb']);
    // A green photosite: what was measured is kept bit for bit.
    const [r, g, b] = pixelAt(inner(picture, 4), 6, 5);
    expect(r).toBeCloseTo(0.2, 3);
    // White is multiplied by the balance's gain and its inverse.
    expect(Math.abs(g - 1)).toBeLessThan(4 * 2 ** -24);
    expect(b).toBeCloseTo(0.3, 3);
  });
});

describe('levels of the sensor', () => {
  it('black levels by position with deltas of rows and columns leave one even light', async () => {
    const [width, height] = [48, 36];
    const black: BlackLevel = {
      repeatRows: 4,
      repeatCols: 2,
      values: [200, 210, 220, 230, 190, 260, 205, 215],
      deltaH: Float32Array.from({ length: width }, (_, x) => (x % 3) * 4),
      deltaV: Float32Array.from({ length: height }, (_, y) => (y % 5) * 3),
    };
    const largest = 260 + 8 + 12;
    const samples = Uint16Array.from({ length: width * height }, (_, i) => {
      const [x, y] = [i % width, Math.floor(i / width)];
      return 1000 + black.values[(y % 4) * 2 + (x % 2)]! + black.deltaH![x]! + black.deltaV![y]!;
    });
    const frame = bayerFrame(width, height, flat(0, 0, 0), { ...NEUTRAL, samples, blackLevel: black });
    const picture = await developed(engine, frame, { as: 'camera-rgb' });
    const light = 1000 / (4095 - largest);
    // Levels are whole numbers: the rest is rounding to 32 bits.
    expect(spread(picture, [light, light, light])).toBeLessThan(1e-6);
  });

  it('a linearisation table is undone', async () => {
    // Stored as the square root of light, 10 bits of it, as some sensors compress.
    const table = Uint16Array.from({ length: 1024 }, (_, i) => Math.round((i / 1023) ** 2 * 65535));
    const stored = (light: number): number => Math.round(Math.sqrt(light) * 1023);
    const samples = Uint16Array.from({ length: 32 * 24 }, () => stored(0.3));
    const frame = bayerFrame(32, 24, flat(0, 0, 0), {
      ...NEUTRAL,
      samples,
      linearization: table,
      blackLevel: { repeatRows: 1, repeatCols: 1, values: [0] },
      whiteLevel: [65535],
    });
    // Half a step of the square root at 0.3: √0.3 / 1023.
    expect(spread(await developed(engine, frame, { as: 'camera-rgb' }), [0.3, 0.3, 0.3])).toBeLessThan(
      5.5e-4,
    );
  });
});

describe('gain maps', () => {
  it("a Bayer file's four maps undo a lens's coloured shading within the rounding of floats", async () => {
    const [width, height] = [96, 64];
    const map = (position: number): GainMap => ({
      kind: 'GainMap',
      dngVersion: '1.3.0.0',
      optional: false,
      previewSkip: false,
      area: {
        top: position >> 1,
        left: position & 1,
        bottom: height,
        right: width,
        plane: 0,
        planes: 1,
        rowPitch: 2,
        colPitch: 2,
      },
      mapPointsV: 5,
      mapPointsH: 7,
      mapSpacingV: 1 / 4,
      mapSpacingH: 1 / 6,
      mapOriginV: 0,
      mapOriginH: 0,
      mapPlanes: 1,
      gains: Float32Array.from({ length: 35 }, (_, i) => {
        const radius = Math.hypot((i % 7) - 3, Math.floor(i / 7) - 2);
        return 1 + radius * (0.3 + 0.05 * position);
      }),
    });
    const maps = [0, 1, 2, 3].map(map);
    const samples = Float32Array.from({ length: width * height }, (_, i) => {
      const [x, y] = [i % width, Math.floor(i / width)];
      return 0.3 / gainAt(maps[(y % 2) * 2 + (x % 2)]!, x, y, width, height, 0);
    });
    const list2: readonly Opcode[] = maps;
    const frame: RawFrame = {
      ...bayerFrame(width, height, flat(0, 0, 0), NEUTRAL),
      samples,
      blackLevel: { repeatRows: 1, repeatCols: 1, values: [0] },
      whiteLevel: [1],
      opcodes: { list1: [], list2, list3: [] },
    };
    expect(spread(await developed(engine, frame, { as: 'camera-rgb' }), [0.3, 0.3, 0.3])).toBeLessThan(1e-6);
    const off = await developed(engine, frame, {
      as: 'camera-rgb',
      recipe: { lensShading: { apply: false } },
    });
    expect(spread(off, [0.3, 0.3, 0.3])).toBeGreaterThan(0.1);
  });
});

describe('light', () => {
  it('linear pictures are linear: twice the light is twice the value', async () => {
    const light =
      (scale: number): Scene =>
      (x, y, channel) =>
        (0.1 + 0.002 * x + 0.001 * y + 0.02 * channel) * scale;
    const as = 'linear-rec2020';
    const once = await developed(engine, linearRawFrame(50, 40, light(1), { float: true }), { as });
    const twice = await developed(engine, linearRawFrame(50, 40, light(2), { float: true }), { as });
    const stop = await developed(engine, linearRawFrame(50, 40, light(1), { float: true }), {
      as,
      recipe: { exposure: { ev: 1 } },
    });
    // Values of about 0.5: a few roundings.
    expect(most(once.pixels, (value, i) => Math.abs(2 * value - twice.pixels[i]!))).toBeLessThan(1e-6);
    expect(most(once.pixels, (value, i) => Math.abs(2 * value - stop.pixels[i]!))).toBe(0);
  });

  it('a linear tone shows linear light as it is', async () => {
    const colourful: Scene = (x, y, channel) =>
      0.3 + 0.1 * Math.sin(x / 9 + channel) + 0.05 * Math.cos(y / 5);
    const frame = linearRawFrame(50, 40, colourful, { float: true, overrides: NEUTRAL });
    const linear = await developed(engine, frame, { as: 'linear-rec2020' });
    const shown = await developed(engine, frame, { format: 'float32', recipe: LINEAR });
    const toSrgb = rgbToRgb(REC2020, SRGB);
    const off = most(Array.from({ length: 50 * 40 }), (_, i) => {
      const rgb = apply(toSrgb, pixelAt(linear, i % 50, Math.floor(i / 50)));
      const out = pixelAt(shown, i % 50, Math.floor(i / 50));
      return Math.max(...rgb.map((value, c) => Math.abs(value - srgbDecode(out[c]!))));
    });
    // The encoding table's chords.
    expect(off).toBeLessThan(1e-6);
  });

  it('formats are roundings of one another', async () => {
    const frame = bayerFrame(101, 67, busyScene());
    const [bytes, words, floats] = await Promise.all(
      (['uint8', 'uint16', 'float32'] as const).map((format) => developed(engine, frame, { format })),
    );
    expect(
      most(words!.pixels, (value, i) => Math.abs(value - floats!.pixels[i]! * 65535)),
    ).toBeLessThanOrEqual(0.51);
    // The 8-bit table's grid: see the display stage.
    expect(most(bytes!.pixels, (value, i) => Math.abs(value - floats!.pixels[i]! * 255))).toBeLessThanOrEqual(
      0.55,
    );
  });

  it.each<Vector3>([
    [0.35, 1, 0.6],
    [0.9, 1, 0.25],
    [1, 0.5, 0.9],
  ])(
    'a neutral ramp into clipping stays neutral under a white of %d %d %d: no magenta',
    async (...neutral) => {
      const ramp: Scene = (x, _y, channel) => neutral[channel]! * (0.05 + (4 * x) / 400);
      const frame = bayerFrame(400, 24, ramp, { color: { calibrations: [] }, asShotNeutral: neutral });
      for (const quality of ['fast', 'best'] as const) {
        const linear = await developed(engine, frame, {
          as: 'linear-rec2020',
          recipe: { demosaic: { quality } },
        });
        const chroma = Array.from({ length: 400 * 24 }, (_, i) => {
          const pixel = pixelAt(linear, i % 400, Math.floor(i / 400));
          return chromaOf(pixel) / Math.cbrt(Math.max(...pixel));
        });
        // Oklab at lightness 1, where 0.02 is just visible: a demosaic of 12-bit samples, darkest ones included.
        expect(most(chroma, (value) => value)).toBeLessThan(0.03);
        const shown = await developed(engine, frame, { recipe: { demosaic: { quality } } });
        const cast = (i: number): number => {
          const [r, g, b] = pixelAt(shown, i % 400, Math.floor(i / 400));
          return Math.max(r, g, b) - Math.min(r, g, b);
        };
        expect(most(chroma, (_, i) => cast(i))).toBeLessThanOrEqual(4);
        expect(pixelAt(shown, 395, 12)).toEqual([255, 255, 255]);
      }
    },
  );

  it('a picture’s mean is the scene’s', async () => {
    const scene: Scene = (x, y, channel) =>
      0.25 + 0.1 * Math.sin(x / 11 + channel) + 0.1 * Math.cos(y / 13 - channel);
    const truth = await developed(engine, linearRawFrame(120, 90, scene, { overrides: NEUTRAL }), {
      as: 'camera-rgb',
    });
    const mosaic = await developed(engine, bayerFrame(120, 90, scene, NEUTRAL), { as: 'camera-rgb' });
    const [a, b] = [areaMeans(truth, 1, 1), areaMeans(mosaic, 1, 1)];
    expect(most(a, (value, i) => Math.abs(value - b[i]!))).toBeLessThan(1e-3);
  });
});
