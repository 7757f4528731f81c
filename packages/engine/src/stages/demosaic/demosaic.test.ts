import { beforeAll, describe, expect, it } from 'vitest';
import { Engine } from '../../Engine.js';
import { bayerFrame } from '../../testing/frames.js';
import { KernelBench } from '../../testing/KernelBench.js';
import { seededRandom } from '../../testing/random.js';
import { BAYER_KERNELS, CLEAN_TOE } from './bayer.js';
import { type BayerMode, demosaicBayerReference } from './reference.js';
import { bestWeights, fastWeights } from './weights.generated.js';

let bench: KernelBench;
beforeAll(async () => {
  bench = await KernelBench.create();
});

const MODES = ['fast', 'best'] as const;
/** Colour at (x & 1) + 2 (y & 1) by phase: RGGB, GRBG, GBRG, BGGR. */
const PATTERNS = [
  [0, 1, 1, 2],
  [1, 0, 2, 1],
  [1, 2, 0, 1],
  [2, 1, 1, 0],
] as const;

/** A picture's value on [0,1] at a place, channel by channel. */
type Scene = (x: number, y: number, channel: number) => number;
/** Three planes, width × height without padding. */
interface Picture {
  readonly width: number;
  readonly height: number;
  readonly planes: readonly [Float32Array, Float32Array, Float32Array];
}

function mosaicOf(
  scene: Scene,
  width: number,
  height: number,
  phase: number,
  left = 0,
  top = 0,
): Float32Array {
  return Float32Array.from({ length: width * height }, (_, i) => {
    const x = i % width;
    const y = Math.floor(i / width);
    return scene(x + left, y + top, PATTERNS[phase]![(x & 1) + 2 * (y & 1)]!);
  });
}

function throughKernel(
  mode: BayerMode,
  mosaic: Float32Array,
  width: number,
  height: number,
  phase: number,
  toe = CLEAN_TOE,
): Picture {
  const { run, scratch } = BAYER_KERNELS[mode];
  const pixels = width * height;
  const src = bench.heap.place(mosaic);
  const dst = bench.heap.place(new Float32Array(3 * pixels).fill(Number.NaN));
  // Scratch full of NaN: whatever is used before it was written spoils the picture.
  const work = bench.heap.place(new Float32Array(bench.kernels[scratch](width, height) / 4).fill(Number.NaN));
  bench.kernels[run](src, width, width, height, phase, toe, dst, work);
  const out = bench.floats(dst, 3 * pixels);
  for (const address of [src, dst, work]) bench.heap.free(address);
  return {
    width,
    height,
    planes: [out.slice(0, pixels), out.slice(pixels, 2 * pixels), out.slice(2 * pixels)],
  };
}

function throughReference(
  mode: BayerMode,
  mosaic: Float32Array,
  width: number,
  height: number,
  phase: number,
  toe: number,
): Picture {
  const plane = (): Float32Array => new Float32Array(width * height).fill(Number.NaN);
  const planes: [Float32Array, Float32Array, Float32Array] = [plane(), plane(), plane()];
  demosaicBayerReference(mode, mosaic, width, width, height, phase, toe, planes);
  return { width, height, planes };
}

/** The part that a tile is for, row by row; all three channels. */
function inner({ width, height, planes }: Picture, halo: number): Float32Array {
  const rows: Float32Array[] = [];
  for (const plane of planes)
    for (let y = halo; y < height - halo; y++)
      rows.push(plane.subarray(y * width + halo, (y + 1) * width - halo));
  const out = new Float32Array(rows.length * rows[0]!.length);
  rows.forEach((row, i) => {
    out.set(row, i * row.length);
  });
  return out;
}

function largestError(picture: Picture, scene: Scene, halo: number): number {
  let worst = 0;
  for (let y = halo; y < picture.height - halo; y++)
    for (let x = halo; x < picture.width - halo; x++)
      for (const channel of [0, 1, 2]) {
        const error = Math.abs(picture.planes[channel]![y * picture.width + x]! - scene(x, y, channel));
        worst = Math.max(worst, Number.isNaN(error) ? Number.POSITIVE_INFINITY : error);
      }
  return worst;
}

