// The merge's kernels as they are meant; kernel.ts, gather.kernel.ts and nodes.kernel.ts do the same, most of it four numbers at a time.
import type { Nodes } from './tables.js';

const f = Math.fround;
/** Taps are tabulated for so many fractions of a pixel. */
const PHASES = 128;

/** Where a pixel falls in another picture: the first of the 4 × 4 samples around, the numbers of their taps, and trust. */
export interface Fall {
  readonly column: number;
  readonly row: number;
  readonly across: number;
  readonly down: number;
  readonly trust: number;
}

/** A picture of one channel. */
export interface Sheet {
  readonly width: number;
  readonly height: number;
  readonly values: ArrayLike<number>;
}

/** Where a place falls, bilinear between nodes; rounded as the kernel rounds, so that fractions are the same. */
export function fallOf({ spacing, columns, rows, values }: Nodes, x: number, y: number): Fall {
  const cell = (place: number, count: number): number => Math.min(Math.max(Math.floor(place), 0), count - 2);
  const [gx, gy] = [f(x * f(1 / spacing)), f(y / spacing)];
  const [column, row] = [cell(gx, columns), cell(gy, rows)];
  const [fx, fy] = [f(gx - column), f(gy - row)];
  const at = (k: number): number => {
    const first = (row * columns + column) * 3 + k;
    const side = (i: number): number => {
      const [above, below] = [values[i]!, values[i + columns * 3]!];
      return f(above + f(f(below - above) * fy));
    };
    const [l, r] = [side(first), side(first + 3)];
    return f(l + f(f(r - l) * fx));
  };
  const [u, v] = [f(x + at(0)), f(y + at(1))];
  const phase = (place: number): number => Math.floor(f(f(f(place - Math.floor(place)) * PHASES) + 0.5));
  return {
    column: Math.floor(u) - 1,
    row: Math.floor(v) - 1,
    across: phase(u),
    down: phase(v),
    trust: at(2),
  };
}

/** Pixels that share one fraction of a pixel where motion changes by no more than this from pixel to pixel. */
export const BLOCK = 8;
export const PREDICTED_LEAN = 1 / 128;
export const SUMMED_LEAN = 1 / 64;

/**
 * Where the place `first + k` of a block that begins at `first` falls: all places of a block by the motion of its middle, where
 * motion hardly changes, else each by its own.
 * @param middle from `first` to the middle of the block's pixels
 */
export function blockFall(
  nodes: Nodes,
  first: number,
  middle: number,
  k: number,
  y: number,
  lean: number,
): Fall {
  const { spacing, columns, rows, values } = nodes;
  const cell = (place: number, count: number): number => Math.min(Math.max(Math.floor(place), 0), count - 2);
  const column = cell(f(first * f(1 / spacing)), columns);
  const gy = f(y / spacing);
  const row = cell(gy, rows);
  const fy = f(gy - row);
  const side = (i: number): number => {
    const [above, below] = [values[i]!, values[i + columns * 3]!];
    return f(above + f(f(below - above) * fy));
  };
  const at = (row * columns + column) * 3;
  const [dx, dy] = [f(side(at + 3) - side(at)), f(side(at + 4) - side(at + 1))];
  const own = fallOf(nodes, first + k, y);
  if (Math.max(Math.abs(dx), Math.abs(dy)) > lean * spacing) return own;
  const fx = f(f(f(first + middle) * f(1 / spacing)) - column);
  const [u, v] = [f(first + f(side(at) + f(dx * fx))), f(y + f(side(at + 1) + f(dy * fx)))];
  const phase = (place: number): number => Math.floor(f(f(f(place - Math.floor(place)) * PHASES) + 0.5));
  return {
    column: Math.floor(u) - 1 + k,
    row: Math.floor(v) - 1,
    across: phase(u),
    down: phase(v),
    trust: own.trust,
  };
}

/** Sum of the 4 × 4 samples around, weighted by the taps; undefined where they are not all inside. */
export function tapSum({ width, height, values }: Sheet, taps: Float32Array, fall: Fall): number | undefined {
  const { column, row, across, down } = fall;
  if (column < 0 || row < 0 || column + 4 > width || row + 4 > height) return undefined;
  let sum = 0;
  for (let j = 0; j < 4; j++)
    for (let i = 0; i < 4; i++)
      sum += taps[across * 4 + i]! * taps[down * 4 + j]! * values[(row + j) * width + column + i]!;
  return sum;
}

/** A frame's mosaic beside what the estimate predicts of it. */
export interface Residuals {
  readonly width: number;
  readonly height: number;
  /** Colours of a cell's photosites, row by row. */
  readonly pattern: readonly number[];
  readonly residual: readonly number[];
  readonly prediction: readonly number[];
  /** 1 where a sample may be used. */
  readonly use: readonly number[];
}

