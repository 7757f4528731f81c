import { COLOR_CHECKER } from '../color/colorChecker.js';
import { D50, labToXyz, multiply3 } from '../color/lab.js';
import { XYZ_D50_TO_SRGB } from '../color/srgb.js';

/** Stray light, as a share of the chart's brightest value: keeps the logarithms of dark patches in bounds. */
const STRAY = 0.02;
/** A grey picture's colours correlate by chance; the chart's have to vary by this share of the published. */
const MIN_SPREAD = 0.3;

/** Logarithms of brightness, of red to green and of blue to green; a cast or an exposure only shifts them. */
function features(rgb: readonly (readonly number[])[]): number[][] {
  const brightest = Math.max(...rgb.flat());
  const log = (value: number) => Math.log(Math.max(value / brightest, 0) + STRAY);
  return [
    rgb.map(([r, g, b]) => log((r! + g! + b!) / 3)),
    rgb.map(([r, g]) => log(r!) - log(g!)),
    rgb.map(([, g, b]) => log(b!) - log(g!)),
  ];
}

const published = features(COLOR_CHECKER.map(({ lab }) => multiply3(XYZ_D50_TO_SRGB, labToXyz(lab, D50))));

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((s, v) => s + v, 0) / values.length;
  const [ma, mb] = [mean(a), mean(b)];
  let [aa, bb, ab] = [0, 0, 0];
  a.forEach((value, i) => {
    aa += (value - ma) ** 2;
    bb += (b[i]! - mb) ** 2;
    ab += (value - ma) * (b[i]! - mb);
  });
  return aa < MIN_SPREAD ** 2 * bb ? 0 : ab / Math.sqrt(aa * bb);
}

/**
 * How well 24 linear RGB values, whatever their primaries, white balance and exposure, go with the published chart: the
 * least of three correlations, of brightness and of two colour ratios in logarithms, weighed with their mean. 1 for the
 * chart itself, around 0 by chance.
 */
export function plausibility(rgb: readonly (readonly number[])[]): number {
  const scores = features(rgb).map((feature, i) => correlation(feature, published[i]!));
  const mean = scores.reduce((a, b) => a + b, 0) / scores.length;
  return (mean + Math.min(...scores)) / 2;
}
