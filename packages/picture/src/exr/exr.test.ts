import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { joinChunks } from '../bytes.js';
import { PictureError } from '../PictureError.js';
import { OPEN_EXR_FILES, openExrSample } from '../testing/openExrFiles.js';
import { decodeExr, type ExrPicture } from './decodeExr.js';
import { type ExrDescription, type ExrSamples, ExrWriter } from './ExrWriter.js';
import { halfBits, halfValues } from './half.js';
import { exrLinearRgb } from './linearRgb.js';

const decoded = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));

/** Writes a picture in bands of `bandRows` into memory, as a disk would have it. */
function encode(
  description: ExrDescription,
  channels: Readonly<Record<string, ExrSamples>>,
  bandRows = description.height,
): Uint8Array {
  const pieces: { position: number; bytes: Uint8Array }[] = [];
  const writer = new ExrWriter(description, (bytes, position) =>
    pieces.push({ position, bytes: bytes.slice() }),
  );
  for (let top = 0; top < description.height; top += bandRows) {
    const moved = Object.entries(channels).map(([name, { samples, start = 0, stride = 1 }]) => [
      name,
      { samples, start: start + top * description.width * stride, stride },
    ]);
    writer.write(Math.min(bandRows, description.height - top), Object.fromEntries(moved));
  }
  const file = new Uint8Array(writer.finish());
  for (const { position, bytes } of pieces) file.set(bytes, position);
  return file;
}

/** A picture with a colour, a depth and an identity, in bands as the twin writes them. */
const WIDTH = 19;
const HEIGHT = 37;
const rgb = Float32Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => Math.fround(Math.sin(i) * 100));
const depth = Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i % 7 === 0 ? Infinity : i / 3));
const id = Uint32Array.from({ length: WIDTH * HEIGHT }, (_, i) => i * 1000);
const described = {
  width: WIDTH,
  height: HEIGHT,
  channels: [
    { name: 'R', type: 'float' },
    { name: 'G', type: 'half' },
    { name: 'B', type: 'float' },
    { name: 'Z', type: 'float' },
    { name: 'id', type: 'uint' },
  ],
  compression: 'none',
} as const;
const sources = {
  R: { samples: rgb, start: 0, stride: 3 },
  G: { samples: rgb, start: 1, stride: 3 },
  B: { samples: rgb, start: 2, stride: 3 },
  Z: { samples: depth },
  id: { samples: id },
};

describe('OpenEXR files by the OpenEXR library', () => {
  it.each(Object.entries(OPEN_EXR_FILES))(
    '%s: every sample of every channel is read exactly',
    (_, base64) => {
      const { width, height, channels, dataWindow, displayWindow } = decodeExr(decoded(base64));
      expect([...channels.keys()]).toEqual(['R', 'Z', 'id', 'layer.G']);
      expect(dataWindow).toEqual({ left: -3, top: 5, right: -3 + width - 1, bottom: 5 + height - 1 });
      expect(displayWindow).toEqual({ left: 0, top: 0, right: 9, bottom: 9 });
      for (const [name, samples] of channels) {
        const expected = Array.from(samples, (__, i) =>
          openExrSample(name, i % width, Math.floor(i / width)),
        );
        expect([...samples], name).toEqual(expected);
      }
    },
  );

  it('keeps only the channels that are wanted', () => {
    const { channels } = decodeExr(decoded(OPEN_EXR_FILES.ZIP), { wanted: (name) => name === 'Z' });
    expect([...channels.keys()]).toEqual(['Z']);
    expect(channels.get('Z')![7]).toBe(openExrSample('Z', 2, 1));
  });

  it('gives the chromaticities that the file states', () => {
    const { chromaticities } = decodeExr(decoded(OPEN_EXR_FILES.chromaticities));
    const flat = Object.fromEntries(
      Object.entries(chromaticities!).map(([name, pair]) => [
        name,
        [...(pair as readonly number[])].map((v) => Number(v.toFixed(5))),
      ]),
    );
    expect(flat).toEqual({
      red: [0.7347, 0.2653],
      green: [0, 1],
      blue: [0.0001, -0.077],
      white: [0.32168, 0.33767],
    });
    expect(decodeExr(decoded(OPEN_EXR_FILES.ZIP)).chromaticities).toBeUndefined();
  });
});

