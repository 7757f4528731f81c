import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import start, { type Vips } from 'wasm-vips';
import { RawFileError } from '../RawFileError.js';
import { decodeBaselineJpeg } from './baseline-jpeg.js';

const dataFolder = process.env.PHOTOSITE_DATA;
const lossyDng = dataFolder && join(dataFolder, 'raw/photoprism-canon_eos_6d-lossy-linear.dng');
/** Where its lossy tiles begin. */
const LOSSY_TILES = [203486, 245646, 283954, 310804, 341774, 388546];

let vips: Vips;
beforeAll(async () => {
  vips = await start({ dynamicLibraries: [] });
});
afterAll(() => vips.shutdown());

/** A picture with edges and noise. */
function picture(width: number, height: number, components: number): Uint8Array {
  return Uint8Array.from({ length: width * height * components }, (_, i) => {
    const pixel = Math.floor(i / components);
    const x = pixel % width;
    const y = Math.floor(pixel / width);
    return (x * 3 + y * 5 * (i % components) + ((i * 2654435761) >>> 28) + (x > y ? 90 : 0)) & 255;
  });
}

function encode(width: number, height: number, components: number, options: object): Uint8Array {
  return vips.Image.newFromMemory(picture(width, height, components), width, height, components, 'uchar')
    .copy({ interpretation: components === 1 ? 'b-w' : 'srgb' })
    .jpegsaveBuffer({ Q: 85, subsample_mode: 'off', ...options });
}

/** A 12-bit picture of one block with a DC coefficient alone. */
function flat12(): Uint8Array {
  const ones = new Array<number>(64).fill(1);
  // DC category 11 has the code 0, AC end of block the code 0.
  return Uint8Array.from([
    ...[0xff, 0xd8, 0xff, 0xdb, 0, 67, 0, ...ones],
    ...[0xff, 0xc1, 0, 11, 12, 0, 8, 0, 8, 1, 1, 0x11, 0],
    ...[0xff, 0xc4, 0, 20, 0x00, 1, ...new Array<number>(15).fill(0), 11],
    ...[0xff, 0xc4, 0, 20, 0x10, 1, ...new Array<number>(15).fill(0), 0],
    ...[0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0],
    // 0, then 1600 in 11 bits, then 0, filled with ones: 0 11001000000 0 111
    ...[0b01100100, 0b00000111, 0xff, 0xd9],
  ]);
}

describe('sequential DCT JPEG', () => {
  it.each([
    ['three components', 3, {}],
    ['one component', 1, {}],
    ['restart markers', 3, { restart_interval: 3 }],
    ['coarse quantization', 3, { Q: 20, optimize_coding: true }],
  ])('decodes %s to the very samples of libjpeg-turbo', (_, components, options) => {
    for (const [width, height] of [
      [64, 48],
      [61, 37],
      [1, 1],
    ]) {
      const bytes = encode(width, height, components, options);
      const decoded = decodeBaselineJpeg(bytes);
      expect([decoded.width, decoded.height, decoded.components]).toEqual([width, height, components]);
      expect(decoded.samples).toEqual(Uint16Array.from(vips.Image.newFromBuffer(bytes).writeToMemory()));
    }
  });

  it('repeats subsampled chroma', () => {
    const bytes = encode(32, 32, 3, { subsample_mode: 'on' });
    const { samples } = decodeBaselineJpeg(bytes, { colorTransform: false });
    for (let y = 0; y < 32; y += 2) {
      for (let x = 0; x < 32; x += 2) {
        const at = (y * 32 + x) * 3;
        for (const other of [at + 3, at + 32 * 3, at + 33 * 3]) {
          expect(samples.slice(other + 1, other + 3)).toEqual(samples.slice(at + 1, at + 3));
        }
      }
    }
  });

  it('decodes 12-bit samples', () => {
    // A DC coefficient of 1600 raises every sample by 1600 / 8 above 2048.
    expect(decodeBaselineJpeg(flat12())).toMatchObject({ bits: 12, width: 8, height: 8, components: 1 });
    expect(new Set(decodeBaselineJpeg(flat12()).samples)).toEqual(new Set([2248]));
  });

  it('puts a tile in its place, cut at the picture', () => {
    const bytes = encode(16, 16, 1, {});
    const whole = decodeBaselineJpeg(bytes).samples;
    const samples = new Uint16Array(20 * 12);
    decodeBaselineJpeg(bytes, {
      target: { samples, offset: 20 + 5, stride: 20, rowLength: 16, columns: 15, rows: 11 },
    });
    for (let y = 0; y < 11; y++) {
      const from = 20 + 5 + y * 20;
      expect(samples.subarray(from, from + 15)).toEqual(whole.subarray(y * 16, y * 16 + 15));
      expect(samples[from - 1]).toBe(0);
    }
  });

  it('refuses progressive pictures by name', () => {
    expect(() => decodeBaselineJpeg(encode(32, 32, 3, { interlace: true }))).toThrow(/SOF2/);
  });

  it('ends in a RawFileError at every truncation', () => {
    const bytes = encode(32, 32, 3, { restart_interval: 4 });
    for (let length = 0; length < bytes.length - 2; length++) {
      expect(() => decodeBaselineJpeg(bytes.subarray(0, length))).toThrow(RawFileError);
    }
  });

  it('ends in samples or a RawFileError for any damage', () => {
    const good = encode(40, 24, 3, { restart_interval: 4 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        (damage) => {
          const bytes = good.slice();
          for (const [at, value] of damage) bytes[at] = value;
          try {
            const { width, height, components, samples } = decodeBaselineJpeg(bytes);
            expect(samples.length).toBe(width * height * components);
          } catch (error) {
            expect(error).toBeInstanceOf(RawFileError);
          }
        },
      ),
      { numRuns: 1500 },
    );
  });

  it.skipIf(!lossyDng || !existsSync(lossyDng))(
    "decodes the tiles of Adobe's lossy DNG to the very samples of libjpeg-turbo (PHOTOSITE_DATA)",
    () => {
      const file = new Uint8Array(readFileSync(lossyDng as string));
      for (const offset of LOSSY_TILES) {
        const bytes = file.subarray(offset);
        const decoded = decodeBaselineJpeg(bytes);
        expect(decoded).toMatchObject({ width: 416, height: 416, components: 3, colorTransformed: true });
        const expected = vips.Image.newFromBuffer(bytes).writeToMemory();
        expect(decoded.samples.length).toBe(expected.length);
        expect(decoded.samples.findIndex((value, i) => value !== expected[i])).toBe(-1);
      }
    },
  );
});
