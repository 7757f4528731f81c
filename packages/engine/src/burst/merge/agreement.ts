import type { NoiseProfile, Opcode } from '@photosite/raw';
import type { Nodes } from './tables.js';
import type { Box } from './tasks.js';

/** Share of the prediction's own contrast that a mean may differ by, and that single samples may. */
const MEAN_TOLERANCE = 0.25;
const ENERGY_TOLERANCE = 0.6;
/** Squared deviations of the mean of 3 × 3 cells from which belief falls, and where it is gone; by colour. */
const MEAN = { from: 3, to: 9 } as const;
/** The same for the mean of squared deviations of single samples. */
const ENERGY = { from: 2, to: 5 } as const;
const COLOURS = 3;

/**
 * The table that burstWeights judges a frame by.
 * @param light the reference's light that the frame's white stands for
 * @param shade what is added to predictions before they weigh
 * @param clip the reference's value from which a frame may be brighter
 */
export function agreementTable(
  own: readonly NoiseProfile[],
  other: readonly NoiseProfile[],
  light: number,
  shade: readonly number[],
  clip: number,
): Float32Array {
  const scales = other.map(({ scale }, c) => (scale * light + own[c]!.scale) / 2);
  const offsets = other.map(({ offset }, c) => (offset * light * light + own[c]!.offset) / 2);
  return Float32Array.from([
    ...scales,
    ...offsets,
    ...shade,
    MEAN_TOLERANCE ** 2,
    ENERGY_TOLERANCE ** 2,
    COLOURS * MEAN.from,
    1 / (COLOURS * (MEAN.to - MEAN.from)),
    COLOURS * ENERGY.from,
    1 / (COLOURS * (ENERGY.to - ENERGY.from)),
    clip,
  ]);
}

/** Photosites around those that a tile's pixels fall on: two that kernels read, two cells of tests, and one to be whole. */
const AROUND = 8;
/** How far a tile may be drawn apart by motion before what is beyond is left out. */
const MOST_STRETCH = 96;

/** By tile, the part of a frame that it needs; of no width where the frame does not see it. */
export function boxesOf(
  { spacing, columns, values }: Nodes,
  width: number,
  height: number,
  tile: number,
): Box[] {
  const rows = values.length / (3 * columns);
  const boxes: Box[] = [];
  for (let y0 = 0; y0 < height; y0 += tile)
    for (let x0 = 0; x0 < width; x0 += tile) {
      const [x1, y1] = [Math.min(x0 + tile, width), Math.min(y0 + tile, height)];
      let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
      const last = (place: number, count: number): number => Math.min(Math.ceil(place / spacing), count - 1);
      const first = (place: number, count: number): number =>
        Math.min(Math.max(Math.floor(place / spacing), 0), count - 2);
      for (let j = first(y0, rows); j <= last(y1, rows); j++)
        for (let i = first(x0, columns); i <= last(x1, columns); i++) {
          const at = (j * columns + i) * 3;
          const [dx, dy] = [values[at]!, values[at + 1]!];
          left = Math.min(left, dx);
          right = Math.max(right, dx);
          top = Math.min(top, dy);
          bottom = Math.max(bottom, dy);
        }
      const span = (from: number, to: number, low: number, high: number, size: number, whole: number) => {
        const begin = Math.max(2 * Math.floor((from + low - AROUND) / 2), -AROUND);
        const end = Math.min(to + high + AROUND, from + low + tile + MOST_STRETCH, size + AROUND);
        return [begin, Math.max(Math.ceil((end - begin) / whole) * whole, 0)] as const;
      };
      const [boxLeft, boxWidth] = span(x0, x1, left, right, width, 8);
      const [boxTop, boxHeight] = span(y0, y1, top, bottom, height, 2);
      const seen = boxLeft < width && boxTop < height && boxWidth > 2 * AROUND && boxHeight > 2 * AROUND;
      boxes.push(seen ? [boxLeft, boxTop, boxWidth, boxHeight] : [0, 0, 0, 0]);
    }
  return boxes;
}

/** Corrections of a mosaic's samples, said of three planes: gain maps of one photosite of a cell become a colour's. */
export function planesOpcodes(list: readonly Opcode[], pattern: readonly number[]): Opcode[] {
  const seen = new Set<number>();
  return list.flatMap((opcode): Opcode[] => {
    if (opcode.kind === 'FixBadPixelsConstant' || opcode.kind === 'FixBadPixelsList') return [];
    if (opcode.kind !== 'GainMap' || (opcode.area.rowPitch === 1 && opcode.area.colPitch === 1))
      return [opcode];
    const colour = pattern[(opcode.area.top & 1) * 2 + (opcode.area.left & 1)]!;
    if (seen.has(colour)) return [];
    seen.add(colour);
    return [{ ...opcode, area: { ...opcode.area, plane: colour, planes: 1, rowPitch: 1, colPitch: 1 } }];
  });
}
