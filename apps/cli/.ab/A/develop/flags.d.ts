import { type Parameter, type PartialRecipe } from '@photosite/engine';
import { type OptionSpec, type OutputFormatName, type OutputOptions } from '@photosite/picture';
import { type Command } from 'commander';
/** The values of the command's flags, by commander's attribute names. */
export type FlagValues = Readonly<Record<string, unknown>>;
/** A flag that was made from a stage's parameter. */
export interface ParameterFlag {
    readonly stageTitle: string;
    /** The stage's key in the recipe. */
    readonly stage: string;
    /** The parameter's key within the stage. */
    readonly name: string;
    readonly parameter: Parameter;
}
/** A flag that was made from an output format's option. */
export interface OutputFlag {
    /** Without dashes, e.g. `jpeg-quality`. */
    readonly flag: string;
    readonly name: string;
    readonly formats: readonly OutputFormatName[];
    readonly spec: OptionSpec;
}
/** One flag for each parameter of the pipeline, in the order in which light passes the stages. */
export declare const PARAMETER_FLAGS: readonly ParameterFlag[];
/** One flag for each output option: under its own name where all formats have it, else with the format's. */
export declare const OUTPUT_FLAGS: readonly OutputFlag[];
/** What a person may type for a parameter, in short, with the default. */
export declare function describeValues(parameter: Parameter): string;
/** The placeholder of a parameter's value on the command line; undefined for a switch. */
export declare function placeholder(parameter: Parameter): string | undefined;
/** What a person may type for an output option, in short, with the default. */
export declare function describeOutputValues(spec: OptionSpec): string;
/** The placeholder of an output option's value on the command line; undefined for a switch. */
export declare function outputPlaceholder(spec: OptionSpec): string | undefined;
/** Gives the command a flag for every parameter of the engine and every option of the output formats. */
export declare function addGeneratedFlags(command: Command): void;
/** The recipe with the flags' values put over it. */
export declare function overrideRecipe(recipe: PartialRecipe, values: FlagValues): PartialRecipe;
/**
 * The output options that were asked for.
 * @throws {UsageError} where a flag belongs to another format
 */
export declare function outputOptionsOf(format: OutputFormatName, bits: number | undefined, values: FlagValues): OutputOptions;
//# sourceMappingURL=flags.d.ts.map