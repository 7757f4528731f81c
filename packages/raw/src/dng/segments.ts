import { decodeBaselineJpeg } from '../codecs/baseline-jpeg.js';
import { inflate } from '../codecs/deflate.js';
import type { JpegXlDecoder } from '../codecs/jpeg-xl.js';
import { decodeLosslessJpeg } from '../codecs/lossless-jpeg.js';
import { unpackBits } from '../codecs/packed-bits.js';
import { checkPlacement, type TilePlacement } from '../codecs/TilePlacement.js';
import { placeTileSamples } from '../codecs/tile-samples.js';
import { decodeVc5 } from '../codecs/vc5.js';
import { RawFileError } from '../RawFileError.js';
import {
  COMPRESSION,
  compressionName,
  HOST_LITTLE_ENDIAN,
  type SegmentPlan,
  uncompressedSize,
} from './layout.js';

/** Decoders that must be loaded before they can be used synchronously. */
export interface LoadedCodecs {
  readonly jpegXl?: JpegXlDecoder;
}

type Samples = Uint16Array | Float32Array;

/** An array for all samples of a planned picture: 16-bit integers, or floats where the file has floats or 32 bits. */
export function allocateSamples(
  plan: SegmentPlan,
  allocate: (length: number, float: boolean) => Samples = (length, float) =>
    float ? new Float32Array(length) : new Uint16Array(length),
): Samples {
  const length = plan.width * plan.height * plan.samplesPerPixel;
  try {
    return allocate(length, plan.float || plan.bitsPerSample > 16);
  } catch (cause) {
    throw new RawFileError(`there is no memory for a picture of ${plan.width} × ${plan.height}`, {
      hint: 'Close other programs, or lower the limit on pixels',
      cause,
    });
  }
}

interface SegmentPlace {
  readonly plane: number;
  readonly top: number;
  readonly left: number;
  /** Rows and columns that lie in the picture. */
  readonly rows: number;
  readonly columns: number;
  /** Rows that the file stores. */
  readonly storedRows: number;
  /** Samples per pixel within the segment. */
  readonly planes: number;
}

function placeOf(plan: SegmentPlan, index: number): SegmentPlace {
  const perPlane = plan.segmentsAcross * plan.segmentsDown;
  const inPlane = index % perPlane;
  const top = Math.floor(inPlane / plan.segmentsAcross) * plan.segmentHeight;
  const left = (inPlane % plan.segmentsAcross) * plan.segmentWidth;
  const rows = Math.min(plan.segmentHeight, plan.height - top);
  return {
    plane: Math.floor(index / perPlane),
    top,
    left,
    rows,
    columns: Math.min(plan.segmentWidth, plan.width - left),
    storedRows: plan.padded ? plan.segmentHeight : rows,
    planes: plan.planar ? 1 : plan.samplesPerPixel,
  };
}

/** Copies rows of samples that lie in the file as they do in memory. */
function copyRows(bytes: Uint8Array, target: TilePlacement<Samples>): void {
  const { samples, offset, stride, rowLength, columns, rows } = target;
  const size = samples.BYTES_PER_ELEMENT;
  // Byte by byte in the type system alone: an odd offset in the file needs no other path.
  const out = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  if (columns === rowLength && columns === stride) {
    out.set(bytes.subarray(0, rows * rowLength * size), offset * size);
    return;
  }
  for (let row = 0; row < rows; row++) {
    const from = row * rowLength * size;
    out.set(bytes.subarray(from, from + columns * size), (offset + row * stride) * size);
  }
}

function placeUncompressed(
  bytes: Uint8Array,
  plan: SegmentPlan,
  index: number,
  target: TilePlacement<Samples>,
  fileOffset: number,
): void {
  const unpacked = uncompressedSize(plan, index, bytes.length).unpacked;
  const bitsPerSample = unpacked ? 16 : plan.bitsPerSample;
  const asInMemory =
    bitsPerSample === target.samples.BYTES_PER_ELEMENT * 8 &&
    plan.littleEndian === HOST_LITTLE_ENDIAN &&
    (plan.float || bitsPerSample === 16);
  if (asInMemory) {
    checkPlacement(target, Math.floor(bytes.length / target.samples.BYTES_PER_ELEMENT), fileOffset);
    copyRows(bytes, target);
  } else if (bitsPerSample === 8 || bitsPerSample === 16 || bitsPerSample === 24 || bitsPerSample === 32) {
    placeTileSamples(bytes, { ...plan, bitsPerSample, samplesPerPixel: 1, predictor: 1 }, target, fileOffset);
  } else {
    unpackBits(bytes, bitsPerSample, integers(target, fileOffset), fileOffset);
  }
}

