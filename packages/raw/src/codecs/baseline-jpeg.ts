import { RawFileError } from '../RawFileError.js';
import {
  forEachCode,
  type HuffmanCodes,
  isOtherFrame,
  type JpegFailure,
  jpegFailure,
  MAX_CODE_LENGTH,
  Marker,
  type MarkerSegment,
  markerSegments,
  readHuffmanTables,
  SegmentReader,
} from './jpeg-stream.js';
import { checkPlacement, placeRun, type TilePlacement } from './TilePlacement.js';

/** A decoded sequential DCT JPEG. */
export interface BaselineJpeg {
  readonly width: number;
  readonly height: number;
  /** Interleaved components, 1 to 4. */
  readonly components: number;
  /** Sample precision, 8 or 12. */
  readonly bits: number;
  /** The components had been Y Cb Cr and are now R G B. */
  readonly colorTransformed: boolean;
  /** `width * height * components` samples, row by row, components interleaved; or the target's samples. */
  readonly samples: Uint16Array;
}

/** How to decode a sequential DCT JPEG. */
export interface BaselineJpegOptions {
  /** Where to put the samples; without it a new array takes them. */
  readonly target?: TilePlacement;
  /** Where `bytes` begins in the file, for error messages. Default 0. */
  readonly fileOffset?: number;
  /**
   * Whether three components are Y Cb Cr to be turned into R G B. Without it the stream decides: Adobe's APP14
   * transform flag, a JFIF marker, or component identifiers other than "RGB".
   */
  readonly colorTransform?: boolean;
}

interface Component {
  readonly id: number;
  readonly h: number;
  readonly v: number;
  readonly quantization: number;
  dc: LookupTable;
  ac: LookupTable;
  predictor: number;
  /** One row of MCUs: `rowLength` samples wide, `v * 8` rows. */
  plane: Int16Array;
  rowLength: number;
}

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly components: readonly Component[];
}

/** Entries `symbol << 8 | code length` by the next LOOKUP_BITS bits; 0 sends to the canonical search. */
interface LookupTable {
  readonly lookup: Uint16Array;
  readonly codes: HuffmanCodes;
}

const LOOKUP_BITS = 10;
/** A word read at any bit position has at least this many of its bits. */
const WORD_BITS = 25;
/** 64 coefficients of at most a 16-bit code and 15 further bits. */
const MAX_BLOCK_BYTES = 64 * 4;
/** A block takes at least one bit for its DC and one for its AC coefficients. */
const MIN_BLOCK_BITS = 2;

/** Where the coefficients of the zigzag stand in a block, row by row (T.81 figure A.6). */
const ZIGZAG = zigzag();

/**
 * Decodes a sequential DCT JPEG with Huffman coding (ITU-T T.81 SOF0 and SOF1, 8 or 12 bits) of one interleaved scan,
 * as lossy DNG has it (compression 34892). Subsampled components are repeated.
 *
 * @throws RawFileError where the stream is damaged, ends early, or is progressive, arithmetic or in several scans
 */
