import { Worker } from 'node:worker_threads';
import type { LibRawHost } from './host.js';

/** Starts LibRaw on a worker thread. */
export function startLibRaw(): LibRawHost {
  const worker = new Worker(new URL('./node-worker.js', import.meta.url));
  const host: LibRawHost = {
    post: (message, transfer) => worker.postMessage(message, [...transfer]),
    onMessage: () => {},
    onFailure: () => {},
    terminate: () => void worker.terminate(),
  };
  worker.on('message', (message) => host.onMessage(message));
  worker.on('error', (cause) => host.onFailure(cause));
  worker.on('exit', (code) => host.onFailure(new Error(`The worker ended with code ${code}`)));
  return host;
}