function integers(target: TilePlacement<Samples>, fileOffset: number): TilePlacement {
  const { samples } = target;
  if (samples instanceof Uint16Array) return { ...target, samples };
  throw new RawFileError('this compression holds integers of at most 16 bits', { offset: fileOffset });
}

/** Puts a picture that a codec decoded on its own in its place. */
function placePicture(
  picture: {
    readonly width: number;
    readonly height: number;
    readonly components: number;
    readonly samples: Samples;
  },
  target: TilePlacement<Samples>,
  planes: number,
  fileOffset: number,
): void {
  const { samples, offset, stride, columns, rows } = target;
  const rowLength = picture.width * picture.components;
  if (picture.components !== planes || rowLength < columns || picture.height < rows) {
    throw new RawFileError(
      `a tile of ${picture.width} × ${picture.height} × ${picture.components} stands where ` +
        `${columns / planes} × ${rows} × ${planes} is expected`,
      { offset: fileOffset, hint: 'The file is damaged' },
    );
  }
  if (picture.samples instanceof Float32Array !== samples instanceof Float32Array) {
    throw new RawFileError('a tile has integers where floats are expected, or the reverse', {
      offset: fileOffset,
    });
  }
  for (let row = 0; row < rows; row++) {
    samples.set(picture.samples.subarray(row * rowLength, row * rowLength + columns), offset + row * stride);
  }
}

/** A JPEG whose tables lie in JPEGTables (TIFF Technical Note 2): the tables without their end, the data without its start. */
function withJpegTables(file: Uint8Array, plan: SegmentPlan, jpeg: Uint8Array): Uint8Array {
  if (plan.jpegTables === undefined || plan.jpegTables.length < 4) return jpeg;
  const { offset, length } = plan.jpegTables;
  const whole = new Uint8Array(length - 2 + jpeg.length - 2);
  whole.set(file.subarray(offset, offset + length - 2));
  whole.set(jpeg.subarray(2), length - 2);
  return whole;
}

function decodeInto(
  file: Uint8Array,
  plan: SegmentPlan,
  index: number,
  target: TilePlacement<Samples>,
  { storedRows, planes }: SegmentPlace,
  codecs: LoadedCodecs,
): void {
  const fileOffset = plan.offsets[index];
  const bytes = file.subarray(fileOffset, fileOffset + plan.lengths[index]);
  switch (plan.compression) {
    case COMPRESSION.none:
      placeUncompressed(bytes, plan, index, target, fileOffset);
      break;
    case COMPRESSION.jpeg:
      decodeLosslessJpeg(bytes, {
        target: integers(target, fileOffset),
        fileOffset,
        category16HasBits: plan.category16HasBits,
      });
      break;
    case COMPRESSION.deflate:
    case COMPRESSION.deflateOld: {
      const length = target.rowLength * storedRows * (plan.bitsPerSample / 8);
      const layout = { ...plan, samplesPerPixel: planes };
      placeTileSamples(inflate(bytes, length, fileOffset), layout, target, fileOffset);
      break;
    }
    case COMPRESSION.lossyJpeg: {
      const jpeg = decodeBaselineJpeg(withJpegTables(file, plan, bytes), { fileOffset });
      placePicture(jpeg, target, planes, fileOffset);
      break;
    }
    case COMPRESSION.jpegXl: {
      if (codecs.jpegXl === undefined) {
        throw new RawFileError('JPEG XL tiles need a decoder that is loaded first', {
          offset: fileOffset,
          hint: 'Open the file with openRaw',
        });
      }
      const jxl = codecs.jpegXl.decode(bytes, target.rowLength * storedRows, fileOffset);
      placePicture(jxl, target, planes, fileOffset);
      break;
    }
    case COMPRESSION.vc5:
      decodeVc5(bytes, { target: integers(target, fileOffset), fileOffset, ...plan.vc5 });
      break;
    default:
      throw new RawFileError(`${compressionName(plan.compression)} is not read`, { offset: fileOffset });
  }
}

/** Where a row or column of interleaved fields belongs: the fields lie one after the other in the file. */
function deinterleave(at: number, length: number, factor: number): number {
  const size = Math.floor(length / factor);
  const longer = length % factor;
  const split = longer * (size + 1);
  if (at < split) return (at % (size + 1)) * factor + Math.floor(at / (size + 1));
  return ((at - split) % size) * factor + longer + Math.floor((at - split) / size);
}

