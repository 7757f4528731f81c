import type { GreyLevel } from './GreyLevel.js';

/** Samples of a level from node to node: a cell is the square around a node. */
export const CELL = 16;
/** Samples that share one place between the other frame's samples. */
export const SEGMENT = 8;
/** Figures of a cell, see `measureRow` in reference.ts. */
export const FIGURES = 8;

/** Nodes over the active area; node (i, j) stands at pixel (i · step, j · step). */
export interface NodeGrid {
  readonly step: number;
  readonly columns: number;
  readonly rows: number;
}

/** The nodes that belong to a level. */
export function nodesOf(level: GreyLevel, width: number, height: number): NodeGrid {
  const step = level.scale * CELL;
  return { step, columns: Math.ceil((width - 1) / step) + 1, rows: Math.ceil((height - 1) / step) + 1 };
}
