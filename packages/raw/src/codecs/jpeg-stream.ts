import { RawFileError } from '../RawFileError.js';

/** JPEG marker codes, the second byte (ITU-T T.81 table B.1). */
export const Marker = {
  TEM: 0x01,
  SOF0: 0xc0,
  SOF1: 0xc1,
  SOF3: 0xc3,
  DHT: 0xc4,
  JPG: 0xc8,
  DAC: 0xcc,
  SOF15: 0xcf,
  RST0: 0xd0,
  RST7: 0xd7,
  SOI: 0xd8,
  EOI: 0xd9,
  SOS: 0xda,
  DQT: 0xdb,
  DRI: 0xdd,
  APP0: 0xe0,
  APP14: 0xee,
} as const;

/** Longest Huffman code of T.81. */
export const MAX_CODE_LENGTH = 16;
/** Bit positions are 32-bit signed integers. */
const MAX_SEGMENT_BYTES = 0x0fff_0000;

/** One marker segment: its parameters are `bytes[body]` to `bytes[end - 1]`. */
export interface MarkerSegment {
  readonly marker: number;
  /** Where the marker stands. */
  readonly position: number;
  readonly body: number;
  readonly end: number;
}

/** Throws a RawFileError at a place in a JPEG stream. */
export type JpegFailure = (problem: string, position: number, hint?: string) => never;

/** @param fileOffset where the stream begins in its file */
export function jpegFailure(fileOffset: number): JpegFailure {
  return (problem, position, hint = 'The file is damaged') => {
    throw new RawFileError(problem, { offset: fileOffset + position, hint });
  };
}

/**
 * The marker segments from SOI on; whoever takes SOS stops.
 *
 * @throws RawFileError where the stream has no scan or a segment reaches beyond it
 */
export function* markerSegments(bytes: Uint8Array, fail: JpegFailure): Generator<MarkerSegment> {
  if (bytes.length < 2 || bytes[0] !== 0xff || bytes[1] !== Marker.SOI) fail('This is not a JPEG stream', 0);
  let position = 2;
  for (;;) {
    if (position + 2 > bytes.length) fail('A JPEG stream ends in its headers', position);
    if (bytes[position] !== 0xff) fail('A JPEG stream lacks a marker', position);
    const marker = bytes[position + 1];
    if (marker === 0xff) {
      position++;
      continue;
    }
    if (marker === Marker.TEM || (marker >= Marker.RST0 && marker <= Marker.RST7)) {
      position += 2;
      continue;
    }
    if (marker === Marker.EOI || marker === Marker.SOI || marker === 0) {
      fail('A JPEG stream has no scan', position);
    }
    if (position + 4 > bytes.length) fail('A JPEG stream ends in its headers', position);
    const length = (bytes[position + 2] << 8) | bytes[position + 3];
    const end = position + 2 + length;
    if (length < 2 || end > bytes.length) fail('A JPEG segment is longer than its stream', position);
    yield { marker, position, body: position + 4, end };
    position = end;
  }
}

/** A start-of-frame segment other than those that the caller has already taken. */
export function isOtherFrame(marker: number): boolean {
  return (
    marker >= Marker.SOF0 &&
    marker <= Marker.SOF15 &&
    marker !== Marker.DHT &&
    marker !== Marker.JPG &&
    marker !== Marker.DAC
  );
}

/** A Huffman table as a DHT segment gives it, and its canonical codes (T.81 annex C). */
export interface HuffmanCodes {
  /** 0 for DC and lossless, 1 for AC. */
  readonly tableClass: number;
  /** Table destination, 0 to 3. */
  readonly destination: number;
  /** Symbols by rising code. */
  readonly values: Uint8Array;
  /** Per code length (1 to 16) the largest code, -1 where there is none. */
  readonly maxCode: Int32Array;
  /** Per code length: index into `values` less the smallest code. */
  readonly delta: Int32Array;
}

