import { checkImage, inRange } from '../checks.js';
import { crop, type Rectangle } from '../crop.js';
import { leastSquares } from '../linearAlgebra.js';
import { MeasureError } from '../MeasureError.js';
import { channelOf, luminanceOf, type Plane, REC709_LUMINANCE } from '../Plane.js';
import type { RgbImage } from '../RgbImage.js';
import { crossing, valueAt } from './curve.js';

/** How an edge is measured. */
export interface SlantedEdgeOptions {
  /** Area of the picture that holds one straight edge; the whole picture where left out. */
  readonly region?: Rectangle;
  /** Order of the polynomial that the edge's course is fitted by, 1 (a straight line) to 5; 3 where left out. */
  readonly edgeOrder?: number;
  /** Weights of R, G and B in the luminance; those of Rec.709 where left out. */
  readonly luminanceWeights?: readonly number[];
}

/** A modulation transfer function. */
export interface MtfCurve {
  /** Cycles per pixel, ascending from 0. */
  readonly frequencies: readonly number[];
  /** Modulation at each frequency, 1 at frequency 0. */
  readonly values: readonly number[];
}

/** How one channel draws an edge. */
export interface EdgeResponse {
  readonly mtf: MtfCurve;
  /** Frequency in cycles per pixel where the MTF first falls to 0.5; undefined where it does not below 1. */
  readonly mtf50: number | undefined;
  /** The same for 0.1. */
  readonly mtf10: number | undefined;
  /** Modulation at 0.5 cycles per pixel. */
  readonly atNyquist: number;
  /** How far the edge spread function rises above the bright side, as a share of the step; 0 where it does not. */
  readonly overshoot: number;
  /** How far it falls below the dark side, as a share of the step. */
  readonly undershoot: number;
  /** Place of the channel's edge across the edge, relative to the luminance's, pixels: lateral chromatic aberration. */
  readonly shiftPx: number;
  /** The edge spread function. */
  readonly esf: {
    /** Distance from the edge in pixels, towards the bright side. */
    readonly positionsPx: readonly number[];
    readonly values: readonly number[];
  };
}

/** What a slanted edge tells. */
export interface SlantedEdge {
  /** Whether the edge runs nearly up and down or nearly left to right. */
  readonly orientation: 'vertical' | 'horizontal';
  /** Angle to the pixel grid in degrees, without sign. */
  readonly angleDegrees: number;
  /** Michelson contrast of the luminance: (bright − dark) / (bright + dark). */
  readonly contrast: number;
  /** How far the rows' edges are off the fitted course, root mean square, pixels. */
  readonly fitResidualPx: number;
  readonly red: EdgeResponse;
  readonly green: EdgeResponse;
  readonly blue: EdgeResponse;
  readonly luminance: EdgeResponse;
}

/** Bins per pixel of the supersampled edge (ISO 12233:2023, annex on e-SFR). */
const BINS_PER_PIXEL = 4;
/** Frequencies of the result: 0 to 1 cycle per pixel. */
const FREQUENCIES = Array.from({ length: 201 }, (_, i) => i / 200);
/** An edge of less contrast is not told from shading and flare. */
const MIN_CONTRAST = 0.1;
/** The step must stand out of the noise of single pixels by this factor. */
const MIN_STEP_TO_NOISE = 3;
/** Below, too few sub-pixel places are met; above, the two directions mix. */
const MIN_ANGLE_DEGREES = 1;
const MAX_ANGLE_DEGREES = 25;
/** Smallest area that an edge is read from. */
const MIN_SIDE = 16;
/** Share of the window on the line spread function that is tapered: enough is left flat for wide point spreads. */
const TAPER = 0.5;

/** The plane with rows and columns exchanged. */
function transpose({ width, height, data }: Plane): Plane {
  const out = new Float64Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) out[x * height + y] = data[y * width + x]!;
  }
  return { width: height, height: width, data: out };
}

