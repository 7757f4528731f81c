import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { decodeSrgb, type RgbImage } from '@photosite/measure';
import type { NoiseProfile } from '@photosite/raw';
import sharp from 'sharp';
import { mosaic } from './mosaic.js';
import { type NoiseLevel, noiseProfileOf } from './noise.js';

/** A picture taken as the truth: linear RGB in [0,1], white neutral. */
export interface TruthPicture {
  readonly name: string;
  readonly image: RgbImage;
}

/** A set of truth pictures under one name. */
export interface TruthSet {
  readonly name: string;
  readonly pictures: readonly TruthPicture[];
  /** What raws of these pictures say of their noise: one for all channels, one each, or none. */
  noiseProfile(level: NoiseLevel): readonly NoiseProfile[];
  /** RGGB mosaics of the pictures in the protocol's levels, in their order; the same every time. */
  expose(level: NoiseLevel): Promise<readonly Uint16Array[]>;
}

/** Seed of the first picture's noise; every further one has the next. */
export const FIRST_SEED = 1000;

/** The sets of the protocol that are pictures: folder names under `truth/` of the data folder. */
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
  return {
    name,
    pictures,
    noiseProfile: noiseProfileOf,
    expose: async (level) => pictures.map(({ image }, i) => mosaic(image, level, FIRST_SEED + i)),
  };
}

/** The set's first pictures alone. */
export function firstOf(set: TruthSet, count: number): TruthSet {
  return {
    ...set,
    pictures: set.pictures.slice(0, count),
    expose: async (level) => (await set.expose(level)).slice(0, count),
  };
}
