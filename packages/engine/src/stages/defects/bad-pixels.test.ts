import type { Opcode, RawFrame } from '@photosite/raw';
import { describe, expect, it } from 'vitest';
import { bayerFrame } from '../../testing/frames.js';
import { MAX_BAD_SHARE, repairBadPixels } from './bad-pixels.js';

const base = { dngVersion: '1.3.0.0', optional: false, previewSkip: false };
const list = (points: readonly number[], rects: readonly number[] = []): Opcode => ({
  ...base,
  kind: 'FixBadPixelsList',
  bayerPhase: 0,
  points: Int32Array.from(points),
  rects: Int32Array.from(rects),
});
const constant = (value: number): Opcode => ({
  ...base,
  kind: 'FixBadPixelsConstant',
  constant: value,
  bayerPhase: 0,
});

const SIZE = 40;
/** Each colour has its own level, so that a replacement from another colour would show. */
const scene = (x: number, _y: number, channel: number): number => 0.1 + 0.25 * channel + 0.004 * x;

function frame(
  list1: readonly Opcode[],
  list2: readonly Opcode[] = [],
  overrides: Partial<RawFrame> = {},
): RawFrame {
  return bayerFrame(SIZE, SIZE, scene, { opcodes: { list1, list2, list3: [] }, ...overrides });
}

/** The frame with some samples set. */
function damaged(whole: RawFrame, indices: readonly number[], value: number): RawFrame {
  const samples = whole.samples.slice();
  for (const i of indices) samples[i] = value;
  return { ...whole, samples };
}

const at = (y: number, x: number): number => y * SIZE + x;

/** Largest difference in samples. */
const error = (a: RawFrame, b: RawFrame): number =>
  Array.from(a.samples).reduce((most, value, i) => Math.max(most, Math.abs(value - b.samples[i]!)), 0);

describe('bad pixel opcodes', () => {
  it('replaces listed points, clusters and columns by their own colour', () => {
    const points = [10, 10, 10, 12, 11, 11, 0, 0, 39, 39, 20, 21];
    const whole = frame([list(points, [0, 25, SIZE, 26, 30, 5, 32, 8])]);
    const bad = [];
    for (let i = 0; i < points.length; i += 2) bad.push(at(points[i]!, points[i + 1]!));
    for (let y = 0; y < SIZE; y++) bad.push(at(y, 25));
    for (let y = 30; y < 32; y++) for (let x = 5; x < 8; x++) bad.push(at(y, x));
    const result = repairBadPixels(damaged(whole, bad, 4095));
    expect(result.repaired).toBe(new Set(bad).size);
    // The ramp rises by 15.4 levels a column; corners and what has no opposite pair take a neighbour two columns off.
    expect(error(result.frame, whole)).toBeLessThanOrEqual(32);
    expect(Math.abs(result.frame.samples[at(20, 21)]! - whole.samples[at(20, 21)]!)).toBeLessThanOrEqual(1);
  });

  it('replaces samples that equal the constant, and no others', () => {
    const whole = frame([constant(0)]);
    const result = repairBadPixels(damaged(whole, [at(7, 9), at(22, 30)], 0));
    expect(result.repaired).toBe(2);
    expect(error(result.frame, whole)).toBeLessThanOrEqual(1);
  });

  it('counts rows and columns of OpcodeList2 from the active area', () => {
    const activeArea = { top: 4, left: 6, bottom: SIZE, right: SIZE };
    const whole = frame([], [list([10, 10])], { activeArea });
    const result = repairBadPixels(damaged(whole, [at(14, 16)], 4095));
    expect(error(result.frame, whole)).toBeLessThanOrEqual(1);
  });

  it('leaves the given frame alone, and returns it where there is nothing to do', () => {
    const given = damaged(frame([list([10, 10])]), [at(10, 10)], 4095);
    const before = given.samples.slice();
    repairBadPixels(given);
    expect(given.samples).toEqual(before);
    const clean = frame([]);
    expect(repairBadPixels(clean).frame).toBe(clean);
  });

  it('ignores places outside of the frame', () => {
    const whole = frame([list([-1, 3, 5, 400, 2147483647, 0], [-5, -5, 0, 0, 60, 60, 70, 70])]);
    expect(repairBadPixels(whole)).toEqual({ frame: whole, repaired: 0, excessive: false });
  });

  it('does not believe a list that calls more than its share of the frame bad, once or again and again', () => {
    const rows = Math.ceil(SIZE * MAX_BAD_SHARE) + 1;
    const again = Array.from({ length: 200 }, () => [3, 3, 5, 20]).flat();
    for (const rects of [[0, 0, rows, SIZE], again]) {
      const whole = frame([list([], rects)]);
      expect(repairBadPixels(whole)).toEqual({ frame: whole, repaired: 0, excessive: true });
    }
  });
});
