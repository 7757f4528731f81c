import type { Opcode, RawFrame } from '@photosite/raw';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { Engine } from '../../Engine.js';
import type { Stage, Tile } from '../../stage.js';
import { bayerFrame, busyScene, flat, linearRawFrame } from '../../testing/frames.js';
import { KernelBench } from '../../testing/KernelBench.js';
import { seededRandom } from '../../testing/random.js';
import { developed } from '../../testing/render.js';
import { greensDisagree } from './greens.js';
import { denoise, denoiseColour } from './index.js';
import { denoiseReference, type Planes, SIDE } from './reference.js';
import {
  type DenoiseTable,
  packTable,
  planesBasis,
  quadBasis,
  stabiliserOf,
  thresholdsOf,
} from './tables.js';

const NOISE = [
  { scale: 0.004, offset: 4e-5 },
  { scale: 0.002, offset: 2e-5 },
  { scale: 0.003, offset: 3e-5 },
] as const;
const GREY = [16, 22, 18] as const;
/** Blocks from one to the next, which no whole number of makes a block. */
const STEP = 3;
const RGGB = [0, 1, 1, 2];

const mosaicTable = (strength = 1): DenoiseTable => ({
  stabilisers: RGGB.map((c) => stabiliserOf(NOISE[c]!, true)),
  basis: quadBasis(GREY, RGGB),
  thresholds: thresholdsOf([strength, strength, strength, strength]),
});
const planesTable = (): DenoiseTable => ({
  stabilisers: NOISE.map((noise) => stabiliserOf(noise, false)),
  basis: planesBasis(GREY),
  thresholds: thresholdsOf([0.65, 0.65, 0.65]),
});

let bench: KernelBench;
beforeAll(async () => {
  bench = await KernelBench.create();
});

/** About normal: the sum of twelve uniform numbers. */
function gaussian(random: () => number): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += random();
  return sum;
}

type Scene = (x: number, y: number, c: number) => number;

/** A mosaic of a scene, `noisy` as `NOISE` says or clean; c is the colour under the photosite. */
function mosaicOf(width: number, height: number, scene: Scene, noisy: boolean): Float32Array {
  const random = seededRandom(5);
  return Float32Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const c = RGGB[(y % 2) * 2 + (x % 2)]!;
    const light = scene(x, y, c);
    const { scale, offset } = NOISE[c]!;
    return light + (noisy ? gaussian(random) * Math.sqrt(scale * light + offset) : 0);
  });
}

/** Edges, a slope, a saturated disc and dark places. */
const still: Scene = (x, y, c) => {
  const disc = (x - 60) ** 2 + (y - 50) ** 2 < 900 ? [0.8, 0.1, 0.15][c]! : 0.3;
  return (x > 100 ? 0.02 : disc) * (0.5 + y / 200);
};

function denoised(
  mosaic: Float32Array,
  width: number,
  height: number,
  left = 0,
  top = 0,
  strength = 1,
  how = mosaicTable(strength),
): Float32Array {
  const { heap, kernels } = bench;
  const at = heap.place(mosaic);
  const table = heap.place(packTable(how));
  const scratch = heap.allocate(kernels.denoiseMosaicScratch(width, height));
  kernels.denoiseMosaic(at, width, width, height, left, top, STEP, table, scratch);
  const out = bench.floats(at, mosaic.length);
  for (const address of [at, table, scratch]) heap.free(address);
  return out;
}

const quadsOf = (mosaic: Float32Array, width: number, height: number): Planes => ({
  width: width / 2,
  height: height / 2,
  channels: [0, 1, 2, 3].map((p) =>
    Float32Array.from({ length: (width * height) / 4 }, (_, i) => {
      const [x, y] = [i % (width / 2), Math.floor(i / (width / 2))];
      return mosaic[(2 * y + (p >> 1)) * width + 2 * x + (p & 1)]!;
    }),
  ),
});

const differences = (a: Float32Array, b: Float32Array): number =>
  a.reduce((n, value, i) => n + (value === b[i] ? 0 : 1), 0);
const error = (a: Float32Array, b: Float32Array): number =>
  Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0) / a.length);

