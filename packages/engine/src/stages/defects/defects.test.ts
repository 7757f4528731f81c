import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { KernelBench } from '../../testing/KernelBench.js';
import { seededRandom } from '../../testing/random.js';
import { defectNeighbourhoods, PERIOD } from './neighbourhoods.js';
import { DEFECTS_HALO, defectsReference } from './reference.js';

const PATTERNS = {
  bayer: [
    [0, 1, 0, 1, 0, 1],
    [1, 2, 1, 2, 1, 2],
    [0, 1, 0, 1, 0, 1],
    [1, 2, 1, 2, 1, 2],
    [0, 1, 0, 1, 0, 1],
    [1, 2, 1, 2, 1, 2],
  ].flat(),
  'x-trans': [
    [1, 2, 1, 1, 0, 1],
    [0, 1, 0, 2, 1, 2],
    [1, 2, 1, 1, 0, 1],
    [1, 0, 1, 1, 2, 1],
    [2, 1, 2, 0, 1, 0],
    [1, 0, 1, 1, 2, 1],
  ].flat(),
};
type Kind = keyof typeof PATTERNS;
const KINDS: readonly Kind[] = ['bayer', 'x-trans'];
const THRESHOLD = 10;
/** Red, green and blue of a camera at a low sensitivity, with red and blue amplified by the balance. */
const NOISE = Float32Array.of(0.0004, 8e-6, 0.0002, 2e-6, 0.0003, 4.5e-6);

let bench: KernelBench;
beforeAll(async () => {
  bench = await KernelBench.create();
});

function repaired(kind: Kind, mosaic: Float32Array, width: number, height: number): Float32Array {
  const { heap, kernels } = bench;
  const src = heap.place(mosaic);
  const dst = heap.place(new Float32Array(mosaic.length));
  const table = heap.place(defectNeighbourhoods(PATTERNS[kind]));
  const noise = heap.place(NOISE);
  const kernel = kind === 'bayer' ? kernels.defectsBayer : kernels.defectsXTrans;
  kernel(src, width, width, height, dst, table, THRESHOLD, noise);
  const out = bench.floats(dst, mosaic.length);
  for (const address of [src, dst, table, noise]) heap.free(address);
  return out;
}

/** The colour under a place. */
const colourAt = (kind: Kind, x: number, y: number): number =>
  PATTERNS[kind][(y % PERIOD) * PERIOD + (x % PERIOD)]!;

function mosaicOf(
  kind: Kind,
  width: number,
  height: number,
  scene: (x: number, y: number, c: number) => number,
): Float32Array {
  return Float32Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return scene(x, y, colourAt(kind, x, y));
  });
}

const differences = (a: Float32Array, b: Float32Array): number =>
  a.reduce((n, value, i) => n + (value === b[i] ? 0 : 1), 0);

/** About normal: the sum of twelve uniform numbers. */
function gaussian(random: () => number): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += random();
  return sum;
}

/** A soft scene with noise as `NOISE` says. */
function noisyScene(kind: Kind, size: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  return mosaicOf(kind, size, size, (x, y, c) => {
    const light = [0.25, 0.35, 0.3][c]! * (1 + 0.6 * Math.sin(x / 11) * Math.cos(y / 17));
    return light + gaussian(random) * Math.sqrt(NOISE[2 * c]! * light + NOISE[2 * c + 1]!);
  });
}

