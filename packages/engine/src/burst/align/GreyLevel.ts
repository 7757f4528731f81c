/** One grey picture of the pyramid. Sample (i, j) stands at pixel (i·scale + origin, j·scale + origin). */
export interface GreyLevel {
  readonly width: number;
  readonly height: number;
  /** Samples from row to row, a multiple of 4. */
  readonly stride: number;
  /** In units of the standard deviation that one sample of the reference has. */
  readonly data: Float32Array;
  /** Pixels of the frame from sample to sample. */
  readonly scale: number;
  /** Where sample 0 stands, in pixels: (scale - 1) / 2. */
  readonly origin: number;
  /** Noise variance of a sample, for a frame with the reference's noise. */
  readonly variance: number;
  /** Correlation of the noise of neighbours along a row or column, one and two samples apart. */
  readonly correlation: readonly [one: number, two: number];
  /** Share of the noise's variance that interpolation half way between two samples takes away, along one direction. */
  readonly loss: number;
}

/** Long side of the coarsest level, at most. */
export const COARSEST = 192;
/** What halves a level along one direction: cos³(ω/2), which leaves an eighth of what would be aliased worst. */
export const HALVING = [1 / 8, 3 / 8, 3 / 8, 1 / 8] as const;
/** What halves the mosaic: cos⁵(ω/2), so that no colour's pattern is left. */
export const FIRST = [1 / 32, 5 / 32, 10 / 32, 10 / 32, 5 / 32, 1 / 32] as const;
/** What reduces X-Trans by three: boxes of three twice; every box of 3 × 3 holds five greens, two reds and two blues. */
export const THIRDING = [1 / 9, 2 / 9, 3 / 9, 2 / 9, 1 / 9] as const;
