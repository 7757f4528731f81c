import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { inflateSync } from 'node:zlib';
import { init } from '@jsquash/jpeg/encode.js';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { psnr, shared, testPicture } from '../testPictures.js';
import { encoders } from './browser.js';

/*
 * The browser's encoders run in Node as well, once MozJPEG's module has been compiled by hand: in a page it fetches
 * itself.
 */
beforeAll(async () => {
  const path = createRequire(import.meta.url).resolve('@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm');
  const options: unknown = await WebAssembly.compile(readFileSync(path));
  await init(options as Parameters<typeof init>[0]);
});

const JPEG = { quality: 95, subsampling: '4:4:4', progressive: false, optimize: false } as const;

describe('encoders of browsers', () => {
  it.each([
    ['4:4:4', false],
    ['4:2:0', false],
    ['4:2:0', true],
  ] as const)('JPEG decodes to the picture (%s, progressive: %s)', async (subsampling, progressive) => {
    const { pixels, width, height } = shared(testPicture(8));
    const settings = { ...JPEG, subsampling, progressive };
    const file = await encoders.encodeJpeg(pixels as Uint8Array, width, height, settings);
    const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([width, height]);
    // As in Node: quality 95 on a smooth picture, where the hard edge in red costs most with subsampled chroma.
    expect(psnr(data, pixels)).toBeGreaterThan(subsampling === '4:4:4' ? 42 : 36);
    expect(await sharp(file).metadata()).toMatchObject({
      chromaSubsampling: subsampling,
      isProgressive: progressive,
    });
  });

  it.each([8, 16] as const)('PNG holds %i bits exactly', async (bits) => {
    // More than one piece of rows, and a last one that is shorter.
    const { pixels, width, height } = shared(testPicture(bits, 613, 317));
    const file = await encoders.encodePng(pixels as Uint8Array | Uint16Array, width, height);
    const image = bits === 16 ? sharp(file).toColourspace('rgb16') : sharp(file);
    const { data, info } = await image
      .raw({ depth: bits === 16 ? 'ushort' : 'uchar' })
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([width, height, 3]);
    expect(data.equals(Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength))).toBe(true);
  });

  it('deflate is undone by inflate', async () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => (i * i) >> 5);
    expect(new Uint8Array(inflateSync(await encoders.deflate(bytes)))).toEqual(bytes);
  });
});