describe.each(KINDS)('defects, %s', (kind) => {
  it('kernel and reference agree bit for bit', () => {
    const [width, height] = [64, 45];
    const random = seededRandom(3);
    const mosaic = mosaicOf(kind, width, height, (x, _y, c) => {
      const light = 0.2 + 0.004 * x + 0.1 * c;
      return random() < 0.04 ? 1.2 * random() - 0.1 : light + 0.05 * (random() - 0.5);
    });
    const kernel = repaired(kind, mosaic, width, height);
    const table = defectNeighbourhoods(PATTERNS[kind]);
    expect(differences(kernel, defectsReference(mosaic, width, height, kind, table, THRESHOLD, NOISE))).toBe(
      0,
    );
    expect(differences(kernel, mosaic)).toBeGreaterThan(20);
  });

  it('leaves gradients, steps and lines without defects as they are', () => {
    const value = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        value,
        value,
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.integer({ min: -9, max: 9 }),
        fc.boolean(),
        (base, height, slopeX, slopeY, at, line) => {
          const mosaic = mosaicOf(kind, 32, 32, (x, y, c) => {
            const side = slopeX * (x - 16) + slopeY * (y - 16) - at;
            const shape = line ? Math.max(0, 1 - Math.abs(side)) : 1 / (1 + Math.exp(-2 * side));
            return (0.6 + 0.2 * c) * (base + height * shape);
          });
          expect(differences(repaired(kind, mosaic, 32, 32), mosaic)).toBe(0);
        },
      ),
      { numRuns: 200, seed: 5 },
    );
  });

  it('leaves noise of the stated strength as it is', () => {
    const mosaic = noisyScene(kind, 512, 7);
    expect(differences(repaired(kind, mosaic, 512, 512), mosaic)).toBe(0);
  });

  it('leaves stars as they are, however sharp the lens', () => {
    for (const sigma of [0.5, 0.7, 1]) {
      const random = seededRandom(8);
      const stars = Array.from(
        { length: 60 },
        () => [16 + 224 * random(), 16 + 224 * random(), 0.2 + 3 * random()] as const,
      );
      const mosaic = mosaicOf(kind, 256, 256, (x, y, c) => {
        let light = 0.01;
        // Four by four points of each photosite's area.
        for (const [sx, sy, power] of stars) {
          if (Math.abs(sx - x) > 6 || Math.abs(sy - y) > 6) continue;
          for (let k = 0; k < 16; k++) {
            const [px, py] = [x - 0.375 + 0.25 * (k % 4), y - 0.375 + 0.25 * Math.floor(k / 4)];
            light +=
              (power * Math.exp(-((px - sx) ** 2 + (py - sy) ** 2) / (2 * sigma * sigma))) /
              (16 * 2 * Math.PI * sigma * sigma);
          }
        }
        return Math.min(1, light * [0.9, 1, 1.1][c]!);
      });
      expect(differences(repaired(kind, mosaic, 256, 256), mosaic)).toBe(0);
    }
  });

  it('finds more than 95 % of defects from 16 to 56 σ in a soft scene, and puts what was there within the noise', () => {
    const size = 512;
    const truth = noisyScene(kind, size, 9);
    const random = seededRandom(10);
    const mosaic = truth.slice();
    const defects: number[] = [];
    // 0.05 % of all photosites.
    while (defects.length < 131) {
      const [x, y] = [8 + Math.floor(random() * (size - 16)), 8 + Math.floor(random() * (size - 16))];
      const i = y * size + x;
      if (mosaic[i] !== truth[i]) continue;
      const c = colourAt(kind, x, y);
      const sigma = Math.sqrt(NOISE[2 * c]! * truth[i]! + NOISE[2 * c + 1]!);
      // From 16 times the noise upwards, hot or dead: 4 σ is the threshold's, the rest is its caution about texture, which
      // noise looks like.
      const value = random() < 0.3 ? 0 : Math.min(1, truth[i]! + sigma * (16 + 40 * random()));
      if (Math.abs(value - truth[i]!) < 16 * sigma) continue;
      mosaic[i] = value;
      defects.push(i);
    }
    const out = repaired(kind, mosaic, size, size);
    const found = defects.filter((i) => out[i] !== mosaic[i]);
    expect(found.length / defects.length).toBeGreaterThan(0.95);
    expect(differences(out, mosaic)).toBe(found.length);
    const error = Math.sqrt(found.reduce((sum, i) => sum + (out[i]! - truth[i]!) ** 2, 0) / found.length);
    // Noise here is 0.01 to 0.02 in each of the neighbours and in the truth itself.
    expect(error).toBeLessThan(0.025);
  });

  it('gives each photosite the same bits wherever its tile begins and ends', () => {
    const size = 96;
    const random = seededRandom(11);
    const mosaic = Float32Array.from({ length: size * size }, () =>
      random() < 0.1 ? random() : 0.3 + 0.02 * random(),
    );
    const whole = repaired(kind, mosaic, size, size);
    for (const [left, top, width, height] of [
      [6, 12, 64, 50],
      [42, 30, 52, 66],
    ] as const) {
      const part = new Float32Array(width * height);
      for (let y = 0; y < height; y++)
        part.set(mosaic.subarray((top + y) * size + left, (top + y) * size + left + width), y * width);
      const out = repaired(kind, part, width, height);
      let different = 0;
      for (let y = DEFECTS_HALO; y < height - DEFECTS_HALO; y++)
        for (let x = DEFECTS_HALO; x < width - DEFECTS_HALO; x++)
          if (out[y * width + x] !== whole[(top + y) * size + left + x]) different++;
      expect(different).toBe(0);
    }
  });
});
