/**
 * A picture or an output option that cannot be encoded as asked. The message says what was found, what is
 * allowed and what to do.
 */
export class PictureError extends Error {
  override readonly name = 'PictureError';
  /** What is wrong: an option (`quality`) or a part of the picture (`picture.pixels`). */
  readonly field: string;
  /** What the field may hold, readable; undefined where there's no range to name. */
  readonly allowed: string | undefined;

  constructor(field: string, message: string, details: { allowed?: string; cause?: unknown } = {}) {
    super(`${field}: ${message}`, details.cause === undefined ? undefined : { cause: details.cause });
    this.field = field;
    this.allowed = details.allowed;
  }
}
