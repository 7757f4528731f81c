import { beforeAll, describe, expect, it } from 'vitest';
import type { Vector3 } from '../../colour/matrix3.js';
import { bayerFrame, busyScene } from '../../testing/frames.js';
import { KernelBench } from '../../testing/KernelBench.js';
import { seededRandom } from '../../testing/random.js';
import { defringe, fringeReach } from './index.js';
import { defringedPixel, type PixelAt } from './reference.js';

let bench: KernelBench;
beforeAll(async () => {
  bench = await KernelBench.create();
});

const [WIDTH, HEIGHT] = [37, 29];

/** Carries a picture through the kernel; returns its inner part. */
function through(at: PixelAt, amount: number, { reach, near } = fringeReach(1)!): Vector3[] {
  const stride = Math.ceil((WIDTH + 2 * reach) / 4) * 4 + 8;
  const rows = HEIGHT + 2 * reach;
  const plane = stride * rows;
  const data = new Float32Array(plane * 3 + 16);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < stride; x++)
      at(x - reach, y - reach).forEach((value, c) => {
        data[c * plane + y * stride + x] = value;
      });
  const address = bench.heap.place(data);
  const scratch = bench.heap.allocate(bench.kernels.defringeScratch(stride, rows));
  const inner = address + (reach * stride + reach) * 4;
  bench.kernels.defringe(inner, plane * 4, stride * 4, WIDTH, HEIGHT, reach, near, amount, scratch);
  const out = bench.floats(address, plane * 3);
  for (const place of [address, scratch]) bench.heap.free(place);
  return Array.from({ length: WIDTH * HEIGHT }, (_, i): Vector3 => {
    const k = (reach + Math.floor(i / WIDTH)) * stride + reach + (i % WIDTH);
    return [out[k]!, out[plane + k]!, out[2 * plane + k]!];
  });
}

const SKY: Vector3 = [0.9, 0.95, 1];
const DARK: Vector3 = [0.03, 0.03, 0.03];
const VIOLET: Vector3 = [0.08, 0.05, 0.25];

/** How far along the normal of an edge through the middle, at an angle in degrees. */
const along = (degrees: number) => (x: number, y: number) =>
  (x - WIDTH / 2) * Math.cos((degrees * Math.PI) / 180) +
  (y - HEIGHT / 2) * Math.sin((degrees * Math.PI) / 180);

/** The sky, a violet band three pixels wide, and what is dark. */
const fringed = (degrees: number): PixelAt => {
  const place = along(degrees);
  return (x, y) => (place(x, y) > 0 ? SKY : place(x, y) > -3 ? VIOLET : DARK);
};

describe('purple fringes', () => {
  it('kernel and reference agree bit for bit', () => {
    const random = seededRandom(4);
    const grid = Array.from({ length: 64 * 64 }, (): Vector3 => {
      const bright = random() < 0.3 ? 1 : 0.15;
      return [0, 1, 2].map(() => Math.fround(random() * bright)) as unknown as Vector3;
    });
    const at: PixelAt = (x, y) => grid[((y + 64) & 63) * 64 + ((x + 64) & 63)]!;
    for (const scale of [1, 0.5]) {
      const rings = fringeReach(scale)!;
      const actual = through(at, 0.7, rings);
      const { reach, near } = rings;
      const expected = actual.map((_, i) =>
        defringedPixel(at, i % WIDTH, Math.floor(i / WIDTH), reach, near, Math.fround(0.7)),
      );
      expect(actual).toEqual(expected);
      expect(
        actual.filter((pixel, i) => pixel[2] !== at(i % WIDTH, Math.floor(i / WIDTH))[2]).length,
      ).toBeGreaterThan(5);
    }
  });

  it.each([0, 20, 45, 70, 90])(
    'beside the sky lose nine tenths of their colour, edge at %d degrees',
    (degrees) => {
      const at = fringed(degrees);
      const out = through(at, 1);
      let [before, after] = [0, 0];
      out.forEach(([r, g, b], i) => {
        if (at(i % WIDTH, Math.floor(i / WIDTH)) !== VIOLET) return;
        before += VIOLET[2] - VIOLET[1];
        after += b - g + Math.abs(r - g);
      });
      expect(before).toBeGreaterThan(1);
      expect(after / before).toBeLessThan(0.1);
    },
  );

  it('0 and the same edge without a bright side leave every pixel as it is', () => {
    const at = fringed(20);
    const dim: PixelAt = (x, y) => at(x, y).map((v) => v * 0.3) as unknown as Vector3;
    for (const [picture, amount] of [
      [at, 0],
      [dim, 2],
    ] as const)
      through(picture, amount).forEach((pixel, i) => {
        expect(pixel).toEqual(picture(i % WIDTH, Math.floor(i / WIDTH)).map(Math.fround));
      });
  });

  it.each([0, 30, 45])(
    'a purple thing before the sky keeps its colour up to its border, at %d degrees',
    (degrees) => {
      const place = along(degrees);
      const at: PixelAt = (x, y) => (place(x, y) > 0 ? SKY : VIOLET);
      through(at, 1).forEach((pixel, i) => {
        expect(pixel).toEqual(at(i % WIDTH, Math.floor(i / WIDTH)).map(Math.fround));
      });
    },
  );

  it('blue, red, green and skin beside the sky stay', () => {
    for (const colour of [
      [0.05, 0.1, 0.3],
      [0.3, 0.05, 0.04],
      [0.05, 0.2, 0.04],
      [0.3, 0.2, 0.15],
    ] as const) {
      const place = along(20);
      const at: PixelAt = (x, y) => (place(x, y) > 0 ? SKY : place(x, y) > -3 ? colour : DARK);
      through(at, 2).forEach((pixel, i) => {
        expect(pixel).toEqual(at(i % WIDTH, Math.floor(i / WIDTH)).map(Math.fround));
      });
    }
  });

  it('are not looked for in views where they are thinner than a pixel', () => {
    const context = bench.context(bayerFrame(16, 16, busyScene()));
    expect(defringe.plan({ amount: 1 }, context)).toBeDefined();
    expect(defringe.plan({ amount: 1 }, { ...context, scale: 0.2 })).toBeUndefined();
    expect(defringe.plan({ amount: 0 }, context)).toBeUndefined();
  });
});
