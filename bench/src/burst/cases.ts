import type { RgbImage } from '@photosite/measure';
import type { RawFrame } from '@photosite/raw';
import type { NoiseLevel } from '../truth/noise.js';
import { discAt, drawDisc } from './disc.js';
import { FOURTEEN_BIT, frameOfWall, type Levels, rawFrame, record, signalOf, TEN_BIT } from './expose.js';
import { type Motion, type MotionKind, motionsOf } from './motion.js';
import { blur, readWall } from './wall.js';

/** Light levels: the protocol's two and one that is darker still. */
export const LIGHT = {
  light: { name: 'light', scale: 0.001, offset: 1e-5 },
  dark: { name: 'dark', scale: 0.006, offset: 3e-4 },
  darker: { name: 'darker', scale: 0.02, offset: 3e-3 },
} as const satisfies Record<string, NoiseLevel>;

/** A burst of the protocol. */
export interface BurstCase {
  readonly name: string;
  readonly title: string;
  readonly motion: MotionKind;
  /** Through a lens of 0.8 pixels' blur; without it the picture is aliased. */
  readonly blurred: boolean;
  /** Radius of a disc that crosses the scene, in heights of the picture; 0 where nothing does. */
  readonly disc: number;
  readonly levels: Levels;
  readonly noise: NoiseLevel;
}

const plain = { motion: 'hand', blurred: true, disc: 0, levels: TEN_BIT, noise: LIGHT.light } as const;

/** The rows of the table, in its order. */
export const CASES: readonly BurstCase[] = [
  { ...plain, name: 'still', title: 'no motion', motion: 'none' },
  { ...plain, name: 'periods', title: 'whole-pixel shifts (even)', motion: 'periods' },
  { ...plain, name: 'pixels', title: 'whole-pixel shifts (any)', motion: 'pixels' },
  { ...plain, name: 'handheld', title: 'handheld' },
  { ...plain, name: '14bit', title: 'handheld, 14 bit', levels: FOURTEEN_BIT },
  { ...plain, name: 'sharp', title: 'handheld, sharp (aliased)', blurred: false },
  { ...plain, name: 'still-dark', title: 'no motion, dark', motion: 'none', noise: LIGHT.dark },
  { ...plain, name: 'dark', title: 'handheld, dark', noise: LIGHT.dark },
  { ...plain, name: 'still-darker', title: 'no motion, darker', motion: 'none', noise: LIGHT.darker },
  { ...plain, name: 'darker', title: 'handheld, darker', noise: LIGHT.darker },
  { ...plain, name: 'moving', title: 'handheld, moving disc', disc: 1 / 12 },
];

/** A disc that covers a fifth of a picture of 4:3, radius in heights. */
export const LARGE_DISC = Math.sqrt((0.2 * 4) / 3 / Math.PI);

/** The protocol's size. */
export const FRAME_SIZE = { width: 2048, height: 1536 } as const;
/** Blur of the lens, sigma in pixels. */
const LENS_BLUR = 0.8;
const MOTION_SEED = 11;
const NOISE_SEED = 5000;
const DRAW_SEED = 100;
/** Noise of the mean that is compared with is drawn by itself. */
const IDEAL_SEED = 9000;

/** A burst and what is true of it. */
export interface TruthBurst {
  readonly width: number;
  readonly height: number;
  /** The frames, the first is the reference. */
  readonly frames: readonly RawFrame[];
  readonly motions: readonly Motion[];
  /** The reference's mosaic without noise, [0,1]. */
  readonly truth: Float32Array;
  /** All three colours of the reference without noise. */
  readonly linear: RgbImage;
}

/** Makes the bursts of the protocol; what two have in common is computed once. */
export class BurstMaker {
  readonly width: number;
  readonly height: number;
  readonly #sharp: RgbImage;
  readonly #blurred: RgbImage;
  readonly #signals = new Map<string, readonly Float32Array[]>();

  private constructor(sharp: RgbImage, width: number, height: number) {
    this.width = width;
    this.height = height;
    this.#sharp = sharp;
    this.#blurred = blur(sharp, LENS_BLUR);
  }

  /** Hangs the wall for frames of the given size. */
  static async open(
    dataFolder: string,
    { width, height }: { readonly width: number; readonly height: number } = FRAME_SIZE,
  ): Promise<BurstMaker> {
    return new BurstMaker(await readWall(dataFolder, width, height), width, height);
  }

  /** What the frames' photosites see without noise and without what moves. */
  #signalsOf({ blurred, motion }: BurstCase, motions: readonly Motion[]): readonly Float32Array[] {
    const key = `${blurred} ${motion} ${motions.length}`;
    let signals = this.#signals.get(key);
    if (signals === undefined) {
      const wall = blurred ? this.#blurred : this.#sharp;
      const reference = signalOf(wall, motions[0]!);
      signals = motions.map((each, i) => (i === 0 || motion === 'none' ? reference : signalOf(wall, each)));
      // One burst's signals are a hundred megabytes: those of the last are kept, since rows share them in turn.
      this.#signals.clear();
      this.#signals.set(key, signals);
    }
    return signals;
  }

  /** The noise-free signals of a case's frames, with what moves in them. */
  #seen(which: BurstCase, motions: readonly Motion[]): Float32Array[] {
    const { width, height } = this;
    return this.#signalsOf(which, motions).map((signal, i) => {
      if (which.disc === 0) return signal;
      const own = signal.slice();
      drawDisc(own, width, height, discAt(i, motions.length, this, which.disc * height), motions[i]!);
      return own;
    });
  }

  /** A burst of the case; the same every time, and with noise of its own for each `draw`. */
  make(which: BurstCase, frames = 8, draw = 0): TruthBurst {
    const { width, height } = this;
    const { noise, levels, disc } = which;
    const motions = motionsOf(which.motion, frames, MOTION_SEED);
    const signals = this.#seen(which, motions);
    const linear = frameOfWall(which.blurred ? this.#blurred : this.#sharp);
    if (disc > 0)
      drawDisc(linear.data, width, height, discAt(0, frames, this, disc * height), motions[0]!, 3);
    return {
      width,
      height,
      frames: signals.map((signal, i) =>
        rawFrame(
          record(signal, noise, levels, NOISE_SEED + DRAW_SEED * draw + i),
          width,
          height,
          noise,
          levels,
        ),
      ),
      motions,
      truth: signals[0]!,
      linear,
    };
  }

  /** The frames of a burst one after the other, for bursts too large to be in memory at once. */
  *each(which: BurstCase, frames: number): Generator<RawFrame> {
    const { width, height } = this;
    const { noise, levels, blurred } = which;
    const wall = blurred ? this.#blurred : this.#sharp;
    for (const [i, motion] of motionsOf(which.motion, frames, MOTION_SEED).entries()) {
      const samples = record(signalOf(wall, motion), noise, levels, NOISE_SEED + i);
      yield rawFrame(samples, width, height, noise, levels);
    }
  }

  /** The mean of as many frames as nothing moved in, on [0,1]: what no merge of the case can pass by means alone. */
  ideal({ noise, levels }: BurstCase, truth: Float32Array, frames: number): Float32Array {
    const mean = new Float32Array(truth.length);
    for (let k = 0; k < frames; k++) {
      const samples = record(truth, noise, levels, IDEAL_SEED + k);
      const gain = 1 / ((levels.white - levels.black) * frames);
      for (let i = 0; i < mean.length; i++) mean[i]! += (samples[i]! - levels.black) * gain;
    }
    return mean;
  }
}
