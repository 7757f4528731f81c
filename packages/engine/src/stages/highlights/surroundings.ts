import type { RawFrame } from '@photosite/raw';
import type { Vector3 } from '../../colour/matrix3.js';
import { cropOf } from '../../geometry.js';
import type { Overview, PlanContext } from '../../stage.js';
import { overviewStep } from '../exposure/scene.js';
import { gainAt } from '../lens-shading/reference.js';
import { colourAt } from '../linearise/tables.js';

/** Floats of a node: the colour around, one left free, what the clip levels are multiplied by, one left free. */
export const NODE_FLOATS = 8;
/** Nodes along the longer side: fine enough for a window in a wall, coarse enough to reach across what is clipped. */
const LONG_SIDE = 32;
/** An overview pixel is a mean: from this share of white on some of it may be clipped, from the second on it counts no more. */
const TRUSTED_BELOW = 0.7;
const UNTRUSTED_FROM = 0.92;
/** What a node's own pixels weigh against what the coarser level says, in pixels at white. */
const COARSER_WEIGHT = 0.15;
/** What remains of the trust in a colour at each coarser level that it is fetched from. */
const TRUST_KEPT = 0.9;
/**
 * The smallest channel's share of the largest from which on a colour loses trust with the distance as above. More vivid ones
 * lose less: what glows red is rarely white in its middle, what clips under a pale sky mostly is.
 */
const PALE = 0.45;

/** Colours at the nodes of a coarse grid over the picture: node (i, j) lies at the middle of cell (i, j). */
export interface Surroundings {
  readonly columns: number;
  readonly rows: number;
  /** {@link NODE_FLOATS} for each node, row by row. */
  readonly nodes: Float32Array;
}

/** Sums over the pixels of a cell: balanced colour (sum of channels 3) times weight, and weight. */
interface Level {
  readonly columns: number;
  readonly rows: number;
  readonly sums: Float64Array;
}

function halved({ columns, rows, sums }: Level): Level {
  const [c, r] = [Math.ceil(columns / 2), Math.ceil(rows / 2)];
  const out = new Float64Array(c * r * 4);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++)
      for (let k = 0; k < 4; k++) out[((y >> 1) * c + (x >> 1)) * 4 + k]! += sums[(y * columns + x) * 4 + k]!;
  return { columns: c, rows: r, sums: out };
}

/** A value of a coarse level, bilinear between cells' middles, at the middle of cell (x, y) of the finer one. */
function fetched(values: Float64Array, { columns, rows }: Level, x: number, y: number, k: number): number {
  const u = Math.min(Math.max((x + 0.5) / 2 - 0.5, 0), columns - 1);
  const v = Math.min(Math.max((y + 0.5) / 2 - 0.5, 0), rows - 1);
  const [left, top] = [Math.floor(u), Math.floor(v)];
  const [right, below] = [Math.min(left + 1, columns - 1), Math.min(top + 1, rows - 1)];
  const at = (i: number, j: number): number => values[(j * columns + i) * 4 + k]!;
  const upper = at(left, top) + (at(right, top) - at(left, top)) * (u - left);
  const lower = at(left, below) + (at(right, below) - at(left, below)) * (u - left);
  return upper + (lower - upper) * (v - top);
}

/** Fills cells that know little from coarser ones: colour (sum 3) and trust at each cell. */
function filled(level: Level): Float64Array {
  const { columns, rows, sums } = level;
  const single = columns === 1 && rows === 1;
  const coarser = single ? undefined : halved(level);
  const parent = coarser === undefined ? Float64Array.of(1, 1, 1, 0) : filled(coarser);
  const out = new Float64Array(sums.length);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      const i = (y * columns + x) * 4;
      const weight = sums[i + 3]!;
      const from = (k: number): number =>
        coarser === undefined ? parent[k]! : fetched(parent, coarser, x, y, k);
      for (let k = 0; k < 3; k++)
        out[i + k] = (sums[i + k]! + COARSER_WEIGHT * from(k)) / (weight + COARSER_WEIGHT);
      out[i + 3] = (weight + COARSER_WEIGHT * TRUST_KEPT * from(3)) / (weight + COARSER_WEIGHT);
    }
  return out;
}

/** By what lens shading multiplied each colour at a place of the active area: a sample clips at this times white. */
function shadingAt(frame: RawFrame, x: number, y: number): Vector3 {
  const width = frame.activeArea.right - frame.activeArea.left;
  const height = frame.activeArea.bottom - frame.activeArea.top;
  const period = frame.cfa === undefined ? 1 : Math.max(frame.cfa.width, frame.cfa.height);
  const maps = frame.opcodes.list2.filter((opcode) => opcode.kind === 'GainMap');
  const gain = (colour: number): number => {
    for (let v = 0; v < period; v++)
      for (let u = 0; u < period; u++) {
        if (frame.cfa !== undefined && colourAt(frame, u, v) !== colour) continue;
        return maps.reduce((product, map) => {
          const { area } = map;
          const plane = frame.cfa === undefined ? Math.min(colour, frame.samplesPerPixel - 1) : 0;
          const covered =
            plane >= area.plane &&
            plane < area.plane + area.planes &&
            (((v - area.top) % area.rowPitch) + area.rowPitch) % area.rowPitch === 0 &&
            (((u - area.left) % area.colPitch) + area.colPitch) % area.colPitch === 0;
          return covered ? product * gainAt(map, x, y, width, height, plane - area.plane) : product;
        }, 1);
      }
    return 1;
  };
  return [gain(0), gain(1), gain(2)];
}

