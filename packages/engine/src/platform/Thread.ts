/** A worker thread, whatever the runtime. */
export interface Thread {
  post(message: unknown): void;
  listen(onMessage: (message: unknown) => void, onError: (error: unknown) => void): void;
  /** The thread alone no longer keeps the process running. */
  idle(): void;
  /** The thread's work keeps the process running. */
  busy(): void;
  stop(): Promise<void>;
}
