import { createRequire } from 'node:module';
import { readMatrixProfile, SRGB_TO_XYZ_D50 } from '@photosite/measure';
import {
  describeExif,
  type Matrix3,
  type NoiseProfile,
  type Orientation,
  type RawFrame,
} from '@photosite/raw';
import type { Metadata, SharpOptions } from 'sharp';
import { JobError } from '../errors.js';
import type { FrameDescription } from './FrameFile.js';
import { estimateJpegNoise } from './jpegNoise.js';

const require = createRequire(import.meta.url);

/** Loaded with the first JPEG, so that raw files need not wait for it; as CommonJS, which takes a third of the time. */
function open(path: string, options: SharpOptions): import('sharp').Sharp {
  return (require('sharp') as typeof import('sharp').default)(path, options);
}

/** Exif LightSource code of D50, the white of ICC profiles. */
const D50 = 23;
/** Linear values are kept in 16 bits: sRGB's smallest step of 8 bits is twenty of these. */
const WHITE = 65535;
/**
 * Code 255 lies at this part of the frame's white level, so that nothing takes it for a photosite that was clipped: what a camera
 * has finished needs no highlights put back. The baseline exposure makes up for it.
 */
const BRIGHTEST = 0.9;
/** Before the TIFF stream in a JPEG's Exif segment. */
const EXIF_HEADER = 'Exif\0\0';
/** Larger pictures are refused before they are decoded. */
const MAX_PIXELS = 2 ** 28;

/** Encoded 8-bit values to linear ones, and what these mean. */
interface Encoding {
  readonly decode: readonly ((value: number) => number)[];
  /** Linear RGB to XYZ relative to D50. */
  readonly toXyzD50: readonly number[];
}

function srgb(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** By the picture's own profile; sRGB where it has none (Exif 3.0, ColorSpace) or one that can't be read. */
function encodingOf(icc: Uint8Array | undefined): Encoding {
  try {
    if (icc !== undefined) {
      const { curves, toXyzD50 } = readMatrixProfile(icc);
      return { decode: curves, toXyzD50 };
    }
  } catch {
    // A grey, table or broken profile: its values are taken as what almost all JPEGs are.
  }
  return { decode: [srgb, srgb, srgb], toXyzD50: SRGB_TO_XYZ_D50 };
}

/** The inverse of a matrix of independent primaries, by its adjugate. */
function inverse(m: readonly number[]): Matrix3 {
  const [a, b, c, d, e, f, g, h, i] = m as unknown as Matrix3;
  const minors = [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ]; // prettier-ignore
  const determinant = a * minors[0]! + b * minors[3]! + c * minors[6]!;
  return minors.map((minor) => minor / determinant) as unknown as Matrix3;
}

function exifOf({ exif }: Metadata): Uint8Array | undefined {
  if (exif === undefined) return undefined;
  const headed = exif.subarray(0, EXIF_HEADER.length).toString('latin1') === EXIF_HEADER;
  // A copy in memory of its own, since Node's buffers share theirs.
  return Uint8Array.from(headed ? exif.subarray(EXIF_HEADER.length) : exif);
}

async function metadataOf(path: string): Promise<Metadata> {
  try {
    return await open(path, { limitInputPixels: MAX_PIXELS }).metadata();
  } catch (cause) {
    throw new JobError(`${path}: this JPEG can't be read: it is damaged, or larger than is read.`, { cause });
  }
}

/** What a JPEG says about itself. */
export interface JpegDescription {
  readonly width: number;
  readonly height: number;
  readonly description: Partial<FrameDescription>;
}

/**
 * Looks at a JPEG without decoding it.
 * @throws {JobError} where it is damaged
 */
export async function inspectJpeg(path: string): Promise<JpegDescription> {
  const metadata = await metadataOf(path);
  const exif = exifOf(metadata);
  return {
    width: metadata.width,
    height: metadata.height,
    description: exif === undefined ? {} : describeExif(exif),
  };
}

/** A JPEG's pixels and what they mean. */
export interface DecodedJpeg {
  readonly metadata: Metadata;
  /** Encoded RGB as stored, not turned. */
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** For each colour the linear values of the 256 codes, in 16 bits. */
  readonly tables: readonly [Uint16Array, Uint16Array, Uint16Array];
  readonly toXyzD50: readonly number[];
  readonly noise: readonly NoiseProfile[];
}

/**
 * Decodes a JPEG and estimates its noise.
 * @throws {JobError} where it is damaged
 */
export async function decodeJpeg(path: string): Promise<DecodedJpeg> {
  const metadata = await metadataOf(path);
  const { data, info } = await open(path, {
    limitInputPixels: MAX_PIXELS,
    ignoreIcc: true,
    failOn: 'truncated',
  })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw new JobError(`${path}: this JPEG is damaged or cut off.`, { cause });
    });
  const { width, height, channels } = info;
  if (channels !== 3) throw new JobError(`${path}: a JPEG of ${channels} channels; three are merged.`);
  if (width < 2 || height < 2) throw new JobError(`${path}: a JPEG of ${width} × ${height} pixels.`);
  const { decode, toXyzD50 } = encodingOf(metadata.icc);
  const [red, green, blue] = decode.map((curve) =>
    Uint16Array.from({ length: 256 }, (_, i) => Math.round(Math.min(Math.max(curve(i / 255), 0), 1) * WHITE)),
  );
  const tables = [red!, green!, blue!] as const;
  const noise = estimateJpegNoise(data, width, height, tables).map(({ scale, offset }) => ({
    scale: scale * BRIGHTEST,
    offset: offset * BRIGHTEST ** 2,
  }));
  return { metadata, data, width, height, tables, toXyzD50, noise };
}