/** Puts a tile in its place whose blocks, planes, rows or columns are not in the picture's order. */
function scatter(plan: SegmentPlan, place: SegmentPlace, tile: Samples, samples: Samples): void {
  const { planes, top, left, rows, columns, plane, storedRows } = place;
  const { subTileRows, subTileColumns, segmentWidth } = plan;
  // A strip's last rows may be fewer than its blocks are high.
  const blockRows = storedRows % subTileRows === 0 ? subTileRows : storedRows;
  const blocksAcross = segmentWidth / subTileColumns;
  const columnOf = Array.from({ length: columns }, (_, column) =>
    deinterleave(left + column, plan.width, plan.columnInterleave),
  );
  for (let row = 0; row < rows; row++) {
    const to = deinterleave(top + row, plan.height, plan.rowInterleave) * plan.width;
    const blockRow = Math.floor(row / blockRows);
    for (let column = 0; column < columns; column++) {
      const block = blockRow * blocksAcross + Math.floor(column / subTileColumns);
      const inBlock = (row % blockRows) * subTileColumns + (column % subTileColumns);
      const from = (block * blockRows * subTileColumns + inBlock) * planes;
      const at = (to + columnOf[column]) * plan.samplesPerPixel + plane;
      for (let k = 0; k < planes; k++) samples[at + k] = tile[from + k];
    }
  }
}

/**
 * Decodes one segment (a tile or strip) of a planned picture into its place. Segments do not touch each other's
 * samples, so workers can decode them in any order into shared memory.
 *
 * @param file the whole file
 * @param plan how the samples lie in it, see {@link inspectRaw}
 * @param index the segment, 0 to `plan.offsets.length - 1`
 * @param samples all of the picture's samples, see {@link allocateSamples}
 * @param codecs decoders that the plan's compression needs and that load lazily
 * @throws RawFileError where the segment is damaged
 */
export function decodeSegment(
  file: Uint8Array,
  plan: SegmentPlan,
  index: number,
  samples: Samples,
  codecs: LoadedCodecs = {},
): void {
  if (samples.length !== plan.width * plan.height * plan.samplesPerPixel) {
    throw new RangeError('The samples have another size than the plan');
  }
  const place = placeOf(plan, index);
  const { top, left, rows, columns, planes, storedRows } = place;
  const rowLength = plan.segmentWidth * planes;
  const inOrder =
    !plan.planar &&
    plan.rowInterleave === 1 &&
    plan.columnInterleave === 1 &&
    plan.subTileRows === 1 &&
    plan.subTileColumns === 1;
  if (inOrder) {
    const stride = plan.width * planes;
    const offset = top * stride + left * planes;
    const target = { samples, offset, stride, rowLength, columns: columns * planes, rows };
    decodeInto(file, plan, index, target, place, codecs);
    return;
  }
  const tile =
    samples instanceof Float32Array
      ? new Float32Array(rowLength * storedRows)
      : new Uint16Array(rowLength * storedRows);
  const target = {
    samples: tile,
    offset: 0,
    stride: rowLength,
    rowLength,
    columns: rowLength,
    rows: storedRows,
  };
  decodeInto(file, plan, index, target, place, codecs);
  scatter(plan, place, tile, samples);
}

/**
 * A view of samples that lie in the file just as they do in memory: uncompressed, in this machine's byte order, all rows
 * one after the other. Undefined for all others.
 */
export function samplesInPlace(file: Uint8Array, plan: SegmentPlan): Samples | undefined {
  const bytesPerSample = plan.float ? 4 : 2;
  const [first] = plan.offsets;
  const rowBytes = plan.width * plan.samplesPerPixel * bytesPerSample;
  const inOrder =
    plan.compression === COMPRESSION.none &&
    plan.bitsPerSample === bytesPerSample * 8 &&
    plan.littleEndian === HOST_LITTLE_ENDIAN &&
    !(plan.planar && plan.samplesPerPixel > 1) &&
    plan.segmentsAcross === 1 &&
    plan.segmentWidth === plan.width &&
    plan.rowInterleave === 1 &&
    plan.columnInterleave === 1 &&
    plan.subTileRows === 1 &&
    plan.subTileColumns === 1 &&
    plan.offsets.every((offset, i) => offset === first + i * plan.segmentHeight * rowBytes);
  const at = file.byteOffset + first;
  if (!inOrder || at % bytesPerSample !== 0 || first + plan.height * rowBytes > file.length) return undefined;
  const length = plan.width * plan.height * plan.samplesPerPixel;
  return plan.float ? new Float32Array(file.buffer, at, length) : new Uint16Array(file.buffer, at, length);
}

/** Decodes all segments of a planned picture, one after the other. */
export function decodeSegments(file: Uint8Array, plan: SegmentPlan, codecs: LoadedCodecs = {}): Samples {
  const samples = allocateSamples(plan);
  for (let index = 0; index < plan.offsets.length; index++) decodeSegment(file, plan, index, samples, codecs);
  return samples;
}
