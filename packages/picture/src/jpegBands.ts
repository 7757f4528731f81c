import { joinChunks } from './bytes.js';

/*
 * A baseline JPEG put together from bands that were encoded by themselves: with fixed codes, a restart marker between two
 * bands is all that a file encoded in one go has less (ITU-T T.81, B.2.1 and E.1.4). The pixels are the same.
 */

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const SOF0 = 0xc0;
const DRI = 0xdd;
/** RST0 to RST7 follow one another in turn. */
const RST0 = 0xd0;
const RESTARTS = 8;

/** Rows of a band, about: enough to be worth a call of the encoder, few enough to keep several threads busy. */
const BAND_ROWS = 1024;
/** Most minimum coded units of a restart interval: 16 bits. */
const MAX_INTERVAL = 0xffff;

/** How a picture is cut into bands; the same for every machine, so that files are. */
export interface JpegBands {
  /** Rows of each band but the last. */
  readonly rows: number;
  readonly count: number;
  /** Minimum coded units of a band. */
  readonly interval: number;
}

/** @param subsampling of chroma, which decides how large a minimum coded unit is */
export function jpegBands(width: number, height: number, subsampling: '4:4:4' | '4:2:0'): JpegBands {
  const unit = subsampling === '4:4:4' ? 8 : 16;
  const across = Math.ceil(width / unit);
  const down = Math.max(Math.min(BAND_ROWS / unit, Math.floor(MAX_INTERVAL / across)), 1);
  return { rows: down * unit, count: Math.ceil(height / (down * unit)), interval: across * down };
}

/** Where the segment at an offset ends. */
function endOfSegment(jpeg: Uint8Array, offset: number): number {
  return offset + 2 + ((jpeg[offset + 2]! << 8) | jpeg[offset + 3]!);
}

/** The offsets of the frame header and of the scan's header. */
function headersOf(jpeg: Uint8Array): { readonly frame: number; readonly scan: number } {
  if (jpeg[0] !== 0xff || jpeg[1] !== SOI) throw new RangeError('the encoder gave no JPEG');
  let frame = -1;
  for (let offset = 2; jpeg[offset] === 0xff; offset = endOfSegment(jpeg, offset)) {
    if (jpeg[offset + 1] === SOF0) frame = offset;
    if (jpeg[offset + 1] === SOS && frame >= 0) return { frame, scan: offset };
  }
  throw new RangeError('the encoder gave no baseline JPEG');
}

/** The entropy-coded data of a JPEG of one scan. */
function scanOf(jpeg: Uint8Array): Uint8Array {
  const end = jpeg.length - 2;
  if (jpeg[end] !== 0xff || jpeg[end + 1] !== EOI) throw new RangeError('the encoder gave half a JPEG');
  return jpeg.subarray(endOfSegment(jpeg, headersOf(jpeg).scan), end);
}

/**
 * One JPEG of bands from top to bottom, all encoded alike: baseline, with fixed codes.
 * @param height of the whole picture
 */
export function joinJpegBands(encoded: readonly Uint8Array[], height: number, interval: number): Uint8Array {
  const first = encoded[0]!;
  if (encoded.length === 1) return first;
  const { frame, scan } = headersOf(first);
  const head = first.slice(0, scan);
  head.set([height >> 8, height & 0xff], frame + 5);
  const pieces: Uint8Array[] = [head, Uint8Array.of(0xff, DRI, 0, 4, interval >> 8, interval & 0xff)];
  pieces.push(first.subarray(scan, endOfSegment(first, scan)));
  encoded.forEach((band, i) => {
    if (i > 0) pieces.push(Uint8Array.of(0xff, RST0 + ((i - 1) % RESTARTS)));
    pieces.push(scanOf(band));
  });
  pieces.push(Uint8Array.of(0xff, EOI));
  return joinChunks(pieces);
}
