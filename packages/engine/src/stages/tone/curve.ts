import { type CurvePoint, monotoneCurve } from '../../colour/monotoneCurve.js';
import { srgbDecode, srgbEncode } from '../../colour/spaces.js';

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
 * Where the scene's middle grey lies below sensor white in most exposures: 3 stops, ISO 12232's 18 % over its half-stop
 * of headroom (0.1274).
 */
export const SCENE_GREY = 0.125;
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

/** A curve from which an even veil of light is taken: it becomes black, and `white` stays where it is. */
export function withoutVeil(
  curve: (x: number) => number,
  veil: number,
  white: number,
): (x: number) => number {
  const stretch = white / (white - veil);
  return (x) => curve(Math.max(x - veil, 0) * stretch);
}

/** A curve followed by one that a person drew over what the display is sent: sRGB-encoded values in [0, 1]. */
export function withPoints(
  curve: (x: number) => number,
  points: readonly CurvePoint[],
): (x: number) => number {
  const drawn = monotoneCurve(points);
  return (x) => srgbDecode(Math.min(Math.max(drawn(srgbEncode(Math.min(curve(x), 1))), 0), 1));
}

const ENTRIES_PER_OCTAVE = 64;
const LOWEST_OCTAVE = -14;
const OCTAVES = 22;

/** The curve over 2^-14 … 2^8 in equal steps of each octave, as the kernel wants it: one entry more than steps, then black. */
export function tabulated(curve: (x: number) => number): Float32Array {
  const steps = ENTRIES_PER_OCTAVE * OCTAVES;
  return Float32Array.from({ length: steps + 2 }, (_, i) => {
    if (i > steps) return curve(0);
    const octave = Math.floor(i / ENTRIES_PER_OCTAVE) + LOWEST_OCTAVE;
    return curve(2 ** octave * (1 + (i % ENTRIES_PER_OCTAVE) / ENTRIES_PER_OCTAVE));
  });
}
