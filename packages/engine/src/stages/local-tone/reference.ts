import type { Vector3 } from '../../colour/matrix3.js';
import { FIRST_LEVEL, LEVELS, LEVELS_PER_OCTAVE } from './grid.js';
import { floatLog2 } from './logarithm.js';

/** Gains over the picture: `rows × columns × LEVELS`, node (i, j) at the middle of cell (i, j). */
export interface GainGrid {
  readonly columns: number;
  readonly rows: number;
  readonly gains: Float32Array;
}

/** Luminance weights of Rec.2020 (ITU-R BT.2020-2, derived from its primaries). */
const LUMINANCE: Vector3 = [0.2627002120112671, 0.6779980715188708, 0.05930171646986196];

/**
 * A pixel times the grid's gain for its place and luminance, linear between nodes and levels.
 * @param place fractions of the picture's width and height
 */
export function localTone(
  pixel: Vector3,
  [x, y]: readonly [number, number],
  { columns, rows, gains }: GainGrid,
): Vector3 {
  const luminance = LUMINANCE[0] * pixel[0] + LUMINANCE[1] * pixel[1] + LUMINANCE[2] * pixel[2];
  const axis = (at: number, last: number): readonly [low: number, high: number, fraction: number] => {
    const inside = Math.min(Math.max(at, 0), last);
    const low = Math.min(Math.floor(inside), Math.max(last - 1, 0));
    return [low, Math.min(low + 1, last), inside - low];
  };
  const [left, right, fu] = axis(x * columns - 0.5, columns - 1);
  const [top, below, fv] = axis(y * rows - 0.5, rows - 1);
  const [level, next, fz] = axis(
    (floatLog2(Math.max(luminance, 2 ** -100)) - FIRST_LEVEL) * LEVELS_PER_OCTAVE,
    LEVELS - 1,
  );
  const between = (a: number, b: number, t: number): number => a + (b - a) * t;
  const at = (i: number, k: number): number =>
    between(gains[(top * columns + i) * LEVELS + k]!, gains[(below * columns + i) * LEVELS + k]!, fv);
  const gain = between(
    between(at(left, level), at(left, next), fz),
    between(at(right, level), at(right, next), fz),
    fu,
  );
  return [pixel[0] * gain, pixel[1] * gain, pixel[2] * gain];
}
