import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  concatChunks,
  copyField,
  MAX_NESTING,
  rationalField,
  readTiff,
  Tag,
  type TiffDirectory,
  TiffError,
  type TiffField,
  TiffType,
  textField,
  type WritableTiffType,
  writeTiff,
} from './index.js';

const long = (tag: number, ...values: number[]): TiffField => ({ tag, type: 'long', values });
const write = (directories: TiffDirectory[], littleEndian = true) =>
  concatChunks(writeTiff(directories, { littleEndian }));

const RANGES: Record<WritableTiffType, fc.Arbitrary<number>> = {
  byte: fc.integer({ min: 0, max: 255 }),
  ascii: fc.integer({ min: 0, max: 255 }),
  undefined: fc.integer({ min: 0, max: 255 }),
  short: fc.integer({ min: 0, max: 65535 }),
  long: fc.integer({ min: 0, max: 0xffffffff }),
  rational: fc.integer({ min: 0, max: 0xffffffff }),
  sbyte: fc.integer({ min: -128, max: 127 }),
  sshort: fc.integer({ min: -32768, max: 32767 }),
  slong: fc.integer({ min: -0x80000000, max: 0x7fffffff }),
  srational: fc.integer({ min: -0x80000000, max: 0x7fffffff }),
  float: fc.float({ noNaN: true }),
  double: fc.double({ noNaN: true }),
};

const field = (tag: number): fc.Arbitrary<TiffField> =>
  fc.constantFrom(...(Object.keys(RANGES) as WritableTiffType[])).chain((type) => {
    const pairs = type === 'rational' || type === 'srational';
    return fc
      .array(pairs ? fc.tuple(RANGES[type], RANGES[type]) : RANGES[type].map((v) => [v]), {
        minLength: 1,
        maxLength: 9,
      })
      .map((values) => ({ tag, type, values: values.flat() }));
  });

const fields = fc
  .uniqueArray(
    fc.integer({ min: 1, max: 65535 }).filter((tag) => (tag !== Tag.SubIFDs && tag < 60000) || tag > 60003),
    {
      maxLength: 12,
    },
  )
  .chain((tags) => fc.tuple(...tags.map(field)));

const directory: fc.Arbitrary<TiffDirectory> = fc.record({
  fields,
  children: fc
    .array(fc.record({ fields }), { minLength: 1, maxLength: 3 })
    .map((directories) => [{ tag: Tag.SubIFDs, directories }]),
  data: fc
    .array(fc.uint8Array({ maxLength: 9 }), { minLength: 1, maxLength: 4 })
    .map((blocks) => ({ offsetsTag: 60001, byteCountsTag: 60002, blocks })),
});

