import { Tag, type TiffFile, type TiffIfd, tagName } from '@photosite/tiff';
import { RawFileError } from '../RawFileError.js';

/** Compression numbers (tag 259) that a DNG's raw picture can have. */
export const COMPRESSION = {
  none: 1,
  jpeg: 7,
  deflate: 8,
  vc5: 9,
  deflateOld: 32946,
  lossyJpeg: 34892,
  jpegXl: 52546,
} as const;

/** PhotometricInterpretation numbers (tag 262) of raw pictures (TIFF/EP, DNG). */
export const PHOTOMETRIC = { cfa: 32803, linearRaw: 34892 } as const;

/** SampleFormat numbers (tag 339) that are read and written. */
export const SAMPLE_FORMAT = { unsigned: 1, float: 3 } as const;

/** Whether this machine stores the low byte first, as nearly all do. */
export const HOST_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Most pixels of a raw picture where the caller sets no limit: 512 megapixels. */
export const MAX_PIXELS = 512 * 1024 * 1024;
/** Most samples per pixel: DNG's model has colour planes by the three's, a mosaic has one. */
const MAX_PLANES = 4;
/** Segments may not be stated to hold more than this many times the whole file, that is, overlap each other. */
const MAX_OVERLAP = 4;
/** A tile may be larger than a small picture, but not by more than this many pixels. */
const MAX_TILE_EXCESS = 1 << 20;

/**
 * How many bytes of samples one byte of compressed data can stand for at most. Lossless JPEG spends a bit on each
 * sample; deflate's ratio ends at 1032 (RFC 1951: 258 bytes for two bits); the lossy codecs can spend nearly nothing
 * on flat areas, where the bound only keeps a tiny file from asking for gigabytes.
 */
const MAX_RATIO: Readonly<Record<number, number>> = {
  [COMPRESSION.jpeg]: 16,
  [COMPRESSION.deflate]: 1032,
  [COMPRESSION.deflateOld]: 1032,
  [COMPRESSION.vc5]: 4096,
  [COMPRESSION.lossyJpeg]: 4096,
  [COMPRESSION.jpegXl]: 65536,
};

const COMPRESSION_NAMES: Readonly<Record<number, string>> = {
  [COMPRESSION.none]: 'uncompressed',
  [COMPRESSION.jpeg]: 'lossless JPEG',
  [COMPRESSION.deflate]: 'deflate',
  [COMPRESSION.deflateOld]: 'deflate',
  [COMPRESSION.vc5]: 'VC-5',
  [COMPRESSION.lossyJpeg]: 'lossy JPEG',
  [COMPRESSION.jpegXl]: 'JPEG XL',
};

const DEFLATES: readonly number[] = [COMPRESSION.deflate, COMPRESSION.deflateOld];

/** Name of a compression number for people, e.g. `lossless JPEG`. */
export function compressionName(compression: number): string {
  return COMPRESSION_NAMES[compression] ?? `compression ${compression}`;
}

/** What a reader of raw files accepts; each limit has a named default. */
export interface RawLimits {
  /** Pixels of the raw picture; default {@link MAX_PIXELS}. */
  readonly maxPixels?: number;
  /** Entries in one directory; default that of the TIFF reader. */
  readonly maxTags?: number;
  /** Depth of nested directories; default that of the TIFF reader. */
  readonly maxNesting?: number;
}

/**
 * How a raw picture's samples lie in the file: plain data, so that it can be handed to worker threads, which decode
 * segments on their own with {@link decodeSegment}.
 */
