import { EngineError } from '../EngineError.js';
import type {
  LensCorrection,
  LensWarp,
  RadialFactor,
  Vignetting,
} from '../stages/lens-geometry/LensCorrection.js';
import {
  type DistortionCalibration,
  type LateralColourCalibration,
  type RadialMap,
  readCalibration,
  type VignettingCalibration,
} from './calibration.js';
import type { LensEntry } from './LensDatabase.js';

/** How a picture was taken, and where it lies on the active area. */
export interface LensShot {
  /** The nominal focal length, as Exif says it. */
  readonly focalLengthMm: number;
  /** Without it vignetting is left as it is: it changes with the aperture. */
  readonly fNumber?: number | undefined;
  /** Far away where it is not known. */
  readonly distanceM?: number | undefined;
  /** Of the camera: 43.27 mm over the diagonal of the picture on the sensor. */
  readonly cropFactor: number;
  /** The picture as the camera means it (DefaultCrop), in pixels of the active area. */
  readonly picture: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
}

/** Half the diagonal of 36 × 24 mm. */
const HALF_DIAGONAL_MM = Math.hypot(36, 24) / 2;
/** A focal length may lie outside of those that were measured by this factor: Exif rounds, and zooms end elsewhere. */
const FOCAL_TOLERANCE = 1.1;
/** Radii that a correction is tabulated at, to a little beyond the picture's corner, where warped pictures reach. */
const TABLE_STEPS = 128;
const TABLE_RADIUS = 1.25;

/** Two values that a place lies between, and the share of the second. */
interface Between<T> {
  readonly a: T;
  readonly b: T;
  readonly share: number;
}

/** Where a place lies among items sorted by rising keys: the nearest one beyond the ends; undefined for no items. */
function between<T>(items: readonly T[], keyOf: (item: T) => number, at: number): Between<T> | undefined {
  const upper = items.findIndex((item) => keyOf(item) >= at);
  const last = items.at(-1);
  if (last === undefined) return undefined;
  if (upper < 0) return { a: last, b: last, share: 0 };
  const b = items[upper]!;
  if (upper === 0) return { a: b, b, share: 0 };
  const a = items[upper - 1]!;
  return { a, b, share: (at - keyOf(a)) / (keyOf(b) - keyOf(a)) };
}

/**
 * Neighbours in focal length, mixed linearly in its reciprocal: of focal length, its logarithm and its reciprocal that
 * one predicts the database's own distortions best where they are left out.
 */
function betweenFocals<T extends { readonly focalLengthMm: number }>(
  items: readonly T[],
  focalLengthMm: number,
): Between<T> | undefined {
  const [first, last] = [items[0]?.focalLengthMm ?? 0, items.at(-1)?.focalLengthMm ?? 0];
  if (focalLengthMm * FOCAL_TOLERANCE < first || focalLengthMm > last * FOCAL_TOLERANCE) return undefined;
  return between(items, (item) => -1 / item.focalLengthMm, -1 / focalLengthMm);
}

function mixed<T>(place: Between<T> | undefined, pick: (item: T) => RadialMap): RadialMap | undefined {
  if (place === undefined) return undefined;
  const [a, b] = [pick(place.a), pick(place.b)];
  return (r) => a(r) + (b(r) - a(r)) * place.share;
}

type Coefficients = VignettingCalibration['coefficients'];

function mixedCoefficients({ a, b, share }: Between<Coefficients>): Coefficients {
  const at = (i: 0 | 1 | 2): number => a[i] + (b[i] - a[i]) * share;
  return [at(0), at(1), at(2)];
}

/** Groups by a key, in the order of rising keys. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => number): [key: number, items: readonly T[]][] {
  const groups = new Map<number, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return [...groups].sort(([a], [b]) => a - b);
}

/** One axis after the other: distance in its reciprocal, aperture in its diameter, focal length as above. */
function vignettingAt(
  list: readonly VignettingCalibration[],
  focalLengthMm: number,
  fNumber: number,
  distanceM: number,
): Coefficients | undefined {
  const axis = <T>(
    items: readonly T[],
    keyOf: (item: T) => number,
    at: number,
    ofGroup: (group: readonly T[]) => Coefficients,
  ): Coefficients => {
    const groups = grouped(items, keyOf);
    const { a, b, share } = between(groups, ([key]) => key, at)!;
    return mixedCoefficients({ a: ofGroup(a[1]), b: ofGroup(b[1]), share });
  };
  const focals = grouped(list, (item) => item.focalLengthMm).map(([focal, items]) => ({
    focalLengthMm: focal,
    items,
  }));
  const place = betweenFocals(focals, focalLengthMm);
  if (place === undefined) return undefined;
  const ofFocal = ({ items }: (typeof focals)[number]): Coefficients =>
    axis(
      items,
      (item) => -1 / item.fNumber,
      -1 / fNumber,
      (sameAperture) =>
        axis(
          sameAperture,
          (item) => -1 / item.distanceM,
          -1 / distanceM,
          (same) => same[0]!.coefficients,
        ),
    );
  return mixedCoefficients({ a: ofFocal(place.a), b: ofFocal(place.b), share: place.share });
}

