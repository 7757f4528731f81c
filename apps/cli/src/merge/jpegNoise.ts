import type { NoiseProfile } from '@photosite/raw';

/** White of the linear values. */
const WHITE = 65535;
/** Side of a patch whose variance is looked at, in pixels; JPEG's own blocks have the same. */
const PATCH = 8;
/** Patches are put together by brightness. */
const BINS = 12;
/** The share of the calmest patches of a bin that show noise and no texture. */
const CALM = 0.1;
/** Cameras denoise before they compress: patches' variances understate what two frames differ by. */
const CAMERA_DENOISING = 2;

/**
 * Noise of the linear values from the calmest patches, a line through their variances over brightness, with the
 * rounding to 8 bits as the least: variance = scale · signal + offset on [0,1], for each colour.
 *
 * @param samples linear RGB in 16 bits
 * @param decoded the linear values of the 256 codes
 */
export function estimateJpegNoise(
  samples: Uint16Array,
  width: number,
  height: number,
  decoded: Uint16Array,
): NoiseProfile[] {
  const steps = stepsOf(decoded);
  return [0, 1, 2].map((plane) => {
    const bins = Array.from({ length: BINS }, (): { mean: number; variance: number }[] => []);
    for (let top = 0; top + PATCH <= height; top += 2 * PATCH) {
      for (let left = 0; left + PATCH <= width; left += 2 * PATCH) {
        let [sum, squares] = [0, 0];
        // Differences along the row: slopes of light over a patch are no noise.
        for (let y = 0; y < PATCH; y++) {
          let at = ((top + y) * width + left) * 3 + plane;
          for (let x = 0; x + 2 < PATCH; x++, at += 3) {
            const second = samples[at]! - 2 * samples[at + 3]! + samples[at + 6]!;
            sum += samples[at + 3]!;
            squares += second * second;
          }
        }
        const count = PATCH * (PATCH - 2);
        const mean = sum / count / WHITE;
        const variance = squares / count / 6 / WHITE ** 2;
        const bin = Math.min(Math.floor(Math.sqrt(mean) * BINS), BINS - 1);
        if (mean < 0.9) bins[bin]!.push({ mean, variance });
      }
    }
    const points = bins.flatMap((bin) => {
      if (bin.length < BINS) return [];
      const calm = bin.sort((a, b) => a.variance - b.variance).slice(0, Math.ceil(CALM * bin.length));
      const mean = calm.reduce((total, each) => total + each.mean, 0) / calm.length;
      const variance = calm.reduce((total, each) => total + each.variance, 0) / calm.length;
      const step = steps[Math.round(mean * (steps.length - 1))]!;
      return [{ mean, variance: CAMERA_DENOISING * variance + (step * step) / 12 }];
    });
    return throughPoints(points);
  });
}

/** The line through points, weighted by the inverse square of the variance, not below zero anywhere. */
function throughPoints(
  points: readonly { readonly mean: number; readonly variance: number }[],
): NoiseProfile {
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
  if (!(determinant > 0)) return { scale: 0, offset: points[0]?.variance ?? 1 / (12 * 255 * 255) };
  const scale = Math.max((w * wxy - wx * wy) / determinant, 0);
  const least = Math.min(...points.map(({ variance }) => variance));
  return { scale, offset: Math.max((wy - scale * wx) / w, least / 4) };
}

/** The step between neighbouring codes, on [0,1], over the linear value in 256 steps. */
function stepsOf(table: Uint16Array): Float32Array {
  const steps = new Float32Array(256);
  let code = 0;
  for (let i = 0; i < 256; i++) {
    while (code < 254 && table[code + 1]! / WHITE < i / 255) code++;
    steps[i] = (table[code + 1]! - table[code]!) / WHITE;
  }
  return steps;
}
