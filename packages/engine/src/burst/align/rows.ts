import type { BurstPlane, GreyResponse } from './BurstPlane.js';
import { FIGURES, type NodeGrid } from './cells.js';
import type { GreyLevel } from './GreyLevel.js';
import type { Affine } from './global.js';
import * as reference from './reference.js';
import type { AlignKernels } from './work.js';

/** Rows `first` to `last` (exclusive) of the finest level, from the mosaic. */
export function greyRows(
  plane: BurstPlane,
  response: GreyResponse,
  level: GreyLevel,
  first: number,
  last: number,
  on?: AlignKernels,
): void {
  if (on === undefined) {
    reference.greyRows(plane, response, level, first, last);
    return;
  }
  const { samples, offset, stride, samplesPerPixel, width, height, period, black } = plane;
  const { perUnit, cut } = reference.lightOf(plane, response);
  const blackAt = (i: number): number => black[Math.min(i, black.length - 1)]!;
  on.kernels.alignGrey(
    samples.byteOffset + offset * samples.BYTES_PER_ELEMENT,
    samples instanceof Float32Array ? 1 : 0,
    samplesPerPixel,
    stride,
    width,
    height,
    period,
    blackAt(0),
    blackAt(1),
    blackAt(2),
    blackAt(3),
    cut,
    perUnit,
    response.scale,
    response.offset,
    first,
    last,
    level.data.byteOffset,
    level.stride,
    level.width,
    on.scratch,
  );
}

/** Rows `first` to `last` (exclusive) of a level from the one before it. */
export function reduceRows(
  from: GreyLevel,
  to: GreyLevel,
  first: number,
  last: number,
  on?: AlignKernels,
): void {
  if (on === undefined) reference.reduceRows(from, to, first, last);
  else
    on.kernels.alignReduce(
      from.data.byteOffset,
      from.stride,
      from.width,
      from.height,
      first,
      last,
      to.data.byteOffset,
      to.stride,
      to.width,
      on.scratch,
    );
}

/** One row of cells: see `measureRow` in reference.ts. */
export function measureRow(
  level: GreyLevel,
  other: GreyLevel,
  grid: NodeGrid,
  offsets: Float32Array,
  lean: Affine,
  row: number,
  figures: Float32Array,
  on?: AlignKernels,
): void {
  if (on === undefined) {
    reference.measureRow(level, other, grid, offsets, lean, row, figures);
    return;
  }
  on.kernels.alignMeasure(
    level.data.byteOffset,
    other.data.byteOffset,
    level.width,
    level.height,
    level.stride,
    level.scale,
    level.origin,
    level.loss,
    grid.columns,
    row,
    offsets.byteOffset + row * grid.columns * 8,
    lean.xx,
    lean.xy,
    lean.yx,
    lean.yy,
    figures.byteOffset + row * grid.columns * FIGURES * 4,
  );
}