/** The colours of what is bright and not clipped, cell by cell of the overview. */
function brightColours(
  { width, height, pixels }: Overview,
  neutral: Vector3,
  ceilings: readonly Vector3[],
  columns: number,
  rows: number,
): Level {
  const sums = new Float64Array(columns * rows * 4);
  const step = overviewStep({ width, height });
  const perCell = (width * height) / (columns * rows * step * step);
  const [nr, ng, nb] = neutral;
  for (let y = step >> 1; y < height; y += step) {
    const row = Math.min(Math.floor(((y + 0.5) / height) * rows), rows - 1);
    for (let x = step >> 1; x < width; x += step) {
      const p = (y * width + x) * 3;
      const column = Math.min(Math.floor(((x + 0.5) / width) * columns), columns - 1);
      const cell = row * columns + column;
      const [cr, cg, cb] = ceilings[cell]!;
      const r = Math.max(pixels[p]!, 0);
      const g = Math.max(pixels[p + 1]!, 0);
      const b = Math.max(pixels[p + 2]!, 0);
      const share = Math.max(r / cr, g / cg, b / cb);
      const below = Math.min((UNTRUSTED_FROM - share) / (UNTRUSTED_FROM - TRUSTED_BELOW), 1);
      // What clips resembles what nearly does: a dark surrounding hardly counts.
      const weight = (below * share * share * share) / perCell;
      const sum = r / nr + g / ng + b / nb;
      if (!(weight > 0 && sum > 0)) continue;
      const scale = (3 * weight) / sum;
      sums[cell * 4]! += (scale * r) / nr;
      sums[cell * 4 + 1]! += (scale * g) / ng;
      sums[cell * 4 + 2]! += (scale * b) / nb;
      sums[cell * 4 + 3]! += weight;
    }
  }
  return { columns, rows, sums };
}

function gridOf(width: number, height: number): { columns: number; rows: number } {
  const long = Math.max(width, height);
  return {
    columns: Math.max(Math.round((LONG_SIDE * width) / long), 1),
    rows: Math.max(Math.round((LONG_SIDE * height) / long), 1),
  };
}

/**
 * What stands around each place of the picture: the balanced colour of the bright, unclipped surroundings, filled in from
 * farther away where there are none (push-pull: Gortler et al. 1996, "The Lumigraph", 3.4) and fading to neutral with the
 * distance; and what lens shading made of the clip levels.
 */
export function surroundings(context: PlanContext): Surroundings {
  const { frame, overview, white, picture, recipe } = context;
  const { columns, rows } = gridOf(picture.width, picture.height);
  const nodes = new Float32Array(columns * rows * NODE_FLOATS).fill(1);
  const crop = cropOf(frame);
  if (overview === undefined) return { columns, rows, nodes };
  const shaded = recipe.lensShading.apply && frame.opcodes.list2.some((opcode) => opcode.kind === 'GainMap');
  const toActive = crop.width / overview.width;
  const ceilingAt = (x: number, y: number): Vector3 =>
    shaded ? shadingAt(frame, crop.left + x * toActive, crop.top + y * toActive) : [1, 1, 1];

  const cells = gridOf(overview.width, overview.height);
  const ceilings = Array.from({ length: cells.columns * cells.rows }, (_, i) =>
    ceilingAt(
      (((i % cells.columns) + 0.5) / cells.columns) * overview.width,
      ((Math.floor(i / cells.columns) + 0.5) / cells.rows) * overview.height,
    ),
  );
  const level = brightColours(overview, white.neutral, ceilings, cells.columns, cells.rows);
  const colours = filled(level);
  for (let j = 0; j < rows; j++)
    for (let i = 0; i < columns; i++) {
      const [x, y] = overview.locate(
        ((i + 0.5) / columns) * picture.width,
        ((j + 0.5) / rows) * picture.height,
      );
      // `fetched` speaks of cells half as large.
      const u = (x / overview.width) * cells.columns * 2 - 0.5;
      const v = (y / overview.height) * cells.rows * 2 - 0.5;
      const node = (j * columns + i) * NODE_FLOATS;
      const colour = [0, 1, 2].map((k) => fetched(colours, level, u, v, k));
      const paleness = Math.min(Math.max(Math.min(...colour) / Math.max(...colour) / PALE, 0), 1);
      const trust = fetched(colours, level, u, v, 3) ** paleness;
      for (let k = 0; k < 3; k++) nodes[node + k] = 1 + trust * (colour[k]! - 1);
      nodes.set(ceilingAt(x, y), node + 4);
    }
  return { columns, rows, nodes };
}
