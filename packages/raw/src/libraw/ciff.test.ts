import { describe, expect, it } from 'vitest';
import { widenCiffMake } from './ciff.js';

/** A CRW of one heap within the root heap, with a make and a model in it. */
function crw(): Uint8Array {
  const header = 26;
  const text = 'Canon\0Canon PowerShot G2\0';
  const inner = text.length + 2 + 10 + 4;
  const bytes = new Uint8Array(header + inner + 2 + 10 + 4);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0x4949);
  view.setUint32(2, header, true);
  bytes.set(new TextEncoder().encode('HEAPCCDR'), 6);
  bytes.set(new TextEncoder().encode(text), header);
  const entry = (at: number, tag: number, length: number, offset: number) => {
    view.setUint16(at, 1, true);
    view.setUint16(at + 2, tag, true);
    view.setUint32(at + 4, length, true);
    view.setUint32(at + 8, offset, true);
  };
  entry(header + text.length, 0x080a, text.length, 0);
  view.setUint32(header + inner - 4, text.length, true);
  entry(header + inner, 0x300a, inner, 0);
  view.setUint32(bytes.length - 4, inner, true);
  return bytes;
}

describe('a CRW for LibRaw', () => {
  it('gets its make in 64 bytes and its model behind it, and keeps every other byte', () => {
    const bytes = crw();
    const wide = widenCiffMake(bytes);
    const record = new TextDecoder().decode(wide.subarray(bytes.length, bytes.length + 128));
    expect(record).toBe(`${'Canon'.padEnd(63)}\0${'Canon PowerShot G2'.padEnd(64, '\0')}`);
    // The entry's length and offset, which counts from the heap's start at 26, are all that differ.
    const entry = 26 + 25 + 2;
    const view = new DataView(wide.buffer);
    expect(view.getUint32(entry + 2, true)).toBe(128);
    expect(view.getUint32(entry + 6, true)).toBe(bytes.length - 26);
    const changed = Array.from(bytes.keys()).filter((i) => wide[i] !== bytes[i]);
    expect(changed.every((i) => i >= entry + 2 && i < entry + 10)).toBe(true);
    expect(wide.subarray(-4)).toEqual(bytes.subarray(-4));
  });

  it('is left alone where it is something else', () => {
    const other = crw().fill(0, 6, 14);
    expect(widenCiffMake(other)).toBe(other);
  });

  it('never leads out of the file, however damaged', () => {
    const bytes = crw();
    for (let length = 0; length < bytes.length; length++) {
      expect(() => widenCiffMake(bytes.subarray(0, length))).not.toThrow();
    }
    const self = crw();
    // A heap that is its own child ends at the nesting limit.
    new DataView(self.buffer).setUint32(self.length - 4, 0, true);
    expect(() => widenCiffMake(self)).not.toThrow();
  });
});
