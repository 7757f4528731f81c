import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

interface Generated {
  readonly plots: () => Map<string, string>;
  readonly tables: () => Map<string, readonly string[]>;
}

const docs = new URL('../docs/', import.meta.url);
const { plots } = (await import(new URL('../scripts/light/plots.mjs', import.meta.url).href)) as Generated;
const { tables } = (await import(new URL('../scripts/light/tables.mjs', import.meta.url).href)) as Generated;
const page = readFileSync(new URL('light.md', docs), 'utf8');

it('the plots and tables of docs/light.md are those that the calculators give today (npm run docs)', () => {
  for (const [name, svg] of plots()) {
    expect(page).toContain(`light/${name}`);
    expect(readFileSync(new URL(`light/${name}`, docs), 'utf8')).toBe(svg);
  }
  for (const rows of tables().values()) expect(page).toContain(rows.join('\n'));
});

it('every picture that docs/light.md shows is there, with words for those who cannot see it', () => {
  const shown = [...page.matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g)];
  expect(shown.length).toBeGreaterThan(15);
  for (const [, words, file] of shown) {
    expect(words!.length).toBeGreaterThan(10);
    expect(readFileSync(new URL(file!, docs)).length).toBeGreaterThan(1000);
  }
});
