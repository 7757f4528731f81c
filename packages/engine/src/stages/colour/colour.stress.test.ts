import type { ColorCalibration, HueSatMap, Matrix3, RawFrame } from '@photosite/raw';
import fc from 'fast-check';
fc.configureGlobal({ numRuns: 3000, interruptAfterTimeLimit: 10000 });
import { beforeAll, describe, expect, it } from 'vitest';
import { apply, diagonal, multiply, type Vector3 } from '../../colour/matrix3.js';
import { PROPHOTO, REC2020, rgbToRgb, SRGB, srgbDecode, srgbEncode } from '../../colour/spaces.js';
import type { Stage } from '../../stage.js';
import { largestError, most, testPixels } from '../../testing/extremes.js';
import { bayerFrame, flat, SRGB_CAMERA } from '../../testing/frames.js';
import { KernelBench } from '../../testing/KernelBench.js';
import { seededRandom } from '../../testing/random.js';
import { mixedHueSatMap, tableOf } from './hue-sat-map.js';
import { colour as stage } from './index.js';
import { colourMatrix, hsvOf, hueSatMap as reference, rgbOf } from './reference.js';

let bench: KernelBench;
beforeAll(async () => {
  bench = await KernelBench.create();
});

type Entry = (hue: number, saturation: number, value: number) => Vector3;

/** A table from a function of hue in degrees, saturation and (encoded) value. */
function tableFrom(
  [hueDivisions, satDivisions, valDivisions]: readonly [number, number, number],
  encoding: HueSatMap['encoding'],
  entry: Entry,
): HueSatMap {
  const data: number[] = [];
  for (let v = 0; v < valDivisions; v++)
    for (let h = 0; h < hueDivisions; h++)
      for (let s = 0; s < satDivisions; s++)
        data.push(
          ...entry(
            (h / hueDivisions) * 360,
            s / Math.max(satDivisions - 1, 1),
            v / Math.max(valDivisions - 1, 1),
          ),
        );
  return { hueDivisions, satDivisions, valDivisions, encoding, data: Float32Array.from(data) };
}

function throughMap(pixels: readonly Vector3[], map: HueSatMap): Vector3[] {
  const curve = (f: (x: number) => number): number =>
    map.encoding === 'linear'
      ? 0
      : bench.heap.place(Float32Array.from({ length: 1025 }, (_, i) => f(i / 1024)));
  const table = bench.heap.place(tableOf(map));
  const { hueDivisions, satDivisions, valDivisions } = map;
  const [encode, decode] = [curve((root) => srgbEncode(root * root)), curve(srgbDecode)];
  return bench.onPixels(pixels, (area) =>
    bench.kernels.hueSatMap(...area, table, hueDivisions, satDivisions, valDivisions, encode, decode),
  );
}

function throughStage(pixels: readonly Vector3[], overrides: Partial<RawFrame>, profile = 'full'): Vector3[] {
  const frame = bayerFrame(4, 4, flat(1, 1, 1), overrides);
  return bench.throughStage(stage as Stage, pixels, bench.context(frame), { profile });
}

/**
 * What the curves of the sRGB encoding may miss, of light at white: 1024 chords over the square root bend the encoded
 * value by up to 2 · 12.92 / 8 / 1024² = 3e-6 in the dark and less above; decoding multiplies that by at most 2.3 at white
 * and bends it by 3.1 / 8 / 1024² = 4e-7 itself.
 */
const CHORDS = 8e-6;

const calibrated = (calibration: Partial<ColorCalibration>): Pick<RawFrame, 'color' | 'asShotNeutral'> => ({
  color: { calibrations: [{ illuminant: 21, colorMatrix: SRGB_CAMERA, ...calibration }] },
  asShotNeutral: [1, 1, 1],
});

