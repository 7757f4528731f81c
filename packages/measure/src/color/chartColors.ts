import { COLOR_CHECKER, MIDDLE_GREYS, NEUTRAL_5 } from './colorChecker.js';
import { deltaE2000 } from './deltaE2000.js';
import { D50, labToXyz, multiply3, type Xyz, xyzToLab } from './lab.js';

/** Bradford's cone responses (ICC.1:2022, annex E). */
const BRADFORD = [0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367, 0.0389, -0.0685, 1.0296];
const BRADFORD_INVERSE = [
  0.9869929, -0.1470543, 0.1599627, 0.4323053, 0.5183603, 0.0492912, -0.0085287, 0.0400428, 0.9684867,
];

/**
 * The 24 patches with neutral 5 at its published chromaticity, by a diagonal scaling of Bradford's cone responses; its
 * luminance stays.
 */
export function balanceOnGrey(patches: readonly Xyz[]): Xyz[] {
  const grey = patches[NEUTRAL_5]!;
  const published = labToXyz(COLOR_CHECKER[NEUTRAL_5]!.lab, D50);
  const wanted = multiply3(BRADFORD, published).map((cone) => (cone * grey[1]) / published[1]);
  const found = multiply3(BRADFORD, grey);
  return patches.map((xyz) =>
    multiply3(
      BRADFORD_INVERSE,
      multiply3(BRADFORD, xyz).map((cone, i) => (cone * wanted[i]!) / found[i]!),
    ),
  );
}

/** The 24 patches times the factor that brings the luminance of the middle greys nearest to the published (least squares). */
export function fitExposure(patches: readonly Xyz[]): Xyz[] {
  let [numerator, denominator] = [0, 0];
  for (const i of MIDDLE_GREYS) {
    numerator += patches[i]![1] * labToXyz(COLOR_CHECKER[i]!.lab, D50)[1];
    denominator += patches[i]![1] ** 2;
  }
  const exposure = numerator / denominator;
  return patches.map(([x, y, z]) => [x * exposure, y * exposure, z * exposure]);
}

/** The statistics of a list of differences. */
export interface Spread {
  readonly mean: number;
  readonly median: number;
  readonly max: number;
}

/** Mean, median and maximum of a list that is not empty. */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return {
    mean: values.reduce((a, b) => a + b, 0) / values.length,
    median: (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2,
    max: sorted.at(-1)!,
  };
}

/** How far 24 patches are from the published chart. */
export interface ChartColors {
  /** ΔE2000 of the 24 patches. */
  readonly deltaE: Spread;
  /** The same with every patch's luminance set to the published one: uneven light and stray light do not count. */
  readonly chromatic: Spread;
  /** The patch with the largest ΔE2000. */
  readonly worst: string;
  /** ΔE2000 by patch, in the order of {@link COLOR_CHECKER}. */
  readonly patches: readonly number[];
}

/**
 * Compares 24 patches, XYZ relative to D50 with the perfect white at Y = 1, with the published ones by CIEDE2000. What is
 * not the colour's own is taken out before by {@link balanceOnGrey} and {@link fitExposure}.
 */
export function compareWithChart(patches: readonly Xyz[]): ChartColors {
  const differences = patches.map((xyz, i) => deltaE2000(COLOR_CHECKER[i]!.lab, xyzToLab(xyz, D50)));
  const chromatic = patches.map((xyz, i) => {
    const lab = COLOR_CHECKER[i]!.lab;
    const scale = labToXyz(lab, D50)[1] / xyz[1];
    return deltaE2000(lab, xyzToLab([xyz[0] * scale, xyz[1] * scale, xyz[2] * scale], D50));
  });
  const deltaE = spread(differences);
  return {
    deltaE,
    chromatic: spread(chromatic),
    worst: COLOR_CHECKER[differences.indexOf(deltaE.max)]!.name,
    patches: differences,
  };
}
