import { describe, expect, it } from 'vitest';
import type { Lens, Surface } from './Lens.js';
import { paraxialFigures } from './paraxial.js';
import { opticalSystem } from './system.js';
import { thirdOrder } from './thirdOrder.js';
import { traceRay } from './trace.js';

const INDEX = 1.5;
const glass = { kind: 'constant', index: INDEX } as const;
const surface = (own: Partial<Surface>): Surface => ({
  radiusMm: Number.POSITIVE_INFINITY,
  conic: 0,
  asphere: [],
  thicknessMm: 0,
  medium: { kind: 'air' },
  semiDiameterMm: 20,
  stop: false,
  ...own,
});
const lensOf = (...surfaces: Surface[]): Lens => ({
  name: 'test lens',
  source: 'made up',
  surfaces,
  wavelengthNm: 587.5618,
  stated: {},
});

/** A thin lens of power 1/100 mm and a given shape q = (c1 + c2) / (c1 − c2), with the stop on it. */
function bent(shape: number, index = INDEX): Lens {
  const difference = 0.01 / (index - 1);
  return lensOf(
    surface({
      radiusMm: 2 / (difference * (shape + 1)),
      medium: { kind: 'constant', index },
      stop: true,
      semiDiameterMm: 5,
    }),
    surface({ radiusMm: 2 / (difference * (shape - 1)) }),
  );
}