/** Discs, stripes and gradients in saturated and grey colours, smoothed as a lens does: something to be wrong about. */
function naturalScene(seed: number): Scene {
  const random = seededRandom(seed);
  const shapes = Array.from({ length: 40 }, () => ({
    x: random() * 128,
    y: random() * 128,
    radius: 4 + 24 * random() ** 2,
    period: random() < 0.4 ? 3 + 6 * random() : 1e9,
    angle: random() * Math.PI,
    colour: random() < 0.5 ? (Array(3).fill(random()) as number[]) : [random(), random(), random()],
  }));
  const smoothStep = (d: number): number => Math.min(Math.max(0.5 + d / 1.6, 0), 1);
  return (x, y, channel) => {
    let value = 0.25 + 0.1 * Math.sin(0.05 * (x + 0.5 * y));
    for (const { x: cx, y: cy, radius, period, angle, colour } of shapes) {
      const distance = radius - Math.hypot(x - cx, y - cy);
      const wave =
        period < 1e9
          ? 0.5 + 0.5 * Math.sin(((x * Math.cos(angle) + y * Math.sin(angle)) * 2 * Math.PI) / period)
          : 1;
      value += (colour[channel]! - value) * smoothStep(distance) * wave;
    }
    return value * value;
  };
}

/** What no camera promises not to deliver: noise around black, clipped values above one, single hot samples. */
function roughScene(seed: number): Scene {
  const random = seededRandom(seed);
  const table = Float32Array.from({ length: 3 * 97 * 97 }, () => {
    const u = random();
    return u < 0.02 ? 4 : u < 0.5 ? 0.02 * (random() - 0.5) : random();
  });
  return (x, y, channel) => table[((y % 97) * 97 + (x % 97)) * 3 + channel]!;
}

/** Far above and below what any sensor says. */
function beyond(scene: Scene): Scene {
  return (x, y, channel) => 1e6 * (scene(x, y, channel) - 0.3);
}

function psnr(picture: Picture, scene: Scene, halo: number): number {
  let squares = 0;
  let count = 0;
  for (let y = halo; y < picture.height - halo; y++)
    for (let x = halo; x < picture.width - halo; x++)
      for (const channel of [0, 1, 2]) {
        squares += (picture.planes[channel]![y * picture.width + x]! - scene(x, y, channel)) ** 2;
        count++;
      }
  return -10 * Math.log10(squares / count);
}

