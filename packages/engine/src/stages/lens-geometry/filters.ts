/** Fractions of a pixel at which the filter is tabulated: the nearest one is taken, at most 1/512 pixel away. */
export const PHASES = 256;
/** Lobes of the windowed sinc on each side. */
export const LOBES = 3;
/** Steps of an octave in which the filter is widened where the picture shrinks. */
const LEVELS_PER_OCTAVE = 8;
/** Places that shrink by more than one octave are filtered as for one. */
export const LEVELS = LEVELS_PER_OCTAVE + 1;
/** Up to this much shrinking is not worth a wider and so softer filter. */
const TOLERATED_SHRINKING = 1.06;
/** Floats of a header of one level: taps, vectors, address offset of its weights in floats, spare. */
export const HEADER = 4;

/** The filter of a place whose neighbours lie `shrinking` source pixels apart. */
export function levelOf(shrinking: number): number {
  if (!(shrinking > TOLERATED_SHRINKING)) return 0;
  return Math.min(Math.ceil(LEVELS_PER_OCTAVE * Math.log2(shrinking)), LEVELS - 1);
}

/** By how much a level's filter is widened. */
export function stretchOf(level: number): number {
  return 2 ** (level / LEVELS_PER_OCTAVE);
}

/** Source pixels that a level's filter reads in each direction. */
export function tapsOf(level: number): number {
  return 2 * Math.ceil(LOBES * stretchOf(level));
}

/** sinc x windowed by its own main lobe, `LOBES` times as wide (Lanczos; Duchon 1979). */
export function lanczos(x: number): number {
  if (x === 0) return 1;
  if (Math.abs(x) >= LOBES) return 0;
  const a = Math.PI * x;
  return (LOBES * Math.sin(a) * Math.sin(a / LOBES)) / (a * a);
}

/** Weights of a level at a fraction of a pixel, of sum 1: tap k lies k − taps/2 + 1 pixels from the place's whole part. */
export function weightsOf(level: number, fraction: number): number[] {
  const taps = tapsOf(level);
  const stretch = stretchOf(level);
  const weights = Array.from({ length: taps }, (_, k) => lanczos((k - taps / 2 + 1 - fraction) / stretch));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/**
 * The filters of all levels as the kernel reads them: int32 headers, then per level `PHASES` rows of weights, padded
 * with zeros to whole vectors of four.
 */
export function filterTable(): Uint8Array {
  const rows = Array.from({ length: LEVELS }, (_, level) => {
    const taps = tapsOf(level);
    return { level, taps, padded: Math.ceil(taps / 4) * 4 };
  });
  const floats = LEVELS * HEADER + rows.reduce((sum, { padded }) => sum + padded * PHASES, 0);
  const buffer = new ArrayBuffer(floats * 4);
  const [integers, weights] = [new Int32Array(buffer), new Float32Array(buffer)];
  let at = LEVELS * HEADER;
  for (const { level, taps, padded } of rows) {
    integers.set([taps, padded / 4, at], level * HEADER);
    for (let phase = 0; phase < PHASES; phase++, at += padded)
      weights.set(weightsOf(level, phase / PHASES), at);
  }
  return new Uint8Array(buffer);
}
