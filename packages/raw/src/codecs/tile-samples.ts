import { RawFileError } from '../RawFileError.js';
import { checkPlacement, placeRun, type TilePlacement } from './TilePlacement.js';

/** TIFF Predictor (317): 1 none, 2 horizontal, 3 floating point, and DNG 1.4's over two and four columns. */
export const Predictor = {
  none: 1,
  horizontal: 2,
  float: 3,
  horizontalX2: 34892,
  horizontalX4: 34893,
  floatX2: 34894,
  floatX4: 34895,
} as const;

/** How the bytes of an uncompressed or inflated tile hold its samples. */
export interface TileLayout {
  /** 8, 16 or 32 for integers; 16, 24 or 32 for floats. */
  readonly bitsPerSample: number;
  /** SampleFormat 3 (float) instead of 1 (unsigned integer). */
  readonly float: boolean;
  readonly littleEndian: boolean;
  readonly samplesPerPixel: number;
  /** A value of {@link Predictor}. */
  readonly predictor: number;
}

/**
 * Turns the bytes of a tile into samples: byte order, horizontal differencing (TIFF 6.0 section 14), the floating
 * point predictor (Adobe Photoshop TIFF Technical Note 3), half and 24-bit floats (DNG, SampleFormat).
 * 32-bit integers are for a float target, which holds them exactly up to 2^24.
 *
 * @param target its samples are `Uint16Array` for integers of 8 and 16 bits, else `Float32Array`
 * @throws RawFileError for a layout that DNG does not have, and where there are too few bytes
 */
export function placeTileSamples(
  bytes: Uint8Array,
  layout: TileLayout,
  target: TilePlacement<Uint16Array | Float32Array>,
  fileOffset = 0,
): void {
  const { bitsPerSample, float, samplesPerPixel } = layout;
  const { rowLength, columns, rows, samples } = target;
  const byFloat = float && isFloatPredictor(layout.predictor);
  const distance = predictorDistance(layout, fileOffset) * samplesPerPixel;
  if (!(float ? [16, 24, 32] : [8, 16, 32]).includes(bitsPerSample)) {
    throw new RawFileError(
      `Tiles of ${bitsPerSample}-bit ${float ? 'floats' : 'integers'} are not supported`,
      {
        offset: fileOffset,
        tag: 'BitsPerSample',
      },
    );
  }
  const isWide = float || bitsPerSample === 32;
  if (isWide !== samples instanceof Float32Array) {
    throw new RangeError('The target array does not suit the sample format');
  }
  checkPlacement(target, rowLength * rows, fileOffset);
  const rowBytes = rowLength * (bitsPerSample / 8);
  // A predictor needs whole rows; plain rows may end with the picture.
  const lastRow = distance === 0 ? columns * (bitsPerSample / 8) : rowBytes;
  const needed = rows === 0 ? 0 : rowBytes * (rows - 1) + lastRow;
  if (bytes.length < needed) {
    throw new RawFileError(`A tile has ${bytes.length} bytes where ${needed} are needed`, {
      offset: fileOffset,
      hint: 'The file is truncated',
    });
  }

  if (samples instanceof Uint16Array) {
    const to = { ...target, samples };
    const row = new Uint16Array(rowLength);
    for (let y = 0; y < rows; y++) {
      const source = bytes.subarray(y * rowBytes, Math.min((y + 1) * rowBytes, bytes.length));
      readIntegers(source, layout, row);
      if (distance > 0) {
        const mask = bitsPerSample === 8 ? 0xff : 0xffff;
        for (let i = distance; i < rowLength; i++) row[i] = (row[i] + row[i - distance]) & mask;
      }
      placeRun(to, row, y * rowLength);
    }
    return;
  }
  const to = { ...target, samples };
  const words = new Uint32Array(rowLength);
  const row = new Float32Array(words.buffer);
  const scratch = new Uint8Array(byFloat ? rowBytes : 0);
  for (let y = 0; y < rows; y++) {
    const source = bytes.subarray(y * rowBytes, Math.min((y + 1) * rowBytes, bytes.length));
    if (byFloat) {
      scratch.set(source);
      for (let i = distance; i < rowBytes; i++) scratch[i] += scratch[i - distance];
      joinPlanes(scratch, words);
    } else {
      readWords(source, layout, words);
      for (let i = distance; distance > 0 && i < rowLength; i++) words[i] += words[i - distance];
    }
    if (!float) for (let i = 0; i < rowLength; i++) row[i] = words[i];
    else if (bitsPerSample === 16) for (let i = 0; i < rowLength; i++) words[i] = widenFloat(words[i], 5, 10);
    else if (bitsPerSample === 24) for (let i = 0; i < rowLength; i++) words[i] = widenFloat(words[i], 7, 16);
    placeRun(to, row, y * rowLength);
  }
}

