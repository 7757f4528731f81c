import { describeRange, type Parameter, type PartialRecipe, PIPELINE, recipeKey } from '@photosite/engine';
import {
  type OptionSpec,
  OUTPUT_FORMATS,
  type OutputFormatName,
  type OutputOptions,
} from '@photosite/picture';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { UsageError } from '../errors.js';

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
export const PARAMETER_FLAGS: readonly ParameterFlag[] = PIPELINE.flatMap((stage) =>
  Object.entries<Parameter>(stage.parameters).map(([name, parameter]) => ({
    stageTitle: stage.title,
    stage: recipeKey(stage.name),
    name,
    parameter,
  })),
);

/** Bits per sample mean the same in every format, so they have one flag, which the command defines itself. */
const BIT_DEPTH = 'bitDepth';
const FORMAT_NAMES = Object.keys(OUTPUT_FORMATS) as OutputFormatName[];

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** One flag for each output option: under its own name where all formats have it, else with the format's. */
export const OUTPUT_FLAGS: readonly OutputFlag[] = FORMAT_NAMES.flatMap((format) =>
  OUTPUT_FORMATS[format].options
    .filter((spec) => spec.name !== BIT_DEPTH)
    .flatMap((spec): OutputFlag[] => {
      const formats = FORMAT_NAMES.filter((name) => OUTPUT_FORMATS[name].options.includes(spec));
      const shared = formats.length === FORMAT_NAMES.length;
      if (shared && formats[0] !== format) return [];
      const flag = shared ? kebab(spec.name) : `${format}-${kebab(spec.name)}`;
      return [{ flag, name: spec.name, formats: shared ? formats : [format], spec }];
    }),
);

/** What a person may type for a parameter, in short, with the default. */
export function describeValues(parameter: Parameter): string {
  switch (parameter.kind) {
    case 'number': {
      const unit = parameter.unit === undefined ? '' : ` ${parameter.unit}`;
      const range = `${parameter.min} to ${parameter.max}${unit}`;
      return parameter.default === null
        ? `${range}, or auto; default auto`
        : `${range}; default ${parameter.default}`;
    }
    case 'choice':
      return `default ${parameter.default}`;
    case 'boolean':
      return `default ${parameter.default ? 'on' : 'off'}`;
    case 'point':
      return 'two numbers from 0 to 1, or auto; default auto';
    case 'rectangle':
      return 'four numbers from 0 to 1, or auto for everything; default auto';
    case 'curve':
      return 'points x,y,x,y,… from 0 to 1, x rising, or none; default none';
    case 'asset':
      return `a ${parameter.asset}'s file, or none; default none`;
  }
}

/** The placeholder of a parameter's value on the command line; undefined for a switch. */
export function placeholder(parameter: Parameter): string | undefined {
  switch (parameter.kind) {
    case 'number':
      return parameter.unit ?? 'number';
    case 'choice':
      return parameter.choices.join('|');
    case 'boolean':
      return undefined;
    case 'point':
      return 'x,y';
    case 'rectangle':
      return 'x,y,w,h';
    case 'curve':
      return 'x,y,x,y,...';
    case 'asset':
      return 'file';
  }
}

