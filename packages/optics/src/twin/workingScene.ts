import { sharedFloats } from './arrays.js';

/** Camera RGB in planes R, G, B on the grid that frames are sampled from. */
export interface WorkingScene {
  readonly width: number;
  readonly height: number;
  /** Planes one after the other. */
  readonly planes: Float32Array;
  /** Distance of each sample, m; undefined: in the focus plane. */
  readonly depthM?: Float32Array;
  /** Samples of the source that were no finite number or negative and are taken as 0. */
  readonly clamped: number;
}

/** Where each of `count` equal cells over `length` samples begins, and what part of its first and last sample it holds. */
function cells(length: number, count: number): { first: number; shares: number[] }[] {
  const step = length / count;
  return Array.from({ length: count }, (_, i) => {
    const [from, to] = [i * step, Math.min((i + 1) * step, length)];
    const first = Math.floor(from);
    const shares: number[] = [];
    for (let sample = first; sample < to; sample++)
      shares.push((Math.min(sample + 1, to) - Math.max(sample, from)) / (to - from));
    return { first, shares };
  });
}

/**
 * Camera RGB, interleaved, to planes, reduced to a smaller grid by the mean over each cell's area where it is too fine. A
 * cell's distance is its middle sample's, since a mean of two things' distances is neither's.
 */
export function workingScene(
  rgb: Float32Array,
  sourceWidth: number,
  sourceHeight: number,
  depthM: Float32Array | undefined,
  width: number,
  height: number,
): WorkingScene {
  let clamped = 0;
  const sound = (value: number): number => {
    if (value >= 0 && value < Infinity) return value;
    clamped++;
    return 0;
  };
  const size = width * height;
  const planes = sharedFloats(size * 3);
  if (width === sourceWidth && height === sourceHeight) {
    for (let i = 0, from = 0; i < size; i++, from += 3)
      for (let c = 0; c < 3; c++) planes[c * size + i] = sound(rgb[from + c]!);
    return { width, height, planes, clamped, ...(depthM && { depthM }) };
  }
  const columns = cells(sourceWidth, width);
  const reduced = depthM && sharedFloats(size);
  const line = new Float64Array(sourceWidth * 3);
  for (const [y, { first, shares }] of cells(sourceHeight, height).entries()) {
    line.fill(0);
    for (const [k, share] of shares.entries()) {
      const from = (first + k) * sourceWidth * 3;
      for (let i = 0; i < line.length; i++) line[i]! += share * sound(rgb[from + i]!);
    }
    for (let x = 0; x < width; x++) {
      const column = columns[x]!;
      let [r, g, b] = [0, 0, 0];
      for (let k = 0, i = column.first * 3; k < column.shares.length; k++, i += 3) {
        const share = column.shares[k]!;
        r += share * line[i]!;
        g += share * line[i + 1]!;
        b += share * line[i + 2]!;
      }
      const at = y * width + x;
      planes[at] = r;
      planes[size + at] = g;
      planes[2 * size + at] = b;
      if (reduced && depthM) {
        const middle = (cell: { first: number; shares: number[] }) => cell.first + (cell.shares.length >> 1);
        reduced[at] = depthM[(first + (shares.length >> 1)) * sourceWidth + middle(column)]!;
      }
    }
  }
  return { width, height, planes, clamped, ...(reduced && { depthM: reduced }) };
}
