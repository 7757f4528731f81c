import type { RawFrame } from '@photosite/raw';
import { describe, expect, it } from 'vitest';
import { bayerFrame } from '../testing/frames.js';
import { linearMosaic } from './linearMosaic.js';

const [WIDTH, HEIGHT] = [7, 5];

/** A picture whose samples say where they lie: 1000 y + 100 x + 10 plane, with a border of one pixel. */
function pictureOf(overrides: Partial<RawFrame> = {}): RawFrame {
  const { cfa: _, ...frame } = bayerFrame(WIDTH + 2, HEIGHT + 2, () => 0);
  const samples = Uint16Array.from({ length: (WIDTH + 2) * (HEIGHT + 2) * 3 }, (__, i) => {
    const pixel = Math.floor(i / 3);
    return (
      1000 * (Math.floor(pixel / (WIDTH + 2)) - 1) + 100 * ((pixel % (WIDTH + 2)) - 1) + 10 * (i % 3) + 20
    );
  });
  return {
    ...frame,
    samples,
    samplesPerPixel: 3,
    blackLevel: { repeatRows: 1, repeatCols: 1, values: [20, 30, 40] },
    whiteLevel: [10020, 10030, 10040],
    activeArea: { top: 1, left: 1, bottom: HEIGHT + 1, right: WIDTH + 1 },
    defaultCrop: { top: 0, left: 0, bottom: HEIGHT, right: WIDTH },
    ...overrides,
  };
}

const mosaicOf = (frame: RawFrame, phase: number): RawFrame =>
  linearMosaic(frame, phase, (length) => new Float32Array(length));

describe('a LinearRaw picture as mosaics', () => {
  it('has every colour where a Bayer array sees it, each plane by its own black and white', () => {
    for (const phase of [0, 1]) {
      const mosaic = mosaicOf(pictureOf(), phase);
      expect([mosaic.width, mosaic.height, mosaic.samplesPerPixel]).toEqual([6, 4, 1]);
      for (let y = 0; y < 4; y++)
        for (let x = 0; x + phase < 6; x++)
          // The planes' offsets of 10 are taken away by their black levels.
          expect(mosaic.samples[y * 6 + x]).toBeCloseTo((1000 * y + 100 * (x + phase)) / 10000, 6);
    }
  });

  it('sees with both every green and half of red and blue', () => {
    const known = pictureOf({
      blackLevel: { repeatRows: 1, repeatCols: 1, values: [0, 0, 0] },
      whiteLevel: [1, 1, 1],
    });
    const seen = [new Set<string>(), new Set<string>(), new Set<string>()];
    for (const phase of [0, 1])
      for (const value of mosaicOf(known, phase).samples.map((sample) => sample - 20)) {
        const [x, y] = [Math.floor(value / 100) % 10, Math.floor(value / 1000)];
        seen[(value % 100) / 10]!.add(`${x}, ${y}`);
      }
    // Of 24 pixels all but the greens and blues of the first column.
    expect(seen.map(({ size }) => size)).toEqual([12, 22, 10]);
  });

  it('keeps the crop inside and its corrections, and has no black left', () => {
    const mosaic = mosaicOf(pictureOf(), 0);
    expect(mosaic.defaultCrop).toEqual({ top: 0, left: 0, bottom: 4, right: 6 });
    expect(mosaic.blackLevel).toBeUndefined();
    expect(mosaic.whiteLevel).toEqual([1]);
  });

  it('is refused with corrections that differ from plane to plane', () => {
    const area = { top: 0, left: 0, bottom: 5, right: 7, plane: 1, planes: 1, rowPitch: 1, colPitch: 1 };
    const opcode = {
      kind: 'MapPolynomial',
      area,
      coefficients: [0, 1],
      dngVersion: '1.3.0.0',
      optional: false,
      previewSkip: false,
    } as const;
    const one = pictureOf({ opcodes: { list1: [], list2: [opcode], list3: [] } });
    expect(() => mosaicOf(one, 0)).toThrow(/differ from plane to plane/);
    const all = pictureOf({
      opcodes: { list1: [], list2: [{ ...opcode, area: { ...area, plane: 0, planes: 3 } }], list3: [] },
    });
    expect(mosaicOf(all, 0).opcodes.list2).toHaveLength(1);
  });

  it('is refused where it has other than three planes', () => {
    expect(() =>
      mosaicOf(
        bayerFrame(8, 8, () => 0),
        0,
      ),
    ).toThrow(/colour filter array/);
  });
});