function parseNumber(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

function parseParameter(parameter: Parameter, text: string): unknown {
  const automatic = text === 'auto' && parameter.default === null;
  switch (parameter.kind) {
    case 'number': {
      const value = parseNumber(text);
      if (automatic) return null;
      if (value >= parameter.min && value <= parameter.max) return value;
      break;
    }
    case 'choice':
      if (parameter.choices.includes(text)) return text;
      break;
    case 'point': {
      const point = text.split(',').map(parseNumber);
      if (automatic) return null;
      if (point.length === 2 && point.every((value) => value >= 0 && value <= 1)) return point;
      throw new InvalidArgumentError(
        'It must be X,Y with fractions from 0 to 1 of the upright picture, e.g. 0.5,0.25.',
      );
    }
    case 'rectangle': {
      const rectangle = text.split(',').map(parseNumber);
      if (automatic) return null;
      if (rectangle.length === 4 && rectangle.every((value) => value >= 0 && value <= 1)) return rectangle;
      throw new InvalidArgumentError(
        'It must be X,Y,W,H: left, top, width and height as fractions from 0 to 1 of the upright picture, e.g. 0.1,0.1,0.8,0.8.',
      );
    }
    case 'curve': {
      if (text === 'none') return null;
      const numbers = text.split(',').map(parseNumber);
      const points = numbers.flatMap((x, i) => (i % 2 === 0 ? [[x, numbers[i + 1] ?? Number.NaN]] : []));
      const inside = numbers.length % 2 === 0 && numbers.every((value) => value >= 0 && value <= 1);
      const rises = points.every(([x], i) => i === 0 || x! > points[i - 1]![0]!);
      if (inside && rises && points.length >= 2) return points;
      throw new InvalidArgumentError(
        'It must be X,Y,X,Y,...: two points or more with numbers from 0 to 1, each X larger than the one before, e.g. 0,0,0.25,0.2,0.75,0.8,1,1.',
      );
    }
    case 'asset':
      if (text === 'none') return null;
      if (text !== '') return text;
      break;
    case 'boolean':
      break;
  }
  throw new InvalidArgumentError(
    `It must be ${describeRange(parameter).replace('null for automatic', 'auto')}.`,
  );
}

function addSwitch(command: Command, flag: string, help: string, on: boolean): void {
  const positive = new Option(`--${flag}`, `${help} (default ${on ? 'on' : 'off'})`);
  const negative = new Option(`--no-${flag}`, `Leave out: ${help} (default on)`);
  // The one that changes something is shown; its opposite is there to overrule a recipe file.
  command.addOption(positive.hideHelp(on));
  command.addOption(negative.hideHelp(!on));
}

function addParameter(command: Command, { parameter }: ParameterFlag): void {
  const { flag, help } = parameter;
  if (parameter.kind === 'boolean') {
    addSwitch(command, flag, help, parameter.default);
    return;
  }
  const option = new Option(
    `--${flag} <${placeholder(parameter)}>`,
    `${help} (${describeValues(parameter)})`,
  );
  command.addOption(option.argParser((text) => parseParameter(parameter, text)));
}

function parseOutputOption(spec: OptionSpec, text: string): unknown {
  if (spec.kind === 'choice') {
    const choice = spec.choices.find((each) => String(each) === text);
    if (choice !== undefined) return choice;
    throw new InvalidArgumentError(`It must be one of ${spec.choices.join(', ')}.`);
  }
  if (spec.kind === 'boolean') return true;
  const value = parseNumber(text);
  const whole = spec.kind === 'integer';
  if (value >= spec.min && value <= spec.max && (!whole || Number.isInteger(value))) return value;
  throw new InvalidArgumentError(
    `It must be a ${whole ? 'whole ' : ''}number from ${spec.min} to ${spec.max}.`,
  );
}

/** What a person may type for an output option, in short, with the default. */
export function describeOutputValues(spec: OptionSpec): string {
  if (spec.kind === 'boolean') return `default ${spec.default ? 'on' : 'off'}`;
  if (spec.kind === 'choice') return `default ${spec.default}`;
  return `${spec.min} to ${spec.max}; default ${spec.default}`;
}

/** The placeholder of an output option's value on the command line; undefined for a switch. */
export function outputPlaceholder(spec: OptionSpec): string | undefined {
  if (spec.kind === 'boolean') return undefined;
  return spec.kind === 'choice' ? spec.choices.join('|') : (spec.unit ?? 'number');
}

function addOutputOption(command: Command, { flag, spec }: OutputFlag): void {
  if (spec.kind === 'boolean') {
    addSwitch(command, flag, spec.help, spec.default);
    return;
  }
  const option = new Option(
    `--${flag} <${outputPlaceholder(spec)}>`,
    `${spec.help} (${describeOutputValues(spec)})`,
  );
  command.addOption(option.argParser((text) => parseOutputOption(spec, text)));
}

/** Gives the command a flag for every parameter of the engine and every option of the output formats. */
export function addGeneratedFlags(command: Command): void {
  for (const flag of PARAMETER_FLAGS) {
    command.optionsGroup(`${flag.stageTitle}:`);
    addParameter(command, flag);
  }
  command.optionsGroup('Output file:');
  for (const flag of OUTPUT_FLAGS) addOutputOption(command, flag);
}

function attribute(flag: string): string {
  return new Option(`--${flag}`).attributeName();
}

/** The recipe with the flags' values put over it. */
export function overrideRecipe(recipe: PartialRecipe, values: FlagValues): PartialRecipe {
  const merged: Record<string, Record<string, unknown>> = {};
  for (const [stage, given] of Object.entries(recipe)) merged[stage] = { ...given };
  for (const { stage, name, parameter } of PARAMETER_FLAGS) {
    const value = values[attribute(parameter.flag)];
    if (value === undefined) continue;
    merged[stage] ??= {};
    // Commander makes an empty text of a parser's null; no parameter's value is empty.
    merged[stage][name] = value === '' ? null : value;
  }
  return merged as PartialRecipe;
}

/**
 * The output options that were asked for.
 * @throws {UsageError} where a flag belongs to another format
 */
export function outputOptionsOf(
  format: OutputFormatName,
  bits: number | undefined,
  values: FlagValues,
): OutputOptions {
  const options: Record<string, unknown> = { format };
  for (const { flag, name, formats } of OUTPUT_FLAGS) {
    const value = values[attribute(flag)];
    if (value === undefined) continue;
    if (!formats.includes(format))
      throw new UsageError(
        `--${flag} is for ${formats.join(', ').toUpperCase()} files, the output is a ${format.toUpperCase()}.`,
      );
    options[name] = value;
  }
  const depth = OUTPUT_FORMATS[format].options.find((spec) => spec.name === BIT_DEPTH);
  const depths = depth?.kind === 'choice' ? depth.choices : [8];
  if (bits !== undefined && !depths.includes(bits))
    throw new UsageError(
      `--bits ${bits}: a ${format.toUpperCase()} holds ${depths.join(' or ')} bits per sample.`,
    );
  if (bits !== undefined && depth !== undefined) options[BIT_DEPTH] = bits;
  return options as unknown as OutputOptions;
}
