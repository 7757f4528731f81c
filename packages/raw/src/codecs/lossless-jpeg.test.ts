import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RawFileError } from '../RawFileError.js';
import { decodeLosslessJpeg, encodeLosslessJpeg, readLosslessJpegHeader } from './lossless-jpeg.js';

/** A SOF3 stream put together by hand from a Huffman table and entropy-coded bytes. */
function stream(options: {
  size: [width: number, height: number];
  bits: number;
  components?: number;
  /** Codes of each length, 1 to 16. */
  counts: number[];
  values: number[];
  predictor?: number;
  pointTransform?: number;
  restartInterval?: number;
  data: number[];
}): Uint8Array {
  const { size, bits, components = 1, counts, values, predictor = 1, pointTransform = 0, data } = options;
  const sixteen = [...counts, ...new Array<number>(16 - counts.length).fill(0)];
  const ids = Array.from({ length: components }, (_, c) => c + 1);
  const restart = options.restartInterval;
  return Uint8Array.from([
    ...[0xff, 0xd8, 0xff, 0xc4, 0, 19 + values.length, 0, ...sixteen, ...values],
    ...[0xff, 0xc3, 0, 8 + 3 * components, bits, 0, size[1], 0, size[0], components],
    ...ids.flatMap((id) => [id, 0x11, 0]),
    ...(restart === undefined ? [] : [0xff, 0xdd, 0, 4, 0, restart]),
    ...[0xff, 0xda, 0, 6 + 2 * components, components, ...ids.flatMap((id) => [id, 0])],
    ...[predictor, 0, pointTransform],
    ...data,
    ...[0xff, 0xd9],
  ]);
}

/** Bytes of a string of bits, filled with ones. */
function bitsOf(text: string): number[] {
  const bits = text.replaceAll(' ', '');
  const bytes: number[] = [];
  for (let i = 0; i < bits.length; i += 8) {
    const byte = Number.parseInt(bits.slice(i, i + 8).padEnd(8, '1'), 2);
    bytes.push(byte);
    if (byte === 0xff) bytes.push(0);
  }
  return bytes;
}

const picture = fc
  .record({
    width: fc.integer({ min: 1, max: 24 }),
    height: fc.integer({ min: 1, max: 12 }),
    components: fc.integer({ min: 1, max: 4 }),
    bits: fc.integer({ min: 2, max: 16 }),
    predictor: fc.integer({ min: 1, max: 7 }),
    restartRows: fc.integer({ min: 0, max: 3 }),
    smooth: fc.boolean(),
    seed: fc.integer({ min: 1, max: 0x7fffffff }),
  })
  .map(({ smooth, seed, ...rest }) => {
    const { width, height, components, bits } = rest;
    let state = seed;
    const samples = Uint16Array.from({ length: width * height * components }, (_, i) => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      const noise = state >>> 16;
      return (smooth ? (i >> 2) + (noise & 3) : noise) & ((1 << bits) - 1);
    });
    return { ...rest, samples };
  });

