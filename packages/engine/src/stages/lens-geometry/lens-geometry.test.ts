import type { Opcode, Orientation, RawFrame } from '@photosite/raw';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RenderRequest } from '../../Development.js';
import { Engine } from '../../Engine.js';
import type { PartialRecipe } from '../../recipe.js';
import { most } from '../../testing/extremes.js';
import { bayerFrame, busyScene, linearRawFrame, type Scene } from '../../testing/frames.js';
import { KernelBench } from '../../testing/KernelBench.js';
import { seededRandom } from '../../testing/random.js';
import { areaMeans, type Copied, developed, digest, part } from '../../testing/render.js';
import { cellsOf } from './cells.js';
import { lensCorrectionOf } from './correction.js';
import { dngCorrection } from './dng.js';
import { filterTable, LEVELS, LOBES, levelOf, stretchOf, weightsOf } from './filters.js';
import type { LensCorrection } from './LensCorrection.js';
import { type PictureMap, pictureGeometry, type Reshaping, sourceOf } from './map.js';
import { resampledPixel, type SourcePlane } from './reference.js';

let engine: Engine;
let bench: KernelBench;
beforeAll(async () => {
  [engine, bench] = await Promise.all([Engine.create({ threads: 1 }), KernelBench.create()]);
});
afterAll(() => engine.close());

/** Noise is left: what is estimated of it is no part of this. */
const PLAIN = { luminance: 0, chroma: 0 } as const;
const NONE: Reshaping = {
  straighten: 0,
  perspectiveVertical: 0,
  perspectiveHorizontal: 0,
  fill: true,
  crop: null,
};

const base = { dngVersion: '1.3.0.0', optional: false, previewSkip: false };
const LATERAL: Opcode = {
  ...base,
  kind: 'WarpRectilinear',
  coefficients: [
    [1.012, -0.05, 0.012, 0, 2e-3, -1e-3],
    [1.01, -0.05, 0.012, 0, 2e-3, -1e-3],
    [1.008, -0.051, 0.012, 0, 2e-3, -1e-3],
  ],
  center: [0.49, 0.52],
};
const MODELS: readonly (readonly [string, Opcode])[] = [
  [
    'WarpRectilinear, barrel',
    {
      ...base,
      kind: 'WarpRectilinear',
      coefficients: [[1.05, -0.09, 0.02, -0.004, 0, 0]],
      center: [0.5, 0.5],
    },
  ],
  [
    'WarpRectilinear, pincushion and decentred',
    {
      ...base,
      kind: 'WarpRectilinear',
      coefficients: [[0.95, 0.06, -0.01, 0, 3e-3, -2e-3]],
      center: [0.52, 0.48],
    },
  ],
  ['WarpRectilinear with lateral colour', LATERAL],
  ['WarpFisheye', { ...base, kind: 'WarpFisheye', coefficients: [[1, -0.02, 0, 0]], center: [0.5, 0.5] }],
];

const [WIDTH, HEIGHT] = [480, 320];
const withOpcodes = (list3: readonly Opcode[]): Partial<RawFrame> => ({
  opcodes: { list1: [], list2: [], list3 },
  asShotNeutral: [1, 1, 1],
});

/** Where a recorded place lies in the picture: the map turned round by Newton's method. */
function pictureOf(map: PictureMap, channel: number, u: number, v: number): [number, number] {
  let [x, y] = [u, v];
  for (let i = 0; i < 6; i++) {
    const h = 1e-3;
    const [a, b] = sourceOf(map, channel, x, y);
    const [ax, bx] = sourceOf(map, channel, x + h, y);
    const [ay, by] = sourceOf(map, channel, x, y + h);
    const [xx, xy, yx, yy] = [(ax - a) / h, (ay - a) / h, (bx - b) / h, (by - b) / h];
    const det = xx * yy - xy * yx;
    x -= ((a - u) * yy - (b - v) * xy) / det;
    y -= ((b - v) * xx - (a - u) * yx) / det;
  }
  return [x, y];
}

const SPACING = 40;
/** A line's profile over the distance to it: a Gaussian that two pixels on each side of its middle hold. */
const line = (distance: number): number => Math.exp(-(distance * distance) / (2 * 1.5 * 1.5));

