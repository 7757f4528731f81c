import { describe, expect, it } from 'vitest';
import { CameraModel } from '../../colour/camera.js';
import type { Vector3 } from '../../colour/matrix3.js';
import { chromaticityOfTemperature } from '../../colour/temperature.js';
import { bayerFrame, flat } from '../../testing/frames.js';
import { overviewOf } from '../../testing/overviews.js';
import { seededRandom } from '../../testing/random.js';
import { estimateNeutral } from './estimate.js';

const camera = new CameraModel(bayerFrame(4, 4, flat(1, 1, 1)));

/** Angle between two camera RGBs in degrees. */
function angle(a: Vector3, b: Vector3): number {
  const product = a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  return (Math.acos(Math.min(product / (Math.hypot(...a) * Math.hypot(...b)), 1)) * 180) / Math.PI;
}

function lightOf(kelvin: number, tint = 0): Vector3 {
  return camera.neutralOf(chromaticityOfTemperature({ kelvin, tint }));
}

/** Patches of many colours, pale ones more often than vivid ones, under a light; `of` turns each colour. */
function patches(light: Vector3, seed = 3, of: (colour: Vector3) => Vector3 = (c) => c): Float32Array {
  const random = seededRandom(seed);
  const colours = Array.from({ length: 48 }, (): Vector3 => {
    const [shade, vivid] = [0.1 + 0.6 * random(), 0.7 * random() ** 2];
    return of([0, 1, 2].map(() => shade * (1 - vivid + 2 * vivid * random())) as unknown as Vector3);
  });
  return overviewOf(96, 64, (x, y) => {
    const colour = colours[Math.floor(x * 8) * 6 + Math.floor(y * 6)]!;
    return [colour[0] * light[0], colour[1] * light[1], colour[2] * light[2]];
  }).pixels;
}

const seen = (pixels: Float32Array) => ({ width: 96, height: 64, pixels });

describe('the white found from a picture', () => {
  it.each([2500, 3200, 4200, 5500, 7500])(
    'is near the light of %d K, nearer than a grey world on average',
    (kelvin) => {
      let [found, grey] = [0, 0];
      for (let seed = 1; seed <= 6; seed++) {
        const light = lightOf(kelvin);
        const pixels = patches(light, seed);
        found += angle(estimateNeutral(seen(pixels), camera, undefined)!, light) / 6;
        const sum = [0, 0, 0];
        pixels.forEach((value, i) => {
          sum[i % 3]! += value;
        });
        grey += angle([sum[0]!, sum[1]!, sum[2]!], light) / 6;
      }
      // These patches are a grey world in the mean, which no real scene is; the estimate knows better lights than colours.
      expect(found).toBeLessThan(Math.max(4, grey));
    },
  );

  it('a meadow does not turn as grey as a grey world would have it', () => {
    const light = lightOf(5500);
    const green = patches(light, 5, ([r, g, b]) => [0.5 * r, 0.8 * g, 0.3 * b]);
    const grey = angle([0.5 * light[0], 0.8 * light[1], 0.3 * light[2]], light);
    expect(grey).toBeGreaterThan(18);
    expect(angle(estimateNeutral(seen(green), camera, undefined)!, light)).toBeLessThan(0.95 * grey);
  });

  it('a large wall counts no more than a small one', () => {
    const light = lightOf(4000);
    const pixels = patches(light, 8);
    const wall = pixels.slice();
    for (let i = 0; i < wall.length / 2; i++)
      wall[i] = [0.5 * light[0], 0.3 * light[1], 0.1 * light[2]][i % 3]!;
    const [plain, walled] = [pixels, wall].map((p) => estimateNeutral(seen(p), camera, undefined)!);
    expect(angle(plain!, walled!)).toBeLessThan(6);
  });

  it('the camera’s own white draws it, and is not followed when the picture says otherwise', () => {
    const light = lightOf(3200);
    const pixels = seen(patches(light, 2));
    const alone = estimateNeutral(pixels, camera, undefined)!;
    const near = lightOf(3600, 10);
    expect(angle(estimateNeutral(pixels, camera, near)!, near)).toBeLessThan(angle(alone, near));
    const far = lightOf(15000);
    expect(angle(estimateNeutral(pixels, camera, far)!, light)).toBeLessThan(angle(far, light) / 3);
  });

  it('nothing is found in a black or a burnt picture', () => {
    for (const value of [0, 1])
      expect(
        estimateNeutral(seen(new Float32Array(96 * 64 * 3).fill(value)), camera, undefined),
      ).toBeUndefined();
  });
});
