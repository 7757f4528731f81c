import type { HueSatMap } from '@photosite/raw';
import { beforeAll, describe, expect, it } from 'vitest';
import { apply, type Vector3 } from '../../colour/matrix3.js';
import { PROPHOTO, REC2020, rgbToRgb } from '../../colour/spaces.js';
import { PIPELINE } from '../../pipeline.js';
import type { PartialRecipe } from '../../recipe.js';
import type { Stage } from '../../stage.js';
import { largestError } from '../../testing/extremes.js';
import { bayerFrame, flat, SRGB_CAMERA } from '../../testing/frames.js';
import { KernelBench } from '../../testing/KernelBench.js';
import { seededRandom } from '../../testing/random.js';
import { hueSatMap } from '../colour/reference.js';
import { profileLook as stage } from './index.js';

let bench: KernelBench;
beforeAll(async () => {
  bench = await KernelBench.create();
});

/** 12 hues × 3 saturations × 2 values, each entry turning and scaling in its own way; greys keep their value. */
const TABLE: HueSatMap = {
  hueDivisions: 12,
  satDivisions: 3,
  valDivisions: 2,
  encoding: 'linear',
  data: Float32Array.from(
    Array.from({ length: 12 * 3 * 2 }, (_, i) =>
      i % 3 === 0 ? [0, 1, 1] : [(i % 7) * 2 - 6, 0.9 + (i % 5) / 20, 0.95 + (i % 4) / 40],
    ).flat(),
  ),
};

function throughStage(
  pixels: readonly Vector3[],
  lookTable?: HueSatMap,
  recipe: PartialRecipe = {},
): Vector3[] {
  const calibrations = [{ illuminant: 21, colorMatrix: SRGB_CAMERA }];
  const frame = bayerFrame(4, 4, flat(1, 1, 1), {
    color: { calibrations, ...(lookTable !== undefined && { lookTable }) },
  });
  return bench.throughStage(stage as Stage, pixels, bench.context(frame, recipe));
}

const next = seededRandom(2);
const colours = Array.from({ length: 400 }, (): Vector3 => [next() * 1.5, next() * 1.5, next() * 1.5]);

describe('profile look', () => {
  it('is the profile’s look table, in linear ProPhoto RGB', () => {
    const expected = colours.map((colour) =>
      apply(rgbToRgb(PROPHOTO, REC2020), hueSatMap(apply(rgbToRgb(REC2020, PROPHOTO), colour), TABLE)),
    );
    // Hue and saturation are quotients of differences of 32-bit values up to 1.5, and scaled by matrices there and back.
    expect(largestError(throughStage(colours, TABLE), expected, () => 1).error).toBeLessThan(1e-4);
  });

  it('greys stay as they are', () => {
    const greys = [0, 0.01, 0.5, 1, 4].map((v): Vector3 => [v, v, v]);
    expect(largestError(throughStage(greys, TABLE), greys, (i) => greys[i]![0] + 1e-6).error).toBeLessThan(
      1e-5,
    );
  });

  it('has nothing to do without a table, or where the matrix alone is asked for', () => {
    expect(throughStage(colours)).toEqual(colours);
    expect(throughStage(colours, TABLE, { colour: { profile: 'matrix' } })).toEqual(colours);
  });

  it('stands after exposure and before tone, as the DNG specification says', () => {
    const order = PIPELINE.map(({ name }) => name);
    expect(order.indexOf('profile-look')).toBeGreaterThan(order.indexOf('exposure'));
    expect(order.indexOf('profile-look')).toBeLessThan(order.indexOf('tone'));
  });
});