describe('denoise, the kernels', () => {
  it('do on a mosaic what the reference does, bit for bit', () => {
    const [width, height] = [72, 46];
    const mosaic = mosaicOf(width, height, still, true);
    const out = denoised(mosaic, width, height, -6, 10);
    const reference = denoiseReference(quadsOf(mosaic, width, height), -3, 5, STEP, mosaicTable());
    expect(
      quadsOf(out, width, height).channels.map((q, i) => differences(q, reference.channels[i]!)),
    ).toEqual([0, 0, 0, 0]);
    expect(differences(out, mosaic)).toBeGreaterThan(0.8 * mosaic.length);
  });

  it('do on planes what the reference does, bit for bit', () => {
    const [width, height, stride] = [45, 37, 52];
    const random = seededRandom(3);
    const channels = [0, 1, 2].map((c) =>
      Float32Array.from(
        { length: width * height },
        (_, i) => still(2 * (i % width), Math.floor(i / width), c) + 0.05 * (random() - 0.5),
      ),
    );
    const planes = new Float32Array(3 * stride * height);
    channels.forEach((plane, c) => {
      for (let y = 0; y < height; y++)
        planes.set(plane.subarray(y * width, (y + 1) * width), (c * height + y) * stride);
    });
    const { heap, kernels } = bench;
    const at = heap.place(planes);
    const table = heap.place(packTable(planesTable()));
    const scratch = heap.allocate(kernels.denoisePlanesScratch(width, height));
    kernels.denoisePlanes(at, stride * height * 4, stride * 4, width, height, -6, 11, STEP, table, scratch);
    const out = bench.floats(at, planes.length);
    const reference = denoiseReference({ width, height, channels }, -6, 11, STEP, planesTable());
    const wrong = reference.channels.map((plane, c) =>
      plane.reduce((n, v, i) => {
        const place = (c * height + Math.floor(i / width)) * stride + (i % width);
        return n + (out[place] === v ? 0 : 1);
      }, 0),
    );
    expect(wrong).toEqual([0, 0, 0]);
  });

  it('take out as much as the map of noise says, as the reference does, bit for bit', () => {
    const [width, height] = [72, 46];
    const mosaic = mosaicOf(width, height, still, true);
    const levels = { columns: 3, rows: 2, perPlace: 1 / 12, values: Float32Array.of(0, 0.5, 1, 2, 1, 0.3) };
    const mapped = { ...mosaicTable(), levels };
    const out = denoised(mosaic, width, height, -6, 10, 1, mapped);
    const reference = denoiseReference(quadsOf(mosaic, width, height), -3, 5, STEP, mapped);
    expect(
      quadsOf(out, width, height).channels.map((q, i) => differences(q, reference.channels[i]!)),
    ).toEqual([0, 0, 0, 0]);
    expect(differences(out, denoised(mosaic, width, height, -6, 10))).toBeGreaterThan(0.5 * mosaic.length);
  });

  it('give each photosite the same bits wherever its tile begins and ends', () => {
    const size = 96;
    const mosaic = mosaicOf(size, size, still, true);
    const whole = denoised(mosaic, size, size);
    const halo = denoise.halo(undefined);
    for (const [left, top, width, height] of [
      [6, 12, 64, 50],
      [22, 30, 52, 66],
    ] as const) {
      const part = new Float32Array(width * height);
      for (let y = 0; y < height; y++)
        part.set(mosaic.subarray((top + y) * size + left, (top + y) * size + left + width), y * width);
      const out = denoised(part, width, height, left, top);
      let different = 0;
      for (let y = halo; y < height - halo; y++)
        for (let x = halo; x < width - halo; x++)
          if (out[y * width + x] !== whole[(top + y) * size + left + x]) different++;
      expect(different).toBe(0);
    }
  });
});

