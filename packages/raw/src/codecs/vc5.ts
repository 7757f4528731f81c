import { RawFileError } from '../RawFileError.js';
import { checkPlacement, placeRun, type TilePlacement } from './TilePlacement.js';
import { VC5_CODEBOOK } from './vc5-codebook.js';

/** How to decode a VC-5 picture. */
export interface Vc5Options {
  /** Where to put the samples; without it a new array takes them. */
  readonly target?: TilePlacement;
  /** Where `bytes` begins in the file, for error messages. Default 0. */
  readonly fileOffset?: number;
  /** The 2 × 2 colour pattern, row by row: 0 red, 1 green, 2 blue. Default red first. */
  readonly cfaPattern?: readonly number[];
  /** Bits of the linear samples to give, 12 to 16; those of the DNG's white level. Default 14. */
  readonly bits?: number;
}

/** A decoded VC-5 picture. */
export interface Vc5 {
  /** Photosites. */
  readonly width: number;
  readonly height: number;
  /** The mosaic, row by row, in linear units; or the target's samples. */
  readonly samples: Uint16Array;
}

/** The bitstream's start marker, "VC-5". */
const START_MARKER = 0x5643_2d35;

/** Tags of the bitstream (SMPTE ST 2073-1 and -3); a negative tag may be skipped by a reader that does not know it. */
const Tag = {
  channelCount: 12,
  subbandCount: 14,
  imageWidth: 20,
  imageHeight: 21,
  lowpassPrecision: 35,
  subbandNumber: 48,
  quantization: 53,
  channelNumber: 62,
  imageFormat: 84,
  bitsPerComponent: 101,
  maxBitsPerComponent: 102,
  patternWidth: 106,
  patternHeight: 107,
  componentsPerSample: 108,
  prescaleShift: 109,
  /** Bits 13 and 14 mark chunks: both a codeblock, one with a size of 24 bits. */
  smallChunk: 0x4000,
  largeChunk: 0x2000,
  codeblock: 0x6000,
  largeMetadata: 0x6100,
} as const;
/** Tags that say nothing about the samples. */
const IGNORED_TAGS = new Set<number>([Tag.imageFormat, Tag.bitsPerComponent, Tag.maxBitsPerComponent]);

/** A mosaic's sum, difference and two colour channels. */
const CHANNELS = 4;
const LEVELS = 3;
const SUBBANDS = 10;
/** Per subband: its wavelet, 2 the smallest, and its band there: 0 low-low, 1 low-high, 2 high-low, 3 high-high. */
const SUBBAND_LEVEL = [2, 2, 2, 2, 1, 1, 1, 0, 0, 0];
const SUBBAND_BAND = [0, 1, 2, 3, 1, 2, 3, 1, 2, 3];
/** Components have 12 bits. */
const COMPONENT_BITS = 12;
/** The best that the codebook does is a run of 320 in 13 bits. */
const MAX_COEFFICIENTS_PER_BYTE = 200;
/** The filters at a border take three rows or columns. */
const MIN_BAND_SIZE = 3;

const LOOKUP_BITS = 13;
/** A word read at any bit position has at least this many of its bits. */
const WORD_BITS = 25;
/** Longest code of the codebook. */
const MAX_CODE_LENGTH = 26;

interface CodebookEntry {
  readonly length: number;
  readonly run: number;
  readonly magnitude: number;
}

/** `run << 16 | magnitude << 8 | code length` by the next LOOKUP_BITS bits, 0 for a longer code. */
const LOOKUP = new Int32Array(1 << LOOKUP_BITS);
/** The longer codes, by length and code. */
const LONG_CODES = new Map<number, CodebookEntry>();
const longKey = (length: number, code: number) => length * 2 ** MAX_CODE_LENGTH + code;
for (let i = 0; i < VC5_CODEBOOK.length; i += 4) {
  const [length, code, run, magnitude] = VC5_CODEBOOK.slice(i, i + 4);
  if (length <= LOOKUP_BITS) {
    const spare = LOOKUP_BITS - length;
    LOOKUP.fill((run << 16) | (magnitude << 8) | length, code << spare, (code + 1) << spare);
  } else {
    LONG_CODES.set(longKey(length, code), { length, run, magnitude });
  }
}

/** Magnitudes are coded through a cubic curve: x + 768 x³ / 255³. */
const EXPANDED = Int32Array.from({ length: 256 }, (_, x) => x + Math.floor((768 * x * x * x) / 255 ** 3));

