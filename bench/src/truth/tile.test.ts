import { describe, expect, it } from 'vitest';
import { layOut } from './tile.js';

describe('layOut', () => {
  const sizes = [
    { width: 768, height: 512 },
    { width: 512, height: 768 },
    { width: 768, height: 512 },
    { width: 768, height: 512 },
  ];

  it('keeps every picture inside the sheet, on even places, none over another', () => {
    const sheet = layOut(sizes, 1536);
    sheet.places.forEach((a, i) => {
      expect(a).toMatchObject(sizes[i]!);
      expect([a.left % 2, a.top % 2]).toEqual([0, 0]);
      expect(a.left + a.width).toBeLessThanOrEqual(sheet.width);
      expect(a.top + a.height).toBeLessThanOrEqual(sheet.height);
      for (const b of sheet.places.slice(i + 1)) {
        const overlap =
          a.left < b.left + b.width &&
          b.left < a.left + a.width &&
          a.top < b.top + b.height &&
          b.top < a.top + a.height;
        expect(overlap).toBe(false);
      }
    });
  });

  it('wastes nothing where the pictures are of one size', () => {
    const nine = Array.from({ length: 9 }, () => ({ width: 500, height: 500 }));
    expect(layOut(nine, 1500)).toMatchObject({ width: 1500, height: 1500 });
  });

  it('refuses odd sizes, which would change the phase of the mosaic', () => {
    expect(() => layOut([{ width: 5, height: 4 }], 100)).toThrow(RangeError);
  });
});
