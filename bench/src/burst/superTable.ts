import type { Engine, MergeOptions } from '@photosite/engine';
import { crop, psnr, type Rectangle, type RgbImage, slantedEdge, textureMtf } from '@photosite/measure';
import type { RawFrame } from '@photosite/raw';
import { type Log, messageOf } from '../log.js';
import { alignTable } from '../table.js';
import { LIGHT } from './cases.js';
import { sampleAt } from './expose.js';
import { cameraRgb, finishedLight } from './finish.js';
import { mergeInMemory } from './mergeInMemory.js';
import { BURST_FRAMES } from './mergeTable.js';
import { EDGES, SuperChart, TEXTURE, WIDTH } from './superChart.js';

/** Frequencies, cycles per pixel of the sensor, where texture beyond one mosaic's green lies. */
const FINE_BAND = [0.3, 0.7] as const;
/** A sharp lens before photosites without gaps: detail beyond what one mosaic can hold. Sigma in pixels. */
const LENS_BLUR = 0.35;

/** Twice the pixels by interpolation alone. */
function enlarged(image: RgbImage): RgbImage {
  const { width, height } = image;
  const inside = (at: number, size: number) => Math.min(Math.max(at, 3), size - 5);
  const data = Float32Array.from({ length: width * height * 12 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % (2 * width), Math.floor(i / 6 / width)];
    return sampleAt(image, inside((x - 0.5) / 2, width), inside((y - 0.5) / 2, height), i % 3);
  });
  return { width: 2 * width, height: 2 * height, data };
}

const scaled = ({ left, top, width, height }: Rectangle, by: number): Rectangle => ({
  left: left * by,
  top: top * by,
  width: width * by,
  height: height * by,
});

/** Marks what was denoised and sharpened by the defaults. */
const FINISHED = ', finished';

/** How much detail a way to a picture gives. */
export interface SuperRow {
  readonly way: string;
  /** Mean of two edges, cycles per pixel of the sensor. */
  readonly mtf50: number;
  /** PSNR against the truth at twice the resolution on the leaves, linear, dB. */
  readonly psnr: number;
  /** Modulation of fine texture that is in phase with the truth's, and of all that is there: noise and inventions too. */
  readonly inPhase: number;
  readonly all: number;
}

function bandMean(curve: {
  readonly frequencies: readonly number[];
  readonly values: readonly number[];
}): number {
  // Cycles per pixel at twice the resolution.
  const inBand = curve.values.filter((_, i) => {
    const frequency = curve.frequencies[i]! * 2;
    return frequency >= FINE_BAND[0] && frequency <= FINE_BAND[1];
  });
  return inBand.reduce((sum, value) => sum + value, 0) / inBand.length;
}

/** Resolution of a merge at twice the sensor's, beside that of one frame and of the merge at 1×. */
export async function measureSuper(engine: Engine, log: Log): Promise<SuperRow[]> {
  const chart = new SuperChart(LENS_BLUR);
  const truth = chart.truth('half');
  const frames = chart.frames(BURST_FRAMES, LIGHT.light);
  const rows: SuperRow[] = [];
  const add = (way: string, image: RgbImage): void => {
    const scale = image.width / WIDTH;
    const edges = EDGES.map(
      (edge) => slantedEdge(image, { region: scaled(edge, scale) }).luminance.mtf50 ?? 1,
    );
    const large = scale === 2 ? image : enlarged(image);
    const region = scaled(TEXTURE, 2);
    const texture = textureMtf(large, truth, { region });
    const row = {
      way,
      mtf50: (scale * edges.reduce((sum, edge) => sum + edge, 0)) / edges.length,
      psnr: psnr(crop(large, region), crop(truth, region), 0),
      inPhase: bandMean(texture.cross),
      all: bandMean(texture.direct),
    };
    rows.push(row);
    log.progress(`${way}: MTF50 ${row.mtf50.toFixed(3)}`);
  };
  const attempt = async (way: string, image: () => Promise<RgbImage>): Promise<void> => {
    try {
      add(way, await image());
    } catch (error) {
      log.failure(`${way}: ${messageOf(error)}`);
    }
  };
  const merged = async (scale: 1 | 2) =>
    (await mergeInMemory(engine, frames, { output: 'rgb', scale, reference: 0 })).frame;
  const ways: readonly [string, () => Promise<RawFrame>][] = [
    ['one frame', async () => frames[0]!],
    [`${BURST_FRAMES} frames at 1×`, () => merged(1)],
    [`${BURST_FRAMES} frames at 2×`, () => merged(2)],
  ];
  for (const [way, frame] of ways) await attempt(way, async () => cameraRgb(engine, await frame()));
  await attempt('what lens and photosites let through', async () => chart.truth('broad'));
  for (const [way, frame] of ways)
    await attempt(`${way}${FINISHED}`, async () => finishedLight(engine, await frame()));
  return rows;
}

/** The table. */
export function formatSuper(rows: readonly SuperRow[]): string {
  const oneLike = (row: SuperRow) =>
    rows.find(({ way }) => way === (row.way.endsWith(FINISHED) ? `one frame${FINISHED}` : 'one frame'));
  return [
    `Resolution: slanted edges and dead leaves through a sharp lens (${LENS_BLUR} pixels), handheld. Texture from ${FINE_BAND[0]} to`,
    `${FINE_BAND[1]} cycles per pixel of the sensor: what is in phase with the truth, and all that is there (noise, inventions)`,
    '',
    alignTable(
      ['', 'MTF50 c/px', 'of one frame', 'leaves, dB at 2×', 'in phase', 'all'],
      rows.map((row) => [
        row.way,
        row.mtf50.toFixed(3),
        (row.mtf50 / (oneLike(row)?.mtf50 ?? Number.NaN)).toFixed(2),
        row.psnr.toFixed(2),
        row.inPhase.toFixed(2),
        row.all.toFixed(2),
      ]),
    ),
  ].join('\n');
}
