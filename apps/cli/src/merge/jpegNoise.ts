import type { NoiseProfile } from '@photosite/raw';

/** White of the linear values. */
const WHITE = 65535;
/** Side of a patch whose variance is looked at, in pixels. */
const PATCH = 32;
/**
 * Pixels between the values that are compared: cameras smooth noise before they compress, so that neighbours are alike, while
 * two frames differ by all of it. Beyond a few pixels it is independent.
 */
const LAG = 7;
/** Patches are put together by brightness. */
const BINS = 12;
/** Patches from here on may be clipped. */
const NEARLY_WHITE = 0.9;
/** The share of the calmest patches of a bin that show noise and no texture. */
const CALM = 0.2;
/**
 * The calmest patches have less than the noise: on a burst of a telephone, flat surfaces differ from frame to frame by three times
 * their variance. And what is left of it after smoothing is alike from pixel to pixel, so that means over a few, by which
 * frames are told to agree, have more of it than independent noise would leave.
 */
const UNDERSTATED = 4;
/** Fewest patches of a bin that say something. */
const LEAST_PATCHES = 12;
/** Second differences have so many times the variance of what they are taken of. */
const SECOND_DIFFERENCE_GAIN = 6;

interface Patch {
  readonly mean: number;
  readonly variance: number;
}

/** Mean and noise of a patch from second differences along its rows: light that slopes is no noise. */
function patchAt(data: Uint8Array, table: Uint16Array, first: number, rowLength: number): Patch {
  let [sum, squares, count] = [0, 0, 0];
  for (let y = 0; y < PATCH; y += 2) {
    let at = first + y * rowLength;
    for (let x = 0; x + 2 * LAG < PATCH; x++, at += 3, count++) {
      const middle = table[data[at + 3 * LAG]!]!;
      const second = table[data[at]!]! - 2 * middle + table[data[at + 6 * LAG]!]!;
      sum += middle;
      squares += second * second;
    }
  }
  return {
    mean: sum / count / WHITE,
    variance: squares / count / SECOND_DIFFERENCE_GAIN / WHITE ** 2,
  };
}

/**
 * Noise of the linear values of a JPEG from its calmest patches, a line through their variances over brightness, with the
 * rounding to 8 bits as the least: variance = scale · signal + offset on [0,1], for each colour.
 *
 * @param data encoded RGB
 * @param tables for each colour the linear values of the 256 codes, in 16 bits
 */
export function estimateJpegNoise(
  data: Uint8Array,
  width: number,
  height: number,
  tables: readonly Uint16Array[],
): NoiseProfile[] {
  return tables.map((decoded, plane) => {
    const bins = Array.from({ length: BINS }, (): Patch[] => []);
    for (let top = 0; top + PATCH <= height; top += PATCH) {
      for (let left = 0; left + PATCH <= width; left += PATCH) {
        const patch = patchAt(data, decoded, (top * width + left) * 3 + plane, width * 3);
        // By the square root, which spreads the dark: noise grows there fastest.
        const bin = Math.min(Math.floor(Math.sqrt(patch.mean) * BINS), BINS - 1);
        if (patch.mean < NEARLY_WHITE) bins[bin]!.push(patch);
      }
    }
    const points = bins
      .filter((bin) => bin.length >= LEAST_PATCHES)
      .map((bin): Patch => {
        const calm = bin
          .sort((a, b) => a.variance - b.variance)
          .slice(0, Math.max(Math.ceil(CALM * bin.length), LEAST_PATCHES / 2));
        const mean = calm.reduce((total, each) => total + each.mean, 0) / calm.length;
        const variance = calm.reduce((total, each) => total + each.variance, 0) / calm.length;
        return { mean, variance: UNDERSTATED * variance + stepAt(decoded, mean) ** 2 / 12 };
      });
    return throughPoints(points);
  });
}

/** The line through points, weighted by the inverse square of the variance, nowhere far below the least of them. */
function throughPoints(points: readonly Patch[]): NoiseProfile {
  const least = Math.min(1 / (12 * 255 * 255), ...points.map(({ variance }) => variance));
  let [w, wx, wy, wxx, wxy] = [0, 0, 0, 0, 0];
  for (const { mean, variance } of points) {
    const weight = 1 / variance ** 2;
    w += weight;
    wx += weight * mean;
    wy += weight * variance;
    wxx += weight * mean * mean;
    wxy += weight * mean * variance;
  }
  const determinant = w * wxx - wx * wx;
  // One point, or none: noise that is the same everywhere.
  if (!(determinant > 0)) return { scale: 0, offset: points[0]?.variance ?? least };
  const scale = Math.max((w * wxy - wx * wy) / determinant, 0);
  return { scale, offset: Math.max((wy - scale * wx) / w, least / 4) };
}

/** The step between the codes around a linear value, on [0,1]. */
function stepAt(decoded: Uint16Array, mean: number): number {
  const above = decoded.findIndex((value) => value >= mean * WHITE);
  const code = Math.min(Math.max(above, 1), decoded.length - 1);
  return (decoded[code]! - decoded[code - 1]!) / WHITE;
}
