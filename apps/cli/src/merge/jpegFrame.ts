import { readMatrixProfile, SRGB_TO_XYZ_D50 } from '@photosite/measure';
import { describeExif, type Matrix3, type Orientation, type RawFrame } from '@photosite/raw';
import sharp, { type Metadata } from 'sharp';
import { JobError } from '../errors.js';
import type { FrameDescription } from './FrameFile.js';
import { estimateJpegNoise } from './jpegNoise.js';

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
    return await sharp(path, { limitInputPixels: MAX_PIXELS }).metadata();
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

/**
 * A JPEG as a frame of three linear planes in its own primaries, not turned, with a noise estimate: what a burst of
 * JPEGs is merged from.
 *
 * @param allocate where the samples go
 * @throws {JobError} where it is damaged
 */
export async function readJpegFrame(
  path: string,
  allocate: (length: number) => Uint16Array,
): Promise<RawFrame> {
  const metadata = await metadataOf(path);
  const pixels = await sharp(path, { limitInputPixels: MAX_PIXELS, ignoreIcc: true, failOn: 'truncated' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw new JobError(`${path}: this JPEG is damaged or cut off.`, { cause });
    });
  const { width, height, channels } = pixels.info;
  if (channels !== 3) throw new JobError(`${path}: a JPEG of ${channels} channels; three are merged.`);
  const { decode, toXyzD50 } = encodingOf(metadata.icc);
  const tables = decode.map((curve) =>
    Uint16Array.from({ length: 256 }, (_, i) => Math.round(Math.min(Math.max(curve(i / 255), 0), 1) * WHITE)),
  );
  const [red, green, blue] = tables as [Uint16Array, Uint16Array, Uint16Array];
  const samples = allocate(width * height * 3);
  const { data } = pixels;
  for (let i = 0; i < samples.length; i += 3) {
    samples[i] = red[data[i]!]!;
    samples[i + 1] = green[data[i + 1]!]!;
    samples[i + 2] = blue[data[i + 2]!]!;
  }
  const exif = exifOf(metadata);
  const everything = { top: 0, left: 0, bottom: height, right: width };
  return {
    ...(exif === undefined ? {} : describeExif(exif)),
    samples,
    width,
    height,
    samplesPerPixel: 3,
    bitsPerSample: 16,
    blackLevel: { repeatRows: 1, repeatCols: 1, values: [0, 0, 0] },
    whiteLevel: [WHITE / BRIGHTEST, WHITE / BRIGHTEST, WHITE / BRIGHTEST],
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
    noiseProfile: estimateJpegNoise(samples, width, height, green).map(({ scale, offset }) => ({
      scale: scale * BRIGHTEST,
      offset: offset * BRIGHTEST ** 2,
    })),
    opcodes: { list1: [], list2: [], list3: [] },
    exposure: (exif && describeExif(exif).exposure) ?? {},
    ...(metadata.xmp && { xmp: Uint8Array.from(metadata.xmp) }),
    previews: [],
  };
}
