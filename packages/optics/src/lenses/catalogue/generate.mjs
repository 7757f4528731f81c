/**
 * Makes glasses.generated.ts from a clone of the refractiveindex.info database (CC0):
 * `node packages/optics/src/lenses/catalogue/generate.mjs CLONE`.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const clone = process.argv[2];
const git = (...args) =>
  execFileSync('git', ['-C', clone, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
const MAKERS = ['schott', 'ohara', 'hoya', 'hikari', 'sumita', 'cdgm'];
const commit = git('rev-parse', 'HEAD').trim();

const seen = new Set();
const sections = MAKERS.map((maker) => {
  const lines = git('ls-tree', '-r', '--name-only', 'HEAD', `database/data/specs/${maker}/optical`)
    .trim()
    .split('\n')
    .map((path) => {
      const name = path
        .split('/')
        .pop()
        .replace(/\.yml$/, '')
        .toUpperCase();
      const text = git('show', `HEAD:${path}`);
      const found = /type: formula ([23])\s+wavelength_range: .*\s+coefficients: (.*)/.exec(text);
      // The first maker in the list keeps a name; -25 are CDGM's same glasses at another annealing rate.
      if (found === null || seen.has(name) || / |-25$/.test(name)) return undefined;
      seen.add(name);
      const numbers = found[2].trim().split(/\s+/).map(Number);
      const kept =
        found[1] === '2'
          ? numbers.slice(1)
          : numbers.filter((_, k) => k === 0 || numbers[k % 2 === 1 ? k : k - 1] !== 0);
      return `${name} ${found[1] === '2' ? 'S' : 'P'} ${kept.join(' ')}`;
    })
    .filter((line) => line !== undefined);
  return `  ${maker}: \`${lines.join('\n')}\`,`;
});

writeFileSync(
  fileURLToPath(new URL('./glasses.generated.ts', import.meta.url)),
  `// Made by generate.mjs from the refractiveindex.info database, commit ${commit}, public domain (CC0 1.0), see
// LICENSE-refractiveindex-info.txt. It takes over the glass makers' published catalogues.

/**
 * Glasses by maker, one per line. \`NAME S b1 c1 b2 c2 b3 c3\`: n² = 1 + Σ b λ² / (λ² − c).
 * \`NAME P a0 a1 p1 a2 p2 …\`: n² = a0 + Σ a λ^p. λ in µm.
 */
export const GLASS_LINES = {
${sections.join('\n')}
} as const;
`,
);
