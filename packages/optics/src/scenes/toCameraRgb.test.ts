import { describe, expect, it } from 'vitest';
import { OpticsError } from '../OpticsError.js';
import { rgbToCameraMatrix } from '../spectra/calibration.js';
import { cameraRgbOf, illuminantRgb } from '../spectra/cameraRgb.js';
import { findIlluminant } from '../spectra/illuminants.js';
import { OBSERVER } from '../spectra/integrate.js';
import { apply } from '../spectra/matrix3.js';
import { findSensitivities, type Sensitivities } from '../spectra/sensitivities.js';
import { colorChecker } from './charts/colorChecker.js';
import type { RgbScene } from './Scene.js';
import { type ClampedSamples, scenePalette, toCameraRgb } from './toCameraRgb.js';

const SENSITIVITIES = findSensitivities('nikon-d700');
const A = findIlluminant('A').spectrum;
const D65 = findIlluminant('D65').spectrum;

const rgbScene = (...rgb: number[]): RgbScene => ({
  kind: 'rgb',
  name: 'test',
  width: rgb.length / 3,
  height: 1,
  rgb: Float32Array.from(rgb),
});

describe('toCameraRgb', () => {
  it('gives a chart the response to its spectra, mixed by area', () => {
    const { scene } = colorChecker({ width: 96, height: 64 });
    const out = toCameraRgb(scene, SENSITIVITIES, A);
    const palette = scenePalette(scene, SENSITIVITIES, A);
    expect(palette[5]).toEqual(cameraRgbOf(scene.materials[5]!, A, SENSITIVITIES));
    for (let i = 0; i < scene.mix.length; i += 11)
      for (let c = 0; c < 3; c++) {
        const [a, b] = [palette[scene.first[i]!]![c]!, palette[scene.second[i]!]![c]!];
        expect(out[i * 3 + c]).toBeCloseTo(a * (1 - scene.mix[i]!) + b * scene.mix[i]!, 6);
      }
  });

  it('gives an RGB scene the response by the matrix, white that of the light, lamps more', () => {
    const out = toCameraRgb(rgbScene(1, 1, 1, 0.5, 0.2, 0.1, 8, 8, 8), SENSITIVITIES, A);
    const neutral = illuminantRgb(A, SENSITIVITIES);
    const wanted = apply(rgbToCameraMatrix(SENSITIVITIES, A), [0.5, 0.2, 0.1]);
    for (let c = 0; c < 3; c++) {
      expect(out[c]).toBeCloseTo(neutral[c]!, 6);
      expect(out[3 + c]).toBeCloseTo(wanted[c]!, 6);
      expect(out[6 + c]).toBeCloseTo(8 * neutral[c]!, 5);
    }
  });

  it('takes broken samples as 0 and counts them by what is wrong', () => {
    let clamped: ClampedSamples | undefined;
    const nothing = Number.NaN;
    const scene = rgbScene(nothing, 0.5, 0.5, 0.2, Infinity, -1, -0.1, 0.3, 0.3, 0.3, 0.3, 0.3);
    const out = toCameraRgb(scene, SENSITIVITIES, A, (found) => {
      clamped = found;
    });
    expect(clamped).toEqual({ notFinite: 2, negative: 2, outsideCamera: 0 });
    expect(out.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
    const mended = toCameraRgb(rgbScene(0, 0.5, 0.5, 0.2, 0, 0, 0, 0.3, 0.3), SENSITIVITIES, A);
    expect(out.slice(0, 9)).toEqual(mended);
  });

  it('clamps a channel below 0 and counts the sample', () => {
    // Channels that are mixes of the observer's: primaries narrower than Rec.709's, which no real filter has.
    const mix = (x: number, y: number, z: number) =>
      OBSERVER.x.map((value, i) => x * value + y * OBSERVER.y[i]! + z * OBSERVER.z[i]!);
    const narrow: Sensitivities = {
      ...SENSITIVITIES,
      red: mix(5.09, -2.85, -0.9),
      green: mix(-2.1, 3.05, -0.1),
      blue: mix(-0.55, -0.65, 1.7),
    };
    let outside = -1;
    const out = toCameraRgb(rgbScene(0, 1, 0, 1, 1, 1), narrow, D65, ({ outsideCamera }) => {
      outside = outsideCamera;
    });
    expect(outside).toBe(1);
    expect(out[0]).toBe(0);
    expect(Math.max(...out.slice(3))).toBeCloseTo(1, 6);
  });

  it('counts shares of a chart that are none', () => {
    const { scene } = colorChecker({ width: 96, height: 64 });
    const mix = Float32Array.from(scene.mix);
    mix.set([Number.NaN, 2, -1]);
    let notFinite = 0;
    const out = toCameraRgb({ ...scene, mix }, SENSITIVITIES, A, (clamped) => {
      notFinite = clamped.notFinite;
    });
    expect(notFinite).toBe(3);
    expect(out.every(Number.isFinite)).toBe(true);
  });

  it('refuses arrays that do not fit the size', () => {
    const scene = { ...rgbScene(1, 1, 1), width: 2 };
    expect(() => toCameraRgb(scene, SENSITIVITIES, A)).toThrow(/scene.rgb: 3 values for 2 × 1 samples/);
    expect(() => toCameraRgb({ ...rgbScene(), width: 0 }, SENSITIVITIES, A)).toThrow(OpticsError);
  });
});
