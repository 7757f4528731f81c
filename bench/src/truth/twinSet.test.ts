import { deadLeaves } from '@photosite/optics';
import { describe, expect, it } from 'vitest';
import { BLACK_LEVEL, WHITE_LEVEL } from './mosaic.js';
import { NOISE_LEVELS } from './noise.js';
import { photograph, type TwinFrame } from './twin.js';
import { balancedMosaic, balancedTruth, balanceGains, plainCamera, settingsFor } from './twinSet.js';

const SIZE = { width: 96, height: 64 };
const RANGE = WHITE_LEVEL - BLACK_LEVEL;
const { scene } = deadLeaves({ width: 192, height: 128, colors: 'natural' });
const gains = balanceGains();

async function frameAt(level: keyof typeof NOISE_LEVELS): Promise<TwinFrame> {
  const camera = plainCamera(NOISE_LEVELS[level], SIZE);
  const [frame] = await photograph(scene, camera, settingsFor(camera, 1, 1));
  return frame!;
}

/** The truth's own colour at every photosite of an RGGB mosaic. */
function ownColours(frame: TwinFrame): number[] {
  const { data } = balancedTruth(frame, gains);
  return Array.from({ length: SIZE.width * SIZE.height }, (_, i) => {
    const [x, y] = [i % SIZE.width, Math.floor(i / SIZE.width)];
    return data[i * 3 + (x % 2) + (y % 2)]!;
  });
}

describe('truth from the twin', () => {
  it("is what the clean mosaic's photosites of that colour have, within quantisation", async () => {
    const frame = await frameAt('clean');
    const mosaic = balancedMosaic(frame, gains, false);
    const worst = ownColours(frame).reduce(
      (most, value, i) => Math.max(most, Math.abs(mosaic[i]! - (BLACK_LEVEL + value * RANGE))),
      0,
    );
    // Half a level of rounding, and what single precision leaves of 16 383 levels.
    expect(worst).toBeLessThan(0.51);
    expect(new Set(mosaic).size).toBeGreaterThan(100);
  });

  it('stays the same at every noise level', async () => {
    const [clean, noisy] = [await frameAt('clean'), await frameAt('N2')];
    const [a, b] = [clean, noisy].map((frame) => balancedTruth(frame, gains).data);
    // The exposure follows the full well: equal but for rounding in single precision.
    expect(Math.max(...a!.map((value, i) => Math.abs(value - b![i]!)))).toBeLessThan(1e-6);
  });

  it('makes a neutral equal in red, green and blue', async () => {
    const camera = plainCamera(NOISE_LEVELS.clean, SIZE);
    const white = { ...scene, materials: scene.materials.map((material) => material.map(() => 0.5)) };
    const [frame] = await photograph(white, camera, settingsFor(camera, 1, 1));
    const { data } = balancedTruth(frame!, gains);
    // Half of the 0.9 that white is brought to; illuminant and sensitivities are sums over the same wavelengths.
    for (const value of data) expect(Math.abs(value - 0.45)).toBeLessThan(1e-5);
  });

  it("has the protocol's noise about it, in red and blue that of their gains", async () => {
    const level = NOISE_LEVELS.N2;
    const frame = await frameAt('N2');
    const mosaic = balancedMosaic(frame, gains, true);
    const truth = ownColours(frame);
    for (const channel of [0, 1, 2]) {
      let [sum, expected, count] = [0, 0, 0];
      for (const [i, value] of truth.entries()) {
        const own = ((i % SIZE.width) % 2) + (Math.floor(i / SIZE.width) % 2);
        if (own !== channel || value > 0.8) continue;
        const gain = gains[channel]!;
        sum += ((mosaic[i]! - BLACK_LEVEL) / RANGE - value) ** 2;
        expected += level.scale * gain * value + level.offset * gain ** 2;
        count++;
      }
      // Five standard errors of a variance; its levels differ, which widens them by less than a half.
      expect(Math.abs(sum / expected - 1)).toBeLessThan(1.5 * 5 * Math.sqrt(2 / count));
    }
  });
});