/** The four bands of one wavelet. */
interface Wavelet {
  readonly width: number;
  readonly height: number;
  readonly bands: (Int16Array | undefined)[];
}

/**
 * Decodes a VC-5 picture as GoPro's GPR files hold it (SMPTE ST 2073-1 and -3; DNG compression 9): four channels of a
 * Bayer mosaic, each in three levels of a 2/6 wavelet, and a logarithmic curve.
 *
 * @throws RawFileError where the stream is damaged, ends early or is no Bayer mosaic
 */
export function decodeVc5(bytes: Uint8Array, options: Vc5Options = {}): Vc5 {
  const { fileOffset = 0, cfaPattern = [0, 1, 1, 2], bits = 14 } = options;
  if (bits < COMPONENT_BITS || bits > 16) throw new RangeError(`VC-5 gives 12 to 16 bits, not ${bits}`);
  const { width, height, channels } = readChannels(bytes, fileOffset);
  const target: TilePlacement = options.target ?? {
    samples: new Uint16Array(width * height),
    offset: 0,
    stride: width,
    rowLength: width,
    columns: width,
    rows: height,
  };
  checkPlacement(target, width * height, fileOffset);
  if (target.rowLength !== width) {
    throw new RawFileError(`A VC-5 picture ${width} wide does not fit a tile ${target.rowLength} wide`, {
      offset: fileOffset,
    });
  }
  packMosaic(channels, width, height, cfaPattern, bits, target);
  return { width, height, samples: target.samples };
}

interface Channels {
  readonly width: number;
  readonly height: number;
  readonly channels: readonly Int16Array[];
}

/** Reads the tags and decodes every channel. */
function readChannels(bytes: Uint8Array, fileOffset: number): Channels {
  const fail = (problem: string, position: number, hint = 'The file is damaged'): never => {
    throw new RawFileError(problem, { offset: fileOffset + position, hint });
  };
  // A word may be read at the last bit.
  const padded = new Uint8Array(bytes.length + 8);
  padded.set(bytes);
  const view = new DataView(padded.buffer);

  let width = 0;
  let height = 0;
  let lowpassPrecision = 16;
  let quantization = 1;
  let prescale = 0;
  let subband = 0;
  let channel = 0;
  let wavelets: Wavelet[] = [];
  const channels: Int16Array[] = [];
  if (bytes.length < 4 || view.getUint32(0) !== START_MARKER) fail('This is not a VC-5 stream', 0);
  let position = 4;
  while (channels.length < CHANNELS) {
    if (position + 4 > bytes.length) {
      fail('A VC-5 picture ends before its last channel', position, 'The file is truncated');
    }
    const signed = view.getInt16(position);
    const value = view.getUint16(position + 2);
    const tag = Math.abs(signed);
    const start = position;
    position += 4;
    switch (tag) {
      case Tag.imageWidth:
      case Tag.imageHeight:
        if (wavelets.length > 0) fail('A VC-5 picture changes its size', start);
        if (tag === Tag.imageWidth) width = value;
        else height = value;
        continue;
      case Tag.channelCount:
        if (value !== CHANNELS) fail(`A VC-5 picture has ${value} channels, not a mosaic's 4`, start);
        continue;
      case Tag.subbandCount:
        if (value !== SUBBANDS) fail(`A VC-5 picture has ${value} subbands, not 10`, start);
        continue;
      case Tag.patternWidth:
      case Tag.patternHeight:
        if (value !== 2) fail('A VC-5 picture has a colour pattern that is not 2 × 2', start);
        continue;
      case Tag.componentsPerSample:
        if (value !== 1) fail(`A VC-5 picture has ${value} components per sample, not a mosaic's 1`, start);
        continue;
      case Tag.lowpassPrecision:
        if (value < 8 || value > 16) fail(`A VC-5 picture has a lowpass precision of ${value} bits`, start);
        lowpassPrecision = value;
        continue;
      case Tag.quantization:
        quantization = value;
        continue;
      case Tag.prescaleShift:
        prescale = value;
        continue;
      case Tag.subbandNumber:
        if (value !== subband) fail(`A VC-5 picture has subband ${value} in the place of ${subband}`, start);
        continue;
      case Tag.channelNumber:
        if (value !== channel) fail(`A VC-5 picture has channel ${value} in the place of ${channel}`, start);
        continue;
    }
    if (IGNORED_TAGS.has(tag)) continue;
    const isLarge = (tag & Tag.largeChunk) !== 0;
    const size = 4 * (isLarge ? ((tag & 0xff) << 16) | value : value);
    if ((tag & 0x7f00) === Tag.codeblock) {
      const end = position + size;
      if (end > bytes.length)
        fail('A VC-5 codeblock reaches beyond its picture', start, 'The file is truncated');
      if (wavelets.length === 0) {
        wavelets = allocateWavelets(width, height, bytes.length, (problem) => fail(problem, start));
      }
      const wavelet = wavelets[SUBBAND_LEVEL[subband]];
      const coefficients = new Int16Array(wavelet.width * wavelet.height);
      if (subband === 0) {
        readLowpass(view, position, end, lowpassPrecision, coefficients, fileOffset);
      } else {
        readHighpass(view, position, end, quantization, coefficients, fileOffset);
      }
      wavelet.bands[SUBBAND_BAND[subband]] = coefficients;
      position = end;
      subband++;
      if (subband === SUBBANDS) {
        channels.push(reconstruct(wavelets, width / 2, height / 2, prescale));
        subband = 0;
        channel++;
      }
    } else if ((tag & 0x7f00) === Tag.largeMetadata || (tag & 0x6000) === Tag.smallChunk) {
      // Only optional chunks may be passed over: others change how the picture is to be put together.
      if (signed >= 0) fail(`A VC-5 picture has a required chunk ${tag} that is not known`, start);
      position += size;
    } else if (!isLarge && signed >= 0) {
      fail(`A VC-5 picture has a required tag ${tag} that is not known`, start);
    }
    // What is left are sections, which only enclose, and optional tags.
  }
  return { width, height, channels };
}

