import {
  concatChunks,
  copyField,
  rationalField,
  readTiff,
  Tag,
  type TiffDirectory,
  type TiffEntry,
  TiffError,
  type TiffField,
  type TiffIfd,
  textField,
  writeTiff,
} from '@photosite/tiff';
import type { Exposure, RawFrame } from '../RawFrame.js';

/** Tags of IFD0 that describe the picture rather than how it is stored. */
const DESCRIPTIVE_TAGS: ReadonlySet<number> = new Set([
  Tag.ImageDescription,
  Tag.Make,
  Tag.Model,
  Tag.Orientation,
  Tag.XResolution,
  Tag.YResolution,
  Tag.ResolutionUnit,
  Tag.Software,
  Tag.DateTime,
  Tag.Artist,
  Tag.Copyright,
]);

/** Exif tags that TIFF/EP files have in IFD0 itself. */
const TIFF_EP_EXIF_TAGS: readonly number[] = [
  Tag.ExposureTime,
  Tag.FNumber,
  Tag.ExposureProgram,
  Tag.ISOSpeedRatings,
  Tag.DateTimeOriginal,
  Tag.ShutterSpeedValue,
  Tag.ApertureValue,
  Tag.BrightnessValue,
  Tag.ExposureBiasValue,
  Tag.MaxApertureValue,
  Tag.SubjectDistance,
  Tag.MeteringMode,
  Tag.LightSource,
  Tag.Flash,
  Tag.FocalLength,
];

/**
 * Beginnings of maker notes whose inner offsets count from the note itself, so that they survive being moved.
 * Source: the makers' headers as documented in exiftool's tag documentation and Exiv2's maker note page.
 */
const SELF_CONTAINED_MAKER_NOTES = [
  'Apple iOS\0',
  'FUJIFILM',
  'GENERALE',
  'HDRP',
  'Nikon\0\x02',
  'OLYMPUS\0',
  'OM SYSTEM\0',
  'PENTAX \0',
];

/** The largest number of an unsigned rational stands for infinity in SubjectDistance (Exif 3.0, 4.6.6). */
const INFINITE_DISTANCE = 0xffffffff;
/** An ISO of 65535 in the 16-bit tag says: look at the 32-bit ones. */
const ISO_ELSEWHERE = 65535;

/** What a reader gives, or undefined where the value is broken: a bad Exif value must not cost the picture. */
function tolerant<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof TiffError) return undefined;
    throw error;
  }
}

/** IFD0, and the Exif IFD where there is one that can be read. */
export interface ExifSource {
  readonly ifd0: TiffIfd;
  readonly exif: TiffIfd | undefined;
}

/** Finds the Exif IFD of IFD0. */
export function findExif(ifd0: TiffIfd): ExifSource {
  return { ifd0, exif: tolerant(() => ifd0.child(Tag.ExifIFD)) };
}

function entry({ ifd0, exif }: ExifSource, tag: number): TiffEntry | undefined {
  return exif?.entry(tag) ?? ifd0.entry(tag);
}

function positive(source: ExifSource, tag: number): number | undefined {
  const value = tolerant(() => entry(source, tag)?.number());
  return value !== undefined && Number.isFinite(value) && value > 0 ? value : undefined;
}

function readIso(source: ExifSource): number | undefined {
  const iso = positive(source, Tag.ISOSpeedRatings);
  if (iso !== undefined && iso !== ISO_ELSEWHERE) return iso;
  return (
    positive(source, Tag.RecommendedExposureIndex) ??
    positive(source, Tag.ISOSpeed) ??
    positive(source, Tag.StandardOutputSensitivity) ??
    iso
  );
}

function readSubjectDistance(source: ExifSource): number | undefined {
  const fraction = tolerant(() => entry(source, Tag.SubjectDistance)?.rationals()[0]);
  if (fraction?.[0] === INFINITE_DISTANCE) return Number.POSITIVE_INFINITY;
  return positive(source, Tag.SubjectDistance);
}

