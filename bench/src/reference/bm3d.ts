import type { RgbImage } from '@photosite/measure';

// BM3D as published, to be read and to be compared with: nothing here is made fast at the cost of being plain.
// Dabov, Foi, Katkovnik and Egiazarian, "Image denoising by sparse 3-D transform-domain collaborative filtering", IEEE
// Trans. Image Processing 16(8), 2007; its colour version, "Color image denoising via sparse 3D collaborative filtering
// with grouping constraint in luminance-chrominance space", ICIP 2007. Parameters of the "normal" profile.

/** Side of a patch in pixels. */
const PATCH = 8;
const PATCH_AREA = PATCH * PATCH;
/** Pixels from one reference patch to the next. */
const STEP = 3;
/** How far matching patches are looked for, each way: a window of 39 × 39. */
const SEARCH = 19;
/** The hard threshold, in standard deviations. */
const LAMBDA = 2.7;
/** The shape of the Kaiser window that weighs a patch's pixels. */
const KAISER_BETA = 2;
/** Most patches of a group. */
const HARD_GROUP = 16;
const WIENER_GROUP = 32;
/** Largest mean squared difference of matching patches, for a peak of 255. */
const HARD_MATCH = 2500;
const WIENER_MATCH = 400;

interface Planes {
  readonly width: number;
  readonly height: number;
  /** Luminance and two differences, each with the noise of one channel. */
  readonly channels: readonly Float32Array[];
}

/** The orthonormal opponent colours: white noise of equal strength in R, G and B stays so. */
const OPPONENT = [
  [1 / Math.sqrt(3), 1 / Math.sqrt(3), 1 / Math.sqrt(3)],
  [1 / Math.sqrt(2), 0, -1 / Math.sqrt(2)],
  [1 / Math.sqrt(6), -2 / Math.sqrt(6), 1 / Math.sqrt(6)],
] as const;

function toOpponent({ width, height, data }: RgbImage): Planes {
  const channels = OPPONENT.map(([r, g, b]) =>
    Float32Array.from(
      { length: width * height },
      (_, i) => r * data[3 * i]! + g * data[3 * i + 1]! + b * data[3 * i + 2]!,
    ),
  );
  return { width, height, channels };
}

function fromOpponent({ width, height, channels }: Planes): RgbImage {
  const data = new Float32Array(width * height * 3);
  for (let i = 0; i < width * height; i++)
    for (let c = 0; c < 3; c++)
      data[3 * i + c] = OPPONENT.reduce((sum, row, k) => sum + row[c]! * channels[k]![i]!, 0);
  return { width, height, data };
}

/** The orthonormal DCT-II: row k holds the samples of frequency k. */
const DCT = Float32Array.from({ length: PATCH_AREA }, (_, i) => {
  const [k, n] = [Math.floor(i / PATCH), i % PATCH];
  return Math.sqrt((k === 0 ? 1 : 2) / PATCH) * Math.cos((Math.PI * (2 * n + 1) * k) / (2 * PATCH));
});

const halfDone = new Float32Array(PATCH_AREA);

/** The 2-D DCT of the patch at `from` into `to`. */
function transformPatch(
  plane: Float32Array,
  from: number,
  stride: number,
  to: Float32Array,
  at: number,
): void {
  for (let y = 0; y < PATCH; y++)
    for (let k = 0; k < PATCH; k++) {
      let sum = 0;
      for (let x = 0; x < PATCH; x++) sum += DCT[k * PATCH + x]! * plane[from + y * stride + x]!;
      halfDone[y * PATCH + k] = sum;
    }
  for (let k = 0; k < PATCH; k++)
    for (let x = 0; x < PATCH; x++) {
      let sum = 0;
      for (let y = 0; y < PATCH; y++) sum += DCT[k * PATCH + y]! * halfDone[y * PATCH + x]!;
      to[at + k * PATCH + x] = sum;
    }
}

/** Adds the patch of a spectrum, each pixel times its weight, to the sums at `to`. */
function addPatch(
  spectrum: Float32Array,
  at: number,
  weight: number,
  sums: Float32Array,
  weights: Float32Array,
  to: number,
  stride: number,
): void {
  for (let k = 0; k < PATCH; k++)
    for (let x = 0; x < PATCH; x++) {
      let sum = 0;
      for (let j = 0; j < PATCH; j++) sum += DCT[j * PATCH + x]! * spectrum[at + k * PATCH + j]!;
      halfDone[k * PATCH + x] = sum;
    }
  for (let y = 0; y < PATCH; y++)
    for (let x = 0; x < PATCH; x++) {
      let sum = 0;
      for (let k = 0; k < PATCH; k++) sum += DCT[k * PATCH + y]! * halfDone[k * PATCH + x]!;
      const own = weight * KAISER[y * PATCH + x]!;
      sums[to + y * stride + x]! += own * sum;
      weights[to + y * stride + x]! += own;
    }
}

