import type { NoiseProfile } from '@photosite/raw';
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

/** A size in pixels. */
interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * By tile of the picture, the part of a frame that it needs; of no width where the frame does not see it.
 * @param extent where the places of a rectangle lie in the frame, see extentOf
 */
export function boxesOf(
  extent: (x0: number, y0: number, x1: number, y1: number) => ArrayLike<number>,
  picture: Size,
  frame: Size,
  tile: Size,
): Box[] {
  const span = (
    low: number,
    high: number,
    side: number,
    size: number,
    unit: number,
  ): readonly [number, number] => {
    const begin = Math.max(unit * Math.floor((low - AROUND) / unit), -AROUND);
    const end = Math.min(high + 1 + AROUND, low + side + MOST_STRETCH, size + AROUND);
    return [begin, Math.max(Math.ceil((end - begin) / unit) * unit, 0)];
  };
  const boxes: Box[] = [];
  for (let y0 = 0; y0 < picture.height; y0 += tile.height)
    for (let x0 = 0; x0 < picture.width; x0 += tile.width) {
      const places = extent(
        x0,
        y0,
        Math.min(x0 + tile.width, picture.width),
        Math.min(y0 + tile.height, picture.height),
      );
      const [boxLeft, boxWidth] = span(places[0]!, places[1]!, tile.width, frame.width, 8);
      const [boxTop, boxHeight] = span(places[2]!, places[3]!, tile.height, frame.height, 2);
      const seen =
        boxLeft < frame.width && boxTop < frame.height && boxWidth > 2 * AROUND && boxHeight > 2 * AROUND;
      boxes.push(seen ? [boxLeft, boxTop, boxWidth, boxHeight] : [0, 0, 0, 0]);
    }
  return boxes;
}
