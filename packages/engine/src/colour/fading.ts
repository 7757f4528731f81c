/**
 * Hue while a colour fades or grows: mixing white into it in linear light turns blues to violet and oranges to red
 * (Abney's effect); both are put right by more green. A fit, of our own, to Oklab's lines of equal hue: `SHAPE` where green
 * lies between the others, over the share of white before and after.
 */
const [STRENGTH, NEAR_LOW, NEAR_TOP] = [0.44, 0.03, 1.3];

/** How fast the correction falls with the share of white: for colours within the gamut, and for those led into it. */
export const FADE_IN_GAMUT = 0.56;
export const FADE_INTO_GAMUT = 1;

/**
 * What is added to green's place between the smallest and the largest channel, so that hue as seen stays.
 * @param place green's place, 0 the smallest channel's, 1 the largest's
 * @param before the smallest channel's share of the largest before the change
 * @param after the same after it
 * @param fall {@link FADE_IN_GAMUT} or {@link FADE_INTO_GAMUT}
 */
export function greenForHue(place: number, before: number, after: number, fall: number): number {
  const amount = (STRENGTH * (after - before)) / (before + after + fall);
  // The way back is the inverse, so that the order of channels stays.
  return (amount * place * (1 - place)) / ((place + NEAR_LOW + Math.max(-amount, 0)) * (NEAR_TOP - place));
}