/** A frame that shows straight lines through a lens, recorded where the map says. */
function gridFrame(map: PictureMap, overrides: Partial<RawFrame>, upright: 'x' | 'y'): RawFrame {
  let at = 0;
  const scene: Scene = (x, y, channel) => {
    // The planes of a pixel are asked for one after the other.
    if (channel === 0 || map.channels === 3)
      at = pictureOf(map, channel, x + 0.5, y + 0.5)[upright === 'x' ? 0 : 1];
    const distance = at - (Math.round(at / SPACING - 0.5) + 0.5) * SPACING;
    return 0.05 + 0.4 * line(distance);
  };
  return linearRawFrame(WIDTH, HEIGHT, scene, { float: true, overrides });
}

/** Middles of the lines along one row or column of a picture: centroids of what is above the ground. */
function middles(
  { width, height, pixels }: Copied,
  across: 'x' | 'y',
  at: number,
  channel: number,
): number[] {
  const size = across === 'x' ? width : height;
  const value = (i: number): number =>
    pixels[(across === 'x' ? at * width + i : i * width + at) * 3 + channel]!;
  const found: number[] = [];
  for (let middle = SPACING / 2; middle + 8 < size; middle += SPACING) {
    const ground = Math.min(value(Math.floor(middle) - 8), value(Math.floor(middle) + 8));
    let [sum, moment] = [0, 0];
    for (let i = Math.floor(middle) - 8; i <= Math.floor(middle) + 8; i++) {
      sum += value(i) - ground;
      moment += (value(i) - ground) * (i + 0.5);
    }
    found.push(moment / sum - middle);
  }
  return found;
}

describe.each(MODELS)('%s', (_name, opcode) => {
  it('leaves lines straight within 0.15 pixel and colours together within 0.03', async () => {
    const overrides = withOpcodes([opcode]);
    const plain = linearRawFrame(WIDTH, HEIGHT, () => 0, { float: true, overrides });
    const { map } = pictureGeometry(plain, NONE, dngCorrection(plain));
    for (const across of ['x', 'y'] as const) {
      const picture = await developed(engine, gridFrame(map!, overrides, across), {
        as: 'linear-rec2020',
        recipe: { denoise: PLAIN },
      });
      const length = across === 'x' ? picture.height : picture.width;
      for (let at = 4; at < length; at += 13) {
        const [r, g, b] = [0, 1, 2].map((channel) => middles(picture, across, at, channel)) as [
          number[],
          number[],
          number[],
        ];
        // Half and a third of what is asked for. Most of it is the lattice's bilinear places, whose error falls with the
        // square of the picture's size: a real picture has eight times as many pixels across.
        expect(most(g, Math.abs)).toBeLessThan(0.15);
        expect(most(r, (value, i) => Math.abs(value - b[i]!))).toBeLessThan(0.03);
      }
    }
  });
});

