import { Tag } from '@photosite/tiff';
import fc from 'fast-check';
import { zlibSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import startVips, { type Vips } from 'wasm-vips';
import { encodeLosslessJpeg } from '../codecs/lossless-jpeg.js';
import { openRaw, readRaw } from '../open.js';
import { RawFileError } from '../RawFileError.js';
import { minimalDng as dng, type MinimalLayout as Layout, short } from '../testing/minimalDng.js';
import { COMPRESSION } from './layout.js';
import { describeDng } from './read.js';
import { allocateSamples, decodeSegment } from './segments.js';

const ramp = (length: number, bits = 16) =>
  Uint16Array.from({ length }, (_, i) => Math.imul(i + 1, 0x9e3779b1) >>> (32 - bits));

/** The tiles of a picture, padded with zeros, row by row. */
function cut(
  samples: Uint16Array,
  width: number,
  height: number,
  tw: number,
  th: number,
  planes = 1,
): Uint16Array[] {
  const tiles: Uint16Array[] = [];
  for (let top = 0; top < height; top += th) {
    for (let left = 0; left < width; left += tw) {
      const tile = new Uint16Array(tw * th * planes);
      for (let y = 0; y < Math.min(th, height - top); y++) {
        const from = ((top + y) * width + left) * planes;
        tile.set(samples.subarray(from, from + Math.min(tw, width - left) * planes), y * tw * planes);
      }
      tiles.push(tile);
    }
  }
  return tiles;
}

function toBytes(samples: Uint16Array, littleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(samples.length * 2));
  samples.forEach((value, i) => {
    view.setUint16(2 * i, value, littleEndian);
  });
  return new Uint8Array(view.buffer);
}

/** Packs rows most significant bit first, each from a byte of its own. */
function pack(samples: Uint16Array, rowLength: number, bits: number): Uint8Array {
  const rowBytes = Math.ceil((rowLength * bits) / 8);
  const bytes = new Uint8Array((samples.length / rowLength) * rowBytes);
  samples.forEach((value, i) => {
    const start = Math.floor(i / rowLength) * rowBytes * 8 + (i % rowLength) * bits;
    for (let bit = 0; bit < bits; bit++) {
      if ((value >> (bits - 1 - bit)) & 1) bytes[(start + bit) >> 3] |= 0x80 >> ((start + bit) & 7);
    }
  });
  return bytes;
}

