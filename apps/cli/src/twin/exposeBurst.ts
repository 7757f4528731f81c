import { Worker } from 'node:worker_threads';
import type { BurstPlan } from '@photosite/optics';
import { JobError } from '../errors.js';
import type { FrameSummary } from './exposeToFiles.js';
import type { FromThread, ThreadData, ToThread } from './threadMessages.js';

/** How a burst is exposed. */
export interface ExposeBurstOptions {
  readonly threads: number;
  /** Whether the truth of a frame is written, too. */
  readonly truthOf: (index: number) => boolean;
  /** Where the files go. */
  readonly folder: string;
  /** Told the share of all rows that are done. */
  readonly onProgress: (share: number) => void;
}

/**
 * Exposes all frames of a plan and writes their files, several frames at a time; a thread takes the next frame when it is
 * done with one. What is in the files does not depend on the number of threads.
 * @throws {JobError} where a frame fails; the other threads are stopped
 */
export async function exposeBurst(
  plan: BurstPlan,
  { threads, truthOf, folder, onProgress }: ExposeBurstOptions,
): Promise<FrameSummary[]> {
  const frames = plan.exposures.length;
  const summaries = new Array<FrameSummary>(frames);
  const shares = new Float64Array(frames);
  let next = 0;
  const workerData: ThreadData = { plan, folder };

  const runThread = (worker: Worker): Promise<void> =>
    new Promise((resolve, reject) => {
      const takeNext = (): void => {
        if (next === frames) {
          resolve();
          return;
        }
        const index = next++;
        worker.postMessage({ index, truth: truthOf(index) } satisfies ToThread);
      };
      worker.on('message', (message: FromThread) => {
        if (message.kind === 'failed') {
          // An error's class does not travel between threads, its words and where it came from do.
          const cause = Object.assign(new Error(message.message), { stack: message.stack });
          reject(new JobError(message.message, { cause }));
          return;
        }
        shares[message.index] = message.kind === 'done' ? 1 : message.share;
        onProgress(shares.reduce((sum, share) => sum + share, 0) / frames);
        if (message.kind !== 'done') return;
        summaries[message.index] = message.summary;
        takeNext();
      });
      worker.on('error', reject);
      worker.on('exit', () => reject(new JobError('a thread ended early. Try fewer --threads.')));
      takeNext();
    });

  const workers = Array.from(
    { length: Math.min(threads, frames) },
    () => new Worker(new URL('./twin-thread.js', import.meta.url), { name: 'photosite twin', workerData }),
  );
  try {
    await Promise.all(workers.map(runThread));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return summaries;
}
