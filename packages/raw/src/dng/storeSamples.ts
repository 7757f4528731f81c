import { Tag, type TiffData, type TiffField } from '@photosite/tiff';
import { zlibSync } from 'fflate';
import { encodeLosslessJpeg } from '../codecs/lossless-jpeg.js';
import { Predictor } from '../codecs/tile-samples.js';
import type { RawFrame } from '../RawFrame.js';
import { COMPRESSION, HOST_LITTLE_ENDIAN, SAMPLE_FORMAT } from './layout.js';

/** How a DNG's samples are stored. */
export interface StoreOptions {
  /**
   * `lossless-jpeg` for integers (their default), `deflate` for floats (theirs), or `none`. Of floats, RawTherapee 5.9
   * reads mosaics only, and LibRaw 0.20 only deflated ones, where it was built with zlib.
   */
  readonly compression?: 'none' | 'lossless-jpeg' | 'deflate';
  /**
   * Edge of the square compressed tiles in photosites, a multiple of 16. Default 256. Uncompressed samples are one
   * strip, since RawTherapee 5.9 and LibRaw 0.20 misread uncompressed tiles.
   */
  readonly tileSize?: number;
}

/** Edge of a compressed tile where the caller asks for none. */
const DEFAULT_TILE_SIZE = 256;

const short = (tag: number, ...values: number[]): TiffField => ({ tag, type: 'short', values });
const long = (tag: number, ...values: number[]): TiffField => ({ tag, type: 'long', values });

/** The blocks that hold a frame's samples, and the fields that say how. */
export interface StoredSamples {
  readonly fields: readonly TiffField[];
  readonly data: TiffData;
}

function maximum(samples: Uint16Array): number {
  let max = 0;
  for (let i = 0; i < samples.length; i++) if (samples[i] > max) max = samples[i];
  return max;
}

/**
 * Copies a tile out of the samples. Beyond the picture's edge it repeats the last whole colour pattern, which costs
 * the compressor next to nothing.
 */
function cutTile<T extends Uint16Array | Float32Array>(
  frame: RawFrame,
  samples: T,
  tile: T,
  tileSize: number,
  tileTop: number,
  tileLeft: number,
): void {
  const { width, height, samplesPerPixel: planes } = frame;
  const [periodV, periodH] = [frame.cfa?.height ?? 1, frame.cfa?.width ?? 1];
  const inside = (at: number, end: number, period: number) =>
    at < end ? at : Math.max(0, at - period * Math.ceil((at - end + 1) / period));
  const columns = Math.min(tileSize, width - tileLeft);
  for (let row = 0; row < tileSize; row++) {
    const from = inside(tileTop + row, height, periodV) * width * planes;
    const to = row * tileSize * planes;
    tile.set(samples.subarray(from + tileLeft * planes, from + (tileLeft + columns) * planes), to);
    for (let column = columns; column < tileSize; column++) {
      const source = from + inside(tileLeft + column, width, periodH) * planes;
      for (let plane = 0; plane < planes; plane++) {
        tile[to + column * planes + plane] = samples[source + plane];
      }
    }
  }
}

