/** Smallest multiple of 4 that is at least `value`. */
export function roundUp4(value: number): number {
  return (value + 3) & ~3;
}

/**
 * The place inside of [0, size) whose photosite stands in for one outside of it and has its colour: mirrored about the
 * border where the period is at most 2, shifted by whole periods where it is larger.
 */
export function insidePlace(place: number, size: number, period: number): number {
  if (place >= 0 && place < size) return place;
  if (period <= 2) {
    const round = Math.max(2 * (size - 1), 1);
    const folded = ((place % round) + round) % round;
    return folded < size ? folded : round - folded;
  }
  const shifted =
    place < 0
      ? place + Math.ceil(-place / period) * period
      : place - Math.ceil((place - size + 1) / period) * period;
  return Math.min(Math.max(shifted, 0), size - 1);
}

/**
 * Where pixel `i` of a grid that shrinks `source` pixels to `target` begins in the source; exact at both ends. Beyond
 * them the grid goes on.
 */
export function edgeOf(i: number, source: number, target: number): number {
  return i === target ? source : i * (source / target);
}

/** The range of source pixels under output pixels `first … first + count` of a grid that shrinks `source` to `target`. */
export function sourceSpan(
  first: number,
  count: number,
  source: number,
  target: number,
): [start: number, end: number] {
  return [Math.floor(edgeOf(first, source, target)), Math.ceil(edgeOf(first + count, source, target))];
}

/** A range of a grid's pixels along one axis. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * The pixels of a grid that may be computed along one axis: its own, and up to `halo` more on each side that lie wholly
 * inside of the picture.
 * @param start where the region begins in the picture
 * @param picture the picture's size
 */
export function reachOf(start: number, source: number, target: number, picture: number, halo: number): Range {
  const ratio = source / target;
  const before = Math.floor(start / ratio);
  const after = Math.floor((picture - start - source) / ratio);
  return { from: -Math.min(before, halo), to: target + Math.min(after, halo) };
}
