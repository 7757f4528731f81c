import { beforeAll, describe, expect, it } from 'vitest';
import { KernelBench } from '../../testing/KernelBench.js';
import { seededRandom } from '../../testing/random.js';
import { XTRANS_PERIOD, xTransFilters } from './xtrans.filters.js';
import { demosaicXTransReference, XTRANS_HALO } from './xtrans.reference.js';

const CANONICAL = [
  [1, 2, 1, 1, 0, 1],
  [0, 1, 0, 2, 1, 2],
  [1, 2, 1, 1, 0, 1],
  [1, 0, 1, 1, 2, 1],
  [2, 1, 2, 0, 1, 0],
  [1, 0, 1, 1, 2, 1],
];
type Pattern = readonly (readonly number[])[];
type Scene = (x: number, y: number, channel: number) => number;

const shifted = (pattern: Pattern, dy: number, dx: number): Pattern =>
  pattern.map((row, y) => row.map((_, x) => pattern[(y + dy) % XTRANS_PERIOD]![(x + dx) % XTRANS_PERIOD]!));
const mirrored = (pattern: Pattern): Pattern => pattern.map((row) => row.toReversed());
const turned = (pattern: Pattern): Pattern => pattern.map((row, y) => row.map((_, x) => pattern[x]![y]!));
const swapped = (pattern: Pattern): Pattern => pattern.map((row) => row.map((colour) => 2 - colour));

let bench: KernelBench;
beforeAll(async () => {
  bench = await KernelBench.create();
});

function mosaicOf(scene: Scene, width: number, height: number, pattern: Pattern): Float32Array {
  return Float32Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return scene(x, y, pattern[y % XTRANS_PERIOD]![x % XTRANS_PERIOD]!);
  });
}

function demosaiced(mosaic: Float32Array, width: number, height: number, pattern: Pattern): Float32Array[] {
  const filters = bench.heap.place(xTransFilters(pattern.flat()));
  const src = bench.heap.place(mosaic);
  const dst = bench.heap.place(new Float32Array(3 * width * height));
  const scratch = bench.heap.place(new Uint8Array(bench.kernels.demosaicXTransScratch(width, height)));
  bench.kernels.demosaicXTrans(src, width, width, height, filters, dst, scratch);
  const out = bench.floats(dst, 3 * width * height);
  for (const address of [filters, src, dst, scratch]) bench.heap.free(address);
  return [0, 1, 2].map((channel) => out.subarray(channel * width * height, (channel + 1) * width * height));
}

/** Calls back for every pixel that is promised to be right. */
function forInner(
  width: number,
  height: number,
  visit: (x: number, y: number) => void,
  halo = XTRANS_HALO,
): void {
  for (let y = halo; y < height - halo; y++) for (let x = halo; x < width - halo; x++) visit(x, y);
}

function psnr(planes: readonly Float32Array[], scene: Scene, width: number, height: number): number {
  let sum = 0;
  let count = 0;
  forInner(width, height, (x, y) => {
    planes.forEach((plane, channel) => {
      sum += (plane[y * width + x]! - scene(x, y, channel)) ** 2;
      count++;
    });
  });
  return -10 * Math.log10(sum / count);
}

/** Mean of the same colour's samples in the 3 × 3 around (5 × 5 where there are none): what anybody would do first. */
function bilinear(mosaic: Float32Array, width: number, height: number, pattern: Pattern): Float32Array[] {
  return [0, 1, 2].map((channel) => {
    const plane = new Float32Array(width * height);
    forInner(width, height, (x, y) => {
      for (const reach of [0, 1, 2]) {
        let sum = 0;
        let count = 0;
        for (let dy = -reach; dy <= reach; dy++)
          for (let dx = -reach; dx <= reach; dx++) {
            if (pattern[(y + dy) % XTRANS_PERIOD]![(x + dx) % XTRANS_PERIOD] !== channel) continue;
            sum += mosaic[(y + dy) * width + x + dx]!;
            count++;
          }
        if (count === 0) continue;
        plane[y * width + x] = sum / count;
        break;
      }
    });
    return plane;
  });
}