/** The modified Bessel function of the first kind, order 0 (its power series). */
function besselI0(x: number): number {
  let [sum, term] = [1, 1];
  for (let k = 1; term > 1e-12 * sum; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

const KAISER = (() => {
  const line = Array.from({ length: PATCH }, (_, n) => {
    const t = (2 * n) / (PATCH - 1) - 1;
    return besselI0(KAISER_BETA * Math.sqrt(1 - t * t)) / besselI0(KAISER_BETA);
  });
  return Float32Array.from({ length: PATCH_AREA }, (_, i) => line[Math.floor(i / PATCH)]! * line[i % PATCH]!);
})();

/** The orthonormal Haar transform across the patches of a group, every coefficient by itself; `count` is a power of two. */
function haar(group: Float32Array, count: number, backwards: boolean): void {
  const line = new Float32Array(count);
  for (let i = 0; i < PATCH_AREA; i++) {
    const sizes: number[] = [];
    for (let n = count; n > 1; n /= 2) sizes.push(n);
    if (backwards) sizes.reverse();
    for (const n of sizes) {
      for (let j = 0; j < n / 2; j++) {
        const [first, second] = backwards ? [j, n / 2 + j] : [2 * j, 2 * j + 1];
        const [a, b] = [group[first * PATCH_AREA + i]!, group[second * PATCH_AREA + i]!];
        line[backwards ? 2 * j : j] = (a + b) * Math.SQRT1_2;
        line[backwards ? 2 * j + 1 : n / 2 + j] = (a - b) * Math.SQRT1_2;
      }
      for (let j = 0; j < n; j++) group[j * PATCH_AREA + i] = line[j]!;
    }
  }
}

/** Places of the patches most alike to the one at (x0, y0), itself first; a power of two of them. */
function findGroup(
  luminance: Float32Array,
  width: number,
  height: number,
  x0: number,
  y0: number,
  most: number,
  largest: number,
): number[] {
  const found: { at: number; distance: number }[] = [];
  const own = y0 * width + x0;
  let limit = largest * PATCH_AREA;
  for (let y = Math.max(y0 - SEARCH, 0); y <= Math.min(y0 + SEARCH, height - PATCH); y++)
    for (let x = Math.max(x0 - SEARCH, 0); x <= Math.min(x0 + SEARCH, width - PATCH); x++) {
      const at = y * width + x;
      let distance = 0;
      for (let j = 0; j < PATCH && distance < limit; j++)
        for (let i = 0; i < PATCH; i++) {
          const difference = luminance[own + j * width + i]! - luminance[at + j * width + i]!;
          distance += difference * difference;
        }
      if (distance >= limit) continue;
      let place = found.length;
      while (place > 0 && found[place - 1]!.distance > distance) place--;
      found.splice(place, 0, { at, distance });
      if (found.length > most) found.pop();
      if (found.length === most) limit = found[most - 1]!.distance;
    }
  const count = 2 ** Math.floor(Math.log2(Math.max(found.length, 1)));
  return found.length === 0 ? [own] : found.slice(0, count).map(({ at }) => at);
}

/** Reference patches' coordinates: every `STEP`, and the last that fits. */
function starts(size: number): number[] {
  const list: number[] = [];
  for (let i = 0; i < size - PATCH; i += STEP) list.push(i);
  return [...list, size - PATCH];
}

/** One of the two steps: by hard threshold, or by a Wiener filter that takes `pilot` for the truth. */
function filter(noisy: Planes, sigma: number, peak: number, pilot?: Planes): Planes {
  const { width, height } = noisy;
  const variance = sigma * sigma;
  const most = pilot === undefined ? HARD_GROUP : WIENER_GROUP;
  const largest = (pilot === undefined ? HARD_MATCH : WIENER_MATCH) * (peak / 255) ** 2;
  const sums = noisy.channels.map(() => new Float32Array(width * height));
  const weights = noisy.channels.map(() => new Float32Array(width * height));
  const group = new Float32Array(most * PATCH_AREA);
  const guide = new Float32Array(most * PATCH_AREA);
  for (const y of starts(height))
    for (const x of starts(width)) {
      const places = findGroup((pilot ?? noisy).channels[0]!, width, height, x, y, most, largest);
      const count = places.length;
      noisy.channels.forEach((plane, c) => {
        places.forEach((at, i) => {
          transformPatch(plane, at, width, group, i * PATCH_AREA);
        });
        haar(group, count, false);
        let kept = 0;
        if (pilot === undefined) {
          for (let i = 0; i < count * PATCH_AREA; i++)
            if (Math.abs(group[i]!) < LAMBDA * sigma) group[i] = 0;
            else kept++;
        } else {
          places.forEach((at, i) => {
            transformPatch(pilot.channels[c]!, at, width, guide, i * PATCH_AREA);
          });
          haar(guide, count, false);
          for (let i = 0; i < count * PATCH_AREA; i++) {
            const energy = guide[i]! * guide[i]!;
            const shrink = energy / (energy + variance);
            group[i]! *= shrink;
            kept += shrink * shrink;
          }
        }
        haar(group, count, true);
        const weight = 1 / Math.max(kept, 1);
        places.forEach((at, i) => {
          addPatch(group, i * PATCH_AREA, weight, sums[c]!, weights[c]!, at, width);
        });
      });
    }
  return { width, height, channels: sums.map((sum, c) => sum.map((v, i) => v / weights[c]![i]!)) };
}

/**
 * Colour BM3D: hard threshold, then Wiener.
 * @param image white noise of the same variance in all channels, at least 8 pixels each way
 * @param sigma its standard deviation
 * @param peak the distance from black to white, which the published limits on matching refer to
 */
export function bm3d(image: RgbImage, sigma: number, peak: number): RgbImage {
  const noisy = toOpponent(image);
  return fromOpponent(filter(noisy, sigma, peak, filter(noisy, sigma, peak)));
}
