import type { Sheet } from './Burst.js';
import { cubicTable, resamplingTables } from './cubics.js';
import { type FrameGeometry, NODE_COLUMNS } from './FrameGeometry.js';
import { type ImagePath, type Kernel, KernelGrid } from './kernelGrid.js';
import type { KernelSpace } from './kernelModule.js';
import { Mover, type Seen } from './objects.js';

/** Side of the squares that one kernel serves, cells. */
export const BLOCK = 16;
/** Rows of the frame that are resampled from one window of the scene. */
const WINDOW_ROWS = 64;
/** Samples around a window of the scene that its border is continued by. */
const RIM = 4;
/** Brighter than a white surface there are lights: their resampling must be positive. */
const LIGHTS_FROM = 1.5;
/**
 * Variance of a photosite's area, which photositeKernel has in it: the working scene's samples are means over such areas
 * already (with the resampling's own blur where they are finer).
 */
const AREA_VARIANCE = 1 / 12;

/** One frame's view of one sheet: resampled, reduced, blurred, brought back to the frame's pixels. */
export class SheetRenderer {
  readonly #space: KernelSpace;
  readonly #geometry: FrameGeometry;
  readonly #sheet: Sheet;
  readonly #grid: KernelGrid;
  readonly #movers: readonly Mover[];
  /** Pixels that a cell spans. */
  readonly #cell: number;
  /** Planes of colour, and of coverage for each channel where the sheet covers partly. */
  readonly #planes: 3 | 6;
  /** First cell of the outputs, a multiple of BLOCK. */
  readonly #firstOut: number;
  readonly #outColumns: number;
  /** Cells beyond the outputs that kernels read. */
  readonly #pad: number;
  readonly #columns: number;

  /** Resampled rows: addresses, the first row and the number held. */
  readonly #rows: number;
  readonly #capacity: number;
  #top = 0;
  #held = 0;
  #started = false;

  readonly #nodes: number;
  readonly #nodesPerRow: number;
  readonly #tables: number;
  readonly #kernel: number;
  readonly #kernelRoom: Float32Array;
  readonly #line: number;
  #window = 0;
  #windowFloats = 0;

  readonly #blurred: number;
  readonly #blurredRows: number;
  /** Least and greatest coverage of held rows, block by block. */
  readonly #least: Float32Array;
  readonly #most: Float32Array;

