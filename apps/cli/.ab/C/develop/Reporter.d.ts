import type { Listener } from './developFiles.js';
import type { Failure } from './inputs.js';
import type { Job } from './outputs.js';
import { type FileReport } from './report.js';
/** What a person wants to hear. */
export interface ReporterOptions {
    readonly json?: boolean;
    readonly quiet?: boolean;
    readonly debug?: boolean;
}
/** Tells how the work goes: a bar and notes on a terminal, errors always, a report where one is asked for. */
export declare class Reporter implements Listener {
    #private;
    /** @param failures what was found to be impossible before the work; it is told at once */
    constructor(jobs: readonly Job[], failures: readonly Failure[], options: ReporterOptions);
    progress(job: Job, share: number): void;
    done(report: FileReport): void;
    failed({ input }: Job, error: unknown): void;
    /** The end of it all: the report, and an exit code that says whether every photo was made. */
    finish(threads: number): void;
}
//# sourceMappingURL=Reporter.d.ts.map