import { checkRegion, checkSameSize } from '../checks.js';
import { crop, type Rectangle } from '../crop.js';
import { leastSquares } from '../linearAlgebra.js';
import { MeasureError } from '../MeasureError.js';
import { luminanceOf, type Plane, REC709_LUMINANCE } from '../Plane.js';
import type { RgbImage } from '../RgbImage.js';
import { crossing } from '../sharpness/curve.js';
import type { MtfCurve } from '../sharpness/slantedEdge.js';
import { fft2d } from './fft.js';

/** How texture is compared with its reference. */
export interface TextureOptions {
  /** Area of both pictures that holds the texture; all of them where left out. */
  readonly region?: Rectangle;
  /** A uniform area of the picture, of at least 64 × 64 pixels, whose noise the direct method takes off. */
  readonly flat?: Rectangle;
  /** Weights of R, G and B in the luminance; those of Rec.709 where left out. */
  readonly luminanceWeights?: readonly number[];
}

/** How much of a texture a picture keeps. */
export interface TextureResponse {
  /** By cross spectrum: only what is in phase with the reference counts, so noise and invented detail do not. */
  readonly cross: MtfCurve;
  /** Frequency in cycles per pixel where the curve first falls to 0.5; undefined where it does not. */
  readonly crossMtf50: number | undefined;
  /** By the ratio of power spectra, less the noise of the flat area where one is given: detail of any phase counts. */
  readonly direct: MtfCurve;
  readonly directMtf50: number | undefined;
  /** Where the picture lies against the reference, pixels to the right and down; taken out before comparing. */
  readonly shiftPx: readonly [x: number, y: number];
}

const MIN_SEGMENT = 64;
const MAX_SEGMENT = 256;
/** Phases up to this frequency tell the shift: they do not wrap for shifts below 3 pixels. */
const SHIFT_FREQUENCY = 0.15;

const hanns = new Map<number, Float64Array>();

function hann(n: number): Float64Array {
  let window = hanns.get(n);
  if (window === undefined) {
    window = Float64Array.from({ length: n }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / n));
    hanns.set(n, window);
  }
  return window;
}

