import { ascii, joinChunks } from './bytes.js';
import type { FileMetadata } from './FileMetadata.js';

/* PNG chunks, W3C Portable Network Graphics (Third Edition), clauses 5 and 11. */

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const METRES_PER_INCH = 0.0254;

/** The keyword of an XMP packet's iTXt chunk (XMP part 3, 1.1.5); flags, language and translation are empty. */
const XMP_KEYWORD = 'XML:com.adobe.xmp\0\0\0\0\0';

/** IHDR, 11.2.1: true colour, not interlaced. */
export function headerChunk(width: number, height: number, bitDepth: 8 | 16): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([bitDepth, 2], 8);
  return chunk('IHDR', header);
}

/**
 * Puts metadata into an encoder's PNG: colour profile, resolution, Exif and XMP, all ahead of the pixels. Of the
 * encoder's chunks only those that carry the picture are taken.
 *
 * @param resolution pixels per inch.
 * @returns the file in pieces; the pixel data are views of `encoded`.
 */
export function assemblePng(encoded: Uint8Array, metadata: FileMetadata, resolution: number): Uint8Array[] {
  const picture = pictureChunks(encoded);
  const pieces: Uint8Array[] = [SIGNATURE, picture[0]];
  if (metadata.icc) {
    pieces.push(chunk('iCCP', joinChunks([ascii('ICC profile\0\0'), storedZlib(metadata.icc)])));
  }
  pieces.push(chunk('pHYs', physicalSize(resolution)));
  pieces.push(chunk('eXIf', metadata.exif));
  if (metadata.xmp) pieces.push(chunk('iTXt', joinChunks([ascii(XMP_KEYWORD), metadata.xmp])));
  pieces.push(...picture.slice(1));
  return pieces;
}

/** A PNG from its header and deflated pixel data in pieces, without metadata. */
export function barePng(header: Uint8Array, deflated: readonly Uint8Array[]): Uint8Array {
  return joinChunks([
    SIGNATURE,
    header,
    ...deflated.map((data) => chunk('IDAT', data)),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

/** IHDR, the IDATs and IEND of a PNG as views, in their order. */
function pictureChunks(encoded: Uint8Array): Uint8Array[] {
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.length);
  const chunks: Uint8Array[] = [];
  let offset = SIGNATURE.length;
  while (offset + 12 <= encoded.length) {
    const end = offset + 12 + view.getUint32(offset);
    const type = String.fromCharCode(...encoded.subarray(offset + 4, offset + 8));
    if (type === 'IHDR' || type === 'IDAT' || type === 'IEND') chunks.push(encoded.subarray(offset, end));
    offset = end;
  }
  if (offset !== encoded.length || chunks.length < 3) throw new RangeError('the encoder gave no PNG');
  return chunks;
}

/** pHYs, 11.3.4.3: pixels per metre in both directions. */
function physicalSize(resolution: number): Uint8Array {
  const perMetre = Math.round(resolution / METRES_PER_INCH);
  const data = new Uint8Array(9);
  const view = new DataView(data.buffer);
  view.setUint32(0, perMetre);
  view.setUint32(4, perMetre);
  data[8] = 1;
  return data;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(ascii(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

/** Most bytes of a stored block (RFC 1951, 3.2.4). */
const MAX_STORED_BYTES = 0xffff;

/**
 * A zlib stream (RFC 1950) that stores its data: half a kilobyte of profile isn't worth compressing, and stored
 * it's the same bytes whatever zlib a runtime has.
 */
function storedZlib(data: Uint8Array): Uint8Array {
  if (data.length > MAX_STORED_BYTES) throw new RangeError(`${data.length} bytes in one stored block`);
  const bytes = new Uint8Array(2 + 5 + data.length + 4);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0x7801);
  bytes[2] = 1; // the last block, stored
  view.setUint16(3, data.length, true);
  view.setUint16(5, ~data.length & 0xffff, true);
  bytes.set(data, 7);
  view.setUint32(7 + data.length, adler32(data));
  return bytes;
}

function adler32(data: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (const byte of data) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return b * 65536 + a;
}

/** CRC-32 as in PNG's annex D: the reflected polynomial 0xEDB88320. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

function crc32(data: Uint8Array): number {
  let crc = -1;
  for (let i = 0; i < data.length; i++) crc = CRC_TABLE[(crc ^ data[i]) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}
