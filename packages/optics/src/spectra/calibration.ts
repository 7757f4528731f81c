import type { ColorCalibration, Matrix3 } from '@photosite/raw';
import { adaptation, D50_XYZ } from './adaptation.js';
import { illuminantRgb } from './cameraRgb.js';
import { solveColorMatrix } from './colorMatrix.js';
import { correlatedColorTemperature, ILLUMINANTS } from './illuminants.js';
import type { Xyz } from './integrate.js';
import { apply, diagonal, inverse, multiply } from './matrix3.js';
import type { Spectrum } from './Spectrum.js';
import type { Sensitivities } from './sensitivities.js';

/** A calibration as a DNG holds it, both matrices present. */
export type SolvedCalibration = ColorCalibration & {
  readonly colorMatrix: Matrix3;
  readonly forwardMatrix: Matrix3;
};

/** Exif LightSource of standard light A, and its temperature that DNG 1.6 interpolates with. */
const LIGHT_A = { code: 17, kelvin: 2856 } as const;
/** The same of D65. */
const LIGHT_D65 = { code: 21, kelvin: 6504 } as const;

const solved = new WeakMap<Sensitivities, readonly [SolvedCalibration, SolvedCalibration]>();

/**
 * The two calibrations of a camera as its DNG files hold them, by {@link solveColorMatrix}: standard light A (Exif
 * LightSource 17), then D65 (21). Solved once for each camera, in some 50 ms.
 */
export function cameraCalibrations(
  sensitivities: Sensitivities,
): readonly [SolvedCalibration, SolvedCalibration] {
  let calibrations = solved.get(sensitivities);
  if (calibrations === undefined) {
    calibrations = [
      { illuminant: LIGHT_A.code, ...solveColorMatrix(sensitivities, ILLUMINANTS.A!.spectrum) },
      { illuminant: LIGHT_D65.code, ...solveColorMatrix(sensitivities, ILLUMINANTS.D65!.spectrum) },
    ];
    solved.set(sensitivities, calibrations);
  }
  return calibrations;
}

function mixed(a: Matrix3, b: Matrix3, share: number): Matrix3 {
  return a.map((value, i) => value + (b[i]! - value) * share) as unknown as Matrix3;
}

/**
 * How much the D65 calibration counts for a light whose white the camera sees as `neutral`: the matrices are interpolated
 * linearly in reciprocal temperature, and the temperature is that of the neutral by the interpolated ColorMatrix (DNG 1.6,
 * chapter 6, "Translating Camera Neutral Coordinates to White Balance xy Coordinates").
 */
function shareOfD65(
  [warm, cool]: readonly [SolvedCalibration, SolvedCalibration],
  neutral: readonly [number, number, number],
): number {
  const shareAt = (xyz: Xyz): number => {
    const kelvin = Math.min(Math.max(correlatedColorTemperature(xyz), LIGHT_A.kelvin), LIGHT_D65.kelvin);
    return (1 / kelvin - 1 / LIGHT_A.kelvin) / (1 / LIGHT_D65.kelvin - 1 / LIGHT_A.kelvin);
  };
  let share = shareAt(D50_XYZ);
  for (let pass = 0; pass < 30; pass++) {
    const next = shareAt(apply(inverse(mixed(warm.colorMatrix, cool.colorMatrix, share)), neutral));
    if (Math.abs(next - share) < 1e-7) return next;
    // Where two values take turns, their mean is the fixed point that readers settle on.
    share = pass === 29 ? (share + next) / 2 : next;
  }
  return share;
}

/** Linear Rec.709 to XYZ relative to its white, D65 at x 0.3127, y 0.3290 (ITU-R BT.709-6), adapted to D50. */
const REC709_TO_D50: Matrix3 = (() => {
  const xyz = (x: number, y: number): Xyz => [x / y, 1, (1 - x - y) / y];
  const [r, g, b] = [xyz(0.64, 0.33), xyz(0.3, 0.6), xyz(0.15, 0.06)];
  const white = xyz(0.3127, 0.329);
  const primaries: Matrix3 = [r[0], g[0], b[0], r[1], g[1], b[1], r[2], g[2], b[2]];
  const toXyz = multiply(primaries, diagonal(apply(inverse(primaries), white)));
  return multiply(adaptation(white, D50_XYZ), toXyz);
})();

/**
 * Linear Rec.709 to camera RGB relative to white's greatest channel: what the camera would have recorded of a surface of
 * that colour under the light.
 *
 * A colour has no spectrum, so the camera's response to it is not determined. Taken is the response that the camera's own
 * calibrations ({@link cameraCalibrations}) translate back into exactly this colour: the inverse of the way that a DNG
 * reader goes, `diag(neutral) · ForwardMatrix⁻¹ · (Rec.709 → XYZ D50)`. Since the forward matrix is fitted to measured
 * reflectances, that is also about the mean response to natural surfaces of the colour. (1,1,1) gives the camera RGB of a
 * white diffuser, {@link illuminantRgb}, exactly. Under D65 the scene is taken as it is; under another light its colours
 * are taken for surfaces that look the same to an eye adapted to that light, and the camera sees the light's own cast.
 * @param illuminant relative spectral power of the light on the scene
 */
export function rgbToCameraMatrix(sensitivities: Sensitivities, illuminant: Spectrum): Matrix3 {
  const calibrations = cameraCalibrations(sensitivities);
  const neutral = illuminantRgb(illuminant, sensitivities);
  const forward = mixed(
    calibrations[0].forwardMatrix,
    calibrations[1].forwardMatrix,
    shareOfD65(calibrations, neutral),
  );
  return multiply(diagonal(neutral), inverse(forward), REC709_TO_D50);
}
