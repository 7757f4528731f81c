import { SRGB_TO_XYZ_D50 } from '@photosite/measure';
import { describe, expect, it } from 'vitest';
import { type DecodedJpeg, JPEG_PHASES, jpegMosaic } from './jpegFrame.js';

/** A picture whose bytes tell where they were. */
function pictureOf(width: number, height: number): DecodedJpeg {
  const linear = (channel: number) => Uint16Array.from({ length: 256 }, (_, code) => code * 200 + channel);
  return {
    metadata: { width, height } as DecodedJpeg['metadata'],
    data: Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 37) % 256),
    width,
    height,
    tables: [linear(0), linear(1), linear(2)],
    toXyzD50: SRGB_TO_XYZ_D50,
    noise: [0, 1, 2].map(() => ({ scale: 1e-4, offset: 1e-6 })),
  };
}

describe('the mosaics of a JPEG', () => {
  it.each([
    [8, 6],
    [9, 7],
    [2, 2],
  ])(
    'see of %i × %i pixels what a Bayer array would, the second one pixel further to the left, its last column repeated',
    (width, height) => {
      const picture = pictureOf(width, height);
      const [columns, rows] = [width - (width % 2), height - (height % 2)];
      for (let phase = 0; phase < JPEG_PHASES; phase++) {
        const frame = jpegMosaic(picture, phase, (length) => new Uint16Array(length));
        expect([frame.width, frame.height]).toEqual([columns, rows]);
        const expected = Array.from({ length: columns * rows }, (_, i) => {
          const [x, y] = [i % columns, Math.floor(i / columns)];
          const channel = (x % 2) + (y % 2);
          const column = Math.min(x + phase, columns - 1);
          return picture.tables[channel]![picture.data[(y * width + column) * 3 + channel]!]!;
        });
        expect([...frame.samples]).toEqual(expected);
      }
    },
  );
});
