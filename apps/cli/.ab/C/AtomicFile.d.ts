import { JobError } from './errors.js';
/** Removes what is half-written; for signal handlers, hence synchronous. */
export declare function removePending(): void;
/**
 * Finds out whether files can be made in a folder, by making one and removing it again: permissions alone don't say.
 * @throws the system's error where they can't
 */
export declare function probeFolder(folder: string): void;
/**
 * Writes a file whole or not at all: under a temporary name in the same folder, renamed when all is written.
 *
 * @param chunks the file's bytes in pieces
 * @param force replace a file that exists
 * @throws {JobError} where the name is taken and `force` is not given, or writing fails
 */
export declare function writeAtomically(path: string, chunks: readonly Uint8Array[], force: boolean): Promise<void>;
/** The error for a name that is taken. */
export declare function existing(path: string): JobError;
//# sourceMappingURL=AtomicFile.d.ts.map