export interface SegmentPlan {
  /** Columns of the picture. */
  readonly width: number;
  /** Rows of the picture. */
  readonly height: number;
  /** Samples per pixel: 1 for a mosaic. */
  readonly samplesPerPixel: number;
  /** Bits of a sample as stored. */
  readonly bitsPerSample: number;
  /** Whether samples are floating-point (SampleFormat 3); they are then decoded to 32 bits. */
  readonly float: boolean;
  /** Compression, tag 259. */
  readonly compression: number;
  /** Predictor, tag 317: 1 none, 2 and 3 horizontal, 34892 to 34895 their wider variants. */
  readonly predictor: number;
  /** Byte order of uncompressed and deflated samples. */
  readonly littleEndian: boolean;
  /** Columns of a segment: a tile's, or the picture's for strips. */
  readonly segmentWidth: number;
  /** Rows of a segment. */
  readonly segmentHeight: number;
  /** Whether segments are padded to their full size at the picture's right and bottom edge: tiles are, strips not. */
  readonly padded: boolean;
  /** Segments side by side. */
  readonly segmentsAcross: number;
  /** Segments one below the other. */
  readonly segmentsDown: number;
  /** Whether each plane has segments of its own (PlanarConfiguration 2). */
  readonly planar: boolean;
  /** RowInterleaveFactor, tag 50975. */
  readonly rowInterleave: number;
  /** ColumnInterleaveFactor, tag 52547. */
  readonly columnInterleave: number;
  /** SubTileBlockSize, tag 50974. */
  readonly subTileRows: number;
  /** SubTileBlockSize, tag 50974. */
  readonly subTileColumns: number;
  /** JPEGTables (tag 347) that lossy JPEG segments share: offset and length in the file. */
  readonly jpegTables?: { readonly offset: number; readonly length: number };
  /** What VC-5 takes from other tags: the colours of its four channels, and the depth that the white level implies. */
  readonly vc5?: { readonly cfaPattern: readonly number[]; readonly bits: number };
  /** Lossless JPEG as written before DNG 1.1: difference category 16 is followed by 16 bits. */
  readonly category16HasBits: boolean;
  /** Byte offset of each segment in the file. */
  readonly offsets: readonly number[];
  /** Byte length of each segment. */
  readonly lengths: readonly number[];
}

function place(ifd: TiffIfd, tag: number): { readonly tag: string; readonly offset: number } {
  return { tag: tagName(tag), offset: ifd.entry(tag)?.offset ?? ifd.offset };
}

/** A positive integer, or the default where the tag is absent. */
function readCount(ifd: TiffIfd, tag: number, defaultValue?: number): number {
  const value = ifd.number(tag) ?? defaultValue;
  if (value === undefined) throw new RawFileError(`the raw picture lacks ${tagName(tag)}`, place(ifd, tag));
  if (!Number.isInteger(value) || value < 1) {
    throw new RawFileError(`${tagName(tag)} is ${value}`, place(ifd, tag));
  }
  return value;
}

/** The one value that a tag has for all planes. */
function readUniform(ifd: TiffIfd, tag: number, defaultValue: number): number {
  const values = ifd.numbers(tag) ?? [defaultValue];
  if (values.length === 0 || values.some((value) => value !== values[0])) {
    throw new RawFileError(`${tagName(tag)} differs between planes: ${values.join(', ')}`, {
      ...place(ifd, tag),
      hint: 'Such files are not read; another converter may write planes alike',
    });
  }
  return values[0];
}

function checkSampleType(ifd: TiffIfd, bits: number, format: number, compression: number): void {
  const error = (problem: string, tag: number) => new RawFileError(problem, place(ifd, tag));
  if (format === SAMPLE_FORMAT.float) {
    if (bits !== 16 && bits !== 24 && bits !== 32) {
      throw error(`float samples of ${bits} bits`, Tag.BitsPerSample);
    }
    if (compression === COMPRESSION.jpeg || compression === COMPRESSION.vc5) {
      throw error(`float samples as ${compressionName(compression)}`, Tag.Compression);
    }
    return;
  }
  // 4 means undefined, which writers use for unsigned integers.
  if (format !== SAMPLE_FORMAT.unsigned && format !== 4) {
    throw error(`samples of format ${format}: only unsigned integers and floats are read`, Tag.SampleFormat);
  }
  const wide = bits === 32 && (compression === COMPRESSION.none || DEFLATES.includes(compression));
  if (!wide && (!Number.isInteger(bits) || bits < 1 || bits > 16)) {
    throw error(
      `integer samples of ${bits} bits as ${compressionName(compression)}: 1 to 16 are read`,
      Tag.BitsPerSample,
    );
  }
  if (DEFLATES.includes(compression) && bits % 8 !== 0) {
    throw error(`deflated samples of ${bits} bits`, Tag.BitsPerSample);
  }
}

interface Segments {
  readonly segmentWidth: number;
  readonly segmentHeight: number;
  readonly padded: boolean;
  readonly offsetsTag: number;
  readonly lengthsTag: number;
}

function readSegmentShape(ifd: TiffIfd, width: number, height: number): Segments {
  if (ifd.has(Tag.TileOffsets) || ifd.has(Tag.TileWidth)) {
    const segmentWidth = readCount(ifd, Tag.TileWidth);
    const segmentHeight = readCount(ifd, Tag.TileLength);
    if (segmentWidth * segmentHeight > 4 * width * height + MAX_TILE_EXCESS) {
      throw new RawFileError(
        `tiles of ${segmentWidth} × ${segmentHeight} for a picture of ${width} × ${height}`,
        place(ifd, Tag.TileWidth),
      );
    }
    return {
      segmentWidth,
      segmentHeight,
      padded: true,
      offsetsTag: Tag.TileOffsets,
      lengthsTag: Tag.TileByteCounts,
    };
  }
  return {
    segmentWidth: width,
    segmentHeight: Math.min(height, readCount(ifd, Tag.RowsPerStrip, height)),
    padded: false,
    offsetsTag: Tag.StripOffsets,
    lengthsTag: Tag.StripByteCounts,
  };
}

