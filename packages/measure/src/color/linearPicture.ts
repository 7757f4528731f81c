import { MeasureError } from '../MeasureError.js';
import type { RgbImage } from '../RgbImage.js';
import { readMatrixProfile } from './iccMatrix.js';

/** A colour picture in linear light whose primaries and white are known by a matrix. */
export interface LinearPicture {
  readonly image: RgbImage;
  /** Rows of the matrix from linear RGB to XYZ relative to the ICC's D50. */
  readonly toXyzD50: readonly number[];
}

/** Encoded values with the profile that says what they mean. */
export interface ProfiledImage extends RgbImage {
  /** The bytes of the ICC profile, where there is one. */
  readonly icc?: Uint8Array;
}

/**
 * Undoes the encoding that a picture's own ICC profile states.
 * @throws {MeasureError} where there is no profile or none of the matrix kind
 */
export function linearByProfile(image: ProfiledImage): LinearPicture {
  const { icc } = image;
  if (icc === undefined) throw new MeasureError('the picture has no ICC profile.', { field: 'icc' });
  const { toXyzD50, curves } = readMatrixProfile(icc);
  const [red, green, blue] = curves as [(v: number) => number, (v: number) => number, (v: number) => number];
  const data = new Float32Array(image.data.length);
  for (let i = 0; i < data.length; i += 3) {
    data[i] = red(image.data[i]!);
    data[i + 1] = green(image.data[i + 1]!);
    data[i + 2] = blue(image.data[i + 2]!);
  }
  return { image: { width: image.width, height: image.height, data }, toXyzD50 };
}
