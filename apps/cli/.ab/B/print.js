import { writeSync } from 'node:fs';
import { describeError } from './errors.js';
const STDERR = 2;
/** Prints one line to standard error, at once: also where the process is about to end. */
export function printError(line) {
    try {
        writeSync(STDERR, `photosite: ${line}\n`);
    }
    catch {
        // Nobody listens; there's nobody left to tell.
    }
}
/** Prints what went wrong, as one line, and with `debug` where in the program it came from. */
export function printFailure(error, file, debug) {
    printError(describeError(error, file));
    for (let cause = error; debug && cause instanceof Error; cause = cause.cause)
        printError(cause.stack ?? String(cause));
}
//# sourceMappingURL=print.js.map