import type { Spectrum } from './Spectrum.js';

/** The shipped tables' form: the samples as decimals, separated by blanks. */
export function parseSpectrum(text: string): Spectrum {
  return text.split(' ').map(Number);
}
