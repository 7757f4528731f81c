import type { NoiseLevel } from '../truth/noise.js';

/*
 * A plain merge after its paper: S. W. Hasinoff et al., "Burst photography for high dynamic range and low-light imaging on mobile
 * cameras", ACM Transactions on Graphics 35(6), 2016, sections 4 and 5: tiles aligned coarse to fine to whole pixels of
 * the grey picture (two by two photosites), merged frequency by frequency with a Wiener-like weight of the noise. It is a
 * yardstick, written to be read; the open engines built after the same paper publish figures near its own.
 */

/** Side of a tile in pixels of the grey picture and of each colour. */
const TILE = 16;
/** Halvings from level to level of the pyramid, fine to coarse, and how far is searched at each. */
const LEVELS = [
  { factor: 1, reach: 2 },
  { factor: 4, reach: 4 },
  { factor: 16, reach: 4 },
] as const;
/** How far differences may pass the noise's before they count as motion (the paper's c). */
const TOLERANCE = 8;

interface Grey {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** Means over squares of `factor`. */
function reduced({ data, width, height }: Grey, factor: number): Grey {
  const [columns, rows] = [Math.floor(width / factor), Math.floor(height / factor)];
  const means = new Float32Array(columns * rows);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      let sum = 0;
      for (let j = 0; j < factor; j++)
        for (let i = 0; i < factor; i++) sum += data[(y * factor + j) * width + x * factor + i]!;
      means[y * columns + x] = sum / (factor * factor);
    }
  return { data: means, width: columns, height: rows };
}

/** Where each tile of the reference lies in another frame, in pixels of the level. */
interface Tiles {
  readonly columns: number;
  readonly rows: number;
  readonly dx: Int16Array;
  readonly dy: Int16Array;
}

function distance(a: Grey, b: Grey, left: number, top: number, dx: number, dy: number, best: number): number {
  let sum = 0;
  for (let y = top; y < top + TILE && sum < best; y++) {
    for (let x = left; x < left + TILE; x++) {
      const u = x + dx;
      const v = y + dy;
      if (u < 0 || v < 0 || u >= b.width || v >= b.height || x >= a.width || y >= a.height) continue;
      sum += Math.abs(a.data[y * a.width + x]! - b.data[v * b.width + u]!);
    }
  }
  return sum;
}

/** One level's search around what the coarser one has found, in the tile and its neighbours. */
function refine(a: Grey, b: Grey, coarser: Tiles | undefined, step: number, reach: number): Tiles {
  const [columns, rows] = [Math.ceil(a.width / TILE), Math.ceil(a.height / TILE)];
  const [dx, dy] = [new Int16Array(columns * rows), new Int16Array(columns * rows)];
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      const starts = new Map<string, readonly [number, number]>();
      if (coarser === undefined) starts.set('', [0, 0]);
      else {
        const [ci, cj] = [Math.floor(i / step), Math.floor(j / step)];
        for (const [p, q] of [
          [0, 0],
          [1, 0],
          [-1, 0],
          [0, 1],
          [0, -1],
        ] as const) {
          const column = Math.min(Math.max(ci + p, 0), coarser.columns - 1);
          const row = Math.min(Math.max(cj + q, 0), coarser.rows - 1);
          const at = row * coarser.columns + column;
          const start = [coarser.dx[at]! * step, coarser.dy[at]! * step] as const;
          starts.set(start.join(), start);
        }
      }
      let best = Number.POSITIVE_INFINITY;
      for (const [sx, sy] of starts.values()) {
        for (let y = sy - reach; y <= sy + reach; y++) {
          for (let x = sx - reach; x <= sx + reach; x++) {
            const found = distance(a, b, i * TILE, j * TILE, x, y, best);
            if (found >= best) continue;
            best = found;
            dx[j * columns + i] = x;
            dy[j * columns + i] = y;
          }
        }
      }
    }
  }
  return { columns, rows, dx, dy };
}

function align(reference: readonly Grey[], frame: readonly Grey[]): Tiles {
  let tiles: Tiles | undefined;
  for (let level = LEVELS.length - 1; level >= 0; level--) {
    const { factor, reach } = LEVELS[level]!;
    const step = level + 1 < LEVELS.length ? LEVELS[level + 1]!.factor / factor : 1;
    tiles = refine(reference[level]!, frame[level]!, tiles, step, reach);
  }
  return tiles!;
}

const COSINES = Float64Array.from({ length: TILE / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / TILE));
const SINES = Float64Array.from({ length: TILE / 2 }, (_, k) => Math.sin((2 * Math.PI * k) / TILE));
/** Where each place's value goes before the butterflies: its bits reversed. */
const REVERSED = Uint8Array.from({ length: TILE }, (_, i) => {
  let reversed = 0;
  for (let bit = 1; bit < TILE; bit *= 2) if ((i & bit) !== 0) reversed += TILE / 2 / bit;
  return reversed;
});