describe('the map', () => {
  const frame = (overrides: Partial<RawFrame> = {}): RawFrame =>
    linearRawFrame(120, 80, () => 0.2, { overrides });

  it('of DNG’s WarpRectilinear is the specification’s formula', () => {
    const given = frame(withOpcodes([LATERAL]));
    const { map } = pictureGeometry(given, { ...NONE, fill: false }, dngCorrection(given));
    const center = [0.49 * 119, 0.52 * 79] as const;
    const m = Math.hypot(Math.max(center[0], 119 - center[0]), Math.max(center[1], 79 - center[1]));
    for (const [channel, k] of (
      LATERAL as { coefficients: readonly (readonly number[])[] }
    ).coefficients.entries())
      for (const [x, y] of [
        [0, 0],
        [100, 12],
        [60, 79],
      ] as const) {
        const [dx, dy] = [(x - center[0]) / m, (y - center[1]) / m];
        const r2 = dx * dx + dy * dy;
        const f = k[0]! + k[1]! * r2 + k[2]! * r2 * r2 + k[3]! * r2 ** 3;
        const u = center[0] + m * (f * dx + k[4]! * 2 * dx * dy + k[5]! * (r2 + 2 * dx * dx));
        const v = center[1] + m * (f * dy + k[5]! * 2 * dx * dy + k[4]! * (r2 + 2 * dy * dy));
        const [a, b] = sourceOf(map!, channel, x + 0.5, y + 0.5);
        expect(a).toBeCloseTo(u + 0.5, 9);
        expect(b).toBeCloseTo(v + 0.5, 9);
      }
  });

  /** A WarpRectilinear2 of powers of the radius, its range, and whether it is turned round. */
  const second = (powers: readonly number[], range = [0, 1], reciprocal = false): Opcode => ({
    ...base,
    kind: 'WarpRectilinear2',
    coefficients: [[...Array.from({ length: 15 }, (_, k) => powers[k] ?? 0), 2e-3, -1e-3, ...range]],
    center: [0.49, 0.52],
    reciprocal,
  });
  const mapped = (opcode: Opcode, x: number, y: number): [number, number] => {
    const given = frame(withOpcodes([opcode]));
    return sourceOf(pictureGeometry(given, { ...NONE, fill: false }, dngCorrection(given)).map!, 1, x, y);
  };

  it('of WarpRectilinear2 is that of WarpRectilinear where both say the same, for odd powers and reciprocals too', () => {
    const first: Opcode = {
      ...base,
      kind: 'WarpRectilinear',
      coefficients: [[1.01, -0.05, 0.012, 0, 2e-3, -1e-3]],
      center: [0.49, 0.52],
    };
    const center = [0.49 * 119 + 0.5, 0.52 * 79 + 0.5] as const;
    const m = Math.hypot(Math.max(0.49, 0.51) * 119, Math.max(0.52, 0.48) * 79);
    for (const [x, y] of [
      [0.5, 0.5],
      [100, 12],
      [60, 79],
    ] as const) {
      const [u, v] = mapped(first, x, y);
      const [a, b] = mapped(second([1.01, 0, -0.05, 0, 0.012]), x, y);
      expect(a).toBeCloseTo(u, 6);
      expect(b).toBeCloseTo(v, 6);
      // Odd powers and the reciprocal, against the formula; the tangential part is the same in all.
      const r = Math.hypot(x - center[0], y - center[1]) / m;
      const of = (factor: number): number =>
        a + (factor - (1.01 - 0.05 * r * r + 0.012 * r ** 4)) * (x - center[0]);
      expect(mapped(second([1, 0.02, 0, -0.03]), x, y)[0]).toBeCloseTo(of(1 + 0.02 * r - 0.03 * r ** 3), 6);
      expect(mapped(second([1, 0.02], [0, 1], true), x, y)[0]).toBeCloseTo(of(1 / (1 + 0.02 * r)), 6);
      // Beyond the valid range the factor of its end holds.
      if (r > 0.5) expect(mapped(second([1, 0.02], [0, 0.5]), x, y)[0]).toBeCloseTo(of(1 + 0.02 * 0.5), 6);
    }
  });

  it('is none for a WarpRectilinear2 whose range or factor is damaged', () => {
    for (const opcode of [
      second([1], [0.5, 0.5]),
      second([1], [0, 1.5]),
      second([0]),
      second([1, -2]),
      second([0, 1], [0, 1], true),
    ])
      expect(dngCorrection(frame(withOpcodes([opcode])))).toBeUndefined();
  });

  it('is none where nothing is asked and the file says nothing, or that all stays', () => {
    const same: Opcode = {
      ...base,
      kind: 'WarpRectilinear',
      coefficients: [[1, 0, 0, 0, 0, 0]],
      center: [0.5, 0.5],
    };
    for (const given of [frame(), frame(withOpcodes([same]))])
      expect(pictureGeometry(given, NONE, dngCorrection(given)).map).toBeUndefined();
  });

  it('is the lens database’s where the file says nothing but the lens, without vignetting where gain maps undid it', async () => {
    const known = frame({
      make: 'NIKON CORPORATION',
      model: 'NIKON D90',
      lens: 'Nikon AF-S DX Nikkor 35mm f/1.8G',
      exposure: { focalLengthMm: 35, fNumber: 2.8 },
    });
    const correction = await lensCorrectionOf(known);
    expect(correction?.warps.length).toBe(1);
    expect(pictureGeometry(known, NONE, correction).map).toBeDefined();
    const list2 = [
      {
        ...base,
        kind: 'GainMap',
        area: { top: 0, left: 0, bottom: 80, right: 120, plane: 0, planes: 1, rowPitch: 1, colPitch: 1 },
        mapPointsV: 1,
        mapPointsH: 1,
        mapSpacingV: 1,
        mapSpacingH: 1,
        mapOriginV: 0,
        mapOriginH: 0,
        mapPlanes: 1,
        gains: Float32Array.of(1),
      },
    ] as const;
    const shaded = await lensCorrectionOf({ ...known, opcodes: { list1: [], list2, list3: [] } });
    expect(shaded).toEqual({ ...correction, vignetting: [] });
    // What the file itself says comes first.
    const stated = { ...known, ...withOpcodes([LATERAL]) };
    expect(await lensCorrectionOf(stated)).toEqual(dngCorrection(stated));
  });

  it('reads a table of factors through its own samples', () => {
    const channel = {
      radial: { kind: 'table', maxRadius: 1, factors: [1, 1.01, 1.03, 1.02, 1] },
      tangential: [0, 0],
    } as const;
    const correction: LensCorrection = {
      warps: [{ center: [60, 40], radiusPx: 80, channels: [channel, channel, channel] }],
      vignetting: [],
    };
    const { map } = pictureGeometry(frame(), { ...NONE, fill: false }, correction);
    for (const [k, factor] of channel.radial.factors.entries())
      expect(sourceOf(map!, 1, 60 + 20 * k, 40)[0]).toBeCloseTo(60 + 20 * k * factor, 9);
  });

  it('fills: no place of the border lies outside of what was recorded, and one lies on its border', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -20, max: 20, noNaN: true }),
        fc.double({ min: -15, max: 15, noNaN: true }),
        fc.double({ min: -15, max: 15, noNaN: true }),
        fc.constantFrom<Orientation>(1, 6, 7),
        (straighten, perspectiveVertical, perspectiveHorizontal, orientation) => {
          fc.pre(Math.abs(straighten) > 0.1);
          const given = frame({ orientation });
          const reshaping = { ...NONE, straighten, perspectiveVertical, perspectiveHorizontal };
          const { map, width, height } = pictureGeometry(given, reshaping, undefined);
          let nearest = Infinity;
          for (let i = 0; i <= 48; i++)
            for (const [x, y] of [
              [(i * width) / 48, 0],
              [(i * width) / 48, height],
              [0, (i * height) / 48],
              [width, (i * height) / 48],
            ] as const) {
              const [u, v] = sourceOf(map!, 1, x, y);
              nearest = Math.min(nearest, u, v, 120 - u, 80 - v);
            }
          expect(nearest).toBeGreaterThanOrEqual(-1e-9);
          expect(nearest).toBeLessThan(1e-6);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('turns clockwise in every orientation: what was above the centre comes to lie on its right', () => {
    for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8] as const) {
      const given = frame({ orientation });
      const turned = pictureGeometry(given, { ...NONE, straighten: 45, fill: false }, undefined);
      const still = pictureGeometry(given, { ...NONE, straighten: 1e-9, fill: false }, undefined);
      const { map } = turned;
      // A step up and right in the turned upright picture shows what lies straight up in the other.
      const upright = (x: number, y: number): [number, number] => {
        const portrait = orientation > 4;
        const [w, h] = portrait ? [80, 120] : [120, 80];
        const table: Record<number, [number, number]> = {
          1: [x, y],
          2: [w - x, y],
          3: [w - x, h - y],
          4: [x, h - y],
          5: [y, x],
          6: [y, w - x],
          7: [h - y, w - x],
          8: [h - y, x],
        };
        return table[orientation]!;
      };
      const [w, h] = orientation > 4 ? [80, 120] : [120, 80];
      const s = 10 * Math.SQRT1_2;
      const [a, b] = sourceOf(map!, 1, ...upright(w / 2 + s, h / 2 - s));
      const [c, d] = sourceOf(still.map!, 1, ...upright(w / 2, h / 2 - 10));
      expect(a).toBeCloseTo(c, 6);
      expect(b).toBeCloseTo(d, 6);
    }
  });

  it('brings the verticals of a pitched camera level', () => {
    // A camera of 28 mm pitched up by 10 degrees sees a vertical of the world as a line toward a vanishing point.
    const given = frame();
    const f = (28 / (Math.hypot(36, 24) / 2)) * (Math.hypot(120, 80) / 2);
    const pitch = (10 * Math.PI) / 180;
    const seen = (x: number, y: number): [number, number] => {
      // World: x right, y down, z ahead, at z = 1.
      const [dy, dz] = [y * Math.cos(pitch) + Math.sin(pitch), -y * Math.sin(pitch) + Math.cos(pitch)];
      return [60 + (f * x) / dz, 40 + (f * dy) / dz];
    };
    const { map } = pictureGeometry(given, { ...NONE, perspectiveVertical: 10, fill: false }, undefined);
    const columns = [-0.3, -0.1, 0, 0.2].map(
      (y) => pictureOf(map!, 1, ...seen(0.25, y - Math.tan(pitch)))[0],
    );
    expect(most(columns, (x) => Math.abs(x - columns[0]!))).toBeLessThan(1e-6);
  });
});

