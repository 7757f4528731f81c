import type { RawFrame } from '@photosite/raw';
import { breathe } from '#platform';
import { type Assets, cameraProfileOf, lutOf, withProfile } from './assets.js';
import { CameraModel } from './colour/camera.js';
import { srgbEncode } from './colour/spaces.js';
import type { Engine } from './Engine.js';
import { EngineError } from './EngineError.js';
import { cropOf, type Rectangle, rectangleOf, type Turn, toSensor, turnOf } from './geometry.js';
import { PIPELINE } from './pipeline.js';
import { completeRecipe, type PartialRecipe, type Recipe, recipeKey } from './recipe.js';
import { cells, periodOf } from './scheduler/cells.js';
import type { Heap } from './scheduler/Heap.js';
import {
  type BufferLayout,
  type Cache,
  type Delivery,
  type Job,
  NO_SHEET,
  type PlaneDelivery,
  type PlannedStage,
  type Reach,
  type SceneWork,
  type Sheet,
  type StageTimes,
  tileCount,
} from './scheduler/job.js';
import { reachOf, roundUp4 } from './scheduler/places.js';
import { nextWorkId } from './scheduler/task.js';
import { sheetFor, slotBytes } from './scheduler/WorkTile.js';
import type { Overview, PlanContext, SceneWhite, Stage, Table } from './stage.js';
import { repairBadPixels } from './stages/defects/bad-pixels.js';
import { lensCorrectionOf } from './stages/lens-geometry/correction.js';
import type { LensCorrection } from './stages/lens-geometry/LensCorrection.js';
import { type PictureGeometry, pictureGeometry, sourceOf } from './stages/lens-geometry/map.js';
import { whiteBalance } from './stages/white-balance/index.js';
import { recordedWhite, sceneWhite } from './white.js';

/**
 * What comes out: a display picture, linear scene light in the working space, or camera RGB right after demosaic and
 * what is done to noise there, before the lens is corrected.
 */
export type Rendition = 'display' | 'linear-rec2020' | 'camera-rgb';

/** Samples of the pixels. */
export type PixelFormat = 'uint8' | 'uint16' | 'float32';

/** What to render. */
export interface RenderRequest {
  /** What is left out has its default. */
  readonly recipe?: PartialRecipe;
  /** The tables that the recipe names. */
  readonly assets?: Assets;
  /** `display` by default. The linear ones come as float32 alone; `camera-rgb` shows the whole active area. */
  readonly as?: Rendition;
  /** `uint8` by default for `display`. */
  readonly format?: PixelFormat;
  /** A part of the upright picture in its own pixels; everything by default. */
  readonly region?: Rectangle;
  /** Size of the result relative to the region, (0, 1]; each pixel is the mean of the area under it. 1 by default. */
  readonly scale?: number;
  /**
   * Instead of a scale, for a photograph that is to be seen at this size: its longest side in pixels, or a box that it
   * shall fit in. It is reduced in linear light like a view and sharpened for its size (`sharpen.output`), never enlarged.
   */
  readonly size?: number | { readonly width: number; readonly height: number };
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
/** Where stages read far around a tile, larger tiles save more than the cache does: halos are computed twice. */
const LARGE_TILES = [1024, 768, 512] as const;
const WIDE_HALO = 16;
/** Tiles that a thread shall find at least, so that none waits long for the last one. */
const TILES_PER_THREAD = 6;
const SMALLEST_TILE = 32;
const LARGEST_TILE = 4096;
const BYTES = { uint8: 1, uint16: 2, float32: 4 } as const;
/** Regions and scales whose camera RGB is kept: a fitted view and a closer one. */
const KEPT_VIEWS = 2;

/** What makes samples light: all that an overview needs, where noise and single defects are lost in the means. */
const OVERVIEW_STAGES: ReadonlySet<string> = new Set(['linearise', 'mapping', 'lens-shading']);
/** Longest side of the overview. */
const OVERVIEW_SIZE = 384;

interface Kept {
  readonly key: string;
  readonly address: number;
  readonly reach: Reach;
}

/** A picture to be drawn, before it is turned. */
interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly format: PixelFormat;
  readonly as: Rendition;
  readonly turn: Turn;
}

