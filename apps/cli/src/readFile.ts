import { open } from 'node:fs/promises';
import { JobError } from './errors.js';

/** Largest file that is read: TIFF's offsets, and so DNG's, end at 4 GiB. */
const MAX_FILE_BYTES = 2 ** 32;
/** Most bytes that the system reads at once. */
const MAX_READ_BYTES = 2 ** 30;

/** Every byte is written when a file is read, so none needs to be cleared first. */
function allocateBytes(bytes: number): Uint8Array {
  return new Uint8Array(Buffer.allocUnsafeSlow(bytes).buffer);
}

/**
 * Reads a whole file, with no copy on the way.
 * @param allocate room for its bytes, or undefined for memory of its own
 * @throws {JobError} for what is not a file that can be read whole; the system's error where reading fails
 */
export async function readWholeFile(
  path: string,
  allocate: (bytes: number) => Uint8Array | undefined = () => undefined,
): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const status = await handle.stat();
    if (status.isDirectory()) throw new JobError(`${path} is a folder, a file is expected.`);
    if (!status.isFile()) throw new JobError(`${path} is not a regular file.`);
    if (status.size > MAX_FILE_BYTES)
      throw new JobError(`${path} is larger than ${MAX_FILE_BYTES / 2 ** 30} GiB, which no raw file is.`);
    const bytes = allocate(status.size) ?? allocateBytes(status.size);
    let end = 0;
    while (end < bytes.length) {
      const length = Math.min(bytes.length - end, MAX_READ_BYTES);
      const { bytesRead } = await handle.read(bytes, end, length, end);
      if (bytesRead === 0)
        throw new JobError(`${path} became shorter while it was read. Try again when it is complete.`);
      end += bytesRead;
    }
    return bytes;
  } finally {
    await handle.close();
  }
}
