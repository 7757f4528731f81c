import { setFlagsFromString } from 'node:v8';
import { Engine } from '@photosite/engine';

/**
 * An engine for a burst. Its kernels are compiled to their best at once, while files are read, and not only when they turn out to be busy: a
 * burst always takes seconds.
 */
export function burstEngine(threads: number | undefined): Promise<Engine> {
  setFlagsFromString('--no-wasm-dynamic-tiering');
  return Engine.create(threads === undefined ? {} : { threads });
}
