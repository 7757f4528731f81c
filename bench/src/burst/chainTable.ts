import { rm, writeFile } from 'node:fs/promises';
import type { Engine, MergeOptions } from '@photosite/engine';
import { clamp01, mapImage, psnr, type RgbImage } from '@photosite/measure';
import { integerFrame, type RawFrame, writeDng } from '@photosite/raw';
import { type Log, messageOf } from '../log.js';
import type { Peer } from '../peers/peer.js';
import type { Workspace } from '../peers/workspace.js';
import { hdrPlus } from '../reference/hdrPlus.js';
import { alignTable } from '../table.js';
import { toDisplay } from '../truth/score.js';
import type { BurstCase, BurstMaker, TruthBurst } from './cases.js';
import { cameraRgb } from './finish.js';
import { mergeInMemory } from './mergeInMemory.js';
import { BURST_FRAMES, normalised } from './mergeTable.js';
import { BORDER } from './score.js';

/** One way from frames to linear RGB, and how near it comes to the truth. */
export interface ChainRow {
  readonly title: string;
  readonly way: string;
  /** Which program's demosaic was the best of those tried, where several were. */
  readonly by: string;
  /** PSNR on linear values, dB. */
  readonly linear: number;
  /** PSNR on sRGB-encoded values, dB. */
  readonly encoded: number;
}

/** The frame that a mosaic on [0,1] would be recorded as by a sensor without noise. */
function frameOf(mosaic: Float32Array, { frames: [reference] }: TruthBurst): RawFrame {
  const { noiseProfile: _, ...rest } = reference!;
  return {
    ...rest,
    samples: mosaic,
    bitsPerSample: 32,
    blackLevel: { repeatRows: 1, repeatCols: 1, values: [0] },
    whiteLevel: [1],
  };
}

/** The whole way to linear RGB, beside merges to a mosaic that the best demosaic of any program then gets. */
export async function measureChains(
  engine: Engine,
  maker: BurstMaker,
  cases: readonly BurstCase[],
  quality: NonNullable<MergeOptions['quality']>,
  peers: readonly Peer[],
  workspace: Workspace,
  log: Log,
): Promise<ChainRow[]> {
  const rows: ChainRow[] = [];
  for (const which of cases) {
    const burst = maker.make(which, BURST_FRAMES);
    const truth = { linear: burst.linear, encoded: toDisplay(burst.linear) };
    const add = (way: string, by: string, image: RgbImage): ChainRow => {
      const row = {
        title: which.title,
        way,
        by,
        linear: psnr(mapImage(image, clamp01), truth.linear, BORDER),
        encoded: psnr(toDisplay(image), truth.encoded, BORDER),
      };
      rows.push(row);
      log.progress(`${which.title}, ${way}: ${row.linear.toFixed(2)} / ${row.encoded.toFixed(2)}`);
      return row;
    };
    /** Every demosaic of the peers; the best linear and the best encoded figure stand in one row. */
    const addPeers = async (way: string, frame: RawFrame): Promise<void> => {
      const dng = workspace.file('chain.dng');
      await writeFile(dng, writeDng(integerFrame(frame), { compression: 'none' }).chunks);
      const tried: ChainRow[] = [];
      for (const peer of peers) {
        for (const algorithm of peer.strongest) {
          try {
            tried.push(add(way, `${peer.name} ${algorithm}`, await peer.demosaic(dng, algorithm, burst)));
            rows.pop();
          } catch (error) {
            log.failure(`${which.title}, ${way}, ${peer.name} ${algorithm}: ${messageOf(error)}`);
          }
        }
      }
      await rm(dng);
      if (tried.length === 0) return;
      const best = (key: 'linear' | 'encoded') => tried.reduce((a, b) => (b[key] > a[key] ? b : a));
      const [linear, encoded] = [best('linear'), best('encoded')];
      const by = linear.by === encoded.by ? linear.by : `${linear.by} / ${encoded.by}`;
      rows.push({ ...linear, by, encoded: encoded.encoded });
    };

    try {
      const merged = await mergeInMemory(engine, burst.frames, { output: 'rgb', reference: 0, quality });
      add('Photosite: burst to RGB at once', '', await cameraRgb(engine, merged.frame));
      const mosaic = await mergeInMemory(engine, burst.frames, {
        output: 'mosaic',
        reference: 0,
        quality,
      });
      add('Photosite: merged mosaic', 'Photosite fast', await cameraRgb(engine, mosaic.frame));
      await addPeers('our merged mosaic, best peer', mosaic.frame);
    } catch (error) {
      log.failure(`${which.title}: ${messageOf(error)}`);
    }
    const mosaics = burst.frames.map(({ samples }) => normalised(samples, which.levels));
    await addPeers(
      'plain HDR+ merge, best peer',
      frameOf(hdrPlus(mosaics, burst.width, burst.height, which.noise), burst),
    );
    add('one frame', 'Photosite fast', await cameraRgb(engine, burst.frames[0]!));
    await addPeers('one frame, best peer', burst.frames[0]!);
    await addPeers(
      'ideal mean of 8 frames that did not move, best peer',
      frameOf(maker.ideal(which, burst.truth, BURST_FRAMES), burst),
    );
  }
  return rows;
}

/** The table. */
export function formatChains(rows: readonly ChainRow[]): string {
  return [
    'Eight frames to linear RGB, without denoising, against truth: PSNR in dB, linear / sRGB-encoded values.',
    'No other burst engine is installable here. In the place of theirs stand the plain HDR+ merge of the first table (whose figures',
    'are near the published ones), our own merged mosaic, and a mosaic that no merge can pass: the mean of frames without motion.',
    '"Best peer" is the best demosaic of the programs installed, for each figure.',
    '',
    alignTable(
      ['', 'linear / encoded', 'by'],
      rows.map(({ title, way, by, linear, encoded }) => [
        `${title}: ${way}`,
        `${linear.toFixed(2)} / ${encoded.toFixed(2)}`,
        by,
      ]),
    ),
  ].join('\n');
}
