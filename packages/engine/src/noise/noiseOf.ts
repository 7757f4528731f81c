import type { NoiseProfile, RawFrame } from '@photosite/raw';
import { estimateNoise } from './estimate.js';

/** The noise of a frame's samples on [0,1] for red, green and blue, and where it is known from. */
export interface NoiseModel {
  readonly profiles: readonly [NoiseProfile, NoiseProfile, NoiseProfile];
  readonly source: 'file' | 'picture' | 'none';
}

const NONE: NoiseProfile = { scale: 0, offset: 0 };
const estimated = new WeakMap<RawFrame, NoiseModel>();

const believable = ({ scale, offset }: NoiseProfile): boolean =>
  Number.isFinite(scale) &&
  Number.isFinite(offset) &&
  scale >= 0 &&
  scale < 1 &&
  offset < 1 &&
  scale + offset > 0;

/**
 * What is known of a frame's noise: its file's NoiseProfile, else what the picture itself shows, estimated once a frame.
 * A picture of too few patches that are not clipped says nothing: then there is no noise to take out.
 */
export function noiseOf(frame: RawFrame): NoiseModel {
  const given = frame.noiseProfile ?? [];
  if (given.length > 0 && given.every(believable)) {
    const of = (colour: number): NoiseProfile => given[Math.min(colour, given.length - 1)]!;
    return { profiles: [of(0), of(1), of(2)], source: 'file' };
  }
  let model = estimated.get(frame);
  if (model === undefined) {
    const found = estimateNoise(frame);
    model =
      found === undefined
        ? { profiles: [NONE, NONE, NONE], source: 'none' }
        : { profiles: found as [NoiseProfile, NoiseProfile, NoiseProfile], source: 'picture' };
    estimated.set(frame, model);
  }
  return model;
}
