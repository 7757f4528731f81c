import { beforeAll, describe, expect, it } from 'vitest';
import type { Vector3 } from '../../colour/matrix3.js';
import type { PlanContext } from '../../stage.js';
import { bayerFrame, flat } from '../../testing/frames.js';
import { KernelBench } from '../../testing/KernelBench.js';
import { hueOf } from '../../testing/oklab.js';
import { seededRandom } from '../../testing/random.js';
import { texture as stage, textureOf } from './index.js';
import { type Texture, textureGains } from './reference.js';

let bench: KernelBench;
beforeAll(async () => {
  bench = await KernelBench.create();
});

const QUIET: Texture = {
  amount: 1.5,
  noiseScale: 0,
  noiseOffset: 1e-12,
  largest: 0.2 ** 2,
  darkest: 2e-4,
  fine: [1],
  coarse: [2, 4],
};

/** Carries a picture through the kernel; borders are continued by the picture itself. */
function through(
  at: (x: number, y: number) => Vector3,
  width: number,
  height: number,
  how: Texture,
): Vector3[] {
  const [fine, first, second] = [how.fine[0] ?? 0, how.coarse[0] ?? 0, how.coarse[1] ?? 0];
  const halo = 2 * (fine + first + second);
  const stride = Math.ceil((width + 2 * halo) / 4) * 4 + 8;
  const rows = height + 2 * halo;
  const plane = stride * rows;
  const data = new Float32Array(plane * 3);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < stride; x++)
      at(x - halo, y - halo).forEach((value, c) => {
        data[c * plane + y * stride + x] = value;
      });
  const address = bench.heap.place(data);
  const scratch = bench.heap.allocate(bench.kernels.textureScratch(stride + 12, rows));
  const numbers = [how.amount, how.noiseScale, how.noiseOffset, how.largest, how.darkest];
  const table = bench.heap.place(Float32Array.from(numbers));
  const inner = address + (halo * stride + halo) * 4;
  bench.kernels.texture(
    inner,
    plane * 4,
    stride * 4,
    width,
    height,
    halo,
    fine,
    first,
    second,
    table,
    scratch,
  );
  const out = bench.floats(address, plane * 3);
  for (const place of [address, scratch, table]) bench.heap.free(place);
  return Array.from({ length: width * height }, (_, i): Vector3 => {
    const k = (halo + Math.floor(i / width)) * stride + halo + (i % width);
    return [out[k]!, out[plane + k]!, out[2 * plane + k]!];
  });
}

const grey = (value: number): Vector3 => [value, value, value];

/** Largest over smallest luminance along the middle row, as a contrast. */
function contrast(row: readonly Vector3[]): number {
  const values = row.map(([, g]) => g);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return (high - low) / (high + low);
}

describe('texture: the kernel equals the reference', () => {
  it.each([
    [[1], [2, 4]],
    [[], [1, 2]],
    [[], [1]],
  ])('with blurs of steps %j and %j', (fine, coarse) => {
    const random = seededRandom(3);
    const [width, height] = [21, 10];
    const halo = 2 * [...fine, ...coarse].reduce((a, b) => a + b, 0);
    const wide = width + 2 * halo;
    const light = Array.from({ length: wide * (height + 2 * halo) }, () => Math.fround(random() ** 3));
    const at = (x: number, y: number): Vector3 =>
      grey(light[(y + halo) * wide + Math.min(x + halo, wide - 1)] ?? 0);
    const how = { ...QUIET, noiseScale: 1e-3, noiseOffset: 1e-6, fine, coarse };
    const gains = textureGains(light, wide, how);
    through(at, width, height, how).forEach(([, g], i) => {
      const k = (Math.floor(i / width) + halo) * wide + halo + (i % width);
      // Some dozens of roundings of sums below 1, over a luminance that may be small.
      expect(Math.abs(g - light[k]! * gains[k]!)).toBeLessThan(2e-6);
    });
  });
});

describe('texture', () => {
  const stripes = (x: number): Vector3 => grey(0.2 * (1 + 0.1 * Math.sin((2 * Math.PI * x) / 8)));

  it('raises the contrast of fine stripes by three quarters and lowers it to two thirds', () => {
    const before = contrast(Array.from({ length: 64 }, (_, x) => stripes(x)));
    expect(before).toBeCloseTo(0.1, 2);
    const more = contrast(through(stripes, 64, 1, QUIET));
    expect(more).toBeGreaterThan(0.17);
    expect(more).toBeLessThan(0.2);
    expect(contrast(through(stripes, 64, 1, { ...QUIET, amount: -1 }))).toBeLessThan(0.067);
  });

  it('leaves even light as it is, and broad gradients too', () => {
    for (const [, g] of through(() => grey(0.3), 16, 4, QUIET)) expect(g).toBeCloseTo(0.3, 6);
    const ramp = (x: number): Vector3 => grey(0.2 + x * 0.001);
    through(ramp, 64, 1, QUIET).forEach(([, g], x) => {
      expect(g).toBeCloseTo(ramp(x)[1], 5);
    });
  });

  it('overshoots an edge of two stops by less than a tenth', () => {
    const edge = (x: number): Vector3 => grey(x < 32 ? 0.1 : 0.4);
    const row = through(edge, 64, 1, QUIET).map(([, g]) => g);
    expect(Math.max(...row)).toBeLessThan(0.44);
    expect(Math.min(...row)).toBeGreaterThan(0.09);
  });

  it('does not raise noise by more than a tenth', () => {
    const random = seededRandom(8);
    const sigma = 0.004;
    const noise = Array.from({ length: 128 * 128 }, () => (random() + random() + random() - 1.5) * 2 * sigma);
    const at = (x: number, y: number): Vector3 =>
      grey(0.2 + noise[((y + 32) & 127) * 128 + ((x + 32) & 127)]!);
    const deviation = (values: readonly number[]): number => {
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      return Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
    };
    const before = Array.from({ length: 48 * 48 }, (_, i) => at(i % 48, Math.floor(i / 48))[1]);
    const how = { ...QUIET, noiseOffset: 4 * 0.07 * sigma ** 2 };
    const after = through(at, 48, 48, how).map(([, g]) => g);
    expect(deviation(after) / deviation(before)).toBeLessThan(1.1);
  });

  it('hue and saturation stay: all channels get one factor', () => {
    const colour = (x: number): Vector3 => {
      const light = 1 + 0.2 * Math.sin(x);
      return [0.3 * light, 0.1 * light, 0.05 * light];
    };
    through(colour, 32, 1, QUIET).forEach((pixel, x) => {
      expect(hueOf(pixel)).toBeCloseTo(hueOf(colour(x)), 3);
      expect(pixel[0] / pixel[2]).toBeCloseTo(6, 4);
    });
  });

  it('costs nothing at 0, and is dropped step by step in reduced views', () => {
    const context = bench.context(bayerFrame(16, 16, flat(0.5, 0.5, 0.5)));
    const at = (scale: number): PlanContext => ({ ...context, scale });
    expect(stage.plan({ amount: 0 }, context)).toBeUndefined();
    expect(textureOf(1, at(1))).toMatchObject({ fine: [1], coarse: [2, 4] });
    expect(textureOf(1, at(0.5))).toMatchObject({ fine: [], coarse: [1, 2] });
    expect(textureOf(1, at(0.25))).toMatchObject({ fine: [], coarse: [1] });
    expect(textureOf(1, at(0.1))).toBeUndefined();
  });
});
