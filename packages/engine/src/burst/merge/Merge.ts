import type { NoiseProfile, RawFrame } from '@photosite/raw';
import type { Engine } from '../../Engine.js';
import { EngineError } from '../../EngineError.js';
import { rectangleOf } from '../../geometry.js';
import type { Done } from '../../scheduler/job.js';
import { nextWorkId, type Task } from '../../scheduler/task.js';
import type { Table } from '../../stage.js';
import { patternAt } from '../../stages/linearise/tables.js';
import {
  type AlignedFrame,
  type Alignment,
  type AlignPyramid,
  alignScratch,
  burstResponse,
  type GreyResponse,
  planPyramid,
} from '../align/index.js';
import type { BurstSource, FrameReport, MergedBurst, MergeOptions } from '../Burst.js';
import {
  deconvolutionTable,
  knownBlur,
  lightWeights,
  sharpnessLeft,
  type Trust,
  trustOf,
} from '../deconvolve/plan.js';
import { type DeconvolvePlan, TILE_HEIGHT, TILE_WIDTH, tilesOf } from '../deconvolve/tasks.js';
import { agreementTable, boxesOf } from './agreement.js';
import {
  assertMergeable,
  type HeldFrame,
  hold,
  lightAtWhite,
  lightTables,
  misfit,
  planeOf,
  shadeOf,
  weightOf,
} from './frames.js';
import { areasOf, planesFor, sumsFor } from './layout.js';
import { mergedFrame, pedestalOf } from './mergedFrame.js';
import { framesGathered, lastPassOf, lastPassTable, noiseAlone, noiseLeft, partOf } from './noise.js';
import { BLOCK } from './reference.js';
import {
  COLOUR_SIGMA,
  cellTaps,
  cubicTaps,
  FINE_SIGMA,
  forwardNodes,
  gaussTaps,
  LIGHT_SIGMA,
  massOf,
  type Nodes,
  twiceBackward,
  twiceForward,
} from './tables.js';
import {
  BAND,
  type Box,
  bandSlot,
  CLEARED,
  type ComposePlan,
  countedPixels,
  enlargeSlot,
  finishSlot,
  type GatheredFrame,
  gatherSlot,
  type LightSource,
  type MergeGrid,
  type PlacedNodes,
  type Planes,
} from './tasks.js';

/** Samples of frames that are kept between choosing the reference and merging; others are loaded twice. */
const KEEP_BYTES = 320 * 2 ** 20;
/** Grey pictures of frames that are aligned at once, in bytes; as many frames as there are threads, up to the most, where that is more. */
const PYRAMID_BYTES = 72 * 2 ** 20;
const MOST_AT_ONCE = 4;
/** Bytes that the grey pictures of a frame take for each of its pixels: a third more than the finest, which has a quarter of them. */
const PYRAMID_SHARE = 4 / 3;
const TILE = 256;
/** A weight of 1, as frames' shares are counted. */
const WHOLE_WEIGHT = 65536;
const [SMALLEST_TILE, LARGEST_TILE] = [32, 4096];
/** Sum of a frame's weights below which it says nothing. */
const LEAST_OVERLAP = 0.05;
/** A sample from this share of white on is clipped. */
const CLIPPED = 0.995;
/** Where the reference is nearly clipped, a shorter frame knows better. */
const NEARLY_CLIPPED = 0.95;
/** Pixels from block to block of the last denoise pass, by quality. */
const LAST_STEP = { fast: 4, best: 1 } as const;
const MOST_DENOISE = 2;
/** Strength of the estimate's denoise: so much more for so many frames, and at most. */
const ESTIMATE = { more: 0.8, frames: 15, most: 1.5 } as const;
/** The estimate counts as so many frames where no last pass follows: it is as little as any frame when noise is kept. */
const LEAST_PRIOR = 0.35;
/** Exposures that differ by less than this share are one. */
const SAME_EXPOSURE = 0.03;
/** A frame that records so many times the reference's light brings highlights of its own. */
const BRACKET = 1.25;
/** Rounds for the reference's clipped places: colours come closer with each. */
const FILLING_ROUNDS = 3;

/** Whether a round is for the reference's clipped places alone, and whether they are still clipped. */
type Filling = 'no' | 'clipped' | 'filled';

