import type { Engine } from '@photosite/engine';
import { type Log, messageOf } from '../log.js';
import { alignTable } from '../table.js';
import type { BurstCase, BurstMaker } from './cases.js';
import { mergeInMemory } from './mergeInMemory.js';
import { normalised } from './mergeTable.js';
import { scoreMosaic } from './score.js';

/** Frames of the longest burst. */
const MOST_FRAMES = 16;
const COUNTS = [1, 2, 3, 4, 6, 8, 12, MOST_FRAMES];

/** What a burst of some frames is worth. */
export interface CountRow {
  readonly title: string;
  readonly frames: number;
  /** Signal to noise relative to the reference alone. */
  readonly gain: number;
  /** The same over the square root of the frames: 1 is what independent frames give. */
  readonly ofRoot: number;
}

/** How signal to noise grows with the frames of a burst. */
export async function measureCounts(
  engine: Engine,
  maker: BurstMaker,
  cases: readonly BurstCase[],
  log: Log,
): Promise<CountRow[]> {
  const rows: CountRow[] = [];
  for (const which of cases) {
    const { title, noise, levels } = which;
    const { width, height, truth, frames } = maker.make(which, MOST_FRAMES);
    const snr = (data: Float32Array) =>
      Math.sqrt(scoreMosaic({ data, width, height }, truth, noise, levels).frames);
    const alone = snr(normalised(frames[0]!.samples, levels));
    for (const count of COUNTS) {
      try {
        const { frame } = await mergeInMemory(engine, frames.slice(0, count), {
          output: 'mosaic',
          reference: 0,
        });
        const gain = snr(normalised(frame.samples, { black: 0, white: frame.whiteLevel[0]! })) / alone;
        rows.push({ title, frames: count, gain, ofRoot: gain / Math.sqrt(count) });
        log.progress(`${title}, ${count} frames: ${gain.toFixed(2)}`);
      } catch (error) {
        log.failure(`${title}, ${count} frames: ${messageOf(error)}`);
      }
    }
  }
  return rows;
}

/** The table: a row a case, a column a count. */
export function formatCounts(rows: readonly CountRow[]): string {
  const titles = [...new Set(rows.map((row) => row.title))];
  const cell = (title: string, count: number): string => {
    const row = rows.find((each) => each.title === title && each.frames === count);
    return row === undefined ? '-' : `${row.gain.toFixed(2)} (${row.ofRoot.toFixed(2)})`;
  };
  return [
    'Signal to noise over that of the reference alone (over the square root of the frames)',
    '',
    alignTable(
      ['frames', ...COUNTS.map(String)],
      titles.map((title) => [title, ...COUNTS.map((count) => cell(title, count))]),
    ),
  ].join('\n');
}