/** Mean of squared differences over `step` pixels along x and along y. */
function gradientEnergies({ width, height, data }: Plane): [x: number, y: number] {
  const step = 2;
  let [alongX, alongY] = [0, 0];
  for (let y = 0; y + step < height; y++) {
    for (let x = 0; x + step < width; x++) {
      const i = y * width + x;
      alongX += (data[i + step]! - data[i]!) ** 2;
      alongY += (data[i + step * width]! - data[i]!) ** 2;
    }
  }
  return [alongX, alongY];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

/** Fits a polynomial in a normalised coordinate, twice: the second time without what is far off. */
class Course {
  private constructor(
    private readonly coefficients: readonly number[],
    private readonly height: number,
    readonly residual: number,
  ) {}

  /** @param places per row: where the edge is, or NaN where the row does not say */
  static fit(places: readonly number[], order: number): Course {
    const height = places.length;
    let kept = places.map((_, y) => y).filter((y) => Number.isFinite(places[y]!));
    for (let round = 0; ; round++) {
      if (kept.length < Math.max(MIN_SIDE / 2, order + 2, height / 2)) {
        throw new MeasureError(
          'no edge runs through all of the region; choose one with a single straight edge.',
          {
            field: 'region',
          },
        );
      }
      const rows = kept.map((y) => Course.basis(y, height, order));
      const coefficients = leastSquares(
        rows,
        kept.map((y) => places[y]!),
      )!;
      const course = new Course(coefficients, height, 0);
      const errors = kept.map((y) => Math.abs(course.at(y) - places[y]!));
      if (round === 2) {
        return new Course(
          coefficients,
          height,
          Math.sqrt(errors.reduce((a, e) => a + e * e, 0) / kept.length),
        );
      }
      const limit = Math.max(0.5, 4 * median(errors));
      kept = kept.filter((_, i) => errors[i]! <= limit);
    }
  }

  private static basis(y: number, height: number, order: number): number[] {
    const t = (2 * y) / (height - 1) - 1;
    return Array.from({ length: order + 1 }, (_, i) => t ** i);
  }

  /** Column of the edge in a row. */
  at(y: number): number {
    const t = (2 * y) / (this.height - 1) - 1;
    return this.coefficients.reduceRight((sum, c) => sum * t + c, 0);
  }

  /** Columns per row. */
  slope(y: number): number {
    const t = (2 * y) / (this.height - 1) - 1;
    let sum = 0;
    for (let i = this.coefficients.length - 1; i > 0; i--) sum = sum * t + i * this.coefficients[i]!;
    return (sum * 2) / (this.height - 1);
  }
}

/** Where a smoothed row first passes the middle between the two sides. */
function crossings(plane: Plane, dark: number, bright: number): number[] {
  const { width, height, data } = plane;
  const half = 2;
  const middle = (dark + bright) / 2;
  return Array.from({ length: height }, (_, y) => {
    const smooth = Array.from({ length: width - 2 * half }, (_, i) => {
      let sum = 0;
      for (let k = 0; k <= 2 * half; k++) sum += data[y * width + i + k]!;
      return sum / (2 * half + 1) - middle;
    });
    const found = smooth.findIndex((v, i) => i > 0 && smooth[i - 1]! < 0 && v >= 0);
    if (found < 0) return Number.NaN;
    const [a, b] = [smooth[found - 1]!, smooth[found]!];
    return half + found - 1 + a / (a - b);
  });
}

/** Centroid of each row's derivative under a Hann window around the course found so far. */
function centroids(plane: Plane, course: Course, reach: number): number[] {
  const { width, height, data } = plane;
  return Array.from({ length: height }, (_, y) => {
    const middle = course.at(y);
    let [sum, moment] = [0, 0];
    const first = Math.max(1, Math.ceil(middle - reach));
    const last = Math.min(width - 2, Math.floor(middle + reach));
    for (let x = first; x <= last; x++) {
      const weight = 0.5 + 0.5 * Math.cos((Math.PI * (x - middle)) / reach);
      const derivative = weight * (data[y * width + x + 1]! - data[y * width + x - 1]!);
      sum += derivative;
      moment += derivative * x;
    }
    const centroid = moment / sum;
    return Math.abs(centroid - middle) < reach ? centroid : Number.NaN;
  });
}

interface Sides {
  readonly dark: number;
  readonly bright: number;
  /** Standard deviation of single pixels on the noisier side, shading across the region taken out. */
  readonly noise: number;
}

/** The plane's levels left and right: means over the outer eighths of the columns. */
function sidesOf({ width, height, data }: Plane): Sides {
  const outer = Math.max(3, Math.floor(width / 8));
  const side = (from: number) => {
    let [sum, difference] = [0, 0];
    for (let y = 0; y < height; y++) {
      for (let x = from; x < from + outer; x++) sum += data[y * width + x]!;
      for (let x = from + 1; x < from + outer; x++) {
        difference += (data[y * width + x]! - data[y * width + x - 1]!) ** 2;
      }
    }
    // Differences of neighbours have twice the variance of one pixel and hold next to nothing of slow shading.
    return { mean: sum / (outer * height), noise: Math.sqrt(difference / (2 * (outer - 1) * height)) };
  };
  const [left, right] = [side(0), side(width - outer)];
  return { dark: left.mean, bright: right.mean, noise: Math.max(left.noise, right.noise) };
}

/** Left and right exchanged. */
function mirrored({ width, height, data }: Plane): Plane {
  const out = new Float64Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) out[y * width + x] = data[y * width + width - 1 - x]!;
  }
  return { width, height, data: out };
}

