import { describe, expect, it } from 'vitest';
import { burstResponse, prepare } from '../align/index.js';
import {
  BRIGHT_NOISE,
  type BurstScene,
  DARK_NOISE,
  expose,
  type FrameSettings,
  handheld,
  photographLike,
} from '../testing/scene.js';
import { chooseFrames, type FrameKind, type FrameLook, lookAt, unusable } from './index.js';

const SIZE = 320;
const scene = photographLike(3);
const KIND: FrameKind = { width: SIZE, height: SIZE, camera: 'Twin One', pattern: 'RGGB' };
const response = burstResponse(expose(() => 0, { width: 64, height: 64, noise: BRIGHT_NOISE }));

/** Moved along x while the shutter is open. */
const blurred =
  (length: number, steps = Math.ceil(length / 2)): BurstScene =>
  (x, y, c) =>
    Array.from({ length: steps }, (_, i) => scene(x + (i * length) / steps, y, c)).reduce((a, b) => a + b) /
    steps;

function look(
  seed: number,
  {
    of = scene,
    kind = {},
    ...settings
  }: Partial<FrameSettings> & { of?: BurstScene; kind?: Partial<FrameKind> } = {},
  lightAtWhite?: number,
): FrameLook {
  const size = { width: kind.width ?? SIZE, height: kind.height ?? SIZE };
  const motion = handheld(size.width, size.height, { dx: 3 * Math.sin(seed), dy: 2 * Math.cos(seed) });
  const plane = expose(of, { ...size, noise: BRIGHT_NOISE, seed, motion, ...settings });
  const told = lightAtWhite === undefined ? plane : { ...plane, lightAtWhite };
  return lookAt(prepare(told, response), { ...KIND, ...kind });
}

const good = [1, 2, 3, 4].map((seed) => look(seed));
const kinds = (looks: (FrameLook | undefined)[], wanted?: number): (string | undefined)[] =>
  chooseFrames(looks, response, wanted).leftOut.map((left) => left?.kind);

describe('choosing frames', () => {
  it('uses all of a good burst', () => {
    expect(kinds(good)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('takes the sharpest as the reference, and leaves out what is much less sharp, in light and in the dark', () => {
    const slightly = look(5, { of: blurred(3) });
    const badly = look(6, { of: blurred(12) });
    const { reference, leftOut } = chooseFrames([badly, slightly, good[0]], response);
    expect(reference).toBe(2);
    expect(leftOut[0]?.kind).toBe('blurred');
    expect(leftOut[0]?.message).toMatch(/blurred/);
    expect(leftOut[1]).toBeUndefined();

    const dark = [1, 2, 3].map((seed) => look(seed, { noise: DARK_NOISE }));
    const lost = look(4, { noise: DARK_NOISE, of: blurred(12) });
    expect(kinds([lost, ...dark])).toEqual(['blurred', undefined, undefined, undefined]);
  });

  it('prefers the middle of the motion among equals', () => {
    const along = [-90, -5, 0, 6, 95].map((dx, i) =>
      look(10 + i, { motion: handheld(SIZE, SIZE, { dx, dy: 0 }) }),
    );
    expect([1, 2, 3]).toContain(chooseFrames(along, response).reference);
  });

  it('takes the reference that is asked for', () => {
    expect(chooseFrames(good, response, 3).reference).toBe(3);
    expect(kinds([...good, look(9, { of: photographLike(50) })], 4)).toEqual([
      ...Array(4).fill('no overlap'),
      undefined,
    ]);
  });

  it('leaves out another size, another camera, another scene, an identical copy', () => {
    expect(kinds([look(7, { kind: { width: 256, height: 288 } }), ...good])[0]).toBe('size');
    expect(kinds([look(7, { kind: { camera: 'Twin Two' } }), ...good])[0]).toBe('camera');
    expect(kinds([look(7, { kind: { pattern: 'BGGR' } }), ...good])[0]).toBe('camera');
    expect(kinds([look(7, { of: photographLike(60) }), ...good])[0]).toBe('no overlap');
    expect(kinds([...good, good[1]])).toEqual([...Array(4).fill(undefined), 'duplicate']);
  });

  it('keeps the larger of two bursts that were mixed', () => {
    const other = [1, 2, 3].map((seed) => look(20 + seed, { of: photographLike(60) }));
    const { reference, leftOut } = chooseFrames(
      [other[0], good[0], good[1], other[1], other[2], good[2], good[3]],
      response,
    );
    expect([1, 2, 5, 6]).toContain(reference);
    expect(leftOut.map((left) => left?.kind === 'no overlap')).toEqual([
      true,
      false,
      false,
      true,
      true,
      false,
      false,
    ]);
  });

  it('leaves out a frame whose light is not what its exposure says', () => {
    const dimmed = look(7, { exposure: 0.5 }, 1);
    expect(kinds([...good, dimmed])[4]).toBe('exposure');
    expect(chooseFrames([...good, dimmed], response).leftOut[4]?.message).toMatch(/0\.5\d? times the light/);
  });

  it('keeps a bracket, with the reference of the middle exposure', () => {
    const bracket = [1, 1 / 4, 1 / 16].map((exposure, i) => look(30 + i, { exposure }));
    const { reference, leftOut } = chooseFrames(bracket, response);
    expect(reference).toBe(1);
    expect(leftOut).toEqual([undefined, undefined, undefined]);
  });

  it('goes on without frames that could not be read, and with one frame alone', () => {
    expect(chooseFrames([undefined, good[0], undefined], response).reference).toBe(1);
    expect(kinds([undefined, good[0], undefined])).toEqual([undefined, undefined, undefined]);
  });
});

describe('a frame after alignment', () => {
  it('is left out where it does not match or hardly overlaps, and it is said why', () => {
    const alignment = {
      step: 32,
      columns: 0,
      rows: 0,
      offsets: new Float32Array(0),
      trust: new Float32Array(0),
      global: { dx: 0, dy: 0, rotationDeg: 0, scale: 1 },
    };
    expect(unusable({ alignment, matched: true, overlap: 0.9, residual: 1 })).toBeUndefined();
    expect(unusable({ alignment, matched: false, overlap: 0.9, residual: 1 })?.kind).toBe('no overlap');
    expect(unusable({ alignment, matched: true, overlap: 0.05, residual: 1 })?.message).toMatch(/5 %/);
  });
});