function allocateWavelets(
  width: number,
  height: number,
  available: number,
  fail: (problem: string) => never,
): Wavelet[] {
  if (width % 2 !== 0 || height % 2 !== 0) fail(`A VC-5 mosaic has the odd size ${width} × ${height}`);
  // Memory stays bounded by the data there is.
  if (width * height > available * MAX_COEFFICIENTS_PER_BYTE) {
    fail(`A VC-5 picture of ${width} × ${height} has too little data`);
  }
  const wavelets: Wavelet[] = [];
  let across = width / 2;
  let down = height / 2;
  for (let level = 0; level < LEVELS; level++) {
    across = Math.ceil(across / 2);
    down = Math.ceil(down / 2);
    wavelets.push({ width: across, height: down, bands: [undefined, undefined, undefined, undefined] });
  }
  if (across < MIN_BAND_SIZE || down < MIN_BAND_SIZE)
    fail(`A VC-5 picture has the size ${width} × ${height}`);
  return wavelets;
}

function truncated(position: number): RawFileError {
  return new RawFileError('A VC-5 codeblock ends before its last coefficient', {
    offset: position,
    hint: 'The file is damaged',
  });
}

/** The smallest wavelet's low-low band: plain numbers, bit to bit. */
function readLowpass(
  view: DataView,
  start: number,
  end: number,
  precision: number,
  coefficients: Int16Array,
  fileOffset: number,
): void {
  if (start * 8 + coefficients.length * precision > end * 8) throw truncated(fileOffset + start);
  let bit = 0;
  for (let i = 0; i < coefficients.length; i++) {
    coefficients[i] = (view.getInt32(start + (bit >>> 3)) << (bit & 7)) >>> (32 - precision);
    bit += precision;
  }
}

/** A highpass band: runs of zeros and magnitudes with signs, expanded and multiplied by the quantization. */
function readHighpass(
  view: DataView,
  start: number,
  end: number,
  quantization: number,
  coefficients: Int16Array,
  fileOffset: number,
): void {
  const values = EXPANDED.map((value) => Math.min(32767, value * quantization));
  const count = coefficients.length;
  const endBit = (end - start) * 8;
  let bit = 0;
  let index = 0;
  for (;;) {
    if (bit >= endBit) throw truncated(fileOffset + start + (bit >>> 3));
    const at = start + (bit >>> 3);
    const word = view.getInt32(at) << (bit & 7);
    const entry = LOOKUP[word >>> (32 - LOOKUP_BITS)];
    let length: number;
    let run: number;
    let magnitude: number;
    if (entry !== 0) {
      length = entry & 0xff;
      magnitude = (entry >> 8) & 0xff;
      run = entry >> 16;
    } else {
      const whole = (word | (view.getUint8(at + 4) >>> (8 - (bit & 7)))) >>> 0;
      const found = searchCode(whole);
      if (found === undefined) {
        throw new RawFileError('A VC-5 codeblock has a code that its codebook lacks', {
          offset: fileOffset + at,
        });
      }
      ({ length, run, magnitude } = found);
    }
    bit += length;
    if (run === 0) break;
    if (index + run > count) {
      throw new RawFileError('A VC-5 codeblock has too many coefficients', {
        offset: fileOffset + at,
        hint: 'The file is damaged',
      });
    }
    if (magnitude !== 0) {
      const isNegative =
        length < WORD_BITS
          ? (word << length) >>> 31 === 1
          : (view.getUint8(start + (bit >>> 3)) & (0x80 >>> (bit & 7))) !== 0;
      bit++;
      coefficients[index] = isNegative ? -values[magnitude] : values[magnitude];
    }
    index += run;
  }
  if (index !== count || bit > endBit) throw truncated(fileOffset + start + (bit >>> 3));
}

