/** Where in a file something is wrong, and what a person can do about it. */
export interface RawFileErrorDetails {
  /** The file's name or path, where known. */
  readonly file?: string;
  /** Byte offset into the file. */
  readonly offset?: number;
  /** The TIFF tag's name or number. */
  readonly tag?: string;
  /** What to do next, a short sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** A raw file that cannot be read: names the file, the place and the way out. */
export class RawFileError extends Error {
  override readonly name = 'RawFileError';
  readonly file: string | undefined;
  readonly offset: number | undefined;
  readonly tag: string | undefined;
  readonly hint: string | undefined;
  /** The problem alone, without file, place and hint. */
  readonly problem: string;

  constructor(problem: string, details: RawFileErrorDetails = {}) {
    const place = [
      details.tag === undefined ? undefined : `tag ${details.tag}`,
      details.offset === undefined ? undefined : `offset ${details.offset}`,
    ].filter((part) => part !== undefined);
    super(
      [
        details.file === undefined ? '' : `${details.file}: `,
        problem,
        place.length === 0 ? '' : ` (${place.join(', ')})`,
        details.hint === undefined ? '' : `. ${details.hint}`,
      ].join(''),
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.problem = problem;
    this.file = details.file;
    this.offset = details.offset;
    this.tag = details.tag;
    this.hint = details.hint;
  }

  /** The same error with the file's name added. */
  inFile(file: string): RawFileError {
    return new RawFileError(this.problem, {
      file,
      ...(this.offset === undefined ? {} : { offset: this.offset }),
      ...(this.tag === undefined ? {} : { tag: this.tag }),
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      cause: this.cause,
    });
  }
}
