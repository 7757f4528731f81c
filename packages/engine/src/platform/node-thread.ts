import { parentPort } from 'node:worker_threads';
import { serve } from '../scheduler/thread.js';

const port = parentPort!;
serve(
  (message) => port.postMessage(message),
  (onMessage) => port.on('message', onMessage),
);
