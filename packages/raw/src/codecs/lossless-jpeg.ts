import { RawFileError } from '../RawFileError.js';
import {
  forEachCode,
  type HuffmanCodes,
  isOtherFrame,
  jpegFailure,
  MAX_CODE_LENGTH,
  Marker,
  markerSegments,
  readHuffmanTables,
  SegmentReader,
} from './jpeg-stream.js';
import { checkPlacement, placeRun, type TilePlacement } from './TilePlacement.js';

/** What a lossless JPEG's headers say (ITU-T T.81, SOF3). */
export interface LosslessJpegHeader {
  /** Columns (T.81: X), each of `components` samples. */
  readonly width: number;
  /** Rows (T.81: Y). */
  readonly height: number;
  /** Interleaved components, 1 to 4. */
  readonly components: number;
  /** Sample precision (T.81: P), 2 to 16. */
  readonly bits: number;
  /** Predictor selection value, 1 to 7 (T.81 table H.1). */
  readonly predictor: number;
  /** Point transform: low bits that were dropped when coding (T.81: Pt). */
  readonly pointTransform: number;
  /** Restart interval in columns, 0 where there is none. */
  readonly restartInterval: number;
}

/** A decoded lossless JPEG. */
export interface LosslessJpeg extends LosslessJpegHeader {
  /** `width * height * components` samples, row by row, components interleaved; or the target's samples. */
  readonly samples: Uint16Array;
}

/** How to decode a lossless JPEG. */
export interface LosslessJpegOptions {
  /** Where to put the samples; without it a new array takes them. */
  readonly target?: TilePlacement;
  /** Where `bytes` begins in the file, for error messages. Default 0. */
  readonly fileOffset?: number;
  /**
   * Difference category 16 is followed by 16 bits, against T.81: writers of DNG before version 1.1.0.0 did so.
   * Default false.
   */
  readonly category16HasBits?: boolean;
}

/** How to encode a lossless JPEG. */
export interface LosslessJpegEncodeOptions {
  /** Predictor selection value, 1 to 7 (T.81 table H.1). Default 1, the left neighbour. */
  readonly predictor?: number;
  /** Index of the first sample. Default 0. */
  readonly offset?: number;
  /** Samples from one row to the next. Default `width * components`. */
  readonly stride?: number;
  /** Rows between restart markers, 0 for none. Default 0. */
  readonly restartRows?: number;
}

/** Difference categories 0 to 16 (T.81 table H.2). */
const CATEGORIES = 17;
/** A sample takes at most a 16-bit code and 16 further bits. */
const MAX_SAMPLE_BYTES = 4;
/** Codes up to this long are decoded by one look at a table, most of them with their difference. */
const LOOKUP_BITS = 12;
const LOOKUP_SIZE = 1 << LOOKUP_BITS;
/** A word read at any bit position has at least this many of its bits. */
const WORD_BITS = 25;

/**
 * A Huffman table ready for decoding. An entry is either `difference << 8 | bits taken`, or, where the difference's
 * bits have yet to be read, `category << 8 | 0x80 | code length`; the entry 0x80 sends to the canonical search.
 */
interface DecodingTable {
  /** One entry per value of the next LOOKUP_BITS bits. */
  readonly lookup: Int32Array;
  readonly codes: HuffmanCodes;
  readonly category16HasBits: boolean;
}

interface ParsedHeader extends LosslessJpegHeader {
  /** One per component, in the scan's order. */
  readonly tables: readonly DecodingTable[];
  /** Where the entropy-coded data begins. */
  readonly dataStart: number;
}

/**
 * Reads the headers of a lossless JPEG up to the start of its scan.
 *
 * @throws RawFileError for anything but a SOF3 picture with one scan of 1 to 4 unsubsampled components
 */
export function readLosslessJpegHeader(bytes: Uint8Array, fileOffset = 0): LosslessJpegHeader {
  const { width, height, components, bits, predictor, pointTransform, restartInterval } = parseHeader(
    bytes,
    fileOffset,
    false,
  );
  return { width, height, components, bits, predictor, pointTransform, restartInterval };
}

