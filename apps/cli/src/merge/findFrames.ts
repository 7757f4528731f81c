import { stat } from 'node:fs/promises';
import { findInputs, type Inputs, RAW_EXTENSIONS } from '../develop/inputs.js';

/** Extensions of JPEGs, as found in folders that hold no raw files. */
const JPEG_EXTENSIONS = new Set(['.jpg', '.jpeg']);

/** Files that shall be merged, and how they were named. */
export interface FrameInputs extends Inputs {
  /** Whether each file was named by itself, and none was found in a folder. */
  readonly named: boolean;
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
}

/** Finds the frames under the names on the command line: files as they are, folders' raw files, or else their JPEGs. */
export async function findFrames(paths: readonly string[], recursive: boolean): Promise<FrameInputs> {
  const folders = await Promise.all(paths.map(isFolder));
  const named = !folders.includes(true);
  const raws = await findInputs(paths, recursive, RAW_EXTENSIONS);
  if (raws.files.length > 0 || named) return { ...raws, named };
  const jpegs = await findInputs(paths, recursive, JPEG_EXTENSIONS);
  return { ...(jpegs.files.length > 0 ? jpegs : raws), named };
}