/** Reads the tables of a DHT segment. */
export function readHuffmanTables(
  bytes: Uint8Array,
  segment: MarkerSegment,
  fail: JpegFailure,
): HuffmanCodes[] {
  const tables: HuffmanCodes[] = [];
  const { end } = segment;
  for (let at = segment.body; at < end; ) {
    if (at + 17 > end) fail('A Huffman table is too short', at);
    const tableClass = bytes[at] >> 4;
    const destination = bytes[at] & 15;
    if (tableClass > 1 || destination > 3) fail(`A Huffman table has the destination ${bytes[at]}`, at);
    const maxCode = new Int32Array(MAX_CODE_LENGTH + 1).fill(-1);
    const delta = new Int32Array(MAX_CODE_LENGTH + 1);
    let code = 0;
    let index = 0;
    for (let length = 1; length <= MAX_CODE_LENGTH; length++) {
      const count = bytes[at + length];
      delta[length] = index - code;
      if (code + count > 1 << length) fail('A Huffman table is not a prefix code', at);
      code += count;
      index += count;
      if (count > 0) maxCode[length] = code - 1;
      code <<= 1;
    }
    if (at + 17 + index > end) fail('A Huffman table is too short', at);
    tables.push({ tableClass, destination, values: bytes.slice(at + 17, at + 17 + index), maxCode, delta });
    at += 17 + index;
  }
  return tables;
}

/** Calls back for every code of a table. */
export function forEachCode(
  { values, maxCode, delta }: HuffmanCodes,
  visit: (code: number, length: number, value: number) => void,
): void {
  let index = 0;
  for (let length = 1; length <= MAX_CODE_LENGTH; length++) {
    for (; index - delta[length] <= maxCode[length]; index++) {
      visit(index - delta[length], length, values[index]);
    }
  }
}

/** The scan's entropy-coded data, one restart interval at a time, freed of stuffed zeros. */
export class SegmentReader {
  readonly view: DataView;
  /** Bit position in `view`. */
  position = 0;
  private readonly buffer: Uint8Array;
  private readonly slack: number;
  private endBits = 0;
  private source: number;
  private segmentSource: number;

  /** @param slack zero bytes kept behind the data, so that a run of codes may be read before its end is checked */
  constructor(
    private readonly bytes: Uint8Array,
    dataStart: number,
    slack: number,
    private readonly base: number,
  ) {
    this.source = dataStart;
    this.segmentSource = dataStart;
    this.slack = slack + 8;
    const length = bytes.length - dataStart;
    if (length > MAX_SEGMENT_BYTES) {
      throw new RawFileError('A JPEG is longer than 255 MiB', { offset: base });
    }
    this.buffer = new Uint8Array(length + this.slack);
    this.view = new DataView(this.buffer.buffer);
  }

  /** Goes to the restart interval of this index (0 is the scan's first). */
  next(index: number): void {
    const { bytes, buffer } = this;
    if (index > 0) {
      const marker = bytes[this.source + 1];
      if (bytes[this.source] !== 0xff || marker !== Marker.RST0 + ((index - 1) & 7)) {
        throw new RawFileError('A JPEG lacks a restart marker', {
          offset: this.base + this.source,
          hint: 'The file is damaged',
        });
      }
      this.source += 2;
    }
    this.segmentSource = this.source;
    const end = bytes.length;
    let from = this.source;
    let to = 0;
    while (from < end) {
      const byte = bytes[from];
      if (byte === 0xff) {
        if (from + 1 >= end || bytes[from + 1] !== 0) break;
        buffer[to++] = 0xff;
        from += 2;
      } else {
        buffer[to++] = byte;
        from++;
      }
    }
    // Fill bytes may stand before a marker (T.81 B.1.1.2).
    while (from + 1 < end && bytes[from + 1] === 0xff) from++;
    buffer.fill(0, to, to + this.slack);
    this.source = from;
    this.endBits = to * 8;
    this.position = 0;
  }

  /** Takes the position after a run of codes; one beyond the data is an error. */
  advance(position: number): void {
    this.position = position;
    if (position > this.endBits) {
      throw new RawFileError('A JPEG ends before its picture does', {
        offset: this.base + this.source,
        hint: 'The file is truncated or damaged',
      });
    }
  }

  /** The file offset that `position` came from. */
  fileOffset(): number {
    let from = this.segmentSource;
    for (let left = this.position >>> 3; left > 0 && from < this.source; left--) {
      from += this.bytes[from] === 0xff ? 2 : 1;
    }
    return this.base + from;
  }
}
