import type { Chromaticity } from '@photosite/raw';
import { inRange } from '../checks.js';
import { nearNames } from '../nearNames.js';
import { OpticsError } from '../OpticsError.js';
import { s0, s1, s2 } from './data/daylight.generated.js';
import { lamps } from './data/illuminants.generated.js';
import { chromaticity, whiteXyz, type Xyz } from './integrate.js';
import { parseSpectrum } from './parseSpectrum.js';
import { type Spectrum, WAVELENGTHS_NM } from './Spectrum.js';

/** A light and its relative spectral power. */
export interface Illuminant {
  readonly name: string;
  readonly description: string;
  /** Power per wavelength, relative. */
  readonly spectrum: Spectrum;
}

/** c₂ of Planck's law in nm K (CODATA 2018: 1.438776877e-2 m K). */
const SECOND_RADIATION_CONSTANT_NM_K = 1.438776877e7;
const DAYLIGHT = { s0: parseSpectrum(s0), s1: parseSpectrum(s1), s2: parseSpectrum(s2) };

/** Range of {@link blackbody}, K. */
export const BLACKBODY_RANGE_K = [1000, 40000] as const;
/** Range of {@link daylight}, K: that of CIE 15's formula. */
export const DAYLIGHT_RANGE_K = [4000, 25000] as const;

/**
 * A blackbody's power per wavelength by Planck's law, 1 at 560 nm.
 * @param temperatureK within {@link BLACKBODY_RANGE_K}
 * @throws {OpticsError} for a temperature out of range
 */
export function blackbody(temperatureK: number): Spectrum {
  inRange('temperatureK', temperatureK, ...BLACKBODY_RANGE_K);
  const power = (nm: number): number =>
    nm ** -5 / Math.expm1(SECOND_RADIATION_CONSTANT_NM_K / (nm * temperatureK));
  const reference = power(560);
  return WAVELENGTHS_NM.map((nm) => power(nm) / reference);
}

/** Chromaticity of the daylight locus at a correlated colour temperature (CIE 15:2018, equations 4.5 to 4.7). */
function daylightChromaticity(temperatureK: number): Chromaticity {
  const [a, b, c, d] =
    temperatureK <= 7000
      ? [-4.607e9, 2.9678e6, 0.09911e3, 0.244063]
      : [-2.0064e9, 1.9018e6, 0.24748e3, 0.23704];
  const x = a! / temperatureK ** 3 + b! / temperatureK ** 2 + c! / temperatureK + d!;
  return { x, y: -3 * x * x + 2.87 * x - 0.275 };
}

/**
 * Daylight's power per wavelength from its correlated colour temperature (CIE 15:2018, 4.1.2), 100 at 560 nm. The tables
 * of D50, D55, D65 and D75 stand for temperatures of 1.4388/1.4380 times their name, and for factors rounded to three
 * decimals, as CIE 15 asks.
 * @param temperatureK within {@link DAYLIGHT_RANGE_K}
 * @throws {OpticsError} for a temperature out of range
 */
export function daylight(temperatureK: number): Spectrum {
  inRange('temperatureK', temperatureK, ...DAYLIGHT_RANGE_K);
  const { x, y } = daylightChromaticity(temperatureK);
  const m = 0.0241 + 0.2562 * x - 0.7341 * y;
  const m1 = Math.round((1000 * (-1.3515 - 1.7703 * x + 5.9114 * y)) / m) / 1000;
  const m2 = Math.round((1000 * (0.03 - 31.4424 * x + 30.0717 * y)) / m) / 1000;
  return DAYLIGHT.s0.map((mean, i) => mean + m1 * DAYLIGHT.s1[i]! + m2 * DAYLIGHT.s2[i]!);
}

