import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RawFileError } from '../RawFileError.js';
import { openWithLibRaw } from './open.js';

const dataFolder = process.env.PHOTOSITE_DATA;
const crw = dataFolder && join(dataFolder, 'raw/PowerShotG2-CRW_0304.CRW');
const kdc = dataFolder && join(dataFolder, 'raw/DC50-DC0008L.KDC');
const absent = (file: string | undefined) => !file || !existsSync(file);
const read = (file: string | undefined) => new Uint8Array(readFileSync(file as string));

/** FNV-1a over the samples' low and high bytes. */
function checksum(samples: Uint16Array | Float32Array): string {
  let hash = 0x811c9dc5;
  for (const sample of samples) {
    hash = Math.imul(hash ^ (sample & 255), 0x01000193);
    hash = Math.imul(hash ^ (sample >> 8), 0x01000193);
  }
  return (hash >>> 0).toString(16);
}

describe("other makers' files", () => {
  it('ends in a RawFileError that names the file for what is no raw file', async () => {
    const noise = Uint8Array.from({ length: 3000 }, (_, i) => (i * 2654435761) >>> 24);
    for (const bytes of [new Uint8Array(0), new Uint8Array(100), noise]) {
      const error: unknown = await openWithLibRaw(bytes, { file: 'x.nef' }).catch((cause: unknown) => cause);
      expect(error).toBeInstanceOf(RawFileError);
      expect((error as RawFileError).message).toMatch(/^x\.nef: /);
    }
  });

  it('ends in a RawFileError when the time is up', async () => {
    await expect(openWithLibRaw(new Uint8Array(100), { timeoutMs: 0 })).rejects.toThrow(/too long/);
  });

  it('stops when it is told to', async () => {
    await expect(openWithLibRaw(new Uint8Array(100), { signal: AbortSignal.abort() })).rejects.toThrow(
      expect.objectContaining({ name: 'AbortError' }),
    );
    const controller = new AbortController();
    const opened = openWithLibRaw(new Uint8Array(100), { signal: controller.signal });
    controller.abort();
    await expect(opened).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
  });

  it.skipIf(absent(crw))('reads a CRW: mosaic, borders, levels, colour (PHOTOSITE_DATA)', async () => {
    const bytes = read(crw);
    const frame = await openWithLibRaw(bytes);
    expect(frame).toMatchObject({
      width: 2376,
      height: 1728,
      samplesPerPixel: 1,
      cfa: { width: 2, height: 2, pattern: [0, 1, 1, 2], kind: 'bayer' },
      blackLevel: { values: [32] },
      whiteLevel: [1023],
      activeArea: { top: 6, left: 12, bottom: 1726, right: 2324 },
      defaultCrop: { top: 8, left: 20, bottom: 1712, right: 2292 },
      orientation: 1,
      make: 'Canon',
      model: 'PowerShot G2',
      exposure: { iso: 50, fNumber: 4, focalLengthMm: 7 },
    });
    // LibRaw's `unprocessed_raw` gives this mosaic.
    expect(checksum(frame.samples)).toBe('24c140c3');
    const [{ illuminant, colorMatrix }] = frame.color.calibrations;
    expect(illuminant).toBe(21);
    // The matrix of Adobe's converter for the PowerShot G2, in ten-thousandths.
    expect(colorMatrix?.map((value) => Math.round(value * 1e4))).toEqual([
      9194, -2787, -1059, -8098, 15657, 2608, -2610, 3064, 7867,
    ]);
    // The caller keeps the bytes: they are not transferred to the worker.
    expect(bytes.length).toBe(2752042);
  });

  it.skipIf(absent(kdc))('reads a KDC without a matrix of its own (PHOTOSITE_DATA)', async () => {
    const frame = await openWithLibRaw(read(kdc));
    expect(frame).toMatchObject({
      width: 768,
      height: 512,
      cfa: { width: 2, height: 2, pattern: [1, 0, 2, 1], kind: 'bayer' },
      whiteLevel: [16383],
      bitsPerSample: 14,
      make: 'Kodak',
      model: 'DC50',
      asShotNeutral: [1, 1, 1],
    });
    // Under D65 a neutral's camera RGB is the as-shot neutral.
    const matrix = frame.color.calibrations[0].colorMatrix ?? [];
    for (let row = 0; row < 3; row++) {
      const [x, y, z] = matrix.slice(3 * row, 3 * row + 3);
      // XYZ of D65 to four places: the matrix to sRGB has as many.
      expect(0.9505 * x + y + 1.089 * z).toBeCloseTo(1, 3);
    }
  });

  it.skipIf(absent(kdc))('finds truncated files, which LibRaw itself accepts (PHOTOSITE_DATA)', async () => {
    for (const file of [crw, kdc]) {
      const bytes = read(file);
      for (const share of [0.01, 0.5, 0.9, 0.99]) {
        const cut = bytes.subarray(0, Math.floor(bytes.length * share));
        await expect(openWithLibRaw(cut)).rejects.toBeInstanceOf(RawFileError);
      }
    }
  });
});