/**
 * Decodes a lossless JPEG (ITU-T T.81 Annex H, Huffman coding): all predictors, 1 to 4 components, 2 to 16 bits,
 * restart intervals, point transform.
 *
 * @throws RawFileError where the stream is damaged, ends early, or has a feature that DNG does not use
 */
export function decodeLosslessJpeg(bytes: Uint8Array, options: LosslessJpegOptions = {}): LosslessJpeg {
  const { fileOffset = 0, category16HasBits = false } = options;
  const header = parseHeader(bytes, fileOffset, category16HasBits);
  const { width, height, components, bits, predictor, pointTransform, restartInterval, tables } = header;
  const rowLength = width * components;
  const count = rowLength * height;
  // Every sample takes at least one bit, so a picture cannot be larger than its data: memory stays bounded.
  if (count > (bytes.length - header.dataStart) * 8) {
    throw new RawFileError(`A lossless JPEG of ${width} × ${height} × ${components} has too little data`, {
      offset: fileOffset + header.dataStart,
      hint: 'The file is truncated or damaged',
    });
  }
  const target: TilePlacement = options.target ?? {
    samples: new Uint16Array(count),
    offset: 0,
    stride: rowLength,
    rowLength,
    columns: rowLength,
    rows: height,
  };
  checkPlacement(target, count, fileOffset);
  if (target.rowLength % rowLength !== 0 && rowLength % target.rowLength !== 0) {
    throw new RawFileError(
      `A lossless JPEG with rows of ${rowLength} samples does not fit a tile with rows of ${target.rowLength}`,
      { offset: fileOffset },
    );
  }

  const rowsPerSegment = restartInterval === 0 ? height : restartInterval / width;
  const segment = new SegmentReader(bytes, header.dataStart, rowLength * MAX_SAMPLE_BYTES, fileOffset);
  const differences = new Int32Array(rowLength);
  let above = new Uint16Array(rowLength);
  let row = new Uint16Array(rowLength);
  const start = 1 << (bits - pointTransform - 1);
  const beyond = bits - pointTransform;
  for (let y = 0; y < height; y++) {
    const first = y % rowsPerSegment === 0;
    if (first) segment.next(y / rowsPerSegment);
    decodeDifferences(segment, tables, differences);
    const seen = predictRow(first ? 0 : predictor, differences, above, row, components, start);
    if (seen >>> beyond !== 0) {
      throw new RawFileError(`A lossless JPEG's row ${y} has a sample of more than ${bits} bits`, {
        offset: segment.fileOffset(),
        hint: 'The file is damaged',
      });
    }
    if (pointTransform === 0) {
      placeRun(target, row, y * rowLength);
    } else {
      placeRun(
        target,
        row.map((value) => value << pointTransform),
        y * rowLength,
      );
    }
    [above, row] = [row, above];
  }
  return {
    width,
    height,
    components,
    bits,
    predictor,
    pointTransform,
    restartInterval,
    samples: target.samples,
  };
}

/** Decodes the differences of one row of interleaved components. */
function decodeDifferences(
  segment: SegmentReader,
  tables: readonly DecodingTable[],
  differences: Int32Array,
): void {
  const { view } = segment;
  const components = tables.length;
  const count = differences.length;
  let position = segment.position;
  const shared = tables.every((table) => table === tables[0]);
  let table = tables[0];
  let lookup = table.lookup;
  let component = 0;
  for (let i = 0; i < count; i++) {
    if (!shared) {
      table = tables[component];
      lookup = table.lookup;
      component = component + 1 === components ? 0 : component + 1;
    }
    const word = view.getInt32(position >>> 3) << (position & 7);
    let entry = lookup[word >>> (32 - LOOKUP_BITS)];
    if ((entry & 0x80) === 0) {
      position += entry & 0x7f;
      differences[i] = entry >> 8;
      continue;
    }
    if ((entry & 0x7f) === 0) {
      entry = searchCode(table, word >>> 16);
      if (entry === 0) {
        segment.advance(position);
        throw new RawFileError('A lossless JPEG has a code that its Huffman table lacks', {
          offset: segment.fileOffset(),
          hint: 'The file is damaged',
        });
      }
      if ((entry & 0x80) === 0) {
        position += entry & 0x7f;
        differences[i] = entry >> 8;
        continue;
      }
    }
    const length = entry & 0x1f;
    const category = entry >> 8;
    let value: number;
    if (length + category <= WORD_BITS) {
      value = (word << length) >>> (32 - category);
    } else {
      const after = position + length;
      value = (view.getInt32(after >>> 3) << (after & 7)) >>> (32 - category);
    }
    position += length + category;
    differences[i] = value < 1 << (category - 1) ? value - (1 << category) + 1 : value;
  }
  segment.advance(position);
}