function isFloatPredictor(predictor: number): boolean {
  return predictor === Predictor.float || predictor === Predictor.floatX2 || predictor === Predictor.floatX4;
}

/** Pixels between a sample and the one that predicts it, 0 for no prediction. */
function predictorDistance({ predictor, float }: TileLayout, fileOffset: number): number {
  switch (predictor) {
    case Predictor.none:
      return 0;
    case Predictor.horizontal:
    case Predictor.float:
      if (!float && predictor === Predictor.float) break;
      return 1;
    case Predictor.horizontalX2:
      return 2;
    case Predictor.horizontalX4:
      return 4;
    case Predictor.floatX2:
      if (!float) break;
      return 2;
    case Predictor.floatX4:
      if (!float) break;
      return 4;
  }
  throw new RawFileError(`The predictor ${predictor} does not fit the samples`, {
    offset: fileOffset,
    tag: 'Predictor',
  });
}

function readIntegers(
  source: Uint8Array,
  { bitsPerSample, littleEndian }: TileLayout,
  row: Uint16Array,
): void {
  if (bitsPerSample === 8) {
    row.set(source);
    return;
  }
  const [low, high] = littleEndian ? [0, 1] : [1, 0];
  const count = source.length >> 1;
  for (let i = 0; i < count; i++) row[i] = source[2 * i + low] | (source[2 * i + high] << 8);
}

function readWords(
  source: Uint8Array,
  { bitsPerSample, littleEndian }: TileLayout,
  words: Uint32Array,
): void {
  const size = bitsPerSample / 8;
  const count = Math.floor(source.length / size);
  for (let i = 0; i < count; i++) {
    let word = 0;
    for (let k = 0; k < size; k++) word = (word << 8) | source[i * size + (littleEndian ? size - 1 - k : k)];
    words[i] = word;
  }
}

/** Technical Note 3: a row's bytes lie in planes, the most significant first, whatever the file's byte order. */
function joinPlanes(planes: Uint8Array, words: Uint32Array): void {
  const count = words.length;
  words.fill(0);
  for (let from = 0; from < planes.length; from += count) {
    for (let i = 0; i < count; i++) words[i] = (words[i] << 8) | planes[from + i];
  }
}

/**
 * A small float's bits as those of a 32-bit float.
 *
 * @param exponentBits width of the exponent, biased by `2 ** (exponentBits - 1) - 1`
 */
function widenFloat(word: number, exponentBits: number, mantissaBits: number): number {
  const bias = (1 << (exponentBits - 1)) - 1;
  const sign = (word >>> (exponentBits + mantissaBits)) << 31;
  let exponent = (word >>> mantissaBits) & ((1 << exponentBits) - 1);
  let mantissa = word & ((1 << mantissaBits) - 1);
  if (exponent === (1 << exponentBits) - 1) {
    return sign | 0x7f800000 | (mantissa << (23 - mantissaBits));
  }
  if (exponent === 0) {
    if (mantissa === 0) return sign;
    // A subnormal has a normal form here.
    const shift = Math.clz32(mantissa) - (31 - mantissaBits);
    mantissa = (mantissa << shift) & ((1 << mantissaBits) - 1);
    exponent = 1 - shift;
  }
  return sign | ((exponent - bias + 127) << 23) | (mantissa << (23 - mantissaBits));
}
