import {
  concatChunks,
  rationalField,
  readTiff,
  Tag,
  type TiffField,
  textField,
  writeTiff,
} from '@photosite/tiff';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeExif, type PictureFacts, writeExif } from './exif.js';

const FACTS: PictureFacts = { width: 40, height: 30, colorSpace: 'srgb', resolution: 300, format: 'jpeg' };
const ROOM = 65527;

const bytesField = (tag: number, values: ArrayLike<number>): TiffField => ({
  tag,
  type: 'undefined',
  values,
});
const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** A raw file's metadata: raw tags, a thumbnail, Exif, GPS and maker notes. */
function carriedExif(
  extra: { ifd0?: TiffField[]; exif?: TiffField[]; littleEndian?: boolean } = {},
): Uint8Array {
  const thumbnail = {
    fields: [{ tag: Tag.Compression, type: 'short', values: [6] }] as TiffField[],
    data: {
      offsetsTag: Tag.JPEGInterchangeFormat,
      byteCountsTag: Tag.JPEGInterchangeFormatLength,
      blocks: [new Uint8Array(500)],
    },
  };
  const stream = writeTiff(
    [
      {
        fields: [
          textField(Tag.Make, 'Maker'),
          { tag: Tag.Orientation, type: 'short', values: [6] },
          { tag: Tag.ImageWidth, type: 'long', values: [4000] },
          { tag: Tag.ColorMatrix1, type: 'srational', values: [1, 1, 0, 1, -1, 3] },
          rationalField(Tag.FNumber, [2.8]),
          ...(extra.ifd0 ?? []),
        ],
        children: [
          {
            tag: Tag.ExifIFD,
            directories: [
              {
                fields: [
                  rationalField(Tag.ExposureTime, [1 / 60]),
                  { tag: Tag.PixelXDimension, type: 'long', values: [4000] },
                  { tag: Tag.ColorSpace, type: 'short', values: [2] },
                  { tag: Tag.SubjectArea, type: 'short', values: [100, 200] },
                  ...(extra.exif ?? []),
                ],
              },
            ],
          },
          {
            tag: Tag.GPSIFD,
            directories: [{ fields: [{ tag: 2, type: 'rational', values: [47, 1, 22, 1, 3050, 100] }] }],
          },
        ],
      },
      thumbnail,
    ],
    { littleEndian: extra.littleEndian ?? true },
  );
  return concatChunks(stream);
}

function carry(carried: Uint8Array | undefined, facts = FACTS, room = ROOM) {
  const directories = makeExif(carried, facts);
  const { bytes, warnings } = writeExif(directories, room);
  const file = readTiff(bytes);
  const [ifd0] = file.ifds;
  return {
    bytes,
    file,
    ifd0,
    exif: ifd0.child(Tag.ExifIFD)!,
    gps: ifd0.child(Tag.GPSIFD),
    warnings: [...directories.warnings, ...warnings],
  };
}

