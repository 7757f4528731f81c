// The deconvolution's kernel as it is meant; kernel.ts does the same, four pixels at a time.
import { TAPS } from './filter.js';
import type { Trust } from './plan.js';

/** A picture of interleaved RGB. */
export interface DeconvolvedPicture {
  readonly width: number;
  readonly height: number;
  readonly data: ArrayLike<number>;
}

const within = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most);

/** A place inside of a line of so many, mirrored at its ends. */
function inside(at: number, size: number): number {
  const place = at < 0 ? -at : at;
  return within(place > size - 1 ? 2 * (size - 1) - place : place, 0, size - 1);
}

/**
 * Deconvolves a picture.
 * @param table as deconvolutionTable makes it
 * @param ofLight the weights by which colours make light
 */
export function deconvolved(
  { width, height, data }: DeconvolvedPicture,
  table: Float32Array,
  ofLight: readonly number[],
  trust: Trust,
): number[] {
  const [strength, scale, offset, shaded, s0, s1, s2, ofFilter, ofEdges] = table as unknown as number[];
  const shade = [s0!, s1!, s2!];
  const side = TAPS + 1;
  const weights = table.subarray(9, 9 + side * side);
  const edges = table.subarray(9 + side * side);
  const pixel = (x: number, y: number): number => inside(y, height) * width + inside(x, width);
  const light = Array.from({ length: width * height }, (_, i) =>
    ofLight.reduce((sum, weight, c) => sum + weight * data[3 * i + c]!, 0),
  );
  const at = (x: number, y: number): number => light[pixel(x, y)]!;
  const filtered = (filter: Float32Array, x: number, y: number): number => {
    let sum = 0;
    for (let j = -TAPS; j <= TAPS; j++)
      for (let i = -TAPS; i <= TAPS; i++) sum += filter[Math.abs(j) * side + Math.abs(i)]! * at(x + i, y + j);
    return sum;
  };
  /** How surely the surroundings are one straight edge. */
  const straightness = (x: number, y: number, noise: number): number => {
    const binomial = [1, 4, 6, 4, 1].map((weight) => weight / 16);
    let [xx, yy, xy] = [0, 0, 0];
    for (let j = -2; j <= 2; j++)
      for (let i = -2; i <= 2; i++) {
        const weight = binomial[i + 2]! * binomial[j + 2]!;
        const dx = at(x + i + 1, y + j) - at(x + i - 1, y + j);
        const dy = at(x + i, y + j + 1) - at(x + i, y + j - 1);
        xx += weight * dx * dx;
        yy += weight * dy * dy;
        xy += weight * dx * dy;
      }
    const coherence = ((xx - yy) ** 2 + 4 * xy * xy) / (xx + yy + noise) ** 2;
    const t = within((coherence - 0.85) / 0.13, 0, 1);
    return t * t * (3 - 2 * t);
  };
  const trusted = (x: number, y: number): number => {
    const [u, v] = [(x - 7.5) / 16, (y - 7.5) / 16];
    const [i, j] = [within(Math.floor(u), 0, trust.columns - 2), within(Math.floor(v), 0, trust.rows - 2)];
    const [fx, fy] = [within(u - i, 0, 1), within(v - j, 0, 1)];
    const row = (k: number): number => {
      const first = (j + k) * trust.columns + i;
      return trust.values[first]! * (1 - fx) + trust.values[first + 1]! * fx;
    };
    return row(0) * (1 - fy) + row(1) * fy;
  };
  const out = Array.from(data);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const here = at(x, y);
      const noise = scale! * Math.max(here, 0) + offset!;
      let energy = 0;
      for (let j = -1; j <= 1; j++)
        for (let i = -1; i <= 1; i++) energy += filtered(weights, x + i, y + j) ** 2 / 9;
      const kept = (variance: number, of: number): number => Math.max(1 - variance / Math.max(of, 1e-20), 0);
      let gain = filtered(weights, x, y) * kept(noise * ofFilter!, energy);
      const more = filtered(edges, x, y);
      gain += more * kept(noise * ofEdges!, more * more) * straightness(x, y, noise);
      let [low, high, peak] = [Infinity, -Infinity, -Infinity];
      for (let j = -2; j <= 2; j++)
        for (let i = -2; i <= 2; i++) {
          const near = pixel(x + i, y + j);
          low = Math.min(low, light[near]!);
          high = Math.max(high, light[near]!);
          peak = Math.max(peak, data[3 * near]!, data[3 * near + 1]!, data[3 * near + 2]!);
        }
      const clear = 1 - within((peak - 0.9) * 10, 0, 1);
      const over = 0.05 * (high - low);
      const wanted = within(
        here + gain * strength! * trusted(x, y) * clear,
        low - Math.min(over, 0.1 * Math.max(low, 0)),
        high + over,
      );
      const change = (wanted - here) / (Math.max(here, 0) + shaded!);
      for (let c = 0; c < 3; c++) {
        const i = 3 * (y * width + x) + c;
        out[i]! += change * (Math.max(data[i]!, 0) + shade[c]!);
      }
    }
  return out;
}
