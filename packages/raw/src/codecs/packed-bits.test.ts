import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RawFileError } from '../RawFileError.js';
import { unpackBits } from './packed-bits.js';
import type { TilePlacement } from './TilePlacement.js';

/** Packs rows bit by bit, the slow and plain way. */
function pack(samples: readonly number[], rowLength: number, bits: number): Uint8Array {
  const rows: number[] = [];
  for (let i = 0; i < samples.length; i += rowLength) {
    const text = samples
      .slice(i, i + rowLength)
      .map((value) => value.toString(2).padStart(bits, '0'))
      .join('');
    for (let at = 0; at < text.length; at += 8) {
      rows.push(Number.parseInt(text.slice(at, at + 8).padEnd(8, '0'), 2));
    }
  }
  return Uint8Array.from(rows);
}

const whole = (samples: Uint16Array, rowLength: number, rows: number): TilePlacement => ({
  samples,
  offset: 0,
  stride: rowLength,
  rowLength,
  columns: rowLength,
  rows,
});

describe('packed samples', () => {
  it('unpacks a row of 12 bits as TIFF 6.0 orders them', () => {
    const samples = new Uint16Array(3);
    unpackBits(Uint8Array.of(0x12, 0x3a, 0xbc, 0xfe, 0xd0), 12, whole(samples, 3, 1));
    expect([...samples]).toEqual([0x123, 0xabc, 0xfed]);
  });

  it('unpacks what was packed, for every depth, width and height', () => {
    const cases = fc
      .record({
        bits: fc.integer({ min: 1, max: 16 }),
        rowLength: fc.integer({ min: 1, max: 23 }),
        rows: fc.integer({ min: 1, max: 5 }),
      })
      .chain(({ bits, rowLength, rows }) =>
        fc.record({
          bits: fc.constant(bits),
          rowLength: fc.constant(rowLength),
          rows: fc.constant(rows),
          samples: fc.array(fc.integer({ min: 0, max: 2 ** bits - 1 }), {
            minLength: rowLength * rows,
            maxLength: rowLength * rows,
          }),
        }),
      );
    fc.assert(
      fc.property(cases, ({ bits, rowLength, rows, samples }) => {
        const unpacked = new Uint16Array(samples.length);
        unpackBits(pack(samples, rowLength, bits), bits, whole(unpacked, rowLength, rows));
        expect([...unpacked]).toEqual(samples);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps a padded tile out of its neighbours', () => {
    const samples = new Uint16Array(10).fill(7);
    const bytes = pack([1, 2, 3, 4, 5, 6, 7, 8], 4, 10);
    unpackBits(bytes, 10, { samples, offset: 1, stride: 5, rowLength: 4, columns: 3, rows: 2 });
    expect([...samples]).toEqual([7, 1, 2, 3, 7, 7, 5, 6, 7, 7]);
  });

  it('ends in a RawFileError at every truncation', () => {
    const bytes = pack([1, 2, 3, 4, 5, 6], 3, 14);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => unpackBits(bytes.subarray(0, length), 14, whole(new Uint16Array(6), 3, 2))).toThrow(
        RawFileError,
      );
    }
  });
});