/**
 * How far a frame may be believed, by cell of 2 × 2 photosites: two tests over 3 × 3 cells by colour, the mean of what it
 * differs by and the mean of its squares, each against noise and the prediction's own contrast; then the least of 3 × 3.
 * @param table as agreementTable makes it
 */
export function beliefOf(rows: Residuals, table: Float32Array): number[] {
  const { width, height, pattern } = rows;
  const [across, down] = [width / 2, height / 2];
  const t = (i: number): number => table[i]!;
  const clip = t(15);
  const judged = (i: number, j: number): number => {
    let [mean, energy] = [0, 0];
    for (let c = 0; c < 3; c++) {
      let [r, p, pp, e] = [0, 0, 0, 0];
      for (let v = j - 1; v <= j + 1; v++)
        for (let u = i - 1; u <= i + 1; u++) {
          let [cellR, cellP, cellE, count] = [0, 0, 0, 0];
          pattern.forEach((colour, k) => {
            if (colour !== c) return;
            const at = (2 * v + (k >> 1)) * width + 2 * u + (k & 1);
            const prediction = rows.prediction[at]!;
            const residual = prediction < clip || rows.residual[at]! < 0 ? rows.residual[at]! : 0;
            cellR += residual;
            cellP += prediction;
            cellE += residual * residual;
            count++;
          });
          r += cellR / count / 9;
          p += cellP / count / 9;
          pp += (cellP / count) ** 2 / 9;
          e += cellE / count / 9;
        }
      const structure = Math.max(pp - p * p, 0);
      const noise = Math.max(p, 0) * t(c) + t(3 + c);
      mean += (r * r) / (noise * (c === 1 ? 1 / 9 : 2 / 9) + structure * t(9));
      energy += e / (noise + structure * t(10));
    }
    const share = (value: number, from: number, per: number): number =>
      Math.min(Math.max(1 - (value - from) * per, 0), 1);
    return share(mean, t(11), t(12)) * share(energy, t(13), t(14));
  };
  const single = Array.from({ length: across * down }, (_, k) => {
    const [i, j] = [k % across, Math.floor(k / across)];
    return i < 1 || j < 1 || i >= across - 1 || j >= down - 1 ? 0 : judged(i, j);
  });
  return single.map((_, k) => {
    const [i, j] = [k % across, Math.floor(k / across)];
    if (i < 2 || j < 2 || i >= across - 2 || j >= down - 2) return 0;
    let least = 1;
    for (let v = j - 1; v <= j + 1; v++)
      for (let u = i - 1; u <= i + 1; u++) least = Math.min(least, single[v * across + u]!);
    return least;
  });
}

/** A sample as light; of floats, what is no number or lies below -white is none. */
export function sampleLight(
  sample: number,
  black: number,
  deltaV: number,
  scale: number,
  ceiling: number,
  float: boolean,
): number {
  const light = (sample - black - deltaV) * scale;
  if (float && !(light >= -ceiling)) return 0;
  return Math.min(light, ceiling);
}

/** A value on [0,1] as a 16-bit integer above a black level. */
export function integerOf(value: number, black: number): number {
  return Math.floor(Math.min(Math.max(value * (65535 - black) + black + 0.5, 0), 65535));
}

/** How many frames more the estimate counts beside none than beside many. */
const ALONE = 24;

/** What the estimate counts beside what was gathered: a frame's share `one`, and more where less was gathered than is usual. */
export function ownShare(one: number, gathered: number, usual: number): number {
  const lack = Math.max(one / (one + gathered) - usual, 0);
  return one * (1 + ALONE * lack * lack);
}

/** What the estimate counts where it is clipped. */
const NEXT_TO_NOTHING = 1e-6;

/** What light adds to the three colours of a pixel of the estimate. */
export function lightAdded(
  pixel: readonly number[],
  { sum, gathered }: { readonly sum: number; readonly gathered: number },
  { prior, usual, clip, shade }: { prior: number; usual: number; clip: number; shade: readonly number[] },
): number[] {
  const shaded = pixel.map((value, c) => Math.max(value, 0) + shade[c]!);
  const mean = shaded.reduce((a, b) => a + b, 0) / 3;
  const own = Math.max(...shaded) < clip ? ownShare(prior * mean, gathered, usual) : NEXT_TO_NOTHING;
  return shaded.map((value) => (sum / (gathered + own)) * value);
}