describe('lossless JPEG', () => {
  it('decodes a stream that was coded by hand', () => {
    // Categories 0, 1, 2, 3 have the codes 00, 01, 10, 110. Samples 128, 129, 127 / 131, 131, 124 by predictor 1:
    // the first is predicted by 2^7, the second row's first by the sample above it.
    const bytes = stream({
      size: [3, 2],
      bits: 8,
      counts: [0, 3, 1],
      values: [0, 1, 2, 3],
      data: bitsOf('00  01 1  10 01  10 11  00  110 000'),
    });
    expect([...decodeLosslessJpeg(bytes).samples]).toEqual([128, 129, 127, 131, 131, 124]);
  });

  it.each([
    [1, 12],
    [2, 21],
    [3, 11],
    [4, 22],
    [5, 17],
    [6, 21],
    [7, 16],
  ])('predicts by the selection value %i as T.81 table H.1 says', (predictor, expected) => {
    // The samples are 11 21 / 12 x, and the difference at x is 0.
    const difference = (value: number) => {
      const category = 32 - Math.clz32(Math.abs(value));
      const bits = value < 0 ? value + (1 << category) - 1 : value;
      return `${category.toString(2).padStart(3, '0')}${category === 0 ? '' : bits.toString(2).padStart(category, '0')}`;
    };
    const bytes = stream({
      size: [2, 2],
      bits: 5,
      counts: [0, 0, 7],
      values: [0, 1, 2, 3, 4, 5, 6],
      predictor,
      data: bitsOf(difference(11 - 16) + difference(21 - 11) + difference(12 - 11) + difference(0)),
    });
    expect([...decodeLosslessJpeg(bytes).samples]).toEqual([11, 21, 12, expected]);
  });

  it('takes difference category 16 without further bits, and with them where an old DNG has them', () => {
    const base = { size: [2, 1] as [number, number], bits: 16, counts: [1, 1], values: [0, 16] };
    const plain = stream({ ...base, data: bitsOf('10 0') });
    expect([...decodeLosslessJpeg(plain).samples]).toEqual([0, 0]);
    const old = stream({ ...base, data: bitsOf('10 1000000000000000 0') });
    expect([...decodeLosslessJpeg(old, { category16HasBits: true }).samples]).toEqual([0, 0]);
  });

  it('decodes codes longer than its lookup, category 0 and 16 among them', () => {
    // One code of each length 2 to 16; the last two of 15 and 16 bits mean 16 and 0.
    const counts = [0, ...new Array<number>(15).fill(1)];
    const values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16, 0];
    // Canonical codes of these lengths: a zero, length - 2 ones, a zero.
    const canonical = (length: number) => `0${'1'.repeat(length - 2)}0`;
    const bytes = stream({
      size: [4, 1],
      bits: 16,
      counts,
      values,
      data: bitsOf(`${canonical(15)}${canonical(16)}${canonical(14)}1${'0'.repeat(12)}${canonical(2)}1`),
    });
    expect([...decodeLosslessJpeg(bytes).samples]).toEqual([0, 0, 4096, 4097]);
  });

  it('scales by the point transform', () => {
    const bytes = stream({
      size: [2, 1],
      bits: 10,
      pointTransform: 2,
      counts: [0, 2],
      values: [0, 1],
      data: bitsOf('00 01 1'),
    });
    expect([...decodeLosslessJpeg(bytes).samples]).toEqual([128 << 2, 129 << 2]);
  });

  it('gives back every picture that it encodes', () => {
    fc.assert(
      fc.property(picture, ({ samples, width, height, components, bits, predictor, restartRows }) => {
        const bytes = encodeLosslessJpeg(samples, width, height, components, bits, {
          predictor,
          restartRows,
        });
        const decoded = decodeLosslessJpeg(bytes);
        expect(decoded).toEqual({
          width,
          height,
          components,
          bits,
          predictor,
          pointTransform: 0,
          restartInterval: restartRows * width,
          samples,
        });
      }),
      { numRuns: 300 },
    );
  });

  it('codes differences of ±32768 and both ends of 16 bits', () => {
    const samples = Uint16Array.from([0, 65535, 0, 32768, 65535, 32767, 1, 32769]);
    for (const predictor of [1, 2, 3, 4, 5, 6, 7]) {
      const bytes = encodeLosslessJpeg(samples, 4, 2, 1, 16, { predictor });
      expect([...decodeLosslessJpeg(bytes).samples]).toEqual([...samples]);
    }
  });

  it('limits codes to 16 bits under the most lopsided statistics, and reserves the code of all ones', () => {
    // Category c occurs about 2^(16-c) times, which an unlimited Huffman code would give up to 17 bits.
    const samples: number[] = [];
    let value = 0;
    for (let category = 0; category <= 16; category++) {
      for (let k = 0; k < 1 << Math.min(15, 16 - category); k++) {
        value ^= category === 0 ? 0 : 1 << (category - 1);
        samples.push(value & 0xffff);
      }
    }
    const width = 1024;
    while (samples.length % width !== 0) samples.push(0);
    const source = Uint16Array.from(samples);
    const bytes = encodeLosslessJpeg(source, width, source.length / width, 1, 16);
    expect(decodeLosslessJpeg(bytes).samples).toEqual(source);
    const table = bytes.subarray(bytes.indexOf(0xc4) + 4);
    const kraft = Array.from(table.subarray(0, 16)).reduce((sum, count, i) => sum + count / 2 ** (i + 1), 0);
    expect(kraft).toBeLessThan(1);
  });

  it('puts a tile in its place, cut at the picture, whatever shape the JPEG has', () => {
    const tile = Uint16Array.from({ length: 48 }, (_, i) => i + 1);
    const shapes = [
      [8, 6, 1],
      [4, 6, 2],
      [16, 3, 1],
      [8, 3, 2],
      [4, 12, 1],
    ];
    for (const [width, height, components] of shapes) {
      const bytes = encodeLosslessJpeg(tile, width, height, components, 8);
      const samples = new Uint16Array(10 * 6);
      decodeLosslessJpeg(bytes, {
        target: { samples, offset: 10 + 4, stride: 10, rowLength: 8, columns: 6, rows: 5 },
      });
      const expected = new Uint16Array(10 * 6);
      for (let y = 0; y < 5; y++) for (let x = 0; x < 6; x++) expected[10 + 4 + y * 10 + x] = y * 8 + x + 1;
      expect(samples).toEqual(expected);
    }
  });

  it('encodes a window of a larger picture', () => {
    const samples = Uint16Array.from({ length: 30 }, (_, i) => i);
    const bytes = encodeLosslessJpeg(samples, 3, 2, 1, 8, { offset: 7, stride: 6 });
    expect([...decodeLosslessJpeg(bytes).samples]).toEqual([7, 8, 9, 13, 14, 15]);
  });

  it('refuses a tile with too few samples', () => {
    const bytes = encodeLosslessJpeg(new Uint16Array(24), 6, 4, 1, 8);
    const target = { samples: new Uint16Array(36), offset: 0, stride: 6, rowLength: 6, columns: 6, rows: 6 };
    expect(() => decodeLosslessJpeg(bytes, { target })).toThrow(RawFileError);
  });

  it('ends in a RawFileError at every truncation', () => {
    const samples = Uint16Array.from({ length: 32 * 16 }, (_, i) => (i * 2654435761) >>> 20);
    for (const restartRows of [0, 4]) {
      const bytes = encodeLosslessJpeg(samples, 16, 16, 2, 12, { restartRows });
      // Without its EOI marker a stream is whole.
      for (let length = 0; length < bytes.length - 2; length++) {
        expect(() => decodeLosslessJpeg(bytes.subarray(0, length))).toThrow(RawFileError);
      }
    }
  });

  it('ends in samples or a RawFileError for any damage', () => {
    const samples = Uint16Array.from({ length: 32 * 16 }, (_, i) => (i * 2654435761) >>> 20);
    const good = encodeLosslessJpeg(samples, 16, 16, 2, 12, { predictor: 6, restartRows: 4 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        (damage) => {
          const bytes = good.slice();
          for (const [at, value] of damage) bytes[at] = value;
          try {
            const { width, height, components, samples: decoded } = decodeLosslessJpeg(bytes);
            expect(decoded.length).toBe(width * height * components);
          } catch (error) {
            expect(error).toBeInstanceOf(RawFileError);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('does not allocate a picture that the data cannot hold', () => {
    const bytes = stream({ size: [1, 1], bits: 8, counts: [0, 1], values: [0], data: [0, 0, 0, 0] });
    const frame = bytes.indexOf(0xc3);
    bytes.set([0xff, 0xff, 0xff, 0xff], frame + 4);
    expect(() => decodeLosslessJpeg(bytes)).toThrow(/too little data/);
  });

  it('names the offset in the file', () => {
    const bytes = encodeLosslessJpeg(new Uint16Array(64), 8, 8, 1, 8);
    bytes[bytes.indexOf(0xc3) + 3] = 17;
    let caught: unknown;
    try {
      decodeLosslessJpeg(bytes, { fileOffset: 1000 });
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(RawFileError);
    expect((caught as RawFileError).offset).toBe(1000 + bytes.indexOf(0xc3) + 3);
  });

  it('reads the header alone', () => {
    const bytes = encodeLosslessJpeg(new Uint16Array(64), 4, 8, 2, 14, { predictor: 7 });
    expect(readLosslessJpegHeader(bytes)).toEqual({
      width: 4,
      height: 8,
      components: 2,
      bits: 14,
      predictor: 7,
      pointTransform: 0,
      restartInterval: 0,
    });
  });

  it('refuses samples that the stated bits cannot hold', () => {
    expect(() => encodeLosslessJpeg(Uint16Array.of(0, 1024), 2, 1, 1, 10)).toThrow(RangeError);
  });
});
