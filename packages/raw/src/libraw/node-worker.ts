import './node-scope.js';
import './warnings.js';
import { parentPort } from 'node:worker_threads';

// Only now: the module looks for a web worker's globals when it is loaded, and bundlers put static imports first.
await import('libraw-wasm/dist/worker.js');

// What libraw-wasm sets as a web worker's handler is a plain property here.
const scope: { onmessage?: (event: { data: unknown }) => void } = globalThis as object;
parentPort?.on('message', (data) => scope.onmessage?.({ data }));
