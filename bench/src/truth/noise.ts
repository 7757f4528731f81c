import type { NoiseProfile } from '@photosite/raw';
import { normal, poisson, type Random } from './random.js';

/** Noise of a photosite on the [0,1] scale: variance = scale · signal + offset (DNG NoiseProfile). */
export interface NoiseLevel {
  readonly name: string;
  readonly scale: number;
  readonly offset: number;
}

/** The noise levels of the protocol. */
export const NOISE_LEVELS = {
  clean: { name: 'clean', scale: 0, offset: 0 },
  N1: { name: 'N1', scale: 0.0002, offset: 2e-6 },
  N2: { name: 'N2', scale: 0.002, offset: 4e-5 },
  N3: { name: 'N3', scale: 0.01, offset: 4e-4 },
} as const satisfies Record<string, NoiseLevel>;

/** What a raw of that noise says of it: nothing where there is none. */
export function noiseProfileOf({ scale, offset }: NoiseLevel): NoiseProfile[] {
  return scale === 0 ? [] : [{ scale, offset }];
}

/** One noisy sample: photons counted by a Poisson law, then Gaussian read noise. */
export function addNoise(signal: number, level: NoiseLevel, random: Random): number {
  if (level.scale === 0 && level.offset === 0) return signal;
  const counted = level.scale === 0 ? signal : poisson(signal / level.scale, random) * level.scale;
  return counted + normal(random) * Math.sqrt(level.offset);
}
