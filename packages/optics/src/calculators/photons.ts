import { inRange, positive } from '../checks.js';
import { photonsPerJoule, spectralIrradiance } from '../spectra/electrons.js';
import { integrate, MAXIMUM_EFFICACY } from '../spectra/integrate.js';
import { type Spectrum, WAVELENGTHS_NM } from '../spectra/Spectrum.js';

/** Wavelength of the eye's greatest sensitivity in daylight, nm (CIE 018). */
export const PHOTOPIC_PEAK_NM = 555;

/**
 * Photons that fall on 1 µm² in one lux-second of light of 555 nm alone: 4091. White light brings more per lux (daylight
 * 14 000 between 380 and 780 nm), since most of its power lies where the eye sees less: {@link photonsPerLuxSecondUm2}.
 */
export const GREEN_PHOTONS_PER_LUX_SECOND_UM2 =
  (1e-12 * photonsPerJoule(PHOTOPIC_PEAK_NM)) / MAXIMUM_EFFICACY;

const PHOTONS_PER_JOULE: Spectrum = WAVELENGTHS_NM.map(photonsPerJoule);
const EVERY_PHOTON: Spectrum = WAVELENGTHS_NM.map(() => 1);

/**
 * Photons from 380 to 780 nm that fall on 1 µm² in one lux-second of a light: the definition of the lumen (CIE 018) and of
 * the photon's energy, summed over wavelength.
 * @param illuminant relative power, any scale
 * @param response what counts of each photon: with a channel's quantum efficiency the result is electrons; every photon
 *   counts where it is not given
 * @throws {OpticsError} for a light without visible power
 */
export function photonsPerLuxSecondUm2(illuminant: Spectrum, response: Spectrum = EVERY_PHOTON): number {
  return 1e-12 * integrate(spectralIrradiance(illuminant, 1), PHOTONS_PER_JOULE, response);
}

/** Light on a photosite. */
export interface PhotositeLight {
  /** Illuminance of the sensor, lx; see {@link sensorIlluminanceLx}. */
  readonly illuminanceLx: number;
  readonly exposureTimeS: number;
  /** Side of the photosite, µm: its pitch, since microlenses collect what falls between. */
  readonly pitchUm: number;
  /** Photons per lux-second and µm²: {@link GREEN_PHOTONS_PER_LUX_SECOND_UM2} where it is not given. */
  readonly perLuxSecondUm2?: number;
}

/** Photons that fall on a photosite: illuminance × time × area × photons per lx s µm². */
export function photonsPerPhotosite(light: PhotositeLight): number {
  const { exposureTimeS, pitchUm, perLuxSecondUm2 = GREEN_PHOTONS_PER_LUX_SECOND_UM2 } = light;
  return (
    inRange('illuminanceLx', light.illuminanceLx, 0, 1e9) *
    positive('exposureTimeS', exposureTimeS) *
    positive('pitchUm', pitchUm) ** 2 *
    positive('perLuxSecondUm2', perLuxSecondUm2)
  );
}
