/** Where in a TIFF stream something is wrong. */
export interface TiffErrorDetails {
  /** Byte offset into the stream. */
  readonly offset?: number | undefined;
  /** Number of the tag at fault. */
  readonly tag?: number | undefined;
}

/** A TIFF stream that breaks the format or a limit, or a description that cannot be written as TIFF. */
export class TiffError extends Error {
  override readonly name = 'TiffError';
  /** Byte offset into the stream. */
  readonly offset: number | undefined;
  /** Number of the tag at fault. */
  readonly tag: number | undefined;

  constructor(problem: string, details: TiffErrorDetails = {}) {
    super(problem);
    this.offset = details.offset;
    this.tag = details.tag;
  }
}
