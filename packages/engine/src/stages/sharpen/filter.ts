/** Frequencies at which the filters are fitted. */
const FREQUENCIES = 64;
/** Side taps per pixel of blur, and at least: enough to follow the wanted response within a few per cent. */
const TAPS_PER_PIXEL = 4;
const LEAST_TAPS = 3;
/** Rounds of the fit: its few unknowns have settled long before. */
const ROUNDS = 600;

/** What a filter aims at: the most that it makes of a frequency, its share of crispness, and how firmly the fit is held where blur has left nothing. */
interface Character {
  readonly most: number;
  readonly crispness: number;
  readonly leastWeight: number;
}

/** Everywhere: beyond three times what it was, leaves, grass and what demosaicing left in them look crunched. */
const EVERYWHERE: Character = { most: 3, crispness: 1, leastWeight: 0.1 };
/** Across straight edges, of a blur up to `SURE`: half of their sharpness lies beyond Nyquist's frequency, and is lent to what lies below. */
const ACROSS_EDGES: Character = { most: 24, crispness: 2.6, leastWeight: 0.02 };
/** Across straight edges, of a blur from `VAGUE` on: more than this draws them in steps and lines, since nothing but demosaicing's errors is left there. */
const ACROSS_SOFT_EDGES: Character = { most: 5, crispness: 0.5, leastWeight: 0.02 };
/** Blur in pixels that leaves 9 % of what lies at Nyquist's frequency, and one that leaves less than 1 %. */
const [SURE, VAGUE] = [0.7, 1];

function acrossEdges(sigma: number): Character {
  const sure = Math.min(Math.max((VAGUE - sigma) / (VAGUE - SURE), 0), 1);
  const between = (of: keyof Character): number =>
    ACROSS_SOFT_EDGES[of] + sure * (ACROSS_EDGES[of] - ACROSS_SOFT_EDGES[of]);
  return {
    most: between('most'),
    crispness: between('crispness'),
    leastWeight: between('leastWeight'),
  };
}

/** What a filter shall do along one axis. */
export interface FilterAim {
  /** Standard deviation in pixels of the Gaussian that is to be undone. */
  readonly sigma: number;
  /** Noise over signal, as powers: how much of the blur is believed (Wiener 1949). */
  readonly noiseToSignal: number;
  /** What is added at Nyquist's frequency, falling with the fourth power of frequency below. */
  readonly crispness: number;
  /** What is added at Nyquist's frequency, falling with the square of frequency below, for a picture made smaller. */
  readonly output: number;
}

/** Side taps of a filter against a blur. */
export function tapsFor(sigma: number): number {
  return Math.max(Math.ceil(TAPS_PER_PIXEL * sigma), LEAST_TAPS);
}

function blurAt(sigma: number, frequency: number): number {
  return Math.exp(-2 * (Math.PI * sigma * frequency) ** 2);
}

function wanted(aim: FilterAim, character: Character, frequency: number): number {
  const { sigma, noiseToSignal, output } = aim;
  const blur = blurAt(sigma, frequency);
  const restored = (blur * (1 + noiseToSignal)) / (blur * blur + noiseToSignal);
  const ofNyquist = 2 * frequency;
  const crisp = 1 + aim.crispness * character.crispness * ofNyquist ** 4;
  return Math.min(restored * crisp, character.most) * (1 + output * ofNyquist ** 2);
}

/** What a symmetric filter makes of a frequency, in cycles per pixel. */
export function responseOf(weights: readonly number[], frequency: number): number {
  return weights.reduce(
    (sum, weight, k) => sum + (k === 0 ? 1 : 2 * Math.cos(2 * Math.PI * frequency * k)) * weight,
    0,
  );
}

/** What a picture gains by sharpening. */
export interface GainFilter {
  /** Along one axis: the middle weight, its neighbours', the next ones'; their sum with both sides is 0. */
  readonly weights: readonly number[];
  /** What is gained along both axes after one another counts this much. */
  readonly mixed: number;
  /** What one direction gains at Nyquist's frequency: the most that any frequency gains. */
  readonly atNyquist: number;
  /** What is gained in addition across straight edges, along one axis: as many weights. */
  readonly edgeWeights: readonly number[];
}

/**
 * The filter whose response comes closest to `aimed` (by least squares with weights) of those that grow steadily from 0
 * with frequency, to `most` at the most. In s = sin²(π f) the response is a polynomial, in Bernstein's form steady where its coefficients are
 * (Lorentz, Bernstein Polynomials, 1953): their steps are the unknowns, and none is negative.
 */