describe('makeExif', () => {
  it.each([true, false])('carries what is still true over (little-endian: %s)', (littleEndian) => {
    const { ifd0, exif, gps, warnings } = carry(carriedExif({ littleEndian }));
    expect(warnings).toEqual([]);
    expect(ifd0.text(Tag.Make)).toBe('Maker');
    expect(exif.entry(Tag.ExposureTime)?.rationals()).toEqual([[1, 60]]);
    expect(gps?.entry(2)?.rationals()).toEqual([
      [47, 1],
      [22, 1],
      [3050, 100],
    ]);
  });

  it('is upright, and has the size, colour space and software of the finished picture', () => {
    const { ifd0, exif } = carry(carriedExif());
    expect(ifd0.number(Tag.Orientation)).toBe(1);
    expect(exif.number(Tag.PixelXDimension)).toBe(40);
    expect(exif.number(Tag.PixelYDimension)).toBe(30);
    expect(exif.number(Tag.ColorSpace)).toBe(1);
    expect(ifd0.number(Tag.XResolution)).toBe(300);
    expect(ifd0.text(Tag.Software)).toMatch(/^Photosite \d+\.\d+$/);
    expect(carry(carriedExif(), { ...FACTS, colorSpace: 'display-p3' }).exif.number(Tag.ColorSpace)).toBe(
      0xffff,
    );
  });

  it('leaves the thumbnail, the raw tags and places in the raw frame behind', () => {
    const { file, ifd0, exif } = carry(carriedExif());
    expect(file.ifds).toHaveLength(1);
    expect(ifd0.has(Tag.ColorMatrix1)).toBe(false);
    expect(ifd0.has(Tag.ImageWidth)).toBe(false);
    expect(exif.has(Tag.SubjectArea)).toBe(false);
  });

  it('moves the exposure that TIFF/EP keeps in IFD0 to the Exif directory', () => {
    const { ifd0, exif } = carry(carriedExif());
    expect(exif.number(Tag.FNumber)).toBeCloseTo(2.8, 12);
    expect(ifd0.has(Tag.FNumber)).toBe(false);
  });

  it('keeps maker notes that count from their own start, or that the DNG calls safe, and only those', () => {
    const nikon = latin1('Nikon\0\u0002\u0010\0\0MM\0*\0\0\0\b');
    const unknown = latin1('Canon-like, absolute offsets');
    const safe = [{ tag: Tag.MakerNoteSafety, type: 'short', values: [1] } as TiffField];
    expect(
      carry(carriedExif({ exif: [bytesField(Tag.MakerNote, nikon)] })).exif.bytes(Tag.MakerNote),
    ).toEqual(nikon);
    const dropped = carry(carriedExif({ exif: [bytesField(Tag.MakerNote, unknown)] }));
    expect(dropped.exif.has(Tag.MakerNote)).toBe(false);
    expect(dropped.warnings).toEqual([expect.stringMatching(/maker notes were left out/)]);
    const called = carry(carriedExif({ ifd0: safe, exif: [bytesField(Tag.MakerNote, unknown)] }));
    expect(called.exif.bytes(Tag.MakerNote)).toEqual(unknown);
  });

  it('writes the required tags where nothing was carried', () => {
    const { ifd0, exif, gps, warnings } = carry(undefined);
    expect(warnings).toEqual([]);
    expect(gps).toBeUndefined();
    expect(exif.text(Tag.ExifVersion)).toBe('0232');
    expect([...(exif.bytes(Tag.ComponentsConfiguration) ?? [])]).toEqual([1, 2, 3, 0]);
    expect(ifd0.number(Tag.YCbCrPositioning)).toBe(1);
  });

  it('leaves the longest tags out where the format has no room, and names them', () => {
    const comment = bytesField(Tag.UserComment, new Uint8Array(70000));
    const { bytes, exif, warnings } = carry(carriedExif({ exif: [comment] }));
    expect(bytes.length).toBeLessThanOrEqual(ROOM);
    expect(exif.has(Tag.UserComment)).toBe(false);
    expect(exif.has(Tag.ExposureTime)).toBe(true);
    expect(warnings).toEqual([expect.stringContaining('UserComment was left out')]);
  });

  it('goes on without Exif that is broken, and says so', () => {
    const { ifd0, warnings } = carry(latin1('not a TIFF stream'));
    expect(ifd0.number(Tag.Orientation)).toBe(1);
    expect(warnings).toEqual([expect.stringMatching(/^The Exif that came with the picture was left out: /)]);
  });

  it('gives readable Exif for any carried bytes with changes or cut short', () => {
    const original = carriedExif({ exif: [bytesField(Tag.MakerNote, latin1('FUJIFILM'))] });
    const change = fc.record({ at: fc.nat(original.length - 1), value: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), fc.nat(original.length), (changes, cut) => {
        const bytes = original.slice(0, cut % 3 === 0 ? cut : original.length);
        for (const { at, value } of changes) if (at < bytes.length) bytes[at] = value;
        const { ifd0, exif } = carry(bytes);
        expect(ifd0.number(Tag.Orientation)).toBe(1);
        expect(exif.number(Tag.PixelXDimension)).toBe(40);
      }),
      { numRuns: 2000 },
    );
  });
});
