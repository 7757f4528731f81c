import './node-scope.js';
import './warnings.js';
import 'libraw-wasm/dist/worker.js';
import { parentPort } from 'node:worker_threads';

// What libraw-wasm sets as a web worker's handler is a plain property here.
const scope: { onmessage?: (event: { data: unknown }) => void } = globalThis as object;
parentPort?.on('message', (data) => scope.onmessage?.({ data }));
