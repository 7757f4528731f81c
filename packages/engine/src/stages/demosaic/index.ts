import type { RawFrame } from '@photosite/raw';
import { EngineError } from '../../EngineError.js';
import { defineStage, type ParameterSet } from '../../stage.js';
import { colourAt } from '../linearise/tables.js';
import { BAYER_BEST_HALO, BAYER_FAST_HALO } from './bayer.js';

const parameters = {
  quality: {
    kind: 'choice',
    choices: ['fast', 'best'],
    default: 'fast',
    flag: 'quality',
    help: 'How carefully the missing colours are found: fast, or best for the finest detail at several times the time.',
  },
} as const satisfies ParameterSet;

interface Plan {
  readonly quality: 'fast' | 'best';
  /** 0 RGGB, 1 GRBG, 2 GBRG, 3 BGGR at the origin of the active area; tiles begin on even rows and columns. */
  readonly phase: number;
}

const PHASES = ['0112', '1021', '1201', '2110'];

function bayerPhase(frame: RawFrame): number {
  const colours = [
    colourAt(frame, 0, 0),
    colourAt(frame, 1, 0),
    colourAt(frame, 0, 1),
    colourAt(frame, 1, 1),
  ];
  return PHASES.indexOf(colours.join(''));
}

/** One sample per photosite to three values per pixel. */
export const demosaic = defineStage({
  name: 'demosaic',
  title: 'Demosaic',
  parameters,
  works: 'demosaic',
  plan(values, { frame }): Plan | undefined {
    if (frame.cfa === undefined) return undefined;
    const phase = frame.cfa.kind === 'bayer' ? bayerPhase(frame) : -1;
    if (phase < 0)
      throw new EngineError(
        `a ${frame.cfa.kind} colour filter array of ${frame.cfa.width} × ${frame.cfa.height} can't be developed; Bayer arrays can.`,
      );
    return { quality: values.quality, phase };
  },
  halo: ({ quality }: Plan) => (quality === 'fast' ? BAYER_FAST_HALO : BAYER_BEST_HALO),
  scratch: ({ quality }: Plan, stride, height, kernels) =>
    quality === 'fast'
      ? kernels.demosaicBayerFastScratch(stride, height)
      : kernels.demosaicBayerBestScratch(stride, height),
  run({ quality, phase }: Plan, tile, kernels) {
    const kernel = quality === 'fast' ? kernels.demosaicBayerFast : kernels.demosaicBayerBest;
    kernel(tile.mosaic, tile.stride, tile.width, tile.height, phase, tile.planes, tile.scratch);
  },
});
