/** A small seeded generator (mulberry32), so that a case can be run again by its number. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Numbers that parsers stumble over: zero, one, the edges of signed and unsigned types. */
const EDGES = [0, 1, 2, 3, 7, 8, 255, 256, 32767, 32768, 65535, 65536, 0x7fffffff, 0x80000000, 0xffffffff];

/**
 * Damages a file in one to eight places: flipped bits, edge values of 8, 16 and 32 bits in both byte orders, copied,
 * removed and repeated ranges, a cut end. Half of the places are in the first `headLength` bytes, where the
 * directories are.
 *
 * @param seed the case's number; the same gives the same file
 */
export function mutate(original: Uint8Array, seed: number, headLength: number): Uint8Array {
  const random = seededRandom(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  let bytes = new Uint8Array(original);
  for (let count = 1 + below(8); count > 0 && bytes.length > 8; count--) {
    const at = below(random() < 0.5 ? Math.min(headLength, bytes.length) : bytes.length);
    const view = new DataView(bytes.buffer);
    const edge = EDGES[below(EDGES.length)];
    const kind = below(100);
    if (kind < 25) bytes[at] ^= 1 << below(8);
    else if (kind < 45) bytes[at] = edge;
    else if (kind < 65 && at + 2 <= bytes.length) view.setUint16(at, edge & 0xffff, random() < 0.5);
    else if (kind < 85 && at + 4 <= bytes.length) view.setUint32(at, edge, random() < 0.5);
    else if (kind < 92) bytes.copyWithin(at, below(bytes.length), below(bytes.length));
    else if (kind < 96) bytes = bytes.slice(0, at + 1);
    else {
      // Removed bytes move all that follows up; repeated ones move it down.
      const from = Math.max(0, Math.min(bytes.length, at + (kind < 98 ? 1 : -1) * below(64)));
      const rest = bytes.subarray(from);
      const next = new Uint8Array(at + rest.length);
      next.set(bytes.subarray(0, at));
      next.set(rest, at);
      bytes = next;
    }
  }
  return bytes;
}
