import { ENTRY, PAIRS_AT, PERIOD, SAME_AT, WITNESSES_AT } from './neighbourhoods.js';

/** Pixels around a tile that the impulse detector reads. */
export const DEFECTS_HALO = 4;

const f = Math.fround;
const NOISE_SHARE = 0.25;
const TEXTURE = f(0.125);
const WITNESS_TEXTURE = f(0.0625);

/** Places that a first look compares with: all of the same colour, whatever the colour is. */
const FIRST_LOOK = {
  bayer: [
    [-2, -2],
    [-2, 0],
    [-2, 2],
    [0, -2],
    [0, 2],
    [2, -2],
    [2, 0],
    [2, 2],
  ],
  'x-trans': [
    [-3, -3],
    [-3, 3],
    [3, -3],
    [3, 3],
  ],
} as const;

/** Whether an excess, less what texture may explain, is more than noise. */
function standsOut(margin: number, threshold: number, variance: number): boolean {
  return margin > 0 && f(margin * margin) > f(f(f(NOISE_SHARE * threshold) * threshold) * variance);
}

/**
 * The impulse detector as the kernel does it, operation by operation, written to be read.
 *
 * A photosite is a defect if it lies beyond all its neighbours of the same colour by more than `threshold` times (half
 * the standard deviation of noise + 1/8 of the neighbours' range + 1/16 of the range around its neighbours of other
 * colours + what these show of the same impulse themselves, less one standard deviation).
 * @param mosaic samples, white near 1
 * @param kind tells which places the first look compares with
 * @param table of `defectNeighbourhoods` for the mosaic's first sample
 * @param threshold about twice the standard deviations of noise that a defect stands out by; 8 is conservative
 * @param noise scale and offset of the variance for red, green, blue
 * @returns a repaired copy; photosites within `DEFECTS_HALO` of the border are as they were
 */
export function defectsReference(
  mosaic: Float32Array,
  width: number,
  height: number,
  kind: 'bayer' | 'x-trans',
  table: Float32Array,
  threshold: number,
  noise: Float32Array,
): Float32Array {
  const t = f(threshold);
  const out = mosaic.slice();
  const leastScale = Math.min(noise[0]!, noise[2]!, noise[4]!);
  const leastOffset = Math.min(noise[1]!, noise[3]!, noise[5]!);
  for (let y = DEFECTS_HALO; y < height - DEFECTS_HALO; y++) {
    for (let x = DEFECTS_HALO; x < width - DEFECTS_HALO; x++) {
      const value = (dy: number, dx: number): number => mosaic[(y + dy) * width + x + dx]!;
      const at = ((y % PERIOD) * PERIOD + (x % PERIOD)) * ENTRY;
      const c = value(0, 0);

      const first = FIRST_LOOK[kind].map(([dy, dx]) => value(dy, dx));
      const [firstLow, firstHigh] = [Math.min(...first), Math.max(...first)];
      const firstNearest = c > firstHigh ? firstHigh : firstLow;
      const firstExcess = c > firstHigh ? f(c - firstHigh) : f(firstLow - c);
      const firstMargin = f(firstExcess - f(f(t * TEXTURE) * f(firstHigh - firstLow)));
      const square = f(f(NOISE_SHARE * t) * t);
      const least = f(f(f(square * leastScale) * Math.max(firstNearest, 0)) + f(square * leastOffset));
      if (!(firstMargin > 0 && f(firstMargin * firstMargin) > least)) continue;

      const colour = table[at]!;
      const same = Array.from({ length: table[at + 1]! }, (_, i) =>
        value(table[at + SAME_AT + 2 * i]!, table[at + SAME_AT + 2 * i + 1]!),
      );
      const [low, high] = [Math.min(...same), Math.max(...same)];
      if (c >= low && c <= high) continue;
      const sign = c > high ? 1 : -1;
      const nearest = c > high ? high : low;
      const variance = f(f(noise[2 * colour]! * Math.max(nearest, 0)) + noise[2 * colour + 1]!);
      const margin = f(f(sign * f(c - nearest)) - f(t * f(TEXTURE * f(high - low))));
      if (!standsOut(margin, t, variance)) continue;

      const witnesses = table[at + 3]!;
      let seen = 0;
      let restless = 0;
      for (let i = 0; i < witnesses; i++) {
        const offset = (k: number): number => table[at + WITNESSES_AT + 10 * i + k]!;
        const around = [2, 4, 6, 8].map((k) => value(offset(k), offset(k + 1)));
        const sum = around.reduce((a, b) => f(a + b));
        seen = f(seen + f(sign * f(value(offset(0), offset(1)) - f(0.25 * sum))));
        restless = Math.max(restless, f(Math.max(...around) - Math.min(...around)));
      }
      const light = Math.max(f(f(seen / witnesses) - f(Math.sqrt(variance))), 0);
      const rest = f(margin - f(t * f(light + f(WITNESS_TEXTURE * restless))));
      if (!standsOut(rest, t, variance)) continue;

      let total = 0;
      let mean = 0;
      for (let i = 0; i < table[at + 2]!; i++) {
        const pair = (k: number): number => table[at + PAIRS_AT + 5 * i + k]!;
        const b = value(pair(2), pair(3));
        const difference = f(value(pair(0), pair(1)) - b);
        const weight = f(1 / f(f(difference * difference) + variance));
        total = f(total + weight);
        mean = f(mean + f(weight * f(b + f(pair(4) * difference))));
      }
      out[y * width + x] = f(mean / total);
    }
  }
  return out;
}
