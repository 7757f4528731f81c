import type { TiffEntry } from './read.js';
import { TiffError } from './TiffError.js';
import { Tag, tagName } from './tags.js';
import { TiffType, type TiffTypeName, tiffTypeSize } from './types.js';

/** Largest stream that the 32-bit offsets of a classic TIFF reach. */
export const MAX_TIFF_BYTES = 0xffffffff;

/** Data blocks begin at multiples of this, so that a reader can view their samples in place. */
const BLOCK_ALIGNMENT = 4;

/** Types that the writer of classic TIFF can write. */
export type WritableTiffType = Exclude<TiffTypeName, 'ifd' | 'long8' | 'slong8' | 'ifd8'>;

/** One entry to write. */
export interface TiffField {
  readonly tag: number;
  readonly type: WritableTiffType;
  /** The values; a (signed) rational takes two numbers per value, numerator and denominator. */
  readonly values: ArrayLike<number>;
}

/** Data blocks (strips, tiles, a JPEG) that lie outside the directories, and the tags that point to them. */
export interface TiffData {
  /** Tag of the blocks' offsets: StripOffsets, TileOffsets or JPEGInterchangeFormat. */
  readonly offsetsTag: number;
  /** Tag of the blocks' lengths. */
  readonly byteCountsTag: number;
  /** The blocks; they are handed on, not copied. */
  readonly blocks: readonly Uint8Array[];
}

/** A directory to write. */
export interface TiffDirectory {
  /** In any order; the writer sorts them by tag. */
  readonly fields: readonly TiffField[];
  /** Sub-directories by the tag that points to them. */
  readonly children?: readonly { readonly tag: number; readonly directories: readonly TiffDirectory[] }[];
  /** The directory's picture data. */
  readonly data?: TiffData;
}

/** A TIFF stream in pieces, to be written one after the other. */
export interface TiffStream {
  /** The directories first, then the data blocks with their padding. */
  readonly chunks: readonly Uint8Array[];
  /** Sum of the chunks' lengths. */
  readonly byteLength: number;
}

interface Laid {
  readonly directory: TiffDirectory;
  readonly fields: TiffField[];
  readonly offset: number;
}

const even = (n: number) => n + (n & 1);

function valueCount(field: TiffField): number {
  const pairs = field.type === 'rational' || field.type === 'srational';
  return pairs ? field.values.length / 2 : field.values.length;
}

function fieldBytes(field: TiffField): number {
  return valueCount(field) * (tiffTypeSize(TiffType[field.type]) ?? 0);
}

/** The directory's own fields and those whose values are only known once everything has its place. */
function allFields(directory: TiffDirectory): TiffField[] {
  const fields = [...directory.fields];
  for (const { tag, directories } of directory.children ?? []) {
    fields.push({ tag, type: 'long', values: new Uint32Array(directories.length) });
  }
  if (directory.data !== undefined) {
    const { offsetsTag, byteCountsTag, blocks } = directory.data;
    fields.push({ tag: offsetsTag, type: 'long', values: new Uint32Array(blocks.length) });
    fields.push({ tag: byteCountsTag, type: 'long', values: blocks.map((block) => block.length) });
  }
  fields.sort((a, b) => a.tag - b.tag);
  fields.forEach((field, i) => {
    if (i > 0 && fields[i - 1].tag === field.tag) {
      throw new TiffError(`${tagName(field.tag)} stands twice in one directory`, { tag: field.tag });
    }
    if (!Number.isInteger(valueCount(field)) || field.values.length === 0) {
      throw new TiffError(`${tagName(field.tag)}: ${field.values.length} numbers for type ${field.type}`, {
        tag: field.tag,
      });
    }
  });
  return fields;
}

const INTEGER_RANGE: Partial<Record<WritableTiffType, readonly [number, number]>> = {
  byte: [0, 0xff],
  ascii: [0, 0xff],
  undefined: [0, 0xff],
  short: [0, 0xffff],
  long: [0, 0xffffffff],
  rational: [0, 0xffffffff],
  sbyte: [-0x80, 0x7f],
  sshort: [-0x8000, 0x7fff],
  slong: [-0x80000000, 0x7fffffff],
  srational: [-0x80000000, 0x7fffffff],
};

