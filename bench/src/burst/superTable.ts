import type { Engine } from '@photosite/engine';
import { crop, psnr, type Rectangle, type RgbImage, slantedEdge, textureMtf } from '@photosite/measure';
import type { RawFrame } from '@photosite/raw';
import { type Log, messageOf } from '../log.js';
import { alignTable } from '../table.js';
import { seededRandom } from '../truth/random.js';
import { LIGHT } from './cases.js';
import { rawFrame, record, sampleAt, TEN_BIT } from './expose.js';
import { cameraRgb, finishedLight } from './finish.js';
import { mergeInMemory } from './mergeInMemory.js';
import { BURST_FRAMES } from './mergeTable.js';
import { type Motion, motionsOf, placeSeen } from './motion.js';
import { blur } from './wall.js';

/** The frames, and samples of the chart for each pixel, each way. */
const [WIDTH, HEIGHT] = [704, 480];
const FINER = 4;
const MARGIN = 24;
/** A sharp lens before photosites without gaps: detail beyond what one mosaic can hold. Sigma in pixels. */
const LENS_BLUR = 0.35;
const CHART_SEED = 3;
const MOTION_SEED = 21;
const NOISE_SEED = 700;

/** A square that leans by 5.7°, on a lighter ground: place and half side in pixels of the reference. */
const SQUARE = { x: 560, y: 240, half: 60, lean: 0.1, dark: 0.1, light: 0.5, ground: 110 };
/** Leaves: smallest and largest radius in pixels, and how many. */
const LEAVES = { smallest: 0.7, largest: 50, count: 60_000 };
const TEXTURE: Rectangle = { left: 40, top: 40, width: 384, height: 384 };
const EDGES: readonly Rectangle[] = [
  { left: SQUARE.x - SQUARE.half - 20, top: SQUARE.y - 36, width: 40, height: 72 },
  { left: SQUARE.x - 36, top: SQUARE.y - SQUARE.half - 20, width: 72, height: 40 },
];
/** Frequencies, cycles per pixel of the sensor, where texture beyond one mosaic's green lies. */
const FINE_BAND = [0.3, 0.7] as const;

/** Dead leaves (Matheron; Cao, Guichard, Hornung 2009: radii by r⁻³) and a square, linear, on a fine grid. */
function drawChart(): RgbImage {
  const [width, height] = [(WIDTH + 2 * MARGIN) * FINER, (HEIGHT + 2 * MARGIN) * FINER];
  const data = new Float32Array(width * height * 3).fill(0.2);
  const random = seededRandom(CHART_SEED);
  const [a, b] = [LEAVES.smallest ** -2, LEAVES.largest ** -2];
  for (let leaf = 0; leaf < LEAVES.count; leaf++) {
    const radius = FINER * (a - random() * (a - b)) ** -0.5;
    const [cx, cy] = [random() * width, random() * height];
    const light = 0.05 + 0.7 * random() ** 1.5;
    const rgb = [0, 1, 2].map(() => light * (0.8 + 0.4 * random()));
    for (let y = Math.max(Math.ceil(cy - radius), 0); y <= Math.min(cy + radius, height - 1); y++) {
      const half = Math.sqrt(Math.max(radius * radius - (y - cy) ** 2, 0));
      for (let x = Math.max(Math.ceil(cx - half), 0); x <= Math.min(cx + half, width - 1); x++)
        for (let c = 0; c < 3; c++) data[(y * width + x) * 3 + c] = rgb[c]!;
    }
  }
  const { x: sx, y: sy, half, lean, dark, light, ground } = SQUARE;
  const [cos, sin] = [Math.cos(lean), Math.sin(lean)];
  const reach = ground * FINER;
  const [mx, my] = [(sx + MARGIN + 0.5) * FINER - 0.5, (sy + MARGIN + 0.5) * FINER - 0.5];
  for (let y = Math.round(my - reach); y <= my + reach; y++) {
    for (let x = Math.round(mx - reach); x <= mx + reach; x++) {
      const [u, v] = [cos * (x - mx) + sin * (y - my), cos * (y - my) - sin * (x - mx)];
      data.fill(
        Math.max(Math.abs(u), Math.abs(v)) < half * FINER ? dark : light,
        (y * width + x) * 3,
        (y * width + x) * 3 + 3,
      );
    }
  }
  return { width, height, data };
}

/** Means over a photosite's breadth, each at its first sample. */
function gathered({ width, height, data }: RgbImage): RgbImage {
  const pass = (from: Float32Array, step: number): Float32Array => {
    const to = new Float32Array(from.length);
    for (let i = 0; i + (FINER - 1) * step < from.length; i++)
      for (let k = 0; k < FINER; k++) to[i]! += from[i + k * step]! / FINER;
    return to;
  };
  return { width, height, data: pass(pass(data, 3), width * 3) };
}

/** The gathered chart at a place of the reference in its pixels, seen from the frame's centre. */
function chartAt(chart: RgbImage, x: number, y: number, channel: number): number {
  const first = (FINER - 1) / 2;
  return sampleAt(
    chart,
    x * FINER + (chart.width - 1) / 2 - first,
    y * FINER + (chart.height - 1) / 2 - first,
    channel,
  );
}

function frameOf(chart: RgbImage, motion: Motion, seed: number): RawFrame {
  const signal = Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
    const [seenX, seenY] = placeSeen(motion, x - (WIDTH - 1) / 2, y - (HEIGHT - 1) / 2);
    return chartAt(chart, seenX, seenY, (x & 1) + (y & 1));
  });
  const { light } = LIGHT;
  return rawFrame(record(signal, light, TEN_BIT, seed), WIDTH, HEIGHT, light, TEN_BIT);
}

/** The reference's picture without noise, `scale` pixels each way for one of the sensor's. */
function truthAt(chart: RgbImage, scale: number): RgbImage {
  const [width, height] = [WIDTH * scale, HEIGHT * scale];
  const data = Float32Array.from({ length: width * height * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    const place = (at: number, size: number) => (at - (size - 1) / 2) / scale;
    return chartAt(chart, place(x, width), place(y, height), i % 3);
  });
  return { width, height, data };
}

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
  const chart = gathered(blur(drawChart(), LENS_BLUR * FINER));
  const truth = truthAt(chart, 2);
  const frames = motionsOf('hand', BURST_FRAMES, MOTION_SEED).map((motion, i) =>
    frameOf(chart, motion, NOISE_SEED + i),
  );
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
  await attempt('what lens and photosites let through', async () => truth);
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
