import type { RawFrame } from '@photosite/raw';
import { CameraModel } from './colour/camera.js';
import { srgbEncode } from './colour/spaces.js';
import type { Engine } from './Engine.js';
import { EngineError } from './EngineError.js';
import { cropOf, type Rectangle, rectangleOf, type Turn, toSensor, turnOf } from './geometry.js';
import { PIPELINE } from './pipeline.js';
import { completeRecipe, type PartialRecipe, type Recipe, recipeKey } from './recipe.js';
import {
  type BufferLayout,
  type Cache,
  type Delivery,
  type Job,
  type PlannedStage,
  roundUp4,
  type SceneWork,
  type StageTimes,
  slotBytes,
  tileCount,
} from './scheduler/job.js';
import type { PlanContext, SceneWhite, Stage } from './stage.js';
import { repairBadPixels } from './stages/defects/bad-pixels.js';
import { recordedWhite, sceneWhite } from './white.js';

/** What comes out: a display picture, linear scene light in the working space, or camera RGB right after demosaic. */
export type Rendition = 'display' | 'linear-rec2020' | 'camera-rgb';

/** Samples of the pixels. */
export type PixelFormat = 'uint8' | 'uint16' | 'float32';

/** What to render. */
export interface RenderRequest {
  /** What is left out has its default. */
  readonly recipe?: PartialRecipe;
  /** `display` by default. The linear ones come as float32 alone; `camera-rgb` shows the whole active area. */
  readonly as?: Rendition;
  /** `uint8` by default for `display`. */
  readonly format?: PixelFormat;
  /** A part of the upright picture in its own pixels; everything by default. */
  readonly region?: Rectangle;
  /** Size of the result relative to the region, (0, 1]; each pixel is the mean of the area under it. 1 by default. */
  readonly scale?: number;
  /** Keep the camera RGB of this region and scale, so that a change after demosaic need not compute it again. */
  readonly keep?: boolean;
  /** Largest tile, in photosites each way. Changes speed and memory, never pixels. */
  readonly tileSize?: number;
  /** Stops the work; the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called with the share of the work that is done, (0, 1]. */
  readonly onProgress?: (done: number) => void;
}

/** What a stage took: milliseconds summed over the threads, and pixels that it worked on, halo not counted. */
export interface StageReport {
  readonly name: string;
  readonly ms: number;
  readonly pixels: number;
}

/** A rendered picture, upright, RGB interleaved. */
export interface Rendered {
  readonly width: number;
  readonly height: number;
  /** A view on the kernels' memory, valid until `release`. */
  readonly pixels: Uint8Array | Uint16Array | Float32Array;
  readonly colorSpace: 'srgb' | 'display-p3' | 'linear-rec2020' | 'camera-rgb';
  /** The whole recipe, defaults filled in. */
  readonly recipe: Recipe;
  readonly stages: readonly StageReport[];
  /** What had to be assumed because the file does not say it. */
  readonly assumptions: readonly string[];
  /** Gives the pixels' memory back. */
  release(): void;
}

/** Tile size where none is asked for: a tile with its planes fits into a core's share of the cache. */
const DEFAULT_TILE = 256;
const SMALLEST_TILE = 32;
const LARGEST_TILE = 4096;
const BYTES = { uint8: 1, uint16: 2, float32: 4 } as const;
/** Regions and scales whose camera RGB is kept: a fitted view and a closer one. */
const KEPT_VIEWS = 2;

interface Kept {
  readonly key: string;
  readonly address: number;
}

let nextJob = 1;

/** One frame in the kernels' memory, to be rendered as often as one likes. */
export class Development {
  readonly frame: RawFrame;
  readonly #engine: Engine;
  readonly #samples: number;
  readonly #camera: CameraModel;
  readonly #recorded: SceneWhite;
  readonly #assumptions: string[] = [];
  #kept: Kept[] = [];
  #open = true;
  /** A render reads the samples and the kept views. */
  #working = false;

  /** Use {@link Engine.open}. */
  constructor(engine: Engine, recorded: RawFrame) {
    const { frame, excessive } = repairBadPixels(recorded);
    this.frame = frame;
    this.#engine = engine;
    if (excessive)
      this.#assumptions.push('the file lists too many bad photosites to be believed: none was mended');
    if (frame.cfa === undefined ? ![1, 3].includes(frame.samplesPerPixel) : frame.samplesPerPixel !== 1)
      throw new EngineError(
        `a picture of ${frame.samplesPerPixel} samples per pixel can't be developed; 1 or 3 can.`,
      );
    this.#camera = new CameraModel(frame);
    this.#recorded = recordedWhite(frame, this.#camera, (what) => this.#assumptions.push(what));
    this.#samples = this.#placeSamples();
    // What lay in reserved room and could not be used as it was.
    engine.discard(recorded.samples);
  }

