import { BLOCK } from './reference.js';
import type { Planes, Sums } from './tasks.js';

/**
 * Places that lie a multiple of this apart share the few lines that a cache has for them, and kernels go along many rows and planes at
 * once: these are kept apart by odd numbers of lines.
 */
const WAY = 4096;
const ROW_APART = 320;
const PLANE_APART = 1728;

type Allocate = (bytes: number) => number;

/** Room for a picture; rows have room for a whole block of pixels more. */
export function planesFor(width: number, height: number, allocate: Allocate): Planes {
  const bytes = (Math.ceil(width / BLOCK) * BLOCK + BLOCK) * 4;
  const rowStride = apart(bytes, WAY / 4, ROW_APART);
  const planeStride = apart(rowStride * height, WAY, PLANE_APART);
  return { address: allocate(3 * planeStride + 64), planeStride, rowStride, width, height };
}

/** Room for the sums that frames are gathered into, beside an estimate. */
export function sumsFor({ planeStride, rowStride, height }: Planes, allocate: Allocate): Sums {
  const cellRow = rowStride / 2;
  const cellPlane = apart((cellRow * height) / 2, WAY, PLANE_APART);
  return {
    light: allocate(planeStride + 64),
    shares: allocate(planeStride + 64),
    planeStride,
    rowStride,
    cells: allocate(6 * cellPlane + 64),
    cellPlane,
    cellRow,
  };
}

/** The least number of bytes, and not below `bytes`, that leaves `rest` when it is divided by `way`. */
function apart(bytes: number, way: number, rest: number): number {
  return Math.ceil((bytes - rest) / way) * way + rest;
}

/** Where sums lie; rows and what is behind the last. */
export function areasOf({
  light,
  shares,
  cells,
  planeStride,
  cellPlane,
}: Sums): { address: number; bytes: number }[] {
  return [
    { address: light, bytes: planeStride + 64 },
    { address: shares, bytes: planeStride + 64 },
    { address: cells, bytes: 6 * cellPlane + 64 },
  ];
}
