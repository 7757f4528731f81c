import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTiff } from './readTiff.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'bench-tiff-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A TIFF of 2×2 pixels in two strips of one row, little endian; every field of type LONG. */
async function tiff(
  fields: Readonly<Record<number, readonly number[]>>,
  strips: readonly Uint8Array[],
): Promise<string> {
  const all: Record<number, readonly number[]> = { 256: [2], 257: [2], 277: [3], 278: [1], ...fields };
  all[273] = strips.map(() => 0);
  all[279] = strips.map((strip) => strip.length);
  const tags = Object.keys(all).map(Number);
  tags.sort((a, b) => a - b);
  let at = 8 + 2 + 12 * tags.length + 4;
  const place = new Map<number, number>();
  for (const tag of tags) {
    if (all[tag]!.length > 1) {
      place.set(tag, at);
      at += 4 * all[tag]!.length;
    }
  }
  const starts = strips.map((strip) => {
    const start = at;
    at += strip.length;
    return start;
  });
  all[273] = starts;
  const bytes = new Uint8Array(at);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x002a4949, true);
  view.setUint32(4, 8, true);
  view.setUint16(8, tags.length, true);
  tags.forEach((tag, i) => {
    const entry = 10 + 12 * i;
    view.setUint16(entry, tag, true);
    view.setUint16(entry + 2, 4, true);
    view.setUint32(entry + 4, all[tag]!.length, true);
    const far = place.get(tag);
    if (far === undefined) view.setUint32(entry + 8, all[tag]![0]!, true);
    else {
      view.setUint32(entry + 8, far, true);
      all[tag]!.forEach((value, k) => {
        view.setUint32(far + 4 * k, value, true);
      });
    }
  });
  strips.forEach((strip, i) => {
    bytes.set(strip, starts[i]!);
  });
  const file = path.join(folder, `${tags.length}-${at}.tif`);
  await writeFile(file, bytes);
  return file;
}

const rows16 = [
  Uint16Array.of(0, 13107, 26214, 39321, 52428, 65535),
  Uint16Array.of(65535, 0, 0, 0, 65535, 0),
];
const bytesOf = (array: ArrayBufferView) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

describe('readTiff', () => {
  it('scales 16-bit integers to [0, 1]', async () => {
    const { width, height, data } = await readTiff(await tiff({ 258: [16, 16, 16] }, rows16.map(bytesOf)));
    expect([width, height]).toEqual([2, 2]);
    const expected = [0, 0.2, 0.4, 0.6, 0.8, 1, 1, 0, 0, 0, 1, 0].map(Math.fround);
    expect([...data]).toEqual(expected);
  });

  it('hands floats out as they are, deflated or not', async () => {
    const rows = [Float32Array.of(-0.5, 0, 1, 2, 3, 1e-8), Float32Array.of(7, 8, 9, 10, 11, 12)];
    const fields = { 258: [32, 32, 32], 339: [3, 3, 3] };
    const plain = await readTiff(await tiff(fields, rows.map(bytesOf)));
    expect([...plain.data]).toEqual([...rows[0]!, ...rows[1]!]);
    const packed = await readTiff(
      await tiff(
        { ...fields, 259: [8] },
        rows.map((row) => deflateSync(bytesOf(row))),
      ),
    );
    expect(packed.data).toEqual(plain.data);
  });

  it('undoes horizontal differences, as libvips writes them', async () => {
    const picture = Uint16Array.from({ length: 5 * 4 * 3 }, (_, i) => (i * 40503) & 65535);
    const file = path.join(folder, 'horizontal.tif');
    await sharp(picture, { raw: { width: 5, height: 4, channels: 3 } })
      .toColourspace('rgb16')
      .tiff({ compression: 'deflate', predictor: 'horizontal' })
      .toFile(file);
    const { data } = await readTiff(file);
    expect(Array.from(data, (v) => Math.round(v * 65535))).toEqual([...picture]);
  });

  it('undoes the floating point predictor', async () => {
    const rows = [Float32Array.of(0.1, 0.2, 0.3, 0.11, 0.21, -7), Float32Array.of(1, 2, 4, 1.5, 2.5, 1e-8)];
    // The definition of Adobe's technical note 3: the bytes of a row by significance, then differences of three apart.
    const predicted = rows.map((row) => {
      const bytes = bytesOf(row);
      const planes = Uint8Array.from({ length: 24 }, (_, i) => bytes[(i % 6) * 4 + 3 - Math.floor(i / 6)]!);
      return planes.map((byte, i) => (i < 3 ? byte : byte - planes[i - 3]!));
    });
    const file = await tiff(
      { 258: [32, 32, 32], 259: [8], 317: [3], 339: [3, 3, 3] },
      predicted.map((row) => deflateSync(row)),
    );
    expect([...(await readTiff(file)).data]).toEqual([...rows[0]!, ...rows[1]!]);
  });

  it('leaves a fourth sample out', async () => {
    const rgba = [Uint16Array.of(1, 2, 3, 9, 4, 5, 6, 9), Uint16Array.of(7, 8, 9, 9, 10, 11, 12, 9)];
    const { data } = await readTiff(await tiff({ 258: [16, 16, 16, 16], 277: [4] }, rgba.map(bytesOf)));
    expect(Array.from(data, (v) => Math.round(v * 65535))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it('names what it cannot read', async () => {
    await expect(readTiff(await tiff({ 258: [16, 16, 16], 317: [3] }, rows16.map(bytesOf)))).rejects.toThrow(
      /predictor/,
    );
    await expect(readTiff(await tiff({ 258: [16, 16, 16], 259: [5] }, rows16.map(bytesOf)))).rejects.toThrow(
      /compression 5/,
    );
    const short = [bytesOf(rows16[0]!), bytesOf(rows16[1]!).subarray(0, 6)];
    await expect(readTiff(await tiff({ 258: [16, 16, 16] }, short))).rejects.toThrow(/too short/);
  });
});
