import { inverse, multiply } from '../../colour/matrix3.js';
import { PROPHOTO, REC2020, rgbToRgb, rgbToXyz, xyzD50ToRgb } from '../../colour/spaces.js';
import { defineStage, type ParameterSet } from '../../stage.js';
import { mixedHueSatMap, type PlacedMap, placeMap } from './hue-sat-map.js';

const parameters = {
  profile: {
    kind: 'choice',
    choices: ['matrix', 'full'],
    default: 'full',
    flag: 'profile',
    help: "How much of the file's colour profile to use: matrix alone, or its hue/saturation and look tables too.",
  },
  dcp: {
    kind: 'asset',
    asset: 'camera profile',
    default: null,
    flag: 'dcp',
    help: "A DNG camera profile (.dcp) to use in place of the file's own.",
  },
} as const satisfies ParameterSet;

interface Plan {
  /** Address of the matrix from balanced camera RGB to the working space, or to ProPhoto where a table follows. */
  readonly matrix: number;
  readonly map: PlacedMap | undefined;
  /** Address of the matrix from ProPhoto to the working space. */
  readonly back: number;
}

/** White-balanced camera RGB to the working space, linear Rec.2020, by the file's matrices and hue/saturation map. */
export const colour = defineStage({
  name: 'colour',
  title: 'Colour',
  parameters,
  works: 'planes',
  plan(values, context): Plan {
    const { camera, white } = context;
    if (camera.assumed) context.assume('no colour matrix in the file: camera RGB is taken for linear sRGB');
    const toXyz = camera.balancedToXyzD50(white.chromaticity, white.neutral);
    const map = values.profile === 'full' ? mixedHueSatMap(camera.weights(white.chromaticity)) : undefined;
    const target = map === undefined ? xyzD50ToRgb(REC2020) : inverse(rgbToXyz(PROPHOTO))!;
    return {
      matrix: context.place(Float32Array.from(multiply(target, toXyz))),
      map: map === undefined ? undefined : placeMap(map, context),
      back: map === undefined ? 0 : context.place(Float32Array.from(rgbToRgb(PROPHOTO, REC2020))),
    };
  },
  halo: () => 0,
  scratch: () => 0,
  run({ matrix, map, back }, tile, kernels) {
    const area = [tile.inner, tile.planeStride, tile.stride * 4, tile.innerWidth, tile.innerHeight] as const;
    kernels.colourMatrix(...area, matrix);
    if (map === undefined) return;
    kernels.hueSatMap(...area, map.table, map.hues, map.sats, map.vals, map.encode, map.decode);
    kernels.colourMatrix(...area, back);
  },
});
