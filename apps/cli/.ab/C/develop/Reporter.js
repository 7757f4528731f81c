import { describeError, EXIT_FAILED } from '../errors.js';
import { printError, printFailure } from '../print.js';
import { version } from '../version.js';
import { ProgressBar } from './ProgressBar.js';
import { roundTimes } from './report.js';
/** Tells how the work goes: a bar and notes on a terminal, errors always, a report where one is asked for. */
export class Reporter {
    #jobs;
    #options;
    #bar;
    #files = [];
    #failures;
    /** @param failures what was found to be impossible before the work; it is told at once */
    constructor(jobs, failures, options) {
        this.#jobs = jobs;
        this.#options = options;
        this.#bar = new ProgressBar(process.stderr, options.quiet !== true);
        this.#failures = [...failures];
        for (const { error } of failures)
            printError(error);
    }
    progress(job, share) {
        const before = this.#jobs.indexOf(job);
        const count = this.#jobs.length > 1 ? ` (${before + 1} of ${this.#jobs.length})` : '';
        this.#bar.update((before + share) / this.#jobs.length, job.input + count);
    }
    done(report) {
        this.#files.push(report);
        const { output, width, height, totalMs, assumptions, warnings } = report;
        this.#bar.note(`${output}: ${width} × ${height}, ${(totalMs / 1000).toFixed(2)} s`);
        for (const assumption of assumptions)
            this.#bar.note(`  assumed: ${assumption}`);
        for (const warning of warnings)
            this.#bar.note(`  note: ${warning}`);
    }
    failed({ input }, error) {
        this.#failures.push({ input, error: describeError(error, input) });
        this.#bar.clear();
        printFailure(error, input, this.#options.debug === true);
    }
    /** The end of it all: the report, and an exit code that says whether every photo was made. */
    finish(threads) {
        this.#bar.clear();
        if (this.#failures.length > 0)
            process.exitCode = EXIT_FAILED;
        if (this.#options.json !== true)
            return;
        const report = {
            photosite: version(),
            threads,
            files: this.#files,
            failures: this.#failures,
            // The clock's origin is the start of the process.
            totalMs: performance.now(),
        };
        process.stdout.write(`${JSON.stringify(report, roundTimes, 2)}\n`);
    }
}
//# sourceMappingURL=Reporter.js.map