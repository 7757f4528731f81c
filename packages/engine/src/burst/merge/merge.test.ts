import { describe, expect, it } from 'vitest';
import { KernelBench } from '../../testing/KernelBench.js';
import { seededRandom } from '../../testing/random.js';
import { agreementTable, boxesOf } from './agreement.js';
import { beliefOf, fallOf, type Residuals, tapSum } from './reference.js';
import { backwardNodes, cubicTaps, forwardNodes, gaussTaps, type Nodes } from './tables.js';

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

  it('of a tile lie in its box with all that is read around them', () => {
    const [width, height, tile] = [150, 120, 64];
    const across = Math.ceil(width / tile);
    boxesOf(NODES, { width, height }, { width, height }, tile).forEach(
      ([left, top, boxWidth, boxHeight], index) => {
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
      },
    );
  });
});

describe('a frame beside the estimate', () => {
  it('is predicted, judged and weighted as the reference does, to rounding, for each Bayer pattern', async () => {
    const { kernels, heap } = await KernelBench.create();
    const [width, height] = [48, 36];
    const cubic = cubicTaps();
    const planes = [0, 1, 2].map(() => Float32Array.from({ length: 64 * 64 }, () => 0.2 + 0.3 * random()));
    const placed = heap.place(Float32Array.from(planes.flatMap((plane) => [...plane])));
    const tapsAt = heap.place(cubic);
    const nodes = heap.place(NODES.values);
    const shade = [0.01, 0.02, 0.03];
    const noise = [0, 1, 2].map((c) => ({ scale: 0.022 + 0.003 * c, offset: 1e-4 }));
    const table = agreementTable(noise, noise, 1, shade, 0.45);
    const tableAt = heap.place(table);
    for (const pattern of [
      [0, 1, 1, 2],
      [1, 0, 2, 1],
      [1, 2, 0, 1],
      [2, 1, 1, 0],
    ]) {
      const light = Float32Array.from({ length: width * height }, () => 0.2 + 0.35 * random());
      const [rows, plane] = [heap.allocate(width * height * 12 + 64), width * height * 4];
      const [lightAt, places] = [heap.place(light), heap.allocate(5 * 64 * 4)];
      const limit = 0.53;
      for (let y = 0; y < height; y++) {
        kernels.burstPlaces(nodes, 6, 5, 32, 10, 1, width, y + 4, 0, 0, 64, 64, 256, places, 256);
        kernels.burstResidualRow(
          lightAt + y * width * 4,
          places,
          256,
          width,
          placed,
          64 * 64 * 4,
          256,
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
          const values = planes[pattern[(y & 1) * 2 + (x & 1)]!]!;
          const predicted = tapSum({ width: 64, height: 64, values }, cubic, fallOf(NODES, 10 + x, y + 4));
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
      expect(belief.some((value) => value > 0.1 && value < 0.9)).toBe(true);
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
  });

  it('is gathered by light and by colour as the taps say', async () => {
    const { kernels, heap } = await KernelBench.create();
    const [width, height, count] = [64, 48, 40];
    const plane = width * height;
    const data = Float32Array.from({ length: 3 * plane }, () => random());
    const rows = heap.place(data);
    const taps = gaussTaps(0.5);
    const tapsAt = heap.place(taps);
    const nodes = heap.place(NODES.values);
    const places = heap.allocate(5 * 64 * 4);
    const sheet = (k: number) => ({ width, height, values: data.subarray(k * plane, (k + 1) * plane) });
    const pattern = [1, 0, 2, 1];
    for (const y of [0, 7, 20]) {
      kernels.burstPlaces(nodes, 6, 5, 32, 12, 1, count, y, 0, 0, width, height, width * 4, places, 256);
      const sums = heap.place(new Float32Array(64));
      const shares = heap.place(new Float32Array(64));
      kernels.burstGatherLightRow(places, 256, count, rows, width * 4, plane * 4, tapsAt, 0.7, sums, shares);
      const cells = heap.place(new Float32Array(6 * 64));
      kernels.burstGatherColourRow(
        places,
        256,
        count,
        rows,
        width * 4,
        plane * 4,
        tapsAt,
        0.7,
        pattern.indexOf(0),
        cells,
        256,
      );
      const read = (address: number, length: number) =>
        new Float32Array(heap.memory.buffer, address, length).slice();
      for (let i = 0; i < count; i++) {
        const fall = fallOf(NODES, 12 + i, y);
        const of = (k: number): number => (tapSum(sheet(k), taps, fall) ?? 0) * fall.trust * 0.7;
        expect(read(sums, 64)[i]! - of(0)).toBeCloseTo(0, 5);
        expect(read(shares, 64)[i]! - of(1)).toBeCloseTo(0, 5);
        for (let c = 0; c < 3; c++) {
          const masked = (k: number) => ({
            width,
            height,
            values: sheet(k).values.map((value, at) => {
              const [u, v] = [at % width, Math.floor(at / width)];
              return pattern[(v & 1) * 2 + (u & 1)] === c ? value : 0;
            }),
          });
          const sum = (k: number): number => (tapSum(masked(k), taps, fall) ?? 0) * fall.trust * 0.7;
          expect(read(cells, 6 * 64)[c * 64 + i]! - sum(0)).toBeCloseTo(0, 5);
          expect(read(cells, 6 * 64)[(3 + c) * 64 + i]! - sum(2)).toBeCloseTo(0, 5);
        }
      }
    }
  });
});
