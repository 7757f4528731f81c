import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { encodePicture, joinChunks } from '@photosite/picture';
import { makeCfa, type Opcode, type RawFrame, readRaw, writeDng } from '@photosite/raw';
import { concatChunks, Tag, type TiffField } from '@photosite/tiff';
import { type MinimalLayout, minimalDng, short } from '../../packages/raw/src/testing/minimalDng.js';
import { seededRandom } from '../../packages/raw/src/testing/mutate.js';
import { syntheticFrame } from '../../packages/raw/src/testing/syntheticFrame.js';

/** A sound file that damage is done to. */
export interface Original {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** How often it is taken, relative to the others: large files are slow. */
  readonly weight: number;
}

const COMPRESSION = { none: 1, deflate: 8, lossyJpeg: 34892 } as const;

/** Fujifilm's X-Trans array: 0 red, 1 green, 2 blue (US patent 8,531,563, figure 1). */
export const XTRANS = makeCfa(
  6,
  6,
  [
    [1, 2, 1, 1, 0, 1],
    [0, 1, 0, 2, 1, 2],
    [1, 2, 1, 1, 0, 1],
    [1, 0, 1, 1, 2, 1],
    [2, 1, 2, 0, 1, 0],
    [1, 0, 1, 1, 2, 1],
  ].flat(),
);

function whole(width: number, height: number) {
  return { top: 0, left: 0, bottom: height, right: width };
}

/** The synthetic frame's tags around other samples. */
function reshaped(width: number, height: number, planes: number, over: Partial<RawFrame> = {}): RawFrame {
  const { cfa: _, blackLevel: __, linearization: ___, opcodes: ____, ...tags } = syntheticFrame();
  const random = seededRandom(width * 131 + height);
  return {
    ...tags,
    samples: Uint16Array.from({ length: width * height * planes }, () => 500 + random() * 15000),
    width,
    height,
    samplesPerPixel: planes,
    whiteLevel: new Array<number>(planes).fill(16383),
    activeArea: whole(width, height),
    maskedAreas: [],
    defaultCrop: whole(width, height),
    opcodes: { list1: [], list2: [], list3: [] },
    ...over,
  };
}

const BASE = { dngVersion: '1.3.0.0', optional: true, previewSkip: false } as const;

/** One of each kind of opcode that has an area or points. */
function manyOpcodes(width: number, height: number): RawFrame['opcodes'] {
  const area = { ...whole(width, height), plane: 0, planes: 3, rowPitch: 1, colPitch: 2 };
  const map = (top: number, left: number): Opcode => ({
    ...BASE,
    kind: 'GainMap',
    area: { ...area, top, left, rowPitch: 2, planes: 1 },
    mapPointsV: 3,
    mapPointsH: 4,
    mapSpacingV: 0.5,
    mapSpacingH: 1 / 3,
    mapOriginV: 0,
    mapOriginH: 0,
    mapPlanes: 1,
    gains: Float32Array.from({ length: 12 }, (_, i) => 1 + i / 8),
  });
  return {
    list1: [
      { ...BASE, kind: 'FixBadPixelsConstant', constant: 777, bayerPhase: 0 },
      {
        ...BASE,
        kind: 'FixBadPixelsList',
        bayerPhase: 0,
        points: Int32Array.of(3, 4, 7, 9, height - 1, width - 1),
        rects: Int32Array.of(10, 10, 12, 13),
      },
    ],
    list2: [
      { ...BASE, kind: 'MapPolynomial', area, coefficients: [0.01, 0.9, 0.1, -0.02] },
      { ...BASE, kind: 'MapTable', area, table: Uint16Array.of(0, 100, 65535) },
      { ...BASE, kind: 'ScalePerRow', area, values: new Float32Array(height).fill(1.01) },
      { ...BASE, kind: 'DeltaPerColumn', area, values: new Float32Array(width).fill(0.001) },
      ...[0, 1].flatMap((top) => [0, 1].map((left) => map(top, left))),
    ],
    list3: [
      { ...BASE, kind: 'WarpRectilinear', coefficients: [[1, 0.01, -0.002, 0, 0, 0]], center: [0.5, 0.5] },
      { ...BASE, kind: 'FixVignetteRadial', coefficients: [0.1, 0.2, 0, 0, 0], center: [0.5, 0.5] },
      { ...BASE, kind: 'TrimBounds', top: 0, left: 0, bottom: height, right: width },
    ],
  };
}

