import { OpticsError } from '../../OpticsError.js';
import { checkLens } from '../checkLens.js';
import { SPECTRAL_LINES_NM } from '../dispersion.js';
import type { Lens, Medium, StatedFigures, Surface } from '../Lens.js';
import { withBackFocus } from './backFocus.js';
import { baseName, type LensFile, linesOf, numberOf, placeOf, radiusOf } from './source.js';

/** What the comments and the file's name say. */
function statedIn(comments: string, file: LensFile): StatedFigures {
  const found = (pattern: RegExp, text = comments): number | undefined => {
    const value = Number(pattern.exec(text)?.[1]);
    return value > 0 ? value : undefined;
  };
  const focalLengthMm =
    found(/scaled to ([\d.]+) ?mm/i) ??
    found(/efl ?= ?([\d.]+) ?mm/i) ??
    found(/(?:^|[._-])([\d.]+)mm/i, baseName(file.file));
  const fNumber = found(/f ?\/ ?([\d.]+)/i);
  const half = found(/([\d.]+) ?deg ?hfov/i);
  const whole = found(/([\d.]+) ?fov/i);
  const halfFieldDegrees = half ?? (whole === undefined ? undefined : whole / 2);
  return {
    ...(focalLengthMm === undefined ? {} : { focalLengthMm }),
    ...(fNumber === undefined ? {} : { fNumber }),
    ...(halfFieldDegrees === undefined ? {} : { halfFieldDegrees }),
  };
}

/**
 * Reads a pbrt lens table: lines of radius, thickness, index behind the surface and aperture diameter, in mm, front to rear;
 * a radius of 0 is the stop; # begins a comment. Indices are the same at all wavelengths. The table ends at the last
 * surface: the image plane is put at the paraxial focus.
 * @throws {OpticsError} that names the line and the column
 */
export function readPbrtLens(text: string, file: LensFile = {}): Lens {
  const surfaces: Surface[] = [];
  const comments: string[] = [];
  for (const [k, line] of linesOf(text, file).entries()) {
    const [values = '', comment] = line.split('#', 2);
    if (comment !== undefined) comments.push(comment.trim());
    const words = values.trim().split(/\s+/);
    if (words[0] === '' || words[0] === undefined) continue;
    if (words.length !== 4)
      throw new OpticsError(
        `${words.length} values; a line holds four: radius, thickness, index, aperture diameter.`,
        placeOf(file, k + 1),
      );
    const read = (index: number, field: string): number => numberOf(words[index], file, k + 1, field);
    const radius = read(0, 'radius');
    const index = read(2, 'index');
    const diameter = read(3, 'aperture diameter');
    if (diameter <= 0)
      throw new OpticsError(
        `${diameter} is not possible; the aperture diameter has to be greater than 0.`,
        placeOf(file, k + 1, 'aperture diameter'),
      );
    const medium: Medium = index === 0 || index === 1 ? { kind: 'air' } : { kind: 'constant', index };
    surfaces.push({
      radiusMm: radiusOf(radius),
      conic: 0,
      asphere: [],
      thicknessMm: read(1, 'thickness'),
      medium,
      semiDiameterMm: diameter / 2,
      stop: radius === 0,
    });
  }
  const lens: Lens = {
    name: comments[0]?.replace(/"$/, '') || baseName(file.file),
    source: [...comments.slice(1).map((comment) => comment.replace(/"$/, '')), baseName(file.file)].join(
      '; ',
    ),
    surfaces,
    wavelengthNm: SPECTRAL_LINES_NM.d,
    stated: statedIn(comments.join('\n'), file),
  };
  return withBackFocus(checkLens(lens, placeOf(file)), placeOf(file));
}
