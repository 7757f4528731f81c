import { SCENE_GREY } from '../tone/curve.js';
import type { SceneLuminance } from './scene.js';

/** Shares of the pixels that are left out as too dark and too bright to say how bright the scene is. */
const DARKEST_LEFT_OUT = 0.05;
const BRIGHTEST_LEFT_OUT = 0.05;
/** How much of the way to middle grey the scene is brought: night stays darker than snow. */
const ADAPTATION = 0.7;
/** Of the brightest light this share of the pixels counts as lamps and glints, which may burn out. */
const GLINTS = 0.01;
/** How far the middle may pull the brightest parts beyond white: local tone calms them. */
const COMPROMISE = 0.3;
const LEAST_STOPS = -2;
/** Stops by which a picture may be darkened for each stop that its brightest parts lie below white. */
const BURNT_HOLD = 4;
const MOST_STOPS = 3.5;
/** Light below this is noise. */
const DARKEST = 2 ** -12;

/** How much a place counts: the middle of the picture four times as much as its corners. */
function importance(x: number, y: number): number {
  return 0.25 + 0.75 * Math.exp(-2 * (x * x + y * y));
}

/**
 * Stops that bring a scene to middle grey as far as a photographer would, while what is bright and no mere glint stays
 * below white.
 * @param white the light that becomes display white
 */
export function automaticStops({ width, height, values }: SceneLuminance, white: number): number {
  const pixels = Array.from(values, (value, i) => {
    const x = (2 * ((i % width) + 0.5)) / width - 1;
    const y = (2 * (Math.floor(i / width) + 0.5)) / height - 1;
    return { logarithm: Math.log2(Math.max(value, DARKEST)), weight: importance(x, y) };
  }).sort((a, b) => a.logarithm - b.logarithm);
  const total = pixels.reduce((sum, { weight }) => sum + weight, 0);
  let [before, sum, counted, bright] = [0, 0, 0, pixels.at(-1)?.logarithm ?? 0];
  for (const { logarithm, weight } of pixels) {
    const share = before / total;
    if (share >= DARKEST_LEFT_OUT && share < 1 - BRIGHTEST_LEFT_OUT) {
      sum += logarithm * weight;
      counted += weight;
    }
    if (share < 1 - GLINTS) bright = logarithm;
    before += weight;
  }
  if (counted === 0) return 0;
  const toGrey = ADAPTATION * (Math.log2(SCENE_GREY) - sum / counted);
  const toWhite = Math.log2(white) - bright;
  const stops = toGrey > toWhite ? toWhite + COMPROMISE * (toGrey - toWhite) : toGrey;
  // What the sensor cut off is white: darkened, it would be grey.
  const least = Math.max(LEAST_STOPS, -BURNT_HOLD * Math.max(toWhite, 0));
  return Math.min(Math.max(stops, least), MOST_STOPS);
}
