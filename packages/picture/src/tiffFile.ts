import { Tag, TiffError, type TiffField, type TiffStream, writeTiff } from '@photosite/tiff';
import { encoders } from '#encoders';
import { type ExifDirectories, exifChildren } from './exif.js';
import type { Picture } from './Picture.js';
import { PictureError } from './PictureError.js';

/* Baseline RGB TIFF (TIFF 6.0, section 6) with the extensions for deflate, predictors and floating point. */

/** Strips have about this many bytes: small enough to inflate in a cache, large enough to be few. */
const STRIP_BYTES = 1 << 20;
/** Strips compressed at the same time: a runtime deflates in its own threads. */
const STRIPS_IN_FLIGHT = 4;

const COMPRESSION_NONE = 1;
/** "Adobe deflate" (TIFF technical note 2, 2002): a zlib stream for each strip. */
const COMPRESSION_DEFLATE = 8;
/** TIFF 6.0, section 14: differences of neighbouring samples. */
const PREDICTOR_HORIZONTAL = 2;
/** TIFF technical note 3 (Adobe, 2005): differences of bytes, sorted by significance. */
const PREDICTOR_FLOAT = 3;

const SAMPLES = 3;

/** Metadata of a TIFF file. */
export interface TiffMetadata {
  readonly exif: ExifDirectories;
  readonly xmp: Uint8Array | undefined;
  readonly icc: Uint8Array | undefined;
}

/**
 * Writes a picture as a little-endian TIFF of RGB strips: 8 or 16 bit integers or 32-bit floats, as its pixels are.
 *
 * Uncompressed, the strips are views of the picture's own memory, so a picture of any size needs no more memory
 * than it has. (Samples are little-endian in memory, as WebAssembly's memory is wherever it runs.)
 *
 * @throws PictureError where the file would pass the 4 GiB of a classic TIFF.
 */
export async function makeTiff(
  picture: Picture,
  compression: 'none' | 'deflate',
  metadata: TiffMetadata,
): Promise<TiffStream> {
  const { width, height, pixels } = picture;
  const rowBytes = width * SAMPLES * pixels.BYTES_PER_ELEMENT;
  const rowsPerStrip = Math.min(height, Math.max(1, Math.floor(STRIP_BYTES / rowBytes)));
  const isFloat = pixels instanceof Float32Array;
  const bits = 8 * pixels.BYTES_PER_ELEMENT;
  const strips = stripsOf(pixels, rowsPerStrip * width * SAMPLES);
  const fields: TiffField[] = [
    ...metadata.exif.ifd0,
    { tag: Tag.ImageWidth, type: 'long', values: [width] },
    { tag: Tag.ImageLength, type: 'long', values: [height] },
    { tag: Tag.BitsPerSample, type: 'short', values: [bits, bits, bits] },
    {
      tag: Tag.Compression,
      type: 'short',
      values: [compression === 'none' ? COMPRESSION_NONE : COMPRESSION_DEFLATE],
    },
    { tag: Tag.PhotometricInterpretation, type: 'short', values: [2] },
    { tag: Tag.SamplesPerPixel, type: 'short', values: [SAMPLES] },
    { tag: Tag.RowsPerStrip, type: 'long', values: [rowsPerStrip] },
    { tag: Tag.PlanarConfiguration, type: 'short', values: [1] },
    // TIFF 6.0, section 19: 1 is unsigned integer, 3 IEEE floating point.
    { tag: Tag.SampleFormat, type: 'short', values: isFloat ? [3, 3, 3] : [1, 1, 1] },
  ];
  if (metadata.xmp) fields.push({ tag: Tag.XMP, type: 'byte', values: metadata.xmp });
  if (metadata.icc) fields.push({ tag: Tag.ICCProfile, type: 'undefined', values: metadata.icc });
  let blocks: Uint8Array[];
  if (compression === 'deflate') {
    fields.push({
      tag: Tag.Predictor,
      type: 'short',
      values: [isFloat ? PREDICTOR_FLOAT : PREDICTOR_HORIZONTAL],
    });
    blocks = await deflateStrips(strips, width);
  } else {
    blocks = strips.map((strip) => new Uint8Array(strip.buffer, strip.byteOffset, strip.byteLength));
  }
  try {
    return writeTiff([
      {
        fields,
        children: exifChildren(metadata.exif),
        data: { offsetsTag: Tag.StripOffsets, byteCountsTag: Tag.StripByteCounts, blocks },
      },
    ]);
  } catch (error) {
    if (!(error instanceof TiffError)) throw error;
    throw new PictureError('picture', `cannot be written as TIFF: ${error.message}`, { cause: error });
  }
}

type Samples = Picture['pixels'];

function stripsOf(pixels: Samples, samplesPerStrip: number): Samples[] {
  const strips: Samples[] = [];
  for (let start = 0; start < pixels.length; start += samplesPerStrip) {
    strips.push(pixels.subarray(start, start + samplesPerStrip));
  }
  return strips;
}

async function deflateStrips(strips: readonly Samples[], width: number): Promise<Uint8Array[]> {
  const blocks = new Array<Uint8Array>(strips.length);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < strips.length) {
      const index = next++;
      blocks[index] = await encoders.deflate(predicted(strips[index], width * SAMPLES));
    }
  };
  await Promise.all(Array.from({ length: STRIPS_IN_FLIGHT }, work));
  return blocks;
}

/** A strip's bytes after the predictor, in memory of their own. */
function predicted(strip: Samples, rowSamples: number): Uint8Array<ArrayBuffer> {
  if (strip instanceof Float32Array) return floatDifferences(strip, rowSamples);
  const differences =
    strip instanceof Uint16Array ? new Uint16Array(strip.length) : new Uint8Array(strip.length);
  for (let row = 0; row < strip.length; row += rowSamples) {
    for (let i = row; i < row + SAMPLES; i++) differences[i] = strip[i];
    for (let i = row + SAMPLES; i < row + rowSamples; i++) differences[i] = strip[i] - strip[i - SAMPLES];
  }
  return new Uint8Array(differences.buffer);
}

/** Each row as its samples' highest bytes, then the next lower ones and so on, then differences of pixels' bytes. */
function floatDifferences(strip: Float32Array, rowSamples: number): Uint8Array<ArrayBuffer> {
  const bits = new Uint32Array(strip.buffer, strip.byteOffset, strip.length);
  const bytes = new Uint8Array(strip.byteLength);
  const rowBytes = 4 * rowSamples;
  for (let row = 0; row < strip.length; row += rowSamples) {
    const start = 4 * row;
    for (let i = 0; i < rowSamples; i++) {
      const value = bits[row + i];
      bytes[start + i] = value >>> 24;
      bytes[start + rowSamples + i] = value >>> 16;
      bytes[start + 2 * rowSamples + i] = value >>> 8;
      bytes[start + 3 * rowSamples + i] = value;
    }
    for (let i = start + rowBytes - 1; i >= start + SAMPLES; i--) bytes[i] -= bytes[i - SAMPLES];
  }
  return bytes;
}
