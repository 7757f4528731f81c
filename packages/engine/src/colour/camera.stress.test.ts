import type { Chromaticity, ColorCalibration, Matrix3 } from '@photosite/raw';
import fc from 'fast-check';
fc.configureGlobal({ numRuns: 3000, interruptAfterTimeLimit: 10000 });
import { describe, expect, it } from 'vitest';
import { CameraModel } from './camera.js';
import { apply, diagonal, IDENTITY, interpolate, inverse, multiply, type Vector3 } from './matrix3.js';
import { adaptation, D50, D65, rgbToXyz, SRGB, xyzOf } from './spaces.js';
import { chromaticityOfTemperature } from './temperature.js';

// Made-up matrices of the size that cameras have; the forward ones map (1, 1, 1) to D50, as DNG asks.
const WARM: Matrix3 = [0.8, -0.2, -0.05, -0.45, 1.3, 0.15, -0.08, 0.25, 0.55];
const COOL: Matrix3 = [0.7, -0.25, -0.05, -0.4, 1.25, 0.12, -0.07, 0.2, 0.5];
const FORWARD_WARM: Matrix3 = [0.6, 0.3, 0.0642, 0.2, 0.9, -0.1, 0.01, -0.2, 1.0151];
const FORWARD_COOL: Matrix3 = [0.55, 0.3, 0.1142, 0.25, 0.85, -0.1, 0.02, -0.15, 0.9551];
const UNIT_WARM: Matrix3 = [0.97, 0, 0, 0, 1, 0, 0, 0, 1.02];
const UNIT_COOL: Matrix3 = [0.99, 0.005, 0, 0, 1.01, 0, 0, -0.005, 1.04];
const BALANCE = [1.1, 1, 1.3] as const;

function model(
  a: Partial<ColorCalibration>,
  b: Partial<ColorCalibration> | undefined = undefined,
  analogBalance: readonly number[] | undefined = undefined,
): CameraModel {
  const calibrations = [{ illuminant: 17, ...a }, ...(b === undefined ? [] : [{ illuminant: 21, ...b }])];
  return new CameraModel({ color: { calibrations, ...(analogBalance && { analogBalance }) } });
}

const planckian = (kelvin: number): Chromaticity => chromaticityOfTemperature({ kelvin, tint: 0 });

function furthest(actual: readonly number[], expected: readonly number[]): number {
  return Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!)));
}

/** Temperatures go through a bisection of Robertson's table, good to about 1e-9. */
const SOLVED = 1e-7;

describe('interpolation between two calibrations (DNG 1.6, chapter 6)', () => {
  const both = model({ colorMatrix: WARM }, { colorMatrix: COOL });

  it("at an illuminant's own temperature its own matrix counts", () => {
    expect(furthest(both.xyzToCamera(planckian(2856)), WARM)).toBeLessThan(SOLVED);
    expect(furthest(both.xyzToCamera(planckian(6504)), COOL)).toBeLessThan(SOLVED);
  });

  it('beyond the illuminants the nearer one counts alone', () => {
    expect(furthest(both.xyzToCamera(planckian(2000)), WARM)).toBeLessThan(SOLVED);
    expect(furthest(both.xyzToCamera(planckian(12000)), COOL)).toBeLessThan(SOLVED);
  });

  it('in the middle of the reciprocal temperatures it is the mean', () => {
    const middle = 2 / (1 / 2856 + 1 / 6504);
    expect(furthest(both.xyzToCamera(planckian(middle)), interpolate(WARM, COOL, 0.5))).toBeLessThan(SOLVED);
  });

  it('weights sum to 1, whatever the white', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.2, max: 0.6, noNaN: true }),
        fc.double({ min: 0.2, max: 0.5, noNaN: true }),
        (x, y) => {
          const sum = both.weights({ x, y }).reduce((total, { weight }) => total + weight, 0);
          expect(sum).toBeCloseTo(1, 12);
        },
      ),
    );
  });

  it('the order in the file does not matter', () => {
    const turned = new CameraModel({
      color: {
        calibrations: [
          { illuminant: 21, colorMatrix: COOL },
          { illuminant: 17, colorMatrix: WARM },
        ],
      },
    });
    const white = planckian(4000);
    expect(turned.xyzToCamera(white)).toEqual(both.xyzToCamera(white));
  });

  it('a single calibration counts everywhere, and one without a matrix is left out', () => {
    expect(model({ colorMatrix: WARM }).xyzToCamera(D65)).toEqual(WARM);
    expect(model({ colorMatrix: WARM }, {}).xyzToCamera(D65)).toEqual(WARM);
    expect(
      model({ colorMatrix: WARM }, { colorMatrix: [1, 1, 1, 1, 1, 1, 1, 1, 1] }).xyzToCamera(D65),
    ).toEqual(WARM);
  });

  it('two calibrations of the same temperature are no division by zero', () => {
    const same = new CameraModel({
      color: {
        calibrations: [
          { illuminant: 21, colorMatrix: COOL },
          { illuminant: 21, colorMatrix: WARM },
        ],
      },
    });
    expect(same.xyzToCamera(D65).every(Number.isFinite)).toBe(true);
  });

  it('an illuminant of its own kind is placed by its chromaticity', () => {
    const own = model(
      { colorMatrix: WARM },
      { illuminant: 255, whiteXy: chromaticityOfTemperature({ kelvin: 9000, tint: 0 }), colorMatrix: COOL },
    );
    const middle = 2 / (1 / 2856 + 1 / 9000);
    expect(furthest(own.xyzToCamera(planckian(middle)), interpolate(WARM, COOL, 0.5))).toBeLessThan(SOLVED);
  });

  it('of three, each counts alone at its own white', () => {
    const third: Matrix3 = [0.75, -0.2, 0, -0.4, 1.2, 0.1, 0, 0.2, 0.6];
    const three = new CameraModel({
      color: {
        calibrations: [
          { illuminant: 17, colorMatrix: WARM },
          { illuminant: 21, colorMatrix: COOL },
          { illuminant: 255, whiteXy: { x: 0.38, y: 0.38 }, colorMatrix: third },
        ],
      },
    });
    // The weights fall with the square of the distance; at the white itself the others keep 1e-10 over theirs.
    expect(furthest(three.xyzToCamera({ x: 0.38, y: 0.38 }), third)).toBeLessThan(1e-6);
    expect(furthest(three.xyzToCamera(planckian(2856)), WARM)).toBeLessThan(1e-6);
  });
});

