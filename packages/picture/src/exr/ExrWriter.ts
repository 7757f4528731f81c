import { zlibSync } from 'fflate';
import { ascii, joinChunks } from '../bytes.js';
import { PictureError } from '../PictureError.js';
import {
  COMPRESSIONS,
  EXR_MAGIC,
  EXR_VERSION,
  type ExrChromaticities,
  type ExrSampleType,
  SAMPLE_BYTES,
  SAMPLE_TYPES,
} from './format.js';
import { halfBits } from './half.js';

/** Longest channel name that readers of the format's first edition know. */
const MAX_NAME_BYTES = 31;
/** Widest and highest picture that is written; what {@link decodeExr} reads. */
const MAX_SIDE = 2 ** 20;

/** A channel to be written. */
export interface ExrChannelSpec {
  /** Up to 31 printable ASCII characters; a dot parts layers (`motion.x`). */
  readonly name: string;
  readonly type: ExrSampleType;
}

/** What is to be written. */
export interface ExrDescription {
  readonly width: number;
  readonly height: number;
  /** In any order; the file has them by name. */
  readonly channels: readonly ExrChannelSpec[];
  /** `zip` is smaller, `none` some forty times faster. */
  readonly compression: 'none' | 'zip';
  /** Primaries and white of R, G, B; without them readers take them for Rec.709. */
  readonly chromaticities?: ExrChromaticities;
  /** Text for people, in the header. */
  readonly comments?: string;
}

/** A channel's samples of some rows, wherever they lie. */
export interface ExrSamples {
  readonly samples: ArrayLike<number>;
  /** Index of the first; default 0. */
  readonly start?: number;
  /** Distance of two samples in a row; default 1. A row begins `width * stride` after the one before. */
  readonly stride?: number;
}

/** Takes bytes for a place in the file; they are used again afterwards, so it has to write or copy them at once. */
export type ExrSink = (bytes: Uint8Array, position: number) => void;

function attribute(name: string, type: string, value: Uint8Array): Uint8Array[] {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setInt32(0, value.length, true);
  return [ascii(`${name}\0${type}\0`), length, value];
}

function int32s(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of values.entries()) view.setInt32(4 * i, value, true);
  return bytes;
}

function float32s(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of values.entries()) view.setFloat32(4 * i, value, true);
  return bytes;
}

function channelList(channels: readonly ExrChannelSpec[]): Uint8Array {
  const entries = channels.flatMap(({ name, type }) => [
    ascii(`${name}\0`),
    // Sample type, "linear" flag with reserve, sampled at every column and row.
    int32s(SAMPLE_TYPES.indexOf(type), 0, 1, 1),
  ]);
  return joinChunks([...entries, new Uint8Array(1)]);
}

function headerBytes(
  { width, height, chromaticities, comments }: ExrDescription,
  channels: readonly ExrChannelSpec[],
  compression: number,
): Uint8Array {
  const window = int32s(0, 0, width - 1, height - 1);
  const primaries = chromaticities && [
    ...chromaticities.red,
    ...chromaticities.green,
    ...chromaticities.blue,
    ...chromaticities.white,
  ];
  return joinChunks([
    int32s(EXR_MAGIC, EXR_VERSION),
    ...attribute('channels', 'chlist', channelList(channels)),
    ...(primaries === undefined ? [] : attribute('chromaticities', 'chromaticities', float32s(...primaries))),
    ...(comments === undefined ? [] : attribute('comments', 'string', new TextEncoder().encode(comments))),
    ...attribute('compression', 'compression', Uint8Array.of(compression)),
    ...attribute('dataWindow', 'box2i', window),
    ...attribute('displayWindow', 'box2i', window),
    // Rows from the top.
    ...attribute('lineOrder', 'lineOrder', Uint8Array.of(0)),
    ...attribute('pixelAspectRatio', 'float', float32s(1)),
    ...attribute('screenWindowCenter', 'v2f', float32s(0, 0)),
    ...attribute('screenWindowWidth', 'float', float32s(1)),
    new Uint8Array(1),
  ]);
}

function check({ width, height, channels }: ExrDescription): void {
  for (const [field, side] of Object.entries({ width, height }))
    if (!(Number.isInteger(side) && side >= 1 && side <= MAX_SIDE))
      throw new PictureError(field, `${side} is not possible.`, { allowed: `1 to ${MAX_SIDE}` });
  const names = channels.map(({ name }) => name);
  if (names.length === 0 || new Set(names).size !== names.length)
    throw new PictureError('channels', 'at least one is needed, and each name once.');
  for (const name of names)
    if (!/^[\x21-\x7e]+$/.test(name) || name.length > MAX_NAME_BYTES)
      throw new PictureError('channels', `${JSON.stringify(name)} can't be a channel's name.`, {
        allowed: `1 to ${MAX_NAME_BYTES} printable ASCII characters`,
      });
}

/** ZIP: bytes of even places before those of odd places, then each less the one before it, deflated. */
function zip(pixels: Uint8Array): Uint8Array {
  const size = pixels.length;
  const odd = (size + 1) >> 1;
  const sorted = new Uint8Array(size);
  for (let i = 0, j = 0; i < size; i += 2, j++) {
    sorted[j] = pixels[i];
    if (i + 1 < size) sorted[odd + j] = pixels[i + 1];
  }
  for (let i = size - 1; i > 0; i--) sorted[i] -= sorted[i - 1] - 128;
  const packed = zlibSync(sorted);
  // A block that does not become smaller is stored as it is; readers know it by its length.
  return packed.length < size ? packed : pixels;
}