describe.each(MODES)('Bayer demosaicing, %s', (mode) => {
  const { halo } = BAYER_KERNELS[mode];
  const size = 2 * halo + 32;
  const flat =
    (colour: readonly number[]): Scene =>
    (_x, _y, channel) =>
      colour[channel]!;

  // Bit for bit: every operation is one IEEE operation on 32 bits, in the same order, or exact in whole numbers.
  it.each([
    ['a natural scene', naturalScene(3)],
    ['noise, negatives, clipped and hot samples', roughScene(4)],
    ['values that no fixed point holds', beyond(roughScene(5))],
  ])('kernel and reference agree bit for bit on %s, in every phase', (_name, scene) => {
    for (const [phase, toe] of [CLEAN_TOE, Math.fround(0.2), 1, 4].entries()) {
      const mosaic = mosaicOf(scene, size, size + 4, phase);
      const kernel = inner(throughKernel(mode, mosaic, size, size + 4, phase, toe), halo);
      const reference = inner(throughReference(mode, mosaic, size, size + 4, phase, toe), halo);
      expect(kernel.every(Number.isFinite)).toBe(true);
      expect(Buffer.from(kernel.buffer).equals(Buffer.from(reference.buffer))).toBe(true);
    }
  });

  it('reads no more than its halo around the pixels it is asked for', () => {
    const width = 2 * halo + 4;
    for (const phase of [0, 1, 2, 3]) {
      const mosaic = mosaicOf(naturalScene(5), width, width, phase);
      const small = inner(throughKernel(mode, mosaic, width, width, phase), halo);
      const wide = size + 4;
      const spoilt = new Float32Array(wide * wide).fill(Number.NaN);
      const margin = 8;
      for (let y = 0; y < width; y++)
        spoilt.set(mosaic.subarray(y * width, (y + 1) * width), (y + margin) * wide + margin);
      const large = throughKernel(mode, spoilt, wide, wide, phase);
      const same = new Float32Array(small.length);
      let at = 0;
      for (const plane of large.planes)
        for (let y = halo; y < width - halo; y++)
          for (let x = halo; x < width - halo; x++) same[at++] = plane[(y + margin) * wide + x + margin]!;
      expect(same).toEqual(small);
    }
  });

  it("gives a pixel the same bytes wherever the tile's border lies, tiles beginning on even rows and columns", () => {
    const scene = naturalScene(6);
    const whole = throughKernel(mode, mosaicOf(scene, size + 40, size + 40, 1), size + 40, size + 40, 1);
    for (const [left, top] of [
      [2, 0],
      [6, 4],
      [14, 22],
      [40, 38],
    ] as const) {
      const tile = throughKernel(mode, mosaicOf(scene, size, size, 1, left, top), size, size, 1);
      let different = 0;
      for (const channel of [0, 1, 2] as const)
        for (let y = halo; y < size - halo; y++)
          for (let x = halo; x < size - halo; x++)
            if (
              !Object.is(
                tile.planes[channel][y * size + x],
                whole.planes[channel][(y + top) * (size + 40) + x + left],
              )
            )
              different++;
      expect(different).toBe(0);
    }
  });

  it('gives the same bytes in every phase, when the scene moves along', () => {
    const scene = naturalScene(7);
    const expected = inner(throughKernel(mode, mosaicOf(scene, size, size, 0), size, size, 0), halo + 2);
    for (const phase of [1, 2, 3]) {
      const left = -(phase & 1);
      const top = -(phase >> 1);
      const moved = throughKernel(
        mode,
        mosaicOf((x, y, c) => scene(x + left, y + top, c), size, size, phase),
        size,
        size,
        phase,
      );
      const back = new Float32Array(expected.length);
      let at = 0;
      for (const plane of moved.planes)
        for (let y = halo + 2; y < size - halo - 2; y++)
          for (let x = halo + 2; x < size - halo - 2; x++) back[at++] = plane[(y - top) * size + x - left]!;
      expect(back).toEqual(expected);
    }
  });

  it('keeps the measured samples as they are', () => {
    const mosaic = mosaicOf(roughScene(8), size, size, 2);
    const { planes } = throughKernel(mode, mosaic, size, size, 2);
    for (let y = halo; y < size - halo; y++)
      for (let x = halo; x < size - halo; x++)
        expect(planes[PATTERNS[2][(x & 1) + 2 * (y & 1)]!]![y * size + x]).toBe(mosaic[y * size + x]);
  });

  it.each([
    ['black', [0, 0, 0]],
    ['grey', [0.18, 0.18, 0.18]],
    ['a saturated red', [0.9, 0.02, 0.05]],
    ['clipped, unequal after balancing', [2.1, 1, 1.6]],
    ['below black', [-0.01, -0.02, 0.005]],
  ])('leaves a flat %s flat', (_name, colour) => {
    const picture = throughKernel(mode, mosaicOf(flat(colour), size, size, 0), size, size, 0);
    // The filters' sums are exact; what is left is the rounding of the encoding to 32 bits and its way back.
    expect(largestError(picture, flat(colour), halo)).toBeLessThan(
      2e-6 * Math.max(...colour.map(Math.abs), 0.05),
    );
  });

  it('draws a grey ramp as a grey ramp', () => {
    const ramp: Scene = (x, y) => 0.2 + 0.004 * x + 0.002 * y;
    const picture = throughKernel(mode, mosaicOf(ramp, size, size, 3), size, size, 3);
    // A ramp is slightly curved once encoded, and the network is not linear: a fraction of the step between pixels.
    expect(largestError(picture, ramp, halo)).toBeLessThan(0.0005);
  });

  it('scales with the scene far above the toe: neither exposure nor white level is built in', () => {
    const scene = naturalScene(9);
    const bright: Scene = (x, y, c) => 4 * (0.3 + scene(x, y, c));
    const brighter: Scene = (x, y, c) => 4 * bright(x, y, c);
    const a = inner(throughKernel(mode, mosaicOf(bright, size, size, 0), size, size, 0), halo);
    const b = inner(throughKernel(mode, mosaicOf(brighter, size, size, 0), size, size, 0), halo);
    // What the toe still does at four times white.
    const worst = a.reduce((most, value, i) => Math.max(most, Math.abs(b[i]! / value / 4 - 1)), 0);
    expect(worst).toBeLessThan(0.01);
  });
});

describe('a dark ramp without noise', () => {
  it.each(MODES)('has no steps and no cast that 14 bits could tell: %s', (mode) => {
    const { halo } = BAYER_KERNELS[mode];
    const width = 2 * halo + 512;
    const height = 2 * halo + 16;
    // From below black to 1/256 of white: what four stops bring up to a 16th.
    const ramp: Scene = (x) => (x - halo - 32) / 480 / 256;
    const { planes } = throughKernel(mode, mosaicOf(ramp, width, height, 0), width, height, 0);
    const step = 1 / 16383;
    let mean = [0, 0, 0];
    let count = 0;
    for (let y = halo; y < height - halo; y++)
      for (let x = halo; x < width - halo; x++) {
        for (const channel of [0, 1, 2])
          expect(Math.abs(planes[channel]![y * width + x]! - ramp(x, y, channel))).toBeLessThan(step);
        mean = mean.map((sum, channel) => sum + planes[channel]![y * width + x]! - ramp(x, y, channel));
        count++;
      }
    // A hundredth of a step: nothing leans to one side.
    for (const sum of mean) expect(Math.abs(sum / count)).toBeLessThan(0.01 * step);
  });
});

