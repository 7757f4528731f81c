import type { RawFrame } from '@photosite/raw';
import fc from 'fast-check';
fc.configureGlobal({ numRuns: 3000, interruptAfterTimeLimit: 10000 });
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CameraModel } from './colour/camera.js';
import type { Vector3 } from './colour/matrix3.js';
import { D50, D65 } from './colour/spaces.js';
import { temperatureOfChromaticity } from './colour/temperature.js';
import type { RenderRequest } from './Development.js';
import { Engine } from './Engine.js';
import { completeRecipe, type PartialRecipe } from './recipe.js';
import { most } from './testing/extremes.js';
import { bayerFrame, busyScene, flat, linearRawFrame, type Scene } from './testing/frames.js';
import { seededRandom } from './testing/random.js';
import { areaMeans, type Copied, developed, digest, pixelAt } from './testing/render.js';
import { recordedWhite, sceneWhite } from './white.js';

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.create({ threads: 1 });
});
afterAll(() => engine.close());

/** A frame without what is named. */
function without(frame: RawFrame, ...keys: readonly (keyof RawFrame)[]): RawFrame {
  return Object.fromEntries(
    Object.entries(frame).filter(([key]) => !keys.includes(key as keyof RawFrame)),
  ) as unknown as RawFrame;
}

function recorded(frame: RawFrame): {
  neutral: Vector3;
  chromaticity: { x: number; y: number };
  said: string[];
} {
  const said: string[] = [];
  return { ...recordedWhite(frame, new CameraModel(frame), (what) => said.push(what)), said };
}

const bare: Partial<RawFrame> = { color: { calibrations: [] } };

describe('the white that a frame records', () => {
  const frame = bayerFrame(32, 24, busyScene());

  it('is AsShotNeutral, its largest value 1, and nothing is assumed', () => {
    const { neutral, said } = recorded({ ...frame, asShotNeutral: [1, 2, 1.4] });
    expect(neutral).toEqual([0.5, 1, 0.7]);
    expect(said).toEqual([]);
  });

  it('is AsShotWhiteXY where there is no neutral', () => {
    const { chromaticity, neutral, said } = recorded({
      ...without(frame, 'asShotNeutral'),
      asShotWhite: D65,
    });
    expect(chromaticity).toEqual(D65);
    expect(neutral).toEqual(new CameraModel(frame).neutralOf(D65));
    expect(said).toEqual([]);
  });

  it('is 5000 K where the file names none, and that is said', () => {
    const { chromaticity, said } = recorded(without(frame, 'asShotNeutral'));
    expect(chromaticity).toEqual(D50);
    expect(said).toEqual(['no white balance in the file: daylight of 5000 K']);
  });

  it.each([[[]], [[1, 1]], [[0, 1, 1]], [[1, -1, 1]], [[Number.NaN, 1, 1]], [[1, Infinity, 1]]])(
    'a neutral of %j is none',
    (asShotNeutral) => {
      expect(recorded({ ...frame, asShotNeutral }).chromaticity).toEqual(D50);
    },
  );

  it('is estimated where the file has no matrix either, and that is said', async () => {
    const grey = without(bayerFrame(64, 48, flat(0.3, 0.5, 0.2), bare), 'asShotNeutral');
    const { neutral, said } = recorded(grey);
    // Quantised to 12 bits.
    expect(most([0.6, 1, 0.4], (value, i) => Math.abs(value - neutral[i]!))).toBeLessThan(2e-3);
    expect(said).toEqual([
      'no white balance and no colour matrix in the file: white estimated from the picture',
    ]);
    const { assumptions, pixels } = await developed(engine, grey);
    expect(assumptions).toEqual(expect.arrayContaining(said));
    expect(most(pixels, (value, i) => Math.abs(value - pixels[i - (i % 3)]!))).toBeLessThanOrEqual(1);
  });

  it('the estimate finds the light on a scene of many colours', () => {
    const random = seededRandom(4);
    const patches = Array.from({ length: 300 }, (): Vector3 => [random(), random(), random()]);
    const light: Vector3 = [0.6, 1, 0.4];
    const scene: Scene = (x, y, channel) =>
      0.8 * light[channel]! * patches[Math.floor(x / 8) * 15 + Math.floor(y / 8)]![channel]!;
    const { neutral } = recorded(without(bayerFrame(160, 120, scene, bare), 'asShotNeutral'));
    // Random reflectances are grey in their sixth power mean within a few per cent.
    expect(most(light, (value, i) => Math.abs(neutral[i]! / value - 1))).toBeLessThan(0.08);
  });

  it('clipped samples do not count in the estimate', () => {
    const scene: Scene = (x, _y, channel) => (x < 32 ? 2 : [0.3, 0.5, 0.2][channel]!);
    const { neutral } = recorded(without(bayerFrame(64, 48, scene, bare), 'asShotNeutral'));
    expect(most([0.6, 1, 0.4], (value, i) => Math.abs(value - neutral[i]!))).toBeLessThan(2e-3);
  });

  it('of a black, a clipped or a monochrome picture is even', () => {
    for (const light of [0, 2])
      expect(
        recorded(without(bayerFrame(16, 16, flat(light, light, light), bare), 'asShotNeutral')).neutral,
      ).toEqual([1, 1, 1]);
    expect(recorded(linearRawFrame(16, 16, busyScene(), { planes: 1 })).neutral).toEqual([1, 1, 1]);
  });
});

