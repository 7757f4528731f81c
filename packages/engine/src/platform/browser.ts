import type { Thread } from './Thread.js';

/** The engine's WASM module, compiled. */
export async function loadKernels(): Promise<WebAssembly.Module> {
  return WebAssembly.compileStreaming(fetch(new URL('../engine.wasm', import.meta.url)));
}

/** Threads that this machine runs at once. */
export function hardwareThreads(): number {
  return navigator.hardwareConcurrency;
}

/** True where threads can share memory: the page is cross-origin isolated. */
export function canShareMemory(): boolean {
  return globalThis.crossOriginIsolated === true;
}

/** Starts a thread of the pool. */
export function startThread(): Thread {
  const worker = new Worker(new URL('./browser-thread.js', import.meta.url), {
    type: 'module',
    name: 'photosite',
  });
  return {
    post: (message) => worker.postMessage(message),
    listen: (onMessage, onError) => {
      worker.addEventListener('message', (event) => onMessage(event.data));
      worker.addEventListener('error', (event) => onError(event.error ?? new Error(event.message)));
    },
    idle: () => {},
    busy: () => {},
    stop: async () => worker.terminate(),
  };
}

/** Lets the page have its turn. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      channel.port1.close();
      resolve();
    };
    channel.port2.postMessage(null);
  });
}
