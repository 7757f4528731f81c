import { babelColorAverage, ohta } from './data/colorChecker.generated.js';
import { trainingPatches } from './data/trainingPatches.generated.js';
import { parseSpectrum } from './parseSpectrum.js';
import type { Spectrum } from './Spectrum.js';

/** A surface by name. */
export interface NamedReflectance {
  readonly name: string;
  /** Spectral reflectance, 1 = perfect white diffuser. */
  readonly reflectance: Spectrum;
}

function named(table: Readonly<Record<string, string>>): readonly NamedReflectance[] {
  return Object.entries(table).map(([name, text]) => ({ name, reflectance: parseSpectrum(text) }));
}

/**
 * The 24 patches of the ColorChecker Classic, row by row from dark skin to black 2: averages of 30 charts by BabelColor,
 * published from 380 to 730 nm by 10 nm (interpolated linearly, the last value held up to 780 nm).
 */
export const COLOR_CHECKER_REFLECTANCES: readonly NamedReflectance[] = named(babelColorAverage);

/** The same 24 patches of another chart, measured by N. Ohta from 380 to 780 nm by 5 nm. */
export const COLOR_CHECKER_OHTA_REFLECTANCES: readonly NamedReflectance[] = named(ohta);

let training: readonly Spectrum[] | undefined;

/**
 * The 190 reflectances by which rawtoaces fits its matrices (the Academy's P-2013-001), parsed at the first call. Five of
 * them pass 1 somewhere, as published.
 */
export function trainingReflectances(): readonly Spectrum[] {
  training ??= trainingPatches.map(parseSpectrum);
  return training;
}