describe('TIFF container', () => {
  it('reads back every value, sub-directory and data block that it writes, in both byte orders', () => {
    fc.assert(
      fc.property(
        fc.array(directory, { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        (directories, littleEndian) => {
          const stream = writeTiff(directories, { littleEndian });
          const bytes = concatChunks(stream);
          expect(bytes.length).toBe(stream.byteLength);
          const file = readTiff(bytes);
          expect(file.littleEndian).toBe(littleEndian);
          expect(file.brokenChain).toBeUndefined();
          expect(file.ifds).toHaveLength(directories.length);
          directories.forEach(({ fields, children, data }, i) => {
            const ifd = file.ifds[i];
            const expectFields = (expected: readonly TiffField[], from: typeof ifd) => {
              for (const { tag, type, values } of expected) {
                const entry = from.entry(tag);
                expect(entry?.type).toBe(TiffType[type]);
                const pairs = type === 'rational' || type === 'srational';
                expect(pairs ? entry?.rationals().flat() : entry?.numbers()).toEqual([...Array.from(values)]);
              }
            };
            expectFields(fields, ifd);
            children?.[0].directories.forEach((child, k) => {
              expectFields(child.fields, ifd.children()[k]);
            });
            const offsets = ifd.numbers(60001) ?? [];
            const counts = ifd.numbers(60002) ?? [];
            expect(offsets.map((at, k) => bytes.slice(at, at + counts[k]))).toEqual(data?.blocks);
            expect(offsets.every((at) => at % 4 === 0)).toBe(true);
          });
        },
      ),
      { numRuns: 200 },
    );
  });

  it('copies an entry of any type into the other byte order', () => {
    fc.assert(
      fc.property(fields, fc.boolean(), (original, littleEndian) => {
        fc.pre(original.length > 0);
        const first = readTiff(write([{ fields: original }], littleEndian)).ifds[0];
        const copies = [...first.entries.values()].map(copyField).filter((copy) => copy !== undefined);
        const second = readTiff(write([{ fields: copies }], !littleEndian)).ifds[0];
        const again = [...second.entries.values()].map(copyField);
        expect(again).toEqual(copies);
      }),
      { numRuns: 100 },
    );
  });

  it('writes the nearest 32-bit fraction: exact for short decimals, within 2⁻³¹ relative for all others', () => {
    const read = (value: number, signed: boolean) =>
      readTiff(write([{ fields: [rationalField(1, [value], signed)] }])).ifds[0].number(1) ?? Number.NaN;
    for (const value of [0, 1, 0.5, 1 / 3, 2.8, 1 / 8000, 6500, 0xffffffff])
      expect(read(value, false)).toBe(value);
    fc.assert(
      fc.property(fc.double({ min: -1000, max: 1000, noNaN: true }), (value) => {
        // A fraction with both parts below 2³¹ misses by at most 1/d² and cannot be finer than 2⁻³¹ near zero.
        expect(Math.abs(read(value, true) - value)).toBeLessThanOrEqual(
          Math.max(Math.abs(value), 1) * 2 ** -30,
        );
      }),
    );
  });

  it('decodes text as UTF-8 where valid, else as Latin-1, up to the first NUL', () => {
    const text = (values: number[]) =>
      readTiff(write([{ fields: [{ tag: 1, type: 'ascii', values }] }])).ifds[0].text(1);
    expect(readTiff(write([{ fields: [textField(1, 'Größe ☀')] }])).ifds[0].text(1)).toBe('Größe ☀');
    expect(text([0x47, 0xf6, 0x00, 0x41])).toBe('Gö');
  });

  it('refuses to write a value that its type cannot hold, a tag twice, and an empty field', () => {
    const refuse = (...bad: TiffField[]) => expect(() => writeTiff([{ fields: bad }])).toThrow(TiffError);
    refuse({ tag: 1, type: 'short', values: [65536] });
    refuse({ tag: 1, type: 'byte', values: [1.5] });
    refuse({ tag: 1, type: 'rational', values: [1, 2, 3] });
    refuse(long(7, 1), long(7, 2));
    refuse(long(7));
    expect(() => rationalField(1, [-1])).toThrow(TiffError);
    expect(() => rationalField(1, [Number.NaN], true)).toThrow(TiffError);
  });

  it('reads BigTIFF', () => {
    const bytes = new Uint8Array(16 + 8 + 20 + 8);
    const view = new DataView(bytes.buffer);
    bytes.set([0x49, 0x49, 43, 0, 8, 0, 0, 0]);
    view.setBigUint64(8, 16n, true);
    view.setBigUint64(16, 1n, true);
    view.setUint16(24, Tag.ImageWidth, true);
    view.setUint16(26, TiffType.short, true);
    view.setBigUint64(28, 3n, true);
    bytes.set([1, 0, 2, 0, 3, 0], 36);
    expect(readTiff(bytes).ifds[0].numbers(Tag.ImageWidth)).toEqual([1, 2, 3]);
    view.setBigUint64(16, 2n ** 60n, true);
    expect(() => readTiff(bytes)).toThrow(TiffError);
  });
});

describe('broken TIFF streams', () => {
  const sound = write([
    { fields: [long(256, 1)], children: [{ tag: Tag.SubIFDs, directories: [{ fields: [long(256, 2)] }] }] },
    { fields: [long(256, 3)] },
  ]);
  const patched = (at: number, value: number) => {
    const bytes = sound.slice();
    new DataView(bytes.buffer).setUint32(at, value, true);
    return bytes;
  };
  const first = readTiff(sound).ifds[0];

  it('are refused where header or first directory is broken', () => {
    for (const bytes of [
      new Uint8Array(0),
      sound.subarray(0, 9),
      patched(0, 0),
      patched(4, 1),
      patched(4, 1e9),
    ]) {
      expect(() => readTiff(bytes)).toThrow(TiffError);
    }
  });

  it('keep the directories before a broken or circular link', () => {
    const link = first.offset + 2 + 12 * first.entries.size;
    for (const target of [first.offset, 1e9, 3]) {
      const file = readTiff(patched(link, target));
      expect(file.ifds).toHaveLength(1);
      expect(file.brokenChain).toBeInstanceOf(TiffError);
    }
  });

  it('raise an error for a sub-directory that contains itself or nests too deep', () => {
    const entry = first.entry(Tag.SubIFDs)?.offset ?? 0;
    expect(() => readTiff(patched(entry + 8, first.offset)).ifds[0].children()).toThrow(TiffError);
    let nested: TiffDirectory = { fields: [long(256, 1)] };
    for (let depth = 0; depth <= MAX_NESTING; depth++) {
      nested = { fields: [long(256, 1)], children: [{ tag: Tag.SubIFDs, directories: [nested] }] };
    }
    let ifd = readTiff(write([nested])).ifds[0];
    expect(() => {
      for (let depth = 0; depth <= MAX_NESTING; depth++) ifd = ifd.children()[0];
    }).toThrow(TiffError);
  });

  it('raise an error only for the entry that is broken', () => {
    const entry = first.entry(256)?.offset ?? 0;
    const outside = patched(entry + 4, 1000);
    expect(() => readTiff(outside).ifds[0].numbers(256)).toThrow(TiffError);
    expect(readTiff(outside).ifds[0].children()).toHaveLength(1);
    const unknownType = sound.slice();
    unknownType[entry + 2] = 99;
    expect(() => readTiff(unknownType).ifds[0].number(256)).toThrow(TiffError);
  });

  it('respect the limits on entries, directories and values', () => {
    expect(() => readTiff(sound, { limits: { maxTags: 1 } })).toThrow(TiffError);
    expect(readTiff(sound, { limits: { maxIfds: 1 } }).brokenChain).toBeInstanceOf(TiffError);
    const many = write([{ fields: [long(256, 1, 2, 3)] }]);
    expect(() => readTiff(many, { limits: { maxValues: 2 } }).ifds[0].numbers(256)).toThrow(TiffError);
  });

  it('end in a value or a TiffError, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { maxLength: 6 }), (changes) => {
        const bytes = sound.slice();
        for (const [at, value] of changes) bytes[at] = value;
        try {
          for (const ifd of readTiff(bytes).ifds) {
            for (const entry of ifd.entries.values()) entry.numbers();
            ifd.children();
          }
        } catch (error) {
          expect(error).toBeInstanceOf(TiffError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
