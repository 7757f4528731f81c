import {
  concatChunks,
  copyField,
  rationalField,
  readTiff,
  Tag,
  type TiffEntry,
  TiffError,
  type TiffField,
  type TiffIfd,
  tagName,
  textField,
  writeTiff,
} from '@photosite/tiff';
import type { OutputFormatName } from './outputOptions.js';
import type { ColorSpaceName } from './Picture.js';
import { SOFTWARE } from './software.js';

/*
 * Exif (CIPA DC-008 / Exif 3.0): what came with the raw is carried over tag by tag into new directories. Nothing is
 * copied as a block, because a block may hold offsets into the file that it came from, and thumbnails of a picture
 * that looked different.
 */

/** What Exif says about the finished picture. */
export interface PictureFacts {
  readonly width: number;
  readonly height: number;
  readonly colorSpace: ColorSpaceName;
  /** Pixels per inch. */
  readonly resolution: number;
  readonly format: OutputFormatName;
}

/** Exif as directories to write. */
export interface ExifDirectories {
  readonly ifd0: readonly TiffField[];
  readonly exif: readonly TiffField[];
  /** Empty where no position is known. */
  readonly gps: readonly TiffField[];
  /** One line for each thing that could not be carried over. */
  readonly warnings: readonly string[];
}

/** Descriptive tags of IFD0; the others of a raw file's IFD0 describe its own pixels. */
const CARRIED_IFD0: ReadonlySet<number> = new Set([
  Tag.ImageDescription,
  Tag.Make,
  Tag.Model,
  Tag.DateTime,
  Tag.Artist,
  Tag.Copyright,
  0x4746, // Rating, as Windows writes it
  0x4749, // RatingPercent
  0x9c9b, // XPTitle
  0x9c9c, // XPComment
  0x9c9d, // XPAuthor
  0x9c9e, // XPKeywords
  0x9c9f, // XPSubject
]);

/** Ranges of tag numbers of the Exif directory (Exif 3.0, 4.6.6), first and last; beyond them lie private tags. */
const EXIF_RANGES: readonly (readonly [number, number])[] = [
  [Tag.ExposureTime, Tag.FNumber],
  [0x8822, 0x8835],
  [0x9000, 0x94ff],
  [0xa000, 0xa5ff],
];

/** Tags within those ranges that aren't true of the finished picture, or are written anew. */
const STALE_EXIF: ReadonlySet<number> = new Set([
  Tag.GPSIFD,
  Tag.InteroperabilityIFD,
  Tag.TiffEpStandardID,
  Tag.ComponentsConfiguration,
  Tag.CompressedBitsPerPixel,
  Tag.FlashpixVersion,
  Tag.ColorSpace,
  Tag.PixelXDimension,
  Tag.PixelYDimension,
  // Places in the raw's frame, before it was turned and cropped.
  Tag.SubjectArea,
  0xa214, // SubjectLocation
  0xa20c, // SpatialFrequencyResponse
  0xa500, // Gamma
]);

/**
 * How maker notes begin whose offsets count from their own start, so that they can be moved: Nikon's type 3 with a
 * TIFF header of its own, Fujifilm, Olympus and OM since 2006, Apple (ExifTool's documentation of maker notes).
 */
const MOVABLE_MAKER_NOTES: readonly string[] = [
  'Nikon\0\u0002',
  'FUJIFILM',
  'OLYMPUS\0',
  'OM SYSTEM\0',
  'Apple iOS\0',
];

/**
 * Makes the Exif of a finished picture: the carried tags that are still true, an upright orientation, and the
 * picture's own size, resolution, colour space and software. Previews, thumbnails, and maker notes that can't be
 * moved are left behind.
 *
 * @param carried a TIFF stream; a broken one is left out with a warning.
 */