export function decodeBaselineJpeg(bytes: Uint8Array, options: BaselineJpegOptions = {}): BaselineJpeg {
  const { fileOffset = 0 } = options;
  const fail = jpegFailure(fileOffset);
  const parsed = parseHeader(bytes, fail);
  const { frame, quantization, restartInterval, dataStart } = parsed;
  const { width, height, bits, components } = frame;
  const colorTransformed = components.length === 3 && (options.colorTransform ?? parsed.isYcc);

  const hMax = Math.max(...components.map(({ h }) => h));
  const vMax = Math.max(...components.map(({ v }) => v));
  const mcusAcross = Math.ceil(width / (8 * hMax));
  const mcusDown = Math.ceil(height / (8 * vMax));
  const blocksPerMcu = components.reduce((sum, { h, v }) => sum + h * v, 0);
  // Memory stays bounded by the data there is.
  if (mcusAcross * mcusDown * blocksPerMcu * MIN_BLOCK_BITS > (bytes.length - dataStart) * 8) {
    fail(`A JPEG of ${width} × ${height} has too little data`, dataStart, 'The file is truncated or damaged');
  }
  const rowLength = width * components.length;
  const target: TilePlacement = options.target ?? {
    samples: new Uint16Array(rowLength * height),
    offset: 0,
    stride: rowLength,
    rowLength,
    columns: rowLength,
    rows: height,
  };
  checkPlacement(target, rowLength * height, fileOffset);
  if (target.rowLength % rowLength !== 0 && rowLength % target.rowLength !== 0) {
    fail(`A JPEG with rows of ${rowLength} samples does not fit a tile with rows of ${target.rowLength}`, 0);
  }
  for (const component of components) {
    component.rowLength = mcusAcross * component.h * 8;
    component.plane = new Int16Array(component.rowLength * component.v * 8);
  }

  const segment = new SegmentReader(bytes, dataStart, MAX_BLOCK_BYTES, fileOffset);
  const block = new Int32Array(64);
  const row = new Uint16Array(rowLength);
  let mcu = 0;
  for (let mcuRow = 0; mcuRow < mcusDown; mcuRow++) {
    for (let mcuColumn = 0; mcuColumn < mcusAcross; mcuColumn++, mcu++) {
      if (restartInterval === 0 ? mcu === 0 : mcu % restartInterval === 0) {
        segment.next(restartInterval === 0 ? 0 : mcu / restartInterval);
        for (const component of components) component.predictor = 0;
      }
      for (const component of components) {
        const { h, v, plane, rowLength: planeWidth } = component;
        const table = quantization[component.quantization];
        for (let y = 0; y < v; y++) {
          for (let x = 0; x < h; x++) {
            const flat = decodeBlock(segment, component, table, block);
            const at = y * 8 * planeWidth + (mcuColumn * h + x) * 8;
            if (flat) fillBlock(block[0], plane, at, planeWidth, bits);
            else inverseDct(block, plane, at, planeWidth, bits);
          }
        }
      }
    }
    const firstRow = mcuRow * vMax * 8;
    for (let y = 0; y < vMax * 8 && firstRow + y < height; y++) {
      gatherRow(components, y, hMax, vMax, row);
      if (colorTransformed) yccToRgb(row, bits);
      placeRun(target, row, (firstRow + y) * rowLength);
    }
  }
  return { width, height, components: components.length, bits, colorTransformed, samples: target.samples };
}

interface ParsedHeader {
  readonly frame: Frame;
  readonly quantization: readonly Uint16Array[];
  readonly restartInterval: number;
  readonly isYcc: boolean;
  readonly dataStart: number;
}

