import { TiffError } from './TiffError.js';
import { Tag, tagName } from './tags.js';
import { TiffType, tiffTypeSize } from './types.js';

/** Most image file directories that one stream may have, sub-directories included. */
export const MAX_IFDS = 1024;
/** Most entries that one directory may have. */
export const MAX_TAGS = 4096;
/** Deepest nesting of sub-directories; directories of the main chain are at depth 0. */
export const MAX_NESTING = 8;
/** Most values that one entry may hand out as numbers. */
export const MAX_VALUES = 1 << 22;

/** What a reader accepts; each limit has a named default. */
export interface TiffLimits {
  /** Default {@link MAX_IFDS}. */
  readonly maxIfds?: number;
  /** Entries in one directory; default {@link MAX_TAGS}. */
  readonly maxTags?: number;
  /** Default {@link MAX_NESTING}. */
  readonly maxNesting?: number;
  /** Values of one entry; default {@link MAX_VALUES}. */
  readonly maxValues?: number;
}

/** A numerator and a denominator as they stand in the file. */
export type Rational = readonly [numerator: number, denominator: number];

const latin1 = new TextDecoder('latin1');
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Text up to the first NUL: UTF-8 where it is valid, else Latin-1, which every byte string is. */
function decodeText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  const text = end < 0 ? bytes : bytes.subarray(0, end);
  try {
    return utf8.decode(text);
  } catch {
    return latin1.decode(text);
  }
}

/** One entry of a directory. Values are read and checked when asked for, so a broken one harms nobody else. */
export class TiffEntry {
  readonly #file: TiffFile;
  /** Tag number. */
  readonly tag: number;
  /** Field type number; may be one that TIFF does not define. */
  readonly type: number;
  /** Number of values of that type. */
  readonly count: number;
  /** Where the entry lies, in bytes from the stream's start. */
  readonly offset: number;

  /** Entries are made by the reader. */
  constructor(file: TiffFile, tag: number, type: number, count: number, offset: number) {
    this.#file = file;
    this.tag = tag;
    this.type = type;
    this.count = count;
    this.offset = offset;
  }

  /**
   * Offset of the first value, after checking that all of them lie inside the stream.
   *
   * @throws TiffError where the type is unknown or the values pass the end of the stream.
   */
  get valueOffset(): number {
    const size = tiffTypeSize(this.type);
    if (size === undefined) throw this.#error(`field type ${this.type} is unknown`);
    const file = this.#file;
    const inline = file.bigTiff ? 8 : 4;
    const field = this.offset + (file.bigTiff ? 12 : 8);
    const length = size * this.count;
    const at = length <= inline ? field : file.readOffset(field);
    if (at + length > file.bytes.length) {
      throw this.#error(`${this.count} values of ${size} bytes at ${at} pass the end of the file`);
    }
    return at;
  }

  /** The value's bytes as they lie in the stream, a view of it. */
  bytes(): Uint8Array {
    const at = this.valueOffset;
    return this.#file.bytes.subarray(at, at + (tiffTypeSize(this.type) ?? 0) * this.count);
  }

  /** The value as text up to the first NUL: UTF-8, or Latin-1 where it is not valid UTF-8. */
  text(): string {
    if (this.type !== TiffType.ascii && this.type !== TiffType.byte && this.type !== TiffType.undefined) {
      throw this.#error(`field type ${this.type} where text is expected`);
    }
    return decodeText(this.bytes());
  }

  /** The first value; rationals are divided out. */
  number(): number {
    if (this.count === 0) throw this.#error('no value');
    return this.#numberAt(this.valueOffset, 0);
  }

  /**
   * All values; rationals are divided out (0/0 gives NaN).
   *
   * @throws TiffError beyond `maxValues` values.
   */
  numbers(): number[] {
    const at = this.valueOffset;
    this.#checkCount();
    const values = new Array<number>(this.count);
    for (let i = 0; i < this.count; i++) values[i] = this.#numberAt(at, i);
    return values;
  }

  /** All values of a (signed) rational entry as numerator and denominator. */
  rationals(): Rational[] {
    if (this.type !== TiffType.rational && this.type !== TiffType.srational) {
      throw this.#error(`field type ${this.type} where rationals are expected`);
    }
    const at = this.valueOffset;
    this.#checkCount();
    return Array.from({ length: this.count }, (_, i) => this.#rationalAt(at + 8 * i));
  }

  /** The values of a 4-byte float entry; other numeric types are converted. */
  floats(): Float32Array {
    const at = this.valueOffset;
    this.#checkCount();
    const values = new Float32Array(this.count);
    for (let i = 0; i < this.count; i++) values[i] = this.#numberAt(at, i);
    return values;
  }

  #checkCount(): void {
    if (this.count > this.#file.limits.maxValues) {
      throw this.#error(`${this.count} values, more than the limit of ${this.#file.limits.maxValues}`);
    }
  }

