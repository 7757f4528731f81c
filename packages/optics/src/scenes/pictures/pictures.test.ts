import { describe, expect, it } from 'vitest';
import { OpticsError } from '../../OpticsError.js';
import { findPicture, PICTURES } from './pictures.js';

const SIZE = { width: 96, height: 72, rays: 1 } as const;

describe.each(PICTURES)('the scene $name', ({ render, focusDistanceM }) => {
  const scene = render(SIZE);

  it('is light: finite, never negative, lamps far above white, shadows far below', () => {
    let [least, most] = [Infinity, 0];
    for (const value of scene.rgb) {
      expect(Number.isFinite(value) && value >= 0).toBe(true);
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    expect(most).toBeGreaterThan(20);
    expect(least).toBeLessThan(0.02);
  });

  it('has depth: something stands where one focuses, and something far behind', () => {
    const depths = scene.depthM!;
    const near = depths.filter((depth) => Math.abs(depth / focusDistanceM - 1) < 0.15);
    expect(near.length).toBeGreaterThan(0.02 * depths.length);
    expect(depths.filter((depth) => depth > 3 * focusDistanceM).length).toBeGreaterThan(0.05 * depths.length);
    expect(depths.every((depth) => depth > 0.5)).toBe(true);
  });

  it('is the same each time, and the same scene at another size', () => {
    expect(render(SIZE).rgb).toEqual(scene.rgb);
    const large = render({ width: 192, height: 144, rays: 1 });
    // Lamps aside, a mean over quarters of the picture moves little with the sampling.
    const mean = (picture: typeof scene, left: boolean): number => {
      let sum = 0;
      for (let y = 0; y < picture.height; y++)
        for (let x = 0; x < picture.width / 2; x++)
          sum += Math.min(1, picture.rgb[(y * picture.width + x + (left ? 0 : picture.width / 2)) * 3 + 1]!);
      return sum / (picture.width * picture.height);
    };
    for (const left of [true, false])
      expect(Math.abs(mean(large, left) / mean(scene, left) - 1)).toBeLessThan(0.05);
  });
});

it('an unknown scene and an impossible size are refused by name', () => {
  expect(() => findPicture('beach')).toThrow(OpticsError);
  expect(() => findPicture('beach')).toThrow(/portrait, night-street/);
  expect(() => findPicture('portrait').render({ width: 0, height: 9, rays: 1 })).toThrow(/width: 0/);
  expect(() => findPicture('portrait').render({ width: 9, height: 9, rays: 20 })).toThrow(/rays: 20/);
});
