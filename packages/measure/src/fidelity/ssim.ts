import { checkSameSize } from '../checks.js';
import { MeasureError } from '../MeasureError.js';
import type { Plane } from '../Plane.js';
import type { RgbImage } from '../RgbImage.js';

/** Side of the Gaussian window and its standard deviation in pixels (Wang et al. 2004, section III-B). */
const WINDOW = 11;
const SIGMA = 1.5;
/** C1 = (K1·L)² and C2 = (K2·L)² with K1 = 0.01, K2 = 0.03 and a dynamic range L of 1. */
const C1 = 0.01 ** 2;
const C2 = 0.03 ** 2;

const HALF = (WINDOW - 1) / 2;
const weights = (() => {
  const raw = Array.from({ length: WINDOW }, (_, i) => Math.exp(-((i - HALF) ** 2) / (2 * SIGMA ** 2)));
  const sum = raw.reduce((a, b) => a + b, 0);
  return raw.map((w) => w / sum);
})();

/** Gaussian means of a plane at every place where the whole window lies inside. */
function windowMeans(plane: Float64Array, width: number, height: number): Float64Array {
  const outWidth = width - 2 * HALF;
  const outHeight = height - 2 * HALF;
  const rows = new Float64Array(outWidth * height);
  const [w0, w1, w2, w3, w4, w5] = weights as [number, number, number, number, number, number];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < outWidth; x++) {
      const i = y * width + x;
      rows[y * outWidth + x] =
        w0 * (plane[i]! + plane[i + 10]!) +
        w1 * (plane[i + 1]! + plane[i + 9]!) +
        w2 * (plane[i + 2]! + plane[i + 8]!) +
        w3 * (plane[i + 3]! + plane[i + 7]!) +
        w4 * (plane[i + 4]! + plane[i + 6]!) +
        w5 * plane[i + 5]!;
    }
  }
  const out = new Float64Array(outWidth * outHeight);
  const s = outWidth;
  for (let i = 0; i < out.length; i++) {
    out[i] =
      w0 * (rows[i]! + rows[i + 10 * s]!) +
      w1 * (rows[i + s]! + rows[i + 9 * s]!) +
      w2 * (rows[i + 2 * s]! + rows[i + 8 * s]!) +
      w3 * (rows[i + 3 * s]! + rows[i + 7 * s]!) +
      w4 * (rows[i + 4 * s]! + rows[i + 6 * s]!) +
      w5 * rows[i + 5 * s]!;
  }
  return out;
}

function planeOf(image: RgbImage, channel: number, border: number): Plane {
  const width = image.width - 2 * border;
  const height = image.height - 2 * border;
  const plane = new Float64Array(width * height);
  for (let y = 0; y < height; y++) {
    let from = ((y + border) * image.width + border) * 3 + channel;
    for (let x = 0; x < width; x++, from += 3) plane[y * width + x] = image.data[from]!;
  }
  return { width, height, data: plane };
}

function checkWindow(width: number, height: number): void {
  if (Math.min(width, height) >= WINDOW) return;
  throw new MeasureError(`SSIM needs at least ${WINDOW} pixels a side; ${width}×${height} are left.`);
}

/** Mean structural similarity of one channel; see {@link ssim}. */
export function ssimOfPlanes(plane: Plane, truth: Plane): number {
  const { width, height, data: a } = plane;
  const b = truth.data;
  checkWindow(width, height);
  const product = (p: Float64Array, q: Float64Array) => p.map((value, i) => value * q[i]!);
  const meanA = windowMeans(a, width, height);
  const meanB = windowMeans(b, width, height);
  // Only the sum of the two variances enters, so one filtering of a² + b² serves both.
  const power = windowMeans(
    a.map((value, i) => value * value + b[i]! * b[i]!),
    width,
    height,
  );
  const cross = windowMeans(product(a, b), width, height);
  let sum = 0;
  for (let i = 0; i < meanA.length; i++) {
    const ab = meanA[i]! * meanB[i]!;
    const squares = meanA[i]! * meanA[i]! + meanB[i]! * meanB[i]!;
    sum += ((2 * ab + C1) * (2 * (cross[i]! - ab) + C2)) / ((squares + C1) * (power[i]! - squares + C2));
  }
  return sum / meanA.length;
}

/**
 * Mean structural similarity after Wang, Bovik, Sheikh and Simoncelli, "Image Quality Assessment: From Error
 * Visibility to Structural Similarity", IEEE TIP 13(4), 2004: 11×11 Gaussian window of 1.5 pixels, K1 = 0.01,
 * K2 = 0.03, dynamic range 1, windows wholly inside the picture; the mean of the three channels, each by itself, so
 * that false colour counts. `border` pixels are dropped at each side first.
 */
export function ssim(image: RgbImage, truth: RgbImage, border: number): number {
  checkSameSize(image, truth);
  checkWindow(truth.width - 2 * border, truth.height - 2 * border);
  let sum = 0;
  for (let channel = 0; channel < 3; channel++) {
    sum += ssimOfPlanes(planeOf(image, channel, border), planeOf(truth, channel, border));
  }
  return sum / 3;
}
