import { startLibRaw } from '#libraw-host';
import { RawFileError } from '../RawFileError.js';
import type { LibRawHost } from './host.js';

interface Reply {
  readonly id?: number;
  readonly out?: unknown;
  readonly error?: string;
  readonly warning?: string;
}

/** One file in LibRaw's worker, from opening to closing. */
export class LibRawSession {
  /** What LibRaw complained about so far, one line each. */
  readonly warnings: string[] = [];
  private readonly host: LibRawHost;
  private readonly deadline: number;
  private nextId = 0;
  private reject: (cause: unknown) => void = () => {};
  private resolve: (out: unknown) => void = () => {};

  /** @param timeoutMs after so many milliseconds the worker is ended, whatever it does */
  constructor(timeoutMs: number) {
    this.deadline = Date.now() + timeoutMs;
    this.host = startLibRaw();
    this.host.onMessage = (message) => {
      const { id, out, error, warning } = message as Reply;
      if (warning !== undefined) this.warnings.push(warning);
      else if (id !== this.nextId - 1) return;
      else if (error !== undefined) this.reject(new RawFileError(describe(error), { hint: HINT }));
      else this.resolve(out);
    };
    this.host.onFailure = (cause) =>
      this.reject(new RawFileError('LibRaw failed on this file', { hint: HINT, cause }));
  }

  /** Calls a function of libraw-wasm in the worker. */
  call(name: string, args: readonly unknown[], transfer: readonly ArrayBuffer[] = []): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => {
          this.host.terminate();
          reject(new RawFileError('LibRaw took too long for this file', { hint: HINT }));
        },
        Math.max(0, this.deadline - Date.now()),
      );
      this.resolve = (out) => {
        clearTimeout(timer);
        resolve(out);
      };
      this.reject = (cause) => {
        clearTimeout(timer);
        reject(cause);
      };
      this.host.post({ id: this.nextId++, fn: name, args }, transfer);
    });
  }

  /** Ends the worker; a call under way is rejected. */
  close(reason?: unknown): void {
    this.host.onFailure = () => {};
    this.host.terminate();
    this.reject(reason);
  }
}

const HINT = 'The file is damaged, or no raw file that LibRaw knows';

/** LibRaw's error numbers (libraw_const.h) that a file can bring about. */
const ERRORS: Readonly<Record<string, string>> = {
  '-1': 'LibRaw cannot read this file',
  '-2': 'LibRaw does not know this file format',
  '-4': 'This file has no raw picture',
  '-100007': 'This file needs more memory than LibRaw has',
  '-100008': 'This file has damaged data',
  '-100009': 'LibRaw cannot read this file',
  '-100012': 'This file asks for more memory than is allowed',
};

function describe(error: string): string {
  const code = /code (-?\d+)/.exec(error)?.[1];
  return (code === undefined ? undefined : ERRORS[code]) ?? `LibRaw: ${error}`;
}
