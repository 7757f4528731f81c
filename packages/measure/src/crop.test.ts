import { describe, expect, it } from 'vitest';
import { crop } from './crop.js';
import { MeasureError } from './MeasureError.js';
import type { RgbImage } from './RgbImage.js';

/** Every value is its own index, so that any displacement shows. */
const numbered = (width: number, height: number): RgbImage => ({
  width,
  height,
  data: Float32Array.from({ length: width * height * 3 }, (_, i) => i),
});

describe('crop', () => {
  it('takes the rows and columns asked for', () => {
    const part = crop(numbered(4, 3), { left: 1, top: 1, width: 2, height: 2 });
    expect([...part.data]).toEqual([15, 16, 17, 18, 19, 20, 27, 28, 29, 30, 31, 32]);
  });

  it('refuses what lies outside', () => {
    expect(() => crop(numbered(4, 3), { left: 3, top: 0, width: 2, height: 1 })).toThrow(MeasureError);
  });
});
