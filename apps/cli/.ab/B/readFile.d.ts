/**
 * Reads a whole file into memory of its own, with no copy on the way.
 * @throws {JobError} for what is not a file that can be read whole; the system's error where reading fails
 */
export declare function readWholeFile(path: string): Promise<Uint8Array>;
//# sourceMappingURL=readFile.d.ts.map