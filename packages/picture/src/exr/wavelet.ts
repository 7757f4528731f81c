/*
 * The wavelet inside PIZ: a two-dimensional Haar transform on 16-bit integers, in place, where each level keeps the
 * averages at every second place of the level before.
 */

/** Up to this value the plain difference of two values fits 16 bits; above, differences are taken modulo 2^16. */
const PLAIN_LIMIT = 1 << 14;
const MODULO_OFFSET = 1 << 15;
const MASK = 0xffff;

/** Averages `low` and differences `high` at two places become the two values again. */
type Undo = (data: Uint16Array, low: number, high: number) => void;

const undoPlain: Undo = (data, low, high) => {
  const average = (data[low] << 16) >> 16;
  const difference = (data[high] << 16) >> 16;
  const first = average + (difference & 1) + (difference >> 1);
  data[low] = first;
  data[high] = first - difference;
};

const undoModulo: Undo = (data, low, high) => {
  const difference = data[high];
  const second = (data[low] - (difference >> 1)) & MASK;
  data[high] = second;
  data[low] = (difference + second - MODULO_OFFSET) & MASK;
};

/**
 * Undoes the transform of a plane.
 * @param start the plane's first value in `data`
 * @param step distance of two values in a row; rows follow each other without gaps
 * @param largest largest value before the transform
 */
export function undoWavelet(
  data: Uint16Array,
  start: number,
  columns: number,
  rows: number,
  step: number,
  largest: number,
): void {
  const undo = largest < PLAIN_LIMIT ? undoPlain : undoModulo;
  const rowStep = columns * step;
  const least = Math.min(columns, rows);
  let spacing = 1;
  while (spacing * 2 <= least) spacing *= 2;
  for (let half = spacing >> 1; half >= 1; spacing = half, half >>= 1) {
    const [right, below] = [half * step, half * rowStep];
    const wholeColumns = columns - (columns % spacing);
    const wholeRows = rows - (rows % spacing);
    // A row or column of averages without a partner to its right or below has differences in one direction only.
    const oddColumn = (columns & half) !== 0;
    for (let y = 0; y < wholeRows; y += spacing) {
      const row = start + y * rowStep;
      for (let x = 0; x < wholeColumns; x += spacing) {
        const at = row + x * step;
        undo(data, at, at + below);
        undo(data, at + right, at + right + below);
        undo(data, at, at + right);
        undo(data, at + below, at + right + below);
      }
      if (oddColumn) undo(data, row + wholeColumns * step, row + wholeColumns * step + below);
    }
    if ((rows & half) === 0) continue;
    const row = start + wholeRows * rowStep;
    for (let x = 0; x < wholeColumns; x += spacing) undo(data, row + x * step, row + x * step + right);
  }
}
