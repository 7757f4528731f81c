import type { CameraProfile } from '@photosite/raw';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { multiply } from './colour/matrix3.js';
import { Engine } from './Engine.js';
import { RecipeError } from './recipe.js';
import { parseCube } from './stages/look/cube.js';
import { bayerFrame, busyScene, flat, SRGB_CAMERA } from './testing/frames.js';
import { developed, digest, pixelAt } from './testing/render.js';

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.create({ threads: 2 });
});
afterAll(() => engine.close());

const GREY = bayerFrame(16, 16, flat(0.1, 0.2, 0.14), { uniqueCameraModel: 'Maker Model' });
/** The frame's own profile, for a camera whose red and blue have changed places. */
const SWAPPED: CameraProfile = {
  cameraModel: 'Maker  MODEL',
  color: {
    calibrations: [{ illuminant: 21, colorMatrix: multiply([0, 0, 1, 0, 1, 0, 1, 0, 0], SRGB_CAMERA) }],
  },
};

describe('assets: a recipe names tables, which come along with the request', () => {
  it.each([
    ['look.lut', { look: { lut: 'film.cube' } }, 'colour table "film.cube"'],
    ['colour.dcp', { colour: { dcp: 'camera.dcp' } }, 'camera profile "camera.dcp"'],
    ['look.lut', { look: { lut: 'constructor' } }, 'colour table "constructor"'],
  ])('a missing one is named: %s %o', async (path, recipe, what) => {
    const attempt = developed(engine, GREY, { recipe });
    await expect(attempt).rejects.toThrow(RecipeError);
    await expect(attempt).rejects.toMatchObject({ path, message: expect.stringContaining(what) });
  });

  it('a colour table that swaps red and blue does so in the picture', async () => {
    const lut = parseCube(
      `LUT_3D_SIZE 2\n${[0, 1].flatMap((b) => [0, 1].flatMap((g) => [0, 1].map((r) => `${b} ${g} ${r}`))).join('\n')}`,
    );
    const frame = bayerFrame(16, 16, flat(0.2, 0.15, 0.05));
    const look = { name: 'faithful' } as const;
    const plain = await developed(engine, frame, { recipe: { look } });
    const swapped = await developed(engine, frame, {
      recipe: { look: { ...look, lut: 'swap' } },
      assets: { luts: { swap: lut } },
    });
    const [r, g, b] = pixelAt(plain, 8, 8);
    const [r2, g2, b2] = pixelAt(swapped, 8, 8);
    // A level of rounding each, where the transfer function's table is steep.
    expect(Math.abs(r2 - b) + Math.abs(g2 - g) + Math.abs(b2 - r)).toBeLessThanOrEqual(3);
    expect(Math.abs(r - b)).toBeGreaterThan(20);
  });

  it('a camera profile takes the place of the file’s own, white balance included', async () => {
    const frame = bayerFrame(16, 16, flat(0.2, 0.15, 0.05), { uniqueCameraModel: 'Maker Model' });
    const recipe = { colour: { dcp: 'p' }, look: { name: 'faithful' } } as const;
    const own = await developed(engine, frame, { recipe: { look: { name: 'faithful' } } });
    const profiled = await developed(engine, frame, {
      recipe,
      assets: { cameraProfiles: { p: SWAPPED } },
    });
    expect(profiled.assumptions).toEqual([]);
    expect(pixelAt(profiled, 8, 8)).not.toEqual(pixelAt(own, 8, 8));
    // What is neutral is neutral under any profile.
    const grey = await developed(engine, GREY, { recipe, assets: { cameraProfiles: { p: SWAPPED } } });
    const [r, g, b] = pixelAt(grey, 8, 8);
    expect(Math.max(r, g, b) - Math.min(r, g, b)).toBeLessThanOrEqual(1);
  });

  it('a profile equal to the file’s own changes no byte; one of another camera is said', async () => {
    const frame = bayerFrame(64, 48, busyScene(), { uniqueCameraModel: 'Maker Model' });
    const own = await developed(engine, frame);
    const profiled = await developed(engine, frame, {
      recipe: { colour: { dcp: 'p' } },
      assets: { cameraProfiles: { p: { cameraModel: 'Other', color: frame.color } } },
    });
    expect(digest(profiled)).toBe(digest(own));
    expect(profiled.assumptions).toEqual([
      'the camera profile is for Other, not for Maker Model: it is used all the same',
    ]);
  });
});
