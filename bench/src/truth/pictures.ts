import { readdir } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { decodeSrgb } from '../color/srgb.js';
import type { RgbImage } from '../image.js';

/** A picture taken as the truth: linear sRGB, at most `TRUTH_SCALE`. */
export interface TruthPicture {
  readonly name: string;
  readonly image: RgbImage;
}

/** A set of truth pictures under one name. */
export interface TruthSet {
  readonly name: string;
  readonly pictures: readonly TruthPicture[];
}

/** The sets of the protocol: folder names under `truth/` of the data folder. */
export const TRUTH_SETS = ['kodak', 'mcmaster'] as const;

/** Headroom below the white level, so that interpolation and noise are not cut there. */
const TRUTH_SCALE = 0.9;

const PICTURE_FILE = /\.(png|tiff?)$/i;

async function readTruth(file: string): Promise<RgbImage> {
  // The protocol takes the stored values as sRGB, whatever profile a file may carry.
  const { data, info } = await sharp(file, { ignoreIcc: true })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`${file}: expected three channels, found ${info.channels}`);
  const table = Float32Array.from({ length: 256 }, (_, v) => TRUTH_SCALE * decodeSrgb(v / 255));
  return { width: info.width, height: info.height, data: Float32Array.from(data, (v) => table[v]!) };
}

/** Reads the pictures of `dataFolder/truth/name`, sorted by name. */
export async function readTruthSet(dataFolder: string, name: string): Promise<TruthSet> {
  const folder = path.join(dataFolder, 'truth', name);
  const files = (await readdir(folder)).filter((file) => PICTURE_FILE.test(file));
  files.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const pictures: TruthPicture[] = [];
  for (const file of files) {
    pictures.push({ name: path.parse(file).name, image: await readTruth(path.join(folder, file)) });
  }
  return { name, pictures };
}
