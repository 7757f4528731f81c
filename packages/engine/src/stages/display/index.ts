import { DISPLAY_P3, REC2020, type RgbSpace, rgbToRgb, rgbToXyz, SRGB } from '../../colour/spaces.js';
import { defineStage, type ParameterSet } from '../../stage.js';

const parameters = {
  space: {
    kind: 'choice',
    choices: ['srgb', 'display-p3'],
    default: 'srgb',
    flag: 'color-space',
    help: 'Colour space of the picture: srgb shows right everywhere, display-p3 holds more saturated colours.',
  },
} as const satisfies ParameterSet;

interface Plan {
  /** Address of the matrix to the display's primaries and its luminance weights, twelve floats. */
  readonly table: number;
}

const SPACES: Readonly<Record<(typeof parameters.space.choices)[number], RgbSpace>> = {
  srgb: SRGB,
  'display-p3': DISPLAY_P3,
};

/** Working space to the display's linear RGB in [0,1]; colours beyond the gamut keep hue and luminance, not saturation. */
export const display = defineStage({
  name: 'display',
  title: 'Display',
  parameters,
  works: 'planes',
  plan(values, { place }): Plan {
    const space = SPACES[values.space];
    const luminance = rgbToXyz(space).slice(3, 6);
    return { table: place(Float32Array.from([...rgbToRgb(REC2020, space), ...luminance])) };
  },
  halo: () => 0,
  scratch: () => 0,
  run({ table }, tile, kernels) {
    kernels.displayGamut(
      tile.inner,
      tile.planeStride,
      tile.stride * 4,
      tile.innerWidth,
      tile.innerHeight,
      table,
    );
  },
});
