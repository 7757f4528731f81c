import { clamp01, crop, encodeSrgb, mapImage, psnr, type RgbImage, ssim } from '@photosite/measure';
import { type Log, messageOf } from '../log.js';
import type { Peer } from '../peers/peer.js';
import type { Workspace } from '../peers/workspace.js';
import { alignTable } from '../table.js';
import { writeTruthDng } from '../truth/frame.js';
import { mosaicSheet } from '../truth/mosaic.js';
import type { NoiseLevel } from '../truth/noise.js';
import type { TruthSet } from '../truth/pictures.js';
import { layOut } from '../truth/tile.js';

/** Pixels dropped at each picture's border: neighbours on the sheet bleed into one another there. */
const BORDER = 16;
/** Widest sheet: three Kodak pictures side by side. */
export const SHEET_WIDTH = 2304;

/** Means over the pictures of a set. */
export interface QualityScore {
  /** PSNR on linear values in dB. */
  readonly linear: number;
  /** PSNR on sRGB-encoded values in dB. */
  readonly encoded: number;
  /** SSIM on sRGB-encoded values, mean of the three channels. */
  readonly ssim: number;
}

/** The means of a set, and what they are of. */
export interface SetScore extends QualityScore {
  /** Scores by the picture's name. */
  readonly pictures: Readonly<Record<string, QualityScore>>;
}

/** One algorithm's scores: set → noise level → scores. */
export interface QualityRow {
  readonly program: string;
  readonly algorithm: string;
  readonly ours: boolean;
  readonly scores: Record<string, Record<string, SetScore>>;
}

/** A truth picture, linear and sRGB-encoded. */
export interface Truth {
  readonly linear: RgbImage;
  readonly encoded: RgbImage;
}

/** Encoded as a display would show it. */
export const toDisplay = (image: RgbImage) => mapImage(image, (value) => encodeSrgb(clamp01(value)));

/** How near a picture is to its truth. */
export function score(image: RgbImage, truth: Truth): QualityScore {
  const linear = mapImage(image, clamp01);
  const encoded = toDisplay(image);
  return {
    linear: psnr(linear, truth.linear, BORDER),
    encoded: psnr(encoded, truth.encoded, BORDER),
    ssim: ssim(encoded, truth.encoded, BORDER),
  };
}

/** Means over pictures. */
export function meanScore(scores: readonly QualityScore[]): QualityScore {
  const mean = (key: keyof QualityScore) => scores.reduce((sum, s) => sum + s[key], 0) / scores.length;
  return { linear: mean('linear'), encoded: mean('encoded'), ssim: mean('ssim') };
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
export async function measureQuality(
  sets: readonly TruthSet[],
  levels: readonly NoiseLevel[],
  contenders: readonly Contender[],
  workspace: Workspace,
  log: Log,
): Promise<QualityRow[]> {
  const rows: QualityRow[] = contenders.flatMap(({ peer, algorithms, ours }) =>
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

/** The figures of a table, and how they are shown. */
export const METRICS = [
  { key: 'linear', title: 'PSNR on linear values, dB', digits: 2 },
  { key: 'encoded', title: 'PSNR on sRGB-encoded values, dB', digits: 2 },
  { key: 'ssim', title: 'SSIM on sRGB-encoded values, mean of the channels', digits: 4 },
] as const;

/** The tables: one per metric, a column per set and noise level, the best peer marked, ours against it below. */
export function formatQuality(rows: readonly QualityRow[]): string {
  const columns = [
    ...new Set(
      rows.flatMap((row) =>
        Object.entries(row.scores).flatMap(([set, levels]) =>
          Object.keys(levels).map((level) => `${set} ${level}`),
        ),
      ),
    ),
  ];
  const cell = (row: QualityRow, column: string) => {
    const [set, level] = column.split(' ') as [string, string];
    return row.scores[set]?.[level];
  };
  const tables = METRICS.map(({ key, title, digits }) => {
    const values = (row: QualityRow) => columns.map((column) => cell(row, column)?.[key]);
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
    return `${title}\n\n${alignTable(['', ...columns], body)}`;
  });
  return tables.join('\n\n');
}
