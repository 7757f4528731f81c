import { checkImage } from '../checks.js';
import { COLOR_CHECKER } from '../color/colorChecker.js';
import { MeasureError } from '../MeasureError.js';
import type { RgbImage } from '../RgbImage.js';
import { type Blob, findBlobs, type Reduced, reduce } from './blobs.js';
import { plausibility } from './colorPlausibility.js';
import { Homography, type Point } from './Homography.js';
import { findLattices, type Lattice } from './lattice.js';

/** One patch as a picture shows it. */
export interface PatchReading {
  readonly name: string;
  /** Middle of the patch in the picture. */
  readonly centre: Point;
  /** Corners of the area that was averaged, in the chart's order: upper left, upper right, lower right, lower left. */
  readonly outline: readonly Point[];
  /** Mean of R, G and B. */
  readonly mean: readonly [r: number, g: number, b: number];
  /** Standard deviation of R, G and B. */
  readonly sigma: readonly [r: number, g: number, b: number];
  /** Pixels averaged. */
  readonly count: number;
}

/** A ColorChecker in a picture. */
export interface ColorCheckerReading {
  /** 24 patches in the order of `COLOR_CHECKER`. */
  readonly patches: readonly PatchReading[];
  /** Middles of the corner patches: dark skin, bluish green, black, white. */
  readonly corners: readonly [Point, Point, Point, Point];
  /** The picture shows the chart as in a mirror. */
  readonly mirrored: boolean;
  /** How well the colours go with the chart: 1 for the chart itself, about 0 by chance. */
  readonly confidence: number;
}

const COLUMNS = 6;
const ROWS = 4;
/** Least plausibility of the colours that a chart is told from clutter by: by chance, 24 patches stay below 0.6. */
const MIN_CONFIDENCE = 0.8;
/** Where corners are given, this tells that they were given in another order. */
const MIN_CONFIDENCE_GIVEN = 0.5;
/** The second-best way to lay the chart has to be worse by this. */
const MIN_LEAD = 0.1;
/** Half a side of the averaged area, in steps from patch to patch. */
const HALF_SIDE = 0.25;
/** Standard deviation within a patch, against that between patches, that counts as uniform. */
const MAX_UNEVEN = 0.35;
/** Patches that have to be uniform. */
const MIN_UNIFORM = 18;
/** Pixels of a patch at the least. */
const MIN_PATCH_PIXELS = 9;

/** Column and row of the chart to a place in the picture. */
type ChartMap = (column: number, row: number) => Point;

/** The chart in column and row of a lattice. */
interface Placement {
  readonly lattice: Lattice;
  /** Column and row of the chart to those of the lattice. */
  readonly toLattice: (column: number, row: number) => readonly [column: number, row: number];
  readonly score: number;
}

interface CellColor {
  readonly rgb: readonly number[];
  /** Mean square root of green. */
  readonly root: number;
  /** Variance of that within the cell. */
  readonly variance: number;
}

/** Colours of a lattice's cells in a reduced picture, each looked up once. */
class CellColors {
  private readonly known = new Map<string, CellColor | undefined>();

  constructor(
    private readonly reduced: Reduced,
    private readonly map: Homography,
  ) {}

  at(column: number, row: number): CellColor | undefined {
    const key = `${column},${row}`;
    if (!this.known.has(key)) this.known.set(key, this.sample(column, row));
    return this.known.get(key);
  }

  private sample(column: number, row: number): CellColor | undefined {
    const { image, factor } = this.reduced;
    const { width, height, data } = image;
    const half = 2;
    const sum = [0, 0, 0];
    let [roots, squares, n] = [0, 0, 0];
    for (let j = -half; j <= half; j++) {
      for (let i = -half; i <= half; i++) {
        const [px, py] = this.map.apply([column + (i / half) * HALF_SIDE, row + (j / half) * HALF_SIDE]);
        const [x, y] = [Math.floor((px + 0.5) / factor), Math.floor((py + 0.5) / factor)];
        if (!(x >= 0 && y >= 0 && x < width && y < height)) return undefined;
        for (let c = 0; c < 3; c++) {
          const value = Math.max(0, data[(y * width + x) * 3 + c]!);
          sum[c]! += value;
          if (c === 1) {
            roots += Math.sqrt(value);
            squares += value;
          }
        }
        n++;
      }
    }
    const root = roots / n;
    return { rgb: sum.map((v) => v / n), root, variance: Math.max(0, squares / n - root * root) };
  }
}