describe('colour: the kernels equal their references', () => {
  it('a matrix', () => {
    const pixels = testPixels();
    const matrix = Array.from(
      Float32Array.of(1.7, -0.5, -0.2, -0.1, 1.3, -0.2, 0.02, -0.4, 1.4),
    ) as unknown as Matrix3;
    const table = bench.heap.place(Float32Array.from(matrix));
    const actual = bench.onPixels(pixels, (area) => bench.kernels.colourMatrix(...area, table));
    const expected = pixels.map((pixel) => colourMatrix(pixel, matrix));
    // Three products and two sums, each rounded relative to the largest product; below 2^-126 floats have fewer bits.
    const unit = (i: number): number => Math.max(...pixels[i]!.map(Math.abs), 2 ** -126) * 1.7 * 2 ** -24;
    expect(largestError(actual, expected, unit).error).toBeLessThan(5);
  });

  const random = seededRandom(8);
  const anyEntry: Entry = () => [random() * 60 - 30, 0.5 + random(), 0.6 + 0.8 * random()];

  it.each([
    [[90, 30, 1], 'linear'],
    [[36, 8, 16], 'linear'],
    [[36, 8, 16], 'srgb'],
    [[6, 2, 2], 'srgb'],
    [[1, 2, 1], 'linear'],
    [[1, 1, 1], 'srgb'],
  ] as const)('a hue/saturation table of %j entries, %s', (divisions, encoding) => {
    const map = tableFrom(divisions, encoding, anyEntry);
    const pixels = testPixels().map(([r, g, b]): Vector3 => [Math.min(r, 5), Math.min(g, 5), Math.min(b, 5)]);
    const expected = pixels.map((pixel) => reference(pixel, map));
    const actual = throughMap(pixels, map);
    // A hue is a quotient of differences, good to some 2^-23 of a turn; the table multiplies that by its entries' number
    // and by how far neighbours are apart. The tabulated curves of the sRGB encoding add their chords' error.
    const chords = encoding === 'srgb' ? CHORDS : 0;
    const unit = (i: number): number => 1e-4 * Math.max(...pixels[i]!, 0) + chords + 1e-9;
    expect(largestError(actual, expected, unit).error).toBeLessThan(1);
  });

  it('and a pixel does not depend on its neighbours', () => {
    const map = tableFrom([12, 4, 3], 'srgb', anyEntry);
    const pixels = testPixels(300);
    const [, ...moved] = throughMap([[3, -1, 0.2], ...pixels], map);
    expect(moved).toEqual(throughMap(pixels, map));
  });
});

