/** What more is known about a {@link PictureError}. */
export interface PictureErrorDetails {
  readonly allowed?: string;
  readonly cause?: unknown;
  /** File that was read. */
  readonly file?: string;
  /** Byte of that file where the problem lies. */
  readonly offset?: number;
}

/**
 * A picture or an output option that cannot be encoded as asked, or a picture file that cannot be read. The message
 * says where, what was found, what is allowed and what to do.
 */
export class PictureError extends Error {
  override readonly name = 'PictureError';
  /** What is wrong: an option (`quality`), a part of the picture (`picture.pixels`) or of a file (`dataWindow`). */
  readonly field: string;
  /** What the field may hold, readable; undefined where there's no range to name. */
  readonly allowed: string | undefined;
  /** The file that was read; undefined where there's none or its name is unknown. */
  readonly file: string | undefined;
  /** Byte of that file, from 0. */
  readonly offset: number | undefined;

  constructor(field: string, message: string, { allowed, cause, file, offset }: PictureErrorDetails = {}) {
    const place = [file, offset === undefined ? undefined : `byte ${offset}`, field];
    super(
      `${place.filter((part) => part !== undefined).join(', ')}: ${message}`,
      cause === undefined ? undefined : { cause },
    );
    this.field = field;
    this.allowed = allowed;
    this.file = file;
    this.offset = offset;
  }
}
