/** Prints one line to standard error, at once: also where the process is about to end. */
export declare function printError(line: string): void;
/** Prints what went wrong, as one line, and with `debug` where in the program it came from. */
export declare function printFailure(error: unknown, file: string | undefined, debug: boolean): void;
//# sourceMappingURL=print.d.ts.map