describe('XYZ to camera RGB', () => {
  it('is analog balance times camera calibration times colour matrix, in that order', () => {
    const camera = model({ colorMatrix: WARM, cameraCalibration: UNIT_COOL }, undefined, BALANCE);
    expect(camera.xyzToCamera(D65)).toEqual(multiply(multiply(diagonal(BALANCE), UNIT_COOL), WARM));
  });

  it('camera calibrations are interpolated like the matrices', () => {
    const camera = model(
      { colorMatrix: IDENTITY, cameraCalibration: UNIT_WARM },
      { colorMatrix: IDENTITY, cameraCalibration: UNIT_COOL },
    );
    const middle = planckian(2 / (1 / 2856 + 1 / 6504));
    expect(furthest(camera.xyzToCamera(middle), interpolate(UNIT_WARM, UNIT_COOL, 0.5))).toBeLessThan(SOLVED);
  });

  it('an analog balance that is no gain is ignored', () => {
    for (const wrong of [[1, 0, 1], [1, 1], [1, -1, 1], []])
      expect(model({ colorMatrix: WARM }, undefined, wrong).xyzToCamera(D65)).toEqual(WARM);
  });
});

describe('white and neutral', () => {
  const camera = model(
    { colorMatrix: WARM, cameraCalibration: UNIT_WARM },
    { colorMatrix: COOL, cameraCalibration: UNIT_COOL },
    BALANCE,
  );

  it('a neutral is the camera RGB of the white, its largest value 1', () => {
    const neutral = camera.neutralOf(D65);
    expect(Math.max(...neutral)).toBe(1);
    const [r, g, b] = apply(camera.xyzToCamera(D65), xyzOf(D65));
    expect(neutral[0] / neutral[1]).toBeCloseTo(r / g, 12);
    expect(neutral[2] / neutral[1]).toBeCloseTo(b / g, 12);
  });

  it('white to neutral to white comes back, over all temperatures and tints that matter', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 2000, max: 15000, noNaN: true }),
        fc.double({ min: -60, max: 60, noNaN: true }),
        (kelvin, tint) => {
          const white = chromaticityOfTemperature({ kelvin, tint });
          const back = camera.whiteOf(camera.neutralOf(white));
          // The iteration stops at steps below 1e-7.
          expect(Math.abs(back.x - white.x)).toBeLessThan(1e-6);
          expect(Math.abs(back.y - white.y)).toBeLessThan(1e-6);
        },
      ),
    );
  });

  it('neutral to white to neutral comes back', () => {
    for (const neutral of [
      [0.5, 1, 0.6],
      [0.8, 1, 0.4],
      [0.45, 1, 0.8],
    ] as const)
      expect(furthest(camera.neutralOf(camera.whiteOf(neutral)), neutral)).toBeLessThan(1e-5);
  });

  it('any neutral has a white that a picture can be made with', () => {
    const value = fc.double({ min: 1e-3, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.tuple(value, value, value), (neutral) => {
        const { x, y } = camera.whiteOf(neutral);
        for (const part of [x, y]) {
          expect(part).toBeGreaterThanOrEqual(0.05);
          expect(part).toBeLessThanOrEqual(0.8);
        }
      }),
    );
  });
});

