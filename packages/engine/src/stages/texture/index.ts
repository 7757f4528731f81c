import { defineStage, type ParameterSet, type PlanContext } from '../../stage.js';
import { luminanceNoise } from '../sharpen/index.js';
import type { Texture } from './reference.js';

const parameters = {
  amount: {
    kind: 'number',
    min: -1,
    max: 1,
    step: 0.05,
    default: 0,
    flag: 'texture',
    help: 'Contrast of fine detail, larger than sharpening and smaller than clarity: more (positive) or softer, as for skin.',
  },
} as const satisfies ParameterSet;

/** Steps of the blurs between which detail counts as texture, in full-resolution pixels: some 1 to 5 of standard deviation. */
const FINE_STEPS = [1];
const COARSE_STEPS = [2, 4];
/** How far the full amount goes. */
const STRENGTH = 1.5;
/** Contrast to the surroundings at which an edge begins: a quarter is done there. No pixel changes by more than a tenth. */
const EDGE = 0.2;
/** What of white noise's variance the finer blur leaves less the coarser one, times how much louder than it detail must be. */
const NOISE_LEFT = 0.07;
const NOISE_MARGIN = 4;
const DARKEST = 2e-4;

interface Plan {
  /** Address of the numbers. */
  readonly table: number;
  readonly fine: number;
  readonly first: number;
  readonly second: number;
}

/** What an amount does to a picture's detail; undefined where its view is too small to hold any. */
export function textureOf(amount: number, context: PlanContext): Texture | undefined {
  // Of a reduced view every halving takes the finest step away.
  const shift = Math.round(Math.log2(context.scale));
  const scaled = (steps: readonly number[]): number[] =>
    steps.map((step) => step * 2 ** shift).filter((step) => step >= 1);
  const coarse = scaled(COARSE_STEPS);
  if (coarse.length === 0) return undefined;
  const noise = luminanceNoise(context);
  return {
    amount: amount * STRENGTH,
    noiseScale: NOISE_MARGIN * NOISE_LEFT * noise.scale,
    // Never 0: no detail is divided by no detail and this.
    noiseOffset: Math.max(NOISE_MARGIN * NOISE_LEFT * noise.offset, 1e-12),
    largest: EDGE ** 2,
    darkest: DARKEST,
    fine: scaled(FINE_STEPS),
    coarse,
  };
}

function haloOf({ fine, first, second }: Plan): number {
  return 2 * (fine + first + second);
}

/** Contrast of detail between sharpness and clarity, on linear light, where noise is known. */
export const texture = defineStage({
  name: 'texture',
  title: 'Texture',
  parameters,
  works: 'local',
  plan({ amount }, context): Plan | undefined {
    const how = amount === 0 ? undefined : textureOf(amount, context);
    if (how === undefined) return undefined;
    const numbers = [how.amount, how.noiseScale, how.noiseOffset, how.largest, how.darkest];
    return {
      table: context.place(Float32Array.from(numbers)),
      fine: how.fine[0] ?? 0,
      first: how.coarse[0] ?? 0,
      second: how.coarse[1] ?? 0,
    };
  },
  halo: haloOf,
  scratch: (_plan, stride, height, kernels) => kernels.textureScratch(stride + 12, height),
  run(plan: Plan, tile, kernels) {
    kernels.texture(
      tile.inner,
      tile.planeStride,
      tile.stride * 4,
      tile.innerWidth,
      tile.innerHeight,
      haloOf(plan),
      plan.fine,
      plan.first,
      plan.second,
      plan.table,
      tile.scratch,
    );
  },
});
