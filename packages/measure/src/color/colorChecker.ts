import type { Lab } from './lab.js';

/** One patch of the chart. */
export interface Patch {
  readonly name: string;
  readonly lab: Lab;
}

/**
 * The 24 patches of the ColorChecker Classic, row by row: CIE L*a*b* under D50 for the 1931 2° observer, from the
 * average reflectances of 30 charts that BabelColor published (as distributed by colour-science, BSD-3-Clause).
 */
export const COLOR_CHECKER: readonly Patch[] = [
  { name: 'dark skin', lab: [38.43, 13.65, 14.43] },
  { name: 'light skin', lab: [65.96, 17.86, 17.89] },
  { name: 'blue sky', lab: [50.07, -4.46, -22.18] },
  { name: 'foliage', lab: [43.23, -13.08, 21.9] },
  { name: 'blue flower', lab: [55.34, 8.76, -24.45] },
  { name: 'bluish green', lab: [70.67, -32.88, -0.14] },
  { name: 'orange', lab: [62.66, 35.2, 57.79] },
  { name: 'purplish blue', lab: [40.3, 9.51, -44.14] },
  { name: 'moderate red', lab: [51.65, 47.55, 17.02] },
  { name: 'purple', lab: [30.5, 21.12, -19.97] },
  { name: 'yellow green', lab: [72.42, -23.08, 56.74] },
  { name: 'orange yellow', lab: [71.93, 19.44, 68.07] },
  { name: 'blue', lab: [28.95, 14.4, -49.83] },
  { name: 'green', lab: [55.12, -37.53, 31.4] },
  { name: 'red', lab: [42.38, 53.92, 28.93] },
  { name: 'yellow', lab: [82.25, 4.09, 79.71] },
  { name: 'magenta', lab: [52.01, 49.58, -13.63] },
  { name: 'cyan', lab: [50.76, -28.04, -27.84] },
  { name: 'white 9.5', lab: [96.53, -0.49, 2.47] },
  { name: 'neutral 8', lab: [81.21, -0.65, 0.3] },
  { name: 'neutral 6.5', lab: [66.48, -0.54, 0.02] },
  { name: 'neutral 5', lab: [50.82, -0.64, -0.13] },
  { name: 'neutral 3.5', lab: [35.87, -0.58, -0.43] },
  { name: 'black 2', lab: [20.83, 0.12, -0.31] },
];

/** Index of the patch that is made neutral: neutral 5, far from clipping and from the noise. */
export const NEUTRAL_5 = 21;
/** Indices of the grey row's middle, from which the exposure is fitted: white may clip, black holds stray light. */
export const MIDDLE_GREYS = [19, 20, 21, 22];
