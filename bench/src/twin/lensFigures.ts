import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  LENSES,
  type Lens,
  lentilFocalLengthMm,
  OpticsError,
  PUBLISHED_TOLERANCE,
  publishedFigures,
  readLens,
  readLentil,
} from '@photosite/optics';
import { type Figure, within } from './figure.js';

/** Entries of the lentil database that its authors traced at 500 nm. */
const TRACED_AT_500 = new Set(['0012']);
/** Entries whose traced figure belongs to another state of their table. */
const TRACED_ELSEWHERE = new Set(['0013', '0014']);

function figuresOf(lens: Lens, place: string): Figure[] {
  return publishedFigures(lens).map(({ figure, stated, computed, tolerance, note }) => {
    const unit = figure === 'f-number' ? '' : ', mm';
    const row = within(`${place}: ${figure}${unit}`, stated, computed, tolerance);
    const limit = `±${Number((tolerance * 100).toPrecision(2))} %`;
    return { ...row, limit, ...(note !== undefined && { note }) };
  });
}

async function filesIn(folder: string, endings: RegExp): Promise<string[]> {
  const names = await readdir(folder);
  return names.filter((name) => endings.test(name)).sort();
}

/**
 * Published focal lengths, f-numbers and back focal distances of lens files against what their prescriptions give.
 * @param dataFolder folder with `lens/`; without it the lenses that ship with the package are compared
 */
export async function lensFigures(dataFolder: string | undefined): Promise<Figure[]> {
  const figures = Object.entries(LENSES).flatMap(([id, lens]) => figuresOf(lens, id));
  if (dataFolder === undefined) return figures;
  for (const folder of ['pbrt', 'ray-optics']) {
    const root = join(dataFolder, 'lens', folder);
    for (const file of await filesIn(root, /\.(dat|zmx|roa)$/i)) {
      try {
        figures.push(...figuresOf(readLens(await readFile(join(root, file)), { file }), file));
      } catch (error) {
        // Tilted, cylindrical and diffractive lenses are refused with a reason; anything else is a fault.
        if (!(error instanceof OpticsError)) throw error;
      }
    }
  }
  const bytes = await readFile(join(dataFolder, 'lens', 'lentil', 'lenses.json'));
  for (const { id, lens, tracedFocalLengthMm } of readLentil(bytes, { file: 'lenses.json' })) {
    if (lens instanceof OpticsError) continue;
    figures.push(...figuresOf(lens, `lentil ${id}`));
    if (tracedFocalLengthMm === undefined || TRACED_ELSEWHERE.has(id)) continue;
    const measured = lentilFocalLengthMm(lens, TRACED_AT_500.has(id) ? 500 : 550);
    figures.push(
      within(
        `lentil ${id}: focal length of a ray at half the rear rim, mm`,
        tracedFocalLengthMm,
        measured,
        PUBLISHED_TOLERANCE,
      ),
    );
  }
  return figures;
}
