import type { BurstPlane, GreyResponse } from './BurstPlane.js';

/** Noise assumed where none is known: that of a small sensor at base sensitivity. */
const ASSUMED = { scale: 2e-4, offset: 2e-6 };
/** Least of the two figures: keeps the root a root where a file says that there is no noise of light, or none of reading. */
const LEAST_SCALE = 1e-6;
const LEAST_OFFSET = 1e-9;

/**
 * The response for a burst: the reference's noise, and the least light at white of all of its frames.
 * @param reference the frame that the others will be brought to
 * @param leastLightAtWhite the least `lightAtWhite` of all frames; the reference's own where exposures are equal
 */
export function burstResponse(
  reference: Pick<BurstPlane, 'noise' | 'lightAtWhite'>,
  leastLightAtWhite: number = reference.lightAtWhite,
): GreyResponse {
  const { noise, lightAtWhite } = reference;
  const known = noise.scale > 0 || noise.offset > 0 ? noise : ASSUMED;
  return {
    scale: Math.max(known.scale, LEAST_SCALE) * lightAtWhite,
    offset: Math.max(known.offset, LEAST_OFFSET) * lightAtWhite ** 2,
    ceiling: Math.min(leastLightAtWhite, lightAtWhite),
  };
}

/** The response's root: noise of one sample has variance 1 at every level of light; odd around black. */
export function stabilise(light: number, { scale, offset }: GreyResponse): number {
  const root = (2 / scale) * (Math.sqrt(scale * Math.abs(light) + offset) - Math.sqrt(offset));
  return light < 0 ? -root : root;
}

/** The light of a grey: the inverse of {@link stabilise}. */
export function light(grey: number, { scale, offset }: GreyResponse): number {
  const root = (scale / 2) * Math.abs(grey) + Math.sqrt(offset);
  return (Math.sign(grey) * (root * root - offset)) / scale;
}
