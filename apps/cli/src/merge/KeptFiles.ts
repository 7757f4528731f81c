import type { Engine } from '@photosite/engine';
import { readIntoEngine } from '../openInEngine.js';
import { readWholeFile } from '../readFile.js';

/** Bytes of files that are kept, at most. */
const MOST_KEPT_BYTES = 256 * 2 ** 20;

/**
 * Files that were read to be looked at and stay in the engine's memory until they are merged, as far as there is room: so most are read
 * once, and their samples are used where they lie.
 */
export class KeptFiles {
  readonly #engine: Engine;
  readonly #kept = new Map<string, Uint8Array>();
  #room = MOST_KEPT_BYTES;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /**
   * Reads a file to look at it.
   * @throws as readWholeFile
   */
  async look(path: string): Promise<Uint8Array> {
    try {
      return await readWholeFile(path, (bytes) =>
        this.#kept.has(path) ? undefined : this.#keep(path, bytes),
      );
    } catch (error) {
      this.drop(path);
      throw error;
    }
  }

  #keep(path: string, bytes: number): Uint8Array | undefined {
    if (bytes > this.#room) return undefined;
    const room = this.#engine.reserveFile(bytes);
    this.#kept.set(path, room);
    this.#room -= bytes;
    return room;
  }

  /**
   * A file's bytes in the engine's memory, which are the caller's from now on (see readIntoEngine).
   * @throws as readWholeFile
   */
  async take(path: string): Promise<Uint8Array> {
    return this.#remove(path) ?? readIntoEngine(path, this.#engine);
  }

  /** Gives the room of a file back that nobody will merge. */
  drop(path: string): void {
    const room = this.#remove(path);
    if (room !== undefined) this.#engine.discard(room);
  }

  #remove(path: string): Uint8Array | undefined {
    const room = this.#kept.get(path);
    if (room === undefined) return undefined;
    this.#kept.delete(path);
    this.#room += room.length;
    return room;
  }
}