interface Prepared {
  readonly held: HeldFrame;
  readonly light: number;
  readonly pyramid: AlignPyramid;
}

/** One merge under way, and all memory that it holds. */
export class Merge {
  readonly #engine: Engine;
  readonly #source: BurstSource;
  readonly #options: MergeOptions;
  readonly #owned = new Set<number>();
  readonly #held = new Map<number, HeldFrame>();
  readonly #report: FrameReport[] = [];
  /** By frame, the light that its white stands for, in units of its own. */
  readonly #lights = new Map<number, number>();
  /** The most light that a merged frame can record, relative to the reference. */
  #range = 1;
  #done = 0;
  #steps = 1;

  readonly #scale: 1 | 2;
  readonly #quality: 'fast' | 'best';
  readonly #lightSigma: number;
  /** Frames that the estimate counts as. */
  readonly #prior: number;

  constructor(engine: Engine, source: BurstSource, options: MergeOptions) {
    this.#scale = options.scale ?? 1;
    this.#quality = options.quality ?? 'fast';
    this.#lightSigma = this.#scale === 1 ? LIGHT_SIGMA : FINE_SIGMA;
    this.#prior = LEAST_PRIOR + (1 - LEAST_PRIOR) * Math.min(options.denoise ?? 1, 1);
    this.#engine = engine;
    this.#source = source;
    this.#options = options;
  }

  async run(): Promise<MergedBurst> {
    const { count } = this.#source;
    const {
      tileSize = TILE,
      output = 'rgb',
      reference: asked,
      bits = 32,
      deconvolution = 1,
      denoise = 1,
    } = this.#options;
    const scale = this.#scale;
    if (!(Number.isInteger(count) && count >= 1))
      throw new EngineError(`a burst of ${count} frames can't be merged: at least one is needed.`);
    if (
      !(
        Number.isInteger(tileSize) &&
        tileSize % 2 === 0 &&
        tileSize >= SMALLEST_TILE &&
        tileSize <= LARGEST_TILE
      )
    )
      throw new EngineError(
        `a tile size of ${tileSize} is not an even number from ${SMALLEST_TILE} to ${LARGEST_TILE}.`,
      );
    if (asked !== undefined && !(Number.isInteger(asked) && asked >= 0 && asked < count))
      throw new EngineError(`frame ${asked} can't be the reference: the burst has frames 0 to ${count - 1}.`);
    if (bits !== 16 && bits !== 32)
      throw new EngineError(
        `merged samples of ${bits} bits are not known: it is 16 (integers) or 32 (floats).`,
      );
    if (!Object.hasOwn(LAST_STEP, this.#quality))
      throw new EngineError(`a merge of quality ${this.#quality} is not known: it is fast or best.`);
    if (scale !== 1 && (scale !== 2 || output !== 'rgb'))
      throw new EngineError(
        `a burst can't be merged to ${output} at a scale of ${scale}: a mosaic has a scale of 1, rgb 1 or 2.`,
      );
    if (!(deconvolution >= 0 && deconvolution <= 1))
      throw new EngineError(
        `a deconvolution of ${deconvolution} is not possible: 0 for none to 1 for all that is known.`,
      );
    if (!(denoise >= 0 && denoise <= MOST_DENOISE))
      throw new EngineError(
        `a last pass of strength ${denoise} can't be made: denoise is a number from 0 to ${MOST_DENOISE}.`,
      );
    // Loading, the reference's estimate, the frames, the end.
    this.#steps = 2 * count + 2;

    const reference = await this.#chooseReference(asked);
    const others = Array.from({ length: count }, (_, i) => i).filter(
      (i) => i !== reference.index && this.#report[i] === undefined,
    );
    this.#report[reference.index] = {
      index: reference.index,
      role: 'reference',
      shiftX: 0,
      shiftY: 0,
      rotationDeg: 0,
      share: 1,
      exposure: 1,
    };
    const grid = await this.#estimate(reference, others.length, tileSize);
    await this.#fillHighlights(reference, others, grid);
    const shares = await this.#gatherAll(reference, others, grid);
    return this.#finish(reference, grid, shares, output, denoise, tileSize);
  }

  /** Gives all memory back that is still held. */
  close(): void {
    for (const address of this.#owned) this.#engine.heap.free(address);
    this.#owned.clear();
    for (const { room } of this.#held.values()) this.#engine.heap.free(room);
    this.#held.clear();
  }

  #step(): void {
    this.#done++;
    this.#options.onProgress?.(Math.min(this.#done / this.#steps, 1));
    this.#options.signal?.throwIfAborted();
  }

  #allocate(bytes: number): number {
    const address = this.#engine.heap.allocate(bytes);
    this.#owned.add(address);
    return address;
  }

  #place(table: Table): number {
    const address = this.#engine.heap.place(table);
    this.#owned.add(address);
    return address;
  }