function asBytes({ buffer, byteOffset, byteLength }: Uint16Array | Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function storeUncompressed({ samples, height, samplesPerPixel: planes }: RawFrame): StoredSamples {
  const bits = samples.BYTES_PER_ELEMENT * 8;
  const format = samples instanceof Float32Array ? SAMPLE_FORMAT.float : SAMPLE_FORMAT.unsigned;
  return {
    fields: [
      long(Tag.RowsPerStrip, height),
      short(Tag.Compression, COMPRESSION.none),
      short(Tag.BitsPerSample, ...new Array<number>(planes).fill(bits)),
      short(Tag.SampleFormat, ...new Array<number>(planes).fill(format)),
    ],
    data: { offsetsTag: Tag.StripOffsets, byteCountsTag: Tag.StripByteCounts, blocks: [asBytes(samples)] },
  };
}

/** Each tile's samples, coded; the tile's array is used again for the next. */
function codeTiles<T extends Uint16Array | Float32Array>(
  frame: RawFrame,
  samples: T,
  tile: T,
  tileSize: number,
  code: (tile: T) => Uint8Array,
): Pick<StoredSamples, 'data' | 'fields'> {
  const blocks: Uint8Array[] = [];
  for (let top = 0; top < frame.height; top += tileSize) {
    for (let left = 0; left < frame.width; left += tileSize) {
      cutTile(frame, samples, tile, tileSize, top, left);
      blocks.push(code(tile));
    }
  }
  return {
    data: { offsetsTag: Tag.TileOffsets, byteCountsTag: Tag.TileByteCounts, blocks },
    fields: [long(Tag.TileWidth, tileSize), long(Tag.TileLength, tileSize)],
  };
}

function storeLosslessJpeg(frame: RawFrame, samples: Uint16Array, tileSize: number): StoredSamples {
  const planes = frame.samplesPerPixel;
  if (planes > 4) throw new RangeError(`A lossless JPEG holds at most 4 planes, not ${planes}`);
  // A mosaic's columns alternate between two colours: as two components each is predicted from its own kind.
  const components = planes === 1 ? 2 : planes;
  const columns = (tileSize * planes) / components;
  const bits = Math.max(8, frame.bitsPerSample, 32 - Math.clz32(maximum(samples)));
  const { data, fields } = codeTiles(
    frame,
    samples,
    new Uint16Array(tileSize * tileSize * planes),
    tileSize,
    (tile) => encodeLosslessJpeg(tile, columns, tileSize, components, bits),
  );
  return {
    data,
    fields: [
      ...fields,
      short(Tag.Compression, COMPRESSION.jpeg),
      short(Tag.BitsPerSample, ...new Array<number>(planes).fill(bits)),
    ],
  };
}

/**
 * The floating-point predictor (Adobe Photoshop TIFF Technical Note 3): a row's bytes by significance, each but the
 * first `distance` less the one `distance` before it.
 */
function predictFloats(tile: Float32Array, rowLength: number, distance: number): Uint8Array {
  const view = new DataView(tile.buffer, tile.byteOffset, tile.byteLength);
  const bytes = new Uint8Array(tile.byteLength);
  const rowBytes = rowLength * 4;
  for (let start = 0; start < bytes.length; start += rowBytes) {
    const row = bytes.subarray(start, start + rowBytes);
    for (let i = 0; i < rowLength; i++) {
      const word = view.getUint32(start + 4 * i, HOST_LITTLE_ENDIAN);
      for (let plane = 0; plane < 4; plane++) row[plane * rowLength + i] = word >>> (24 - 8 * plane);
    }
    for (let i = rowBytes - 1; i >= distance; i--) row[i] -= row[i - distance];
  }
  return bytes;
}

function storeDeflated(frame: RawFrame, samples: Float32Array, tileSize: number): StoredSamples {
  const planes = frame.samplesPerPixel;
  // As with lossless JPEG, a mosaic's photosite is predicted from its own colour's neighbour.
  const predictor = planes === 1 ? Predictor.floatX2 : Predictor.float;
  const distance = planes === 1 ? 2 : planes;
  const tile = new Float32Array(tileSize * tileSize * planes);
  const { data, fields } = codeTiles(frame, samples, tile, tileSize, (each) =>
    zlibSync(predictFloats(each, tileSize * planes, distance)),
  );
  return {
    data,
    fields: [
      ...fields,
      short(Tag.Compression, COMPRESSION.deflate),
      short(Tag.Predictor, predictor),
      short(Tag.BitsPerSample, ...new Array<number>(planes).fill(32)),
      short(Tag.SampleFormat, ...new Array<number>(planes).fill(SAMPLE_FORMAT.float)),
    ],
  };
}

/**
 * Stores a frame's samples.
 *
 * @throws RangeError where the compression does not fit the samples
 */
export function storeSamples(frame: RawFrame, options: StoreOptions): StoredSamples {
  const { samples } = frame;
  const { compression = samples instanceof Float32Array ? 'deflate' : 'lossless-jpeg' } = options;
  const { tileSize = DEFAULT_TILE_SIZE } = options;
  if (!(Number.isInteger(tileSize) && tileSize > 0 && tileSize % 16 === 0)) {
    throw new RangeError(`A tile size is a multiple of 16, not ${tileSize}`);
  }
  if (compression === 'none') return storeUncompressed(frame);
  if (samples instanceof Float32Array) {
    if (compression === 'deflate') return storeDeflated(frame, samples, tileSize);
    throw new RangeError('Float samples are stored deflated or uncompressed: lossless JPEG holds integers');
  }
  if (compression === 'lossless-jpeg') return storeLosslessJpeg(frame, samples, tileSize);
  throw new RangeError('Integer samples are stored as lossless JPEG or uncompressed: DNG deflates floats');
}
