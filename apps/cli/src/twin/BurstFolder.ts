import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { TemporaryFolder } from '../AtomicFile.js';
import { describeError, JobError, systemCode, UsageError } from '../errors.js';

/** Subfolder of what is true of the frames. */
export const TRUTH_FOLDER = 'truth';
/** How the burst was made; written last, so that a folder that has it is complete. */
export const DESCRIPTION_FILE = 'twin.json';

const FRAME_FILE = /^frame-\d{4,}\.dng$/;
const TRUTH_FILE = /^frame-\d{4,}\.(exr|noise-free\.dng)$/;

/** `frame-0001`, counted from 1. */
export function frameStem(index: number): string {
  return `frame-${String(index + 1).padStart(4, '0')}`;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** The files of a burst in a folder, relative to it. */
function burstFiles(folder: string): string[] {
  return [
    ...namesIn(folder).filter((name) => FRAME_FILE.test(name) || name === DESCRIPTION_FILE),
    ...namesIn(join(folder, TRUTH_FOLDER))
      .filter((name) => TRUTH_FILE.test(name))
      .map((name) => join(TRUTH_FOLDER, name)),
  ];
}

/** The folder itself, or the nearest one above it that exists. */
function existingFolder(path: string): string {
  const folder = resolve(path);
  return existsSync(folder) ? folder : existingFolder(dirname(folder));
}

/**
 * The folder that a burst is written into. Everything is written under a temporary name first (in the folder, or where it
 * will be) and gets its place when all is done, so that there is a whole burst or none.
 */
export class BurstFolder {
  readonly #path: string;
  readonly #force: boolean;
  readonly #temporary: TemporaryFolder;

  /**
   * @param force replace a burst that is in the folder
   * @throws {UsageError} where `path` is a file
   * @throws {JobError} where a burst is there already, or the folder can't be written into
   */
  constructor(path: string, force: boolean) {
    const existing = existingFolder(path);
    if (!statSync(existing).isDirectory())
      throw new UsageError(`${existing} is a file; a burst needs a folder. Name a folder after -o.`);
    if (!force && burstFiles(path).length > 0)
      throw new JobError(`${path} has a burst in it. Use --force to replace it, or choose another folder.`);
    this.#path = path;
    this.#force = force;
    try {
      this.#temporary = new TemporaryFolder(existing);
      mkdirSync(join(this.#temporary.path, TRUTH_FOLDER));
    } catch (error) {
      throw new JobError(`can't write into the folder ${existing}: ${describeError(error)}`, {
        cause: error,
      });
    }
  }

  /** Where the files are written for now: frames here, truth in {@link TRUTH_FOLDER}. */
  get workPath(): string {
    return this.#temporary.path;
  }

  /**
   * Gives all files their places; those of an earlier burst go.
   * @throws {JobError} where that fails, or a burst has appeared meanwhile and there is no `force`
   */
  finish(): void {
    const from = this.#temporary.path;
    const before = burstFiles(this.#path);
    if (before.length > 0 && !this.#force) throw new JobError(`${this.#path} got a burst meanwhile.`);
    try {
      for (const name of before) rmSync(join(this.#path, name), { force: true });
      const files = burstFiles(from);
      // The description last: it says that the burst is complete.
      files.sort((a, b) => Number(a === DESCRIPTION_FILE) - Number(b === DESCRIPTION_FILE));
      for (const name of files) {
        mkdirSync(dirname(join(this.#path, name)), { recursive: true });
        renameSync(join(from, name), join(this.#path, name));
      }
    } catch (error) {
      throw new JobError(describeError(error, this.#path), { cause: error });
    }
    this.#temporary.remove();
  }

  /** Removes everything that was begun. */
  discard(): void {
    this.#temporary.remove();
  }
}
