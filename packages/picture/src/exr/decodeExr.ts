import { decompressBlock } from './blocks.js';
import { ExrBytes } from './ExrBytes.js';
import { type ExrChromaticities, type ExrWindow, SAMPLE_BYTES } from './format.js';
import { halfValues } from './half.js';
import { type ExrHeader, readHeader } from './header.js';

/** Most samples of the wanted channels together: 1 GiB as floats. */
const MAX_SAMPLES = 2 ** 28;
/**
 * Most bytes of pixels per byte of file: deflate reaches 1032, the others less. A header that promises more lies, and
 * no memory is spent on it.
 */
const MAX_EXPANSION = 1100;
/** Bytes of a block's own head: y and length, or a tile's four coordinates and length. */
const ROW_HEAD_BYTES = 8;
const TILE_HEAD_BYTES = 20;

/** A decoded OpenEXR picture. */
export interface ExrPicture {
  /** Columns of the data window. */
  readonly width: number;
  /** Rows of the data window. */
  readonly height: number;
  /** `width * height` samples by the channel's name, rows top to bottom; integers above 2^24 are rounded. */
  readonly channels: ReadonlyMap<string, Float32Array>;
  /** The primaries and white that the file states; without them they are Rec.709's. */
  readonly chromaticities?: ExrChromaticities;
  /** Where the samples lie. */
  readonly dataWindow: ExrWindow;
  /** What is to be shown. */
  readonly displayWindow: ExrWindow;
}

/** How to read an OpenEXR file. */
export interface ExrReadOptions {
  /** The file's name, for messages. */
  readonly file?: string;
  /** Which channels are wanted; default all. */
  readonly wanted?: (channel: string) => boolean;
}

/** A block's place in the picture. */
interface Place {
  readonly left: number;
  readonly top: number;
  readonly columns: number;
  readonly rows: number;
}

/** Puts blocks into the channels' planes. */
class Planes {
  readonly #header: ExrHeader;
  readonly #planes: readonly (Float32Array | undefined)[];

  constructor(header: ExrHeader, wanted: (channel: string) => boolean) {
    this.#header = header;
    const samples = header.width * header.height;
    this.#planes = header.channels.map(({ name }) => (wanted(name) ? new Float32Array(samples) : undefined));
  }

  put(pixels: Uint8Array, { left, top, columns, rows }: Place): void {
    const view = new DataView(pixels.buffer, pixels.byteOffset, pixels.byteLength);
    const halves = halfValues();
    let from = 0;
    for (let row = 0; row < rows; row++)
      for (const [i, { type }] of this.#header.channels.entries()) {
        const plane = this.#planes[i];
        const to = (top + row) * this.#header.width + left;
        const bytes = SAMPLE_BYTES[type];
        if (plane === undefined) from += bytes * columns;
        else if (type === 'half')
          for (let x = 0; x < columns; x++, from += 2) plane[to + x] = halves[view.getUint16(from, true)];
        else if (type === 'float')
          for (let x = 0; x < columns; x++, from += 4) plane[to + x] = view.getFloat32(from, true);
        else for (let x = 0; x < columns; x++, from += 4) plane[to + x] = view.getUint32(from, true);
      }
  }

  byName(): Map<string, Float32Array> {
    const named = new Map<string, Float32Array>();
    for (const [i, { name }] of this.#header.channels.entries()) {
      const plane = this.#planes[i];
      if (plane !== undefined) named.set(name, plane);
    }
    return named;
  }
}

/** Where the offset table says that block `index` lies. */
function blockOffset(file: ExrBytes, header: ExrHeader, index: number): number {
  const at = header.end + 8 * index;
  const offset = Number(file.view.getBigUint64(at, true));
  if (offset === 0)
    throw file.error('offset table', `block ${index} was never written; the file is incomplete.`, at);
  return offset;
}

