import { describe, expect, it } from 'vitest';
import { KernelBench } from '../../testing/KernelBench.js';
import { seededRandom } from '../../testing/random.js';
import { agreementTable, boxesOf } from './agreement.js';
import {
  BLOCK,
  backwardNodes,
  beliefOf,
  blockFall,
  cellColour,
  colourAdded,
  excessOf,
  extentOf,
  type Fall,
  fallOf,
  integerOf,
  lightAdded,
  mosaicOf,
  PREDICTED_LEAN,
  type Residuals,
  SUMMED_LEAN,
  sampleLight,
  tapSum,
} from './reference.js';
import { cubicTaps, forwardNodes, gaussTaps, type Nodes } from './tables.js';

const random = seededRandom(5);
/** A hand's motion with a little shear, on nodes every 32 pixels. */
const NODES: Nodes = forwardNodes({
  step: 32,
  columns: 6,
  rows: 5,
  offsets: Float32Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? -7.3 : 4.1) + 0.4 * random()),
  trust: Float32Array.from({ length: 30 }, () => random()),
  global: { dx: 0, dy: 0, rotationDeg: 0, scale: 1 },
});

/** A turn that pixels of a block overlook. */
const TURNED: Nodes = {
  ...NODES,
  values: NODES.values.map((_, i) => {
    const [x, y] = [Math.floor(i / 3) % NODES.columns, Math.floor(i / 3 / NODES.columns)];
    return [-7.31 + 0.09 * y, 4.12 - 0.08 * x, 0.8][i % 3]!;
  }),
};

