import { inRange } from '../checks.js';
import { OpticsError } from '../OpticsError.js';
import type { LensDrawing, PsfTable } from './LensDrawing.js';

/** Where, how far, in which colour and on which grid a point spread function is wanted. */
export interface KernelPlace {
  /** Image place from the centre, mm; grows with the columns. */
  readonly xMm: number;
  /** Image place from the centre, mm; grows with the rows. */
  readonly yMm: number;
  /** Distance of the point, m; Infinity is allowed. Beyond the table's first and last depth these are taken. */
  readonly depthM: number;
  /** 0, 1, 2: R, G, B. */
  readonly channel: 0 | 1 | 2;
  /** Side of the square photosites, µm; a multiple of it gives the kernel for a picture reduced by that multiple. */
  readonly pitchUm: number;
  /** Share of the energy that is enough, in [0.5,1]; 0.999 by default. */
  readonly energy?: number;
  /**
   * Weights below this share of the greatest are cut off as well, where all farther out are; 0.0003 by default. This is what
   * ends an Airy pattern, whose wings hold 1 % of the light beyond 20 λN; a blur disc's weights are all alike and stay.
   */
  readonly faintest?: number;
  /** Odd number of photosites across that the kernel is cut to in any case; 1023 by default. */
  readonly maxSize?: number;
}

/** How the light of one point is spread over photosites. */
export interface PhotositeKernel {
  /** Odd number of photosites across. */
  readonly size: number;
  /**
   * Row by row, sum 1: the share that goes to each photosite round the one in whose centre the point's image lies (a
   * scatter: picture[y + row − half][x + column − half] += weight · light).
   */
  readonly weights: Float32Array;
}

const MAX_KERNEL_SIZE = 4095;
/** Gauss-Legendre's two nodes on [0,1]. */
const TWO_NODES = [0.5 - 0.5 / Math.sqrt(3), 0.5 + 0.5 / Math.sqrt(3)];

/** Entry before `x` in ascending values and how far it lies towards the next, held within the table. */
function bracket(values: readonly number[], x: number): { index: number; fraction: number } {
  const last = values.length - 1;
  if (last === 0 || x <= values[0]) return { index: 0, fraction: 0 };
  if (x >= values[last]) return { index: last, fraction: 0 };
  let index = 0;
  while (values[index + 1] <= x) index++;
  return { index, fraction: (x - values[index]) / (values[index + 1] - values[index]) };
}

/** The table's function at a place, depth and channel, by linear interpolation of samples and step, with a rim of two zeros. */
function interpolated(psfs: PsfTable, radiusMm: number, depthM: number, channel: number) {
  const { size } = psfs;
  const radius = bracket(psfs.radiiMm, radiusMm);
  const depth = bracket(
    psfs.depthsM.map((d) => 1 / d),
    1 / depthM,
  );
  const across = size + 4;
  const samples = new Float64Array(across * across);
  let stepUm = 0;
  for (const [r, radiusShare] of [1 - radius.fraction, radius.fraction].entries()) {
    for (const [d, depthShare] of [1 - depth.fraction, depth.fraction].entries()) {
      const share = radiusShare * depthShare;
      if (share === 0) continue;
      const entry = ((radius.index + r) * psfs.depthsM.length + depth.index + d) * 3 + channel;
      stepUm += share * psfs.stepsUm[entry];
      for (let row = 0, from = entry * size * size; row < size; row++) {
        for (let column = 0, to = (row + 2) * across + 2; column < size; column++, from++, to++) {
          samples[to] += share * psfs.data[from];
        }
      }
    }
  }
  return { samples, across, stepUm };
}

/**
 * The lens's point spread function as photosites see it: interpolated over place and depth, turned to the azimuth of
 * (xMm, yMm), integrated over square photosites (fill factor 1; the microlens has to see to that), cut to a square
 * as `energy` and `faintest` say; what is cut off is spread evenly over the square, so that the sum is 1 and the contrast of fine detail
 * is not raised.
 *
 * Between its samples the function is cubic (Keys 1981, a = −1/2); over a photosite it is integrated by Gauss-Legendre, two
 * nodes per sample. Where the table ends, the function is 0.
 * @throws {OpticsError} for numbers that are not possible
 */
