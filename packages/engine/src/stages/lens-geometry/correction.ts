import type { RawFrame } from '@photosite/raw';
import { loadLensDatabase } from '../../lens-data/LensDatabase.js';
import { lensOfFrame } from '../../lens-data/lensOfFrame.js';
import { dngCorrection } from './dng.js';
import type { LensCorrection } from './LensCorrection.js';

/**
 * What a frame's lens did to it: as the file says, else as the lens database knows; undefined where neither does. The
 * database is loaded where a file names what it can be asked for.
 */
export async function lensCorrectionOf(frame: RawFrame): Promise<LensCorrection | undefined> {
  const stated = dngCorrection(frame);
  if (stated !== undefined) return stated;
  if (frame.make === undefined || frame.exposure.focalLengthMm === undefined) return undefined;
  const known = lensOfFrame(frame, await loadLensDatabase())?.correction;
  // Gain maps in the file have undone the darkening already.
  const shaded = frame.opcodes.list2.some(({ kind }) => kind === 'GainMap');
  return known !== undefined && shaded ? { ...known, vignetting: [] } : known;
}
