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
  /** Address of the matrix to the display's primaries, nine floats. */
  readonly matrix: number;
  /** Address of their luminance weights, three floats. */
  readonly weights: number;
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
    return {
      matrix: place(Float32Array.from(rgbToRgb(REC2020, space))),
      weights: place(Float32Array.from(rgbToXyz(space).slice(3, 6))),
    };
  },
  halo: () => 0,
  scratch: () => 0,
  run({ matrix, weights }, tile, kernels) {
    const area = [tile.inner, tile.planeStride, tile.stride * 4, tile.innerWidth, tile.innerHeight] as const;
    kernels.colourMatrix(...area, matrix);
    kernels.displayGamut(...area, weights);
  },
});
