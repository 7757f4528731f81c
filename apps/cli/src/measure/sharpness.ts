import { type FoundEdge, findSlantedEdges, type Rectangle, slantedEdge } from '@photosite/measure';
import { JobError } from '../errors.js';
import { writeOverlay } from './overlay.js';
import { luminanceWeights, readPicture } from './pictures.js';
import { table } from './table.js';

/** Flags of `photosite measure sharpness`. */
export interface SharpnessFlags {
  readonly region?: Rectangle;
  readonly edgeOrder: number;
  readonly overlay?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Edges that are looked for: nine turned squares have 36. */
const MAX_EDGES = 40;
/** Up to here each edge is told with its channels, more in one table. */
const MAX_DETAILED = 2;
const CHANNELS = ['red', 'green', 'blue', 'luminance'] as const;

function digits(value: number | undefined, places: number, factor = 1): string {
  return value === undefined ? 'above 1' : (value * factor).toFixed(places);
}

function placeOf({ left, top, width, height }: Rectangle): string {
  return `${width} × ${height} at ${left},${top}`;
}

/** One edge, channel by channel. */
function detail({ region, edge }: FoundEdge, pictureHeight: number): string {
  const { orientation, angleDegrees, contrast } = edge;
  const head = `\n${placeOf(region)}: ${orientation}, ${angleDegrees.toFixed(1)}° off, contrast ${contrast.toFixed(2)}\n`;
  const rows = CHANNELS.map((name) => {
    const { mtf50, mtf10, atNyquist, overshoot, undershoot, shiftPx } = edge[name];
    return [
      name,
      digits(mtf50, 3),
      digits(mtf50, 0, pictureHeight),
      digits(mtf10, 3),
      atNyquist.toFixed(3),
      `${(100 * overshoot).toFixed(1)} %`,
      `${(100 * undershoot).toFixed(1)} %`,
      shiftPx.toFixed(2),
    ];
  });
  const heads = ['', 'MTF50', 'lp/height', 'MTF10', 'at Nyquist', 'overshoot', 'undershoot', 'shift px'];
  return head + table(heads, rows);
}

/** The luminance of many edges, row by row from the top. */
function overview(found: readonly FoundEdge[], pictureHeight: number): string {
  const inOrder = [...found].sort((a, b) => a.region.top - b.region.top || a.region.left - b.region.left);
  const rows = inOrder.map(({ region, edge: { orientation, angleDegrees, luminance } }) => [
    placeOf(region),
    orientation,
    `${angleDegrees.toFixed(1)}°`,
    digits(luminance.mtf50, 3),
    digits(luminance.mtf50, 0, pictureHeight),
    digits(luminance.mtf10, 3),
    luminance.atNyquist.toFixed(3),
    `${(100 * luminance.overshoot).toFixed(1)} %`,
  ]);
  const heads = ['luminance', 'edge', 'angle', 'MTF50', 'lp/height', 'MTF10', 'at Nyquist', 'overshoot'];
  return `\n${table(heads, rows)}`;
}

/** Measures slanted edges and tells them as text or JSON. */
export async function measureSharpness(file: string, flags: SharpnessFlags): Promise<string> {
  const picture = await readPicture(file);
  const { image, interpretation } = picture;
  const { region, edgeOrder, overlay, force = false, json = false } = flags;
  const weights = luminanceWeights(picture);
  const measure = (area: Rectangle): FoundEdge => ({
    region: area,
    edge: slantedEdge(image, { region: area, edgeOrder, luminanceWeights: weights }),
  });
  const found =
    region === undefined
      ? findSlantedEdges(image, MAX_EDGES, weights).map((each) => measure(each.region))
      : [measure(region)];
  if (found.length === 0) {
    throw new JobError(
      `${file}: no slanted edge was found. Name one: --region x,y,width,height, an edge 2° to 10° off upright or level.`,
    );
  }
  if (overlay !== undefined) {
    const outlines = found.map(
      ({ region: { left, top, width, height } }) =>
        [
          [left, top],
          [left + width - 1, top],
          [left + width - 1, top + height - 1],
          [left, top + height - 1],
        ] as const,
    );
    await writeOverlay(overlay, picture, outlines, force);
  }
  if (json) {
    return `${JSON.stringify({ file, interpretation, pictureHeightPx: image.height, edges: found.map(({ region: area, edge }) => ({ region: area, ...edge })) }, undefined, 2)}\n`;
  }
  const height = image.height;
  const parts =
    found.length > MAX_DETAILED ? [overview(found, height)] : found.map((each) => detail(each, height));
  return [
    `${file}: ${interpretation}\n`,
    `MTF by slanted edge (ISO 12233 e-SFR) in cycles per pixel; lp/height: line pairs per picture height of ${image.height}\n`,
    ...parts,
  ].join('');
}
