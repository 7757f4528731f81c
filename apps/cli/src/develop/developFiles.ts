import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  type Assets,
  Engine,
  type PartialRecipe,
  RECIPE_VERSION,
  type Rendered,
  type Rendition,
} from '@photosite/engine';
import { encodePicture, type OutputOptions, prepareEncoder, sampleTypeOf } from '@photosite/picture';
import type { RawFrame } from '@photosite/raw';
import { writeAtomically } from '../AtomicFile.js';
import { openInEngine, readIntoEngine } from '../openInEngine.js';
import type { Job } from './outputs.js';
import type { FileReport } from './report.js';

/** A box in pixels that a photo shall fit in. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** How all photos of one command are made. */
export interface Settings {
  readonly recipe: PartialRecipe;
  /** The tables that the recipe names. */
  readonly assets: Assets;
  readonly as: Rendition;
  readonly output: OutputOptions;
  readonly force: boolean;
  readonly threads?: number;
  readonly tileSize?: number;
  readonly size?: PictureSize;
}

/** Hears how the work goes. */
export interface Listener {
  /** @param share of this photo's work, 0 to 1 */
  progress(job: Job, share: number): void;
  done(report: FileReport): void;
  failed(job: Job, error: unknown): void;
}

interface ReadFrame {
  readonly frame: RawFrame;
  readonly startedAt: number;
  readonly readMs: number;
}

async function readFrame(path: string, engine: Engine): Promise<ReadFrame> {
  const startedAt = performance.now();
  // The decoders are loaded while the disk reads.
  const [file] = await Promise.all([readIntoEngine(path, engine), import('@photosite/raw')]);
  const frame = await openInEngine(file, path, engine);
  return { frame, startedAt, readMs: performance.now() - startedAt };
}

/** A rendered picture with what it takes along from its frame; the frame itself can go. */
interface Developed {
  readonly rendered: Rendered;
  readonly exif: Uint8Array | undefined;
  readonly xmp: Uint8Array | undefined;
  readonly startedAt: number;
  readonly readMs: number;
  readonly renderMs: number;
}

/** The parts of the whole work by time, for the progress bar alone. */
const READ_SHARE = 0.15;
const RENDERED_SHARE = 0.85;

/** Develops photos one after the other: while one is rendered, the next is read and the one before is encoded. */
class Darkroom {
  readonly #engine: Engine;
  readonly #settings: Settings;
  readonly #listener: Listener;
  /** The encoder being loaded. */
  #encoder: Promise<void> | undefined;

  constructor(engine: Engine, settings: Settings, listener: Listener) {
    this.#engine = engine;
    this.#settings = settings;
    this.#listener = listener;
  }

  async work(jobs: readonly Job[]): Promise<void> {
    // One frame ahead and one picture behind bound the memory; each step waits for its predecessor of the same kind.
    let reading = jobs[0] && this.#attempt(jobs[0], readFrame(jobs[0].input, this.#engine));
    let finishing: Promise<unknown> = Promise.resolve();
    for (const [i, job] of jobs.entries()) {
      const next = jobs[i + 1];
      const developing = this.#developWhenRead(job, await reading);
      reading = next && this.#attempt(next, readFrame(next.input, this.#engine));
      const developed = await developing;
      await finishing;
      if (developed !== undefined) finishing = this.#attempt(job, this.#finish(job, developed));
    }
    await finishing;
  }

  /** What a step gives, or undefined where it failed, which the listener hears. */
  async #attempt<T>(job: Job, step: Promise<T>): Promise<T | undefined> {
    try {
      return await step;
    } catch (error) {
      this.#listener.failed(job, error);
      return undefined;
    }
  }

  async #developWhenRead(job: Job, read: ReadFrame | undefined): Promise<Developed | undefined> {
    return read && this.#attempt(job, this.#develop(job, read));
  }

  async #develop(job: Job, { frame, startedAt, readMs }: ReadFrame): Promise<Developed> {
    const { recipe, assets, as, output, tileSize, size } = this.#settings;
    const renderStart = performance.now();
    const development = this.#engine.open(frame);
    try {
      const rendered = await development.render({
        recipe,
        assets,
        as,
        format: sampleTypeOf(output),
        ...(tileSize !== undefined && { tileSize }),
        ...(size !== undefined && { size }),
        onProgress: (share) => {
          // While the threads work; a failure shows again when it is needed.
          this.#encoder ??= prepareEncoder(output.format).catch(() => undefined);
          this.#listener.progress(job, READ_SHARE + share * (RENDERED_SHARE - READ_SHARE));
        },
      });
      const renderMs = performance.now() - renderStart;
      return { rendered, exif: frame.exif, xmp: frame.xmp, startedAt, readMs, renderMs };
    } finally {
      development.close();
    }
  }

  async #finish(job: Job, developed: Developed): Promise<void> {
    const { output, force } = this.#settings;
    const { rendered, exif, xmp, startedAt, readMs, renderMs } = developed;
    const { width, height, colorSpace, pixels, stages, assumptions } = rendered;
    try {
      const encodeStart = performance.now();
      const recipe = JSON.stringify({ photosite: RECIPE_VERSION, ...rendered.recipe });
      const carried = { ...(exif !== undefined && { exif }), ...(xmp !== undefined && { xmp }) };
      const file = await encodePicture({ width, height, colorSpace, pixels, recipe, ...carried }, output);
      const writeStart = performance.now();
      this.#listener.progress(job, 1);
      await mkdir(dirname(job.output), { recursive: true });
      await writeAtomically(job.output, file.chunks, force);
      const end = performance.now();
      this.#listener.done({
        ...job,
        format: output.format,
        bytes: file.byteLength,
        width,
        height,
        colorSpace,
        readMs,
        renderMs,
        encodeMs: writeStart - encodeStart,
        writeMs: end - writeStart,
        totalMs: end - startedAt,
        stages,
        assumptions,
        warnings: file.warnings,
        recipe: rendered.recipe,
      });
    } finally {
      rendered.release();
    }
  }
}

/** Up to this size a single file is done before more threads have started. */
const QUICK_BYTES = 2 * 2 ** 20;

async function isQuick(jobs: readonly Job[]): Promise<boolean> {
  const [job, ...more] = jobs;
  if (job === undefined || more.length > 0) return false;
  // A file that can't be looked at fails when it is read, with its own message.
  return await stat(job.input).then(
    ({ size }) => size <= QUICK_BYTES,
    () => false,
  );
}

/**
 * Develops raw files into photos. A file that fails is told to the listener, and the others go on.
 * @returns the number of threads that worked
 */
export async function developFiles(
  jobs: readonly Job[],
  settings: Settings,
  listener: Listener,
): Promise<number> {
  // The kernels compile and the threads start while the first file is read.
  const threads = settings.threads ?? ((await isQuick(jobs)) ? 1 : undefined);
  const engine = Engine.start(threads === undefined ? {} : { threads });
  await new Darkroom(engine, settings, listener).work(jobs);
  await engine.close();
  return engine.pool.threads;
}
