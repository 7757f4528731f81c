// `npm run docs`: writes anew what is generated in docs/: the settings in guide.md and darkroom.md and the order of the
// stages in architecture.md from the stages' and the formats' own data, and the plots and tables of light.md from the
// calculators. With `--photos` also the photographs, of all pages or of those that are named:
// `npm run docs -- --photos darkroom`; `samples` is the README's.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root, setUp } from './setup.mjs';

/** Pages with photographs: where these lie, and where they are made. */
const PHOTOS = {
  samples: { folder: 'samples', script: './samples.mjs' },
  darkroom: { folder: 'docs/darkroom', script: './darkroom/pictures.mjs' },
  light: { folder: 'docs/light', script: './light/pictures.mjs' },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { photos: { type: 'boolean', default: false } },
});
const unknown = positionals.find((page) => !Object.hasOwn(PHOTOS, page));
if (unknown !== undefined || (positionals.length > 0 && !values.photos)) {
  console.error(`usage: npm run docs [-- --photos [${Object.keys(PHOTOS).join('] [')}]]`);
  process.exit(2);
}

setUp();

/** Replaces what stands between two marks. */
function fill(file, begin, end, text) {
  const path = join(root, 'docs', file);
  const page = readFileSync(path, 'utf8');
  const section = new RegExp(`(<!-- ${begin}: [^\\n]*-->\\n)[\\s\\S]*?(<!-- ${end} -->)`);
  if (!section.test(page)) throw new Error(`docs/${file} has lost the marks around its ${begin}.`);
  writeFileSync(
    path,
    page.replace(section, (_, opening, closing) => `${opening}${text}${closing}`),
  );
}

const { outputTable } = await import('../apps/cli/dist/develop/settingsTables.js');
fill('guide.md', 'settings', 'end of settings', `\n${outputTable()}\n`);

const darkroom = await import('./darkroom/page.mjs');
fill('darkroom.md', 'settings', 'end of settings', `\n${darkroom.settings()}\n`);
fill('darkroom.md', 'unasked', 'end of unasked', `\n${darkroom.unasked()}\n`);
fill('architecture.md', 'order', 'end of order', `${darkroom.order()}\n`);

const { plots } = await import('./light/plots.mjs');
for (const [name, svg] of plots()) writeFileSync(join(root, 'docs', 'light', name), svg);
const { tables } = await import('./light/tables.mjs');
for (const [name, rows] of tables()) fill('light.md', name, `end of ${name}`, `${rows.join('\n')}\n`);

if (values.photos)
  for (const page of positionals.length > 0 ? positionals : Object.keys(PHOTOS)) {
    const { folder, script } = PHOTOS[page];
    const { pictures } = await import(script);
    for await (const [name, bytes] of pictures((line) => console.log(line)))
      writeFileSync(join(root, folder, name), bytes);
  }