describe('linear Rec.709 of an OpenEXR picture', () => {
  const picture = (channels: Record<string, number[]>, chromaticities?: ExrPicture['chromaticities']) => ({
    width: 1,
    height: 1,
    channels: new Map(Object.entries(channels).map(([name, values]) => [name, Float32Array.from(values)])),
    dataWindow: { left: 0, top: 0, right: 0, bottom: 0 },
    displayWindow: { left: 0, top: 0, right: 0, bottom: 0 },
    ...(chromaticities !== undefined && { chromaticities }),
  });
  const ACES = {
    red: [0.7347, 0.2653],
    green: [0, 1],
    blue: [0.0001, -0.077],
    white: [0.32168, 0.33767],
  } as const;

  it("keeps the file's white white", () => {
    const [r, g, b] = exrLinearRgb(picture({ R: [0.5], G: [0.5], B: [0.5] }, ACES));
    for (const value of [r, g, b]) expect(value).toBeCloseTo(0.5, 6);
  });

  it('converts ACES red as the published matrix of ACES2065-1 to Rec.709 with Bradford does', () => {
    // First column of AP0 to linear Rec.709, Bradford from D60 to D65, as OpenColorIO's ACES configurations have it.
    const values = exrLinearRgb(picture({ R: [1], G: [0], B: [0] }, ACES));
    for (const [i, expected] of [2.52169, -0.27648, -0.01538].entries())
      expect(Math.abs(values[i] - expected)).toBeLessThan(2e-5);
  });

  it('takes Y as grey and says which channels are there where there is no colour', () => {
    expect([...exrLinearRgb(picture({ Y: [0.25] }))]).toEqual([0.25, 0.25, 0.25]);
    expect(() => exrLinearRgb(picture({ Z: [1], 'a.R': [1] }), { file: 'x.exr' })).toThrow(
      /^x\.exr, channels: .*"Z", "a\.R"/,
    );
  });

  it('refuses primaries on one line', () => {
    const line = { red: [0.3, 0.3], green: [0.3, 0.3], blue: [0.3, 0.3], white: [0.3, 0.3] } as const;
    expect(() => exrLinearRgb(picture({ R: [1], G: [1], B: [1] }, line))).toThrow(PictureError);
  });
});

describe('the OpenEXR writer', () => {
  it.each(['none', 'zip'] as const)(
    '%s: what it writes is read again, half floats rounded',
    (compression) => {
      const { width, height, channels } = decodeExr(encode({ ...described, compression }, sources));
      expect([width, height]).toEqual([WIDTH, HEIGHT]);
      expect([...channels.keys()]).toEqual(['B', 'G', 'R', 'Z', 'id']);
      for (let i = 0; i < WIDTH * HEIGHT; i++) {
        expect(channels.get('R')![i]).toBe(rgb[3 * i]);
        // Half a unit in the last of 11 bits.
        expect(Math.abs(channels.get('G')![i] - rgb[3 * i + 1])).toBeLessThanOrEqual(
          Math.max(Math.abs(rgb[3 * i + 1]) * 2 ** -11, 2 ** -25),
        );
        expect(channels.get('Z')![i]).toBe(depth[i]);
        expect(channels.get('id')![i]).toBe(id[i]);
      }
    },
  );

  it.each(['none', 'zip'] as const)('%s: the bytes do not depend on the bands', (compression) => {
    const whole = encode({ ...described, compression }, sources);
    for (const bandRows of [1, 5, 16, 20])
      expect(encode({ ...described, compression }, sources, bandRows)).toEqual(whole);
  });

  it('writes comments and chromaticities that are read again', () => {
    const chromaticities = {
      red: [0.708, 0.292],
      green: [0.17, 0.797],
      blue: [0.131, 0.046],
      white: [0.3127, 0.329],
    } as const;
    const bytes = encode({ ...described, chromaticities, comments: 'camera RGB, 1 = white level' }, sources);
    expect(decodeExr(bytes).chromaticities?.green[1]).toBeCloseTo(0.797, 6);
    expect(Buffer.from(bytes).includes('camera RGB, 1 = white level')).toBe(true);
  });

  it('is seen to be incomplete until it is finished', () => {
    const pieces: Uint8Array[] = [];
    const writer = new ExrWriter(described, (bytes) => pieces.push(bytes.slice()));
    writer.write(HEIGHT, sources);
    expect(() => decodeExr(joinChunks(pieces))).toThrow(/incomplete/);
  });

  it('refuses missing rows, extra rows, missing channels and impossible names', () => {
    const writer = new ExrWriter(described, () => undefined);
    expect(() => writer.finish()).toThrow(/0 of 37/);
    expect(() => writer.write(HEIGHT + 1, sources)).toThrow(PictureError);
    expect(() => writer.write(1, { ...sources, Z: { samples: new Float32Array(WIDTH - 1) } })).toThrow(
      /channel Z/,
    );
    const named = (...names: string[]) => ({
      ...described,
      channels: names.map((name) => ({ name, type: 'half' as const })),
    });
    for (const wrong of [named(), named('R', 'R'), named(''), named('ü'), named('x'.repeat(32))])
      expect(() => new ExrWriter(wrong, () => undefined)).toThrow(PictureError);
    expect(() => new ExrWriter({ ...described, width: 0 }, () => undefined)).toThrow(/width/);
  });
});

