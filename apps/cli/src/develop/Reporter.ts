import { describeError, EXIT_FAILED } from '../errors.js';
import { ProgressBar } from '../ProgressBar.js';
import { printError, printFailure } from '../print.js';
import { version } from '../version.js';
import type { Listener } from './developFiles.js';
import type { Failure } from './inputs.js';
import type { Job } from './outputs.js';
import { type DevelopReport, type FileReport, roundTimes } from './report.js';

/** What a person wants to hear. */
export interface ReporterOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly debug?: boolean;
}

/** Tells how the work goes: a bar and notes on a terminal, errors always, a report where one is asked for. */
export class Reporter implements Listener {
  readonly #jobs: readonly Job[];
  readonly #options: ReporterOptions;
  readonly #bar: ProgressBar;
  readonly #files: FileReport[] = [];
  readonly #failures: Failure[];

  /** @param failures what was found to be impossible before the work; it is told at once */
  constructor(jobs: readonly Job[], failures: readonly Failure[], options: ReporterOptions) {
    this.#jobs = jobs;
    this.#options = options;
    this.#bar = new ProgressBar(process.stderr, options.quiet !== true);
    this.#failures = [...failures];
    for (const { error } of failures) printError(error);
  }

  progress(job: Job, share: number): void {
    const before = this.#jobs.indexOf(job);
    const count = this.#jobs.length > 1 ? ` (${before + 1} of ${this.#jobs.length})` : '';
    this.#bar.update((before + share) / this.#jobs.length, job.input + count);
  }

  done(report: FileReport): void {
    this.#files.push(report);
    const { output, width, height, totalMs, assumptions, warnings } = report;
    this.#bar.note(`${output}: ${width} × ${height}, ${(totalMs / 1000).toFixed(2)} s`);
    for (const assumption of assumptions) this.#bar.note(`  assumed: ${assumption}`);
    for (const warning of warnings) this.#bar.note(`  note: ${warning}`);
    for (const note of report.notes ?? []) {
      this.#bar.clear();
      if (this.#options.quiet !== true) printError(`note: ${note}`);
    }
  }

  failed({ input }: Job, error: unknown): void {
    this.#failures.push({ input, error: describeError(error, input) });
    this.#bar.clear();
    printFailure(error, input, this.#options.debug === true);
  }

  /** The end of it all: the report, and an exit code that says whether every photo was made. */
  finish(threads: number): void {
    this.#bar.clear();
    if (this.#failures.length > 0) process.exitCode = EXIT_FAILED;
    if (this.#options.json !== true) return;
    const report: DevelopReport = {
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
