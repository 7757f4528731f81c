import { describe, expect, it } from 'vitest';
import { MeasureError } from '../MeasureError.js';
import type { RgbImage } from '../RgbImage.js';
import { gaussianNoise } from '../testing/noise.js';
import { valueAt } from './curve.js';
import { slantedEdge } from './slantedEdge.js';

type Mtf = (frequency: number) => number;

/**
 * The edge spread function that belongs to an MTF: ½ + ∫ MTF(f)·sin(2πfx)/(πf) df, by the midpoint rule; a table over
 * ±`reach` pixels.
 */
function edgeOf(mtf: Mtf, highest: number, reach = 60): (x: number) => number {
  const perPixel = 32;
  const steps = 2000;
  const table = Float64Array.from({ length: 2 * reach * perPixel + 1 }, (_, i) => {
    const x = i / perPixel - reach;
    let sum = 0;
    for (let k = 0; k < steps; k++) {
      const f = ((k + 0.5) * highest) / steps;
      sum += (mtf(f) * Math.sin(2 * Math.PI * f * x)) / (Math.PI * f);
    }
    return 0.5 + (sum * highest) / steps;
  });
  return (x) => {
    const at = Math.min(Math.max((x + reach) * perPixel, 0), table.length - 1.001);
    const i = Math.floor(at);
    return table[i]! + (table[i + 1]! - table[i]!) * (at - i);
  };
}

interface Drawing {
  readonly width?: number;
  readonly height?: number;
  readonly angle?: number;
  readonly dark?: number;
  readonly bright?: number;
  readonly sigma?: number;
  readonly horizontal?: boolean;
  /** Bow of the edge in pixels between its middle and its ends. */
  readonly bow?: number;
  /** Shift of the red channel in pixels. */
  readonly red?: number;
}

function draw(edge: (x: number) => number, drawing: Drawing = {}): RgbImage {
  const { width = 80, height = 100, angle = 5, dark = 0.1, bright = 0.8, sigma = 0 } = drawing;
  const { horizontal = false, bow = 0, red = 0 } = drawing;
  const radians = (angle * Math.PI) / 180;
  const noise = gaussianNoise(7);
  const data = new Float32Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [along, across] = horizontal ? [x, y] : [y, x];
      const [length, depth] = horizontal ? [width, height] : [height, width];
      const t = (2 * along) / (length - 1) - 1;
      const distance =
        (across - depth / 2 - 0.37) * Math.cos(radians) -
        (along - length / 2) * Math.sin(radians) +
        bow * t * t;
      for (let c = 0; c < 3; c++) {
        const value = dark + (bright - dark) * edge(distance - (c === 0 ? red : 0));
        data[(y * width + x) * 3 + c] = value + sigma * noise();
      }
    }
  }
  return { width, height, data };
}

const gaussian =
  (sigma: number): Mtf =>
  (f) =>
    Math.exp(-2 * (Math.PI * sigma * f) ** 2);
const box =
  (width: number): Mtf =>
  (f) =>
    Math.sin(Math.PI * width * f) / (Math.PI * width * f);
const diffraction =
  (cutoff: number): Mtf =>
  (f) => {
    const s = Math.min(f / cutoff, 1);
    return (2 / Math.PI) * (Math.acos(s) - s * Math.sqrt(1 - s * s));
  };

const relative = (value: number | undefined, truth: number) => Math.abs(value! / truth - 1);

