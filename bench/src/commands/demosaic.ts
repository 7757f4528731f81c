import { crop } from '@photosite/measure';
import { type Log, messageOf } from '../log.js';
import type { Peer } from '../peers/peer.js';
import type { Workspace } from '../peers/workspace.js';
import { alignTable } from '../table.js';
import { writeTruthDng } from '../truth/frame.js';
import { mosaicSheet } from '../truth/mosaic.js';
import type { NoiseLevel } from '../truth/noise.js';
import type { TruthSet } from '../truth/pictures.js';
import { METRICS, meanScore, type QualityScore, score, type Truth, toDisplay } from '../truth/score.js';
import { layOut, SHEET_WIDTH } from '../truth/tile.js';

/** The means of a set, and what they are of. */
export interface SetScore extends QualityScore {
  /** Scores by the picture's name. */
  readonly pictures: Readonly<Record<string, QualityScore>>;
}

/** One algorithm's scores: set → noise level → scores. */
export interface DemosaicRow {
  readonly program: string;
  readonly algorithm: string;
  readonly ours: boolean;
  readonly scores: Record<string, Record<string, SetScore>>;
}

/** What runs: a program with those of its algorithms that are compared. */
export interface Contender {
  readonly peer: Peer;
  readonly algorithms: readonly string[];
  readonly ours: boolean;
}

/**
 * Demosaicing against truth: every set at every noise level through every contender. An algorithm that fails is
 * reported as a failure and has no score in that column.
 */
export async function measureDemosaic(
  sets: readonly TruthSet[],
  levels: readonly NoiseLevel[],
  contenders: readonly Contender[],
  workspace: Workspace,
  log: Log,
): Promise<DemosaicRow[]> {
  const rows: DemosaicRow[] = contenders.flatMap(({ peer, algorithms, ours }) =>
    algorithms.map((algorithm) => ({ program: peer.name, algorithm, ours, scores: {} })),
  );
  for (const set of sets) {
    const pictures = set.pictures.map((picture) => picture.image);
    const truths: Truth[] = pictures.map((image) => ({ linear: image, encoded: toDisplay(image) }));
    const sheet = layOut(pictures, SHEET_WIDTH);
    for (const level of levels) {
      const dng = workspace.file(`${set.name}-${level.name}.dng`);
      await writeTruthDng(dng, mosaicSheet(await set.expose(level), sheet), set.noiseProfile(level));
      for (const { peer, algorithms } of contenders) {
        for (const algorithm of algorithms) {
          const title = `${set.name} ${level.name} ${peer.name} ${algorithm}`;
          try {
            const image = await peer.demosaic(dng, algorithm, sheet);
            const scores = sheet.places.map((place, i) => score(crop(image, place), truths[i]!));
            const mean = meanScore(scores);
            const byPicture = Object.fromEntries(set.pictures.map(({ name }, i) => [name, scores[i]!]));
            const row = rows.find((r) => r.program === peer.name && r.algorithm === algorithm)!;
            row.scores[set.name] = {
              ...row.scores[set.name],
              [level.name]: { ...mean, pictures: byPicture },
            };
            log.progress(
              `${title}: ${mean.linear.toFixed(2)} / ${mean.encoded.toFixed(2)}  ${mean.ssim.toFixed(4)}`,
            );
          } catch (error) {
            log.failure(`${title} failed: ${messageOf(error)}`);
          }
        }
      }
    }
  }
  return rows;
}

/** The tables: one per metric, a column per set and noise level, the best peer marked, ours against it below. */
export function formatDemosaic(rows: readonly DemosaicRow[]): string {
  const columns = [
    ...new Set(
      rows.flatMap((row) =>
        Object.entries(row.scores).flatMap(([set, levels]) =>
          Object.keys(levels).map((level) => `${set} ${level}`),
        ),
      ),
    ),
  ];
  const cell = (row: DemosaicRow, column: string) => {
    const [set, level] = column.split(' ') as [string, string];
    return row.scores[set]?.[level];
  };
  const tables = METRICS.map(({ key, title, digits }) => {
    const values = (row: DemosaicRow) => columns.map((column) => cell(row, column)?.[key]);
    const peers = rows.filter((row) => !row.ours);
    const best = columns.map((_, i) =>
      Math.max(...peers.map((row) => values(row)[i] ?? Number.NEGATIVE_INFINITY)),
    );
    const show = (value: number | undefined) =>
      value === undefined || !Number.isFinite(value) ? '-' : value.toFixed(digits);
    const body = [...rows.filter((row) => row.ours), ...peers].map((row) => [
      `${row.program} ${row.algorithm}`,
      ...values(row).map((v, i) => (!row.ours && v !== undefined && v === best[i] ? `*${show(v)}` : show(v))),
    ]);
    body.push(['best peer', ...best.map(show)]);
    for (const row of rows.filter((r) => r.ours)) {
      const differences = values(row).map((v, i) => {
        if (v === undefined || !Number.isFinite(best[i]!)) return '-';
        const difference = v - best[i]!;
        return `${difference >= 0 ? '+' : ''}${difference.toFixed(digits)}`;
      });
      body.push([`${row.program} ${row.algorithm} − best peer`, ...differences]);
    }
    return `Demosaicing: ${title}\n\n${alignTable(['', ...columns], body)}`;
  });
  return tables.join('\n\n');
}
