import { unzlibSync } from 'fflate';
import { RawFileError } from '../RawFileError.js';

/**
 * Inflates a zlib stream (compression 8 and 32946) of known length; what a stream holds beyond it is left out, so a
 * small file cannot fill the memory.
 *
 * @param length bytes that the tile has when inflated
 * @throws RawFileError where the stream is damaged or too short
 */
export function inflate(bytes: Uint8Array, length: number, fileOffset = 0): Uint8Array {
  let inflated: Uint8Array;
  try {
    inflated = unzlibSync(bytes, { out: new Uint8Array(length) });
  } catch (cause) {
    throw new RawFileError('A deflated tile cannot be inflated', {
      offset: fileOffset,
      hint: 'The file is truncated or damaged',
      cause,
    });
  }
  if (inflated.length < length) {
    throw new RawFileError(`A deflated tile has ${inflated.length} bytes where ${length} are expected`, {
      offset: fileOffset,
      hint: 'The file is truncated or damaged',
    });
  }
  return inflated;
}
