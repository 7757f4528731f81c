import type { NoiseProfile } from '@photosite/raw';
import { defineStage, type ParameterSet } from '../../stage.js';
import { patternAt } from '../linearise/tables.js';
import { defectNeighbourhoods, PERIOD } from './neighbourhoods.js';
import { DEFECTS_HALO } from './reference.js';

const parameters = {
  detect: {
    kind: 'boolean',
    flag: 'defects',
    default: true,
    help: 'Find and mend hot and dead photosites; those that the file lists are always mended.',
  },
  threshold: {
    kind: 'number',
    min: 4,
    max: 30,
    step: 0.5,
    default: 10,
    flag: 'defects-threshold',
    help: 'How far a photosite must stand out to count as a defect; lower finds more and harms more detail.',
  },
} as const satisfies ParameterSet;

interface Plan {
  readonly kind: 'bayer' | 'x-trans';
  readonly threshold: number;
  /** Address of the neighbourhoods of the 6 × 6 places from a tile's first sample. */
  readonly table: number;
  /** Address of scale and offset of the noise per colour, six floats. */
  readonly noise: number;
}

/**
 * Least variance that a sample can have, far below the rounding of 16 bits (1 / 65,535)² / 12. Two equal neighbours of a
 * photosite said to be free of noise would otherwise weigh infinitely much, and a negative profile has no deviation.
 */
const LEAST_VARIANCE = 1e-12;

/** Stands in where the file has no noise profile: a mid-sized sensor at a low ISO. */
const ASSUMED_NOISE: NoiseProfile = { scale: 5e-4, offset: 5e-6 };

/** Hot and dead photosites, found by standing out from their own colour and mended along the smoothest direction. */
export const defects = defineStage({
  name: 'defects',
  title: 'Defects',
  parameters,
  works: 'mosaic',
  plan(values, { frame, balance, place }): Plan | undefined {
    const kind = frame.cfa?.kind;
    if (!values.detect || (kind !== 'bayer' && kind !== 'x-trans')) return undefined;
    const noise = balance.flatMap((gain, colour) => {
      const profiles = frame.noiseProfile ?? [ASSUMED_NOISE];
      const { scale, offset } = profiles[Math.min(colour, profiles.length - 1)] ?? ASSUMED_NOISE;
      return [
        (scale > 0 ? scale : 0) * gain,
        (offset > LEAST_VARIANCE ? offset : LEAST_VARIANCE) * gain * gain,
      ];
    });
    return {
      kind,
      threshold: values.threshold,
      table: place(defectNeighbourhoods(patternAt(frame, PERIOD))),
      noise: place(Float32Array.from(noise)),
    };
  },
  halo: () => DEFECTS_HALO,
  scratch: () => 0,
  run({ kind, threshold, table, noise }, tile, kernels) {
    const kernel = kind === 'bayer' ? kernels.defectsBayer : kernels.defectsXTrans;
    kernel(tile.mosaic, tile.stride, tile.width, tile.height, tile.spare, table, threshold, noise);
    [tile.mosaic, tile.spare] = [tile.spare, tile.mosaic];
  },
});
