import type { RawFrame } from '@photosite/raw';
import { rectangleOf } from '../../geometry.js';
import { noiseOf } from '../../noise/noiseOf.js';
import { colourAt, lineariseTables } from '../linearise/tables.js';

/** The blur of lens, filter and focus, as measured in a picture. */
export interface MeasuredBlur {
  /** Standard deviation of the Gaussian that blurred the light before the pixels' own area did, in pixels. */
  readonly sigma: number;
  /** Edges that it was read from. */
  readonly edges: number;
}

/** Edges are looked for along a row and a column of every block; blocks grow with the picture up to this many. */
const BLOCKS = 4000;
const SMALLEST_BLOCK = 16;
/** Cells along the longer side, each of which may give one edge: they shall come from all over the picture. */
const CELLS = 14;
/** Photosites on each side of an edge that are looked at. */
const REACH = 7;
/** Samples from here on may be clipped, where an edge looks sharper than it is. */
const NEARLY_WHITE = 0.9;
/** An edge must stand out of the noise of single samples by this factor, and of rounding. */
const STEP_TO_NOISE = 12;
const LEAST_STEP = 0.02;
/** What an edge may differ from a straight, even one, as a share of its step, beside the noise. */
const LEAST_MISFIT = 0.02;
const NOISE_MISFIT = 2;
/** Steps of the fit (Levenberg 1944, Marquardt 1963). */
const FIT_STEPS = 10;
const WIDEST = 3;
/** Fewer edges say nothing about the camera. */
const LEAST_EDGES = 6;
/** Edges of the scene are sharp or soft themselves; the camera's blur is that of the sharpest, with a margin for chance. */
const QUANTILE = 0.25;
/** Variance of a pixel's own area along any direction. */
const PIXEL_VARIANCE = 1 / 12;

interface Candidate {
  readonly x: number;
  readonly y: number;
  readonly score: number;
}

const measured = new WeakMap<RawFrame, MeasuredBlur | null>();

/** Unknowns of an edge, and floats of a row of its equations: with the right side. */
const UNKNOWNS = 5;
const ROW = UNKNOWNS + 1;

/** Solves the equations in place, the solution in their last column; false where they have none. */
function solve(rows: Float64Array): boolean {
  for (let i = 0; i < UNKNOWNS; i++) {
    if (!(rows[i * ROW + i]! > 1e-18)) return false;
    for (let j = i + 1; j < UNKNOWNS; j++) {
      const factor = rows[j * ROW + i]! / rows[i * ROW + i]!;
      for (let k = i; k < ROW; k++) rows[j * ROW + k]! -= factor * rows[i * ROW + k]!;
    }
  }
  for (let i = UNKNOWNS - 1; i >= 0; i--) {
    let value = rows[i * ROW + UNKNOWNS]!;
    for (let k = i + 1; k < UNKNOWNS; k++) value -= rows[i * ROW + k]! * rows[k * ROW + UNKNOWNS]!;
    rows[i * ROW + UNKNOWNS] = value / rows[i * ROW + i]!;
  }
  return true;
}

/** Samples around an edge, places from its middle. */
interface Patch {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly value: Float64Array;
  count: number;
}

/** Dark side, bright side, place, angle of the normal and standard deviation of an edge. */
type EdgeModel = [dark: number, bright: number, place: number, angle: number, sigma: number];

/** The sum of the squares that a blurred step leaves of the samples; writes what says the next step. */
function residual(patch: Patch, model: EdgeModel, slopes: Float64Array, normal: Float64Array): number {
  normal.fill(0);
  const [dark, bright, place, angle, sigma] = model;
  const sin = Math.sin(angle);
  const cos = Math.cos(angle);
  const step = bright - dark;
  let sum = 0;
  // No arrays are taken apart in here: before it is compiled, which is when it runs mostly, that takes most of the time.
  for (let i = 0; i < patch.count; i++) {
    const x = patch.x[i]!;
    const y = patch.y[i]!;
    const z = (x * cos + y * sin - place) / sigma;
    // The normal distribution's integral: Abramowitz and Stegun 7.1.26, exact to 1.5e-7.
    const bell = Math.exp((-z * z) / 2);
    const t = 1 / (1 + 0.2316419 * Math.abs(z));
    const tail =
      bell *
      t *
      (0.127414796 + t * (-0.142248368 + t * (0.7107068705 + t * (-0.7265760135 + t * 0.5307027145))));
    const share = z > 0 ? 1 - tail : tail;
    const off = patch.value[i]! - dark - step * share;
    sum += off * off;
    const steep = (step * bell) / (sigma * Math.sqrt(2 * Math.PI));
    slopes[0] = 1 - share;
    slopes[1] = share;
    slopes[2] = -steep;
    slopes[3] = steep * (y * cos - x * sin);
    slopes[4] = -steep * z;
    for (let a = 0; a < UNKNOWNS; a++) {
      const slope = slopes[a]!;
      for (let b = a; b < UNKNOWNS; b++) normal[a * ROW + b]! += slope * slopes[b]!;
      normal[a * ROW + UNKNOWNS]! += slope * off;
    }
  }
  return sum;
}

