import type { ExrBytes } from './ExrBytes.js';
import {
  COMPRESSIONS,
  type Compression,
  EXR_MAGIC,
  EXR_VERSION,
  type ExrChromaticities,
  type ExrSampleType,
  type ExrWindow,
  SAMPLE_BYTES,
  SAMPLE_TYPES,
  VERSION_FLAG,
} from './format.js';

/** Most attributes of a header; files have some tens. */
const MAX_ATTRIBUTES = 1024;
/** Most channels of a picture; renderers write some tens. */
const MAX_CHANNELS = 256;
/** Longest name that the format allows. */
const MAX_NAME_BYTES = 255;
/** Widest and highest picture. */
const MAX_SIDE = 2 ** 20;
/** Largest coordinate of a window, far from the edge of 32 bits. */
const MAX_COORDINATE = 2 ** 30;
/** Most pixels of a picture. */
const MAX_PIXELS = 2 ** 28;

/** A channel as the header describes it. */
export interface ExrChannel {
  readonly name: string;
  readonly type: ExrSampleType;
}

/** How a tiled file is cut. */
interface Tiling {
  readonly width: number;
  readonly height: number;
}

/** What a header says, checked. */
export interface ExrHeader {
  readonly channels: readonly ExrChannel[];
  readonly compression: Compression;
  readonly dataWindow: ExrWindow;
  readonly displayWindow: ExrWindow;
  readonly width: number;
  readonly height: number;
  readonly chromaticities?: ExrChromaticities;
  readonly tiles?: Tiling;
  /** Sum of the channels' sample bytes. */
  readonly bytesPerPixel: number;
  /** Where the header ends and the offset table begins. */
  readonly end: number;
}

interface Attribute {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
}

function readVersion(file: ExrBytes): { readonly tiled: boolean } {
  if (file.uint32('magic number', 0) !== EXR_MAGIC)
    throw file.error(
      'magic number',
      'this is no OpenEXR file. Choose a file that a program saved as .exr.',
      0,
    );
  const version = file.uint32('version', 4);
  if ((version & 0xff) !== EXR_VERSION)
    throw file.error('version', `version ${version & 0xff} is unknown; version ${EXR_VERSION} is read.`, 4);
  if (version & VERSION_FLAG.deep)
    throw file.error(
      'version',
      'deep pictures are not read. Flatten it and save it as a single-part file.',
      4,
    );
  if (version & VERSION_FLAG.multipart)
    throw file.error('version', 'multi-part files are not read. Save the part as a file of its own.', 4);
  const known = 0xff | VERSION_FLAG.tiled | VERSION_FLAG.longNames;
  if ((version & ~known) !== 0)
    throw file.error('version', `the flags 0x${version.toString(16)} are unknown; the file is damaged.`, 4);
  return { tiled: (version & VERSION_FLAG.tiled) !== 0 };
}

function readAttributes(file: ExrBytes): {
  readonly attributes: Map<string, Attribute>;
  readonly end: number;
} {
  const attributes = new Map<string, Attribute>();
  let at = 8;
  while (file.byte('header', at) !== 0) {
    if (attributes.size === MAX_ATTRIBUTES)
      throw file.error('header', `more than ${MAX_ATTRIBUTES} attributes; the file is damaged.`, at);
    const { text: name, end: nameEnd } = file.text('attribute name', at, MAX_NAME_BYTES);
    const { text: type, end: typeEnd } = file.text('attribute type', nameEnd, MAX_NAME_BYTES);
    const field = `attribute ${JSON.stringify(name)}`;
    const length = file.int32(field, typeEnd);
    const offset = typeEnd + 4;
    file.need(field, offset, length);
    if (attributes.has(name)) throw file.error(field, 'it stands twice in the header.', at);
    attributes.set(name, { type, offset, length });
    at = offset + length;
  }
  return { attributes, end: at + 1 };
}

/** Reads what the attributes hold, each checked for its type and size. */
class Attributes {
  readonly #file: ExrBytes;
  readonly #attributes: ReadonlyMap<string, Attribute>;

  constructor(file: ExrBytes, attributes: ReadonlyMap<string, Attribute>) {
    this.#file = file;
    this.#attributes = attributes;
  }

