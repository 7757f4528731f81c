import { rm, writeFile } from 'node:fs/promises';
import { writeDng } from '@photosite/raw';
import { interleave, SPEED_SIZES, type SpeedRow, type Task } from '../commands/speed.js';
import type { Log } from '../log.js';
import type { Peer } from '../peers/peer.js';
import { PHOTOSITE } from '../peers/photosite.js';
import type { Workspace } from '../peers/workspace.js';
import { alignTable } from '../table.js';
import { BurstMaker, CASES } from './cases.js';
import { BURST_FRAMES } from './mergeTable.js';

/** What the published table of the fastest open engine says, as multiples of LibRaw's time for one of the frames. */
const PUBLISHED =
  'HDR+ by timothybrooks (C++/Halide), published: 8 × 12.6 MP to a DNG in 3.1 of these, 1433 MiB';

/** What is timed. */
export interface BurstSpeedOptions {
  readonly data: string;
  /** Rounds; one for bursts of 50 megapixels. */
  readonly runs: number;
  /** Frames of 50 megapixels too. */
  readonly fifty: boolean;
}

/** Whole processes: a burst to DNG and to JPEG, beside what LibRaw takes for one of its frames. */
export async function measureBurstSpeed(
  { data, runs, fifty }: BurstSpeedOptions,
  libraw: Peer | undefined,
  workspace: Workspace,
  log: Log,
): Promise<SpeedRow[]> {
  const rows: SpeedRow[] = [];
  const handheld = CASES.find(({ name }) => name === 'handheld')!;
  for (const size of [SPEED_SIZES.twelve, ...(fifty ? [SPEED_SIZES.fifty] : [])]) {
    log.progress(`${size.label}: making ${BURST_FRAMES} frames`);
    const maker = await BurstMaker.open(data, size);
    const frames: string[] = [];
    for (const frame of maker.each(handheld, BURST_FRAMES)) {
      const file = workspace.file(`frame-${frames.length}.dng`);
      await writeFile(file, writeDng(frame, { compression: 'none' }).chunks);
      frames.push(file);
    }
    const ours = (label: string, output: string, ...args: string[]): Task => ({
      label,
      command: [PHOTOSITE, args[0]!, ...frames, '-o', output, '--quiet', ...args.slice(1)],
      env: {},
      output,
      outputs: [output],
      ours: true,
    });
    const [developed] = libraw?.developments ?? [];
    const one = await developed?.prepare(frames[0]!, workspace.file('one.jpg'));
    const tasks: Task[] = [
      ...(developed === undefined || one === undefined
        ? []
        : [{ ...one, label: developed.label, ours: false, outputs: [one.output!] }]),
      ours('Photosite, 8 frames to linear DNG', workspace.file('rgb.dng'), 'merge'),
      ours('Photosite, 8 frames to mosaic DNG', workspace.file('cfa.dng'), 'merge', '--cfa'),
      ours('Photosite, 8 frames to JPEG', workspace.file('burst.jpg'), 'develop'),
    ];
    rows.push(...(await interleave(size.label, tasks, size === SPEED_SIZES.twelve ? runs : 1, log)));
    for (const file of frames) await rm(file);
  }
  return rows;
}

/** The table, as multiples of LibRaw's time. */
export function formatBurstSpeed(rows: readonly SpeedRow[]): string {
  const show = (value: number, digits: number) => (Number.isFinite(value) ? value.toFixed(digits) : '-');
  const body = rows.map((row) => {
    const one = rows.find((other) => !other.ours && other.size === row.size);
    return [
      `${row.size}  ${row.label}`,
      show(row.wallS, 2),
      show(row.cpuS, 2),
      show(row.peakMiB, 0),
      one === undefined || !row.ours ? '' : show(row.wallS / one.wallS, 2),
    ];
  });
  return [
    `Whole processes, median of ${rows[0]?.runs ?? 0} interleaved runs (memory: the largest; 50 MP: one run). LibRaw: one frame.`,
    PUBLISHED,
    '',
    alignTable(['', 'wall s', 'CPU s', 'peak MiB', 'of LibRaw, one frame'], body),
  ].join('\n');
}
