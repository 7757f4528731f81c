import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Thread } from './Thread.js';

/** The engine's WASM module, compiled. */
export async function loadKernels(): Promise<WebAssembly.Module> {
  const bytes = await readFile(new URL('../engine.wasm', import.meta.url));
  return WebAssembly.compile(new Uint8Array(bytes));
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