describe('third order', () => {
  it('gives the thin lens’s spherical aberration in closed form', () => {
    // Welford, ch. 12: S I = h⁴ K³ / 4 [ (n/(n−1))² + (n+2)/(n (n−1)²) (B + 2 (n²−1)/(n+2) C)² − n/(n+2) C² ],
    // with conjugate C = −1 or 1 for an object at infinity; here B = shape, C = −1.
    for (const n of [1.5, 1.7])
      for (const shape of [-2, 0, 0.5, 1, 3]) {
        const expected =
          ((5 ** 4 * 0.01 ** 3) / 4) *
          ((n / (n - 1)) ** 2 +
            ((n + 2) / (n * (n - 1) ** 2)) * (shape - (2 * (n ** 2 - 1)) / (n + 2)) ** 2 -
            n / (n + 2));
        expect(thirdOrder(bent(shape, n), { fieldRad: 0.1 }).sums.spherical / expected).toBeCloseTo(1, 9);
      }
  });

  it('has the thin lens’s astigmatism H²K, Petzval H²K/n, no distortion, with the stop on it, at any bending', () => {
    for (const shape of [-1.5, 0, 2]) {
      const { sums, lagrangeMm, petzvalRadiusMm } = thirdOrder(bent(shape), { fieldRad: 0.1 });
      const expected = lagrangeMm ** 2 * 0.01;
      expect(sums.astigmatism / expected).toBeCloseTo(1, 9);
      expect(sums.petzval / (expected / INDEX)).toBeCloseTo(1, 9);
      expect(Math.abs(sums.distortion)).toBeLessThan(1e-12 * expected);
      expect(petzvalRadiusMm).toBeCloseTo(-100 * INDEX, 8);
    }
  });

  it('has the least spherical aberration at the known bending', () => {
    // q = 2 (n² − 1) / (n + 2) for an object at infinity.
    const best = (2 * (INDEX ** 2 - 1)) / (INDEX + 2);
    const at = (shape: number): number => thirdOrder(bent(shape), { fieldRad: 0.1 }).sums.spherical;
    expect(at(best)).toBeLessThan(at(best + 0.01));
    expect(at(best)).toBeLessThan(at(best - 0.01));
    // Coma of the stop on the lens vanishes near it: q = (2n + 1)(n − 1) / (n + 1).
    const free = ((2 * INDEX + 1) * (INDEX - 1)) / (INDEX + 1);
    expect(Math.abs(thirdOrder(bent(free), { fieldRad: 0.1 }).sums.coma)).toBeLessThan(1e-15);
  });

  it('finds only spherical aberration and Petzval curvature where all surfaces are concentric about the stop', () => {
    const ball = lensOf(
      surface({ radiusMm: 30, medium: glass, thicknessMm: 30 }),
      surface({ medium: glass, stop: true, semiDiameterMm: 5, thicknessMm: 30 }),
      surface({ radiusMm: -30 }),
    );
    const { sums } = thirdOrder(ball, { fieldRad: 0.2 });
    expect(sums.spherical).toBeGreaterThan(0);
    expect(sums.petzval).toBeGreaterThan(0);
    for (const value of [sums.coma, sums.astigmatism]) expect(Math.abs(value)).toBeLessThan(1e-15);
  });

  it('finds no spherical aberration in a paraboloid mirror nor in a Cartesian refractor', () => {
    const mirror = lensOf(
      surface({
        radiusMm: -200,
        conic: -1,
        reflects: true,
        stop: true,
        semiDiameterMm: 20,
        thicknessMm: -100,
      }),
    );
    expect(Math.abs(thirdOrder(mirror, { fieldRad: 0.01 }).sums.spherical)).toBeLessThan(1e-16);
    const sphere = { ...mirror, surfaces: mirror.surfaces.map((one) => ({ ...one, conic: 0 })) };
    // A sphere mirror: W040 = h⁴ / (4 R³).
    expect(thirdOrder(sphere, { fieldRad: 0.01 }).sums.spherical).toBeCloseTo(
      (8 * 20 ** 4) / (4 * 200 ** 3),
      12,
    );
    const refractor = lensOf(
      surface({ radiusMm: 40, conic: -(INDEX ** -2), medium: glass, stop: true, thicknessMm: 120 }),
    );
    expect(Math.abs(thirdOrder(refractor, { fieldRad: 0.01 }).sums.spherical)).toBeLessThan(1e-14);
  });

  const triplet = lensOf(
    surface({ radiusMm: 23.713, medium: { kind: 'constant', index: 1.691 }, thicknessMm: 4.831 }),
    surface({ radiusMm: 7331.288, thicknessMm: 5.86, asphere: [2e-6] }),
    surface({
      radiusMm: -24.456,
      medium: { kind: 'constant', index: 1.6727 },
      thicknessMm: 0.975,
      stop: true,
      semiDiameterMm: 4,
    }),
    surface({ radiusMm: 21.896, thicknessMm: 4.822 }),
    surface({ radiusMm: 86.759, medium: { kind: 'constant', index: 1.691 }, thicknessMm: 3.127 }),
    surface({ radiusMm: -20.4942, conic: -0.3 }),
  );

  it('is what the exact trace tends to for small apertures and fields', () => {
    const { backFocusMm, entrancePupilMm, entrancePupilDiameterMm, focalLengthMm } = paraxialFigures(triplet);
    const system = opticalSystem(triplet, { imageDistanceMm: backFocusMm });
    // Spherical aberration of an axial ray, at 1/20 and 1/40 of the aperture: the rest falls with the square.
    const spherical = (share: number): number => {
      const radius = (share * entrancePupilDiameterMm) / 2;
      const stopRadiusMm = share * 4;
      const third = thirdOrder(triplet, { fieldRad: 0.001, stopRadiusMm });
      const ray = traceRay(system, [0, radius, entrancePupilMm, 0, 0, 1]);
      return ray.point[1] / (third.sums.spherical / (2 * third.imageSlope));
    };
    expect(spherical(1 / 40)).toBeCloseTo(1, 2);
    expect(Math.abs(spherical(1 / 40) - 1)).toBeLessThan(0.27 * Math.abs(spherical(1 / 20) - 1));
    // Distortion of the chief ray, found by aiming at the centre of the stop.
    const distortion = (fieldRad: number): number => {
      const third = thirdOrder(triplet, { fieldRad });
      const at = (a: number): readonly [number, number] => {
        const from = [0, a * Math.cos(fieldRad), entrancePupilMm - a * Math.sin(fieldRad)] as const;
        const ray = [...from, 0, Math.sin(fieldRad), Math.cos(fieldRad)] as const;
        return [traceRay(system, [...ray], { toSurface: 2 }).point[1], traceRay(system, [...ray]).point[1]];
      };
      let [low, high] = [-1, 1];
      for (let k = 0; k < 60; k++) {
        const middle = (low + high) / 2;
        if (at(middle)[0] > 0 === at(high)[0] > 0) high = middle;
        else low = middle;
      }
      const off = at(low)[1] - focalLengthMm * Math.tan(fieldRad);
      return off / (third.sums.distortion / (2 * third.imageSlope));
    };
    expect(distortion(0.02)).toBeCloseTo(1, 2);
    expect(Math.abs(distortion(0.02) - 1)).toBeLessThan(0.27 * Math.abs(distortion(0.04) - 1));
    // Coma and astigmatism from rays about the chief ray: odd and even parts in the aperture.
    const fieldRad = 0.005;
    const stopRadiusMm = 0.2;
    const third = thirdOrder(triplet, { fieldRad, stopRadiusMm });
    const radius = entrancePupilDiameterMm / 40;
    const ray = (x: number, y: number): readonly number[] =>
      traceRay(system, [x, y, entrancePupilMm, 0, Math.sin(fieldRad), Math.cos(fieldRad)]).point;
    const centre = ray(0, 0)[1] ?? 0;
    const coma = ((ray(0, radius)[1] ?? 0) + (ray(0, -radius)[1] ?? 0)) / 2 - centre;
    expect(coma / ((3 * third.sums.coma) / (2 * third.imageSlope))).toBeCloseTo(1, 2);
    // Sagittal and tangential focus: (S III + S IV) / 2 and (3 S III + S IV) / 2 over the slope, plus spherical.
    const { spherical: s1, astigmatism: s3, petzval: s4 } = third.sums;
    const sagittal = ((ray(radius, 0)[0] ?? 0) - (ray(-radius, 0)[0] ?? 0)) / 2;
    expect(sagittal / ((s1 + s3 + s4) / (2 * third.imageSlope))).toBeCloseTo(1, 2);
    const tangential = ((ray(0, radius)[1] ?? 0) - (ray(0, -radius)[1] ?? 0)) / 2;
    expect(tangential / ((s1 + 3 * s3 + s4) / (2 * third.imageSlope))).toBeCloseTo(1, 2);
  });

  it('gives the colour of a thin lens: C I = h² K / V, and that of its shift by the stop', () => {
    const lens = lensOf(
      surface({
        radiusMm: 100,
        medium: { kind: 'abbe', nd: 1.6, vd: 40 },
        stop: true,
        semiDiameterMm: 5,
      }),
      surface({ radiusMm: -100 }),
    );
    const { sums } = thirdOrder(lens, { fieldRad: 0.1 });
    expect(sums.axialColour).toBeCloseTo((25 * 0.012) / 40, 12);
    expect(Math.abs(sums.lateralColour)).toBeLessThan(1e-15);
  });
});
