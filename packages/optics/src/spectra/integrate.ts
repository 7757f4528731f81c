import type { Chromaticity } from '@photosite/raw';
import { OpticsError } from '../OpticsError.js';
import { xBar, yBar, zBar } from './data/observer.generated.js';
import { parseSpectrum } from './parseSpectrum.js';
import { SAMPLES, type Spectrum, STEP_NM, WAVELENGTHS_NM } from './Spectrum.js';

/** CIE XYZ tristimulus values. */
export type Xyz = readonly [x: number, y: number, z: number];

/** The CIE 1931 2° standard observer (ISO/CIE 11664-1). */
export const OBSERVER: { readonly x: Spectrum; readonly y: Spectrum; readonly z: Spectrum } = {
  x: parseSpectrum(xBar),
  y: parseSpectrum(yBar),
  z: parseSpectrum(zBar),
};

/** Maximum luminous efficacy of radiation, lm/W (CIE 018:2019; 683.002 at 555 nm is rounded as usual). */
export const MAXIMUM_EFFICACY = 683;

/**
 * A spectrum measured elsewhere, brought to the grid of {@link WAVELENGTHS_NM} by linear interpolation.
 * @param wavelengthsNm ascending
 * @param values one per wavelength, finite
 * @param outside what lies beyond the ends: `hold` repeats the end's value (reflectances), `zero` is dark (lamps, filters)
 * @throws {OpticsError} for fewer than one pair, unequal lengths, wavelengths that do not ascend, values that are not finite
 */
export function resample(
  wavelengthsNm: readonly number[],
  values: readonly number[],
  outside: 'hold' | 'zero' = 'hold',
): Spectrum {
  if (values.length !== wavelengthsNm.length || values.length === 0)
    throw new OpticsError(
      `${wavelengthsNm.length} wavelengths and ${values.length} values; give one value for each wavelength.`,
      { field: 'values' },
    );
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]))
      throw new OpticsError(`${values[i]} is not possible; a spectrum's samples are finite numbers.`, {
        field: `values[${i}]`,
      });
    if (!Number.isFinite(wavelengthsNm[i]) || (i > 0 && !(wavelengthsNm[i]! > wavelengthsNm[i - 1]!)))
      throw new OpticsError(`${wavelengthsNm[i]} is not possible; wavelengths are finite and ascend.`, {
        field: `wavelengthsNm[${i}]`,
      });
  }
  const last = values.length - 1;
  let upper = 0;
  return WAVELENGTHS_NM.map((nm) => {
    while (upper <= last && wavelengthsNm[upper]! < nm) upper++;
    if (upper > last) return outside === 'hold' ? values[last]! : 0;
    if (wavelengthsNm[upper] === nm) return values[upper]!;
    if (upper === 0) return outside === 'hold' ? values[0]! : 0;
    const low = wavelengthsNm[upper - 1]!;
    const share = (nm - low) / (wavelengthsNm[upper]! - low);
    return values[upper - 1]! + share * (values[upper]! - values[upper - 1]!);
  });
}

/**
 * The integral over wavelength of the product of spectra, by summation (CIE 15:2018, 7.1), in the spectra's unit times nm.
 * @throws {OpticsError} where a spectrum does not have {@link SAMPLES} samples
 */
export function integrate(...factors: readonly Spectrum[]): number {
  for (const [i, { length }] of factors.entries())
    if (length !== SAMPLES)
      throw new OpticsError(`${length} samples; a spectrum has ${SAMPLES}: resample() brings others there.`, {
        field: `spectra[${i}]`,
      });
  let sum = 0;
  for (let i = 0; i < SAMPLES; i++) {
    let product = 1;
    for (const factor of factors) product *= factor[i]!;
    sum += product;
  }
  return sum * STEP_NM;
}

/**
 * Tristimulus values of a surface under a light for the 1931 observer, relative to the perfect white diffuser's Y = 1
 * (CIE 15:2018, 7.1).
 * @param reflectance 1 = perfect white diffuser
 * @param illuminant relative spectral power, any scale
 */
export function xyzOf(reflectance: Spectrum, illuminant: Spectrum): Xyz {
  const white = integrate(illuminant, OBSERVER.y);
  return [
    integrate(reflectance, illuminant, OBSERVER.x) / white,
    integrate(reflectance, illuminant, OBSERVER.y) / white,
    integrate(reflectance, illuminant, OBSERVER.z) / white,
  ];
}

/** Tristimulus values of a light, Y = 1. */
export function whiteXyz(illuminant: Spectrum): Xyz {
  const y = integrate(illuminant, OBSERVER.y);
  return [integrate(illuminant, OBSERVER.x) / y, 1, integrate(illuminant, OBSERVER.z) / y];
}

/** CIE 1931 chromaticity of tristimulus values. */
export function chromaticity([x, y, z]: Xyz): Chromaticity {
  const sum = x + y + z;
  return { x: x / sum, y: y / sum };
}

/** Luminous efficacy of a light's radiation between 380 and 780 nm, lm/W. */
export function luminousEfficacy(illuminant: Spectrum): number {
  return (MAXIMUM_EFFICACY * integrate(illuminant, OBSERVER.y)) / integrate(illuminant);
}