function parseHeader(bytes: Uint8Array, fail: JpegFailure): ParsedHeader {
  const quantization: Uint16Array[] = [];
  const dcTables: HuffmanCodes[] = [];
  const acTables: HuffmanCodes[] = [];
  let frame: Frame | undefined;
  let restartInterval = 0;
  let adobeTransform: number | undefined;
  let jfif = false;
  for (const segment of markerSegments(bytes, fail)) {
    const { marker, position, body, end } = segment;
    if (marker === Marker.DQT) {
      readQuantization(bytes, segment, quantization, fail);
    } else if (marker === Marker.DHT) {
      for (const table of readHuffmanTables(bytes, segment, fail)) {
        (table.tableClass === 0 ? dcTables : acTables)[table.destination] = table;
      }
    } else if (marker === Marker.SOF0 || marker === Marker.SOF1) {
      if (frame !== undefined) fail('A JPEG stream has two frame headers', position);
      frame = readFrame(bytes, segment, fail);
    } else if (isOtherFrame(marker)) {
      fail(
        `A JPEG of type SOF${marker - Marker.SOF0} stands where a sequential one is expected`,
        position,
        'Convert the file anew without progressive or arithmetic coding',
      );
    } else if (marker === Marker.DRI) {
      if (end - body !== 2) fail('A JPEG restart interval has the wrong length', position);
      restartInterval = (bytes[body] << 8) | bytes[body + 1];
    } else if (marker === Marker.APP0) {
      jfif ||= startsWith(bytes, body, end, 'JFIF');
    } else if (marker === Marker.APP14) {
      if (startsWith(bytes, body, end, 'Adobe') && end - body >= 12) adobeTransform = bytes[body + 11];
    } else if (marker === Marker.SOS) {
      if (frame === undefined) return fail('A JPEG scan comes before its frame header', position);
      const { components } = frame;
      if (bytes[body] !== components.length) {
        fail('A JPEG codes its components in several scans', position, 'Convert the file anew');
      }
      if (end - body !== 4 + 2 * components.length) fail('A JPEG scan header has the wrong length', position);
      for (const [c, component] of components.entries()) {
        if (bytes[body + 1 + 2 * c] !== component.id)
          fail('A JPEG scan names an unknown component', position);
        const dc = dcTables[bytes[body + 2 + 2 * c] >> 4];
        const ac = acTables[bytes[body + 2 + 2 * c] & 15];
        if (dc === undefined || ac === undefined) {
          return fail('A JPEG scan names a Huffman table that is absent', position);
        }
        if (quantization[component.quantization] === undefined) {
          fail('A JPEG component names a quantization table that is absent', position);
        }
        component.dc = buildLookup(dc);
        component.ac = buildLookup(ac);
      }
      const ids = String.fromCharCode(...components.map(({ id }) => id));
      const isYcc = adobeTransform === undefined ? jfif || ids !== 'RGB' : adobeTransform === 1;
      return { frame, quantization, restartInterval, isYcc, dataStart: end };
    }
  }
  return fail('A JPEG stream has no scan', bytes.length);
}

function startsWith(bytes: Uint8Array, from: number, end: number, text: string): boolean {
  return from + text.length <= end && [...text].every((char, i) => bytes[from + i] === char.charCodeAt(0));
}

/** T.81 B.2.4.1: tables of 8- or 16-bit elements in zigzag order. */
function readQuantization(
  bytes: Uint8Array,
  segment: MarkerSegment,
  tables: Uint16Array[],
  fail: JpegFailure,
): void {
  for (let at = segment.body; at < segment.end; ) {
    const wide = bytes[at] >> 4;
    const destination = bytes[at] & 15;
    const length = 1 + 64 * (wide + 1);
    if (wide > 1 || destination > 3 || at + length > segment.end) fail('A quantization table is broken', at);
    const table = new Uint16Array(64);
    for (let k = 0; k < 64; k++) {
      table[k] = wide === 0 ? bytes[at + 1 + k] : (bytes[at + 1 + 2 * k] << 8) | bytes[at + 2 + 2 * k];
    }
    tables[destination] = table;
    at += length;
  }
}

function readFrame(bytes: Uint8Array, segment: MarkerSegment, fail: JpegFailure): Frame {
  const { position, body, end } = segment;
  if (end - body < 6) fail('A JPEG frame header is too short', position);
  const bits = bytes[body];
  const height = (bytes[body + 1] << 8) | bytes[body + 2];
  const width = (bytes[body + 3] << 8) | bytes[body + 4];
  const count = bytes[body + 5];
  if (bits !== 8 && bits !== 12) fail(`A sequential JPEG has ${bits} bits per sample`, body);
  if (width === 0 || height === 0) fail(`A JPEG has the size ${width} × ${height}`, body);
  if (count < 1 || count > 4) fail(`A JPEG has ${count} components`, body);
  if (end - body !== 6 + 3 * count) fail('A JPEG frame header has the wrong length', position);
  const components: Component[] = [];
  const nothing = { lookup: new Uint16Array(0), codes: EMPTY_CODES };
  for (let c = 0; c < count; c++) {
    const at = body + 6 + 3 * c;
    // A lone component's sampling factors mean nothing (T.81 A.2.2).
    const h = count === 1 ? 1 : bytes[at + 1] >> 4;
    const v = count === 1 ? 1 : bytes[at + 1] & 15;
    if (h < 1 || h > 4 || v < 1 || v > 4) fail(`A JPEG component has the sampling ${h} × ${v}`, at);
    components.push({
      id: bytes[at],
      h,
      v,
      quantization: bytes[at + 2] & 3,
      dc: nothing,
      ac: nothing,
      predictor: 0,
      plane: new Int16Array(0),
      rowLength: 0,
    });
  }
  return { width, height, bits, components };
}