/** A picture that was drawn. */
interface Drawn extends Drawing {
  readonly recipe: Recipe;
  readonly times: readonly StageTimes[];
  readonly assumptions: readonly string[];
}

/** What is worked off: a part of the picture, at a size. */
interface View {
  readonly region: Rectangle;
  readonly width: number;
  readonly height: number;
}

/** One frame in the kernels' memory, to be rendered as often as one likes. */
export class Development {
  readonly frame: RawFrame;
  readonly #engine: Engine;
  readonly #samples: number;
  /** What is to be freed with the development. */
  readonly #held: number[] = [];
  readonly #camera: CameraModel;
  readonly #recorded: SceneWhite;
  readonly #assumptions: string[] = [];
  #kept: Kept[] = [];
  #geometry: { readonly key: string; readonly picture: PictureGeometry } | undefined;
  #lens: Promise<LensCorrection | undefined> | undefined;
  #overview: Omit<Overview, 'locate'> | undefined;
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
    // Photosites were mended on a copy.
    if (frame !== recorded) engine.discard(recorded.samples);
  }

  #placeSamples(): number {
    const { samples, samplesPerPixel } = this.frame;
    const { heap } = this.#engine;
    const reserved = this.#engine.takeOver(samples);
    // Plans look at the frame's own samples, wherever they lie.
    if (reserved !== undefined) this.#held.push(reserved);
    const inPlace = reserved !== undefined || samples.buffer === heap.memory.buffer;
    if (inPlace && samplesPerPixel === 1) return samples.byteOffset;
    const address = heap.allocate(samples.byteLength);
    this.#held.push(address);
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

  /** Width and height of the upright picture in pixels, by the default recipe. */
  get size(): { readonly width: number; readonly height: number } {
    return this.sizeOf();
  }

  /**
   * Width and height of the upright picture in pixels by a recipe, which may crop it.
   * @throws {RecipeError} for a recipe that is not allowed
   */
  sizeOf(recipe: PartialRecipe = {}): { readonly width: number; readonly height: number } {
    // What the lens did moves places, but leaves the picture its size.
    const picture = pictureGeometry(this.frame, completeRecipe(recipe).lensGeometry, undefined);
    const { width, height } = turnOf(this.frame.orientation, picture.width, picture.height);
    return { width, height };
  }

  #picture(as: Rendition, recipe: Recipe, lens: LensCorrection | undefined): PictureGeometry {
    if (as === 'camera-rgb') {
      const active = rectangleOf(this.frame.activeArea);
      return { left: 0, top: 0, width: active.width, height: active.height, map: undefined };
    }
    const key = JSON.stringify(recipe.lensGeometry);
    if (this.#geometry?.key !== key)
      this.#geometry = { key, picture: pictureGeometry(this.frame, recipe.lensGeometry, lens) };
    return this.#geometry.picture;
  }

  /** What the lens did, where it shall be undone. */
  #lensOf(as: Rendition, recipe: Recipe): Promise<LensCorrection | undefined> | undefined {
    if (as === 'camera-rgb' || recipe.lensGeometry.lens !== 'auto') return undefined;
    this.#lens ??= lensCorrectionOf(this.frame);
    return this.#lens;
  }

  /**
   * Renders a region at a scale. Requests on one engine are served in turn.
   * @throws {RecipeError} for a recipe that is not allowed, {EngineError} for a request that can't be served
   */
  render(request: RenderRequest = {}): Promise<Rendered> {
    return this.#inTurn(() => this.#render(request));
  }

  /**
   * Renders the camera RGB of the whole active area, as recorded and not turned, into room of the caller's.
   * @param room three planes of float32 in the kernels' memory: address, bytes from plane to plane and from row to row
   * @throws {RecipeError} for a recipe that is not allowed
   */
  renderPlanes(
    room: Omit<PlaneDelivery, 'format'>,
    request: Pick<RenderRequest, 'recipe' | 'signal'> = {},
  ): Promise<void> {
    return this.#inTurn(async () => {
      await this.#draw({ ...request, as: 'camera-rgb' }, () => ({ ...room, format: 'planes' }));
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.#engine.inTurn(async () => {
      if (!this.#open) throw new EngineError('the development is closed.');
      this.#working = true;
      try {
        return await work();
      } finally {
        this.#working = false;
        if (!this.#open) this.#giveBack();
      }
    });
  }

  async #render(request: RenderRequest): Promise<Rendered> {
    const { heap } = this.#engine;
    let output = 0;
    try {
      const drawn = await this.#draw(request, ({ format, width, height, turn }, table) => {
        output = heap.allocate(width * height * 3 * BYTES[format]);
        return deliveryOf(format, table, output, turn);
      });
      return this.#rendered(output, drawn);
    } catch (error) {
      if (output !== 0) heap.free(output);
      throw error;
    }
  }

  /** @param deliver where the picture goes, asked when it is known what it will be; the table is that of its encoding */
  async #draw(
    request: RenderRequest,
    deliver: (picture: Drawing, table: number) => Delivery,
  ): Promise<Drawn> {
    const { heap, pool } = this.#engine;
    const recipe = completeRecipe(request.recipe ?? {});
    const as = request.as ?? 'display';
    const format = request.format ?? (as === 'display' ? 'uint8' : 'float32');
    if (as !== 'display' && format !== 'float32')
      throw new EngineError(`${as} comes as float32, not as ${format}.`);
    if (request.scale !== undefined && request.size !== undefined)
      throw new EngineError('a request has a scale or a size, not both.');
    const { tileSize } = request;
    if (
      tileSize !== undefined &&
      !(Number.isInteger(tileSize) && tileSize >= SMALLEST_TILE && tileSize <= LARGEST_TILE)
    )
      throw new EngineError(`a tile size of ${tileSize} is outside of ${SMALLEST_TILE} to ${LARGEST_TILE}.`);

    const lens = await this.#lensOf(as, recipe);
    const picture = this.#picture(as, recipe, lens);
    const region = this.#region(request.region, picture);
    const scale =
      request.size === undefined
        ? (request.scale ?? 1)
        : this.#scaleFor(request.size, region.width, region.height);
    if (!(scale > 0 && scale <= 1)) throw new EngineError(`a scale of ${scale} is outside of (0, 1].`);
    const view: View = { region, width: scaled(region.width, scale), height: scaled(region.height, scale) };
    const { width, height } = view;
    const turn = turnOf(this.frame.orientation, width, height);
    const drawing: Drawing = { width, height, format, as, turn };
    const looks = as !== 'camera-rgb' && PIPELINE.some((stage) => looksAtOverview(stage as Stage, recipe));
    const { mode, temperature } = recipe.whiteBalance;
    const whiteWaits = mode === 'auto' && temperature === null;
    const placed = new Placed(heap);
    const assumptions = [...this.#assumptions];
    const assume = (what: string): void => {
      assumptions.push(what);
    };
    const assets = request.assets ?? {};
    const { frame, camera, recorded } = this.#profiled(recipe, assets, assume);
    const lut = lutOf(recipe, assets);
    const contextWith = (overview: Overview | undefined, white?: SceneWhite): PlanContext => ({
      ...this.#context(placed, recipe, assume),
      frame,
      camera,
      white: white ?? sceneWhite(frame, camera, recorded, this.#onCrop(recipe, picture), assume, overview),
      lut,
      lens,
      picture,
      scale: width / region.width,
      isOutput: request.size !== undefined,
      overview,
    });
    const key = this.#sceneKey(recipe, as, view);
    const plans = new Plans();
    const finishes = finishStagesOf(as);
    const ofScene = sceneStagesOf(as);

    let keep: number | undefined;
    try {
      let context: PlanContext;
      if (looks && this.#overview === undefined && !whiteWaits) {
        const blind = contextWith(undefined);
        const planned = this.#kept.some((view) => view.key === key)
          ? finishes
          : (stage: Stage) => finishes(stage) || ofScene(stage);
        const overview = this.#overviewOf(picture, request.signal);
        await this.#planMeanwhile(overview, plans, blind, planned);
        context = contextWith(await overview, blind.white);
      } else context = contextWith(looks ? await this.#overviewOf(picture, request.signal) : undefined);
      const finish = as === 'camera-rgb' ? this.#unbalanced() : plans.of(finishes, context);
      const finishHalo = haloOf(finish);
      const reach = reachAround(view, picture, finishHalo);
      const kept = this.#kept.find((candidate) => candidate.key === key && covers(candidate.reach, reach));
      const scene = kept === undefined ? plans.of(ofScene, context) : undefined;
      await this.#engine.ready;
      const keeps = kept === undefined && request.keep === true;
      if (keeps) keep = heap.allocate(pixelsOf(reach) * 12);
      const table = as === 'display' ? context.place(encodingTable(format)) : 0;
      const job = this.#job({
        view,
        picture,
        reach,
        scene,
        finish,
        cache:
          kept !== undefined
            ? { ...kept, mode: 'read' }
            : keep === undefined
              ? undefined
              : { address: keep, reach, mode: 'write' },
        delivery: deliver(drawing, table),
        tileSize,
        placed,
      });
      const tiles = tileCount(job);
      let done = 0;
      const times = await pool.run(job, () => request.onProgress?.(++done / tiles), request.signal);
      if (keep !== undefined) this.#remember({ key, address: keep, reach });
      return { ...drawing, recipe, times, assumptions };
    } catch (error) {
      if (keep !== undefined) heap.free(keep);
      throw error;
    } finally {
      placed.free();
    }
  }

  /** The frame's colour, by the camera profile that the recipe names or by its own. */
  #profiled(
    recipe: Recipe,
    assets: Assets,
    assume: (what: string) => void,
  ): { readonly frame: RawFrame; readonly camera: CameraModel; readonly recorded: SceneWhite } {
    const profile = cameraProfileOf(recipe, assets);
    if (profile === undefined) return { frame: this.frame, camera: this.#camera, recorded: this.#recorded };
    const frame = withProfile(this.frame, profile, assume);
    const camera = new CameraModel(frame);
    // What had to be assumed of the white was said when the frame was opened.
    return { frame, camera, recorded: recordedWhite(frame, camera, () => undefined) };
  }

  #context(
    placed: Placed,
    recipe: Recipe,
    assume: (what: string) => void,
  ): Omit<PlanContext, 'white' | 'lens' | 'picture' | 'scale' | 'isOutput' | 'overview' | 'lut'> {
    return {
      frame: this.frame,
      recipe,
      camera: this.#camera,
      balance: this.#balance(),
      samples: this.#samples,
      place: (table) => placed.place(table),
      assume,
    };
  }

  /** A recipe whose picked neutral is a place of the upright default crop instead of the picture. */
  #onCrop(recipe: Recipe, picture: PictureGeometry): Recipe {
    const { neutral } = recipe.whiteBalance;
    if (neutral === null) return recipe;
    const crop = cropOf(this.frame);
    const turn = turnOf(this.frame.orientation, picture.width, picture.height);
    const [u, v] = [neutral[0] * turn.width - 0.5 - turn.u0, neutral[1] * turn.height - 0.5 - turn.v0];
    const [x, y] = placeInArea(picture, turn.ux * u + turn.vx * v + 0.5, turn.uy * u + turn.vy * v + 0.5);
    const whole = turnOf(this.frame.orientation, crop.width, crop.height);
    const [dx, dy] = [x - crop.left - 0.5, y - crop.top - 0.5];
    const fraction = (value: number, size: number): number => Math.min(Math.max((value + 0.5) / size, 0), 1);
    return {
      ...recipe,
      whiteBalance: {
        ...recipe.whiteBalance,
        neutral: [
          fraction(whole.u0 + whole.ux * dx + whole.uy * dy, whole.width),
          fraction(whole.v0 + whole.vx * dx + whole.vy * dy, whole.height),
        ],
      },
    };
  }

  /** Plans the stages that do without an overview while that is being made, on other threads where there are some. */
  async #planMeanwhile(
    overview: Promise<Overview>,
    plans: Plans,
    context: PlanContext,
    which: (stage: Stage) => boolean,
  ): Promise<void> {
    // Not before it is through may anything else use the pool, or the job's memory be given back.
    const through = overview.then(
      () => undefined,
      () => undefined,
    );
    try {
      for (const stage of PIPELINE as readonly unknown[] as readonly Stage[]) {
        if (!which(stage) || looksAtOverview(stage, context.recipe)) continue;
        await breathe();
        plans.make(stage, context);
      }
    } finally {
      await through;
    }
  }

  /** The frame's overview, rendered once, as those see it who judge a picture. */
  async #overviewOf(picture: PictureGeometry, signal: AbortSignal | undefined): Promise<Overview> {
    const crop = cropOf(this.frame);
    this.#overview ??= await this.#renderOverview(crop, signal);
    const { width, height } = this.#overview;
    return {
      ...this.#overview,
      locate: (x, y) => {
        const [u, v] = placeInArea(picture, x, y);
        return [((u - crop.left) * width) / crop.width, ((v - crop.top) * height) / crop.height];
      },
    };
  }

  async #renderOverview(crop: Rectangle, signal: AbortSignal | undefined): Promise<Omit<Overview, 'locate'>> {
    const { heap, pool } = this.#engine;
    const scale = Math.min(OVERVIEW_SIZE / Math.max(crop.width, crop.height), 1);
    const [width, height] = [scaled(crop.width, scale), scaled(crop.height, scale)];
    const region = { left: 0, top: 0, width: crop.width, height: crop.height };
    const picture = { ...crop, map: undefined };
    const placed = new Placed(heap);
    try {
      const output = placed.allocate(width * height * 12);
      const context: PlanContext = {
        ...this.#context(placed, completeRecipe(), () => undefined),
        white: this.#recorded,
        lens: undefined,
        picture,
        scale: width / crop.width,
        isOutput: false,
        overview: undefined,
        lut: undefined,
      };
      const plan: unknown = cells.plan({}, context);
      const scene = new Plans().of(({ name }) => OVERVIEW_STAGES.has(name), context);
      if (plan !== undefined) scene.push({ stage: cells as unknown as Stage, plan });
      const view: View = { region, width, height };
      await this.#engine.ready;
      const job = this.#job({
        view,
        picture,
        reach: reachAround(view, picture, 0),
        scene,
        finish: this.#unbalanced(),
        cache: undefined,
        delivery: deliveryOf('float32', 0, output, turnOf(1, width, height)),
        tileSize: DEFAULT_TILE,
        placed,
      });
      await pool.run(job, () => undefined, signal);
      const pixels = new Float32Array(heap.memory.buffer, output, width * height * 3).slice();
      return { width, height, pixels };
    } finally {
      placed.free();
    }
  }

  #job({
    view,
    picture,
    reach,
    scene,
    finish,
    cache,
    delivery,
    tileSize,
    placed,
  }: {
    readonly view: View;
    readonly picture: PictureGeometry;
    readonly reach: Reach;
    readonly scene: readonly Planned[] | undefined;
    readonly finish: readonly Planned[];
    readonly cache: Cache | undefined;
    readonly delivery: Delivery;
    /** Undefined to choose one. */
    readonly tileSize: number | undefined;
    readonly placed: Placed;
  }): Job {
    const geometry = scene?.find(({ stage }) => stage.works === 'geometry');
    const before = scene?.filter((planned) => planned !== geometry);
    const { tile, buffers } = this.#layout(before, geometry, finish, view, tileSize);
    return {
      id: nextWorkId(),
      ...view,
      picture: { left: picture.left, top: picture.top, width: picture.width, height: picture.height },
      tileWidth: tile,
      tileHeight: tile,
      reach,
      scene: before === undefined ? undefined : this.#sceneWork(before),
      geometry: geometry === undefined ? undefined : plannedStage(geometry),
      cache,
      finish: finish.map(plannedStage),
      finishHalo: haloOf(finish),
      delivery,
      buffers,
      slots: Array.from({ length: this.#engine.pool.threads }, () => placed.allocate(slotBytes(buffers))),
      control: placed.allocate(8),
    };
  }

  #region(asked: Rectangle | undefined, picture: PictureGeometry): Rectangle {
    if (asked === undefined) return { left: 0, top: 0, width: picture.width, height: picture.height };
    const turn = turnOf(this.frame.orientation, picture.width, picture.height);
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
    return toSensor(turn, asked);
  }

  /** The scale at which a region of the sensor becomes a picture of a size. */
  #scaleFor(size: NonNullable<RenderRequest['size']>, width: number, height: number): number {
    const box = typeof size === 'number' ? { width: size, height: size } : size;
    for (const [side, value] of Object.entries(box))
      if (!(Number.isInteger(value) && value >= 1))
        throw new EngineError(`a size with a ${side} of ${value} pixels is not a whole number from 1 on.`);
    const upright = turnOf(this.frame.orientation, width, height);
    return Math.min(box.width / upright.width, box.height / upright.height, 1);
  }

  #balance(): readonly [number, number, number] {
    const [r, g, b] = this.#recorded.neutral;
    return [1 / r, 1 / g, 1 / b];
  }

  /** What the camera RGB of a view depends on. */
  #sceneKey(recipe: Recipe, as: Rendition, view: View): string {
    const which = sceneStagesOf(as);
    const values = PIPELINE.filter((stage) => which(stage as Stage)).map(
      (stage) => recipe[recipeKey(stage.name) as keyof Recipe],
    );
    return JSON.stringify([as === 'camera-rgb', values, view]);
  }

  /** Takes the frame's balance out of camera RGB. */
  #unbalanced(): Planned[] {
    return [{ stage: whiteBalance as unknown as Stage, plan: { gains: this.#recorded.neutral } }];
  }

  #layout(
    scene: readonly Planned[] | undefined,
    geometry: Planned | undefined,
    finish: readonly Planned[],
    { region, ...grid }: View,
    askedTileSize: number | undefined,
  ): { readonly tile: number; readonly buffers: BufferLayout } {
    const { kernels, pool } = this.#engine;
    const finishHalo = haloOf(finish);
    const saves = marginOf(scene ?? []) + finishHalo >= WIDE_HALO;
    const enough = (side: number): boolean =>
      (region.width * region.height) / side ** 2 >= TILES_PER_THREAD * pool.threads;
    const tileSize = askedTileSize ?? ((saves && LARGE_TILES.find(enough)) || DEFAULT_TILE);
    const ofFinish = (sheet: Sheet): number[] =>
      finish.map(({ stage, plan }) => stage.scratch(plan, sheet.stride, sheet.rows, kernels));
    if (scene === undefined) {
      const picture = sheetFor(tileSize + 2 * finishHalo, tileSize + 2 * finishHalo);
      return {
        tile: tileSize,
        buffers: {
          scene: NO_SHEET,
          sceneSpare: false,
          picture,
          reduced: NO_SHEET,
          spare: finishHalo > 0 ? picture : NO_SHEET,
          scratchBytes: Math.max(0, ...ofFinish(picture)),
        },
      };
    }
    // A grid of whole pixels shrinks the region by a little more or less than the scale.
    const ratio = Math.max(region.width / grid.width, region.height / grid.height);
    const reduces = region.width !== grid.width || region.height !== grid.height;
    const tile = reduces ? Math.max(Math.floor(tileSize / ratio), 8) : tileSize;
    const source = reduces
      ? Math.min(
          Math.ceil((tile + 2 * finishHalo) * ratio) + 2,
          Math.max(region.width, region.height) + Math.ceil(2 * finishHalo * ratio),
        )
      : tile + 2 * finishHalo;
    const picture = geometry === undefined ? NO_SHEET : sheetFor(source, source);
    const developed = geometry?.stage.sourceSide?.(geometry.plan, source) ?? source;
    const halo = Math.max(marginOf(scene), geometry === undefined && !reduces ? finishHalo : 0);
    // Room for the halo, for beginning on the CFA's period, and for rounding up to four.
    const size = roundUp4(developed + 2 * halo + periodOf(this.frame) + 8);
    const reduced = reduces ? sheetFor(tile + 2 * finishHalo, tile + 2 * finishHalo) : NO_SHEET;
    const finished = reduces ? reduced : geometry === undefined ? { stride: size, rows: size } : picture;
    const ofGeometry =
      geometry === undefined
        ? 0
        : geometry.stage.scratch(geometry.plan, picture.stride, picture.rows, kernels);
    const inScene = finished.stride === size && geometry === undefined && !reduces;
    return {
      tile,
      buffers: {
        scene: { stride: size, rows: size },
        sceneSpare: haloOf(scene) > 0 || (inScene && finishHalo > 0),
        picture,
        reduced,
        spare: inScene || finishHalo === 0 ? NO_SHEET : finished,
        scratchBytes: Math.max(
          Math.max(size, picture.stride) * 4 + 64,
          ofGeometry,
          ...scene.map(({ stage, plan }) => stage.scratch(plan, size, size, kernels)),
          ...ofFinish(finished),
        ),
      },
    };
  }

  #sceneWork(scene: readonly Planned[]): SceneWork {
    const active = rectangleOf(this.frame.activeArea);
    return {
      stages: scene.map(plannedStage),
      activeWidth: active.width,
      activeHeight: active.height,
      period: periodOf(this.frame),
      halo: marginOf(scene),
      localHalo: haloOf(scene),
    };
  }

  #remember(view: Kept): void {
    this.#kept.push(view);
    while (this.#kept.length > KEPT_VIEWS) this.#engine.heap.free(this.#kept.shift()!.address);
  }

  #rendered(
    output: number,
    { width, height, format, as, turn, recipe, times, assumptions }: Drawn,
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
    for (const address of this.#held) this.#engine.heap.free(address);
    for (const { address } of this.#kept) this.#engine.heap.free(address);
    this.#kept = [];
  }
}

