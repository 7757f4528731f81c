import { describe, expect, it } from 'vitest';
import type { Plane } from '../Plane.js';
import type { RgbImage } from '../RgbImage.js';
import { valueAt } from '../sharpness/curve.js';
import type { MtfCurve } from '../sharpness/slantedEdge.js';
import { blur, deadLeaves } from '../testing/deadLeaves.js';
import { gaussianNoise } from '../testing/noise.js';
import { acutance, contrastSensitivity, pixelsPerDegree } from './acutance.js';
import { textureMtf } from './textureMtf.js';

const toRgb = ({ width, height, data }: Plane): RgbImage => ({
  width,
  height,
  data: Float32Array.from({ length: data.length * 3 }, (_, i) => data[Math.floor(i / 3)]!),
});

function noisy(image: RgbImage, sigma: number): RgbImage {
  const random = gaussianNoise(9);
  const data = image.data.slice();
  for (let i = 0; i < data.length; i += 3) {
    const noise = sigma * random();
    for (let c = 0; c < 3; c++) data[i + c]! += noise;
  }
  return { ...image, data };
}

const SIGMA = 0.9;
const gaussian = (f: number) => Math.exp(-2 * (Math.PI * SIGMA * f) ** 2);
const FREQUENCIES = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3];

const leaves = deadLeaves(384, 384, 11);
const reference = toRgb(leaves);
const blurred = toRgb(blur(leaves, SIGMA));

function expectGaussian(curve: MtfCurve, tolerance: number): void {
  for (const f of FREQUENCIES) expect(Math.abs(valueAt(curve, f) - gaussian(f))).toBeLessThan(tolerance);
}

describe('textureMtf', () => {
  it('gives a known blur back, by both methods', () => {
    const { cross, direct, crossMtf50, shiftPx } = textureMtf(blurred, reference);
    // The window mixes neighbouring frequencies, over which the curve bends: 0.01.
    expectGaussian(cross, 0.01);
    expectGaussian(direct, 0.01);
    expect(Math.abs(crossMtf50! / (Math.sqrt(Math.log(2) / 2) / (Math.PI * SIGMA)) - 1)).toBeLessThan(0.02);
    expect(Math.hypot(...shiftPx)).toBeLessThan(0.01);
  });

  it('is unbiased by noise in the cross method, where the plain power ratio is not', () => {
    const { cross, direct } = textureMtf(noisy(blurred, 0.05), reference);
    // Noise leaves a scatter in each ring; the highest ones hold little of the texture's power.
    expectGaussian(cross, 0.03);
    expect(valueAt(direct, 0.3) - gaussian(0.3)).toBeGreaterThan(0.1);
  });

  it('takes the noise off the direct method by a flat area', () => {
    const flat = { left: 0, top: 0, width: 128, height: 128 };
    const grey = { ...blurred, data: blurred.data.slice() };
    for (let y = 0; y < 128; y++) grey.data.fill(0.5, y * 384 * 3, (y * 384 + 128) * 3);
    const region = { left: 128, top: 128, width: 256, height: 256 };
    const { direct } = textureMtf(noisy(grey, 0.05), reference, { region, flat });
    const plain = textureMtf(noisy(grey, 0.05), reference, { region }).direct;
    // Nine segments know the noise of a ring to some percent: means over bands, in which 0.02 is left; noise that stays
    // in is 0.1 and more above 0.25 cycles per pixel.
    for (const f of FREQUENCIES) {
      const band = Array.from({ length: 9 }, (_, i) => f + (i - 4) / 160);
      const off = (curve: MtfCurve) => band.reduce((sum, g) => sum + valueAt(curve, g) - gaussian(g), 0) / 9;
      expect(Math.abs(off(direct))).toBeLessThan(0.02);
      if (f > 0.2) expect(off(plain)).toBeGreaterThan(0.05);
    }
  });

  it('does not depend on exposure, and finds a shift by itself', () => {
    const moved = toRgb(blur(leaves, SIGMA, 3.3, -1.6));
    const dimmed = { ...moved, data: moved.data.map((v) => 0.4 * v) };
    const { cross, shiftPx } = textureMtf(dimmed, reference);
    expect(shiftPx[0]).toBeCloseTo(3.3, 1);
    expect(shiftPx[1]).toBeCloseTo(-1.6, 1);
    // What enters at the borders by the shift is not in the reference.
    expectGaussian(cross, 0.03);
  });

  it('refuses pictures that are too small, differ in size or have no texture', () => {
    const region = { left: 0, top: 0, width: 40, height: 100 };
    expect(() => textureMtf(blurred, reference, { region })).toThrow(/64/);
    const flat: RgbImage = { width: 64, height: 64, data: new Float32Array(64 * 64 * 3).fill(0.5) };
    expect(() => textureMtf(flat, reference)).toThrow(/size/);
    expect(() => textureMtf(flat, flat)).toThrow(/texture/);
  });
});

describe('acutance', () => {
  const viewing = { heightPx: 3000, heightMm: 400, distanceMm: 600 };
  const constant = (value: number): MtfCurve => ({ frequencies: [0, 1], values: [value, value] });

  it('is the value of a constant MTF where the picture holds all that the eye can see', () => {
    expect(pixelsPerDegree(viewing)).toBeCloseTo((3000 / 400) * 600 * Math.tan(Math.PI / 180), 1);
    // 39 cycles per degree of 60: what is beyond weighs 0.2 %.
    expect(acutance(constant(0.7), viewing)).toBeCloseTo(0.7, 2);
  });

  it('counts what the pixels cannot hold as lost', () => {
    // 8 pixels a degree hold 4 cycles, the sensitivity's peak c/b; the share below is the incomplete gamma function
    // P(1.8, 0.8).
    const eight = { heightPx: 8 * 100, heightMm: 100, distanceMm: 180 / Math.PI };
    expect(pixelsPerDegree(eight)).toBeCloseTo(8, 9);
    let [below, all] = [0, 0];
    // Γ by the substitution t = b·ν, integrated finely.
    for (let t = 5e-4; t < 40; t += 1e-3) {
      const term = t ** 0.8 * Math.exp(-t);
      all += term;
      if (t < 0.8) below += term;
    }
    expect(acutance(constant(1), eight)).toBeCloseTo(below / all, 2);
    expect(() => acutance(constant(1), { ...eight, heightPx: 0 })).toThrow(/heightPx/);
  });

  it('peaks at 4 cycles per degree, c/b', () => {
    for (const other of [3, 3.9, 4.1, 6]) {
      expect(contrastSensitivity(4)).toBeGreaterThan(contrastSensitivity(other));
    }
  });
});
