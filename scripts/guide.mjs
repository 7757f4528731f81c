// `npm run docs`: writes anew what is generated in docs/: the tables of settings in guide.md from the engine's and the
// formats' own data, and the plots and tables of light.md from the calculators. With `--photos` also its photographs.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, setUp } from './setup.mjs';

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

const { settingsTables } = await import('../apps/cli/dist/develop/settingsTables.js');
fill('guide.md', 'settings', 'end of settings', `\n${settingsTables()}\n`);

const folder = join(root, 'docs', 'light');
mkdirSync(folder, { recursive: true });
const { plots } = await import('./light/plots.mjs');
for (const [name, svg] of plots()) writeFileSync(join(folder, name), svg);
const { tables } = await import('./light/tables.mjs');
for (const [name, rows] of tables()) fill('light.md', name, `end of ${name}`, `${rows.join('\n')}\n`);

if (process.argv.includes('--photos')) {
  const { pictures } = await import('./light/pictures.mjs');
  for await (const [name, bytes] of pictures((line) => console.log(line)))
    writeFileSync(join(folder, name), bytes);
}