describe('half floats', () => {
  it('every value but NaN comes back from its own bits', () => {
    const values = halfValues();
    for (let bits = 0; bits < 65536; bits++)
      if (!Number.isNaN(values[bits])) expect(halfBits(values[bits])).toBe(bits);
  });

  it('round to the nearest, ties to even, and overflow to infinity', () => {
    const round = (value: number): number => halfValues()[halfBits(value)];
    expect(round(1 + 2 ** -11)).toBe(1);
    expect(round(1 + 3 * 2 ** -11)).toBe(1 + 2 ** -9);
    expect(round(65519)).toBe(65504);
    expect(round(65520)).toBe(Infinity);
    expect(round(-1e9)).toBe(-Infinity);
    expect(round(2 ** -25)).toBe(0);
    expect(round(1.5 * 2 ** -24)).toBe(2 ** -23);
    expect(round(NaN)).toBeNaN();
  });
});

/** Bytes of the version field and of the first letters of attributes, to set them to something else. */
function changed(
  bytes: Uint8Array,
  text: string,
  change: (view: DataView, after: number) => void,
): Uint8Array {
  const copy = bytes.slice();
  const at = text === '' ? 0 : Buffer.from(copy).indexOf(text) + text.length;
  change(new DataView(copy.buffer), at);
  return copy;
}

describe('files that are not read', () => {
  const sound = decoded(OPEN_EXR_FILES.ZIP);
  const cases: [string, Uint8Array, RegExp][] = [
    ['another format', new TextEncoder().encode('GIF89a and more'), /magic number.*no OpenEXR/],
    ['nothing', new Uint8Array(0), /magic number.*cut off/],
    ['deep', changed(sound, '', (view) => view.setUint32(4, 0x802, true)), /deep/],
    ['multi-part', changed(sound, '', (view) => view.setUint32(4, 0x1002, true)), /multi-part/],
    ['version 3', changed(sound, '', (view) => view.setUint32(4, 3, true)), /version 3/],
    [
      'DWAA',
      changed(sound, 'compression\0compression\0\x01\0\0\0', (view, at) => view.setUint8(at, 8)),
      /DWAA is not read/,
    ],
    [
      'a sub-sampled channel',
      changed(sound, 'R\0\x01\0\0\0', (view, at) => view.setInt32(at + 4, 2, true)),
      /channel "R".*2 × 1/,
    ],
    [
      'an inverted window',
      changed(sound, 'dataWindow\0box2i\0\x10\0\0\0', (view, at) => view.setInt32(at + 8, -9, true)),
      /dataWindow/,
    ],
    [
      'a picture of 10^12 pixels',
      changed(sound, 'dataWindow\0box2i\0\x10\0\0\0', (view, at) => {
        view.setInt32(at + 8, 1e6, true);
        view.setInt32(at + 12, 1e6, true);
      }),
      /dataWindow.*more than is read/,
    ],
    [
      'a picture that cannot be in so few bytes',
      changed(sound, 'dataWindow\0box2i\0\x10\0\0\0', (view, at) => view.setInt32(at + 8, 1e6, true)),
      /can't be in/,
    ],
    ['a file cut in its pixels', sound.subarray(0, sound.length - 5), /cut off or damaged/],
  ];
  it.each(cases)('%s: an error that names the file and the field', (_, bytes, message) => {
    expect(() => decodeExr(bytes, { file: 'scene.exr' })).toThrow(PictureError);
    expect(() => decodeExr(bytes, { file: 'scene.exr' })).toThrow(/^scene\.exr, /);
    expect(() => decodeExr(bytes, { file: 'scene.exr' })).toThrow(message);
  });
});