/** The canonical search for a code longer than the lookup (T.81 F.2.2.3): its entry, 0 where no code fits. */
function searchCode(table: DecodingTable, next16: number): number {
  const { maxCode, delta, values } = table.codes;
  for (let length = LOOKUP_BITS + 1; length <= MAX_CODE_LENGTH; length++) {
    const code = next16 >>> (MAX_CODE_LENGTH - length);
    if (code <= maxCode[length]) {
      const category = values[delta[length] + code];
      return bareEntry(category, length, table.category16HasBits);
    }
  }
  return 0;
}

/** The entry of a code whose further bits, if any, are not looked at. */
function bareEntry(category: number, length: number, category16HasBits: boolean): number {
  if (category === 0) return length;
  if (category === 16 && !category16HasBits) return (32768 << 8) | length;
  return (category << 8) | 0x80 | length;
}

/**
 * Adds the prediction to a row's differences, modulo 2^16 (T.81 H.1.2).
 *
 * @param predictor 1 to 7, or 0 for the first row of a restart interval
 * @returns all samples or'ed together, which shows whether one has too many bits
 */
function predictRow(
  predictor: number,
  differences: Int32Array,
  above: Uint16Array,
  row: Uint16Array,
  components: number,
  start: number,
): number {
  const count = row.length;
  let seen = 0;
  for (let i = 0; i < components; i++) {
    row[i] = (predictor === 0 ? start : above[i]) + differences[i];
    seen |= row[i];
  }
  switch (predictor) {
    case 2:
      for (let i = components; i < count; i++) {
        const value = (above[i] + differences[i]) & 0xffff;
        row[i] = value;
        seen |= value;
      }
      break;
    case 3:
      for (let i = components; i < count; i++) {
        const value = (above[i - components] + differences[i]) & 0xffff;
        row[i] = value;
        seen |= value;
      }
      break;
    case 4:
      for (let i = components; i < count; i++) {
        const value = (row[i - components] + above[i] - above[i - components] + differences[i]) & 0xffff;
        row[i] = value;
        seen |= value;
      }
      break;
    case 5:
      for (let i = components; i < count; i++) {
        const slope = (above[i] - above[i - components]) >> 1;
        const value = (row[i - components] + slope + differences[i]) & 0xffff;
        row[i] = value;
        seen |= value;
      }
      break;
    case 6:
      for (let i = components; i < count; i++) {
        const slope = (row[i - components] - above[i - components]) >> 1;
        const value = (above[i] + slope + differences[i]) & 0xffff;
        row[i] = value;
        seen |= value;
      }
      break;
    case 7:
      for (let i = components; i < count; i++) {
        const value = (((row[i - components] + above[i]) >> 1) + differences[i]) & 0xffff;
        row[i] = value;
        seen |= value;
      }
      break;
    default:
      // The left neighbour. One and two components are what cameras write: the chain stays in registers.
      if (components === 1) {
        let left = row[0];
        for (let i = 1; i < count; i++) {
          left = (left + differences[i]) & 0xffff;
          row[i] = left;
          seen |= left;
        }
      } else if (components === 2) {
        let left = row[0];
        let right = row[1];
        for (let i = 2; i < count; i += 2) {
          left = (left + differences[i]) & 0xffff;
          right = (right + differences[i + 1]) & 0xffff;
          row[i] = left;
          row[i + 1] = right;
          seen |= left | right;
        }
      } else {
        for (let i = components; i < count; i++) {
          const value = (row[i - components] + differences[i]) & 0xffff;
          row[i] = value;
          seen |= value;
        }
      }
  }
  return seen;
}