describe('denoise', () => {
  it('takes more than half of the noise out of a scene of edges, slopes and saturated colours', () => {
    const [width, height] = [160, 128];
    const truth = mosaicOf(width, height, still, false);
    const noisy = mosaicOf(width, height, still, true);
    expect(error(denoised(noisy, width, height), truth)).toBeLessThan(error(noisy, truth) / 2);
  });

  it('keeps the mean of a flat field within its own uncertainty, from deep shadow to white', () => {
    for (const light of [0.003, 0.02, 0.2, 0.9]) {
      const noisy = mosaicOf(128, 128, () => light, true);
      const out = denoised(noisy, 128, 128);
      const mean = out.reduce((a, b) => a + b, 0) / out.length;
      // Four standard errors of the mean, and what a closed form's remainder adds where there are few photons (1 %).
      const uncertainty = 4 * Math.sqrt((0.003 * light + 3e-5) / out.length) + 0.01 * light;
      expect(Math.abs(mean - light)).toBeLessThan(uncertainty + 0.0003);
    }
  });

  it('leaves what stands far above the noise: a fine grating keeps 95 % of its contrast', () => {
    const grating: Scene = (x, y) => 0.4 + 0.25 * Math.sin(x * 0.9 + y * 0.5);
    const [width, height] = [128, 96];
    const truth = mosaicOf(width, height, grating, false);
    const out = denoised(mosaicOf(width, height, grating, true), width, height);
    const [num, den] = truth.reduce(
      ([a, b], t, i) => [a + (t - 0.4) * (out[i]! - 0.4), b + (t - 0.4) ** 2],
      [0, 0],
    ) as [number, number];
    expect(num / den).toBeGreaterThan(0.95);
  });

  it('takes out more the stronger it is set', () => {
    const noisy = mosaicOf(128, 128, () => 0.2, true);
    const left = [0.3, 0.6, 1, 1.5].map((s) =>
      error(
        denoised(noisy, 128, 128, 0, 0, s),
        noisy.map(() => 0.2),
      ),
    );
    expect(left).toEqual([...left].sort((a, b) => b - a));
  });

  it('has nothing to do at strength 0 and where a frame has no noise', () => {
    const noisy = bayerFrame(32, 32, busyScene(), { noiseProfile: [{ scale: 1e-3, offset: 1e-5 }] });
    expect(denoise.plan({ luminance: 0, chroma: 0 }, bench.context(noisy))).toBeUndefined();
    expect(denoise.plan({ luminance: 1, chroma: 1 }, bench.context(noisy))).toBeDefined();
    // Too small to be looked at, and its file says nothing.
    const silent = bayerFrame(32, 32, flat(0.2, 0.2, 0.2));
    expect(denoise.plan({ luminance: 1, chroma: 1 }, bench.context(silent))).toBeUndefined();
  });

  it('runs before demosaicing on Bayer mosaics alone, and on planes of everything in colour', () => {
    const profile = { noiseProfile: [{ scale: 1e-3, offset: 1e-5 }] };
    const plans = (stage: Stage, frame: Parameters<KernelBench['context']>[0]) =>
      stage.plan({ luminance: 1, chroma: 1 } as never, bench.context(frame)) !== undefined;
    const linear = linearRawFrame(32, 32, busyScene(), { overrides: profile });
    const single = linearRawFrame(32, 32, busyScene(), { planes: 1, overrides: profile });
    expect([denoise, denoiseColour].map((s) => plans(s as Stage, linear))).toEqual([false, true]);
    expect([denoise, denoiseColour].map((s) => plans(s as Stage, single))).toEqual([false, false]);
    const bayer = bayerFrame(32, 32, busyScene(), profile);
    expect([denoise, denoiseColour].map((s) => plans(s as Stage, bayer))).toEqual([true, true]);
  });

  it('reads its halo and no more around the inner part of a tile', () => {
    const frame = bayerFrame(32, 32, busyScene(), { noiseProfile: [{ scale: 1e-3, offset: 1e-5 }] });
    const plan = denoiseColour.plan({}, bench.context(frame));
    const [stride, rows, halo] = [64, 48, denoiseColour.halo(plan)];
    const random = seededRandom(9);
    const data = Float32Array.from({ length: 3 * stride * rows }, () => 0.2 + 0.1 * random());
    const scratch = bench.heap.allocate(denoiseColour.scratch(plan, stride, rows, bench.kernels));
    const run = (outside: number): Float32Array => {
      const [width, height, x0, y0] = [30, 20, 16, 14];
      const changed = data.map((v, i) => {
        const [x, y] = [i % stride, Math.floor(i / stride) % rows];
        const near = x >= x0 - halo && x < x0 + width + halo && y >= y0 - halo && y < y0 + height + halo;
        return near ? v : outside;
      });
      const planes = bench.heap.place(changed);
      const tile = {
        inner: planes + (y0 * stride + x0) * 4,
        innerWidth: width,
        innerHeight: height,
        planeStride: stride * rows * 4,
        stride,
        scratch,
        place: { x: 100.5, y: 37.5, stepX: 1, stepY: 1 },
      };
      denoiseColour.run(plan, tile as Tile, bench.kernels);
      const out = bench.floats(planes, data.length);
      return out.filter((_, i) => {
        const [x, y] = [i % stride, Math.floor(i / stride) % rows];
        return x >= x0 && x < x0 + width && y >= y0 && y < y0 + height;
      });
    };
    expect(differences(run(0), run(5))).toBe(0);
  });
});

