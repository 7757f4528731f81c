import type { Engine } from '@photosite/engine';

/** Bytes before and after each block that nobody may write. */
const GUARD_BYTES = 1024;
/** What heaps align to; a block may be used up to the next multiple. */
const ALIGNMENT = 64;

/**
 * Puts guards around every block of the kernels' memory from now on; a write into one is an error when its block is
 * given back. Fresh blocks and guards are filled, so that a result that depends on what lay there shows when the same is
 * done again with another filling.
 * @param filling a byte; as floats, 255 gives NaN and 66 gives numbers near 48
 * @param wholeBlocks fill blocks too, not only their guards
 * @returns the number of blocks that are held
 */
export function guardHeap(engine: Engine, filling: number, wholeBlocks: boolean): () => number {
  const { heap } = engine;
  const allocate = heap.allocate.bind(heap);
  const free = heap.free.bind(heap);
  const sizes = new Map<number, number>();
  const bytesAt = (address: number, length: number): Uint8Array =>
    new Uint8Array(heap.memory.buffer, address, length);
  heap.allocate = (bytes) => {
    const size = Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    const address = allocate(size + 2 * GUARD_BYTES) + GUARD_BYTES;
    bytesAt(address - GUARD_BYTES, GUARD_BYTES).fill(filling);
    bytesAt(address + size, GUARD_BYTES).fill(filling);
    if (wholeBlocks) bytesAt(address, size).fill(filling);
    sizes.set(address, size);
    return address;
  };
  heap.free = (address) => {
    const size = sizes.get(address);
    if (size === undefined) throw new Error(`${address} is no block that is held`);
    sizes.delete(address);
    free(address - GUARD_BYTES);
    for (const guard of [address - GUARD_BYTES, address + size])
      if (!bytesAt(guard, GUARD_BYTES).every((byte) => byte === filling))
        throw new Error(
          `a block of ${size} bytes was written beyond ${guard < address ? 'its start' : 'its end'}`,
        );
  };
  return () => sizes.size;
}