/** What the frames say about a cell's colour beyond what light said there. */
export function colourAdded(
  { sum, gathered, said }: { readonly sum: number; readonly gathered: number; readonly said: number },
  { prior, usual, clip }: { prior: number; usual: number; clip: number },
  pixel: readonly number[],
  colour: number,
): number {
  const share = Math.max(...pixel) < clip ? prior * (colour === 1 ? 2 : 1) : NEXT_TO_NOTHING;
  return sum / (gathered + ownShare(share, gathered, usual)) - said;
}

/** A row of cells brought to the pixel `x`, bilinear with the row beyond. */
export function cellColour(near: ArrayLike<number>, far: ArrayLike<number>, x: number, last: number): number {
  const own = x >> 1;
  const next = Math.min(Math.max(own + (x % 2 === 0 ? -1 : 1), 0), last);
  return (9 * near[own]! + 3 * near[next]! + 3 * far[own]! + far[next]!) / 16;
}

/** How far the reference's sample is from the merge, and its square over the noise's variance. */
export function excessOf(
  sample: number,
  value: number,
  noise: { readonly scale: number; readonly offset: number },
  clip: number,
): { difference: number; excess: number } {
  const difference = sample >= clip && value > sample ? 0 : sample - value;
  return { difference, excess: difference ** 2 / (noise.scale * Math.max(value, 0) + noise.offset) };
}

/** The merge with as much of the reference's difference as is more than noise in the mean around. */
export function mosaicOf(
  value: number,
  difference: number,
  meanExcess: number,
  slack: number,
  least: number,
): number {
  const beyond = Math.max(meanExcess - 1 - slack, 0);
  return value + Math.max(beyond / (beyond + 1), least) * difference;
}

/** Rounds of solving for the place that a frame's node came from: motion is nearly a shift, and each is 100 times closer. */
const INVERSE_ROUNDS = 5;
/** A round that moves a place by less than this, in pixels, is the last. */
const CLOSE = 1e-7;

/** One of a node's three numbers, bilinear between nodes and beyond them. */
function componentAt({ spacing, columns, rows, values }: Nodes, x: number, y: number, k: 0 | 1): number {
  const column = Math.min(Math.max(Math.floor(x / spacing), 0), columns - 2);
  const row = Math.min(Math.max(Math.floor(y / spacing), 0), rows - 2);
  // Far outside of the picture the grid says nothing: it goes on as at its border.
  const fx = Math.min(Math.max(x / spacing - column, -1), 2);
  const fy = Math.min(Math.max(y / spacing - row, -1), 2);
  const at = (row * columns + column) * 3 + k;
  const below = at + columns * 3;
  const a = values[at]!;
  const b = values[at + 3]!;
  const c = values[below]!;
  const d = values[below + 3]!;
  return a + (b - a) * fx + (c - a + (a - b - c + d) * fx) * fy;
}

/** Nodes of the way back, from the frame to the reference, on a grid like the one of the way there: burstWayBack. */
export function backwardNodes(forward: Nodes): Nodes {
  const { spacing, columns, rows } = forward;
  const values = new Float32Array(columns * rows * 3);
  for (let j = 0, at = 0; j < rows; j++)
    for (let i = 0; i < columns; i++, at += 3) {
      const x = i * spacing;
      const y = j * spacing;
      let u = x;
      let v = y;
      for (let round = 0; round < INVERSE_ROUNDS; round++) {
        const nextU = x - componentAt(forward, u, v, 0);
        const nextV = y - componentAt(forward, u, v, 1);
        const moved = Math.abs(nextU - u) + Math.abs(nextV - v);
        u = nextU;
        v = nextV;
        if (moved < CLOSE) break;
      }
      values[at] = u - x;
      values[at + 1] = v - y;
      values[at + 2] = 1;
    }
  return { spacing, columns, rows, values };
}

/** Where the places of a rectangle of the picture lie: least and greatest x, least and greatest y: burstExtent. */
export function extentOf(nodes: Nodes, x0: number, y0: number, x1: number, y1: number): Float64Array {
  const { spacing } = nodes;
  /** The ends and the nodes between them: there places are extreme. */
  const turns = (from: number, to: number): number[] => {
    const all = [from, to];
    for (let place = spacing * Math.ceil(from / spacing); place < to; place += spacing) all.push(place);
    return all;
  };
  const extent = Float64Array.of(Infinity, -Infinity, Infinity, -Infinity);
  for (const y of turns(y0, y1))
    for (const x of turns(x0, x1)) {
      const [u, v] = [x + componentAt(nodes, x, y, 0), y + componentAt(nodes, x, y, 1)];
      extent[0] = Math.min(extent[0]!, u);
      extent[1] = Math.max(extent[1]!, u);
      extent[2] = Math.min(extent[2]!, v);
      extent[3] = Math.max(extent[3]!, v);
    }
  return extent;
}
