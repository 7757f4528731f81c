import { concatChunks } from '@photosite/tiff';
import { describe, expect, it } from 'vitest';
import { writeDng } from './dng/write.js';
import { inspectRaw, openRaw, readRaw } from './open.js';
import { RawFileError } from './RawFileError.js';
import type { RawFrame } from './RawFrame.js';
import { mutate } from './testing/mutate.js';
import { syntheticFrame } from './testing/syntheticFrame.js';

/** Cases of the mutation run; the environment asks for a longer one. */
const CASES = Number(process.env.PHOTOSITE_FUZZ_CASES ?? 400);
/** The time that one broken file may cost. */
const CASE_MS = 10_000;

const linear = (): RawFrame => {
  const { cfa: _, blackLevel: __, ...frame } = syntheticFrame();
  const samples = frame.samples.subarray(0, 32 * 64 * 3) as Uint16Array;
  return {
    ...frame,
    samples,
    width: 32,
    height: 64,
    samplesPerPixel: 3,
    whiteLevel: [16383, 16383, 16383],
    activeArea: { top: 0, left: 0, bottom: 64, right: 32 },
    maskedAreas: [],
    defaultCrop: { top: 0, left: 0, bottom: 64, right: 32 },
  };
};

const floats = (): RawFrame => {
  const frame = syntheticFrame();
  return { ...frame, samples: Float32Array.from(frame.samples), bitsPerSample: 32 };
};

const originals: readonly Uint8Array[] = [
  concatChunks(writeDng(syntheticFrame(), { compression: 'none' })),
  concatChunks(writeDng(syntheticFrame(), { compression: 'lossless-jpeg', tileSize: 32 })),
  concatChunks(
    writeDng(linear(), {
      compression: 'lossless-jpeg',
      tileSize: 16,
      previews: [{ width: 2, height: 2, format: 'rgb8', data: new Uint8Array(12) }],
    }),
  ),
  concatChunks(writeDng(floats(), { compression: 'none' })),
  concatChunks(writeDng(floats(), { compression: 'deflate', tileSize: 48 })),
];

/** How a reading ended. */
function outcome(bytes: Uint8Array): RawFrame | RawFileError {
  const start = performance.now();
  try {
    const frame = readRaw(bytes);
    expect(frame.samples.length).toBe(frame.width * frame.height * frame.samplesPerPixel);
    return frame;
  } catch (error) {
    if (error instanceof RawFileError) return error;
    throw error;
  } finally {
    expect(performance.now() - start).toBeLessThan(CASE_MS);
  }
}

describe('damaged DNGs', () => {
  it('cut at 200 places are errors that name the place', () => {
    for (const original of originals) {
      for (let i = 0; i < 200; i++) {
        // Padding after the last block is no loss, so the last places are before it.
        const length = Math.floor((i * (original.length - 4)) / 200);
        expect(outcome(original.subarray(0, length)), `cut at ${length}`).toBeInstanceOf(RawFileError);
      }
    }
  });

  it('mutated by a seeded fuzzer end in a frame or a RawFileError', () => {
    let frames = 0;
    for (let seed = 0; seed < CASES; seed++) {
      const damaged = mutate(originals[seed % originals.length], seed, 4096);
      try {
        if (!(outcome(damaged) instanceof RawFileError)) frames++;
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
    }
    // A run in which all survive, or none, has not tried the reader.
    expect(frames).toBeGreaterThan(CASES / 20);
    expect(frames).toBeLessThan(CASES - CASES / 20);
  }, 600_000);

  it('of which one segment is broken say where', () => {
    const original = originals[1];
    const frame = readRaw(original);
    expect(frame.width).toBe(96);
    const broken = original.slice();
    broken.fill(0xff, broken.length - 40);
    const error = outcome(broken);
    expect(error).toBeInstanceOf(RawFileError);
    expect((error as RawFileError).offset).toBeGreaterThan(0);
  });
});

describe('files that are no raw files', () => {
  const text = (content: string) => Uint8Array.from(content, (letter) => letter.charCodeAt(0));
  const cases: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['an empty file', new Uint8Array(0), /empty/],
    ['a JPEG', text('\xff\xd8\xff\xe0\0\x10JFIF'), /JPEG/],
    ['a PNG', text('\x89PNG\r\n\x1a\n\0\0\0\rIHDR'), /PNG/],
    ['a WebP', text('RIFF\x10\0\0\0WEBPVP8 '), /WebP/],
    ['a HEIC', text('\0\0\0\x18ftypheic\0\0\0\0'), /HEIC/],
  ];
  for (const [name, bytes, message] of cases) {
    it(`${name} is named as such, with a hint`, async () => {
      for (const read of [readRaw, openRaw, inspectRaw]) {
        const error = await (async () => read(bytes, { file: 'IMG_1.dng' }))().catch(
          (caught: unknown) => caught,
        );
        expect(error).toBeInstanceOf(RawFileError);
        expect((error as RawFileError).file).toBe('IMG_1.dng');
        expect((error as RawFileError).message).toMatch(message);
        expect((error as RawFileError).hint).toBeDefined();
      }
    });
  }

  it('bytes of an unknown maker end in a RawFileError from openRaw too', async () => {
    const noise = Uint8Array.from({ length: 4096 }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 24);
    await expect(openRaw(noise, { file: 'x.raw' })).rejects.toThrow(RawFileError);
    expect(() => readRaw(noise)).toThrow(RawFileError);
  }, 20_000);

  it('are left alone where the caller has aborted', async () => {
    const signal = AbortSignal.abort(new Error('stopped'));
    await expect(openRaw(originals[0], { signal })).rejects.toThrow('stopped');
  });
});
