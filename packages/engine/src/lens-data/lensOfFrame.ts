import type { RawFrame } from '@photosite/raw';
import { cropOf } from '../geometry.js';
import type { LensCorrection } from '../stages/lens-geometry/LensCorrection.js';
import { findLens, type LensMatch, type LensQuery } from './findLens.js';
import type { LensDatabase, LensEntry } from './LensDatabase.js';
import { lensCorrection } from './lensCorrection.js';

/** What of a frame says how it was taken. */
export type LensFrame = Pick<RawFrame, 'make' | 'model' | 'lens' | 'exposure' | 'activeArea' | 'defaultCrop'>;

/** A frame's lens and what it did. */
export interface FrameLens {
  readonly lens: LensEntry;
  /** Undefined where nothing was measured at this focal length and aperture. */
  readonly correction: LensCorrection | undefined;
}

/** Exif numbers that stand for "not known", and damage. */
function sane(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) && value > 0 ? value : undefined;
}

function match(
  database: LensDatabase,
  query: LensQuery,
  equivalentMm: number | undefined,
): LensMatch | undefined {
  const found = findLens(database, query);
  if (found !== undefined || equivalentMm === undefined) return found;
  // A camera that the database does not know says how large its sensor is by the focal length of the same view.
  return findLens(database, { ...query, cropFactor: equivalentMm / query.focalLengthMm });
}

/**
 * The lens that a frame's Exif names, and its correction for the frame's focal length, aperture and distance.
 * @returns undefined where the lens is not known for sure, or the focal length is not said
 */
export function lensOfFrame(frame: LensFrame, database: LensDatabase): FrameLens | undefined {
  const { make, model, lens, exposure } = frame;
  const focalLengthMm = sane(exposure.focalLengthMm);
  if (focalLengthMm === undefined) return undefined;
  const found = match(database, { make, model, lens, focalLengthMm }, sane(exposure.focalLength35mm));
  if (found === undefined) return undefined;
  const correction = lensCorrection(found.lens, {
    focalLengthMm,
    fNumber: sane(exposure.fNumber),
    distanceM: sane(exposure.subjectDistanceM),
    cropFactor: found.cropFactor,
    picture: cropOf(frame),
  });
  return { lens: found.lens, correction };
}