/** Three illuminants with tables of hue, saturation and value, a look table and a tone curve. */
function richColour(): RawFrame['color'] {
  const { color } = syntheticFrame();
  const map = {
    hueDivisions: 6,
    satDivisions: 3,
    valDivisions: 2,
    encoding: 'srgb',
    data: Float32Array.from({ length: 108 }, (_, i) => (i % 3 === 0 ? (i % 40) - 20 : 0.9 + (i % 5) / 20)),
  } as const;
  const [warm, cool] = color.calibrations;
  const calibrations = [
    { ...warm!, hueSatMap: map },
    { ...cool!, hueSatMap: map },
    { ...cool!, illuminant: 255, whiteXy: { x: 0.33, y: 0.34 }, hueSatMap: map },
  ];
  return {
    ...color,
    calibrations,
    lookTable: map,
    toneCurve: Float32Array.of(0, 0, 0.2, 0.3, 0.7, 0.9, 1, 1),
  };
}

/** Samples of `bits` bits packed, each row on a byte boundary. */
function packed(rows: number, columns: number, bits: number): Uint8Array {
  const random = seededRandom(bits);
  return Uint8Array.from({ length: rows * Math.ceil((columns * bits) / 8) }, () => random() * 256);
}

async function lossyJpeg(width: number, height: number): Promise<Uint8Array> {
  const random = seededRandom(9);
  const pixels = Uint8Array.from({ length: width * height * 3 }, () => 60 + random() * 90);
  const picture = { width, height, pixels, colorSpace: 'srgb' } as const;
  const { chunks } = await encodePicture(picture, { format: 'jpeg', quality: 80, subsampling: '4:4:4' });
  return joinChunks(chunks);
}

/** Files that our writer, or tests' own bytes, make; all small, the same at every run. */
async function made(): Promise<Original[]> {
  const floats = (frame: RawFrame): RawFrame => ({
    ...frame,
    samples: Float32Array.from(frame.samples, (sample) => sample / 16383),
    bitsPerSample: 32,
    whiteLevel: [1],
  });
  const jpeg = { compression: 'lossless-jpeg', tileSize: 32 } as const;
  const files: [string, RawFrame, Parameters<typeof writeDng>[1]][] = [
    ['bayer, uncompressed', syntheticFrame(), { compression: 'none' }],
    ['bayer, lossless JPEG', syntheticFrame(), jpeg],
    [
      'linear, lossless JPEG, previews',
      reshaped(40, 30, 3),
      { ...jpeg, previews: [{ width: 2, height: 2, format: 'rgb8', data: new Uint8Array(12) }] },
    ],
    ['one plane, linear', reshaped(33, 21, 1, { color: { calibrations: [] } }), { compression: 'none' }],
    [
      'bayer, float',
      floats(reshaped(40, 30, 1, { cfa: makeCfa(2, 2, [1, 2, 0, 1]) })),
      { compression: 'none' },
    ],
    [
      'bayer, float, deflate',
      floats(reshaped(40, 30, 1, { cfa: makeCfa(2, 2, [2, 1, 1, 0]) })),
      { compression: 'deflate', tileSize: 48 },
    ],
    ['x-trans', reshaped(42, 36, 1, { cfa: XTRANS }), { compression: 'none' }],
    [
      'bayer, opcodes and tables',
      reshaped(48, 32, 1, {
        cfa: makeCfa(2, 2, [1, 0, 2, 1]),
        opcodes: manyOpcodes(48, 32),
        color: richColour(),
      }),
      { compression: 'none' },
    ],
    [
      'linear, opcodes and tables',
      reshaped(32, 24, 3, { opcodes: manyOpcodes(32, 24), color: richColour() }),
      jpeg,
    ],
  ];
  const deflated = (rows: number, columns: number, predictor: number) =>
    [
      {
        width: columns,
        height: rows,
        compression: COMPRESSION.deflate,
        extra: [short(Tag.Predictor, predictor)],
      },
      [deflateSync(packed(rows, columns, 16))],
    ] as const;
  const levels: TiffField[] = [short(Tag.BlackLevel, 3), short(Tag.LinearizationTable, 0, 4, 9, 200, 900)];
  const minimal: [string, MinimalLayout, readonly Uint8Array[]][] = [
    [
      'packed, 10 bits, tiles',
      { width: 40, height: 24, bits: 10, tile: [16, 16] },
      Array.from({ length: 6 }, () => packed(16, 16, 10)),
    ],
    [
      'packed, 12 bits, strips, big-endian',
      { width: 41, height: 23, bits: 12, rowsPerStrip: 8, littleEndian: false },
      [packed(8, 41, 12), packed(8, 41, 12), packed(7, 41, 12)],
    ],
    ['8 bits, linearised', { width: 31, height: 17, bits: 8, extra: levels }, [packed(17, 31, 8)]],
    ['integers, deflate', ...deflated(20, 30, 1)],
    ['integers, deflate, predictor', ...deflated(20, 30, 2)],
    [
      'lossy JPEG',
      { width: 48, height: 32, planes: 3, bits: 8, compression: COMPRESSION.lossyJpeg, tile: [48, 32] },
      [await lossyJpeg(48, 32)],
    ],
  ];
  return [
    ...files.map(([name, frame, options]) => ({
      name,
      bytes: concatChunks(writeDng(frame, options)),
      weight: 20,
    })),
    ...minimal.map(([name, layout, blocks]) => ({ name, bytes: minimalDng(layout, blocks), weight: 14 })),
  ];
}

