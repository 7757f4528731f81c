import type { RgbImage } from '@photosite/measure';

/** Puts an image into the middle of a larger black one: restores borders that a program has dropped. */
export function centreIn(image: RgbImage, width: number, height: number): RgbImage {
  if (image.width === width && image.height === height) return image;
  const left = (width - image.width) / 2;
  const top = (height - image.height) / 2;
  if (left < 0 || top < 0 || !Number.isInteger(left) || !Number.isInteger(top)) {
    throw new RangeError(`${image.width}×${image.height} does not centre in ${width}×${height}`);
  }
  const data = new Float32Array(width * height * 3);
  for (let y = 0; y < image.height; y++) {
    const from = y * image.width * 3;
    data.set(image.data.subarray(from, from + image.width * 3), ((top + y) * width + left) * 3);
  }
  return { width, height, data };
}

/** The image with left and right exchanged. */
export function mirror(image: RgbImage): RgbImage {
  const { width, height } = image;
  const data = new Float32Array(image.data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 3;
      data.set(image.data.subarray(from, from + 3), (y * width + width - 1 - x) * 3);
    }
  }
  return { width, height, data };
}
