import { type RawFrame, writeDng } from '@photosite/raw';

/** XYZ to linear sRGB, D65 (IEC 61966-2-1): the camera of these frames sees linear sRGB. */
const XYZ_TO_SRGB = [
  3.2404542, -1.5371385, -0.4985314, -0.969266, 1.8760108, 0.041556, 0.0556434, -0.2040259, 1.0572252,
] as const;
const D65 = 21;

export const BLACK = 512;
export const WHITE = 16383;
/** Light of the frame's left and right half, relative to the white level. */
export const LIGHT = { left: 0.125, right: 0.5 } as const;

/** A grey scene of two halves seen by a Bayer sensor with a masked border of four photosites at the left. */
export function sampleFrame(width = 320, height = 240): RawFrame {
  const samples = new Uint16Array(width * height);
  const middle = 4 + (width - 4) / 2;
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++) {
      const light = x < 4 ? 0 : x < middle ? LIGHT.left : LIGHT.right;
      samples[i] = Math.round(BLACK + light * (WHITE - BLACK));
    }
  return {
    samples,
    width,
    height,
    samplesPerPixel: 1,
    bitsPerSample: 16,
    cfa: { width: 2, height: 2, pattern: [0, 1, 1, 2], kind: 'bayer' },
    blackLevel: { repeatRows: 1, repeatCols: 1, values: [BLACK] },
    whiteLevel: [WHITE],
    activeArea: { top: 0, left: 4, bottom: height, right: width },
    maskedAreas: [],
    defaultCrop: { top: 8, left: 8, bottom: height - 8, right: width - 4 - 8 },
    defaultScale: [1, 1],
    orientation: 6,
    color: { calibrations: [{ illuminant: D65, colorMatrix: XYZ_TO_SRGB }] },
    asShotNeutral: [1, 1, 1],
    opcodes: { list1: [], list2: [], list3: [] },
    exposure: { exposureTime: 1 / 250, iso: 100, fNumber: 2.8 },
    make: 'Photosite',
    model: 'Test camera',
    uniqueCameraModel: 'Photosite test camera',
    previews: [],
  };
}

/** The frame as a DNG file. */
export function sampleDng(frame: RawFrame = sampleFrame()): Uint8Array {
  return Buffer.concat(writeDng(frame).chunks);
}
