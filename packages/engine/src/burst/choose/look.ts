import type { GreyLevel } from '../align/GreyLevel.js';
import type { AlignPyramid } from '../align/index.js';

/** What must be the same in all frames of a burst. */
export interface FrameKind {
  /** Pixels of the active area. */
  readonly width: number;
  readonly height: number;
  /** Maker and model, undefined where the file does not say: then nothing is compared. */
  readonly camera?: string;
  /** The colour filter array from the active area's first photosite, as text; '' for RGB. */
  readonly pattern: string;
}

/** What is kept of a frame to choose by, after its samples are gone. */
export interface FrameLook {
  readonly kind: FrameKind;
  /** The coarsest grey picture. */
  readonly coarse: GreyLevel;
  /** Mean products xx, xy, yy of the finest grey picture's gradients, noise's share taken off. */
  readonly gradients: readonly [xx: number, xy: number, yy: number];
  /** See `BurstPlane.lightAtWhite`. */
  readonly lightAtWhite: number;
}

/** Rows of the finest level that are looked at: every so many. */
const EVERY = 3;

/**
 * Looks at a frame that has been made ready.
 * @param pyramid by one response for all frames that are compared
 */
export function lookAt(pyramid: AlignPyramid, kind: FrameKind): FrameLook {
  const [finest] = pyramid.levels;
  const coarse = pyramid.levels.at(-1)!;
  const { width, height, stride, data, variance, correlation } = finest!;
  let [xx, xy, yy, count] = [0, 0, 0, 0];
  for (let y = 1; y < height - 1; y += EVERY)
    for (let x = 1; x < width - 1; x++) {
      const at = y * stride + x;
      const gx = (data[at + 1]! - data[at - 1]!) / 2;
      const gy = (data[at + stride]! - data[at - stride]!) / 2;
      xx += gx * gx;
      xy += gx * gy;
      yy += gy * gy;
      count++;
    }
  const noise = variance * pyramid.noiseRatio * ((1 - correlation[1]) / 2);
  return {
    kind,
    coarse: { ...coarse, data: coarse.data.slice() },
    gradients: [Math.max(xx / count - noise, 0), xy / count, Math.max(yy / count - noise, 0)],
    lightAtWhite: pyramid.lightAtWhite,
  };
}
