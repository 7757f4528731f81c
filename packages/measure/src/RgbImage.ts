/**
 * A picture of three floating-point channels, pixel-interleaved R G B, rows top to bottom. Whether the values are linear
 * or encoded is said by the function that takes it.
 */
export interface RgbImage {
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** `width * height * 3` values. */
  readonly data: Float32Array;
}
