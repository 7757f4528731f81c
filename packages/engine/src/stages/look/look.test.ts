import { beforeAll, describe, expect, it } from 'vitest';
import type { Vector3 } from '../../colour/matrix3.js';
import { apply } from '../../colour/matrix3.js';
import { monotoneCurve } from '../../colour/monotoneCurve.js';
import { oklabOf } from '../../colour/oklab.js';
import { REC2020, rgbToRgb, SRGB, srgbDecode, srgbEncode } from '../../colour/spaces.js';
import type { Stage } from '../../stage.js';
import { largestError, largestFall, most, testPixels } from '../../testing/extremes.js';
import { bayerFrame, flat } from '../../testing/frames.js';
import { KernelBench } from '../../testing/KernelBench.js';
import { chromaOf, hueOf } from '../../testing/oklab.js';
import { seededRandom } from '../../testing/random.js';
import { type CubeLut, parseCube } from './cube.js';
import { look as stage } from './index.js';
import type { Look } from './Look.js';
import { LOOKS, type LookName } from './looks.js';
import { aroundHues, rendering, tetrahedral } from './reference.js';
import { cubeTable, domainOf, LOOK_SIZE, lookTable } from './table.js';

let bench: KernelBench;
beforeAll(async () => {
  bench = await KernelBench.create();
});

const ALL = Object.entries(LOOKS) as [LookName, Look][];
const NAMES = ALL.map(([name]) => name);
const COLOURED = ALL.filter(([, { mono }]) => mono === undefined);

function throughStage(pixels: readonly Vector3[], values: object, lut?: CubeLut): Vector3[] {
  const context = { ...bench.context(bayerFrame(4, 4, flat(1, 1, 1))), lut };
  return bench.throughStage(stage as Stage, pixels, context, {
    name: 'faithful',
    strength: 1,
    lut: null,
    lutSpace: 'srgb',
    ...values,
  });
}

/** Colours of photographs: inside of sRGB, and not darker than a well lit shadow. */
function sceneColours(count: number, seed: number): Vector3[] {
  const next = seededRandom(seed);
  const toWorking = rgbToRgb(SRGB, REC2020);
  return Array.from({ length: count }, () => {
    const level = 0.02 + 0.9 * next() ** 2;
    return apply(toWorking, [level * next(), level * next(), level * next()]);
  });
}

function turnBetween(a: number, b: number): number {
  return Math.abs(((a - b + 540) % 360) - 180);
}

describe('look: the kernel equals the reference', () => {
  it.each(['clear', 'print', 'noir'] as const)('a look’s table, at any pixel (%s)', (name) => {
    const table = lookTable(LOOKS[name], 1);
    const place = (value: number): number => Math.cbrt(Math.min(Math.max(value, 0), 1)) * (LOOK_SIZE - 1);
    const pixels = testPixels();
    const expected = pixels.map(([r, g, b]) => {
      const out = tetrahedral(table, LOOK_SIZE, 4, [place(r), place(g), place(b)]);
      return out.map((value) => value ** 3) as unknown as Vector3;
    });
    // The kernel's cube root is right to 8e-6 of itself, three times that of the light.
    const { error } = largestError(throughStage(pixels, { name }), expected, () => 3e-5);
    expect(error).toBeLessThanOrEqual(1);
  });

  it('a table that changes nothing changes nothing, for light from 0 to 1', () => {
    const identity = lookTable({ title: '', keepsHue: true }, 1);
    const next = seededRandom(4);
    const pixels = Array.from({ length: 500 }, (): Vector3 => [next(), next(), next()]);
    const domain = bench.heap.place(domainOf([0, 0, 0], [1, 1, 1], LOOK_SIZE));
    const address = bench.heap.place(identity);
    const out = bench.onPixels(pixels, (area) =>
      bench.kernels.lookTable(...area, address, LOOK_SIZE, domain, 0, 0),
    );
    // As above: a tenth of the step of 8 bits in the darkest tones.
    expect(largestError(out, pixels, () => 1).error).toBeLessThan(3e-5);
  });

  it('what is no number is black, and a pixel does not depend on its neighbours', () => {
    const [odd] = throughStage([[Number.NaN, Number.NaN, Number.NaN]], { name: 'vivid' });
    expect(odd).toEqual([0, 0, 0]);
    const pixels = testPixels(100);
    const [, ...moved] = throughStage([[9, -1, 3], ...pixels], { name: 'vivid' });
    expect(moved).toEqual(throughStage(pixels, { name: 'vivid' }));
  });

  it('the table is close to the look itself: less than half of a just noticeable difference', () => {
    const colours = sceneColours(3000, 8);
    for (const [name, look] of ALL) {
      const render = rendering(look, 1);
      const out = throughStage(colours, { name });
      const distance = (pixel: Vector3, i: number): number => {
        const [a, b] = [oklabOf(pixel), oklabOf(render(colours[i]!))];
        return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
      };
      // About 0.02 in Oklab is just noticed.
      expect(most(out, distance), name).toBeLessThan(0.01);
      expect(out.reduce((sum, pixel, i) => sum + distance(pixel, i), 0) / out.length, name).toBeLessThan(
        0.001,
      );
    }
  });
});

