// What is generated of docs/darkroom.md: the stages' own words, their parameters, and the pictures' captions.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stageTable } from '../../apps/cli/dist/develop/settingsTables.js';
import { LOOKS, PIPELINE, recipeKey } from '../../packages/engine/dist/index.js';
import { root } from '../setup.mjs';
import { LOOK_COLUMNS, LOOK_SHEETS, VIEWS } from './views.mjs';

/** Second passes of stages, in whose folders they stand. */
const SECOND_PASSES = new Set(['denoise-colour']);

/** What a stage's README says to photographers, or else its first paragraph. */
function wordsOf(stage) {
  const readme = readFileSync(join(root, 'packages', 'engine', 'src', 'stages', stage, 'README.md'), 'utf8');
  const section = /^## For photographers\n\n([\s\S]*?)(?=\n## |$(?![\s\S]))/m.exec(readme);
  const first = /^# .*\n\n([\s\S]*?)(?=\n\n|$(?![\s\S]))/.exec(readme);
  const words = (section ?? first)?.[1]?.trim();
  if (words === undefined) throw new Error(`the README of the stage ${stage} has no words to show.`);
  return words;
}

/** A recipe as the command's flags. */
function flagsOf(recipe) {
  const flags = Object.entries(recipe).flatMap(([key, values]) => {
    const stage = PIPELINE.find(({ name }) => recipeKey(name) === key);
    return Object.entries(values).map(([name, value]) => {
      const { flag } = stage.parameters[name];
      if (typeof value === 'boolean') return value ? `--${flag}` : `--no-${flag}`;
      return `--${flag} ${value}`;
    });
  });
  return flags.length === 0 ? 'as it comes' : `\`${flags.join(' ')}\``;
}

function image({ name, words }, caption) {
  return `![${words}](darkroom/${name}.jpg)\n\n*${words}* ${caption}\n`;
}

function section({ name, title }) {
  const how = `[How it is done](../packages/engine/src/stages/${name}/README.md)`;
  const lines = [`### ${title}`, '', `${wordsOf(name)} ${how}.`, ''];
  const table = stageTable(recipeKey(name));
  if (table !== undefined) lines.push(table);
  for (const view of VIEWS.filter(({ stage }) => stage === name))
    lines.push(image(view, `From the left: ${view.panels.map(flagsOf).join(', ')}.`));
  if (name === 'look') {
    const names = Object.keys(LOOKS).map((look) => `\`${look}\``);
    const rows = Array.from({ length: Math.ceil(names.length / LOOK_COLUMNS) }, (_, row) =>
      names.slice(row * LOOK_COLUMNS, (row + 1) * LOOK_COLUMNS).join(', '),
    );
    for (const sheet of LOOK_SHEETS) lines.push(image(sheet, `Row by row: ${rows.join('; ')}.`));
  }
  return lines.join('\n');
}

/** The names of all stages in the order in which light passes them, as lines of a page. */
export function order() {
  const lines = [''];
  for (const [i, { name }] of PIPELINE.entries()) {
    const word = `${name.replaceAll('-', ' ')}${i < PIPELINE.length - 1 ? ' →' : '.'}`;
    if (lines.at(-1).length + word.length > 110) lines.push('');
    lines.push(`${lines.pop()} ${word}`.trim());
  }
  return lines.join('\n');
}

/** Every stage with parameters in the order in which light passes them. */
export function settings() {
  return PIPELINE.filter(({ parameters }) => Object.keys(parameters).length > 0)
    .map(section)
    .join('\n');
}

/** The stages that do their work without being asked. */
export function unasked() {
  return PIPELINE.filter(
    ({ name, parameters }) => Object.keys(parameters).length === 0 && !SECOND_PASSES.has(name),
  )
    .map(section)
    .join('\n');
}

/** Files of the pictures that the page shows. */
export function pictureNames() {
  return [...VIEWS, ...LOOK_SHEETS].map(({ name }) => `${name}.jpg`);
}