/** The edge that fits best; undefined where none does. */
function fitEdge(patch: Patch): { readonly model: EdgeModel; readonly meanSquare: number } | undefined {
  let [mean, alongX, alongY, sizeX, sizeY] = [0, 0, 0, 0, 0];
  for (let i = 0; i < patch.count; i++) mean += patch.value[i]! / patch.count;
  for (let i = 0; i < patch.count; i++) {
    const x = patch.x[i]!;
    const y = patch.y[i]!;
    alongX += x * (patch.value[i]! - mean);
    alongY += y * (patch.value[i]! - mean);
    sizeX += x * x;
    sizeY += y * y;
  }
  const angle = Math.atan2(alongY / sizeY, alongX / sizeX);
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  let [dark, bright, below, above] = [0, 0, 0, 0];
  for (let i = 0; i < patch.count; i++) {
    const place = patch.x[i]! * cos + patch.y[i]! * sin;
    if (place < -3) {
      dark += patch.value[i]!;
      below++;
    } else if (place > 3) {
      bright += patch.value[i]!;
      above++;
    }
  }
  if (below === 0 || above === 0) return undefined;
  let model: EdgeModel = [dark / below, bright / above, 0, angle, 0.8];
  const slopes = new Float64Array(UNKNOWNS);
  let [normal, trial] = [new Float64Array(UNKNOWNS * ROW), new Float64Array(UNKNOWNS * ROW)];
  const damped = normal.slice();
  let sum = residual(patch, model, slopes, normal);
  let damping = 1e-3;
  for (let step = 0; step < FIT_STEPS; step++) {
    damped.set(normal);
    for (let a = 0; a < UNKNOWNS; a++) {
      for (let b = 0; b < a; b++) damped[a * ROW + b] = normal[b * ROW + a]!;
      damped[a * ROW + a]! *= 1 + damping;
    }
    if (!solve(damped)) return undefined;
    const next = model.map((value, k) => value + damped[k * ROW + UNKNOWNS]!) as EdgeModel;
    next[4] = Math.min(Math.max(next[4], 0.15), 2 * WIDEST);
    const left = residual(patch, next, slopes, trial);
    if (left < sum) {
      const settled = sum - left < 1e-3 * sum;
      model = next;
      [normal, trial] = [trial, normal];
      sum = left;
      damping = Math.max(damping / 10, 1e-7);
      if (settled) break;
    } else damping *= 10;
  }
  return { model, meanSquare: sum / patch.count };
}

/**
 * How much a picture was blurred before its pixels recorded it, from its own straight edges: a blurred step is fitted to
 * the green samples around the strongest edge of each part of the picture, and the sharpest of them say what the camera
 * can do. Looks at a few per cent of the samples; the same for every recipe.
 * @returns undefined where too few clear edges are found
 */
export function measureBlur(frame: RawFrame): MeasuredBlur | undefined {
  const known = measured.get(frame);
  if (known !== undefined) return known ?? undefined;
  const found = blurOf(frame);
  measured.set(frame, found ?? null);
  return found;
}

