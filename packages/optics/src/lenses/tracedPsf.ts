import { inRange, positive } from '../checks.js';
import { OpticsError } from '../OpticsError.js';
import { Fft } from './fft.js';
import type { PupilMap } from './pupilMap.js';

/** Samples that a point spread function is wanted at: columns lead outward, rows sideways. */
export interface PsfGrid {
  /** Odd number of samples across. */
  readonly size: number;
  /** Distance of two samples, µm. */
  readonly stepUm: number;
  /** Place of the middle sample, outward from the axis, mm; the chief ray's image where it is left out. */
  readonly centreMm?: number;
}

/**
 * Reach of the rays about the chief ray's image, in units of λN, up to which the point spread function is that of the wave,
 * and from which on it is that of the rays; between them the two are mixed. 10 λN is 2.5 waves of defocus.
 */
const WAVE_UP_TO = 10;
const RAYS_FROM = 20;
/** Share of the light that decides how far rays reach: a few stray ones at a wide pupil's edge do not. */
const REACH_SHARE = 0.99;
/** Steps that the reach is measured in. */
const REACH_BINS = 512;
/** The pupil's edge is known to about a node: a sharper one would be ragged. */
const LEAST_EDGE_NODES = 1;
/** Rays that each node of the pupil stands for where they are counted, across. */
const FINER = 4;
/** A Gaussian of this deviation, in units of λN, is the Airy pattern's core (equal height and volume: √2 / π). */
const AIRY_DEVIATION = Math.SQRT2 / Math.PI;
const LEAST_FFT = 256;
const MOST_FFT = 4096;

/**
 * Radius about a place that holds 99 % of the rays' light, µm.
 * @param centreMm place, outward from the axis, mm; the chief ray's image where it is left out
 */
export function rayReachUm(map: PupilMap, centreMm = map.chiefMm): number {
  const { shares } = map.coverage;
  const shift = map.chiefMm - centreMm;
  let farthest = 0;
  for (let node = 0; node < shares.length; node++) {
    if (shares[node] === 0) continue;
    const square = (map.outMm[node] + shift) ** 2 + map.sideMm[node] ** 2;
    if (square > farthest) farthest = square;
  }
  if (farthest === 0) return 0;
  const bins = new Float64Array(REACH_BINS + 1);
  const scale = REACH_BINS / Math.sqrt(farthest);
  let sum = 0;
  for (let node = 0; node < shares.length; node++) {
    const out = map.outMm[node] + shift;
    if (shares[node] === 0 || Number.isNaN(out)) continue;
    bins[Math.floor(Math.sqrt(out * out + map.sideMm[node] ** 2) * scale)] += shares[node];
    sum += shares[node];
  }
  let bin = 0;
  for (let inside = bins[0]; inside < REACH_SHARE * sum; inside += bins[bin]) bin++;
  return (1000 * Math.min(bin + 1, REACH_BINS)) / scale;
}

/** Linear in rows and columns; NaN outside of the grid and beside lost rays. */
function bilinear(values: Float64Array, nodes: number, row: number, column: number): number {
  const i = Math.floor(row);
  const j = Math.floor(column);
  if (!(i >= 0 && j >= 0 && i < nodes - 1 && j < nodes - 1)) return Number.NaN;
  const s = row - i;
  const t = column - j;
  const at = i * nodes + j;
  return (
    (1 - s) * ((1 - t) * values[at] + t * values[at + 1]) +
    s * ((1 - t) * values[at + nodes] + t * values[at + nodes + 1])
  );
}

/** Cubic (Catmull-Rom) in rows and columns; linear at the grid's border and beside lost rays. */
function smooth(values: Float64Array, nodes: number, row: number, column: number): number {
  const i = Math.floor(row);
  const j = Math.floor(column);
  if (i < 1 || j < 1 || i > nodes - 3 || j > nodes - 3) return bilinear(values, nodes, row, column);
  const s = row - i;
  const t = column - j;
  const a = ((2 - t) * t - 1) * t * 0.5;
  const b = ((3 * t - 5) * t * t + 2) * 0.5;
  const c = ((4 - 3 * t) * t + 1) * t * 0.5;
  const d = (t - 1) * t * t * 0.5;
  const p = (i - 1) * nodes + j - 1;
  const q = p + nodes;
  const r = q + nodes;
  const w = r + nodes;
  const value =
    ((2 - s) * s - 1) *
      s *
      0.5 *
      (a * values[p] + b * values[p + 1] + c * values[p + 2] + d * values[p + 3]) +
    ((3 * s - 5) * s * s + 2) *
      0.5 *
      (a * values[q] + b * values[q + 1] + c * values[q + 2] + d * values[q + 3]) +
    ((4 - 3 * s) * s + 1) *
      s *
      0.5 *
      (a * values[r] + b * values[r + 1] + c * values[r + 2] + d * values[r + 3]) +
    (s - 1) * s * s * 0.5 * (a * values[w] + b * values[w + 1] + c * values[w + 2] + d * values[w + 3]);
  return Number.isNaN(value) ? bilinear(values, nodes, row, column) : value;
}

