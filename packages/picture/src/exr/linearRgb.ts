import {
  apply,
  bradfordTo,
  D65,
  inverse,
  type Matrix,
  multiply,
  REC709_PRIMARIES,
  rgbToXyz,
  toXyz,
} from '../colorimetry.js';
import { PictureError } from '../PictureError.js';
import type { ExrPicture } from './decodeExr.js';
import type { ExrChromaticities } from './format.js';

/** From the file's linear RGB to linear Rec.709; undefined where they are the same. */
function toRec709({ red, green, blue, white }: ExrChromaticities): Matrix | undefined {
  const [given, wanted] = [
    [red, green, blue, white],
    [...REC709_PRIMARIES, D65],
  ].map((pairs) => pairs.flat());
  // Files state Rec.709 in single precision.
  if (given.every((value, i) => Math.abs(value - wanted[i]) < 1e-6)) return undefined;
  const toXyzD65 = multiply(bradfordTo(toXyz(D65), toXyz(white)), rgbToXyz([red, green, blue], white));
  return multiply(inverse(rgbToXyz(REC709_PRIMARIES, D65)), toXyzD65);
}

function channelsOf({ channels }: ExrPicture, file: string | undefined): readonly Float32Array[] {
  for (const names of [
    ['R', 'G', 'B'],
    ['Y', 'Y', 'Y'],
  ]) {
    const planes = names.map((name) => channels.get(name));
    if (planes.every((plane) => plane !== undefined)) return planes;
  }
  throw new PictureError(
    'channels',
    `there is no R, G, B and no Y among ${[...channels.keys()].map((name) => JSON.stringify(name)).join(', ')}.`,
    { allowed: 'R, G and B, or Y', ...(file !== undefined && { file }) },
  );
}

/**
 * The picture's channels R, G, B (or Y, as grey) as `width * height * 3` interleaved linear values in Rec.709 with a white
 * of D65, adapted from the file's own white by Bradford. Colours outside of Rec.709 have negative values.
 *
 * @throws {PictureError} where the channels are missing, or the file's primaries lie on one line
 */
export function exrLinearRgb(picture: ExrPicture, { file }: { readonly file?: string } = {}): Float32Array {
  const [red, green, blue] = channelsOf(picture, file) as [Float32Array, Float32Array, Float32Array];
  const matrix = picture.chromaticities && toRec709(picture.chromaticities);
  if (matrix !== undefined && !matrix.flat().every(Number.isFinite))
    throw new PictureError('chromaticities', 'the primaries span no colour space; the file is damaged.', {
      ...(file !== undefined && { file }),
    });
  const rgb = new Float32Array(red.length * 3);
  for (let i = 0, to = 0; i < red.length; i++, to += 3) {
    if (matrix === undefined) {
      rgb[to] = red[i];
      rgb[to + 1] = green[i];
      rgb[to + 2] = blue[i];
    } else rgb.set(apply(matrix, [red[i], green[i], blue[i]]), to);
  }
  return rgb;
}
