import { positive } from '../checks.js';

/** Middle of the visible spectrum, near the eye's greatest sensitivity; what is taken where no wavelength is given. */
export const GREEN_NM = 550;

/** First zero of the Airy pattern in units of λ N: the first zero of J₁(x) over π, times 2 for the diameter. */
const AIRY_DIAMETER = (2 * 3.8317059702075125) / Math.PI;

/**
 * Diameter, µm, of the Airy disc to its first dark ring: 2.44 λ N (Hecht, Optics, 10.2.5).
 * @param fNumber working f-number
 */
export function airyDiscUm(fNumber: number, wavelengthNm = GREEN_NM): number {
  return (AIRY_DIAMETER * positive('wavelengthNm', wavelengthNm) * positive('fNumber', fNumber)) / 1000;
}

/** Spatial frequency, cycles per mm, from which on no contrast is left: 1 / (λ N) (Goodman, Fourier Optics, ch. 6). */
export function diffractionCutoffPerMm(fNumber: number, wavelengthNm = GREEN_NM): number {
  return 1e6 / (positive('wavelengthNm', wavelengthNm) * positive('fNumber', fNumber));
}

/**
 * Contrast that a perfect lens with a circular aperture leaves in incoherent light, in [0,1]: the autocorrelation of a
 * disc, 2/π (acos x − x √(1 − x²)) with x = frequency over cut-off (Goodman, Fourier Optics, ch. 6).
 * @param frequencyPerMm cycles per mm on the sensor, 0 or more
 */
export function circularApertureMtf(
  frequencyPerMm: number,
  fNumber: number,
  wavelengthNm = GREEN_NM,
): number {
  const frequency = frequencyPerMm === 0 ? 0 : positive('frequencyPerMm', frequencyPerMm);
  const x = frequency / diffractionCutoffPerMm(fNumber, wavelengthNm);
  if (x >= 1) return 0;
  return (2 / Math.PI) * (Math.acos(x) - x * Math.sqrt(1 - x * x));
}

/**
 * f-number at which the Airy disc covers `pixels` pixels: beyond it, single pixels show diffraction. It comes on
 * gradually; this is a mark, no threshold of nature.
 * @param pitchUm distance of two pixels (of the binned ones, where the sensor bins)
 */
export function diffractionLimitFNumber(pitchUm: number, wavelengthNm = GREEN_NM, pixels = 2): number {
  return (positive('pixels', pixels) * positive('pitchUm', pitchUm)) / airyDiscUm(1, wavelengthNm);
}
