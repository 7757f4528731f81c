import { type Blob, sidesApart } from './blobs.js';
import { Homography, type Point } from './Homography.js';

/** Blobs in rows and columns. */
export interface Lattice {
  readonly cells: readonly { readonly column: number; readonly row: number; readonly blob: Blob }[];
  /** Column and row to a place in the picture. */
  readonly map: Homography;
}

/** Patches of a chart are 1.1 to 1.4 of their side apart; the search leaves room for borders and noise. */
const NEIGHBOUR_SIDES = [0.95, 1.6] as const;
/** Areas of neighbours: perspective changes them slowly. */
const AREA_RANGE = [0.45, 2.2] as const;
/** How far off a predicted place a blob may lie, in steps of the lattice. */
const REACH = 0.28;
/** Columns and rows are looked for this far from the first blob. */
const MAX_STEPS = 6;
/** Blobs that make a lattice worth a look. */
const MIN_CELLS = 8;
/** Lattices to look at, the fullest first. */
const MAX_LATTICES = 60;

function similar(a: Blob, b: Blob): boolean {
  const ratio = a.area / b.area;
  return ratio > AREA_RANGE[0] && ratio < AREA_RANGE[1];
}

class Grower {
  private readonly byCell = new Map<string, { column: number; row: number; blob: Blob }>();
  private readonly used = new Set<Blob>();

  constructor(private readonly nearby: readonly Blob[]) {}

  private at(column: number, row: number): Blob | undefined {
    return this.byCell.get(`${column},${row}`)?.blob;
  }

  private put(column: number, row: number, blob: Blob): void {
    this.byCell.set(`${column},${row}`, { column, row, blob });
    this.used.add(blob);
  }

  private nearest([x, y]: Point, reach: number, like: Blob): Blob | undefined {
    let best: Blob | undefined;
    let least = reach;
    for (const blob of this.nearby) {
      const distance = Math.hypot(blob.centre[0] - x, blob.centre[1] - y);
      if (distance < least && !this.used.has(blob) && similar(blob, like)) {
        least = distance;
        best = blob;
      }
    }
    return best;
  }

  /** The step from a cell along an axis: by the neighbour behind, else by neighbours beside, else the first step. */
  private step(column: number, row: number, dx: number, dy: number, first: Point): Point {
    const here = this.at(column, row)!.centre;
    const behind = this.at(column - dx, row - dy);
    if (behind !== undefined) return [here[0] - behind.centre[0], here[1] - behind.centre[1]];
    for (const side of [1, -1]) {
      const [c, r] = [column + side * dy, row + side * dx];
      const [from, to] = [this.at(c, r), this.at(c + dx, r + dy)];
      if (from !== undefined && to !== undefined) {
        return [to.centre[0] - from.centre[0], to.centre[1] - from.centre[1]];
      }
    }
    const sign = dx + dy;
    return [first[0] * sign, first[1] * sign];
  }

