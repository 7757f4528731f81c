import { readFile } from 'node:fs/promises';
import { PIPELINE } from '@photosite/engine';
import { expect, it } from 'vitest';
import { settingsTables } from './settingsTables.js';

it("the user's guide has the settings of today (npm run docs writes them)", async () => {
  const guide = await readFile(new URL('../../../../docs/guide.md', import.meta.url), 'utf8');
  expect(guide).toContain(settingsTables());
});

it('the tables have every parameter of the pipeline', () => {
  const tables = settingsTables();
  for (const stage of PIPELINE)
    for (const { flag, help } of Object.values(stage.parameters)) {
      expect(tables).toMatch(new RegExp(`\`--(no-)?${flag}\\b`));
      expect(tables).toContain(help);
    }
});