interface Planned {
  readonly stage: Stage;
  readonly plan: unknown;
}

/** The plans of one job's stages, each made once, in any order. */
class Plans {
  readonly #made = new Map<Stage, { readonly plan: unknown; readonly assumed: readonly string[] }>();

  /** Plans a stage that is not planned yet. */
  make(stage: Stage, context: PlanContext): { readonly plan: unknown; readonly assumed: readonly string[] } {
    let made = this.#made.get(stage);
    if (made === undefined) {
      const assumed: string[] = [];
      const plan: unknown = stage.plan(valuesOf(stage, context.recipe), {
        ...context,
        assume: (what) => assumed.push(what),
      });
      made = { plan, assumed };
      this.#made.set(stage, made);
    }
    return made;
  }

  /** Some of the pipeline's stages, those that have something to do; what they had to assume is said in their order. */
  of(which: (stage: Stage) => boolean, context: PlanContext): Planned[] {
    return PIPELINE.filter((stage) => which(stage as Stage)).flatMap((stage): Planned[] => {
      const { plan, assumed } = this.make(stage as Stage, context);
      for (const what of assumed) context.assume(what);
      return plan === undefined ? [] : [{ stage: stage as Stage, plan }];
    });
  }
}

/** A stage's values in a recipe. */
function valuesOf(stage: Stage, recipe: Recipe): never {
  return (recipe[recipeKey(stage.name) as keyof Recipe] ?? {}) as never;
}

