import type { Parameter } from '@photosite/engine';
import {
  describeOutputValues,
  describeValues,
  OUTPUT_FLAGS,
  outputPlaceholder,
  PARAMETER_FLAGS,
  placeholder,
} from './flags.js';

interface Row {
  readonly flag: string;
  readonly place: string;
  readonly values: string;
  readonly help: string;
}

/** In a table's cell a bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function table(placeTitle: string, rows: readonly Row[]): string {
  const lines = rows.map(
    ({ flag, place, values, help }) =>
      `| \`${cell(flag)}\` | \`${place}\` | ${cell(help)} | ${cell(values)} |`,
  );
  return [`| flag | ${placeTitle} | what it does | values |`, '|---|---|---|---|', ...lines, ''].join('\n');
}

function flagText(flag: string, value: string | undefined, on: boolean): string {
  if (value !== undefined) return `--${flag} <${value}>`;
  return on ? `--no-${flag}` : `--${flag}`;
}

function parameterRow(stage: string, name: string, parameter: Parameter): Row {
  const on = parameter.kind === 'boolean' && parameter.default;
  return {
    flag: flagText(parameter.flag, placeholder(parameter), on),
    place: `${stage}.${name}`,
    values: describeValues(parameter),
    help: parameter.help,
  };
}

/** The table of a stage's settings as Markdown; undefined where it has none. */
export function stageTable(stage: string): string | undefined {
  const flags = PARAMETER_FLAGS.filter((flag) => flag.stage === stage);
  if (flags.length === 0) return undefined;
  return table(
    'in the recipe',
    flags.map(({ name, parameter }) => parameterRow(stage, name, parameter)),
  );
}

/** The table of the formats' settings as Markdown. */
export function outputTable(): string {
  return table(
    'format',
    OUTPUT_FLAGS.map(({ flag, formats, spec }) => ({
      flag: flagText(flag, outputPlaceholder(spec), spec.kind === 'boolean' && spec.default),
      place: formats.join(', '),
      values: describeOutputValues(spec),
      help: spec.help,
    })),
  );
}
