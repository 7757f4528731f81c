import { readFile } from 'node:fs/promises';
import { inflateSync } from 'node:zlib';
import type { ProfiledImage } from '@photosite/measure';

const TAG = {
  width: 256,
  height: 257,
  bitsPerSample: 258,
  compression: 259,
  stripOffsets: 273,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  planarConfiguration: 284,
  predictor: 317,
  sampleFormat: 339,
  icc: 34675,
} as const;
const COMPRESSION_NONE = 1;
const COMPRESSIONS_DEFLATE = [8, 32946];
const FORMAT_FLOAT = 3;
const PREDICTOR_NONE = 1;
const PREDICTOR_HORIZONTAL = 2;
const PREDICTOR_FLOAT = 3;
/** Bytes per value of the TIFF 6.0 field types 0 to 12. */
const TYPE_SIZES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];

/** Undoes horizontal differencing (TIFF 6.0, section 14) of rows of 8 or 16-bit samples, in place. */
function undoHorizontal(
  content: Uint8Array,
  rowBytes: number,
  samples: number,
  bits: number,
  little: boolean,
): void {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const size = bits / 8;
  for (let row = 0; row + rowBytes <= content.length; row += rowBytes) {
    for (let at = row + samples * size; at < row + rowBytes; at += size) {
      if (bits === 8) content[at]! += content[at - samples]!;
      else view.setUint16(at, view.getUint16(at, little) + view.getUint16(at - samples * 2, little), little);
    }
  }
}

/**
 * Undoes the floating point predictor (Adobe's TIFF technical note 3) of rows of 32-bit floats, in place: differences
 * of bytes, the most significant bytes of a row first.
 */
function undoFloat(content: Uint8Array, rowBytes: number, samples: number, little: boolean): void {
  const values = rowBytes / 4;
  for (let start = 0; start + rowBytes <= content.length; start += rowBytes) {
    const row = content.subarray(start, start + rowBytes);
    for (let i = samples; i < rowBytes; i++) row[i]! += row[i - samples]!;
    const planes = Uint8Array.from(row);
    for (let i = 0; i < values; i++) {
      for (let byte = 0; byte < 4; byte++) {
        row[i * 4 + (little ? 3 - byte : byte)] = planes[byte * values + i]!;
      }
    }
  }
}

/**
 * Reads the first picture of a TIFF: 8 or 16-bit integers (scaled to [0, 1]) or 32-bit floats (as they are), three or
 * more samples of which the first three count, in strips, uncompressed or deflated, with any predictor. It is the
 * benchmark's own reader, so that a mistake in the code under test cannot hide itself.
 */
export async function readTiff(file: string): Promise<ProfiledImage> {
  const bytes = await readFile(file);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fail = (problem: string) => new Error(`${file}: ${problem}`);
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) throw fail('not a TIFF');
  const little = order === 0x4949;
  if (view.getUint16(2, little) !== 42) throw fail('not a TIFF');

  const fields = new Map<number, { type: number; count: number; at: number }>();
  const ifd = view.getUint32(4, little);
  const count = view.getUint16(ifd, little);
  for (let i = 0; i < count; i++) {
    const entry = ifd + 2 + 12 * i;
    const type = view.getUint16(entry + 2, little);
    const values = view.getUint32(entry + 4, little);
    const inline = (TYPE_SIZES[type] ?? 1) * values <= 4;
    const at = inline ? entry + 8 : view.getUint32(entry + 8, little);
    fields.set(view.getUint16(entry, little), { type, count: values, at });
  }
  const numbers = (tag: number): number[] | undefined => {
    const field = fields.get(tag);
    if (field === undefined) return undefined;
    return Array.from({ length: field.count }, (_, i) =>
      field.type === 3 ? view.getUint16(field.at + 2 * i, little) : view.getUint32(field.at + 4 * i, little),
    );
  };
  const first = (tag: number, fallback?: number): number => {
    const value = numbers(tag)?.[0] ?? fallback;
    if (value === undefined) throw fail(`tag ${tag} is missing`);
    return value;
  };

  const width = first(TAG.width);
  const height = first(TAG.height);
  const samples = first(TAG.samplesPerPixel, 1);
  const bits = first(TAG.bitsPerSample);
  const isFloat = first(TAG.sampleFormat, 1) === FORMAT_FLOAT;
  const compression = first(TAG.compression, COMPRESSION_NONE);
  if (samples < 3) throw fail(`${samples} samples per pixel, expected three`);
  if (first(TAG.planarConfiguration, 1) !== 1) throw fail('planes are stored apart');
  const predictor = first(TAG.predictor, PREDICTOR_NONE);
  if (
    predictor === PREDICTOR_FLOAT
      ? !isFloat
      : predictor === PREDICTOR_HORIZONTAL
        ? isFloat
        : predictor !== PREDICTOR_NONE
  ) {
    throw fail(`predictor ${predictor} does not go with ${bits}-bit samples`);
  }
  if (isFloat ? bits !== 32 : bits !== 8 && bits !== 16)
    throw fail(`${bits} bits per sample are not supported`);

  const offsets = numbers(TAG.stripOffsets);
  const lengths = numbers(TAG.stripByteCounts);
  if (offsets === undefined || lengths === undefined) throw fail('tiles are not supported');
  const rowsPerStrip = Math.min(first(TAG.rowsPerStrip, height), height);
  const data = new Float32Array(width * height * 3);
  const sampleBytes = bits / 8;
  offsets.forEach((offset, strip) => {
    const stored = bytes.subarray(offset, offset + lengths[strip]!);
    let content: Uint8Array;
    if (compression === COMPRESSION_NONE)
      content = predictor === PREDICTOR_NONE ? stored : Uint8Array.from(stored);
    else if (COMPRESSIONS_DEFLATE.includes(compression)) content = inflateSync(stored);
    else throw fail(`compression ${compression} is not supported`);
    const strip0 = strip * rowsPerStrip;
    const pixels = Math.min(rowsPerStrip, height - strip0) * width;
    if (content.length < pixels * samples * sampleBytes) throw fail(`strip ${strip} is too short`);
    const rowBytes = width * samples * sampleBytes;
    if (predictor === PREDICTOR_HORIZONTAL) undoHorizontal(content, rowBytes, samples, bits, little);
    if (predictor === PREDICTOR_FLOAT) undoFloat(content, rowBytes, samples, little);
    const values = new DataView(content.buffer, content.byteOffset, content.byteLength);
    const read = isFloat
      ? (i: number) => values.getFloat32(i * 4, little)
      : bits === 16
        ? (i: number) => values.getUint16(i * 2, little) / 65535
        : (i: number) => content[i]! / 255;
    for (let p = 0; p < pixels; p++) {
      const to = (strip0 * width + p) * 3;
      data[to] = read(p * samples);
      data[to + 1] = read(p * samples + 1);
      data[to + 2] = read(p * samples + 2);
    }
  });
  const icc = fields.get(TAG.icc);
  return {
    width,
    height,
    data,
    ...(icc === undefined ? {} : { icc: bytes.subarray(icc.at, icc.at + icc.count) }),
  };
}
