import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { concatChunks } from '@photosite/tiff';
import { describe, expect, it } from 'vitest';
import { writeDng } from './dng/write.js';
import { inspectRaw, openRaw, readRaw } from './open.js';
import { RawFileError } from './RawFileError.js';
import type { RawFrame } from './RawFrame.js';

const data = process.env.PHOTOSITE_DATA ?? '';
const rawFolder = path.join(data, 'raw');
const hasData = data !== '' && existsSync(rawFolder);
const files = (folder: string, extension: RegExp) =>
  hasData ? readdirSync(folder).filter((name) => extension.test(name)) : [];
const load = (name: string) => readFileSync(path.join(rawFolder, name));

if (!hasData) console.log('Real raw files: skipped, PHOTOSITE_DATA names no folder with them');

/** Equality of large arrays, which the matcher would compare one by one for minutes. */
function expectSameSamples(actual: RawFrame['samples'], expected: RawFrame['samples']): void {
  expect(actual.constructor).toBe(expected.constructor);
  expect(Buffer.compare(asBuffer(actual), asBuffer(expected))).toBe(0);
}

function asBuffer({ buffer, byteOffset, byteLength }: RawFrame['samples']): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** The samples of a binary PGM, 16 bit big-endian. */
function readPgm(bytes: Uint8Array): Uint16Array {
  const header = /^P5\s+(\d+)\s+(\d+)\s+(\d+)\s/.exec(String.fromCharCode(...bytes.subarray(0, 64)));
  if (header === null) throw new Error('not a PGM');
  const count = Number(header[1]) * Number(header[2]);
  const view = new DataView(bytes.buffer, bytes.byteOffset + header[0].length);
  return Uint16Array.from({ length: count }, (_, i) => view.getUint16(2 * i));
}

describe.skipIf(!hasData)('real files', () => {
  for (const name of files(rawFolder, /\.dng$/)) {
    it(`reads ${name} whole, and the same again after our writer's lossless JPEG`, async () => {
      const bytes = load(name);
      const frame = readRaw(bytes, { file: name });
      const { metadata, plan } = await inspectRaw(bytes);
      const { samples, ...rest } = frame;
      expect(metadata).toEqual(rest);
      expect(samples.length).toBe(frame.width * frame.height * frame.samplesPerPixel);
      expect(plan?.offsets.length).toBeGreaterThan(0);
      if (existsSync(path.join(rawFolder, `${name}.pgm`))) {
        expectSameSamples(samples, readPgm(load(`${name}.pgm`)));
      }
      const copy = readRaw(concatChunks(writeDng(frame, { previews: frame.previews })));
      expectSameSamples(copy.samples, samples);
      // The tag is one that the writer must write; the Exif stream takes the copy's order of tags.
      const { samples: _, exif: __, uniqueCameraModel: ___, ...copied } = copy;
      const { exif: ____, uniqueCameraModel: _____, ...expected } = rest;
      expect(copied).toEqual(expected);
    }, 30_000);
  }

  it('reads what GOPR8508 says of itself', () => {
    const frame = readRaw(load('GOPR8508.dng'));
    expect(frame).toMatchObject({
      width: 4000,
      height: 3000,
      orientation: 2,
      make: 'GoPro',
      whiteLevel: [16383],
      cfa: { kind: 'bayer', pattern: [0, 1, 1, 2] },
      exposure: { exposureTime: 1 / 240, iso: 267, fNumber: 2.8, focalLengthMm: 3 },
      asShotNeutral: [0.576577, 1, 0.486692],
    });
    expect(frame.color.calibrations.map(({ illuminant }) => illuminant)).toEqual([3, 23]);
    expect(frame.opcodes.list2.map(({ kind }) => kind)).toEqual(['GainMap', 'GainMap', 'GainMap', 'GainMap']);
    expect(frame.noiseProfile?.[0].scale).toBeCloseTo(0.000417055358411744, 15);
  });

  it('reads a lossy LinearRaw with its previews, profile tables and opcodes', () => {
    const frame = readRaw(load('photoprism-canon_eos_6d-lossy-linear.dng'));
    expect(frame.samplesPerPixel).toBe(3);
    expect(frame.cfa).toBeUndefined();
    expect(frame.previews.map(({ width, height }) => [width, height])).toEqual([
      [256, 171],
      [1024, 683],
    ]);
    expect(frame.color.calibrations[0].hueSatMap).toMatchObject({ hueDivisions: 90, satDivisions: 30 });
    expect(frame.color.lookTable).toMatchObject({ hueDivisions: 36, satDivisions: 8, valDivisions: 16 });
    expect(frame.opcodes.list2.map(({ kind }) => kind)).toEqual(new Array(3).fill('MapPolynomial'));
  });

  it("opens other makers' files with LibRaw, and their Exif where they are TIFF streams", async () => {
    const canon = await openRaw(load('PowerShotG2-CRW_0304.CRW'));
    expect(canon).toMatchObject({ make: 'Canon', cfa: { kind: 'bayer' } });
    const kodak = await openRaw(load('DC50-DC0008L.KDC'));
    expect(kodak.exposure.exposureTime).toBeCloseTo(0.02328, 5);
  }, 30_000);

  it('refuses a JPEG by its content, and names the file', async () => {
    await expect(openRaw(load('GOPR8508.JPG'), { file: 'GOPR8508.dng' })).rejects.toThrow(
      /^GOPR8508\.dng: this is a JPEG picture/,
    );
  });
});

const malformedFolder = path.join(data, 'malformed');
const malformed =
  hasData && existsSync(malformedFolder)
    ? readdirSync(malformedFolder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name))
    : [];

describe.skipIf(malformed.length === 0)('malformed files of others', () => {
  it('end in a frame or a RawFileError, each in bounded time', () => {
    for (const file of malformed) {
      const start = performance.now();
      try {
        readRaw(readFileSync(file), { file });
      } catch (error) {
        expect(error, file).toBeInstanceOf(RawFileError);
      }
      expect(performance.now() - start, file).toBeLessThan(10_000);
    }
  }, 60_000);
});