describe('colour: hue/saturation tables (DNG 1.6, chapter 6)', () => {
  const value = fc.double({ min: 0, max: 1.5, noNaN: true }).map(Math.fround);
  const anyPixel = fc.tuple(value, value, value);

  it('hue, saturation and value go there and back', () => {
    fc.assert(
      fc.property(anyPixel, (pixel) => {
        rgbOf(hsvOf(pixel)).forEach((after, i) => {
          expect(after).toBeCloseTo(pixel[i]!, 12);
        });
      }),
    );
  });

  it.each(['linear', 'srgb'] as const)('an identity table changes nothing, %s', (encoding) => {
    const map = tableFrom([6, 3, 4], encoding, () => [0, 1, 1]);
    const pixels = fc.sample(anyPixel, 500);
    const change = largestError(throughMap(pixels, map), pixels, (i) => Math.max(...pixels[i]!, 1));
    // Linear: roundings of hue and sector.
    expect(change.error).toBeLessThan(encoding === 'linear' ? 1e-6 : CHORDS);
  });

  it('a shift of 60 degrees turns red to yellow, of -120 red to blue', () => {
    const turned = (degrees: number): Vector3 =>
      throughMap(
        [[0.5, 0, 0]],
        tableFrom([6, 2, 1], 'linear', () => [degrees, 1, 1]),
      )[0]!;
    expect(turned(60)).toEqual([0.5, 0.5, 0]);
    expect(turned(-120)).toEqual([0, 0, 0.5]);
  });

  it('a saturation scale of 0 makes grey of the largest channel; saturation stops at 1', () => {
    const scaled = (scale: number): Vector3 =>
      throughMap(
        [[0.5, 0.25, 0.125]],
        tableFrom([6, 2, 1], 'linear', () => [0, scale, 1]),
      )[0]!;
    expect(scaled(0)).toEqual([0.5, 0.5, 0.5]);
    expect(Math.min(...scaled(5))).toBe(0);
  });

  it('a value scale is one of light under linear encoding, one of the encoded value under sRGB', () => {
    const halved = (encoding: HueSatMap['encoding']): number =>
      throughMap(
        [[0.5, 0.5, 0.5]],
        tableFrom([1, 2, 1], encoding, () => [0, 1, 0.5]),
      )[0]![0];
    expect(halved('linear')).toBe(0.25);
    expect(halved('srgb')).toBeCloseTo(srgbDecode(srgbEncode(0.5) / 2), 5);
  });

  it('value divisions lie evenly on the encoded value', () => {
    const steps = (encoding: HueSatMap['encoding']): HueSatMap =>
      tableFrom([1, 1, 3], encoding, (_h, _s, v) => [0, 1, v === 0.5 ? 0.5 : 1]);
    const grey = (light: number): Vector3 => [light, light, light];
    expect(throughMap([grey(0.5)], steps('linear'))[0]![0]).toBe(0.25);
    expect(throughMap([grey(0.75)], steps('linear'))[0]![0]).toBeCloseTo(0.75 * 0.75, 6);
    const middle = srgbDecode(0.5);
    expect(throughMap([grey(middle)], steps('srgb'))[0]![0]).toBeCloseTo(srgbDecode(0.25), 5);
  });

  it.each(['linear', 'srgb'] as const)('nothing jumps where a value passes white, %s', (encoding) => {
    const map = tableFrom([6, 2, 2], encoding, () => [0, 1, 0.8]);
    const [below, at, above] = throughMap(
      [0.99999, 1, 1.00001].map((v): Vector3 => [v, v / 2, v / 4]),
      map,
    );
    expect(at![0] - below![0]).toBeLessThan(5e-5);
    expect(above![0] - at![0]).toBeLessThan(5e-5);
    expect(above![0]).toBeGreaterThan(below![0]);
  });

  it('hues on both sides of red are looked up in one circle', () => {
    const map = tableFrom([8, 2, 1], 'linear', (hue) => [hue === 0 ? 10 : 0, 1, 1]);
    const [before, after] = throughMap(
      [
        [0.5, 0, 1e-6],
        [0.5, 1e-6, 0],
      ],
      map,
    );
    expect(Math.abs(hsvOf(before!)[0] - hsvOf(after!)[0])).toBeLessThan(0.001);
    expect(hsvOf(after!)[0]).toBeCloseTo(10, 3);
  });

  describe('two calibrations', () => {
    const a = tableFrom([2, 2, 1], 'linear', () => [0, 1, 1]);
    const b = tableFrom([2, 2, 1], 'linear', () => [20, 2, 3]);
    const weighted = (
      x: HueSatMap | undefined,
      y: HueSatMap | undefined,
      weight: number,
    ): HueSatMap | undefined =>
      mixedHueSatMap([
        { calibration: { illuminant: 17, ...(x && { hueSatMap: x }) }, weight: 1 - weight },
        { calibration: { illuminant: 21, ...(y && { hueSatMap: y }) }, weight },
      ]);

    it('are mixed by their weights', () => {
      expect(weighted(a, b, 0)?.data).toEqual(a.data);
      expect(weighted(a, b, 1)?.data).toEqual(b.data);
      expect(Array.from(weighted(a, b, 0.25)!.data.slice(0, 3))).toEqual([5, 1.25, 1.5]);
    });

    it('where only one has a table it is used', () => {
      expect(weighted(undefined, b, 0.25)?.data).toEqual(b.data);
      expect(weighted(undefined, undefined, 0.25)).toBeUndefined();
    });

    it('tables of different grids are never mixed entry by entry, equally long or not', () => {
      const other = tableFrom([4, 1, 1], 'linear', () => [20, 2, 3]);
      expect(other.data.length).toBe(a.data.length);
      expect(weighted(a, other, 0.5)).toBe(a);
    });
  });
});

