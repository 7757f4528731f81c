import { describe, expect, it } from 'vitest';
import type { Lens, Surface } from './Lens.js';
import { paraxialFigures, paraxialImage, paraxialLens } from './paraxial.js';
import { findBundle, pupilGrid, spotDiagram } from './pupils.js';
import { opticalSystem } from './system.js';
import { RAY_LENGTH, surfaceSagMm, TRACED_LENGTH, traceRay, traceRays } from './trace.js';

const surface = (own: Partial<Surface>): Surface => ({
  radiusMm: Number.POSITIVE_INFINITY,
  conic: 0,
  asphere: [],
  thicknessMm: 0,
  medium: { kind: 'air' },
  semiDiameterMm: 10,
  stop: false,
  ...own,
});

const lensOf = (...surfaces: Surface[]): Lens => ({
  name: 'test lens',
  source: 'made up',
  surfaces,
  wavelengthNm: 550,
  stated: {},
});

const glass = { kind: 'constant', index: 1.5 } as const;

describe('exact trace', () => {
  it('refracts by the law of Snell at a plane', () => {
    const lens = lensOf(surface({ medium: glass, thicknessMm: 5, stop: true }), surface({ thicknessMm: 10 }));
    const system = opticalSystem(lens, { imageDistanceMm: 10 });
    const angle = 0.4;
    const ray = traceRay(system, [0, 0, -1, 0, Math.sin(angle), Math.cos(angle)]);
    const inside = Math.asin(Math.sin(angle) / 1.5);
    expect(ray.fate).toBe('passed');
    expect(ray.direction[1]).toBeCloseTo(Math.sin(angle), 14);
    expect(ray.point[1]).toBeCloseTo(11 * Math.tan(angle) + 5 * Math.tan(inside), 12);
    expect(ray.opticalPathMm).toBeCloseTo(11 / Math.cos(angle) + (1.5 * 5) / Math.cos(inside), 12);
  });

  it('brings light to one point where a conic is free of spherical aberration: n² = −k, at any aperture', () => {
    // Plane front, hyperboloid rear: a Cartesian oval for an object at infinity.
    const lens = lensOf(
      surface({ medium: glass, thicknessMm: 30, stop: true, semiDiameterMm: 30 }),
      surface({ radiusMm: -40, conic: -(1.5 ** 2), semiDiameterMm: 30 }),
    );
    const system = opticalSystem(lens);
    const paths: number[] = [];
    for (const y of [0, 1, 10, 20, 29]) {
      const ray = traceRay(system, [0, y, 0, 0, 0, 1]);
      expect(ray.fate).toBe('passed');
      expect(Math.abs(ray.point[1])).toBeLessThan(1e-11);
      paths.push(ray.opticalPathMm);
    }
    for (const path of paths) expect(path).toBeCloseTo(paths[0] ?? 0, 10);
  });

  it('meets an asphere that equals a sphere where it meets the sphere', () => {
    const radius = 25;
    // Series of the sphere's sag; at r = 8 the first term left out is below 1e-9 mm.
    const c = 1 / radius;
    const asphere = [1 / 8, 1 / 16, 5 / 128, 7 / 256, 21 / 1024, 33 / 2048, 429 / 32768, 715 / 65536].map(
      (factor, k) => factor * c ** (2 * k + 3),
    );
    const sphere = opticalSystem(lensOf(surface({ radiusMm: radius, medium: glass, stop: true })));
    const paraboloid = opticalSystem(
      lensOf(surface({ radiusMm: radius, conic: -1, asphere, medium: glass, stop: true })),
    );
    const from = [1, 6, -3, 0.05, 0.1, Math.sqrt(1 - 0.0125)] as const;
    const one = traceRay(sphere, [...from], { toSurface: 0 });
    const other = traceRay(paraboloid, [...from], { toSurface: 0 });
    for (let k = 0; k < 3; k++) expect(other.point[k]).toBeCloseTo(one.point[k] ?? 0, 8);
  });

  it('takes a power series with odd and even terms for what the even terms alone say', () => {
    const even = surface({ radiusMm: 30, asphere: [1e-5, -2e-8], medium: glass, stop: true });
    const radial = surface({ radiusMm: 30, radial: [0, 0, 0, 1e-5, 0, -2e-8], medium: glass, stop: true });
    const a = opticalSystem(lensOf(even));
    const b = opticalSystem(lensOf(radial));
    expect(surfaceSagMm(b, 0, 7)).toBeCloseTo(surfaceSagMm(a, 0, 7), 14);
    const odd = opticalSystem(
      lensOf(surface({ radial: [0.1, 0, 1e-3], medium: glass, stop: true }), surface({})),
      {
        imageDistanceMm: 1,
      },
    );
    // A cone's point: sag at r = 3 by hand.
    expect(surfaceSagMm(odd, 0, 3)).toBeCloseTo(0.3 + 0.027, 14);
    expect(traceRay(odd, [0, 3, 0, 0, 0, 1], { toSurface: 0 }).point[2]).toBeCloseTo(0.327, 11);
  });

  it('says why a ray is lost, and where', () => {
    const ball = lensOf(
      surface({ radiusMm: 10, medium: glass, thicknessMm: 20, stop: true, semiDiameterMm: 50 }),
      surface({ radiusMm: -10, semiDiameterMm: 50 }),
    );
    const system = opticalSystem(ball);
    expect(traceRay(system, [0, 11, -5, 0, 0, 1])).toMatchObject({ fate: 'missed', surface: 0 });
    const narrow = opticalSystem(
      lensOf(surface({ radiusMm: 10, medium: glass, stop: true, semiDiameterMm: 2 })),
    );
    expect(traceRay(narrow, [0, 2.1, -5, 0, 0, 1])).toMatchObject({ fate: 'vignetted', surface: 0 });
    const prism = opticalSystem(
      lensOf(
        surface({ medium: glass, thicknessMm: 12, stop: true }),
        surface({ radiusMm: -10, semiDiameterMm: 10 }),
      ),
    );
    expect(traceRay(prism, [0, 9, -5, 0, 0, 1])).toMatchObject({ fate: 'reflected', surface: 1 });
  });

  it('reflects: a paraboloid collects on its focus, and its figures are those of a lens', () => {
    const mirror = lensOf(
      surface({
        radiusMm: -200,
        conic: -1,
        reflects: true,
        stop: true,
        semiDiameterMm: 60,
        thicknessMm: -100,
      }),
    );
    const figures = paraxialFigures(mirror);
    expect(figures.focalLengthMm).toBeCloseTo(100, 12);
    expect(figures.backFocusMm).toBeCloseTo(-100, 12);
    const system = opticalSystem(mirror);
    const axis = traceRay(system, [0, 0, -150, 0, 0, 1]);
    const edge = traceRay(system, [0, 60, -150, 0, 0, 1]);
    expect(Math.abs(edge.point[1])).toBeLessThan(1e-12);
    expect(edge.opticalPathMm).toBeCloseTo(axis.opticalPathMm, 11);
  });

  it('tends to the paraxial figures for small apertures', () => {
    const lens = lensOf(
      surface({ radiusMm: 50, medium: glass, thicknessMm: 6 }),
      surface({ radiusMm: -70, thicknessMm: 4 }),
      surface({ stop: true, thicknessMm: 3, semiDiameterMm: 5 }),
      surface({ radiusMm: -60, medium: { kind: 'constant', index: 1.7 }, thicknessMm: 2 }),
      surface({ radiusMm: 300 }),
    );
    const figures = paraxialFigures(lens);
    const system = opticalSystem(lens);
    const height = 1e-3;
    const ray = traceRay(system, [0, height, 0, 0, 0, 1]);
    // Relative error of a real ray is of the order (height / f)².
    expect(-height / (ray.direction[1] / ray.direction[2])).toBeCloseTo(figures.focalLengthMm, 5);
    expect(Math.abs(ray.point[1])).toBeLessThan(1e-9);
    // The rim of the entrance pupil goes through the rim of the stop.
    const rim = traceRay(system, [0, 1e-3, 0, 0, 0, 1], { toSurface: 2 });
    expect(rim.point[1] / height).toBeCloseTo((2 * 5) / figures.entrancePupilDiameterMm, 6);
    // Near object: image distance and magnification.
    const image = paraxialImage(paraxialLens(lens), 500);
    const near = opticalSystem(lens, { focusDistanceM: (500 + figures.entrancePupilMm) / 1000 });
    expect(near.imageMm).toBeCloseTo((near.vertexMm[4] ?? 0) + image.distanceMm, 9);
    const off = traceRay(near, [0, 1e-2, -500, 0, -1e-5, 1]);
    expect(off.point[1] / 1e-2).toBeCloseTo(image.magnification, 6);
  });
});

