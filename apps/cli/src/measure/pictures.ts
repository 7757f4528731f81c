import { extname } from 'node:path';
import {
  decodeSrgb,
  type LinearPicture,
  MeasureError,
  type RgbImage,
  readMatrixProfile,
  SRGB_TO_XYZ_D50,
} from '@photosite/measure';
import { decodeExr, exrLinearRgb } from '@photosite/picture';
import { RAW_EXTENSIONS } from '../develop/inputs.js';
import { describeError, JobError, UsageError } from '../errors.js';
import { readWholeFile } from '../readFile.js';

/** A picture in linear light, and how it came to be. */
export interface MeasuredPicture extends LinearPicture {
  readonly file: string;
  /** What its values were taken for, for people. */
  readonly interpretation: string;
}

/** Most pixels of a picture. */
const MAX_PIXELS = 2 ** 28;

/** Linear values of encoded ones, by a table per channel. */
function linearise(
  codes: Uint16Array,
  scale: number,
  channels: number,
  curves: readonly ((value: number) => number)[],
): Float32Array {
  const tables = curves.map((curve) =>
    Float32Array.from({ length: 65536 }, (_, code) => curve(code / scale)),
  );
  const data = new Float32Array((codes.length / channels) * 3);
  for (let pixel = 0, to = 0; to < data.length; pixel += channels) {
    // A grey picture's channel is all three.
    for (let c = 0; c < 3; c++, to++) data[to] = tables[c]![codes[pixel + (channels < 3 ? 0 : c)]!]!;
  }
  return data;
}

type Decoded = Pick<MeasuredPicture, 'image' | 'toXyzD50' | 'interpretation'>;

/** JPEG, PNG and TIFF of 8 or 16 bits or float; profiles of the matrix kind are honoured exactly. */
async function decode(bytes: Uint8Array, file: string): Promise<Decoded> {
  const { default: sharp } = await import('sharp');
  const limits = { limitInputPixels: MAX_PIXELS, failOn: 'error' } as const;
  const { space, depth, icc, channels: stored } = await sharp(bytes, limits).metadata();
  if (space === 'cmyk') throw new JobError(`${file} is in CMYK. Save it in RGB first.`);
  const open = (ignoreIcc: boolean) =>
    sharp(bytes, { ...limits, ignoreIcc })
      .autoOrient()
      .removeAlpha();
  const grey = stored < 3;
  if (depth === 'float' || depth === 'double') {
    const { data, info } = await open(true)
      .pipelineColourspace('scrgb')
      .toColourspace('scrgb')
      .raw({ depth: 'float' })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 3)
      throw new JobError(`${file}: ${info.channels} channels; a colour picture is expected.`);
    const values = new Float32Array(data.buffer, data.byteOffset, data.byteLength / 4);
    const image: RgbImage = { width: info.width, height: info.height, data: values };
    if (icc === undefined) {
      return {
        image,
        toXyzD50: SRGB_TO_XYZ_D50,
        interpretation: 'floating point without a profile, taken as linear sRGB',
      };
    }
    const { toXyzD50, curves } = readMatrixProfile(icc);
    for (let i = 0; i < values.length; i++) values[i] = curves[i % 3]!(values[i]!);
    return { image, toXyzD50, interpretation: 'floating point by its ICC profile' };
  }
  const profile = grey ? undefined : profileOf(icc);
  const { data, info } = await open(profile !== undefined || icc === undefined)
    .toColourspace('rgb16')
    .raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true });
  const codes = new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2);
  // 8-bit values come with eight zeros below, unless a conversion has filled them.
  const scale = depth === 'uchar' && (profile !== undefined || icc === undefined) ? 255 * 256 : 65535;
  const curves = profile?.curves ?? [decodeSrgb, decodeSrgb, decodeSrgb];
  const image: RgbImage = {
    width: info.width,
    height: info.height,
    data: linearise(codes, scale, info.channels, curves),
  };
  if (profile !== undefined)
    return { image, toXyzD50: profile.toXyzD50, interpretation: 'by its ICC profile' };
  return {
    image,
    toXyzD50: SRGB_TO_XYZ_D50,
    interpretation:
      icc === undefined ? 'without a profile, taken as sRGB' : 'by its ICC profile, converted to sRGB',
  };
}

/** A profile that is a curve per channel and a matrix; undefined for other kinds. */
function profileOf(icc: Uint8Array | undefined): ReturnType<typeof readMatrixProfile> | undefined {
  if (icc === undefined) return undefined;
  try {
    return readMatrixProfile(icc);
  } catch (error) {
    if (error instanceof MeasureError) return undefined;
    throw error;
  }
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readWholeFile(file);
  } catch (error) {
    // The system's errors don't name the file in a person's words.
    throw new JobError(describeError(error, file), { cause: error });
  }
}

/**
 * Reads a JPEG, PNG, TIFF or OpenEXR as linear values.
 * @throws {UsageError} for a raw file, with the command that makes a picture of it
 * @throws {JobError} for what cannot be read
 */
export async function readPicture(file: string): Promise<MeasuredPicture> {
  const extension = extname(file).toLowerCase();
  if (RAW_EXTENSIONS.has(extension)) {
    throw new UsageError(
      `${file} is a raw file; pictures are measured. Develop it first: photosite develop ${file} -o picture.tif --as linear-rec2020`,
    );
  }
  const bytes = await readBytes(file);
  if (extension === '.exr') {
    const exr = decodeExr(bytes, { file, wanted: (name) => ['R', 'G', 'B', 'Y'].includes(name) });
    const image = { width: exr.width, height: exr.height, data: exrLinearRgb(exr, { file }) };
    return { file, image, toXyzD50: SRGB_TO_XYZ_D50, interpretation: 'linear, as OpenEXR is' };
  }
  try {
    return { file, ...(await decode(bytes, file)) };
  } catch (error) {
    if (error instanceof JobError || error instanceof MeasureError) throw error;
    throw new JobError(
      `${file}: it can't be read as a picture: ${error instanceof Error ? error.message : error}`,
      { cause: error },
    );
  }
}

/** The Y row of a picture's matrix: what its channels weigh in the luminance. */
export function luminanceWeights({ toXyzD50 }: LinearPicture): readonly number[] {
  return toXyzD50.slice(3, 6);
}
