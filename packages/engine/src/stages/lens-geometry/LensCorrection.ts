/**
 * By which factor a radius grows on its way from the corrected picture to the recorded one, 1 = none. The radius r is in
 * units of the warp's `radiusPx`.
 */
export type RadialFactor =
  /** Σ cₖ·rᵏ, the constant first. */
  | { readonly kind: 'polynomial'; readonly coefficients: readonly number[] }
  /** (1/r)·Σ cₖ·θ^(2k+1) with θ = atan r: the recorded picture is a fisheye's, the corrected one rectilinear. */
  | { readonly kind: 'fisheye'; readonly coefficients: readonly number[] }
  /** Samples at equal steps from r = 0 to `maxRadius`, read by cubic interpolation; beyond, the last one holds. */
  | { readonly kind: 'table'; readonly maxRadius: number; readonly factors: readonly number[] };

/** The distortion of one colour channel. */
export interface ChannelWarp {
  readonly radial: RadialFactor;
  /** Decentring coefficients kt0, kt1 of DNG's WarpRectilinear; [0, 0] for none. */
  readonly tangential: readonly [number, number];
}

/** Where the light of a place of the corrected picture was recorded: distortion and, by channel, lateral colour. */
export interface LensWarp {
  /** The distortion's centre in pixels from the active area's upper left corner; pixel i covers [i, i + 1). */
  readonly center: readonly [x: number, y: number];
  /** Pixels that make a radius of 1. */
  readonly radiusPx: number;
  /** Red, green, blue. */
  readonly channels: readonly [ChannelWarp, ChannelWarp, ChannelWarp];
}

/** The gain against the darkening toward the corners: 1 + Σ cₖ·r^(2k+2), or one over that. */
export interface Vignetting {
  readonly center: readonly [x: number, y: number];
  readonly radiusPx: number;
  readonly coefficients: readonly number[];
  /** The polynomial is the darkening: the gain is its reciprocal. */
  readonly reciprocal: boolean;
}

/**
 * What a lens did to a picture, as data, in pixels of the active area: read from a DNG's opcodes or looked up in a
 * database, used alike.
 */
export interface LensCorrection {
  /** Undone one after the other: the first one lies nearest to the sensor. */
  readonly warps: readonly LensWarp[];
  /** Undone before the warps. */
  readonly vignetting: readonly Vignetting[];
}