/** Whether patches differ by much more than they vary within. */
function uniformEnough(cells: readonly CellColor[]): boolean {
  const mean = cells.reduce((a, { root }) => a + root, 0) / cells.length;
  const between = cells.reduce((a, { root }) => a + (root - mean) ** 2, 0) / cells.length;
  return cells.filter(({ variance }) => variance <= MAX_UNEVEN ** 2 * between).length >= MIN_UNIFORM;
}

/** All ways to lay 6 × 4 patches onto a lattice: upright and turned, at each place, mirrored or not. */
function placements(lattice: Lattice, colors: CellColors): Placement[] {
  const columns = lattice.cells.map(({ column }) => column);
  const rows = lattice.cells.map(({ row }) => row);
  const found: Placement[] = [];
  for (const turned of [false, true]) {
    const [wide, high] = turned ? [ROWS, COLUMNS] : [COLUMNS, ROWS];
    for (let top = Math.min(...rows) - high + 1; top <= Math.max(...rows); top++) {
      for (let left = Math.min(...columns) - wide + 1; left <= Math.max(...columns); left++) {
        const inside = lattice.cells.filter(
          ({ column, row }) => column >= left && column < left + wide && row >= top && row < top + high,
        ).length;
        if (inside < 8 || inside < 0.6 * Math.min(lattice.cells.length, COLUMNS * ROWS)) continue;
        for (const [flipX, flipY] of [
          [false, false],
          [true, false],
          [false, true],
          [true, true],
        ] as const) {
          const toLattice = (column: number, row: number) => {
            const [a, b] = turned ? [row, column] : [column, row];
            return [left + (flipX ? wide - 1 - a : a), top + (flipY ? high - 1 - b : b)] as const;
          };
          const cells = COLOR_CHECKER.map((_, i) =>
            colors.at(...toLattice(i % COLUMNS, Math.floor(i / COLUMNS))),
          );
          const whole = cells.filter((cell): cell is CellColor => cell !== undefined);
          if (whole.length < cells.length || !uniformEnough(whole)) continue;
          found.push({ lattice, toLattice, score: plausibility(whole.map(({ rgb }) => rgb)) });
        }
      }
    }
  }
  return found;
}

/** The chart's middle by a placement, to tell two readings of one chart from two charts. */
function middleOf({ lattice, toLattice }: Placement): Point {
  const [column, row] = toLattice((COLUMNS - 1) / 2, (ROWS - 1) / 2);
  return lattice.map.apply([column, row]);
}

/** Barrel and pincushion distortion by one term about the picture's middle: straight = seen · (1 + k·r²). */
class Distortion {
  private readonly centre: Point;
  private readonly radius: number;

  constructor(
    image: RgbImage,
    private readonly k: number,
  ) {
    this.centre = [(image.width - 1) / 2, (image.height - 1) / 2];
    this.radius = Math.hypot(image.width, image.height) / 2;
  }

  straighten([x, y]: Point): Point {
    const [dx, dy] = [x - this.centre[0], y - this.centre[1]];
    const scale = 1 + this.k * ((dx * dx + dy * dy) / this.radius ** 2);
    return [this.centre[0] + dx * scale, this.centre[1] + dy * scale];
  }

  bend([x, y]: Point): Point {
    const [dx, dy] = [x - this.centre[0], y - this.centre[1]];
    const straight = Math.hypot(dx, dy) / this.radius;
    let seen = straight;
    // Newton's steps on seen + k·seen³ = straight.
    for (let i = 0; i < 10; i++) {
      seen -= (seen + this.k * seen ** 3 - straight) / (1 + 3 * this.k * seen * seen);
    }
    const scale = straight === 0 ? 1 : seen / straight;
    return [this.centre[0] + dx * scale, this.centre[1] + dy * scale];
  }
}

/** Amounts of distortion that are tried: up to what action cameras have, in both directions. */
const DISTORTIONS = Array.from({ length: 61 }, (_, i) => (i - 20) / 50);
/** Blobs that a map is fitted to at the least. */
const MIN_FOR_FIT = 6;
/** How far off straight lines patches have to lie, in their sides, before it is put down to the lens. */
const MIN_DISTORTION = 0.02;
/** Blobs that are enough to tell distortion from perspective. */
const MIN_FOR_DISTORTION = 14;

