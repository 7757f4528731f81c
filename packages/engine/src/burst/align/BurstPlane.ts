import type { NoiseProfile } from '@photosite/raw';

/** One frame of a burst as its samples lie in memory, active area only. Nothing is copied. */
export interface BurstPlane {
  /** Linear samples: of the file where it needs no table, else linearised. */
  readonly samples: Uint16Array | Float32Array;
  /** Index of the active area's first sample. */
  readonly offset: number;
  /** Samples from row to row. */
  readonly stride: number;
  /** 1 for a mosaic, 3 for pixel-interleaved RGB. */
  readonly samplesPerPixel: 1 | 3;
  /** Pixels of the active area. */
  readonly width: number;
  readonly height: number;
  /** The array's period from the active area's first photosite: 2 for Bayer, 6 for X-Trans, 1 for RGB. */
  readonly period: 1 | 2 | 6;
  /**
   * Black level in units of a sample, `period × period` values row by row (four for Bayer), one for all or, for RGB, one
   * for each channel.
   */
  readonly black: readonly number[];
  /** White level in units of a sample. */
  readonly white: number;
  /**
   * The light that the white level stands for, relative to the reference's: 1 for a burst of equal exposures, 8 for a frame
   * with an eighth of the exposure.
   */
  readonly lightAtWhite: number;
  /** Noise of a sample on [0,1] (black = 0, white = 1): the mean of the colours will do. */
  readonly noise: NoiseProfile;
}

/**
 * How light becomes the grey that frames are compared in, the same for all frames of a burst: equally noisy at all levels
 * (Anscombe's root, generalised), cut where the first of the frames clips.
 */
export interface GreyResponse {
  /** Noise variance at light x (reference's white = 1) is scale · x + offset, of one sample of the reference. */
  readonly scale: number;
  readonly offset: number;
  /** The most light that every frame can record: brighter samples are taken as this in all frames. */
  readonly ceiling: number;
}
