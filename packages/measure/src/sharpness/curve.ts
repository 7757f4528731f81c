import type { MtfCurve } from './slantedEdge.js';

/** The frequency where a curve first falls to `level`, interpolated linearly; undefined where it never does. */
export function crossing({ frequencies, values }: MtfCurve, level: number): number | undefined {
  for (let i = 1; i < values.length; i++) {
    const [before, after] = [values[i - 1]!, values[i]!];
    if (before > level && after <= level) {
      const t = (before - level) / (before - after);
      return frequencies[i - 1]! + t * (frequencies[i]! - frequencies[i - 1]!);
    }
  }
  return undefined;
}

/** The curve at a frequency, interpolated linearly, its end values beyond. */
export function valueAt({ frequencies, values }: MtfCurve, frequency: number): number {
  const upper = frequencies.findIndex((f) => f >= frequency);
  if (upper < 0) return values.at(-1)!;
  if (upper === 0) return values[0]!;
  const [low, high] = [frequencies[upper - 1]!, frequencies[upper]!];
  const t = (frequency - low) / (high - low);
  return values[upper - 1]! + t * (values[upper]! - values[upper - 1]!);
}
