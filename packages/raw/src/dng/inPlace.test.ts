import { describe, expect, it } from 'vitest';
import { openRaw, readRaw } from '../open.js';
import { RawFileError } from '../RawFileError.js';
import { type MinimalLayout, minimalDng } from '../testing/minimalDng.js';

const WIDTH = 12;
const HEIGHT = 10;
const ROW_BYTES = WIDTH * 2;
const stored = Uint8Array.from({ length: HEIGHT * ROW_BYTES }, (_, i) => (i * 37) & 0xff);
const strips = (rows: number): Uint8Array[] =>
  Array.from({ length: Math.ceil(HEIGHT / rows) }, (_, i) =>
    stored.subarray(i * rows * ROW_BYTES, (i + 1) * rows * ROW_BYTES),
  );
const fileOf = (layout: Partial<MinimalLayout> = {}, rows = HEIGHT): Uint8Array =>
  minimalDng({ width: WIDTH, height: HEIGHT, rowsPerStrip: rows, ...layout }, strips(rows));

describe('samples in place', () => {
  it('are a view of the file where they lie in it as in memory, and the same as decoded ones', async () => {
    const file = fileOf();
    const { samples } = await openRaw(file, { inPlace: true });
    expect(samples.buffer).toBe(file.buffer);
    expect(samples).toEqual(readRaw(file).samples);
  });

  it('can be those of strips that follow one another', async () => {
    const file = fileOf({}, 4);
    const { samples } = await openRaw(file, { inPlace: true });
    expect(samples.buffer).toBe(file.buffer);
    expect(samples).toEqual(readRaw(file).samples);
  });

  it('are decoded where the file has another byte order, odd offsets or other bits', async () => {
    const odd = new Uint8Array(fileOf().length + 1);
    odd.set(fileOf(), 1);
    const bytes = { width: WIDTH, height: HEIGHT * 2, bits: 8 };
    for (const file of [fileOf({ littleEndian: false }), odd.subarray(1), minimalDng(bytes, [stored])]) {
      const { samples } = await openRaw(file, { inPlace: true });
      expect(samples.buffer).not.toBe(file.buffer);
      expect(samples).toEqual(readRaw(file).samples);
    }
  });

  it('are left to nobody who does not ask for it, and never reach beyond a file that was cut off', async () => {
    const file = fileOf();
    expect((await openRaw(file)).samples.buffer).not.toBe(file.buffer);
    await expect(openRaw(file.slice(0, -2), { inPlace: true })).rejects.toThrow(RawFileError);
  });
});