  #rationalAt(at: number): Rational {
    const { view, littleEndian } = this.#file;
    return this.type === TiffType.rational
      ? [view.getUint32(at, littleEndian), view.getUint32(at + 4, littleEndian)]
      : [view.getInt32(at, littleEndian), view.getInt32(at + 4, littleEndian)];
  }

  #numberAt(at: number, index: number): number {
    const { view, littleEndian } = this.#file;
    switch (this.type) {
      case TiffType.byte:
      case TiffType.ascii:
      case TiffType.undefined:
        return view.getUint8(at + index);
      case TiffType.sbyte:
        return view.getInt8(at + index);
      case TiffType.short:
        return view.getUint16(at + 2 * index, littleEndian);
      case TiffType.sshort:
        return view.getInt16(at + 2 * index, littleEndian);
      case TiffType.long:
      case TiffType.ifd:
        return view.getUint32(at + 4 * index, littleEndian);
      case TiffType.slong:
        return view.getInt32(at + 4 * index, littleEndian);
      case TiffType.float:
        return view.getFloat32(at + 4 * index, littleEndian);
      case TiffType.double:
        return view.getFloat64(at + 8 * index, littleEndian);
      case TiffType.rational:
      case TiffType.srational: {
        const [numerator, denominator] = this.#rationalAt(at + 8 * index);
        return numerator / denominator;
      }
      case TiffType.long8:
      case TiffType.ifd8:
        return Number(view.getBigUint64(at + 8 * index, littleEndian));
      default:
        return Number(view.getBigInt64(at + 8 * index, littleEndian));
    }
  }

  #error(problem: string): TiffError {
    return new TiffError(`${tagName(this.tag)}: ${problem}`, { offset: this.offset, tag: this.tag });
  }
}

/** An image file directory: its entries by tag number and its sub-directories. */
export class TiffIfd {
  readonly #file: TiffFile;
  readonly #ancestors: readonly number[];
  readonly #children = new Map<number, readonly TiffIfd[]>();
  /** Where the directory lies, in bytes from the stream's start. */
  readonly offset: number;
  /** Entries by tag number; of a tag that stands twice, the first. */
  readonly entries: ReadonlyMap<number, TiffEntry>;
  /** Offset of the next directory in the chain, 0 at the end. */
  readonly nextOffset: number;

  /** Directories are made by the reader. */
  constructor(file: TiffFile, offset: number, ancestors: readonly number[]) {
    this.#file = file;
    this.#ancestors = ancestors;
    this.offset = offset;
    const { view, bytes, littleEndian, bigTiff, limits } = file;
    const countSize = bigTiff ? 8 : 2;
    const entrySize = bigTiff ? 20 : 12;
    const linkSize = bigTiff ? 8 : 4;
    if (offset < 8 || offset + countSize > bytes.length) {
      throw new TiffError(`directory offset ${offset} is outside the file of ${bytes.length} bytes`, {
        offset,
      });
    }
    const count = bigTiff ? file.readOffset(offset) : view.getUint16(offset, littleEndian);
    if (count > limits.maxTags) {
      throw new TiffError(`directory of ${count} entries, more than the limit of ${limits.maxTags}`, {
        offset,
      });
    }
    const first = offset + countSize;
    const end = first + entrySize * count;
    if (end > bytes.length) {
      throw new TiffError(`directory of ${count} entries passes the end of the file`, { offset });
    }
    const entries = new Map<number, TiffEntry>();
    for (let at = first; at < end; at += entrySize) {
      const tag = view.getUint16(at, littleEndian);
      const type = view.getUint16(at + 2, littleEndian);
      const values = bigTiff ? file.readOffset(at + 4) : view.getUint32(at + 4, littleEndian);
      if (!entries.has(tag)) entries.set(tag, new TiffEntry(file, tag, type, values, at));
    }
    this.entries = entries;
    // Some writers leave the link out at the very end of the file: that is the chain's end.
    this.nextOffset = end + linkSize <= bytes.length ? file.readOffset(end) : 0;
  }

  /** The entry of a tag, or undefined where the directory lacks it. */
  entry(tag: number): TiffEntry | undefined {
    return this.entries.get(tag);
  }

  /** Whether the directory has the tag. */
  has(tag: number): boolean {
    return this.entries.has(tag);
  }

  /** The tag's first value, see {@link TiffEntry.number}. */
  number(tag: number): number | undefined {
    return this.entries.get(tag)?.number();
  }

  /** All the tag's values, see {@link TiffEntry.numbers}. */
  numbers(tag: number): number[] | undefined {
    return this.entries.get(tag)?.numbers();
  }

  /** The tag's values as floats, see {@link TiffEntry.floats}. */
  floats(tag: number): Float32Array | undefined {
    return this.entries.get(tag)?.floats();
  }

  /** The tag's text, see {@link TiffEntry.text}. */
  text(tag: number): string | undefined {
    return this.entries.get(tag)?.text();
  }

  /** The tag's bytes as they lie in the stream. */
  bytes(tag: number): Uint8Array | undefined {
    return this.entries.get(tag)?.bytes();
  }

