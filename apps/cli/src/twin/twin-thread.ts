import { parentPort, workerData } from 'node:worker_threads';
import { describeError } from '../errors.js';
import { exposeToFiles } from './exposeToFiles.js';
import type { FromThread, ThreadData, ToThread } from './threadMessages.js';

const { plan, folder } = workerData as ThreadData;
const port = parentPort!;
const post = (message: FromThread): void => port.postMessage(message);

port.on('message', async ({ index, truth }: ToThread) => {
  try {
    const summary = await exposeToFiles(plan, index, truth, folder, (share) =>
      post({ kind: 'progress', index, share }),
    );
    post({ kind: 'done', index, summary });
  } catch (error) {
    const stack = (error instanceof Error && error.stack) || String(error);
    post({ kind: 'failed', index, message: describeError(error), stack });
  }
});