/** How many frames one JPEG is. */
export const JPEG_PHASES = 2;

/**
 * A JPEG as one of two mosaics, in linear light: bursts are merged from mosaics. The second is the picture one pixel further to
 * the left, so that its photosites see green where the first one's did not: together they have every
 * green value and half of the red and blue ones, and few JPEGs store more (4:2:0). Odd sizes lose a row or column.
 *
 * @param phase 0 or 1
 * @param allocate where the samples go
 */
export function jpegMosaic(
  { metadata, data, width, height, tables, toXyzD50, noise }: DecodedJpeg,
  phase: number,
  allocate: (length: number) => Uint16Array,
): RawFrame {
  const [columns, rows] = [width - (width % 2), height - (height % 2)];
  const samples = allocate(columns * rows);
  for (let y = 0, to = 0; y < rows; y++) {
    // Of a row every second photosite has the one colour, and those between have the next.
    const channel = y & 1;
    const [even, odd] = [tables[channel]!, tables[channel + 1]!];
    const row = y * width * 3 + channel;
    for (let x = phase; x < columns - 1; x += 2, to += 2) {
      samples[to] = even[data[row + 3 * x]!]!;
      samples[to + 1] = odd[data[row + 3 * x + 4]!]!;
    }
    // Beyond the last column it is repeated.
    if (phase === 1) {
      samples[to] = even[data[row + 3 * (columns - 1)]!]!;
      samples[to + 1] = odd[data[row + 3 * (columns - 1) + 1]!]!;
      to += 2;
    }
  }
  const exif = exifOf(metadata);
  const everything = { top: 0, left: 0, bottom: rows, right: columns };
  return {
    ...(exif === undefined ? {} : describeExif(exif)),
    samples,
    width: columns,
    height: rows,
    samplesPerPixel: 1,
    bitsPerSample: 16,
    cfa: { width: 2, height: 2, pattern: [0, 1, 1, 2], kind: 'bayer' },
    blackLevel: { repeatRows: 1, repeatCols: 1, values: [0] },
    whiteLevel: [WHITE / BRIGHTEST],
    baselineExposure: -Math.log2(BRIGHTEST),
    activeArea: everything,
    maskedAreas: [],
    defaultCrop: everything,
    defaultScale: [1, 1],
    orientation: (metadata.orientation ?? 1) as Orientation,
    color: {
      calibrations: [
        {
          illuminant: D50,
          colorMatrix: inverse(toXyzD50),
          forwardMatrix: toXyzD50 as unknown as Matrix3,
        },
      ],
    },
    asShotNeutral: [1, 1, 1],
    noiseProfile: noise,
    opcodes: { list1: [], list2: [], list3: [] },
    exposure: (exif && describeExif(exif).exposure) ?? {},
    ...(metadata.xmp && { xmp: Uint8Array.from(metadata.xmp) }),
    previews: [],
  };
}
