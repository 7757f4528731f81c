import type { RgbImage } from '../image.js';
import type { TiffPicture } from '../readTiff.js';
import { readMatrixProfile } from './iccMatrix.js';

/** A colour picture in linear light whose primaries and white are known by a matrix. */
export interface LinearPicture {
  readonly image: RgbImage;
  /** Rows of the matrix from linear RGB to XYZ relative to the ICC's D50. */
  readonly toXyzD50: readonly number[];
}

/** Undoes the encoding that a TIFF's own ICC profile states. */
export function linearByProfile(tiff: TiffPicture): LinearPicture {
  if (tiff.icc === undefined) throw new Error('the TIFF has no ICC profile');
  const { toXyzD50, curves } = readMatrixProfile(tiff.icc);
  const data = new Float32Array(tiff.data.length);
  for (let i = 0; i < data.length; i++) data[i] = curves[i % 3]!(tiff.data[i]!);
  return { image: { width: tiff.width, height: tiff.height, data }, toXyzD50 };
}
