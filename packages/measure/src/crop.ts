import { checkRegion } from './checks.js';
import type { RgbImage } from './RgbImage.js';

/** A rectangle in pixels. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Cuts a rectangle out of an image; throws a {@link MeasureError} where it does not lie inside. */
export function crop(image: RgbImage, area: Rectangle): RgbImage {
  const { left, top, width, height } = area;
  checkRegion('region', area, image);
  const data = new Float32Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * 3;
    data.set(image.data.subarray(from, from + width * 3), y * width * 3);
  }
  return { width, height, data };
}
