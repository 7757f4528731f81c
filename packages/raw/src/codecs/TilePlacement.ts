import { RawFileError } from '../RawFileError.js';

/**
 * Where a decoded tile or strip goes in a picture. A codec yields one row-major stream of samples; every
 * `rowLength` of them are a row of the tile, of which the first `columns` are kept (edge tiles are padded in
 * the file, not in the picture).
 */
export interface TilePlacement<T extends Uint16Array | Float32Array = Uint16Array> {
  /** The picture's samples, row by row. */
  readonly samples: T;
  /** Index in `samples` of the tile's first sample. */
  readonly offset: number;
  /** Samples from one row of the picture to the next. */
  readonly stride: number;
  /** Samples in a row of the tile as stored: tile width × samples per pixel. */
  readonly rowLength: number;
  /** Samples of each row that lie in the picture, at most `rowLength`. */
  readonly columns: number;
  /** Rows of the tile that lie in the picture. */
  readonly rows: number;
}

/**
 * Copies a run of a tile's stream to its place in the picture.
 *
 * @param start position of `run` in the tile's stream
 * @throws never for a placement that {@link checkPlacement} accepts
 */
export function placeRun<T extends Uint16Array | Float32Array>(
  target: TilePlacement<T>,
  run: T,
  start: number,
): void {
  const { samples, offset, stride, rowLength, columns, rows } = target;
  let taken = 0;
  let row = Math.floor(start / rowLength);
  let column = start - row * rowLength;
  while (taken < run.length && row < rows) {
    const inRow = Math.min(rowLength - column, run.length - taken);
    const kept = Math.min(inRow, columns - column);
    if (kept > 0) samples.set(run.subarray(taken, taken + kept), offset + row * stride + column);
    taken += inRow;
    column = 0;
    row++;
  }
}

/**
 * Checks that a tile lies within its picture and that `available` samples fill it.
 *
 * @throws RangeError where the placement itself is outside of `samples` (a caller's mistake)
 * @throws RawFileError where the coded tile has too few samples
 */
export function checkPlacement(
  target: TilePlacement<Uint16Array | Float32Array>,
  available: number,
  fileOffset: number,
): void {
  const { samples, offset, stride, rowLength, columns, rows } = target;
  if (columns < 0 || rows < 0 || offset < 0 || columns > rowLength || columns > stride) {
    throw new RangeError('A tile placement has a negative or too long row');
  }
  if (rows === 0 || columns === 0) return;
  if (offset + (rows - 1) * stride + columns > samples.length) {
    throw new RangeError('A tile placement reaches beyond the picture');
  }
  const needed = (rows - 1) * rowLength + columns;
  if (available < needed) {
    throw new RawFileError(`A tile holds ${available} samples where its place needs ${needed}`, {
      offset: fileOffset,
      hint: 'The file is damaged or its tile size is wrong',
    });
  }
}
