/** Frequencies at which the filter is fitted. */
const FREQUENCIES = 64;
/** Where the blur has left nothing the fit need not be exact; nor may it be free there. */
const LEAST_WEIGHT = 0.02;
/** Side taps per pixel of blur, and at least: enough to follow the wanted response within a few per cent. */
const TAPS_PER_PIXEL = 4;
const LEAST_TAPS = 3;

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

function wanted({ sigma, noiseToSignal, crispness, output }: FilterAim, frequency: number): number {
  const blur = Math.exp(-2 * (Math.PI * sigma * frequency) ** 2);
  const restored = (blur * (1 + noiseToSignal)) / (blur * blur + noiseToSignal);
  const ofNyquist = 2 * frequency;
  return restored * (1 + crispness * ofNyquist ** 4) * (1 + output * ofNyquist ** 2);
}

/** A filter for what a picture gains: along rows A, along columns A', and both after one another by `mixed`. */
export interface GainFilter {
  /** The middle weight, its neighbours', the next ones'; their sum with both sides is 0. */
  readonly weights: readonly number[];
  readonly mixed: number;
  /** What one direction gains at Nyquist's frequency. */
  readonly atNyquist: number;
}

/**
 * The symmetric filter that comes closest to what is wanted, weighted by what the blur has left. Both directions together
 * are mixed so that where both are at Nyquist's frequency nothing is gained: there lies what demosaicing could not tell
 * from colour, and no lens draws that fine.
 */
export function gainFilter(aim: FilterAim): GainFilter {
  const taps = tapsFor(aim.sigma);
  // Normal equations of least squares; the middle weight follows from the sum.
  const rows = Array.from({ length: taps }, () => new Float64Array(taps + 1));
  for (let m = 1; m <= FREQUENCIES; m++) {
    const frequency = m / FREQUENCIES / 2;
    const blur = Math.exp(-2 * (Math.PI * aim.sigma * frequency) ** 2);
    const weight = blur * blur + LEAST_WEIGHT;
    const basis = Array.from(
      { length: taps },
      (_, k) => 2 * (Math.cos(2 * Math.PI * frequency * (k + 1)) - 1),
    );
    const aimed = wanted(aim, frequency) - 1;
    for (let i = 0; i < taps; i++) {
      for (let j = 0; j < taps; j++) rows[i]![j]! += weight * basis[i]! * basis[j]!;
      rows[i]![taps]! += weight * basis[i]! * aimed;
    }
  }
  for (let i = 0; i < taps; i++)
    for (let j = 0; j < taps; j++) {
      if (i === j) continue;
      const factor = rows[j]![i]! / rows[i]![i]!;
      for (let k = i; k <= taps; k++) rows[j]![k]! -= factor * rows[i]![k]!;
    }
  const sides = rows.map((row, i) => row[taps]! / row[i]!);
  const weights = [-2 * sides.reduce((sum, weight) => sum + weight, 0), ...sides];
  const atNyquist = weights.reduce(
    (sum, weight, k) => sum + (k === 0 ? 1 : k % 2 === 0 ? 2 : -2) * weight,
    0,
  );
  return { weights, mixed: -2 / atNyquist, atNyquist };
}

/** Variance of what a filter adds to white noise of variance 1: its energy. */
export function noiseGain({ weights, mixed }: Pick<GainFilter, 'weights' | 'mixed'>): number {
  const reach = weights.length - 1;
  const weight = (k: number): number => weights[Math.abs(k)]!;
  let energy = 0;
  for (let y = -reach; y <= reach; y++)
    for (let x = -reach; x <= reach; x++) {
      const alone = (y === 0 ? weight(x) : 0) + (x === 0 ? weight(y) : 0);
      energy += (alone + mixed * weight(x) * weight(y)) ** 2;
    }
  return energy;
}
