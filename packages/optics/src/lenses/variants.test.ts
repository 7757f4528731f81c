import { describe, expect, it } from 'vitest';
import { findLens } from './data/lenses.js';
import type { Lens, Surface } from './Lens.js';
import { paraxialFigures } from './paraxial.js';
import { findBundle, spotDiagram } from './pupils.js';
import { reverseLens } from './reverseLens.js';
import { scaleLens } from './scaleLens.js';
import { opticalSystem } from './system.js';
import { traceRay } from './trace.js';

const gauss = findLens('double-gauss-50-f2');
const phone = findLens('phone-5.6-f3.5');

describe('a scaled lens', () => {
  it('has all lengths in proportion, aspheres included, and the same f-number', () => {
    for (const lens of [gauss, phone, findLens('nikkor-z-14-f4')]) {
      const small = scaleLens(lens, 0.3);
      const was = paraxialFigures(lens);
      const is = paraxialFigures(small);
      expect(is.focalLengthMm / was.focalLengthMm).toBeCloseTo(0.3, 12);
      expect(is.fNumber / was.fNumber).toBeCloseTo(1, 12);
      const height = 0.2 * was.entrancePupilDiameterMm;
      const z = was.entrancePupilMm;
      const [sin, cos] = [Math.sin(0.2), Math.cos(0.2)];
      const large = traceRay(opticalSystem(lens), [height, height, z, 0, sin, cos]);
      const little = traceRay(opticalSystem(small), [0.3 * height, 0.3 * height, 0.3 * z, 0, sin, cos]);
      expect(large.fate).toBe('passed');
      expect(little.point[0]).toBeCloseTo(0.3 * large.point[0], 9);
      expect(little.point[1]).toBeCloseTo(0.3 * large.point[1], 9);
    }
    expect(() => scaleLens(gauss, -1)).toThrow(/factor/);
  });
});

describe('a reversed lens', () => {
  it('has the same focal length, and light goes back on its own path', () => {
    const back = reverseLens(gauss);
    const figures = paraxialFigures(gauss);
    expect(paraxialFigures(back).focalLengthMm).toBeCloseTo(figures.focalLengthMm, 10);
    expect(paraxialFigures(back).backFocusMm).toBeCloseTo(-figures.frontFocusMm, 10);
    const system = opticalSystem(gauss);
    const out = traceRay(system, [1, 4, -5, 0.02, 0.1, Math.sqrt(1 - 0.0104)]);
    const length = system.vertexMm[system.vertexMm.length - 1] ?? 0;
    const [x, y, z] = out.point;
    const [dx, dy, dz] = out.direction;
    const returned = opticalSystem(back, { imageDistanceMm: 5 });
    const home = traceRay(returned, [x, y, length - z, -dx, -dy, dz]);
    expect(home.point[0]).toBeCloseTo(1, 10);
    expect(home.point[1]).toBeCloseTo(4, 10);
    expect(home.direction[1]).toBeCloseTo(-0.1, 12);
  });
});

describe('an ideal thin lens', () => {
  const surface: Surface = {
    radiusMm: Number.POSITIVE_INFINITY,
    conic: 0,
    asphere: [],
    thicknessMm: 50,
    medium: { kind: 'air' },
    semiDiameterMm: 12.5,
    stop: true,
    idealPowerPerMm: 0.02,
  };
  const lens: Lens = { name: 'thin', source: '', surfaces: [surface], wavelengthNm: 550, stated: {} };

  it('draws far and near points sharply off the axis, far ones in phase', () => {
    expect(paraxialFigures(lens).focalLengthMm).toBeCloseTo(50, 12);
    const far = spotDiagram(opticalSystem(lens), { angleRad: 0.4 }, 24);
    expect(far.rmsMm).toBeLessThan(1e-12);
    expect(far.centroidMm).toBeCloseTo(50 * Math.tan(0.4), 10);
    const near = spotDiagram(
      opticalSystem(lens, { focusDistanceM: 0.2 }),
      { angleRad: 0.2, distanceM: 0.2 },
      24,
    );
    expect(near.rmsMm).toBeLessThan(1e-12);
    // 1/f = 1/200 + 1/b.
    expect(near.centroidMm).toBeCloseTo((200 * 50 * Math.tan(0.2)) / 150, 10);
    const system = opticalSystem(lens);
    const path = (a: number, b: number): number =>
      traceRay(system, [b, a * Math.cos(0.4), -a * Math.sin(0.4), 0, Math.sin(0.4), Math.cos(0.4)])
        .opticalPathMm;
    for (const [a, b] of [
      [5, 0],
      [-8, 3],
      [0, 11],
    ] as const)
      expect(path(a, b)).toBeCloseTo(path(0, 0), 11);
  });
});

describe('a central obscuration', () => {
  it('takes its share of the light, and leaves the outline of the bundle', () => {
    const holed: Lens = {
      ...gauss,
      surfaces: gauss.surfaces.map((one) =>
        one.stop ? { ...one, obscurationMm: one.semiDiameterMm / 2 } : one,
      ),
    };
    const field = { angleRad: 0 };
    const full = spotDiagram(opticalSystem(gauss), field, 200);
    const ring = spotDiagram(opticalSystem(holed), field, 200);
    // A quarter of the area, but for the aberration of the pupil.
    expect(ring.flux / full.flux).toBeCloseTo(0.75, 2);
    expect(findBundle(opticalSystem(holed), field)?.halfBMm).toBeCloseTo(
      findBundle(opticalSystem(gauss), field)?.halfBMm ?? 0,
      6,
    );
  });
});

describe('focus', () => {
  it('moves the image plane to where a near point on the axis is drawn, as the paraxial formula says', () => {
    const near = opticalSystem(gauss, { focusDistanceM: 0.7, fNumber: 16 });
    const spot = spotDiagram(near, { angleRad: 0, distanceM: 0.7 }, 32);
    // Stopped down to f/16 little spherical aberration is left.
    expect(Math.abs(spot.bestShiftMm)).toBeLessThan(0.02);
    // A lens made for a near object is focused on it.
    const made = opticalSystem({ ...gauss, objectDistanceMm: 700 - near.pupilMm });
    expect(made.imageMm).toBeCloseTo(near.imageMm, 10);
    expect(() => opticalSystem(gauss, { focusDistanceM: 0.04 })).toThrow(/a real image needs more than/);
    expect(() => opticalSystem(gauss, { focusDistanceM: 0 })).toThrow(/focusDistanceM/);
  });
});
