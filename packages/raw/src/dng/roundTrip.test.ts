import { concatChunks, GpsTag, readTiff, Tag, type TiffField, textField, writeTiff } from '@photosite/tiff';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRaw } from '../open.js';
import type { Area, ColorCalibration, HueSatMap, Matrix3, Orientation, RawFrame } from '../RawFrame.js';
import { syntheticFrame } from '../testing/syntheticFrame.js';
import { makeCfa } from './frameTags.js';
import { type DngWriteOptions, writeDng } from './write.js';

const roundTrip = (frame: RawFrame, options: DngWriteOptions): RawFrame =>
  readRaw(concatChunks(writeDng(frame, options)));

/** Decimals as cameras write them, which a rational holds exactly. */
const decimal = (min: number, max: number) =>
  fc.integer({ min: Math.round(min * 10000), max: Math.round(max * 10000) }).map((n) => n / 10000);
const matrix = fc.array(decimal(-2, 2), { minLength: 9, maxLength: 9 }).map((m) => m as unknown as Matrix3);
const text = fc
  .string({ minLength: 1, maxLength: 20, unit: 'grapheme' })
  .filter((t) => t.trim() === t && !t.includes('\0'));

const hueSatMap = (encoding: HueSatMap['encoding']): fc.Arbitrary<HueSatMap> =>
  fc
    .float32Array({
      minLength: 2 * 3 * 2 * 3,
      maxLength: 2 * 3 * 2 * 3,
      noNaN: true,
      noDefaultInfinity: true,
    })
    .map((data) => ({ hueDivisions: 3, satDivisions: 2, valDivisions: 2, encoding, data }));

const calibrations: fc.Arbitrary<ColorCalibration[]> = fc
  .tuple(fc.integer({ min: 0, max: 3 }), fc.boolean(), fc.constantFrom('linear' as const, 'srgb' as const))
  .chain(([count, withMap, encoding]) =>
    fc.array(
      fc.record(
        {
          illuminant: fc.constantFrom(17, 20, 21, 23),
          colorMatrix: matrix,
          ...(withMap && { hueSatMap: hueSatMap(encoding) }),
          forwardMatrix: matrix,
          cameraCalibration: matrix,
        },
        { requiredKeys: ['illuminant', 'colorMatrix', ...(withMap ? (['hueSatMap'] as const) : [])] },
      ),
      { minLength: count, maxLength: count },
    ),
  )
  .map((list) => list as ColorCalibration[]);

const cfas = [
  makeCfa(2, 2, [0, 1, 1, 2]),
  makeCfa(2, 2, [2, 1, 1, 0]),
  makeCfa(2, 2, [1, 0, 2, 1]),
  makeCfa(2, 2, [1, 2, 0, 1]),
  makeCfa(4, 4, [0, 0, 1, 1, 0, 0, 1, 1, 1, 1, 2, 2, 1, 1, 2, 2]),
  makeCfa(
    6,
    6,
    [
      1, 1, 0, 1, 1, 2, 1, 1, 2, 1, 1, 0, 2, 0, 1, 0, 2, 1, 1, 1, 2, 1, 1, 0, 1, 1, 0, 1, 1, 2, 0, 2, 1, 2, 0,
      1,
    ],
  ),
];

const area = (width: number, height: number): fc.Arbitrary<Area> =>
  fc
    .tuple(fc.nat(height - 1), fc.nat(height - 1), fc.nat(width - 1), fc.nat(width - 1))
    .map(([a, b, c, d]) => ({
      top: Math.min(a, b),
      bottom: Math.max(a, b) + 1,
      left: Math.min(c, d),
      right: Math.max(c, d) + 1,
    }));

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

/** Leaves out what is undefined, as the contract has it. */
const defined = <T extends object>(object: T): T =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;

