import { ENTRY, PAIRS_AT, PERIOD, SAME_AT, WITNESSES_AT } from './neighbourhoods.js';

/** Pixels around a tile that the impulse detector reads. */
export const DEFECTS_HALO = 4;

const f = Math.fround;
const NOISE = f(0.4);
const TEXTURE = 0.125;
const AROUND = 0.0625;
const NOISE_LIGHT = 1.5;
const NOISE_RANGE = 3;

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

/**
 * The impulse detector as the kernel does it, operation by operation, written to be read.
 *
 * A photosite is a defect if it lies beyond all its neighbours of the same colour by more than `threshold` times what
 * the README's formula adds up: noise, texture that noise doesn't explain, and light that its neighbours saw too.
 * @param mosaic samples, white near 1
 * @param kind tells which places the first look compares with
 * @param table of `defectNeighbourhoods` for the mosaic's first sample
 * @param threshold dimensionless; 10 is conservative
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
      if (!(firstExcess > f(f(t * TEXTURE) * f(firstHigh - firstLow)))) continue;
      const square = f(f(f(NOISE * NOISE) * t) * t);
      const least = f(f(f(square * leastScale) * Math.max(firstNearest, 0)) + f(square * leastOffset));
      if (!(f(firstExcess * firstExcess) > least)) continue;

      const colour = table[at]!;
      const same = Array.from({ length: table[at + 1]! }, (_, i) =>
        value(table[at + SAME_AT + 2 * i]!, table[at + SAME_AT + 2 * i + 1]!),
      );
      const [low, high] = [Math.min(...same), Math.max(...same)];
      if (c >= low && c <= high) continue;
      const sign = c > high ? 1 : -1;
      const nearest = c > high ? high : low;
      const variance = f(f(noise[2 * colour]! * Math.max(nearest, 0)) + noise[2 * colour + 1]!);
      const sigma = f(Math.sqrt(variance));
      const beyondNoise = (range: number): number => Math.max(f(range - f(NOISE_RANGE * sigma)), 0);
      const excess = f(sign * f(c - nearest));
      const plain = f(f(NOISE * sigma) + f(TEXTURE * beyondNoise(f(high - low))));
      if (excess <= f(t * plain)) continue;

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
      const textured = f(plain + f(AROUND * beyondNoise(restless)));
      const explained = f(textured + Math.max(f(f(seen / witnesses) - f(NOISE_LIGHT * sigma)), 0));
      if (excess <= f(t * explained)) continue;

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
