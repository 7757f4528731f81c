import { defineStage, type ParameterSet, type PlanContext, type ValuesOf } from '../../stage.js';
import { sceneWhiteLevel } from '../tone/curve.js';
import { automaticStops } from './automatic.js';
import { sceneLuminance } from './scene.js';

const parameters = {
  ev: {
    kind: 'number',
    min: -8,
    max: 8,
    step: 0.05,
    unit: 'stops',
    default: 0,
    flag: 'exposure',
    help: 'Brightens (positive) or darkens the picture, in stops of light.',
  },
  automatic: {
    kind: 'boolean',
    default: false,
    flag: 'auto-exposure',
    help: 'Find the exposure from the scene instead of taking the camera’s; --exposure comes on top.',
  },
} as const satisfies ParameterSet;

interface Plan {
  readonly gain: number;
}

/** More stops than this in a file are damage: no sensor records so many, and a gain must stay a finite number. */
const MOST_STATED_STOPS = 20;

/** The file's baseline exposure (DNG tags 50730 and 51109), 0 where it is damaged. */
function statedStops({ frame, assume }: PlanContext): number {
  const stated = (frame.baselineExposure ?? 0) + (frame.color.baselineExposureOffset ?? 0);
  if (Math.abs(stated) <= MOST_STATED_STOPS) return stated;
  assume(`a baseline exposure of ${stated} stops can't be: none is used`);
  return 0;
}

/** All stops that the stage adds: the person's own and the scene's or the file's. */
export function exposureStops({ ev, automatic }: ValuesOf<typeof parameters>, context: PlanContext): number {
  const luminance = automatic ? sceneLuminance(context) : undefined;
  if (luminance === undefined) return ev + statedStops(context);
  return ev + automaticStops(luminance, sceneWhiteLevel(context.white.neutral));
}

/** The file's baseline exposure or the scene's own, and the person's, as one gain on scene light. */
export const exposure = defineStage({
  name: 'exposure',
  title: 'Exposure',
  parameters,
  works: 'planes',
  needsOverview: ({ automatic }) => automatic,
  plan(values, context): Plan | undefined {
    const stops = exposureStops(values, context);
    return stops === 0 ? undefined : { gain: 2 ** stops };
  },
  halo: () => 0,
  scratch: () => 0,
  run({ gain }: Plan, tile, kernels) {
    // The same kernel as white balance: a gain per plane.
    kernels.whiteBalance(
      tile.inner,
      tile.planeStride,
      tile.stride * 4,
      tile.innerWidth,
      tile.innerHeight,
      gain,
      gain,
      gain,
    );
  },
});