const EMPTY_CODES: HuffmanCodes = {
  tableClass: 0,
  destination: 0,
  values: new Uint8Array(0),
  maxCode: new Int32Array(MAX_CODE_LENGTH + 1).fill(-1),
  delta: new Int32Array(MAX_CODE_LENGTH + 1),
};

function buildLookup(codes: HuffmanCodes): LookupTable {
  const lookup = new Uint16Array(1 << LOOKUP_BITS);
  forEachCode(codes, (code, length, symbol) => {
    if (length > LOOKUP_BITS) return;
    const spare = LOOKUP_BITS - length;
    lookup.fill((symbol << 8) | length, code << spare, (code + 1) << spare);
  });
  return { lookup, codes };
}

/** The canonical search for a code longer than the lookup: `symbol << 8 | length`. */
function searchCode(segment: SegmentReader, position: number, codes: HuffmanCodes, next16: number): number {
  for (let length = LOOKUP_BITS + 1; length <= MAX_CODE_LENGTH; length++) {
    const code = next16 >>> (MAX_CODE_LENGTH - length);
    if (code <= codes.maxCode[length]) return (codes.values[codes.delta[length] + code] << 8) | length;
  }
  segment.advance(position);
  throw new RawFileError('A JPEG has a code that its Huffman table lacks', {
    offset: segment.fileOffset(),
    hint: 'The file is damaged',
  });
}

/**
 * Decodes one block's coefficients and multiplies them by their quantization (T.81 F.2.2).
 *
 * @returns whether the block has no AC coefficients
 */
function decodeBlock(
  segment: SegmentReader,
  component: Component,
  quantization: Uint16Array,
  block: Int32Array,
): boolean {
  const { view } = segment;
  let position = segment.position;
  block.fill(0);

  let word = view.getInt32(position >>> 3) << (position & 7);
  let entry = component.dc.lookup[word >>> (32 - LOOKUP_BITS)];
  if (entry === 0) entry = searchCode(segment, position, component.dc.codes, word >>> 16);
  position += entry & 0xff;
  const category = entry >> 8;
  if (category > 15) {
    throw new RawFileError('A JPEG has a DC coefficient of more than 15 bits', {
      offset: segment.fileOffset(),
      hint: 'The file is damaged',
    });
  }
  if (category > 0) {
    const value = (view.getInt32(position >>> 3) << (position & 7)) >>> (32 - category);
    component.predictor += value < 1 << (category - 1) ? value - (1 << category) + 1 : value;
    position += category;
  }
  block[0] = Math.imul(component.predictor, quantization[0]);

  const { lookup, codes } = component.ac;
  let flat = true;
  for (let k = 1; k < 64; ) {
    word = view.getInt32(position >>> 3) << (position & 7);
    entry = lookup[word >>> (32 - LOOKUP_BITS)];
    if (entry === 0) entry = searchCode(segment, position, codes, word >>> 16);
    const length = entry & 0xff;
    const size = (entry >> 8) & 15;
    const run = entry >> 12;
    if (size === 0) {
      position += length;
      if (run !== 15) break;
      k += 16;
      continue;
    }
    k += run;
    if (k > 63) {
      throw new RawFileError('A JPEG block has more than 64 coefficients', {
        offset: segment.fileOffset(),
        hint: 'The file is damaged',
      });
    }
    let value: number;
    if (length + size <= WORD_BITS) {
      value = (word << length) >>> (32 - size);
    } else {
      const after = position + length;
      value = (view.getInt32(after >>> 3) << (after & 7)) >>> (32 - size);
    }
    position += length + size;
    if (value < 1 << (size - 1)) value = value - (1 << size) + 1;
    block[ZIGZAG[k]] = Math.imul(value, quantization[k]);
    k++;
    flat = false;
  }
  segment.advance(position);
  return flat;
}

