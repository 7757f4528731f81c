import { type Engine, type FrameReport, type MergeOptions, mergeBurst } from '@photosite/engine';
import type { RawFrame } from '@photosite/raw';

/** A merged frame whose samples are its own, with what became of each frame. */
export interface Merged {
  readonly frame: RawFrame & { readonly samples: Float32Array };
  readonly report: readonly FrameReport[];
}

/** Merges frames that are in memory. */
export async function mergeInMemory(
  engine: Engine,
  frames: readonly RawFrame[],
  options: MergeOptions = {},
): Promise<Merged> {
  const source = { count: frames.length, load: async (index: number) => frames[index]! };
  const { frame, report } = await mergeBurst(engine, source, options);
  const samples = Float32Array.from(frame.samples);
  engine.discard(frame.samples);
  return { frame: { ...frame, samples }, report };
}
