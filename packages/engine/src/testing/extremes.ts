import type { Vector3 } from '../colour/matrix3.js';
import { seededRandom } from './random.js';

const AWKWARD = [0, -0, 1, -1, 0.5, -0.02, 1e-9, 1e-30, 1e-45, 0.9999999, 1.0000001, 2.5, 17, 300, 65504];

/** Pixels as float32 values: every triple of awkward ones, then random ones over many magnitudes. */
export function testPixels(random = 600, seed = 5): Vector3[] {
  const next = seededRandom(seed);
  const any = (): number => Math.fround((next() - 0.05) * 4 ** (next() * 8 - 6));
  const awkward = AWKWARD.map(Math.fround);
  return [
    ...awkward.flatMap((r) => awkward.flatMap((g) => awkward.map((b): Vector3 => [r, g, b]))),
    ...Array.from({ length: random }, (): Vector3 => [any(), any(), any()]),
  ];
}

/** The largest of the differences of two lists of pixels, each divided by `unit` of its place. */
export function largestError(
  a: readonly Vector3[],
  b: readonly Vector3[],
  unit: (index: number) => number,
): { error: number; at: number } {
  let worst = { error: 0, at: -1 };
  a.forEach((pixel, i) => {
    for (let channel = 0; channel < 3; channel++) {
      const difference = Math.abs(pixel[channel]! - b[i]![channel]!);
      const error = difference === 0 ? 0 : difference / unit(i);
      if (!(error <= worst.error)) worst = { error, at: i };
    }
  });
  return worst;
}

/** The largest value of a function over a list; Infinity where one is no number. One assertion instead of thousands. */
export function most<T>(list: ArrayLike<T>, value: (item: T, index: number) => number): number {
  let worst = -Infinity;
  for (let i = 0; i < list.length; i++) {
    const found = value(list[i]!, i);
    if (!(found <= worst)) worst = Number.isNaN(found) ? Infinity : found;
  }
  return worst;
}

/** By how much a list falls at most from one value to the next; at most 0 where it only rises. */
export function largestFall(values: ArrayLike<number>): number {
  return most(values, (value, i) => (i === 0 ? -Infinity : values[i - 1]! - value));
}
