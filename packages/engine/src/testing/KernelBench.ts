import type { RawFrame } from '@photosite/raw';
import { loadKernels } from '#platform';
import { CameraModel } from '../colour/camera.js';
import type { Vector3 } from '../colour/matrix3.js';
import { createMemory, instantiateKernels, type Kernels } from '../kernel-module.js';
import { completeRecipe, type PartialRecipe } from '../recipe.js';
import { Heap } from '../scheduler/Heap.js';
import { insidePlace } from '../scheduler/places.js';
import type { PlanContext, SceneWhite, Stage, Tile } from '../stage.js';
import { dngCorrection } from '../stages/lens-geometry/dng.js';
import { pictureGeometry } from '../stages/lens-geometry/map.js';
import { recordedWhite, sceneWhite } from '../white.js';

/** What a kernel for planes takes first: address, bytes from plane to plane and from row to row, width, height. */
export type KernelArea = readonly [
  planes: number,
  planeStride: number,
  rowStride: number,
  width: number,
  height: number,
];

/** Where a tile lies in the active area, and how large that is. */
export interface TilePlace {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly activeWidth: number;
  readonly activeHeight: number;
  /** The CFA's period; 1 by default. */
  readonly period?: number;
}

/** The real kernels over a memory of their own, for tests that call one stage alone. */
export class KernelBench {
  readonly kernels: Kernels;
  readonly heap: Heap;

  private constructor(kernels: Kernels, heap: Heap) {
    this.kernels = kernels;
    this.heap = heap;
  }

  static async create(): Promise<KernelBench> {
    const memory = createMemory();
    const kernels = await instantiateKernels(await loadKernels(), memory);
    return new KernelBench(kernels, new Heap(memory, kernels.heapBase()));
  }

  /** A copy of floats at an address. */
  floats(address: number, count: number): Float32Array {
    return new Float32Array(this.heap.memory.buffer, address, count).slice();
  }

  /** Carries pixels through a kernel that works in place; they lie in rows that are no multiple of four wide. */
  onPixels(pixels: readonly Vector3[], run: (area: KernelArea) => void, width = 7): Vector3[] {
    const height = Math.ceil(pixels.length / width);
    const stride = Math.ceil(width / 4) * 4 + 4;
    const plane = stride * height;
    const data = new Float32Array(plane * 3);
    pixels.forEach((pixel, i) => {
      const at = Math.floor(i / width) * stride + (i % width);
      pixel.forEach((value, channel) => {
        data[channel * plane + at] = value;
      });
    });
    const address = this.heap.place(data);
    run([address, plane * 4, stride * 4, width, height]);
    const out = this.floats(address, plane * 3);
    this.heap.free(address);
    return pixels.map((_, i): Vector3 => {
      const at = Math.floor(i / width) * stride + (i % width);
      return [out[at]!, out[plane + at]!, out[2 * plane + at]!];
    });
  }

  /** Carries pixels through a stage that works on planes, planned for a frame and a recipe. */
  throughStage(
    stage: Stage,
    pixels: readonly Vector3[],
    context: PlanContext,
    values: object = {},
  ): Vector3[] {
    const plan = stage.plan(values as never, context);
    if (plan === undefined) return [...pixels];
    return this.onPixels(pixels, ([inner, planeStride, rowStride, innerWidth, innerHeight]) => {
      const place = { x: 0.5, y: 0.5, stepX: 1, stepY: 1 };
      const tile = { inner, planeStride, stride: rowStride / 4, innerWidth, innerHeight, place };
      stage.run(plan, tile as Tile, this.kernels);
    });
  }

  /** What a stage plans with, for a frame whose samples are placed plane after plane. */
  context(frame: RawFrame, recipe: PartialRecipe = {}, assumed: string[] = []): PlanContext {
    const camera = new CameraModel(frame);
    const recorded = recordedWhite(frame, camera, (what) => assumed.push(what));
    const complete = completeRecipe(recipe);
    const white: SceneWhite = sceneWhite(frame, camera, recorded, complete, (what) => assumed.push(what));
    const spp = frame.samplesPerPixel;
    const pixels = frame.samples.length / spp;
    const apart = frame.samples.map((_, i) => frame.samples[(i % pixels) * spp + Math.floor(i / pixels)]!);
    const [r, g, b] = recorded.neutral;
    return {
      frame,
      recipe: complete,
      camera,
      white,
      balance: [1 / r, 1 / g, 1 / b],
      samples: this.heap.place(apart),
      lens: dngCorrection(frame),
      picture: pictureGeometry(frame, complete.lensGeometry, dngCorrection(frame)),
      scale: 1,
      isOutput: false,
      overview: undefined,
      lut: undefined,
      place: (table) => this.heap.place(table),
      assume: (what) => assumed.push(what),
    };
  }

  /** A tile as the scheduler makes it, its buffers filled with a value that no stage leaves behind. */
  tile({ left, top, width, height, activeWidth, activeHeight, period = 1 }: TilePlace): Tile {
    const stride = Math.ceil(width / 4) * 4;
    const columns = Int32Array.from({ length: stride }, (_, i) => insidePlace(left + i, activeWidth, period));
    const firstInside = Math.min(Math.max(-left, 0), stride);
    const planes = this.heap.place(new Float32Array(stride * height * 3 + 16).fill(UNTOUCHED));
    return {
      left,
      top,
      width: stride,
      height,
      stride,
      columns: this.heap.place(columns),
      firstInside,
      lastInside: Math.max(Math.min(activeWidth - left, stride), firstInside),
      sourceRow: (y) => insidePlace(top + y, activeHeight, period),
      mosaic: this.heap.place(new Float32Array(stride * height + 16).fill(UNTOUCHED)),
      spare: this.heap.allocate(stride * height * 4 + 64),
      planes,
      planeStride: stride * height * 4,
      scratch: this.heap.allocate(4096),
      inner: planes,
      innerWidth: width,
      innerHeight: height,
      spareInner: this.heap.place(new Float32Array(stride * height * 3 + 16).fill(UNTOUCHED)),
      place: { x: left + 0.5, y: top + 0.5, stepX: 1, stepY: 1 },
      write: (address, table) => {
        const bytes = new Uint8Array(table.buffer, table.byteOffset, table.byteLength);
        new Uint8Array(this.heap.memory.buffer, address, table.byteLength).set(bytes);
      },
    };
  }
}

/** What untouched floats of a test tile hold. */
export const UNTOUCHED = -12345;
