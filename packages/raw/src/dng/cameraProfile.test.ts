import { concatChunks, Tag, type TiffField, textField, writeTiff } from '@photosite/tiff';
import { describe, expect, it } from 'vitest';
import type { ColorProfile, HueSatMap } from '../RawFrame.js';
import { readCameraProfile } from './cameraProfile.js';
import { colorProfileFields } from './colourTags.js';

const TABLE: HueSatMap = {
  hueDivisions: 3,
  satDivisions: 2,
  valDivisions: 1,
  encoding: 'srgb',
  data: Float32Array.from({ length: 18 }, (_, i) => [0, 1, 1][i % 3]!),
};
const PROFILE: ColorProfile = {
  name: 'Test',
  calibrations: [
    {
      illuminant: 17,
      colorMatrix: [1, 0, 0, 0, 1, 0, 0, 0, 1],
      forwardMatrix: [0.5, 0, 0, 0, 1, 0, 0, 0, 1],
    },
    {
      illuminant: 21,
      colorMatrix: [0.5, 0.25, 0, 0, 1, 0, 0, 0, 2],
      hueSatMap: { ...TABLE, encoding: 'linear' },
    },
  ],
  lookTable: TABLE,
  toneCurve: Float32Array.of(0, 0, 0.5, 0.75, 1, 1),
  baselineExposureOffset: -0.25,
};

/** The profile's tags as a DCP file. */
function dcp(
  littleEndian: boolean,
  fields: TiffField[] = colorProfileFields(PROFILE, littleEndian),
): Uint8Array {
  const bytes = concatChunks(
    writeTiff([{ fields: [...fields, textField(Tag.UniqueCameraModel, 'Maker Model')] }], { littleEndian }),
  );
  new DataView(bytes.buffer, bytes.byteOffset).setUint16(2, 0x4352, littleEndian);
  return bytes;
}

describe('a DCP file', () => {
  it.each([true, false])('is read as it was written (little-endian: %s)', (littleEndian) => {
    expect(readCameraProfile(dcp(littleEndian))).toEqual({ cameraModel: 'Maker Model', color: PROFILE });
  });

  it('of bytes within a larger buffer is left as it is', () => {
    const file = dcp(true);
    const padded = new Uint8Array(file.length + 7);
    padded.set(file, 7);
    const before = padded.slice();
    expect(readCameraProfile(padded.subarray(7)).cameraModel).toBe('Maker Model');
    expect(padded).toEqual(before);
  });

  it('is refused where it is something else, names no matrix, or ends too early', () => {
    const tiff = dcp(true);
    new DataView(tiff.buffer, tiff.byteOffset).setUint16(2, 42, true);
    expect(() => readCameraProfile(tiff)).toThrow(/not a DNG camera profile/);
    expect(() => readCameraProfile(new Uint8Array(3))).toThrow(/not a DNG camera profile/);
    expect(() => readCameraProfile(dcp(true, []))).toThrow(/without a colour matrix/);
    const whole = dcp(true);
    for (let length = 8; length < whole.length; length += 3)
      expect(() => readCameraProfile(whole.subarray(0, length))).toThrow(
        expect.objectContaining({ name: 'RawFileError' }),
      );
  });
});