/** The supersampled edge spread function: means of bins a quarter of a pixel wide, by distance across the edge. */
function supersample(plane: Plane, course: Course): { start: number; values: number[] } {
  const { width, height, data } = plane;
  const rows = Array.from({ length: height }, (_, y) => {
    const cos = 1 / Math.hypot(1, course.slope(y));
    return { edge: course.at(y), cos };
  });
  const reachLeft = Math.min(...rows.map(({ edge, cos }) => edge * cos));
  const reachRight = Math.min(...rows.map(({ edge, cos }) => (width - 1 - edge) * cos));
  const firstBin = Math.ceil(-reachLeft * BINS_PER_PIXEL);
  const count = Math.floor(reachRight * BINS_PER_PIXEL) - firstBin;
  if (count < MIN_SIDE * BINS_PER_PIXEL || firstBin > (-MIN_SIDE / 4) * BINS_PER_PIXEL) {
    throw new MeasureError(
      'the edge is too near to the border; choose a region with the edge in its middle.',
      {
        field: 'region',
      },
    );
  }
  const sums = new Float64Array(count);
  const places = new Float64Array(count);
  const hits = new Float64Array(count);
  rows.forEach(({ edge, cos }, y) => {
    for (let x = 0; x < width; x++) {
      const at = (x - edge) * cos * BINS_PER_PIXEL - firstBin;
      const bin = Math.floor(at);
      if (bin < 0 || bin >= count) continue;
      sums[bin]! += data[y * width + x]!;
      places[bin]! += at - bin - 0.5;
      hits[bin]! += 1;
    }
  });
  const filled = Array.from(hits, (n, i) => (n > 0 ? i : -1)).filter((i) => i >= 0);
  if (filled.length < count * 0.7) {
    throw new MeasureError(
      'the edge is too short: its rows do not meet all sub-pixel places. Take more rows.',
      {
        field: 'region',
      },
    );
  }
  // Samples of a bin may lie to one side of its middle; the slope between neighbours brings them there.
  const at = filled.map((i) => i + places[i]! / hits[i]!);
  const means = filled.map((i) => sums[i]! / hits[i]!);
  const values = new Array<number>(count);
  let k = 0;
  for (let i = 0; i < count; i++) {
    while (k < at.length - 2 && at[k + 1]! < i) k++;
    const slope = (means[k + 1]! - means[k]!) / (at[k + 1]! - at[k]!);
    values[i] = means[k]! + slope * (i - at[k]!);
  }
  return { start: (firstBin + 0.5) / BINS_PER_PIXEL, values };
}

