import { defineStage, type ParameterSet } from '../../stage.js';

interface Plan {
  readonly gains: readonly [number, number, number];
}

const parameters = {
  mode: {
    kind: 'choice',
    choices: ['as-shot', 'auto'],
    default: 'as-shot',
    flag: 'white-balance',
    help: 'The white where no other is asked for: as-shot, as the camera recorded it, or auto, found from the picture.',
  },
  temperature: {
    kind: 'number',
    min: 1700,
    max: 25000,
    step: 50,
    unit: 'K',
    default: null,
    flag: 'temperature',
    help: 'Colour temperature of the light; automatic = as the camera recorded it.',
  },
  tint: {
    kind: 'number',
    min: -150,
    max: 150,
    step: 1,
    default: null,
    flag: 'tint',
    help: 'Green (negative) to magenta (positive) correction of the light; automatic = as recorded, or 0 with --temperature.',
  },
  neutral: {
    kind: 'point',
    default: null,
    flag: 'neutral',
    help: 'A place X,Y (fractions of the upright picture) that shall become neutral grey.',
  },
} as const satisfies ParameterSet;

/**
 * White balance: camera RGB in which the scene's white is (1, 1, 1). The smallest gain is 1, so that a channel's
 * clipping never falls below 1. The white itself is found by `sceneWhite`.
 */
export const whiteBalance = defineStage({
  name: 'white-balance',
  title: 'White balance',
  parameters,
  works: 'planes',
  needsOverview: ({ mode, temperature, neutral }) =>
    mode === 'auto' && temperature === null && neutral === null,
  plan(_values, { white, balance }): Plan {
    const { neutral } = white;
    return {
      gains: [1 / (neutral[0] * balance[0]), 1 / (neutral[1] * balance[1]), 1 / (neutral[2] * balance[2])],
    };
  },
  halo: () => 0,
  scratch: () => 0,
  run({ gains }, tile, kernels) {
    kernels.whiteBalance(
      tile.inner,
      tile.planeStride,
      tile.stride * 4,
      tile.innerWidth,
      tile.innerHeight,
      gains[0],
      gains[1],
      gains[2],
    );
  },
});