function blurOf(frame: RawFrame): MeasuredBlur | undefined {
  const { samples, samplesPerPixel, width: rowLength, activeArea: area, cfa } = frame;
  const { width, height } = rectangleOf(area);
  if (Math.min(width, height) < 4 * REACH) return undefined;
  const { table, rows } = lineariseTables(frame, [1, 1, 1]);
  const plane = cfa === undefined ? Math.min(1, samplesPerPixel - 1) : 0;
  const tables = rows[cfa === undefined ? 1 : 0]!;
  const [periodX, periodY] = cfa === undefined ? [1, 1] : [cfa.width, cfa.height];
  const greens = Array.from(
    { length: periodX * periodY },
    (_, i) => cfa === undefined || colourAt(frame, i % periodX, Math.floor(i / periodX)) === 1,
  );
  const isGreen = (x: number, y: number): boolean => greens[(y % periodY) * periodX + (x % periodX)]!;
  const light = (x: number, y: number): number => {
    const stored = samples[((y + area.top) * rowLength + x + area.left) * samplesPerPixel + plane]!;
    const row = tables[y % tables.length]!;
    return ((table === undefined ? stored : table[stored]!) - row.black[x]!) * row.scale[x]!;
  };
  const { scale: photons, offset } = noiseOf(frame).profiles[1];
  const noiseAt = (value: number): number => photons * Math.max(value, 0) + offset + 1e-8;

  const block = Math.max(SMALLEST_BLOCK, Math.ceil(Math.sqrt((width * height) / BLOCKS)));
  const cell = Math.max(width, height) / CELLS;
  const across = Math.ceil(width / cell);
  const best: (Candidate | undefined)[] = Array.from({ length: across * Math.ceil(height / cell) });
  /** Looks for the steepest place between neighbouring greens of a line. */
  const search = (x0: number, y0: number, dx: number, dy: number): void => {
    let last = Number.NaN;
    let before = Number.NaN;
    let found = 0;
    let most = 0;
    let level = 0;
    for (let k = 0; k < block; k++) {
      const x = x0 + k * dx;
      const y = y0 + k * dy;
      if (!isGreen(x, y)) continue;
      const value = light(x, y);
      // Neighbours of a full array lie one photosite apart, those of a mosaic two.
      const other = periodX === 1 ? before : last;
      const change = (value - other) ** 2;
      if (change > most) {
        most = change;
        found = k - 1;
        level = (value + other) / 2;
      }
      before = last;
      last = value;
    }
    const score = most / noiseAt(level);
    const x = x0 + found * dx;
    const y = y0 + found * dy;
    const inside = x >= REACH && y >= REACH && x < width - REACH && y < height - REACH;
    const index = Math.floor(y / cell) * across + Math.floor(x / cell);
    if (inside && score > (best[index]?.score ?? STEP_TO_NOISE)) best[index] = { x, y, score };
  };
  for (let y = 0; y + block <= height; y += block)
    for (let x = 0; x + block <= width; x += block) {
      // Of a mosaic's two rows and columns one may hold no green at all.
      search(x, y + (block >> 1), 1, 0);
      search(x + (block >> 1), y, 0, 1);
    }

  const side = 2 * REACH + 1;
  const [px, py, pv] = [0, 1, 2].map(() => new Float64Array(side * side)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const patch: Patch = { x: px, y: py, value: pv, count: 0 };
  const sigmas: number[] = [];
  for (const candidate of best) {
    if (candidate === undefined) continue;
    patch.count = 0;
    let brightest = 0;
    for (let v = -REACH; v <= REACH; v++)
      for (let u = -REACH; u <= REACH; u++) {
        const x = candidate.x + u;
        const y = candidate.y + v;
        if (!isGreen(x, y)) continue;
        const value = light(x, y);
        brightest = Math.max(brightest, value);
        px[patch.count] = u;
        py[patch.count] = v;
        pv[patch.count++] = value;
      }
    if (brightest >= NEARLY_WHITE) continue;
    const edge = fitEdge(patch);
    if (edge === undefined) continue;
    const [dark, bright, place, , sigma] = edge.model;
    const step = bright - dark;
    const noise = noiseAt((dark + bright) / 2);
    const clear = step > LEAST_STEP && step * step > STEP_TO_NOISE ** 2 * noise;
    const misfit = NOISE_MISFIT * noise + (LEAST_MISFIT * step) ** 2;
    if (clear && edge.meanSquare < misfit && Math.abs(place) < REACH / 2 && sigma < WIDEST)
      sigmas.push(sigma);
  }
  if (sigmas.length < LEAST_EDGES) return undefined;
  sigmas.sort((a, b) => a - b);
  const total = sigmas[Math.floor(QUANTILE * (sigmas.length - 1))]!;
  return { sigma: Math.sqrt(Math.max(total * total - PIXEL_VARIANCE, 0)), edges: sigmas.length };
}
