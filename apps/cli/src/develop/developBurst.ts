import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Engine, type PartialRecipe, RECIPE_VERSION } from '@photosite/engine';
import { encodePicture, prepareEncoder, sampleTypeOf } from '@photosite/picture';
import { withIngredients } from '@photosite/raw';
import { writeAtomically } from '../AtomicFile.js';
import type { FrameFile } from '../merge/FrameFile.js';
import { inspectFrames, mergeFiles } from '../merge/mergeFiles.js';
import type { Listener, Settings } from './developFiles.js';
import type { Job } from './outputs.js';

/** The parts of the whole work by time, for the progress bar alone. */
const MERGED_SHARE = 0.7;
const RENDERED_SHARE = 0.95;

/**
 * What a burst of JPEGs is finished with where nobody asks for more: these pictures have been finished by the camera, and the
 * merge shall look like one of them with less noise.
 */
const FINISHED_ALREADY: PartialRecipe = {
  lensGeometry: { lens: 'off' },
  sharpen: { amount: 0 },
  localTone: { strength: 0 },
  tone: { curve: 'linear' },
  look: { name: 'faithful' },
};

/** The settings that are asked for over those that the kind of frames suggests. */
function recipeFor(files: readonly FrameFile[], asked: PartialRecipe): PartialRecipe {
  if (!files.every(({ kind }) => kind === 'jpeg')) return asked;
  const stages = new Set([...Object.keys(FINISHED_ALREADY), ...Object.keys(asked)]) as Set<
    keyof PartialRecipe
  >;
  return Object.fromEntries(
    [...stages].map((stage) => [stage, { ...FINISHED_ALREADY[stage], ...asked[stage] }]),
  );
}

/** The frames of one photo, and how they were named. */
export interface BurstJob extends Job {
  readonly paths: readonly string[];
  /** Whether a person named just these files, and so may mean them together over long pauses. */
  readonly named: boolean;
}

/**
 * Develops the burst among files into one photo. A burst that fails is told to the listener.
 * @returns the number of threads that worked
 */
export async function developBurst(job: BurstJob, settings: Settings, listener: Listener): Promise<number> {
  const { assets, as, output, tileSize, threads } = settings;
  const quality = settings.recipe.demosaic?.quality;
  const startedAt = performance.now();
  const engine = Engine.start(threads === undefined ? {} : { threads });
  try {
    const inspected = await inspectFrames(job.paths, engine);
    await engine.ready;
    const { burst, reference, frames, notes, mergeMs } = await mergeFiles(engine, inspected, {
      output: 'rgb',
      named: job.named,
      ...(quality !== undefined && { quality }),
      ...(tileSize !== undefined && { tileSize }),
      onProgress: (share) => listener.progress(job, share * MERGED_SHARE),
    });
    const { exif } = burst.frame;
    const used = frames.filter(({ role }) => role !== 'left out').map(({ file }) => file);
    const xmp = withIngredients(burst.frame.xmp, used);
    const renderStart = performance.now();
    const development = engine.open(burst.frame);
    const members = inspected.files.filter(({ path }) => used.includes(path));
    const rendering = development
      .render({
        recipe: recipeFor(members, settings.recipe),
        assets,
        as,
        format: sampleTypeOf(output),
        ...(tileSize !== undefined && { tileSize }),
        onProgress: (share) => listener.progress(job, MERGED_SHARE + share * (RENDERED_SHARE - MERGED_SHARE)),
      })
      .finally(() => development.close());
    setImmediate(() => prepareEncoder(output.format).catch(() => undefined));
    const rendered = await rendering;
    const encodeStart = performance.now();
    const { width, height, colorSpace, pixels, stages, assumptions } = rendered;
    const recipe = JSON.stringify({ photosite: RECIPE_VERSION, ...rendered.recipe });
    const file = await encodePicture(
      { width, height, colorSpace, pixels, recipe, xmp, ...(exif !== undefined && { exif }) },
      output,
    );
    rendered.release();
    const writeStart = performance.now();
    await mkdir(dirname(job.output), { recursive: true });
    await writeAtomically(job.output, file.chunks, settings.force);
    const end = performance.now();
    listener.progress(job, 1);
    listener.done({
      input: reference,
      output: job.output,
      format: output.format,
      bytes: file.byteLength,
      width,
      height,
      colorSpace,
      readMs: renderStart - startedAt - mergeMs,
      mergeMs,
      renderMs: encodeStart - renderStart,
      encodeMs: writeStart - encodeStart,
      writeMs: end - writeStart,
      totalMs: end - startedAt,
      stages,
      assumptions,
      warnings: file.warnings,
      recipe: rendered.recipe,
      frames,
      notes,
    });
  } catch (error) {
    listener.failed(job, error);
  }
  await engine.close();
  return engine.pool.threads;
}