const frames: fc.Arbitrary<RawFrame> = fc
  .record({
    width: fc.integer({ min: 3, max: 70 }),
    height: fc.integer({ min: 3, max: 50 }),
    planes: fc.constantFrom(1, 1, 3),
    float: fc.boolean(),
    bits: fc.integer({ min: 8, max: 16 }),
    seed: fc.nat(),
  })
  .chain(({ width, height, planes, float, bits, seed }) =>
    area(width, height).chain((activeArea) => {
      const [activeWidth, activeHeight] = [
        activeArea.right - activeArea.left,
        activeArea.bottom - activeArea.top,
      ];
      const count = width * height * planes;
      const integers = Uint16Array.from(
        { length: count },
        (_, i) => Math.imul(i + seed, 0x9e3779b1) >>> (32 - bits),
      );
      const deltas = (length: number) =>
        fc
          .array(fc.integer({ min: -1000, max: 1000 }), { minLength: length, maxLength: length })
          .map((values) => Float32Array.from(values, (value) => value / 64));
      return fc
        .record({
          cfa: planes === 1 ? fc.constantFrom(...cfas) : fc.constant(undefined),
          linearization: optional(fc.uint16Array({ minLength: 1, maxLength: 40 })),
          blackLevel: optional(
            fc
              .record({
                repeatRows: fc.integer({ min: 1, max: 3 }),
                repeatCols: fc.integer({ min: 1, max: 3 }),
                deltaH: optional(deltas(activeWidth)),
                deltaV: optional(deltas(activeHeight)),
                black: fc.array(decimal(0, float ? 0.5 : 99), { minLength: 27, maxLength: 27 }),
              })
              .map(({ black, ...rest }) =>
                defined({ ...rest, values: black.slice(0, rest.repeatRows * rest.repeatCols * planes) }),
              ),
          ),
          whiteLevel: fc.constant(new Array<number>(planes).fill(float ? 1 : 2 ** bits - 1)),
          maskedAreas: fc.array(area(width, height), { maxLength: 2 }),
          defaultCrop: area(activeWidth, activeHeight),
          defaultScale: fc.constantFrom([1, 1] as const, [1, 0.5] as const),
          defaultUserCrop: optional(fc.constant([0.1, 0.2, 0.9, 0.8] as const)),
          orientation: fc.integer({ min: 1, max: 8 }).map((value) => value as Orientation),
          asShotNeutral: optional(fc.array(decimal(0.01, 3), { minLength: 3, maxLength: 3 })),
          baselineExposure: optional(decimal(-3, 3)),
          baselineSharpness: optional(decimal(0.1, 3)),
          linearResponseLimit: optional(decimal(0, 1)),
          noiseProfile: optional(
            fc.array(
              fc.record({
                scale: fc.double({ min: 1e-9, max: 1, noNaN: true }),
                offset: fc.double({ min: 0, max: 1, noNaN: true }),
              }),
              {
                minLength: planes,
                maxLength: planes,
              },
            ),
          ),
          color: fc
            .record({
              calibrations,
              name: optional(text),
              copyright: optional(text),
              analogBalance: optional(fc.array(decimal(0.1, 4), { minLength: 3, maxLength: 3 })),
              lookTable: optional(hueSatMap('srgb')),
              toneCurve: fc.constantFrom(undefined, Float32Array.of(0, 0, 0.5, 0.6, 1, 1)),
              baselineExposureOffset: optional(decimal(-2, 2)),
              defaultBlackRender: optional(fc.constantFrom(0, 1)),
            })
            .map(defined),
          exposure: fc
            .record({
              exposureTime: optional(fc.constantFrom(1 / 8000, 1 / 60, 0.5, 30)),
              iso: optional(fc.constantFrom(50, 267, 6400, 102400)),
              fNumber: optional(fc.constantFrom(0.95, 1.8, 22)),
              focalLengthMm: optional(fc.constantFrom(4.25, 50)),
              focalLength35mm: optional(fc.integer({ min: 1, max: 2000 })),
              subjectDistanceM: optional(fc.constantFrom(0.3, 12, Number.POSITIVE_INFINITY)),
              exposureBias: optional(fc.constantFrom(0, -1 / 3, 2)),
            })
            .map(defined),
          opcodes: fc.constantFrom({ list1: [], list2: [], list3: [] }, syntheticFrame().opcodes),
          make: optional(text),
          model: optional(text),
          uniqueCameraModel: text,
          lens: optional(text),
          software: optional(text),
          time: fc.constantFrom(undefined, '2026-01-02T03:04:05', '2026-01-02T03:04:05.678+09:30'),
          xmp: optional(fc.uint8Array({ minLength: 1, maxLength: 30 })),
        })
        .map((rest) =>
          defined({
            samples: float ? Float32Array.from(integers, (value) => value / 65536) : integers,
            width,
            height,
            samplesPerPixel: planes,
            bitsPerSample: float ? 32 : bits,
            activeArea,
            previews: [],
            ...rest,
          } as RawFrame),
        );
    }),
  );

