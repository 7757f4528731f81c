/** What the tone curve is made of. */
export interface ToneCurve {
  /** Slope around middle grey in log-log; 1 is linear up to the white. */
  readonly contrast: number;
  /** Scene light that becomes display white, ≥ 1. */
  readonly white: number;
  /** Scene light that becomes `GREY_OUT`. */
  readonly grey: number;
}

/** Display light of middle grey: L* = 50. */
export const GREY_OUT = 0.1842;

/**
 * A log-logistic curve y = a·xᶜ / (xᶜ + k), scaled so that `white` gives 1 and `grey` gives {@link GREY_OUT}: the
 * Naka-Rushton response of photoreceptors (Naka and Rushton 1966) with exponent c.
 */
export function toneCurve({ contrast: c, white, grey }: ToneCurve): (x: number) => number {
  const w = white ** c;
  const g = grey ** c;
  const denominator = GREY_OUT * w - g;
  // Too little room between grey and white for the curve to bend: its limit, a power; grey stays brighter than asked.
  const k = denominator <= 0 ? undefined : ((1 - GREY_OUT) * g * w) / denominator;
  if (k === undefined) return (x) => Math.min((Math.max(x, 0) / white) ** c, 1);
  return (x) => {
    if (x <= 0) return 0;
    const power = Math.min(x, white * 4) ** c;
    return Math.min((power * (w + k)) / (w * (power + k)), 1);
  };
}

const ENTRIES_PER_OCTAVE = 64;
const LOWEST_OCTAVE = -14;
const OCTAVES = 22;

/** The curve over 2^-14 … 2^8 in equal steps of each octave, as the kernel wants it; one entry more than steps. */
export function tabulated(curve: (x: number) => number): Float32Array {
  return Float32Array.from({ length: ENTRIES_PER_OCTAVE * OCTAVES + 1 }, (_, i) => {
    const octave = Math.floor(i / ENTRIES_PER_OCTAVE) + LOWEST_OCTAVE;
    return curve(2 ** octave * (1 + (i % ENTRIES_PER_OCTAVE) / ENTRIES_PER_OCTAVE));
  });
}
