import { unzlibSync } from 'fflate';
import type { ExrBytes } from './ExrBytes.js';
import { SAMPLE_BYTES } from './format.js';
import type { ExrChannel } from './header.js';
import { decodeHuffman } from './huffman.js';
import { undoWavelet } from './wavelet.js';

/** A compressed block of rows or a tile. */
export interface Block {
  readonly offset: number;
  readonly length: number;
  readonly columns: number;
  readonly rows: number;
}

/** The pixels of a block: row by row, in each row channel by channel, little-endian. */
type Decompress = (file: ExrBytes, block: Block, channels: readonly ExrChannel[], size: number) => Uint8Array;

function damaged(file: ExrBytes, { offset }: Block, cause?: unknown): Error {
  return file.error('block', 'it cannot be decompressed; the file is damaged.', offset, { cause });
}

function inflate(file: ExrBytes, block: Block, size: number): Uint8Array {
  let inflated: Uint8Array;
  try {
    const packed = file.bytes.subarray(block.offset, block.offset + block.length);
    // fflate stops at the end of the memory that it is given, so that a small block can't fill more.
    inflated = unzlibSync(packed, { out: new Uint8Array(size) });
  } catch (cause) {
    throw damaged(file, block, cause);
  }
  if (inflated.length !== size) throw damaged(file, block);
  return inflated;
}

/** RLE and ZIP store differences of bytes, with the bytes of even places before those of odd places. */
function undoDifferences(bytes: Uint8Array): Uint8Array {
  const size = bytes.length;
  for (let i = 1; i < size; i++) bytes[i] += bytes[i - 1] - 128;
  const out = new Uint8Array(size);
  const odd = (size + 1) >> 1;
  for (let i = 0, j = 0; i < size; i += 2, j++) {
    out[i] = bytes[j];
    if (i + 1 < size) out[i + 1] = bytes[odd + j];
  }
  return out;
}

const unzip: Decompress = (file, block, _channels, size) => undoDifferences(inflate(file, block, size));

const unrun: Decompress = (file, block, _channels, size) => {
  const out = new Uint8Array(size);
  const end = block.offset + block.length;
  let at = block.offset;
  let filled = 0;
  while (at < end) {
    // A count below 0 is that many bytes as they are; from 0 on it is one byte, that often and once more.
    const count = file.view.getInt8(at++);
    const length = count < 0 ? -count : count + 1;
    if (filled + length > size || at + (count < 0 ? length : 1) > end) throw damaged(file, block);
    if (count < 0) out.set(file.bytes.subarray(at, at + length), filled);
    else out.fill(file.bytes[at], filled, filled + length);
    at += count < 0 ? length : 1;
    filled += length;
  }
  if (filled !== size) throw damaged(file, block);
  return undoDifferences(out);
};

/** Bytes that PXR24 keeps of a sample: of a 32-bit float it drops the last. */
const PXR24_BYTES = { uint: 4, half: 2, float: 3 } as const;

const unpackPxr24: Decompress = (file, block, channels, size) => {
  const { columns, rows } = block;
  const packedBytes = channels.reduce((sum, { type }) => sum + PXR24_BYTES[type], 0) * columns * rows;
  const packed = inflate(file, block, packedBytes);
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  let from = 0;
  let to = 0;
  for (let row = 0; row < rows; row++)
    for (const { type } of channels) {
      const planes = PXR24_BYTES[type];
      // The bytes of a row lie plane by plane, the most significant first; values are differences to the left.
      for (let x = 0, value = 0; x < columns; x++, to += SAMPLE_BYTES[type]) {
        let difference = 0;
        for (let plane = 0; plane < planes; plane++)
          difference = (difference << 8) | packed[from + plane * columns + x];
        value = (value + difference) | 0;
        if (type === 'half') view.setUint16(to, value & 0xffff, true);
        else view.setUint32(to, type === 'float' ? value << 8 : value, true);
      }
      from += planes * columns;
    }
  return out;
};

/** Bytes of a bitmap that says which 16-bit values occur. */
const BITMAP_BYTES = 8192;

/** The 16-bit values that occur in a block, ascending; 0 is always among them. */
function readPalette(file: ExrBytes, block: Block): { readonly palette: Uint16Array; readonly end: number } {
  if (block.length < 4) throw damaged(file, block);
  const [first, last] = [0, 2].map((at) => file.view.getUint16(block.offset + at, true));
  const start = block.offset + 4;
  if (last >= BITMAP_BYTES) throw damaged(file, block);
  const bytes = Math.max(0, last - first + 1);
  if (4 + bytes > block.length) throw damaged(file, block);
  const values = [0];
  for (let i = 0; i < bytes; i++)
    for (let bit = 0, set = file.bytes[start + i]; bit < 8; bit++) {
      const value = (first + i) * 8 + bit;
      if (((set >> bit) & 1) === 1 && value > 0) values.push(value);
    }
  return { palette: Uint16Array.from(values), end: start + bytes };
}

const unpiz: Decompress = (file, block, channels, size) => {
  const { columns, rows } = block;
  const { palette, end } = readPalette(file, block);
  const length = file.int32('PIZ block', end);
  if (length < 0 || end + 4 + length > block.offset + block.length) throw damaged(file, block);
  const words = new Uint16Array(size / 2);
  decodeHuffman(file, end + 4, length, words);

  let start = 0;
  const starts = channels.map(({ type }) => {
    const step = SAMPLE_BYTES[type] / 2;
    for (let i = 0; i < step; i++) undoWavelet(words, start + i, columns, rows, step, palette.length - 1);
    start += columns * rows * step;
    return start - columns * rows * step;
  });
  // The wavelet worked on places in the palette, channel by channel; the file's order is row by row.
  const out = new Uint8Array(size);
  let to = 0;
  for (let row = 0; row < rows; row++)
    for (const [i, { type }] of channels.entries()) {
      const rowWords = (columns * SAMPLE_BYTES[type]) / 2;
      const from = starts[i] + row * rowWords;
      for (let j = 0; j < rowWords; j++, to += 2) {
        const value = palette[words[from + j]] ?? 0;
        out[to] = value & 0xff;
        out[to + 1] = value >> 8;
      }
    }
  return out;
};

/** By the compression's name; `none` needs no work. */
const DECOMPRESSORS: Readonly<Record<string, Decompress>> = {
  RLE: unrun,
  ZIPS: unzip,
  ZIP: unzip,
  PIZ: unpiz,
  PXR24: unpackPxr24,
};

/** The pixels of a block. A block that compression would have made larger is stored as it is. */
export function decompressBlock(
  file: ExrBytes,
  compression: string,
  block: Block,
  channels: readonly ExrChannel[],
  size: number,
): Uint8Array {
  if (block.length === size) return file.bytes.subarray(block.offset, block.offset + block.length);
  const decompress = DECOMPRESSORS[compression];
  if (decompress === undefined || block.length > size)
    throw file.error('block', `it has ${block.length} bytes where ${size} are expected.`, block.offset);
  return decompress(file, block, channels, size);
}
