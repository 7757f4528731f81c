import { describe, expect, it } from 'vitest';
import { KernelBench } from '../../testing/KernelBench.js';
import { seededRandom } from '../../testing/random.js';
import {
  type Aim,
  ALONG_EDGES,
  blurAt,
  deconvolutionFilter,
  EVERYWHERE,
  energyOf,
  type KnownBlur,
  TAPS,
  wantedAt,
} from './filter.js';
import { deconvolutionTable, lightWeights, type Trust, trustOf } from './plan.js';
import { deconvolved } from './reference.js';
import { DECONVOLVE_TASKS, type DeconvolvePlan, TILE_HEIGHT, TILE_WIDTH, tilesOf } from './tasks.js';

const NOISE = [0, 1, 2].map(() => ({ scale: 1.3e-4, offset: 1.3e-6 }));
const SHADE = [0.012, 0.012, 0.012];
const NEUTRAL = [0.5, 1, 0.7];
const KNOWN: KnownBlur = { lensVariance: 0.12, gathered: 7 / 8 };

/** What a filter makes of a frequency, cycles per pixel of the sensor along both axes. */
function responseAt(weights: Float32Array, fx: number, fy: number): number {
  let sum = 1;
  for (let j = -TAPS; j <= TAPS; j++)
    for (let i = -TAPS; i <= TAPS; i++)
      sum +=
        weights[Math.abs(j) * (TAPS + 1) + Math.abs(i)]! *
        Math.cos(Math.PI * fx * i) *
        Math.cos(Math.PI * fy * j);
  return sum;
}

describe('the filter', () => {
  const lenses = [-1 / 16, 0, 0.04, 0.12, 0.36, 0.64, 1.2];
  const each = (visit: (known: KnownBlur, aim: Aim) => void): void => {
    for (const lensVariance of lenses)
      for (const gathered of [1 / 2, 7 / 8, 15 / 16])
        for (const aim of [EVERYWHERE, ALONG_EDGES]) visit({ lensVariance, gathered }, aim);
  };

  it('makes of each frequency what is wanted, within a quarter of it or of 2, wherever blur leaves a tenth of the contrast', () => {
    each((known, aim) => {
      const weights = deconvolutionFilter(known, aim);
      for (let v = 0; v <= 0.6; v += 0.05)
        for (let u = 0; u <= v; u += 0.05) {
          if (blurAt(known, u, v) < 0.1) continue;
          const wanted = wantedAt(known, aim, u, v);
          expect(
            Math.abs(responseAt(weights, u, v) - wanted),
            `${known.lensVariance} ${u} ${v}`,
          ).toBeLessThan(Math.max(wanted, 2) / 4);
        }
    });
  });

  it('leaves even light as it is, raises nothing more than fivefold and turns nothing around by more than a half', () => {
    each((known, aim) => {
      const weights = deconvolutionFilter(known, aim);
      expect(responseAt(weights, 0, 0)).toBeCloseTo(1, 5);
      for (let v = 0; v <= 1; v += 0.05)
        for (let u = 0; u <= 1; u += 0.05) {
          const response = responseAt(weights, u, v);
          expect(response).toBeLessThan(5);
          expect(response, `${known.lensVariance} ${u} ${v}`).toBeGreaterThan(-0.5);
        }
    });
  });

  it('does next to nothing to pictures that were sharpened before', () => {
    const weights = deconvolutionFilter({ lensVariance: -1 / 16, gathered: 7 / 8 }, EVERYWHERE);
    for (let u = 0; u <= 0.4; u += 0.05) expect(Math.abs(responseAt(weights, u, 0) - 1)).toBeLessThan(0.15);
  });

  it('knows its energy: what it gains of white noise', () => {
    const weights = deconvolutionFilter(KNOWN, EVERYWHERE);
    let sum = 0;
    for (let v = 0; v < 64; v++)
      for (let u = 0; u < 64; u++) sum += (responseAt(weights, u / 32, v / 32) - 1) ** 2 / 64 ** 2;
    expect(energyOf(weights)).toBeCloseTo(sum, 5);
  });

  it('is laid out for a blur that falls with frequency, and less steeply the more frames came together', () => {
    for (let f = 0.05; f < 0.95; f += 0.05) {
      expect(blurAt(KNOWN, f, 0)).toBeLessThan(blurAt(KNOWN, f - 0.05, 0));
      expect(blurAt(KNOWN, f, 0)).toBeGreaterThan(blurAt({ ...KNOWN, gathered: 1 / 2 }, f, 0));
    }
  });
});

