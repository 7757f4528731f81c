import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { type BurstSource, type Engine, linearMosaic } from '@photosite/engine';
import { openRaw, type RawFrame } from '@photosite/raw';
import { describeError, JobError } from '../errors.js';
import { openInEngine } from '../openInEngine.js';
import type { FrameFile } from './FrameFile.js';
import { type DecodedJpeg, decodeJpeg, jpegMosaic } from './jpegFrame.js';
import type { KeptFiles } from './KeptFiles.js';

/** A picture of three planes that is read once for all frames that it is. */
interface Picture {
  readonly file: number;
  readonly read: Promise<DecodedJpeg | RawFrame>;
}

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

/**
 * The frames of a burst in files, read into the engine's memory one at a time; a file that is there twice is refused. A JPEG or a
 * LinearRaw picture is several frames, which follow one another.
 */
export class FileSource implements BurstSource {
  readonly #files: readonly FrameFile[];
  readonly #engine: Engine;
  readonly #kept: KeptFiles;
  readonly #seen = new Map<string, number>();
  /** Frames of one file. */
  readonly #phases: number;
  /** The picture of three planes that was read last: its other frame is asked for next, mostly; and the next JPEG, which is decoded meanwhile. */
  #picture: Picture | undefined;
  #nextPicture: Picture | undefined;

  /** Frames, or pictures that are several, that were asked for once: whether they are again is not known. */
  readonly #asked = new Set<number>();
  #ahead: { readonly index: number; readonly bytes: Promise<Uint8Array> } | undefined;

  /** @param kept files that were read before */
  constructor(files: readonly FrameFile[], engine: Engine, kept: KeptFiles) {
    this.#kept = kept;
    this.#files = files;
    this.#engine = engine;
    // A burst is of one kind.
    this.#phases = files[0]?.mosaics ?? 1;
  }

  get count(): number {
    return this.#files.length * this.#phases;
  }

  /** The file that a frame is of. */
  fileOf(index: number): FrameFile {
    return this.#files[Math.floor(index / this.#phases)]!;
  }

  /** A file's first frame. */
  frameOf(file: number): number {
    return file * this.#phases;
  }

  async load(index: number): Promise<RawFrame> {
    let frame: RawFrame | undefined;
    try {
      frame = await this.#read(index);
      this.#refuseTwins(index, frame);
      return frame;
    } catch (error) {
      if (frame !== undefined) this.#engine.discard(frame.samples);
      throw new JobError(describeError(error), { cause: error });
    }
  }

  /** Gives back what was read ahead. */
  async close(): Promise<void> {
    const ahead = await this.#ahead?.bytes.catch(() => undefined);
    if (ahead !== undefined) this.#engine.discard(ahead);
  }

  async #read(index: number): Promise<RawFrame> {
    if (this.#phases === 1)
      return openInEngine(await this.#bytes(index), this.fileOf(index).path, this.#engine);
    const phase = index % this.#phases;
    const picture = await this.#pictureIn(Math.floor(index / this.#phases));
    return 'samples' in picture
      ? linearMosaic(picture, phase, (length) => this.#engine.reserve(length, true) as Float32Array)
      : jpegMosaic(picture, phase, (length) => this.#engine.reserve(length, false) as Uint16Array);
  }

  #pictureIn(file: number): Promise<DecodedJpeg | RawFrame> {
    if (this.#picture?.file !== file) {
      this.#picture = this.#nextPicture?.file === file ? this.#nextPicture : this.#startPicture(file);
      this.#asked.add(file);
      const next = file + 1;
      const ahead = this.#files[next]?.kind === 'jpeg' && !this.#asked.has(next);
      this.#nextPicture = ahead ? this.#startPicture(next) : undefined;
      // Whoever asks for it hears of what is wrong.
      this.#nextPicture?.read.catch(() => undefined);
    }
    return this.#picture.read;
  }

  #startPicture(file: number): Picture {
    const { path, kind } = this.#files[file]!;
    return { file, read: kind === 'jpeg' ? decodeJpeg(path) : this.#linear(path) };
  }

  async #linear(path: string): Promise<RawFrame> {
    const file = await this.#kept.take(path);
    try {
      // Previews are views of the file.
      return { ...(await openRaw(file, { file: path })), previews: [] };
    } finally {
      this.#engine.discard(file);
    }
  }

  /** A frame's file; the next one is read meanwhile, since frames are asked for in turn. */
  #bytes(index: number): Promise<Uint8Array> {
    const bytes = this.#ahead?.index === index ? this.#ahead.bytes : this.#kept.take(this.fileOf(index).path);
    const next = index + 1;
    this.#ahead = undefined;
    this.#asked.add(index);
    if (next < this.count && !this.#asked.has(next)) {
      this.#ahead = { index: next, bytes: this.#kept.take(this.fileOf(next).path) };
      // Whoever asks for it hears of what is wrong.
      this.#ahead.bytes.catch(() => undefined);
    }
    return bytes;
  }

  #refuseTwins(index: number, frame: RawFrame): void {
    const print = fingerprint(frame);
    const first = this.#seen.get(print);
    if (first === undefined) this.#seen.set(print, index);
    else if (first !== index) throw new JobError(`the same picture as ${basename(this.fileOf(first).path)}`);
  }
}