function putValues(view: DataView, at: number, field: TiffField, littleEndian: boolean): void {
  const { type, values } = field;
  const range = INTEGER_RANGE[type];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (range !== undefined && !(Number.isInteger(value) && value >= range[0] && value <= range[1])) {
      throw new TiffError(`${tagName(field.tag)}: ${value} does not fit type ${type}`, { tag: field.tag });
    }
    if (type === 'byte' || type === 'ascii' || type === 'undefined') view.setUint8(at + i, value);
    else if (type === 'sbyte') view.setInt8(at + i, value);
    else if (type === 'short') view.setUint16(at + 2 * i, value, littleEndian);
    else if (type === 'sshort') view.setInt16(at + 2 * i, value, littleEndian);
    else if (type === 'long' || type === 'rational') view.setUint32(at + 4 * i, value, littleEndian);
    else if (type === 'slong' || type === 'srational') view.setInt32(at + 4 * i, value, littleEndian);
    else if (type === 'float') view.setFloat32(at + 4 * i, value, littleEndian);
    else view.setFloat64(at + 8 * i, value, littleEndian);
  }
}

/**
 * Lays out a classic TIFF stream: all directories first, then the data blocks in the order of the directories.
 * Blocks are not copied, so a picture of any size can be streamed to its destination.
 *
 * @param directories the main chain, IFD0 first.
 * @throws TiffError where a value does not fit its type, a tag stands twice, or the stream passes 4 GiB.
 */
export function writeTiff(
  directories: readonly TiffDirectory[],
  options: { readonly littleEndian?: boolean } = {},
): TiffStream {
  const littleEndian = options.littleEndian ?? true;
  let size = 8;
  const lay = (directory: TiffDirectory): Laid => {
    const fields = allFields(directory);
    const offset = size;
    size += 2 + 12 * fields.length + 4;
    for (const field of fields) if (fieldBytes(field) > 4) size += even(fieldBytes(field));
    return { directory, fields, offset };
  };
  const layTree = (directory: TiffDirectory, all: Laid[]): Laid => {
    const laid = lay(directory);
    all.push(laid);
    for (const { tag, directories: children } of directory.children ?? []) {
      const offsets = laid.fields.find((field) => field.tag === tag)?.values as Uint32Array;
      children.forEach((child, i) => {
        offsets[i] = layTree(child, all).offset;
      });
    }
    return laid;
  };
  const all: Laid[] = [];
  const chain = directories.map((directory) => layTree(directory, all));
  if (chain.length === 0) throw new TiffError('a TIFF stream needs at least one directory');

  size += -size & (BLOCK_ALIGNMENT - 1);
  const headSize = size;
  const chunks: Uint8Array[] = [];
  for (const { directory, fields } of all) {
    if (directory.data === undefined) continue;
    const { offsetsTag, blocks } = directory.data;
    const offsets = fields.find((field) => field.tag === offsetsTag)?.values as Uint32Array;
    blocks.forEach((block, i) => {
      if (size + block.length > MAX_TIFF_BYTES)
        throw new TiffError('the stream passes the 4 GiB of a classic TIFF');
      offsets[i] = size;
      chunks.push(block);
      size += block.length;
      const padding = -size & (BLOCK_ALIGNMENT - 1);
      if (padding > 0) chunks.push(new Uint8Array(padding));
      size += padding;
    });
  }

  const head = new Uint8Array(headSize);
  const view = new DataView(head.buffer);
  head.fill(littleEndian ? 0x49 : 0x4d, 0, 2);
  view.setUint16(2, 42, littleEndian);
  view.setUint32(4, chain[0].offset, littleEndian);
  const next = new Map(chain.slice(1).map((laid, i) => [chain[i], laid.offset]));
  for (const laid of all) {
    const { fields, offset } = laid;
    let at = offset + 2;
    let values = at + 12 * fields.length + 4;
    view.setUint16(offset, fields.length, littleEndian);
    for (const field of fields) {
      view.setUint16(at, field.tag, littleEndian);
      view.setUint16(at + 2, TiffType[field.type], littleEndian);
      view.setUint32(at + 4, valueCount(field), littleEndian);
      const length = fieldBytes(field);
      if (length <= 4) putValues(view, at + 8, field, littleEndian);
      else {
        view.setUint32(at + 8, values, littleEndian);
        putValues(view, values, field, littleEndian);
        values += even(length);
      }
      at += 12;
    }
    view.setUint32(at, next.get(laid) ?? 0, littleEndian);
  }
  return { chunks: [head, ...chunks], byteLength: size };
}