describe('places', () => {
  it('fall where the reference says, to the last bit, wherever the row and the box begin', async () => {
    const { kernels, heap } = await KernelBench.create();
    const nodes = heap.place(NODES.values);
    const [count, stride] = [60, 64 * 4];
    for (const [from, left, top] of [
      [3, -8, -8],
      [40, 22, 30],
      [0, -6, 10],
    ] as const) {
      const out = heap.allocate(5 * stride + 64);
      for (let y = 20; y < 60; y += 7) {
        const [width, height, rowBytes] = [96, 90, 400];
        kernels.burstPlaces(
          nodes,
          NODES.columns,
          NODES.rows,
          NODES.spacing,
          from,
          1,
          count,
          y,
          left,
          top,
          width,
          height,
          rowBytes,
          out,
          stride,
        );
        const words = new Int32Array(heap.memory.buffer, out, 5 * 64).slice();
        const trust = new Float32Array(heap.memory.buffer, out + 3 * stride, 64).slice();
        for (let i = 0; i < count; i++) {
          const fall = fallOf(NODES, from + i, y);
          const [column, row] = [fall.column - left, fall.row - top];
          const inside = column >= 0 && row >= 0 && column + 4 <= width && row + 4 <= height;
          expect(words[i]).toBe(inside ? row * rowBytes + column * 4 : -1);
          expect([words[64 + i], words[128 + i]]).toEqual([fall.across * 16, fall.down * 16]);
          expect(trust[i]).toBe(fall.trust);
        }
      }
    }
  });

  it('of the way back undo those of the way there, to a hundredth of a pixel', () => {
    // Shears that a hand makes; nodes at random would fold.
    const smooth: Nodes = {
      ...NODES,
      values: NODES.values.map((_, i) => {
        const [x, y] = [Math.floor(i / 3) % NODES.columns, Math.floor(i / 3 / NODES.columns)];
        return [-7.3 + 0.09 * y, 4.1 - 0.08 * x, 1][i % 3]!;
      }),
    };
    const back = backwardNodes(smooth);
    const at = ({ spacing, columns, values }: Nodes, x: number, y: number): [number, number] => {
      const [i, j] = [Math.min(Math.floor(x / spacing), columns - 2), Math.min(Math.floor(y / spacing), 3)];
      const [u, v] = [x / spacing - i, y / spacing - j];
      return [0, 1].map((k) => {
        const n = (a: number, b: number): number => values[((j + b) * columns + i + a) * 3 + k]!;
        return (n(0, 0) * (1 - u) + n(1, 0) * u) * (1 - v) + (n(0, 1) * (1 - u) + n(1, 1) * u) * v;
      }) as [number, number];
    };
    for (let y = 10; y < 110; y += 9)
      for (let x = 10; x < 140; x += 11) {
        const [dx, dy] = at(smooth, x, y);
        const [bx, by] = at(back, x + dx, y + dy);
        expect(Math.hypot(dx + bx, dy + by)).toBeLessThan(0.01);
      }
  });

  it('are worked out by kernels to the last bit', async () => {
    const { kernels, heap } = await KernelBench.create();
    for (const nodes of [NODES, TURNED]) {
      const { columns, rows, spacing, values } = nodes;
      const there = heap.place(values);
      const back = heap.allocate(values.byteLength);
      kernels.burstWayBack(there, columns, rows, spacing, back);
      expect(new Float32Array(heap.memory.buffer, back, values.length)).toEqual(backwardNodes(nodes).values);
      const extent = heap.allocate(32);
      for (const [x0, y0, x1, y1] of [
        [0, 0, 64, 64],
        [64, 24, 150, 120],
        [17, 3, 20, 5],
        [128, 112, 400, 300],
      ] as const) {
        kernels.burstExtent(there, columns, rows, spacing, x0, y0, x1, y1, extent);
        expect(new Float64Array(heap.memory.buffer, extent, 4)).toEqual(extentOf(nodes, x0, y0, x1, y1));
      }
    }
  });

  it('of a tile lie in its box with all that is read around them', () => {
    const [width, height, tile] = [150, 120, 64];
    const across = Math.ceil(width / tile);
    boxesOf(
      (...ends) => extentOf(NODES, ...ends),
      { width, height },
      { width, height },
      { width: tile, height: tile },
    ).forEach(([left, top, boxWidth, boxHeight], index) => {
      expect([left % 2, top % 2, boxWidth % 8, boxHeight % 2].map(Math.abs)).toEqual([0, 0, 0, 0]);
      const [x0, y0] = [(index % across) * tile, Math.floor(index / across) * tile];
      let least = Infinity;
      for (let y = y0; y < Math.min(y0 + tile, height); y++)
        for (let x = x0; x < Math.min(x0 + tile, width); x++) {
          const { column, row } = fallOf(NODES, x, y);
          if (column < 0 || row < 0 || column + 4 > width || row + 4 > height) continue;
          const beyond = [left + boxWidth - column - 4, top + boxHeight - row - 4];
          least = Math.min(least, column - left, row - top, ...beyond);
        }
      // Two cells at the box's border have no weight.
      expect(least).toBeGreaterThanOrEqual(4);
    });
  });
});

