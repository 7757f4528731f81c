import { crop, type RgbImage } from '@photosite/measure';
import { describe, expect, it } from 'vitest';
import { centreIn, mirror } from './image.js';

/** Every value is its own index, so that any displacement shows. */
const numbered = (width: number, height: number): RgbImage => ({
  width,
  height,
  data: Float32Array.from({ length: width * height * 3 }, (_, i) => i),
});

describe('centreIn', () => {
  it('surrounds with black, so that cropping gives the image back', () => {
    const image = numbered(3, 2);
    const framed = centreIn(image, 7, 8);
    expect(crop(framed, { left: 2, top: 3, width: 3, height: 2 })).toEqual(image);
    expect(framed.data.reduce((a, b) => a + b)).toBe(image.data.reduce((a, b) => a + b));
  });

  it('refuses a frame that is too small or cannot be centred', () => {
    expect(() => centreIn(numbered(3, 2), 2, 2)).toThrow(RangeError);
    expect(() => centreIn(numbered(3, 2), 4, 2)).toThrow(RangeError);
  });
});

describe('mirror', () => {
  it('exchanges left and right, not the channels', () => {
    expect([...mirror(numbered(2, 2)).data]).toEqual([3, 4, 5, 0, 1, 2, 9, 10, 11, 6, 7, 8]);
  });
});