export function photositeKernel(drawing: LensDrawing, place: KernelPlace): PhotositeKernel {
  const { xMm, yMm, depthM, channel } = place;
  inRange('xMm', xMm, -1e4, 1e4);
  inRange('yMm', yMm, -1e4, 1e4);
  if (depthM !== Infinity) inRange('depthM', depthM, 1e-6, Number.MAX_VALUE);
  inRange('channel', channel, 0, 2);
  const pitchUm = inRange('pitchUm', place.pitchUm, 0.01, 1e4);
  const energy = inRange('energy', place.energy ?? 0.999, 0.5, 1);
  const faintest = inRange('faintest', place.faintest ?? 0.0003, 0, 1);
  const maxSize = inRange('maxSize', place.maxSize ?? 1023, 1, MAX_KERNEL_SIZE);
  if (maxSize % 2 !== 1)
    throw new OpticsError(`${maxSize} is not possible; it has to be odd.`, { field: 'maxSize' });

  const radiusMm = Math.hypot(xMm, yMm);
  const cos = radiusMm === 0 ? 1 : xMm / radiusMm;
  const sin = radiusMm === 0 ? 0 : yMm / radiusMm;
  const { samples, across, stepUm } = interpolated(drawing.psfs, radiusMm, depthM, channel);

  const ratio = pitchUm / stepUm;
  const cells = Math.max(1, Math.ceil(ratio));
  // A photosite much smaller than a sample sees no curvature: one node will do.
  const nodes: number[] =
    ratio < 0.5 ? [0.5] : Array.from({ length: 2 * cells }, (_, i) => ((i >> 1) + TWO_NODES[i & 1]) / cells);
  const reach = (drawing.psfs.size + 1) / 2 / ratio;
  const half = Math.min((maxSize - 1) / 2, Math.ceil(reach * (Math.abs(cos) + Math.abs(sin)) + 0.5));
  const size = 2 * half + 1;
  const full = new Float64Array(size * size);
  const centre = (across - 1) / 2;
  const last = across - 3;
  for (let row = 0; row < size; row++) {
    for (const nodeY of nodes) {
      const dy = (row - half - 0.5 + nodeY) * ratio;
      for (let column = 0; column < size; column++) {
        let sum = 0;
        for (const nodeX of nodes) {
          const dx = (column - half - 0.5 + nodeX) * ratio;
          const u = centre + dx * cos + dy * sin;
          const v = centre - dx * sin + dy * cos;
          const i = Math.floor(u);
          const j = Math.floor(v);
          if (i < 1 || j < 1 || i > last || j > last) continue;
          const s = u - i;
          const t = v - j;
          const a = ((2 - s) * s - 1) * s * 0.5;
          const b = ((3 * s - 5) * s * s + 2) * 0.5;
          const c = ((4 - 3 * s) * s + 1) * s * 0.5;
          const d = (s - 1) * s * s * 0.5;
          const p = (j - 1) * across + i - 1;
          const q = p + across;
          const r = q + across;
          const w = r + across;
          sum +=
            ((2 - t) * t - 1) *
              t *
              0.5 *
              (a * samples[p] + b * samples[p + 1] + c * samples[p + 2] + d * samples[p + 3]) +
            ((3 * t - 5) * t * t + 2) *
              0.5 *
              (a * samples[q] + b * samples[q + 1] + c * samples[q + 2] + d * samples[q + 3]) +
            ((4 - 3 * t) * t + 1) *
              t *
              0.5 *
              (a * samples[r] + b * samples[r + 1] + c * samples[r + 2] + d * samples[r + 3]) +
            (t - 1) *
              t *
              t *
              0.5 *
              (a * samples[w] + b * samples[w + 1] + c * samples[w + 2] + d * samples[w + 3]);
        }
        full[row * size + column] += sum;
      }
    }
  }

  // Cubic interpolation swings a little below 0 beside sharp edges; light does not.
  const rings = new Float64Array(half + 1);
  const brightest = new Float64Array(half + 2);
  let total = 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const value = Math.max(0, full[row * size + column]);
      const ring = Math.max(Math.abs(row - half), Math.abs(column - half));
      rings[ring] += value;
      brightest[ring] = Math.max(brightest[ring], value);
      total += value;
    }
  }
  // All light: the integral is the mean over the nodes times the photosite's area in samples. What maxSize cut off counts.
  const whole = Math.max(total, (nodes.length / ratio) ** 2);
  // From outside in: the brightest weight of a ring and of all beyond it.
  for (let ring = half - 1; ring >= 0; ring--)
    brightest[ring] = Math.max(brightest[ring], brightest[ring + 1]);
  const faint = faintest * brightest[0];
  let kept = 0;
  let sum = rings[0];
  while (kept < half && sum < energy * whole && brightest[kept + 1] > faint) sum += rings[++kept];
  const keptSize = 2 * kept + 1;
  const weights = new Float32Array(keptSize * keptSize);
  const veil = Math.max(0, 1 - sum / whole) / weights.length;
  for (let row = 0; row < keptSize; row++) {
    for (let column = 0; column < keptSize; column++) {
      const value = full[(row + half - kept) * size + column + half - kept];
      weights[row * keptSize + column] = Math.max(0, value) / whole + veil;
    }
  }
  return { size: keptSize, weights };
}
