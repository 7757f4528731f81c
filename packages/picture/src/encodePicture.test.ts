import { existsSync, readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { readTiff, Tag, type TiffIfd } from '@photosite/tiff';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { joinChunks } from './bytes.js';
import { encodePicture } from './encodePicture.js';
import { iccProfile } from './icc.js';
import type { OutputOptions } from './outputOptions.js';
import type { Picture } from './Picture.js';
import { PictureError } from './PictureError.js';
import { SOFTWARE } from './software.js';
import { psnr, shared, testPicture } from './testPictures.js';

async function fileOf(picture: Picture, options: OutputOptions): Promise<Buffer> {
  const encoded = await encodePicture(picture, options);
  const bytes = joinChunks(encoded.chunks);
  expect(bytes.length).toBe(encoded.byteLength);
  expect(encoded.warnings).toEqual([]);
  return Buffer.from(bytes.buffer);
}

async function errorOf(picture: unknown, options: OutputOptions): Promise<PictureError> {
  try {
    await encodePicture(picture as Picture, options);
  } catch (error) {
    if (error instanceof PictureError) return error;
    throw error;
  }
  throw new Error('no error');
}

/** The strips of a TIFF, one after the other. */
function stripsOf(file: Uint8Array, ifd: TiffIfd): Uint8Array {
  const counts = ifd.numbers(Tag.StripByteCounts) ?? [];
  return joinChunks(
    (ifd.numbers(Tag.StripOffsets) ?? []).map((offset, i) => file.subarray(offset, offset + counts[i])),
  );
}

/** CRC-32 bit by bit, as W3C PNG, annex D defines it. */
function crc32(data: Uint8Array): number {
  let crc = -1;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

const bytesOf = (pixels: Picture['pixels']) =>
  Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength);

const METADATA = {
  xmp: new TextEncoder().encode(
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""' +
      ' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="5"/></rdf:RDF>',
  ),
  recipe: '{"exposure":0.5}',
};

describe('JPEG', () => {
  it.each([
    ['4:4:4', false],
    ['4:2:0', false],
    ['4:2:0', true],
  ] as const)('decodes to the picture (%s, progressive: %s)', async (subsampling, progressive) => {
    const picture = testPicture(8);
    const file = await fileOf(picture, { format: 'jpeg', quality: 95, subsampling, progressive });
    const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([96, 64, 3]);
    // Quality 95 on a smooth picture; the one hard edge in red costs most where chroma is subsampled.
    expect(psnr(data, picture.pixels)).toBeGreaterThan(subsampling === '4:4:4' ? 42 : 36);
    expect(await sharp(file).metadata()).toMatchObject({
      chromaSubsampling: subsampling,
      isProgressive: progressive,
    });
  });

  it('is smaller at lower quality and with optimized codes', async () => {
    const picture = testPicture(8);
    const plain = await fileOf(picture, { format: 'jpeg', quality: 92 });
    expect((await fileOf(picture, { format: 'jpeg', quality: 60 })).length).toBeLessThan(plain.length);
    expect((await fileOf(picture, { format: 'jpeg', quality: 92, optimize: true })).length).toBeLessThan(
      plain.length,
    );
  });

  it('starts with Exif, then XMP, then ICC, and has no JFIF beside them', async () => {
    const file = await fileOf({ ...testPicture(8), ...METADATA }, { format: 'jpeg' });
    const segments: string[] = [];
    let offset = 2;
    while (file[offset + 1] !== 0xda) {
      segments.push(
        file.toString('latin1', offset + 1, offset + 2) + file.toString('latin1', offset + 4, offset + 8),
      );
      offset += 2 + file.readUInt16BE(offset + 2);
    }
    expect(segments.slice(0, 3)).toEqual(['\xe1Exif', '\xe1http', '\xe2ICC_']);
    expect(segments.slice(3).some((segment) => segment[0] >= '\xe0' && segment[0] <= '\xef')).toBe(false);
  });

  it('leaves metadata out that has no room, says so, and is still a JPEG', async () => {
    const recipe = JSON.stringify('x'.repeat(70000));
    const { chunks, warnings } = await encodePicture({ ...testPicture(8), recipe }, { format: 'jpeg' });
    expect(warnings).toEqual([expect.stringMatching(/^The recipe was left out/)]);
    expect(await sharp(joinChunks(chunks)).metadata()).toMatchObject({ width: 96, height: 64 });
  });
});

describe('PNG', () => {
  it('holds 8 bits exactly', async () => {
    const picture = testPicture(8);
    const file = await fileOf(picture, { format: 'png' });
    expect(await sharp(file).raw().toBuffer()).toEqual(bytesOf(picture.pixels));
  });

  it('holds 16 bits exactly', async () => {
    const picture = testPicture(16);
    const file = await fileOf(picture, { format: 'png', bitDepth: 16 });
    const { data, info } = await sharp(file, { ignoreIcc: true })
      .toColourspace('rgb16')
      .raw({ depth: 'ushort' })
      .toBuffer({ resolveWithObject: true });
    expect(info.channels).toBe(3);
    expect(data).toEqual(bytesOf(picture.pixels));
  });

  it('has its chunks in order, each with its CRC', async () => {
    const file = await fileOf({ ...testPicture(8), ...METADATA }, { format: 'png', resolution: 254 });
    const types: string[] = [];
    for (let offset = 8; offset < file.length; ) {
      const length = file.readUInt32BE(offset);
      const body = file.subarray(offset + 4, offset + 8 + length);
      expect(file.readUInt32BE(offset + 8 + length)).toBe(crc32(body));
      const type = body.toString('latin1', 0, 4);
      types.push(type);
      if (type === 'iCCP') {
        const stream = body.subarray(4 + 'ICC profile\0\0'.length);
        expect(new Uint8Array(inflateSync(stream))).toEqual(iccProfile('srgb'));
      }
      if (type === 'pHYs')
        expect([body.readUInt32BE(4), body.readUInt32BE(8), body[12]]).toEqual([10000, 10000, 1]);
      offset += 12 + length;
    }
    expect(types.filter((type) => type !== 'IDAT')).toEqual(['IHDR', 'iCCP', 'pHYs', 'eXIf', 'iTXt', 'IEND']);
    expect(types.at(-2)).toBe('IDAT');
  });
});

describe('TIFF', () => {
  it.each([8, 16, 32] as const)('holds %i bits exactly, uncompressed', async (bitDepth) => {
    const picture = testPicture(bitDepth);
    const file = await fileOf(picture, { format: 'tiff', bitDepth });
    const [ifd] = readTiff(file).ifds;
    expect(ifd.numbers(Tag.BitsPerSample)).toEqual([bitDepth, bitDepth, bitDepth]);
    expect(ifd.number(Tag.SampleFormat)).toBe(bitDepth === 32 ? 3 : 1);
    expect(Buffer.from(stripsOf(file, ifd))).toEqual(bytesOf(picture.pixels));
  });

  it('takes no copy of the pixels, uncompressed', async () => {
    const picture = testPicture(32);
    const { chunks } = await encodePicture(picture, { format: 'tiff', bitDepth: 32 });
    expect(chunks.some((chunk) => chunk.buffer === picture.pixels.buffer)).toBe(true);
  });

  // A second strip of fewer rows, and a width that no power of two divides.
  it.each([
    [8, 'uchar'],
    [16, 'ushort'],
    [32, 'float'],
  ] as const)('holds %i bits exactly, deflated, as libtiff reads it', async (bitDepth, depth) => {
    const picture = testPicture(bitDepth, 613, 617);
    const file = await fileOf(picture, { format: 'tiff', bitDepth, compression: 'deflate' });
    const [ifd] = readTiff(file).ifds;
    expect(ifd.numbers(Tag.StripOffsets)?.length).toBeGreaterThan(1);
    const image = sharp(file, { ignoreIcc: true });
    const typed =
      bitDepth === 16 ? image.toColourspace('rgb16') : bitDepth === 32 ? image.toColourspace('scrgb') : image;
    expect(file.length).toBeLessThan(picture.pixels.byteLength);
    expect((await typed.raw({ depth }).toBuffer()).equals(bytesOf(picture.pixels))).toBe(true);
  });
});

describe('every format', () => {
  const FILES: readonly [OutputOptions, 8 | 16 | 32][] = [
    [{ format: 'jpeg' }, 8],
    [{ format: 'png' }, 8],
    [{ format: 'png', bitDepth: 16 }, 16],
    [{ format: 'tiff', bitDepth: 8 }, 8],
    [{ format: 'tiff', bitDepth: 16, compression: 'deflate' }, 16],
    [{ format: 'tiff', bitDepth: 32 }, 32],
    [{ format: 'tiff', bitDepth: 32, compression: 'deflate' }, 32],
  ];

  it.each(FILES)('%o carries profile, resolution, orientation, XMP and recipe', async (options, type) => {
    const file = await fileOf({ ...testPicture(type), ...METADATA }, { ...options, resolution: 254 });
    const metadata = await sharp(file).metadata();
    expect(metadata).toMatchObject({ density: 254, orientation: 1 });
    expect(new Uint8Array(metadata.icc ?? [])).toEqual(iccProfile(type === 32 ? 'linear-rec2020' : 'srgb'));
    const xmp = metadata.xmpAsString ?? '';
    expect(xmp).toContain('xmp:Rating="5"');
    expect(xmp).toContain('&#34;exposure&#34;:0.5');
  });

  it.each(FILES)('%o is the same from shared memory', async (options, type) => {
    const picture = testPicture(type);
    expect((await fileOf(shared(picture), options)).equals(await fileOf(picture, options))).toBe(true);
  });

  it.each(FILES)('%o holds a picture of one pixel', async (options, type) => {
    const file = await fileOf(testPicture(type, 1, 1), options);
    expect(await sharp(file).metadata()).toMatchObject({ width: 1, height: 1 });
  });

  it('names the version of the package', () => {
    const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
    const { version }: { version: string } = JSON.parse(text);
    expect(SOFTWARE).toBe(`Photosite ${version.split('.').slice(0, 2).join('.')}`);
  });
});

describe('bad input', () => {
  const picture = testPicture(8);
  it.each([
    ['no pixels', { ...picture, width: 0 }, 'picture.width'],
    ['a fraction of a pixel', { ...picture, height: 1.5 }, 'picture.height'],
    ['a side beyond the format', { ...picture, width: 70000 }, 'picture.width'],
    ['too few samples', { ...picture, pixels: picture.pixels.subarray(3) }, 'picture.pixels'],
    ['too many samples', { ...picture, height: 63 }, 'picture.pixels'],
    ['samples of another type', testPicture(16), 'picture.pixels'],
    ['no samples at all', { ...picture, pixels: undefined }, 'picture.pixels'],
    ['an unknown colour space', { ...picture, colorSpace: 'cmyk' }, 'picture.colorSpace'],
    ['a recipe that no XML can hold', { ...picture, recipe: '\u0000' }, 'picture.recipe'],
  ])('%s is refused by name', async (_, bad, field) => {
    expect((await errorOf(bad, { format: 'jpeg' })).field).toBe(field);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    '%d among floats is refused',
    async (bad) => {
      const floats = testPicture(32);
      floats.pixels[1234] = bad;
      const error = await errorOf(floats, { format: 'tiff', bitDepth: 32 });
      expect(error.message).toBe(`picture.pixels: sample 1234 is ${bad}; all must be finite numbers`);
    },
  );

  it('says which type to render where the samples are of another', async () => {
    const error = await errorOf(testPicture(16), { format: 'tiff', bitDepth: 32 });
    expect(error.allowed).toBe('float32');
    expect(error.message).toContain('render the picture as float32');
  });
});

const jpeg = `${process.env.PHOTOSITE_DATA}/raw/GOPR8508.JPG`;
describe.skipIf(!existsSync(jpeg))("a camera's Exif (needs PHOTOSITE_DATA)", () => {
  it('arrives in every format with exposure, lens and time', async () => {
    const { exif } = await sharp(jpeg).metadata();
    const stream = exif?.subarray('Exif\0\0'.length) ?? new Uint8Array(0);
    const original = readTiff(stream).ifds[0].child(Tag.ExifIFD);
    const { chunks } = await encodePicture(
      { ...testPicture(8), exif: stream },
      { format: 'tiff', bitDepth: 8 },
    );
    const written = readTiff(joinChunks(chunks)).ifds[0];
    expect(written.text(Tag.Model)).toBe('HERO7 Black');
    for (const tag of [Tag.ExposureTime, Tag.FNumber, Tag.ISOSpeedRatings, Tag.FocalLength]) {
      expect(written.child(Tag.ExifIFD)?.numbers(tag)).toEqual(original?.numbers(tag));
    }
    expect(written.child(Tag.ExifIFD)?.text(Tag.DateTimeOriginal)).toBe(original?.text(Tag.DateTimeOriginal));
  });
});
