import { encodeSrgb, multiply3, type Point, XYZ_D50_TO_SRGB } from '@photosite/measure';
import { writeAtomically } from '../AtomicFile.js';
import type { MeasuredPicture } from './pictures.js';

/** Outlines to draw, each closed; the first side is thicker, so that turned and mirrored charts show. */
export type Outline = readonly Point[];

const CODES = 4096;

/** 8-bit sRGB of a linear picture, cut to its range. */
function toSrgb8({ image, toXyzD50 }: MeasuredPicture): Uint8Array {
  const table = Uint8Array.from({ length: CODES + 1 }, (_, i) => Math.round(255 * encodeSrgb(i / CODES)));
  const columns = [0, 1, 2].map((c) =>
    multiply3(XYZ_D50_TO_SRGB, [toXyzD50[c]!, toXyzD50[c + 3]!, toXyzD50[c + 6]!]),
  );
  const { data } = image;
  const pixels = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i += 3) {
    for (let c = 0; c < 3; c++) {
      const linear =
        columns[0]![c]! * data[i]! + columns[1]![c]! * data[i + 1]! + columns[2]![c]! * data[i + 2]!;
      pixels[i + c] = table[Math.round(Math.min(Math.max(linear, 0), 1) * CODES) || 0]!;
    }
  }
  return pixels;
}

/** Writes the picture as PNG with outlines drawn over it. */
export async function writeOverlay(
  path: string,
  picture: MeasuredPicture,
  outlines: readonly Outline[],
  force: boolean,
): Promise<void> {
  const { default: sharp } = await import('sharp');
  const { width, height } = picture.image;
  const stroke = Math.max(1, Math.max(width, height) / 500);
  const points = (outline: Outline) => outline.map(([x, y]) => `${x + 0.5},${y + 0.5}`).join(' ');
  const drawn = outlines.map(
    (outline) =>
      `<polygon points="${points(outline)}" fill="none" stroke="#000" stroke-width="${2 * stroke}"/>` +
      `<polygon points="${points(outline)}" fill="none" stroke="#0f0" stroke-width="${stroke}"/>` +
      `<polyline points="${points(outline.slice(0, 2))}" fill="none" stroke="#0f0" stroke-width="${2 * stroke}"/>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${drawn.join('')}</svg>`;
  const png = await sharp(toSrgb8(picture), { raw: { width, height, channels: 3 } })
    .composite([{ input: Buffer.from(svg) }])
    .png()
    .toBuffer();
  await writeAtomically(path, [png], force);
}