describe('writing and reading a DNG', () => {
  it('gives back every sample and every tag, CFA and LinearRaw, integers and floats, with and without compression', () => {
    fc.assert(
      fc.property(frames, fc.boolean(), fc.constantFrom(16, 32, 256), (frame, uncompressed, tileSize) => {
        const float = frame.samples instanceof Float32Array;
        const options: DngWriteOptions = uncompressed ? { compression: 'none' } : { tileSize };
        const { exif: _, ...read } = roundTrip(frame, options);
        // Uncompressed integers are stored in 16 bits, and say so.
        const bitsPerSample = !float && uncompressed ? 16 : frame.bitsPerSample;
        expect(read).toEqual({ ...frame, bitsPerSample });
      }),
      { numRuns: 200 },
    );
  }, 60_000);

  it('changes nothing when a read frame is written and read again, Exif included', () => {
    const once = roundTrip(syntheticFrame(), {});
    expect(once.exif).toBeDefined();
    const twice = roundTrip(once, {});
    expect(twice).toEqual(once);
  });

  it('carries Exif over value for value, GPS and maker notes whose offsets are their own included', () => {
    const entry = (tag: number, type: TiffField['type'], values: number[]): TiffField => ({
      tag,
      type,
      values,
    });
    const makerNote = (start: string) =>
      entry(Tag.MakerNote, 'undefined', [...Buffer.from(start), 1, 2, 3, 4]);
    const gps = [entry(GpsTag.GPSLatitude, 'rational', [33, 1, 7, 1, 3609, 100])];
    const carry = (exif: TiffField[]) => {
      const children = [
        { tag: Tag.ExifIFD, directories: [{ fields: exif }] },
        { tag: Tag.GPSIFD, directories: [{ fields: gps }] },
      ];
      const bytes = concatChunks(
        writeTiff([{ fields: [textField(Tag.Artist, 'Ansel')], children }], { littleEndian: false }),
      );
      return readTiff(roundTrip({ ...syntheticFrame(), exif: bytes }, {}).exif as Uint8Array).ifds[0];
    };
    const ifd0 = carry([entry(Tag.ExposureTime, 'rational', [10, 600]), makerNote('Apple iOS\0')]);
    expect(ifd0.text(Tag.Artist)).toBe('Ansel');
    expect(ifd0.text(Tag.Make)).toBe('Photosite');
    expect(ifd0.child(Tag.GPSIFD)?.entry(GpsTag.GPSLatitude)?.rationals()).toEqual([
      [33, 1],
      [7, 1],
      [3609, 100],
    ]);
    const exif = ifd0.child(Tag.ExifIFD);
    expect(exif?.entry(Tag.ExposureTime)?.rationals()).toEqual([[10, 600]]);
    expect(exif?.has(Tag.MakerNote)).toBe(true);
    expect(
      carry([makerNote('Canon')])
        .child(Tag.ExifIFD)
        ?.has(Tag.MakerNote),
    ).toBe(false);
  });

  it('has previews in IFD0 and SubIFDs, and the raw picture is still found', () => {
    const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xd9);
    const previews = [
      { width: 4, height: 2, format: 'rgb8' as const, data: new Uint8Array(24).fill(7) },
      { width: 8, height: 8, format: 'jpeg' as const, data: jpeg },
    ];
    const frame = syntheticFrame();
    const read = roundTrip(frame, { previews });
    expect(read.samples).toEqual(frame.samples);
    expect(read.previews).toEqual(previews);
  });

  it('writes uncompressed samples without copying them', () => {
    const frame = syntheticFrame();
    const { chunks } = writeDng(frame, { compression: 'none' });
    expect(chunks.some((chunk) => chunk.buffer === frame.samples.buffer)).toBe(true);
  });

  it('refuses a frame that contradicts itself, and floats as lossless JPEG', () => {
    const frame = syntheticFrame();
    expect(() => writeDng({ ...frame, width: 95 })).toThrow(RangeError);
    expect(() => writeDng(frame, { tileSize: 100 })).toThrow(RangeError);
    const floats = { ...frame, samples: Float32Array.from(frame.samples) };
    expect(() => writeDng(floats, { compression: 'lossless-jpeg' })).toThrow(RangeError);
  });
});
