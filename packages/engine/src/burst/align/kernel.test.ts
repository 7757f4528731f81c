import { beforeAll, describe, expect, it } from 'vitest';
import { KernelBench } from '../../testing/KernelBench.js';
import { BRIGHT_NOISE, expose, handheld, photographLike } from '../testing/scene.js';
import type { BurstPlane } from './BurstPlane.js';
import { nodesOf } from './cells.js';
import {
  type AlignPyramid,
  align,
  alignScratch,
  burstResponse,
  fillPyramid,
  planPyramid,
  prepare,
} from './index.js';
import * as reference from './reference.js';
import { greyRows } from './rows.js';
import { type AlignKernels, nodeRoom } from './work.js';

let bench: KernelBench;
beforeAll(async () => {
  bench = await KernelBench.create();
});

/** The frame with its samples where the kernels see them. */
function placed(plane: BurstPlane): BurstPlane {
  const address = bench.heap.place(plane.samples);
  const { buffer } = bench.heap.memory;
  const samples =
    plane.samples instanceof Float32Array
      ? new Float32Array(buffer, address, plane.samples.length)
      : new Uint16Array(buffer, address, plane.samples.length);
  return { ...plane, samples };
}

function allocate(count: number): Float32Array {
  const address = bench.heap.allocate(count * 4);
  return new Float32Array(bench.heap.memory.buffer, address, count);
}

function onKernels(width: number, height: number): AlignKernels {
  const { kernels, heap } = bench;
  return { kernels, memory: heap.memory, scratch: heap.allocate(alignScratch(width, height)) };
}

function fast(plane: BurstPlane, on: AlignKernels): AlignPyramid {
  const pyramid = planPyramid(plane, burstResponse(plane), allocate);
  fillPyramid(placed(plane), pyramid, on);
  return pyramid;
}

// Sizes that are no multiples of anything: borders and remainders count.
const [WIDTH, HEIGHT] = [419, 333];
const scene = photographLike(5);
const settings = { width: WIDTH, height: HEIGHT, noise: BRIGHT_NOISE };

function floats(plane: BurstPlane): BurstPlane {
  const black = plane.black[0]!;
  const samples = Float32Array.from(plane.samples, (s) => (s - black) / (plane.white - black));
  // Files of floats hold such things.
  samples.set([Number.NaN, Infinity, -Infinity], 3 * Math.floor(samples.length / 7));
  return { ...plane, samples, black: [0], white: 1 };
}

describe('the kernels of alignment', () => {
  const planes: [string, () => BurstPlane][] = [
    ['Bayer', () => expose(scene, { ...settings, exposure: 2 })],
    ['Bayer with four black levels', () => ({ ...expose(scene, settings), black: [500, 520, 510, 530] })],
    ['Bayer as floats', () => floats(expose(scene, settings))],
    ['X-Trans', () => expose(scene, { ...settings, period: 6 })],
    ['RGB', () => expose(scene, { ...settings, period: 1 })],
    ['RGB as floats', () => floats(expose(scene, { ...settings, period: 1 }))],
  ];
  it.each(planes)('give the same grey pictures as plain TypeScript: %s', (_, make) => {
    const plane = make();
    const plain = prepare(plane, burstResponse(plane));
    const quick = fast(plane, onKernels(WIDTH, HEIGHT));
    plain.levels.forEach((level, k) => {
      const other = quick.levels[k]!;
      expect([other.width, other.height]).toEqual([level.width, level.height]);
      let worst = 0;
      for (let y = 0; y < level.height; y++)
        for (let x = 0; x < level.width; x++) {
          const at = y * level.stride + x;
          worst = Math.max(worst, Math.abs(level.data[at]! - other.data[at]!));
        }
      // Values reach a hundred; single precision leaves about 1e-5 of that after the root's difference.
      expect(worst).toBeLessThan(2e-3);
    });
  });

  it('give the same rows whatever band they come in', () => {
    const plane = placed(expose(scene, settings));
    const on = onKernels(WIDTH, HEIGHT);
    const whole = fast(plane, on).levels[0]!;
    const cut = planPyramid(plane, burstResponse(plane), allocate).levels[0]!;
    for (let row = 0; row < cut.height; row += 7)
      greyRows(plane, burstResponse(plane), cut, row, Math.min(row + 7, cut.height), on);
    for (let y = 0; y < cut.height; y++)
      expect(cut.data.slice(y * cut.stride, y * cut.stride + cut.width)).toEqual(
        whole.data.slice(y * cut.stride, y * cut.stride + cut.width),
      );
  });

  it('give the same sums of cells as plain TypeScript, at borders and where the frames hardly overlap', () => {
    const on = onKernels(WIDTH, HEIGHT);
    const a = fast(expose(scene, settings), on).levels[0]!;
    const b = fast(expose(scene, { ...settings, seed: 2 }), on).levels[0]!;
    const grid = nodesOf(a, WIDTH, HEIGHT);
    const lean = { x: 0, y: 0, xx: 0.002, xy: -0.01, yx: 0.01, yy: 0.002 };
    for (const [dx, dy] of [
      [0.3, -0.8],
      [-7.7, 5.2],
      [300.4, -210.6],
      [-5000, 5000],
    ] as const) {
      const plain = nodeRoom(grid, WIDTH, undefined);
      const quick = nodeRoom(grid, WIDTH, on);
      for (let node = 0; node < grid.columns * grid.rows; node++) plain.offsets.set([dx, dy], 2 * node);
      quick.offsets.set(plain.offsets);
      for (let row = 0; row < grid.rows; row++) {
        reference.measureRow(a, b, grid, plain.offsets, lean, row, plain.figures);
        on.kernels.alignMeasure(
          ...[a.data.byteOffset, b.data.byteOffset, a.width, a.height, a.stride, a.scale, a.origin, a.loss],
          ...[grid.columns, row, quick.offsets.byteOffset + row * grid.columns * 8],
          ...[lean.xx, lean.xy, lean.yx, lean.yy, quick.figures.byteOffset + row * grid.columns * 32],
        );
      }
      const scale = Math.max(...plain.figures.map(Math.abs), 1);
      plain.figures.forEach((figure, i) => {
        // 256 terms in single precision.
        expect(Math.abs(quick.figures[i]! - figure) / scale).toBeLessThan(1e-4);
      });
    }
  });

  it.each([
    ['shifted', { dx: 5.3, dy: -2.6 }],
    // The coarsest levels agree only where one is turned first.
    ['turned', { dx: -3.1, dy: 4.4, rotationDeg: 2.6 }],
  ])('align like plain TypeScript: %s', (_, motion) => {
    const on = onKernels(WIDTH, HEIGHT);
    const first = expose(scene, settings);
    const second = expose(scene, { ...settings, seed: 2, motion: handheld(WIDTH, HEIGHT, motion) });
    const response = burstResponse(first);
    const plain = align(prepare(first, response), prepare(second, response));
    const quick = align(fast(first, on), fast(second, on), on);
    expect(quick.matched).toBe(plain.matched);
    plain.alignment.offsets.forEach((offset, i) => {
      expect(Math.abs(quick.alignment.offsets[i]! - offset)).toBeLessThan(2e-3);
    });
  });
});
