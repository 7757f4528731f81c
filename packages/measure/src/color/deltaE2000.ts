import type { Lab } from './lab.js';

const degrees = (radians: number) => (radians * 180) / Math.PI;
const radians = (angle: number) => (angle * Math.PI) / 180;
const POW25_7 = 25 ** 7;

/** Hue angle in [0, 360) degrees; 0 for a neutral, as equation 7 of Sharma et al. has it. */
function hueAngle(a: number, b: number): number {
  if (a === 0 && b === 0) return 0;
  const angle = degrees(Math.atan2(b, a));
  return angle < 0 ? angle + 360 : angle;
}

/**
 * Two hues opposite one another are 180° apart in exact arithmetic and may come out a rounding above; the formula
 * jumps there, so a difference within this many degrees counts as 180.
 */
const OPPOSITE_TOLERANCE = 1e-9;

/**
 * Colour difference CIEDE2000 with kL = kC = kH = 1, after Sharma, Wu and Dalal, "The CIEDE2000 Color-Difference
 * Formula: Implementation Notes, Supplementary Test Data, and Mathematical Observations", Color Research and
 * Application 30(1), 2005, equations 2 to 22.
 */
export function deltaE2000(first: Lab, second: Lab): number {
  const [l1, a1, b1] = first;
  const [l2, a2, b2] = second;

  // Chroma with a* stretched near the neutral axis (equations 2 to 7).
  const meanC7 = ((Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2) ** 7;
  const g = 0.5 * (1 - Math.sqrt(meanC7 / (meanC7 + POW25_7)));
  const c1 = Math.hypot((1 + g) * a1, b1);
  const c2 = Math.hypot((1 + g) * a2, b2);
  const h1 = hueAngle((1 + g) * a1, b1);
  const h2 = hueAngle((1 + g) * a2, b2);

  // Differences (equations 8 to 11).
  const apart = Math.abs(h2 - h1);
  const acrossZero = apart > 180 + OPPOSITE_TOLERANCE;
  let hueDifference = 0;
  if (c1 * c2 !== 0) hueDifference = h2 - h1 - (acrossZero ? 360 * Math.sign(h2 - h1) : 0);
  const dL = l2 - l1;
  const dC = c2 - c1;
  const dH = 2 * Math.sqrt(c1 * c2) * Math.sin(radians(hueDifference / 2));

  // Means (equations 12 to 14).
  const meanL = (l1 + l2) / 2;
  const meanC = (c1 + c2) / 2;
  let meanH = h1 + h2;
  if (c1 * c2 !== 0) {
    if (!acrossZero) meanH = (h1 + h2) / 2;
    else meanH = (h1 + h2 + (h1 + h2 < 360 ? 360 : -360)) / 2;
  }

  // Weights and the rotation in the blues (equations 15 to 21).
  const t =
    1 -
    0.17 * Math.cos(radians(meanH - 30)) +
    0.24 * Math.cos(radians(2 * meanH)) +
    0.32 * Math.cos(radians(3 * meanH + 6)) -
    0.2 * Math.cos(radians(4 * meanH - 63));
  const fromMiddle = (meanL - 50) ** 2;
  const sL = 1 + (0.015 * fromMiddle) / Math.sqrt(20 + fromMiddle);
  const sC = 1 + 0.045 * meanC;
  const sH = 1 + 0.015 * meanC * t;
  const rC = 2 * Math.sqrt(meanC ** 7 / (meanC ** 7 + POW25_7));
  const rT = -Math.sin(radians(60 * Math.exp(-(((meanH - 275) / 25) ** 2)))) * rC;

  return Math.sqrt((dL / sL) ** 2 + (dC / sC) ** 2 + (dH / sH) ** 2 + rT * (dC / sC) * (dH / sH));
}
