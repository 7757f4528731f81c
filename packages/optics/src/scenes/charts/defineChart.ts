import { inRange } from '../../checks.js';
import { nearNames } from '../../nearNames.js';
import { OpticsError } from '../../OpticsError.js';
import { Canvas, type Chart, type ChartSize, wholeInRange } from './Chart.js';

/** One thing about a chart that may be chosen. */
export type ChartParameter = { readonly help: string } & (
  | {
      readonly kind: 'number';
      readonly default: number;
      readonly least: number;
      readonly most: number;
      /** Whole numbers only. */
      readonly whole?: boolean;
    }
  /** A list of numbers, as text separated by commas; empty where it is left out. */
  | { readonly kind: 'numbers'; readonly least: number; readonly most: number; readonly longest: number }
  | { readonly kind: 'choice'; readonly default: string; readonly choices: readonly string[] }
);

/** A chart's parameters by name. */
export type ChartParameters = Readonly<Record<string, ChartParameter>>;

/** What a chart is and what may be chosen, as data: for the command, the docs and checks. */
export interface ChartSpec {
  /** As after `chart:` in the command. */
  readonly name: string;
  readonly title: string;
  readonly help: string;
  /** Beside `width` and `height`. */
  readonly parameters: ChartParameters;
}

type ValueOf<P extends ChartParameter> = P extends { readonly kind: 'choice'; readonly choices: infer C }
  ? C extends readonly (infer Choice)[]
    ? Choice
    : never
  : P extends { readonly kind: 'numbers' }
    ? readonly number[]
    : number;

/** Values of parameters. */
export type ChartValues<P extends ChartParameters> = { readonly [Name in keyof P]: ValueOf<P[Name]> };

/** Size and whatever of its parameters is not to be the default. */
export type ChartOptions<P extends ChartParameters> = ChartSize & Partial<ChartValues<P>>;

/** A value as it may come from a command line: numbers as text are read. */
export type ChartInput = number | string | readonly number[] | undefined;

/** Draws a chart; its specification comes along. */
export type ChartDrawing<P extends ChartParameters> = ((options: ChartOptions<P>) => Chart) & {
  readonly spec: ChartSpec;
};

/** A chart from its parameters as data: defaults are filled in and ranges checked before `draw` sees the values. */
export function defineChart<const P extends ChartParameters>(
  spec: ChartSpec & { readonly parameters: P },
  draw: (canvas: Canvas, values: ChartValues<P>) => Chart,
): ChartDrawing<P> {
  const drawing = ({ width, height, ...given }: ChartOptions<P>): Chart =>
    draw(
      new Canvas({ width, height }),
      checkedValues(spec, given as Readonly<Record<string, ChartInput>>) as ChartValues<P>,
    );
  return Object.assign(drawing, { spec });
}

/** All values of a chart's parameters, those that are not given by default. */
function checkedValues(
  { name: chart, parameters }: ChartSpec,
  given: Readonly<Record<string, ChartInput>>,
): Record<string, number | string | readonly number[]> {
  for (const name of Object.keys(given))
    if (!Object.hasOwn(parameters, name))
      throw new OpticsError(
        `the chart ${chart} has no such parameter; near are ${nearNames(name, ['width', 'height', ...Object.keys(parameters)]).join(', ')}.`,
        { field: name },
      );
  return Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => [name, checkedValue(name, parameter, given[name])]),
  );
}

function checkedValue(
  name: string,
  parameter: ChartParameter,
  given: ChartInput,
): number | string | readonly number[] {
  switch (parameter.kind) {
    case 'choice': {
      const value = given ?? parameter.default;
      if (typeof value === 'string' && parameter.choices.includes(value)) return value;
      throw new OpticsError(
        `${JSON.stringify(value)} is not possible; allowed are ${parameter.choices.join(', ')}.`,
        { field: name },
      );
    }
    case 'number': {
      const value = given === undefined ? parameter.default : numberOf(given);
      const check = parameter.whole === true ? wholeInRange : inRange;
      return check(name, value, parameter.least, parameter.most);
    }
    case 'numbers': {
      const list = typeof given === 'string' ? given.split(',') : given;
      const values = list === undefined ? [] : typeof list === 'number' ? [list] : list.map(numberOf);
      if (values.length > parameter.longest)
        throw new OpticsError(`${values.length} numbers are too many; at most ${parameter.longest}.`, {
          field: name,
        });
      return values.map((value, i) => inRange(`${name}[${i}]`, value, parameter.least, parameter.most));
    }
  }
}

/** A number as it is or as text; NaN for anything else, which no range allows. */
function numberOf(given: Exclude<ChartInput, undefined>): number {
  if (typeof given === 'string') return given.trim() === '' ? Number.NaN : Number(given);
  return typeof given === 'number' ? given : Number.NaN;
}
