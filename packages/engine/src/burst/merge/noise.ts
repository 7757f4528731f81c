import type { NoiseProfile, RawFrame } from '@photosite/raw';
import { packTable, planesBasis, stabiliserOf, thresholdsOf } from '../../stages/denoise/tables.js';
import type { MergeGrid } from './tasks.js';

/** What noise a merge leaves, in parts of one frame's variance, in what is flat and grey. Measured: see README.md. */
const LEFT = {
  /** Of every frame gathered, by the kernels of light and colours, at the sensor's resolution and at twice of it. */
  frames: { 1: [0.63, 0.49, 0.63], 2: [1.28, 1.05, 1.28] },
  /** Of the estimate, which was denoised. */
  estimate: [0.0085, 0.0048, 0.0085],
  /** Of a frame that is demosaiced and not denoised, since there is no other. */
  alone: [0.65, 0.78, 0.65],
} as const;

/**
 * The square of the last pass's strength in the noise's deviations, beside many frames and beside few: what few frames add is
 * rougher than what the estimate alone would show. At twice the resolution, where noise is alike in neighbours, a part of it.
 */
const LAST_PASS = { many: 1.35, few: 8, part: { 1: 1, 2: 0.5 } } as const;
/** What it leaves of the noise of frames: this at least, and the rest falls with a power of that square, by colour. */
const PASSED = { least: [0.02, 0.012, 0.02], power: [2.6, 2.8, 2.6], felt: { 1: 0.5, 2: 0.25 } } as const;
/**
 * Where one frame's signal is hardly above its noise, the square of the last pass's strength counts so many times more: what is left there
 * looks like specks once shadows are lifted.
 */
const FAINT = { more: 1.5, signalToNoise: 1.5 } as const;
/** What comes back into a mosaic with the reference's samples where they differ from the last pass by chance. */
const BY_REFERENCE = 0.0028;

/** As in kernel.ts: how many frames more the estimate counts beside none than beside many. */
const ALONE = 24;

/** Pixels from cell to cell of the noise map, and from pixel to pixel that is looked at for it. */
const NOISE_STEP = 16;
const NOISE_EVERY = 8;

/** How many frames were gathered, cell by cell, beside the estimate, and how much harder the last pass works there as it is faint. */
export interface Gathered {
  readonly step: number;
  readonly columns: number;
  readonly rows: number;
  readonly frames: Float32Array;
  readonly faintness: Float32Array;
}

/**
 * What pixels have gathered of light, read from the shares, by how bright they are in the estimate.
 * @param memory the kernels'
 * @param of what a frame's weights sum to, what was added to predictions before they weighed, by colour, and one frame's noise
 */
export function framesGathered(
  { estimate, sums }: Pick<MergeGrid, 'estimate' | 'sums'>,
  memory: ArrayBufferLike,
  of: {
    readonly mass: number;
    readonly shade: readonly number[];
    readonly noise: NoiseProfile;
  },
): Gathered {
  const { width, height } = estimate;
  const floats = new Float32Array(memory);
  const [columns, rows] = [Math.ceil(width / NOISE_STEP), Math.ceil(height / NOISE_STEP)];
  const frames = new Float32Array(columns * rows);
  const light = new Float32Array(columns * rows);
  const shade = of.shade.reduce((sum, value) => sum + value, 0);
  const plane = estimate.planeStride >> 2;
  const looks = (NOISE_STEP / NOISE_EVERY) ** 2;
  for (let j = 0; j < rows; j++)
    for (let y = j * NOISE_STEP + NOISE_EVERY / 2; y < (j + 1) * NOISE_STEP; y += NOISE_EVERY) {
      const v = Math.min(y, height - 1);
      const ofEstimate = (estimate.address + v * estimate.rowStride) >> 2;
      const ofShares = (sums.shares + v * sums.rowStride) >> 2;
      for (let i = 0; i < columns; i++)
        for (let x = i * NOISE_STEP + NOISE_EVERY / 2; x < (i + 1) * NOISE_STEP; x += NOISE_EVERY) {
          const u = Math.min(x, width - 1);
          const at = ofEstimate + u;
          const sum =
            Math.max(floats[at]!, 0) +
            Math.max(floats[at + plane]!, 0) +
            Math.max(floats[at + 2 * plane]!, 0);
          light[j * columns + i]! += sum / (3 * looks);
          frames[j * columns + i]! += (3 * floats[ofShares + u]!) / ((shade + sum) * of.mass * looks);
        }
    }
  const { scale, offset } = of.noise;
  const faintness = light.map((value) => {
    const squared = value ** 2 / (scale * value + offset);
    return 1 + FAINT.more / (1 + squared / FAINT.signalToNoise ** 2);
  });
  return { step: NOISE_STEP, columns, rows, frames, faintness };
}