/** Fourier transform of `TILE` values that lie `stride` apart, in place (Cooley and Tukey); -1 forward, 1 back. */
function transformLine(
  re: Float64Array,
  im: Float64Array,
  start: number,
  stride: number,
  sign: number,
): void {
  for (let i = 0; i < TILE; i++) {
    const j = REVERSED[i]!;
    if (i >= j) continue;
    const a = start + i * stride;
    const b = start + j * stride;
    const r = re[a]!;
    const m = im[a]!;
    re[a] = re[b]!;
    im[a] = im[b]!;
    re[b] = r;
    im[b] = m;
  }
  for (let length = 2; length <= TILE; length *= 2) {
    const half = length / 2;
    for (let k = 0; k < half; k++) {
      const c = COSINES[(k * TILE) / length]!;
      const s = sign * SINES[(k * TILE) / length]!;
      for (let block = 0; block < TILE; block += length) {
        const a = start + (block + k) * stride;
        const b = a + half * stride;
        const r = re[b]! * c - im[b]! * s;
        const m = re[b]! * s + im[b]! * c;
        re[b] = re[a]! - r;
        im[b] = im[a]! - m;
        re[a]! += r;
        im[a]! += m;
      }
    }
  }
}

function transform(re: Float64Array, im: Float64Array, sign: 1 | -1): void {
  for (let y = 0; y < TILE; y++) transformLine(re, im, y * TILE, 1, sign);
  for (let x = 0; x < TILE; x++) transformLine(re, im, x, TILE, sign);
}

/** Raised cosine: neighbours that overlap by half add up to 1. */
const WINDOW = Array.from({ length: TILE }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / TILE));

/**
 * Merges mosaics on [0,1] whose array repeats every two photosites; the first is the reference.
 */
export function hdrPlus(
  mosaics: readonly Float32Array[],
  width: number,
  height: number,
  noise: NoiseLevel,
): Float32Array {
  const pyramids = mosaics.map((data) => {
    const grey = reduced({ data, width, height }, 2);
    return LEVELS.map(({ factor }) => (factor === 1 ? grey : reduced(grey, factor)));
  });
  const alignments = pyramids.slice(1).map((frame) => align(pyramids[0]!, frame));
  const [columns, rows] = [width / 2, height / 2];
  const merged = new Float32Array(width * height);
  const size = TILE * TILE;
  const [zero, zeroIm, re, im, sumRe, sumIm] = Array.from({ length: 6 }, () => new Float64Array(size)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const inside = (at: number, end: number) => Math.min(Math.max(at, 0), end - 1);
  const read = (mosaic: Float32Array, colour: number, left: number, top: number, to: Float64Array): void => {
    const [cx, cy] = [colour & 1, colour >> 1];
    for (let y = 0; y < TILE; y++) {
      const row = (2 * inside(top + y, rows) + cy) * width;
      for (let x = 0; x < TILE; x++) to[y * TILE + x] = mosaic[row + 2 * inside(left + x, columns) + cx]!;
    }
  };
  for (let top = -TILE / 2; top < rows; top += TILE / 2) {
    for (let left = -TILE / 2; left < columns; left += TILE / 2) {
      const [i, j] = [
        inside(Math.floor((left + TILE / 2) / TILE), Math.ceil(columns / TILE)),
        inside(Math.floor((top + TILE / 2) / TILE), Math.ceil(rows / TILE)),
      ];
      for (let colour = 0; colour < 4; colour++) {
        read(mosaics[0]!, colour, left, top, zero);
        const level = Math.sqrt(zero.reduce((sum, value) => sum + value * value, 0) / size);
        const variance = 2 * size * (noise.scale * level + noise.offset);
        zeroIm.fill(0);
        transform(zero, zeroIm, -1);
        sumRe.set(zero);
        sumIm.set(zeroIm);
        for (const [k, tiles] of alignments.entries()) {
          const at = j * tiles.columns + i;
          read(mosaics[k + 1]!, colour, left + tiles.dx[at]!, top + tiles.dy[at]!, re);
          im.fill(0);
          transform(re, im, -1);
          for (let f = 0; f < size; f++) {
            const dr = zero[f]! - re[f]!;
            const di = zeroIm[f]! - im[f]!;
            const power = dr * dr + di * di;
            const trust = power / (power + TOLERANCE * variance);
            sumRe[f]! += re[f]! + trust * dr;
            sumIm[f]! += im[f]! + trust * di;
          }
        }
        transform(sumRe, sumIm, 1);
        const gain = 1 / (size * mosaics.length);
        for (let y = Math.max(-top, 0); y < TILE && top + y < rows; y++) {
          for (let x = Math.max(-left, 0); x < TILE && left + x < columns; x++) {
            const to = (2 * (top + y) + (colour >> 1)) * width + 2 * (left + x) + (colour & 1);
            merged[to]! += WINDOW[x]! * WINDOW[y]! * gain * sumRe[y * TILE + x]!;
          }
        }
      }
    }
  }
  return merged;
}
