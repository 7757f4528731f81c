import { breathe, canShareMemory, startThread } from '#platform';
import type { Kernels } from '../kernel-module.js';
import type { Thread } from '../platform/Thread.js';
import { type Done, Runner, type StageTimes, type Work } from './job.js';
import type { FromThread, ToThread } from './thread.js';

interface Running {
  readonly work: Work;
  readonly onPiece: (piece: Done) => void;
  readonly resolve: (times: readonly StageTimes[]) => void;
  readonly reject: (error: unknown) => void;
  readonly times: StageTimes[];
  error: unknown;
  open: number;
}

/** The kernels' module, and the instance of the caller's thread. */
export interface LoadedKernels {
  readonly module: WebAssembly.Module;
  readonly kernels: Kernels;
}

/** Threads that live on between jobs; with one thread the work is done on the caller's, tile by tile. */
export class Pool {
  readonly threads: number;
  readonly #memory: WebAssembly.Memory;
  readonly #workers: Thread[] = [];
  #inline: Runner | undefined;
  #running: Running | undefined;
  /** What a thread died of: it would never answer again. */
  #broken: { readonly cause: unknown } | undefined;

  /** Work can begin when the kernels are loaded. */
  readonly #begun: Promise<void>;

  /** Starts the threads, while the kernels are being loaded. */
  constructor(threads: number, memory: WebAssembly.Memory, loading: Promise<LoadedKernels>) {
    this.#memory = memory;
    this.threads = canShareMemory() ? Math.max(1, threads) : 1;
    for (let i = 0; this.threads > 1 && i < this.threads; i++) {
      const thread = startThread();
      thread.listen(
        (message) => this.#hear(message as FromThread),
        (error) => this.#fail(error),
      );
      thread.idle();
      this.#workers.push(thread);
    }
    this.#begun = loading.then(({ module, kernels }) => {
      if (this.threads === 1) this.#inline = new Runner(kernels, memory);
      for (const worker of this.#workers) worker.post({ kind: 'start', module, memory } satisfies ToThread);
    });
    // Told to those who give it work.
    this.#begun.catch(() => undefined);
  }

  /**
   * Works off one job or task; they run one at a time.
   * @param onPiece called after each tile or piece
   * @returns what each thread spent on each stage
   */
  async run(
    work: Work,
    onPiece: (piece: Done) => void,
    signal: AbortSignal | undefined,
  ): Promise<readonly StageTimes[]> {
    await this.#begun;
    signal?.throwIfAborted();
    if (this.#broken !== undefined) throw this.#broken.cause;
    const control = this.#controlOf(work);
    control.fill(0);
    const stop = (): void => {
      Atomics.store(control, 1, 1);
    };
    signal?.addEventListener('abort', stop);
    try {
      const times = await (this.#inline === undefined
        ? this.#share(work, onPiece)
        : this.#alone(this.#inline, work, onPiece));
      signal?.throwIfAborted();
      return times;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  #controlOf(work: Work): Int32Array {
    return new Int32Array(this.#memory.buffer, work.control, 2);
  }

  async #alone(runner: Runner, work: Work, onPiece: (piece: Done) => void): Promise<readonly StageTimes[]> {
    const times: StageTimes = {};
    for (;;) {
      const piece = runner.step(work, 0, times);
      if (piece === undefined) return [times];
      onPiece(piece);
      await breathe();
    }
  }

  #share(work: Work, onPiece: (piece: Done) => void): Promise<readonly StageTimes[]> {
    return new Promise((resolve, reject) => {
      this.#running = {
        work,
        onPiece,
        resolve,
        reject,
        times: [],
        error: undefined,
        open: this.#workers.length,
      };
      this.#workers.forEach((worker, thread) => {
        worker.busy();
        worker.post({ kind: 'work', work, thread } satisfies ToThread);
      });
    });
  }

  #hear(message: FromThread): void {
    const running = this.#running;
    if (running === undefined || message.work !== running.work.id) return;
    if (message.kind === 'piece') {
      running.onPiece(message.piece);
      return;
    }
    if (message.kind === 'done') running.times.push(message.times);
    else {
      running.error ??= message.error;
      Atomics.store(this.#controlOf(running.work), 1, 1);
    }
    running.open--;
    if (running.open > 0) return;
    this.#running = undefined;
    for (const worker of this.#workers) worker.idle();
    if (running.error === undefined) running.resolve(running.times);
    else running.reject(running.error);
  }

  #fail(error: unknown): void {
    this.#broken ??= { cause: error };
    const running = this.#running;
    this.#running = undefined;
    running?.reject(error);
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.stop()));
  }
}