/** Damages a file in one to six places; the same seed gives the same damage. */
function damaged(original: Uint8Array, seed: number): Uint8Array {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  const below = (limit: number): number => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d);
    state = Math.imul(state ^ (state >>> 12), 0x297a2d39);
    state ^= state >>> 15;
    return (state >>> 0) % limit;
  };
  const bytes = original.slice();
  const view = new DataView(bytes.buffer);
  for (let places = 1 + below(6); places > 0; places--) {
    const at = below(bytes.length - 8);
    const kind = below(4);
    if (kind === 0) bytes[at] ^= 1 << below(8);
    else if (kind === 1) bytes[at] = [0, 1, 127, 128, 255][below(5)];
    else if (kind === 2) view.setInt32(at, [0, 1, -1, 0x7fffffff, 65536, 1 << 20][below(6)], true);
    else bytes.copyWithin(at, below(bytes.length), below(bytes.length));
  }
  return below(10) === 0 ? bytes.subarray(0, below(bytes.length)) : bytes;
}

describe('damaged files', () => {
  /** Cases of the mutation run; the environment asks for a longer one. */
  const CASES = Number(process.env.PHOTOSITE_FUZZ_CASES ?? 4000);
  /** Each of these files takes under a millisecond. */
  const CASE_MS = 2000;
  const originals = [
    ...Object.values(OPEN_EXR_FILES).map(decoded),
    encode({ ...described, compression: 'zip' }, sources),
  ];

  it('end in a picture or a PictureError, soon', () => {
    const endings = { picture: 0, error: 0 };
    for (let seed = 0; seed < CASES; seed++) {
      const bytes = damaged(originals[seed % originals.length], seed);
      const start = performance.now();
      try {
        const { width, height, channels } = decodeExr(bytes);
        for (const samples of channels.values()) expect(samples.length).toBe(width * height);
        endings.picture++;
      } catch (error) {
        if (!(error instanceof PictureError)) throw new Error(`seed ${seed}`, { cause: error });
        endings.error++;
      }
      expect(performance.now() - start, `seed ${seed}`).toBeLessThan(CASE_MS);
    }
    // Most damage hits pixels or is found out; both happen.
    expect(endings.picture).toBeGreaterThan(CASES / 20);
    expect(endings.error).toBeGreaterThan(CASES / 5);
  });
});

const data = process.env.PHOTOSITE_DATA;
describe.skipIf(data === undefined)('photographs (needs PHOTOSITE_DATA)', () => {
  /** Sums of all samples and samples of the middle row and column, as OpenEXR 3.1.5's own reader gives them. */
  const EXPECTED = {
    Carrots: {
      size: [600, 400],
      R: [36437.4342, 0.0620117188],
      G: [31515.1998, 0.0591430664],
      B: [15481.3671, 0.0586547852],
    },
    Desk: {
      size: [644, 874],
      R: [3413176.74, 10.046875],
      G: [3404352.07, 6.80078125],
      B: [1604237.44, 0.921386719],
    },
    Tree: {
      size: [928, 906],
      R: [525546.799, 0.0308074951],
      G: [822818.538, 0.0309295654],
      B: [1096538.38, 0.016998291],
    },
  } as const;
  it.each(Object.entries(EXPECTED))(
    '%s is read as the OpenEXR library reads it',
    (name, { size, ...channels }) => {
      const file = join(data!, 'hdr', `${name}.exr`);
      const picture = decodeExr(readFileSync(file), { file });
      expect([picture.width, picture.height]).toEqual(size);
      const middle = (size[1] / 2) * size[0] + size[0] / 2;
      for (const [channel, [sum, sample]] of Object.entries(channels)) {
        const samples = picture.channels.get(channel)!;
        // Stated with nine digits.
        expect(Math.abs(samples.reduce((a, b) => a + b, 0) / sum - 1)).toBeLessThan(1e-8);
        expect(Math.abs(samples[middle] / sample - 1)).toBeLessThan(1e-8);
      }
    },
  );

  let desk: Uint8Array;
  beforeAll(() => {
    desk = readFileSync(join(data!, 'hdr', 'Desk.exr'));
  });
  it('Desk, PIZ, damaged at 30 places: a picture or a PictureError', () => {
    for (let seed = 0; seed < 30; seed++) {
      try {
        expect(decodeExr(damaged(desk, seed)).channels.size).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(PictureError);
      }
    }
  });
});
