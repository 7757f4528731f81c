import type { Kernels } from '../../kernel-module.js';
import { defineStage, type ParameterSet, type Tile } from '../../stage.js';
import { CELL, cellBytes, cellsOf } from './cells.js';
import { filterTable } from './filters.js';
import { type PictureMap, sourceOf } from './map.js';

const parameters = {
  lens: {
    kind: 'choice',
    choices: ['auto', 'off'],
    default: 'auto',
    flag: 'lens',
    help: 'Undo what the lens did (distortion, lateral colour, vignetting) by what the file or the lens database says: auto or off.',
  },
  straighten: {
    kind: 'number',
    min: -45,
    max: 45,
    step: 0.1,
    unit: '°',
    default: 0,
    flag: 'straighten',
    help: 'Turns the picture, clockwise where positive.',
  },
  perspectiveVertical: {
    kind: 'number',
    min: -40,
    max: 40,
    step: 0.5,
    unit: '°',
    default: 0,
    flag: 'perspective-vertical',
    help: 'Makes verticals parallel: by how much the camera was pitched up (positive) or down.',
  },
  perspectiveHorizontal: {
    kind: 'number',
    min: -40,
    max: 40,
    step: 0.5,
    unit: '°',
    default: 0,
    flag: 'perspective-horizontal',
    help: 'Makes horizontals parallel: by how much the camera was turned to the right (positive) or left.',
  },
  fill: {
    kind: 'boolean',
    default: true,
    flag: 'fill',
    help: 'Magnify the picture just so far that turning and bending it leave no empty corners.',
  },
  crop: {
    kind: 'rectangle',
    default: null,
    flag: 'crop',
    help: 'The part X,Y,W,H of the upright picture that is kept, as fractions, after all else.',
  },
} as const satisfies ParameterSet;

interface Plan {
  readonly map: PictureMap;
  /** Address of the filters. */
  readonly filters: number;
  /** How much larger than a piece of the picture the piece of the source may be that it comes from. */
  readonly growth: number;
}

/** Places per side at which the map's growth is looked at. */
const GROWTH_SAMPLES = 9;
/** Source pieces are not planned larger than this, relative to the picture's: what needs more is cut into smaller ones. */
const MOST_GROWTH = 1.5;
/** Source pixels around a piece that filters read, and that rounding may add. */
const FILTER_ROOM = 24;

/** The largest of the sides of the boxes around mapped squares, relative to the squares'. */
function growthOf(map: PictureMap, width: number, height: number): number {
  let most = 1;
  for (let j = 0; j < GROWTH_SAMPLES; j++)
    for (let i = 0; i < GROWTH_SAMPLES; i++) {
      const x = (i / (GROWTH_SAMPLES - 1)) * width;
      const y = (j / (GROWTH_SAMPLES - 1)) * height;
      const [u, v] = sourceOf(map, 1, x, y);
      const [ux, vx] = sourceOf(map, 1, x + CELL, y);
      const [uy, vy] = sourceOf(map, 1, x, y + CELL);
      const across = (Math.abs(ux - u) + Math.abs(uy - u)) / CELL;
      const down = (Math.abs(vx - v) + Math.abs(vy - v)) / CELL;
      if (across > most) most = across;
      if (down > most) most = down;
    }
  return Math.min(most, MOST_GROWTH);
}

/** Resamples a rectangle of the picture; where its source is too large for one piece, in halves. */
function resample(
  plan: Plan,
  tile: Tile,
  kernels: Kernels,
  [x0, y0]: readonly [number, number],
  rectangle: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
): void {
  const source = tile.source!;
  const { left, top, width, height } = rectangle;
  const cells = cellsOf(plan.map, left, top, width, height, source.areaWidth, source.areaHeight);
  const fits = cells.right - cells.left <= source.width && cells.bottom - cells.top <= source.height;
  if (!fits && Math.max(width, height) > CELL) {
    // Halves meet on a border between cells where there is one.
    const half = (from: number, size: number): number => {
      const middle = Math.round((from + size / 2) / CELL) * CELL - from;
      return middle > 0 && middle < size ? middle : size >> 1;
    };
    if (width >= height) {
      const w = half(left, width);
      resample(plan, tile, kernels, [x0, y0], { left, top, width: w, height });
      resample(plan, tile, kernels, [x0, y0], { left: left + w, top, width: width - w, height });
    } else {
      const h = half(top, height);
      resample(plan, tile, kernels, [x0, y0], { left, top, width, height: h });
      resample(plan, tile, kernels, [x0, y0], { left, top: top + h, width, height: height - h });
    }
    return;
  }
  // A single cell that comes from more than that is not seen: it is a map that no lens makes.
  const piece = source.open(
    cells.left,
    cells.top,
    Math.min(cells.right - cells.left, source.width),
    Math.min(cells.bottom - cells.top, source.height),
  );
  const levels = tile.scratch + cells.nodes.byteLength;
  tile.write(tile.scratch, cells.nodes);
  tile.write(levels, cells.levels);
  kernels.lensGeometry(
    piece.inner,
    piece.planeStride,
    piece.stride * 4,
    cells.left,
    cells.top,
    piece.innerWidth,
    piece.innerHeight,
    source.areaWidth,
    source.areaHeight,
    tile.scratch,
    cells.nodesAcross,
    plan.map.channels,
    levels,
    plan.filters,
    tile.inner + ((top - y0) * tile.stride + left - x0) * 4,
    tile.planeStride,
    tile.stride * 4,
    left,
    top,
    width,
    height,
  );
}

/**
 * The one resampling: distortion and lateral colour undone, the picture turned, levelled, magnified and cropped, by a
 * windowed sinc. A picture that needs none of it is left alone, its crop being whole pixels.
 */
export const lensGeometry = defineStage({
  name: 'lens-geometry',
  title: 'Lens and crop',
  parameters,
  works: 'geometry',
  plan(_values, { picture, place }): Plan | undefined {
    const { map, width, height } = picture;
    if (map === undefined) return undefined;
    const growth = growthOf(map, width, height);
    return {
      map,
      filters: place(filterTable()),
      growth: Number.isFinite(growth) ? growth : MOST_GROWTH,
    };
  },
  halo: () => 0,
  sourceSide: ({ growth }, side) => Math.ceil(side * growth) + FILTER_ROOM,
  scratch: (_plan, stride, height) => cellBytes(stride, height),
  run(plan, tile, kernels) {
    const [x0, y0] = [Math.floor(tile.place.x), Math.floor(tile.place.y)];
    resample(plan, tile, kernels, [x0, y0], {
      left: x0,
      top: y0,
      width: tile.innerWidth,
      height: tile.innerHeight,
    });
  },
});
