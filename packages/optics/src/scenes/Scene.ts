import type { Spectrum } from '../spectra/Spectrum.js';

interface SceneBase {
  readonly name: string;
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Distance from the camera along the axis per sample, m; Infinity is allowed. Undefined: all in the focus plane. */
  readonly depthM?: Float32Array;
}

/**
 * A scene in linear light: what an ideal pinhole sees, rows top to bottom. 1 is a perfectly white diffuse surface under
 * the scene's illuminance; lamps are above it. Non-finite and negative samples are taken as 0 by the twin.
 */
export interface RgbScene extends SceneBase {
  readonly kind: 'rgb';
  /** `width * height * 3` linear Rec.709 values, D65 white. */
  readonly rgb: Float32Array;
}

/** A chart: every sample is a mix of at most two materials, so that edges lie at exact sub-sample places. */
export interface SpectralScene extends SceneBase {
  readonly kind: 'spectral';
  /** Reflectances (1 = perfect white diffuser; above 1 shines by itself). */
  readonly materials: readonly Spectrum[];
  /** Index of the first material per sample. */
  readonly first: Uint16Array;
  /** Index of the second material per sample. */
  readonly second: Uint16Array;
  /** Share of the second material in [0,1] per sample. */
  readonly mix: Float32Array;
}

/** What the twin photographs. */
export type Scene = RgbScene | SpectralScene;