/** Bytes that an uncompressed segment's rows in the picture take, and whether its 9 to 15 bits lie in 16 each. */
export function uncompressedSize(
  plan: Omit<SegmentPlan, 'offsets' | 'lengths'>,
  index: number,
  length: number,
): { readonly needed: number; readonly unpacked: boolean } {
  const perPlane = plan.segmentsAcross * plan.segmentsDown;
  const down = Math.floor((index % perPlane) / plan.segmentsAcross);
  const rows = Math.min(plan.segmentHeight, plan.height - down * plan.segmentHeight);
  const rowLength = plan.segmentWidth * (plan.planar ? 1 : plan.samplesPerPixel);
  const storedRows = plan.padded ? plan.segmentHeight : rows;
  const packedRow = Math.ceil((rowLength * plan.bitsPerSample) / 8);
  const unpackedRow = rowLength * 2;
  // No tag tells the two apart: the length does.
  const unpacked =
    plan.bitsPerSample < 16 &&
    packedRow < unpackedRow &&
    length === storedRows * unpackedRow &&
    plan.bitsPerSample > 8;
  return { needed: rows * (unpacked ? unpackedRow : packedRow), unpacked };
}

/**
 * Reads how a raw picture's samples are stored, and checks all of it against the file's size before anybody
 * allocates memory for it.
 *
 * @param ifd the raw picture's directory
 * @param category16HasBits the file's DNG version is below 1.1
 * @throws RawFileError where the layout contradicts itself, passes a limit or the end of the file, or is one that
 * DNG does not have
 */
export function planSegments(
  file: TiffFile,
  ifd: TiffIfd,
  category16HasBits: boolean,
  limits: RawLimits,
): SegmentPlan {
  const width = readCount(ifd, Tag.ImageWidth);
  const height = readCount(ifd, Tag.ImageLength);
  const maxPixels = limits.maxPixels ?? MAX_PIXELS;
  if (width * height > maxPixels) {
    throw new RawFileError(`a picture of ${width} × ${height} pixels, above the limit of ${maxPixels}`, {
      ...place(ifd, Tag.ImageWidth),
      hint: 'Raise the limit if the file is sound',
    });
  }
  const samplesPerPixel = readCount(ifd, Tag.SamplesPerPixel, 1);
  if (samplesPerPixel > MAX_PLANES) {
    throw new RawFileError(`${samplesPerPixel} samples per pixel`, place(ifd, Tag.SamplesPerPixel));
  }
  const compression = ifd.number(Tag.Compression) ?? COMPRESSION.none;
  if (COMPRESSION_NAMES[compression] === undefined) {
    throw new RawFileError(`compression ${compression} is not one of DNG`, {
      ...place(ifd, Tag.Compression),
      hint: 'Convert the file with Adobe DNG Converter',
    });
  }
  const bitsPerSample = readUniform(ifd, Tag.BitsPerSample, 1);
  const format = readUniform(ifd, Tag.SampleFormat, SAMPLE_FORMAT.unsigned);
  checkSampleType(ifd, bitsPerSample, format, compression);
  if ((ifd.number(Tag.FillOrder) ?? 1) !== 1) {
    throw new RawFileError('bits are stored in reverse order (FillOrder 2)', place(ifd, Tag.FillOrder));
  }
  const planarConfiguration = readCount(ifd, Tag.PlanarConfiguration, 1);
  if (planarConfiguration > 2) {
    throw new RawFileError(
      `PlanarConfiguration is ${planarConfiguration}`,
      place(ifd, Tag.PlanarConfiguration),
    );
  }
  const shape = readSegmentShape(ifd, width, height);
  const { segmentWidth, segmentHeight, padded, offsetsTag, lengthsTag } = shape;
  const [subTileRows = 1, subTileColumns = 1] = ifd.numbers(Tag.SubTileBlockSize) ?? [];
  if (!(subTileRows >= 1 && segmentHeight % subTileRows === 0)) {
    throw new RawFileError(
      `blocks of ${subTileRows} rows in a tile of ${segmentHeight}`,
      place(ifd, Tag.SubTileBlockSize),
    );
  }
  if (!(subTileColumns >= 1 && segmentWidth % subTileColumns === 0)) {
    throw new RawFileError(
      `blocks of ${subTileColumns} columns in a tile of ${segmentWidth}`,
      place(ifd, Tag.SubTileBlockSize),
    );
  }
  const rowInterleave = readCount(ifd, Tag.RowInterleaveFactor, 1);
  const columnInterleave = readCount(ifd, Tag.ColumnInterleaveFactor, 1);
  if (rowInterleave > height || columnInterleave > width) {
    throw new RawFileError(
      'more interleaved fields than rows or columns',
      place(ifd, Tag.RowInterleaveFactor),
    );
  }
  const tables = ifd.entry(Tag.JPEGTables);
  const layout = {
    width,
    height,
    samplesPerPixel,
    bitsPerSample,
    float: format === SAMPLE_FORMAT.float,
    compression,
    predictor: ifd.number(Tag.Predictor) ?? 1,
    littleEndian: file.littleEndian,
    segmentWidth,
    segmentHeight,
    padded,
    segmentsAcross: Math.ceil(width / segmentWidth),
    segmentsDown: Math.ceil(height / segmentHeight),
    planar: planarConfiguration === 2 && samplesPerPixel > 1,
    rowInterleave,
    columnInterleave,
    subTileRows,
    subTileColumns,
    ...(tables && { jpegTables: { offset: tables.valueOffset, length: tables.count } }),
    category16HasBits,
  };
  const count = layout.segmentsAcross * layout.segmentsDown * (layout.planar ? samplesPerPixel : 1);
  const { offsets, lengths } = readSegmentPlaces(file, ifd, layout, { offsetsTag, lengthsTag, count });
  return { ...layout, offsets, lengths };
}