  grow(origin: Blob, right: Blob, down: Blob): Lattice | undefined {
    this.put(0, 0, origin);
    this.put(1, 0, right);
    this.put(0, 1, down);
    const offset = (blob: Blob): Point => [
      blob.centre[0] - origin.centre[0],
      blob.centre[1] - origin.centre[1],
    ];
    const [u, v] = [offset(right), offset(down)];
    const queue: [number, number][] = [
      [0, 0],
      [1, 0],
      [0, 1],
    ];
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [column, row] = next;
      const here = this.at(column, row)!;
      for (const [dx, dy] of [
        [1, 0],
        [-1, 0],
        [0, 1],
        [0, -1],
      ] as const) {
        const [c, r] = [column + dx, row + dy];
        if (Math.max(Math.abs(c), Math.abs(r)) > MAX_STEPS || this.at(c, r) !== undefined) continue;
        const step = this.step(column, row, dx, dy, dx === 0 ? v : u);
        const place: Point = [here.centre[0] + step[0], here.centre[1] + step[1]];
        const blob = this.nearest(place, REACH * Math.hypot(...step), here);
        if (blob === undefined) continue;
        this.put(c, r, blob);
        queue.push([c, r]);
      }
    }
    return this.bridge();
  }

  /** Fits the plane's map and takes up the blobs beyond gaps. */
  private bridge(): Lattice | undefined {
    for (let round = 0; ; round++) {
      const cells = [...this.byCell.values()];
      if (cells.length < 5) return undefined;
      const map = Homography.fit(
        cells.map(({ column, row }): Point => [column, row]),
        cells.map(({ blob }) => blob.centre),
      );
      if (map === undefined) return undefined;
      if (round === 2) return cells.length < MIN_CELLS ? undefined : { cells, map };
      const columns = cells.map(({ column }) => column);
      const rows = cells.map(({ row }) => row);
      for (let row = Math.min(...rows) - 2; row <= Math.max(...rows) + 2; row++) {
        for (let column = Math.min(...columns) - 2; column <= Math.max(...columns) + 2; column++) {
          if (this.at(column, row) !== undefined) continue;
          const [place, beside] = [map.apply([column, row]), map.apply([column + 1, row])];
          const reach = REACH * Math.hypot(beside[0] - place[0], beside[1] - place[1]);
          const blob = this.nearest(place, reach, cells[0]!.blob);
          if (blob !== undefined) this.put(column, row, blob);
        }
      }
    }
  }
}

/** Two neighbours of a blob that may be its right and lower one: at right angles in the patch's own frame. */
function cornerPairs(origin: Blob, blobs: readonly Blob[]): [Blob, Blob][] {
  const neighbours = blobs
    .filter((blob) => blob !== origin && similar(blob, origin))
    .map((blob) => {
      const [dx, dy] = [blob.centre[0] - origin.centre[0], blob.centre[1] - origin.centre[1]];
      return { blob, dx, dy, sides: sidesApart(origin, dx, dy) };
    })
    .filter(({ sides }) => sides > NEIGHBOUR_SIDES[0] && sides < NEIGHBOUR_SIDES[1])
    .sort((a, b) => a.sides - b.sides)
    .slice(0, 6);
  const [xx, xy, yy] = origin.inverse;
  const pairs: [Blob, Blob][] = [];
  neighbours.forEach((a, i) => {
    for (const b of neighbours.slice(i + 1)) {
      const product = (xx * a.dx * b.dx + xy * (a.dx * b.dy + a.dy * b.dx) + yy * a.dy * b.dy) / 12;
      if (Math.abs(product) < 0.35 * a.sides * b.sides) pairs.push([a.blob, b.blob]);
    }
  });
  return pairs;
}

/** Lattices of four or more rows or columns worth a look, the fullest first. */
export function findLattices(blobs: readonly Blob[]): Lattice[] {
  const lattices: Lattice[] = [];
  // A blob that lies in a full lattice need not begin another.
  const settled = new Set<Blob>();
  for (const origin of blobs) {
    if (settled.has(origin)) continue;
    const reach = 10 * Math.sqrt(origin.area) * 2;
    const nearby = blobs.filter(
      ({ centre }) => Math.hypot(centre[0] - origin.centre[0], centre[1] - origin.centre[1]) < reach,
    );
    let fullest: Lattice | undefined;
    for (const [right, down] of cornerPairs(origin, nearby)) {
      const lattice = new Grower(nearby).grow(origin, right, down);
      if (lattice !== undefined && lattice.cells.length > (fullest?.cells.length ?? 0)) fullest = lattice;
    }
    if (fullest === undefined) continue;
    lattices.push(fullest);
    if (fullest.cells.length >= 16) for (const { blob } of fullest.cells) settled.add(blob);
  }
  return lattices.sort((a, b) => b.cells.length - a.cells.length).slice(0, MAX_LATTICES);
}
