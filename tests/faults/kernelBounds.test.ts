import { Engine, type RenderRequest } from '@photosite/engine';
import { makeCfa, type RawFrame } from '@photosite/raw';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../packages/raw/src/testing/mutate.js';
import { syntheticFrame } from '../../packages/raw/src/testing/syntheticFrame.js';
import { guardHeap } from './guardHeap.js';
import { XTRANS } from './originals.js';

const SIZES = [
  [1, 1],
  [1, 2],
  [2, 1],
  [2, 2],
  [3, 3],
  [1, 40],
  [40, 1],
  [5, 7],
  [7, 5],
  [17, 9],
  [9, 17],
  [33, 34],
] as const;

const MOSAICS = {
  RGGB: makeCfa(2, 2, [0, 1, 1, 2]),
  GRBG: makeCfa(2, 2, [1, 0, 2, 1]),
  GBRG: makeCfa(2, 2, [1, 2, 0, 1]),
  BGGR: makeCfa(2, 2, [2, 1, 1, 0]),
  'X-Trans': XTRANS,
} as const;

/** Tags that all stages have something to do for, around samples that end at the last byte. */
function tiny(
  kind: keyof typeof MOSAICS | 'LinearRaw',
  width: number,
  height: number,
  masked: number,
): RawFrame {
  const { cfa: _, linearization: __, blackLevel: ___, ...tags } = syntheticFrame();
  const planes = kind === 'LinearRaw' ? 3 : 1;
  const [columns, rows] = [width + masked, height + masked];
  const random = seededRandom(width * 100 + height);
  const area = {
    top: 0,
    left: 0,
    bottom: height,
    right: width,
    plane: 0,
    planes: 3,
    rowPitch: 1,
    colPitch: 1,
  };
  const base = { dngVersion: '1.3.0.0', optional: true, previewSkip: false };
  return {
    ...tags,
    samples: Uint16Array.from({ length: columns * rows * planes }, () => 500 + random() * 15800),
    width: columns,
    height: rows,
    samplesPerPixel: planes,
    ...(kind !== 'LinearRaw' && { cfa: MOSAICS[kind] }),
    whiteLevel: new Array<number>(planes).fill(16383),
    activeArea: { top: masked, left: masked, bottom: rows, right: columns },
    maskedAreas: [],
    defaultCrop: { top: 0, left: 0, bottom: height, right: width },
    orientation: 1,
    opcodes: {
      list1: [],
      list2: [
        { ...base, kind: 'MapPolynomial', area, coefficients: [0, 0.9, 0.05] },
        { ...base, kind: 'MapTable', area, table: Uint16Array.from({ length: 256 }, (_, i) => i * 257) },
        { ...base, kind: 'ScalePerColumn', area, values: new Float32Array(width).fill(0.99) },
        {
          ...base,
          kind: 'GainMap',
          area,
          mapPointsV: 2,
          mapPointsH: 2,
          mapSpacingV: 1,
          mapSpacingH: 1,
          mapOriginV: 0,
          mapOriginH: 0,
          mapPlanes: 1,
          gains: Float32Array.of(1, 1.1, 1.2, 1.3),
        },
      ],
      list3: [],
    },
  };
}

/** Two engines whose memory is guarded and filled with different bytes. */
const FILLINGS = [255, 66];
let engines: { readonly engine: Engine; readonly held: () => number }[];

beforeAll(async () => {
  engines = await Promise.all(
    FILLINGS.map(async (filling) => {
      const engine = await Engine.create({ threads: 1 });
      return { engine, held: guardHeap(engine, filling, true) };
    }),
  );
});
afterAll(() => Promise.all(engines.map(({ engine }) => engine.close())));

/** Renders on both engines, which must agree; gives all memory back and so checks all guards. */
async function rendered(frame: RawFrame, request: RenderRequest): Promise<Float32Array | Uint8Array> {
  const pictures: (Float32Array | Uint8Array)[] = [];
  for (const { engine, held } of engines) {
    const before = held();
    const development = engine.open(frame);
    const picture = await development.render({ tileSize: 32, ...request });
    pictures.push(picture.pixels.slice() as Float32Array | Uint8Array);
    picture.release();
    development.close();
    expect(held()).toBe(before);
  }
  const [first, second] = pictures.map(({ buffer }) => Buffer.from(buffer));
  expect(first!.equals(second!)).toBe(true);
  return pictures[0]!;
}

const kinds = [...(Object.keys(MOSAICS) as (keyof typeof MOSAICS)[]), 'LinearRaw' as const];

describe.each(kinds)(
  'tiny %s pictures neither read nor write beyond their own memory, and stay finite',
  (kind) => {
    it.each(SIZES)('%i × %i', async (width, height) => {
      // Half of them with a masked border, whose samples lie before the picture's.
      const frame = tiny(kind, width, height, (width + height) % 2 === 0 ? 3 : 0);
      // X-Trans has one way alone.
      for (const quality of kind === 'X-Trans' ? (['fast'] as const) : (['fast', 'best'] as const)) {
        const recipe = { demosaic: { quality } };
        const light = await rendered(frame, { as: 'linear-rec2020', recipe });
        expect(light.length).toBe(width * height * 3);
        expect(light.every(Number.isFinite)).toBe(true);
        const camera = await rendered(frame, { as: 'camera-rgb', recipe });
        expect(camera.every((value) => value >= -1 && value <= 4)).toBe(true);
        await rendered(frame, { recipe, scale: 0.4, keep: true });
      }
    });
  },
);

describe.each([1, 2, 3, 4, 5, 6, 7, 8] as const)('orientation %i', (orientation) => {
  it.each(SIZES)('%i × %i turns each format within its own memory', async (width, height) => {
    const frame = { ...tiny('GRBG', width, height, 1), orientation };
    for (const format of ['uint8', 'uint16', 'float32'] as const) await rendered(frame, { format });
  });
});
