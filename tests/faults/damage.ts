import { mutate, seededRandom } from '../../packages/raw/src/testing/mutate.js';
import type { Original } from './originals.js';

/** Bytes of a value of each TIFF type, 1 to 13 (TIFF 6.0, section 2; IFD: TIFF Technical Note 1). */
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];
/** Where the directories of a small file lie, for blind damage. */
const HEAD_BYTES = 4096;
const SUB_DIRECTORIES = [330, 34665, 34853];
const MOST_ENTRIES = 4096;

/** Numbers that code stumbles over, as integers. */
const INTEGERS = [
  0,
  1,
  2,
  3,
  4,
  5,
  6,
  7,
  8,
  9,
  12,
  14,
  16,
  17,
  32,
  64,
  255,
  256,
  4095,
  32767,
  32768,
  65535,
  65536,
  1 << 20,
  0x3fffffff,
  0x7fffffff,
  0x80000000,
  0xfffffffe,
  0xffffffff,
];
const FLOATS = [0, -0, 1, -1, 0.5, 2, 1e-9, 1e-38, 1e9, 3e38, -3e38, 1e300, -1e300, Infinity, -Infinity, NaN];

interface Entry {
  /** Where the entry's 12 bytes begin. */
  readonly at: number;
  readonly type: number;
  /** Where its values lie, and how many bytes they take. */
  readonly values: number;
  readonly size: number;
}

/** All directory entries of a TIFF stream, as far as they make sense. */
function entriesOf(bytes: Uint8Array): { readonly little: boolean; readonly entries: readonly Entry[] } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = bytes[0] === 0x49;
  const entries: Entry[] = [];
  const seen = new Set<number>();
  const queue = [view.getUint32(4, little)];
  while (queue.length > 0 && entries.length < MOST_ENTRIES) {
    const start = queue.pop()!;
    if (seen.has(start) || start + 2 > bytes.length) continue;
    seen.add(start);
    const count = view.getUint16(start, little);
    for (let i = 0; i < count && start + 14 + 12 * i <= bytes.length; i++) {
      const at = start + 2 + 12 * i;
      const type = view.getUint16(at + 2, little);
      const size = (TYPE_BYTES[type] ?? 1) * view.getUint32(at + 4, little);
      const values = size <= 4 ? at + 8 : view.getUint32(at + 8, little);
      if (values + size > bytes.length) continue;
      entries.push({ at, type, values, size });
      if (SUB_DIRECTORIES.includes(view.getUint16(at, little)))
        for (let k = 0; k + 4 <= size; k += 4) queue.push(view.getUint32(values + k, little));
    }
    const next = start + 2 + 12 * count;
    if (next + 4 <= bytes.length && view.getUint32(next, little) !== 0)
      queue.push(view.getUint32(next, little));
  }
  return { little, entries };
}

/** Damages directory entries and the values that they point to, in one to four places. */
function mutateTags(original: Uint8Array, seed: number): Uint8Array {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const one = <T>(list: readonly T[]): T => list[below(list.length)]!;
  const bytes = new Uint8Array(original);
  const view = new DataView(bytes.buffer);
  const { little, entries } = entriesOf(original);
  if (entries.length === 0) return mutate(original, seed, HEAD_BYTES);
  const integer = (): number => (random() < 0.8 ? one(INTEGERS) : Math.max(0, bytes.length - 2 + below(5)));
  for (let count = 1 + below(4); count > 0; count--) {
    const entry = one(entries);
    const kind = below(100);
    if (kind < 6) view.setUint16(entry.at, view.getUint16(one(entries).at, little), little);
    else if (kind < 14) view.setUint16(entry.at + 2, below(15), little);
    else if (kind < 24) view.setUint32(entry.at + 4, integer(), little);
    else if (kind < 32) view.setUint32(entry.at + 8, integer(), little);
    else if (kind < 38) view.setUint32(entry.at + 8, view.getUint32(one(entries).at + 8, little), little);
    else mutateValue(view, entry, little);
  }
  return bytes;

  function mutateValue(data: DataView, { type, values, size }: Entry, order: boolean): void {
    if (size === 0) return;
    // Opcode lists are UNDEFINED, big-endian, of words and doubles.
    const opcodes = type === 7 && size >= 20;
    const width = opcodes ? one([4, 8]) : (TYPE_BYTES[type] ?? 1);
    const at = values + below(Math.max(Math.floor(size / (opcodes ? 4 : width)), 1)) * (opcodes ? 4 : width);
    if (at + width > data.byteLength) return;
    const byteOrder = opcodes ? false : order;
    if (width === 1) data.setUint8(at, below(256));
    else if (width === 2) data.setUint16(at, random() < 0.3 ? below(65536) : integer() & 0xffff, byteOrder);
    else if (type === 11 || (opcodes && width === 4 && random() < 0.3))
      data.setFloat32(at, one(FLOATS), byteOrder);
    else if (width === 4) data.setUint32(at, integer(), byteOrder);
    else if (type === 12 || opcodes) data.setFloat64(at, one(FLOATS), byteOrder);
    else data.setUint32(at + (random() < 0.5 ? 4 : 0), integer(), byteOrder);
  }
}

/** Replaces a range by a range of another file. */
function splice(bytes: Uint8Array, other: Uint8Array, seed: number): Uint8Array {
  const random = seededRandom(seed);
  const length = Math.floor(random() * Math.min(bytes.length, other.length, 512));
  const result = new Uint8Array(bytes);
  const from = Math.floor(random() * (other.length - length));
  result.set(other.subarray(from, from + length), Math.floor(random() * (bytes.length - length)));
  return result;
}

/** A damaged file: the case `index` of the run `seed` is the same wherever it is made. */
export function damaged(
  sound: readonly Original[],
  seed: number,
  index: number,
): { readonly name: string; readonly bytes: Uint8Array } {
  const random = seededRandom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
  const total = sound.reduce((sum, { weight }) => sum + weight, 0);
  const take = (): Original => {
    let place = random() * total;
    for (const original of sound) {
      place -= original.weight;
      if (place < 0) return original;
    }
    return sound[0]!;
  };
  const { name, bytes } = take();
  const each = Math.floor(random() * 2 ** 32);
  const kind = random();
  if (kind < 0.55) return { name: `${name}, tags`, bytes: mutateTags(bytes, each) };
  if (kind < 0.85) return { name: `${name}, bytes`, bytes: mutate(bytes, each, HEAD_BYTES) };
  if (kind < 0.95)
    return { name: `${name}, tags and bytes`, bytes: mutate(mutateTags(bytes, each), each, HEAD_BYTES) };
  return { name: `${name}, spliced`, bytes: splice(bytes, take().bytes, each) };
}