describe('the filter', () => {
  it('passes at least 0.9 of detail at half of Nyquist’s frequency at any fraction of a pixel', () => {
    for (let i = 0; i <= 64; i++) {
      const fraction = i / 64;
      const [re, im] = weightsOf(0, fraction).reduce(
        ([a, b], weight, k) => {
          const phase = 2 * Math.PI * 0.25 * (k - LOBES + 1 - fraction);
          return [a + weight * Math.cos(phase), b + weight * Math.sin(phase)];
        },
        [0, 0],
      );
      expect(Math.hypot(re, im)).toBeGreaterThan(0.97);
    }
  });

  it('weighs to 1, and is widened by no more than an octave', () => {
    for (let level = 0; level < LEVELS; level++)
      for (const fraction of [0, 0.3, 1])
        expect(weightsOf(level, fraction).reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    expect([levelOf(1), levelOf(Number.NaN), levelOf(100)]).toEqual([0, 0, LEVELS - 1]);
    expect(stretchOf(LEVELS - 1)).toBe(2);
  });
});

describe('kernel and reference', () => {
  it.each([1, 3] as const)('agree bit for bit with %d maps, for shrinking places too', (channels) => {
    const random = seededRandom(4);
    const area = [70, 60] as const;
    const warp = (k: number): LensCorrection['warps'][number]['channels'][number] => ({
      radial: { kind: 'polynomial', coefficients: [1.05, 0, k] },
      tangential: [1e-3, 0],
    });
    const map: PictureMap = {
      homography: [1.01, 0.05, -4, -0.03, 1.02, 1, 1e-3, 2e-3, 1],
      warps: [{ center: [33, 31], radiusPx: 45, channels: [warp(0.3), warp(0.28), warp(0.26)] }],
      channels,
    };
    const [x0, y0, width, height] = [5, 9, 55, 41];
    const cells = cellsOf(map, x0, y0, width, height, ...area);
    expect(new Set(cells.levels).size).toBeGreaterThan(2);
    const size = [cells.right - cells.left, cells.bottom - cells.top] as const;
    const planes = [0, 1, 2].map(() => Float32Array.from({ length: size[0] * size[1] }, () => random()));
    const src = bench.heap.place(Float32Array.from(planes.flatMap((plane) => [...plane])));
    const dst = bench.heap.allocate(width * height * 12);
    bench.kernels.lensGeometry(
      src,
      size[0] * size[1] * 4,
      size[0] * 4,
      cells.left,
      cells.top,
      ...size,
      ...area,
      bench.heap.place(new Uint8Array(cells.nodes.buffer)),
      cells.nodesAcross,
      channels,
      bench.heap.place(cells.levels),
      bench.heap.place(filterTable()),
      dst,
      width * height * 4,
      width * 4,
      x0,
      y0,
      width,
      height,
    );
    const actual = bench.floats(dst, width * height * 3);
    const expected = actual.map((_, i) => {
      const plane = Math.floor(i / (width * height));
      const source: SourcePlane = {
        left: cells.left,
        top: cells.top,
        width: size[0],
        height: size[1],
        values: planes[plane]!,
      };
      const pixel = i % (width * height);
      const [x, y] = [x0 + (pixel % width), y0 + Math.floor(pixel / width)];
      return resampledPixel(source, area, cells, channels, plane, [x0, y0], x, y);
    });
    expect(expected.some((value) => value === 0)).toBe(true);
    expect(most(actual, (value, i) => Math.abs(value - expected[i]!))).toBe(0);
  });
});

const RESHAPED: PartialRecipe = {
  denoise: PLAIN,
  lensGeometry: { straighten: 3.3, perspectiveVertical: 5, crop: [0.05, 0.1, 0.83, 0.7] },
};
const FRAME = bayerFrame(321, 233, busyScene(), {
  ...withOpcodes([LATERAL]),
  activeArea: { left: 5, top: 3, right: 316, bottom: 230 },
  defaultCrop: { left: 7, top: 2, right: 304, bottom: 225 },
  orientation: 6,
});

const DIM = { ...FRAME, samples: FRAME.samples.map((sample) => Math.min(sample, 1500)) };

describe('a picture', () => {
  it('has the size of its crop', async () => {
    const development = engine.open(FRAME);
    expect(development.size).toEqual({ width: 223, height: 297 });
    expect(development.sizeOf(RESHAPED)).toEqual({ width: 185, height: 208 });
    development.close();
  });

  it('whose crop alone is asked for is that part of the picture, byte for byte', async () => {
    // Without clipped light, whose reconstruction looks at the whole picture.
    const plain = { ...DIM, ...withOpcodes([]) };
    const whole = await developed(engine, plain, { as: 'linear-rec2020', recipe: { denoise: PLAIN } });
    const cropped = await developed(engine, plain, {
      as: 'linear-rec2020',
      recipe: { denoise: PLAIN, lensGeometry: { crop: [0.1, 0.2, 0.5, 0.3] } },
    });
    const region = { left: 22, top: 59, width: cropped.width, height: cropped.height };
    expect(digest(cropped)).toBe(digest({ ...region, pixels: part(whole, region) }));
  });

  it('with lens off and nothing asked is as if the file said nothing', async () => {
    const off = { recipe: { lensGeometry: { lens: 'off' } } } as const;
    const without = { ...FRAME, ...withOpcodes([]) };
    expect(digest(await developed(engine, FRAME, off))).toBe(digest(await developed(engine, without)));
    expect(digest(await developed(engine, FRAME))).not.toBe(digest(await developed(engine, without)));
  });

  it('is the same in a region at 1:1, byte for byte, and in a preview the mean of its pixels', async () => {
    const request: RenderRequest = { as: 'linear-rec2020', recipe: RESHAPED };
    const whole = await developed(engine, FRAME, request);
    const region = { left: 31, top: 47, width: 101, height: 99 };
    const view = await developed(engine, FRAME, { ...request, region });
    expect(digest(view)).toBe(digest({ ...region, pixels: part(whole, region) }));
    const dim = await developed(engine, DIM, request);
    const preview = await developed(engine, DIM, { ...request, scale: 0.4 });
    const expected = areaMeans(dim, preview.width, preview.height);
    // Nothing clips: only sums in 32 bits differ.
    expect(most(preview.pixels, (value, i) => Math.abs(value - expected[i]!))).toBeLessThan(2e-6);
  });

  it('without filling shows nothing where nothing was recorded', async () => {
    const white = linearRawFrame(60, 60, () => 0.3, { float: true });
    const turned = { straighten: 45 };
    const empty = await developed(engine, white, {
      as: 'linear-rec2020',
      recipe: { lensGeometry: { ...turned, fill: false } },
    });
    expect([...empty.pixels.slice(0, 3)]).toEqual([0, 0, 0]);
    const full = await developed(engine, white, { as: 'linear-rec2020', recipe: { lensGeometry: turned } });
    expect(Math.min(...full.pixels)).toBeGreaterThan(0);
  });

  it('is bounded in memory whatever the file’s warp is', async () => {
    for (const coefficients of [
      [[60, 0, 0, 0, 0, 0]],
      [[0, 0, 0, 0, 0, 0]],
      [[1, 1e9, -1e30, 0, 0, 0]],
    ] as const) {
      const opcode: Opcode = { ...base, kind: 'WarpRectilinear', coefficients, center: [0.5, 0.5] };
      const bytes = engine.heap.memory.buffer.byteLength;
      const mad = { ...FRAME, ...withOpcodes([opcode]) };
      const { pixels } = await developed(engine, mad, { as: 'linear-rec2020' });
      expect(pixels.every(Number.isFinite)).toBe(true);
      expect(engine.heap.memory.buffer.byteLength - bytes).toBeLessThan(2 ** 24);
    }
  });
});