/** A part of a real file's mosaic with all of its tags. */
function cut(frame: RawFrame, width: number, height: number): RawFrame {
  const planes = frame.samplesPerPixel;
  const [top, left] = [12, 12];
  const samples = frame.samples.slice(0, width * height * planes);
  for (let y = 0; y < height; y++) {
    const from = ((y + top) * frame.width + left) * planes;
    samples.set(frame.samples.subarray(from, from + width * planes), y * width * planes);
  }
  const { blackLevel, defaultUserCrop: _, ...rest } = frame;
  const {
    deltaH: __,
    deltaV: ___,
    ...level
  } = blackLevel ?? {
    repeatRows: 1,
    repeatCols: 1,
    values: new Array<number>(planes).fill(0),
  };
  return {
    ...rest,
    blackLevel: level,
    samples,
    width,
    height,
    activeArea: whole(width, height),
    maskedAreas: [],
    defaultCrop: whole(width, height),
    previews: [],
  };
}

function real(folder: string): Original[] {
  const file = (name: string) => readFileSync(join(folder, 'raw', name));
  const part = (name: string, width: number, height: number): Uint8Array =>
    concatChunks(writeDng(cut(readRaw(file(name)), width, height)));
  return [
    { name: 'Arducam', bytes: file('minhtcai-arducam-640x480-10bit-tile-pidng.dng'), weight: 5 },
    { name: 'Canon 6D, lossy', bytes: file('photoprism-canon_eos_6d-lossy-linear.dng'), weight: 2 },
    { name: 'GoPro, a part', bytes: part('GOPR8508.dng', 96, 64), weight: 20 },
    {
      name: 'Canon 550D, a part',
      bytes: part('tinydng-colorchart-canon-eos-kiss-x4.dng', 80, 60),
      weight: 20,
    },
    { name: 'GoPro, VC-5', bytes: file('GOPR8508.GPR'), weight: 0.5 },
  ];
}

/**
 * The sound files.
 * @param data folder of real files, see `PHOTOSITE_DATA`; made ones alone where it is undefined
 */
export async function originals(data: string | undefined): Promise<readonly Original[]> {
  return [...(await made()), ...(data === undefined ? [] : real(data))];
}
