import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Orientation, openRaw, type Preview } from '@photosite/raw';
import sharp, { type OverlayOptions, type Sharp } from 'sharp';
import { type Log, messageOf } from '../log.js';
import type { Peer } from '../peers/peer.js';
import { PEER_TIMEOUT_S, type Workspace } from '../peers/workspace.js';
import { run } from '../run.js';
import { alignTable } from '../table.js';

/** Raw files that a row of the sheet is made of. */
const RAW_EXTENSIONS = ['.gpr', '.kdc', '.crw', '.dng'];
const CAMERA = 'camera';
/** Width of a picture on the sheet at fit; taller ones than this share of it are made narrower. */
const FIT_WIDTH = 640;
const TALLEST = 1;
const CROP_SIZE = 320;
const LABEL_HEIGHT = 26;
const GAP = 4;
/** An embedded preview shorter than this is a thumbnail. */
const LEAST_PREVIEW = 640;
/** A picture narrower than this share of ours has no crops beside ours: they would show another part. */
const LEAST_SHARE = 0.9;
/** Windows for crops lie this far apart, as a share of their size. */
const CROP_STEP = 0.5;
/** Means of display lightness between which a dark window shows more than black. */
const DARK_RANGE = [0.04, 0.35] as const;
/** What differs from its own mean by less than this, in display values, is no texture. */
const LEAST_TEXTURE = 0.015;
const JPEG_QUALITY = 90;
/** Pixels for a reason in the printed table. */
const LINE = 420;

/** A cell of the sheets: a picture's file, or why there is none. */
interface Cell {
  readonly label: string;
  readonly picture?: Upright;
  readonly reason?: string;
}