function readRows(file: ExrBytes, header: ExrHeader, planes: Planes): void {
  const { width, height, dataWindow, compression, channels, bytesPerPixel } = header;
  const blocks = Math.ceil(height / compression.rows);
  file.need('offset table', header.end, 8 * blocks);
  const seen = new Uint8Array(blocks);
  for (let i = 0; i < blocks; i++) {
    const at = blockOffset(file, header, i);
    const top = file.int32('block', at) - dataWindow.top;
    // Rows may lie in any order; each block says where it belongs.
    const index = top / compression.rows;
    if (!(Number.isInteger(index) && index >= 0 && index < blocks) || seen[index] === 1)
      throw file.error('block', `it says that it begins at row ${top}; the file is damaged.`, at);
    seen[index] = 1;
    const place = { left: 0, top, columns: width, rows: Math.min(compression.rows, height - top) };
    const length = file.int32('block', at + 4);
    const offset = at + ROW_HEAD_BYTES;
    file.need('block', offset, length);
    const size = width * place.rows * bytesPerPixel;
    planes.put(decompressBlock(file, compression.name, { offset, length, ...place }, channels, size), place);
  }
}

function readTiles(file: ExrBytes, header: ExrHeader, tile: NonNullable<ExrHeader['tiles']>, planes: Planes) {
  const { width, height, compression, channels, bytesPerPixel } = header;
  const [across, down] = [Math.ceil(width / tile.width), Math.ceil(height / tile.height)];
  // The tiles of the full size come first in the table; those of smaller levels are left alone.
  file.need('offset table', header.end, 8 * across * down);
  const seen = new Uint8Array(across * down);
  for (let i = 0; i < across * down; i++) {
    const at = blockOffset(file, header, i);
    const [column, row, levelX, levelY] = [0, 4, 8, 12].map((each) => file.int32('tile', at + each));
    const inside = column >= 0 && column < across && row >= 0 && row < down && levelX === 0 && levelY === 0;
    if (!inside || seen[row * across + column] === 1)
      throw file.error('tile', `it says that it is tile ${column}, ${row}; the file is damaged.`, at);
    seen[row * across + column] = 1;
    const [left, top] = [column * tile.width, row * tile.height];
    const place = {
      left,
      top,
      columns: Math.min(tile.width, width - left),
      rows: Math.min(tile.height, height - top),
    };
    const length = file.int32('tile', at + 16);
    const offset = at + TILE_HEAD_BYTES;
    file.need('tile', offset, length);
    const size = place.columns * place.rows * bytesPerPixel;
    planes.put(decompressBlock(file, compression.name, { offset, length, ...place }, channels, size), place);
  }
}

/**
 * Reads a single-part OpenEXR file, by rows or tiled: half, float and unsigned samples, uncompressed or as RLE, ZIPS,
 * ZIP, PIZ or PXR24. Samples are given as they are, NaN and infinity included.
 *
 * @throws {PictureError} for a file that is damaged, too large, or of a kind that is not read (deep, multi-part, B44, DWA)
 */
export function decodeExr(bytes: Uint8Array, { file, wanted = () => true }: ExrReadOptions = {}): ExrPicture {
  const reader = new ExrBytes(bytes, file);
  const header = readHeader(reader);
  const { width, height, bytesPerPixel, chromaticities, dataWindow, displayWindow } = header;
  const samples = header.channels.filter(({ name }) => wanted(name)).length * width * height;
  if (samples > MAX_SAMPLES)
    throw reader.error('dataWindow', `${samples} samples are more than is read.`, undefined, {
      allowed: `up to ${MAX_SAMPLES}`,
    });
  if (width * height * bytesPerPixel > bytes.length * MAX_EXPANSION)
    throw reader.error(
      'dataWindow',
      `${width} × ${height} pixels can't be in ${bytes.length} bytes; the file is cut off or damaged.`,
    );
  const planes = new Planes(header, wanted);
  if (header.tiles === undefined) readRows(reader, header, planes);
  else readTiles(reader, header, header.tiles, planes);
  return {
    width,
    height,
    channels: planes.byName(),
    ...(chromaticities !== undefined && { chromaticities }),
    dataWindow,
    displayWindow,
  };
}