function parseHeader(bytes: Uint8Array, fileOffset: number, category16HasBits: boolean): ParsedHeader {
  const fail = jpegFailure(fileOffset);
  const tables: (HuffmanCodes | undefined)[] = [undefined, undefined, undefined, undefined];
  let frame: { width: number; height: number; bits: number; ids: number[] } | undefined;
  let restartInterval = 0;
  for (const segment of markerSegments(bytes, fail)) {
    const { marker, position, body, end } = segment;
    const length = end - body;
    if (marker === Marker.DHT) {
      for (const table of readHuffmanTables(bytes, segment, fail)) {
        // AC tables mean nothing to a lossless scan.
        if (table.tableClass !== 0) continue;
        if (table.values.some((value) => value >= CATEGORIES)) {
          fail('A Huffman table has a category above 16', position);
        }
        tables[table.destination] = table;
      }
    } else if (marker === Marker.SOF3) {
      if (frame !== undefined) fail('A JPEG stream has two frame headers', position);
      if (length < 6) fail('A JPEG frame header is too short', position);
      const bits = bytes[body];
      const height = (bytes[body + 1] << 8) | bytes[body + 2];
      const width = (bytes[body + 3] << 8) | bytes[body + 4];
      const components = bytes[body + 5];
      if (bits < 2 || bits > 16) fail(`A lossless JPEG has ${bits} bits per sample`, body);
      if (width === 0 || height === 0) fail(`A lossless JPEG has the size ${width} × ${height}`, body);
      if (components < 1 || components > 4) fail(`A lossless JPEG has ${components} components`, body);
      if (length < 6 + 3 * components) fail('A JPEG frame header is too short', position);
      const ids: number[] = [];
      for (let c = 0; c < components; c++) {
        ids.push(bytes[body + 6 + 3 * c]);
        // A lone component's sampling factors mean nothing (T.81 A.2.2).
        if (components > 1 && bytes[body + 7 + 3 * c] !== 0x11) {
          fail('A lossless JPEG has subsampled components', body, 'No DNG has them; convert the file anew');
        }
      }
      frame = { width, height, bits, ids };
    } else if (isOtherFrame(marker)) {
      fail(
        `A JPEG of type SOF${marker - Marker.SOF0} stands where a lossless one is expected`,
        position,
        'The file names the wrong compression',
      );
    } else if (marker === Marker.DRI) {
      if (length !== 2) fail('A JPEG restart interval has the wrong length', position);
      restartInterval = (bytes[body] << 8) | bytes[body + 1];
    } else if (marker === Marker.SOS) {
      if (frame === undefined) return fail('A JPEG scan comes before its frame header', position);
      const { width, height, bits, ids } = frame;
      const components = ids.length;
      if (bytes[body] !== components) {
        fail('A lossless JPEG codes its components in several scans', position, 'Convert the file anew');
      }
      if (length !== 4 + 2 * components) fail('A JPEG scan header has the wrong length', position);
      const decoding = new Map<number, DecodingTable>();
      const chosen: DecodingTable[] = [];
      for (let c = 0; c < components; c++) {
        if (bytes[body + 1 + 2 * c] !== ids[c]) fail('A JPEG scan names an unknown component', position);
        const destination = bytes[body + 2 + 2 * c] >> 4;
        const codes = tables[destination];
        if (codes === undefined) return fail('A JPEG scan names a Huffman table that is absent', position);
        const table = decoding.get(destination) ?? buildDecodingTable(codes, category16HasBits);
        decoding.set(destination, table);
        chosen.push(table);
      }
      const predictor = bytes[body + 1 + 2 * components];
      const pointTransform = bytes[body + 3 + 2 * components] & 15;
      if (predictor < 1 || predictor > 7) fail(`A lossless JPEG has the predictor ${predictor}`, position);
      if (pointTransform >= bits) fail('A lossless JPEG drops all of its bits', position);
      if (restartInterval % width !== 0) {
        fail(
          'A lossless JPEG restarts within a row',
          position,
          'T.81 H.1.1 forbids it; convert the file anew',
        );
      }
      return {
        width,
        height,
        components,
        bits,
        predictor,
        pointTransform,
        restartInterval,
        tables: chosen,
        dataStart: end,
      };
    }
  }
  return fail('A JPEG stream has no scan', bytes.length);
}