describe('a frame beside the estimate', () => {
  it.each([
    ['a hand that turns and an object that moves', NODES],
    ['a hand that hardly turns', TURNED],
  ])(
    'is predicted, judged and weighted as the reference does, to rounding, for each Bayer pattern: %s',
    async (_, way) => {
      const { kernels, heap } = await KernelBench.create();
      const [width, height] = [48, 36];
      const cubic = cubicTaps();
      const planes = [0, 1, 2].map(() => Float32Array.from({ length: 64 * 64 }, () => 0.2 + 0.3 * random()));
      const placed = heap.place(Float32Array.from(planes.flatMap((plane) => [...plane])));
      const tapsAt = heap.place(cubic);
      const nodes = heap.place(way.values);
      const shade = [0.01, 0.02, 0.03];
      const noise = [0, 1, 2].map((c) => ({ scale: 0.022 + 0.003 * c, offset: 1e-4 }));
      const table = agreementTable(noise, noise, 1, shade, 0.45);
      const tableAt = heap.place(table);
      const believed: number[] = [];
      for (const pattern of [
        [0, 1, 1, 2],
        [1, 0, 2, 1],
        [1, 2, 0, 1],
        [2, 1, 1, 0],
      ]) {
        const light = Float32Array.from({ length: width * height }, () => 0.2 + 0.35 * random());
        const [rows, plane] = [heap.allocate(width * height * 12 + 64), width * height * 4];
        const lightAt = heap.place(light);
        const limit = 0.53;
        for (let y = 0; y < height; y++) {
          kernels.burstResidualRow(
            nodes,
            6,
            5,
            32,
            8,
            y + 4,
            width,
            lightAt + y * width * 4,
            placed,
            64 * 64 * 4,
            256,
            64,
            64,
            pattern[(y & 1) * 2]!,
            pattern[(y & 1) * 2 + 1]!,
            tapsAt,
            limit,
            rows + y * width * 4,
            plane,
          );
        }
        const residual: number[] = [];
        const prediction: number[] = [];
        const use: number[] = [];
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++) {
            const sample = light[y * width + x]!;
            const first = x - (x % BLOCK);
            const values = planes[pattern[(y & 1) * 2 + (x & 1)]!]!;
            const predicted = tapSum(
              { width: 64, height: 64, values },
              cubic,
              blockFall(way, 8 + first, 3.5, x - first, y + 4, PREDICTED_LEAN),
            );
            const usable = predicted !== undefined && Math.min(sample, predicted) < limit;
            residual.push(usable ? sample - predicted : 0);
            prediction.push(usable ? predicted : 0);
            use.push(usable ? 1 : 0);
          }
        const got = (k: number): Float32Array =>
          new Float32Array(heap.memory.buffer, rows + k * plane, width * height).slice();
        // Sums of 16 products in single precision.
        residual.forEach((value, i) => {
          expect(got(0)[i]! - value).toBeCloseTo(0, 6);
        });
        expect(got(2)).toEqual(Float32Array.from(use));

        const cells = (width / 2 + 8) * (height / 2);
        const scratch = heap.allocate((14 * cells + 13 * (width / 2 + 8)) * 4 + 256);
        kernels.burstWeights(rows, width, width, height, tableAt, pattern.indexOf(0), scratch);
        const frame: Residuals = { width, height, pattern, residual, prediction, use };
        const belief = beliefOf(frame, table);
        believed.push(...belief);
        for (let i = 0; i < width * height; i++) {
          const [x, y] = [i % width, Math.floor(i / width)];
          const weight = belief[(y >> 1) * (width / 2) + (x >> 1)]! * use[i]!;
          const colour = pattern[(y & 1) * 2 + (x & 1)]!;
          // A weight is a sum of quotients whose rounding adds up.
          expect(got(2)[i]! - weight).toBeCloseTo(0, 4);
          expect(got(0)[i]! - weight * residual[i]!).toBeCloseTo(0, 4);
          expect(got(1)[i]! - weight * (prediction[i]! + shade[colour]!)).toBeCloseTo(0, 4);
        }
      }
      expect(believed.some((value) => value > 0.1 && value < 0.9)).toBe(true);
    },
  );

  it.each([
    ['a hand that turns', NODES, 8],
    ['a hand that hardly turns', TURNED, 8],
    ['another box', TURNED, 40],
    [
      'motion that no block overlooks',
      { ...NODES, values: NODES.values.map((v, i) => (i % 3 === 0 ? 3 * v : v)) },
      24,
    ],
  ])('is gathered by light and by colour as the taps say: %s', async (_, way, from) => {
    const { kernels, heap } = await KernelBench.create();
    const [width, height, count] = [72, 48, 40];
    const [left, top] = [from - 16, 2];
    const plane = width * height;
    const data = Float32Array.from({ length: 3 * plane + 16 }, () => random());
    const rows = heap.place(data);
    const taps = gaussTaps(0.5);
    const tapsAt = heap.place(taps);
    const nodes = heap.place(way.values);
    const sheet = (k: number) => ({ width, height, values: data.subarray(k * plane, (k + 1) * plane) });
    const inBox = (fall: Fall): Fall => ({ ...fall, column: fall.column - left, row: fall.row - top });
    const pattern = [1, 0, 2, 1];
    const factor = Math.fround(0.7);
    for (const y of [0, 8, 20, 40]) {
      const [sums, shares] = [heap.place(new Float32Array(64)), heap.place(new Float32Array(64))];
      const box = [left, top, width, height, rows, width * 4, plane * 4, tapsAt, factor] as const;
      const counted = kernels.burstGatherLightRow(
        ...([nodes, 6, 5, 32, from, y, count] as const),
        ...box,
        sums,
        shares,
      );
      const cells = heap.place(new Float32Array(6 * 64));
      kernels.burstGatherColourRow(
        ...([nodes, 6, 5, 32, from, y, count / 2] as const),
        ...box,
        pattern.indexOf(0),
        cells,
        256,
      );
      const read = (address: number, length: number) =>
        new Float32Array(heap.memory.buffer, address, length).slice();
      let expected = 0;
      for (let i = 0; i < count; i++) {
        const first = from + i - (i % BLOCK);
        const fall = inBox(blockFall(way, first, 3.5, i % BLOCK, y, SUMMED_LEAN));
        const of = (k: number): number =>
          (tapSum(sheet(k), taps, fall) ?? 0) * Math.max(fall.trust, 0) * factor;
        // Sums of 16 products in single precision.
        expect(read(sums, 64)[i]! - of(0)).toBeCloseTo(0, 5);
        expect(read(shares, 64)[i]! - of(1)).toBeCloseTo(0, 5);
        if (i % BLOCK > 0 || y % BLOCK > 0) continue;
        const { column, row, trust } = inBox(fallOf(way, first, y));
        if (column >= -1 && row >= -1 && column + 1 < width && row + 1 < height)
          expected += Math.max(trust, 0) * data[2 * plane + (row + 1) * width + column + 1]!;
      }
      // A weight is counted in 65536ths.
      expect(counted / 65536).toBeCloseTo(expected, 3);
      for (let i = 0; i < count / 2; i++) {
        const first = from + 2 * i - ((2 * i) % BLOCK);
        const fall = inBox(blockFall(way, first + 0.5, 3, (2 * i) % BLOCK, y + 0.5, SUMMED_LEAN));
        for (let c = 0; c < 3; c++) {
          const masked = (k: number) => ({
            width,
            height,
            values: sheet(k).values.map((value, at) => {
              const [u, v] = [at % width, Math.floor(at / width)];
              return pattern[(v & 1) * 2 + (u & 1)] === c ? value : 0;
            }),
          });
          const sum = (k: number): number =>
            (tapSum(masked(k), taps, fall) ?? 0) * Math.max(fall.trust, 0) * factor;
          expect(read(cells, 6 * 64)[c * 64 + i]! - sum(0)).toBeCloseTo(0, 5);
          expect(read(cells, 6 * 64)[(3 + c) * 64 + i]! - sum(2)).toBeCloseTo(0, 5);
        }
      }
    }
  });
});

