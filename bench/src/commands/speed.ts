import { rm, stat } from 'node:fs/promises';
import { type Log, messageOf } from '../log.js';
import type { DevelopCommand, Peer } from '../peers/peer.js';
import { PHOTOSITE } from '../peers/photosite.js';
import { PEER_TIMEOUT_S, type Workspace } from '../peers/workspace.js';
import { type RunCost, run } from '../run.js';
import { median } from '../statistics.js';
import { alignTable } from '../table.js';
import { writeTruthDng } from '../truth/frame.js';
import { repeatMosaic } from '../truth/mosaic.js';
import { noiseProfileOf } from '../truth/noise.js';
import type { TruthSet } from '../truth/pictures.js';
import { SYNTHETIC_NOISE, syntheticTile } from '../truth/synthetic.js';

/** Synthetic raws, as large as those of the published table. */
export const SPEED_SIZES = {
  small: { label: '0.2 MP', width: 544, height: 368 },
  twelve: { label: '12.6 MP', width: 4096, height: 3072 },
  fifty: { label: '50.3 MP', width: 8192, height: 6144 },
} as const;

/** Medians over the runs (the largest for memory) of one program on one file. */
export interface SpeedRow extends RunCost {
  readonly size: string;
  readonly label: string;
  readonly ours: boolean;
  readonly runs: number;
}

/** A command that is timed. */
export interface Task extends DevelopCommand {
  readonly label: string;
  readonly ours: boolean;
  /** Files to remove after each run. */
  readonly outputs: readonly string[];
}

/** Runs the tasks in turn, `runs` times round, so that a drift of the machine meets all alike. */
export async function interleave(
  size: string,
  tasks: readonly Task[],
  runs: number,
  log: Log,
): Promise<SpeedRow[]> {
  const costs = tasks.map((): RunCost[] => []);
  const failed = new Set<number>();
  for (let round = 0; round < runs; round++) {
    for (const [i, task] of tasks.entries()) {
      if (failed.has(i)) continue;
      try {
        const cost = await run(task.command, { timeoutS: PEER_TIMEOUT_S, env: task.env });
        // Some programs end well without a picture.
        if (task.output !== undefined && (await stat(task.output)).size === 0)
          throw new Error('empty output');
        costs[i]!.push(cost);
        log.progress(`${size} ${task.label}: ${cost.wallS.toFixed(2)} s`);
      } catch (error) {
        failed.add(i);
        log.failure(`${size} ${task.label} failed: ${messageOf(error)}`);
      }
      for (const output of task.outputs) await rm(output, { force: true });
    }
  }
  return tasks.flatMap((task, i) => {
    const own = costs[i]!;
    if (failed.has(i)) return [];
    return {
      size,
      label: task.label,
      ours: task.ours,
      runs,
      wallS: median(own.map((c) => c.wallS)),
      cpuS: median(own.map((c) => c.cpuS)),
      peakMiB: Math.max(...own.map((c) => c.peakMiB)),
    };
  });
}

/** What a speed run covers. */
export interface SpeedOptions {
  /** Rounds per table, 3 or more for a median worth the name. */
  readonly runs: number;
  /** Leaves the 50-megapixel raw out. */
  readonly skipFifty: boolean;
}

/** Whole processes from DNG to JPEG and cold starts: ours beside the peers, in turn. */
export async function measureSpeed(
  sets: readonly TruthSet[],
  ours: Peer | undefined,
  peers: readonly Peer[],
  options: SpeedOptions,
  workspace: Workspace,
  log: Log,
): Promise<SpeedRow[]> {
  const tile = syntheticTile(sets.flatMap((set) => set.pictures.map((picture) => picture.image)));
  const sizes = [SPEED_SIZES.small, SPEED_SIZES.twelve, ...(options.skipFifty ? [] : [SPEED_SIZES.fifty])];
  const rows: SpeedRow[] = [];
  for (const size of sizes) {
    const raw = workspace.file(`speed-${size.width}x${size.height}.dng`);
    await writeTruthDng(raw, repeatMosaic(tile, size.width, size.height), noiseProfileOf(SYNTHETIC_NOISE));
    const tasks: Task[] = [];
    for (const peer of [...(ours === undefined ? [] : [ours]), ...peers])
      for (const { label, prepare } of peer.developments) {
        const out = workspace.file(`speed-${tasks.length}.jpg`);
        const task = await prepare(raw, out);
        if (task === undefined) log.progress(`absent: ${label}`);
        // RawTherapee and LibRaw leave a sidecar or another extension beside the picture.
        else tasks.push({ ...task, label, ours: peer === ours, outputs: [out, `${out}.tif`, `${out}.pp3`] });
      }
    if (size === SPEED_SIZES.small) {
      log.progress('warming up: settings folders and the page cache');
      await interleave('warm-up', tasks, 1, log);
      if (ours !== undefined) {
        const start = { env: {}, ours: true, output: undefined, outputs: [] };
        rows.push(
          ...(await interleave(
            'start',
            [
              { ...start, label: 'photosite --help', command: [PHOTOSITE, '--help'] },
              { ...start, label: 'photosite inspect, 0.2 MP', command: [PHOTOSITE, 'inspect', raw] },
            ],
            options.runs,
            log,
          )),
        );
      }
    }
    rows.push(...(await interleave(size.label, tasks, options.runs, log)));
    await rm(raw);
  }
  return rows;
}

/** The table of times, with ours by default, and without its finish, as ratios of each peer on the same file. */
export function formatSpeed(rows: readonly SpeedRow[]): string {
  const show = (value: number, digits: number) => (Number.isFinite(value) ? value.toFixed(digits) : '-');
  const body = rows.map((row) => {
    const [ours, basic] = row.ours ? [] : rows.filter((other) => other.ours && other.size === row.size);
    const ratio = (other: SpeedRow | undefined, of: 'wallS' | 'peakMiB') =>
      other === undefined ? '' : show(other[of] / row[of], 2);
    return [
      `${row.size}  ${row.label}`,
      show(row.wallS, 2),
      show(row.cpuS, 2),
      show(row.peakMiB, 0),
      ratio(ours, 'wallS'),
      ratio(ours, 'peakMiB'),
      ratio(basic, 'wallS'),
    ];
  });
  const titles = ['wall s', 'CPU s', 'peak MiB', 'default/its wall', 'default/its peak', 'basic/its wall'];
  return [
    `whole process, median of ${rows[0]?.runs ?? 0} interleaved runs (memory: the largest)`,
    '',
    alignTable(['', ...titles], body),
  ].join('\n');
}
