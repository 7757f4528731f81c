import { inRange, positive } from '../checks.js';
import { besselJ0 } from './bessel.js';
import { type ChannelLight, meanWavelengthNm } from './ChannelLight.js';

/** A perfect lens's circular pupil and how far its focus misses the sensor. */
export interface PerfectPupil {
  /** Effective f-number at the image side. */
  readonly workingFNumber: number;
  /** Optical path error at the pupil's edge that defocus makes (W020), µm; 0 in focus. */
  readonly defocusUm: number;
  /** Radius of a central obstruction as a share of the pupil's; 0 without. */
  readonly obstruction: number;
}

/**
 * Peak defocus in waves up to which the point spread function is computed as a wave, and from which on it is the thin lens's
 * disc; between them the two are mixed. At 16 waves the diffraction fringes of the disc's edge are a hundredth of its radius.
 */
const WAVE_UP_TO = 16;
const DISC_FROM = 24;

/** Radius of the thin lens's blur disc on the sensor, µm: 4 N W020, from W020 = δz / 8N² and a radius of δz / 2N. */
export function blurRadiusUm({ workingFNumber, defocusUm }: PerfectPupil): number {
  return 4 * workingFNumber * Math.abs(defocusUm);
}

/** Nodes and weights of Gauss-Legendre quadrature on [0,1], by Newton's method on the Legendre polynomial. */
function gaussLegendre(n: number): { nodes: Float64Array; weights: Float64Array } {
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 1;
    for (let turn = 0; turn < 8; turn++) {
      let before = 1;
      let value = x;
      for (let k = 2; k <= n; k++) {
        const next = ((2 * k - 1) * x * value - (k - 1) * before) / k;
        before = value;
        value = next;
      }
      slope = (n * (x * value - before)) / (x * x - 1);
      x -= value / slope;
    }
    nodes[i] = (1 - x) / 2;
    weights[i] = 1 / ((1 - x * x) * slope * slope);
  }
  return { nodes, weights };
}

/**
 * Energy per µm² at distances 0, stepUm, 2 stepUm, … from the centre, for one wavelength, by the Hankel transform of the
 * pupil (Born and Wolf, Principles of Optics, 8.8; Goodman, Introduction to Fourier Optics, 6.1 to 6.4): the whole plane
 * sums to 1. Scalar and paraxial.
 */
function wavePsf(
  { workingFNumber, defocusUm, obstruction }: PerfectPupil,
  wavelengthUm: number,
  stepUm: number,
  count: number,
): Float64Array {
  const { PI } = Math;
  const unit = wavelengthUm * workingFNumber;
  const waves = defocusUm / wavelengthUm;
  // Gauss-Legendre needs a little more than one node for every half turn of the phase.
  const turns = Math.abs(waves) + (count * stepUm) / (2 * unit);
  const { nodes, weights } = gaussLegendre(16 + Math.ceil(2.4 * turns));
  const factors = new Float64Array(nodes.length);
  const cosines = new Float64Array(nodes.length);
  const sines = new Float64Array(nodes.length);
  for (let i = 0; i < nodes.length; i++) {
    const rho = obstruction + (1 - obstruction) * nodes[i];
    const weight = (1 - obstruction) * weights[i] * 2 * rho;
    factors[i] = (PI * rho) / unit;
    cosines[i] = weight * Math.cos(2 * PI * waves * rho * rho);
    sines[i] = weight * Math.sin(2 * PI * waves * rho * rho);
  }
  const area = 1 - obstruction * obstruction;
  // Parseval: the plane's sum of |U|² is the inverse of the pupil's area in frequencies, which is π area / (4 λ² N²).
  const scale = PI / (4 * unit * unit * area);
  const density = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    const r = k * stepUm;
    let re = 0;
    let im = 0;
    for (let i = 0; i < factors.length; i++) {
      const j = besselJ0(factors[i] * r);
      re += j * cosines[i];
      im += j * sines[i];
    }
    density[k] = scale * (re * re + im * im);
  }
  return density;
}

/** A point spread function that is alike in all directions. */
export interface RadialPsf {
  /** Distance of two samples, µm. */
  readonly stepUm: number;
  /** Energy per µm² at the distances 0, stepUm, 2 stepUm, …; the whole plane sums to 1. */
  readonly perUm2: Float64Array;
}

/**
 * Point spread function of a perfect lens, over the light of one channel: the wave's up to 16 waves of peak defocus, the
 * uniform disc (or ring) of the thin lens from 24 on, mixed between.
 * @param untilUm distance from the centre up to which it is wanted, µm
 * @param stepUm distance of two samples, µm; by default a quarter of the finest structure's period
 * @throws {OpticsError} for numbers that are not possible
 */
export function perfectPsf(
  pupil: PerfectPupil,
  channel: ChannelLight,
  untilUm: number,
  stepUm: number = (pupil.workingFNumber * meanWavelengthNm(channel)) / 8000,
): RadialPsf {
  positive('workingFNumber', pupil.workingFNumber);
  inRange('obstruction', pupil.obstruction, 0, 0.99);
  inRange('defocusUm', pupil.defocusUm, -1e9, 1e9);
  positive('untilUm', untilUm);
  const count = Math.ceil(untilUm / positive('stepUm', stepUm)) + 2;
  const perUm2 = new Float64Array(count);
  const radius = blurRadiusUm(pupil);
  const inner = radius * pupil.obstruction;
  let discShare = 0;
  const sum = channel.weights.reduce((total, weight) => total + weight, 0);
  for (const [i, wavelengthNm] of channel.wavelengthsNm.entries()) {
    const wavelengthUm = wavelengthNm / 1000;
    const waves = Math.abs(pupil.defocusUm) / wavelengthUm;
    const disc = Math.min(1, Math.max(0, (waves - WAVE_UP_TO) / (DISC_FROM - WAVE_UP_TO)));
    const weight = channel.weights[i] / sum;
    discShare += weight * disc;
    if (disc === 1 || weight === 0) continue;
    const wave = wavePsf(pupil, wavelengthUm, stepUm, count);
    for (let k = 0; k < count; k++) perUm2[k] += weight * (1 - disc) * wave[k];
  }
  if (discShare > 0) {
    const scale = discShare / (Math.PI * (radius * radius - inner * inner));
    for (let k = 0; k < count; k++) {
      // The share of the sample's own width that lies in the disc, so that the edge does not snap to samples.
      const r = k * stepUm;
      const outer = Math.min(1, Math.max(0, (radius - r) / stepUm + 0.5));
      const hole = inner === 0 ? 0 : Math.min(1, Math.max(0, (inner - r) / stepUm + 0.5));
      perUm2[k] += scale * (outer - hole);
    }
  }
  return { stepUm, perUm2 };
}
