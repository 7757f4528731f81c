import type { LibRawHost } from './host.js';

/** Starts LibRaw in a web worker; the page has to be cross-origin isolated, for LibRaw's memory is shared. */
export function startLibRaw(): LibRawHost {
  const worker = new Worker(new URL('./browser-worker.js', import.meta.url), { type: 'module' });
  const host: LibRawHost = {
    post: (message, transfer) => worker.postMessage(message, [...transfer]),
    onMessage: () => {},
    onFailure: () => {},
    terminate: () => worker.terminate(),
  };
  worker.onmessage = (event) => host.onMessage(event.data);
  worker.onerror = (event) => host.onFailure(event.error ?? new Error(event.message));
  worker.onmessageerror = () => host.onFailure(new Error('A message of the worker could not be read'));
  return host;
}