/** Reads how the picture was exposed; what is absent, broken, zero or not finite stays undefined. */
export function readExposure(source: ExifSource): Exposure {
  const exposureTime = positive(source, Tag.ExposureTime);
  const iso = readIso(source);
  const fNumber = positive(source, Tag.FNumber);
  const focalLengthMm = positive(source, Tag.FocalLength);
  const focalLength35mm = positive(source, Tag.FocalLengthIn35mmFilm);
  const subjectDistanceM = readSubjectDistance(source);
  const exposureBias = tolerant(() => entry(source, Tag.ExposureBiasValue)?.number());
  return {
    ...(exposureTime !== undefined && { exposureTime }),
    ...(iso !== undefined && { iso }),
    ...(fNumber !== undefined && { fNumber }),
    ...(focalLengthMm !== undefined && { focalLengthMm }),
    ...(focalLength35mm !== undefined && { focalLength35mm }),
    ...(subjectDistanceM !== undefined && { subjectDistanceM }),
    ...(exposureBias !== undefined && Number.isFinite(exposureBias) && { exposureBias }),
  };
}

/** A text tag of the Exif IFD or IFD0, trimmed; undefined where it is absent, broken or blank. */
export function readText(source: ExifSource, tag: number): string | undefined {
  const text = tolerant(() => entry(source, tag)?.text())?.trim();
  return text === '' ? undefined : text;
}

