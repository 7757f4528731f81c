import type { RawFrame } from '@photosite/raw';
import type { Engine } from '../Engine.js';
import { Merge } from './merge/Merge.js';

/** The frames of one scene, each loaded when it is its turn, so that few are in memory at once. */
export interface BurstSource {
  /** Frames in the burst, at least 1. */
  readonly count: number;
  /**
   * Loads frame `index`, 0 … `count` - 1. Those that do not fit beside one
   * another are asked for again. Samples may lie in room of {@link Engine.reserve}:
   * the merge gives it back. A rejected promise leaves the frame out and its message into the report.
   */
  load(index: number): Promise<RawFrame>;
}

/** How a burst is merged. */
export interface MergeOptions {
  /**
   * `mosaic`: a colour filter array like the reference's; `rgb`: three values a pixel, which replaces the demosaic. `rgb`
   * by default.
   */
  readonly output?: 'mosaic' | 'rgb';
  /** 2 for twice the resolution each way (super-resolution, `rgb` alone). 1 by default. */
  readonly scale?: 1 | 2;
  /**
   * 32 for floats, black 0 and white 1; 16 for integers, white at 65535, as files have them: black of a mosaic lies as high as noise needs, that
   * of rgb at 0. 32 by default.
   */
  readonly bits?: 16 | 32;
  /**
   * At twice the resolution, how much of what is known to have blurred the frames is undone, 0 (nothing) to 1 (all that the
   * frames together can bear); 1 by default. Has no meaning at a scale of 1.
   */
  readonly deconvolution?: number;
  /**
   * Strength of the last pass, which takes out of the merge what noise is left, in parts of its standard deviation: 0 … 2,
   * 1 by default. 0 leaves the noise as the frames' mean has it, grain and all.
   */
  readonly denoise?: number;
  /**
   * `best` takes the care of the `demosaic.quality` of that name over the reference's own picture, that the frames add to, and over the
   * last pass: finer detail at about three times the time. `fast` by default.
   */
  readonly quality?: 'fast' | 'best';
  /** The frame that the others are brought to; the sharpest of the burst by default. */
  readonly reference?: number;
  /** Side of tiles in photosites; frames are gathered into tiles of that area, drawn out. Changes speed and memory, never pixels. */
  readonly tileSize?: number;
  /** Stops the work; the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called with the share of the work that is done, (0, 1]. */
  readonly onProgress?: (done: number) => void;
}

/** What became of one frame. */
export interface FrameReport {
  readonly index: number;
  /** `reference`, `merged`, or `left out` for `reason`. */
  readonly role: 'reference' | 'merged' | 'left out';
  /** Why it was left out, in words for people. */
  readonly reason?: string;
  /** Where the reference's centre lies in the frame, less the centre, in pixels. 0 for the reference. */
  readonly shiftX: number;
  readonly shiftY: number;
  /** Clockwise, in degrees. */
  readonly rotationDeg: number;
  /** Mean weight of the frame over the picture, [0, 1]: 1 where all of it agreed. */
  readonly share: number;
  /** Exposure relative to the reference's: how many times as much light. */
  readonly exposure: number;
}

/** A burst as one frame. */
export interface MergedBurst {
  /**
   * Samples as `bits` says, with the reference's metadata, the noise profile of what is left in flat places, and a map of how
   * that differs from place to place (`noiseMap`): where nothing could be merged, the reference stands alone, denoised; short frames of a
   * bracket carry values above the reference's white, and then `whiteLevel` says how far. It opens like any frame
   * ({@link Engine.open}). Its samples lie in room of {@link Engine.reserve}: open it, or give it back by {@link Engine.discard}.
   */
  readonly frame: RawFrame;
  /** The frame that the others were brought to. */
  readonly reference: number;
  /** One for each frame of the source, in its order. */
  readonly report: readonly FrameReport[];
}

/**
 * Merges a burst into one frame.
 * @throws {EngineError} where the reference is of a kind that can't be merged (no Bayer array), or options don't go
 *   together; frames that don't fit are left out and reported
 */
export async function mergeBurst(
  engine: Engine,
  source: BurstSource,
  options: MergeOptions = {},
): Promise<MergedBurst> {
  const merge = new Merge(engine, source, options);
  try {
    return await merge.run();
  } finally {
    merge.close();
  }
}