describe('the networks in whole numbers', () => {
  const digit = (text: string, i: number): number => text.charCodeAt(i) - (text.charCodeAt(i) > 92 ? 41 : 40);
  const unpack = (text: string): number[] =>
    Array.from(
      { length: text.length / 3 },
      (_, i) => digit(text, 3 * i) * 4096 + digit(text, 3 * i + 1) * 64 + digit(text, 3 * i + 2) - 131072,
    );
  const layers = {
    fast: {
      text: fastWeights,
      shapes: [[3, 10, 0, 12] as const, [3, 12, 12, 12] as const, [3, 34, 12, 8] as const],
    },
    best: {
      text: bestWeights,
      shapes: [
        [5, 10, 0, 32] as const,
        ...Array.from({ length: 3 }, () => [3, 32, 32, 32] as const),
        [3, 42, 32, 8] as const,
      ],
    },
  };

  it.each(MODES)('cannot overflow, whatever comes in: %s', (mode) => {
    const numbers = unpack(layers[mode].text);
    let at = 20;
    for (const [kernel, inputs, rectified, outputs] of layers[mode].shapes) {
      for (let first = 0; first < outputs; first += 8) {
        const size = Math.min(8, outputs - first);
        const taps = numbers.slice(at, at + kernel * kernel * inputs * size);
        at += taps.length;
        for (let output = 0; output < size; output++) {
          // The largest sums of either sign; rectified inputs are never negative, the others within ± 16383.
          const reach = (sign: number): number =>
            taps.reduce((sum, tap, i) => {
              if (i % size !== output) return sum;
              const input = Math.floor(i / size) % inputs;
              return sum + (input < rectified ? Math.max(sign * tap, 0) : Math.abs(tap));
            }, 0) * 16383;
          // The kernel's sums are doubled and rounded up by at most half of 2^14.
          expect(2 * Math.max(reach(1), reach(-1)) + 8192).toBeLessThan(2 ** 31);
          // Sums of the three taps of a column, and doubled taps, are what it multiplies by.
          for (let i = output; i < taps.length / kernel; i += size) {
            const column = Array.from({ length: kernel }, (_, ky) => taps[i + (ky * taps.length) / kernel]!);
            const [a, b, c, d, e] = [...column, 0, 0] as [number, number, number, number, number];
            const products = [a + b + c, a - b + c, 2 * a, 2 * c, 2 * d, 2 * e, 2 * (d + e)];
            expect(Math.max(...products.map(Math.abs))).toBeLessThan(32768);
          }
        }
      }
    }
    expect(at).toBe(numbers.length);
  });
});

describe('Bayer demosaicing against a synthetic truth', () => {
  const size = 176;
  const noisy = (scene: Scene, seed: number): Scene => {
    const random = seededRandom(seed);
    const normal = Float32Array.from(
      { length: size * size },
      () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
    );
    return (x, y, c) => {
      const light = scene(x, y, c);
      return light + normal[y * size + x]! * Math.sqrt(0.002 * light + 4e-5);
    };
  };

  it.each([
    ['fast', 'clean', 35.7],
    ['best', 'clean', 39],
    ['fast', 'noisy', 32],
    ['best', 'noisy', 33.6],
  ] as const)('%s reaches its figure on a %s scene', (mode, kind, decibels) => {
    const scene = naturalScene(11);
    const seen = kind === 'clean' ? scene : noisy(scene, 12);
    const picture = throughKernel(mode, mosaicOf(seen, size, size, 0), size, size, 0);
    expect(psnr(picture, scene, 24)).toBeGreaterThan(decibels);
  });
});

describe('a grey card in the dark', () => {
  // Variance 0.03 x + 0.0005: a small sensor whose white is 35 electrons. Standard error of a mean: below 0.0006.
  const noise = { scale: 0.03, offset: 0.0005 };
  const size = 256;
  const neutral = [0.4, 1, 0.7] as const;

  it.each(MODES)('is grey, and as bright as it was: %s', async (mode) => {
    const random = seededRandom(21);
    const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const grey = bayerFrame(
      size,
      size,
      (_x, _y, channel) => {
        const light = 0.1 * neutral[channel]!;
        return light + normal() * Math.sqrt(noise.scale * light + noise.offset);
      },
      { asShotNeutral: [...neutral], noiseProfile: [noise] },
    );
    const engine = await Engine.create({ threads: 1 });
    try {
      const development = engine.open(grey);
      const { pixels } = await development.render({
        as: 'camera-rgb',
        recipe: { demosaic: { quality: mode }, defects: { detect: false } },
      });
      for (const channel of [0, 1, 2]) {
        let sum = 0;
        for (let i = channel; i < pixels.length; i += 3) sum += pixels[i]!;
        // What is left of the curve's bend, and of samples that were cut off at the file's zero.
        expect(Math.abs(sum / (pixels.length / 3) / (0.1 * neutral[channel]!) - 1)).toBeLessThan(0.05);
      }
    } finally {
      await engine.close();
    }
  });
});
