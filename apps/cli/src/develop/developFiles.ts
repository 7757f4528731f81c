import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Engine, type PartialRecipe, RECIPE_VERSION, type Rendered, type Rendition } from '@photosite/engine';
import { encodePicture, type OutputOptions, prepareEncoder, sampleTypeOf } from '@photosite/picture';
import { openRaw, type RawFrame } from '@photosite/raw';
import { writeAtomically } from '../AtomicFile.js';
import { readWholeFile } from '../readFile.js';
import type { Job } from './outputs.js';
import type { FileReport } from './report.js';

/** How all photos of one command are made. */
export interface Settings {
  readonly recipe: PartialRecipe;
  readonly as: Rendition;
  readonly output: OutputOptions;
  readonly force: boolean;
  readonly threads?: number;
  readonly tileSize?: number;
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

async function readFrame(path: string): Promise<ReadFrame> {
  const startedAt = performance.now();
  const frame = await openRaw(await readWholeFile(path), { file: path });
  return { frame, startedAt, readMs: performance.now() - startedAt };
}

/** What a picture takes along from its frame. */
interface Carried {
  readonly exif?: Uint8Array;
  readonly xmp?: Uint8Array;
}

function carriedFrom({ exif, xmp }: RawFrame): Carried {
  return { ...(exif !== undefined && { exif }), ...(xmp !== undefined && { xmp }) };
}

/** The parts of the whole work by time, for the progress bar alone. */
const READ_SHARE = 0.1;
const RENDERED_SHARE = 0.8;

/** Develops photos one after the other: while one is rendered, the next is read and the one before is encoded. */
class Darkroom {
  readonly #settings: Settings;
  readonly #listener: Listener;

  constructor(settings: Settings, listener: Listener) {
    this.#settings = settings;
    this.#listener = listener;
  }

  async work(jobs: readonly Job[], engine: Promise<Engine>): Promise<void> {
    // One frame ahead and one picture behind bound the memory; each step waits for its predecessor of the same kind.
    let finishing: Promise<void> = Promise.resolve();
    let reading = jobs[0] && this.#read(jobs[0]);
    for (const [i, job] of jobs.entries()) {
      const read = await reading;
      const next = jobs[i + 1];
      if (read === undefined) reading = next && this.#read(next);
      else {
        const rendering = this.#render(job, read, await engine);
        reading = next && this.#read(next);
        const rendered = await rendering;
        await finishing;
        if (rendered !== undefined) finishing = this.#finish(job, read, rendered);
      }
    }
    await finishing;
  }

  async #read(job: Job): Promise<ReadFrame | undefined> {
    try {
      return await readFrame(job.input);
    } catch (error) {
      this.#listener.failed(job, error);
      return undefined;
    }
  }

  async #render(
    job: Job,
    { frame }: ReadFrame,
    engine: Engine,
  ): Promise<
    { readonly picture: Rendered; readonly carried: Carried; readonly renderMs: number } | undefined
  > {
    const { recipe, as, output, tileSize } = this.#settings;
    const startedAt = performance.now();
    try {
      const development = engine.open(frame);
      try {
        const picture = await development.render({
          recipe,
          as,
          format: sampleTypeOf(output),
          ...(tileSize !== undefined && { tileSize }),
          onProgress: (share) =>
            this.#listener.progress(job, READ_SHARE + share * (RENDERED_SHARE - READ_SHARE)),
        });
        return { picture, carried: carriedFrom(frame), renderMs: performance.now() - startedAt };
      } finally {
        development.close();
      }
    } catch (error) {
      this.#listener.failed(job, error);
      return undefined;
    }
  }

  async #finish(
    job: Job,
    { startedAt, readMs }: Pick<ReadFrame, 'startedAt' | 'readMs'>,
    { picture, carried, renderMs }: { picture: Rendered; carried: Carried; renderMs: number },
  ): Promise<void> {
    const { output, force } = this.#settings;
    const { width, height, colorSpace } = picture;
    try {
      const encodeStart = performance.now();
      const recipe = JSON.stringify({ photosite: RECIPE_VERSION, ...picture.recipe });
      const file = await encodePicture(
        { width, height, colorSpace, pixels: picture.pixels, recipe, ...carried },
        output,
      );
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
        stages: picture.stages,
        assumptions: picture.assumptions,
        warnings: file.warnings,
        recipe: picture.recipe,
      });
    } catch (error) {
      this.#listener.failed(job, error);
    } finally {
      picture.release();
    }
  }
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
  const engine = Engine.create(settings.threads === undefined ? {} : { threads: settings.threads });
  // Awaited when the first picture is ready; until then its rejection must not count as unhandled.
  engine.catch(() => undefined);
  await Promise.all([
    new Darkroom(settings, listener).work(jobs, engine),
    prepareEncoder(settings.output.format),
  ]);
  const { pool } = await engine;
  await (await engine).close();
  return pool.threads;
}
