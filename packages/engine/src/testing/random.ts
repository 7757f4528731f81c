/** A seeded source of uniform numbers in [0, 1). */
export type Random = () => number;

/** Marsaglia's xorshift32 ("Xorshift RNGs", J. Stat. Soft. 8(14), 2003): the same numbers for the same seed. */
export function seededRandom(seed: number): Random {
  let state = Math.imul(seed, 0x9e3779b1) | 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  // Small seeds begin with few bits set: let them spread.
  for (let i = 0; i < 8; i++) next();
  return next;
}
