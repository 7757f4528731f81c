import type { RawFrame } from '@photosite/raw';
import { bayerFrame } from '../../testing/frames.js';
import type { BurstSource } from '../Burst.js';
import { BLACK, BRIGHT_NOISE, type BurstScene, expose, type HandMotion, handheld, WHITE } from './scene.js';

/** One frame of a burst for tests. */
export interface TestFrame {
  readonly scene: BurstScene;
  readonly motion?: HandMotion;
  readonly seed?: number;
  readonly noise?: { readonly scale: number; readonly offset: number };
  /** Light multiplied by this before it falls onto the sensor. */
  readonly exposure?: number;
}

/** A frame with the metadata that a merge reads: RGGB, 14 bit, noise profile, exposure time. */
export function testFrame(
  width: number,
  height: number,
  { scene, motion = {}, seed = 1, noise = BRIGHT_NOISE, exposure = 1 }: TestFrame,
  overrides: Partial<RawFrame> = {},
): RawFrame {
  const plane = expose(scene, {
    width,
    height,
    motion: handheld(width, height, motion),
    seed,
    noise,
    exposure,
  });
  return bayerFrame(width, height, () => 0, {
    samples: plane.samples,
    blackLevel: { repeatRows: 1, repeatCols: 1, values: [BLACK] },
    whiteLevel: [WHITE],
    asShotNeutral: [1, 1, 1],
    noiseProfile: [noise],
    exposure: { exposureTime: 0.1 * exposure, iso: 100 },
    ...overrides,
  });
}

/** Frames in memory as a source; an error stands for a frame that can't be read. */
export function sourceOf(frames: readonly (RawFrame | Error)[]): BurstSource {
  return {
    count: frames.length,
    load: async (index) => {
      const frame = frames[index]!;
      if (frame instanceof Error) throw frame;
      return frame;
    },
  };
}

/** Motions of a hand, the first none: shifts of some pixels that are not whole, and small turns. */
export function handMotions(count: number): HandMotion[] {
  return Array.from({ length: count }, (_, i) =>
    i === 0
      ? {}
      : {
          dx: 7.3 * Math.sin(i * 2.4),
          dy: 6.1 * Math.cos(i * 1.7) - 1.3,
          rotationDeg: 0.12 * Math.sin(i * 4.1),
        },
  );
}
