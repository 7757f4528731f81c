import { BURST_TASKS } from '../burst/merge/tasks.js';
import type { Rectangle } from '../geometry.js';
import type { Kernels } from '../kernel-module.js';
import { PIPELINE } from '../pipeline.js';
import type { Place, Stage, Tile } from '../stage.js';
import { cells } from './cells.js';
import { edgeOf, type Range, sourceSpan } from './places.js';
import type { Task } from './task.js';
import { WorkTile } from './WorkTile.js';

/** One stage with its plan, as it travels to the threads. */
export interface PlannedStage {
  readonly name: string;
  readonly plan: unknown;
  /** Pixels that a local stage reads around its inner part; 0 for all others. */
  readonly halo: number;
}

/** From samples to camera RGB: the stages up to the lens geometry. */
export interface SceneWork {
  readonly stages: readonly PlannedStage[];
  readonly activeWidth: number;
  readonly activeHeight: number;
  /** Tiles begin on multiples of this in the active area: the CFA's period. */
  readonly period: number;
  /** Pixels around a tile that all stages read, and the local ones among them. */
  readonly halo: number;
  readonly localHalo: number;
}

/** Pixels of three samples, interleaved, upright. */
export interface PixelDelivery {
  readonly format: 'uint8' | 'uint16' | 'float32';
  /** Address of the encoding table, or 0 for none. */
  readonly table: number;
  /** Address of output pixel (0, 0) of the job's grid, and bytes from pixel to pixel; negative steps turn the picture. */
  readonly address: number;
  readonly stepX: number;
  readonly stepY: number;
}

/** Three planes of floats in the kernels' memory, of a picture that is not turned. Bytes from plane to plane and from row to row. */
export interface PlaneDelivery {
  readonly format: 'planes';
  readonly address: number;
  readonly planeStride: number;
  readonly rowStride: number;
}

/** Where finished pixels go. */
export type Delivery = PixelDelivery | PlaneDelivery;

/** The pixels of a grid in both directions. */
export interface Reach {
  readonly x: Range;
  readonly y: Range;
}

/** Three planes of camera RGB that outlive the job: of the job's grid and what lies around it. */
export interface Cache {
  readonly address: number;
  readonly mode: 'write' | 'read';
  readonly reach: Reach;
}

/** A piece of work that threads share tile by tile: plain data. */
export interface Job {
  readonly id: number;
  /** The part of the picture that the grid shows. */
  readonly region: Rectangle;
  /** Where the picture lies in the active area where there is no lens geometry, and its size. */
  readonly picture: Rectangle;
  /** The output grid; smaller than the region where the job scales. */
  readonly width: number;
  readonly height: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
  /** The grid's pixels with those around it that local stages of the finish may read; where it ends, it is mirrored. */
  readonly reach: Reach;
  /** Undefined where the camera RGB comes from the cache. */
  readonly scene: SceneWork | undefined;
  /** The one resampling; undefined where pixels of the picture are pixels of the active area. */
  readonly geometry: PlannedStage | undefined;
  readonly cache: Cache | undefined;
  readonly finish: readonly PlannedStage[];
  /** Pixels around a tile that the stages of the finish read. */
  readonly finishHalo: number;
  readonly delivery: Delivery;
  readonly buffers: BufferLayout;
  /** Per thread, the address of its buffers. */
  readonly slots: readonly number[];
  /** Address of two int32: the next tile, and whether to stop. */
  readonly control: number;
}

/** Floats per row and rows of a set of planes; 0 where there is none. */
export interface Sheet {
  readonly stride: number;
  readonly rows: number;
}

/** Sizes of one thread's buffers. */
export interface BufferLayout {
  /** The tile with its halo, up to the lens geometry. */
  readonly scene: Sheet;
  /** Three more planes like the scene's, for local stages. */
  readonly sceneSpare: boolean;
  /** The picture at full resolution after the lens geometry, or what comes from the cache. */
  readonly picture: Sheet;
  /** The picture where the job scales. */
  readonly reduced: Sheet;
  /** Three more planes for local stages of the finish, where they work on `picture` or `reduced`. */
  readonly spare: Sheet;
  readonly scratchBytes: number;
}

/** No planes. */
export const NO_SHEET: Sheet = { stride: 0, rows: 0 };

/** Milliseconds that stages took on one thread, by name, and pixels that they worked on. */
export type StageTimes = Record<string, { ms: number; pixels: number }>;

const STAGES = new Map<string, Stage>(
  [...PIPELINE, cells].map((stage) => [stage.name, stage as unknown as Stage]),
);

