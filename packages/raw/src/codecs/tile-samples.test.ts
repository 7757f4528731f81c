import { zlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { RawFileError } from '../RawFileError.js';
import { inflate } from './deflate.js';
import { Predictor, placeTileSamples, type TileLayout } from './tile-samples.js';

const LAYOUT: TileLayout = {
  bitsPerSample: 16,
  float: false,
  littleEndian: true,
  samplesPerPixel: 1,
  predictor: Predictor.none,
};

/** Decodes a whole tile. */
function decode(bytes: Uint8Array, rowLength: number, rows: number, layout: Partial<TileLayout>): number[] {
  const full = { ...LAYOUT, ...layout };
  const isWide = full.float || full.bitsPerSample === 32;
  const samples = new (isWide ? Float32Array : Uint16Array)(rowLength * rows);
  const target = { samples, offset: 0, stride: rowLength, rowLength, columns: rowLength, rows };
  placeTileSamples(bytes, full, target);
  return [...samples];
}

/** Technical Note 3's encoder: bytes in planes, the most significant first, then each less the one before. */
function encodeFloats(values: readonly number[], size: number, distance: number): Uint8Array {
  const planes = new Uint8Array(values.length * size);
  values.forEach((value, i) => {
    for (let k = 0; k < size; k++) planes[k * values.length + i] = value >>> (8 * (size - 1 - k));
  });
  for (let i = planes.length - 1; i >= distance; i--) planes[i] -= planes[i - distance];
  return planes;
}

const bitsOf = (value: number) => new Uint32Array(Float32Array.of(value).buffer)[0];

describe('samples of an uncompressed or inflated tile', () => {
  it('reads both byte orders', () => {
    expect(decode(Uint8Array.of(1, 2, 3, 4), 2, 1, {})).toEqual([0x0201, 0x0403]);
    expect(decode(Uint8Array.of(1, 2, 3, 4), 2, 1, { littleEndian: false })).toEqual([0x0102, 0x0304]);
    expect(decode(Uint8Array.of(9, 255), 2, 1, { bitsPerSample: 8 })).toEqual([9, 255]);
    expect(decode(Uint8Array.of(0, 1, 0, 2), 1, 1, { bitsPerSample: 32, littleEndian: false })).toEqual([
      65538,
    ]);
  });

  it('adds up horizontal differences per component and row, modulo the sample size', () => {
    const predictor = Predictor.horizontal;
    expect(
      decode(Uint8Array.of(10, 20, 250, 1, 5, 5, 255, 0), 4, 2, {
        bitsPerSample: 8,
        samplesPerPixel: 2,
        predictor,
      }),
    ).toEqual([10, 20, 4, 21, 5, 5, 4, 5]);
    expect(decode(Uint8Array.of(0xff, 0xff, 2, 0), 2, 1, { predictor })).toEqual([0xffff, 1]);
  });

  it.each([
    [Predictor.horizontalX2, [1, 2, 4, 6, 9, 12, 16, 20]],
    [Predictor.horizontalX4, [1, 2, 3, 4, 6, 8, 10, 12]],
  ])('skips the columns of predictor %i', (predictor, expected) => {
    const bytes = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8].flatMap((value) => [value, 0]));
    expect(decode(bytes, 8, 1, { predictor })).toEqual(expected);
  });

  it.each([
    [Predictor.float, 1],
    [Predictor.floatX2, 2],
    [Predictor.floatX4, 4],
  ])('undoes the floating point predictor %i', (predictor, distance) => {
    const values = [0, 1, -2.5, 1e-3, 65504, 0.1, 3, -0].map(Math.fround);
    const bytes = encodeFloats(values.map(bitsOf), 4, distance);
    // The planes are most significant first whatever the file's byte order.
    for (const littleEndian of [true, false]) {
      expect(decode(bytes, 8, 1, { bitsPerSample: 32, float: true, littleEndian, predictor })).toEqual(
        values,
      );
    }
  });

  it('widens half floats, subnormal and infinite ones too', () => {
    // IEEE 754 binary16: 1, -2, the largest, the smallest normal, the smallest and largest subnormal, -0, infinity.
    const words = [0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x03ff, 0x8000, 0x7c00];
    const expected = [1, -2, 65504, 2 ** -14, 2 ** -24, (1023 / 1024) * 2 ** -14, -0, Infinity];
    const bytes = Uint8Array.from(words.flatMap((word) => [word & 255, word >> 8]));
    expect(decode(bytes, 8, 1, { float: true })).toEqual(expected);
    const predicted = encodeFloats(words, 2, 1);
    expect(decode(predicted, 8, 1, { float: true, predictor: Predictor.float })).toEqual(expected);
  });

  it('widens 24-bit floats', () => {
    // DNG: a sign, 7 bits of exponent biased by 63, 16 of mantissa.
    const words = [0x3f0000, 0xc08000, 0x010000, 0x000001, 0x7effff];
    const expected = [1, -3, 2 ** -62, 2 ** -78, (2 - 2 ** -16) * 2 ** 63];
    const bytes = Uint8Array.from(words.flatMap((word) => [word >> 16, (word >> 8) & 255, word & 255]));
    expect(decode(bytes, 5, 1, { bitsPerSample: 24, float: true, littleEndian: false })).toEqual(expected);
    const predicted = encodeFloats(words, 3, 1);
    expect(decode(predicted, 5, 1, { bitsPerSample: 24, float: true, predictor: Predictor.float })).toEqual(
      expected,
    );
  });

  it('refuses a predictor that does not suit the samples', () => {
    expect(() => decode(new Uint8Array(4), 2, 1, { predictor: Predictor.float })).toThrow(RawFileError);
    expect(() => decode(new Uint8Array(4), 2, 1, { predictor: 7 })).toThrow(RawFileError);
  });

  it('ends in a RawFileError at every truncation', () => {
    for (let length = 0; length < 16; length++) {
      expect(() => decode(new Uint8Array(length), 4, 2, {})).toThrow(RawFileError);
      expect(() => decode(new Uint8Array(length), 2, 2, { bitsPerSample: 32, float: true })).toThrow(
        RawFileError,
      );
    }
  });
});

describe('deflated tiles', () => {
  const plain = Uint8Array.from({ length: 5000 }, (_, i) => (i * i) >> 7);

  it('inflates to the length that the tile has, and not beyond', () => {
    const deflated = zlibSync(plain);
    expect(inflate(deflated, 5000)).toEqual(plain);
    expect(inflate(deflated, 100)).toEqual(plain.subarray(0, 100));
  });

  it('ends in a RawFileError where the data are too short or truncated', () => {
    const deflated = zlibSync(plain);
    expect(() => inflate(deflated, 5001)).toThrow(RawFileError);
    // The last four bytes are the checksum.
    for (let length = 0; length < deflated.length - 4; length += 7) {
      expect(() => inflate(deflated.subarray(0, length), 5000)).toThrow(RawFileError);
    }
  });
});
