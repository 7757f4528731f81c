import type { Engine, MergeOptions } from '@photosite/engine';
import { crop, psnr, type Rectangle, type RgbImage, slantedEdge, textureMtf } from '@photosite/measure';
import type { RawFrame } from '@photosite/raw';
import { type Log, messageOf } from '../log.js';
import { alignTable } from '../table.js';
import { LIGHT } from './cases.js';
import { sampleAt } from './expose.js';
import { cameraRgb, finishedLight, sharpenedLight } from './finish.js';
import { mergeInMemory } from './mergeInMemory.js';
import { BURST_FRAMES } from './mergeTable.js';
import { BORDER } from './score.js';
import { EDGES, SuperScene, TEXTURE, WIDTH } from './superChart.js';

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

/** How frames and merges are finished. */
const FINISHES = {
  'camera RGB': cameraRgb,
  denoised: finishedLight,
  'denoised and sharpened': sharpenedLight,
} as const;
type Finish = keyof typeof FINISHES;

/** How much detail a way to a picture gives. */
export interface SuperRow {
  readonly light: string;
  readonly finish: Finish | '';
  readonly way: string;
  /** Mean of two edges, cycles per pixel of the sensor. */
  readonly mtf50: number;
  /** The same over that of one frame finished alike. */
  readonly ofOne: number | undefined;
  /** The largest over- or undershoot of the edges, as a share of their step. */
  readonly overshoot: number;
  /** PSNR on the leaves against what photosites of half the breadth see without noise, linear, dB. */
  readonly psnr: number;
  /** The same on photographs; only where no finish follows. */
  readonly photographs: number | undefined;
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

const atTwice = (image: RgbImage): RgbImage => (image.width === WIDTH ? enlarged(image) : image);

function edgesOf(image: RgbImage): { readonly mtf50: number; readonly overshoot: number } {
  const scale = image.width / WIDTH;
  const edges = EDGES.map((edge) => slantedEdge(image, { region: scaled(edge, scale) }).luminance);
  return {
    mtf50: (scale * edges.reduce((sum, { mtf50 }) => sum + (mtf50 ?? 1), 0)) / edges.length,
    overshoot: Math.max(...edges.map(({ overshoot, undershoot }) => Math.max(overshoot, undershoot))),
  };
}

/** The ways from a burst to one frame. */
async function waysOf(engine: Engine, frames: readonly RawFrame[]): Promise<[string, RawFrame][]> {
  const merged = async (options: MergeOptions) =>
    (await mergeInMemory(engine, frames, { output: 'rgb', reference: 0, ...options })).frame;
  const many = `${frames.length} frames`;
  return [
    ['one frame', frames[0]!],
    [`${many} at 1×`, await merged({ scale: 1 })],
    [`${many} at 2×, not deconvolved`, await merged({ scale: 2, deconvolution: 0 })],
    [`${many} at 2×`, await merged({ scale: 2 })],
  ];
}

/** Resolution of a merge at twice the sensor's, beside that of one frame and of the merge at 1×. */
export async function measureSuper(engine: Engine, dataFolder: string, log: Log): Promise<SuperRow[]> {
  const chart = SuperScene.chart(LENS_BLUR);
  const truth = chart.truth('half');
  const wall = await SuperScene.wall(dataFolder, LENS_BLUR);
  const wallTruth = wall.truth('half');
  const region = scaled(TEXTURE, 2);
  const rows: SuperRow[] = [];
  const rowOf = (image: RgbImage): Pick<SuperRow, 'mtf50' | 'overshoot' | 'psnr' | 'inPhase' | 'all'> => {
    const large = atTwice(image);
    const texture = textureMtf(large, truth, { region });
    return {
      ...edgesOf(image),
      psnr: psnr(crop(large, region), crop(truth, region), 0),
      inPhase: bandMean(texture.cross),
      all: bandMean(texture.direct),
    };
  };
  for (const light of [LIGHT.light, LIGHT.dark]) {
    try {
      const photographs = new Map<string, number>();
      for (const [way, frame] of await waysOf(engine, wall.frames(BURST_FRAMES, light)))
        photographs.set(way, psnr(atTwice(await cameraRgb(engine, frame)), wallTruth, BORDER));
      const ways = await waysOf(engine, chart.frames(BURST_FRAMES, light));
      for (const [finish, develop] of Object.entries(FINISHES) as [Finish, typeof cameraRgb][]) {
        let one: number | undefined;
        for (const [way, frame] of ways) {
          const row = rowOf(await develop(engine, frame));
          one ??= row.mtf50;
          rows.push({
            light: light.name,
            finish,
            way,
            ...row,
            ofOne: row.mtf50 / one,
            photographs: finish === 'camera RGB' ? photographs.get(way) : undefined,
          });
          log.progress(`${light.name}, ${finish}, ${way}: MTF50 ${row.mtf50.toFixed(3)}`);
        }
      }
    } catch (error) {
      log.failure(`resolution, ${light.name}: ${messageOf(error)}`);
    }
  }
  for (const [way, photosites] of [
    ['what photosites let through', 'broad'],
    ['what photosites of half the breadth let through', 'half'],
  ] as const)
    rows.push({
      light: 'no noise',
      finish: '',
      way,
      ...rowOf(chart.truth(photosites)),
      ofOne: undefined,
      photographs: photosites === 'broad' ? psnr(wall.truth('broad'), wallTruth, BORDER) : undefined,
    });
  return rows;
}

/** The table. */
export function formatSuper(rows: readonly SuperRow[]): string {
  const decibels = (value: number | undefined): string =>
    value === undefined || !Number.isFinite(value) ? '' : value.toFixed(2);
  return [
    `Resolution: slanted edges, dead leaves and photographs through a sharp lens (${LENS_BLUR} pixels), handheld. PSNR at 2× against what`,
    `photosites of half the breadth see. Texture from ${FINE_BAND[0]} to ${FINE_BAND[1]} cycles per pixel of the sensor: what is in phase with the truth, and`,
    'all that is there (noise, inventions)',
    '',
    alignTable(
      ['', 'MTF50 c/px', 'of one', 'overshoot', 'leaves, dB', 'photos, dB', 'in phase', 'all'],
      rows.map((row) => [
        [row.light, row.finish, row.way].filter((word) => word !== '').join(', '),
        row.mtf50.toFixed(3),
        row.ofOne?.toFixed(2) ?? '',
        `${(100 * row.overshoot).toFixed(1)} %`,
        decibels(row.psnr),
        decibels(row.photographs),
        row.inPhase.toFixed(2),
        row.all.toFixed(2),
      ]),
    ),
  ].join('\n');
}
