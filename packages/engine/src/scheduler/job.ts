import type { Rectangle } from '../geometry.js';
import type { Kernels } from '../kernel-module.js';
import { PIPELINE } from '../pipeline.js';
import type { Stage, Tile } from '../stage.js';

/** One stage with its plan, as it travels to the threads. */
export interface PlannedStage {
  readonly name: string;
  readonly plan: unknown;
}

/** From samples to camera RGB: the stages up to demosaic. */
export interface SceneWork {
  readonly stages: readonly PlannedStage[];
  readonly activeWidth: number;
  readonly activeHeight: number;
  /** Tiles begin on multiples of this in the active area: the CFA's period. */
  readonly period: number;
  /** Pixels around a tile that the stages read. */
  readonly halo: number;
}

/** Where finished pixels go. */
export interface Delivery {
  readonly format: 'uint8' | 'uint16' | 'float32';
  /** Address of the encoding table, or 0 for none. */
  readonly table: number;
  /** Address of output pixel (0, 0) of the job's grid, and bytes from pixel to pixel; negative steps turn the picture. */
  readonly address: number;
  readonly stepX: number;
  readonly stepY: number;
}

/** Three planes of camera RGB over the job's grid that outlive the job. */
export interface Cache {
  readonly address: number;
  readonly mode: 'write' | 'read';
}

/** A piece of work that threads share tile by tile: plain data. */
export interface Job {
  readonly id: number;
  /** The part of the active area that the grid shows. */
  readonly region: Rectangle;
  /** The output grid; smaller than the region where the job scales. */
  readonly width: number;
  readonly height: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
  /** Undefined where the camera RGB comes from the cache. */
  readonly scene: SceneWork | undefined;
  readonly cache: Cache | undefined;
  readonly finish: readonly PlannedStage[];
  readonly delivery: Delivery;
  readonly buffers: BufferLayout;
  /** Per thread, the address of its buffers. */
  readonly slots: readonly number[];
  /** Address of two int32: the next tile, and whether to stop. */
  readonly control: number;
}

/** Sizes of one thread's buffers in floats per row, rows and bytes. */
export interface BufferLayout {
  /** Of the tile with its halo. */
  readonly stride: number;
  readonly rows: number;
  /** Of the reduced tile; 0 where the job does not scale. */
  readonly reducedStride: number;
  readonly reducedRows: number;
  readonly scratchBytes: number;
}

/** Milliseconds that stages took on one thread, by name, and pixels that they worked on. */
export type StageTimes = Record<string, { ms: number; pixels: number }>;

const STAGES = new Map<string, Stage>(PIPELINE.map((stage) => [stage.name, stage as Stage]));
const GUARD = 64;

/** Bytes of one plane. */
function planeBytes(stride: number, rows: number): number {
  return stride * rows * 4 + GUARD;
}

/** Bytes of one thread's buffers: two mosaics, three planes, three reduced planes, columns, footprints, scratch. */
export function slotBytes(layout: BufferLayout): number {
  return (
    5 * planeBytes(layout.stride, layout.rows) +
    3 * planeBytes(layout.reducedStride, layout.reducedRows) +
    layout.stride * 8 +
    (layout.reducedStride + layout.reducedRows) * 16 +
    layout.scratchBytes +
    8 * GUARD
  );
}

/** The number of tiles of a job. */
export function tileCount(job: Pick<Job, 'width' | 'height' | 'tileWidth' | 'tileHeight'>): number {
  return Math.ceil(job.width / job.tileWidth) * Math.ceil(job.height / job.tileHeight);
}

/** Largest multiple of `period` that is at most `value`. */
function alignDown(value: number, period: number): number {
  return Math.floor(value / period) * period;
}

/** Smallest multiple of 4 that is at least `value`. */
export function roundUp4(value: number): number {
  return (value + 3) & ~3;
}

/**
 * The place inside of [0, size) whose photosite stands in for one outside of it and has its colour: mirrored about the
 * border where the period is at most 2, shifted by whole periods where it is larger.
 */
export function insidePlace(place: number, size: number, period: number): number {
  if (place >= 0 && place < size) return place;
  if (period <= 2) {
    const round = Math.max(2 * (size - 1), 1);
    const folded = ((place % round) + round) % round;
    return folded < size ? folded : round - folded;
  }
  const shifted =
    place < 0
      ? place + Math.ceil(-place / period) * period
      : place - Math.ceil((place - size + 1) / period) * period;
  return Math.min(Math.max(shifted, 0), size - 1);
}

