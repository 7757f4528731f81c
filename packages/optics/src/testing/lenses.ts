import type { Lens, Surface } from '../lenses/Lens.js';
import { opticalSystem } from '../lenses/system.js';
import { traceRay } from '../lenses/trace.js';

/** A surface that is plane, in air and wide, but for what is said. */
export const surface = (own: Partial<Surface>): Surface => ({
  radiusMm: Infinity,
  conic: 0,
  asphere: [],
  thicknessMm: 0,
  medium: { kind: 'air' },
  semiDiameterMm: 100,
  stop: false,
  ...own,
});

/** A lens for tests, at 550 nm. */
export const lensOf = (name: string, ...surfaces: Surface[]): Lens => ({
  name,
  source: 'made up',
  surfaces,
  wavelengthNm: 550,
  stated: {},
});

const glass = { kind: 'constant', index: 1.5 } as const;

/** Plane front with the stop, hyperbolic rear: light from infinity on the axis meets in one point. n² = −k. */
export const stigmaticLens = (focalLengthMm: number, fNumber: number, thicknessMm: number): Lens =>
  lensOf(
    'plano-hyperbolic',
    surface({ stop: true, medium: glass, thicknessMm, semiDiameterMm: focalLengthMm / (2 * fNumber) }),
    surface({ radiusMm: -focalLengthMm / 2, conic: -2.25 }),
  );

/**
 * A thin aplanat with the stop on its front: bent so that it has no coma (1.5 : shape factor 0.8, Welford, Aberrations of Optical
 * Systems, 12.3), its front conic such that the marginal ray from infinity meets the focus. So it stays sharp when the point
 * comes nearer.
 */
export function thinAplanat(focalLengthMm: number, fNumber: number): Lens {
  const semiDiameterMm = focalLengthMm / (2 * fNumber);
  const lens = (conic: number) =>
    lensOf(
      'thin aplanat',
      surface({
        radiusMm: focalLengthMm / 1.8,
        conic,
        stop: true,
        medium: glass,
        thicknessMm: focalLengthMm / 1000,
        semiDiameterMm,
      }),
      surface({ radiusMm: -focalLengthMm / 0.2 }),
    );
  let [low, high] = [-5, 5];
  for (let k = 0; k < 50; k++) {
    const middle = (low + high) / 2;
    const { point } = traceRay(opticalSystem(lens(middle)), [0, 0.9 * semiDiameterMm, -1, 0, 0, 1]);
    // Below the axis: the edge is too strong, the surface has to flatten.
    if (point[1] < 0) high = middle;
    else low = middle;
  }
  return lens(low);
}

/** An equiconvex lens of nearly no thickness with the stop on it. */
export const thinLens = (focalLengthMm: number, fNumber: number): Lens =>
  lensOf(
    'thin lens',
    surface({
      radiusMm: focalLengthMm,
      stop: true,
      medium: glass,
      thicknessMm: 1e-6,
      semiDiameterMm: focalLengthMm / (2 * fNumber),
    }),
    surface({ radiusMm: -focalLengthMm }),
  );

/** A paraboloid mirror with the stop on it. */
export const parabolicMirror = (focalLengthMm: number, fNumber: number): Lens =>
  lensOf(
    'parabolic mirror',
    surface({
      radiusMm: -2 * focalLengthMm,
      conic: -1,
      reflects: true,
      stop: true,
      thicknessMm: -focalLengthMm,
      semiDiameterMm: focalLengthMm / (2 * fNumber),
    }),
  );

/** A double Gauss of 50 mm f/2 (US 2,673,491 Tronnier, after W. J. Smith, Modern Lens Design, p. 312), with its glasses' dispersion. */
export const doubleGauss = (): Lens => {
  const rows: [number, number, number, number, number][] = [
    [29.475, 3.76, 1.67, 47.1, 12.6],
    [84.83, 0.12, 1, 0, 12.6],
    [19.275, 4.025, 1.67, 47.1, 11.5],
    [40.77, 3.275, 1.699, 30.1, 11.5],
    [12.75, 5.705, 1, 0, 9],
    [Infinity, 4.5, 1, 0, 8.55],
    [-14.495, 1.18, 1.603, 38, 8.5],
    [40.77, 6.065, 1.658, 57.3, 10],
    [-20.385, 0.19, 1, 0, 10],
    [437.065, 3.22, 1.717, 48, 10],
    [-39.73, 0, 1, 0, 10],
  ];
  const lens = lensOf(
    'double Gauss',
    ...rows.map(([radiusMm, thicknessMm, nd, vd, semiDiameterMm]) =>
      surface({
        radiusMm,
        thicknessMm,
        medium: nd === 1 ? { kind: 'air' } : { kind: 'abbe', nd, vd },
        semiDiameterMm,
        stop: radiusMm === Infinity,
      }),
    ),
  );
  return { ...lens, wavelengthNm: 587.5618 };
};