/** A stream's chunks as one array. */
export function concatChunks(stream: TiffStream): Uint8Array {
  const bytes = new Uint8Array(stream.byteLength);
  let at = 0;
  for (const chunk of stream.chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

const encoder = new TextEncoder();

/** An ASCII field (in UTF-8, as DNG and Exif 3.0 allow) with its closing NUL. */
export function textField(tag: number, text: string): TiffField {
  const bytes = encoder.encode(text);
  const values = new Uint8Array(bytes.length + 1);
  values.set(bytes);
  return { tag, type: 'ascii', values };
}

/** Best numerator and denominator, each at most `max`, for a finite value: a continued fraction. */
function approximate(value: number, max: number): [number, number] {
  let [n0, d0, n1, d1] = [0, 1, 1, 0];
  let rest = value;
  for (;;) {
    const whole = Math.floor(rest);
    const n = whole * n1 + n0;
    const d = whole * d1 + d0;
    if (n > max || d > max) break;
    [n0, d0, n1, d1] = [n1, d1, n, d];
    if (n / d === value || rest === whole) break;
    rest = 1 / (rest - whole);
  }
  return d1 === 0 ? [max, 1] : [n1, d1];
}

/**
 * A RATIONAL (or SRATIONAL) field with the nearest fractions that 32 bits hold.
 *
 * @throws TiffError where a value is not finite, out of range, or negative in an unsigned field.
 */
export function rationalField(tag: number, values: ArrayLike<number>, signed = false): TiffField {
  const max = signed ? 0x7fffffff : 0xffffffff;
  const pairs: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value) || Math.abs(value) > max || (value < 0 && !signed)) {
      throw new TiffError(`${tagName(tag)}: ${value} does not fit a ${signed ? 'signed ' : ''}rational`, {
        tag,
      });
    }
    const [numerator, denominator] = approximate(Math.abs(value), max);
    pairs.push(value < 0 ? -numerator : numerator, denominator);
  }
  return { tag, type: signed ? 'srational' : 'rational', values: pairs };
}

const COPIED: ReadonlyMap<number, WritableTiffType> = new Map(
  (Object.keys(TiffType) as TiffTypeName[])
    .filter((name): name is WritableTiffType => !['ifd', 'long8', 'slong8', 'ifd8'].includes(name))
    .map((name) => [TiffType[name], name]),
);

/**
 * The field that writes an entry again, value for value, in either byte order; undefined for types that classic
 * TIFF lacks, for pointers to sub-directories, and for an empty entry.
 *
 * @throws TiffError where the entry's values cannot be read.
 */
export function copyField(entry: TiffEntry): TiffField | undefined {
  const type = COPIED.get(entry.type);
  if (type === undefined || entry.count === 0 || POINTERS.has(entry.tag)) return undefined;
  if (type === 'rational' || type === 'srational') {
    return { tag: entry.tag, type, values: entry.rationals().flat() };
  }
  const bytewise = type === 'byte' || type === 'ascii' || type === 'undefined';
  return { tag: entry.tag, type, values: bytewise ? entry.bytes() : entry.numbers() };
}

const POINTERS: ReadonlySet<number> = new Set([
  Tag.SubIFDs,
  Tag.ExifIFD,
  Tag.GPSIFD,
  Tag.InteroperabilityIFD,
  Tag.ExtraCameraProfiles,
]);
