import { rectangleOf } from '../../geometry.js';
import { defineStage } from '../../stage.js';
import type { Vignetting } from '../lens-geometry/LensCorrection.js';

/** One gain with its table in the kernels' memory. */
interface PlacedGain {
  readonly center: readonly [number, number];
  readonly radiusPx: number;
  readonly table: number;
  /** Steps of the table per unit of the squared radius, and its last step. */
  readonly perUnit: number;
  readonly last: number;
}

/** Steps from the centre to the farthest corner: linear reading is then exact to 1e-6 for any real lens. */
const STEPS = 1024;
/** A lens that darkens more than this is damage in the file: noise is all that would be left. */
const LARGEST_GAIN = 16;

/** The gain at a squared radius, kept within what a lens can need. */
export function vignettingGain({ coefficients, reciprocal }: Vignetting, squaredRadius: number): number {
  let sum = 0;
  for (let k = coefficients.length - 1; k >= 0; k--) sum = (sum + coefficients[k]!) * squaredRadius;
  const gain = reciprocal ? 1 / (1 + sum) : 1 + sum;
  return gain > 0 && gain < LARGEST_GAIN ? gain : gain <= 0 && !reciprocal ? 0 : LARGEST_GAIN;
}

/** The table of a gain up to the farthest corner of the active area. */
export function gainTable(
  vignetting: Vignetting,
  width: number,
  height: number,
): { readonly table: Float32Array; readonly perUnit: number } {
  const { center, radiusPx } = vignetting;
  const farthest = Math.max(center[0], width - center[0]) ** 2 + Math.max(center[1], height - center[1]) ** 2;
  const perUnit = STEPS / Math.max(farthest / (radiusPx * radiusPx), 1e-6);
  return {
    perUnit,
    table: Float32Array.from({ length: STEPS + 2 }, (_, k) =>
      vignettingGain(vignetting, Math.min(k, STEPS) / perUnit),
    ),
  };
}

/** The lens's darkening toward its corners as a radial gain on camera RGB, before places are moved. */
export const lensVignetting = defineStage({
  name: 'lens-vignetting',
  title: 'Lens vignetting',
  parameters: {},
  works: 'planes',
  plan(_values, { frame, lens, place }): readonly PlacedGain[] | undefined {
    if (lens === undefined || lens.vignetting.length === 0) return undefined;
    const { width, height } = rectangleOf(frame.activeArea);
    return lens.vignetting.map((vignetting) => {
      const { table, perUnit } = gainTable(vignetting, width, height);
      const { center, radiusPx } = vignetting;
      return { center, radiusPx, table: place(table), perUnit, last: STEPS };
    });
  },
  halo: () => 0,
  scratch: () => 0,
  run(gains, tile, kernels) {
    const { place, inner, innerWidth, innerHeight, planeStride, stride } = tile;
    for (const { center, radiusPx, table, perUnit, last } of gains)
      for (let y = 0; y < innerHeight; y++)
        kernels.lensVignettingRow(
          inner + y * stride * 4,
          planeStride,
          place.x - 0.5,
          center[0] - 0.5,
          (place.y + y - center[1]) / radiusPx,
          1 / radiusPx,
          innerWidth,
          table,
          perUnit,
          last,
        );
  },
});