  find(name: string, type: string, length?: number): Attribute | undefined {
    const attribute = this.#attributes.get(name);
    if (attribute === undefined) return undefined;
    if (attribute.type !== type || (length !== undefined && attribute.length !== length))
      throw this.#file.error(
        name,
        `${attribute.length} bytes of type ${attribute.type} where ${length ?? 'some'} of ${type} are expected.`,
        attribute.offset,
      );
    return attribute;
  }

  need(name: string, type: string, length?: number): Attribute {
    const attribute = this.find(name, type, length);
    if (attribute === undefined) throw this.#file.error(name, 'the header lacks it; the file is damaged.');
    return attribute;
  }

  window(name: string): ExrWindow {
    const { offset } = this.need(name, 'box2i', 16);
    const value = (i: number): number => this.#file.int32(name, offset + 4 * i);
    const window = { left: value(0), top: value(1), right: value(2), bottom: value(3) };
    const sane = Object.values(window).every((coordinate) => Math.abs(coordinate) <= MAX_COORDINATE);
    if (!sane || window.right < window.left || window.bottom < window.top)
      throw this.#file.error(
        name,
        `it goes from ${window.left}, ${window.top} to ${window.right}, ${window.bottom}, which is no picture.`,
        offset,
      );
    return window;
  }

  compression(): Compression {
    const { offset } = this.need('compression', 'compression', 1);
    const number = this.#file.byte('compression', offset);
    const compression = COMPRESSIONS[number];
    if (compression === undefined)
      throw this.#file.error('compression', `number ${number} is unknown.`, offset);
    if (number > 5)
      throw this.#file.error(
        'compression',
        `${compression.name} is not read. Save the file with ZIP or PIZ compression.`,
        offset,
        { allowed: 'none, RLE, ZIPS, ZIP, PIZ, PXR24' },
      );
    return compression;
  }

  chromaticities(): ExrChromaticities | undefined {
    const attribute = this.find('chromaticities', 'chromaticities', 32);
    if (attribute === undefined) return undefined;
    const pair = (i: number): readonly [number, number] => {
      const at = attribute.offset + 8 * i;
      return [this.#file.float32('chromaticities', at), this.#file.float32('chromaticities', at + 4)];
    };
    const all = [pair(0), pair(1), pair(2), pair(3)] as const;
    // ACES' blue primary has a y below 0; the white's y is divided by.
    if (!all.flat().every((value) => Number.isFinite(value) && Math.abs(value) <= 4) || !(all[3][1] > 0.01))
      throw this.#file.error('chromaticities', 'they are no colours; the file is damaged.', attribute.offset);
    return { red: all[0], green: all[1], blue: all[2], white: all[3] };
  }

  channels(): ExrChannel[] {
    const { offset, length } = this.need('channels', 'chlist');
    const end = offset + length;
    const channels: ExrChannel[] = [];
    let at = offset;
    while (at < end && this.#file.byte('channels', at) !== 0) {
      if (channels.length === MAX_CHANNELS)
        throw this.#file.error('channels', `more than ${MAX_CHANNELS} are not read.`, at);
      const { text: name, end: next } = this.#file.text('channels', at, MAX_NAME_BYTES);
      const field = `channel ${JSON.stringify(name)}`;
      at = next;
      const number = this.#file.int32(field, at);
      const type = SAMPLE_TYPES[number];
      if (type === undefined)
        throw this.#file.error(field, `sample type ${number} is unknown.`, at, { allowed: '0 to 2' });
      // Four bytes of "linear" flag and reserve lie between the type and the sampling.
      const [across, down] = [this.#file.int32(field, at + 8), this.#file.int32(field, at + 12)];
      if (across !== 1 || down !== 1)
        throw this.#file.error(
          field,
          `it is sampled every ${across} × ${down} pixels; only full channels are read. Save the file as RGB.`,
          at + 8,
        );
      if (channels.some((other) => other.name === name))
        throw this.#file.error(field, 'it stands twice.', at);
      channels.push({ name, type });
      at += 16;
    }
    if (at !== end - 1) throw this.#file.error('channels', 'the list does not end where it should.', at);
    if (channels.length === 0) throw this.#file.error('channels', 'the picture has none.', offset);
    return channels;
  }

  tiles(): Tiling {
    const { offset } = this.need('tiles', 'tiledesc', 9);
    const [width, height] = [this.#file.uint32('tiles', offset), this.#file.uint32('tiles', offset + 4)];
    if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE)
      throw this.#file.error('tiles', `tiles of ${width} × ${height} are not possible.`, offset, {
        allowed: `1 to ${MAX_SIDE}`,
      });
    return { width, height };
  }
}

/** Reads and checks a single-part header. */
export function readHeader(file: ExrBytes): ExrHeader {
  const { tiled } = readVersion(file);
  const { attributes: found, end } = readAttributes(file);
  const attributes = new Attributes(file, found);
  const channels = attributes.channels();
  const dataWindow = attributes.window('dataWindow');
  const width = dataWindow.right - dataWindow.left + 1;
  const height = dataWindow.bottom - dataWindow.top + 1;
  if (width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS)
    throw file.error('dataWindow', `${width} × ${height} pixels are more than is read.`, undefined, {
      allowed: `${MAX_SIDE} a side, ${MAX_PIXELS} in all`,
    });
  const chromaticities = attributes.chromaticities();
  return {
    channels,
    compression: attributes.compression(),
    dataWindow,
    displayWindow: attributes.window('displayWindow'),
    width,
    height,
    ...(chromaticities !== undefined && { chromaticities }),
    ...(tiled && { tiles: attributes.tiles() }),
    bytesPerPixel: channels.reduce((sum, { type }) => sum + SAMPLE_BYTES[type], 0),
    end,
  };
}