/** Texture, an oblique edge, a clipped lamp, darkness below nothing. */
function picture(width: number, height: number): Float32Array {
  const random = seededRandom(3);
  return Float32Array.from({ length: width * height * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    const edge = x + 0.3 * y > 0.6 * width ? 0.6 : 0.15;
    const lamp = Math.hypot(x - 0.8 * width, y - 0.3 * height) < 6 ? 0.6 : 0;
    const dark = y > 0.8 * height ? 0.02 : 1;
    const level = (edge + 0.1 * Math.sin(x * 1.9) * Math.cos(y * 1.3) + lamp) * dark;
    return level * NEUTRAL[i % 3]! + 0.02 * (random() - 0.5);
  });
}

describe('the kernel', () => {
  it('does what the reference does, to rounding, for any size, whatever the tiles', async () => {
    const { kernels, heap } = await KernelBench.create();
    for (const [width, height] of [
      [61, 47],
      [TILE_WIDTH + 23, TILE_HEIGHT + 5],
    ] as const) {
      const data = picture(width, height);
      const table = deconvolutionTable(0.9, KNOWN, NOISE, SHADE, NEUTRAL);
      const trust: Trust = trustOf(width, height, 7, (x) => (8 * x) / width);
      const rowStride = (Math.ceil(width / 4) * 4 + 4) * 4;
      const output = heap.place(data);
      const plan: DeconvolvePlan = {
        output,
        width,
        height,
        light: heap.allocate(rowStride * height + 64),
        peaks: heap.allocate(rowStride * height + 64),
        rowStride,
        weights: heap.place(Float32Array.from(lightWeights(NEUTRAL))),
        table: heap.place(table),
        trust: heap.place(trust.values),
        columns: trust.columns,
        rows: trust.rows,
      };
      const slot = heap.allocate(kernels.burstDeconvolveScratch(TILE_WIDTH, TILE_HEIGHT));
      const [across, down] = tilesOf(plan);
      const [light, deconvolve] = DECONVOLVE_TASKS;
      for (let i = 0; i < down; i++) light!.run(plan, i, slot, kernels, heap.memory);
      for (let i = across * down - 1; i >= 0; i--) deconvolve!.run(plan, i, slot, kernels, heap.memory);
      const found = new Float32Array(heap.memory.buffer, output, data.length);
      const expected = deconvolved({ width, height, data }, table, lightWeights(NEUTRAL), trust);
      let [worst, most] = [0, 0];
      expected.forEach((value, i) => {
        worst = Math.max(worst, Math.abs(value - found[i]!));
        most = Math.max(most, Math.abs(value - data[i]!));
      });
      // Sums of some 250 products of single precision.
      expect(worst).toBeLessThan(2e-5);
      expect(most).toBeGreaterThan(0.02);
    }
  });
});

describe('a deconvolved picture', () => {
  const [width, height] = [48, 48];
  const whole = trustOf(width, height, 7, () => 7);
  const table = deconvolutionTable(1, KNOWN, NOISE, SHADE, NEUTRAL);
  const run = (data: Float32Array, trust = whole) =>
    deconvolved({ width, height, data }, table, lightWeights(NEUTRAL), trust);

  it('keeps noise as it is: even light stays even light with the same noise, and gets no structure', () => {
    const random = seededRandom(9);
    // Twelve evenly distributed numbers are nearly normal; the merge's profile, of which its last denoise leaves less.
    const data = Float32Array.from({ length: width * height * 3 }, (_, i) => {
      let normal = -6;
      for (let k = 0; k < 12; k++) normal += random();
      return 0.3 * NEUTRAL[i % 3]! + 0.5 * normal * Math.sqrt(1.3e-4 * 0.3);
    });
    const out = run(data);
    let [before, after] = [0, 0];
    out.forEach((value, i) => {
      before += (data[i]! - 0.3 * NEUTRAL[i % 3]!) ** 2;
      after += (value - 0.3 * NEUTRAL[i % 3]!) ** 2;
    });
    expect(after / before).toBeLessThan(1.1);
  });

  it('is untouched where the reference stands alone, and where light is clipped', () => {
    const data = picture(width, height);
    expect(
      run(
        data,
        trustOf(width, height, 7, () => 0.9),
      ),
    ).toEqual(Array.from(data));
    const clipped = data.map((value) => value + 1);
    expect(run(clipped)).toEqual(Array.from(clipped));
  });

  it('keeps the hue of every pixel that is not dark', () => {
    const data = Float32Array.from({ length: width * height * 3 }, (_, i) => {
      const x = Math.floor(i / 3) % width;
      return (0.3 + 0.2 * Math.tanh((x - 24) / 2)) * [0.3, 0.5, 0.2][i % 3]!;
    });
    const none = [0, 0, 0];
    const bare = deconvolutionTable(1, KNOWN, NOISE, none, NEUTRAL);
    const out = deconvolved({ width, height, data }, bare, lightWeights(NEUTRAL), whole);
    for (let i = 0; i < out.length; i += 3) {
      expect(out[i]! / out[i + 1]!).toBeCloseTo(0.6, 5);
      expect(out[i + 2]! / out[i + 1]!).toBeCloseTo(0.4, 5);
    }
  });
});
