/** Where a measurement cannot be made. */
export interface MeasureErrorDetails {
  /** Name of the argument that is to blame, e.g. `region`. */
  readonly field?: string;
}

/** A picture, a region or a number that nothing can be measured from: the message says why and the way out. */
export class MeasureError extends Error {
  override readonly name = 'MeasureError';
  readonly field: string | undefined;

  constructor(message: string, { field }: MeasureErrorDetails = {}) {
    super(field === undefined ? message : `${field}: ${message}`);
    this.field = field;
  }
}