/** The map from the chart to the picture by the blobs of a placement, with the lens's distortion where they show one. */
function chartMap(image: RgbImage, { lattice, toLattice }: Placement, blobs: readonly Blob[]): ChartMap {
  const places: Point[] = [];
  const seen: Point[] = [];
  const patchAreas: number[] = [];
  const candidates = COLOR_CHECKER.map((_, i) => {
    const [column, row] = [i % COLUMNS, Math.floor(i / COLUMNS)];
    const [a, b] = toLattice(column, row);
    const cell = lattice.cells.find((each) => each.column === a && each.row === b);
    if (cell !== undefined) patchAreas.push(cell.blob.area);
    const place = lattice.map.apply([a, b]);
    const beside = lattice.map.apply([a + 1, b]);
    const reach = 0.3 * Math.hypot(beside[0] - place[0], beside[1] - place[1]);
    const near = blobs
      .map((blob) => ({ blob, apart: Math.hypot(blob.centre[0] - place[0], blob.centre[1] - place[1]) }))
      .filter(({ apart }) => apart < reach)
      .sort((p, q) => p.apart - q.apart)[0];
    return { chart: [column, row] as Point, blob: cell?.blob ?? near?.blob };
  });
  patchAreas.sort((a, b) => a - b);
  const usual = patchAreas[Math.floor(patchAreas.length / 2)]!;
  for (const { chart, blob } of candidates) {
    if (blob === undefined || blob.area < usual / 2.5 || blob.area > usual * 2.5) continue;
    places.push(chart);
    seen.push(blob.centre);
  }
  const side = Math.sqrt(usual);
  const attempt = (k: number) => {
    const distortion = new Distortion(image, k);
    let kept = places.map((_, i) => i);
    for (let round = 0; ; round++) {
      const map = Homography.fit(
        kept.map((i) => places[i]!),
        kept.map((i) => distortion.straighten(seen[i]!)),
      );
      if (map === undefined) return undefined;
      const draw: ChartMap = (column, row) => distortion.bend(map.apply([column, row]));
      const errors = places.map((place, i) => {
        const [x, y] = draw(...place);
        return Math.hypot(x - seen[i]![0], y - seen[i]![1]);
      });
      const sorted = [...errors].sort((a, b) => a - b);
      if (round === 2) return { draw, error: sorted[Math.floor(sorted.length * 0.7)]! };
      // A blob that is no patch, or half of one, is far off the others.
      const limit = Math.max(3 * sorted[Math.floor(sorted.length / 2)]!, 0.02 * side);
      const near = places.map((_, i) => i).filter((i) => errors[i]! <= limit);
      if (near.length >= MIN_FOR_FIT) kept = near;
    }
  };
  const plain = attempt(0);
  const fallback: ChartMap = (column, row) => lattice.map.apply(toLattice(column, row));
  if (plain === undefined) return fallback;
  if (places.length < MIN_FOR_DISTORTION || plain.error < MIN_DISTORTION * side) return plain.draw;
  let best = plain;
  for (const k of DISTORTIONS) {
    const tried = attempt(k);
    if (tried !== undefined && tried.error < best.error) best = tried;
  }
  return best.error < 0.7 * plain.error ? best.draw : plain.draw;
}

/** Mean, deviation and count of the pixels inside a convex outline. */
function statistics(
  image: RgbImage,
  outline: readonly Point[],
): Omit<PatchReading, 'name' | 'centre' | 'outline'> {
  const { width, height, data } = image;
  const xs = outline.map(([x]) => x);
  const ys = outline.map(([, y]) => y);
  // Each side as a half-plane; a mirrored outline runs the other way round.
  const sides = outline.map(([ax, ay], i) => {
    const [bx, by] = outline[(i + 1) % outline.length]!;
    return [ay - by, bx - ax, (by - ay) * ax - (bx - ax) * ay] as const;
  });
  const [mx, my] = [xs.reduce((a, b) => a + b) / xs.length, ys.reduce((a, b) => a + b) / ys.length];
  const turn = Math.sign(sides[0]![0] * mx + sides[0]![1] * my + sides[0]![2]);
  const inside = (x: number, y: number) => {
    for (const [a, b, c] of sides) if (turn * (a * x + b * y + c) < 0) return false;
    return true;
  };
  let count = 0;
  const sum = [0, 0, 0];
  const squares = [0, 0, 0];
  for (let y = Math.max(0, Math.ceil(Math.min(...ys))); y <= Math.min(height - 1, Math.max(...ys)); y++) {
    for (let x = Math.max(0, Math.ceil(Math.min(...xs))); x <= Math.min(width - 1, Math.max(...xs)); x++) {
      if (!inside(x, y)) continue;
      count++;
      for (let c = 0; c < 3; c++) {
        const value = data[(y * width + x) * 3 + c]!;
        sum[c]! += value;
        squares[c]! += value * value;
      }
    }
  }
  const triple = (of: (c: number) => number) => [of(0), of(1), of(2)] as const;
  return {
    mean: triple((c) => sum[c]! / count),
    sigma: triple((c) => Math.sqrt(Math.max(0, squares[c]! / count - (sum[c]! / count) ** 2))),
    count,
  };
}