/** Noise by colour, as parts of one frame's variance in the mean of all cells, and by cell, relative to that. */
export interface Residue {
  readonly ofFrame: readonly [number, number, number];
  readonly levels: Float32Array;
}

/** What a merge is that leaves noise. */
export interface MergeKind {
  readonly scale: 1 | 2;
  readonly output: 'mosaic' | 'rgb';
  /** Frames that the estimate counts as, and its part of all that is gathered on average. */
  readonly prior: number;
  readonly usual: number;
}

/** What the estimate counts as beside so many frames: as the kernel reckons. */
function ownShare(prior: number, frames: number, usual: number): number {
  return prior * (1 + ALONE * Math.max(prior / (prior + frames) - usual, 0) ** 2);
}

/**
 * The noise of a merge whose last pass has a strength: 1 for its own, 0 where there is none, and then what such a pass would
 * find.
 */
export function noiseLeft({ frames, faintness }: Gathered, kind: MergeKind, strength: number): Residue {
  const { scale, output, prior, usual } = kind;
  const back = output === 'mosaic' ? BY_REFERENCE * Math.min(strength, 1) : 0;
  const count = frames.length;
  const sums: [number, number, number] = [0, 0, 0];
  const levels = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const gathered = frames[i]!;
    const own = ownShare(prior, gathered, usual);
    const pass = 1 + PASSED.felt[scale] * faintness[i]! * passAt(gathered, strength, scale);
    for (let c = 0; c < 3; c++) {
      const least = PASSED.least[c]!;
      const passed = strength === 0 ? 1 : least + (1 - least) * pass ** -PASSED.power[c]!;
      const ofFrames = LEFT.frames[scale][c]! * gathered * passed;
      const value = (ofFrames + LEFT.estimate[c]! * own * own) / (own + gathered) ** 2 + back;
      sums[c]! += value / count;
      levels[i]! += value / 3;
    }
  }
  const mean = (sums[0] + sums[1] + sums[2]) / 3;
  for (let i = 0; i < count; i++) levels[i]! /= mean;
  return { ofFrame: sums, levels };
}

/** The square of the last pass's strength beside so many frames. */
function passAt(frames: number, strength: number, scale: 1 | 2): number {
  return LAST_PASS.part[scale] * LAST_PASS.many * (1 + LAST_PASS.few / (1 + frames)) * strength * strength;
}

/** The noise before the last pass, and by cell the squares of the pass's strength in its mean's deviations. */
export function lastPassOf(
  gathered: Gathered,
  kind: MergeKind,
  strength: number,
): { readonly mean: number; readonly squares: Float32Array } {
  const { ofFrame, levels } = noiseLeft(gathered, { ...kind, output: 'rgb' }, 0);
  return {
    mean: (ofFrame[0] + ofFrame[1] + ofFrame[2]) / 3,
    squares: levels.map(
      (level, i) => level * gathered.faintness[i]! * passAt(gathered.frames[i]!, strength, kind.scale),
    ),
  };
}

/** The table of the pass over the merged planes. */
export function lastPassTable(
  frame: RawFrame,
  noise: readonly NoiseProfile[],
  { columns, rows, step }: Gathered,
  { mean, squares }: ReturnType<typeof lastPassOf>,
): Float32Array {
  const stabilisers = partOf(noise, [mean, mean, mean]).map((profile) => stabiliserOf(profile, true));
  const neutral = frame.asShotNeutral;
  const grey = stabilisers.map(
    ({ square }, c) => Math.sqrt(Math.max(neutral?.[c] ?? 1, 1e-3)) / Math.sqrt(square),
  ) as [number, number, number];
  return packTable({
    stabilisers,
    basis: planesBasis(grey),
    thresholds: thresholdsOf([1, 1, 1]),
    levels: { columns, rows, perPlace: 1 / step, values: squares },
  });
}

/** The noise of a frame that nothing was done to but demosaicing. */
export function noiseAlone(output: 'mosaic' | 'rgb'): readonly number[] {
  return output === 'mosaic' ? [1, 1, 1] : LEFT.alone;
}

/** Noise profiles in parts of those of one frame. */
export function partOf(noise: readonly NoiseProfile[], parts: readonly number[]): NoiseProfile[] {
  return noise.map(({ scale, offset }, c) => ({ scale: scale * parts[c]!, offset: offset * parts[c]! }));
}