function checked(field: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value;
  throw new EngineError(`a lens correction's ${field} is ${value}; it must be a number above 0.`);
}

/** True where a map rises all the way to a radius: else two places of the scene would come from one. */
function rises(map: RadialMap, radius: number): boolean {
  let last = 0;
  for (let i = 1; i <= TABLE_STEPS; i++) {
    const value = map((radius * i) / TABLE_STEPS);
    if (!(value > last)) return false;
    last = value;
  }
  return true;
}

/** Sampled to where the map still rises; radii beyond keep the last factor. */
function tabulated(map: RadialMap, unit: number): RadialFactor {
  const factors: number[] = [];
  let last = 0;
  let folded = false;
  for (let i = 0; i <= TABLE_STEPS; i++) {
    // The factor at the centre is the slope there.
    const radius = Math.max((TABLE_RADIUS * i) / TABLE_STEPS, 1e-6);
    const recorded = map(radius * unit) / unit;
    folded ||= !(recorded > last);
    factors.push(folded ? factors.at(-1)! : recorded / radius);
    last = recorded;
  }
  return { kind: 'table', maxRadius: TABLE_RADIUS, factors };
}

const same: RadialMap = (r) => r;

/**
 * What a lens of the database did to a picture. Radii of distortion are in halves of the shorter side, those of
 * vignetting in halves of the diagonal, both of the sensor that the lens was measured with (lensfun's manual, "How the
 * corrections work"); so the same lens on a smaller sensor uses the inner part of its curves. Distortion maps corrected
 * to recorded radii, lateral colour maps green's recorded radius to red's and blue's.
 *
 * @returns undefined where nothing was measured near this focal length, or the curve folds inside of the picture
 * @throws {EngineError} for a focal length, f-number, distance, crop factor or size that is not above 0
 */
export function lensCorrection(entry: LensEntry, shot: LensShot): LensCorrection | undefined {
  const focalLengthMm = checked('focalLengthMm', shot.focalLengthMm);
  const cropFactor = checked('cropFactor', shot.cropFactor);
  const { left, top } = shot.picture;
  const width = checked('picture.width', shot.picture.width);
  const height = checked('picture.height', shot.picture.height);
  const center = [left + width / 2, top + height / 2] as const;
  const radiusPx = Math.hypot(width, height) / 2;
  const calibration = readCalibration(entry.calibration);

  const halfDiagonalMm = HALF_DIAGONAL_MM / cropFactor;
  const halfShortMm = HALF_DIAGONAL_MM / entry.cropFactor / Math.hypot(1, entry.aspect);
  /** The picture's corner in the models' unit. */
  const unit = halfDiagonalMm / halfShortMm;

  const distortion = mixed(
    betweenFocals(calibration.distortion, focalLengthMm),
    ({ map }: DistortionCalibration) => map,
  );
  const lateral = betweenFocals(calibration.lateralColour, focalLengthMm);
  const green = distortion !== undefined && rises(distortion, unit) ? distortion : same;
  const channel = (pick: (item: LateralColourCalibration) => RadialMap): RadialMap => {
    const fromGreen = mixed(lateral, pick);
    if (fromGreen === undefined) return green;
    const whole: RadialMap = (r) => fromGreen(green(r));
    return rises(whole, unit) ? whole : green;
  };
  const maps = [channel(({ red }) => red), green, channel(({ blue }) => blue)] as const;
  const warps: LensWarp[] = [];
  if (maps.some((map) => map !== same)) {
    const [red, middle, blue] = maps.map((map) => ({
      radial: tabulated(map, unit),
      tangential: [0, 0] as const,
    })) as unknown as LensWarp['channels'];
    warps.push({ center, radiusPx, channels: [red, middle, blue] });
  }

  const coefficients =
    shot.fNumber === undefined
      ? undefined
      : vignettingAt(
          calibration.vignetting,
          focalLengthMm,
          checked('fNumber', shot.fNumber),
          shot.distanceM === undefined ? Infinity : checked('distanceM', shot.distanceM),
        );
  const vignetting: Vignetting[] = [];
  if (coefficients !== undefined) {
    const corner = (radiusPx * cropFactor) / entry.cropFactor;
    if (keepsLight(coefficients, radiusPx / corner))
      vignetting.push({ center, radiusPx: corner, coefficients, reciprocal: true });
  }
  return warps.length === 0 && vignetting.length === 0 ? undefined : { warps, vignetting };
}

/** Less light than this at a corner is a fit that went astray, or an image circle that ends there: gain 16. */
const LEAST_LIGHT = 1 / 16;

function keepsLight([k1, k2, k3]: Coefficients, radius: number): boolean {
  for (let i = 1; i <= 32; i++) {
    const square = ((radius * i) / 32) ** 2;
    if (!(1 + square * (k1 + square * (k2 + square * k3)) >= LEAST_LIGHT)) return false;
  }
  return true;
}
