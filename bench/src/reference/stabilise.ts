import type { NoiseLevel } from '../truth/noise.js';

/** To values whose noise has the same variance everywhere, and back without bias. */
export interface Stabiliser {
  /** Signal on [0,1] to values with noise of variance 1. */
  forward(signal: number): number;
  /** The signal whose noisy values have the given mean after `forward`. */
  inverse(stabilised: number): number;
}

/**
 * The generalised Anscombe transform of Poisson-Gaussian noise (Starck, Murtagh and Bijaoui 1998) and the closed form of
 * its exact unbiased inverse (Mäkitalo and Foi, "Optimal inversion of the generalized Anscombe transformation for
 * Poisson-Gaussian noise", IEEE Trans. Image Processing 22(1), 2013, eq. 5).
 */
export function stabiliser({ scale, offset }: NoiseLevel): Stabiliser {
  const readVariance = offset / (scale * scale);
  const least = 2 * Math.sqrt(3 / 8 + readVariance);
  return {
    forward: (signal) => 2 * Math.sqrt(Math.max(signal / scale + 3 / 8 + readVariance, 0)),
    inverse(stabilised) {
      const d = Math.max(stabilised, least);
      const root = Math.sqrt(3 / 2);
      const photons =
        (d * d) / 4 + root / (4 * d) - 11 / (8 * d * d) + (5 * root) / (8 * d ** 3) - 1 / 8 - readVariance;
      return photons * scale;
    },
  };
}