function buildDecodingTable(codes: HuffmanCodes, category16HasBits: boolean): DecodingTable {
  const lookup = new Int32Array(LOOKUP_SIZE).fill(0x80);
  forEachCode(codes, (code, length, category) => {
    if (length <= LOOKUP_BITS) fillLookup(lookup, code, length, category, category16HasBits);
  });
  return { lookup, codes, category16HasBits };
}

function fillLookup(
  lookup: Int32Array,
  code: number,
  length: number,
  category: number,
  category16HasBits: boolean,
): void {
  const spare = LOOKUP_BITS - length;
  const first = code << spare;
  const last = first + (1 << spare);
  if (category > 0 && category <= spare) {
    for (let at = first; at < last; at++) {
      const value = (at - first) >>> (spare - category);
      const difference = value < 1 << (category - 1) ? value - (1 << category) + 1 : value;
      lookup[at] = (difference << 8) | (length + category);
    }
  } else {
    lookup.fill(bareEntry(category, length, category16HasBits), first, last);
  }
}

/**
 * Encodes samples as a lossless JPEG (ITU-T T.81 Annex H) with Huffman tables made for them, one per component.
 *
 * @param samples rows of `width * components` samples, components interleaved
 * @param width columns, 1 to 65535
 * @param height rows, 1 to 65535
 * @param components 1 to 4
 * @param bits 2 to 16; each sample is below `2 ** bits`
 * @returns a whole JPEG stream, SOI to EOI
 * @throws RangeError where an argument or a sample is out of its range
 */
export function encodeLosslessJpeg(
  samples: Uint16Array,
  width: number,
  height: number,
  components: number,
  bits: number,
  options: LosslessJpegEncodeOptions = {},
): Uint8Array {
  const rowLength = width * components;
  const { predictor = 1, offset = 0, stride = rowLength, restartRows = 0 } = options;
  if (!isWithin(width, 1, 65535) || !isWithin(height, 1, 65535)) {
    throw new RangeError(`A lossless JPEG cannot be ${width} × ${height}`);
  }
  if (!isWithin(components, 1, 4))
    throw new RangeError(`A lossless JPEG cannot have ${components} components`);
  if (!isWithin(bits, 2, 16)) throw new RangeError(`A lossless JPEG cannot have ${bits} bits per sample`);
  if (!isWithin(predictor, 1, 7)) throw new RangeError(`Lossless JPEG has no predictor ${predictor}`);
  if (!isWithin(restartRows * width, 0, 65535)) {
    throw new RangeError(`A lossless JPEG cannot restart every ${restartRows} rows of ${width}`);
  }
  if (offset < 0 || stride < rowLength || offset + (height - 1) * stride + rowLength > samples.length) {
    throw new RangeError('The samples to encode reach beyond their array');
  }

  // A difference of ±32768 is one value modulo 2^16, so 16 bits hold them all.
  const differences = new Int16Array(rowLength * height);
  let seen = 0;
  for (let y = 0; y < height; y++) {
    const first = restartRows === 0 ? y === 0 : y % restartRows === 0;
    const from = offset + y * stride;
    const row = samples.subarray(from, from + rowLength);
    const above = y === 0 ? row : samples.subarray(from - stride, from - stride + rowLength);
    const out = differences.subarray(y * rowLength, (y + 1) * rowLength);
    seen |= differenceRow(first ? 0 : predictor, row, above, out, components, 1 << (bits - 1));
  }
  if (seen >>> bits !== 0) throw new RangeError(`A sample to encode has more than ${bits} bits`);

  const tables: EncodingTable[] = [];
  for (let c = 0; c < components; c++) {
    const histogram = new Float64Array(CATEGORIES);
    for (let i = c; i < differences.length; i += components) histogram[categoryOf(differences[i])]++;
    tables.push(buildEncodingTable(histogram));
  }

  const header: number[] = [0xff, Marker.SOI];
  header.push(
    0xff,
    Marker.SOF3,
    0,
    8 + 3 * components,
    bits,
    height >> 8,
    height & 0xff,
    width >> 8,
    width & 0xff,
  );
  header.push(components);
  for (let c = 0; c < components; c++) header.push(c + 1, 0x11, 0);
  for (let c = 0; c < components; c++) {
    const { counts, values } = tables[c];
    header.push(0xff, Marker.DHT, 0, 19 + values.length, c, ...counts, ...values);
  }
  const interval = restartRows * width;
  if (interval > 0) header.push(0xff, Marker.DRI, 0, 4, interval >> 8, interval & 0xff);
  header.push(0xff, Marker.SOS, 0, 6 + 2 * components, components);
  for (let c = 0; c < components; c++) header.push(c + 1, c << 4);
  header.push(predictor, 0, 0);

  const writer = new BitWriter(header, differences.length);
  const rowsPerSegment = restartRows === 0 ? height : restartRows;
  for (let y = 0; y < height; y += rowsPerSegment) {
    if (y > 0) writer.marker(Marker.RST0 + ((y / rowsPerSegment - 1) & 7));
    writer.encode(
      differences.subarray(y * rowLength, Math.min(y + rowsPerSegment, height) * rowLength),
      tables,
    );
  }
  writer.marker(Marker.EOI);
  return writer.finish();
}

