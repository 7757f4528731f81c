import { Engine } from '@photosite/engine';
import { BurstMaker, CASES, FRAME_SIZE } from '../burst/cases.js';
import { type ChainRow, formatChains, measureChains } from '../burst/chainTable.js';
import { type CountRow, formatCounts, measureCounts } from '../burst/countTable.js';
import { formatMerges, type MergeRow, measureMerges } from '../burst/mergeTable.js';
import { formatMoving, MOVING_ROWS, type MovingRow, measureMoving } from '../burst/movingTable.js';
import { drawSheets } from '../burst/sheet.js';
import { formatBurstSpeed, measureBurstSpeed } from '../burst/speedTable.js';
import { formatSuper, measureSuper, type SuperRow } from '../burst/superTable.js';
import type { Log } from '../log.js';
import type { Peer } from '../peers/peer.js';
import type { Workspace } from '../peers/workspace.js';
import type { SpeedRow } from './speed.js';

/** What `bench -- burst` measures, in the order of its tables. */
export const BURST_PARTS = ['merge', 'chain', 'count', 'super', 'moving', 'speed'] as const;
export type BurstPart = (typeof BURST_PARTS)[number];

/** Names of the bursts of the protocol. */
export const BURST_ROWS: readonly string[] = [...CASES.map(({ name }) => name), ...MOVING_ROWS];

/** What a run covers. */
export interface BurstOptions {
  readonly data: string;
  readonly parts: readonly BurstPart[];
  /** Bursts of the tables of merges and of what moves. */
  readonly rows: readonly string[];
  /** Merges and chains by the quality `best`. */
  readonly best: boolean;
  /** Rounds of the timings. */
  readonly runs: number;
  /** Bursts of 50 megapixels too. */
  readonly fifty: boolean;
  /** Folder for pictures of one frame beside the merge: these instead of figures. */
  readonly sheet: string | undefined;
}

/** All figures of a run. */
export interface BurstFigures {
  readonly merge?: readonly MergeRow[];
  readonly chain?: readonly ChainRow[];
  readonly count?: readonly CountRow[];
  readonly super?: readonly SuperRow[];
  readonly moving?: readonly MovingRow[];
  readonly speed?: readonly SpeedRow[];
  readonly sheets?: readonly string[];
}

const casesOf = (names: readonly string[]) => CASES.filter(({ name }) => names.includes(name));

/** Bursts against truth. */
export async function measureBurst(
  options: BurstOptions,
  peers: readonly Peer[],
  workspace: Workspace,
  log: Log,
): Promise<BurstFigures> {
  const { data, parts, rows, sheet } = options;
  const quality = options.best ? 'best' : 'fast';
  if (sheet !== undefined) return { sheets: await drawSheets(data, sheet, workspace, log) };
  const has = (...wanted: BurstPart[]) => wanted.some((part) => parts.includes(part));
  const engine = await Engine.create();
  try {
    const maker = has('merge', 'chain', 'moving') ? await BurstMaker.open(data, FRAME_SIZE) : undefined;
    const merge = maker && has('merge') && (await measureMerges(engine, maker, casesOf(rows), quality, log));
    const chain =
      maker &&
      has('chain') &&
      (await measureChains(engine, maker, casesOf(['handheld', 'dark']), quality, peers, workspace, log));
    const count = has('count') && (await measureCounts(engine, data, log));
    const resolution = has('super') && (await measureSuper(engine, data, log));
    const moving = maker && has('moving') && (await measureMoving(engine, maker, rows, log));
    const libraw = peers.find(({ name }) => name === 'LibRaw');
    const speed = has('speed') && (await measureBurstSpeed(options, libraw, workspace, log));
    return {
      ...(merge && { merge }),
      ...(chain && { chain }),
      ...(count && { count }),
      ...(resolution && { super: resolution }),
      ...(moving && { moving }),
      ...(speed && { speed }),
    };
  } finally {
    await engine.close();
  }
}

/** The tables, one under the other. */
export function formatBurst(figures: BurstFigures): string {
  const { merge, chain, count, moving, speed, sheets } = figures;
  return [
    merge && formatMerges(merge),
    chain && formatChains(chain),
    count && formatCounts(count),
    figures.super && formatSuper(figures.super),
    moving && formatMoving(moving),
    speed && formatBurstSpeed(speed),
    sheets && `one frame and the merge, at 100 % and 200 %:\n${sheets.join('\n')}`,
  ]
    .filter((table) => table !== undefined)
    .join('\n\n');
}
