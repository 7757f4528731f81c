import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { BurstSource, Engine } from '@photosite/engine';
import { openRaw, type RawFrame } from '@photosite/raw';
import { describeError, JobError } from '../errors.js';
import { readWholeFile } from '../readFile.js';
import type { FrameFile } from './FrameFile.js';
import { readJpegFrame } from './jpegFrame.js';

/** Rows of a frame that tell it from others: noise never repeats over so many samples. */
const ROWS_COMPARED = 64;

function fingerprint({ samples, height }: RawFrame): string {
  const hash = createHash('sha1');
  const row = Math.floor(samples.length / height);
  for (let i = 0; i < ROWS_COMPARED; i++) {
    const from = Math.floor((i * height) / ROWS_COMPARED) * row;
    const { buffer, byteOffset, byteLength } = samples.subarray(from, from + row);
    // Node's hashes do not read shared memory.
    hash.update(new Uint8Array(buffer, byteOffset, byteLength).slice());
  }
  return hash.digest('hex');
}

/** The frames of a burst in files, read into the engine's memory one at a time; one that is there twice is refused. */
export class FileSource implements BurstSource {
  readonly #files: readonly FrameFile[];
  readonly #engine: Engine;
  readonly #seen = new Map<string, number>();

  constructor(files: readonly FrameFile[], engine: Engine) {
    this.#files = files;
    this.#engine = engine;
  }

  get count(): number {
    return this.#files.length;
  }

  async load(index: number): Promise<RawFrame> {
    const { path, kind } = this.#files[index]!;
    let reserved: RawFrame['samples'] | undefined;
    const allocate = (length: number, float: boolean): RawFrame['samples'] => {
      reserved = this.#engine.reserve(length, float);
      return reserved;
    };
    try {
      const frame =
        kind === 'jpeg'
          ? await readJpegFrame(path, (length) => allocate(length, false) as Uint16Array)
          : await openRaw(await readWholeFile(path), { file: path, allocate });
      this.#refuseTwins(index, frame);
      return frame;
    } catch (error) {
      if (reserved !== undefined) this.#engine.discard(reserved);
      throw new JobError(describeError(error), { cause: error });
    }
  }

  #refuseTwins(index: number, frame: RawFrame): void {
    const print = fingerprint(frame);
    const first = this.#seen.get(print);
    if (first === undefined) this.#seen.set(print, index);
    else if (first !== index) throw new JobError(`the same picture as ${basename(this.#files[first]!.path)}`);
  }
}
