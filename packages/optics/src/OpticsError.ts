/** Where a number or a file is unphysical. */
export interface OpticsErrorDetails {
  /** Name of the field with its unit, e.g. `fNumber` or `surfaces[3].radiusMm`. */
  readonly field?: string;
  /** File that it was read from. */
  readonly file?: string;
  /** Line of that file, from 1. */
  readonly line?: number;
}

/** Unphysical numbers, broken lens files, unknown glasses: the message names the field, the allowed range and the way out. */
export class OpticsError extends Error {
  override readonly name = 'OpticsError';
  readonly field: string | undefined;
  readonly file: string | undefined;
  readonly line: number | undefined;

  constructor(message: string, { field, file, line }: OpticsErrorDetails = {}) {
    const place = [file, line === undefined ? undefined : `line ${line}`, field].filter(
      (part) => part !== undefined,
    );
    super(place.length === 0 ? message : `${place.join(', ')}: ${message}`);
    this.field = field;
    this.file = file;
    this.line = line;
  }
}