/** Tukey's window: flat in its middle, cosine flanks. */
function tukey(distance: number, half: number): number {
  const outside = (Math.abs(distance) / half - (1 - TAPER)) / TAPER;
  if (outside <= 0) return 1;
  return outside >= 1 ? 0 : 0.5 + 0.5 * Math.cos(Math.PI * outside);
}

function respond(
  plane: Plane,
  course: Course,
): Omit<EdgeResponse, 'shiftPx'> & { readonly centrePx: number } {
  const { start, values } = supersample(plane, course);
  const n = values.length;
  const spread = values.map((_, i) => (i === 0 || i === n - 1 ? 0 : (values[i + 1]! - values[i - 1]!) / 2));
  // The window sits on the line spread function's centroid, found around the course, which is at distance 0.
  const zero = -start * BINS_PER_PIXEL;
  let centre = zero;
  for (let round = 0; round < 3; round++) {
    const reach = Math.min(centre, n - 1 - centre) / 2;
    let [sum, moment] = [0, 0];
    spread.forEach((value, i) => {
      const weight = tukey(i - centre, reach) * value;
      sum += weight;
      moment += weight * i;
    });
    const next = moment / sum;
    if (!(Math.abs(next - zero) < reach)) break;
    centre = next;
  }
  const half = Math.min(centre, n - 1 - centre);
  const windowed = spread.map((value, i) => value * tukey(i - centre, half));
  const total = windowed.reduce((a, b) => a + b, 0);
  const mtf = FREQUENCIES.map((frequency) => {
    const turn = (2 * Math.PI * frequency) / BINS_PER_PIXEL;
    let [re, im] = [0, 0];
    windowed.forEach((value, i) => {
      re += value * Math.cos(turn * (i - centre));
      im += value * Math.sin(turn * (i - centre));
    });
    // The three-point difference has the response sin(turn)/turn (ISO 12233, derivative correction), the mean over a
    // bin that of a box, sin(turn/2)/(turn/2).
    const difference = turn === 0 ? 1 : turn / Math.sin(turn);
    const bin = turn === 0 ? 1 : turn / 2 / Math.sin(turn / 2);
    return (Math.hypot(re, im) / Math.abs(total)) * difference * bin;
  });
  const curve: MtfCurve = { frequencies: FREQUENCIES, values: mtf };
  const quarter = Math.max(2, Math.floor(n / 8));
  const mean = (part: readonly number[]) => part.reduce((a, b) => a + b, 0) / part.length;
  const [dark, bright] = [mean(values.slice(0, quarter)), mean(values.slice(-quarter))];
  const step = bright - dark;
  return {
    mtf: curve,
    mtf50: crossing(curve, 0.5),
    mtf10: crossing(curve, 0.1),
    atNyquist: valueAt(curve, 0.5),
    overshoot: Math.max(0, (Math.max(...values) - bright) / step),
    undershoot: Math.max(0, (dark - Math.min(...values)) / step),
    esf: { positionsPx: values.map((_, i) => start + i / BINS_PER_PIXEL), values },
    centrePx: start + centre / BINS_PER_PIXEL,
  };
}

