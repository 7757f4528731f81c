import { CELL, type Cells } from './cells.js';
import { PHASES, tapsOf, weightsOf } from './filters.js';

/** A plane of a source whose first pixel lies at (left, top) of the active area. */
export interface SourcePlane {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** `width × height` values. */
  readonly values: Float32Array;
}

/** Where the light of a picture's pixel was recorded, bilinear between the corners of its cell. */
function placeOf(
  cells: Cells,
  channels: 1 | 3,
  channel: number,
  x0: number,
  y0: number,
  x: number,
  y: number,
): [number, number] {
  const [dx, dy] = [x - Math.floor(x0 / CELL) * CELL, y - Math.floor(y0 / CELL) * CELL];
  const [i, j] = [Math.floor(dx / CELL), Math.floor(dy / CELL)];
  const [s, t] = [dx - i * CELL, (dy - j * CELL) / CELL];
  const node = (k: number, l: number, axis: number): number =>
    cells.nodes[((l * cells.nodesAcross + k) * channels + (channels === 1 ? 0 : channel)) * 2 + axis]!;
  const along = (axis: number): number => {
    const a = node(i, j, axis) + (node(i, j + 1, axis) - node(i, j, axis)) * t;
    const b = node(i + 1, j, axis) + (node(i + 1, j + 1, axis) - node(i + 1, j, axis)) * t;
    return a + ((b - a) / CELL) * s;
  };
  return [along(0), along(1)];
}

/** The nearest whole number, of two the even one: 1.5 · 2^52 leaves doubles no fraction. */
function toEven(value: number): number {
  return value + 6755399441055744 - 6755399441055744;
}

/**
 * One pixel of the picture: a windowed sinc over the source, the weights of the nearest 1/256 pixel, in 32-bit floats
 * and in the kernel's order: columns of rows first, then four partial sums, first and third, second and fourth together.
 * @param area width and height of the active area, outside of which there is nothing: 0
 */
export function resampledPixel(
  source: SourcePlane,
  area: readonly [width: number, height: number],
  cells: Cells,
  channels: 1 | 3,
  channel: number,
  [x0, y0]: readonly [number, number],
  x: number,
  y: number,
): number {
  const [px, py] = placeOf(cells, channels, channel, x0, y0, x, y);
  if (!(px >= -0.5 && py >= -0.5 && px <= area[0] - 0.5 && py <= area[1] - 0.5)) return 0;
  const cell =
    (Math.floor(y / CELL) - Math.floor(y0 / CELL)) * (cells.nodesAcross - 1) +
    Math.floor(x / CELL) -
    Math.floor(x0 / CELL);
  const level = cells.levels[cell]!;
  const taps = tapsOf(level);
  const [qx, qy] = [toEven(px * PHASES) / PHASES, toEven(py * PHASES) / PHASES];
  const wx = weightsOf(level, qx - Math.floor(qx)).map(Math.fround);
  const wy = weightsOf(level, qy - Math.floor(qy)).map(Math.fround);
  const column = Math.floor(qx) - taps / 2 + 1 - source.left;
  const row = Math.floor(qy) - taps / 2 + 1 - source.top;
  const vectors = Math.ceil(taps / 4);
  const columns = Array.from({ length: vectors * 4 }, (_, k) => {
    let sum = 0;
    for (let r = 0; r < taps; r++) {
      const value = source.values[(row + r) * source.width + column + k]!;
      sum = Math.fround(sum + Math.fround(value * wy[r]!));
    }
    return Math.fround(sum * (wx[k] ?? 0));
  });
  const lanes = [0, 1, 2, 3].map((lane) => {
    let sum = columns[lane]!;
    for (let v = 1; v < vectors; v++) sum = Math.fround(sum + columns[v * 4 + lane]!);
    return sum;
  });
  return Math.fround(Math.fround(lanes[0]! + lanes[2]!) + Math.fround(lanes[1]! + lanes[3]!));
}
