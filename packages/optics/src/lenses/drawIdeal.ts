import { inRange, positive } from '../checks.js';
import { OpticsError } from '../OpticsError.js';
import { ASSUMED_CHANNELS, type ChannelLight, type Channels, normalisedChannel } from './ChannelLight.js';
import { byVergence, MAX_PSF_SIZE, NEAREST_M, radialTable, withVeil } from './drawingTables.js';
import type { LensDrawing } from './LensDrawing.js';
import { blurRadiusUm, type PerfectPupil, perfectPsf } from './perfectPsf.js';

/** A lens without aberrations, as numbers. */
export interface IdealLens {
  readonly name?: string;
  readonly focalLengthMm: number;
  /** At infinity. */
  readonly fNumber: number;
  /** From the lens; Infinity is allowed. */
  readonly focusDistanceM: number;
  /** From the image centre to the sensor's corner, mm: how far the tables go. */
  readonly imageRadiusMm: number;
  /** Distances of points, m, in any order; by default {@link blurSpacedDepths}. */
  readonly depthsM?: readonly number[];
  /** Odd number of samples across a point spread function; 129 by default. */
  readonly size?: number;
  readonly channels?: Channels;
  /** How much of the cosine-fourth law applies: 0 none, 1 (default) all of it. */
  readonly cosineFourthShare?: number;
  /**
   * k1, k2, k3 of r' = r (1 + k1 ρ² + k2 ρ⁴ + k3 ρ⁶), ρ = r / imageRadiusMm: the radial terms of DNG's WarpRectilinear with
   * its first one at 1. Without: none.
   */
  readonly distortion?: readonly [number, number, number];
  /** Relative magnification of R and B against G, as lateral colour; [0, 0] by default. */
  readonly lateralColour?: readonly [number, number];
  /** Radius of a central obstruction as a share of the pupil's (mirror lenses); 0 by default. */
  readonly obstruction?: number;
}

/** Optical path error of defocus at the edge of a thin lens's pupil, µm: D²/8 times the difference of the vergences. */
export function thinLensDefocusUm(
  focalLengthMm: number,
  fNumber: number,
  focusDistanceM: number,
  depthM: number,
): number {
  const diameterMm = focalLengthMm / fNumber;
  // mm² per m is µm.
  return (diameterMm * diameterMm * (1 / depthM - 1 / focusDistanceM)) / 8;
}

/** What a table of depths has to show. */
export interface DepthSpacing {
  /** Nearest point, m; 0.25 where it is left out. */
  readonly nearestM?: number;
  /** Radius of the smallest blur that counts, µm; two Airy radii at 550 nm where it is left out. */
  readonly firstBlurUm?: number;
  /** By how much the blur of one depth exceeds that of the one before; 2 where it is left out. */
  readonly growth?: number;
}

/**
 * Depths at which a lens's blur grows step by step on both sides of the focus, from Infinity to the nearest point, with both
 * ends and the focus: a table over them shows every blur between by interpolation.
 * @throws {OpticsError} for numbers that are not possible
 */
export function blurSpacedDepths(
  focalLengthMm: number,
  fNumber: number,
  focusDistanceM: number,
  { nearestM = 0.25, firstBlurUm = 2 * 1.22 * 0.55 * fNumber, growth = 2 }: DepthSpacing = {},
): number[] {
  inRange('nearestM', nearestM, NEAREST_M, Number.MAX_VALUE);
  positive('firstBlurUm', firstBlurUm);
  inRange('growth', growth, 1.1, 100);
  const focus = 1 / focusDistanceM;
  const nearest = Math.max(1 / nearestM, focus);
  // Blur radius 4 N W020 with W020 = D² Δ / 8, Δ the difference of the vergences.
  const vergencePerUm = (2 * fNumber) / (focalLengthMm * focalLengthMm);
  const vergences = [0, focus, nearest];
  // Half a step before an end is as good as the end.
  for (let step = firstBlurUm * vergencePerUm; step < focus + nearest; step *= growth) {
    if (focus + 1.5 * step < nearest) vergences.push(focus + step);
    if (focus - 1.5 * step > 0) vergences.push(focus - step);
  }
  return byVergence(vergences.map((vergence) => 1 / vergence));
}

/** How many times finer than a table's step its samples are averaged from, where it does not resolve everything. */
const FINER = 4;

/** Cubic (Catmull-Rom) between the samples of a function of the radius, which is even. */
function atRadius(values: Float64Array, place: number): number {
  const k = Math.floor(place);
  const t = place - k;
  const [before, a, b, after] = [values[Math.abs(k - 1)], values[k], values[k + 1], values[k + 2]];
  const value =
    a +
    0.5 * t * (b - before + t * (2 * before - 5 * a + 4 * b - after + t * (3 * (a - b) + after - before)));
  // The cubic swings a little below 0 beside a dark ring; light does not.
  return Math.max(0, value);
}

/**
 * A perfect point spread function as samples of the sum 1. Where the step resolves all of it (λN/2), these are its values,
 * else the averages over the samples' squares.
 */
