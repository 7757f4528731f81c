import type { ExrBytes } from './ExrBytes.js';

/*
 * The Huffman coding inside PIZ: up to 65537 symbols, of which the last one in use repeats the value before it. The
 * code is canonical: only the lengths are stored, and longer codes are the numerically smaller ones.
 */

/** Symbols: every 16-bit value, and the one that repeats. */
const SYMBOLS = 65537;
/** Bytes of first and last symbol, table length, bit count and a reserved word. */
const HEAD_BYTES = 20;
/**
 * Longest code that is read. The format's six bits can say 58, but a Huffman code of so many bits needs more values
 * than any picture has pixels (the Fibonacci numbers), and up to 52 bits are exact in a number.
 */
const MAX_LENGTH = 52;
/** Lengths in the table from which on they stand for a run of absent symbols: 59 is 2 of them, 62 is 5. */
const SHORT_RUN = 59;
/** The length that is followed by eight bits: how many absent symbols beyond 6. */
const LONG_RUN = 63;
const LONG_RUN_LEAST = 6;
/** Codes up to this length are decoded by one look into a table. */
const FAST_BITS = 12;

/** Reads bits, most significant first; what is beyond the end reads as 0 and is noticed by the position. */
class BitReader {
  readonly #bytes: Uint8Array;
  /** Bits read so far. */
  position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The next `count` bits, at most 16, without going on. */
  peek(count: number): number {
    const at = this.position >> 3;
    const bytes = this.#bytes;
    const three = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    return (three >> (24 - count - (this.position & 7))) & ((1 << count) - 1);
  }

  take(count: number): number {
    const value = this.peek(count);
    this.position += count;
    return value;
  }
}

/** A canonical code: symbols sorted by length, and for each length its first code and where its symbols begin. */
interface Code {
  readonly symbols: Int32Array;
  readonly count: Int32Array;
  readonly firstCode: Float64Array;
  readonly firstIndex: Int32Array;
  readonly longest: number;
  /** By the next {@link FAST_BITS} bits: symbol × 64 + length, 0 where the code is longer. */
  readonly fast: Int32Array;
}

function makeCode(lengths: Uint8Array, first: number, file: ExrBytes, offset: number): Code {
  const count = new Int32Array(MAX_LENGTH + 1);
  for (const length of lengths) count[length]++;
  count[0] = 0;
  const firstCode = new Float64Array(MAX_LENGTH + 1);
  const firstIndex = new Int32Array(MAX_LENGTH + 1);
  for (let length = MAX_LENGTH, code = 0; length > 0; length--) {
    firstCode[length] = code;
    if (code + count[length] > 2 ** length)
      throw file.error('PIZ block', 'its code lengths contradict each other; the file is damaged.', offset);
    code = Math.floor((code + count[length]) / 2);
  }
  let total = 0;
  let longest = 0;
  for (let length = 1; length <= MAX_LENGTH; length++) {
    firstIndex[length] = total;
    total += count[length];
    if (count[length] > 0) longest = length;
  }
  const symbols = new Int32Array(total);
  const next = firstIndex.slice();
  for (let i = 0; i < lengths.length; i++) if (lengths[i] > 0) symbols[next[lengths[i]]++] = first + i;

  const fast = new Int32Array(1 << FAST_BITS);
  for (let length = 1; length <= Math.min(longest, FAST_BITS); length++) {
    const span = 1 << (FAST_BITS - length);
    for (let i = 0; i < count[length]; i++) {
      const start = (firstCode[length] + i) * span;
      fast.fill(symbols[firstIndex[length] + i] * 64 + length, start, start + span);
    }
  }
  return { symbols, count, firstCode, firstIndex, longest, fast };
}

function readLengths(bits: BitReader, count: number, limit: number): Uint8Array | undefined {
  const lengths = new Uint8Array(count);
  for (let i = 0; i < count; ) {
    const length = bits.take(6);
    if (length >= SHORT_RUN) {
      i += length === LONG_RUN ? bits.take(8) + LONG_RUN_LEAST : length - SHORT_RUN + 2;
      if (i > count) return undefined;
    } else if (length > MAX_LENGTH) return undefined;
    else lengths[i++] = length;
    if (bits.position > limit) return undefined;
  }
  return lengths;
}

/** The symbol of a code that is longer than {@link FAST_BITS}; -1 where there's none. */
function takeLong(bits: BitReader, { symbols, count, firstCode, firstIndex, longest }: Code): number {
  let code = bits.take(FAST_BITS);
  for (let length = FAST_BITS + 1; length <= longest; length++) {
    code = code * 2 + bits.take(1);
    const index = code - firstCode[length];
    if (index >= 0 && index < count[length]) return symbols[firstIndex[length] + index];
  }
  return -1;
}

/**
 * Decodes a PIZ block's Huffman part.
 * @param out filled with values; the block has to hold exactly as many
 * @param offset where the part lies in the file
 */
export function decodeHuffman(file: ExrBytes, offset: number, length: number, out: Uint16Array): void {
  const damaged = (message: string): Error =>
    file.error('PIZ block', `${message}; the file is damaged.`, offset);
  if (length < HEAD_BYTES) throw damaged(`a Huffman table needs ${HEAD_BYTES} bytes, not ${length}`);
  const first = file.uint32('PIZ block', offset);
  const last = file.uint32('PIZ block', offset + 4);
  const bitCount = file.uint32('PIZ block', offset + 12);
  if (first > last || last >= SYMBOLS) throw damaged(`symbols ${first} to ${last} are not possible`);
  const part = file.bytes.subarray(offset + HEAD_BYTES, offset + length);
  const tableBits = new BitReader(part);
  const lengths = readLengths(tableBits, last - first + 1, part.length * 8);
  if (lengths === undefined) throw damaged('the table of code lengths is broken');
  const code = makeCode(lengths, first, file, offset);

  const data = part.subarray(Math.ceil(tableBits.position / 8));
  if (bitCount > data.length * 8)
    throw damaged(`${bitCount} bits are announced, ${data.length * 8} are there`);
  const bits = new BitReader(data);
  const { fast } = code;
  let filled = 0;
  while (filled < out.length) {
    const entry = fast[bits.peek(FAST_BITS)];
    let symbol = entry >> 6;
    if (entry !== 0) bits.position += entry & 63;
    else symbol = takeLong(bits, code);
    if (symbol < 0 || bits.position > bitCount) throw damaged('the codes end early');
    if (symbol !== last) out[filled++] = symbol;
    else {
      const repeats = bits.take(8);
      if (filled === 0 || filled + repeats > out.length || bits.position > bitCount)
        throw damaged('a repetition has no place');
      out.fill(out[filled - 1], filled, filled + repeats);
      filled += repeats;
    }
  }
}
