import { describe, expect, it } from 'vitest';
import { readXTransLayout } from './raf.js';

/** A RAF header with a directory of two entries, the second the layout. */
function raf(layout: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(200);
  bytes.set(new TextEncoder().encode('FUJIFILMCCD-RAW '));
  const view = new DataView(bytes.buffer);
  view.setUint32(92, 120);
  view.setUint32(120, 2);
  view.setUint16(124, 0x0100);
  view.setUint16(126, 4);
  view.setUint16(132, 0x0131);
  view.setUint16(134, 36);
  bytes.set(layout, 136);
  return bytes;
}

describe("a RAF's X-Trans layout", () => {
  // An X-Trans pattern's 20 green, 8 red and 8 blue photosites.
  const stored = [...'GBGGRGRGRBGBGBGGRGGRGGBGBGBRGRGRGGBG'].map((letter) => 'RGB'.indexOf(letter));

  it('is read from the last photosite to the first', () => {
    expect(readXTransLayout(raf(stored))).toEqual([...stored].reverse());
  });

  it('is undefined in any other file, a truncated one, and one with another colour', () => {
    expect(readXTransLayout(new Uint8Array(500))).toBeUndefined();
    for (let length = 0; length < 172; length++) {
      expect(readXTransLayout(raf(stored).subarray(0, length))).toBeUndefined();
    }
    expect(readXTransLayout(raf([3, ...stored.slice(1)]))).toBeUndefined();
  });
});
