import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { encoders } from './encoders/node.js';
import { jpegBands } from './jpegBands.js';
import { shared, testPicture } from './testPictures.js';

async function inOneGo(
  pixels: Uint8Array,
  width: number,
  height: number,
  chromaSubsampling: string,
): Promise<Buffer> {
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 92, chromaSubsampling, optimiseCoding: false })
    .toBuffer();
}

describe('a JPEG of bands', () => {
  // Ten bands, so that the restart markers begin again, the last of them one row high.
  it.each(['4:4:4', '4:2:0'] as const)(
    'holds the pixels of one encoded in one go (%s)',
    async (subsampling) => {
      const { pixels, width, height } = shared(testPicture(8, 37, 9 * 1024 + 1));
      const settings = { quality: 92, subsampling, progressive: false, optimize: false };
      const file = await encoders.encodeJpeg(pixels as Uint8Array, width, height, settings);
      const whole = await inOneGo(pixels as Uint8Array, width, height, subsampling);
      const decoded = await sharp(file, { failOn: 'warning' }).raw().toBuffer({ resolveWithObject: true });
      expect([decoded.info.width, decoded.info.height]).toEqual([width, height]);
      expect(decoded.data.equals(await sharp(whole).raw().toBuffer())).toBe(true);
      expect(file.length / whole.length).toBeLessThan(1.01);
    },
  );

  it('is one band where a picture is small, and the file as it comes from the encoder', async () => {
    const { pixels, width, height } = testPicture(8, 64, 500);
    const settings = { quality: 92, subsampling: '4:2:0', progressive: false, optimize: false } as const;
    const file = await encoders.encodeJpeg(pixels as Uint8Array, width, height, settings);
    expect(Buffer.from(file).equals(await inOneGo(pixels as Uint8Array, width, height, '4:2:0'))).toBe(true);
  });

  it('never has a restart interval of more than 16 bits', () => {
    for (const subsampling of ['4:4:4', '4:2:0'] as const)
      for (const width of [1, 4096, 65500]) {
        const { rows, count, interval } = jpegBands(width, 65500, subsampling);
        expect(interval).toBeLessThan(65536);
        expect(rows % (subsampling === '4:4:4' ? 8 : 16)).toBe(0);
        expect(rows * count).toBeGreaterThanOrEqual(65500);
        expect(rows * (count - 1)).toBeLessThan(65500);
      }
  });
});