function zigzag(): Uint8Array {
  const order = new Uint8Array(64);
  let k = 0;
  for (let diagonal = 0; diagonal < 15; diagonal++) {
    const low = Math.max(0, diagonal - 7);
    const high = Math.min(7, diagonal);
    for (let i = low; i <= high; i++) {
      const row = diagonal % 2 === 0 ? high + low - i : i;
      order[k++] = row * 8 + (diagonal - row);
    }
  }
  return order;
}

/** The transform's constants are scaled by 2^13. */
const DCT_BITS = 13;
const fixed = (value: number) => Math.round(value * (1 << DCT_BITS));
const SQRT2 = Math.SQRT2;
const C1 = Math.cos(Math.PI / 16);
const C2 = Math.cos((2 * Math.PI) / 16);
const C3 = Math.cos((3 * Math.PI) / 16);
const C5 = Math.cos((5 * Math.PI) / 16);
const C6 = Math.cos((6 * Math.PI) / 16);
const C7 = Math.cos((7 * Math.PI) / 16);
const EVEN_6 = fixed(SQRT2 * C6);
const EVEN_2_MINUS_6 = fixed(SQRT2 * (C2 - C6));
const EVEN_2_PLUS_6 = fixed(SQRT2 * (C2 + C6));
const ODD_SUM = fixed(SQRT2 * C3);
const ODD_A = fixed(SQRT2 * (-C1 + C3 + C5 - C7));
const ODD_B = fixed(SQRT2 * (C1 + C3 - C5 + C7));
const ODD_C = fixed(SQRT2 * (C1 + C3 + C5 - C7));
const ODD_D = fixed(SQRT2 * (C1 + C3 - C5 - C7));
const ODD_AD = fixed(SQRT2 * (C7 - C3));
const ODD_BC = fixed(SQRT2 * (-C1 - C3));
const ODD_AC = fixed(SQRT2 * (-C3 - C5));
const ODD_BD = fixed(SQRT2 * (C5 - C3));

/**
 * The 8 × 8 inverse DCT by Loeffler, Ligtenberg and Moschytz ("Practical fast 1-D DCT algorithms with 11
 * multiplications", ICASSP 1989) in 32-bit integers, with the rounding of the Independent JPEG Group's accurate
 * integer method (13-bit constants; 2 extra bits between the passes, 1 for 12-bit samples), so that its values are
 * those of the usual decoders. Adds the level shift and clamps.
 */