/**
 * Modulation transfer function by a slanted edge, after the edge-based method (e-SFR) of ISO 12233:2017 and 2023: the
 * edge is found in each row to fractions of a pixel, its course fitted by a polynomial, all pixels are sorted by their
 * distance across the edge into bins of a quarter of a pixel, and the derivative of that edge spread function is windowed
 * and transformed. Corrected for the three-point derivative (as the standard does) and for the bins' width (which it does
 * not; 2.6 % at Nyquist). Differs from the standard also in that the transform is evaluated at multiples of 1/200 cycle
 * per pixel, and that the window is Tukey's with half of it flat, which spares wide point spreads.
 *
 * @param image linear values: an encoded picture must be linearised first, or contrast and MTF are wrong
 * @throws {MeasureError} where there is no edge across the region, its contrast is below 0.1 or hidden in noise, or its
 *   angle to the pixel grid is outside 1° to 25° (2° to 10° are best)
 */
export function slantedEdge(image: RgbImage, options: SlantedEdgeOptions = {}): SlantedEdge {
  const { region, edgeOrder = 3, luminanceWeights = REC709_LUMINANCE } = options;
  checkImage('image', image);
  inRange('edgeOrder', edgeOrder, 1, 5);
  const area = region === undefined ? image : crop(image, region);
  if (Math.min(area.width, area.height) < MIN_SIDE) {
    throw new MeasureError(`an edge needs at least ${MIN_SIDE} × ${MIN_SIDE} pixels.`, { field: 'region' });
  }
  const luminance = luminanceOf(area, luminanceWeights);
  const [alongX, alongY] = gradientEnergies(luminance);
  const vertical = alongX >= alongY;
  const upright = vertical ? luminance : transpose(luminance);
  const before = sidesOf(upright);
  const flip = before.dark > before.bright;
  const orient = (plane: Plane) => {
    const turned = vertical ? plane : transpose(plane);
    return flip ? mirrored(turned) : turned;
  };
  const plane = orient(luminance);
  const { dark, bright, noise } = sidesOf(plane);
  const contrast = (bright - dark) / (Math.abs(bright) + Math.abs(dark));
  if (!(contrast >= MIN_CONTRAST)) {
    throw new MeasureError(
      `the contrast of ${Number.isFinite(contrast) ? contrast.toFixed(3) : 0} is too low; an edge of ${MIN_CONTRAST} or more is needed.`,
      { field: 'region' },
    );
  }
  if (bright - dark < MIN_STEP_TO_NOISE * noise) {
    throw new MeasureError(
      'the edge does not stand out of the noise; average several frames or take a cleaner one.',
      {
        field: 'region',
      },
    );
  }
  let course = Course.fit(crossings(plane, dark, bright), 1);
  const angleDegrees = (Math.atan(Math.abs(course.slope(plane.height / 2))) * 180) / Math.PI;
  if (angleDegrees < MIN_ANGLE_DEGREES || angleDegrees > MAX_ANGLE_DEGREES) {
    throw new MeasureError(
      `the edge stands at ${angleDegrees.toFixed(1)}° to the pixel grid; ${MIN_ANGLE_DEGREES}° to ${MAX_ANGLE_DEGREES}° are measurable, 2° to 10° are best.`,
      { field: 'region' },
    );
  }
  // Reach of the centroid window: wide enough for soft edges, away from the noise far off.
  const reach = Math.max(6, Math.min(plane.width / 4, 24));
  for (let round = 0; round < 3; round++) {
    course = Course.fit(centroids(plane, course, reach), round === 0 ? 1 : edgeOrder);
  }
  const measured = respond(plane, course);
  const channel = (index: number) => {
    const { centrePx, ...response } = respond(orient(channelOf(area, index)), course);
    return { ...response, shiftPx: centrePx - measured.centrePx };
  };
  const { centrePx: _, ...response } = measured;
  return {
    orientation: vertical ? 'vertical' : 'horizontal',
    angleDegrees: (Math.atan(Math.abs(course.slope(plane.height / 2))) * 180) / Math.PI,
    contrast,
    fitResidualPx: course.residual,
    red: channel(0),
    green: channel(1),
    blue: channel(2),
    luminance: { ...response, shiftPx: 0 },
  };
}
