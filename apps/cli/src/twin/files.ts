import { closeSync, openSync, writeSync } from 'node:fs';
import { describeError, JobError } from '../errors.js';
import { readWholeFile } from '../readFile.js';

/**
 * A file's bytes.
 * @throws {JobError} that names the file and says what is wrong with it
 */
export async function readNamedFile(path: string): Promise<Uint8Array> {
  try {
    return await readWholeFile(path);
  } catch (error) {
    throw new JobError(describeError(error, path), { cause: error });
  }
}

/** Writes all of `bytes` at a place of a file; a short write is no error to the system. */
function writeFully(descriptor: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; )
    done += writeSync(descriptor, bytes, done, bytes.length - done, position + done);
}

/** A new file that is written in pieces, at any place; synchronous, as threads of their own do it. */
export class NewFile {
  readonly #descriptor: number;
  readonly #name: string;

  /**
   * @param name how a person knows the file, for messages
   * @throws {JobError} where it can't be made
   */
  constructor(path: string, name: string) {
    this.#name = name;
    try {
      this.#descriptor = openSync(path, 'wx');
    } catch (error) {
      throw new JobError(describeError(error, name), { cause: error });
    }
  }

  /** @throws {JobError} where it can't be written */
  write(bytes: Uint8Array, position: number): void {
    try {
      writeFully(this.#descriptor, bytes, position);
    } catch (error) {
      throw new JobError(describeError(error, this.#name), { cause: error });
    }
  }

  /** Writes pieces one after the other from the start. */
  writeAll(chunks: readonly Uint8Array[]): void {
    let position = 0;
    for (const chunk of chunks) {
      this.write(chunk, position);
      position += chunk.length;
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
