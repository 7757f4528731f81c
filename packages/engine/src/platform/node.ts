import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { Thread } from './Thread.js';

/**
 * How V8 compiles: by default a function when it is first called, in haste, and once more, thoroughly, after it has run
 * for a while. Kernels run long from their first call on: the thorough way at once takes less time in all.
 */
const THOROUGHLY = ['--no-wasm-lazy-compilation', '--no-liftoff'];
const BY_DEFAULT = ['--wasm-lazy-compilation', '--liftoff'];

/** The engine's WASM module, compiled. */
export async function loadKernels(): Promise<WebAssembly.Module> {
  const bytes = await readFile(new URL('../engine.wasm', import.meta.url));
  // These flags are the process's: other modules, of which little is called, compile as before.
  for (const flag of THOROUGHLY) setFlagsFromString(flag);
  try {
    return await WebAssembly.compile(new Uint8Array(bytes));
  } finally {
    for (const flag of BY_DEFAULT) setFlagsFromString(flag);
  }
}

/** Threads that this machine runs at once. */
export function hardwareThreads(): number {
  return availableParallelism();
}

/** True where threads can share memory. */
export function canShareMemory(): boolean {
  return true;
}

/** Starts a thread of the pool. */
export function startThread(): Thread {
  const worker = new Worker(new URL('./node-thread.js', import.meta.url), { name: 'photosite' });
  return {
    post: (message) => worker.postMessage(message),
    listen: (onMessage, onError) => {
      worker.on('message', onMessage);
      worker.on('error', onError);
    },
    idle: () => worker.unref(),
    busy: () => worker.ref(),
    stop: async () => {
      await worker.terminate();
    },
  };
}

/** Lets timers, files and messages have their turn. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
