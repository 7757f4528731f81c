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
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(kernels: Kernels, heap: Heap, pool: Pool) {
    this.kernels = kernels;
    this.heap = heap;
    this.pool = pool;
  }

  /** Compiles the kernels and starts the threads. */
  static async create(options: EngineOptions = {}): Promise<Engine> {
    const module = await loadKernels();
    const memory = createMemory();
    const kernels = await instantiateKernels(module, memory);
    const heap = new Heap(memory, kernels.heapBase());
    return new Engine(kernels, heap, new Pool(module, memory, kernels, options.threads ?? hardwareThreads()));
  }

  /**
   * Copies a frame's samples into the kernels' memory, ready to be rendered.
   * @throws {EngineError} where the frame is of a kind that can't be developed, or memory runs out
   */
  open(frame: RawFrame): Development {
    return new Development(this, frame);
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
