import { crop, type RgbImage } from '@photosite/measure';
import { type Log, messageOf } from '../log.js';
import type { Peer } from '../peers/peer.js';
import type { Workspace } from '../peers/workspace.js';
import { denoiseByBm3d } from '../reference/denoise.js';
import { alignTable } from '../table.js';
import { writeTruthDng } from '../truth/frame.js';
import { mosaicSheet } from '../truth/mosaic.js';
import type { NoiseLevel } from '../truth/noise.js';
import type { TruthSet } from '../truth/pictures.js';
import { METRICS, meanScore, type QualityScore, score, type Truth, toDisplay } from '../truth/score.js';
import { layOut, SHEET_WIDTH } from '../truth/tile.js';

/** One attempt of a row in a column. */
export interface DenoiseTry extends QualityScore {
  readonly settings: string;
  /** Wall time for all pictures of the column together. */
  readonly seconds: number;
}

/** A row of the table: a program's way to denoise. */
export interface DenoiseRow {
  readonly program: string;
  readonly row: string;
  /** Attempts by column, `set level`: of several, the best counts for each figure apart. */
  readonly tries: Record<string, DenoiseTry[]>;
}

/** Standard deviations that BM3D is told, in units of the mosaic's noise; the better counts. */
const BM3D_SIGMAS = [1, 1.4];

/**
 * Denoising against truth: every set at every noise level through ours, the peers and BM3D. What fails is reported and
 * has no score.
 * @param ours undefined where it is not built; BM3D works on its demosaiced picture
 */
export async function measureDenoise(
  sets: readonly TruthSet[],
  levels: readonly NoiseLevel[],
  ours: Peer | undefined,
  peers: readonly Peer[],
  workspace: Workspace,
  log: Log,
): Promise<DenoiseRow[]> {
  const rows: DenoiseRow[] = [];
  for (const set of sets) {
    const pictures = set.pictures.map(({ image }) => image);
    const truths: Truth[] = pictures.map((image) => ({ linear: image, encoded: toDisplay(image) }));
    const sheet = layOut(pictures, SHEET_WIDTH);
    for (const level of levels) {
      const column = `${set.name} ${level.name}`;
      const note = async (
        program: string,
        row: string,
        settings: string,
        work: () => Promise<readonly RgbImage[]>,
      ) => {
        const begin = performance.now();
        const images = await work();
        const seconds = (performance.now() - begin) / 1000;
        const mean = meanScore(images.map((image, i) => score(image, truths[i]!)));
        let entry = rows.find((r) => r.program === program && r.row === row);
        if (entry === undefined) {
          entry = { program, row, tries: {} };
          rows.push(entry);
        }
        entry.tries[column] = [...(entry.tries[column] ?? []), { ...mean, settings, seconds }];
        const figures = `${mean.linear.toFixed(2)} / ${mean.encoded.toFixed(2)}  ${mean.ssim.toFixed(4)}`;
        log.progress(`${column} ${program} ${row} (${settings}): ${figures}  ${seconds.toFixed(1)} s`);
      };
      const attempt = async (title: string, work: () => Promise<void>) => {
        try {
          await work();
        } catch (error) {
          log.failure(`${column} ${title} failed: ${messageOf(error)}`);
        }
      };
      const dng = workspace.file(`${set.name}-${level.name}.dng`);
      const samples = await set.expose(level);
      await writeTruthDng(dng, mosaicSheet(samples, sheet), set.noiseProfile(level));
      const cut = (image: RgbImage) => sheet.places.map((place) => crop(image, place));
      for (const peer of [...(ours === undefined ? [] : [ours]), ...peers])
        for (const denoising of peer.denoisings(level))
          await attempt(`${peer.name} ${denoising.row}`, () =>
            note(peer.name, denoising.row, denoising.settings, async () =>
              cut(await denoising.run(dng, sheet)),
            ),
          );
      if (ours !== undefined)
        await attempt('BM3D', async () => {
          const demosaiced = cut(await ours.demosaic(dng, 'best', sheet));
          for (const sigma of BM3D_SIGMAS)
            await note('BM3D', 'on ours, best', `σ ${sigma}`, () => denoiseByBm3d(demosaiced, level, sigma));
        });
    }
  }
  return rows;
}

/**
 * The tables: one per figure, a column per set and noise level, the best of each row's settings in each cell; and how long
 * each took, from the raw file to a linear TIFF read back, BM3D without what comes before it.
 */
export function formatDenoise(rows: readonly DenoiseRow[]): string {
  const columns = [...new Set(rows.flatMap(({ tries }) => Object.keys(tries)))];
  const table = (title: string, cell: (tries: readonly DenoiseTry[]) => string): string => {
    const body = rows.map(({ program, row, tries }) => [
      `${program} ${row}`,
      ...columns.map((column) => {
        const own = tries[column] ?? [];
        return own.length === 0 ? '-' : cell(own);
      }),
    ]);
    return `Denoising: ${title}\n\n${alignTable(['', ...columns], body)}`;
  };
  return [
    ...METRICS.map(({ key, title, digits }) =>
      table(title, (tries) => Math.max(...tries.map((one) => one[key])).toFixed(digits)),
    ),
    table('seconds, the quickest of the settings', (tries) =>
      Math.min(...tries.map(({ seconds }) => seconds)).toFixed(1),
    ),
  ].join('\n\n');
}