  constructor(
    space: KernelSpace,
    geometry: FrameGeometry,
    sheet: Sheet,
    bandRows: number,
    pathAt: ((x: number, y: number) => ImagePath) | undefined,
    lensKernels: Map<number, Kernel>,
  ) {
    const { plan } = geometry;
    const { width, height, pitchUm } = plan;
    this.#space = space;
    this.#geometry = geometry;
    this.#sheet = sheet;
    const pitch = pitchUm / 1000;
    this.#movers = sheet.objects.map(
      (index) => new Mover(plan.settings.objects![index]!, width * pitch, height * pitch, pitch),
    );
    this.#cell = 2 ** sheet.level;
    this.#planes = sheet.covers === 'all' ? 3 : 6;
    this.#grid = new KernelGrid({
      drawing: plan.camera.drawing,
      depthM: sheet.depthM,
      width,
      height,
      pitchUm,
      level: sheet.level,
      narrowing: AREA_VARIANCE,
      lensKernels,
      ...(pathAt && { pathAt }),
    });
    const { half } = this.#grid;
    const blocks = (count: number) => Math.ceil(count / BLOCK) * BLOCK;
    // Bringing cells back to pixels reads two cells beyond the frame.
    this.#firstOut = sheet.level === 0 ? 0 : -BLOCK;
    this.#outColumns = blocks(Math.ceil(width / this.#cell) + (sheet.level === 0 ? 0 : 2)) - this.#firstOut;
    this.#pad = blocks(half);
    this.#columns = this.#outColumns + 2 * this.#pad;
    this.#blurredRows = Math.ceil(bandRows / this.#cell) + 6;
    this.#capacity = this.#blurredRows + 2 * half + Math.max(WINDOW_ROWS / this.#cell, 1) + 2;

    this.#rows = space.allocate(this.#planes * this.#capacity * this.#columns * 4 + 64);
    this.#blurred = space.allocate(this.#planes * this.#blurredRows * this.#outColumns * 4);
    this.#nodesPerRow = (this.#columns * this.#cell) / NODE_COLUMNS + 1;
    this.#nodes = space.allocate(Math.max(WINDOW_ROWS, this.#cell) * 3 * this.#nodesPerRow * 16);
    this.#tables = space.allocate(128);
    space.floats(this.#tables, 32).set(resamplingTables(plan.resampling));
    this.#kernelRoom = new Float32Array((2 * half + 1) ** 2);
    this.#kernel = space.allocate(this.#kernelRoom.byteLength);
    this.#line = space.allocate(this.#columns * this.#cell * 4);
    this.#least = new Float32Array((this.#capacity * this.#columns) / BLOCK);
    this.#most = new Float32Array(this.#least.length);
  }

  /** Whether there is a coverage. */
  get partly(): boolean {
    return this.#planes === 6;
  }

  /**
   * Blurred light of rows of the frame; with partly covering sheets premultiplied, and the coverage.
   * @param channels which of R, G, B
   * @param through share of the light that what lies in front lets through, per channel: where it is 0, nothing is computed
   * @param out takes planes of `rows * width`: R, G, B, then their coverages; only those of `channels`
   * @returns whether there is anything
   */
  render(
    first: number,
    rows: number,
    channels: readonly number[],
    through: readonly Float32Array[],
    out: readonly Float32Array[],
  ): boolean {
    const cell = this.#cell;
    const level = this.#sheet.level;
    // Cells whose blurred values are read; pairs of rows are computed at once.
    const from = level === 0 ? first : Math.floor((first + 0.5) / cell - 0.5) - 1;
    const last = level === 0 ? first + rows - 1 : Math.floor((first + rows - 0.5) / cell - 0.5) + 2;
    const start = Math.floor(from / 2) * 2;
    const end = Math.floor(last / 2) * 2 + 2;
    const { half } = this.#grid;
    this.#require(start - half, end + half);
    if (!this.#anything(start - half, end + half)) return false;
    for (const c of channels) this.#blur(c, start, end, through[c]!, first, rows);
    const width = this.#geometry.plan.width;
    for (const plane of channels.flatMap((c) => (this.#planes === 6 ? [c, 3 + c] : [c]))) {
      const blurred = this.#space.floats(
        this.#blurred + plane * this.#blurredRows * this.#outColumns * 4,
        this.#blurredRows * this.#outColumns,
      );
      if (level > 0) {
        this.#enlarge(blurred, start, first, rows, out[plane]!);
        continue;
      }
      for (let y = 0; y < rows; y++) {
        const at = (first - start + y) * this.#outColumns;
        out[plane]!.set(blurred.subarray(at, at + width), y * width);
      }
    }
    return true;
  }

  /** Whether rows hold any coverage. */
  #anything(first: number, end: number): boolean {
    if (this.#planes === 3) return true;
    const blocks = this.#columns / BLOCK;
    return this.#most.subarray((first - this.#top) * blocks, (end - this.#top) * blocks).some((v) => v > 0);
  }

  /** Convolves cells of rows [start, end). */
  #blur(
    channel: number,
    start: number,
    end: number,
    through: Float32Array,
    firstRow: number,
    rows: number,
  ): void {
    const { kernels } = this.#space;
    const cell = this.#cell;
    const rowBytes = this.#columns * 4;
    const partly = this.#planes === 6;
    const size = this.#blurredRows * this.#outColumns;
    for (const plane of partly ? [channel, 3 + channel] : [channel])
      this.#space.floats(this.#blurred + plane * size * 4, size).fill(0);
    for (let top = start; top < end; ) {
      const block = Math.floor(top / BLOCK) * BLOCK;
      const bottom = Math.min(block + BLOCK, end);
      const y = (block + BLOCK / 2) * cell - 0.5;
      for (let column = 0; column < this.#outColumns; column += BLOCK) {
        const x = (this.#firstOut + column + BLOCK / 2) * cell - 0.5;
        if (this.#hidden(through, this.#firstOut + column, top, bottom, firstRow, rows)) continue;
        const inBuffer = column + this.#pad;
        const cover = partly ? this.#cover(top, bottom, inBuffer) : 'whole';
        if (cover === 'none') continue;
        const half = this.#grid.at(channel, x, y, this.#kernelRoom);
        const side = 2 * half + 1;
        this.#space.floats(this.#kernel, side * side).set(this.#kernelRoom.subarray(0, side * side));
        for (const plane of cover === 'part' ? [channel, 3 + channel] : [channel]) {
          const source =
            this.#rows + (plane * this.#capacity + top - half - this.#top) * rowBytes + (inBuffer - half) * 4;
          const target =
            this.#blurred + ((plane * this.#blurredRows + top - start) * this.#outColumns + column) * 4;
          kernels.convolveBlock(
            source,
            this.#columns,
            this.#kernel,
            side,
            target,
            this.#outColumns,
            bottom - top,
          );
        }
        if (partly && cover === 'whole') {
          const coverage = this.#space.floats(this.#blurred + (3 + channel) * size * 4, size);
          for (let row = top - start; row < bottom - start; row++) {
            const at = row * this.#outColumns + column;
            coverage.fill(1, at, at + BLOCK);
          }
        }
      }
      top = bottom;
    }
  }

  /** Whether everything that a block of cells is seen in lies behind something opaque. */
  #hidden(
    through: Float32Array,
    column: number,
    top: number,
    bottom: number,
    firstRow: number,
    rows: number,
  ): boolean {
    const { width } = this.#geometry.plan;
    const cell = this.#cell;
    // Bringing cells back to pixels reaches two cells to each side.
    const rim = cell === 1 ? 0 : 2;
    const left = Math.max((column - rim) * cell, 0);
    const right = Math.min((column + BLOCK + rim) * cell, width);
    const from = Math.max((top - rim) * cell - firstRow, 0);
    const to = Math.min((bottom + rim) * cell - firstRow, rows);
    for (let y = from; y < to; y++)
      for (let x = left, at = y * width + left; x < right; x++, at++) if (through[at]! > 0) return false;
    return true;
  }

  /** How much of what kernels reach from a block is covered. */
  #cover(top: number, bottom: number, inBuffer: number): 'none' | 'part' | 'whole' {
    const { half } = this.#grid;
    const blocks = this.#columns / BLOCK;
    const left = Math.floor((inBuffer - half) / BLOCK);
    const right = Math.floor((inBuffer + BLOCK - 1 + half) / BLOCK);
    let [least, most] = [1, 0];
    for (let row = top - half - this.#top; row < bottom + half - this.#top; row++) {
      for (let at = row * blocks + left; at <= row * blocks + right; at++) {
        if (this.#least[at]! < least) least = this.#least[at]!;
        if (this.#most[at]! > most) most = this.#most[at]!;
      }
      if (least < 1 && most > 0) return 'part';
    }
    return most === 0 ? 'none' : least >= 1 ? 'whole' : 'part';
  }

  /** Cells to pixels by cubic B-splines: positive, and without steps. */
  #enlarge(blurred: Float32Array, start: number, first: number, rows: number, out: Float32Array): void {
    const cell = this.#cell;
    const width = this.#geometry.plan.width;
    const columns = this.#outColumns;
    const weights = Array.from({ length: cell }, (_, i) => bSpline(((i + 0.5) / cell + 0.5) % 1));
    const line = new Float64Array(columns);
    for (let y = 0; y < rows; y++) {
      const place = (first + y + 0.5) / cell - 0.5;
      const row = Math.floor(place) - 1 - start;
      const [a, b, c, d] = weights[(first + y) % cell]!;
      for (let i = 0, at = row * columns; i < columns; i++, at++)
        line[i] =
          a * blurred[at]! +
          b * blurred[at + columns]! +
          c * blurred[at + 2 * columns]! +
          d * blurred[at + 3 * columns]!;
      for (let x = 0, to = y * width; x < width; x++, to++) {
        const column = Math.floor((x + 0.5) / cell - 0.5) - 1 - this.#firstOut;
        const [e, f, g, h] = weights[x % cell]!;
        out[to] = e * line[column]! + f * line[column + 1]! + g * line[column + 2]! + h * line[column + 3]!;
      }
    }
  }

  /** Sees to it that the resampled rows [first, end) are held. */
  #require(first: number, end: number): void {
    if (!this.#started) {
      this.#top = first;
      this.#started = true;
    }
    const drop = first - this.#top;
    if (drop > 0) {
      const kept = Math.max(this.#held - drop, 0);
      for (let plane = 0; plane < this.#planes; plane++) {
        const at = plane * this.#capacity * this.#columns;
        const size = this.#capacity * this.#columns;
        const rows = this.#space.floats(this.#rows + at * 4, size);
        rows.copyWithin(0, drop * this.#columns, (drop + kept) * this.#columns);
      }
      const blocks = this.#columns / BLOCK;
      for (const values of [this.#least, this.#most])
        values.copyWithin(0, drop * blocks, (drop + kept) * blocks);
      this.#top = first;
      this.#held = kept;
    }
    const step = Math.max(WINDOW_ROWS / this.#cell, 1);
    while (this.#top + this.#held < end) {
      const row = this.#top + this.#held;
      const count = Math.min(step, end - row);
      this.#resample(row, count);
      this.#held += count;
    }
  }

  /** Resamples rows of cells to the end of those held. */
  #resample(firstCell: number, count: number): void {
    const space = this.#space;
    const cell = this.#cell;
    const rows = count * cell;
    const firstRow = firstCell * cell;
    const firstColumn = (this.#firstOut - this.#pad) * cell;
    const perRow = this.#nodesPerRow;
    let [least, most] = [Infinity, -Infinity];
    const nodes = space.doubles(this.#nodes, rows * 3 * perRow * 2);
    for (let y = 0; y < rows; y++) {
      for (let c = 0; c < 3; c++) {
        const part = nodes.subarray((y * 3 + c) * perRow * 2, (y * 3 + c + 1) * perRow * 2);
        this.#geometry.sceneNodes(this.#sheet.depthM, c, firstRow + y, firstColumn, perRow, part);
        for (let i = 1; i < part.length; i += 2) {
          if (part[i]! < least) least = part[i]!;
          if (part[i]! > most) most = part[i]!;
        }
      }
    }
    const partly = this.#planes === 6;
    const window = this.#fillWindow(least, most);
    const target = this.#held;
    for (let row = 0; row < count; row++) {
      const held = target + row;
      for (let plane = 0; plane < this.#planes; plane++) {
        const address = this.#rows + (plane * this.#capacity + held) * this.#columns * 4;
        if (cell === 1) {
          this.#resampleRow(window, plane, row, address);
          continue;
        }
        const mean = new Float64Array(this.#columns);
        for (let y = row * cell; y < (row + 1) * cell; y++) {
          this.#resampleRow(window, plane, y, this.#line);
          this.#paint(plane, firstRow + y, y, this.#line);
          const line = space.floats(this.#line, this.#columns * cell);
          for (let i = 0, at = 0; i < mean.length; i++) {
            let sum = 0;
            for (let k = 0; k < cell; k++) sum += line[at++]!;
            mean[i]! += sum;
          }
        }
        const out = space.floats(address, this.#columns);
        for (let i = 0; i < mean.length; i++) out[i] = mean[i]! / (cell * cell);
      }
      if (cell === 1) {
        for (let plane = 0; plane < this.#planes; plane++) {
          const address = this.#rows + (plane * this.#capacity + held) * this.#columns * 4;
          this.#paint(plane, firstRow + row, row, address);
        }
      }
      if (partly) this.#measure(held);
    }
  }

  /** Notes the least and greatest coverage of a held row, block by block. */
  #measure(held: number): void {
    const blocks = this.#columns / BLOCK;
    const lines = [3, 4, 5].map((plane) =>
      this.#space.floats(this.#rows + (plane * this.#capacity + held) * this.#columns * 4, this.#columns),
    );
    for (let block = 0; block < blocks; block++) {
      let [least, most] = [1, 0];
      for (const line of lines) {
        for (let i = block * BLOCK; i < (block + 1) * BLOCK; i++) {
          const value = line[i]!;
          if (value < least) least = value;
          if (value > most) most = value;
        }
      }
      this.#least[held * blocks + block] = least;
      this.#most[held * blocks + block] = most;
    }
  }

  /** Copies the rows of the scene between two places, with a rim, to where the kernels read; nothing where none are. */
  #fillWindow(least: number, most: number): Window | undefined {
    const { planes, bounds } = this.#sheet;
    if (planes === undefined) return undefined;
    const [left, top, right, bottom] = bounds;
    const width = right - left;
    const height = bottom - top;
    // A sheet that covers partly has an empty rim, so that nothing of it is seen beyond.
    if (this.#planes === 6 && (most < top - RIM || least > bottom + RIM)) return undefined;
    const held = (v: number) => Math.min(Math.max(v - top, 0), height - 1);
    const first = Math.floor(held(least)) - RIM;
    const rows = Math.floor(held(most)) + RIM + 1 - first;
    const stride = width + 2 * RIM;
    const count = this.#planes === 6 ? 4 : 3;
    if (this.#windowFloats < count * rows * stride) {
      // Some more than needed now, since every growth leaves the old piece behind.
      this.#windowFloats = Math.ceil(count * rows * stride * 1.3);
      this.#window = this.#space.allocate(this.#windowFloats * 4);
    }
    const area = width * height;
    const out = this.#space.floats(this.#window, count * rows * stride);
    for (let plane = 0, to = 0; plane < count; plane++) {
      for (let row = first; row < first + rows; row++, to += stride) {
        const from = plane * area + Math.min(Math.max(row, 0), height - 1) * width;
        out.set(planes.subarray(from, from + width), to + RIM);
        out.fill(planes[from]!, to, to + RIM);
        out.fill(planes[from + width - 1]!, to + RIM + width, to + stride);
      }
    }
    return { first, rows, stride, left, top, width, height };
  }

  /** One row of one plane from the window. */
  #resampleRow(window: Window | undefined, plane: number, y: number, address: number): void {
    const count = this.#columns * this.#cell;
    const partly = this.#planes === 6;
    if (partly) this.#space.floats(address, count).fill(0);
    if (window === undefined) return;
    const { first, rows, stride, left, top, width, height } = window;
    const perRow = this.#nodesPerRow;
    const nodesAt = this.#nodes + (y * 3 + (plane % 3)) * perRow * 16;
    let [from, to] = [0, perRow - 1];
    if (partly) {
      // Beyond its bounds and their empty rim there is nothing of the sheet.
      const nodes = this.#space.doubles(nodesAt, perRow * 2);
      const inside = (node: number) => {
        const [a, b] = [nodes[node * 2]!, nodes[node * 2 + 2]!];
        return Math.max(a, b) > left - RIM && Math.min(a, b) < left + width + RIM;
      };
      while (from < to && !inside(from)) from++;
      while (to > from && !inside(to - 1)) to--;
      if (from === to) return;
    }
    // The nodes count from the scene's first sample, the kernel from the window's plane.
    const origin =
      this.#window + (Math.min(plane, 3) * rows * stride + (-first - top) * stride + RIM - left) * 4;
    this.#space.kernels.resampleRow(
      origin,
      stride,
      nodesAt + from * 16,
      (to - from) * NODE_COLUMNS,
      left,
      left + width - 1,
      top,
      top + height - 1,
      this.#tables,
      LIGHTS_FROM,
      address + from * NODE_COLUMNS * 4,
    );
  }

  /** Lays moving objects over a row of pixels of one plane. */
  #paint(plane: number, row: number, nodeRow: number, address: number): void {
    if (this.#movers.length === 0) return;
    const { plan, exposure } = this.#geometry;
    const { sceneStepMm, sceneWidth, sceneHeight } = plan;
    const perRow = this.#nodesPerRow;
    const c = plane % 3;
    const nodes = this.#space.doubles(this.#nodes + (nodeRow * 3 + c) * perRow * 16, perRow * 2);
    const line = this.#space.floats(address, this.#columns * this.#cell);
    const start = this.#geometry.startOf(row);
    const seen: Seen = [0, 0, 0, 0];
    for (const mover of this.#movers) {
      const positions = mover.positions(start, exposure.exposureTimeS);
      const [reachX, reachY] = mover.reachMm;
      const xs = positions.map((p) => p[0]);
      const ys = positions.map((p) => p[1]);
      const [fromX, toX] = [Math.min(...xs) - reachX, Math.max(...xs) + reachX];
      const [fromY, toY] = [Math.min(...ys) - reachY, Math.max(...ys) + reachY];
      for (let node = 0; node < perRow - 1; node++) {
        const x0 = (nodes[node * 2]! - (sceneWidth - 1) / 2) * sceneStepMm[0];
        const y0 = (nodes[node * 2 + 1]! - (sceneHeight - 1) / 2) * sceneStepMm[1];
        const x1 = (nodes[node * 2 + 2]! - (sceneWidth - 1) / 2) * sceneStepMm[0];
        const y1 = (nodes[node * 2 + 3]! - (sceneHeight - 1) / 2) * sceneStepMm[1];
        if (Math.max(x0, x1) < fromX || Math.min(x0, x1) > toX) continue;
        if (Math.max(y0, y1) < fromY || Math.min(y0, y1) > toY) continue;
        for (let i = 0; i < NODE_COLUMNS; i++) {
          const x = x0 + ((x1 - x0) * i) / NODE_COLUMNS;
          const y = y0 + ((y1 - y0) * i) / NODE_COLUMNS;
          let [coverage, light] = [0, 0];
          for (const [cx, cy] of positions) {
            if (Math.abs(x - cx) > reachX || Math.abs(y - cy) > reachY) continue;
            mover.look(x - cx, y - cy, seen);
            coverage += seen[0];
            light += seen[1 + c]!;
          }
          if (coverage === 0) continue;
          coverage /= positions.length;
          light /= positions.length;
          const at = node * NODE_COLUMNS + i;
          line[at] = line[at]! * (1 - coverage) + (plane < 3 ? light : coverage);
        }
      }
    }
  }
}

/** Where a piece of a sheet lies in the kernels' memory. */
interface Window {
  /** First row held, counted in the sheet's bounds. */
  readonly first: number;
  readonly rows: number;
  readonly stride: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const SPLINE = cubicTable(1);

function bSpline(f: number): [number, number, number, number] {
  return [0, 1, 2, 3].map(
    (i) => ((SPLINE[i]! * f + SPLINE[4 + i]!) * f + SPLINE[8 + i]!) * f + SPLINE[12 + i]!,
  ) as [number, number, number, number];
}