/** A tile or piece that is done, and what came of it. */
export interface Done {
  readonly index: number;
  readonly value: unknown;
}

/** The number of tiles of a job. */
export function tileCount(job: Pick<Job, 'width' | 'height' | 'tileWidth' | 'tileHeight'>): number {
  return Math.ceil(job.width / job.tileWidth) * Math.ceil(job.height / job.tileHeight);
}

/** What a pool works off: the tiles of a picture, or the pieces of a task. */
export type Work = Job | Task;

/** Three planes' rows that stages work on one after the other: half of a common second-level cache. */
const BAND_BYTES = 1 << 17;

const TASKS = new Map(BURST_TASKS.map((kind) => [kind.name, kind]));

/** Works off tiles and pieces until there are none left or the work is stopped. */
export class Runner {
  readonly #kernels: Kernels;
  readonly #memory: WebAssembly.Memory;

  constructor(kernels: Kernels, memory: WebAssembly.Memory) {
    this.#kernels = kernels;
    this.#memory = memory;
  }

  /** Takes the next tile or piece and finishes it; undefined where there is none left. */
  step(work: Work, thread: number, times: StageTimes): Done | undefined {
    const control = new Int32Array(this.#memory.buffer, work.control, 2);
    if (Atomics.load(control, 1) !== 0) return undefined;
    const index = Atomics.add(control, 0, 1);
    const slot = work.slots[thread]!;
    if ('task' in work) {
      if (index >= work.pieces) return undefined;
      return { index, value: TASKS.get(work.task)!.run(work.plan, index, slot, this.#kernels, this.#memory) };
    }
    if (index >= tileCount(work)) return undefined;
    new TileWork(work, slot, index, this.#kernels, this.#memory, times).run();
    return { index, value: undefined };
  }
}

/** One tile on its way from the samples to the output. */
class TileWork {
  readonly #job: Job;
  readonly #kernels: Kernels;
  readonly #memory: WebAssembly.Memory;
  readonly #times: StageTimes;
  readonly #slot: number;
  /** The tile in the job's grid. */
  readonly #own: Reach;
  /** With what the finish reads around it, as far as there is a picture. */
  readonly #needed: Reach;

  constructor(
    job: Job,
    slot: number,
    index: number,
    kernels: Kernels,
    memory: WebAssembly.Memory,
    times: StageTimes,
  ) {
    this.#job = job;
    this.#slot = slot;
    this.#kernels = kernels;
    this.#memory = memory;
    this.#times = times;
    const across = Math.ceil(job.width / job.tileWidth);
    const x = (index % across) * job.tileWidth;
    const y = Math.floor(index / across) * job.tileHeight;
    this.#own = {
      x: { from: x, to: Math.min(x + job.tileWidth, job.width) },
      y: { from: y, to: Math.min(y + job.tileHeight, job.height) },
    };
    const { reach, finishHalo } = job;
    this.#needed = {
      x: within(this.#own.x, finishHalo, reach.x),
      y: within(this.#own.y, finishHalo, reach.y),
    };
  }

  run(): void {
    const { scene, cache, finish, finishHalo, reach } = this.#job;
    const [own, needed] = [this.#own, this.#needed];
    let tile: WorkTile;
    if (scene === undefined) {
      tile = this.#tile();
      tile.show('picture', lengthOf(needed.x), lengthOf(needed.y), finishHalo, this.#placeOf(needed));
      this.#copy(cache!, tile, needed);
    } else {
      tile = this.#cameraRgb(scene);
      if (cache !== undefined) this.#copy(cache, tile, this.#kept());
    }
    if (finishHalo > 0) {
      const missing = (side: Range, has: Range): readonly [number, number] => [
        has.from - (side.from - finishHalo),
        side.to + finishHalo - has.to,
      ];
      const [left, right] = missing(own.x, needed.x);
      const [top, bottom] = missing(own.y, needed.y);
      tile.mirror(left, top, right, bottom, {
        x: needed.x.from - reach.x.from,
        y: needed.y.from - reach.y.from,
        width: lengthOf(reach.x),
        height: lengthOf(reach.y),
      });
    }
    const pixels = lengthOf(own.x) * lengthOf(own.y);
    const last = finish.findLastIndex(({ name }) => !worksPixelByPixel(name)) + 1;
    this.#stages(finish.slice(0, last), tile, pixels);
    this.#inBands(finish.slice(last), tile, pixels, true);
  }

  #tile(): WorkTile {
    return new WorkTile(this.#job.buffers, this.#slot, this.#memory);
  }

  /** Computes the camera RGB of the needed part; returns the tile that holds it. */
  #cameraRgb(scene: SceneWork): WorkTile {
    const { geometry, region, picture, width, height, finishHalo, buffers } = this.#job;
    const needed = this.#needed;
    const [left, right] = sourceSpan(needed.x.from, lengthOf(needed.x), region.width, width);
    const [top, bottom] = sourceSpan(needed.y.from, lengthOf(needed.y), region.height, height);
    const reduces = buffers.reduced.stride > 0;
    const margin = reduces ? 0 : finishHalo;
    const full: Rectangle = {
      left: region.left + left,
      top: region.top + top,
      width: right - left,
      height: bottom - top,
    };
    const tile = this.#tile();
    // A pixel counts for the tile whose own pixels it lies under.
    const [ownLeft, ownRight] = sourceSpan(this.#own.x.from, lengthOf(this.#own.x), region.width, width);
    const [ownTop, ownBottom] = sourceSpan(this.#own.y.from, lengthOf(this.#own.y), region.height, height);
    const pixels = (ownRight - ownLeft) * (ownBottom - ownTop);
    if (geometry === undefined) {
      tile.open(scene, picture.left + full.left, picture.top + full.top, full.width, full.height, margin);
      this.#stages(scene.stages, tile, pixels);
      tile.place = this.#placeOf(needed);
    } else {
      tile.show('picture', full.width, full.height, margin, {
        x: full.left + 0.5,
        y: full.top + 0.5,
        stepX: 1,
        stepY: 1,
      });
      this.#resample(scene, geometry, tile, pixels);
    }
    if (reduces) this.#reduce(tile, left, top);
    return tile;
  }

  #resample(scene: SceneWork, geometry: PlannedStage, tile: WorkTile, pixels: number): void {
    const start = performance.now();
    let inScene = 0;
    let counted = pixels;
    const { buffers } = this.#job;
    const source = this.#tile();
    const room = 2 * scene.halo + scene.period + 4;
    tile.source = {
      width: buffers.scene.stride - room,
      height: buffers.scene.rows - room,
      areaWidth: scene.activeWidth,
      areaHeight: scene.activeHeight,
      open: (left, top, width, height): Tile => {
        const opened = performance.now();
        source.open(scene, left, top, width, height, 0);
        this.#stages(scene.stages, source, counted);
        counted = 0;
        inScene += performance.now() - opened;
        return source;
      },
    };
    STAGES.get(geometry.name)!.run(geometry.plan, tile, this.#kernels);
    tile.source = undefined;
    note(this.#times, geometry.name, performance.now() - start - inScene, pixels);
  }

  #stages(stages: readonly PlannedStage[], tile: WorkTile, pixels: number): void {
    for (let i = 0; i < stages.length; ) {
      const group = pixelStages(stages, i);
      if (group.length > 1) this.#inBands(group, tile, pixels, false);
      else this.#stage(stages[i]!, tile, pixels);
      i += Math.max(group.length, 1);
    }
  }

  #stage({ name, plan, halo }: PlannedStage, tile: WorkTile, pixels: number): void {
    if (halo > 0) tile.shrink(halo, halo, halo, halo);
    const start = performance.now();
    STAGES.get(name)!.run(plan, tile, this.#kernels);
    note(this.#times, name, performance.now() - start, pixels);
  }

  /** Stages that work pixel by pixel, one after the other on a few rows that lie in the cache; then they are delivered. */
  #inBands(stages: readonly PlannedStage[], tile: WorkTile, pixels: number, deliver: boolean): void {
    const rows = Math.max(Math.floor(BAND_BYTES / (3 * 4 * tile.innerWidth)), 1);
    tile.inBands(rows, (first) => {
      const counted = first === 0 ? pixels : 0;
      for (const stage of stages) this.#stage(stage, tile, counted);
      if (deliver) this.#deliver(tile, first, counted);
    });
  }

  /** The part that this tile keeps: its own, and at the grid's borders what lies around it. */
  #kept(): Reach {
    const { reach, width, height } = this.#job;
    const grown = (own: Range, size: number, limit: Range): Range => ({
      from: own.from === 0 ? limit.from : own.from,
      to: own.to === size ? limit.to : own.to,
    });
    return { x: grown(this.#own.x, width, reach.x), y: grown(this.#own.y, height, reach.y) };
  }

  /** Copies a part of the grid between the tile and the cache. */
  #copy(cache: Cache, tile: Tile, part: Reach): void {
    const across = lengthOf(cache.reach.x);
    const down = lengthOf(cache.reach.y);
    const [width, height] = [lengthOf(part.x), lengthOf(part.y)];
    for (let plane = 0; plane < 3; plane++) {
      const place = (plane * down + part.y.from - cache.reach.y.from) * across;
      const outside = cache.address + (place + part.x.from - cache.reach.x.from) * 4;
      const offset = (part.y.from - this.#needed.y.from) * tile.stride + part.x.from - this.#needed.x.from;
      const inside = tile.inner + plane * tile.planeStride + offset * 4;
      if (cache.mode === 'write')
        this.#kernels.copyPlane(inside, tile.stride * 4, outside, across * 4, width, height);
      else this.#kernels.copyPlane(outside, across * 4, inside, tile.stride * 4, width, height);
    }
  }

  #reduce(tile: WorkTile, left: number, top: number): void {
    const start = performance.now();
    const { region, width, height, finishHalo } = this.#job;
    const needed = this.#needed;
    const [across, down] = [lengthOf(needed.x), lengthOf(needed.y)];
    const columns = tile.placeFootprints(0, needed.x.from, across, left, (i) =>
      edgeOf(i, region.width, width),
    );
    const rows = tile.placeFootprints(across, needed.y.from, down, top, (i) =>
      edgeOf(i, region.height, height),
    );
    const norm = (width / region.width) * (height / region.height);
    const { inner, planeStride, stride, innerWidth } = tile;
    tile.show('reduced', across, down, finishHalo, this.#placeOf(needed));
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
        across,
        down,
        innerWidth,
      );
    note(this.#times, 'reduce', performance.now() - start, lengthOf(this.#own.x) * lengthOf(this.#own.y));
  }

  /** Where a part of the grid lies in the picture. */
  #placeOf(part: Reach): Place {
    const { region, width, height } = this.#job;
    const [stepX, stepY] = [region.width / width, region.height / height];
    return {
      x: region.left + (part.x.from + 0.5) * stepX,
      y: region.top + (part.y.from + 0.5) * stepY,
      stepX,
      stepY,
    };
  }

  /** Writes the inner part, whose first row is the tile's own row `first`. */
  #deliver(tile: Tile, first: number, pixels: number): void {
    const start = performance.now();
    const { delivery } = this.#job;
    if (delivery.format === 'planes') this.#deliverPlanes(tile, first, delivery);
    else this.#deliverPixels(tile, first, delivery);
    note(this.#times, 'encode', performance.now() - start, pixels);
  }

  #deliverPixels(tile: Tile, first: number, { format, table, address, stepX, stepY }: PixelDelivery): void {
    const kernel =
      format === 'uint8'
        ? this.#kernels.displayEncode8
        : format === 'uint16'
          ? this.#kernels.displayEncode16
          : this.#kernels.displayFloat;
    kernel(
      tile.inner,
      tile.planeStride,
      tile.stride * 4,
      tile.innerWidth,
      tile.innerHeight,
      table,
      address + this.#own.x.from * stepX + (this.#own.y.from + first) * stepY,
      stepX,
      stepY,
    );
  }

  #deliverPlanes(tile: Tile, first: number, { address, planeStride, rowStride }: PlaneDelivery): void {
    for (let c = 0; c < 3; c++)
      this.#kernels.copyPlane(
        tile.inner + c * tile.planeStride,
        tile.stride * 4,
        address + c * planeStride + (this.#own.y.from + first) * rowStride + this.#own.x.from * 4,
        rowStride,
        tile.innerWidth,
        tile.innerHeight,
      );
  }
}

function worksPixelByPixel(name: string): boolean {
  return STAGES.get(name)!.works === 'planes';
}

/** The stages from the i-th on that work pixel by pixel, up to the first that does not. */
function pixelStages(stages: readonly PlannedStage[], i: number): readonly PlannedStage[] {
  const end = stages.findIndex(({ name }, k) => k >= i && !worksPixelByPixel(name));
  return stages.slice(i, end < 0 ? undefined : end);
}

function lengthOf({ from, to }: Range): number {
  return to - from;
}

function within(own: Range, halo: number, limit: Range): Range {
  return { from: Math.max(own.from - halo, limit.from), to: Math.min(own.to + halo, limit.to) };
}

function note(times: StageTimes, name: string, ms: number, pixels: number): void {
  times[name] ??= { ms: 0, pixels: 0 };
  times[name].ms += ms;
  times[name].pixels += pixels;
}
