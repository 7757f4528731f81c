// The pictures of docs/darkroom.md: frames developed in different ways, side by side.
import sharp from 'sharp';
import { Engine, LOOKS } from '../../packages/engine/dist/index.js';
import { FRAMES } from './frames.mjs';
import { LOOK_COLUMNS, LOOK_SHEETS, VIEWS } from './views.mjs';

/** Widths of a picture and of a sheet of looks, pixels, and how much room their JPEG may take. */
const PICTURE = { width: 720, bytes: 32_000 };
const SHEET = { width: 880, bytes: 40_000 };
/** Between two panels, pixels. */
const GAP = 4;
const QUALITIES = [88, 84, 80, 75, 70, 64, 58, 52, 45, 38];
/** Close-ups are not much taller than wide, with any number of panels. */
const CLOSE_UP_ASPECT = 0.8;

/** A part of the upright picture, `width` pixels wide. */
async function developPart(development, recipe, { part, at, enlarge }, width) {
  const size = development.sizeOf(recipe);
  let region;
  if (part === undefined) {
    const [w, h] = [Math.round(width / enlarge), Math.round((width * CLOSE_UP_ASPECT) / enlarge)];
    const from = (middle, side, all) =>
      Math.min(Math.max(Math.round(middle * all - side / 2), 0), all - side);
    region = { left: from(at[0], w, size.width), top: from(at[1], h, size.height), width: w, height: h };
  } else
    region = {
      left: Math.round(part[0] * size.width),
      top: Math.round(part[1] * size.height),
      width: Math.round(part[2] * size.width),
      height: Math.round(part[3] * size.height),
    };
  const scale = Math.min(1, width / region.width);
  const rendered = await development.render({ recipe, region, scale, format: 'uint8', keep: true });
  const image = await sharp(Buffer.from(rendered.pixels), {
    raw: { width: rendered.width, height: rendered.height, channels: 3 },
  })
    .resize({ width, kernel: enlarge === undefined ? 'lanczos3' : 'nearest' })
    .png()
    .toBuffer({ resolveWithObject: true });
  rendered.release();
  return image;
}

/** Panels in rows of `columns`, as a JPEG that keeps to its room. */
async function side(panels, { columns, bytes, enlarge }) {
  const cellWidth = Math.max(...panels.map(({ info }) => info.width));
  const cellHeight = Math.max(...panels.map(({ info }) => info.height));
  const rows = Math.ceil(panels.length / columns);
  const width = columns * (cellWidth + GAP) - GAP;
  const height = rows * (cellHeight + GAP) - GAP;
  const sheet = await sharp({ create: { width, height, channels: 3, background: '#fff' } })
    .composite(
      panels.map(({ data, info }, i) => ({
        input: data,
        left: (i % columns) * (cellWidth + GAP),
        top: Math.floor(i / columns) * (cellHeight + GAP) + Math.floor((cellHeight - info.height) / 2),
      })),
    )
    .png()
    .toBuffer();
  // Close-ups are about single pixels.
  const chromaSubsampling = enlarge === undefined ? '4:2:0' : '4:4:4';
  for (const quality of QUALITIES) {
    const jpeg = await sharp(sheet).jpeg({ quality, mozjpeg: true, chromaSubsampling }).toBuffer();
    if (jpeg.length <= bytes) return jpeg;
  }
  throw new Error(`a picture of ${width} × ${height} takes more than ${bytes} bytes at any quality.`);
}

/** File names and their JPEG, one by one. */
export async function* pictures(say) {
  const engine = await Engine.create();
  const looks = Object.keys(LOOKS).map((name) => ({ look: { name } }));
  const sheets = [
    ...VIEWS.map((view) => ({ ...PICTURE, ...view, columns: view.panels.length })),
    ...LOOK_SHEETS.map((view) => ({ ...SHEET, ...view, panels: looks, columns: LOOK_COLUMNS })),
  ];
  try {
    for (const source of new Set(sheets.map((sheet) => sheet.source))) {
      say(`${source}: the frame`);
      const development = engine.open(await FRAMES[source]());
      for (const sheet of sheets.filter((one) => one.source === source)) {
        const width = Math.floor((sheet.width - (sheet.columns - 1) * GAP) / sheet.columns);
        const panels = [];
        for (const recipe of sheet.panels) panels.push(await developPart(development, recipe, sheet, width));
        say(`${source}: ${sheet.name}`);
        yield [`${sheet.name}.jpg`, await side(panels, sheet)];
      }
      development.close();
    }
  } finally {
    await engine.close();
  }
}
