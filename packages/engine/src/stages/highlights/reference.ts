import type { Vector3 } from '../../colour/matrix3.js';

/** Fractions of a channel's white level where clipping begins to count, and where it counts fully. */
const CLIP_START = 0.9;
const CLIP_END = 0.99;
/** What a clipped channel still counts beside an unclipped one: for the light, and for how much of the colour there is. */
const CLIPPED_TRUST = 2 ** -10;
const CLIPPED_SAY = 2 ** -3;
/** What speaks for the colour of the surroundings before the pixel's own channels say anything. */
const PRIOR = 2 ** -6;
/** What speaks for it besides where it is vivid: lamps and flowers burn out in their colour, skies into clouds. */
const VIVID_PRIOR = 2 ** -2;
/** A channel is raised to at most this multiple of the highest white level. */
const MOST_RAISED = 3;
const TINY = 2 ** -30;

/** How far a channel counts as clipped: 0 not at all, 1 fully, smooth between. */
function clipped(value: number, white: number): number {
  const t = Math.min(Math.max((value - CLIP_START * white) / ((CLIP_END - CLIP_START) * white), 0), 1);
  return t * t * (3 - 2 * t);
}

/** Colour and clip levels around a pixel. */
export interface Around {
  /** Balanced RGB of the surroundings, mean 1. */
  readonly colour: Vector3;
  /** What each channel's white level is multiplied by: lens shading's gains. */
  readonly ceiling: Vector3;
}

/**
 * A white-balanced pixel with its clipped channels rebuilt: as light of a colour between neutral and that of the
 * surroundings. Where between them is read from the channels that are not clipped, and so is how much light.
 * @param neutral camera RGB of the scene's neutral: a balanced channel's white level is 1 / neutral
 */
export function highlights(
  pixel: Vector3,
  neutral: Vector3,
  { colour, ceiling }: Around = { colour: [1, 1, 1], ceiling: [1, 1, 1] },
): Vector3 {
  const level = neutral.map((n, i) => ceiling[i]! / n);
  const share = pixel.map((value, i) => clipped(value, level[i]!));
  const difference = (a: number, b: number): number => (a - b) / (a + b);
  const pairs = [
    [0, 1],
    [1, 2],
    [2, 0],
  ] as const;
  const vividness = pairs.reduce((sum, [i, j]) => sum + difference(colour[i], colour[j]) ** 2, 0);
  const prior = PRIOR + VIVID_PRIOR * vividness * vividness;
  let [along, length] = [prior, prior];
  for (const [i, j] of pairs) {
    const say = (1 - share[i]! + CLIPPED_SAY) * (1 - share[j]! + CLIPPED_SAY);
    const around = difference(colour[i], colour[j]);
    const own = difference(Math.max(pixel[i], TINY), Math.max(pixel[j], TINY));
    along += say * around * own;
    length += say * around * around;
  }
  const strength = Math.min(Math.max(along / length, 0), 1);
  const guess = colour.map((c) => 1 + strength * (c - 1));
  const trust = share.map((clip) => 1 - clip + CLIPPED_TRUST);
  const sum = (of: (i: number) => number): number => of(0) + of(1) + of(2);
  const light = sum((i) => trust[i]! * pixel[i]!) / sum((i) => trust[i]! * guess[i]!);
  const lifted = pixel.map((value, i) => {
    const estimate = Math.min(light * guess[i]!, MOST_RAISED * Math.max(...level));
    return value + share[i]! * (Math.max(value, estimate) - value);
  });
  // Where all three are clipped nothing is known of the colour: it is taken for white.
  const all = Math.min(...share);
  const top = Math.max(...lifted);
  const [r, g, b] = lifted.map((value) => value + all * (top - value));
  return [r!, g!, b!];
}
