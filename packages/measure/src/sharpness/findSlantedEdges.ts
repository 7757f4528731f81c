import { checkImage } from '../checks.js';
import type { Rectangle } from '../crop.js';
import { MeasureError } from '../MeasureError.js';
import { luminanceOf, REC709_LUMINANCE } from '../Plane.js';
import type { RgbImage } from '../RgbImage.js';
import { type SlantedEdge, slantedEdge } from './slantedEdge.js';

/** An edge that was found. */
export interface FoundEdge {
  readonly region: Rectangle;
  readonly edge: SlantedEdge;
}

/** Sides of the areas that are tried, as shares of the picture's shorter side. */
const SHARES = [1 / 5, 1 / 10, 1 / 20];
const MIN_SIDE = 32;
const MAX_SIDE = 240;
/** Angle to the pixel grid, in degrees, that an edge worth measuring has. */
const ANGLES = [2, 14] as const;
/** Share of the gradients' energy that has to lie along one direction: one straight edge has nearly all. */
const MIN_COHERENCE = 0.8;
/** Areas that are measured, the most promising first. */
const MAX_TRIES = 300;
/** How far rows may be off the edge's course, pixels. */
const MAX_RESIDUAL = 0.3;
const MIN_CONTRAST = 0.2;
/** Pixels on the narrower side of an edge, as a share of the area's side. */
const MIN_REACH = 0.3;
/** Unevenness of each side as a share of the step. */
const MAX_UNEVEN = 0.12;

/** Sums of gradient products over any rectangle in four look-ups. */
class GradientSums {
  private readonly tables: readonly Float64Array[];

  constructor(image: RgbImage, weights: readonly number[]) {
    const { width, height, data } = luminanceOf(image, weights);
    this.stride = width + 1;
    this.tables = [0, 1, 2].map(() => new Float64Array((width + 1) * (height + 1)));
    const [xx, xy, yy] = this.tables as [Float64Array, Float64Array, Float64Array];
    for (let y = 0; y < height; y++) {
      let [a, b, c] = [0, 0, 0];
      for (let x = 0; x < width; x++) {
        if (x > 0 && y > 0 && x < width - 1 && y < height - 1) {
          const i = y * width + x;
          // Means over three neighbours across: the direction is right for any angle, and noise weighs less (Prewitt).
          const column = (j: number) => data[j - width]! + data[j]! + data[j + width]!;
          const row = (j: number) => data[j - 1]! + data[j]! + data[j + 1]!;
          const dx = column(i + 1) - column(i - 1);
          const dy = row(i + width) - row(i - width);
          a += dx * dx;
          b += dx * dy;
          c += dy * dy;
        }
        const to = (y + 1) * this.stride + x + 1;
        xx[to] = xx[to - this.stride]! + a;
        xy[to] = xy[to - this.stride]! + b;
        yy[to] = yy[to - this.stride]! + c;
      }
    }
  }

  private readonly stride: number;

  over({ left, top, width, height }: Rectangle): [xx: number, xy: number, yy: number] {
    const at = (x: number, y: number) => y * this.stride + x;
    return this.tables.map(
      (table) =>
        table[at(left + width, top + height)]! -
        table[at(left, top + height)]! -
        table[at(left + width, top)]! +
        table[at(left, top)]!,
    ) as [number, number, number];
  }
}

function overlap(a: Rectangle, b: Rectangle): boolean {
  const x = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const y = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  return x > 0 && y > 0 && x * y > 0.25 * Math.min(a.width * a.height, b.width * b.height);
}

/** Whether the edge lies near the area's middle: the window on its spread would be short otherwise. */
function centred({ luminance: { esf } }: SlantedEdge, { width }: Rectangle): boolean {
  return Math.min(-esf.positionsPx[0]!, esf.positionsPx.at(-1)!) >= MIN_REACH * width;
}

/** Whether both sides are flat beyond the inner third: another edge, or texture, is not. */
function flatSides({ luminance: { esf } }: SlantedEdge): boolean {
  const { positionsPx, values } = esf;
  const step = values.at(-1)! - values[0]!;
  const [first, last] = [positionsPx[0]!, positionsPx.at(-1)!];
  const side = (keep: (position: number) => boolean) => {
    const part = values.filter((_, i) => keep(positionsPx[i]!));
    const mean = part.reduce((a, b) => a + b, 0) / part.length;
    return (
      Math.sqrt(part.reduce((a, b) => a + (b - mean) ** 2, 0) / part.length) < MAX_UNEVEN * Math.abs(step)
    );
  };
  return side((p) => p < first / 3) && side((p) => p > last / 3);
}

/**
 * Finds slanted edges in a picture of a chart: areas whose gradients nearly all point one way, 2° to 14° off the pixel
 * grid, with a straight course and flat sides. The best measurable come first, at most `count`, none over another.
 * @param image linear values
 * @returns an empty list where there is none
 */
export function findSlantedEdges(
  image: RgbImage,
  count = 8,
  luminanceWeights: readonly number[] = REC709_LUMINANCE,
): FoundEdge[] {
  checkImage('image', image);
  const sums = new GradientSums(image, luminanceWeights);
  const short = Math.min(image.width, image.height);
  const sides = new Set(
    SHARES.map((share) => Math.min(short, Math.max(MIN_SIDE, Math.min(MAX_SIDE, Math.round(short * share))))),
  );
  const candidates: { region: Rectangle; promise: number }[] = [];
  for (const side of sides) {
    const step = Math.max(4, side >> 2);
    for (let top = 0; top + side <= image.height; top += step) {
      for (let left = 0; left + side <= image.width; left += step) {
        const region = { left, top, width: side, height: side };
        const [xx, xy, yy] = sums.over(region);
        const energy = xx + yy;
        const along = Math.hypot(xx - yy, 2 * xy);
        if (!(energy > 0) || along < MIN_COHERENCE * energy) continue;
        const direction = (Math.abs(0.5 * Math.atan2(2 * xy, xx - yy)) * 180) / Math.PI;
        const angle = Math.min(direction, 90 - direction);
        if (angle < ANGLES[0] || angle > ANGLES[1]) continue;
        candidates.push({ region, promise: along });
      }
    }
  }
  candidates.sort((a, b) => b.promise - a.promise);
  const found: FoundEdge[] = [];
  let tries = 0;
  for (const { region } of candidates) {
    if (found.length === count || tries === MAX_TRIES) break;
    if (found.some((other) => overlap(other.region, region))) continue;
    tries++;
    try {
      const edge = slantedEdge(image, { region, luminanceWeights });
      const good =
        edge.contrast >= MIN_CONTRAST && edge.fitResidualPx <= MAX_RESIDUAL && edge.angleDegrees >= ANGLES[0];
      if (good && centred(edge, region) && flatSides(edge)) found.push({ region, edge });
    } catch (error) {
      // A promising area that holds no measurable edge after all.
      if (!(error instanceof MeasureError)) throw error;
    }
  }
  return found;
}
