import { readWholeFile } from '../readFile.js';

/** Bytes of files that are kept, at most. */
const MOST_KEPT_BYTES = 128 * 2 ** 20;

/** Files that were read to be looked at and are kept until they are merged, as far as there is room: so most are read once. */
export class KeptFiles {
  readonly #kept = new Map<string, Uint8Array>();
  #room = MOST_KEPT_BYTES;

  /**
   * Reads a file to look at it.
   * @throws as readWholeFile
   */
  async look(path: string): Promise<Uint8Array> {
    const bytes = await readWholeFile(path);
    if (bytes.length <= this.#room && !this.#kept.has(path)) {
      this.#kept.set(path, bytes);
      this.#room -= bytes.length;
    }
    return bytes;
  }

  /**
   * A file's bytes, which are kept no longer.
   * @throws as readWholeFile
   */
  async take(path: string): Promise<Uint8Array> {
    const kept = this.#kept.get(path);
    if (kept === undefined) return readWholeFile(path);
    this.#kept.delete(path);
    this.#room += kept.length;
    return kept;
  }
}
