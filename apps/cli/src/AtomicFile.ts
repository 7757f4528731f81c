import { randomBytes } from 'node:crypto';
import { closeSync, linkSync, mkdirSync, openSync, realpathSync, renameSync, rmSync, writev } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describeError, JobError, systemCode } from './errors.js';

const writeAll = promisify(writev);

/** Temporary files and folders that exist right now, to be removed when the process is told to stop. */
const pending = new Set<string>();

/** Removes what is half-written; for signal handlers, hence synchronous. */
export function removePending(): void {
  for (const path of pending) remove(path);
  pending.clear();
}

/** Threads that are about to end may still add a file to a folder: then it is tried again. */
function remove(path: string): void {
  rmSync(path, { force: true, recursive: true, maxRetries: 10, retryDelay: 20 });
}

function temporaryName(): string {
  return `.photosite-${randomBytes(6).toString('hex')}.tmp`;
}

/** Makes a temporary file. Synchronous, so that no signal comes between its creation and its note in `pending`. */
function createTemporary(folder: string): { readonly path: string; readonly descriptor: number } {
  const path = join(folder, temporaryName());
  const descriptor = openSync(path, 'wx', 0o666);
  pending.add(path);
  return { path, descriptor };
}

/** A folder under a temporary name, for files that appear together or not at all. */
export class TemporaryFolder {
  readonly path: string;

  /** @throws the system's error where a folder can't be made in `parent` */
  constructor(parent: string) {
    this.path = join(parent, temporaryName());
    mkdirSync(this.path);
    pending.add(this.path);
  }

  /** Removes the folder with what is left in it. */
  remove(): void {
    remove(this.path);
    pending.delete(this.path);
  }
}

/**
 * Finds out whether files can be made in a folder, by making one and removing it again: permissions alone don't say.
 * @throws the system's error where they can't
 */
export function probeFolder(folder: string): void {
  const { path, descriptor } = createTemporary(folder);
  closeSync(descriptor);
  remove(path);
  pending.delete(path);
}

/** Gives the finished file its name, and fails with EEXIST where that is taken meanwhile. */
function moveExclusively(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') throw error;
    // A disk without hard links (FAT): claim the name, then put the file in its place.
    closeSync(openSync(to, 'wx'));
    try {
      renameSync(from, to);
    } catch (failure) {
      remove(to);
      throw failure;
    }
    return;
  }
  remove(from);
}

function targetOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/**
 * Writes a file whole or not at all: under a temporary name in the same folder, renamed when all is written.
 *
 * @param chunks the file's bytes in pieces
 * @param force replace a file that exists
 * @throws {JobError} where the name is taken and `force` is not given, or writing fails
 */
export async function writeAtomically(
  path: string,
  chunks: readonly Uint8Array[],
  force: boolean,
): Promise<void> {
  // A symbolic link stays one: its target is replaced.
  const target = force ? targetOf(path) : path;
  const temporary = temporaryFor(target);
  try {
    try {
      await writeChunks(temporary.descriptor, chunks);
    } finally {
      closeSync(temporary.descriptor);
    }
    if (force) renameSync(temporary.path, target);
    else moveExclusively(temporary.path, target);
  } catch (error) {
    remove(temporary.path);
    throw systemCode(error) === 'EEXIST'
      ? existing(path)
      : new JobError(describeError(error, path), { cause: error });
  } finally {
    pending.delete(temporary.path);
  }
}

function temporaryFor(path: string): { readonly path: string; readonly descriptor: number } {
  try {
    return createTemporary(dirname(path));
  } catch (error) {
    throw new JobError(describeError(error, path), { cause: error });
  }
}

/** The error for a name that is taken. */
export function existing(path: string): JobError {
  return new JobError(`${path} exists already. Use --force to overwrite it, or choose another name.`);
}

/** A short write is no error to the system: what is left is written again, and then it says why. */
async function writeChunks(descriptor: number, chunks: readonly Uint8Array[]): Promise<void> {
  let rest = chunks.filter((chunk) => chunk.length > 0);
  while (rest.length > 0) {
    let { bytesWritten } = await writeAll(descriptor, rest);
    while (rest.length > 0 && bytesWritten >= rest[0]!.length) {
      bytesWritten -= rest[0]!.length;
      rest = rest.slice(1);
    }
    if (bytesWritten > 0) rest = [rest[0]!.subarray(bytesWritten), ...rest.slice(1)];
  }
}
