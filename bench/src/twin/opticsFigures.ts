import {
  blurDiscMm,
  circularApertureMtf,
  depthOfField,
  drawIdeal,
  type Lens,
  opticalSystem,
  perfectMtf,
  photositeKernel,
  psfMtf,
  pupilCoverage,
  pupilMap,
  tracedBlurMm,
  tracedDepthOfField,
  tracedMtf,
} from '@photosite/optics';
import { atMost, type Figure, within } from './figure.js';

const WAVELENGTH_NM = 550;
/** Frequencies as shares of the cut-off; beyond 0.9 less than 4 % of contrast is left. */
const SHARES = [0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
const GLASS = { kind: 'constant', index: 1.5 } as const;

const worst = (errors: readonly number[]): number => 100 * Math.max(...errors.map(Math.abs));

/** A paraboloid mirror: a traced lens without aberrations. */
const mirror = (focalLengthMm: number, fNumber: number): Lens => ({
  name: 'paraboloid',
  source: 'closed form',
  wavelengthNm: WAVELENGTH_NM,
  stated: {},
  surfaces: [
    {
      radiusMm: -2 * focalLengthMm,
      conic: -1,
      asphere: [],
      thicknessMm: -focalLengthMm,
      medium: { kind: 'air' },
      reflects: true,
      semiDiameterMm: focalLengthMm / (2 * fNumber),
      stop: true,
    },
  ],
});

/**
 * A thin lens of 50 mm that is sharp without being ideal: bent so that it has no coma, spherical aberration taken away by the
 * front's conic (found by tracing the marginal ray at f/8).
 */
const thin = (fNumber: number): Lens => ({
  name: 'thin aplanat',
  source: 'made for this figure',
  wavelengthNm: WAVELENGTH_NM,
  stated: {},
  surfaces: [
    {
      radiusMm: 50 / 1.8,
      conic: -0.7416,
      asphere: [],
      thicknessMm: 0.05,
      medium: GLASS,
      semiDiameterMm: 25 / fNumber,
      stop: true,
    },
    {
      radiusMm: -250,
      conic: 0,
      asphere: [],
      thicknessMm: 50,
      medium: { kind: 'air' },
      semiDiameterMm: 30,
      stop: false,
    },
  ],
});

/** Contrast of a perfect lens against the closed form: worst deviations in per cent of it. */
function diffractionFigures(): Figure[] {
  const figures: Figure[] = [];
  for (const fNumber of [1.4, 4, 16]) {
    const cutoff = 1e6 / (WAVELENGTH_NM * fNumber);
    const closed = (share: number) => circularApertureMtf(share * cutoff, fNumber, WAVELENGTH_NM);
    const pupil = { workingFNumber: fNumber, defocusUm: 0, obstruction: 0 };
    figures.push(
      atMost(
        `MTF of a perfect lens at f/${fNumber}, pupil's autocorrelation against the closed form, worst, %`,
        1,
        worst(SHARES.map((share) => perfectMtf(pupil, share * cutoff, WAVELENGTH_NM) / closed(share) - 1)),
      ),
    );
    // What the twin convolves with, at photosites of a third of the cut-off's period, so that nothing is aliased.
    const light = { wavelengthsNm: [WAVELENGTH_NM], weights: [1] };
    const pitchUm = 1000 / (3 * cutoff);
    const drawing = drawIdeal({
      focalLengthMm: 50,
      fNumber,
      focusDistanceM: Infinity,
      imageRadiusMm: 20,
      depthsM: [Infinity],
      channels: [light, light, light],
    });
    const { size, weights } = photositeKernel(drawing, {
      xMm: 3,
      yMm: 2,
      depthM: Infinity,
      channel: 1,
      pitchUm,
    });
    figures.push(
      atMost(
        `MTF of the photosites' kernel at f/${fNumber} against diffraction × photosite, up to half the cut-off, worst, %`,
        1,
        worst(
          SHARES.filter((share) => share >= 0.1 && share <= 0.5).map((share) => {
            const x = (Math.PI * share) / 3;
            const expected = (closed(share) * Math.sin(x)) / x;
            return psfMtf(weights, size, pitchUm, share * cutoff, 'sagittal') / expected - 1;
          }),
        ),
      ),
    );
  }
  // A slow mirror: the closed form is paraxial.
  const system = opticalSystem(mirror(200, 16));
  const map = pupilMap(system, pupilCoverage(system, { angleRad: 0 }, 128));
  // By the sine of the marginal ray, whose angle to the axis is 2 atan(y / 2f).
  const sine = Math.sin(2 * Math.atan(1 / 64));
  const cutoff = (2 * sine) / (WAVELENGTH_NM * 1e-6);
  figures.push(
    atMost(
      'MTF of a traced paraboloid mirror at f/16 against the closed form, worst, %',
      1,
      worst(
        SHARES.map(
          (share) =>
            tracedMtf([{ map, weight: 1 }], share * cutoff, 'tangential') /
              circularApertureMtf(share * cutoff, 0.5 / sine, WAVELENGTH_NM) -
            1,
        ),
      ),
    ),
  );
  return figures;
}

/** Blur discs and depth of field by exact rays against the thin lens's formulas. */
function focusFigures(): Figure[] {
  const figures: Figure[] = [];
  const circleMm = 0.03;
  for (const fNumber of [8, 11, 16]) {
    const lens = thin(fNumber);
    const focus = { focalLengthMm: 50, fNumber, distanceM: 3 };
    const system = opticalSystem(lens, { focusDistanceM: 3 });
    for (const pointM of [1.5, 6, Infinity]) {
      figures.push(
        within(
          `blur disc of a point at ${pointM} m, 50 mm f/${fNumber} at 3 m, traced, mm`,
          blurDiscMm(focus, pointM),
          tracedBlurMm(system, pointM),
          0.01,
        ),
      );
    }
    const expected = depthOfField(focus, circleMm);
    const traced = tracedDepthOfField(lens, { focusDistanceM: 3 }, circleMm);
    figures.push(
      within(
        `near limit of the depth of field, 50 mm f/${fNumber} at 3 m, traced, m`,
        expected.nearM,
        traced.nearM,
        0.01,
      ),
      within(
        `far limit of the depth of field, 50 mm f/${fNumber} at 3 m, traced, m`,
        expected.farM,
        traced.farM,
        0.01,
      ),
    );
  }
  return figures;
}

/** Diffraction and focus, computed and traced, against the closed forms. */
export async function opticsFigures(): Promise<Figure[]> {
  return [...diffractionFigures(), ...focusFigures()];
}
