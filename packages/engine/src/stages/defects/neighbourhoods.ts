/**
 * Which photosites the impulse detector compares a photosite with, as a table for the kernel and the reference.
 * The pattern is repeated to 6 × 6, so that one table serves Bayer and X-Trans.
 */

/** Side of the pattern that the table covers. */
export const PERIOD = 6;
/** Most photosites of the same colour that one is compared with. */
export const MAX_SAME = 12;
/** Pairs of photosites on opposite sides that a defect is interpolated from. */
export const PAIRS = 4;
/** Photosites of other colours next to one, at most. */
export const MAX_WITNESSES = 4;
/** Photosites that a witness is compared with. */
export const WITNESS_REFERENCES = 4;

/** Floats per place of the pattern: see `defectNeighbourhoods`. */
export const ENTRY = 88;
export const SAME_AT = 4;
export const PAIRS_AT = SAME_AT + 2 * MAX_SAME;
export const WITNESSES_AT = PAIRS_AT + 5 * PAIRS;

type Offset = readonly [dy: number, dx: number];

/** How far the table looks: neighbours, and the witnesses' references. */
const REACH = 4;

const square = ([dy, dx]: Offset): number => dy * dy + dx * dx;
const distanceSquared = (a: Offset, b: Offset): number => square([a[0] - b[0], a[1] - b[1]]);

/** Nearest first; at the same distance row by row. */
const OFFSETS: readonly Offset[] = Array.from(
  { length: (2 * REACH + 1) ** 2 },
  (_, i): Offset => [Math.floor(i / (2 * REACH + 1)) - REACH, (i % (2 * REACH + 1)) - REACH],
)
  .filter((offset) => square(offset) > 0)
  .sort((a, b) => square(a) - square(b));

/** Weight of the first of two opposite photosites in linear interpolation. */
function pairWeight([a, b]: readonly [Offset, Offset]): number {
  const [da, db] = [Math.sqrt(square(a)), Math.sqrt(square(b))];
  return db / (da + db);
}

/** Pairs that have the centre about halfway between them (within a third of a right angle), nearest first. */
function oppositePairs(same: readonly Offset[]): (readonly [Offset, Offset])[] {
  const pairs: (readonly [Offset, Offset])[] = [];
  same.forEach((a, i) => {
    for (const b of same.slice(i + 1)) {
      const dot = a[0] * b[0] + a[1] * b[1];
      // cos(150°)² = 3/4
      if (dot < 0 && 4 * dot * dot >= 3 * square(a) * square(b)) pairs.push([a, b]);
    }
  });
  return pairs.sort(([a, b], [c, d]) => square(a) + square(b) - square(c) - square(d)).slice(0, PAIRS);
}

/**
 * For each of the 36 places, `ENTRY` floats: colour, number of neighbours of the same colour, of pairs, of witnesses;
 * then the neighbours (dy, dx), the pairs (dy, dx, dy, dx, weight of the first) and the witnesses: their own offset and
 * the offsets of four photosites of the witness's colour that a point of light on the centre would not reach.
 * @param pattern 36 colours (0 red, 1 green, 2 blue), row by row, from any tile's first sample
 */
export function defectNeighbourhoods(pattern: readonly number[]): Float32Array {
  const table = new Float32Array(PERIOD * PERIOD * ENTRY);
  const wrap = (value: number): number => (value + PERIOD) % PERIOD;
  /** Where an entry begins, by the colours around its place: those of a shorter period come again. */
  const known = new Map<string, number>();
  for (let place = 0; place < PERIOD * PERIOD; place++) {
    const [row, column] = [Math.floor(place / PERIOD), place % PERIOD];
    const start = place * ENTRY;
    const around = pattern
      .map((_, i) => pattern[wrap(row + Math.floor(i / PERIOD)) * PERIOD + wrap(column + (i % PERIOD))])
      .join('');
    const before = known.get(around);
    if (before !== undefined) {
      table.copyWithin(start, before, before + ENTRY);
      continue;
    }
    known.set(around, start);
    const colourAt = ([dy, dx]: Offset): number => pattern[wrap(row + dy) * PERIOD + wrap(column + dx)]!;
    const colour = colourAt([0, 0]);
    const alike = OFFSETS.filter((offset) => colourAt(offset) === colour);
    // All within the 5 × 5 around the centre; where X-Trans leaves fewer than eight there, the eight nearest.
    const close = alike.filter(([dy, dx]) => Math.abs(dy) <= 2 && Math.abs(dx) <= 2).slice(0, MAX_SAME);
    const same = close.length < 8 ? alike.slice(0, 8) : close;
    const pairs = oppositePairs(alike.filter((offset) => square(offset) <= 18));
    const witnesses = OFFSETS.slice(0, MAX_WITNESSES).filter((offset) => colourAt(offset) !== colour);

    table.set([colour, same.length, pairs.length, witnesses.length], start);
    table.set(same.flat(), start + SAME_AT);
    table.set(
      pairs.flatMap((pair) => [...pair[0], ...pair[1], pairWeight(pair)]),
      start + PAIRS_AT,
    );
    table.set(
      witnesses.flatMap((witness) => [
        ...witness,
        ...OFFSETS.filter((offset) => colourAt(offset) === colourAt(witness) && square(offset) >= 4)
          .sort((a, b) => distanceSquared(a, witness) - distanceSquared(b, witness))
          .slice(0, WITNESS_REFERENCES)
          .flat(),
      ]),
      start + WITNESSES_AT,
    );
  }
  return table;
}