describe('the kernels that make a picture of the sums do as the reference says', () => {
  const floats = (count: number, from = 0, to = 1): Float32Array =>
    Float32Array.from({ length: count }, () => from + (to - from) * random());
  /** Lengths with and without a rest of four and eight. */
  const COUNTS = [8, 21, 30] as const;
  /** Room for whole vectors more. */
  const ROOM = 16;

  it('samples become light, integers and floats, and what is no number none', async () => {
    const { kernels, heap } = await KernelBench.create();
    const black = floats(64, 60, 70);
    const [blackAt, scaleAt, topAt] = [
      heap.place(black),
      heap.place(Float32Array.of(0.01)),
      heap.place(Float32Array.of(2)),
    ];
    const integers = Uint16Array.from({ length: 64 }, () => 400 * random());
    const recorded = Float32Array.from([Number.NaN, Infinity, -Infinity, ...floats(61, -300, 400)]);
    for (const samples of [integers, recorded])
      for (const count of COUNTS) {
        const float = samples instanceof Float32Array;
        const to = heap.allocate((count + ROOM) * 4);
        kernels.burstSamples(heap.place(samples), float ? 1 : 0, blackAt, scaleAt, topAt, 1.5, count, to);
        new Float32Array(heap.memory.buffer, to, count).forEach((value, i) => {
          expect(value).toBeCloseTo(sampleLight(samples[i]!, black[i]!, 1.5, Math.fround(0.01), 2, float), 6);
        });
      }
  });

  it('planes are put together, and become integers', async () => {
    const { kernels, heap } = await KernelBench.create();
    for (const count of COUNTS) {
      const rgb = floats(3 * count + ROOM, -0.2, 1.2);
      const planes = heap.place(
        Float32Array.from({ length: 3 * 64 }, (_, i) => rgb[(i % 64) * 3 + Math.floor(i / 64)] ?? 0),
      );
      const together = heap.allocate((3 * count + ROOM) * 4);
      kernels.burstTogether(planes, 64 * 4, count, 0.5, together);
      expect(new Float32Array(heap.memory.buffer, together, 3 * count)).toEqual(
        rgb.slice(0, 3 * count).map((value) => value / 2),
      );
      const integers = heap.allocate((3 * count + ROOM) * 2);
      kernels.burstIntegers(heap.place(rgb), 3 * count, 640, integers);
      new Uint16Array(heap.memory.buffer, integers, 3 * count).forEach((value, i) => {
        // Half a level falls to either side in single precision.
        expect(Math.abs(value - integerOf(rgb[i]!, 640))).toBeLessThanOrEqual(1);
      });
    }
  });

  it('light and colours are what the sums say beside the estimate, and are put onto it', async () => {
    const { kernels, heap } = await KernelBench.create();
    const shade = [0.01, 0.02, 0.03];
    const shadeAt = heap.place(Float32Array.from(shade));
    const [prior, usual, clip, line] = [1.2, 0.15, 0.95, 64];
    for (const cells of [4, 9, 15]) {
      const count = 2 * cells;
      const planes = floats(3 * line, -0.1, 1.1);
      const pixel = (x: number): number[] => [0, 1, 2].map((c) => planes[c * line + x]!);
      const [sums, shares] = [floats(line, -0.5, 0.5), floats(line, 0, 4)];
      const light = heap.allocate(3 * line * 4);
      const planesAt = heap.place(planes);
      kernels.burstLightRow(
        ...([
          heap.place(sums),
          heap.place(shares),
          planesAt,
          line * 4,
          count,
          prior,
          usual,
          clip,
          shadeAt,
        ] as const),
        light,
        line * 4,
      );
      const lit = new Float32Array(heap.memory.buffer, light, 3 * line).slice();
      for (let x = 0; x < count; x++)
        lightAdded(pixel(x), { sum: sums[x]!, gathered: shares[x]! }, { prior, usual, clip, shade }).forEach(
          (value, c) => {
            expect(lit[c * line + x]! / value).toBeCloseTo(1, 4);
          },
        );

      // Four rows of light around the cells, from one column left of the first.
      const around = floats(3 * 4 * line);
      const taps = Float32Array.of(0.1, 0.4, 0.4, 0.1);
      const gathered = floats(6 * line, -1, 1).map((value, i) => (i < 3 * line ? value : Math.abs(value)));
      const cellsAt = heap.place(gathered);
      kernels.burstColourRow(
        ...([
          heap.place(around),
          line * 4,
          4 * line * 4,
          cells,
          heap.place(taps),
          prior,
          usual,
          clip,
        ] as const),
        ...([planesAt, line * 4, cellsAt, line * 4] as const),
      );
      const coloured = new Float32Array(heap.memory.buffer, cellsAt, 3 * line).slice();
      for (let i = 0; i < cells; i++)
        for (let c = 0; c < 3; c++) {
          let said = 0;
          for (let v = 0; v < 4; v++)
            for (let u = 0; u < 4; u++) said += taps[v]! * taps[u]! * around[(4 * c + v) * line + 2 * i + u]!;
          const sum = { sum: gathered[c * line + i]!, gathered: gathered[(3 + c) * line + i]!, said };
          const scale = Math.max(Math.abs(sum.sum) / (sum.gathered + 1e-6), 1);
          const expected = colourAdded(sum, { prior, usual, clip }, pixel(2 * i), c);
          expect((coloured[c * line + i]! - expected) / scale).toBeCloseTo(0, 4);
        }

      const [near, far, least] = [floats(3 * line), floats(3 * line), 0.3];
      kernels.burstComposeRow(
        ...([light, line * 4, heap.place(near), heap.place(far), line * 4, count, cells - 1, least] as const),
        planesAt,
        line * 4,
      );
      const composed = new Float32Array(heap.memory.buffer, planesAt, 3 * line).slice();
      for (let x = 0; x < count; x++)
        for (let c = 0; c < 3; c++) {
          const row = (of: Float32Array): Float32Array => of.subarray(c * line, (c + 1) * line);
          const added = lit[c * line + x]! + cellColour(row(near), row(far), x, cells - 1);
          const bright = Math.max(...pixel(x)) >= least;
          const scale = Math.max(Math.abs(lit[c * line + x]!), 1);
          expect((composed[c * line + x]! - pixel(x)[c]! - (bright ? added : 0)) / scale).toBeCloseTo(0, 5);
        }
    }
  });

  it("the reference's samples come back where they are further from the merge than noise", async () => {
    const { kernels, heap } = await KernelBench.create();
    const noise = [0, 1, 2].map((c) => ({ scale: 0.01 * (c + 1), offset: 1e-3 }));
    const noiseAt = heap.place(
      Float32Array.from([...noise.map((n) => n.scale), ...noise.map((n) => n.offset)]),
    );
    const [line, count, window, slack, clip] = [64, 21, 9, 0.15, 0.9];
    const samples = floats(line, 0, 1);
    const merged = floats(3 * line, -0.1, 1.1);
    const mergedAt = heap.place(merged);
    const [differences, excesses] = [heap.allocate(line * 4), heap.allocate(line * 4)];
    kernels.burstExcessRow(
      ...([heap.place(samples), mergedAt, line * 4, line, 1, 2, noiseAt, clip] as const),
      differences,
      excesses,
    );
    const [d, e] = [differences, excesses].map((at) =>
      new Float32Array(heap.memory.buffer, at, line).slice(),
    );
    const colour = (i: number): number => (i % 2 === 0 ? 1 : 2);
    for (let i = 0; i < line; i++) {
      const value = merged[colour(i) * line + i]!;
      const expected = excessOf(samples[i]!, value, noise[colour(i)]!, clip);
      expect(d![i]).toBeCloseTo(expected.difference, 6);
      expect(e![i]! / (expected.excess + 1e-9)).toBeCloseTo(expected.excess > 0 ? 1 : 0, 3);
    }
    const around = floats(window * line, 0, 3);
    const [work, to] = [heap.allocate(line * 4), heap.allocate(line * 4)];
    for (const least of [0, 1]) {
      kernels.burstMosaicRow(
        ...([mergedAt, line * 4, differences, heap.place(around), line * 4, window, count, 1, 2] as const),
        ...([slack, least, 0.5, work, to] as const),
      );
      new Float32Array(heap.memory.buffer, to, count).forEach((value, i) => {
        let mean = 0;
        for (let v = 0; v < window; v++)
          for (let u = 0; u < window; u++) mean += around[v * line + i + u]! / window ** 2;
        const expected = mosaicOf(merged[colour(i) * line + i]!, d![i]!, mean, slack, least);
        expect(value).toBeCloseTo(0.5 * expected, 5);
      });
    }
  });
});
