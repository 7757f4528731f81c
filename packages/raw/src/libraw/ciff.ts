/**
 * Canon's CIFF (the CRW format): nested heaps whose directory of 10-byte entries (tag, length, offset from the heap's
 * start) stands at their end, at an offset that is their last four bytes. Source: Canon, "CIFF Specification on Image
 * Data File", version 1.0 revision 4.
 */

const HEADER = 'HEAPCCDR';
/** Camera make and model, two strings that each end in a zero. */
const MAKE_MODEL = 0x080a;
/** Data types of entries that are heaps themselves (tag bits 11-13). */
const HEAP_TYPES = new Set([0x2800, 0x3000]);
const TYPE_MASK = 0x3800;
const ENTRY_BYTES = 10;
const MAX_DEPTH = 6;
const MAX_ENTRIES = 1000;
/** LibRaw reads the make from 64 bytes. */
const MAKE_BYTES = 64;

/**
 * libraw-wasm 1.6.0 loses a CRW's model, and with it the colour matrix: it steps back from 64 bytes to the end of the
 * make in 32-bit unsigned arithmetic, which leads beyond the file. A make that fills its 64 bytes needs no step. This
 * gives a copy of the file where make and model lie so at its end; the samples are untouched.
 *
 * @returns the copy, or the bytes themselves where they are no CRW or have no such entry
 */
export function widenCiffMake(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 26 || String.fromCharCode(...bytes.subarray(6, 14)) !== HEADER) return bytes;
  if (view.getUint16(0) !== 0x4949) return bytes;
  const found = findEntry(view, view.getUint32(2, true), bytes.length, 0);
  if (found === undefined) return bytes;
  const text = String.fromCharCode(...bytes.subarray(found.offset, found.offset + found.length));
  const [make, model] = text.split('\0');
  if (!make || !model || make.length >= MAKE_BYTES || model.length >= MAKE_BYTES) return bytes;

  const record = `${make.padEnd(MAKE_BYTES - 1)}\0${model.padEnd(MAKE_BYTES, '\0')}`;
  const copy = new Uint8Array(bytes.length + record.length + 4);
  copy.set(bytes);
  for (let i = 0; i < record.length; i++) copy[bytes.length + i] = record.charCodeAt(i);
  // The root heap ends with the file, and its last four bytes are its directory's offset.
  copy.set(bytes.subarray(bytes.length - 4), bytes.length + record.length);
  const entry = new DataView(copy.buffer);
  entry.setUint32(found.entry + 2, record.length, true);
  entry.setUint32(found.entry + 6, bytes.length - found.heap, true);
  return copy;
}

interface CiffEntry {
  /** Where the entry stands in the file. */
  readonly entry: number;
  /** Where its heap begins. */
  readonly heap: number;
  readonly offset: number;
  readonly length: number;
}

function findEntry(view: DataView, heap: number, end: number, depth: number): CiffEntry | undefined {
  if (depth > MAX_DEPTH || heap < 0 || end > view.byteLength || end - heap < 6) return undefined;
  const directory = heap + view.getUint32(end - 4, true);
  if (directory + 2 > end) return undefined;
  const count = Math.min(view.getUint16(directory, true), MAX_ENTRIES);
  for (let i = 0; i < count; i++) {
    const entry = directory + 2 + i * ENTRY_BYTES;
    if (entry + ENTRY_BYTES > end) return undefined;
    const tag = view.getUint16(entry, true);
    const length = view.getUint32(entry + 2, true);
    const offset = heap + view.getUint32(entry + 6, true);
    if (offset + length > view.byteLength) continue;
    if (tag === MAKE_MODEL) return { entry, heap, offset, length };
    if (HEAP_TYPES.has(tag & TYPE_MASK)) {
      const inner = findEntry(view, offset, offset + length, depth + 1);
      if (inner !== undefined) return inner;
    }
  }
  return undefined;
}