describe('two greens that see the same light differently', () => {
  it('are made alike in calm places, and left alone where they differ by noise and texture', () => {
    const noise = mosaicOf(128, 128, () => 0.3, true);
    const frameOf = (second: number): RawFrame =>
      bayerFrame(128, 128, (x, y) => noise[y * 128 + x]! * (y % 2 === 1 && x % 2 === 0 ? second : 1));
    expect([0.85, 0.99, 1, 1.04].map((second) => greensDisagree(frameOf(second)))).toEqual([
      true,
      false,
      false,
      true,
    ]);
    const stripes = bayerFrame(
      128,
      128,
      (x, y) => 0.3 + 0.2 * Math.sin(2.6 * y + 0.1 * x) + noise[y * 128 + x]! / 9,
    );
    expect(greensDisagree(stripes)).toBe(false);

    const context = bench.context({ ...frameOf(0.85), noiseProfile: NOISE, asShotNeutral: [1, 1, 1] });
    const plan = denoise.plan({ luminance: 1, chroma: 1 }, context);
    const place = {
      left: 0,
      top: 0,
      width: 128,
      height: 128,
      activeWidth: 128,
      activeHeight: 128,
      period: 2,
    };
    const values = noise.map((v, i) => (i % 2 === 0 && Math.floor(i / 128) % 2 === 1 ? 0.85 * v : v));
    const mosaic = bench.heap.place(values);
    const scratch = bench.heap.allocate(denoise.scratch(plan, 128, 128, bench.kernels));
    denoise.run(plan, { ...bench.tile(place), mosaic, scratch }, bench.kernels);
    const out = bench.floats(mosaic, values.length);
    // Without the borders, which no block reaches from both sides.
    const inside = (at: number): boolean => at >= 16 && at < 112;
    const mean = (x: number, y: number): number => {
      const own = out.filter((_, i) => {
        const [column, row] = [i % 128, Math.floor(i / 128)];
        return column % 2 === x && row % 2 === y && inside(column) && inside(row);
      });
      return own.reduce((sum, v) => sum + v, 0) / own.length;
    };
    // Before, they were 0.3 and 0.255; what is left is what stabilising makes of their different means.
    expect(Math.abs(mean(1, 0) - mean(0, 1))).toBeLessThan(0.0005);
  });
});