function searchCode(word: number): CodebookEntry | undefined {
  for (let length = LOOKUP_BITS + 1; length <= MAX_CODE_LENGTH; length++) {
    const entry = LONG_CODES.get(longKey(length, word >>> (32 - length)));
    if (entry !== undefined) return entry;
  }
  return undefined;
}

/** Inverts a channel's wavelets, the smallest first. */
function reconstruct(
  wavelets: readonly Wavelet[],
  width: number,
  height: number,
  prescale: number,
): Int16Array {
  let low = wavelets[LEVELS - 1].bands[0] as Int16Array;
  for (let level = LEVELS - 1; level >= 0; level--) {
    const wavelet = wavelets[level];
    const outWidth = level === 0 ? width : wavelets[level - 1].width;
    const outHeight = level === 0 ? height : wavelets[level - 1].height;
    // Two bits per level, the largest wavelet's first: how far its input was shifted to the right.
    low = invertWavelet(wavelet, low, outWidth, outHeight, (prescale >> (14 - 2 * level)) & 3);
    wavelet.bands.fill(undefined);
  }
  return low;
}

const clamp16 = (value: number) => Math.max(-32768, Math.min(32767, value));

/**
 * Inverts one wavelet: vertically the two left and the two right bands, then horizontally both results.
 *
 * @param prescale bits to shift the output to the left
 */
function invertWavelet(
  { width, height, bands }: Wavelet,
  low: Int16Array,
  outWidth: number,
  outHeight: number,
  prescale: number,
): Int16Array {
  const [, lowHigh, highLow, highHigh] = bands as Int16Array[];
  const out = new Int16Array(outWidth * outHeight);
  const evenLow = new Int16Array(width);
  const oddLow = new Int16Array(width);
  const evenHigh = new Int16Array(width);
  const oddHigh = new Int16Array(width);
  for (let row = 0; row < height; row++) {
    invertRows(low, highLow, row, width, height, evenLow, oddLow);
    invertRows(lowHigh, highHigh, row, width, height, evenHigh, oddHigh);
    invertColumns(evenLow, evenHigh, out, 2 * row * outWidth, outWidth, prescale);
    if (2 * row + 1 < outHeight) {
      invertColumns(oddLow, oddHigh, out, (2 * row + 1) * outWidth, outWidth, prescale);
    }
  }
  return out;
}

/**
 * The 2/6 wavelet's lowpass filters, in eighths, on three neighbours: at the first row or column on itself and the two
 * after it, at the last on the two before it and itself, else on the one before, itself and the one after.
 */
const EVEN_FILTERS = [
  [11, -4, 1],
  [1, 8, -1],
  [-1, 4, 5],
];
const ODD_FILTERS = [
  [5, 4, -1],
  [-1, 8, 1],
  [1, -4, 11],
];

/** Which filter a position takes: 0 the first, 2 the last, 1 between. */
function filterAt(position: number, last: number): number {
  if (position === 0) return 0;
  return position === last ? 2 : 1;
}

/** Two rows from one row of a lowpass and a highpass band. */
function invertRows(
  low: Int16Array,
  high: Int16Array,
  row: number,
  width: number,
  height: number,
  even: Int16Array,
  odd: Int16Array,
): void {
  const filter = filterAt(row, height - 1);
  const [e0, e1, e2] = EVEN_FILTERS[filter];
  const [o0, o1, o2] = ODD_FILTERS[filter];
  const first = (row - filter) * width;
  const second = first + width;
  const third = second + width;
  const highRow = row * width;
  for (let x = 0; x < width; x++) {
    const a = low[first + x];
    const b = low[second + x];
    const c = low[third + x];
    const h = high[highRow + x];
    even[x] = clamp16((((e0 * a + e1 * b + e2 * c + 4) >> 3) + h) >> 1);
    odd[x] = clamp16((((o0 * a + o1 * b + o2 * c + 4) >> 3) - h) >> 1);
  }
}

