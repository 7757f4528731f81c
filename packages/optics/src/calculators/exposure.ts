import { inRange, positive } from '../checks.js';
import { irradiancePerRadiance } from '../spectra/electrons.js';

/** Reflected-light meters' constant K, cd s ISO / m²: the usual value (ISO 2720 allows 10.6 to 13.4). */
export const METER_K = 12.5;
/** Incident-light meters' constant C, lx s ISO: the usual value for a flat receiver (ISO 2720 allows 240 to 400). */
export const METER_C = 250;
/** ISO 12232's q: π/4 × lens transmittance 0.9 × vignetting 0.98 × cos⁴ 10°. */
export const ISO_Q = 0.65;
/** The lens transmittance in ISO 12232's q. */
export const ISO_TRANSMITTANCE = 0.9;
/** Reflectance of a photographer's grey card. */
export const GREY_CARD = 0.18;

/** Aperture, time and sensitivity. */
export interface ExposureSettings {
  readonly fNumber: number;
  readonly exposureTimeS: number;
  /** 100 where it is not given. */
  readonly iso?: number;
}

/**
 * Exposure value at ISO 100 of the scene that this exposure suits: log₂(N²/t) − log₂(ISO/100) (APEX; ISO 2720).
 */
export function exposureValue100({ fNumber, exposureTimeS, iso = 100 }: ExposureSettings): number {
  const ratio = positive('fNumber', fNumber) ** 2 / positive('exposureTimeS', exposureTimeS);
  return Math.log2((ratio * 100) / positive('iso', iso));
}

/** Luminance, cd/m², that a reflected-light meter answers with this exposure value at ISO 100: 2^EV K / 100 (ISO 2720). */
export function luminanceOfEv(ev100: number): number {
  return (2 ** inRange('ev100', ev100, -50, 50) * METER_K) / 100;
}

/** Illuminance, lx, that an incident-light meter answers with this exposure value at ISO 100: 2^EV C / 100 (ISO 2720). */
export function illuminanceOfEv(ev100: number): number {
  return (2 ** inRange('ev100', ev100, -50, 50) * METER_C) / 100;
}

/** Exposure value at ISO 100 that an incident-light meter answers to an illuminance, lx: the inverse of {@link illuminanceOfEv}. */
export function evOfIlluminance(illuminanceLx: number): number {
  return Math.log2((positive('illuminanceLx', illuminanceLx) * 100) / METER_C);
}

/** Exposure time, s, that an incident-light meter gives: C N² / (E S) (ISO 2720). */
export function meteredTimeS(illuminanceLx: number, fNumber: number, iso: number): number {
  return (
    (METER_C * positive('fNumber', fNumber) ** 2) /
    (positive('illuminanceLx', illuminanceLx) * positive('iso', iso))
  );
}

/** A lit surface seen through a lens. */
export interface Illumination {
  /** Light that falls on the scene, lx. */
  readonly illuminanceLx: number;
  /** Share that the surface throws back, evenly to all sides; 1 is a perfect white diffuser. */
  readonly reflectance: number;
  /** Working f-number, with the extension for near focus. */
  readonly fNumber: number;
  /** Share of light that the lens lets through; {@link ISO_TRANSMITTANCE} where it is not given. */
  readonly transmittance?: number;
  /** Angle of the image place off the axis, degrees in [0, 90); 0 where it is not given. */
  readonly fieldDegrees?: number;
}

/**
 * Illuminance of the sensor, lx: the luminance ρ E / π of a Lambertian surface, times the lens's transmittance, its cone of
 * light {@link irradiancePerRadiance} and cos⁴ of the field angle (Ray, Applied Photographic Optics; natural vignetting only). On
 * the axis it is ρ E T / (4 N²).
 */
export function sensorIlluminanceLx(illumination: Illumination): number {
  const {
    illuminanceLx,
    reflectance,
    fNumber,
    transmittance = ISO_TRANSMITTANCE,
    fieldDegrees = 0,
  } = illumination;
  const cosine = Math.cos((inRange('fieldDegrees', fieldDegrees, 0, 89.999) * Math.PI) / 180);
  return (
    (inRange('reflectance', reflectance, 0, 1) / Math.PI) *
    inRange('illuminanceLx', illuminanceLx, 0, 1e9) *
    inRange('transmittance', transmittance, 0, 1) *
    irradiancePerRadiance(fNumber) *
    cosine ** 4
  );
}

/** Exposure of the sensor, lx s, by a surface of a luminance, cd/m²: H = q L t / N² (ISO 12232). */
export function sensorExposureLxS(
  luminanceCdM2: number,
  { fNumber, exposureTimeS }: ExposureSettings,
  q = ISO_Q,
): number {
  return (
    (positive('q', q) *
      inRange('luminanceCdM2', luminanceCdM2, 0, 1e9) *
      positive('exposureTimeS', exposureTimeS)) /
    positive('fNumber', fNumber) ** 2
  );
}

/** ISO speed by the exposure, lx s, that just saturates: 78 / H, which leaves half a stop above a 100 % white (ISO 12232). */
export function saturationSpeed(saturatingLxS: number): number {
  return 78 / positive('saturatingLxS', saturatingLxS);
}

/** Standard output sensitivity by the exposure, lx s, that comes out at 118 of 255 in sRGB: 10 / H (ISO 12232). */
export function standardOutputSensitivity(middleLxS: number): number {
  return 10 / positive('middleLxS', middleLxS);
}