/** Words for the lights whose names do not say enough. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  A: 'CIE A, incandescent light of 2856 K',
  C: 'CIE C, average daylight of 1931 (obsolete)',
  FL1: 'CIE fluorescent, daylight, 6430 K',
  FL2: 'CIE fluorescent, cool white, 4230 K',
  FL3: 'CIE fluorescent, white, 3450 K',
  FL4: 'CIE fluorescent, warm white, 2940 K',
  FL5: 'CIE fluorescent, daylight, 6350 K',
  FL6: 'CIE fluorescent, light white, 4150 K',
  FL7: 'CIE fluorescent, broad-band daylight, 6500 K',
  FL8: 'CIE fluorescent, broad-band white, 5000 K',
  FL9: 'CIE fluorescent, broad-band cool white, 4150 K',
  FL10: 'CIE fluorescent, three-band daylight, 5000 K',
  FL11: 'CIE fluorescent, three-band white, 4000 K',
  FL12: 'CIE fluorescent, three-band warm white, 3000 K',
  HP1: 'CIE high-pressure sodium, standard, 1959 K: a street at night',
  HP2: 'CIE high-pressure sodium, colour enhanced, 2506 K',
  HP3: 'CIE metal halide, 3144 K',
  HP4: 'CIE metal halide, 4002 K',
  HP5: 'CIE metal halide, 4039 K',
  'LED-B1': 'CIE LED, blue with phosphor, 2733 K',
  'LED-B2': 'CIE LED, blue with phosphor, 2998 K',
  'LED-B3': 'CIE LED, blue with phosphor, 4103 K',
  'LED-B4': 'CIE LED, blue with phosphor, 5109 K',
  'LED-B5': 'CIE LED, blue with phosphor, 6598 K',
  'LED-BH1': 'CIE LED, blue with phosphor and red, 2851 K',
  'LED-RGB1': 'CIE LED, red, green and blue, 2840 K',
  'LED-V1': 'CIE LED, violet with phosphor, 2724 K',
  'LED-V2': 'CIE LED, violet with phosphor, 4070 K',
  'ISO7589-tungsten': 'ISO 7589 studio tungsten, 3100 K as tabulated',
  'sodium-low-pressure': 'low-pressure sodium lamp (measured by NIST)',
  mercury: 'mercury lamp (measured by NIST)',
};

/** The shipped lights by name; {@link findIlluminant} knows temperatures and other spellings too. */
export const ILLUMINANTS: Readonly<Record<string, Illuminant>> = Object.fromEntries(
  [
    ...Object.entries(lamps).map(([name, text]) => [name, parseSpectrum(text)] as const),
    ['E', WAVELENGTHS_NM.map(() => 100)] as const,
  ].map(([name, spectrum]) => {
    const description =
      DESCRIPTIONS[name] ??
      (name === 'E' ? 'CIE E, equal energy' : `CIE ${name}, daylight of ${name.slice(1)}00 K`);
    return [name, { name, description, spectrum }];
  }),
);

/** Spellings reduced to what tells them apart: case, blanks and hyphens do not count, `F2` is `FL2`. */
function keyOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[\s_-]/g, '')
    .replace(/^f(?=\d)/, 'fl');
}

const BY_KEY: ReadonlyMap<string, Illuminant> = new Map([
  ...Object.values(ILLUMINANTS).map((illuminant) => [keyOf(illuminant.name), illuminant] as const),
]);

/**
 * A light by name: one of {@link ILLUMINANTS} in any case (`F2` for `FL2`), `3200K` for a blackbody, `D5600` or `D5600K`
 * for daylight of a correlated colour temperature.
 * @throws {OpticsError} for an unknown name, with near ones, and for temperatures out of range
 */
export function findIlluminant(name: string): Illuminant {
  const key = keyOf(name);
  const known = BY_KEY.get(key);
  if (known !== undefined) return known;
  const [, isDaylight, kelvin] = /^(d?)(\d{3,5}(?:\.\d+)?)k?$/.exec(key) ?? [];
  if (kelvin !== undefined && (isDaylight === 'd' || key.endsWith('k'))) {
    const temperatureK = Number(kelvin);
    return isDaylight === 'd'
      ? { name, description: `CIE daylight of ${kelvin} K`, spectrum: daylight(temperatureK) }
      : { name, description: `blackbody of ${kelvin} K`, spectrum: blackbody(temperatureK) };
  }
  throw new OpticsError(
    `there is no light ${JSON.stringify(name)}; near are ${nearNames(name, Object.keys(ILLUMINANTS)).join(', ')}; 3200K is a blackbody, D5600 daylight.`,
    { field: 'illuminant' },
  );
}

/** CIE 1960 uv of a chromaticity. */
function uvOf({ x, y }: Chromaticity): readonly [number, number] {
  const d = -2 * x + 12 * y + 3;
  return [(4 * x) / d, (6 * y) / d];
}

/**
 * Correlated colour temperature, K: that of the blackbody nearest in CIE 1960 uv (CIE 15:2018, 9.5), limited to
 * {@link BLACKBODY_RANGE_K}.
 */
export function correlatedColorTemperature(xyz: Xyz): number {
  const [u, v] = uvOf(chromaticity(xyz));
  const distance = (mired: number): number => {
    const [bu, bv] = uvOf(chromaticity(whiteXyz(blackbody(1e6 / mired))));
    return (bu - u) ** 2 + (bv - v) ** 2;
  };
  // The distance has one minimum over reciprocal temperature for lights near the locus: golden section search.
  const golden = (Math.sqrt(5) - 1) / 2;
  let low = 1e6 / BLACKBODY_RANGE_K[1];
  let high = 1e6 / BLACKBODY_RANGE_K[0];
  let a = high - golden * (high - low);
  let b = low + golden * (high - low);
  let [atA, atB] = [distance(a), distance(b)];
  while (high - low > 1e-4) {
    if (atA < atB) {
      [high, b, atB] = [b, a, atA];
      a = high - golden * (high - low);
      atA = distance(a);
    } else {
      [low, a, atA] = [a, b, atB];
      b = low + golden * (high - low);
      atB = distance(b);
    }
  }
  return 2e6 / (low + high);
}