describe('the white that a recipe asks for', () => {
  const frame = bayerFrame(32, 24, busyScene());
  const camera = new CameraModel(frame);
  const asked = (whiteBalance: PartialRecipe['whiteBalance']) => {
    const said: string[] = [];
    const own = recordedWhite(frame, camera, () => undefined);
    const white = sceneWhite(
      frame,
      camera,
      own,
      completeRecipe({ whiteBalance: whiteBalance ?? {} }),
      (what) => said.push(what),
    );
    return { white, own, said };
  };

  it('is the recorded one by default', () => {
    const { white, own } = asked({});
    expect(white).toBe(own);
  });

  it('has the temperature and tint asked for; a temperature alone has no tint, a tint alone keeps the temperature', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 2000, max: 20000, noNaN: true }),
        fc.double({ min: -80, max: 80, noNaN: true }),
        (kelvin, tint) => {
          const both = temperatureOfChromaticity(asked({ temperature: kelvin, tint }).white.chromaticity);
          expect(both.kelvin).toBeCloseTo(kelvin, 1);
          expect(both.tint).toBeCloseTo(tint, 2);
          expect(
            temperatureOfChromaticity(asked({ temperature: kelvin }).white.chromaticity).tint,
          ).toBeCloseTo(0, 2);
          const { white, own } = asked({ tint });
          expect(temperatureOfChromaticity(white.chromaticity).kelvin).toBeCloseTo(
            temperatureOfChromaticity(own.chromaticity).kelvin,
            0,
          );
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe('white balance of the picture', () => {
  const scene: Scene = (x, y, channel) => 0.2 + 0.1 * Math.sin(x / 9 + channel) * Math.cos(y / 8);
  const frame = bayerFrame(120, 90, scene);
  const balanced = (
    whiteBalance: PartialRecipe['whiteBalance'],
    request: RenderRequest = {},
  ): Promise<Copied> =>
    developed(engine, frame, { ...request, recipe: { ...request.recipe, whiteBalance: whiteBalance ?? {} } });

  it('as recorded is the same picture as with the temperature and tint of the recorded white', async () => {
    const own = recordedWhite(frame, new CameraModel(frame), () => undefined);
    const { kelvin, tint } = temperatureOfChromaticity(own.chromaticity);
    const [a, b] = [await balanced({}), await balanced({ temperature: kelvin, tint })];
    // The white goes through Robertson's table and back: at most a level where a rounding falls on a step.
    expect(most(a.pixels, (value, i) => Math.abs(value - b.pixels[i]!))).toBeLessThanOrEqual(1);
  });

  it('a higher temperature makes the picture warmer, a higher tint more magenta, all the way', async () => {
    const mean = async (whiteBalance: PartialRecipe['whiteBalance']): Promise<Float64Array> =>
      areaMeans(await balanced(whiteBalance, { as: 'linear-rec2020', scale: 0.2 }), 1, 1);
    let warmth = 0;
    for (const temperature of [2000, 2500, 3200, 4000, 5000, 6500, 8000, 12000, 20000]) {
      const [r, , b] = await mean({ temperature });
      expect(r! / b!).toBeGreaterThan(warmth);
      warmth = r! / b!;
    }
    let magenta = 0;
    for (const tint of [-120, -60, -20, 0, 20, 60, 120]) {
      const [r, g, b] = await mean({ temperature: 5000, tint });
      expect((r! + b!) / g!).toBeGreaterThan(magenta);
      magenta = (r! + b!) / g!;
    }
  });

  it('a picked grey becomes neutral, in every orientation', async () => {
    const colour: Vector3 = [0.2, 0.35, 0.15];
    const patch: Scene = (x, y, channel) => {
      const inside = x >= 80 && x < 112 && y >= 8 && y < 40;
      return inside ? colour[channel]! : [0.4, 0.1, 0.2][channel]!;
    };
    // The patch's middle is at (96, 24) of 120 × 90: the upright picture has it elsewhere.
    const [u, v] = [96.5 / 120, 24.5 / 90];
    const places = [
      [u, v],
      [1 - u, v],
      [1 - u, 1 - v],
      [u, 1 - v],
      [v, u],
      [1 - v, u],
      [1 - v, 1 - u],
      [v, 1 - u],
    ] as const;
    for (const [i, place] of places.entries()) {
      const orientation = (i + 1) as RawFrame['orientation'];
      const picture = await developed(engine, bayerFrame(120, 90, patch, { orientation }), {
        recipe: { whiteBalance: { neutral: place } },
      });
      const [r, g, b] = pixelAt(
        picture,
        Math.floor(place[0] * picture.width),
        Math.floor(place[1] * picture.height),
      );
      expect(Math.max(r, g, b) - Math.min(r, g, b)).toBeLessThanOrEqual(1);
    }
  });

  it('a pick of a clipped or black place is said and leaves the white as recorded', async () => {
    const half: Scene = (x, _y, channel) => (x < 60 ? 2 : 0.1 * (channel + 1));
    for (const [light, place] of [
      [half, [0.1, 0.5]],
      [flat(0, 0, 0), [0.5, 0.5]],
    ] as const) {
      const picked = await developed(engine, bayerFrame(120, 90, light), {
        recipe: { whiteBalance: { neutral: place } },
      });
      expect(picked.assumptions).toEqual([
        'the picked neutral is clipped or black: white balance as recorded',
      ]);
      expect(digest(picked)).toBe(digest(await developed(engine, bayerFrame(120, 90, light))));
    }
  });

  it('a pick at the very border works', async () => {
    for (const place of [
      [0, 0],
      [1, 1],
      [0, 1],
      [1, 0],
    ] as const) {
      const { assumptions } = await developed(engine, frame, {
        recipe: { whiteBalance: { neutral: place } },
      });
      expect(assumptions).toEqual([]);
    }
  });
});
