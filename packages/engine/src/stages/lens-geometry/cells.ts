import { levelOf, tapsOf } from './filters.js';
import { type PictureMap, sourceOf } from './map.js';

/** Pixels of the picture from corner to corner of the lattice on which the map is computed; between them it is bilinear. */
export const CELL = 16;

/** The map over a rectangle of the picture, as the kernel reads it. */
export interface Cells {
  readonly nodesAcross: number;
  readonly nodesDown: number;
  /**
   * Per corner, row by row, `channels` pairs of places in the active area, 0 = the centre of its first pixel: where the
   * light of the cell's first pixel's centre lies.
   */
  readonly nodes: Float64Array;
  /** Per cell: which filter. */
  readonly levels: Int32Array;
  /** What the filters read: whole pixels of the active area, the last ones exclusive. */
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * Computes the map over `width × height` pixels of the picture from (`x0`, `y0`) on. Cells begin on multiples of 16, so
 * that a place does not depend on the rectangle.
 * @param areaWidth size of the active area: places outside of it by more than a pixel are not read
 */
export function cellsOf(
  map: PictureMap,
  x0: number,
  y0: number,
  width: number,
  height: number,
  areaWidth: number,
  areaHeight: number,
): Cells {
  const [cellX, cellY] = [Math.floor(x0 / CELL), Math.floor(y0 / CELL)];
  const nodesAcross = Math.floor((x0 + width - 1) / CELL) - cellX + 2;
  const nodesDown = Math.floor((y0 + height - 1) / CELL) - cellY + 2;
  const { channels } = map;
  const nodes = new Float64Array(nodesAcross * nodesDown * channels * 2);
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  let at = 0;
  for (let j = 0; j < nodesDown; j++)
    for (let i = 0; i < nodesAcross; i++)
      for (let c = 0; c < channels; c++) {
        const [x, y] = sourceOf(
          map,
          channels === 1 ? 1 : c,
          (cellX + i) * CELL + 0.5,
          (cellY + j) * CELL + 0.5,
        );
        nodes[at++] = x - 0.5;
        nodes[at++] = y - 0.5;
        left = Math.min(left, x);
        right = Math.max(right, x);
        top = Math.min(top, y);
        bottom = Math.max(bottom, y);
      }
  const levels = new Int32Array((nodesAcross - 1) * (nodesDown - 1));
  let widest = 0;
  const green = channels === 1 ? 0 : 2;
  const node = (i: number, j: number): number => (j * nodesAcross + i) * channels * 2 + green;
  for (let j = 0; j + 1 < nodesDown; j++)
    for (let i = 0; i + 1 < nodesAcross; i++) {
      const [a, b, c] = [node(i, j), node(i + 1, j), node(i, j + 1)];
      const right = Math.hypot(nodes[b]! - nodes[a]!, nodes[b + 1]! - nodes[a + 1]!);
      const down = Math.hypot(nodes[c]! - nodes[a]!, nodes[c + 1]! - nodes[a + 1]!);
      const level = levelOf(Math.max(right, down) / CELL);
      levels[j * (nodesAcross - 1) + i] = level;
      widest = Math.max(widest, level);
    }
  const taps = tapsOf(widest);
  const reach = taps / 2;
  // Filters are padded to whole vectors: what stands behind the last tap is read, with a weight of 0.
  const padded = Math.ceil(taps / 4) * 4 - taps;
  const clamped = (value: number, size: number): number => Math.min(Math.max(value, -1), size + 1);
  return {
    nodesAcross,
    nodesDown,
    nodes,
    levels,
    left: Math.floor(clamped(left, areaWidth)) - reach - 1,
    top: Math.floor(clamped(top, areaHeight)) - reach - 1,
    right: Math.ceil(clamped(right, areaWidth)) + reach + padded + 1,
    bottom: Math.ceil(clamped(bottom, areaHeight)) + reach + 1,
  };
}

/** Bytes of the lattice over a rectangle of the picture with these sides. */
export function cellBytes(width: number, height: number): number {
  const nodes = (Math.ceil(width / CELL) + 2) * (Math.ceil(height / CELL) + 2);
  return nodes * (3 * 16 + 4) + 64;
}