function steadyFilter(
  taps: number,
  most: number,
  aimed: (frequency: number) => number,
  weight: (frequency: number) => number,
): number[] {
  const binomials = [1];
  for (let k = 1; k <= taps; k++) binomials.push((binomials[k - 1]! * (taps - k + 1)) / k);
  /** Bernstein's polynomials from the k-th on, k = 1 … taps. */
  const basis = (frequency: number): number[] => {
    const s = Math.sin(Math.PI * frequency) ** 2;
    const sums = binomials.map((binomial, k) => binomial * s ** k * (1 - s) ** (taps - k));
    for (let k = taps - 1; k > 0; k--) sums[k]! += sums[k + 1]!;
    return sums.slice(1);
  };
  const products = Array.from({ length: taps }, () => new Float64Array(taps));
  const right = new Float64Array(taps);
  for (let m = 1; m <= FREQUENCIES; m++) {
    const frequency = m / FREQUENCIES / 2;
    const values = basis(frequency);
    const counts = weight(frequency);
    for (let i = 0; i < taps; i++) {
      for (let j = 0; j < taps; j++) products[i]![j]! += counts * values[i]! * values[j]!;
      right[i]! += counts * values[i]! * aimed(frequency);
    }
  }
  // Least squares with no negative unknown, one after the other.
  const steps = new Float64Array(taps);
  for (let round = 0; round < ROUNDS; round++) {
    let moved = false;
    for (let i = 0; i < taps; i++) {
      const row = products[i]!;
      let slope = -right[i]!;
      for (let j = 0; j < taps; j++) slope += row[j]! * steps[j]!;
      const step = Math.max(steps[i]! - slope / row[i]!, 0);
      moved ||= step !== steps[i];
      steps[i] = step;
    }
    if (!moved) break;
  }
  // All steps together are what Nyquist's frequency gains; least squares may lie above what is wanted anywhere.
  const whole = steps.reduce((sum, step) => sum + step, 0);
  const scale = whole > most ? Math.max(most, 0) / whole : 1;
  // A sum of cosines up to `taps` is known from this many values.
  const count = 2 * taps + 2;
  const values = Array.from({ length: count }, (_, m) =>
    basis(m / count).reduce((sum, value, i) => sum + value * steps[i]! * scale, 0),
  );
  const sides = Array.from(
    { length: taps },
    (_, k) =>
      values.reduce((sum, value, m) => sum + value * Math.cos((2 * Math.PI * (k + 1) * m) / count), 0) /
      count,
  );
  return [-2 * sides.reduce((sum, side) => sum + side, 0), ...sides];
}

/**
 * The filters for a blur. What is gained everywhere grows steadily with frequency along each axis, from 0 to `atNyquist`;
 * both axes u and v are put together as u + v − 2 u v / atNyquist, which then lies within 0 and `atNyquist` at every
 * frequency of the plane, and is 0 where both are at Nyquist's: there lies what demosaicing could not tell from colour,
 * and no lens draws that fine.
 */
export function gainFilter(aim: FilterAim): GainFilter {
  const taps = tapsFor(aim.sigma);
  const fitted = (character: Character, already: (frequency: number) => number): number[] => {
    // Strong blur leaves nothing near Nyquist's frequency to be raised: it is raised as much as what lies below.
    const steady = [1];
    for (let m = 1; m <= FREQUENCIES; m++)
      steady.push(Math.max(steady[m - 1]!, wanted(aim, character, m / FREQUENCIES / 2)));
    return steadyFilter(
      taps,
      steady[FREQUENCIES]! - 1 - already(0.5),
      (frequency) => Math.max(steady[Math.round(frequency * 2 * FREQUENCIES)]! - 1 - already(frequency), 0),
      (frequency) => blurAt(aim.sigma, frequency) ** 2 + character.leastWeight,
    );
  };
  const weights = fitted(EVERYWHERE, () => 0);
  const edgeWeights = fitted(acrossEdges(aim.sigma), (frequency) => responseOf(weights, frequency));
  const atNyquist = responseOf(weights, 0.5);
  return { weights, mixed: -2 / atNyquist, atNyquist, edgeWeights };
}

/** Variance of what a filter adds to white noise of variance 1, its energy: everywhere, and across an upright edge. */
export function noiseGain({ weights, mixed, edgeWeights }: Omit<GainFilter, 'atNyquist'>): {
  readonly everywhere: number;
  readonly acrossEdges: number;
} {
  const reach = weights.length - 1;
  const weight = (k: number): number => weights[Math.abs(k)]!;
  const along = [0.5, 0.25];
  let [everywhere, acrossEdges] = [0, 0];
  for (let y = -reach; y <= reach; y++)
    for (let x = -reach; x <= reach; x++) {
      const alone = (y === 0 ? weight(x) : 0) + (x === 0 ? weight(y) : 0);
      const value = alone + mixed * weight(x) * weight(y);
      everywhere += value ** 2;
      acrossEdges += (value + (along[Math.abs(y)] ?? 0) * edgeWeights[Math.abs(x)]!) ** 2;
    }
  return { everywhere, acrossEdges };
}
