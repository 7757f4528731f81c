import { OpticsError } from '../../OpticsError.js';
import type { Lens } from '../Lens.js';
import { readLentil } from './lentil.js';
import { readPbrtLens } from './pbrt.js';
import { readRayOpticsLens } from './rayOptics.js';
import { type LensFile, placeOf, textOf } from './source.js';
import { readZemaxLens } from './zemax.js';

/** What is read. */
export interface ReadLensOptions extends LensFile {
  /** Which lens of a file with many. */
  readonly id?: string;
}

/**
 * Reads a lens file of a kind that is recognised from its contents: pbrt table (.dat), Zemax (.zmx), ray-optics (.roa), or
 * one lens of a lentil database (.json).
 * @param bytes the file
 * @param options its name, for messages; which lens of a database
 * @throws {OpticsError} that names the file and the line or field of what is broken or not supported
 */
export function readLens(bytes: Uint8Array, options: ReadLensOptions = {}): Lens {
  const text = textOf(bytes, options);
  if (/^\s*\{/.test(text)) {
    if (/"optical_model"/.test(text)) return readRayOpticsLens(text, options);
    const entries = readLentil(bytes, options);
    const entry =
      options.id === undefined && entries.length === 1
        ? entries[0]
        : entries.find(({ id }) => id === options.id);
    if (entry === undefined)
      throw new OpticsError(
        `${options.id === undefined ? 'the file holds several lenses' : `there is no lens ${options.id}`}; give the id of one of ${entries
          .map(({ id }) => id)
          .slice(0, 100)
          .join(', ')}.`,
        placeOf(options, undefined, 'id'),
      );
    if (entry.lens instanceof OpticsError) throw entry.lens;
    return entry.lens;
  }
  if (/^\s*SURF\s+\d+/m.test(text) || /^VERS\s/.test(text)) return readZemaxLens(text, options);
  // A table: numbers, after comments.
  if (/^\s*(#[^\n]*\n\s*)*[-+.\d]/.test(text)) return readPbrtLens(text, options);
  throw new OpticsError(
    'this is no lens file of a known kind; there are pbrt tables (.dat), Zemax (.zmx), ray-optics (.roa) and lentil (.json).',
    placeOf(options),
  );
}