describe('looks', () => {
  it.each(NAMES)('%s: stays in [0, 1], whatever comes in', (name) => {
    const out = throughStage(testPixels(2000), { name, strength: 1.5 }).flat();
    if (name === 'faithful') return;
    expect(most(out, (value) => -value)).toBeLessThanOrEqual(0);
    expect(most(out, (value) => value)).toBeLessThanOrEqual(1 + 2 ** -20);
  });

  it.each(NAMES)('%s: greys rise with light, and more of the look never makes them fall', (name) => {
    const greys = Array.from({ length: 200 }, (_, i): Vector3 => {
      const light = (i / 199) ** 2;
      return [light, light, light];
    });
    // A few roundings of a value of at most 1.
    for (const strength of [0.5, 1, 1.5])
      expect(largestFall(throughStage(greys, { name, strength }).map(([, g]) => g))).toBeLessThan(2 ** -20);
  });

  it.each(ALL.filter(([, { split }]: [LookName, Look]) => split === undefined).map(([name]) => name))(
    '%s: neutrals stay neutral',
    (name) => {
      const greys = [0, 0.01, 0.1, 0.3, 0.7, 1].map((v): Vector3 => [v, v, v]);
      expect(most(throughStage(greys, { name }), chromaOf)).toBeLessThan(2e-4);
    },
  );

  it.each(ALL.map(([name, { split }]: [LookName, Look]) => [name, split] as const))(
    '%s: black and white stay free of a cast',
    (name) => {
      expect(
        most(
          throughStage(
            [
              [0, 0, 0],
              [1, 1, 1],
            ],
            { name },
          ),
          chromaOf,
        ),
      ).toBeLessThan(1e-3);
    },
  );

  it.each(ALL.filter(([, { mono }]: [LookName, Look]) => mono !== undefined).map(([name]) => name))(
    '%s: has no colour but its own tone',
    (name) => {
      const out = throughStage(sceneColours(500, 3), { name });
      const split = (LOOKS[name] as Look).split;
      const most_ = Math.max(split?.shadows?.chroma ?? 0, split?.highlights?.chroma ?? 0);
      // Both casts overlap in the middle; the table's chords add a little.
      expect(most(out, chromaOf)).toBeLessThan(1.6 * most_ + 1e-3);
      const { mono = [0, 0, 0] } = LOOKS[name] as Look;
      const [, b] = mono;
      expect(b).toBeGreaterThan(0);
      expect(mono.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    },
  );

  it.each(COLOURED.filter(([, { keepsHue }]) => keepsHue).map(([name]) => name))(
    '%s: a colour’s hue stays put over four stops of light (Oklab)',
    (name) => {
      const colours = sceneColours(400, 5).filter(
        (colour) => Math.max(...colour) < 0.9 && chromaOf(colour) > 0.05,
      );
      expect(colours.length).toBeGreaterThan(100);
      const stops = [0, 0.5, 1, 2, 3, 4];
      const byStop = stops.map((stop) =>
        throughStage(
          colours.map((colour) => colour.map((value) => value * 2 ** -stop) as unknown as Vector3),
          { name },
        ).map(hueOf),
      );
      const turns = byStop.map((hues) => hues.map((hue, i) => turnBetween(hue, byStop[0]![i]!)));
      // The look itself turns nothing by light; what is left are chords of the table.
      expect(Math.max(...turns.flat())).toBeLessThan(3);
      expect(turns.flat().reduce((sum, turn) => sum + turn, 0) / turns.flat().length).toBeLessThan(0.3);
    },
  );

  it.each(NAMES)('%s: keeps its promise of hue by its data', (name) => {
    const { split, keepsHue, mono } = LOOKS[name] as Look;
    expect(keepsHue).toBe(split === undefined);
    expect(mono === undefined || split !== undefined || keepsHue).toBe(true);
  });

  it.each(COLOURED.map(([name]) => name))(
    '%s: hues keep their order around the circle, overdone too',
    (name) => {
      const { hues } = LOOKS[name] as Look;
      const change = aroundHues(hues);
      const out = Array.from({ length: 361 }, (_, hue) => hue + 1.5 * change(hue % 360).turn);
      // Colours apart stay apart: at least a third of their distance.
      expect(most(out.slice(1), (value, i) => out[i]! + 1 / 3 - value)).toBeLessThan(0);
    },
  );

  it('faithful leaves the picture as it is, and so does every look at strength 0', () => {
    const context = bench.context(bayerFrame(4, 4, flat(1, 1, 1)));
    const values = { lut: null, lutSpace: 'srgb' } as const;
    expect(stage.plan({ ...values, name: 'faithful', strength: 1 }, context)).toBeUndefined();
    for (const name of NAMES) expect(stage.plan({ ...values, name, strength: 0 }, context)).toBeUndefined();
  });

  it('clear keeps skin, and makes skies deeper: what its README says', () => {
    const render = rendering(LOOKS.clear, 1);
    const toWorking = rgbToRgb(SRGB, REC2020);
    const srgb = (r: number, g: number, b: number): Vector3 =>
      apply(toWorking, [srgbDecode(r / 255), srgbDecode(g / 255), srgbDecode(b / 255)]);
    // ColorChecker's light skin and blue sky, as sRGB (X-Rite).
    const [skin, sky] = [srgb(194, 150, 130), srgb(98, 122, 157)];
    const change = (colour: Vector3): Vector3 => {
      const out = render(colour);
      return [
        oklabOf(out)[0] - oklabOf(colour)[0],
        chromaOf(out) / chromaOf(colour),
        turnBetween(hueOf(out), hueOf(colour)),
      ];
    };
    const [skinLight, skinChroma, skinTurn] = change(skin);
    expect(Math.abs(skinLight)).toBeLessThan(0.01);
    expect(Math.abs(skinChroma - 1)).toBeLessThan(0.08);
    expect(skinTurn).toBeLessThan(1);
    const [skyLight, skyChroma] = change(sky);
    expect(skyLight).toBeLessThan(-0.005);
    expect(skyChroma).toBeGreaterThan(1.1);
  });
});

describe('look: curves', () => {
  it('a monotone curve goes through its points, never overshoots and is level beyond its ends', () => {
    const points = [
      [0, 0.1],
      [0.3, 0.1],
      [0.4, 0.8],
      [1, 0.9],
    ] as const;
    const curve = monotoneCurve(points);
    for (const [x, y] of points) expect(curve(x)).toBeCloseTo(y, 12);
    const values = Array.from({ length: 201 }, (_, i) => curve(i / 200));
    expect(largestFall(values)).toBeLessThanOrEqual(1e-12);
    expect([curve(-1), curve(2)]).toEqual([0.1, 0.9]);
  });

  it('hue points are met, and between them nothing lies beyond its neighbours, across 360 too', () => {
    const points = [
      { hue: 40, turn: 1 },
      { hue: 300, turn: 5 },
    ];
    const at = (hue: number): number => aroundHues(points)(hue).turn;
    expect([at(40), at(300), at(170), at(350), at(0)].map((v) => Math.round(v * 1e9) / 1e9)).toEqual([
      1,
      5,
      3,
      3,
      expect.closeTo(5 - 4 * 0.6 ** 2 * (3 - 1.2), 8),
    ]);
  });
});

describe('look: a table from a file', () => {
  const next = seededRandom(6);
  const inSrgb = Array.from({ length: 300 }, (): Vector3 => [next(), next(), next()]);
  const working = inSrgb.map((rgb) => apply(rgbToRgb(SRGB, REC2020), rgb));
  const shown = (pixels: readonly Vector3[]): Vector3[] =>
    pixels.map(
      (pixel) =>
        apply(rgbToRgb(REC2020, SRGB), pixel).map((v) => srgbEncode(Math.max(v, 0))) as unknown as Vector3,
    );
  const encoded = inSrgb.map((rgb) => rgb.map(srgbEncode) as unknown as Vector3);

  /** A table of a function of encoded values. */
  function cubeOf(size: number, f: (rgb: Vector3) => Vector3, head = ''): CubeLut {
    const lines: string[] = [];
    const at = (i: number): number => i / (size - 1);
    for (let b = 0; b < size; b++)
      for (let g = 0; g < size; g++)
        for (let r = 0; r < size; r++) lines.push(f([at(r), at(g), at(b)]).join(' '));
    return parseCube(`LUT_3D_SIZE ${size}\n${head}${lines.join('\n')}`);
  }

  it('is applied to encoded sRGB values: channels change places', () => {
    const out = shown(
      throughStage(
        working,
        {},
        cubeOf(2, ([r, g, b]) => [g, b, r]),
      ),
    );
    const expected = encoded.map(([r, g, b]): Vector3 => [g, b, r]);
    // The tabulated transfer functions, there and back, and 32-bit matrices.
    expect(largestError(out, expected, () => 1).error).toBeLessThan(1e-4);
  });

  it('is read by tetrahedra: exact on a function that is linear in each of them', () => {
    const lut = cubeOf(3, ([r, g, b]) => [Math.max(r, g), Math.min(g, b), Math.max(r, g, b)]);
    const out = shown(throughStage(working, {}, lut));
    const expected = encoded.map(
      ([r, g, b]): Vector3 => tetrahedral(cubeTable(lut), 3, 4, [2 * r, 2 * g, 2 * b]),
    );
    expect(largestError(out, expected, () => 1).error).toBeLessThan(1e-4);
  });

  it('has a domain: values outside of it are taken for its ends', () => {
    const half = cubeOf(2, (rgb) => rgb, 'DOMAIN_MIN 0.25 0.25 0.25\nDOMAIN_MAX 0.75 0.75 0.75\n');
    const out = shown(throughStage(working, {}, half));
    const expected = encoded.map(
      (rgb) => rgb.map((v) => Math.min(Math.max((v - 0.25) / 0.5, 0), 1)) as unknown as Vector3,
    );
    expect(largestError(out, expected, () => 1).error).toBeLessThan(4e-4);
  });

  it('may be a curve for each channel', () => {
    const lut = parseCube('LUT_1D_SIZE 3\n0 0 1\n.25 .5 .5\n1 1 0\n');
    const out = shown(throughStage(working, {}, lut));
    const expected = encoded.map(
      ([r, g, b]): Vector3 => [r < 0.5 ? r / 2 : 0.25 + (r - 0.5) * 1.5, g, 1 - b],
    );
    expect(largestError(out, expected, () => 1).error).toBeLessThan(2e-4);
  });

  it('of extreme values, with extreme domains, gives light in [0, 1] for any pixel, and reads nothing beyond its end', () => {
    const { heap } = bench;
    for (const kind of ['LUT_1D_SIZE 2', 'LUT_3D_SIZE 2'])
      for (const domain of [
        'DOMAIN_MIN -1e30 -1e30 -1e30\nDOMAIN_MAX 1e30 1e30 1e30',
        'DOMAIN_MAX 1e-6 1e-6 1e-6',
      ]) {
        const count = kind === 'LUT_1D_SIZE 2' ? 2 : 8;
        const entries = Array.from({ length: count }, (_, i) =>
          i % 2 === 0 ? '-1e30 1e30 0' : '1e30 -1e30 1',
        );
        const lut = parseCube(`${kind}\n${domain}\n${entries.join('\n')}`);
        const odd = [Number.NaN, Infinity, -Infinity, 3e38, -3e38, 1e-45, 0.5];
        const pixels = odd.flatMap((r) => odd.flatMap((g) => odd.map((b): Vector3 => [r, g, b])));
        const out = throughStage(pixels, {}, lut).flat();
        expect(out.filter((value) => !(value >= -1e-6 && value <= 1 + 1e-6))).toEqual([]);
        // The table again, where the memory ends: a load beyond it would trap.
        const table = cubeTable(lut);
        const end = heap.memory.buffer.byteLength - table.byteLength;
        new Float32Array(heap.memory.buffer, end, table.length).set(table);
        const place = heap.place(domainOf(lut.domainMin, lut.domainMax, lut.size));
        const kernel = lut.kind === '3d' ? bench.kernels.lookTable : bench.kernels.lookCurves;
        expect(() => bench.onPixels(pixels, (area) => kernel(...area, end, 2, place, 0, 0))).not.toThrow();
      }
  });

  it('comes after the look', () => {
    const swap = cubeOf(2, ([r, g, b]) => [g, b, r]);
    const both = throughStage(working, { name: 'mono' }, swap);
    expect(largestError(both, throughStage(working, { name: 'mono' }), () => 1).error).toBeLessThan(1e-3);
  });
});
