import { describe, expect, it } from 'vitest';
import { blurDiscMm } from '../calculators/depthOfField.js';
import { circularApertureMtf } from '../calculators/diffraction.js';
import { OpticsError } from '../OpticsError.js';
import type { Channels } from './ChannelLight.js';
import { drawIdeal } from './drawIdeal.js';
import type { LensDrawing } from './LensDrawing.js';
import { psfMtf } from './mtf.js';
import { type PhotositeKernel, photositeKernel } from './photositeKernel.js';

const green = { wavelengthsNm: [550], weights: [1] };
const mono: Channels = [green, green, green];
const total = ({ weights }: PhotositeKernel) => weights.reduce((sum, weight) => sum + weight, 0);

function centroid({ size, weights }: PhotositeKernel): [number, number] {
  const half = (size - 1) / 2;
  let [x, y] = [0, 0];
  for (const [i, weight] of weights.entries()) {
    x += weight * ((i % size) - half);
    y += weight * (Math.floor(i / size) - half);
  }
  return [x, y];
}

/** A drawing whose functions are blobs off their places: outward by 6 samples at the rim, by 0 in the centre. */
function withTail(): LensDrawing {
  const size = 31;
  const data = new Float32Array(2 * 3 * size * size);
  for (const [r, out] of [0, 6].entries()) {
    for (let channel = 0; channel < 3; channel++) {
      let sum = 0;
      const at = (r * 3 + channel) * size * size;
      for (let i = 0; i < size * size; i++) {
        const value = Math.exp(-(((i % size) - 15 - out) ** 2 + (Math.floor(i / size) - 15) ** 2) / 8);
        data[at + i] = value;
        sum += value;
      }
      for (let i = 0; i < size * size; i++) data[at + i] /= sum;
    }
  }
  return {
    ...drawIdeal({
      focalLengthMm: 50,
      fNumber: 2,
      focusDistanceM: Infinity,
      imageRadiusMm: 20,
      depthsM: [Infinity],
    }),
    psfs: { radiiMm: [0, 20], depthsM: [Infinity], size, stepsUm: new Float64Array(6).fill(2), data },
  };
}

