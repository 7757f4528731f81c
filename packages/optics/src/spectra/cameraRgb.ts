import { OpticsError } from '../OpticsError.js';
import { integrate } from './integrate.js';
import { type Spectrum, WAVELENGTHS_NM } from './Spectrum.js';
import type { Sensitivities } from './sensitivities.js';

/** Linear values of the three kinds of photosites. */
export type CameraRgb = readonly [red: number, green: number, blue: number];

/** Responses of the three channels to a light, in the sensitivities' own scale. */
function responses(spectra: readonly Spectrum[], { red, green, blue }: Sensitivities): CameraRgb {
  return [integrate(...spectra, red), integrate(...spectra, green), integrate(...spectra, blue)];
}

/**
 * Raw response to a light, its greatest channel 1: the camera RGB of a perfect white diffuser, which is what DNG's
 * AsShotNeutral holds for a picture taken under that light.
 * @throws {OpticsError} for a light that no channel sees
 */
export function illuminantRgb(illuminant: Spectrum, sensitivities: Sensitivities): CameraRgb {
  const [r, g, b] = responses([illuminant], sensitivities);
  const top = Math.max(r, g, b);
  if (!(top > 0))
    throw new OpticsError('no channel of the camera sees this light; choose another one.', {
      field: 'illuminant',
    });
  return [r / top, g / top, b / top];
}

/**
 * Raw response to a surface under a light, not white-balanced: relative to the greatest channel of a perfect white
 * diffuser under the same light, so that white itself gives {@link illuminantRgb}.
 * @param reflectance 1 = perfect white diffuser; above 1 shines by itself
 */
export function cameraRgbOf(
  reflectance: Spectrum,
  illuminant: Spectrum,
  sensitivities: Sensitivities,
): CameraRgb {
  const top = Math.max(...responses([illuminant], sensitivities));
  const [r, g, b] = responses([reflectance, illuminant], sensitivities);
  return [r / top, g / top, b / top];
}

/**
 * Electrons per photon at each wavelength for the three kinds of photosites. Sensitivities are measured per energy; a
 * photon's energy goes with 1/λ, so they are divided by the wavelength and scaled so that the greatest value is the peak.
 * @param peakQuantumEfficiency electrons per photon at the most sensitive wavelength of the most sensitive channel
 */
export function quantumEfficiencies(
  { red, green, blue }: Sensitivities,
  peakQuantumEfficiency: number,
): readonly [red: Spectrum, green: Spectrum, blue: Spectrum] {
  const perPhoton = [red, green, blue].map((channel) => channel.map((s, i) => s / WAVELENGTHS_NM[i]!));
  const scale = peakQuantumEfficiency / Math.max(...perPhoton.flat());
  const [r, g, b] = perPhoton.map((channel) => channel.map((s) => s * scale));
  return [r!, g!, b!];
}