describe('slantedEdge', () => {
  const soft = edgeOf(gaussian(0.8), 1.5);

  // 1 %: the bins' quarter of a pixel and the finite window leave that much.
  it.each([0.5, 0.8, 1.5, 3])('gives the MTF50 of a Gaussian of %f pixels', (sigma) => {
    const truth = Math.sqrt(Math.log(2) / 2) / (Math.PI * sigma);
    const { luminance } = slantedEdge(draw(edgeOf(gaussian(sigma), 1.5 / Math.min(sigma, 1))));
    expect(relative(luminance.mtf50, truth)).toBeLessThan(0.01);
    expect(relative(luminance.mtf10, Math.sqrt(Math.log(10) / 2) / (Math.PI * sigma))).toBeLessThan(0.01);
  });

  it('gives the MTF of a pixel-wide box up to Nyquist, 2/π', () => {
    // A box of 1 px has wide tails in frequency: the table of its edge is exact instead.
    const edge = (x: number) => Math.min(Math.max(x + 0.5, 0), 1);
    const { luminance } = slantedEdge(draw(edge));
    expect(relative(luminance.atNyquist, 2 / Math.PI)).toBeLessThan(0.01);
    expect(relative(luminance.mtf50, 0.6033)).toBeLessThan(0.01);
  });

  it('gives the MTF of a box of 3 pixels below its first zero', () => {
    const edge = (x: number) => Math.min(Math.max(x / 3 + 0.5, 0), 1);
    const { luminance } = slantedEdge(draw(edge));
    for (const f of [0.05, 0.1, 0.15, 0.2]) {
      expect(relative(valueAt(luminance.mtf, f), box(3)(f))).toBeLessThan(0.01);
    }
  });

  it.each([0.3, 0.45, 0.8])('gives the MTF of an aberration-free lens with its cut-off at %f', (cutoff) => {
    const { luminance } = slantedEdge(draw(edgeOf(diffraction(cutoff), cutoff), { width: 120 }));
    // MTF50 of the diffraction formula lies at 0.4040 of the cut-off. 2 %: the PSF's far wings are cut by the window.
    expect(relative(luminance.mtf50, 0.404 * cutoff)).toBeLessThan(0.02);
  });

  it.each([2, 3.7, 7.5, 10])('does not depend on the angle (%f°), nor on the direction', (angle) => {
    const truth = Math.sqrt(Math.log(2) / 2) / (Math.PI * 0.8);
    for (const horizontal of [false, true]) {
      for (const sign of [1, -1]) {
        const picture = draw(soft, { angle: sign * angle, horizontal, width: 90, height: 90 });
        const edge = slantedEdge(picture);
        expect(edge.orientation).toBe(horizontal ? 'horizontal' : 'vertical');
        // The slope is in the geometry exactly; the fit's residual is far below a hundredth of a degree.
        expect(edge.angleDegrees).toBeCloseTo(angle, 1);
        expect(relative(edge.luminance.mtf50, truth)).toBeLessThan(0.01);
      }
    }
  });

  it('measures a falling edge like a rising one', () => {
    const rising = slantedEdge(draw(soft)).luminance.mtf50!;
    const falling = slantedEdge(draw(soft, { dark: 0.8, bright: 0.1 })).luminance.mtf50!;
    expect(relative(falling, rising)).toBeLessThan(0.005);
  });

  it('follows a bowed edge by a polynomial, where a straight line blurs it', () => {
    const truth = Math.sqrt(Math.log(2) / 2) / (Math.PI * 0.8);
    const bowed = draw(soft, { bow: 2, angle: 5 });
    expect(relative(slantedEdge(bowed).luminance.mtf50, truth)).toBeLessThan(0.01);
    expect(relative(slantedEdge(bowed, { edgeOrder: 1 }).luminance.mtf50, truth)).toBeGreaterThan(0.1);
  });

  it('stays within 3 % under noise of 2 % of white', () => {
    // 100 rows average the noise of the quarter-pixel bins to about 0.4 % of the step.
    const truth = Math.sqrt(Math.log(2) / 2) / (Math.PI * 0.8);
    expect(relative(slantedEdge(draw(soft, { sigma: 0.02 })).luminance.mtf50, truth)).toBeLessThan(0.03);
  });

  it('gives each channel by itself, and how far it is off sideways', () => {
    const edge = slantedEdge(draw(soft, { red: 0.6 }));
    expect(edge.red.mtf50).toBeCloseTo(edge.green.mtf50!, 2);
    expect(edge.red.shiftPx - edge.green.shiftPx).toBeCloseTo(0.6, 2);
    expect(edge.blue.shiftPx).toBeCloseTo(edge.green.shiftPx, 10);
  });

  it('tells the overshoot of a sharpened edge', () => {
    // Unsharp masking: 1.5 times the edge minus half of it under a wider Gaussian.
    const [narrow, wide] = [edgeOf(gaussian(0.7), 1.8), edgeOf(gaussian(2), 1)];
    const sharpened = (x: number) => 1.5 * narrow(x) - 0.5 * wide(x);
    const peak = Math.max(...Array.from({ length: 400 }, (_, i) => sharpened(i / 20)));
    const { luminance } = slantedEdge(draw(sharpened));
    // The bins average over a quarter of a pixel: the peak is lower by its curvature there.
    expect(luminance.overshoot).toBeCloseTo(peak - 1, 2);
    expect(luminance.undershoot).toBeCloseTo(peak - 1, 2);
    expect(slantedEdge(draw(soft)).luminance.overshoot).toBeLessThan(1e-3);
  });

  it('refuses low contrast, noise without an edge, a straight edge and a region outside, saying why', () => {
    expect(() => slantedEdge(draw(soft, { dark: 0.5, bright: 0.55 }))).toThrow(/contrast/);
    expect(() => slantedEdge(draw(soft, { sigma: 0.6 }))).toThrow(/noise/);
    expect(() => slantedEdge(draw(soft, { angle: 0 }))).toThrow(/0\.0°/);
    expect(() => slantedEdge(draw(() => 0.5))).toThrow(MeasureError);
    expect(() => slantedEdge(draw(soft), { region: { left: 70, top: 0, width: 40, height: 40 } })).toThrow(
      /region/,
    );
  });
});
