import type { RawFrame } from '@photosite/raw';
import type { Vector3 } from '../../colour/matrix3.js';

/** What turns the samples of one row into light, column by column. */
export interface RowTables {
  readonly black: Float32Array;
  readonly scale: Float32Array;
  /** The largest value: white, in balanced units. */
  readonly ceiling: Float32Array;
}

/** The tables of a frame. */
export interface LineariseTables {
  /** LinearizationTable as 65536 floats, the last entry repeated. */
  readonly table: Float32Array | undefined;
  /**
   * `[plane][row phase]`, each over the columns of the active area: one plane for a mosaic, else R, G and B, a single
   * channel standing for all three.
   */
  readonly rows: readonly (readonly RowTables[])[];
  /** BlackLevelDeltaV per row of the active area. */
  readonly deltaV: Float32Array | undefined;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** The colour (0 red, 1 green, 2 blue) at a place of the active area. */
export function colourAt(frame: RawFrame, x: number, y: number): number {
  const cfa = frame.cfa!;
  const row = (y + frame.activeArea.top) % cfa.height;
  const column = (x + frame.activeArea.left) % cfa.width;
  return cfa.pattern[row * cfa.width + column]!;
}

/** The colours of the first `size × size` photosites of the active area, row by row. */
export function patternAt(frame: RawFrame, size: number): number[] {
  return Array.from({ length: size * size }, (_, i) => colourAt(frame, i % size, Math.floor(i / size)));
}

/**
 * Tables for DNG's mapping of stored samples to linear reference values (DNG 1.6, chapter 5): linearise, subtract the
 * black level with its deltas, divide by white minus the largest black, clip at white. Negative values stay: they are
 * half of the noise around black.
 * @param balance gains R, G, B multiplied in
 */
export function lineariseTables(frame: RawFrame, balance: Vector3): LineariseTables {
  const { activeArea: area, samplesPerPixel } = frame;
  const width = area.right - area.left;
  const level = frame.blackLevel ?? {
    repeatRows: 1,
    repeatCols: 1,
    values: Array<number>(samplesPerPixel).fill(0),
  };
  const cfaHeight = frame.cfa?.height ?? 1;
  const phases = (level.repeatRows * cfaHeight) / greatestCommonDivisor(level.repeatRows, cfaHeight);
  const largest = (deltas: Float32Array | undefined): number =>
    deltas === undefined ? 0 : deltas.reduce((a, b) => Math.max(a, b), -Infinity);
  const planes = frame.cfa === undefined ? [0, 1, 2].map((p) => Math.min(p, samplesPerPixel - 1)) : [0];
  const rows = planes.map((plane, colourOfPlane) => {
    const levels = level.values.filter((_, i) => i % samplesPerPixel === plane);
    const top = Math.max(...levels) + largest(level.deltaH) + largest(level.deltaV);
    const white = frame.whiteLevel[plane] ?? frame.whiteLevel[0]!;
    const range = white > top ? white - top : 1;
    return Array.from({ length: phases }, (_, y): RowTables => {
      const black = new Float32Array(width);
      const scale = new Float32Array(width);
      const ceiling = new Float32Array(width);
      for (let x = 0; x < width; x++) {
        const colour = frame.cfa === undefined ? colourOfPlane : colourAt(frame, x, y);
        const gain = balance[colour]!;
        black[x] =
          levels[(y % level.repeatRows) * level.repeatCols + (x % level.repeatCols)]! +
          (level.deltaH?.[x] ?? 0);
        scale[x] = gain / range;
        ceiling[x] = gain;
      }
      return { black, scale, ceiling };
    });
  });
  const short = frame.linearization;
  const table =
    short === undefined || short.length === 0
      ? undefined
      : Float32Array.from({ length: 65536 }, (_, i) => short[Math.min(i, short.length - 1)]!);
  return { table, rows, deltaV: level.deltaV };
}
