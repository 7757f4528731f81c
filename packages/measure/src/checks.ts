import type { Rectangle } from './crop.js';
import { MeasureError } from './MeasureError.js';
import type { RgbImage } from './RgbImage.js';

/** Throws a {@link MeasureError} unless the sizes are whole, positive and what the data's length says. */
export function checkImage(field: string, { width, height, data }: RgbImage): void {
  const whole = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0;
  if (!whole || data.length !== width * height * 3) {
    throw new MeasureError(`${width}×${height} with ${data.length} values is no picture of three channels.`, {
      field,
    });
  }
}

/** Throws a {@link MeasureError} unless both are pictures of one size. */
export function checkSameSize(image: RgbImage, truth: RgbImage): void {
  checkImage('image', image);
  checkImage('truth', truth);
  if (image.width !== truth.width || image.height !== truth.height) {
    throw new MeasureError(
      `the pictures differ in size: ${image.width}×${image.height} and ${truth.width}×${truth.height}. Crop or scale one of them first.`,
    );
  }
}

/** The value itself where it is finite and within [least, most]; a {@link MeasureError} otherwise. */
export function inRange(field: string, value: number, least: number, most: number): number {
  if (Number.isFinite(value) && value >= least && value <= most) return value;
  throw new MeasureError(`${value} is not possible; allowed are ${least} to ${most}.`, { field });
}

/** Throws a {@link MeasureError} unless the rectangle has whole numbers and lies inside the picture. */
export function checkRegion(
  field: string,
  { left, top, width, height }: Rectangle,
  picture: { readonly width: number; readonly height: number },
): void {
  const whole = [left, top, width, height].every(Number.isInteger);
  const inside = left >= 0 && top >= 0 && left + width <= picture.width && top + height <= picture.height;
  if (!whole || !inside || width < 1 || height < 1) {
    throw new MeasureError(
      `${width}×${height} at ${left},${top} is no area of a picture of ${picture.width}×${picture.height} pixels.`,
      { field },
    );
  }
}
