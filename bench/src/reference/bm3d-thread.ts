import { parentPort, workerData } from 'node:worker_threads';
import { bm3d } from './bm3d.js';

const { image, sigma, peak } = workerData;
const { data } = bm3d(image, sigma, peak);
parentPort!.postMessage(data, [data.buffer as ArrayBuffer]);