describe('bundles', () => {
  const singlet = lensOf(
    surface({ stop: true, semiDiameterMm: 5, thicknessMm: 2 }),
    surface({ radiusMm: 80, medium: glass, thicknessMm: 5, semiDiameterMm: 12 }),
    surface({ radiusMm: -120, semiDiameterMm: 12 }),
  );

  it('fill a stop in front of the lens exactly: a disc, foreshortened by the cosine off the axis', () => {
    const system = opticalSystem(singlet);
    const axis = findBundle(system, { angleRad: 0 });
    expect(axis?.mostAMm).toBeCloseTo(5, 6);
    expect(axis?.leastAMm).toBeCloseTo(-5, 6);
    expect(axis?.halfBMm).toBeCloseTo(5, 6);
    const oblique = findBundle(system, { angleRad: 0.3 });
    expect(oblique?.mostAMm).toBeCloseTo(5 * Math.cos(0.3), 6);
    expect(oblique?.chiefAMm).toBeCloseTo(0, 6);
    // 1 % of the area at 200 samples across: cells on the rim are in or out.
    expect(spotDiagram(system, { angleRad: 0.3 }, 200).flux / (25 * Math.PI * Math.cos(0.3))).toBeCloseTo(
      1,
      2,
    );
  });

  it('are cut by the rims of other elements, and gone at last', () => {
    const system = opticalSystem(singlet);
    const full = spotDiagram(system, { angleRad: 0.5 }, 64).flux;
    const cut = spotDiagram(
      opticalSystem({
        ...singlet,
        surfaces: singlet.surfaces.map((one, k) => (k === 2 ? { ...one, semiDiameterMm: 5 } : one)),
      }),
      { angleRad: 0.5 },
      64,
    ).flux;
    expect(cut).toBeLessThan(0.9 * full);
    expect(findBundle(system, { angleRad: 1.5 })).toBeUndefined();
    expect(() => pupilGrid(system, { angleRad: 1.5 }, 16)).toThrow(/no ray from 85.94°/);
  });

  it('stop down with the f-number, in area as its square', () => {
    const open = paraxialFigures(singlet).fNumber;
    const wide = spotDiagram(opticalSystem(singlet), { angleRad: 0 }, 100).flux;
    const small = spotDiagram(opticalSystem(singlet, { fNumber: 4 * open }), { angleRad: 0 }, 100).flux;
    expect(wide / small).toBeCloseTo(16, 6);
    expect(() => opticalSystem(singlet, { fNumber: open / 2 })).toThrow(/opens to f\//);
  });

  it('trace the same one by one and in bulk', () => {
    const system = opticalSystem(singlet);
    const grid = pupilGrid(system, { angleRad: 0.2, distanceM: 2 }, 8);
    const out = new Float64Array(64 * TRACED_LENGTH);
    const passed = new Uint8Array(64);
    const passes = traceRays(system, grid.rays, 64, out, passed);
    expect(passes).toBeGreaterThan(30);
    for (let k = 0; k < 64; k++) {
      const [x = 0, y = 0, z = 0, dx = 0, dy = 0, dz = 0] = grid.rays.subarray(k * RAY_LENGTH);
      const ray = traceRay(system, [x, y, z, dx, dy, dz]);
      expect(passed[k]).toBe(ray.fate === 'passed' ? 1 : 0);
      if (passed[k] === 1) expect(out[k * TRACED_LENGTH + 1]).toBe(ray.point[1]);
    }
  });
});