/** A decoded picture, upright, 8 bits sRGB, interleaved. */
interface Upright {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** What became of a raw file in one program. */
export interface SheetRow {
  readonly raw: string;
  readonly program: string;
  /** Size of the picture, or why there is none. */
  readonly result: string;
}

/** Where a crop is taken, as fractions of the picture, and what for. */
export interface CropPlace {
  readonly what: 'most detailed' | 'darkest' | 'brightest';
  /** The window's middle. */
  readonly x: number;
  readonly y: number;
}

async function decoded(input: Sharp): Promise<Upright> {
  const { data, info } = await input
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

function asSharp({ width, height, data }: Upright): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** Turns and mirrors that make a picture upright, by its Exif orientation. */
function turned(image: Sharp, orientation: Orientation): Sharp {
  const mirrored = [2, 4, 5, 7].includes(orientation);
  const degrees = [0, 0, 0, 180, 180, 270, 90, 90, 270][orientation] ?? 0;
  // Mirroring comes first, whatever the order of the calls.
  return (mirrored ? image.flop() : image).rotate(degrees);
}

async function previewOf(raw: string): Promise<Upright | undefined> {
  const { previews, orientation } = await openRaw(await readFile(raw));
  const [largest] = previews.toSorted((a: Preview, b: Preview) => b.width * b.height - a.width * a.height);
  if (largest === undefined || Math.max(largest.width, largest.height) < LEAST_PREVIEW) return undefined;
  const { width, height, format, data } = largest;
  const image = format === 'jpeg' ? sharp(data) : sharp(data, { raw: { width, height, channels: 3 } });
  return decoded(turned(image, orientation));
}

/** The picture that the camera made of it: a JPEG of the same name, or a preview within the file. */
async function cameraPicture(raw: string, names: readonly string[]): Promise<Cell> {
  const stem = path.parse(raw).name.toLowerCase();
  const jpeg = names.find(
    (name) => isFile(name, ['.jpg', '.jpeg']) && path.parse(name).name.toLowerCase() === stem,
  );
  try {
    if (jpeg !== undefined)
      return {
        label: `${CAMERA}: ${jpeg}`,
        picture: await decoded(sharp(path.join(path.dirname(raw), jpeg)).autoOrient()),
      };
    const preview = await previewOf(raw);
    return preview === undefined
      ? { label: CAMERA, reason: 'no JPEG beside it, no large preview in it' }
      : { label: `${CAMERA}: preview`, picture: preview };
  } catch (error) {
    return { label: CAMERA, reason: messageOf(error) };
  }
}

async function developed(raw: string, { name, developments }: Peer, workspace: Workspace): Promise<Cell> {
  const [{ label, prepare }] = developments;
  try {
    const prepared = await prepare(raw, workspace.file(`sheet-${name}.jpg`));
    if (prepared?.output === undefined) return { label, reason: 'it writes no picture' };
    const { command, env, output } = prepared;
    await rm(output, { force: true });
    await run(command, { timeoutS: PEER_TIMEOUT_S, env });
    // Some programs end well without a picture.
    const size = await stat(output).then(
      (file) => file.size,
      () => 0,
    );
    if (size === 0) return { label, reason: 'it does not read this file' };
    return { label, picture: await decoded(sharp(output).autoOrient()) };
  } catch (error) {
    return { label, reason: messageOf(error) };
  }
}

/** Display lightness (Rec.709's weights on encoded values), which is near enough to say what is dark and detailed. */
function lightnessOf({ width, height, data }: Upright): Float32Array {
  return Float32Array.from(
    { length: width * height },
    (_, i) => (0.2126 * data[i * 3]! + 0.7152 * data[i * 3 + 1]! + 0.0722 * data[i * 3 + 2]!) / 255,
  );
}

/**
 * Where to look at a picture closely: its most detailed window, its darkest one that is more than black, its brightest one.
 * Small pictures give fewer: a window is taken once.
 */
export function cropPlaces(picture: Upright, size = CROP_SIZE): CropPlace[] {
  const { width, height } = picture;
  const light = lightnessOf(picture);
  const [w, h] = [Math.min(size, width), Math.min(size, height)];
  const step = Math.max(Math.round(size * CROP_STEP), 1);
  const windows: { left: number; top: number; mean: number; texture: number }[] = [];
  for (let top = 0; top + h <= height; top += step)
    for (let left = 0; left + w <= width; left += step) {
      let [sum, change, count] = [0, 0, 0];
      for (let y = top + 2; y < top + h - 2; y += 2)
        for (let x = left + 2; x < left + w - 2; x += 2) {
          const i = y * width + x;
          sum += light[i]!;
          // Over two pixels: noise of one pixel counts less than texture.
          change += Math.abs(light[i + 2]! - light[i]!) + Math.abs(light[i + 2 * width]! - light[i]!);
          count++;
        }
      if (count > 0) windows.push({ left, top, mean: sum / count, texture: change / (2 * count) });
    }
  const taken = new Set<(typeof windows)[number]>();
  const places: CropPlace[] = [];
  const take = (what: CropPlace['what'], rank: (window: (typeof windows)[number]) => number): void => {
    const best = windows
      .filter((window) => !taken.has(window) && Number.isFinite(rank(window)))
      .sort((a, b) => rank(b) - rank(a))[0];
    if (best === undefined) return;
    taken.add(best);
    places.push({ what, x: (best.left + w / 2) / width, y: (best.top + h / 2) / height });
  };
  take('most detailed', ({ texture }) => texture);
  take('darkest', ({ mean, texture }) =>
    mean >= DARK_RANGE[0] && mean <= DARK_RANGE[1] && texture >= LEAST_TEXTURE ? -mean : -Infinity,
  );
  take('brightest', ({ mean }) => mean);
  return places;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Light text on nothing; `lines` one below the other. */
function caption(lines: readonly string[], width: number, height: number): Buffer {
  const text = lines
    .map(
      (line, i) =>
        `<text x="6" y="${18 + i * 20}" font-family="sans-serif" font-size="15" fill="#ddd">${escaped(line)}</text>`,
    )
    .join('');
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${text}</svg>`,
  );
}

/** Breaks a reason into lines that a cell holds. */
function broken(text: string, width: number): string[] {
  const most = Math.floor(width / 8.5);
  const lines: string[] = [''];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1)!;
    if (last.length + word.length + 1 > most && last !== '') lines.push(word.slice(0, most));
    else lines[lines.length - 1] = last === '' ? word.slice(0, most) : `${last} ${word}`;
  }
  return lines.slice(0, 6);
}

/** A row of cells of one size: encoded pictures with what stands above them. */
interface Strip {
  readonly height: number;
  readonly cells: readonly { readonly label: string; readonly image?: Buffer; readonly reason?: string }[];
}

async function writeSheet(file: string, strips: readonly Strip[], cellWidth: number): Promise<void> {
  const columns = Math.max(...strips.map(({ cells }) => cells.length));
  const overlays: OverlayOptions[] = [];
  let top = 0;
  for (const { height, cells } of strips) {
    for (const [column, { label, image, reason }] of cells.entries()) {
      const left = column * (cellWidth + GAP);
      overlays.push({ input: caption([label], cellWidth, LABEL_HEIGHT), left, top });
      overlays.push({
        input: image ?? caption(broken(reason ?? '', cellWidth), cellWidth, height),
        left,
        top: top + LABEL_HEIGHT,
      });
    }
    top += LABEL_HEIGHT + height + GAP;
  }
  const [width, height] = [columns * (cellWidth + GAP) - GAP, top];
  const sheet = sharp({ create: { width, height, channels: 3, background: '#202020' } });
  await sheet.composite(overlays).jpeg({ quality: JPEG_QUALITY, chromaSubsampling: '4:4:4' }).toFile(file);
}

async function fitStrip(raw: string, cells: readonly Cell[]): Promise<Strip> {
  const sides = cells.flatMap(({ picture }) =>
    picture === undefined ? [] : [picture.height / picture.width],
  );
  const height = Math.round(FIT_WIDTH * Math.min(Math.max(...sides, 0.25), TALLEST));
  return {
    height,
    cells: await Promise.all(
      cells.map(async ({ label, picture, reason }, i) => ({
        label: i === 0 ? `${raw} · ${label}` : label,
        ...(picture === undefined
          ? { reason: reason ?? '' }
          : {
              image: await asSharp(picture)
                .resize(FIT_WIDTH, height, { fit: 'contain', background: '#202020', kernel: 'lanczos3' })
                .png()
                .toBuffer(),
            }),
      })),
    ),
  };
}

/** A picture small enough to compare, as lightness. */
async function small(picture: Upright): Promise<Float32Array> {
  const side = 64;
  return lightnessOf(await decoded(asSharp(picture).resize(side, side, { fit: 'fill' })));
}

function correlation(a: Float32Array, b: Float32Array): number {
  const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i]! - ma) * (b[i]! - mb);
    aa += (a[i]! - ma) ** 2;
    bb += (b[i]! - mb) ** 2;
  }
  return ab / Math.sqrt(aa * bb + 1e-12);
}

/** Some programs turn pictures as their orientation says, but do not mirror them: mirrored here, to be compared. */
async function likeOurs(cell: Cell, ours: Upright | undefined): Promise<Cell> {
  if (cell.picture === undefined || ours === undefined) return cell;
  const mirrored = await decoded(asSharp(cell.picture).flop());
  const [like, asIs, flopped] = await Promise.all([small(ours), small(cell.picture), small(mirrored)]);
  return correlation(like, flopped) > correlation(like, asIs)
    ? { label: `${cell.label} (mirrored here)`, picture: mirrored }
    : cell;
}

/** A window of a picture at 100 %, as large as can be. */
async function cropOf(picture: Upright, x: number, y: number): Promise<Buffer> {
  const { width, height } = picture;
  const [w, h] = [Math.min(CROP_SIZE, width), Math.min(CROP_SIZE, height)];
  const left = Math.min(Math.max(Math.round(x * width - w / 2), 0), width - w);
  const top = Math.min(Math.max(Math.round(y * height - h / 2), 0), height - h);
  return asSharp(picture).extract({ left, top, width: w, height: h }).png().toBuffer();
}

async function cropStrips(raw: string, cells: readonly Cell[]): Promise<Strip[]> {
  const first = cells.find(({ picture }) => picture !== undefined)?.picture;
  if (first === undefined) return [];
  return Promise.all(
    cropPlaces(first).map(async ({ what, x, y }) => ({
      height: CROP_SIZE,
      cells: await Promise.all(
        cells.map(async ({ label, picture, reason }, i) => ({
          label: i === 0 ? `${what} · ${raw}` : (label.split(' ')[0] ?? ''),
          ...(picture === undefined
            ? { reason: reason ?? '' }
            : picture.width < LEAST_SHARE * first.width
              ? { reason: `${picture.width} pixels wide: too small to compare` }
              : { image: await cropOf(picture, x, y) }),
        })),
      ),
    })),
  );
}

function isFile(name: string, extensions: readonly string[]): boolean {
  return extensions.includes(path.extname(name).toLowerCase());
}

/**
 * Every raw file of `data/raw` as we develop it without a setting, as others do, and as its camera did, side by side: at
 * fit (`fit.jpg`) and at 100 % (`crops.jpg`), in `folder`.
 */
export async function drawSheets(
  data: string,
  folder: string,
  programs: readonly Peer[],
  workspace: Workspace,
  log: Log,
): Promise<SheetRow[]> {
  const raws = path.join(data, 'raw');
  const names = (await readdir(raws)).sort();
  const [fits, crops, rows]: [Strip[], Strip[], SheetRow[]] = [[], [], []];
  for (const name of names.filter((each) => isFile(each, RAW_EXTENSIONS))) {
    const file = path.join(raws, name);
    const cells: Cell[] = [];
    for (const program of programs) {
      const cell = await developed(file, program, workspace);
      cells.push(await likeOurs(cell, cells[0]?.picture));
    }
    cells.push(await cameraPicture(file, names));
    fits.push(await fitStrip(name, cells));
    crops.push(...(await cropStrips(name, cells)));
    for (const [i, { picture, reason }] of cells.entries()) {
      const result = picture === undefined ? (reason ?? '') : `${picture.width} × ${picture.height}`;
      rows.push({ raw: name, program: programs[i]?.name ?? CAMERA, result: broken(result, LINE)[0]! });
    }
    log.progress(name);
  }
  if (fits.length === 0) throw new Error(`no raw files in ${raws}`);
  await mkdir(folder, { recursive: true });
  await writeSheet(path.join(folder, 'fit.jpg'), fits, FIT_WIDTH);
  await writeSheet(path.join(folder, 'crops.jpg'), crops, CROP_SIZE);
  return rows;
}

/** A line for each raw: what each program made of it. */
export function formatSheet(rows: readonly SheetRow[]): string {
  const programs = [...new Set(rows.map(({ program }) => program))];
  const body = [...new Set(rows.map(({ raw }) => raw))].map((raw) => [
    raw,
    ...programs.map(
      (program) => rows.find((row) => row.raw === raw && row.program === program)?.result ?? '-',
    ),
  ]);
  return alignTable(['', ...programs], body);
}
