import { describe, expect, it } from 'vitest';
import { OpticsError } from '../OpticsError.js';
import { doubleGauss, parabolicMirror, stigmaticLens, thinLens } from '../testing/lenses.js';
import { closeFoci, fieldFigures, imageScaleMm, wavefrontError } from './fieldFigures.js';
import { opticalSystem } from './system.js';

describe('fieldFigures', () => {
  const thin = fieldFigures(thinLens(50, 50), {}, [0, 10, 20, 30]);

  it('sees no distortion and the cosine-fourth law through a small hole in a thin lens', () => {
    for (const { angleDegrees, distortion, relativeIllumination, bundleShare, imageHeightMm } of thin) {
      const cosine = Math.cos((angleDegrees * Math.PI) / 180);
      expect(Math.abs(distortion)).toBeLessThan(1e-6);
      // The lens of no thickness has 50.0000 mm.
      expect(imageHeightMm).toBeCloseTo(50 * Math.tan((angleDegrees * Math.PI) / 180), 4);
      expect(bundleShare).toBeCloseTo(cosine, 6);
      expect(relativeIllumination).toBeCloseTo(cosine ** 4, 4);
    }
  });

  it('finds a thin lens’s curved fields: (1 + 1/n) and (3 + 1/n) times θ² f / 2 before the plane', () => {
    const angle = 0.02;
    const { sagittalMm, tangentialMm } = closeFoci(opticalSystem(thinLens(50, 50)), angle);
    const unit = (-angle * angle * 50) / 2;
    // Third order: the next one is θ² smaller, about 1e-3.
    expect(sagittalMm / (unit * (1 + 1 / 1.5))).toBeCloseTo(1, 2);
    expect(tangentialMm / (unit * (3 + 1 / 1.5))).toBeCloseTo(1, 2);
  });

  it('sees no colour in a mirror, nor in glasses without dispersion', () => {
    for (const { lateralColourUm } of fieldFigures(parabolicMirror(100, 4), {}, [0, 0.5, 1]))
      expect(lateralColourUm).toBe(0);
    for (const { lateralColourUm } of thin) expect(lateralColourUm).toBe(0);
    expect(Math.abs(fieldFigures(doubleGauss(), {}, [15])[0].lateralColourUm)).toBeGreaterThan(0.5);
  });

  it('sees vignetting beyond the cosine law in a fast lens, and less of it stopped down', () => {
    const [open] = fieldFigures(doubleGauss(), {}, [18]);
    const [stopped] = fieldFigures(doubleGauss(), { fNumber: 8 }, [18]);
    const cosineFourth = Math.cos((18 * Math.PI) / 180) ** 4;
    expect(open.relativeIllumination).toBeLessThan(0.6 * cosineFourth);
    expect(stopped.relativeIllumination).toBeGreaterThan(0.9 * cosineFourth);
    expect(open.distortion).toBeLessThan(0);
  });

  it('names the field where no ray passes', () => {
    expect(() => fieldFigures(doubleGauss(), {}, [60])).toThrow(OpticsError);
  });
});

describe('imageScaleMm', () => {
  it('is the focal length at infinity and grows by the extension up close', () => {
    expect(imageScaleMm(opticalSystem(thinLens(50, 10)))).toBeCloseTo(50, 4);
    expect(imageScaleMm(opticalSystem(thinLens(50, 10), { focusDistanceM: 1 }))).toBeCloseTo(50 / 0.95, 4);
  });
});

describe('wavefrontError', () => {
  it('is zero for conics that bring light to one point', () => {
    for (const lens of [stigmaticLens(80, 2, 20), parabolicMirror(100, 2)])
      expect(wavefrontError(opticalSystem(lens), 0).peakToValleyWaves).toBeLessThan(1e-6);
  });

  it('is D²/8 times the defocus of a near point, from one side of the pupil to the other', () => {
    // An f/20 cone: fourth-order terms are below 1e-3 of the second-order one.
    const system = opticalSystem(parabolicMirror(100, 20));
    const expected = (5 ** 2 / 8 / 50_000) * 1e6;
    expect((wavefrontError(system, 0, 50, 128).peakToValleyWaves * 550) / expected).toBeCloseTo(1, 1);
    // Over a disc, the rms of ρ² is 1/√12 of its range; cells at the edge count with their middle's path.
    const share = (wavefrontError(system, 0, 50, 128).rmsWaves * 550) / expected;
    expect(Math.abs(share * Math.sqrt(12) - 1)).toBeLessThan(0.005);
  });

  it('falls steeply when a lens with spherical aberration is stopped down', () => {
    const open = wavefrontError(opticalSystem(doubleGauss()), 0).rmsWaves;
    const stopped = wavefrontError(opticalSystem(doubleGauss(), { fNumber: 8 }), 0).rmsWaves;
    expect(stopped).toBeLessThan(open / 10);
  });
});
