import { type OutputFormatName } from '@photosite/picture';
import { type Failure, type Inputs } from './inputs.js';
/** One raw file and the picture that it becomes. */
export interface Job {
    readonly input: string;
    readonly output: string;
}
/** What is to be done, and what was found to be impossible before the work begins. */
export interface Plan {
    readonly format: OutputFormatName;
    readonly jobs: readonly Job[];
    readonly failures: readonly Failure[];
}
/** Checks one more file that is written beside the pictures, such as a recipe. */
export declare function checkSideFile(path: string, force: boolean): void;
/**
 * Decides which file is written for each input, and says what is in the way before any work is done.
 *
 * @param out a file for one input; a folder (to be made, if need be) for many, or with a separator at its end
 * @throws {UsageError} where `out` can't be meant so
 */
export declare function planOutputs({ files, failures, many }: Inputs, out: string, asked: OutputFormatName | undefined, fallback: OutputFormatName, force: boolean): Plan;
//# sourceMappingURL=outputs.d.ts.map