  #placeSamples(): number {
    const { samples, samplesPerPixel } = this.frame;
    const { heap } = this.#engine;
    const reserved = samplesPerPixel === 1 ? this.#engine.takeOver(samples) : undefined;
    if (reserved !== undefined) return reserved;
    const address = heap.allocate(samples.byteLength);
    const copy =
      samples instanceof Float32Array
        ? new Float32Array(heap.memory.buffer, address, samples.length)
        : new Uint16Array(heap.memory.buffer, address, samples.length);
    if (samplesPerPixel === 1) copy.set(samples);
    else {
      // Planes lie apart in the kernels' memory, so that one kernel serves mosaics and pictures.
      const pixels = samples.length / samplesPerPixel;
      for (let i = 0, k = 0; i < pixels; i++)
        for (let plane = 0; plane < samplesPerPixel; plane++) copy[plane * pixels + i] = samples[k++]!;
    }
    return address;
  }

  /** Width and height of the upright picture in pixels. */
  get size(): { readonly width: number; readonly height: number } {
    const { width, height } = this.#turn('display', 1);
    return { width, height };
  }

  #area(as: Rendition): Rectangle {
    if (as !== 'camera-rgb') return cropOf(this.frame);
    const active = rectangleOf(this.frame.activeArea);
    return { left: 0, top: 0, width: active.width, height: active.height };
  }

  #turn(as: Rendition, scale: number): Turn {
    const { width, height } = this.#area(as);
    return turnOf(this.frame.orientation, scaled(width, scale), scaled(height, scale));
  }

  /**
   * Renders a region at a scale. Requests on one engine are served in turn.
   * @throws {RecipeError} for a recipe that is not allowed, {EngineError} for a request that can't be served
   */
  render(request: RenderRequest = {}): Promise<Rendered> {
    return this.#engine.inTurn(async () => {
      if (!this.#open) throw new EngineError('the development is closed.');
      this.#working = true;
      try {
        return await this.#render(request);
      } finally {
        this.#working = false;
        if (!this.#open) this.#giveBack();
      }
    });
  }

  async #render(request: RenderRequest): Promise<Rendered> {
    const { heap, pool } = this.#engine;
    const recipe = completeRecipe(request.recipe ?? {});
    const as = request.as ?? 'display';
    const format = request.format ?? (as === 'display' ? 'uint8' : 'float32');
    if (as !== 'display' && format !== 'float32')
      throw new EngineError(`${as} comes as float32, not as ${format}.`);
    const scale = request.scale ?? 1;
    if (!(scale > 0 && scale <= 1)) throw new EngineError(`a scale of ${scale} is outside of (0, 1].`);
    const tileSize = request.tileSize ?? DEFAULT_TILE;
    if (!(Number.isInteger(tileSize) && tileSize >= SMALLEST_TILE && tileSize <= LARGEST_TILE))
      throw new EngineError(`a tile size of ${tileSize} is outside of ${SMALLEST_TILE} to ${LARGEST_TILE}.`);

    const area = this.#area(as);
    const region = this.#region(request.region, as, area);
    const width = scaled(region.width, scale);
    const height = scaled(region.height, scale);
    const turn = turnOf(this.frame.orientation, width, height);

    const placed: number[] = [];
    const reserve = (bytes: number): number => {
      const address = heap.allocate(bytes);
      placed.push(address);
      return address;
    };
    const assumptions = [...this.#assumptions];
    const context: PlanContext = {
      frame: this.frame,
      recipe,
      camera: this.#camera,
      white: sceneWhite(this.frame, this.#camera, this.#recorded, recipe, (what) => assumptions.push(what)),
      balance: this.#balance(),
      samples: this.#samples,
      place: (table) => {
        const address = heap.place(table);
        placed.push(address);
        return address;
      },
      assume: (what) => assumptions.push(what),
    };

    let output: number | undefined;
    try {
      const key = this.#sceneKey(recipe, region, width, height);
      const kept = this.#kept.find((view) => view.key === key);
      const scene = kept === undefined ? this.#plan(context, isSceneStage) : undefined;
      const finish = this.#finish(context, as);
      const layout = this.#layout(scene, region, { width, height }, tileSize);
      output = heap.allocate(width * height * 3 * BYTES[format]);
      const keep =
        kept === undefined && request.keep === true ? heap.allocate(width * height * 12) : undefined;
      try {
        const job: Job = {
          id: nextJob++,
          region,
          width,
          height,
          tileWidth: layout.tile,
          tileHeight: layout.tile,
          scene: scene === undefined ? undefined : this.#sceneWork(scene),
          cache: cacheOf(kept, keep),
          finish,
          delivery: deliveryOf(
            format,
            as === 'display' ? context.place(encodingTable(format)) : 0,
            output,
            turn,
          ),
          buffers: layout.buffers,
          slots: Array.from({ length: pool.threads }, () => reserve(slotBytes(layout.buffers))),
          control: reserve(8),
        };
        const tiles = tileCount(job);
        let done = 0;
        const times = await pool.run(job, () => request.onProgress?.(++done / tiles), request.signal);
        if (keep !== undefined) this.#remember({ key, address: keep });
        return this.#rendered(output, width, height, format, as, turn, recipe, times, assumptions);
      } catch (error) {
        if (keep !== undefined) heap.free(keep);
        throw error;
      }
    } catch (error) {
      if (output !== undefined) heap.free(output);
      throw error;
    } finally {
      for (const address of placed) heap.free(address);
    }
  }

  #region(asked: Rectangle | undefined, as: Rendition, area: Rectangle): Rectangle {
    if (asked === undefined) return area;
    const turn = this.#turn(as, 1);
    const whole = [asked.left, asked.top, asked.width, asked.height].every(Number.isInteger);
    const inside =
      asked.left >= 0 &&
      asked.top >= 0 &&
      asked.width >= 1 &&
      asked.height >= 1 &&
      asked.left + asked.width <= turn.width &&
      asked.top + asked.height <= turn.height;
    if (!whole || !inside)
      throw new EngineError(
        `the region ${asked.width} × ${asked.height} at ${asked.left}, ${asked.top} is not whole pixels inside of the picture's ${turn.width} × ${turn.height}.`,
      );
    const sensor = toSensor(turn, asked);
    return { ...sensor, left: sensor.left + area.left, top: sensor.top + area.top };
  }

  #balance(): readonly [number, number, number] {
    const [r, g, b] = this.#recorded.neutral;
    return [1 / r, 1 / g, 1 / b];
  }

  /** What the camera RGB of a view depends on. */
  #sceneKey(recipe: Recipe, region: Rectangle, width: number, height: number): string {
    const values = PIPELINE.filter(isSceneStage).map(
      (stage) => recipe[recipeKey(stage.name) as keyof Recipe],
    );
    return JSON.stringify([values, region, width, height]);
  }

  #plan(context: PlanContext, which: (stage: Stage) => boolean): Planned[] {
    return PIPELINE.filter((stage) => which(stage as Stage)).flatMap((stage): Planned[] => {
      const values = context.recipe[recipeKey(stage.name) as keyof Recipe] ?? {};
      const plan: unknown = (stage as Stage).plan(values as never, context);
      return plan === undefined ? [] : [{ stage: stage as Stage, plan }];
    });
  }

  #finish(context: PlanContext, as: Rendition): PlannedStage[] {
    if (as === 'camera-rgb') {
      const [r, g, b] = this.#recorded.neutral;
      return [{ name: 'white-balance', plan: { gains: [r, g, b] } }];
    }
    const displayed = new Set(['tone', 'display']);
    return this.#plan(
      context,
      (stage) => !isSceneStage(stage) && (as === 'display' || !displayed.has(stage.name)),
    ).map(({ stage, plan }) => ({ name: stage.name, plan }));
  }

  #layout(
    scene: readonly Planned[] | undefined,
    region: Rectangle,
    grid: { readonly width: number; readonly height: number },
    tileSize: number,
  ): { readonly tile: number; readonly buffers: BufferLayout } {
    const { kernels } = this.#engine;
    if (scene === undefined)
      return {
        tile: tileSize,
        buffers: {
          stride: roundUp4(tileSize) + 4,
          rows: tileSize,
          reducedStride: 0,
          reducedRows: 0,
          scratchBytes: 0,
        },
      };
    // A grid of whole pixels shrinks the region by a little more or less than the scale.
    const ratio = Math.max(region.width / grid.width, region.height / grid.height);
    const reduces = region.width !== grid.width || region.height !== grid.height;
    const tile = reduces ? Math.max(Math.floor(tileSize / ratio), 8) : tileSize;
    const source = reduces
      ? Math.min(Math.ceil(tile * ratio) + 2, Math.max(region.width, region.height))
      : tile;
    // Room for the halo, for beginning on the CFA's period, and for rounding up to four.
    const size = roundUp4(source + 2 * haloOf(scene) + this.#period() + 8);
    const scratch = scene.map(({ stage, plan }) => stage.scratch(plan, size, size, kernels));
    return {
      tile,
      buffers: {
        stride: size,
        rows: size,
        reducedStride: reduces ? roundUp4(tile) + 4 : 0,
        reducedRows: reduces ? tile : 0,
        scratchBytes: Math.max(size * 4 + 64, ...scratch),
      },
    };
  }

  #period(): number {
    const { cfa } = this.frame;
    return cfa === undefined ? 1 : Math.max(cfa.width, cfa.height);
  }

  #sceneWork(scene: readonly Planned[]): SceneWork {
    const active = rectangleOf(this.frame.activeArea);
    return {
      stages: scene.map(({ stage, plan }) => ({ name: stage.name, plan })),
      activeWidth: active.width,
      activeHeight: active.height,
      period: this.#period(),
      halo: haloOf(scene),
    };
  }

  #remember(view: Kept): void {
    this.#kept.push(view);
    while (this.#kept.length > KEPT_VIEWS) this.#engine.heap.free(this.#kept.shift()!.address);
  }

  #rendered(
    output: number,
    width: number,
    height: number,
    format: PixelFormat,
    as: Rendition,
    turn: Turn,
    recipe: Recipe,
    times: readonly StageTimes[],
    assumptions: readonly string[],
  ): Rendered {
    const { heap } = this.#engine;
    const count = width * height * 3;
    const { buffer } = heap.memory;
    const pixels =
      format === 'uint8'
        ? new Uint8Array(buffer, output, count)
        : format === 'uint16'
          ? new Uint16Array(buffer, output, count)
          : new Float32Array(buffer, output, count);
    let held = true;
    return {
      width: turn.width,
      height: turn.height,
      pixels,
      colorSpace: as === 'display' ? (recipe.display.space as 'srgb' | 'display-p3') : as,
      recipe,
      stages: summed(times),
      assumptions,
      release: () => {
        if (held) heap.free(output);
        held = false;
      },
    };
  }

  /**
   * Gives the frame's memory back, at once or when the render under way is done; those that wait for their turn are
   * refused. Pictures rendered before stay readable.
   */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    if (!this.#working) this.#giveBack();
  }

  #giveBack(): void {
    this.#engine.heap.free(this.#samples);
    for (const { address } of this.#kept) this.#engine.heap.free(address);
    this.#kept = [];
  }
}

