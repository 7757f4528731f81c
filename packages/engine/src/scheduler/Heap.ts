import { EngineError } from '../EngineError.js';
import type { Table } from '../stage.js';

const PAGE = 65536;
const ALIGNMENT = 64;
const MAXIMUM_BYTES = 65536 * PAGE;

/** Who owns which bytes of the kernels' memory: first fit over a sorted list of holes. Used by one thread alone. */
export class Heap {
  readonly memory: WebAssembly.Memory;
  /** Free ranges by address, none touching another. */
  readonly #holes: { address: number; size: number }[];
  readonly #sizes = new Map<number, number>();
  #end: number;

  /** @param base first free byte */
  constructor(memory: WebAssembly.Memory, base: number) {
    this.memory = memory;
    const start = Math.ceil(base / ALIGNMENT) * ALIGNMENT;
    this.#end = memory.buffer.byteLength;
    this.#holes = [{ address: start, size: this.#end - start }];
  }

  /**
   * Reserves bytes; returns their address, aligned to 64.
   * @throws {EngineError} where the memory is used up
   */
  allocate(bytes: number): number {
    const size = Math.max(Math.ceil(bytes / ALIGNMENT), 1) * ALIGNMENT;
    let i = this.#holes.findIndex((hole) => hole.size >= size);
    if (i < 0) {
      this.#grow(size);
      i = this.#holes.length - 1;
    }
    const hole = this.#holes[i]!;
    const { address } = hole;
    if (hole.size === size) this.#holes.splice(i, 1);
    else {
      hole.address += size;
      hole.size -= size;
    }
    this.#sizes.set(address, size);
    return address;
  }

  /** Gives bytes back. */
  free(address: number): void {
    const size = this.#sizes.get(address);
    if (size === undefined) throw new Error(`address ${address} is not allocated`);
    this.#sizes.delete(address);
    this.#release(address, size);
  }

  #release(address: number, size: number): void {
    let i = this.#holes.findIndex((hole) => hole.address > address);
    if (i < 0) i = this.#holes.length;
    this.#holes.splice(i, 0, { address, size });
    for (const k of [i + 1, i]) {
      const [before, after] = [this.#holes[k - 1], this.#holes[k]];
      if (before === undefined || after === undefined || before.address + before.size !== after.address)
        continue;
      before.size += after.size;
      this.#holes.splice(k, 1);
    }
  }

  #grow(size: number): void {
    const last = this.#holes.at(-1);
    const spare = last !== undefined && last.address + last.size === this.#end ? last.size : 0;
    const pages = Math.ceil((size - spare) / PAGE);
    try {
      this.memory.grow(pages);
    } catch {
      throw new EngineError(
        `the picture needs more memory than there is (${Math.round(size / 2 ** 20)} MiB more, of at most ${MAXIMUM_BYTES / 2 ** 20}). Develop a smaller region, or close other pictures.`,
      );
    }
    this.#release(this.#end, pages * PAGE);
    this.#end += pages * PAGE;
  }

  /** Copies a table into the memory and returns its address. */
  place(table: Table): number {
    const address = this.allocate(table.byteLength);
    const bytes = new Uint8Array(table.buffer, table.byteOffset, table.byteLength);
    new Uint8Array(this.memory.buffer, address, table.byteLength).set(bytes);
    return address;
  }
}