describe('denoise where lens shading has multiplied light and noise', () => {
  const [width, height] = [72, 60];
  /** Gains from 1 to 4 over the frame, others for each place of the array. */
  const maps = [0, 1, 2, 3].map(
    (position): Opcode => ({
      kind: 'GainMap',
      dngVersion: '1.3.0.0',
      optional: false,
      previewSkip: false,
      area: {
        top: position >> 1,
        left: position & 1,
        bottom: height,
        right: width,
        plane: 0,
        planes: 1,
        rowPitch: 2,
        colPitch: 2,
      },
      mapPointsV: 2,
      mapPointsH: 2,
      mapPlanes: 1,
      mapSpacingV: 1,
      mapSpacingH: 1,
      mapOriginV: 0,
      mapOriginH: 0,
      gains: Float32Array.from([1, 2, 3, 4], (gain) => gain + 0.1 * position),
    }),
  );
  const shaded = { noiseProfile: NOISE, opcodes: { list1: [], list2: maps, list3: [] } };
  const gainOf = (x: number, y: number, position: number): number =>
    1 + 0.1 * position + (x + 0.5) / width + (2 * (y + 0.5)) / height;

  /** Runs a stage over values that are multiplied by gains before and divided by them after. */
  function through(
    stage: Stage,
    overrides: Partial<RawFrame>,
    values: Float32Array,
    gain: (i: number) => number,
  ) {
    const context = bench.context(bayerFrame(width, height, busyScene(), overrides));
    const plan = stage.plan({ luminance: 1, chroma: 1 } as never, context);
    const place = { left: 0, top: 0, width, height, activeWidth: width, activeHeight: height, period: 2 };
    const tile = bench.tile(place);
    const mosaic = bench.heap.place(values.map((v, i) => v * gain(i)));
    const scratch = bench.heap.allocate(stage.scratch(plan, tile.stride, height, bench.kernels));
    const halo = SIDE - 1;
    const inner = {
      planes: mosaic,
      inner: mosaic + (halo * tile.stride + halo) * 4,
      innerWidth: width - 2 * halo,
      innerHeight: height - 2 * halo,
      place: { x: halo + 0.5, y: halo + 0.5, stepX: 1, stepY: 1 },
    };
    stage.run(plan, { ...tile, mosaic, scratch, ...inner }, bench.kernels);
    return bench.floats(mosaic, values.length).map((v, i) => v / gain(i));
  }

  it('does on the mosaic and on planes what it does without gains, times the gain', () => {
    const mosaic = mosaicOf(width, height, still, true);
    const planes = Float32Array.from({ length: 3 * width * height }, (_, i) => mosaic[i % mosaic.length]!);
    const place = (i: number): [number, number] => [i % width, Math.floor(i / width) % height];
    for (const [stage, values, gain] of [
      [
        denoise,
        mosaic,
        (i: number) => {
          const [x, y] = place(i);
          return gainOf(x, y, (y % 2) * 2 + (x % 2));
        },
      ],
      // Of the two greens, the first speaks for both.
      [
        denoiseColour,
        planes,
        (i: number) => gainOf(...place(i), [0, 1, 3][Math.floor(i / (width * height))]!),
      ],
    ] as const) {
      const plain = through(stage as Stage, { noiseProfile: NOISE }, values, () => 1);
      const lifted = through(stage as Stage, shaded, values, gain);
      // Two roundings more in 32 bits, which thresholds may magnify.
      expect(Math.max(...lifted.map((v, i) => Math.abs(v - plain[i]!)))).toBeLessThan(1e-5);
      expect(differences(plain, values)).toBeGreaterThan(0.3 * values.length);
      const off = through(stage as Stage, { noiseProfile: NOISE }, values, gain);
      expect(Math.max(...off.map((v, i) => Math.abs(v - plain[i]!)))).toBeGreaterThan(0.01);
    }
  });
});

