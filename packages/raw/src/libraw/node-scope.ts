import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parentPort } from 'node:worker_threads';

/**
 * libraw-wasm is built for web workers. On a Node worker thread, which does nothing else, this gives it what it looks
 * for: a worker scope, messages, and fetch of its own WASM file.
 */
Object.assign(globalThis, {
  self: globalThis,
  WorkerGlobalScope: Object,
  postMessage: (message: unknown, transfer?: ArrayBuffer[]) => parentPort?.postMessage(message, transfer),
  fetch: async (url: string | URL) =>
    new Response(await readFile(fileURLToPath(url)), { headers: { 'content-type': 'application/wasm' } }),
});
