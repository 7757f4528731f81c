import { describe, expect, it } from 'vitest';
import { MeasureError } from '../MeasureError.js';
import { readMatrixProfile } from './iccMatrix.js';
import { decodeSrgb } from './srgb.js';

/** A profile of the given tags, as ICC.1 lays it out. */
function profile(tags: Readonly<Record<string, readonly number[]>>): Uint8Array {
  const names = Object.keys(tags);
  let at = 132 + 12 * names.length;
  const bytes = new Uint8Array(at + Object.values(tags).reduce((sum, tag) => sum + tag.length, 0));
  const view = new DataView(bytes.buffer);
  view.setUint32(128, names.length);
  names.forEach((name, i) => {
    bytes.set(Buffer.from(name, 'latin1'), 132 + 12 * i);
    view.setUint32(136 + 12 * i, at);
    view.setUint32(140 + 12 * i, tags[name]!.length);
    bytes.set(tags[name]!, at);
    at += tags[name]!.length;
  });
  return bytes;
}

const big32 = (value: number) => [value >> 24, value >> 16, value >> 8, value].map((b) => b & 255);
const fixed = (value: number) => big32(Math.round(value * 65536));
const xyz = (...values: number[]) => [...Buffer.from('XYZ '), 0, 0, 0, 0, ...values.flatMap(fixed)];
const para = (type: number, ...values: number[]) => [
  ...Buffer.from('para'),
  ...[0, 0, 0, 0, 0, type, 0, 0],
  ...values.flatMap(fixed),
];
const curv = (...words: number[]) => [
  ...Buffer.from('curv'),
  ...[0, 0, 0, 0],
  ...big32(words.length),
  ...words.flatMap((w) => [w >> 8, w & 255]),
];
const primaries = { rXYZ: xyz(0.5, 0.25, 0), gXYZ: xyz(0.375, 0.5, 0.125), bXYZ: xyz(0.0625, 0.25, 0.75) };

describe('readMatrixProfile', () => {
  it('puts the primaries into the columns of the matrix', () => {
    const linear = curv();
    const read = readMatrixProfile(profile({ ...primaries, rTRC: linear, gTRC: linear, bTRC: linear }));
    expect(read.toXyzD50).toEqual([0.5, 0.375, 0.0625, 0.25, 0.5, 0.25, 0, 0.125, 0.75]);
    expect(read.curves.map((curve) => curve(0.3))).toEqual([0.3, 0.3, 0.3]);
  });

  it('evaluates gamma and both sRGB forms of a parametric curve', () => {
    const srgb = [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045];
    const read = readMatrixProfile(
      profile({ ...primaries, rTRC: curv(2 * 256), gTRC: para(3, ...srgb), bTRC: para(4, ...srgb, 0, 0) }),
    );
    expect(read.curves[0]!(0.5)).toBe(0.25);
    for (const x of [0, 0.02, 0.2, 0.9, 1]) {
      // s15Fixed16 holds the parameters to 8e-6.
      expect(read.curves[1]!(x)).toBeCloseTo(decodeSrgb(x), 4);
      expect(read.curves[2]!(x)).toBeCloseTo(decodeSrgb(x), 4);
    }
  });

  it('interpolates tables, and keeps their ends beyond', () => {
    const table = curv(0, 32768, 65535);
    const { curves } = readMatrixProfile(profile({ ...primaries, rTRC: table, gTRC: table, bTRC: table }));
    // 32768 of 65535.
    expect(curves[0]!(0.5)).toBeCloseTo(0.5, 4);
    expect(curves[0]!(0.75)).toBeCloseTo(0.75, 4);
    expect([curves[0]!(-1), curves[0]!(2)]).toEqual([0, 1]);
  });

  it('refuses a profile that is cut off anywhere, or promises what it has not', () => {
    const whole = profile({ ...primaries, rTRC: curv(), gTRC: curv(), bTRC: curv(0, 1, 2, 3) });
    for (let length = 0; length < whole.length; length++) {
      expect(() => readMatrixProfile(whole.subarray(0, length))).toThrow(MeasureError);
    }
    const many = whole.slice();
    new DataView(many.buffer).setUint32(128, 0xffffffff);
    expect(() => readMatrixProfile(many)).toThrow(/4294967295 tags/);
  });

  it('refuses a profile without a matrix', () => {
    expect(() => readMatrixProfile(profile({ rTRC: curv() }))).toThrow(/rXYZ/);
  });
});
