import type { RawFrame } from '@photosite/raw';
import { lineariseTables, patternAt } from '../linearise/tables.js';

/** Patches looked at along each direction, and quads along a patch's side. */
const PATCHES = 48;
const QUADS = 8;
/** A difference beyond this share of their mean is the sensor's: those of our real raws differ by 0.5 % at most. */
const MOST = 0.02;

const known = new WeakMap<RawFrame, boolean>();

function measure(frame: RawFrame): boolean {
  const { samples, width, activeArea: area } = frame;
  const tables = lineariseTables(frame, [1, 1, 1]);
  const light = (x: number, y: number): number => {
    const rows = tables.rows[0]!;
    const { black, scale } = rows[y % rows.length]!;
    const stored = samples[(y + area.top) * width + x + area.left]!;
    return ((tables.table?.[stored] ?? stored) - black[x]!) * scale[x]!;
  };
  const size = 2 * QUADS;
  const [across, down] = [area.right - area.left, area.bottom - area.top];
  const pitch = (length: number): number => Math.max(2 * Math.floor(length / PATCHES / 2), size);
  const green = patternAt(frame, 2).indexOf(1);
  const differences: number[] = [];
  for (let top = 0; top + size <= down; top += pitch(down))
    for (let left = 0; left + size <= across; left += pitch(across)) {
      let [upper, lower] = [0, 0];
      for (let y = top; y < top + size; y += 2)
        for (let x = left; x < left + size; x += 2) {
          upper += light(x + green, y);
          lower += light(x + 1 - green, y + 1);
        }
      if (upper + lower > 0) differences.push((2 * (upper - lower)) / (upper + lower));
    }
  differences.sort((a, b) => a - b);
  return Math.abs(differences[differences.length >> 1] ?? 0) > MOST;
}

/**
 * Whether the two greens of a Bayer mosaic see the same light differently, by the middle of many patches: neither noise nor
 * texture has a preference.
 */
export function greensDisagree(frame: RawFrame): boolean {
  let answer = known.get(frame);
  if (answer === undefined) {
    answer = measure(frame);
    known.set(frame, answer);
  }
  return answer;
}