describe('colour: camera RGB to the working space', () => {
  const toRec2020 = (rgb: Vector3): Vector3 => apply(rgbToRgb(SRGB, REC2020), rgb);

  it('a camera whose primaries are sRGB’s shows sRGB colours as they are', () => {
    const pixels: Vector3[] = [
      [1, 1, 1],
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [0.2, 0.5, 0.7],
    ];
    // Matrices are computed in double precision and rounded once; D65 as a temperature misses the chromaticity of the
    // space by Robertson's error and its distance from the Planckian locus.
    const error = largestError(throughStage(pixels, calibrated({})), pixels.map(toRec2020), () => 1);
    expect(error.error).toBeLessThan(2e-3);
  });

  it('a neutral is neutral whatever the matrices and the white', () => {
    const entry = fc.double({ min: -0.3, max: 0.3, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(entry, { minLength: 9, maxLength: 9 }),
        fc.tuple(...[0, 1, 2].map(() => fc.double({ min: 0.3, max: 1, noNaN: true }))),
        (noise, neutral) => {
          const colorMatrix = SRGB_CAMERA.map((m, i) => m + noise[i]! * 0.3) as unknown as Matrix3;
          const [out] = throughStage([[0.5, 0.5, 0.5]], {
            ...calibrated({ colorMatrix }),
            asShotNeutral: neutral,
          });
          // Bradford and the inverse in double precision; the rest is rounding of entries up to about 5.
          expect(most(out!, (v) => Math.abs(v - out![1]))).toBeLessThan(1e-5);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("the file's hue/saturation table is applied in ProPhoto RGB, and left out on request", () => {
    const hueSatMap = tableFrom([6, 2, 1], 'linear', () => [60, 1, 1]);
    const red = apply(rgbToRgb(PROPHOTO, SRGB), [0.5, 0.25, 0.25]);
    const [turned] = throughStage([red], calibrated({ hueSatMap }));
    const [plain] = throughStage([red], calibrated({ hueSatMap }), 'matrix');
    const inProPhoto = (pixel: Vector3): Vector3 => apply(rgbToRgb(REC2020, PROPHOTO), pixel);
    // The camera's white misses D65 by Robertson's error, as above.
    expect(
      largestError(
        [inProPhoto(turned!), inProPhoto(plain!)],
        [
          [0.5, 0.5, 0.25],
          [0.5, 0.25, 0.25],
        ],
        () => 1,
      ).error,
    ).toBeLessThan(2e-3);
  });

  it('scales of the colour matrix do not change the picture', () => {
    const twice = multiply(diagonal([2, 2, 2]), SRGB_CAMERA);
    const pixels: Vector3[] = [[0.3, 0.6, 0.9]];
    const [a, b] = [
      throughStage(pixels, calibrated({})),
      throughStage(pixels, calibrated({ colorMatrix: twice })),
    ];
    expect(largestError(a, b, () => 1).error).toBeLessThan(1e-6);
  });

  it('says that it assumes linear sRGB where the file has no matrix', () => {
    const said: string[] = [];
    const frame = bayerFrame(4, 4, flat(1, 1, 1), { color: { calibrations: [] }, asShotNeutral: [1, 1, 1] });
    const pixels: Vector3[] = [[0.3, 0.6, 0.9]];
    const out = bench.throughStage(stage as Stage, pixels, bench.context(frame, {}, said), {
      profile: 'full',
    });
    expect(said).toEqual(['no colour matrix in the file: camera RGB is taken for linear sRGB']);
    expect(largestError(out, pixels.map(toRec2020), () => 1).error).toBeLessThan(1e-6);
  });
});
