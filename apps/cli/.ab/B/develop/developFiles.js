import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Engine, RECIPE_VERSION } from '@photosite/engine';
import { encodePicture, prepareEncoder, sampleTypeOf } from '@photosite/picture';
import { writeAtomically } from '../AtomicFile.js';
import { readWholeFile } from '../readFile.js';
async function readFrame(path) {
    const startedAt = performance.now();
    const reading = readWholeFile(path);
    // The decoders are loaded while the disk reads and the engine's threads start.
    const [bytes, { openRaw }] = await Promise.all([reading, import('@photosite/raw')]);
    const frame = await openRaw(bytes, { file: path });
    return { frame, startedAt, readMs: performance.now() - startedAt };
}
/** The parts of the whole work by time, for the progress bar alone. */
const READ_SHARE = 0.15;
const RENDERED_SHARE = 0.85;
/** Develops photos one after the other: while one is rendered, the next is read and the one before is encoded. */
class Darkroom {
    #engine;
    #settings;
    #listener;
    constructor(engine, settings, listener) {
        this.#engine = engine;
        this.#settings = settings;
        this.#listener = listener;
    }
    async work(jobs) {
        // One frame ahead and one picture behind bound the memory; each step waits for its predecessor of the same kind.
        let reading = jobs[0] && this.#attempt(jobs[0], readFrame(jobs[0].input));
        let finishing = Promise.resolve();
        for (const [i, job] of jobs.entries()) {
            const next = jobs[i + 1];
            const developing = this.#developWhenRead(job, await reading);
            reading = next && this.#attempt(next, readFrame(next.input));
            const developed = await developing;
            await finishing;
            if (developed !== undefined)
                finishing = this.#attempt(job, this.#finish(job, developed));
        }
        await finishing;
    }
    /** What a step gives, or undefined where it failed, which the listener hears. */
    async #attempt(job, step) {
        try {
            return await step;
        }
        catch (error) {
            this.#listener.failed(job, error);
            return undefined;
        }
    }
    async #developWhenRead(job, read) {
        return read && this.#attempt(job, this.#develop(job, read));
    }
    async #develop(job, { frame, startedAt, readMs }) {
        const { recipe, as, output, tileSize } = this.#settings;
        const engine = await this.#engine;
        const renderStart = performance.now();
        const development = engine.open(frame);
        try {
            const rendering = development.render({
                recipe,
                as,
                format: sampleTypeOf(output),
                ...(tileSize !== undefined && { tileSize }),
                onProgress: (share) => this.#listener.progress(job, READ_SHARE + share * (RENDERED_SHARE - READ_SHARE)),
            });
            setImmediate(() => prepareEncoder(output.format).catch(() => undefined));
            const rendered = await rendering;
            const renderMs = performance.now() - renderStart;
            return { rendered, exif: frame.exif, xmp: frame.xmp, startedAt, readMs, renderMs };
        }
        finally {
            development.close();
        }
    }
    async #finish(job, developed) {
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
        }
        finally {
            rendered.release();
        }
    }
}
/**
 * Develops raw files into photos. A file that fails is told to the listener, and the others go on.
 * @returns the number of threads that worked
 */
export async function developFiles(jobs, settings, listener) {
    // The kernels compile and the threads start while the first file is read.
    const starting = Engine.create(settings.threads === undefined ? {} : { threads: settings.threads });
    // Loaded while the threads work; a failure shows again when it is needed.
    await new Darkroom(starting, settings, listener).work(jobs);
    const engine = await starting;
    await engine.close();
    return engine.pool.threads;
}
//# sourceMappingURL=developFiles.js.map