import { describe, expect, it } from 'vitest';
import { type FrameFile, secondsOf } from './FrameFile.js';
import { findBursts, pickBurst } from './findBursts.js';

const frame = (path: string, timeS: number | undefined, more: Partial<FrameFile> = {}): FrameFile => ({
  path,
  kind: 'raw',
  mosaics: 1,
  camera: 'Photosite Twin',
  width: 4000,
  height: 3000,
  pattern: '0112',
  exposure: { exposureTime: 1 / 30, iso: 400, focalLengthMm: 24 },
  ...(timeS !== undefined && { timeS }),
  ...more,
});
const series = (name: string, from: number, count: number, step: number, more: Partial<FrameFile> = {}) =>
  Array.from({ length: count }, (_, i) => frame(`${name}${i}`, from + i * step, more));
const names = (bursts: readonly (readonly FrameFile[])[]) =>
  bursts.map((burst) => burst.map(({ path }) => path).join(' '));

describe('bursts among files', () => {
  it('end where a pause is long', () => {
    const files = [...series('b', 100, 3, 0.2), ...series('a', 10, 2, 1)];
    expect(names(findBursts(files, false))).toEqual(['a0 a1', 'b0 b1 b2']);
    expect(names(findBursts(files, true))).toEqual(['a0 a1', 'b0 b1 b2']);
  });

  it('may have long pauses where just these files were named', () => {
    const pair = [frame('a', 0), frame('b', 66)];
    expect(names(findBursts(pair, true))).toEqual(['a b']);
    expect(names(findBursts(pair, false))).toEqual(['a', 'b']);
  });

  it('count the pause from the end of an exposure', () => {
    const long = { exposure: { exposureTime: 10 } };
    expect(names(findBursts(series('n', 0, 3, 11, long), false))).toEqual(['n0 n1 n2']);
    expect(names(findBursts(series('n', 0, 3, 13, long), false))).toEqual(['n0', 'n1', 'n2']);
  });

  it('are of one camera, one size, one pattern, one kind and one focal length', () => {
    const files = [
      frame('a', 0),
      frame('camera', 0.1, { camera: 'Other' }),
      frame('size', 0.2, { width: 2000 }),
      frame('pattern', 0.3, { pattern: '1021' }),
      frame('jpeg', 0.4, { kind: 'jpeg', pattern: '' }),
      frame('b', 0.5),
      frame('zoomed', 0.6, { exposure: { exposureTime: 1 / 30, focalLengthMm: 70 } }),
    ];
    expect(names(findBursts(files, false)).sort()).toEqual(
      ['a b', 'camera', 'jpeg', 'pattern', 'size', 'zoomed'].sort(),
    );
  });

  it('are two where one series of equal exposures follows another, and one where exposures are bracketed', () => {
    const bright = { exposure: { exposureTime: 1 / 4, iso: 400 } };
    const two = [...series('a', 0, 4, 0.1), ...series('b', 0.5, 4, 0.3, bright)];
    expect(names(findBursts(two, false))).toEqual(['a0 a1 a2 a3', 'b0 b1 b2 b3']);
    const bracket = [frame('short', 0), frame('middle', 0.1, bright), frame('again', 0.5)];
    expect(names(findBursts(bracket, false))).toEqual(['short middle again']);
    const oneLong = [...series('a', 0, 4, 0.1), frame('long', 0.5, bright)];
    expect(names(findBursts(oneLong, false))).toEqual(['a0 a1 a2 a3 long']);
  });

  it('stay together where files say no time', () => {
    expect(names(findBursts([frame('b', undefined), frame('a', undefined)], false))).toEqual(['b a']);
  });
});

describe('the burst that is meant', () => {
  it('is the largest, and what is left out has its reason', () => {
    const files = [
      ...series('a', 0, 2, 0.1),
      ...series('b', 60, 3, 0.1),
      frame('c', 60, { camera: '' }),
      frame('d', 60, { height: 10 }),
    ];
    const { burst, leftOut } = pickBurst(files, false);
    expect(names([burst])).toEqual(['b0 b1 b2']);
    const reasonOf = (path: string) => leftOut.find(({ file }) => file === path)?.reason;
    expect(reasonOf('a0')).toBe('of another burst, taken 60 s earlier');
    expect(reasonOf('c')).toBe('taken with another camera: an unknown one, not Photosite Twin');
    expect(reasonOf('d')).toBe('another size: 4000 × 10, not 4000 × 3000');
  });
});

describe('the time of a frame', () => {
  it('counts fractions of seconds and zones', () => {
    expect(secondsOf('2026-11-21T12:00:00.25')! - secondsOf('2026-11-21T12:00:00')!).toBeCloseTo(0.25, 6);
    expect(secondsOf('2026-11-21T12:00:00+01:00')).toBe(secondsOf('2026-11-21T11:00:00Z'));
    expect(secondsOf('2026-99-21T12:00:00')).toBeUndefined();
    expect(secondsOf(undefined)).toBeUndefined();
  });
});