/** DateTimeOriginal with its fraction and offset as `YYYY-MM-DDTHH:MM:SS[.sss][±HH:MM]`. */
export function readTime(source: ExifSource): string | undefined {
  const match = /^(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)/.exec(
    readText(source, Tag.DateTimeOriginal) ?? '',
  );
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const fraction = /^\d+/.exec(readText(source, Tag.SubSecTimeOriginal) ?? '')?.[0];
  const offset = /^(?:[+-]\d\d:\d\d|Z)$/.exec(readText(source, Tag.OffsetTimeOriginal) ?? '')?.[0];
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction === undefined ? '' : `.${fraction}`}${offset ?? ''}`;
}

function copyFields(ifd: TiffIfd | undefined, keep: (tag: number) => boolean): TiffField[] {
  if (ifd === undefined) return [];
  return [...ifd.entries.values()]
    .filter(({ tag }) => keep(tag))
    .flatMap((each) => tolerant(() => copyField(each)) ?? []);
}

function isSelfContained(makerNote: Uint8Array | undefined): boolean {
  if (makerNote === undefined) return false;
  const start = String.fromCharCode(...makerNote.subarray(0, 16));
  return SELF_CONTAINED_MAKER_NOTES.some((header) => start.startsWith(header));
}

/**
 * The Exif to carry over to a finished picture: a TIFF stream of IFD0's descriptive tags, the Exif and the GPS IFD.
 * A maker note goes along where the file calls it safe (MakerNoteSafety, 50741) or its offsets are its own.
 *
 * @returns undefined where the file has none of these
 */
export function carryExif({ ifd0, exif }: ExifSource, littleEndian: boolean): Uint8Array | undefined {
  const safe =
    tolerant(() => ifd0.number(Tag.MakerNoteSafety)) === 1 ||
    isSelfContained(tolerant(() => exif?.bytes(Tag.MakerNote)));
  const exifFields = copyFields(exif, (tag) => tag !== Tag.MakerNote || safe);
  const known = new Set(exifFields.map(({ tag }) => tag));
  exifFields.push(...copyFields(ifd0, (tag) => TIFF_EP_EXIF_TAGS.includes(tag) && !known.has(tag)));
  const gpsFields = copyFields(
    tolerant(() => ifd0.child(Tag.GPSIFD)),
    () => true,
  );
  const fields = copyFields(ifd0, (tag) => DESCRIPTIVE_TAGS.has(tag));
  if (fields.length + exifFields.length + gpsFields.length === 0) return undefined;
  const children = [
    { tag: Tag.ExifIFD, directories: [{ fields: exifFields }] },
    { tag: Tag.GPSIFD, directories: [{ fields: gpsFields }] },
  ].filter(({ directories }) => directories[0].fields.length > 0);
  return concatChunks(writeTiff([{ fields, children }], { littleEndian }));
}

/** A fraction as people write exposure times: 1/n below a quarter of a second where it is one. */
function exposureTimeField(seconds: number): TiffField {
  const inverse = Math.round(1 / seconds);
  return seconds < 0.25 && 1 / inverse === seconds
    ? { tag: Tag.ExposureTime, type: 'rational', values: [1, inverse] }
    : rationalField(Tag.ExposureTime, [seconds]);
}

function exposureFields({ exposure, lens, time }: RawFrame): TiffField[] {
  const fields: TiffField[] = [];
  if (exposure.exposureTime !== undefined) fields.push(exposureTimeField(exposure.exposureTime));
  if (exposure.fNumber !== undefined) fields.push(rationalField(Tag.FNumber, [exposure.fNumber]));
  if (exposure.iso !== undefined) {
    const iso = Math.round(exposure.iso);
    fields.push({ tag: Tag.ISOSpeedRatings, type: 'short', values: [Math.min(iso, ISO_ELSEWHERE)] });
    if (iso >= ISO_ELSEWHERE) fields.push({ tag: Tag.RecommendedExposureIndex, type: 'long', values: [iso] });
  }
  if (exposure.exposureBias !== undefined) {
    fields.push(rationalField(Tag.ExposureBiasValue, [exposure.exposureBias], true));
  }
  if (exposure.subjectDistanceM !== undefined) {
    fields.push(
      exposure.subjectDistanceM === Number.POSITIVE_INFINITY
        ? { tag: Tag.SubjectDistance, type: 'rational', values: [INFINITE_DISTANCE, 1] }
        : rationalField(Tag.SubjectDistance, [exposure.subjectDistanceM]),
    );
  }
  if (exposure.focalLengthMm !== undefined) {
    fields.push(rationalField(Tag.FocalLength, [exposure.focalLengthMm]));
  }
  if (exposure.focalLength35mm !== undefined) {
    fields.push({
      tag: Tag.FocalLengthIn35mmFilm,
      type: 'short',
      values: [Math.round(exposure.focalLength35mm)],
    });
  }
  if (lens !== undefined) fields.push(textField(Tag.LensModel, lens));
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d+))?([+-]\d\d:\d\d|Z)?$/.exec(time ?? '');
  if (match !== null) {
    const [, year, month, day, clock, fraction, offset] = match;
    fields.push(textField(Tag.DateTimeOriginal, `${year}:${month}:${day} ${clock}`));
    if (fraction !== undefined) fields.push(textField(Tag.SubSecTimeOriginal, fraction));
    if (offset !== undefined) fields.push(textField(Tag.OffsetTimeOriginal, offset));
  }
  return fields;
}

/** What a frame says about itself, as fields of IFD0 and sub-directories to hang below it. */
export interface ExifDirectories {
  readonly fields: readonly TiffField[];
  readonly children: NonNullable<TiffDirectory['children']>;
}

/**
 * The descriptive fields, Exif and GPS of a frame. The frame's own values win; a carried field that says the same
 * stays as it was written, so that a copy of a file keeps its fractions.
 *
 * @throws TiffError where `frame.exif` is not a TIFF stream
 */
export function exifDirectories(frame: RawFrame): ExifDirectories {
  const carried = frame.exif === undefined ? undefined : findExif(readTiff(frame.exif).ifds[0]);
  const merge = (ifd: TiffIfd | undefined, own: readonly TiffField[], keep: (tag: number) => boolean) => {
    const fields = new Map(copyFields(ifd, keep).map((field) => [field.tag, field]));
    for (const field of own) {
      const before = fields.get(field.tag);
      if (before === undefined || !saysTheSame(before, field)) fields.set(field.tag, field);
    }
    return [...fields.values()];
  };
  const describing: TiffField[] = [{ tag: Tag.Orientation, type: 'short', values: [frame.orientation] }];
  if (frame.make !== undefined) describing.push(textField(Tag.Make, frame.make));
  if (frame.model !== undefined) describing.push(textField(Tag.Model, frame.model));
  if (frame.software !== undefined) describing.push(textField(Tag.Software, frame.software));
  const exif = merge(carried?.exif, exposureFields(frame), () => true);
  const gps = copyFields(carried && tolerant(() => carried.ifd0.child(Tag.GPSIFD)), () => true);
  return {
    fields: merge(carried?.ifd0, describing, (tag) => DESCRIPTIVE_TAGS.has(tag)),
    children: [
      { tag: Tag.ExifIFD, directories: [{ fields: exif }] },
      { tag: Tag.GPSIFD, directories: [{ fields: gps }] },
    ].filter(({ directories }) => directories[0].fields.length > 0),
  };
}

function saysTheSame(a: TiffField, b: TiffField): boolean {
  if (a.type === 'ascii' && b.type === 'ascii') {
    const text = ({ values }: TiffField) =>
      String.fromCharCode(...Array.from(values))
        .replace(/\0[\s\S]*$/, '')
        .trim();
    return text(a) === text(b);
  }
  const value = ({ type, values }: TiffField) =>
    type === 'rational' || type === 'srational' ? values[0] / values[1] : values[0];
  return value(a) === value(b);
}
