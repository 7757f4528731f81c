import { type PartialRecipe, type Rendition } from '@photosite/engine';
import { type OutputOptions } from '@photosite/picture';
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
/**
 * Develops raw files into photos. A file that fails is told to the listener, and the others go on.
 * @returns the number of threads that worked
 */
export declare function developFiles(jobs: readonly Job[], settings: Settings, listener: Listener): Promise<number>;
//# sourceMappingURL=developFiles.d.ts.map