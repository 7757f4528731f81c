import { type Assets, type PartialRecipe, parseCube } from '@photosite/engine';
import { describeError, UsageError } from '../errors.js';
import { readWholeFile } from '../readFile.js';

/** Room for the largest table of the .cube format at the usual length of its lines. */
const MAX_TABLE_BYTES = 2 ** 29;

async function asset<T>(
  path: string,
  read: (bytes: Uint8Array) => T | Promise<T>,
): Promise<Record<string, T>> {
  try {
    return { [path]: await read(await readWholeFile(path)) };
  } catch (error) {
    throw new UsageError(describeError(error, path));
  }
}

/**
 * Reads the tables that a recipe names: names are paths, as seen from the working folder.
 * @throws {UsageError} naming the file and what is wrong with it
 */
export async function readAssets({ look, colour }: PartialRecipe): Promise<Assets> {
  const [lut, dcp] = [look?.lut ?? null, colour?.dcp ?? null];
  return {
    ...(lut !== null && {
      luts: await asset(lut, (bytes) => {
        if (bytes.length > MAX_TABLE_BYTES) throw new UsageError(`${lut} is too large for a colour table.`);
        return parseCube(new TextDecoder().decode(bytes));
      }),
    }),
    ...(dcp !== null && {
      cameraProfiles: await asset(dcp, async (bytes) =>
        (await import('@photosite/raw')).readCameraProfile(bytes),
      ),
    }),
  };
}