describe('photositeKernel', () => {
  it('sums to 1 at every depth, place and pitch, with no negative weight', () => {
    const drawing = drawIdeal({ focalLengthMm: 9, fNumber: 1.8, focusDistanceM: 2, imageRadiusMm: 8 });
    for (const depthM of [Infinity, 3, 2, 1.1, 0.4, 0.1]) {
      for (const pitchUm of [0.8, 1.6, 6]) {
        const kernel = photositeKernel(drawing, { xMm: -3, yMm: 4, depthM, channel: 1, pitchUm });
        expect(kernel.size % 2).toBe(1);
        expect(kernel.weights.length).toBe(kernel.size ** 2);
        expect(total(kernel)).toBeCloseTo(1, 5);
        expect(Math.min(...kernel.weights)).toBeGreaterThanOrEqual(0);
      }
    }
  });

  it('has the contrast of diffraction times that of the square photosite, at any azimuth, within 1 %', () => {
    const drawing = drawIdeal({
      focalLengthMm: 50,
      fNumber: 4,
      focusDistanceM: Infinity,
      imageRadiusMm: 20,
      depthsM: [Infinity],
      channels: mono,
    });
    // Samples at a third of the cut-off's period: no alias reaches the frequencies looked at.
    const pitchUm = 0.73;
    for (const place of [
      { xMm: 0, yMm: 0 },
      { xMm: 7, yMm: -12 },
    ]) {
      const kernel = photositeKernel(drawing, { ...place, depthM: Infinity, channel: 1, pitchUm });
      for (const share of [0.1, 0.2, 0.3, 0.4]) {
        const frequency = share / (550e-6 * 4);
        const x = (Math.PI * frequency * pitchUm) / 1000;
        const expected = (circularApertureMtf(frequency, 4, 550) * Math.sin(x)) / x;
        const contrast = psfMtf(kernel.weights, kernel.size, pitchUm, frequency, 'tangential');
        expect(Math.abs(contrast / expected - 1)).toBeLessThan(0.01);
      }
    }
  });

  it('turns the tail to the azimuth of the place', () => {
    const drawing = withTail();
    for (const degrees of [0, 37, 90, 200, 315]) {
      const angle = (degrees * Math.PI) / 180;
      const [x, y] = centroid(
        photositeKernel(drawing, {
          xMm: 20 * Math.cos(angle),
          yMm: 20 * Math.sin(angle),
          depthM: Infinity,
          channel: 0,
          pitchUm: 2,
          energy: 1,
          faintest: 0,
        }),
      );
      expect(x).toBeCloseTo(6 * Math.cos(angle), 2);
      expect(y).toBeCloseTo(6 * Math.sin(angle), 2);
    }
  });

  it('goes linearly from one radius to the next', () => {
    const place = { yMm: 0, depthM: Infinity, channel: 2, pitchUm: 2, energy: 1, faintest: 0 } as const;
    expect(centroid(photositeKernel(withTail(), { ...place, xMm: 5 }))[0]).toBeCloseTo(1.5, 2);
    expect(centroid(photositeKernel(withTail(), { ...place, xMm: 500 }))[0]).toBeCloseTo(6, 2);
  });

  it('gives a blur disc between two depths of the table the size between', () => {
    const lens = { focalLengthMm: 50, fNumber: 1.4, focusDistanceM: 2, imageRadiusMm: 20, channels: mono };
    const drawing = drawIdeal({ ...lens, depthsM: [1, 0.5] });
    for (const depthM of [0.8, 2 / 3, 0.55]) {
      const pitchUm = 20;
      const { size, weights } = photositeKernel(drawing, { xMm: 0, yMm: 0, depthM, channel: 1, pitchUm });
      const half = (size - 1) / 2;
      let square = 0;
      for (const [i, weight] of weights.entries())
        square += weight * (((i % size) - half) ** 2 + (Math.floor(i / size) - half) ** 2);
      // A photosite's own width adds a sixth of its square.
      const diameter = 2 * Math.sqrt(2 * (square - 1 / 6)) * pitchUm;
      const expected = 1000 * blurDiscMm({ focalLengthMm: 50, fNumber: 1.4, distanceM: 2 }, depthM);
      expect(Math.abs(diameter / expected - 1)).toBeLessThan(0.01);
    }
  });

  it('spreads what is cut off over the kernel instead of raising the contrast', () => {
    const drawing = drawIdeal({
      focalLengthMm: 9,
      fNumber: 2,
      focusDistanceM: Infinity,
      imageRadiusMm: 8,
      depthsM: [Infinity],
    });
    const place = { xMm: 0, yMm: 0, depthM: Infinity, channel: 1, pitchUm: 1.4 } as const;
    const full = photositeKernel(drawing, { ...place, energy: 1, faintest: 0 });
    const cut = photositeKernel(drawing, { ...place, energy: 0.97 });
    expect(cut.size).toBeLessThan(full.size / 2);
    expect(total(cut)).toBeCloseTo(1, 6);
    const [a, b] = [full, cut].map(({ size, weights }) => psfMtf(weights, size, 1.4, 250, 'sagittal'));
    expect(Math.abs(b / a - 1)).toBeLessThan(0.01);
  });

  it('cuts to maxSize', () => {
    const drawing = drawIdeal({ focalLengthMm: 50, fNumber: 1.4, focusDistanceM: 2, imageRadiusMm: 20 });
    const place = { xMm: 0, yMm: 0, depthM: 0.4, channel: 1, pitchUm: 6 } as const;
    const { size, weights } = photositeKernel(drawing, { ...place, maxSize: 51 });
    expect(size).toBe(51);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
  });

  it('takes a few milliseconds for kernels of a picture in focus', () => {
    const drawing = drawIdeal({
      focalLengthMm: 9,
      fNumber: 1.6,
      focusDistanceM: 2,
      imageRadiusMm: 8,
      depthsM: [2],
    });
    const start = performance.now();
    for (let i = 0; i < 20; i++)
      photositeKernel(drawing, { xMm: i / 4, yMm: 1, depthM: 2, channel: 1, pitchUm: 1.6 });
    // 4 ms each on a common core; the machine may be busy with other tests.
    expect((performance.now() - start) / 20).toBeLessThan(30);
  });

  it('names what is not possible', () => {
    const drawing = withTail();
    const place = { xMm: 0, yMm: 0, depthM: 1, channel: 1, pitchUm: 2 } as const;
    for (const wrong of [
      { xMm: Number.NaN },
      { depthM: 0 },
      { pitchUm: 0 },
      { energy: 2 },
      { faintest: -1 },
      { maxSize: 10 },
    ]) {
      expect(() => photositeKernel(drawing, { ...place, ...wrong })).toThrow(OpticsError);
      expect(() => photositeKernel(drawing, { ...place, ...wrong })).toThrow(Object.keys(wrong)[0]);
    }
  });
});
