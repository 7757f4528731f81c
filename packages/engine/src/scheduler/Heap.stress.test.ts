import fc from 'fast-check';
fc.configureGlobal({ numRuns: 3000, interruptAfterTimeLimit: 10000 });
import { describe, expect, it } from 'vitest';
import { EngineError } from '../EngineError.js';
import { Heap } from './Heap.js';

const PAGE = 65536;
const BASE = 1000;

function heapOf(pages: number, maximum = 1024): Heap {
  return new Heap(new WebAssembly.Memory({ initial: pages, maximum, shared: true }), BASE);
}

/** One step: reserve so many bytes, or give back the n-th of what is held. */
type Step = { readonly allocate: number } | { readonly free: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 3 * PAGE }).map((allocate) => ({ allocate })) },
  { weight: 2, arbitrary: fc.nat({ max: 1000 }).map((free) => ({ free })) },
);

describe('Heap', () => {
  it('never hands out bytes twice, aligns to 64, stays in the memory, and has all back in the end', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const heap = heapOf(4);
        const held: { address: number; size: number }[] = [];
        for (const action of steps) {
          if ('allocate' in action) {
            const address = heap.allocate(action.allocate);
            const size = Math.max(action.allocate, 1);
            expect(address % 64).toBe(0);
            expect(address).toBeGreaterThanOrEqual(BASE);
            expect(address + size).toBeLessThanOrEqual(heap.memory.buffer.byteLength);
            expect(
              held.some((other) => address < other.address + other.size && other.address < address + size),
            ).toBe(false);
            held.push({ address, size });
          } else if (held.length > 0) {
            const [given] = held.splice(action.free % held.length, 1);
            heap.free(given!.address);
          }
        }
        for (const { address } of held) heap.free(address);
        // All is one hole again: as much as the memory holds fits without growing it.
        const bytes = heap.memory.buffer.byteLength;
        const first = Math.ceil(BASE / 64) * 64;
        expect(heap.allocate(bytes - first)).toBe(first);
        expect(heap.memory.buffer.byteLength).toBe(bytes);
      }),
      { numRuns: 3000 },
    );
  });

  it('grows by no more than what is missing at its end', () => {
    const heap = heapOf(2);
    heap.allocate(PAGE);
    heap.allocate(PAGE);
    expect(heap.memory.buffer.byteLength).toBe(3 * PAGE);
  });

  it('takes the first hole that is large enough', () => {
    const heap = heapOf(4);
    const [a, , c] = [heap.allocate(256), heap.allocate(64), heap.allocate(512), heap.allocate(64)];
    heap.free(a);
    heap.free(c);
    expect(heap.allocate(300)).toBe(c);
    expect(heap.allocate(200)).toBe(a);
  });

  it('says so where the memory is used up, and keeps working', () => {
    const heap = heapOf(2, 4);
    expect(() => heap.allocate(5 * PAGE)).toThrow(EngineError);
    expect(() => heap.allocate(5 * PAGE)).toThrow(/needs more memory than there is/);
    expect(heap.allocate(3 * PAGE)).toBe(1024);
  });

  it('refuses to give back what is not held', () => {
    const heap = heapOf(2);
    const address = heap.allocate(100);
    heap.free(address);
    expect(() => heap.free(address)).toThrow(/not allocated/);
    expect(() => heap.free(12345)).toThrow(/not allocated/);
  });

  it('places a table’s bytes, of a part of a buffer too', () => {
    const heap = heapOf(2);
    const whole = Float32Array.of(1, 2, 3, 4, 5);
    const address = heap.place(whole.subarray(1, 4));
    expect([...new Float32Array(heap.memory.buffer, address, 3)]).toEqual([2, 3, 4]);
  });
});