function looksAtOverview(stage: Stage, recipe: Recipe): boolean {
  return stage.needsOverview?.(valuesOf(stage, recipe)) === true;
}

/** Tables and buffers of one job in the kernels' memory. */
class Placed {
  readonly #heap: Heap;
  readonly #addresses: number[] = [];

  constructor(heap: Heap) {
    this.#heap = heap;
  }

  allocate(bytes: number): number {
    const address = this.#heap.allocate(bytes);
    this.#addresses.push(address);
    return address;
  }

  place(table: Table): number {
    const address = this.#heap.place(table);
    this.#addresses.push(address);
    return address;
  }

  free(): void {
    for (const address of this.#addresses) this.#heap.free(address);
  }
}

/** The first stage after the lens geometry: what comes before does not depend on those from here on. */
const FINISH_BEGINS = PIPELINE.findIndex(({ works }) => works === 'geometry') + 1;
/** The first stage that is about how the scene shall look: linear renditions end before. */
const RENDERING_BEGINS = PIPELINE.findIndex(({ name }) => name === 'exposure') + 1;
const SCENE_STAGES = new Set<string>(PIPELINE.slice(0, FINISH_BEGINS).map(({ name }) => name));

/** The stages that camera RGB comes from: without those that correct the lens where it shall be as recorded. */
function sceneStagesOf(as: Rendition): (stage: Stage) => boolean {
  return ({ name, works }) =>
    SCENE_STAGES.has(name) && (as !== 'camera-rgb' || (works !== 'geometry' && works !== 'planes'));
}

/** The stages after the lens geometry that a rendition goes through. */
function finishStagesOf(as: Rendition): (stage: Stage) => boolean {
  if (as === 'camera-rgb') return () => false;
  // Linear light is as the sensor saw it: neither rendered nor sharpened.
  const wanted = new Set<string>(
    as === 'display'
      ? PIPELINE.slice(FINISH_BEGINS).map(({ name }) => name)
      : PIPELINE.slice(FINISH_BEGINS, RENDERING_BEGINS).flatMap(({ name, works }) =>
          works === 'local' ? [] : [name],
        ),
  );
  return ({ name }) => wanted.has(name);
}

function plannedStage({ stage, plan }: Planned): PlannedStage {
  return { name: stage.name, plan, halo: stage.works === 'local' ? stage.halo(plan) : 0 };
}

/** Pixels around a tile that local stages read. */
function haloOf(stages: readonly Planned[]): number {
  return stages.reduce((sum, planned) => sum + plannedStage(planned).halo, 0);
}

/** Pixels around a tile that all stages read. */
function marginOf(stages: readonly Planned[]): number {
  return stages.reduce((sum, { stage, plan }) => sum + stage.halo(plan), 0);
}

function reachAround(
  { region, width, height }: View,
  picture: { readonly width: number; readonly height: number },
  halo: number,
): Reach {
  return {
    x: reachOf(region.left, region.width, width, picture.width, halo),
    y: reachOf(region.top, region.height, height, picture.height, halo),
  };
}

function covers(kept: Reach, wanted: Reach): boolean {
  return (['x', 'y'] as const).every(
    (axis) => kept[axis].from <= wanted[axis].from && kept[axis].to >= wanted[axis].to,
  );
}

function pixelsOf({ x, y }: Reach): number {
  return (x.to - x.from) * (y.to - y.from);
}

/** Where a place of the picture was recorded in green, in the active area. */
function placeInArea({ map, left, top }: PictureGeometry, x: number, y: number): readonly [number, number] {
  return map === undefined ? [x + left, y + top] : sourceOf(map, 1, x, y);
}

function scaled(size: number, scale: number): number {
  return Math.max(Math.round(size * scale), 1);
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
