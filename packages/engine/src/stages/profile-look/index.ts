import { PROPHOTO, REC2020, rgbToRgb } from '../../colour/spaces.js';
import { defineStage } from '../../stage.js';
import { type PlacedMap, placeMap } from '../colour/hue-sat-map.js';

interface Plan {
  readonly map: PlacedMap;
  /** Addresses of the matrices from the working space to ProPhoto RGB and back. */
  readonly there: number;
  readonly back: number;
}

/** The look table of the colour profile (DNG's ProfileLookTable), on scene light at its final level. */
export const profileLook = defineStage({
  name: 'profile-look',
  title: 'Profile look',
  parameters: {},
  works: 'planes',
  plan(_, context): Plan | undefined {
    const { lookTable } = context.frame.color;
    if (lookTable === undefined || context.recipe.colour.profile === 'matrix') return undefined;
    return {
      map: placeMap(lookTable, context),
      there: context.place(Float32Array.from(rgbToRgb(REC2020, PROPHOTO))),
      back: context.place(Float32Array.from(rgbToRgb(PROPHOTO, REC2020))),
    };
  },
  halo: () => 0,
  scratch: () => 0,
  run({ map, there, back }: Plan, tile, kernels) {
    const area = [tile.inner, tile.planeStride, tile.stride * 4, tile.innerWidth, tile.innerHeight] as const;
    kernels.colourMatrix(...area, there);
    kernels.hueSatMap(...area, map.table, map.hues, map.sats, map.vals, map.encode, map.decode);
    kernels.colourMatrix(...area, back);
  },
});
