/** What the tone curve is made of. */
export interface ToneCurve {
  /** Slope around middle grey in log-log; 1 is linear up to the white. */
  readonly contrast: number;
  /** Scene light that becomes display white, ≥ 1. */
  readonly white: number;
  /** Scene light that becomes `GREY_OUT`. */
  readonly grey: number;
}

/**
 * Where the scene's middle grey lies below sensor white in most exposures: 3.1 stops, near ISO 12232's 18 % over its
 * half-stop of headroom.
 */
export const SCENE_GREY = 0.115;
/** More light above white than this is not asked of the curve. */
const LARGEST_WHITE = 4;

/**
 * The scene light that becomes display white: where all channels clip the picture shall be white, however far the
 * brightest balanced one reaches above 1.
 */
export function sceneWhiteLevel(neutral: readonly number[]): number {
  return Math.min(Math.max(...neutral.map((n) => 1 / n)), LARGEST_WHITE);
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

/** Display light at which half of what the blacks parameter asks for is left. */
const TOE = 0.03;

/**
 * A curve whose darkest tones are opened (`blacks` up to 1: twice as steep) or deepened (down to -1: level) at black,
 * and which stays as it is toward white.
 */
export function withBlacks(curve: (x: number) => number, blacks: number): (x: number) => number {
  return (x) => {
    const y = curve(x);
    return y * (1 + (blacks * TOE * (1 - y)) / (y + TOE));
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
