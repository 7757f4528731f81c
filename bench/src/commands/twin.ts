import { access, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { type Log, messageOf } from '../log.js';
import { PHOTOSITE } from '../peers/photosite.js';
import type { Workspace } from '../peers/workspace.js';
import { run } from '../run.js';
import { alignTable } from '../table.js';
import { burstFigures } from '../twin/burstFigures.js';
import { colorFigures } from '../twin/colorFigures.js';
import { atMost, type Figure } from '../twin/figure.js';
import { lensFigures } from '../twin/lensFigures.js';
import { opticsFigures } from '../twin/opticsFigures.js';
import { sensorFigures } from '../twin/sensorFigures.js';

/** What a whole burst may take, and when it counts as stuck. */
const BURST_LIMIT_S = 60;
const BURST_LIMIT_MIB = 1536;
const BURST_TIMEOUT_S = 600;
const BURST_FRAMES = 8;
/** All of the default camera's binned sensor: 12.6 megapixels. */
const BURST_SIZE = '4096x3072';
/** A traced lens that reaches the sensor's corners: its point spread function varies over the field. */
const BURST_LENS = 'nikkor-z-14-f4';
/** The scene: of the data folder, or a chart where that is not there. */
const BURST_EXR = path.join('hdr', 'Tree.exr');
const BURST_CHART = 'chart:dead-leaves';

/** What a run of the command covers. */
export interface TwinOptions {
  /** Folder of lens files and scenes. */
  readonly data: string;
  /** Leaves the whole bursts out, which take minutes. */
  readonly skipBurst: boolean;
}

/** Figures that are measured together. */
export interface FigureGroup {
  readonly name: string;
  readonly measure: () => Promise<readonly Figure[]> | readonly Figure[];
}

/** A figure and the group that it belongs to. */
export interface TwinRow extends Figure {
  readonly group: string;
}

/** Whole processes: a night burst as `photosite twin` makes it, with the truth of every frame and without any. */
async function burstCosts(data: string, workspace: Workspace): Promise<Figure[]> {
  const exr = path.join(data, BURST_EXR);
  const scene = await access(exr).then(
    () => exr,
    () => BURST_CHART,
  );
  const figures: Figure[] = [];
  for (const truth of ['all', 'none']) {
    const folder = workspace.file(`burst-${truth}`);
    const { wallS, cpuS, peakMiB } = await run(
      [
        ...([PHOTOSITE, 'twin', scene, '-o', folder, '--size', BURST_SIZE, '--lens', BURST_LENS] as const),
        ...['--frames', String(BURST_FRAMES), '--lux', '3', '--illuminant', 'A', '--truth', truth, '--quiet'],
      ],
      { timeoutS: BURST_TIMEOUT_S },
    );
    await rm(folder, { recursive: true });
    const name = `${BURST_FRAMES} frames of 12.6 MP, ${path.basename(scene)}, truth ${truth}`;
    figures.push(
      {
        ...atMost(`${name}: wall, s`, BURST_LIMIT_S, wallS),
        // Tells a slow program from a machine that is busy with others.
        note: `${cpuS.toFixed(0)} s of processor time on ${availableParallelism()} cores`,
      },
      atMost(`${name}: peak memory, MiB`, BURST_LIMIT_MIB, peakMiB),
    );
  }
  return figures;
}

/** All that the twin is held to: the physics first, then what a whole burst costs. */
export function twinGroups({ data, skipBurst }: TwinOptions, workspace: Workspace): FigureGroup[] {
  return [
    { name: 'colour', measure: colorFigures },
    { name: 'lenses', measure: () => lensFigures(data) },
    { name: 'optics', measure: opticsFigures },
    { name: 'sensor', measure: sensorFigures },
    { name: 'burst', measure: burstFigures },
    ...(skipBurst ? [] : [{ name: 'whole process', measure: () => burstCosts(data, workspace) }]),
  ];
}

/** Measures the groups in turn. A group that can't be measured and a figure beyond its limit are failures. */
export async function measureTwin(groups: readonly FigureGroup[], log: Log): Promise<TwinRow[]> {
  const rows: TwinRow[] = [];
  for (const { name: group, measure } of groups) {
    try {
      const figures = await measure();
      const held = figures.filter(({ holds }) => holds).length;
      log.progress(`${group}: ${held} of ${figures.length} figures hold`);
      for (const figure of figures) {
        rows.push({ group, ...figure });
        if (!figure.holds) log.failure(`${group}: ${figure.name} does not hold`);
      }
    } catch (error) {
      log.failure(`${group} failed: ${messageOf(error)}`);
    }
  }
  return rows;
}

/** Digits of a figure that are shown. */
const DIGITS = 5;

/** One table of all figures, by group; notes stand below it. */
export function formatTwin(rows: readonly TwinRow[]): string {
  // Back to a number: without trailing zeros, and with an exponent for the very small and large alone.
  const show = (value: number) => String(Number(value.toPrecision(DIGITS)));
  const notes = [...new Set(rows.flatMap(({ note }) => note ?? []))];
  const body = rows.map(({ group, name, expected, measured, limit, holds, note }) => [
    `${group}: ${name}`,
    show(expected),
    show(measured),
    limit,
    holds ? 'yes' : 'NO',
    note === undefined ? '' : `(${notes.indexOf(note) + 1})`,
  ]);
  const held = rows.filter(({ holds }) => holds).length;
  return [
    alignTable(['', 'expected', 'measured', 'limit', 'holds', 'note'], body),
    '',
    ...notes.map((note, i) => `(${i + 1}) ${note}`),
    ...(notes.length > 0 ? [''] : []),
    `${held} of ${rows.length} figures hold`,
  ].join('\n');
}
