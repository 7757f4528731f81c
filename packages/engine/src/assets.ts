import type { CameraProfile, RawFrame } from '@photosite/raw';
import { type Recipe, RecipeError } from './recipe.js';
import type { CubeLut } from './stages/look/cube.js';

/**
 * Tables that a recipe names, by those names. A recipe is small and readable; what is large travels beside it, and is
 * read by whoever knows where it lies (`parseCube`, `readCameraProfile`).
 */
export interface Assets {
  readonly luts?: Readonly<Record<string, CubeLut>>;
  readonly cameraProfiles?: Readonly<Record<string, CameraProfile>>;
}

function named<T>(
  path: string,
  what: string,
  name: string | null,
  tables: Readonly<Record<string, T>> = {},
): T | undefined {
  if (name === null) return undefined;
  if (!Object.hasOwn(tables, name))
    throw new RecipeError(path, `the ${what} "${name}" is not among the assets that came along.`);
  return tables[name];
}

/**
 * The colour table that a recipe names.
 * @throws {RecipeError} where it did not come along
 */
export function lutOf({ look }: Recipe, assets: Assets): CubeLut | undefined {
  return named('look.lut', 'colour table', look.lut, assets.luts);
}

/**
 * The camera profile that a recipe names.
 * @throws {RecipeError} where it did not come along
 */
export function cameraProfileOf({ colour }: Recipe, assets: Assets): CameraProfile | undefined {
  return named('colour.dcp', 'camera profile', colour.dcp, assets.cameraProfiles);
}

/** Model names as cameras write them differ in spaces and letters' size. */
function plain(model: string): string {
  return model.toLowerCase().replace(/\s+/g, ' ').trim();
}

/**
 * A frame that speaks of colour as a profile does. What the camera itself did to its samples (AnalogBalance) stays; its
 * CameraCalibration, which belongs to the file's own profile, goes.
 */
export function withProfile(
  frame: RawFrame,
  { cameraModel, color }: CameraProfile,
  assume: (what: string) => void,
): RawFrame {
  const { uniqueCameraModel } = frame;
  if (
    cameraModel !== undefined &&
    uniqueCameraModel !== undefined &&
    plain(cameraModel) !== plain(uniqueCameraModel)
  )
    assume(`the camera profile is for ${cameraModel}, not for ${uniqueCameraModel}: it is used all the same`);
  const { analogBalance } = frame.color;
  return { ...frame, color: { ...color, ...(analogBalance !== undefined && { analogBalance }) } };
}