/** One row, twice as wide, from a row of lowpass and of highpass values. */
function invertColumns(
  low: Int16Array,
  high: Int16Array,
  out: Int16Array,
  offset: number,
  outWidth: number,
  prescale: number,
): void {
  const last = low.length - 1;
  // Without a prescale these are samples, which have at most 14 bits and no sign.
  const least = prescale === 0 ? 0 : -32768;
  const most = prescale === 0 ? 16383 : 32767;
  const up = prescale === 0 ? 0 : prescale - 1;
  const down = prescale === 0 ? 1 : 0;
  const store = (x: number, even: number, odd: number) => {
    out[offset + 2 * x] = Math.max(least, Math.min(most, (even << up) >> down));
    if (2 * x + 1 < outWidth) out[offset + 2 * x + 1] = Math.max(least, Math.min(most, (odd << up) >> down));
  };
  for (const x of [0, last]) {
    const filter = filterAt(x, last);
    const [e0, e1, e2] = EVEN_FILTERS[filter];
    const [o0, o1, o2] = ODD_FILTERS[filter];
    const a = low[x - filter];
    const b = low[x - filter + 1];
    const c = low[x - filter + 2];
    store(
      x,
      ((e0 * a + e1 * b + e2 * c + 4) >> 3) + high[x],
      ((o0 * a + o1 * b + o2 * c + 4) >> 3) - high[x],
    );
  }
  let before = low[0];
  let here = low[1];
  for (let x = 1; x < last; x++) {
    const after = low[x + 1];
    const h = high[x];
    store(x, ((before - after + 4) >> 3) + here + h, ((after - before + 4) >> 3) + here - h);
    before = here;
    here = after;
  }
}

/** Samples are coded through a logarithmic curve: (113^x - 1) / 112 for x from 0 to 1. */
function decodingCurve(bits: number): Uint16Array {
  const size = 1 << COMPONENT_BITS;
  return Uint16Array.from(
    { length: size },
    (_, i) => Math.trunc((65535 * (113 ** (i / (size - 1)) - 1)) / 112) >> (16 - bits),
  );
}

/**
 * Puts the mosaic together: the channels are the greens' mean, half of red and of blue less that mean, and half of the
 * greens' difference, the last three around 2048.
 */
function packMosaic(
  channels: readonly Int16Array[],
  width: number,
  height: number,
  cfaPattern: readonly number[],
  bits: number,
  target: TilePlacement,
): void {
  const [mean, red, blue, difference] = channels;
  const redAt = cfaPattern.indexOf(0);
  const blueAt = cfaPattern.indexOf(2);
  const firstGreen = cfaPattern.indexOf(1);
  const secondGreen = cfaPattern.lastIndexOf(1);
  if (redAt < 0 || blueAt < 0 || firstGreen > 1 || secondGreen < 2) {
    throw new RawFileError('A VC-5 picture needs a Bayer pattern', { tag: 'CFAPattern' });
  }
  const curve = decodingCurve(bits);
  const middle = 1 << (COMPONENT_BITS - 1);
  const most = (1 << COMPONENT_BITS) - 1;
  const linear = (value: number) => curve[Math.max(0, Math.min(most, value))];
  const pair = new Uint16Array(2 * width);
  const place = (position: number) => (position >> 1) * width + (position & 1);
  const redTo = place(redAt);
  const blueTo = place(blueAt);
  const firstTo = place(firstGreen);
  const secondTo = place(secondGreen);
  const half = width / 2;
  for (let row = 0; row < height / 2; row++) {
    for (let column = 0, i = row * half; column < half; column++, i++) {
      const green = mean[i];
      const offset = difference[i] - middle;
      pair[redTo + 2 * column] = linear(green + 2 * (red[i] - middle));
      pair[blueTo + 2 * column] = linear(green + 2 * (blue[i] - middle));
      pair[firstTo + 2 * column] = linear(green + offset);
      pair[secondTo + 2 * column] = linear(green - offset);
    }
    placeRun(target, pair, 2 * row * width);
  }
}
