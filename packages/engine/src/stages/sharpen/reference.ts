import type { Vector3 } from '../../colour/matrix3.js';

/** How a picture is sharpened; all numbers are rounded to 32 bits. */
export interface Sharpening {
  /** Share of what deconvolution gains. */
  readonly amount: number;
  /** Variance that noise alone gives to the gain: scale times luminance, plus offset. */
  readonly noiseScale: number;
  readonly noiseOffset: number;
  /** Share of the surrounding contrast by which a pixel may lie above the brightest or below the darkest around it. */
  readonly overshoot: number;
  /** Luminance below which changes are not measured as ratios. */
  readonly darkest: number;
  /** The blur along one axis: the middle, its neighbours, the next ones. */
  readonly weights: readonly number[];
  readonly steps: number;
}

const f = Math.fround;
const LUMINANCE = [0.2627, 0.678, 0.0593].map(f);
const WINDOW = 2;

/** A picture whose pixels outside of it are asked for by place, as a tile's are. */
export type PixelAt = (x: number, y: number) => Vector3;

/** One pixel, sharpened: written for reading, with all of the steps' intermediate values computed anew. */
export function sharpenedPixel(at: PixelAt, x: number, y: number, how: Sharpening): Vector3 {
  const weights = how.weights.map(f);
  const taps = weights.length - 1;
  const light = (u: number, v: number): number => {
    const [r, g, b] = at(u, v);
    return f(f(f(r * LUMINANCE[0]!) + f(g * LUMINANCE[1]!)) + f(b * LUMINANCE[2]!));
  };
  const blurred = (value: (i: number) => number): number => {
    let sum = f(value(0) * weights[0]!);
    for (let k = 1; k <= taps; k++) sum = f(sum + f(f(value(-k) + value(k)) * weights[k]!));
    return sum;
  };
  const memo = new Map<string, number>();
  const remembered = (key: string, compute: () => number): number => {
    const known = memo.get(key);
    if (known !== undefined) return known;
    const value = compute();
    memo.set(key, value);
    return value;
  };
  const row = (step: number, u: number, v: number): number =>
    remembered(`row ${step} ${u} ${v}`, () => blurred((i) => estimate(step, u + i, v)));
  const estimate = (step: number, u: number, v: number): number =>
    remembered(`${step} ${u} ${v}`, () => {
      if (step === 0) return light(u, v);
      const blur = blurred((i) => row(step - 1, u, v + i));
      return f(estimate(step - 1, u, v) + f(light(u, v) - blur));
    });
  const here = light(x, y);
  let gain = f(f(estimate(how.steps, x, y) - here) * f(how.amount));
  const square = f(gain * gain);
  const noise = f(f(f(how.noiseScale) * Math.max(here, 0)) + f(how.noiseOffset));
  gain = f(f(gain * square) / f(square + noise));
  let [low, high] = [Infinity, -Infinity];
  for (let v = y - WINDOW; v <= y + WINDOW; v++)
    for (let u = x - WINDOW; u <= x + WINDOW; u++) {
      low = Math.min(low, light(u, v));
      high = Math.max(high, light(u, v));
    }
  const allowed = f(f(high - low) * f(how.overshoot));
  const wanted = Math.min(Math.max(f(here + gain), f(low - allowed)), f(high + allowed));
  const ratio = Math.max(f(1 + f(f(wanted - here) / Math.max(here, f(how.darkest)))), 0);
  const [r, g, b] = at(x, y);
  return [f(r * ratio), f(g * ratio), f(b * ratio)];
}
