import { readFile } from 'node:fs/promises';
import { PIPELINE, recipeKey } from '@photosite/engine';
import { expect, it } from 'vitest';
import { outputTable, stageTable } from './settingsTables.js';

const docs = new URL('../../../../docs/', import.meta.url);

it("the user's guide and the darkroom have the settings of today (npm run docs writes them)", async () => {
  expect(await readFile(new URL('guide.md', docs), 'utf8')).toContain(outputTable());
  const darkroom = await readFile(new URL('darkroom.md', docs), 'utf8');
  for (const { name } of PIPELINE) expect(darkroom).toContain(stageTable(recipeKey(name)) ?? '');
});

it('the tables have every parameter of the pipeline', () => {
  const tables = PIPELINE.map(({ name }) => stageTable(recipeKey(name))).join('');
  for (const stage of PIPELINE)
    for (const { flag, help } of Object.values(stage.parameters)) {
      expect(tables).toMatch(new RegExp(`\`--(no-)?${flag}\\b`));
      expect(tables).toContain(help);
    }
});