  /**
   * The sub-directories that a tag points to (SubIFDs, ExifIFD, GPSIFD), none where the tag is absent.
   *
   * @throws TiffError where one is outside the file, contains itself, or passes a limit.
   */
  children(tag: number = Tag.SubIFDs): readonly TiffIfd[] {
    const known = this.#children.get(tag);
    if (known !== undefined) return known;
    const offsets = this.numbers(tag) ?? [];
    const ancestors = [...this.#ancestors, this.offset];
    const ifds = offsets.map((offset) => this.#file.readIfd(offset, ancestors, tag));
    this.#children.set(tag, ifds);
    return ifds;
  }

  /** The first sub-directory of a tag, see {@link TiffIfd.children}. */
  child(tag: number): TiffIfd | undefined {
    return this.children(tag)[0];
  }
}

/** A parsed TIFF stream: the chain of directories; values are read when asked for. */
export class TiffFile {
  /** The whole stream. */
  readonly bytes: Uint8Array;
  /** A view of the whole stream. */
  readonly view: DataView;
  /** Byte order: `II` is little-endian, `MM` is not. */
  readonly littleEndian: boolean;
  /** 64-bit offsets (magic 43). */
  readonly bigTiff: boolean;
  /** The limits in force. */
  readonly limits: Required<TiffLimits>;
  /** The main chain, at least one directory. */
  readonly ifds: readonly TiffIfd[];
  /** Why the chain ended early, where its link to a further directory is broken. */
  readonly brokenChain: TiffError | undefined;
  #ifdCount = 0;

  /** Use {@link readTiff}. */
  constructor(bytes: Uint8Array, limits: TiffLimits) {
    // Of a Node Buffer, a plain view: the Buffer's own `slice` does not copy.
    this.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.limits = {
      maxIfds: limits.maxIfds ?? MAX_IFDS,
      maxTags: limits.maxTags ?? MAX_TAGS,
      maxNesting: limits.maxNesting ?? MAX_NESTING,
      maxValues: limits.maxValues ?? MAX_VALUES,
    };
    const order = bytes.length < 8 ? '' : String.fromCharCode(bytes[0], bytes[1]);
    if (order !== 'II' && order !== 'MM') throw new TiffError('not a TIFF stream', { offset: 0 });
    this.littleEndian = order === 'II';
    const magic = this.view.getUint16(2, this.littleEndian);
    if (magic !== 42 && magic !== 43)
      throw new TiffError(`TIFF magic is 42 or 43, not ${magic}`, { offset: 2 });
    this.bigTiff = magic === 43;
    if (this.bigTiff && (bytes.length < 16 || this.view.getUint16(4, this.littleEndian) !== 8)) {
      throw new TiffError('BigTIFF header with offsets of other than 8 bytes', { offset: 4 });
    }
    const chain: TiffIfd[] = [this.readIfd(this.readOffset(this.bigTiff ? 8 : 4), [])];
    this.ifds = chain;
    try {
      for (let next = chain[0].nextOffset; next !== 0; next = chain[chain.length - 1].nextOffset) {
        if (chain.some((ifd) => ifd.offset === next)) {
          throw new TiffError('chain of directories is a circle', { offset: next });
        }
        chain.push(this.readIfd(next, []));
      }
    } catch (error) {
      if (!(error instanceof TiffError)) throw error;
      this.brokenChain = error;
    }
  }

  /** The offset that stands at a place, 4 or (BigTIFF) 8 bytes; NaN-free and at most 2⁵³. */
  readOffset(at: number): number {
    if (!this.bigTiff) return this.view.getUint32(at, this.littleEndian);
    const value = this.view.getBigUint64(at, this.littleEndian);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
      throw new TiffError('64-bit offset or count beyond 2⁵³', { offset: at });
    }
    return Number(value);
  }

  /** Reads the directory at an offset; `ancestors` are the offsets of those that contain it. */
  readIfd(offset: number, ancestors: readonly number[], tag?: number): TiffIfd {
    if (ancestors.includes(offset)) throw new TiffError('directory contains itself', { offset, tag });
    if (ancestors.length > this.limits.maxNesting) {
      throw new TiffError(`directories nested deeper than ${this.limits.maxNesting}`, { offset, tag });
    }
    if (++this.#ifdCount > this.limits.maxIfds) {
      throw new TiffError(`more than ${this.limits.maxIfds} directories`, { offset, tag });
    }
    return new TiffIfd(this, offset, ancestors);
  }
}

/**
 * Parses a TIFF or BigTIFF stream of either byte order. Directories of the main chain are read at once,
 * sub-directories and values when asked for.
 *
 * @param bytes the whole stream; it is not copied, and views of it are handed out.
 * @throws TiffError where the header or the first directory is broken.
 */
export function readTiff(bytes: Uint8Array, options: { readonly limits?: TiffLimits } = {}): TiffFile {
  return new TiffFile(bytes, options.limits ?? {});
}
