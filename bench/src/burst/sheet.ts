import { access, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { type Log, messageOf } from '../log.js';
import { PHOTOSITE } from '../peers/photosite.js';
import type { Workspace } from '../peers/workspace.js';
import { run } from '../run.js';

const TIMEOUT_S = 600;
/** Size of a detail on the sheet in pixels, and the gap between them. */
const [TILE_WIDTH, TILE_HEIGHT, GAP] = [640, 480, 8];
const BACKGROUND = '#303030';
/** Where a detail is taken: its middle as fractions of the picture, and how many sheet pixels for one of the picture's. */
interface Detail {
  readonly x: number;
  readonly y: number;
  readonly zoom: 1 | 2;
}

/** A burst to be shown. */
interface Shown {
  readonly name: string;
  readonly frames: readonly string[];
  readonly details: readonly Detail[];
}

/** Handwriting and dark wood. */
const NIGHT_DETAILS: readonly Detail[] = [
  { x: 0.32, y: 0.82, zoom: 1 },
  { x: 0.31, y: 0.79, zoom: 2 },
  { x: 0.78, y: 0.4, zoom: 2 },
];
/** Print, a scale's fine lines, and dark patches of a chart. */
const CHART_DETAILS: readonly Detail[] = [
  { x: 0.18, y: 0.16, zoom: 1 },
  { x: 0.14, y: 0.14, zoom: 2 },
  { x: 0.78, y: 0.92, zoom: 2 },
];
const PAIR_DETAILS: readonly Detail[] = [
  { x: 0.26, y: 0.22, zoom: 1 },
  { x: 0.25, y: 0.2, zoom: 2 },
  { x: 0.78, y: 0.9, zoom: 2 },
];

/** The twin's night burst: eight handheld frames of a scene at one lux. */
async function nightBurst(data: string, workspace: Workspace): Promise<Shown> {
  const exr = path.join(data, 'hdr', 'Desk.exr');
  const scene = await access(exr).then(
    () => exr,
    () => 'scene:night-street',
  );
  const folder = workspace.file('night');
  await run(
    [
      PHOTOSITE,
      'twin',
      scene,
      '-o',
      folder,
      '--size',
      '2048x1536',
      '--frames',
      '8',
      '--lux',
      '1',
      '--truth',
      'none',
      '--quiet',
    ],
    { timeoutS: TIMEOUT_S },
  );
  return { name: 'night', frames: await filesIn(folder, '.dng'), details: NIGHT_DETAILS };
}

async function filesIn(folder: string, extension: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name.toLowerCase().endsWith(extension)).sort();
  return names.map((name) => path.join(folder, name));
}

async function show(from: string, { x, y, zoom }: Detail): Promise<Buffer> {
  const { width, height } = await sharp(from).metadata();
  const [wide, high] = [Math.min(TILE_WIDTH / zoom, width), Math.min(TILE_HEIGHT / zoom, height)];
  const at = (middle: number, size: number, part: number): number =>
    Math.round(Math.min(Math.max(middle * size - part / 2, 0), size - part));
  return await sharp(from)
    .extract({ left: at(x, width, wide), top: at(y, height, high), width: wide, height: high })
    .resize(wide * zoom, high * zoom, { kernel: 'nearest' })
    .png()
    .toBuffer();
}

/** One frame on the left, the merge on the right, a row for each detail. */
async function compare(
  one: string,
  merged: string,
  details: readonly Detail[],
  sheet: string,
): Promise<void> {
  const tiles = await Promise.all(
    details.flatMap((detail, row) =>
      [one, merged].map(async (picture, column) => ({
        input: await show(picture, detail),
        left: column * (TILE_WIDTH + GAP),
        top: row * (TILE_HEIGHT + GAP),
      })),
    ),
  );
  const width = 2 * TILE_WIDTH + GAP;
  const height = details.length * (TILE_HEIGHT + GAP) - GAP;
  await sharp({ create: { width, height, channels: 3, background: BACKGROUND } })
    .composite(tiles)
    .png()
    .toFile(sheet);
}

/**
 * Develops one frame and the merge of each burst to be shown, and lays details of both beside each other at 100 % and
 * 200 %. Bursts that are not there are named.
 *
 * @returns the sheets' files
 */
export async function drawSheets(
  data: string,
  folder: string,
  workspace: Workspace,
  log: Log,
): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const bursts: readonly [string, () => Promise<Shown>][] = [
    ['night', () => nightBurst(data, workspace)],
    [
      'jpeg',
      async () => ({
        name: 'jpeg',
        frames: await filesIn(path.join(data, 'jpeg-burst'), '.jpg'),
        details: CHART_DETAILS,
      }),
    ],
    [
      'gopro',
      async () => ({
        name: 'gopro',
        frames: ['GOPR8508.dng', 'GOPR8513.dng'].map((name) => path.join(data, 'raw', name)),
        details: PAIR_DETAILS,
      }),
    ],
  ];
  const sheets: string[] = [];
  for (const [title, find] of bursts) {
    try {
      const { name, frames, details } = await find();
      const file = (what: string) => path.join(folder, `${name}-${what}`);
      const [one, merged] = [file('one.png'), file('merged.png')];
      const [first] = frames;
      if (first === undefined) throw new Error('there are no frames');
      const options = { timeoutS: TIMEOUT_S };
      // The picture that the others are brought to, so that both show the same place.
      const { stdout } = await run(
        [PHOTOSITE, 'develop', ...frames, '-o', merged, '--force', '--json'],
        options,
      );
      const [report] = (JSON.parse(stdout) as { files: { input: string }[] }).files;
      if (/\.jpe?g$/i.test(first)) await sharp(report!.input).rotate().png().toFile(one);
      else await run([PHOTOSITE, 'develop', report!.input, '-o', one, '--force'], options);
      await compare(one, merged, details, file('sheet.png'));
      sheets.push(file('sheet.png'));
      log.progress(`${title}: ${file('sheet.png')}`);
    } catch (error) {
      log.failure(`${title}: ${messageOf(error)}`);
    }
  }
  return sheets;
}