interface Planned {
  readonly stage: Stage;
  readonly plan: unknown;
}

/** True for the stages up to demosaic: their result does not depend on those after. */
function isSceneStage(stage: Pick<Stage, 'works'>): boolean {
  return stage.works !== 'planes';
}

function haloOf(stages: readonly Planned[]): number {
  return stages.reduce((sum, { stage, plan }) => sum + stage.halo(plan), 0);
}

function scaled(size: number, scale: number): number {
  return Math.max(Math.round(size * scale), 1);
}

function cacheOf(kept: Kept | undefined, keep: number | undefined): Cache | undefined {
  if (kept !== undefined) return { address: kept.address, mode: 'read' };
  return keep === undefined ? undefined : { address: keep, mode: 'write' };
}

function deliveryOf(format: PixelFormat, table: number, output: number, turn: Turn): Delivery {
  const pixel = 3 * BYTES[format];
  return {
    format,
    table,
    address: output + (turn.v0 * turn.width + turn.u0) * pixel,
    stepX: (turn.vx * turn.width + turn.ux) * pixel,
    stepY: (turn.vy * turn.width + turn.uy) * pixel,
  };
}

/** The display's transfer function over the square root of the value, as the kernels want it. */
function encodingTable(format: PixelFormat): Uint8Array | Float32Array {
  const encoded = (i: number): number => srgbEncode((i / 4095) ** 2);
  return format === 'uint8'
    ? Uint8Array.from({ length: 4096 }, (_, i) => Math.round(encoded(i) * 255))
    : Float32Array.from({ length: 4097 }, (_, i) => encoded(Math.min(i, 4095)));
}

function summed(times: readonly StageTimes[]): StageReport[] {
  const order = [...PIPELINE.map((stage) => stage.name as string), 'reduce', 'encode'];
  return order.flatMap((name): StageReport[] => {
    const parts = times.flatMap((thread) => (thread[name] === undefined ? [] : [thread[name]]));
    if (parts.length === 0) return [];
    return [
      {
        name,
        ms: parts.reduce((sum, part) => sum + part.ms, 0),
        pixels: parts.reduce((sum, part) => sum + part.pixels, 0),
      },
    ];
  });
}