function perfectTable(
  pupil: PerfectPupil,
  channel: ChannelLight,
  size: number,
): { stepUm: number; data: Float64Array } {
  const half = (size - 1) / 2;
  const shortestUm = Math.min(...channel.wavelengthsNm) / 1000;
  const cutoffUm = shortestUm * pupil.workingFNumber;
  const stepUm = Math.max(cutoffUm / 4, (1.05 * blurRadiusUm(pupil) + 4 * cutoffUm) / half);
  const finer = stepUm <= cutoffUm / 2 ? 1 : FINER;
  const radial = perfectPsf(pupil, channel, stepUm * (half + 2) * Math.SQRT2, stepUm / (2 * finer));
  const data = new Float64Array(size * size);
  const scale = (stepUm / finer) ** 2;
  for (let y = 0; y <= half; y++) {
    for (let x = y; x <= half; x++) {
      let value = 0;
      for (let j = 0; j < finer; j++) {
        const dy = y + (j + 0.5) / finer - 0.5;
        for (let i = 0; i < finer; i++) {
          value += atRadius(radial.perUm2, Math.hypot(x + (i + 0.5) / finer - 0.5, dy) * 2 * finer);
        }
      }
      // One eighth of the square is computed, the rest mirrored.
      for (const row of [half - y, half + y]) {
        for (const column of [half - x, half + x]) {
          data[row * size + column] = value * scale;
          data[column * size + row] = value * scale;
        }
      }
    }
  }
  return { stepUm, data: withVeil(data) };
}

/**
 * What a perfect lens draws: diffraction at its aperture, the defocus of every depth, the cosine law, and a distortion by
 * formula. Its point spread functions are the same all over the field, so their table has one radius.
 * @throws {OpticsError} for numbers that are not possible
 */
export function drawIdeal(lens: IdealLens): LensDrawing {
  const focalLengthMm = inRange('focalLengthMm', lens.focalLengthMm, 0.1, 10_000);
  const fNumber = inRange('fNumber', lens.fNumber, 0.5, 1000);
  const { focusDistanceM } = lens;
  // Closer than twice the focal length a lens magnifies; at the focal length its image is nowhere.
  if (focusDistanceM !== Infinity)
    inRange('focusDistanceM', focusDistanceM, (1.01 * focalLengthMm) / 1000, Number.MAX_VALUE);
  const imageRadiusMm = positive('imageRadiusMm', lens.imageRadiusMm);
  const size = inRange('size', lens.size ?? 129, 9, MAX_PSF_SIZE);
  if (size % 2 !== 1) throw new OpticsError(`${size} is not possible; it has to be odd.`, { field: 'size' });
  const share = inRange('cosineFourthShare', lens.cosineFourthShare ?? 1, 0, 1);
  const [k1, k2, k3] = lens.distortion ?? [0, 0, 0];
  for (const [i, k] of [k1, k2, k3].entries()) inRange(`distortion[${i}]`, k, -1, 1);
  const [red, blue] = lens.lateralColour ?? [0, 0];
  for (const [i, k] of [red, blue].entries()) inRange(`lateralColour[${i}]`, k, -0.1, 0.1);
  const channels = (lens.channels ?? ASSUMED_CHANNELS).map((channel, i) =>
    normalisedChannel(`channels[${i}]`, channel),
  );
  const imageDistanceMm = focalLengthMm / (1 - focalLengthMm / (1000 * focusDistanceM));
  const workingFNumber = (fNumber * imageDistanceMm) / focalLengthMm;
  const depthsM = byVergence(lens.depthsM ?? blurSpacedDepths(focalLengthMm, fNumber, focusDistanceM));

  const stepsUm = new Float64Array(depthsM.length * 3);
  const data = new Float32Array(depthsM.length * 3 * size * size);
  for (const [d, depthM] of depthsM.entries()) {
    const pupil = {
      workingFNumber,
      defocusUm: thinLensDefocusUm(focalLengthMm, fNumber, focusDistanceM, depthM),
      obstruction: lens.obstruction ?? 0,
    };
    for (const [c, channel] of channels.entries()) {
      const entry = d * 3 + c;
      const table = perfectTable(pupil, channel, size);
      stepsUm[entry] = table.stepUm;
      data.set(table.data, entry * size * size);
    }
  }

  const distorted = (magnification: number) =>
    radialTable(imageRadiusMm, (r) => {
      const t = (r / imageRadiusMm) ** 2;
      return r * (1 + t * (k1 + t * (k2 + t * k3))) * (1 + magnification);
    });
  return {
    name: lens.name ?? `ideal ${focalLengthMm} mm f/${fNumber}`,
    focalLengthMm,
    workingFNumber,
    focusDistanceM,
    imageDistanceMm,
    distortion: [distorted(red), distorted(0), distorted(blue)],
    illumination: radialTable(
      imageRadiusMm,
      (r) => 1 - share + share / (1 + (r / imageDistanceMm) ** 2) ** 2,
    ),
    psfs: { radiiMm: [0], depthsM, size, stepsUm, data },
  };
}