function isWithin(value: number, low: number, high: number): boolean {
  return Number.isInteger(value) && value >= low && value <= high;
}

/** The difference's category, T.81 table H.2. */
function categoryOf(difference: number): number {
  return 32 - Math.clz32(Math.abs(difference));
}

/**
 * Subtracts the prediction from a row's samples.
 *
 * @param predictor 1 to 7, or 0 for the first row of a restart interval
 * @returns all samples or'ed together
 */
function differenceRow(
  predictor: number,
  row: Uint16Array,
  above: Uint16Array,
  differences: Int16Array,
  components: number,
  start: number,
): number {
  let seen = 0;
  for (let i = 0; i < components; i++) {
    seen |= row[i];
    differences[i] = row[i] - (predictor === 0 ? start : above[i]);
  }
  for (let i = components; i < row.length; i++) {
    const value = row[i];
    seen |= value;
    const left = row[i - components];
    const up = above[i];
    const corner = above[i - components];
    let prediction = left;
    switch (predictor) {
      case 2:
        prediction = up;
        break;
      case 3:
        prediction = corner;
        break;
      case 4:
        prediction = left + up - corner;
        break;
      case 5:
        prediction = left + ((up - corner) >> 1);
        break;
      case 6:
        prediction = up + ((left - corner) >> 1);
        break;
      case 7:
        prediction = (left + up) >> 1;
        break;
    }
    differences[i] = value - prediction;
  }
  return seen;
}

interface EncodingTable {
  /** Codes of each length, 1 to 16 bits (T.81: BITS). */
  readonly counts: readonly number[];
  /** Categories by rising code (T.81: HUFFVAL). */
  readonly values: readonly number[];
  /** Per category. */
  readonly codes: Uint16Array;
  /** Per category, 0 for one that does not occur. */
  readonly lengths: Uint8Array;
}

/**
 * The best prefix code with lengths up to 16 bits, by the package-merge algorithm (Larmore and Hirschberg, "A fast
 * algorithm for optimal length-limited Huffman codes", J. ACM 37(3), 1990). No code is all ones (T.81 annex C): a
 * symbol that never occurs takes it.
 */