function read(image: RgbImage, map: ChartMap): ColorCheckerReading {
  const patches = COLOR_CHECKER.map(({ name }, i): PatchReading => {
    const [column, row] = [i % COLUMNS, Math.floor(i / COLUMNS)];
    const outline = [
      [-1, -1],
      [1, -1],
      [1, 1],
      [-1, 1],
    ].map(([dx, dy]) => map(column + dx! * HALF_SIDE, row + dy! * HALF_SIDE));
    const inside = outline.every(
      ([x, y]) => x > -0.5 && y > -0.5 && x < image.width - 0.5 && y < image.height - 0.5,
    );
    if (!inside)
      throw new MeasureError(`the patch ${name} lies outside of the picture.`, { field: 'corners' });
    const reading = statistics(image, outline);
    if (reading.count < MIN_PATCH_PIXELS) {
      throw new MeasureError('the chart is too small in the picture: less than 9 pixels a patch.', {
        field: 'corners',
      });
    }
    return { name, centre: map(column, row), outline, ...reading };
  });
  const [origin, right, down] = [map(2, 1), map(3, 1), map(2, 2)];
  const turn =
    (right[0] - origin[0]) * (down[1] - origin[1]) - (right[1] - origin[1]) * (down[0] - origin[0]);
  return {
    patches,
    corners: [map(0, 0), map(5, 0), map(5, 3), map(0, 3)],
    mirrored: turn < 0,
    confidence: plausibility(patches.map(({ mean }) => mean)),
  };
}

/**
 * Finds a ColorChecker Classic (24 patches) in a picture, turned by any angle, in moderate perspective, mirrored or not,
 * and reads its patches. Uniform blobs of the shape of parallelograms are looked for at several scales, grown to
 * lattices, and each way to lay the 6 × 4 patches onto a lattice is judged by the published colours; a cast of light or
 * another exposure does not matter. A lens's barrel or pincushion distortion is fitted by one term.
 * @param image linear values in any RGB space
 * @returns undefined where no chart is found beyond doubt: clutter that looks like one and charts that fit two ways are
 *   refused
 */
export function findColorChecker(image: RgbImage): ColorCheckerReading | undefined {
  checkImage('image', image);
  const reduced = reduce(image);
  const blobs = findBlobs(reduced);
  const all = findLattices(blobs)
    .flatMap((lattice) => placements(lattice, new CellColors(reduced, lattice.map)))
    .sort((a, b) => b.score - a.score);
  const best = all[0];
  if (best === undefined || best.score < MIN_CONFIDENCE) return undefined;
  const reading = read(image, chartMap(image, best, blobs));
  const middle = middleOf(best);
  const [a, , c] = reading.corners;
  const size = Math.hypot(a[0] - c[0], a[1] - c[1]);
  // The same chart laid another way: the corners differ although the middle is near.
  const rival = all.find((other) => {
    const [x, y] = middleOf(other);
    if (Math.hypot(x - middle[0], y - middle[1]) > size) return false;
    const [ox, oy] = other.lattice.map.apply(other.toLattice(0, 0));
    return Math.hypot(ox - a[0], oy - a[1]) > size / 12;
  });
  if (rival !== undefined && rival.score > best.score - MIN_LEAD) return undefined;
  return reading.confidence < MIN_CONFIDENCE ? undefined : reading;
}

/**
 * Reads a ColorChecker Classic whose place is known.
 * @param image linear values in any RGB space
 * @param corners middles of the corner patches in the order dark skin, bluish green, black, white
 * @throws {MeasureError} where the corners lie outside, are no quadrilateral, or the colours are not the chart's
 */
export function readColorChecker(image: RgbImage, corners: readonly Point[]): ColorCheckerReading {
  checkImage('image', image);
  const names = 'the middles of dark skin, bluish green, black and white';
  if (corners.length !== 4 || !corners.flat().every(Number.isFinite)) {
    throw new MeasureError(`four points are needed: ${names}.`, { field: 'corners' });
  }
  const map = Homography.fit(
    [
      [0, 0],
      [5, 0],
      [5, 3],
      [0, 3],
    ],
    corners,
  );
  const centre = map?.apply([2.5, 1.5]);
  if (map === undefined || centre === undefined || !centre.every(Number.isFinite)) {
    throw new MeasureError(`the points are no quadrilateral; expected are ${names}, in this order.`, {
      field: 'corners',
    });
  }
  const reading = read(image, (column, row) => map.apply([column, row]));
  if (reading.confidence < MIN_CONFIDENCE_GIVEN) {
    throw new MeasureError(`the colours there are not the chart's; expected are ${names}, in this order.`, {
      field: 'corners',
    });
  }
  return reading;
}
