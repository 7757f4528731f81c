import type { NoiseProfile, RawFrame } from '@photosite/raw';
import { colourAt, lineariseTables } from '../stages/linearise/tables.js';

/** Side of a patch in samples of one colour. */
const PATCH = 8;
/** Samples' second differences along rows and columns have this times the noise's variance (Immerkær 1996). */
const FILTER_GAIN = 36;
/** Most patches looked at for each place of the array. */
const PATCHES = 6000;
/** Patches are put together by brightness. */
const BINS = 20;
/** The share of a bin's calmest patches among which the most frequent variance is looked for. */
const CALM = 0.75;
/** Fits, each without the bins that stand out above the one before by more than `TEXTURED`. */
const FITS = 4;
const TEXTURED = 1.25;
/** Patches with samples from here on are left out: they may be clipped. */
const NEARLY_WHITE = 0.95;
/** Keeps logarithms finite: far below the rounding of 16 bits. */
const LEAST_VARIANCE = 1e-12;
/** Least patches of a colour to say anything. */
const LEAST_PATCHES = 200;

interface Patch {
  readonly mean: number;
  readonly variance: number;
}

/**
 * The most frequent value of a sorted list, by halving it again and again to where it is densest (half-sample mode:
 * Bickel and Frühwirth, Computational Statistics & Data Analysis 50(12), 2006).
 */
function modeOf(sorted: readonly number[]): number {
  let part = sorted;
  while (part.length > 3) {
    const size = Math.ceil(part.length / 2);
    let begin = 0;
    for (let i = 1; i + size <= part.length; i++)
      if (part[i + size - 1]! - part[i]! < part[begin + size - 1]! - part[begin]!) begin = i;
    part = part.slice(begin, begin + size);
  }
  return part.reduce((sum, value) => sum + value, 0) / part.length;
}

/**
 * By brightness, how much the patches vary most often: texture varies in many ways, noise in one. On a logarithmic scale
 * the most frequent variance of patches of noise is the noise's own.
 */
function envelope(patches: Patch[]): Patch[] {
  patches.sort((a, b) => a.mean - b.mean);
  return Array.from({ length: BINS }, (_, i) => {
    const bin = patches.slice(
      Math.floor((i * patches.length) / BINS),
      Math.floor(((i + 1) * patches.length) / BINS),
    );
    const mean = bin.reduce((sum, patch) => sum + patch.mean, 0) / bin.length;
    const calm = bin
      .map(({ variance }) => Math.log(Math.max(variance, LEAST_VARIANCE)))
      .sort((a, b) => a - b)
      .slice(0, Math.ceil(CALM * bin.length));
    return { mean, variance: Math.exp(modeOf(calm)) };
  });
}

/** The line variance = scale · mean + offset with the least relative errors, neither of the two negative. */
function fitLine(points: readonly Patch[]): NoiseProfile {
  let [w, wx, wxx, wy, wxy] = [0, 0, 0, 0, 0];
  for (const { mean, variance } of points) {
    const weight = 1 / Math.max(variance, Number.MIN_VALUE) ** 2;
    w += weight;
    wx += weight * mean;
    wxx += weight * mean * mean;
    wy += weight * variance;
    wxy += weight * mean * variance;
  }
  const determinant = w * wxx - wx * wx;
  const scale = determinant > 0 ? (w * wxy - wx * wy) / determinant : 0;
  if (scale <= 0) return { scale: 0, offset: wy / w };
  const offset = (wy - scale * wx) / w;
  return offset >= 0 ? { scale, offset } : { scale: wxy / wxx, offset: 0 };
}

function fitEnvelope(points: readonly Patch[]): NoiseProfile {
  let line = fitLine(points);
  for (let i = 1; i < FITS; i++) {
    const { scale, offset } = line;
    const calm = points.filter(({ mean, variance }) => variance <= TEXTURED * (scale * mean + offset));
    if (calm.length < 3) break;
    line = fitLine(calm);
  }
  return line;
}

/**
 * The noise of a frame, from the frame itself: in small patches of one colour, second differences along both directions
 * leave hardly anything but noise, and among patches of the same brightness the most frequent variance is the noise's.
 * @returns one profile each for red, green and blue; undefined where there are too few patches that are not clipped
 */
export function estimateNoise(frame: RawFrame): NoiseProfile[] | undefined {
  const { samples, samplesPerPixel, width, activeArea: area, cfa } = frame;
  const tables = lineariseTables(frame, [1, 1, 1]);
  const [periodX, periodY] = cfa === undefined ? [1, 1] : [cfa.width, cfa.height];
  const [across, down] = [area.right - area.left, area.bottom - area.top].map((size, i) =>
    Math.floor(size / (i === 0 ? periodX : periodY)),
  ) as [number, number];
  const spacing = Math.max(PATCH, Math.ceil(Math.sqrt((across * down) / PATCHES)));
  const byColour: [Patch[], Patch[], Patch[]] = [[], [], []];
  const patch = new Float64Array(PATCH * PATCH);

  /** Fills the patch; false where a sample may be clipped. */
  const fill = (x0: number, y0: number, plane: number): boolean => {
    for (let j = 0; j < PATCH; j++)
      for (let i = 0; i < PATCH; i++) {
        const [x, y] = [x0 + i * periodX, y0 + j * periodY];
        const at = ((y + area.top) * width + x + area.left) * samplesPerPixel + plane;
        const stored = samples[at]!;
        const rows = tables.rows[plane]!;
        const { black, scale } = rows[y % rows.length]!;
        const light = ((tables.table?.[stored] ?? stored) - black[x]!) * scale[x]!;
        if (light >= NEARLY_WHITE || (stored === 0 && black[x]! > 0)) return false;
        patch[j * PATCH + i] = light;
      }
    return true;
  };
  const measure = (): Patch => {
    const at = (i: number, j: number): number => patch[j * PATCH + i]!;
    const second = (i: number, j: number): number => at(i - 1, j) - 2 * at(i, j) + at(i + 1, j);
    let sum = 0;
    for (let j = 1; j < PATCH - 1; j++)
      for (let i = 1; i < PATCH - 1; i++)
        sum += (second(i, j - 1) - 2 * second(i, j) + second(i, j + 1)) ** 2;
    const variance = sum / (FILTER_GAIN * (PATCH - 2) ** 2);
    return { mean: patch.reduce((a, b) => a + b, 0) / patch.length, variance };
  };

  for (let phaseY = 0; phaseY < periodY; phaseY++)
    for (let phaseX = 0; phaseX < periodX; phaseX++)
      for (let plane = 0; plane < samplesPerPixel; plane++) {
        const colour = cfa === undefined ? Math.min(plane, 2) : colourAt(frame, phaseX, phaseY);
        for (let y = 0; y + PATCH <= down; y += spacing)
          for (let x = 0; x + PATCH <= across; x += spacing)
            if (fill(x * periodX + phaseX, y * periodY + phaseY, plane)) byColour[colour]!.push(measure());
      }
  if (samplesPerPixel === 1 && cfa === undefined) byColour[1] = byColour[2] = byColour[0];
  if (byColour.some((patches) => patches.length < LEAST_PATCHES)) return undefined;
  return byColour.map((patches) => fitEnvelope(envelope([...patches])));
}
