import type { Kernels } from '../../kernel-module.js';
import { FIGURES, type NodeGrid } from './cells.js';
import { COARSEST } from './GreyLevel.js';

/** The kernels and room for what they work with: `alignScratch` bytes of their memory at `scratch`, 16 bytes aligned. */
export interface AlignKernels {
  readonly kernels: Kernels;
  readonly memory: WebAssembly.Memory;
  readonly scratch: number;
}

/** Rows of the work area before the nodes' numbers, in floats of a row of the frame: source rows as floats, and sums. */
const LINES = 10;
/** Doubles a node that smoothing needs, see alignSmooth. */
export const SMOOTH_DOUBLES = 21;
/** Doubles a node of the field's solution in all: information, best offsets, those of the field, and smoothing. */
const FIELD_DOUBLES = 3 + 2 + 1 + SMOOTH_DOUBLES;
/** Bytes for sums and motions. */
const NUMBERS = 512;
/** Side of the largest square that the motion of the whole transforms. */
export const MOST_SPECTRUM = 512;

const nodesIn = (width: number, height: number): number =>
  (Math.ceil(width / 32) + 2) * (Math.ceil(height / 32) + 2);

/** Bytes of scratch for aligning frames of a size. */
export function alignScratch(width: number, height: number): number {
  const nodes = nodesIn(width, height);
  const spectrum = 16 * MOST_SPECTRUM ** 2 + 8 * MOST_SPECTRUM + 2 * 4 * COARSEST * (COARSEST + 4);
  return (
    nodesAt(width) + nodes * (2 + FIGURES) * 4 + NUMBERS + Math.max(nodes * FIELD_DOUBLES * 8, spectrum) + 64
  );
}

/** Where the nodes' numbers begin in the scratch. */
function nodesAt(width: number): number {
  return LINES * (Math.ceil(width / 4) * 4 + 32) * 4;
}

/** Room for a grid's offsets and figures: in the kernels' memory where they are to fill it. */
export function nodeRoom(
  { columns, rows }: NodeGrid,
  width: number,
  on: AlignKernels | undefined,
): { offsets: Float32Array; figures: Float32Array } {
  const count = columns * rows;
  if (on === undefined)
    return { offsets: new Float32Array(2 * count), figures: new Float32Array(FIGURES * count) };
  const at = on.scratch + nodesAt(width);
  return {
    figures: new Float32Array(on.memory.buffer, at, FIGURES * count),
    offsets: new Float32Array(on.memory.buffer, at + FIGURES * count * 4, 2 * count),
  };
}

/** What lies behind the nodes' numbers, 16 bytes aligned. */
export function workAt(
  on: AlignKernels,
  width: number,
  { columns, rows }: Pick<NodeGrid, 'columns' | 'rows'>,
): number {
  return Math.ceil((on.scratch + nodesAt(width) + columns * rows * (2 + FIGURES) * 4) / 16) * 16;
}
