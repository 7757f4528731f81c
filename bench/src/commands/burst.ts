import { Engine } from '@photosite/engine';
import { BurstMaker, CASES, FRAME_SIZE } from '../burst/cases.js';
import { type CountRow, formatCounts, measureCounts } from '../burst/countTable.js';
import { formatMerges, type MergeRow, measureMerges } from '../burst/mergeTable.js';
import type { Log } from '../log.js';

/** What `bench -- burst` measures, in the order of its tables. */
export const BURST_PARTS = ['merge', 'count'] as const;
export type BurstPart = (typeof BURST_PARTS)[number];

/** Names of the bursts of the protocol. */
export const BURST_ROWS = CASES.map(({ name }) => name);

/** What a run covers. */
export interface BurstOptions {
  readonly data: string;
  readonly parts: readonly BurstPart[];
  /** Bursts of the merge table. */
  readonly rows: readonly string[];
}

/** All figures of a run. */
export interface BurstFigures {
  readonly merge?: readonly MergeRow[];
  readonly count?: readonly CountRow[];
}

/** Bursts against truth. */
export async function measureBurst(options: BurstOptions, log: Log): Promise<BurstFigures> {
  const { parts, rows } = options;
  const engine = await Engine.create();
  try {
    const maker = await BurstMaker.open(options.data, FRAME_SIZE);
    const casesOf = (names: readonly string[]) => CASES.filter(({ name }) => names.includes(name));
    return {
      ...(parts.includes('merge') && { merge: await measureMerges(engine, maker, casesOf(rows), log) }),
      ...(parts.includes('count') && {
        count: await measureCounts(engine, maker, casesOf(['handheld', 'dark']), log),
      }),
    };
  } finally {
    await engine.close();
  }
}

/** The tables, one under the other. */
export function formatBurst({ merge, count }: BurstFigures): string {
  return [merge && formatMerges(merge), count && formatCounts(count)]
    .filter((table) => table !== undefined)
    .join('\n\n');
}