export function makeExif(carried: Uint8Array | undefined, facts: PictureFacts): ExifDirectories {
  const warnings: string[] = [];
  const ifd0 = new Map<number, TiffField>();
  const exif = new Map<number, TiffField>();
  const gps = new Map<number, TiffField>();

  const carry = (entry: TiffEntry, into: Map<number, TiffField>): void => {
    try {
      const field = copyField(entry);
      if (field !== undefined) into.set(field.tag, field);
    } catch (error) {
      if (!(error instanceof TiffError)) throw error;
      warnings.push(`An Exif tag was left out: ${error.message}.`);
    }
  };
  const carryAll = (root: TiffIfd): void => {
    for (const entry of root.entries.values()) {
      if (CARRIED_IFD0.has(entry.tag)) carry(entry, ifd0);
      // TIFF/EP, and so some DNGs, keep the tags of the exposure in IFD0.
      else if (isExifTag(entry.tag) && entry.tag !== Tag.MakerNote) carry(entry, exif);
    }
    for (const entry of directory(root, Tag.ExifIFD, warnings)?.entries.values() ?? []) {
      if (entry.tag === Tag.MakerNote && !isMovable(entry, root)) {
        warnings.push("The camera's maker notes were left out: they can't be moved to another file.");
      } else if (isExifTag(entry.tag)) carry(entry, exif);
    }
    for (const entry of directory(root, Tag.GPSIFD, warnings)?.entries.values() ?? []) carry(entry, gps);
  };
  if (carried !== undefined) {
    try {
      carryAll(readTiff(carried).ifds[0]);
    } catch (error) {
      if (!(error instanceof TiffError)) throw error;
      warnings.push(`The Exif that came with the picture was left out: ${error.message}.`);
    }
  }

  const put = (into: Map<number, TiffField>, field: TiffField): void => {
    into.set(field.tag, field);
  };
  put(ifd0, { tag: Tag.Orientation, type: 'short', values: [1] });
  put(ifd0, rationalField(Tag.XResolution, [facts.resolution]));
  put(ifd0, rationalField(Tag.YResolution, [facts.resolution]));
  put(ifd0, { tag: Tag.ResolutionUnit, type: 'short', values: [2] });
  put(ifd0, textField(Tag.Software, SOFTWARE));
  if (!exif.has(Tag.ExifVersion)) put(exif, undefinedField(Tag.ExifVersion, '0232'));
  put(exif, undefinedField(Tag.FlashpixVersion, '0100'));
  // Exif 3.0, 4.6.6.2: 1 is sRGB, 0xFFFF anything else.
  put(exif, { tag: Tag.ColorSpace, type: 'short', values: [facts.colorSpace === 'srgb' ? 1 : 0xffff] });
  if (facts.format !== 'tiff') {
    // For compressed files only (Exif 3.0, 4.6.6.3): TIFF has the size in IFD0.
    put(exif, { tag: Tag.PixelXDimension, type: 'long', values: [facts.width] });
    put(exif, { tag: Tag.PixelYDimension, type: 'long', values: [facts.height] });
  }
  if (facts.format === 'jpeg') {
    // JPEG encoders put chroma samples in the middle of the pixels that share them.
    put(ifd0, { tag: Tag.YCbCrPositioning, type: 'short', values: [1] });
    put(exif, undefinedField(Tag.ComponentsConfiguration, '\u0001\u0002\u0003\0'));
  }
  return { ifd0: [...ifd0.values()], exif: [...exif.values()], gps: [...gps.values()], warnings };
}

/**
 * The directories as children of the one that holds `ifd0`: the Exif directory, and the GPS directory where there
 * is one.
 */
export function exifChildren({ exif, gps }: Pick<ExifDirectories, 'exif' | 'gps'>): {
  tag: number;
  directories: { fields: readonly TiffField[] }[];
}[] {
  const children = [{ tag: Tag.ExifIFD as number, directories: [{ fields: exif }] }];
  if (gps.length > 0) children.push({ tag: Tag.GPSIFD, directories: [{ fields: gps }] });
  return children;
}

/** Exif as a TIFF stream, and what had to be left out of it. */
export interface ExifStream {
  readonly bytes: Uint8Array;
  /** One line for each tag left out. */
  readonly warnings: readonly string[];
}

/**
 * Writes Exif as a stream of its own, for JPEG and PNG. Where that is too long, the longest tags go until it isn't:
 * in practice maker notes and comments, never a tag of a few bytes.
 *
 * @param maxBytes most bytes that the format has room for.
 */
export function writeExif(directories: ExifDirectories, maxBytes: number): ExifStream {
  const warnings: string[] = [];
  let { ifd0, exif, gps } = directories;
  for (;;) {
    const stream = writeTiff([{ fields: ifd0, children: exifChildren({ exif, gps }) }]);
    if (stream.byteLength <= maxBytes) return { bytes: concatChunks(stream), warnings };
    const [longest] = [...ifd0, ...exif, ...gps].sort((a, b) => b.values.length - a.values.length);
    const without = (fields: readonly TiffField[]) => fields.filter((field) => field !== longest);
    [ifd0, exif, gps] = [without(ifd0), without(exif), without(gps)];
    warnings.push(
      `The Exif tag ${tagName(longest.tag)} was left out: the format has room for ${maxBytes} bytes of Exif.`,
    );
  }
}

function directory(root: TiffIfd, tag: number, warnings: string[]): TiffIfd | undefined {
  try {
    return root.child(tag);
  } catch (error) {
    if (!(error instanceof TiffError)) throw error;
    warnings.push(`A directory of the Exif that came with the picture was left out: ${error.message}.`);
    return undefined;
  }
}

function isExifTag(tag: number): boolean {
  return EXIF_RANGES.some(([first, last]) => tag >= first && tag <= last) && !STALE_EXIF.has(tag);
}

/** By its beginning, or because the DNG says so (MakerNoteSafety, tag 50741: 1). */
function isMovable(makerNote: TiffEntry, root: TiffIfd): boolean {
  try {
    if (root.number(Tag.MakerNoteSafety) === 1) return true;
    const beginning = String.fromCharCode(...makerNote.bytes().subarray(0, 16));
    return MOVABLE_MAKER_NOTES.some((signature) => beginning.startsWith(signature));
  } catch (error) {
    if (!(error instanceof TiffError)) throw error;
    return false;
  }
}

function undefinedField(tag: number, text: string): TiffField {
  return { tag, type: 'undefined', values: Uint8Array.from(text, (character) => character.charCodeAt(0)) };
}