function inverseDct(
  block: Int32Array,
  plane: Int16Array,
  offset: number,
  stride: number,
  bits: number,
): void {
  const between = bits === 8 ? 2 : 1;
  for (let pass = 0; pass < 2; pass++) {
    const step = pass === 0 ? 8 : 1;
    const line = pass === 0 ? 1 : 8;
    const shift = pass === 0 ? DCT_BITS - between : DCT_BITS + between + 3;
    const half = 1 << (shift - 1);
    for (let n = 0; n < 8; n++) {
      const at = n * line;
      const x0 = block[at];
      const x1 = block[at + step];
      const x2 = block[at + 2 * step];
      const x3 = block[at + 3 * step];
      const x4 = block[at + 4 * step];
      const x5 = block[at + 5 * step];
      const x6 = block[at + 6 * step];
      const x7 = block[at + 7 * step];
      if ((x1 | x2 | x3 | x4 | x5 | x6 | x7) === 0) {
        const flat = ((x0 << DCT_BITS) + half) >> shift;
        for (let k = 0; k < 8; k++) block[at + k * step] = flat;
        continue;
      }
      // Even part: a rotation of 2 and 6, a butterfly of 0 and 4.
      const rotation = Math.imul(x2 + x6, EVEN_6);
      const even2 = rotation + Math.imul(x2, EVEN_2_MINUS_6);
      const even6 = rotation - Math.imul(x6, EVEN_2_PLUS_6);
      const sum = ((x0 + x4) << DCT_BITS) + half;
      const difference = ((x0 - x4) << DCT_BITS) + half;
      const e0 = sum + even2;
      const e3 = sum - even2;
      const e1 = difference + even6;
      const e2 = difference - even6;
      // Odd part: 7, 5, 3, 1 by sums of pairs.
      const ac = x7 + x3;
      const bd = x5 + x1;
      const common = Math.imul(ac + bd, ODD_SUM);
      const pairAd = Math.imul(x7 + x1, ODD_AD);
      const pairBc = Math.imul(x5 + x3, ODD_BC);
      const pairAc = Math.imul(ac, ODD_AC) + common;
      const pairBd = Math.imul(bd, ODD_BD) + common;
      const o3 = Math.imul(x7, ODD_A) + pairAd + pairAc;
      const o2 = Math.imul(x5, ODD_B) + pairBc + pairBd;
      const o1 = Math.imul(x3, ODD_C) + pairBc + pairAc;
      const o0 = Math.imul(x1, ODD_D) + pairAd + pairBd;
      block[at] = (e0 + o0) >> shift;
      block[at + 7 * step] = (e0 - o0) >> shift;
      block[at + step] = (e1 + o1) >> shift;
      block[at + 6 * step] = (e1 - o1) >> shift;
      block[at + 2 * step] = (e2 + o2) >> shift;
      block[at + 5 * step] = (e2 - o2) >> shift;
      block[at + 3 * step] = (e3 + o3) >> shift;
      block[at + 4 * step] = (e3 - o3) >> shift;
    }
  }
  const center = 1 << (bits - 1);
  const max = (1 << bits) - 1;
  for (let y = 0; y < 8; y++) {
    const to = offset + y * stride;
    for (let x = 0; x < 8; x++) {
      const value = block[y * 8 + x] + center;
      plane[to + x] = Math.max(0, Math.min(max, value));
    }
  }
}

/** What {@link inverseDct} gives for a block with nothing but a DC coefficient. */
function fillBlock(dc: number, plane: Int16Array, offset: number, stride: number, bits: number): void {
  const value = Math.max(0, Math.min((1 << bits) - 1, ((dc + 4) >> 3) + (1 << (bits - 1))));
  for (let y = 0; y < 8; y++) plane.fill(value, offset + y * stride, offset + y * stride + 8);
}

/** Interleaves row `y` of a row of MCUs, repeating subsampled components. */
function gatherRow(
  components: readonly Component[],
  y: number,
  hMax: number,
  vMax: number,
  row: Uint16Array,
): void {
  const count = components.length;
  for (let c = 0; c < count; c++) {
    const { h, v, plane, rowLength } = components[c];
    const from = Math.floor((y * v) / vMax) * rowLength;
    if (h === hMax) {
      for (let i = c, x = from; i < row.length; i += count) row[i] = plane[x++];
    } else {
      for (let i = c, x = 0; i < row.length; i += count, x += h) row[i] = plane[from + Math.floor(x / hMax)];
    }
  }
}

/** Y Cb Cr to R G B in place (ITU-T T.871 section 7), constants scaled by 2^16. */
function yccToRgb(row: Uint16Array, bits: number): void {
  const center = 1 << (bits - 1);
  const max = (1 << bits) - 1;
  for (let i = 0; i < row.length; i += 3) {
    const y = row[i];
    const cb = row[i + 1] - center;
    const cr = row[i + 2] - center;
    const r = y + ((Math.imul(cr, 91881) + 32768) >> 16);
    const g = y + ((Math.imul(cb, -22554) + Math.imul(cr, -46802) + 32768) >> 16);
    const b = y + ((Math.imul(cb, 116130) + 32768) >> 16);
    row[i] = Math.max(0, Math.min(max, r));
    row[i + 1] = Math.max(0, Math.min(max, g));
    row[i + 2] = Math.max(0, Math.min(max, b));
  }
}