function readSegmentPlaces(
  file: TiffFile,
  ifd: TiffIfd,
  layout: Omit<SegmentPlan, 'offsets' | 'lengths'>,
  { offsetsTag, lengthsTag, count }: { offsetsTag: number; lengthsTag: number; count: number },
): { offsets: number[]; lengths: number[] } {
  const fileSize = file.bytes.length;
  const segments = `${layout.segmentsAcross} × ${layout.segmentsDown}`;
  const read = (tag: number): number[] => {
    const entry = ifd.entry(tag);
    if (entry === undefined) throw new RawFileError(`the raw picture lacks ${tagName(tag)}`, place(ifd, tag));
    // Counted before the values are read, so that a wrong count costs no memory.
    if (entry.count < count) {
      throw new RawFileError(
        `${tagName(tag)} has ${entry.count} values for ${segments} segments`,
        place(ifd, tag),
      );
    }
    return entry.numbers().slice(0, count);
  };
  const offsets = read(offsetsTag);
  const uncompressed = layout.compression === COMPRESSION.none;
  const lengths =
    uncompressed && count === 1 && !ifd.has(lengthsTag) ? [fileSize - offsets[0]] : read(lengthsTag);
  let total = 0;
  for (let i = 0; i < count; i++) {
    // The picture's own size counts where nothing is compressed: some writers state lengths that are too short.
    const needed = uncompressed ? uncompressedSize(layout, i, lengths[i]).needed : lengths[i];
    if (!(needed > 0)) {
      throw new RawFileError(`segment ${i} of ${segments} is empty`, place(ifd, lengthsTag));
    }
    if (!(offsets[i] >= 0 && offsets[i] + needed <= fileSize)) {
      throw new RawFileError(
        `segment ${i} of ${segments} needs bytes ${offsets[i]} to ${offsets[i] + needed} of a file of ${fileSize}`,
        {
          tag: tagName(offsetsTag),
          offset: offsets[i],
          hint: 'The file is truncated or damaged; copy it anew',
        },
      );
    }
    lengths[i] = uncompressed ? Math.min(Math.max(lengths[i], needed), fileSize - offsets[i]) : needed;
    total += needed;
  }
  if (total > MAX_OVERLAP * fileSize) {
    throw new RawFileError('segments overlap each other', place(ifd, lengthsTag));
  }
  const samples = layout.width * layout.height * layout.samplesPerPixel;
  const ratio = MAX_RATIO[layout.compression];
  if (ratio !== undefined && samples * (layout.float ? 4 : 2) > total * ratio) {
    throw new RawFileError(
      `${total} bytes of ${compressionName(layout.compression)} cannot hold ${samples} samples`,
      { ...place(ifd, lengthsTag), hint: 'The file is truncated or damaged; copy it anew' },
    );
  }
  return { offsets, lengths };
}
