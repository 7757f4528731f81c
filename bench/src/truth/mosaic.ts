import type { RgbImage } from '@photosite/measure';
import { addNoise, type NoiseLevel } from './noise.js';
import { seededRandom } from './random.js';
import type { Sheet } from './tile.js';

/** The protocol's quantisation: 14 bit with a black level of 512. */
export const BLACK_LEVEL = 512;
export const WHITE_LEVEL = 16383;

/** The level that stands for a signal; what falls outside the scale is cut. */
export function levelOf(signal: number): number {
  const level = Math.round(signal * (WHITE_LEVEL - BLACK_LEVEL) + BLACK_LEVEL);
  return Math.min(Math.max(level, 0), WHITE_LEVEL);
}

/**
 * Samples a linear picture by an RGGB array, adds noise and quantises to 14 bit; what falls outside the scale is cut.
 */
export function mosaic(picture: RgbImage, level: NoiseLevel, seed: number): Uint16Array {
  const { width, height, data } = picture;
  const random = seededRandom(seed);
  const samples = new Uint16Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const channel = (y & 1) + (x & 1);
      samples[i] = levelOf(addNoise(data[i * 3 + channel]!, level, random));
    }
  }
  return samples;
}

/** A mosaic and its size. */
export interface Mosaic {
  readonly samples: Uint16Array;
  readonly width: number;
  readonly height: number;
}

/** One mosaic of many pictures' mosaics: each at its place of the sheet, black where nothing lies. */
export function mosaicSheet(mosaics: readonly Uint16Array[], sheet: Sheet): Mosaic {
  const { width, height } = sheet;
  const samples = new Uint16Array(width * height).fill(BLACK_LEVEL);
  sheet.places.forEach((place, i) => {
    const own = mosaics[i]!;
    for (let y = 0; y < place.height; y++) {
      const row = own.subarray(y * place.width, (y + 1) * place.width);
      samples.set(row, (place.top + y) * width + place.left);
    }
  });
  return { samples, width, height };
}

/** A mosaic of any even size, the given one laid side by side until it is filled. */
export function repeatMosaic(tile: Mosaic, width: number, height: number): Mosaic {
  const samples = new Uint16Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (y % tile.height) * tile.width;
    for (let x = 0; x < width; x += tile.width) {
      const count = Math.min(tile.width, width - x);
      samples.set(tile.samples.subarray(from, from + count), y * width + x);
    }
  }
  return { samples, width, height };
}