describe('balanced camera RGB to XYZ D50', () => {
  const neutral: Vector3 = [0.52, 1, 0.63];

  it.each<[string, CameraModel]>([
    ['colour matrices', model({ colorMatrix: WARM }, { colorMatrix: COOL })],
    [
      'colour matrices, calibration and analog balance',
      model(
        { colorMatrix: WARM, cameraCalibration: UNIT_WARM },
        { colorMatrix: COOL, cameraCalibration: UNIT_COOL },
        BALANCE,
      ),
    ],
  ])('by %s: the neutral of a white becomes D50 at luminance 1', (_name, camera) => {
    const white = camera.whiteOf(neutral);
    const xyz = apply(camera.balancedToXyzD50(white, camera.neutralOf(white)), [1, 1, 1]);
    // The matrices and Bradford's, inverted in double precision.
    expect(furthest(xyz, xyzOf(D50))).toBeLessThan(1e-9);
  });

  it('by forward matrices: any neutral becomes what the forward matrix makes of (1, 1, 1), D50', () => {
    const camera = model(
      { colorMatrix: WARM, forwardMatrix: FORWARD_WARM, cameraCalibration: UNIT_WARM },
      { colorMatrix: COOL, forwardMatrix: FORWARD_COOL, cameraCalibration: UNIT_COOL },
      BALANCE,
    );
    const xyz = apply(camera.balancedToXyzD50(camera.whiteOf(neutral), neutral), [1, 1, 1]);
    // The rows of a forward matrix sum to D50 as the ICC rounds it: 0.9642, 1, 0.8251.
    expect(furthest(xyz, [0.9642, 1, 0.8251])).toBeLessThan(1e-12);
  });

  it('by forward matrices is FM · D · Inverse(AB · CC), as the specification has it', () => {
    const camera = model(
      { colorMatrix: WARM, forwardMatrix: FORWARD_WARM, cameraCalibration: UNIT_COOL },
      undefined,
      BALANCE,
    );
    const unit = inverse(multiply(diagonal(BALANCE), UNIT_COOL))!;
    const [r, g, b] = apply(unit, neutral);
    const fromCamera = multiply(FORWARD_WARM, diagonal([1 / r, 1 / g, 1 / b]), unit);
    const actual = camera.balancedToXyzD50(camera.whiteOf(neutral), neutral);
    expect(furthest(actual, multiply(fromCamera, diagonal(neutral)))).toBeLessThan(1e-12);
  });

  it('forward matrices count only where every calibration in use has one', () => {
    const one = model({ colorMatrix: WARM }, { colorMatrix: COOL, forwardMatrix: FORWARD_COOL });
    const none = model({ colorMatrix: WARM }, { colorMatrix: COOL });
    const warm = planckian(3500);
    expect(one.balancedToXyzD50(warm, neutral)).toEqual(none.balancedToXyzD50(warm, neutral));
    const cool = planckian(8000);
    expect(furthest(apply(one.balancedToXyzD50(cool, neutral), [1, 1, 1]), [0.9642, 1, 0.8251])).toBeLessThan(
      1e-9,
    );
  });

  it('by the colour matrix under D50 is its plain inverse, scaled to luminance 1', () => {
    const camera = model({ colorMatrix: COOL });
    const own = camera.neutralOf(D50);
    const direct = multiply(inverse(COOL)!, diagonal(own));
    const luminance = apply(direct, [1, 1, 1])[1];
    const scale = diagonal([1 / luminance, 1 / luminance, 1 / luminance]);
    expect(furthest(camera.balancedToXyzD50(D50, own), multiply(scale, direct))).toBeLessThan(1e-12);
  });
});

describe('a frame without a colour matrix', () => {
  const bare = new CameraModel({ color: { calibrations: [] } });

  it('is taken for linear sRGB under D65, and says so', () => {
    expect(bare.assumed).toBe(true);
    expect(model({ colorMatrix: WARM }).assumed).toBe(false);
    expect(furthest(bare.neutralOf(D65), [1, 1, 1])).toBeLessThan(1e-12);
    const expected = multiply(adaptation(D65, D50), rgbToXyz(SRGB));
    expect(furthest(bare.balancedToXyzD50(D65, [1, 1, 1]), expected)).toBeLessThan(1e-12);
  });

  it('so is one whose only matrix is singular', () => {
    expect(model({ colorMatrix: [1, 1, 1, 1, 1, 1, 1, 1, 1] }).assumed).toBe(true);
  });
});
