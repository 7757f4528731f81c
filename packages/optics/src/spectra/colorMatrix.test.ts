import { describe, expect, it } from 'vitest';
import { D50_XYZ } from './adaptation.js';
import { cameraCalibrations, rgbToCameraMatrix } from './calibration.js';
import { illuminantRgb } from './cameraRgb.js';
import { solveColorMatrix } from './colorMatrix.js';
import { findIlluminant } from './illuminants.js';
import { OBSERVER, whiteXyz } from './integrate.js';
import { apply, type Vector3 } from './matrix3.js';
import { COLOR_CHECKER_REFLECTANCES } from './reflectances.js';
import { SENSITIVITIES, type Sensitivities } from './sensitivities.js';

const A = findIlluminant('A').spectrum;
const D65 = findIlluminant('D65').spectrum;

/** A camera that sees as the eye does: its matrix exists exactly (the Luther condition). */
const COLORIMETER: Sensitivities = {
  red: OBSERVER.x.map((x, i) => (2.2 * x - 0.9 * OBSERVER.y[i]! + 0.1 * OBSERVER.z[i]!) / 3),
  green: OBSERVER.y.map((y, i) => (y + 0.2 * OBSERVER.x[i]!) / 3),
  blue: OBSERVER.z.map((z) => z / 3),
  make: 'test',
  model: 'colorimeter',
  source: 'the observer itself',
  scale: 'camera',
};

const expectNear = (found: readonly number[], wanted: readonly number[], digits: number): void => {
  found.forEach((value, i) => {
    expect(value).toBeCloseTo(wanted[i]!, digits);
  });
};

describe('solveColorMatrix', () => {
  it('finds the exact matrix of a camera that has one', () => {
    // Columns of the mix above, inverted by hand of the definition: camera = M · XYZ up to scale.
    const mix = [2.2, -0.9, 0.1, 0.2, 1, 0, 0, 0, 1] as const;
    const { colorMatrix } = solveColorMatrix(COLORIMETER, D65);
    const scale = colorMatrix[0] / mix[0];
    expectNear(
      colorMatrix.map((value) => value / scale),
      mix,
      5,
    );
  });

  it.each(Object.keys(SENSITIVITIES))('keeps white exactly for %s', (name) => {
    const sensitivities = SENSITIVITIES[name]!;
    for (const light of [A, D65]) {
      const { colorMatrix, forwardMatrix } = solveColorMatrix(sensitivities, light);
      expectNear(apply(forwardMatrix, [1, 1, 1]), D50_XYZ, 12);
      const white = apply(colorMatrix, whiteXyz(light));
      const neutral = illuminantRgb(light, sensitivities);
      expectNear(
        white.map((value) => value / Math.max(...white)),
        neutral,
        12,
      );
      expect(Math.max(...apply(colorMatrix, D50_XYZ))).toBeCloseTo(1, 12);
    }
  });

  it('does not depend on how the channels or the light are scaled', () => {
    const { red, green, blue, ...rest } = SENSITIVITIES['nikon-d700']!;
    const scaled = { ...rest, red: red.map((s) => s * 0.3), green, blue: blue.map((s) => s * 2) };
    const first = solveColorMatrix(SENSITIVITIES['nikon-d700']!, A);
    const second = solveColorMatrix(
      scaled,
      A.map((power) => power / 7),
    );
    expectNear(second.forwardMatrix, first.forwardMatrix, 6);
  });

  it('fits what it is asked to fit', () => {
    // Three surfaces and white: six equations for each of six unknowns, more than enough to differ from the default.
    const surfaces = COLOR_CHECKER_REFLECTANCES.slice(12, 15).map(({ reflectance }) => ({
      reflectance,
      weight: 1,
    }));
    const own = solveColorMatrix(SENSITIVITIES['canon-powershot-s90']!, A, { surfaces }).forwardMatrix;
    const usual = solveColorMatrix(SENSITIVITIES['canon-powershot-s90']!, A).forwardMatrix;
    expect(Math.hypot(...own.map((value, i) => value - usual[i]!))).toBeGreaterThan(0.01);
  });

  it('refuses channels that are the same', () => {
    const one = OBSERVER.y;
    expect(() => solveColorMatrix({ ...COLORIMETER, red: one, green: one, blue: one }, D65)).toThrow(
      /sensitivities: the three channels do not tell colours apart/,
    );
  });
});

describe('cameraCalibrations', () => {
  it('are those of standard light A and D65, solved once', () => {
    const sensitivities = SENSITIVITIES['sony-ilce-7rm2']!;
    const calibrations = cameraCalibrations(sensitivities);
    expect(calibrations.map(({ illuminant }) => illuminant)).toEqual([17, 21]);
    expect(cameraCalibrations(sensitivities)).toBe(calibrations);
  });
});

describe('rgbToCameraMatrix', () => {
  it.each(['D65', 'A', 'FL11', 'HP1', '4000K'])('gives white the camera white of %s exactly', (name) => {
    const light = findIlluminant(name).spectrum;
    for (const sensitivities of Object.values(SENSITIVITIES))
      expectNear(
        apply(rgbToCameraMatrix(sensitivities, light), [1, 1, 1]),
        illuminantRgb(light, sensitivities),
        12,
      );
  });

  it.each(['D65', 'A', 'FL11', 'HP1'])(
    'sees every Rec.709 colour under %s: no channel goes below 0',
    (name) => {
      const light = findIlluminant(name).spectrum;
      for (const sensitivities of Object.values(SENSITIVITIES))
        expect(Math.min(...rgbToCameraMatrix(sensitivities, light))).toBeGreaterThan(0);
    },
  );

  it('is undone by the calibration of D65 under D65', () => {
    const sensitivities = SENSITIVITIES['nikon-d7000']!;
    const [, { forwardMatrix }] = cameraCalibrations(sensitivities);
    const neutral = illuminantRgb(D65, sensitivities);
    const camera = apply(rgbToCameraMatrix(sensitivities, D65), [0.6, 0.3, 0.1]);
    const balanced = camera.map((value, i) => value / neutral[i]!) as unknown as Vector3;
    const xyz = apply(forwardMatrix, balanced);
    // Linear sRGB to XYZ D50 by Bradford as published (Lindbloom, RGB/XYZ matrices): seven digits; the temperature of D65
    // is 6504 K only to 1 K, which mixes in 1e-4 of the other calibration.
    const published = [
      0.4360747, 0.3850649, 0.1430804, 0.2225045, 0.7168786, 0.0606169, 0.0139322, 0.0971045, 0.7141733,
    ];
    const wanted = [0, 3, 6].map(
      (row) => published[row]! * 0.6 + published[row + 1]! * 0.3 + published[row + 2]! * 0.1,
    );
    expectNear(xyz, wanted, 4);
  });
});
