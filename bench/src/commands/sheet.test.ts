import { describe, expect, it } from 'vitest';
import { cropPlaces, formatSheet } from './sheet.js';

/** A picture of 8-bit greys. */
function picture(width: number, height: number, at: (x: number, y: number) => number) {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) data.fill(at(i % width, Math.floor(i / width)), i * 3, i * 3 + 3);
  return { width, height, data };
}

describe('cropPlaces', () => {
  it('finds the most detailed, the darkest textured and the brightest window, each once', () => {
    // Four quarters: checks, a dark weave, white, and even grey.
    const quarters = picture(128, 128, (x, y) => {
      if (x < 64 && y < 64) return (x >> 1) % 2 === (y >> 1) % 2 ? 200 : 60;
      if (x >= 64 && y < 64) return (x >> 1) % 2 === 0 ? 25 : 45;
      return x < 64 ? 250 : 100;
    });
    const places = cropPlaces(quarters, 64);
    expect(places).toEqual([
      { what: 'most detailed', x: 0.25, y: 0.25 },
      { what: 'darkest', x: 0.75, y: 0.25 },
      { what: 'brightest', x: 0.25, y: 0.75 },
    ]);
  });

  it('takes a picture that is smaller than a window as a whole, once', () => {
    expect(
      cropPlaces(
        picture(40, 20, () => 128),
        64,
      ),
    ).toEqual([{ what: 'most detailed', x: 0.5, y: 0.5 }]);
  });
});

it('formatSheet has a line for each raw and a column for each program', () => {
  const text = formatSheet([
    { raw: 'a.dng', program: 'Photosite', result: '4 × 3' },
    { raw: 'a.dng', program: 'camera', result: 'no preview' },
    { raw: 'b.dng', program: 'Photosite', result: '8 × 6' },
  ]);
  expect(text.split('\n').filter((line) => line.includes('.dng'))).toHaveLength(2);
  expect(text).toContain('no preview');
});
