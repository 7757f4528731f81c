import type { RawFrame } from '@photosite/raw';
import { hardwareThreads, loadKernels } from '#platform';
import { Development } from './Development.js';
import { createMemory, instantiateKernels, type Kernels } from './kernel-module.js';
import { Heap } from './scheduler/Heap.js';
import { Pool } from './scheduler/Pool.js';

/** How an engine runs. */
export interface EngineOptions {
  /** Threads to work on; as many as the machine runs at once by default. Where memory can't be shared it is one. */
  readonly threads?: number;
}

/** The kernels, their memory and the threads that work on it. Open frames on it; close it when done. */
export class Engine {
  readonly kernels: Kernels;
  readonly heap: Heap;
  readonly pool: Pool;
  readonly #reserved = new Map<RawFrame['samples'], number>();
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(kernels: Kernels, heap: Heap, pool: Pool) {
    this.kernels = kernels;
    this.heap = heap;
    this.pool = pool;
  }

  /** Compiles the kernels and starts the threads. */
  static async create(options: EngineOptions = {}): Promise<Engine> {
    // The threads start while the kernels compile.
    const pool = new Pool(options.threads ?? hardwareThreads());
    try {
      const module = await loadKernels();
      const memory = createMemory();
      const kernels = await instantiateKernels(module, memory);
      pool.begin(module, memory, kernels);
      return new Engine(kernels, new Heap(memory, kernels.heapBase()), pool);
    } catch (error) {
      await pool.close();
      throw error;
    }
  }

  /**
   * Makes a frame ready to be rendered: its samples are copied into the kernels' memory, or taken over where they lie
   * there already (see {@link reserve}) and then gone with the development.
   * @throws {EngineError} where the frame is of a kind that can't be developed, or memory runs out
   */
  open(frame: RawFrame): Development {
    try {
      return new Development(this, frame);
    } catch (error) {
      this.discard(frame.samples);
      throw error;
    }
  }

  /**
   * Room for a frame's samples in the kernels' memory: a mosaic that is read into it is opened without a copy. The room
   * is given back when the frame's development closes, or by {@link discard} where it is never opened.
   * @param length samples, as floats or as 16-bit integers
   * @throws {EngineError} where memory runs out
   */
  reserve(length: number, float: boolean): RawFrame['samples'] {
    const address = this.heap.allocate(length * (float ? 4 : 2));
    const { buffer } = this.heap.memory;
    const samples = float
      ? new Float32Array(buffer, address, length)
      : new Uint16Array(buffer, address, length);
    this.#reserved.set(samples, address);
    return samples;
  }

  /** Gives reserved room back that no development has taken over. */
  discard(samples: RawFrame['samples']): void {
    const address = this.takeOver(samples);
    if (address !== undefined) this.heap.free(address);
  }

  /** The address of reserved room, from now on the caller's to free; undefined for samples that lie elsewhere. */
  takeOver(samples: RawFrame['samples']): number | undefined {
    const address = this.#reserved.get(samples);
    this.#reserved.delete(samples);
    return address;
  }

  /** Runs work that uses the pool after all that was asked for before. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work, work);
    this.#queue = result.catch(() => undefined);
    return result;
  }

  /** Ends the threads. Pictures rendered before stay readable. */
  async close(): Promise<void> {
    await this.pool.close();
  }
}