function buildEncodingTable(histogram: Float64Array): EncodingTable {
  const reserved = histogram.length;
  const leaves: { weight: number; symbols: number[] }[] = [{ weight: 0, symbols: [reserved] }];
  histogram.forEach((weight, symbol) => {
    if (weight > 0) leaves.push({ weight, symbols: [symbol] });
  });
  leaves.sort((a, b) => a.weight - b.weight);
  let packages = leaves;
  for (let length = 1; length < MAX_CODE_LENGTH; length++) {
    const merged = [...leaves];
    for (let i = 0; i + 1 < packages.length; i += 2) {
      const [a, b] = [packages[i], packages[i + 1]];
      merged.push({ weight: a.weight + b.weight, symbols: [...a.symbols, ...b.symbols] });
    }
    packages = merged.sort((a, b) => a.weight - b.weight);
  }
  const lengths = new Uint8Array(reserved + 1);
  for (const { symbols } of packages.slice(0, 2 * leaves.length - 2)) {
    for (const symbol of symbols) lengths[symbol]++;
  }

  // Canonical codes rise with length; the reserved symbol, among the longest, comes last.
  const order = leaves
    .map(({ symbols }) => symbols[0])
    .sort((a, b) => lengths[a] - lengths[b] || a - b)
    .filter((symbol) => symbol !== reserved);
  const counts = new Array<number>(MAX_CODE_LENGTH).fill(0);
  const codes = new Uint16Array(reserved);
  let code = 0;
  let previous = 0;
  for (const symbol of order) {
    const length = lengths[symbol];
    code <<= length - previous;
    codes[symbol] = code++;
    counts[length - 1]++;
    previous = length;
  }
  return { counts, values: order, codes, lengths: lengths.subarray(0, reserved) };
}

/** Entropy-coded data with stuffed zeros, behind a header. */
class BitWriter {
  private buffer: Uint8Array;
  private used: number;
  private pending = 0;
  private pendingBits = 0;

  constructor(header: readonly number[], samples: number) {
    this.buffer = new Uint8Array(header.length + samples * 2 + 64);
    this.buffer.set(header);
    this.used = header.length;
  }

  /** Writes the codes of interleaved components' differences. */
  encode(differences: Int16Array, tables: readonly EncodingTable[]): void {
    const components = tables.length;
    let { buffer, used, pending, pendingBits } = this;
    let component = 0;
    for (let i = 0; i < differences.length; i++) {
      // A code, its bits and what was pending make at most six bytes, each perhaps with a stuffed zero.
      if (used + 12 > buffer.length) {
        const longer = new Uint8Array(buffer.length * 2);
        longer.set(buffer);
        buffer = longer;
      }
      const difference = differences[i];
      const category = 32 - Math.clz32(Math.abs(difference));
      const table = tables[component];
      component = component + 1 === components ? 0 : component + 1;
      pending = (pending << table.lengths[category]) | table.codes[category];
      pendingBits += table.lengths[category];
      while (pendingBits >= 8) {
        pendingBits -= 8;
        const byte = (pending >>> pendingBits) & 0xff;
        buffer[used++] = byte;
        if (byte === 0xff) buffer[used++] = 0;
      }
      if (category > 0 && category < 16) {
        const value = difference < 0 ? difference + (1 << category) - 1 : difference;
        pending = (pending << category) | value;
        pendingBits += category;
        while (pendingBits >= 8) {
          pendingBits -= 8;
          const byte = (pending >>> pendingBits) & 0xff;
          buffer[used++] = byte;
          if (byte === 0xff) buffer[used++] = 0;
        }
      }
    }
    this.buffer = buffer;
    this.used = used;
    this.pending = pending;
    this.pendingBits = pendingBits;
  }

  /** Fills the last byte with ones (T.81 F.1.2.3) and writes a marker. */
  marker(code: number): void {
    const longer = this.used + 4 > this.buffer.length ? new Uint8Array(this.used + 64) : undefined;
    if (longer !== undefined) {
      longer.set(this.buffer);
      this.buffer = longer;
    }
    if (this.pendingBits > 0) {
      const spare = 8 - this.pendingBits;
      const byte = ((this.pending << spare) | ((1 << spare) - 1)) & 0xff;
      this.buffer[this.used++] = byte;
      if (byte === 0xff) this.buffer[this.used++] = 0;
      this.pendingBits = 0;
    }
    this.buffer[this.used++] = 0xff;
    this.buffer[this.used++] = code;
  }

  finish(): Uint8Array {
    return this.buffer.slice(0, this.used);
  }
}
