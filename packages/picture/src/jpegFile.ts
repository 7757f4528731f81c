import { ascii } from './bytes.js';
import type { FileMetadata } from './FileMetadata.js';

/* JPEG marker segments, ITU-T T.81 annex B. */

const SOI = 0xd8;
const APP0 = 0xe0;
const APP1 = 0xe1;
const APP2 = 0xe2;
const APP15 = 0xef;
const COM = 0xfe;

/** A segment's length field counts itself and is 16 bits wide. */
const MAX_SEGMENT_PAYLOAD = 0xffff - 2;

/** Exif 2.32, 4.7.2. */
const EXIF_IDENTIFIER = ascii('Exif\0\0');
/** XMP part 3 (ISO 16684-1), 1.1.3. */
const XMP_IDENTIFIER = ascii('http://ns.adobe.com/xap/1.0/\0');
/** ICC.1:2010 annex B.4, then the chunk's number and the count of chunks. */
const ICC_IDENTIFIER = ascii('ICC_PROFILE\0\u0001\u0001');

/** Most bytes of Exif that a JPEG file has room for. */
export const MAX_JPEG_EXIF_BYTES = MAX_SEGMENT_PAYLOAD - EXIF_IDENTIFIER.length;
/** Most bytes of a (standard) XMP packet that a JPEG file has room for. */
export const MAX_JPEG_XMP_BYTES = MAX_SEGMENT_PAYLOAD - XMP_IDENTIFIER.length;

/**
 * Puts metadata into an encoder's JPEG, in the order that cameras use: Exif right after the start of image, as
 * Exif 2.32 4.5.4 demands, then XMP, then ICC. The encoder's own application segments are left out: JFIF wants
 * the same place as Exif, and what it says (the resolution) stands in Exif.
 *
 * @returns the file in pieces; the last one is a view of `encoded`.
 */
export function assembleJpeg(encoded: Uint8Array, metadata: FileMetadata): Uint8Array[] {
  const segments = [Uint8Array.of(0xff, SOI), ...segment(APP1, EXIF_IDENTIFIER, metadata.exif)];
  if (metadata.xmp) segments.push(...segment(APP1, XMP_IDENTIFIER, metadata.xmp));
  if (metadata.icc) segments.push(...segment(APP2, ICC_IDENTIFIER, metadata.icc));
  segments.push(encoded.subarray(endOfApplicationSegments(encoded)));
  return segments;
}

function segment(marker: number, identifier: Uint8Array, payload: Uint8Array): Uint8Array[] {
  const length = 2 + identifier.length + payload.length;
  if (length > 0xffff) throw new RangeError(`JPEG segment of ${length} bytes`);
  const head = new Uint8Array(4 + identifier.length);
  head.set([0xff, marker, length >> 8, length & 0xff]);
  head.set(identifier, 4);
  return [head, payload];
}

function endOfApplicationSegments(encoded: Uint8Array): number {
  if (encoded[0] !== 0xff || encoded[1] !== SOI) throw new RangeError('the encoder gave no JPEG');
  let offset = 2;
  for (;;) {
    const marker = encoded[offset + 1];
    if (encoded[offset] !== 0xff || marker === undefined) throw new RangeError('the encoder gave no JPEG');
    if (!(marker >= APP0 && marker <= APP15) && marker !== COM) return offset;
    offset += 2 + ((encoded[offset + 2] << 8) | encoded[offset + 3]);
  }
}
