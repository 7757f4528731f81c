import { instantiateKernels } from '../kernel-module.js';
import { type Done, Runner, type StageTimes, type Work } from './job.js';

/** What the pool tells a thread. */
export type ToThread =
  | { readonly kind: 'start'; readonly module: WebAssembly.Module; readonly memory: WebAssembly.Memory }
  | { readonly kind: 'work'; readonly work: Work; readonly thread: number };

/** What a thread tells the pool. */
export type FromThread =
  | { readonly kind: 'piece'; readonly work: number; readonly piece: Done }
  | { readonly kind: 'done'; readonly work: number; readonly times: StageTimes }
  | { readonly kind: 'failed'; readonly work: number; readonly error: unknown };

/** A thread's life: start once, then work. */
export function serve(
  post: (message: FromThread) => void,
  listen: (onMessage: (message: ToThread) => void) => void,
): void {
  let memory: WebAssembly.Memory;
  let runner: Promise<Runner> | undefined;
  listen((message) => {
    if (message.kind === 'start') {
      const { module } = message;
      memory = message.memory;
      runner = instantiateKernels(module, memory).then((kernels) => new Runner(kernels, memory));
      return;
    }
    const { work, thread } = message;
    void (async () => {
      try {
        const pieces = await runner!;
        // V8 loses the news that a memory has grown where it is just being handed over: `buffer` stays short for good.
        // Growing by nothing makes it look.
        memory.grow(0);
        const times: StageTimes = {};
        for (;;) {
          const piece = pieces.step(work, thread, times);
          if (piece === undefined) break;
          post({ kind: 'piece', work: work.id, piece });
        }
        post({ kind: 'done', work: work.id, times });
      } catch (error) {
        post({ kind: 'failed', work: work.id, error });
      }
    })();
  });
}
