import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Engine } from '@photosite/engine';
import { type Opcode, type RawFrame, readRaw, writeDng } from '@photosite/raw';
import { concatChunks } from '@photosite/tiff';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { syntheticFrame } from '../../packages/raw/src/testing/syntheticFrame.js';
import { Chain } from './Chain.js';
import { damaged } from './damage.js';
import { hostileFrame } from './hostileFrame.js';
import { type Original, originals } from './originals.js';

const SEED = 1;
const CASES = 400;
const FRAMES = 150;
const TRUNCATIONS = 40;
/** The time that one broken file may cost. */
const CASE_MS = 10_000;

const chain = new Chain();
afterAll(() => chain.close());

/** How many ended in what. */
async function endings(
  count: number,
  run: (index: number) => Promise<string>,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let index = 0; index < count; index++) {
    const start = performance.now();
    const ending = await run(index).catch((error) => {
      throw new Error(`case ${index}`, { cause: error });
    });
    if (performance.now() - start > CASE_MS) throw new Error(`case ${index} took too long`);
    counts[ending] = (counts[ending] ?? 0) + 1;
  }
  return counts;
}

describe('the way from bytes to pixels', () => {
  let sound: readonly Original[];
  beforeAll(async () => {
    // Real files are for the long run: `npm run fuzz`.
    sound = await originals(undefined);
  });

  it('makes a photo of every sound file', async () => {
    for (const [index, { name, bytes }] of sound.entries())
      expect([name, await chain.developFile(bytes, index * 16)]).toEqual([name, 'photo']);
  });

  it(`ends in a photo or a typed error for ${CASES} damaged files`, async () => {
    const counts = await endings(CASES, (index) =>
      chain.developFile(damaged(sound, SEED, index).bytes, index),
    );
    // A run in which all survive, or none, has not tried the chain.
    expect(counts.photo).toBeGreaterThan(CASES / 10);
    expect(counts.RawFileError).toBeGreaterThan(CASES / 10);
  });

  it(`ends in a picture or a typed error for ${FRAMES} frames of absurd numbers`, async () => {
    const counts = await endings(FRAMES, (index) => chain.develop(async () => hostileFrame(index), index));
    expect(counts.photo).toBeGreaterThan(FRAMES / 10);
  });

  const data = process.env.PHOTOSITE_DATA;
  const file = data === undefined ? undefined : join(data, 'raw', 'GOPR8508.dng');
  it.skipIf(file === undefined || !existsSync(file))(
    `names the fault of a real DNG cut at ${TRUNCATIONS} places (skipped without PHOTOSITE_DATA)`,
    async () => {
      const bytes = new Uint8Array(readFileSync(file!));
      const cut = (index: number) => bytes.subarray(0, Math.floor((index * bytes.length) / TRUNCATIONS));
      const counts = await endings(TRUNCATIONS, (index) => chain.developFile(cut(index), index));
      expect(counts).toEqual({ RawFileError: TRUNCATIONS });
    },
  );
});

describe('frames that once broke the engine', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await Engine.create({ threads: 1 });
  });
  afterAll(() => engine.close());

  const { linearization: _, blackLevel: __, opcodes: ___, ...tags } = syntheticFrame(16, 12);
  const plain: RawFrame = {
    ...tags,
    activeArea: { top: 0, left: 0, bottom: 12, right: 16 },
    defaultCrop: { top: 0, left: 0, bottom: 12, right: 16 },
    maskedAreas: [],
    orientation: 1,
    color: { calibrations: tags.color.calibrations },
    opcodes: { list1: [], list2: [], list3: [] },
  };
  const base = { dngVersion: '1.3.0.0', optional: true, previewSkip: false };
  const area = { top: 0, left: 0, bottom: 12, right: 16, plane: 0, planes: 1, rowPitch: 1, colPitch: 1 };
  const withOpcodes = (list2: readonly Opcode[], list1: readonly Opcode[] = []): RawFrame => ({
    ...plain,
    opcodes: { list1, list2, list3: [] },
  });

  async function pixels(frame: RawFrame, curve: 'natural' | 'linear' = 'natural'): Promise<Uint8Array> {
    const development = engine.open(frame);
    try {
      const picture = await development.render({ recipe: { tone: { curve } } });
      const copy = picture.pixels.slice() as Uint8Array;
      picture.release();
      return copy;
    } finally {
      development.close();
    }
  }

  it('an absurd baseline exposure is not believed', async () => {
    const sane = await pixels({ ...plain, baselineExposure: 0 }, 'linear');
    for (const baselineExposure of [1073741823.5, 2443, Infinity, NaN])
      expect(await pixels({ ...plain, baselineExposure }, 'linear')).toEqual(sane);
  });

  it('an opcode area far outside of the picture costs no time', async () => {
    const far = { ...area, left: -(2 ** 31), top: -(2 ** 31) };
    const start = performance.now();
    await pixels(withOpcodes([{ ...base, kind: 'MapPolynomial', area: far, coefficients: [0, 1] }]));
    expect(performance.now() - start).toBeLessThan(CASE_MS);
  });

  it('thousands of lists of bad photosites are gone through once', async () => {
    const constants = Array.from(
      { length: 4096 },
      (_, constant): Opcode => ({
        ...base,
        kind: 'FixBadPixelsConstant',
        constant: 20000 + constant,
        bayerPhase: 0,
      }),
    );
    const side = 1000;
    const large: RawFrame = {
      ...withOpcodes([], constants),
      samples: new Uint16Array(side * side).fill(600),
      width: side,
      height: side,
      activeArea: { top: 0, left: 0, bottom: side, right: side },
    };
    const start = performance.now();
    await pixels(large);
    expect(performance.now() - start).toBeLessThan(CASE_MS);
  });

  it.each([
    ['mapping opcodes', Array(65).fill({ ...base, kind: 'MapPolynomial', area, coefficients: [0, 1] })],
    ['gain maps', Array(65).fill(gainMap(1))],
    ['gains', [gainMap(1_500_000)]],
  ])('too many %s are an EngineError', async (_, opcodes) => {
    await expect(pixels(withOpcodes(opcodes as Opcode[]))).rejects.toThrow(
      expect.objectContaining({ name: 'EngineError' }),
    );
  });

  function gainMap(mapPointsH: number): Opcode {
    const spacing = { mapSpacingV: 1, mapSpacingH: 1, mapOriginV: 0, mapOriginH: 0 };
    const gains = new Float32Array(mapPointsH).fill(1);
    return { ...base, kind: 'GainMap', area, mapPointsV: 1, mapPointsH, ...spacing, mapPlanes: 1, gains };
  }

  it('a default crop that is no number shows the whole picture', async () => {
    const defaultCrop = { top: NaN, left: -Infinity, bottom: Infinity, right: NaN };
    expect((await pixels({ ...plain, defaultCrop })).length).toBe(16 * 12 * 3);
  });
});

describe('files that once cost too much', () => {
  it('a black level pattern of thousands of rows is a RawFileError', () => {
    const { deltaH: _, deltaV: __, ...black } = syntheticFrame().blackLevel!;
    const long = { ...black, repeatRows: 4096, repeatCols: 1, values: new Array<number>(4096).fill(1) };
    const bytes = concatChunks(writeDng({ ...syntheticFrame(), blackLevel: long }));
    expect(() => readRaw(bytes)).toThrow(/black level pattern of 4096 × 1/);
  });
});
