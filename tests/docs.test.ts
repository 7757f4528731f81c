import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const SKIPPED = new Set(['node_modules', 'dist', '.git', 'shared']);

function markdown(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return markdown(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

/** The names that headings have in links, as GitHub makes them. */
function anchorsOf(text: string): Set<string> {
  const headings = [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, title]) => title!);
  return new Set(
    headings.map((title) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** Links within the repository that lead nowhere. */
function brokenLinks(file: string, text: string): string[] {
  const prose = text.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => link!)
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [path, anchor] = link.split('#') as [string, string | undefined];
      const target = path === '' ? file : join(dirname(file), decodeURIComponent(path));
      if (!existsSync(target)) return true;
      const page = target.endsWith('.md') ? readFileSync(target, 'utf8') : '';
      return anchor !== undefined && !anchorsOf(page).has(anchor);
    });
}

describe('every link of a page within the repository leads somewhere', () => {
  it.each(markdown(root).map((file) => [relative(root, file), file]))('%s', (_, file) => {
    expect(brokenLinks(file, readFileSync(file, 'utf8'))).toEqual([]);
  });

  it('and one that does not is found', () => {
    const page = join(root, 'README.md');
    const text =
      '[a](docs/guide.md) [b](docs/nowhere.md) [c](docs/guide.md#develop) [d](docs/guide.md#devel)';
    expect(brokenLinks(page, text)).toEqual(['docs/nowhere.md', 'docs/guide.md#devel']);
  });
});

describe('every stage says', () => {
  const stages = join(root, 'packages', 'engine', 'src', 'stages');
  const parts = ['For photographers', 'Why here', 'Source', 'Units', 'Limits'];
  it.each(readdirSync(stages))(
    '%s: what it does, why here, by which source, in which units, its limits',
    (name) => {
      const readme = readFileSync(join(stages, name, 'README.md'), 'utf8');
      expect(parts.filter((part) => !anchorsOf(readme).has(part.toLowerCase().replaceAll(' ', '-')))).toEqual(
        [],
      );
    },
  );
});

describe('the darkroom', async () => {
  interface Page {
    readonly order: () => string;
    readonly settings: () => string;
    readonly unasked: () => string;
    readonly pictureNames: () => readonly string[];
  }
  const script = new URL('../scripts/darkroom/page.mjs', import.meta.url).href;
  const { order, settings, unasked, pictureNames } = (await import(script)) as Page;
  const folder = join(root, 'docs', 'darkroom');
  const page = readFileSync(join(root, 'docs', 'darkroom.md'), 'utf8');

  it('shows the stages and their parameters as they are today (npm run docs)', () => {
    expect(page).toContain(settings());
    expect(page).toContain(unasked());
    expect(readFileSync(join(root, 'docs', 'architecture.md'), 'utf8')).toContain(order());
  });

  it('has all of its pictures and no others, small ones (npm run docs -- --photos darkroom)', () => {
    const files = readdirSync(folder).filter((name) => name.endsWith('.jpg'));
    expect(files.sort()).toEqual([...pictureNames()].sort());
    const sizes = files.map((name) => statSync(join(folder, name)).size);
    expect(Math.min(...sizes)).toBeGreaterThan(1000);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(40_000);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(1_200_000);
  });

  it('says whose each picture is', () => {
    const licence = readFileSync(join(folder, 'LICENSE.md'), 'utf8');
    expect(licence).toContain('Copyright 2018 GoPro, Inc.');
    expect(licence).toContain('gopro-hero7.dng.license');
  });
});
