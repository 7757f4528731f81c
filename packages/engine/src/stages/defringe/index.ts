import { defineStage, type ParameterSet } from '../../stage.js';

const parameters = {
  amount: {
    kind: 'number',
    min: 0,
    max: 2,
    step: 0.05,
    default: 1,
    flag: 'defringe',
    help: 'Takes the colour out of purple fringes beside very bright light; 0 leaves them.',
  },
} as const satisfies ParameterSet;

interface Plan {
  readonly reach: number;
  readonly near: number;
  readonly amount: number;
}

/** Pixels of the full picture from a fringe to the light that it belongs to, and to what lies beyond it. */
const REACH = 5;
const NEAR = 2;
/** In smaller views fringes are thinner than a pixel. */
const SMALLEST_REACH = 2;

/** The rings that are looked at at a scale; undefined where fringes are too thin to be seen. */
export function fringeReach(scale: number): { readonly reach: number; readonly near: number } | undefined {
  const reach = Math.round(REACH * scale);
  return reach < SMALLEST_REACH ? undefined : { reach, near: Math.max(Math.round(NEAR * scale), 1) };
}

/**
 * Purple fringes: light that the lens focuses elsewhere than green, beside edges toward very bright areas. They become
 * neutral; what is purple in itself stays.
 */
export const defringe = defineStage({
  name: 'defringe',
  title: 'Purple fringes',
  parameters,
  works: 'local',
  plan({ amount }, { scale }): Plan | undefined {
    const rings = fringeReach(scale);
    return amount === 0 || rings === undefined ? undefined : { ...rings, amount };
  },
  halo: ({ reach }) => reach,
  scratch: (_plan, stride, height, kernels) => kernels.defringeScratch(stride, height),
  run({ reach, near, amount }, tile, kernels) {
    kernels.defringe(
      tile.inner,
      tile.planeStride,
      tile.stride * 4,
      tile.innerWidth,
      tile.innerHeight,
      reach,
      near,
      amount,
      tile.scratch,
    );
  },
});