/** A pupil by direction cosines: what the wave needs. */
export interface CosinePupil {
  /** Direction cosines in the middle of the pupil. */
  readonly middleOut: number;
  /** Half the pupil's extent in direction cosines, with a margin. */
  readonly halfOut: number;
  readonly halfSide: number;
  /**
   * Amplitude in [0,1] and path, mm, at a direction; the amplitude is 0 outside. Steps from one direction to a near one are
   * fast: the search begins where the last one ended.
   */
  at(cosOut: number, cosSide: number, into: { amplitude: number; pathMm: number }): void;
}

/**
 * Turns a map around, from places in the entrance pupil to direction cosines at the image, by iteration.
 * @param edgeNodes over how many nodes the amplitude falls to 0 at the pupil's edge: the width of the samples that are taken of
 *   it, so that their sum is the pupil's area
 */
export function cosinePupil(map: PupilMap, edgeNodes = LEAST_EDGE_NODES): CosinePupil {
  const { nodes, shares } = map.coverage;
  let leastOut = Infinity;
  let mostOut = -Infinity;
  let mostSide = 0;
  let slopeOut = 0;
  let slopeSide = 0;
  let counted = 0;
  for (let row = 1; row < nodes - 1; row++) {
    for (let column = 1; column < nodes - 1; column++) {
      const node = row * nodes + column;
      if (shares[node] === 0 || Number.isNaN(map.cosOut[node])) continue;
      leastOut = Math.min(leastOut, map.cosOut[node]);
      mostOut = Math.max(mostOut, map.cosOut[node]);
      mostSide = Math.max(mostSide, Math.abs(map.cosSide[node]));
      const alongOut = (map.cosOut[node + nodes] - map.cosOut[node - nodes]) / 2;
      const alongSide = (map.cosSide[node + 1] - map.cosSide[node - 1]) / 2;
      if (Number.isNaN(alongOut) || Number.isNaN(alongSide)) continue;
      slopeOut += alongOut;
      slopeSide += alongSide;
      counted++;
    }
  }
  slopeOut /= counted;
  slopeSide /= counted;
  const middleOut = (leastOut + mostOut) / 2;
  const middle = (nodes - 1) / 2;
  let row = middle;
  let column = middle;
  return {
    middleOut,
    halfOut: (mostOut - leastOut) / 2 + Math.abs(slopeOut),
    halfSide: mostSide + Math.abs(slopeSide),
    at(cosOut, cosSide, into) {
      for (let turn = 0; turn < 12; turn++) {
        const missOut = cosOut - bilinear(map.cosOut, nodes, row, column);
        const missSide = cosSide - bilinear(map.cosSide, nodes, row, column);
        if (Number.isNaN(missOut) || Number.isNaN(missSide)) {
          if (turn > 0) break;
          row = middle + (cosOut - middleOut) / slopeOut;
          column = middle + cosSide / slopeSide;
          continue;
        }
        const stepRow = missOut / slopeOut;
        const stepColumn = missSide / slopeSide;
        row += stepRow;
        column += stepColumn;
        if (Math.abs(stepRow) + Math.abs(stepColumn) < 1e-4) break;
      }
      const share = bilinear(shares, nodes, row, column);
      // Coverage, interpolated between nodes, falls to 0 over two of them.
      const amplitude = Math.min(1, Math.max(0, ((share - 0.5) * 2) / edgeNodes + 0.5));
      const pathMm = amplitude > 0 ? smooth(map.pathMm, nodes, row, column) : Number.NaN;
      if (Number.isNaN(pathMm)) {
        into.amplitude = 0;
        into.pathMm = 0;
      } else {
        into.amplitude = amplitude;
        into.pathMm = pathMm;
      }
    },
  };
}