/** The range of source pixels under output pixels `first … first + count` of a grid that shrinks `source` to `target`. */
export function sourceSpan(
  first: number,
  count: number,
  source: number,
  target: number,
): [start: number, end: number] {
  const ratio = source / target;
  return [Math.floor(first * ratio), Math.min(Math.ceil((first + count) * ratio), source)];
}

/** Works off tiles until there are none left or the job is stopped. */
export class TileRunner {
  readonly #kernels: Kernels;
  readonly #memory: WebAssembly.Memory;

  constructor(kernels: Kernels, memory: WebAssembly.Memory) {
    this.#kernels = kernels;
    this.#memory = memory;
  }

  /** Takes the next tile of a job and finishes it; false where there is none left. */
  step(job: Job, thread: number, times: StageTimes): boolean {
    const control = new Int32Array(this.#memory.buffer, job.control, 2);
    if (Atomics.load(control, 1) !== 0) return false;
    const index = Atomics.add(control, 0, 1);
    if (index >= tileCount(job)) return false;
    this.#run(job, job.slots[thread]!, index, times);
    return true;
  }

  #run(job: Job, slot: number, index: number, times: StageTimes): void {
    const across = Math.ceil(job.width / job.tileWidth);
    const x0 = (index % across) * job.tileWidth;
    const y0 = Math.floor(index / across) * job.tileHeight;
    const width = Math.min(job.tileWidth, job.width - x0);
    const height = Math.min(job.tileHeight, job.height - y0);
    const tile = new Buffers(job, slot, this.#memory);
    const scaled = job.buffers.reducedStride > 0;
    if (job.scene !== undefined) {
      const [left, right] = sourceSpan(x0, width, job.region.width, job.width);
      const [top, bottom] = sourceSpan(y0, height, job.region.height, job.height);
      tile.open(job.scene, job.region.left + left, job.region.top + top, right - left, bottom - top);
      this.#stages(job.scene.stages, tile, times);
      if (scaled) this.#reduce(job, tile, x0, y0, width, height, left, top, times);
      if (job.cache !== undefined) this.#copy(job, job.cache, tile, x0, y0, width, height, 'write');
    } else {
      tile.show(width, height);
      this.#copy(job, job.cache!, tile, x0, y0, width, height, 'read');
    }
    this.#stages(job.finish, tile, times);
    this.#deliver(job.delivery, tile, x0, y0, times);
  }

  #stages(stages: readonly PlannedStage[], tile: Tile, times: StageTimes): void {
    for (const { name, plan } of stages) {
      const start = performance.now();
      STAGES.get(name)!.run(plan, tile, this.#kernels);
      note(times, name, start, tile.innerWidth * tile.innerHeight);
    }
  }

  #copy(
    job: Job,
    cache: Cache,
    tile: Tile,
    x0: number,
    y0: number,
    width: number,
    height: number,
    mode: Cache['mode'],
  ): void {
    for (let plane = 0; plane < 3; plane++) {
      const outside = cache.address + (plane * job.width * job.height + y0 * job.width + x0) * 4;
      const inside = tile.inner + plane * tile.planeStride;
      if (mode === 'write')
        this.#kernels.copyPlane(inside, tile.stride * 4, outside, job.width * 4, width, height);
      else this.#kernels.copyPlane(outside, job.width * 4, inside, tile.stride * 4, width, height);
    }
  }

  #reduce(
    job: Job,
    tile: Buffers,
    x0: number,
    y0: number,
    width: number,
    height: number,
    left: number,
    top: number,
    times: StageTimes,
  ): void {
    const start = performance.now();
    const columns = tile.placeFootprints(0, x0, width, left, job.region.width / job.width, job.region.width);
    const rows = tile.placeFootprints(
      width,
      y0,
      height,
      top,
      job.region.height / job.height,
      job.region.height,
    );
    const norm = (job.width / job.region.width) * (job.height / job.region.height);
    const { inner, planeStride, stride, innerWidth } = tile;
    tile.show(width, height);
    for (let plane = 0; plane < 3; plane++)
      this.#kernels.reducePlane(
        inner + plane * planeStride,
        stride * 4,
        columns,
        rows,
        norm,
        tile.scratch,
        tile.inner + plane * tile.planeStride,
        tile.stride * 4,
        width,
        height,
        innerWidth,
      );
    note(times, 'reduce', start, width * height);
  }

  #deliver(delivery: Delivery, tile: Tile, x0: number, y0: number, times: StageTimes): void {
    const start = performance.now();
    const kernel =
      delivery.format === 'uint8'
        ? this.#kernels.displayEncode8
        : delivery.format === 'uint16'
          ? this.#kernels.displayEncode16
          : this.#kernels.displayFloat;
    kernel(
      tile.inner,
      tile.planeStride,
      tile.stride * 4,
      tile.innerWidth,
      tile.innerHeight,
      delivery.table,
      delivery.address + x0 * delivery.stepX + y0 * delivery.stepY,
      delivery.stepX,
      delivery.stepY,
    );
    note(times, 'encode', start, tile.innerWidth * tile.innerHeight);
  }
}

