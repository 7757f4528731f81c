import { acutance, type Rectangle, textureMtf, valueAt } from '@photosite/measure';
import { luminanceWeights, readPicture } from './pictures.js';
import { table } from './table.js';

/** Flags of `photosite measure texture`. */
export interface TextureFlags {
  readonly region?: Rectangle;
  readonly flat?: Rectangle;
  readonly heightMm: number;
  readonly distanceMm: number;
  readonly json?: boolean;
}

const SHOWN = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45];

/** Measures how much of a texture is kept and tells it as text or JSON. */
export async function measureTexture(
  referenceFile: string,
  file: string,
  flags: TextureFlags,
): Promise<string> {
  const reference = await readPicture(referenceFile);
  const picture = await readPicture(file);
  const { region, flat, heightMm, distanceMm, json = false } = flags;
  const response = textureMtf(picture.image, reference.image, {
    luminanceWeights: luminanceWeights(picture),
    ...(region !== undefined && { region }),
    ...(flat !== undefined && { flat }),
  });
  const viewing = { heightPx: picture.image.height, heightMm, distanceMm };
  const textureAcutance = {
    cross: acutance(response.cross, viewing),
    direct: acutance(response.direct, viewing),
  };
  if (json) {
    return `${JSON.stringify({ reference: referenceFile, file, interpretation: picture.interpretation, ...response, viewing, textureAcutance }, undefined, 2)}\n`;
  }
  const rows = SHOWN.map((f) => [
    f.toFixed(2),
    valueAt(response.cross, f).toFixed(3),
    valueAt(response.direct, f).toFixed(3),
  ]);
  const mtf50 = (value: number | undefined) => (value === undefined ? 'above' : value.toFixed(3));
  rows.push(['MTF50', mtf50(response.crossMtf50), mtf50(response.directMtf50)]);
  rows.push(['acutance', textureAcutance.cross.toFixed(3), textureAcutance.direct.toFixed(3)]);
  return [
    `${file} against ${referenceFile}: ${picture.interpretation}\n`,
    `Texture MTF in cycles per pixel: cross spectrum, and ratio of power spectra ${flat === undefined ? 'with the noise in it' : 'less the noise of the flat area'}; acutance at ${heightMm} mm height from ${distanceMm} mm\n\n`,
    table(['', 'cross', 'direct'], rows),
  ].join('');
}
