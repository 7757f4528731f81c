import type { Chromaticity, ColorCalibration, Matrix3, RawFrame } from '@photosite/raw';
import {
  apply,
  diagonal,
  IDENTITY,
  interpolate,
  inverse,
  multiply,
  normalised,
  type Vector3,
} from './matrix3.js';
import { adaptation, chromaticityOf, D50, D65, rgbToXyz, SRGB, xyzOf } from './spaces.js';
import { chromaticityOfTemperature, kelvinOfLightSource, temperatureOfChromaticity } from './temperature.js';

/** What of a frame the colour model needs. */
export type CameraColour = Pick<RawFrame, 'color' | 'asShotNeutral' | 'asShotWhite'>;

/** One calibration with its illuminant resolved. */
interface Calibration {
  readonly kelvin: number;
  readonly white: Chromaticity;
  readonly colorMatrix: Matrix3;
  readonly forwardMatrix: Matrix3 | undefined;
  readonly cameraCalibration: Matrix3;
  readonly source: ColorCalibration;
}

/** How calibrations are mixed for a white: weights that sum to 1. */
export interface CalibrationWeight {
  readonly calibration: ColorCalibration;
  readonly weight: number;
}

/**
 * The camera's colour by the DNG specification (1.6, chapter 6): XYZ to camera RGB and back for any scene white,
 * interpolated between the calibration illuminants.
 */
export class CameraModel {
  readonly #calibrations: readonly Calibration[];
  readonly #analogBalance: Matrix3;
  /** True where the file has no usable colour matrix and linear sRGB under D65 stands in. */
  readonly assumed: boolean;

  constructor(frame: CameraColour) {
    const usable = frame.color.calibrations.flatMap((source): Calibration[] => {
      if (source.colorMatrix === undefined || inverse(source.colorMatrix) === undefined) return [];
      const known = kelvinOfLightSource(source.illuminant);
      const white =
        source.whiteXy ?? (known === undefined ? D65 : chromaticityOfTemperature({ kelvin: known, tint: 0 }));
      const kelvin =
        source.whiteXy === undefined ? (known ?? 6504) : temperatureOfChromaticity(source.whiteXy).kelvin;
      return [
        {
          kelvin,
          white,
          colorMatrix: source.colorMatrix,
          forwardMatrix: source.forwardMatrix,
          cameraCalibration: source.cameraCalibration ?? IDENTITY,
          source,
        },
      ];
    });
    this.assumed = usable.length === 0;
    this.#calibrations = this.assumed
      ? [
          {
            kelvin: 6504,
            white: D65,
            colorMatrix: inverse(rgbToXyz(SRGB))!,
            forwardMatrix: undefined,
            cameraCalibration: IDENTITY,
            source: { illuminant: 21 },
          },
        ]
      : [...usable].sort((a, b) => a.kelvin - b.kelvin);
    const balance = frame.color.analogBalance;
    this.#analogBalance =
      balance?.length === 3 && balance.every((gain) => gain > 0)
        ? diagonal([balance[0]!, balance[1]!, balance[2]!])
        : IDENTITY;
  }

  /**
   * How much each calibration counts for a white. Two are mixed linearly in reciprocal temperature (DNG 1.6, chapter 6);
   * three by the inverse square of their distance in xy.
   */
  weights(white: Chromaticity): readonly CalibrationWeight[] {
    return this.#weights(white).map((weight, i) => ({ calibration: this.#calibrations[i]!.source, weight }));
  }

  #weights(white: Chromaticity): readonly number[] {
    const list = this.#calibrations;
    if (list.length === 1) return [1];
    if (list.length === 2) {
      const [warm, cool] = [list[0]!.kelvin, list[1]!.kelvin];
      if (warm === cool) return [1, 0];
      const kelvin = Math.min(Math.max(temperatureOfChromaticity(white).kelvin, warm), cool);
      const t = (1 / kelvin - 1 / warm) / (1 / cool - 1 / warm);
      return [1 - t, t];
    }
    const inverseSquares = list.map(
      ({ white: w }) => 1 / Math.max((w.x - white.x) ** 2 + (w.y - white.y) ** 2, 1e-10),
    );
    const sum = inverseSquares.reduce((a, b) => a + b, 0);
    return inverseSquares.map((w) => w / sum);
  }

  #mix(weights: readonly number[], pick: (calibration: Calibration) => Matrix3): Matrix3 {
    let sum = pick(this.#calibrations[0]!);
    let total = weights[0]!;
    for (let i = 1; i < weights.length; i++) {
      total += weights[i]!;
      if (total > 0) sum = interpolate(sum, pick(this.#calibrations[i]!), weights[i]! / total);
    }
    return sum;
  }

  /** The part of the camera that differs from the model's reference: analog balance times calibration. */
  #unit(weights: readonly number[]): Matrix3 {
    return multiply(
      this.#analogBalance,
      this.#mix(weights, (c) => c.cameraCalibration),
    );
  }

  /** XYZ to camera RGB under a scene white. */
  xyzToCamera(white: Chromaticity): Matrix3 {
    const weights = this.#weights(white);
    return multiply(
      this.#unit(weights),
      this.#mix(weights, (c) => c.colorMatrix),
    );
  }

  /** Camera RGB of a neutral under a scene white, its largest value 1. */
  neutralOf(white: Chromaticity): Vector3 {
    return normalised(apply(this.xyzToCamera(white), xyzOf(white)));
  }

  /**
   * The scene white whose neutral is this camera RGB: the fixed point of the specification's iteration; where it
   * oscillates between two values, their mean.
   */
  whiteOf(neutral: Vector3): Chromaticity {
    let last = D50;
    for (let pass = 0; pass < 30; pass++) {
      const back = inverse(this.xyzToCamera(last));
      if (back === undefined) break;
      const next = sane(chromaticityOf(apply(back, neutral)));
      if (Math.abs(next.x - last.x) + Math.abs(next.y - last.y) < 1e-7) return next;
      last = pass === 29 ? { x: (last.x + next.x) / 2, y: (last.y + next.y) / 2 } : next;
    }
    return last;
  }

  /**
   * White-balanced camera RGB (neutral = 1 1 1) to XYZ relative to D50: by the forward matrices where the file has
   * them, else by inverting the colour matrix and adapting the white by Bradford.
   */
  balancedToXyzD50(white: Chromaticity, neutral: Vector3): Matrix3 {
    const weights = this.#weights(white);
    const unit = inverse(this.#unit(weights)) ?? IDENTITY;
    if (this.#calibrations.every((c, i) => weights[i] === 0 || c.forwardMatrix !== undefined)) {
      const forward = this.#mix(weights, (c) => c.forwardMatrix ?? IDENTITY);
      const reference = apply(unit, neutral);
      return multiply(
        forward,
        diagonal([1 / reference[0], 1 / reference[1], 1 / reference[2]]),
        unit,
        diagonal(neutral),
      );
    }
    const back = inverse(this.xyzToCamera(white)) ?? IDENTITY;
    const matrix = multiply(adaptation(white, D50), back, diagonal(neutral));
    // Neutral must give D50 at luminance 1, whatever the colour matrix's own scale.
    const luminance = apply(matrix, [1, 1, 1])[1];
    return multiply(diagonal([1 / luminance, 1 / luminance, 1 / luminance]), matrix);
  }
}

function sane(white: Chromaticity): Chromaticity {
  return {
    x: Number.isFinite(white.x) ? Math.min(Math.max(white.x, 0.05), 0.8) : D50.x,
    y: Number.isFinite(white.y) ? Math.min(Math.max(white.y, 0.05), 0.8) : D50.y,
  };
}