describe('denoise, whatever a file says', () => {
  const [width, height] = [80, 48];
  const anyProfile = fc.record({
    scale: fc.oneof(fc.constantFrom(0, 1e-45, 1e-9, 2.6e-3, 0.999, 5, -1), fc.double({ min: 0, max: 1 })),
    offset: fc.oneof(
      fc.constantFrom(0, 1e-30, 2e-6, 0.999, 5, -1e-3, Number.NaN),
      fc.double({ min: 0, max: 0.1 }),
    ),
  });
  const random = seededRandom(1);
  const stored = {
    black: () => 0,
    clipped: () => 4095,
    constant: () => 700,
    'black but for a few': () => (random() < 0.03 ? 65535 * random() : 0),
    'clipped but for a few': () => (random() < 0.03 ? 65535 * random() : 65535),
    garbage: () => 65535 * random(),
  };
  const floats = {
    'numbers and none': () => (random() < 0.1 ? Number.NaN : random()),
    infinite: () => (random() < 0.1 ? Number.POSITIVE_INFINITY : random()),
    huge: () => 3e38 * (random() - 0.5),
    negative: () => -1e6 * random(),
    denormal: () => 1e-40 * random(),
  };

  it('gives numbers for any noise profile and any samples', async () => {
    const engine = await Engine.create({ threads: 1 });
    const frames = [
      ...Object.entries(stored).map(([name, make]) => ({ name, make, isFloat: false })),
      ...Object.entries(floats).map(([name, make]) => ({ name, make, isFloat: true })),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyProfile, { minLength: 0, maxLength: 3 }),
        fc.constantFrom(...frames),
        fc.constantFrom<readonly [number, number, number]>([1, 1, 1], [0.02, 1, 0.3]),
        async (noiseProfile, { make, isFloat }, asShotNeutral) => {
          const frame = bayerFrame(width, height, () => 0, {
            samples: isFloat
              ? Float32Array.from({ length: width * height }, make)
              : Uint16Array.from({ length: width * height }, make),
            noiseProfile,
            asShotNeutral,
            ...(isFloat && { bitsPerSample: 32, whiteLevel: [1] }),
            ...(isFloat && { blackLevel: { repeatRows: 1, repeatCols: 1, values: [0] } }),
          });
          const { pixels } = await developed(engine, frame, { as: 'camera-rgb' });
          return pixels.every(Number.isFinite);
        },
      ),
      { numRuns: 150, seed: 11 },
    );
    await engine.close();
  });
});

describe('the tables of denoise', () => {
  it('give noise a variance of 1 from a few photons on, and back the mean', () => {
    const random = seededRandom(2);
    const noise = { scale: 0.01, offset: 4e-4 };
    const s = stabiliserOf(noise, true);
    for (const light of [0.05, 0.2, 0.8]) {
      let [sum, squares, n] = [0, 0, 40000];
      for (let i = 0; i < n; i++) {
        const x = light + gaussian(random) * Math.sqrt(noise.scale * light + noise.offset);
        const v = Math.sqrt(Math.max(x * s.scale + s.shift, 0));
        sum += v;
        squares += v * v;
      }
      const mean = sum / n;
      // The transform's own deviation at few photons is some per cent (Mäkitalo and Foi 2013, figure 1).
      expect(squares / n - mean * mean).toBeGreaterThan(0.9);
      expect(squares / n - mean * mean).toBeLessThan(1.1);
      const i = 1 / mean;
      const lack = 0.25 + i * (Math.sqrt(1.5) / 4 + i * (-1.375 + (i * 5 * Math.sqrt(1.5)) / 8));
      expect(mean * mean * s.square + lack * s.bias - s.offset).toBeCloseTo(light, 2);
    }
  });

  it('have orthonormal bases whose first axis holds all of a grey', () => {
    const value = fc.double({ min: 0.1, max: 100, noNaN: true });
    fc.assert(
      fc.property(
        value,
        value,
        value,
        fc.constantFrom([0, 1, 1, 2], [1, 0, 2, 1], [2, 1, 1, 0]),
        (r, g, b, cfa) => {
          const grey = [r, g, b] as const;
          const cases = [
            { basis: planesBasis(grey), values: [...grey] },
            { basis: quadBasis(grey, cfa), values: cfa.map((c) => grey[c]!) },
          ];
          for (const { basis, values } of cases) {
            const dot = (a: readonly number[], c: readonly number[]) =>
              a.reduce((sum, v, i) => sum + v * c[i]!, 0);
            basis.forEach((row, i) => {
              basis.forEach((other, j) => {
                expect(dot(row, other)).toBeCloseTo(i === j ? 1 : 0, 9);
              });
              if (i > 0) expect(dot(row, values) / Math.hypot(...values)).toBeCloseTo(0, 9);
            });
          }
        },
      ),
      { numRuns: 50, seed: 4 },
    );
  });

  it('bear a profile without photon noise, without read noise, without any, and a negative offset', () => {
    for (const profile of [
      { scale: 0, offset: 1e-5 },
      { scale: 1e-3, offset: 0 },
      { scale: 0, offset: 0 },
      { scale: 1e-3, offset: -1e-6 },
    ])
      expect(Object.values(stabiliserOf(profile, true)).every(Number.isFinite)).toBe(true);
    expect(thresholdsOf([1])).toHaveLength(SIDE * SIDE);
  });
});
