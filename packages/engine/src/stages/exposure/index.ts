import { defineStage, type ParameterSet } from '../../stage.js';

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
} as const satisfies ParameterSet;

interface Plan {
  readonly gain: number;
}

/** More stops than this in a file are damage: no sensor records so many, and a gain must stay a finite number. */
const MOST_STATED_STOPS = 20;

/** The file's baseline exposure (DNG tags 50730 and 51109) and the person's own, as one gain on scene light. */
export const exposure = defineStage({
  name: 'exposure',
  title: 'Exposure',
  parameters,
  works: 'planes',
  plan({ ev }, { frame, assume }): Plan | undefined {
    const stated = (frame.baselineExposure ?? 0) + (frame.color.baselineExposureOffset ?? 0);
    const believed = Math.abs(stated) <= MOST_STATED_STOPS;
    if (!believed) assume(`a baseline exposure of ${stated} stops can't be: none is used`);
    const stops = ev + (believed ? stated : 0);
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
