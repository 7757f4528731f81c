import { loadKernels } from '#platform';
import { OpticsError } from '../OpticsError.js';

/** What the twin's WASM module exports, as `kernel.ts` says. */
export interface TwinKernels {
  heapBase(): number;
  resampleRow(
    plane: number,
    stride: number,
    nodes: number,
    count: number,
    minU: number,
    maxU: number,
    minV: number,
    maxV: number,
    tables: number,
    lightsFrom: number,
    dst: number,
  ): void;
  convolveBlock(
    src: number,
    srcStride: number,
    weights: number,
    size: number,
    dst: number,
    dstStride: number,
    rows: number,
  ): void;
}

const PAGE = 65536;
/** Pages that a wasm32 memory may grow to. */
const MAXIMUM_PAGES = 65536;
/** Every piece of memory begins on such a multiple, bytes. */
const ALIGNMENT = 16;

let compiled: Promise<WebAssembly.Module> | undefined;

/** The kernels with a memory of their own: space is handed out once, then views are made. */
export class KernelSpace {
  readonly kernels: TwinKernels;
  readonly #memory: WebAssembly.Memory;
  #top: number;

  private constructor(kernels: TwinKernels, memory: WebAssembly.Memory) {
    this.kernels = kernels;
    this.#memory = memory;
    this.#top = Math.ceil(kernels.heapBase() / ALIGNMENT) * ALIGNMENT;
  }

  static async create(): Promise<KernelSpace> {
    compiled ??= loadKernels();
    const memory = new WebAssembly.Memory({ initial: 2, maximum: MAXIMUM_PAGES });
    const instance = await WebAssembly.instantiate(await compiled, {
      env: {
        memory,
        abort: () => {
          throw new Error('A kernel aborted.');
        },
      },
    });
    return new KernelSpace(instance.exports as unknown as TwinKernels, memory);
  }

  /**
   * Address of so many bytes, zeroed. Views made before are void afterwards.
   * @throws {OpticsError} where 4 GiB are not enough
   */
  allocate(bytes: number): number {
    const address = this.#top;
    this.#top += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    const pages = Math.ceil(this.#top / PAGE) - this.#memory.buffer.byteLength / PAGE;
    if (this.#top > MAXIMUM_PAGES * PAGE) {
      throw new OpticsError('the frame needs more than 4 GiB of working memory; crop it.', {
        field: 'cropTo',
      });
    }
    if (pages > 0) this.#memory.grow(pages);
    return address;
  }

  /** Floats at an address; void after the next `allocate`. */
  floats(address: number, count: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.#memory.buffer as ArrayBuffer, address, count);
  }

  /** Doubles at an address; void after the next `allocate`. */
  doubles(address: number, count: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.#memory.buffer as ArrayBuffer, address, count);
  }
}
