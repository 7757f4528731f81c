import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { COLOR_CHECKER } from './colorChecker.js';
import { xyzToLab } from './lab.js';

const folder = path.join(process.env.PHOTOSITE_DATA ?? '', 'colour', 'colour-science');

type Spectrum = Record<string, number>;

/** Linear interpolation, constant beyond the ends. */
function at(spectrum: Spectrum, wavelength: number): number {
  const known = Object.keys(spectrum).map(Number);
  known.sort((a, b) => a - b);
  const upper = known.findIndex((w) => w >= wavelength);
  if (upper === 0) return spectrum[known[0]!]!;
  if (upper < 0) return spectrum[known.at(-1)!]!;
  const [low, high] = [known[upper - 1]!, known[upper]!];
  const t = (wavelength - low) / (high - low);
  return spectrum[low]! * (1 - t) + spectrum[high]! * t;
}

// Needs the colour-science data under PHOTOSITE_DATA.
describe.skipIf(!existsSync(folder))('COLOR_CHECKER', () => {
  const read = (name: string) => JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8'));

  it('is what the published reflectances give under D50', () => {
    const reflectances = Object.values<Spectrum>(read('colour-checker-reflectances').DATA_BABELCOLOR_AVERAGE);
    const observer: Record<string, readonly number[]> =
      read('observers').DATA_CMFS_STANDARD_OBSERVER['CIE 1931 2 Degree Standard Observer'];
    const d50: Spectrum = read('illuminants').DATA_ILLUMINANTS_CIE.D50;
    const wavelengths = Array.from({ length: 401 }, (_, i) => 380 + i);
    const light = wavelengths.map((w) => at(d50, w));
    const xyz = (reflectance: (w: number) => number) =>
      [0, 1, 2].map((c) =>
        wavelengths.reduce((sum, w, i) => sum + light[i]! * reflectance(w) * observer[w]![c]!, 0),
      ) as [number, number, number];
    const white = xyz(() => 1);
    reflectances.forEach((reflectance, i) => {
      const lab = xyzToLab(
        xyz((w) => at(reflectance, w)),
        white,
      );
      // The table holds two decimals.
      lab.forEach((value, c) => {
        expect(Math.abs(value - COLOR_CHECKER[i]!.lab[c]!)).toBeLessThanOrEqual(0.00501);
      });
    });
  });
});
