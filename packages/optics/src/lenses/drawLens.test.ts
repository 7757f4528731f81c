import { describe, expect, it } from 'vitest';
import { OpticsError } from '../OpticsError.js';
import { doubleGauss, lensOf, parabolicMirror, surface, thinLens } from '../testing/lenses.js';
import { drawIdeal } from './drawIdeal.js';
import { drawLens } from './drawLens.js';
import { psfMtf } from './mtf.js';
import { photositeKernel } from './photositeKernel.js';

const start = performance.now();
const gauss = drawLens(doubleGauss(), {
  imageRadiusMm: 21.6,
  focusDistanceM: 3,
  depthsM: [3, Infinity],
  radiiMm: [0, 10, 20],
});
const seconds = (performance.now() - start) / 1000;

describe('drawLens', () => {
  it('conserves energy at every place, depth and channel', () => {
    const { size, data, stepsUm, radiiMm, depthsM } = gauss.psfs;
    expect(radiiMm).toEqual([0, 10, 20]);
    expect(depthsM).toEqual([Infinity, 3]);
    for (let entry = 0; entry < stepsUm.length; entry++) {
      const values = data.subarray(entry * size * size, (entry + 1) * size * size);
      expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
      expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    }
  });

  it('knows the lens: focal length, working f-number, image scale at its focus', () => {
    expect(gauss.focalLengthMm).toBeCloseTo(50, 0);
    // f/2 at infinity; 1/60 of magnification.
    expect(gauss.workingFNumber).toBeGreaterThan(2);
    expect(gauss.workingFNumber).toBeLessThan(2.1);
    expect(gauss.imageDistanceMm).toBeGreaterThan(gauss.focalLengthMm);
    expect(gauss.imageDistanceMm).toBeLessThan(1.03 * gauss.focalLengthMm);
  });

  it('tabulates barrel distortion up to the image’s corner, other for red than for blue', () => {
    const [red, green, blue] = gauss.distortion;
    const last = green.values.length - 1;
    expect(green.values[0]).toBe(0);
    expect(green.values[last]).toBeCloseTo(21.6, 2);
    expect(green.values[last]).toBeLessThan(last * green.stepMm);
    expect(green.values[1] / green.stepMm).toBeCloseTo(1, 4);
    expect(Math.abs(red.values[last] - blue.values[last])).toBeGreaterThan(0.001);
    expect(Math.abs(red.values[last] - blue.values[last])).toBeLessThan(0.02);
  });

  it('tabulates the fall of the illumination, faster than the cosine-fourth law', () => {
    const { values } = gauss.illumination;
    expect(values[0]).toBeCloseTo(1, 3);
    for (let i = 1; i < values.length; i++) expect(values[i]).toBeLessThan(values[i - 1]);
    const corner = values[values.length - 1];
    expect(corner).toBeLessThan(0.5 / (1 + (21.6 / 51) ** 2) ** 2);
    expect(corner).toBeGreaterThan(0.05);
  });

  it('cuts the blur disc at the rim to a cat’s eye: narrower outward than along the tangent', () => {
    const at = (radiusMm: number) => {
      const { size, weights } = photositeKernel(gauss, {
        xMm: radiusMm,
        yMm: 0,
        depthM: Infinity,
        channel: 1,
        pitchUm: 10,
      });
      const half = (size - 1) / 2;
      let [x, xx, yy] = [0, 0, 0];
      for (const [i, weight] of weights.entries()) {
        x += weight * ((i % size) - half);
        xx += weight * ((i % size) - half) ** 2;
        yy += weight * (Math.floor(i / size) - half) ** 2;
      }
      return Math.sqrt((xx - x * x) / yy);
    };
    expect(at(0)).toBeCloseTo(1, 1);
    expect(at(20)).toBeLessThan(0.8);
  });

  it('is a few seconds’ work at most for nine places', () => {
    // 18 tables of three wavelengths take half a second on a common core; the machine may be busy with other tests.
    expect(seconds).toBeLessThan(8);
  });

  it('draws like the ideal lens where the lens is one: a slow thin lens on its axis, in and out of focus', () => {
    const options = { imageRadiusMm: 2, depthsM: [Infinity, 2] };
    const traced = drawLens(thinLens(50, 16), { ...options, radiiMm: [0], size: 129 });
    const ideal = drawIdeal({ ...options, focalLengthMm: 50, fNumber: 16, focusDistanceM: Infinity });
    for (const depthM of options.depthsM) {
      const place = { xMm: 0, yMm: 0, depthM, channel: 1, pitchUm: 4 } as const;
      const [a, b] = [traced, ideal].map((drawing) => photositeKernel(drawing, place));
      for (const frequency of [2, 5, 10, 30])
        expect(
          Math.abs(
            psfMtf(a.weights, a.size, 4, frequency, 'sagittal') -
              psfMtf(b.weights, b.size, 4, frequency, 'sagittal'),
          ),
        ).toBeLessThan(0.02);
    }
  });

  it('ends where the lens does: no light beyond its field', () => {
    const { illumination, distortion } = drawLens(doubleGauss(), {
      imageRadiusMm: 40,
      depthsM: [Infinity],
      radiiMm: [0, 40],
      size: 17,
      nodes: 16,
    });
    expect(illumination.values.at(-1)).toBe(0);
    expect(distortion[1].values.at(-1)).toBeLessThan(40);
  });

  it('draws mirrors', () => {
    const { focalLengthMm, distortion } = drawLens(parabolicMirror(100, 8), {
      imageRadiusMm: 1,
      depthsM: [Infinity],
      radiiMm: [0],
      size: 33,
    });
    expect(focalLengthMm).toBeCloseTo(100, 9);
    expect(distortion[0].values.at(-1)).toBeCloseTo(1, 3);
  });

  it('names what is not possible: sizes, places, a lens whose rays all vignette', () => {
    const options = { imageRadiusMm: 20, depthsM: [Infinity], radiiMm: [0] };
    expect(() => drawLens(doubleGauss(), { ...options, imageRadiusMm: -1 })).toThrow(/imageRadiusMm/);
    expect(() => drawLens(doubleGauss(), { ...options, size: 64 })).toThrow(/size/);
    expect(() => drawLens(doubleGauss(), { ...options, fNumber: 0.5 })).toThrow(/fNumber/);
    expect(() => drawLens(doubleGauss(), { ...options, radiiMm: [Number.NaN] })).toThrow(OpticsError);
    const blocked = lensOf(
      'blocked',
      surface({
        radiusMm: 50,
        stop: true,
        thicknessMm: 5,
        medium: { kind: 'constant', index: 1.5 },
        semiDiameterMm: 5,
      }),
      surface({ radiusMm: 30, thicknessMm: 0, semiDiameterMm: 0 }),
    );
    expect(() => drawLens(blocked, options)).toThrow(OpticsError);
  });
});