interface Spectrum {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** Spectrum of a square segment under a Hann window, its mean taken off. */
function spectrumOf({ width, data }: Plane, left: number, top: number, n: number): Spectrum {
  const window = hann(n);
  const re = new Float64Array(n * n);
  let [sum, weights] = [0, 0];
  for (let y = 0; y < n; y++) {
    for (let x = 0; x < n; x++) {
      const weight = window[x]! * window[y]!;
      sum += weight * data[(top + y) * width + left + x]!;
      weights += weight;
    }
  }
  const mean = sum / weights;
  for (let y = 0; y < n; y++) {
    for (let x = 0; x < n; x++) {
      re[y * n + x] = (data[(top + y) * width + left + x]! - mean) * window[x]! * window[y]!;
    }
  }
  const im = new Float64Array(n * n);
  fft2d(re, im, n);
  return { re, im };
}

/** Starts of segments that overlap by half. */
function starts(length: number, n: number): number[] {
  const count = Math.floor((length - n) / (n / 2)) + 1;
  return Array.from({ length: count }, (_, i) => (i * n) / 2);
}

/** Sum over the segments of what `visit` makes of both spectra at each frequency. */
function eachSegment(
  plane: Plane,
  truth: Plane,
  n: number,
  [dx, dy]: readonly [number, number],
  visit: (picture: Spectrum, reference: Spectrum) => void,
): number {
  let count = 0;
  for (const top of starts(truth.height, n)) {
    for (const left of starts(truth.width, n)) {
      const [x, y] = [left + dx, top + dy];
      if (x < 0 || y < 0 || x + n > plane.width || y + n > plane.height) continue;
      visit(spectrumOf(plane, x, y, n), spectrumOf(truth, left, top, n));
      count++;
    }
  }
  return count;
}

/** The shift in whole pixels at which the middles of both planes agree best, by their cross-correlation's peak. */
function wholeShift(plane: Plane, truth: Plane, n: number): [number, number] {
  const [left, top] = [(truth.width - n) >> 1, (truth.height - n) >> 1];
  const a = spectrumOf(plane, left, top, n);
  const b = spectrumOf(truth, left, top, n);
  // The conjugate, so that the forward transform gives the inverse.
  const re = a.re.map((value, i) => value * b.re[i]! + a.im[i]! * b.im[i]!);
  const im = a.im.map((value, i) => -(value * b.re[i]! - a.re[i]! * b.im[i]!));
  fft2d(re, im, n);
  let best = 0;
  for (let i = 1; i < re.length; i++) if (re[i]! > re[best]!) best = i;
  const signed = (value: number) => (value >= n / 2 ? value - n : value);
  return [signed(best % n), signed(Math.floor(best / n))];
}

/**
 * How much of a texture a picture keeps, against the picture of the chart itself: the cross method (intrinsic method,
 * Kirk, Herzer, Artmann and Kunz, "Description of texture loss using the dead leaves target", Proc. SPIE 9023, 2014;
 * ISO/TS 19567-2:2019) and the direct method (Cao, Guichard and Hornung, "Dead leaves model for measuring texture quality
 * on a digital camera", Proc. SPIE 7537, 2010) with the noise correction of McElvain et al. (Proc. SPIE 7537, 2010).
 * Spectra are averaged over half-overlapping segments under a Hann window and over rings of equal frequency. Both curves
 * are relative to the ratio of the mean levels, so an exposure that differs does not matter.
 *
 * @param image linear values of the picture
 * @param reference linear values of the chart as it would be drawn by a perfect camera, of the same size and framing; a
 *   shift of up to a quarter of the segment is found and taken out, rotation and scale are not
 * @throws {MeasureError} where sizes differ, a region is below 64 pixels a side, or the reference has no texture
 */
export function textureMtf(
  image: RgbImage,
  reference: RgbImage,
  { region, flat, luminanceWeights = REC709_LUMINANCE }: TextureOptions = {},
): TextureResponse {
  checkSameSize(image, reference);
  const part = (picture: RgbImage) => (region === undefined ? picture : crop(picture, region));
  const plane = luminanceOf(part(image), luminanceWeights);
  const truth = luminanceOf(part(reference), luminanceWeights);
  const side = Math.min(truth.width, truth.height, flat?.width ?? MAX_SEGMENT, flat?.height ?? MAX_SEGMENT);
  const n = 2 ** Math.floor(Math.log2(Math.min(MAX_SEGMENT, side)));
  if (!(n >= MIN_SEGMENT)) {
    throw new MeasureError(`texture needs ${MIN_SEGMENT} × ${MIN_SEGMENT} pixels or more.`, {
      field: 'region',
    });
  }
  const whole = wholeShift(plane, truth, n);
  const size = n * n;
  const [crossRe, crossIm] = [new Float64Array(size), new Float64Array(size)];
  const [power, truthPower] = [new Float64Array(size), new Float64Array(size)];
  const segments = eachSegment(plane, truth, n, whole, (a, b) => {
    for (let i = 0; i < size; i++) {
      crossRe[i]! += a.re[i]! * b.re[i]! + a.im[i]! * b.im[i]!;
      crossIm[i]! += a.im[i]! * b.re[i]! - a.re[i]! * b.im[i]!;
      power[i]! += a.re[i]! ** 2 + a.im[i]! ** 2;
      truthPower[i]! += b.re[i]! ** 2 + b.im[i]! ** 2;
    }
  });
  const mean = ({ data }: Plane) => data.reduce((a, b) => a + b, 0) / data.length;
  const gain = mean(plane) / mean(truth);
  if (segments === 0 || !truthPower.some((value) => value > 0) || !(gain > 0)) {
    throw new MeasureError('the reference has no texture there, or the picture is too far off it.', {
      field: 'region',
    });
  }
  const noise = new Float64Array(size);
  if (flat !== undefined) {
    checkRegion('flat', flat, image);
    const area = luminanceOf(crop(image, flat), luminanceWeights);
    const count = eachSegment(area, area, n, [0, 0], (a) => {
      for (let i = 0; i < size; i++) noise[i]! += a.re[i]! ** 2 + a.im[i]! ** 2;
    });
    for (let i = 0; i < size; i++) noise[i]! *= segments / count;
  }
  const frequency = (k: number) => (k < n / 2 ? k : k - n) / n;
  // What is left of the shift is the slope of the cross spectrum's phase.
  const rows: number[][] = [];
  const phases: number[] = [];
  const weights: number[] = [];
  for (let i = 1; i < size; i++) {
    const [fx, fy] = [frequency(i % n), frequency(Math.floor(i / n))];
    const radius = Math.hypot(fx, fy);
    if (radius > SHIFT_FREQUENCY || radius < 1.5 / n) continue;
    rows.push([-2 * Math.PI * fx, -2 * Math.PI * fy]);
    phases.push(Math.atan2(crossIm[i]!, crossRe[i]!));
    // Low frequencies hold most of the power and little of the slope.
    weights.push((Math.hypot(crossRe[i]!, crossIm[i]!) / truthPower[i]!) ** 2);
  }
  const [sx, sy] = (leastSquares(rows, phases, weights) ?? [0, 0]) as [number, number];
  const rings = n / 2;
  const sums = Array.from({ length: rings + 1 }, () => ({
    cross: 0,
    power: 0,
    truth: 0,
    frequency: 0,
    n: 0,
  }));
  for (let i = 1; i < size; i++) {
    const [fx, fy] = [frequency(i % n), frequency(Math.floor(i / n))];
    const radius = Math.hypot(fx, fy);
    const ring = sums[Math.round(radius * n)];
    if (ring === undefined) continue;
    const turn = 2 * Math.PI * (fx * sx + fy * sy);
    ring.cross += crossRe[i]! * Math.cos(turn) - crossIm[i]! * Math.sin(turn);
    ring.power += power[i]! - noise[i]!;
    ring.truth += truthPower[i]!;
    ring.frequency += radius;
    ring.n++;
  }
  // The first ring lies within the window's own main lobe.
  const used = sums.slice(2);
  const frequencies = [0, ...used.map((ring) => ring.frequency / ring.n)];
  const curve = (of: (ring: (typeof sums)[number]) => number): MtfCurve => ({
    frequencies,
    values: [1, ...used.map((ring) => of(ring) / gain)],
  });
  const cross = curve((ring) => ring.cross / ring.truth);
  const direct = curve((ring) => Math.sqrt(Math.max(0, ring.power) / ring.truth));
  return {
    cross,
    crossMtf50: crossing(cross, 0.5),
    direct,
    directMtf50: crossing(direct, 0.5),
    shiftPx: [whole[0] + sx, whole[1] + sy],
  };
}
