import { readTiff, Tag, TiffError } from '@photosite/tiff';
import { RawFileError } from '../RawFileError.js';
import type { ColorProfile } from '../RawFrame.js';
import { readColorProfile } from './colourTags.js';

/** A DNG camera profile that stands in a file of its own. */
export interface CameraProfile {
  /** UniqueCameraModel (50708): the camera that it was made for, where it says so. */
  readonly cameraModel?: string;
  readonly color: ColorProfile;
}

/** Larger than any profile: tables of 90 × 30 × 30 for two lights and a look take 3 MB. */
export const MAX_PROFILE_BYTES = 64 * 2 ** 20;
/** What stands in a profile's header where a TIFF file has 42: the letters CR. */
const PROFILE_MAGIC = 0x4352;
const TIFF_MAGIC = 42;

/**
 * Reads a DCP file (DNG specification 1.6, chapter 6, "Camera Profiles": a TIFF structure with a magic number of its own
 * and the colour tags of IFD0).
 *
 * @throws RawFileError where it is no profile, or a tag of it is broken
 */
export function readCameraProfile(bytes: Uint8Array): CameraProfile {
  if (bytes.length > MAX_PROFILE_BYTES)
    throw new RawFileError(`a camera profile of ${bytes.length} bytes, more than ${MAX_PROFILE_BYTES}`);
  const order = bytes.length < 8 ? '' : String.fromCharCode(bytes[0], bytes[1]);
  const littleEndian = order === 'II';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if ((!littleEndian && order !== 'MM') || view.getUint16(2, littleEndian) !== PROFILE_MAGIC)
    throw new RawFileError('not a DNG camera profile', {
      offset: 0,
      hint: 'Such files end in .dcp and begin with IIRC or MMCR',
    });
  const tiff = Uint8Array.from(bytes);
  new DataView(tiff.buffer).setUint16(2, TIFF_MAGIC, littleEndian);
  try {
    const [ifd] = readTiff(tiff).ifds;
    const color = readColorProfile(ifd, littleEndian);
    if (color.calibrations.every(({ colorMatrix }) => colorMatrix === undefined))
      throw new RawFileError('a camera profile without a colour matrix', { tag: 'ColorMatrix1' });
    const cameraModel = ifd.text(Tag.UniqueCameraModel);
    return { ...(cameraModel !== undefined && { cameraModel }), color };
  } catch (error) {
    if (!(error instanceof TiffError)) throw error;
    throw new RawFileError(error.message, {
      ...(error.offset !== undefined && { offset: error.offset }),
    });
  }
}
