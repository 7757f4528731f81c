import type { RgbImage } from '@photosite/measure';
import { type Mosaic, mosaic, mosaicSheet } from './mosaic.js';
import { NOISE_LEVELS } from './noise.js';
import { proceduralScene } from './scene.js';
import { layOut } from './tile.js';

/** Noise of the raws that are timed: a well exposed frame. */
export const SYNTHETIC_NOISE = NOISE_LEVELS.N1;

const PROCEDURAL_SIZE = 1024;

/**
 * What raws of any size are laid from for timing: the given pictures side by side, or a procedural scene where there
 * are none.
 */
export function syntheticTile(pictures: readonly RgbImage[]): Mosaic {
  const images = pictures.length > 0 ? pictures : [proceduralScene(PROCEDURAL_SIZE, PROCEDURAL_SIZE, 1)];
  const width = Math.max(...images.map((image) => image.width)) * Math.min(3, images.length);
  const mosaics = images.map((image, i) => mosaic(image, SYNTHETIC_NOISE, 1 + i));
  return mosaicSheet(mosaics, layOut(images, width));
}