function note(times: StageTimes, name: string, start: number, pixels: number): void {
  times[name] ??= { ms: 0, pixels: 0 };
  times[name].ms += performance.now() - start;
  times[name].pixels += pixels;
}

/** One thread's buffers, seen as the tile that it works on. */
class Buffers implements Tile {
  left = 0;
  top = 0;
  width = 0;
  height = 0;
  stride: number;
  readonly columns: number;
  firstInside = 0;
  lastInside = 0;
  mosaic: number;
  spare: number;
  planes: number;
  planeStride: number;
  readonly scratch: number;
  inner = 0;
  innerWidth = 0;
  innerHeight = 0;
  readonly #memory: WebAssembly.Memory;
  readonly #layout: BufferLayout;
  readonly #reduced: number;
  readonly #footprints: number;
  #scene: SceneWork | undefined;

  constructor(job: Job, slot: number, memory: WebAssembly.Memory) {
    const layout = job.buffers;
    const bytes = planeBytes(layout.stride, layout.rows);
    this.#memory = memory;
    this.#layout = layout;
    this.mosaic = slot;
    this.spare = slot + bytes;
    this.planes = slot + 2 * bytes;
    this.planeStride = bytes;
    this.stride = layout.stride;
    this.#reduced = slot + 5 * bytes;
    this.columns = this.#reduced + 3 * planeBytes(layout.reducedStride, layout.reducedRows);
    this.#footprints = this.columns + layout.stride * 8;
    this.scratch =
      (this.#footprints + (layout.reducedStride + layout.reducedRows) * 16 + GUARD) & ~(GUARD - 1);
  }

  sourceRow(y: number): number {
    return insidePlace(this.top + y, this.#scene!.activeHeight, this.#scene!.period);
  }

  /** Makes this the tile around a rectangle of the active area. */
  open(scene: SceneWork, left: number, top: number, width: number, height: number): void {
    this.#scene = scene;
    this.left = alignDown(left - scene.halo, scene.period);
    this.top = alignDown(top - scene.halo, scene.period);
    this.width = roundUp4(left + width + scene.halo - this.left);
    this.height = roundUp4(top + height + scene.halo - this.top);
    // Kernels expect the planes right behind one another.
    this.planeStride = this.stride * this.height * 4;
    const columns = new Int32Array(this.#memory.buffer, this.columns, this.width);
    for (let i = 0; i < this.width; i++)
      columns[i] = insidePlace(this.left + i, scene.activeWidth, scene.period);
    this.firstInside = Math.min(Math.max(-this.left, 0), this.width);
    this.lastInside = Math.max(Math.min(scene.activeWidth - this.left, this.width), this.firstInside);
    this.inner = this.planes + ((top - this.top) * this.stride + left - this.left) * 4;
    this.innerWidth = width;
    this.innerHeight = height;
  }

  /** Makes this a tile of bare planes: of the reduced buffers where there are some. */
  show(width: number, height: number): void {
    if (this.#layout.reducedStride > 0) {
      this.planes = this.#reduced;
      this.stride = this.#layout.reducedStride;
      this.planeStride = planeBytes(this.#layout.reducedStride, this.#layout.reducedRows);
    }
    this.inner = this.planes;
    this.innerWidth = width;
    this.innerHeight = height;
  }

  /** Writes what each of `count` output pixels from `first` on averages; returns the address. */
  placeFootprints(
    slot: number,
    first: number,
    count: number,
    origin: number,
    ratio: number,
    size: number,
  ): number {
    const address = this.#footprints + slot * 16;
    const integers = new Int32Array(this.#memory.buffer, address, count * 4);
    const floats = new Float32Array(this.#memory.buffer, address, count * 4);
    for (let i = 0; i < count; i++) {
      const from = (first + i) * ratio;
      const to = Math.min((first + i + 1) * ratio, size);
      const start = Math.floor(from);
      const pixels = Math.max(Math.ceil(to) - start, 1);
      integers[i * 4] = start - origin;
      integers[i * 4 + 1] = pixels;
      floats[i * 4 + 2] = pixels === 1 ? to - from : start + 1 - from;
      floats[i * 4 + 3] = to - (start + pixels - 1);
    }
    return address;
  }
}