describe('sample layouts', () => {
  it('reads packed and unpacked samples of 8 to 16 bits, strips and tiles, both byte orders', () => {
    fc.assert(
      fc.property(
        fc.record({
          width: fc.integer({ min: 1, max: 40 }),
          height: fc.integer({ min: 1, max: 30 }),
          bits: fc.integer({ min: 8, max: 16 }),
          tiled: fc.boolean(),
          segment: fc.tuple(fc.integer({ min: 2, max: 50 }), fc.integer({ min: 1, max: 35 })),
          littleEndian: fc.boolean(),
          unpacked: fc.boolean(),
          planes: fc.constantFrom(1, 3),
        }),
        ({ width, height, bits, tiled, segment, littleEndian, unpacked, planes }) => {
          const samples = ramp(width * height * planes, bits);
          const [tw, th] = tiled ? segment : [width, Math.min(height, segment[1])];
          // In rows of less than eight samples packed and unpacked may be of one length, which tells them apart.
          const encode = (tile: Uint16Array) =>
            bits === 16 || (unpacked && bits > 8 && tw * planes >= 8)
              ? toBytes(tile, littleEndian)
              : pack(tile, tw * planes, bits);
          const tiles = cut(samples, width, height, tw, th, planes);
          // The last strip has only the rows that are left.
          const rest = height % th;
          const last = tiles.length - 1;
          if (!tiled && rest > 0) tiles[last] = tiles[last].subarray(0, rest * tw * planes);
          const layout = { width, height, bits, planes, littleEndian };
          const file = tiled
            ? dng({ ...layout, tile: [tw, th] }, tiles.map(encode))
            : dng({ ...layout, rowsPerStrip: th }, tiles.map(encode));
          expect(readRaw(file).samples).toEqual(samples);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('reads segments in any order into the same samples', () => {
    const [width, height] = [50, 37];
    const samples = ramp(width * height);
    const file = dng(
      { width, height, tile: [16, 16] },
      cut(samples, width, height, 16, 16).map((tile) => toBytes(tile, true)),
    );
    const { plan } = describeDng(file);
    const out = allocateSamples(plan);
    for (let i = plan.offsets.length - 1; i >= 0; i--) decodeSegment(file, structuredClone(plan), i, out);
    expect(out).toEqual(samples);
  });

  it('reads a file that lies at an odd place in memory', () => {
    const samples = ramp(64);
    const file = dng({ width: 8, height: 8 }, [toBytes(samples, true)]);
    const shifted = new Uint8Array(file.length + 1);
    shifted.set(file, 1);
    expect(readRaw(shifted.subarray(1)).samples).toEqual(samples);
  });

  it('reads lossless JPEG tiles of any division of their samples into columns and components', () => {
    const [width, height, tile] = [40, 20, 16];
    const samples = ramp(width * height, 14);
    const tiles = cut(samples, width, height, tile, tile);
    for (const [columns, rows, components] of [
      [8, 16, 2],
      [16, 16, 1],
      [4, 16, 4],
      [16, 8, 2],
    ]) {
      const blocks = tiles.map((each) => encodeLosslessJpeg(each, columns, rows, components, 14));
      const file = dng(
        { width, height, bits: 14, compression: COMPRESSION.jpeg, tile: [tile, tile] },
        blocks,
      );
      expect(readRaw(file).samples).toEqual(samples);
    }
  });

  it('inflates integers with and without horizontal prediction', () => {
    const [width, height] = [21, 9];
    const samples = ramp(width * height);
    const difference = samples.map((value, i) => (i % width === 0 ? value : value - samples[i - 1]));
    for (const littleEndian of [true, false]) {
      for (const [predictor, stored] of [
        [1, samples],
        [2, difference],
      ] as const) {
        const file = dng(
          {
            width,
            height,
            compression: COMPRESSION.deflate,
            littleEndian,
            extra: [short(Tag.Predictor, predictor)],
          },
          [zlibSync(toBytes(stored, littleEndian))],
        );
        expect(readRaw(file).samples).toEqual(samples);
      }
    }
  });

  it('reads floats of 16, 24 and 32 bits, with a white level of 1 by default', () => {
    const values = [0, 1, 0.5, -2, 1.5, 0.25];
    const encodings: Readonly<Record<number, readonly number[]>> = {
      // IEEE binary16: 5 exponent bits with bias 15; DNG's 24 bits: 7 exponent bits with bias 63.
      16: [0x0000, 0x3c00, 0x3800, 0xc000, 0x3e00, 0x3400],
      24: [0x000000, 0x3f0000, 0x3e0000, 0xc00000, 0x3f8000, 0x3d0000],
      32: [0x00000000, 0x3f800000, 0x3f000000, 0xc0000000, 0x3fc00000, 0x3e800000],
    };
    for (const littleEndian of [true, false]) {
      for (const bits of [16, 24, 32]) {
        const bytes = encodings[bits].flatMap((word) => {
          const big = Array.from({ length: bits / 8 }, (_, k) => (word >>> (bits - 8 - 8 * k)) & 255);
          return littleEndian ? big.reverse() : big;
        });
        const extra = [short(Tag.SampleFormat, 3)];
        for (const compression of [COMPRESSION.none, COMPRESSION.deflate]) {
          const stored = Uint8Array.from(bytes);
          const block = compression === COMPRESSION.none ? stored : zlibSync(stored);
          const file = dng({ width: 3, height: 2, bits, compression, littleEndian, extra }, [block]);
          const frame = readRaw(file);
          expect(frame.samples).toEqual(Float32Array.from(values));
          expect(frame.whiteLevel).toEqual([1]);
        }
      }
    }
  });

  it('puts planes that are stored apart together', () => {
    const [width, height] = [5, 7];
    const samples = ramp(width * height * 3);
    const planes = [0, 1, 2].map((plane) => samples.filter((_, i) => i % 3 === plane));
    const file = dng(
      { width, height, planes: 3, rowsPerStrip: 4, extra: [short(Tag.PlanarConfiguration, 2)] },
      planes.flatMap((plane) => [
        toBytes(plane.subarray(0, 4 * width), true),
        toBytes(plane.subarray(4 * width), true),
      ]),
    );
    expect(readRaw(file).samples).toEqual(samples);
  });

  it('puts interleaved rows and columns in their place, also where the fields differ in size', () => {
    const [width, height] = [7, 5];
    const samples = ramp(width * height);
    const order = (length: number, factor: number) =>
      Array.from({ length: factor }, (_, field) =>
        Array.from({ length }, (_, i) => i).filter((i) => i % factor === field),
      ).flat();
    for (const [rowFactor, columnFactor] of [
      [2, 1],
      [2, 2],
      [3, 4],
    ]) {
      const stored = Uint16Array.from(
        order(height, rowFactor).flatMap((y) =>
          order(width, columnFactor).map((x) => samples[y * width + x]),
        ),
      );
      const file = dng(
        {
          width,
          height,
          rowsPerStrip: 2,
          extra: [short(Tag.RowInterleaveFactor, rowFactor), short(Tag.ColumnInterleaveFactor, columnFactor)],
        },
        [0, 2, 4].map((row) => toBytes(stored.subarray(row * width, (row + 2) * width), true)),
      );
      expect(readRaw(file).samples).toEqual(samples);
    }
  });

  it('puts sub-tile blocks in their place', () => {
    const [width, height] = [8, 4];
    const samples = ramp(width * height);
    const stored: number[] = [];
    for (let top = 0; top < height; top += 2) {
      for (let left = 0; left < width; left += 4) {
        for (let y = 0; y < 2; y++) {
          stored.push(...samples.subarray((top + y) * width + left, (top + y) * width + left + 4));
        }
      }
    }
    const file = dng({ width, height, tile: [width, height], extra: [short(Tag.SubTileBlockSize, 2, 4)] }, [
      toBytes(Uint16Array.from(stored), true),
    ]);
    expect(readRaw(file).samples).toEqual(samples);
  });
});

describe('JPEG XL tiles (DNG 1.7)', () => {
  const [width, height, tile] = [48, 40, 32];
  const samples = ramp(width * height);
  let vips: Vips;
  let file: Uint8Array;

  beforeAll(async () => {
    vips = await startVips({ dynamicLibraries: ['vips-jxl.wasm'] });
    const blocks = cut(samples, width, height, tile, tile).map((each) =>
      vips.Image.newFromMemory(each, tile, tile, 1, 'ushort')
        .copy({ interpretation: 'grey16' })
        .jxlsaveBuffer({ lossless: true }),
    );
    file = dng({ width, height, compression: COMPRESSION.jpegXl, tile: [tile, tile] }, blocks);
  });

  afterAll(() => vips.shutdown());

  it('are read by openRaw, which loads their decoder', async () => {
    expect((await openRaw(file)).samples).toEqual(samples);
  });

  it('are refused by readRaw, which says so, and by openRaw where they are damaged', async () => {
    expect(() => readRaw(file)).toThrow(/openRaw/);
    const broken = file.slice();
    broken.fill(7, broken.length - 600, broken.length - 100);
    await expect(openRaw(broken)).rejects.toThrow(RawFileError);
  });
});

describe('what is not read', () => {
  const [width, height] = [8, 8];
  const block = new Uint8Array(width * height * 2);
  const refuse = (layout: Partial<Layout>, message: RegExp, blocks: readonly Uint8Array[] = [block]) => {
    const file = dng({ width, height, ...layout }, blocks);
    expect(() => readRaw(file)).toThrow(RawFileError);
    expect(() => readRaw(file)).toThrow(message);
  };

  it('is named: unknown compression, signed samples, odd depths, staggered or non-RGB arrays, four planes', () => {
    refuse({ compression: 34713 }, /compression 34713/);
    refuse({ extra: [short(Tag.SampleFormat, 2)] }, /format 2/);
    refuse({ bits: 24 }, /24 bits/);
    refuse({ extra: [short(Tag.CFALayout, 2)] }, /layout 2/);
    refuse(
      { extra: [{ tag: Tag.CFAPlaneColor, type: 'byte', values: [0, 1, 2, 3] }] },
      /red, green and blue/,
    );
    refuse({ planes: 4 }, /4 planes/, [new Uint8Array(width * height * 8)]);
    refuse({ extra: [short(Tag.FillOrder, 2)] }, /FillOrder/);
  });

  it('is refused before memory is asked for: sizes beyond the limit or the data', () => {
    refuse({ width: 65535, height: 65535 }, /limit/);
    refuse({ width: 20000, height: 20000 }, /truncated/);
    refuse({ width: 20000, height: 20000, compression: COMPRESSION.jpeg }, /cannot hold/);
    refuse({ width: 20000, height: 20000, compression: COMPRESSION.deflate }, /cannot hold/);
    expect(() => readRaw(dng({ width, height }, [block]), { limits: { maxPixels: 63 } })).toThrow(
      RawFileError,
    );
  });

  it('has a white level that is not above black, an area outside, a crop of nothing', () => {
    refuse({ extra: [short(Tag.WhiteLevel, 100), short(Tag.BlackLevel, 100)] }, /white level/);
    refuse({ extra: [short(Tag.ActiveArea, 0, 0, 9, 8)] }, /ActiveArea/);
    refuse({ extra: [short(Tag.DefaultCropSize, 0, 8)] }, /crop/);
  });
});
