import { EngineError } from '../../EngineError.js';
import type { Alignment, GlobalMotion } from './Alignment.js';
import { FIGURES, type NodeGrid, nodesOf } from './cells.js';
import { fieldOf, gradientNoiseOf, type NoiseRatios, noiseOf, refineGrid, solveField } from './field.js';
import type { GreyLevel } from './GreyLevel.js';
import { type Affine, LEAST_CORRELATION, wholeMotion } from './global.js';
import type { AlignPyramid } from './pyramid.js';
import { measureRow } from './rows.js';
import { type AlignKernels, nodeRoom } from './work.js';

/** How a frame lies on the reference, and how well. */
export interface AlignedFrame {
  readonly alignment: Alignment;
  /** False where nothing shows that the two see the same scene; then the alignment means nothing. */
  readonly matched: boolean;
  /** Share of the reference's area that the frame sees, [0, 1]. */
  readonly overlap: number;
  /** Root mean square of what differs after alignment, in units of what noise alone would leave: 1 where all is noise. */
  readonly residual: number;
}

/** Rounds of measuring and solving on every level but the finest, which has one. */
const ROUNDS = 2;
/** Residual variance over the noise's from which trust falls, and where it is gone. */
const TRUSTED = 3;
const UNTRUSTED = 12;
/** Energy of a cell's gradients over the noise's from which on it shows something. */
const TELLING = 6;
/** Cells that show something, and the share of them that must agree, for two frames to match that hardly correlate. */
const LEAST_TELLING = 8;
const MOST_AGREE = 0.8;
/** What a perfect alignment may be off without harm, in samples: gradients times this are no reason for distrust. */
const HARMLESS = 0.08;

function globalOf({ x, y, xx, xy, yx, yy }: Affine): GlobalMotion {
  const [c, s] = [1 + (xx + yy) / 2, (yx - xy) / 2];
  return { dx: x, dy: y, rotationDeg: (Math.atan2(s, c) * 180) / Math.PI, scale: Math.hypot(c, s) };
}

/**
 * Where the reference's points lie in another frame: the whole's motion first, then node by node, to hundredths of a pixel.
 * @param on the kernels, where both pyramids lie in their memory
 * @throws {EngineError} where the two differ in size or response
 */
export function align(reference: AlignPyramid, other: AlignPyramid, on?: AlignKernels): AlignedFrame {
  if (reference.width !== other.width || reference.height !== other.height)
    throw new EngineError(
      `frames of ${reference.width} × ${reference.height} and ${other.width} × ${other.height} pixels can't be aligned: a burst has one size`,
    );
  const ratios = { reference: reference.noiseRatio, other: other.noiseRatio };
  const centre = [(reference.width - 1) / 2, (reference.height - 1) / 2] as const;
  const found = wholeMotion(reference.levels.at(-1)!, other.levels.at(-1)!, on);
  let whole = found.motion;
  let grid: NodeGrid | undefined;
  let offsets: Float32Array = new Float32Array(0);
  for (let k = reference.levels.length - 1; ; k--) {
    const [a, b] = [reference.levels[k]!, other.levels[k]!];
    const finer = nodesOf(a, reference.width, reference.height);
    offsets =
      grid === undefined
        ? new Float32Array(fieldOf(finer, whole, centre))
        : refineGrid(grid, offsets, whole, finer, centre);
    grid = finer;
    const room = nodeRoom(grid, reference.width, on);
    for (let round = 0; round < (k === 0 ? 1 : ROUNDS); round++) {
      room.offsets.set(offsets);
      for (let row = 0; row < grid.rows; row++)
        measureRow(a, b, grid, room.offsets, whole, row, room.figures, on);
      whole = solveField(a, grid, offsets, room.figures, ratios, whole, centre, reference.width, on);
    }
    if (k === 0)
      return finish(
        reference,
        a,
        grid,
        room.offsets,
        offsets,
        room.figures,
        ratios,
        whole,
        found.correlation,
      );
  }
}

/** Nodes whose cell the frame does not see, as at its border, are trusted like the best of their neighbours. */
function lendTrust({ columns, rows }: NodeGrid, figures: Float32Array, trust: Float32Array): void {
  const seen = (node: number): boolean => figures[node * FIGURES + 6]! > 0;
  for (let j = 0; j < rows; j++)
    for (let i = 0; i < columns; i++) {
      if (seen(j * columns + i)) continue;
      let best = 0;
      for (let y = Math.max(j - 1, 0); y <= Math.min(j + 1, rows - 1); y++)
        for (let x = Math.max(i - 1, 0); x <= Math.min(i + 1, columns - 1); x++)
          if (seen(y * columns + x)) best = Math.max(best, trust[y * columns + x]!);
      trust[j * columns + i] = best;
    }
}

function finish(
  reference: AlignPyramid,
  level: GreyLevel,
  grid: NodeGrid,
  before: Float32Array,
  offsets: Float32Array,
  figures: Float32Array,
  ratios: NoiseRatios,
  whole: Affine,
  correlation: number,
): AlignedFrame {
  const count = grid.columns * grid.rows;
  const trust = new Float32Array(count);
  let [seen, sum, all] = [0, 0, 0];
  let [telling, agreeing] = [0, 0];
  const right = reference.width - 1;
  const bottom = reference.height - 1;
  for (let node = 0; node < count; node++) {
    const at = node * FIGURES;
    const n = figures[at + 6]!;
    // The last nodes may stand beyond the last pixel, for which they speak.
    const x = Math.min((node % grid.columns) * grid.step, right) + offsets[2 * node]!;
    const y = Math.min(Math.floor(node / grid.columns) * grid.step, bottom) + offsets[2 * node + 1]!;
    const insideFrame = x >= 0 && y >= 0 && x <= right && y <= bottom;
    if (insideFrame) seen++;
    if (n === 0) continue;
    const mx = (offsets[2 * node]! - before[2 * node]!) / level.scale;
    const my = (offsets[2 * node + 1]! - before[2 * node + 1]!) / level.scale;
    const xx = figures[at]!;
    const xy = figures[at + 1]!;
    const yy = figures[at + 2]!;
    const left = Math.max(
      figures[at + 5]! +
        2 * (mx * figures[at + 3]! + my * figures[at + 4]!) +
        mx * mx * xx +
        2 * mx * my * xy +
        my * my * yy,
      0,
    );
    const noise = noiseOf(level, ratios, figures[at + 7]!, n);
    const expected = noise * n + HARMLESS * HARMLESS * (xx + yy);
    const over = left / expected;
    trust[node] = Math.min(Math.max((UNTRUSTED - over) / (UNTRUSTED - TRUSTED), 0), 1);
    if (xx + yy > TELLING * 2 * n * gradientNoiseOf(level, ratios)) {
      telling++;
      agreeing += trust[node]!;
    }
    sum += left;
    all += noise * n;
  }
  lendTrust(grid, figures, trust);
  return {
    alignment: {
      step: grid.step,
      columns: grid.columns,
      rows: grid.rows,
      offsets,
      trust,
      global: globalOf(whole),
    },
    // A few stars in the dark hardly correlate, and yet each of them is there.
    matched:
      correlation >= LEAST_CORRELATION || (telling >= LEAST_TELLING && agreeing >= MOST_AGREE * telling),
    overlap: seen / count,
    residual: all > 0 ? Math.sqrt(sum / all) : 0,
  };
}
