import { writeFile } from 'node:fs/promises';
import { type Matrix3, type NoiseProfile, type RawFrame, writeDng } from '@photosite/raw';
import { BLACK_LEVEL, type Mosaic, WHITE_LEVEL } from './mosaic.js';

/** XYZ to linear sRGB, D65 (IEC 61966-2-1): the protocol's camera sees linear sRGB. */
const XYZ_TO_SRGB: Matrix3 = [
  3.2404542, -1.5371385, -0.4985314, -0.969266, 1.8760108, 0.041556, 0.0556434, -0.2040259, 1.0572252,
];
/** Exif LightSource code of D65. */
const D65 = 21;

/**
 * The raw frame of a truth mosaic: its camera's primaries are sRGB's and its white needs no balance.
 * @param noiseProfile one for all channels, one each, or none
 */
export function truthFrame(
  { samples, width, height }: Mosaic,
  noiseProfile: readonly NoiseProfile[],
): RawFrame {
  const everything = { top: 0, left: 0, bottom: height, right: width };
  return {
    samples,
    width,
    height,
    samplesPerPixel: 1,
    bitsPerSample: 16,
    cfa: { width: 2, height: 2, pattern: [0, 1, 1, 2], kind: 'bayer' },
    blackLevel: { repeatRows: 1, repeatCols: 1, values: [BLACK_LEVEL] },
    whiteLevel: [WHITE_LEVEL],
    activeArea: everything,
    maskedAreas: [],
    defaultCrop: everything,
    defaultScale: [1, 1],
    orientation: 1,
    color: { calibrations: [{ illuminant: D65, colorMatrix: XYZ_TO_SRGB }] },
    asShotNeutral: [1, 1, 1],
    ...(noiseProfile.length > 0 && { noiseProfile }),
    opcodes: { list1: [], list2: [], list3: [] },
    exposure: {},
    make: 'Photosite',
    model: 'truth',
    uniqueCameraModel: 'Photosite truth',
    previews: [],
  };
}

/** Writes the frame as an uncompressed 16-bit DNG. */
export async function writeTruthDng(
  file: string,
  mosaic: Mosaic,
  noiseProfile: readonly NoiseProfile[],
): Promise<void> {
  await writeFile(file, writeDng(truthFrame(mosaic, noiseProfile), { compression: 'none' }).chunks);
}
