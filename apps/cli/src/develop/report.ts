import type { Recipe, StageReport } from '@photosite/engine';
import type { OutputFormatName } from '@photosite/picture';
import type { FrameEntry } from '../merge/mergeFiles.js';
import type { Failure } from './inputs.js';

/** How one photo came about. Times are milliseconds of the clock, those of stages summed over the threads. */
export interface FileReport {
  readonly input: string;
  readonly output: string;
  readonly format: OutputFormatName;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  readonly colorSpace: string;
  /** Reading the file and decoding its samples. */
  readonly readMs: number;
  /** Developing, all stages and threads together. */
  readonly renderMs: number;
  readonly encodeMs: number;
  readonly writeMs: number;
  /** From the file's first byte read to the photo's last one written, waiting for other photos included. */
  readonly totalMs: number;
  readonly stages: readonly StageReport[];
  /** What the file does not say and was assumed. */
  readonly assumptions: readonly string[];
  /** Metadata that could not be carried over. */
  readonly warnings: readonly string[];
  readonly recipe: Recipe;
  /** Of a burst: reading and merging its frames. */
  readonly mergeMs?: number;
  /** Of a burst: what became of each frame. `input` is the one that the others were brought to. */
  readonly frames?: readonly FrameEntry[];
  /** Of a burst: what was left out, and why. */
  readonly notes?: readonly string[];
}

/** What `photosite develop --json` prints. */
export interface DevelopReport {
  readonly photosite: string;
  readonly threads: number;
  readonly files: readonly FileReport[];
  readonly failures: readonly Failure[];
  /** From the start of the process. */
  readonly totalMs: number;
}

/** Rounds times, so that a report can be read. */
export function roundTimes(key: string, value: unknown): unknown {
  const isTime = typeof value === 'number' && (key === 'ms' || key.endsWith('Ms'));
  return isTime ? Math.round(value * 10) / 10 : value;
}
