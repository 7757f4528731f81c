/** A command that can't be carried out as it was typed; the process ends with {@link EXIT_USAGE}. */
export declare class UsageError extends Error {
    readonly name = "UsageError";
}
/** A job that failed on one file: the message names the file and the way out. */
export declare class JobError extends Error {
    readonly name = "JobError";
}
/** Exit code where a job failed. */
export declare const EXIT_FAILED = 1;
/** Exit code where the command line is wrong. */
export declare const EXIT_USAGE = 2;
/** The code of an operating system's error, e.g. `ENOSPC`. */
export declare function systemCode(error: unknown): string | undefined;
/** One line for a person: what is wrong, with what file, and the way out. `file` is named unless the message does. */
export declare function describeError(error: unknown, file?: string): string;
//# sourceMappingURL=errors.d.ts.map