const transforms = new Map<number, Fft>();

/** The transform of a length, made once. */
function transformOf(length: number): Fft {
  let fft = transforms.get(length);
  if (fft === undefined) {
    fft = new Fft(length);
    transforms.set(length, fft);
  }
  return fft;
}

/**
 * Diffraction: the intensity is the squared Fourier transform of the pupil over direction cosines (Debye's integral; Goodman,
 * Introduction to Fourier Optics, 6.2; Born and Wolf, 8.8.1). Adds `share` of it, the whole plane being 1.
 */
function addWave(
  map: PupilMap,
  extent: CosinePupil,
  reachUm: number,
  { size, stepUm, centreMm }: PsfGrid,
  share: number,
  psf: Float64Array,
): void {
  const wavelengthMm = map.wavelengthNm * 1e-6;
  // Samples finer than half the period of the finest fringe; an odd number of them makes one of the table.
  const nyquistMm = wavelengthMm / (4 * Math.max(extent.halfOut, extent.halfSide));
  let finer = 1;
  while (stepUm / 1000 / finer > nyquistMm) finer += 2;
  const fineMm = stepUm / 1000 / finer;
  // The transform's plane has to hold the table and, from the other side's copies, a wave's whole reach.
  const reachMm = Math.max((1.3 * size * stepUm) / 1000, 2.5e-3 * reachUm);
  let n = LEAST_FFT;
  while (n * fineMm < reachMm && n < MOST_FFT) n *= 2;
  const stepCos = wavelengthMm / (n * fineMm);
  const sampleNodes = (map.coverage.nodes * stepCos) / (extent.halfOut + extent.halfSide);
  const pupil = cosinePupil(map, Math.min(2, Math.max(LEAST_EDGE_NODES, sampleNodes)));
  const wave = (2 * Math.PI) / wavelengthMm;
  const tilt = map.chiefMm - (centreMm ?? map.chiefMm);
  const re = new Float64Array(n * n);
  const im = new Float64Array(n * n);
  const here = { amplitude: 0, pathMm: 0 };
  const rows = Math.min(n / 2 - 1, Math.ceil(pupil.halfSide / stepCos));
  const columns = Math.min(n / 2 - 1, Math.ceil(pupil.halfOut / stepCos));
  // Amplitude at the edge is the clear share of a sample, so that the sum is the pupil's area, not that of the squares.
  let light = 0;
  for (let row = 0; row <= rows; row++) {
    for (let column = -columns; column <= columns; column++) {
      const cosOut = pupil.middleOut + column * stepCos;
      pupil.at(cosOut, row * stepCos, here);
      if (here.amplitude === 0) continue;
      // Debye's phase is k (path + cosines · place); the transform has the other sign, so that the path has, too.
      const phase = -wave * (here.pathMm - tilt * cosOut);
      const real = here.amplitude * Math.cos(phase);
      const imaginary = here.amplitude * Math.sin(phase);
      const x = (column + n) % n;
      re[row * n + x] = real;
      im[row * n + x] = imaginary;
      light += row === 0 ? here.amplitude : 2 * here.amplitude;
      if (row === 0) continue;
      re[(n - row) * n + x] = real;
      im[(n - row) * n + x] = imaginary;
    }
  }
  if (light === 0) return;
  const scale = share / (light * n * n);
  const half = (size - 1) / 2;
  const reach = (finer - 1) / 2;
  transformOf(n).square(re, im, Math.min(n / 2, half * finer + reach + 1));
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      let sum = 0;
      for (let j = -reach; j <= reach; j++) {
        const y = (row - half) * finer + j;
        if (y < -n / 2 || y >= n / 2) continue;
        for (let i = -reach; i <= reach; i++) {
          const x = (column - half) * finer + i;
          if (x < -n / 2 || x >= n / 2) continue;
          const at = ((y + n) % n) * n + ((x + n) % n);
          sum += re[at] * re[at] + im[at] * im[at];
        }
      }
      psf[row * size + column] += scale * sum;
    }
  }
}

