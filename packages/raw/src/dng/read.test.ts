import { concatChunks, rationalField, Tag, type TiffField, textField } from '@photosite/tiff';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRaw } from '../open.js';
import type { Matrix3, RawFrame } from '../RawFrame.js';
import { minimalDng, short } from '../testing/minimalDng.js';
import { syntheticFrame } from '../testing/syntheticFrame.js';
import { makeCfa } from './frameTags.js';
import { writeDng } from './write.js';

const [width, height] = [8, 6];
const read = (...extra: TiffField[]): RawFrame =>
  readRaw(minimalDng({ width, height, extra }, [new Uint8Array(width * height * 2)]));
const identity: Matrix3 = [1, 0, 0, 0, 1, 0, 0, 0, 1];

describe('colour filter arrays', () => {
  it('begin at the active area in a file and at the first sample in a frame', () => {
    fc.assert(
      fc.property(fc.nat(3), fc.nat(3), (top, left) => {
        const { cfa, activeArea } = read(short(Tag.ActiveArea, top, left, height, width));
        // The minimal file's pattern is red at the active area's corner.
        const at = (row: number, column: number) => cfa?.pattern[(row % 2) * 2 + (column % 2)];
        expect(activeArea).toEqual({ top, left, bottom: height, right: width });
        expect([at(top, left), at(top, left + 1), at(top + 1, left), at(top + 1, left + 1)]).toEqual([
          0, 1, 1, 2,
        ]);
      }),
    );
  });

  it('are recognised by their shape, and reduced to their shortest period', () => {
    for (const bayer of [
      [0, 1, 1, 2],
      [2, 1, 1, 0],
      [1, 0, 2, 1],
      [1, 2, 0, 1],
    ]) {
      expect(makeCfa(2, 2, bayer).kind).toBe('bayer');
      const doubled = Array.from({ length: 16 }, (_, i) => bayer[((i >> 2) & 1) * 2 + (i & 1)]);
      expect(makeCfa(4, 4, doubled)).toEqual(makeCfa(2, 2, bayer));
      const quad = Array.from({ length: 16 }, (_, i) => bayer[(i >> 3) * 2 + ((i >> 1) & 1)]);
      expect(makeCfa(4, 4, quad)).toMatchObject({ width: 4, height: 4, kind: 'quad-bayer' });
    }
    expect(makeCfa(2, 2, [0, 1, 2, 1]).kind).toBe('other');
    expect(makeCfa(1, 1, [1])).toEqual({ width: 1, height: 1, pattern: [1], kind: 'other' });
  });
});

describe('what a DNG does not say', () => {
  it('is undefined, or has the default of the specification', () => {
    const frame = read();
    expect(frame.whiteLevel).toEqual([65535]);
    expect(frame.defaultCrop).toEqual({ top: 0, left: 0, bottom: height, right: width });
    expect(frame.defaultScale).toEqual([1, 1]);
    expect(frame.orientation).toBe(1);
    expect(frame.color.calibrations).toEqual([]);
    expect(frame.exposure).toEqual({});
    for (const key of [
      'blackLevel',
      'linearization',
      'asShotNeutral',
      'asShotWhite',
      'noiseProfile',
      'exif',
      'make',
    ]) {
      expect(frame).not.toHaveProperty(key);
    }
  });

  it('is also what cannot be: a neutral of zero, an all-zero noise profile, orientation 9', () => {
    const frame = read(
      rationalField(Tag.AsShotNeutral, [0, 1, 1]),
      { tag: Tag.NoiseProfile, type: 'double', values: [0, 0] },
      short(Tag.Orientation, 9),
    );
    expect(frame).not.toHaveProperty('asShotNeutral');
    expect(frame).not.toHaveProperty('noiseProfile');
    expect(frame.orientation).toBe(1);
  });
});

describe('what a DNG says', () => {
  it('of black: one value may stand for the whole pattern', () => {
    const frame = read(short(Tag.BlackLevelRepeatDim, 2, 2), short(Tag.BlackLevel, 64));
    expect(frame.blackLevel).toEqual({ repeatRows: 2, repeatCols: 2, values: [64, 64, 64, 64] });
  });

  it('of calibration counts only where the signatures agree', () => {
    const matrices = [
      rationalField(Tag.ColorMatrix1, identity, true),
      rationalField(Tag.CameraCalibration1, identity, true),
    ];
    const calibration = (...fields: TiffField[]) => read(...matrices, ...fields).color.calibrations[0];
    const camera = textField(Tag.CameraCalibrationSignature, 'com.example');
    expect(calibration().cameraCalibration).toEqual(identity);
    expect(calibration(camera).cameraCalibration).toBeUndefined();
    const profile = textField(Tag.ProfileCalibrationSignature, 'com.example');
    expect(calibration(camera, profile).cameraCalibration).toEqual(identity);
  });

  it('of three illuminants and their whites comes back (DNG 1.6)', () => {
    const color = {
      calibrations: [
        { illuminant: 255, whiteXy: { x: 0.3125, y: 0.375 }, colorMatrix: identity },
        { illuminant: 21, colorMatrix: identity },
        { illuminant: 17, colorMatrix: identity },
      ],
    };
    const frame = readRaw(concatChunks(writeDng({ ...syntheticFrame(), color })));
    expect(frame.color).toEqual(color);
  });

  it('of white as xy comes back where there is no neutral', () => {
    const { asShotNeutral: _, ...frame } = syntheticFrame();
    const written = writeDng({ ...frame, asShotWhite: { x: 0.3125, y: 0.375 } });
    expect(readRaw(concatChunks(written)).asShotWhite).toEqual({ x: 0.3125, y: 0.375 });
  });

  it('of a newer version than 1.7 is refused', () => {
    expect(() => read({ tag: Tag.DNGBackwardVersion, type: 'byte', values: [1, 8, 0, 0] })).toThrow(
      /1\.8\.0\.0/,
    );
  });
});
