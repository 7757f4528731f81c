import { inRange, positive } from '../checks.js';
import { OpticsError } from '../OpticsError.js';
import type { SensorModel } from '../sensors/SensorModel.js';
import { type CameraRgb, quantumEfficiencies } from './cameraRgb.js';
import { integrate, MAXIMUM_EFFICACY, OBSERVER } from './integrate.js';
import { type Spectrum, WAVELENGTHS_NM } from './Spectrum.js';
import { findSensitivities } from './sensitivities.js';

/** Planck's constant times the speed of light, J m (SI 2019, both exact). */
const PLANCK_TIMES_LIGHT_J_M = 6.62607015e-34 * 299792458;

/**
 * Photons per joule at each wavelength: λ / (h c).
 * @param wavelengthNm in vacuum
 */
export function photonsPerJoule(wavelengthNm: number): number {
  return (wavelengthNm * 1e-9) / PLANCK_TIMES_LIGHT_J_M;
}

/** f-number of a lens whose light comes from the whole half space: no lens in air is faster. */
const FASTEST_F_NUMBER = 0.5;

/**
 * Irradiance on the sensor's centre per radiance of a distant scene, sr: π sin²θ. A photographic lens obeys Abbe's sine
 * condition, sin θ = 1/(2N), so that it is π/(4N²), as ISO 12232 has it (Ray, Applied Photographic Optics, 3rd ed., 2002,
 * chapter 20; Smith, Modern Optical Engineering, 4th ed., 2008, section 8). A geometry with tan θ = 1/(2N) would give
 * π/(1 + 4N²): 9 % less at f/1.63.
 * @param workingFNumber effective f-number on the image side, at least 0.5
 */
export function irradiancePerRadiance(workingFNumber: number): number {
  return Math.PI / (4 * inRange('workingFNumber', workingFNumber, FASTEST_F_NUMBER, Number.MAX_VALUE) ** 2);
}

/**
 * Spectral irradiance of a surface under a light, W m⁻² nm⁻¹.
 * @param illuminant relative power, any scale
 * @param illuminanceLux photometric illuminance that it gives
 * @throws {OpticsError} for a light without any visible power
 */
export function spectralIrradiance(illuminant: Spectrum, illuminanceLux: number): Spectrum {
  const visible = integrate(illuminant, OBSERVER.y);
  if (!(visible > 0))
    throw new OpticsError('the light has no visible power; choose another one.', { field: 'illuminant' });
  const scale = illuminanceLux / (MAXIMUM_EFFICACY * visible);
  return illuminant.map((power) => power * scale);
}

/** What {@link electronsPerWhite} needs to know. */
export interface WhiteExposure {
  readonly sensor: Pick<SensorModel, 'sensitivities' | 'peakQuantumEfficiency' | 'pitchUm'>;
  /** Relative spectral power of the light on the scene, any scale. */
  readonly illuminant: Spectrum;
  /** Illuminance of the scene, lux. */
  readonly illuminanceLux: number;
  readonly exposureTimeS: number;
  /** Effective f-number on the image side. */
  readonly workingFNumber: number;
  /** Share of light that the lens lets through, (0,1]. */
  readonly transmission: number;
  /** Side of the square that collects light, µm; the sensor's pitch where left out. */
  readonly pitchUm?: number;
}

/**
 * Expected photo-electrons per photosite of each colour for a perfectly white diffuser in the scene, at the centre of the
 * picture. The diffuser's radiance is its irradiance / π (Lambert); the sensor sees {@link irradiancePerRadiance} of it
 * times the transmission; photons per joule are λ/(h c), electrons per photon {@link quantumEfficiencies}.
 * @throws {OpticsError} for numbers that are not physical and unknown sensitivities
 */
export function electronsPerWhite(exposure: WhiteExposure): CameraRgb {
  const { sensor, illuminant } = exposure;
  const pitchUm = positive('pitchUm', exposure.pitchUm ?? sensor.pitchUm);
  const illuminanceLux = inRange('illuminanceLux', exposure.illuminanceLux, 0, Number.MAX_VALUE);
  const exposureTimeS = inRange('exposureTimeS', exposure.exposureTimeS, 0, Number.MAX_VALUE);
  const transmission = inRange('transmission', exposure.transmission, 0, 1);
  const peak = inRange('peakQuantumEfficiency', sensor.peakQuantumEfficiency, 0, 1);
  const share = (irradiancePerRadiance(exposure.workingFNumber) / Math.PI) * transmission;
  const collectedM2S = share * exposureTimeS * (pitchUm * 1e-6) ** 2;
  const photons = spectralIrradiance(illuminant, illuminanceLux).map(
    (power, i) => power * photonsPerJoule(WAVELENGTHS_NM[i]!) * collectedM2S,
  );
  const [red, green, blue] = quantumEfficiencies(findSensitivities(sensor.sensitivities), peak);
  return [integrate(photons, red), integrate(photons, green), integrate(photons, blue)];
}
