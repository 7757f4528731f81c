// `npm run docs`: writes the tables of settings in docs/guide.md anew, from the engine's and the formats' own data.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, setUp } from './setup.mjs';

setUp();
const { settingsTables } = await import('../apps/cli/dist/develop/settingsTables.js');
const path = join(root, 'docs', 'guide.md');
const guide = readFileSync(path, 'utf8');
const section = /(<!-- settings: [^\n]*-->\n)[\s\S]*(<!-- end of settings -->)/;
if (!section.test(guide)) throw new Error('docs/guide.md has lost the marks around its settings.');
writeFileSync(
  path,
  guide.replace(section, (_, begin, end) => `${begin}\n${settingsTables()}\n${end}`),
);
