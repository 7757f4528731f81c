import { EngineError } from '../../EngineError.js';
import type { Alignment, GlobalMotion } from './Alignment.js';
import { FIGURES, measureRow, type NodeGrid, nodesOf } from './cells.js';
import { fitWhole, refineGrid, smooth, weigh } from './field.js';
import { type Affine, wholeMotion } from './global.js';
import { type AlignPyramid, type GreyLevel } from './pyramid.js';

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
/** Correlation of the coarsest pictures below which the two are not of one scene. */
const LEAST_CORRELATION = 0.3;
/** Residual variance over the noise's from which trust falls, and where it is gone. */
const TRUSTED = 2;
const UNTRUSTED = 8;
/** What a perfect alignment may be off without harm, in samples: gradients times this are no reason for distrust. */
const HARMLESS = 0.08;

/** Noise variance of the frame over the reference's, in the light of a grey of 18 %. */
function noiseRatio(reference: AlignPyramid, other: AlignPyramid): number {
  const variance = ({ noise, lightAtWhite }: AlignPyramid['frame']): number => {
    const x = 0.18 / lightAtWhite;
    return (noise.scale * x + noise.offset) * lightAtWhite ** 2;
  };
  const [a, b] = [variance(reference.frame), variance(other.frame)];
  return a > 0 && b > 0 ? b / a : 1;
}

function globalOf({ x, y, xx, xy, yx, yy }: Affine): GlobalMotion {
  const [c, s] = [1 + (xx + yy) / 2, (yx - xy) / 2];
  return { dx: x, dy: y, rotationDeg: (Math.atan2(s, c) * 180) / Math.PI, scale: Math.hypot(c, s) };
}

/**
 * Where the reference's points lie in another frame: the whole's motion first, then node by node, to hundredths of a pixel.
 * @throws {EngineError} where the two differ in size or response
 */
export function align(reference: AlignPyramid, other: AlignPyramid): AlignedFrame {
  if (reference.width !== other.width || reference.height !== other.height)
    throw new EngineError(
      `frames of ${reference.width} × ${reference.height} and ${other.width} × ${other.height} pixels can't be aligned: a burst has one size`,
    );
  const ratio = noiseRatio(reference, other);
  const centre = [(reference.width - 1) / 2, (reference.height - 1) / 2] as const;
  const found = wholeMotion(reference, other);
  let whole = found.motion;
  let grid: NodeGrid | undefined;
  let offsets: Float32Array = new Float32Array(0);
  let figures = new Float32Array(0);
  for (let k = reference.levels.length - 1; k >= 0; k--) {
    const [a, b] = [reference.levels[k]!, other.levels[k]!];
    const finer = nodesOf(a, reference.width, reference.height);
    offsets =
      grid === undefined
        ? refineGrid(finer, new Float32Array(2 * finer.columns * finer.rows), STILL, finer, whole, centre)
        : refineGrid(grid, offsets, whole, finer, whole, centre);
    grid = finer;
    figures = new Float32Array(FIGURES * grid.columns * grid.rows);
    for (let round = 0; round < (k === 0 ? 2 : ROUNDS); round++) {
      for (let row = 0; row < grid.rows; row++) measureRow(a, b, grid, offsets, whole, row, figures);
      const measured = weigh(a, grid, offsets, figures, ratio);
      const wholeBefore = whole;
      whole = fitWhole(grid, measured, whole, centre, a.scale);
      const before = offsets.slice();
      smooth(grid, measured, wholeBefore, whole, centre, a.scale, offsets);
      if (k === 0 && round === 1) return finish(reference, a, grid, before, offsets, figures, ratio, whole, found.correlation);
    }
  }
  throw new Error('a pyramid has at least one level');
}

const STILL: Affine = { x: 0, y: 0, xx: 0, xy: 0, yx: 0, yy: 0 };

function finish(
  reference: AlignPyramid,
  level: GreyLevel,
  grid: NodeGrid,
  before: Float32Array,
  offsets: Float32Array,
  figures: Float32Array,
  ratio: number,
  whole: Affine,
  correlation: number,
): AlignedFrame {
  const count = grid.columns * grid.rows;
  const trust = new Float32Array(count);
  let [seen, sum, all] = [0, 0, 0];
  for (let node = 0; node < count; node++) {
    const at = node * FIGURES;
    const n = figures[at + 6]!;
    const x = (node % grid.columns) * grid.step + offsets[2 * node]!;
    const y = Math.floor(node / grid.columns) * grid.step + offsets[2 * node + 1]!;
    const insideFrame = x >= 0 && y >= 0 && x <= reference.width - 1 && y <= reference.height - 1;
    if (insideFrame) seen++;
    if (n === 0 || !insideFrame) continue;
    const mx = (offsets[2 * node]! - before[2 * node]!) / level.scale;
    const my = (offsets[2 * node + 1]! - before[2 * node + 1]!) / level.scale;
    const [xx, xy, yy] = [figures[at]!, figures[at + 1]!, figures[at + 2]!];
    const left = Math.max(
      figures[at + 5]! +
        2 * (mx * figures[at + 3]! + my * figures[at + 4]!) +
        mx * mx * xx +
        2 * mx * my * xy +
        my * my * yy,
      0,
    );
    const noise = level.variance * (1 + (ratio * figures[at + 7]!) / n);
    const expected = noise * n + HARMLESS ** 2 * (xx + yy);
    const over = left / expected;
    trust[node] = Math.min(Math.max((UNTRUSTED - over) / (UNTRUSTED - TRUSTED), 0), 1);
    sum += left;
    all += noise * n;
  }
  return {
    alignment: {
      step: grid.step,
      columns: grid.columns,
      rows: grid.rows,
      offsets,
      trust,
      global: globalOf(whole),
    },
    matched: correlation >= LEAST_CORRELATION,
    overlap: seen / count,
    residual: all > 0 ? Math.sqrt(sum / all) : 0,
  };
}