/** Rings that get finer outwards, in a tint that changes slowly. */
const rings: Scene = (x, y, channel) => {
  const r2 = (x - 48) ** 2 + (y - 48) ** 2;
  const tint = [0.9, 0.8, 0.6 + 0.002 * x][channel]!;
  return tint * (0.45 + 0.35 * Math.cos(r2 / 90));
};

describe('X-Trans demosaic', () => {
  it('kernel and reference agree bit for bit, below black and above white too', () => {
    const [width, height] = [44, 31];
    const random = seededRandom(1);
    const mosaic = Float32Array.from({ length: width * height }, () => 1.3 * random() ** 2 - 0.05);
    const pattern = shifted(CANONICAL, 2, 5);
    const kernel = demosaiced(mosaic, width, height, pattern);
    const reference = demosaicXTransReference(mosaic, width, height, xTransFilters(pattern.flat()));
    let different = 0;
    forInner(width, height, (x, y) => {
      for (const channel of [0, 1, 2])
        if (kernel[channel]![y * width + x] !== reference[channel]![y * width + x]) different++;
    });
    expect(different).toBe(0);
  });

  it('gives each pixel the same bits wherever its tile begins and ends', () => {
    const size = 96;
    const random = seededRandom(2);
    const mosaic = Float32Array.from({ length: size * size }, () => random());
    const whole = demosaiced(mosaic, size, size, CANONICAL);
    for (const [left, top, width, height] of [
      [6, 0, 64, 50],
      [18, 30, 76, 66],
      [36, 12, 28, 25],
    ] as const) {
      const part = new Float32Array(width * height);
      for (let y = 0; y < height; y++)
        part.set(mosaic.subarray((top + y) * size + left, (top + y) * size + left + width), y * width);
      const planes = demosaiced(part, width, height, CANONICAL);
      let different = 0;
      forInner(width, height, (x, y) => {
        for (const channel of [0, 1, 2])
          if (planes[channel]![y * width + x] !== whole[channel]![(top + y) * size + left + x]) different++;
      });
      expect(different).toBe(0);
    }
  });

  it('keeps the samples that were there, to the last bit', () => {
    const [width, height] = [48, 48];
    const mosaic = mosaicOf(rings, width, height, CANONICAL);
    const planes = demosaiced(mosaic, width, height, CANONICAL);
    forInner(width, height, (x, y) => {
      const channel = CANONICAL[y % XTRANS_PERIOD]![x % XTRANS_PERIOD]!;
      expect(planes[channel]![y * width + x]).toBe(mosaic[y * width + x]);
    });
  });

  it('keeps an even colour even', () => {
    for (const colour of [
      [0.5, 0.5, 0.5],
      [0.8, 0.1, 0.05],
      [0.02, 0.03, 0.9],
      [0.001, 0.002, 0.001],
    ]) {
      const planes = demosaiced(
        mosaicOf((_x, _y, c) => colour[c]!, 48, 48, CANONICAL),
        48,
        48,
        CANONICAL,
      );
      forInner(48, 48, (x, y) => {
        // The model draws estimates towards grey by the share that its nugget has of the means' variance: about 1 %.
        for (const channel of [0, 1, 2])
          expect(Math.abs(planes[channel]![y * 48 + x]! - colour[channel]!)).toBeLessThan(
            0.01 * Math.max(...colour),
          );
      });
    }
  });

  it.each([
    ['as it is', CANONICAL],
    ['shifted', shifted(CANONICAL, 4, 1)],
    ['mirrored', mirrored(CANONICAL)],
    ['turned', turned(CANONICAL)],
    ['red and blue swapped', swapped(CANONICAL)],
  ] as const)('draws fine rings much better than bilinear interpolation, pattern %s', (_name, pattern) => {
    const mosaic = mosaicOf(rings, 96, 96, pattern);
    const ours = psnr(demosaiced(mosaic, 96, 96, pattern), rings, 96, 96);
    expect(ours).toBeGreaterThan(psnr(bilinear(mosaic, 96, 96, pattern), rings, 96, 96) + 10);
  });
});
