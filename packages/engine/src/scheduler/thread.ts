import { instantiateKernels } from '../kernel-module.js';
import { type Job, type StageTimes, TileRunner } from './job.js';

/** What the pool tells a thread. */
export type ToThread =
  | { readonly kind: 'start'; readonly module: WebAssembly.Module; readonly memory: WebAssembly.Memory }
  | { readonly kind: 'job'; readonly job: Job; readonly thread: number };

/** What a thread tells the pool. */
export type FromThread =
  | { readonly kind: 'tile'; readonly job: number }
  | { readonly kind: 'done'; readonly job: number; readonly times: StageTimes }
  | { readonly kind: 'failed'; readonly job: number; readonly error: unknown };

/** A thread's life: start once, then jobs. */
export function serve(
  post: (message: FromThread) => void,
  listen: (onMessage: (message: ToThread) => void) => void,
): void {
  let memory: WebAssembly.Memory;
  let runner: Promise<TileRunner> | undefined;
  listen((message) => {
    if (message.kind === 'start') {
      const { module } = message;
      memory = message.memory;
      runner = instantiateKernels(module, memory).then((kernels) => new TileRunner(kernels, memory));
      return;
    }
    const { job, thread } = message;
    void (async () => {
      try {
        const tiles = await runner!;
        // V8 loses the news that a memory has grown where it is just being handed over: `buffer` stays short for good.
        // Growing by nothing makes it look.
        memory.grow(0);
        const times: StageTimes = {};
        while (tiles.step(job, thread, times)) post({ kind: 'tile', job: job.id });
        post({ kind: 'done', job: job.id, times });
      } catch (error) {
        post({ kind: 'failed', job: job.id, error });
      }
    })();
  });
}
