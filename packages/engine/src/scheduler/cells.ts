import type { RawFrame } from '@photosite/raw';
import type { PlanContext, Stage } from '../stage.js';
import { patternAt } from '../stages/linearise/tables.js';

interface Plan {
  /** Address of the colours of one period, int32, row by row. */
  readonly pattern: number;
  readonly period: number;
}

/** The period of a frame's colour filter array in photosites; 1 where it has none. */
export function periodOf({ cfa }: RawFrame): number {
  return cfa === undefined ? 1 : Math.max(cfa.width, cfa.height);
}

/**
 * Stands in for demosaic where a picture is reduced so far that detail within the array's period does not matter: each
 * pixel gets the means of the samples of its cell, one period wide and high.
 */
export const cells: Stage<'cells', Record<string, never>, Plan> = {
  name: 'cells',
  title: 'Cells',
  parameters: {},
  works: 'demosaic',
  plan(_values, { frame, place }: PlanContext): Plan | undefined {
    if (frame.cfa === undefined) return undefined;
    const period = periodOf(frame);
    return { period, pattern: place(Int32Array.from(patternAt(frame, period))) };
  },
  // Tiles begin on the period; where they end, they are cut anywhere.
  halo: ({ period }) => period,
  scratch: () => 0,
  run({ pattern, period }, tile, kernels) {
    kernels.cellMeans(tile.mosaic, tile.stride, tile.width, tile.height, pattern, period, tile.planes);
  },
};