  #free(address: number): void {
    this.#owned.delete(address);
    this.#engine.heap.free(address);
  }

  /** Sets areas of the memory to zero. */
  async #clear(areas: readonly { readonly address: number; readonly bytes: number }[]): Promise<void> {
    const pieces = areas.reduce((sum, { bytes }) => sum + Math.ceil(bytes / CLEARED), 0);
    await this.#task('burst-clear', { areas }, pieces, 64);
  }

  /** Carries out a task on the pool; returns what its pieces returned, in their order. */
  async #task(task: string, plan: unknown, pieces: number, slotBytes: number): Promise<unknown[]> {
    const { pool } = this.#engine;
    const slots = Array.from({ length: pool.threads }, () => this.#allocate(slotBytes));
    const control = this.#allocate(8);
    const values: unknown[] = [];
    const work: Task = { id: nextWorkId(), task, plan, pieces, slots, control };
    try {
      await this.#engine.inTurn(() =>
        pool.run(
          work,
          ({ index, value }: Done) => {
            values[index] = value;
          },
          this.#options.signal,
        ),
      );
    } finally {
      for (const slot of slots) this.#free(slot);
      this.#free(control);
    }
    return values;
  }

  #leaveOut(index: number, reason: string, aligned?: AlignedFrame, exposure = 1): void {
    const motion = aligned?.alignment.global;
    this.#report[index] = {
      index,
      role: 'left out',
      reason,
      shiftX: motion?.dx ?? 0,
      shiftY: motion?.dy ?? 0,
      rotationDeg: motion?.rotationDeg ?? 0,
      share: 0,
      exposure,
    };
  }

  async #load(index: number): Promise<HeldFrame> {
    const kept = this.#held.get(index);
    if (kept !== undefined) return kept;
    const held = hold(this.#engine, index, await this.#source.load(index));
    this.#held.set(index, held);
    return held;
  }

  #release(held: HeldFrame): void {
    if (this.#held.delete(held.index)) this.#engine.heap.free(held.room);
  }

  async #tryLoad(index: number): Promise<HeldFrame | undefined> {
    try {
      return await this.#load(index);
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      this.#leaveOut(index, `it can't be read: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }

  /** Looks at all frames for the reference: the one that was asked for, or the sharpest; those that fit into memory are kept. */
  async #chooseReference(asked: number | undefined): Promise<HeldFrame> {
    const { count } = this.#source;
    let best: HeldFrame | undefined;
    let bytes = 0;
    for (let i = 0; i < count; i++) {
      const held = i === asked ? await this.#load(i) : await this.#tryLoad(i);
      this.#step();
      if (held === undefined) continue;
      const light = lightAtWhite(held.frame);
      if (light !== undefined) this.#lights.set(i, light);
      bytes += held.frame.samples.byteLength;
      const previous = best;
      if (i === asked || (asked === undefined && (best === undefined || this.#leads(held, best))))
        best = held;
      const superseded = previous !== undefined && previous !== best ? previous : held;
      if (bytes > KEEP_BYTES && superseded !== best) {
        bytes -= superseded.frame.samples.byteLength;
        this.#release(superseded);
      }
    }
    if (best === undefined)
      throw new EngineError(`none of the burst's ${count} frames could be read: ${this.#report[0]!.reason}`);
    assertMergeable(best.frame);
    return best;
  }

  /** Whether a frame makes a better reference: more light, which is less noise, or as much and sharper. */
  #leads(held: HeldFrame, best: HeldFrame): boolean {
    const ratio = this.#lightOf(held, best);
    return ratio === 1 ? held.sharpness > best.sharpness : ratio < 1;
  }

  /** How many times the reference's light a frame's white stands for; 1 where the files don't say. */
  #lightOf(held: HeldFrame, reference: HeldFrame): number {
    const [own, other] = [this.#lights.get(held.index), this.#lights.get(reference.index)];
    if (own === undefined || other === undefined) return 1;
    return Math.abs(Math.log(own / other)) < SAME_EXPOSURE ? 1 : own / other;
  }

  /** The reference's own picture, with room for what the frames say beyond it. */
  async #estimate(reference: HeldFrame, others: number, tileSize: number): Promise<MergeGrid> {
    const { width, height } = rectangleOf(reference.frame.activeArea);
    const recorded = planesFor(width, height, (bytes) => this.#allocate(bytes));
    await this.#renderReference(reference, others, recorded);
    const cubic = this.#place(cubicTaps());
    const estimate = this.#scale === 1 ? recorded : await this.#enlarged(recorded, cubic);
    const sums = sumsFor(estimate, (bytes) => this.#allocate(bytes));
    await this.#clear(areasOf(sums));
    this.#step();
    const pattern = patternAt(reference.frame, 2);
    return {
      estimate,
      frame: { width, height },
      sums,
      tile: tileOf(tileSize),
      red: pattern.indexOf(0),
      pattern,
      cubic,
      lightTaps: this.#place(gaussTaps(this.#lightSigma)),
      colourTaps: this.#place(gaussTaps(COLOUR_SIGMA)),
    };
  }

  /** A picture at twice the size, in the place of what it was. */
  async #enlarged(from: Planes, cubic: number): Promise<Planes> {
    const to = planesFor(2 * from.width, 2 * from.height, (bytes) => this.#allocate(bytes));
    const spacing = Math.max(from.width, from.height);
    const nodes: Nodes = { spacing, columns: 2, rows: 2, values: new Float32Array(12) };
    await this.#task(
      'burst-enlarge',
      { from, to, cubic, still: placeNodes(nodes, (table) => this.#place(table)) },
      Math.ceil(to.height / BAND),
      enlargeSlot(to.width),
    );
    this.#free(from.address);
    return to;
  }

  /** Camera RGB of the reference, denoised for as many others as will say what that took away, without the file's corrections. */
  async #renderReference({ frame, noise, address }: HeldFrame, others: number, room: Planes): Promise<void> {
    const { buffer } = this.#engine.heap.memory;
    const { length } = frame.samples;
    const development = this.#engine.open({
      ...frame,
      // As a view of the memory as it is now, where they stay: they are needed once more.
      samples:
        frame.samples instanceof Float32Array
          ? new Float32Array(buffer, address, length)
          : new Uint16Array(buffer, address, length),
      noiseProfile: noise,
      orientation: 1,
      opcodes: { list1: [], list2: [], list3: [] },
    });
    try {
      const { signal } = this.#options;
      await development.renderPlanes(room, {
        recipe: {
          demosaic: { quality: this.#quality },
          denoise: others > 0 ? { luminance: estimateStrength(others) } : { luminance: 0, chroma: 0 },
        },
        ...(signal === undefined ? {} : { signal }),
      });
    } finally {
      development.close();
    }
  }

  /**
   * Where the reference is clipped, shorter frames say what was there: they are merged first, for these places alone, so that
   * all frames find something to agree with.
   */
  async #fillHighlights(reference: HeldFrame, others: readonly number[], grid: MergeGrid): Promise<void> {
    const own = this.#lights.get(reference.index);
    const shorter = others.filter((index) => {
      const light = this.#lights.get(index);
      return own !== undefined && light !== undefined && light / own > BRACKET;
    });
    if (shorter.length === 0) return;
    for (let round = 0; round < FILLING_ROUNDS; round++) {
      if ((await this.#gatherAll(reference, shorter, grid, round === 0 ? 'clipped' : 'filled')) === 0) return;
      await this.#compose(reference, grid, NEARLY_CLIPPED, 1);
      await this.#clear(areasOf(grid.sums));
    }
  }

  /** Adds what was gathered to the estimate, where that is at least `least` bright. */
  async #compose({ noise }: HeldFrame, grid: MergeGrid, least: number, usual: number): Promise<void> {
    const colourTaps = gaussTaps(COLOUR_SIGMA);
    const plan: ComposePlan = {
      ...grid,
      priorLight: this.#prior * massOf(gaussTaps(this.#lightSigma)),
      priorColour: (this.#prior * massOf(colourTaps)) / 4,
      usual,
      clip: NEARLY_CLIPPED,
      least,
      shade: this.#place(Float32Array.from(noise.map(shadeOf))),
      cellTaps: this.#place(cellTaps(colourTaps)),
    };
    const { width, height } = grid.estimate;
    const bands = Math.ceil(height / BAND);
    await this.#task('burst-colours', plan, bands, bandSlot(width));
    await this.#task('burst-compose', plan, bands, bandSlot(width));
  }

  /** Brings frames into the sums; returns their shares. */
  async #gatherAll(
    reference: HeldFrame,
    others: readonly number[],
    grid: MergeGrid,
    filling: Filling = 'no',
  ): Promise<number> {
    const lights = others.map((index) => this.#lights.get(index)).filter((light) => light !== undefined);
    const ownLight = this.#lights.get(reference.index);
    const leastLight = ownLight === undefined ? 1 : Math.min(1, ...lights.map((light) => light / ownLight));
    const response = burstResponse(planeOf(reference, 1), leastLight);
    const own = await this.#prepare([reference], reference, response, undefined);
    let sum = 0;
    const pyramidBytes = PYRAMID_SHARE * grid.frame.width * grid.frame.height;
    const atOnce = Math.max(
      Math.min(Math.max(this.#engine.pool.threads, 2), MOST_AT_ONCE),
      Math.floor(PYRAMID_BYTES / pyramidBytes),
    );
    const queue = [...others];
    const next = (): Promise<HeldFrame[]> | undefined =>
      queue.length > 0 ? this.#loadBatch(queue.splice(0, atOnce), reference) : undefined;
    let coming = next();
    try {
      while (coming !== undefined) {
        const batch = await coming;
        // The next frames are loaded while these are merged.
        coming = next();
        if (batch.length === 0) continue;
        const prepared = await this.#prepare(batch, reference, response, own[0]!.prepared.pyramid);
        for (const { prepared: one } of prepared) this.#freePyramid(one.pyramid);
        sum += await this.#gather(reference, prepared, grid, filling);
        if (filling !== 'no') continue;
        for (const { prepared: one } of prepared) {
          this.#release(one.held);
          this.#step();
        }
      }
    } finally {
      // Where the work was stopped, what is being loaded has to be there before it can be given back.
      await coming?.catch(() => undefined);
    }
    this.#freePyramid(own[0]!.prepared.pyramid);
    return sum;
  }

  /** Loads frames; those that can't be merged with the reference are left out. */
  async #loadBatch(indices: readonly number[], reference: HeldFrame): Promise<HeldFrame[]> {
    const batch: HeldFrame[] = [];
    for (const index of indices) {
      const held = await this.#tryLoad(index);
      if (held === undefined) continue;
      const reason = misfit(reference.frame, held.frame);
      if (reason === undefined) batch.push(held);
      else {
        this.#leaveOut(index, reason);
        this.#release(held);
      }
    }
    return batch;
  }

  #freePyramid({ levels }: AlignPyramid): void {
    for (const { data } of levels) this.#free(data.byteOffset);
  }

  async #prepare(
    batch: readonly HeldFrame[],
    reference: HeldFrame,
    response: GreyResponse,
    on: AlignPyramid | undefined,
  ): Promise<{ readonly prepared: Prepared; readonly aligned: AlignedFrame | undefined }[]> {
    const { width, height } = rectangleOf(reference.frame.activeArea);
    const frames = batch.map((held) => {
      const light = this.#lightOf(held, reference);
      const plane = planeOf(held, light);
      const pyramid = planPyramid(plane, response, (floats) => {
        // The memory may grow with it: its buffer is asked for afterwards.
        const address = this.#allocate(floats * 4);
        return new Float32Array(this.#engine.heap.memory.buffer, address, floats);
      });
      return { plane, pyramid, held, light };
    });
    const found = await this.#task(
      'burst-align',
      { reference: on, frames: frames.map(({ plane, pyramid }) => ({ plane, pyramid })) },
      frames.length,
      alignScratch(width, height) + 1024,
    );
    return frames.map(({ held, light, pyramid }, i) => ({
      prepared: { held, light, pyramid },
      aligned: found[i] as AlignedFrame | undefined,
    }));
  }

  async #gather(
    reference: HeldFrame,
    batch: readonly { readonly prepared: Prepared; readonly aligned: AlignedFrame | undefined }[],
    grid: MergeGrid,
    filling: Filling,
  ): Promise<number> {
    const placed: number[] = [];
    const place = (table: Table): number => {
      const address = this.#place(table);
      placed.push(address);
      return address;
    };
    const used = batch.filter(({ prepared, aligned }) => {
      const { index } = prepared.held;
      const exposure = 1 / prepared.light;
      if (aligned === undefined || !aligned.matched) {
        this.#leaveOut(
          index,
          'it shows another scene, or nothing that could be found in the reference',
          aligned,
          exposure,
        );
        return false;
      }
      if (aligned.overlap < LEAST_OVERLAP) {
        this.#leaveOut(index, 'it hardly overlaps with the reference', aligned, exposure);
        return false;
      }
      return true;
    });
    const frames = used.map(({ prepared, aligned }): GatheredFrame => {
      const { held, light } = prepared;
      const [forward, backward] = this.#ways(aligned!.alignment, place);
      return {
        light: this.#lightSource(held, light, place),
        forward,
        backward,
        table: place(
          agreementTable(
            reference.noise,
            held.noise,
            light,
            reference.noise.map(shadeOf),
            filling === 'clipped' ? NEARLY_CLIPPED : Number.POSITIVE_INFINITY,
          ),
        ),
        limit: CLIPPED * light,
        factor: weightOf(reference.noise[1]!, held.noise[1]!, light),
        boxes: this.#boxesOf(forward, grid, place),
      };
    });
    if (frames.length === 0) return 0;
    const boxes = frames.flatMap((frame) => frame.boxes);
    const boxWidth = Math.max(...boxes.map(([, , width]) => width), 8);
    const boxFloats = boxWidth * Math.max(...boxes.map(([, , , height]) => height), 8);
    const tiles = frames[0]!.boxes.length;
    const values = (await this.#task(
      'burst-gather',
      { ...grid, frames, boxFloats, boxWidth },
      tiles,
      gatherSlot(boxFloats, boxWidth),
    )) as number[][];
    for (const address of placed) this.#free(address);
    const counted = countedPixels(grid.estimate.width, grid.estimate.height);
    let sum = 0;
    used.forEach(({ prepared, aligned }, i) => {
      const share = values.reduce((total, shares) => total + shares[i]!, 0) / (counted * WHOLE_WEIGHT);
      const motion = aligned!.alignment.global;
      this.#report[prepared.held.index] = {
        index: prepared.held.index,
        role: 'merged',
        shiftX: motion.dx,
        shiftY: motion.dy,
        rotationDeg: motion.rotationDeg,
        share,
        exposure: 1 / prepared.light,
      };
      sum += share * frames[i]!.factor;
      if (share > 0 && prepared.light > BRACKET) this.#range = Math.max(this.#range, prepared.light);
    });
    return sum;
  }

  /** The way from the picture to a frame, and back. */
  #ways(alignment: Alignment, place: (table: Table) => number): readonly [PlacedNodes, PlacedNodes] {
    const { memory } = this.#engine.heap;
    const nodes = forwardNodes(alignment);
    const { columns, rows, spacing } = nodes;
    const there = placeNodes(nodes, place);
    const back = { ...there, address: place(new Float32Array(nodes.values.length)) };
    this.#engine.kernels.burstWayBack(there.address, columns, rows, spacing, back.address);
    if (this.#scale === 1) return [there, back];
    const values = new Float32Array(memory.buffer, back.address, nodes.values.length).slice();
    return [
      placeNodes(twiceForward(nodes), place),
      placeNodes(twiceBackward({ columns, rows, spacing, values }), place),
    ];
  }

  #boxesOf(
    { address, columns, rows, spacing }: PlacedNodes,
    { estimate, frame, tile }: MergeGrid,
    place: (table: Table) => number,
  ): Box[] {
    const { heap, kernels } = this.#engine;
    const extent = place(new Uint8Array(4 * Float64Array.BYTES_PER_ELEMENT));
    const places = new Float64Array(heap.memory.buffer, extent, 4);
    return boxesOf(
      (x0, y0, x1, y1) => {
        kernels.burstExtent(address, columns, rows, spacing, x0, y0, x1, y1, extent);
        return places;
      },
      estimate,
      frame,
      tile,
    );
  }

  #lightSource(held: HeldFrame, light: number, place: (table: Table) => number): LightSource {
    const { frame, address } = held;
    const { rows, deltaV } = lightTables(held, light);
    const bytes = frame.samples.BYTES_PER_ELEMENT;
    return {
      float: frame.samples instanceof Float32Array,
      first: address + (frame.activeArea.top * frame.width + frame.activeArea.left) * bytes,
      rowBytes: frame.width * bytes,
      table: 0,
      rows: rows[0]!.map(({ black, scale, ceiling }) => ({
        black: place(black),
        scale: place(scale),
        ceiling: place(ceiling),
      })),
      deltaV,
    };
  }

  async #finish(
    reference: HeldFrame,
    grid: MergeGrid,
    merged: number,
    output: 'mosaic' | 'rgb',
    strength: number,
    tile: number,
  ): Promise<MergedBurst> {
    const { estimate, sums } = grid;
    const { width, height } = estimate;
    const { frame, noise } = reference;
    const usual = 1 / (1 + merged);
    const kind = { scale: this.#scale, output, prior: this.#prior, usual };
    const gathered = framesGathered(grid, this.#engine.heap.memory.buffer, {
      mass: massOf(gaussTaps(this.#lightSigma)),
      shade: noise.map(shadeOf),
      noise: noise[1]!,
    });
    const left = noiseLeft(gathered, kind, strength);
    const alone = merged === 0 && (output === 'mosaic' || this.#source.count === 1);
    const profile = partOf(noise, alone ? noiseAlone(output) : left.ofFrame);
    const noiseMap = alone
      ? undefined
      : { ...gathered, variance: left.levels, denoised: strength > 0 || merged === 0 };
    if (merged > 0) await this.#compose(reference, grid, Number.NEGATIVE_INFINITY, usual);
    const deconvolution = this.#scale === 2 && merged > 0 ? (this.#options.deconvolution ?? 1) : 0;
    const trust = deconvolution > 0 ? this.#trust(grid, noise, merged) : undefined;
    for (const address of [sums.light, sums.shares, sums.cells]) this.#free(address);

    const samplesPerPixel = output === 'rgb' ? 3 : 1;
    const { bits = 32 } = this.#options;
    const black = bits === 16 ? (output === 'rgb' ? 0 : pedestalOf(noise, this.#range)) : undefined;
    // What is deconvolved is so in floats, and becomes integers in its place.
    const deconvolved = trust !== undefined;
    const samples = this.#engine.reserve(width * height * samplesPerPixel, bits === 32 || deconvolved);
    try {
      await this.#task(
        'burst-finish',
        {
          planes: estimate,
          tile,
          denoise:
            merged > 0 && strength > 0
              ? this.#place(lastPassTable(frame, noise, gathered, lastPassOf(gathered, kind, strength)))
              : 0,
          step: LAST_STEP[this.#quality],
          mosaic:
            output === 'rgb'
              ? undefined
              : {
                  light: this.#lightSource(reference, 1, (table) => this.#place(table)),
                  pattern: grid.pattern,
                  noise: this.#place(
                    Float32Array.from([
                      ...noise.map(({ scale }) => scale),
                      ...noise.map(({ offset }) => offset),
                    ]),
                  ),
                  clip: CLIPPED,
                  alone: merged === 0,
                },
          output: samples.byteOffset,
          black: deconvolved ? undefined : black,
          range: this.#range,
        },
        Math.ceil(width / tile) * Math.ceil(height / tile),
        finishSlot(tile, this.#engine.kernels),
      );
      const described = (values: RawFrame['samples'], pedestal: number | undefined): RawFrame =>
        mergedFrame(frame, values, {
          output,
          width,
          height,
          noise: profile,
          range: this.#range,
          scale: this.#scale,
          black: pedestal,
        });
      let result = described(samples, deconvolved ? undefined : black);
      if (deconvolved) {
        // By a plain mean's noise: the last pass has left less, but of low frequencies.
        const mean = noise.map(({ scale, offset }) => ({
          scale: (scale * usual) / this.#range,
          offset: (offset * usual) / this.#range ** 2,
        }));
        await this.#deconvolve(result, frame, grid, trust, deconvolution, merged, mean);
        if (black !== undefined) result = described(this.#asIntegers(samples, black), black);
      }
      this.#options.onProgress?.(1);
      const baselineSharpness = (frame.baselineSharpness ?? 1) * sharpnessLeft(deconvolution);
      return {
        frame: {
          ...result,
          ...(deconvolution > 0 && { baselineSharpness }),
          ...(noiseMap !== undefined && { noiseMap }),
        },
        reference: reference.index,
        report: this.#report,
      };
    } catch (error) {
      this.#engine.discard(samples);
      throw error;
    }
  }

  /** Floats as 16-bit integers, in their place. */
  #asIntegers({ buffer, byteOffset, length }: RawFrame['samples'], black: number): Uint16Array {
    this.#engine.kernels.burstIntegers(byteOffset, length, black, byteOffset);
    return new Uint16Array(buffer, byteOffset, length);
  }

  /** Where so much came together that it can be deconvolved. */
  #trust({ estimate, sums }: MergeGrid, noise: readonly NoiseProfile[], merged: number): Trust {
    const { width, height, address, planeStride, rowStride } = estimate;
    const floats = new Float32Array(this.#engine.heap.memory.buffer);
    const mass = massOf(gaussTaps(this.#lightSigma));
    const shade = noise.map(shadeOf);
    return trustOf(width, height, merged, (x, y) => {
      const at = (address + y * rowStride + x * 4) >> 2;
      let light = 0;
      for (let c = 0; c < 3; c++)
        light += (Math.max(floats[at + ((c * planeStride) >> 2)]!, 0) + shade[c]!) / 3;
      return floats[(sums.shares + y * sums.rowStride + x * 4) >> 2]! / (mass * light);
    });
  }

  /** Undoes what is known to have blurred a merge of twice the resolution, in place; the estimate gives its room. */
  async #deconvolve(
    merged: RawFrame,
    reference: RawFrame,
    { estimate }: MergeGrid,
    trust: Trust,
    strength: number,
    frames: number,
    noise: readonly NoiseProfile[],
  ): Promise<void> {
    const { width, height, asShotNeutral, samples } = merged;
    const known = knownBlur(merged, reference, frames);
    const plan: DeconvolvePlan = {
      output: samples.byteOffset,
      width,
      height,
      light: estimate.address,
      peaks: estimate.address + estimate.planeStride,
      rowStride: estimate.rowStride,
      weights: this.#place(Float32Array.from(lightWeights(asShotNeutral))),
      table: this.#place(deconvolutionTable(strength, known, noise, noise.map(shadeOf), asShotNeutral)),
      trust: this.#place(trust.values),
      columns: trust.columns,
      rows: trust.rows,
    };
    const [across, down] = tilesOf(plan);
    await this.#task('burst-light', plan, down, 64);
    await this.#task(
      'burst-deconvolve',
      plan,
      across * down,
      this.#engine.kernels.burstDeconvolveScratch(TILE_WIDTH, TILE_HEIGHT),
    );
  }
}

/** A tile of so many pixels a side, drawn out: memory is read in longer rows. */
function tileOf(size: number): MergeGrid['tile'] {
  const whole = (side: number): number => Math.ceil(side / BLOCK) * BLOCK;
  return { width: whole(2 * size), height: whole(size / 2) };
}

/** How much of its luminance noise the estimate loses: the more frames there are, the more detail they bring back. */
function estimateStrength(others: number): number {
  return Math.min(1 + ESTIMATE.more * (others / ESTIMATE.frames) ** 4, ESTIMATE.most);
}

function placeNodes(nodes: Nodes, place: (table: Table) => number): PlacedNodes {
  const { columns, rows, spacing, values } = nodes;
  return { address: place(values), columns, rows, spacing };
}
