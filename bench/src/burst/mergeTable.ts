import type { Engine, FrameReport, MergeOptions } from '@photosite/engine';
import { type Log, messageOf } from '../log.js';
import { hdrPlus } from '../reference/hdrPlus.js';
import { alignTable } from '../table.js';
import type { BurstCase, BurstMaker, TruthBurst } from './cases.js';
import type { Levels } from './expose.js';
import { mergeInMemory } from './mergeInMemory.js';
import { type Motion, placeInFrame } from './motion.js';
import { type MosaicScore, scoreMosaic } from './score.js';

/** Frames of a burst of the protocol. */
export const BURST_FRAMES = 8;

/**
 * What others reach by the same protocol on another crop of another wall: measured 2026-11-20 by the authors of the
 * protocol with the programs' sources (none is in a package manager): HDR+ by timothybrooks (C++/Halide), of Berkeley
 * (C++), of IPOL (Python), and by Burst Photo's author (PyTorch). dB, and independent frames where published.
 */
export const PUBLISHED = {
  names: ['Halide', 'Berkeley', 'IPOL', 'PyTorch'],
  rows: {
    still: ['46.5 (7.7)', '42.2 (3.5)', '43.9 (5.1)', '46.4 (7.8)'],
    periods: ['46.3 (7.4)', '42.1 (3.4)', '43.7 (4.9)', '44.8 (5.0)'],
    handheld: ['42.0 (2.9)', '41.1 (2.6)', '42.3 (3.4)', '40.6 (2.1)'],
    '14bit': ['39.8 (1.9)', '38.5 (1.4)', '39.1 (1.7)', '40.6 (2.1)'],
    sharp: ['36.6 (0.6)', '40.1 (1.9)', '40.6 (2.0)', '34.3 (0.3)'],
    dark: ['37.2 (7.3)', '30.2 (1.4)', '35.2 (5.0)', '36.2 (5.6)'],
    moving: ['39.2 (1.3)', '41.1 (2.5)', '42.1 (3.2)', '34.0 (0.4)'],
  } as Readonly<Record<string, readonly string[]>>,
} as const;

/** One case's figures. */
export interface MergeRow {
  readonly name: string;
  readonly title: string;
  readonly one: MosaicScore;
  readonly ideal: MosaicScore;
  /** A plain merge after HDR+'s paper. */
  readonly plain: MosaicScore;
  /** Undefined where the merge failed. */
  readonly ours: MosaicScore | undefined;
  /** Frames that were merged, the reference too. */
  readonly used: number;
  /** Mean weight of the frames beside the reference. */
  readonly share: number;
  /** How far off the frames' global motion is, pixels rms over the picture, of the frames that were merged. */
  readonly alignment: number;
}

/** A frame's samples on [0,1]. */
export function normalised(
  samples: ArrayLike<number>,
  { black, white }: Pick<Levels, 'black' | 'white'>,
): Float32Array {
  return Float32Array.from(samples, (value) => (value - black) / (white - black));
}

/** How far off a reported motion is from the true one, pixels rms over a grid of places. */
function motionError(report: FrameReport, motion: Motion, width: number, height: number): number {
  const said: Motion = { shiftX: 0, shiftY: 0, turnDeg: -report.rotationDeg };
  let [squares, count] = [0, 0];
  for (const u of [-0.4, -0.2, 0, 0.2, 0.4]) {
    for (const v of [-0.4, -0.2, 0, 0.2, 0.4]) {
      const [x, y] = placeInFrame(motion, u * width, v * height);
      const [turnedX, turnedY] = placeInFrame(said, u * width, v * height);
      squares += (turnedX + report.shiftX - x) ** 2 + (turnedY + report.shiftY - y) ** 2;
      count++;
    }
  }
  return Math.sqrt(squares / count);
}

/** Root mean square of the motion errors of all frames that were merged. */
function alignmentError(reports: readonly FrameReport[], { motions, width, height }: TruthBurst): number {
  const errors = reports.flatMap((report, i) =>
    report.role === 'merged' ? [motionError(report, motions[i]!, width, height)] : [],
  );
  return Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length);
}

/** Merges a burst of every case to a mosaic and scores it. */
export async function measureMerges(
  engine: Engine,
  maker: BurstMaker,
  cases: readonly BurstCase[],
  quality: NonNullable<MergeOptions['quality']>,
  log: Log,
): Promise<MergeRow[]> {
  const rows: MergeRow[] = [];
  const ideals = new Map<string, MosaicScore>();
  for (const which of cases) {
    const { name, title, noise, levels, blurred, disc } = which;
    const burst = maker.make(which, BURST_FRAMES);
    const { width, height, truth } = burst;
    const score = (data: Float32Array) => scoreMosaic({ data, width, height }, truth, noise, levels);
    // Rows that differ in motion alone have the same reference.
    const key = [noise.name, levels.bits, blurred, disc].join(' ');
    const ideal = ideals.get(key) ?? score(maker.ideal(which, truth, BURST_FRAMES));
    ideals.set(key, ideal);
    const mosaics = burst.frames.map(({ samples }) => normalised(samples, levels));
    const plain = score(hdrPlus(mosaics, width, height, noise));
    const row = { name, title, one: score(mosaics[0]!), ideal, plain };
    try {
      const { frame, report } = await mergeInMemory(engine, burst.frames, {
        output: 'mosaic',
        reference: 0,
        quality,
      });
      const others = report.filter(({ role }) => role !== 'reference');
      rows.push({
        ...row,
        ours: score(normalised(frame.samples, { black: 0, white: frame.whiteLevel[0]! })),
        used: report.filter(({ role }) => role !== 'left out').length,
        share: others.reduce((sum, each) => sum + each.share, 0) / others.length,
        alignment: alignmentError(report, burst),
      });
    } catch (error) {
      log.failure(`${title}: ${messageOf(error)}`);
      rows.push({ ...row, ours: undefined, used: 0, share: 0, alignment: Number.NaN });
    }
    log.progress(`${title}: ${show(rows.at(-1)!.ours)} dB of ${show(row.ideal)}`);
  }
  return rows;
}

function show(score: MosaicScore | undefined): string {
  return score === undefined ? '-' : `${score.psnr.toFixed(2)} (${score.frames.toFixed(1)})`;
}

/** The table, ours beside what others have published. */
export function formatMerges(rows: readonly MergeRow[]): string {
  const head = [
    '',
    'one frame',
    `ideal mean of ${BURST_FRAMES}`,
    'plain HDR+',
    'Photosite',
    'frames',
    'share',
    'motion px',
    ...PUBLISHED.names.map((name) => `HDR+ ${name}`),
  ];
  const body = rows.map((row) => [
    row.title,
    show(row.one),
    show(row.ideal),
    show(row.plain),
    show(row.ours),
    String(row.used),
    row.share.toFixed(2),
    Number.isFinite(row.alignment) ? row.alignment.toFixed(3) : '-',
    ...(PUBLISHED.rows[row.name] ?? PUBLISHED.names.map(() => '-')),
  ]);
  return [
    'Merged mosaic against the noise-free reference: PSNR in dB (independent frames with that noise).',
    'Plain HDR+: a merge after the paper of 2016 (src/reference/hdrPlus.ts), run here as a yardstick. The four columns after it are',
    'published figures of open engines by this protocol on another wall, not run here: they are in no package manager. Halide:',
    'timothybrooks; Berkeley: C++; IPOL: Python; PyTorch: by the author of Burst Photo.',
    '',
    alignTable(head, body),
  ].join('\n');
}
