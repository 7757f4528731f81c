import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '../sensors/random.js';
import { cubicTable, resamplingTables } from './cubics.js';
import { KernelSpace } from './kernelModule.js';
import { convolveBlock, resampleRow } from './reference.js';

let space: KernelSpace;
beforeAll(async () => {
  space = await KernelSpace.create();
});

function noise(count: number, seed: number, greatest = 1): Float32Array {
  const stream = new RandomStream().start(seed, 0, 0, 0);
  return Float32Array.from({ length: count }, () => stream.uniform() * greatest);
}

describe('the cubic weights', () => {
  it.each([0, 0.4, 1])('add up to 1 and reproduce lines, for B = %d', (b) => {
    const table = cubicTable(b);
    for (const f of [0, 0.25, 0.7, 1]) {
      const w = [0, 1, 2, 3].map(
        (i) => ((table[i]! * f + table[4 + i]!) * f + table[8 + i]!) * f + table[12 + i]!,
      );
      expect(w.reduce((sum, v) => sum + v)).toBeCloseTo(1, 6);
      expect(w.reduce((sum, v, i) => sum + v * (i - 1), 0)).toBeCloseTo(f, 6);
    }
  });
});

describe('resampleRow', () => {
  it.each([
    ['surfaces', 1],
    ['lights', 40],
  ])('kernel and reference agree bit for bit on %s', (_, greatest) => {
    const [stride, rows, count] = [48, 24, 32];
    const plane = noise(stride * rows, 3, greatest);
    // Places that run beyond the window are held at its limits.
    const nodes = Float64Array.from({ length: 10 }, (_v, i) => (i % 2 ? 4 + 2.37 * i : 5.21 * i - 3));
    const limits = [0, 36, 2, 18] as const;
    const tables = resamplingTables(0.3);
    const [at, nodesAt, tablesAt, out] = [plane.byteLength, nodes.byteLength, 128, count * 4].map((bytes) =>
      space.allocate(bytes),
    ) as [number, number, number, number];
    space.floats(at, plane.length).set(plane);
    space.doubles(nodesAt, nodes.length).set(nodes);
    space.floats(tablesAt, 32).set(tables);
    const origin = stride + 4;
    space.kernels.resampleRow(at + origin * 4, stride, nodesAt, count, ...limits, tablesAt, 1.5, out);
    const expected = resampleRow(plane, origin, stride, nodes, count, limits, tables, 1.5);
    expect(space.floats(out, count).slice()).toEqual(expected);
  });

  it('draws a light without dark rings and with all of its energy wherever it falls', () => {
    const stride = 32;
    const plane = new Float32Array(stride * 24);
    plane[12 * stride + 16] = 500;
    for (const offset of [0, 0.25, 0.5, 0.9]) {
      let sum = 0;
      for (let y = 4; y < 20; y++) {
        const nodes = Float64Array.of(
          4 + offset,
          y + offset,
          12 + offset,
          y + offset,
          20 + offset,
          y + offset,
          28 + offset,
          y + offset,
        );
        for (const value of resampleRow(
          plane,
          0,
          stride,
          nodes,
          24,
          [0, 28, 2, 21],
          resamplingTables(0),
          1.5,
        ))
          sum += value;
      }
      expect(sum).toBeCloseTo(500, 2);
    }
  });
});

describe('convolveBlock', () => {
  it.each([1, 5, 13])('kernel and reference agree bit for bit for %d weights across', (size) => {
    const [stride, rows] = [40, 6];
    const source = noise(stride * (rows + size), 5);
    const weights = noise(size * size, 6);
    // Zeros are skipped.
    weights[size] = 0;
    const [at, weightsAt, out] = [source.byteLength, weights.byteLength, rows * 64].map((bytes) =>
      space.allocate(bytes),
    ) as [number, number, number];
    space.floats(at, source.length).set(source);
    space.floats(weightsAt, weights.length).set(weights);
    space.kernels.convolveBlock(at + 12, stride, weightsAt, size, out, 16, rows);
    expect(space.floats(out, rows * 16).slice()).toEqual(
      convolveBlock(source, 3, stride, weights, size, rows),
    );
  });
});