/**
 * Writes an OpenEXR file (single part, scan lines, rows from the top) band by band: rows are handed in as they come,
 * and go to the sink at once. The same samples give the same bytes.
 */
export class ExrWriter {
  readonly #sink: ExrSink;
  readonly #description: ExrDescription;
  readonly #channels: readonly ExrChannelSpec[];
  readonly #blockRows: number;
  readonly #rowBytes: number;
  /** Positions of the blocks, as in the file. */
  readonly #offsets: BigUint64Array;
  readonly #tablePosition: number;
  /** Rows of the block that is being filled, with the block's head. */
  readonly #block: Uint8Array;
  readonly #view: DataView;
  #position: number;
  #rows = 0;

  /** @throws {PictureError} for a size or a channel name that is not possible */
  constructor(description: ExrDescription, sink: ExrSink) {
    check(description);
    const { width, height, compression } = description;
    this.#sink = sink;
    this.#description = description;
    this.#channels = [...description.channels].sort((a, b) => (a.name < b.name ? -1 : 1));
    const number = COMPRESSIONS.findIndex(({ name }) => name.toLowerCase() === compression);
    this.#blockRows = COMPRESSIONS[number].rows;
    this.#rowBytes = width * this.#channels.reduce((sum, { type }) => sum + SAMPLE_BYTES[type], 0);
    this.#offsets = new BigUint64Array(Math.ceil(height / this.#blockRows));
    this.#block = new Uint8Array(8 + this.#rowBytes * this.#blockRows);
    this.#view = new DataView(this.#block.buffer);
    const header = headerBytes(description, this.#channels, number);
    this.#tablePosition = header.length;
    this.#position = header.length + this.#offsets.byteLength;
    sink(header, 0);
    // Until the end the table is empty, which tells readers that the file is incomplete.
    sink(new Uint8Array(this.#offsets.byteLength), this.#tablePosition);
  }

  /**
   * Writes the next rows.
   * @param channels samples by channel name; every channel of the description
   * @throws {PictureError} where a channel is missing or too short, or there are more rows than the picture has
   */
  write(rows: number, channels: Readonly<Record<string, ExrSamples>>): void {
    const { width, height } = this.#description;
    if (!(Number.isInteger(rows) && rows >= 0 && this.#rows + rows <= height))
      throw new PictureError('rows', `${rows} more than ${this.#rows} of ${height} are not possible.`);
    const sources = this.#channels.map(({ name, type }) => {
      const { samples, start = 0, stride = 1 } = channels[name] ?? { samples: [] };
      if (rows > 0 && start + (rows * width - 1) * stride >= samples.length)
        throw new PictureError(`channel ${name}`, `it has not enough samples for ${rows} rows.`);
      return { samples, start, stride, type };
    });
    for (let row = 0; row < rows; row++) {
      let to = 8 + (this.#rows % this.#blockRows) * this.#rowBytes;
      for (const { samples, start, stride, type } of sources) {
        const from = start + row * width * stride;
        to = this.#putRow(samples, from, stride, type, to);
      }
      this.#rows++;
      if (this.#rows % this.#blockRows === 0 || this.#rows === height) this.#writeBlock();
    }
  }

  #putRow(samples: ArrayLike<number>, from: number, stride: number, type: ExrSampleType, to: number): number {
    const view = this.#view;
    const end = from + this.#description.width * stride;
    if (type === 'half')
      for (let i = from; i < end; i += stride, to += 2) view.setUint16(to, halfBits(samples[i]), true);
    else if (type === 'float')
      for (let i = from; i < end; i += stride, to += 4) view.setFloat32(to, samples[i], true);
    else for (let i = from; i < end; i += stride, to += 4) view.setUint32(to, samples[i], true);
    return to;
  }

  #writeBlock(): void {
    const index = Math.floor((this.#rows - 1) / this.#blockRows);
    const first = index * this.#blockRows;
    const size = (this.#rows - first) * this.#rowBytes;
    this.#offsets[index] = BigInt(this.#position);
    this.#view.setInt32(0, first, true);
    if (this.#description.compression === 'none') {
      this.#view.setInt32(4, size, true);
      this.#put(this.#block.subarray(0, 8 + size));
      return;
    }
    const packed = zip(this.#block.subarray(8, 8 + size));
    this.#view.setInt32(4, packed.length, true);
    this.#put(this.#block.subarray(0, 8));
    this.#put(packed);
  }

  #put(bytes: Uint8Array): void {
    this.#sink(bytes, this.#position);
    this.#position += bytes.length;
  }

  /**
   * Completes the file.
   * @returns its length in bytes
   * @throws {PictureError} where rows are missing
   */
  finish(): number {
    const { height } = this.#description;
    if (this.#rows !== height)
      throw new PictureError('rows', `${this.#rows} of ${height} were written; the picture is incomplete.`);
    const table = new Uint8Array(this.#offsets.byteLength);
    const view = new DataView(table.buffer);
    for (const [i, offset] of this.#offsets.entries()) view.setBigUint64(8 * i, offset, true);
    this.#sink(table, this.#tablePosition);
    return this.#position;
  }
}