/** Convolves a square with a Gaussian, in rows and columns; light that leaves the square is lost. */
function blurSquare(values: Float64Array, size: number, deviation: number): Float64Array {
  const reach = Math.ceil(3.5 * deviation);
  const weights = Float64Array.from({ length: reach + 1 }, (_, k) => Math.exp(-0.5 * (k / deviation) ** 2));
  const sum = weights.reduce((total, weight, k) => total + (k === 0 ? weight : 2 * weight), 0);
  let source = values;
  for (const [along, across] of [
    [1, size],
    [size, 1],
  ] as const) {
    const target = new Float64Array(size * size);
    for (let line = 0; line < size; line++) {
      for (let k = 0; k < size; k++) {
        const value = source[line * across + k * along] / sum;
        if (value === 0) continue;
        for (let d = Math.max(-reach, -k); d <= Math.min(reach, size - 1 - k); d++)
          target[line * across + (k + d) * along] += value * weights[Math.abs(d)];
      }
    }
    source = target;
  }
  return source;
}

/** Rays counted: every node of the pupil stands for 4 × 4 rays. Adds `share` of them, all light being 1. */
function addRays(
  map: PupilMap,
  { size, stepUm, centreMm }: PsfGrid,
  share: number,
  deviationUm: number,
  psf: Float64Array,
): void {
  const { nodes, shares } = map.coverage;
  const light = share / shares.reduce((sum, value) => sum + value, 0) / (FINER * FINER);
  const stepMm = stepUm / 1000;
  const half = (size - 1) / 2;
  const shift = map.chiefMm - (centreMm ?? map.chiefMm);
  const counted = new Float64Array(size * size);
  for (let row = 0; row < nodes; row++) {
    for (let column = 0; column < nodes; column++) {
      const node = row * nodes + column;
      const weight = light * shares[node];
      if (weight === 0) continue;
      for (let j = 0; j < FINER; j++) {
        const r = row + (j + 0.5) / FINER - 0.5;
        for (let i = 0; i < FINER; i++) {
          const c = column + (i + 0.5) / FINER - 0.5;
          let out = bilinear(map.outMm, nodes, r, c);
          let side = bilinear(map.sideMm, nodes, r, c);
          if (Number.isNaN(out) || Number.isNaN(side)) {
            out = map.outMm[node];
            side = map.sideMm[node];
          }
          const x = (out + shift) / stepMm + half;
          const y = side / stepMm + half;
          const x0 = Math.floor(x);
          const y0 = Math.floor(y);
          if (!(x0 >= 0 && y0 >= 0 && x0 < size - 1 && y0 < size - 1)) continue;
          const s = x - x0;
          const t = y - y0;
          const at = y0 * size + x0;
          counted[at] += weight * (1 - s) * (1 - t);
          counted[at + 1] += weight * s * (1 - t);
          counted[at + size] += weight * (1 - s) * t;
          counted[at + size + 1] += weight * s * t;
        }
      }
    }
  }
  const deviation = deviationUm / stepUm;
  const blurred = deviation > 0.2 ? blurSquare(counted, size, deviation) : counted;
  for (let i = 0; i < psf.length; i++) psf[i] += blurred[i];
}

/**
 * Point spread function of a traced lens at one wavelength: by diffraction where the rays reach less than 10 λN from the
 * chief ray's image, by counting rays (smoothed by the Airy pattern's core) where they reach farther than 20, mixed between.
 * @returns `size * size` shares of the whole plane's light; the sum is less than 1 by what falls outside
 * @throws {OpticsError} for a grid that is not possible
 */
export function tracedPsf(map: PupilMap, grid: PsfGrid): Float64Array {
  inRange('size', grid.size, 1, 2047);
  if (grid.size % 2 !== 1)
    throw new OpticsError(`${grid.size} is not possible; it has to be odd.`, { field: 'size' });
  positive('stepUm', grid.stepUm);
  const psf = new Float64Array(grid.size * grid.size);
  const pupil = cosinePupil(map);
  // λN of a cone as wide as the ellipse about the pupil.
  const unitUm = map.wavelengthNm / 2000 / Math.sqrt(pupil.halfOut * pupil.halfSide);
  const reachUm = rayReachUm(map);
  const rays = Math.min(1, Math.max(0, (reachUm / unitUm - WAVE_UP_TO) / (RAYS_FROM - WAVE_UP_TO)));
  if (rays < 1) addWave(map, pupil, reachUm, grid, 1 - rays, psf);
  if (rays > 0) addRays(map, grid, rays, AIRY_DEVIATION * unitUm, psf);
  return psf;
}
