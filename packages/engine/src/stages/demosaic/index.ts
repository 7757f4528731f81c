import type { NoiseProfile, RawFrame } from '@photosite/raw';
import type { Vector3 } from '../../colour/matrix3.js';
import { EngineError } from '../../EngineError.js';
import { defineStage, type ParameterSet } from '../../stage.js';
import { patternAt } from '../linearise/tables.js';
import { BAYER_KERNELS, CLEAN_TOE } from './bayer.js';
import { XTRANS_PERIOD, xTransFilters } from './xtrans.filters.js';
import { XTRANS_HALO } from './xtrans.reference.js';

const parameters = {
  quality: {
    kind: 'choice',
    choices: ['fast', 'best'],
    default: 'fast',
    flag: 'quality',
    help: 'How carefully missing colours are found: fast, or best for the finest detail at several times the time.',
  },
} as const satisfies ParameterSet;

type Plan =
  /** Phase 0 RGGB, 1 GRBG, 2 GBRG, 3 BGGR at the origin of the active area; tiles begin on even rows and columns. */
  | {
      readonly kind: 'bayer';
      readonly quality: 'fast' | 'best';
      readonly phase: number;
      readonly toe: number;
    }
  /** Address of the filters for a tile that begins on the pattern's period. */
  | { readonly kind: 'x-trans'; readonly filters: number };

const BAYER_PHASES = ['0112', '1021', '1201', '2110'];

/** Beyond it the encoding is straight for all that matters; absurd noise profiles end here. */
const LARGEST_TOE = 4;
const NO_NOISE: NoiseProfile = { scale: 0, offset: 0 };

/**
 * The toe of the encoding that the Bayer demosaic works on. A mean of noisy values under a square root comes out too dark,
 * and darker the more noise a colour has: so the encoding is straight for as far as the noise reaches. The two weights are
 * those that measured best (README.md).
 */
function encodingToe({ noiseProfile }: RawFrame, balance: Vector3): number {
  const squares = balance.map((gain, colour) => {
    const { scale, offset } = noiseProfile?.[Math.min(colour, noiseProfile.length - 1)] ?? NO_NOISE;
    return gain * (3 * (scale > 0 ? scale : 0) + 0.6 * Math.sqrt(offset > 0 ? offset : 0));
  });
  const toe = Math.sqrt(Math.max(...squares));
  return Math.fround(Math.min(Math.max(toe, CLEAN_TOE), LARGEST_TOE));
}

/** The last X-Trans pattern and its filters: they take tens of milliseconds and one camera has one pattern. */
let lastFilters: { readonly pattern: string; readonly filters: Float32Array } | undefined;

function filtersFor(colours: readonly number[]): Float32Array {
  const pattern = colours.join('');
  if (lastFilters?.pattern !== pattern) lastFilters = { pattern, filters: xTransFilters(colours) };
  return lastFilters.filters;
}

/** One sample per photosite to three values per pixel. */
export const demosaic = defineStage({
  name: 'demosaic',
  title: 'Demosaic',
  parameters,
  works: 'demosaic',
  plan(values, { frame, balance, place }): Plan | undefined {
    const { cfa } = frame;
    if (cfa === undefined) return undefined;
    if (cfa.kind === 'x-trans')
      return { kind: 'x-trans', filters: place(filtersFor(patternAt(frame, XTRANS_PERIOD))) };
    const phase = cfa.kind === 'bayer' ? BAYER_PHASES.indexOf(patternAt(frame, 2).join('')) : -1;
    if (phase < 0)
      throw new EngineError(
        `a ${cfa.kind} colour filter array of ${cfa.width} × ${cfa.height} can't be developed; Bayer and X-Trans can.`,
      );
    return { kind: 'bayer', quality: values.quality, phase, toe: encodingToe(frame, balance) };
  },
  halo: (plan) => (plan.kind === 'bayer' ? BAYER_KERNELS[plan.quality].halo : XTRANS_HALO),
  scratch: (plan, stride, height, kernels) =>
    plan.kind === 'bayer'
      ? kernels[BAYER_KERNELS[plan.quality].scratch](stride, height)
      : kernels.demosaicXTransScratch(stride, height),
  run(plan, tile, kernels) {
    const { mosaic, stride, width, height, planes, scratch } = tile;
    if (plan.kind === 'bayer')
      kernels[BAYER_KERNELS[plan.quality].run](
        mosaic,
        stride,
        width,
        height,
        plan.phase,
        plan.toe,
        planes,
        scratch,
      );
    else kernels.demosaicXTrans(mosaic, stride, width, height, plan.filters, planes, scratch);
  },
});
