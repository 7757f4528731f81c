import type { RawFrame } from '@photosite/raw';
import { hardwareThreads, loadKernels } from '#platform';
import { Development } from './Development.js';
import { createMemory, INITIAL_PAGES, instantiateKernels, type Kernels } from './kernel-module.js';
import { Heap } from './scheduler/Heap.js';
import { type LoadedKernels, Pool } from './scheduler/Pool.js';

const PAGE = 65536;

/** Reserved room: for samples, or for a file. */
type Reserved = RawFrame['samples'] | Uint8Array;

/** How an engine runs. */
export interface EngineOptions {
  /** Threads to work on; as many as the machine runs at once by default. Where memory can't be shared it is one. */
  readonly threads?: number;
}

async function load(memory: WebAssembly.Memory): Promise<LoadedKernels> {
  const module = await loadKernels();
  return { module, kernels: await instantiateKernels(module, memory) };
}

/** The kernels, their memory and the threads that work on it. Open frames on it; close it when done. */
export class Engine {
  readonly heap: Heap;
  readonly pool: Pool;
  /** Resolves when kernels and threads can work, which every render waits for by itself. */
  readonly ready: Promise<void>;
  #kernels: Kernels | undefined;
  readonly #reserved = new Map<Reserved, number>();
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(threads: number) {
    const memory = createMemory();
    // The module's own tables lie in the pages that memory starts with, however many of them it needs.
    this.heap = new Heap(memory, INITIAL_PAGES * PAGE);
    const loading = load(memory);
    this.pool = new Pool(threads, memory, loading);
    this.ready = loading.then(({ kernels }) => {
      this.#kernels = kernels;
    });
    // Told to those who wait for it.
    this.ready.catch(() => undefined);
  }

  /**
   * An engine whose kernels compile and whose threads start meanwhile: frames can be read into it and opened at once, and
   * rendering waits for what it needs.
   */
  static start(options: EngineOptions = {}): Engine {
    return new Engine(options.threads ?? hardwareThreads());
  }

  /** An engine that is ready to work: its kernels compiled, its threads started. */
  static async create(options: EngineOptions = {}): Promise<Engine> {
    const engine = Engine.start(options);
    try {
      await engine.ready;
      return engine;
    } catch (error) {
      await engine.close();
      throw error;
    }
  }

  /** The kernels, once the engine is {@link ready}. */
  get kernels(): Kernels {
    if (this.#kernels === undefined) throw new Error('The kernels are still being compiled.');
    return this.#kernels;
  }

  /**
   * Makes a frame ready to be rendered: its samples are copied into the kernels' memory, or taken over where they lie
   * there already (see {@link reserve}) and then gone with the development. A mosaic that lies there in room of the caller's
   * (a view of `heap.memory.buffer` as it is now) is used where it lies, and must stay until the development closes.
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

  /**
   * Room for a whole file in the kernels' memory, to be read as {@link reserve}d room is where a frame's samples lie in it
   * (`OpenRawOptions.inPlace`): they then are not copied at all, and the file goes with the frame.
   * @throws {EngineError} where memory runs out
   */
  reserveFile(bytes: number): Uint8Array {
    const address = this.heap.allocate(bytes);
    const file = new Uint8Array(this.heap.memory.buffer, address, bytes);
    this.#reserved.set(file, address);
    return file;
  }

  /** Gives reserved room back that no development has taken over. */
  discard(room: Reserved): void {
    const address = this.takeOver(room);
    if (address !== undefined) this.heap.free(address);
  }

  /**
   * The address of the reserved room that is given or that samples lie in, from now on the caller's to free; undefined for
   * samples that lie elsewhere.
   */
  takeOver(samples: Reserved): number | undefined {
    for (const [room, address] of this.#reserved) {
      const within =
        room.byteOffset <= samples.byteOffset && samples.byteOffset < room.byteOffset + room.byteLength;
      if (room !== samples && !(room.buffer === samples.buffer && within)) continue;
      this.#reserved.delete(room);
      return address;
    }
    return undefined;
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
