import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RawFileError } from '../RawFileError.js';
import { decodeVc5 } from './vc5.js';

const dataFolder = process.env.PHOTOSITE_DATA;

/** Real VC-5 tiles and the same mosaics uncompressed: file, offset of the tile, its length. */
const REAL = [
  { gpr: 'GOPR8508.GPR', tile: [14622, 2869200], dng: 'GOPR8508.dng', samples: 2883824 },
  { gpr: 'HERO7-GOPR9231.GPR', tile: [14792, 4138920], dng: 'HERO7-GOPR9231.dng', samples: 4153712 },
] as const;

/** Bytes of a string of bits, filled with zeros to 32. */
function segments(bits: string): number[] {
  const padded = bits.padEnd(Math.ceil(bits.length / 32) * 32, '0');
  return Array.from({ length: padded.length / 8 }, (_, i) =>
    Number.parseInt(padded.slice(8 * i, 8 * i + 8), 2),
  );
}

const tag = (name: number, value: number) => [(name >> 8) & 255, name & 255, value >> 8, value & 255];
const codeblock = (payload: number[]) => [...tag(0x6000, payload.length / 4), ...payload];

const RUN_12 = '1101001';
const ZERO = '0';
const BAND_END = (0x03114ba3).toString(2).padStart(26, '0');
/** Magnitude 1 is the code 10, followed by a sign. */
const PLUS_ONE = '100';
const MINUS_ONE = '101';

/** A band of zeros, but for what stands first. */
function band(size: number, first = ''): number[] {
  const left = size - (first === '' ? 0 : 1);
  return codeblock(
    segments(first + RUN_12.repeat(Math.floor(left / 12)) + ZERO.repeat(left % 12) + BAND_END),
  );
}

/**
 * A 48 × 48 mosaic of four flat channels; the first channel's last band (the largest wavelet's high-high) may begin
 * with another coefficient.
 */
function flat(lowpass: readonly number[], detail = ''): Uint8Array {
  const channel = (value: number, first: string) => [
    ...codeblock(segments(value.toString(2).padStart(16, '0').repeat(9))),
    ...[9, 9, 9, 36, 36, 36, 144, 144].flatMap((size) => band(size)),
    ...tag(53, 10),
    ...band(144, first),
  ];
  return Uint8Array.from([
    ...[0x56, 0x43, 0x2d, 0x35],
    ...[...tag(12, 4), ...tag(14, 10), ...tag(20, 48), ...tag(21, 48), ...tag(106, 2), ...tag(107, 2)],
    // Two bits shifted out before each of the two smaller wavelets.
    ...tag(109, 0b00_10_10 << 10),
    // An optional chunk of one segment, and a section that encloses what follows.
    ...[...tag(-0x4010, 1), 1, 2, 3, 4, ...tag(-0x2400, 99)],
    ...lowpass.flatMap((value, i) => channel(value, i === 0 ? detail : '')),
  ]);
}

/** The linear value of a 12-bit component, at 14 bits. */
const linear = (x: number) => Math.trunc((65535 * (113 ** (x / 4095) - 1)) / 112) >> 2;

describe('VC-5', () => {
  it('puts a flat mosaic together from its channels, in every Bayer phase', () => {
    // Each level halves twice, and the two smaller ones shift back: a component is a quarter of the lowpass value.
    const bytes = flat([1000, 2048 + 100, 2048 - 50, 2048 + 7].map((value) => value * 4));
    const red = linear(1000 + 200);
    const blue = linear(1000 - 100);
    const [g1, g2] = [linear(1007), linear(993)];
    for (const [cfaPattern, expected] of [
      [
        [0, 1, 1, 2],
        [red, g1, g2, blue],
      ],
      [
        [1, 2, 0, 1],
        [g1, blue, red, g2],
      ],
      [
        [1, 0, 2, 1],
        [g1, red, blue, g2],
      ],
      [
        [2, 1, 1, 0],
        [blue, g1, g2, red],
      ],
    ]) {
      const { width, height, samples } = decodeVc5(bytes, { cfaPattern });
      expect([width, height]).toEqual([48, 48]);
      for (let i = 0; i < samples.length; i++) {
        expect(samples[i]).toBe(expected[2 * (Math.floor(i / 48) & 1) + (i & 1)]);
      }
    }
  });

  it('adds a highpass coefficient with its quantization and sign to the four photosites that it covers', () => {
    // 10 of high-high: halved vertically (5 and -5), then horizontally (3 and -2, with the rounding down of a shift).
    const greens = (detail: string) => {
      const { samples } = decodeVc5(flat([4000, 8192, 8192, 8192], detail));
      return [samples[0], samples[2], samples[96], samples[98], samples[4]];
    };
    expect(greens(PLUS_ONE)).toEqual([1002, 997, 997, 1002, 1000].map(linear));
    expect(greens(MINUS_ONE)).toEqual([997, 1002, 1002, 997, 1000].map(linear));
  });

  it('gives the bits that it is asked for', () => {
    const bytes = flat([8192, 8192, 8192, 8192]);
    expect(decodeVc5(bytes, { bits: 12 }).samples[0]).toBe(linear(2048) >> 2);
  });

  it('ends in a RawFileError at every truncation', () => {
    const bytes = flat([4000, 8192, 8192, 8192]);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeVc5(bytes.subarray(0, length))).toThrow(RawFileError);
    }
  });

  it('does not allocate a picture that the data cannot hold', () => {
    const bytes = flat([4000, 8192, 8192, 8192]);
    bytes.set([0, 20, 0xff, 0xfe, 0, 21, 0xff, 0xfe], 12);
    expect(() => decodeVc5(bytes)).toThrow(/too little data/);
  });

  it('ends in samples or a RawFileError for any damage', () => {
    const good = flat([4000, 8192, 8192, 8192], PLUS_ONE);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        (damage) => {
          const bytes = good.slice();
          for (const [at, value] of damage) bytes[at] = value;
          try {
            const { width, height, samples } = decodeVc5(bytes);
            expect(samples.length).toBe(width * height);
          } catch (error) {
            expect(error).toBeInstanceOf(RawFileError);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  for (const { gpr, tile, dng, samples } of REAL) {
    const file = dataFolder && join(dataFolder, 'raw', gpr);
    it.skipIf(!file || !existsSync(file))(
      `decodes ${gpr} to the samples of its uncompressed copy (PHOTOSITE_DATA)`,
      () => {
        const bytes = new Uint8Array(readFileSync(file as string)).subarray(tile[0], tile[0] + tile[1]);
        const decoded = decodeVc5(bytes);
        expect([decoded.width, decoded.height]).toEqual([4000, 3000]);
        const reference = readFileSync(join(dataFolder as string, 'raw', dng));
        expect(
          decoded.samples.findIndex((value, i) => value !== reference.readUInt16LE(samples + 2 * i)),
        ).toBe(-1);
      },
    );
  }
});
