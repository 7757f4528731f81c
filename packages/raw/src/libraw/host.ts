/** A running LibRaw worker: what differs between Node and browsers. */
export interface LibRawHost {
  /** Sends a message; the buffer of `transfer` goes with it. */
  post(message: unknown, transfer: readonly ArrayBuffer[]): void;
  /** Called for every message from the worker. */
  onMessage: (message: unknown) => void;
  /** Called where the worker itself fails. */
  onFailure: (cause: unknown) => void;
  terminate(): void;
}
