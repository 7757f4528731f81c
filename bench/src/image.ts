/** A picture of three floating-point planes, pixel-interleaved R G B, rows top to bottom. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  /** `width * height * 3` values. */
  readonly data: Float32Array;
}

/** A rectangle in pixels. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Cuts a rectangle out of an image; throws a `RangeError` where it does not lie inside. */
export function crop(image: RgbImage, area: Rectangle): RgbImage {
  const { left, top, width, height } = area;
  if (left < 0 || top < 0 || left + width > image.width || top + height > image.height) {
    throw new RangeError(
      `cannot cut ${width}×${height} at ${left},${top} out of ${image.width}×${image.height}`,
    );
  }
  const data = new Float32Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * 3;
    data.set(image.data.subarray(from, from + width * 3), y * width * 3);
  }
  return { width, height, data };
}

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
