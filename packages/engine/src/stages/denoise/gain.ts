import type { Kernels } from '../../kernel-module.js';
import type { PlanContext, Tile } from '../../stage.js';
import { planeShadingPasses, shadingPasses } from '../lens-shading/passes.js';
import { multiplyByPass, type PlacedPass, placePass } from '../lens-shading/placed.js';

/**
 * What lens shading has multiplied light and noise by; undefined where it did nothing. The noise model speaks about what
 * the sensor recorded, so noise is looked at with these gains taken out, and they are put back afterwards.
 * @param of the mosaic, or the planes that come of it
 */
export function shadingGain(
  { frame, recipe, place }: PlanContext,
  of: 'mosaic' | 'planes',
): readonly PlacedPass[] | undefined {
  if (!recipe.lensShading.apply) return undefined;
  const passes = of === 'mosaic' ? shadingPasses(frame) : planeShadingPasses(frame);
  return passes.length === 0 ? undefined : passes.map((pass) => placePass(pass, place));
}

/** Writes the gains of one plane, or of the mosaic (-1), for every sample of a tile. */
export function writeGain(
  passes: readonly PlacedPass[],
  plane: number,
  to: number,
  tile: Tile,
  kernels: Kernels,
): void {
  kernels.denoiseUnits(to, tile.stride * tile.height);
  for (const pass of passes) if (pass.plane === plane) multiplyByPass(pass, to, tile, kernels);
}
