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

function table(title: string, placeTitle: string, rows: readonly Row[]): string {
  const lines = rows.map(
    ({ flag, place, values, help }) =>
      `| \`${cell(flag)}\` | \`${place}\` | ${cell(help)} | ${cell(values)} |`,
  );
  return [
    `### ${title}`,
    '',
    `| flag | ${placeTitle} | what it does | values |`,
    '|---|---|---|---|',
    ...lines,
    '',
  ].join('\n');
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

/** Tables of every setting, as Markdown, for the user's guide. */
export function settingsTables(): string {
  const stages = [...new Set(PARAMETER_FLAGS.map(({ stageTitle }) => stageTitle))];
  const development = stages.map((title) =>
    table(
      title,
      'in the recipe',
      PARAMETER_FLAGS.filter((flag) => flag.stageTitle === title).map(({ stage, name, parameter }) =>
        parameterRow(stage, name, parameter),
      ),
    ),
  );
  const output = OUTPUT_FLAGS.map(({ flag, formats, spec }) => ({
    flag: flagText(flag, outputPlaceholder(spec), spec.kind === 'boolean' && spec.default),
    place: formats.join(', '),
    values: describeOutputValues(spec),
    help: spec.help,
  }));
  return [...development, table('Output file', 'format', output)].join('\n');
}
