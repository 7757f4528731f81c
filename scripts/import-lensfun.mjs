// Writes packages/engine/src/lens-data/lensfun/database.generated.ts: the lensfun database as one compact text.
//
//   node scripts/import-lensfun.mjs FOLDER
//
// FOLDER holds lensfun's XML files (data/db of its repository, CC BY-SA 3.0). The README of lens-data says what is
// taken, what is left out and how numbers are rounded; parse.ts reads the text.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = process.argv[2];
if (folder === undefined) {
  console.error('usage: node scripts/import-lensfun.mjs FOLDER');
  process.exit(2);
}

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const plain = (text) =>
  text
    .replace(/&(#x?[0-9a-f]+|\w+);/gi, (whole, name) => {
      if (name.startsWith('#x')) return String.fromCodePoint(Number.parseInt(name.slice(2), 16));
      if (name.startsWith('#')) return String.fromCodePoint(Number(name.slice(1)));
      return ENTITIES[name] ?? whole;
    })
    .replace(/\s+/g, ' ')
    .trim();

/** The elements of a name within a text: attributes and what stands between the tags. */
function elements(text, name) {
  const found = [];
  for (const [, attributes, body] of text.matchAll(
    new RegExp(`<${name}(?=[\\s/>])([^>]*?)(?:/>|>([\\s\\S]*?)</${name}>)`, 'g'),
  )) {
    const entries = [...attributes.matchAll(/([\w-]+)\s*=\s*"([^"]*)"/g)].map(([, key, value]) => [
      key,
      value,
    ]);
    found.push({ ...Object.fromEntries(entries), body: body ?? '' });
  }
  return found;
}

const texts = (text, name) => [...new Set(elements(text, name).map(({ body }) => plain(body)))];
const first = (text, name) => texts(text, name)[0] ?? '';

/** A number without needless zeros, rounded to some decimals. */
function number(value, decimals) {
  const parsed = Number(value ?? 0);
  if (!Number.isFinite(parsed)) throw new Error(`"${value}" is not a number`);
  const rounded = parsed.toFixed(decimals);
  if (Number(rounded) === 0) return '0';
  return (rounded.includes('.') ? rounded.replace(/\.?0+$/, '') : rounded).replace(/^(-?)0\./, '$1.');
}

/** Numbers after each other; zeros at the end are left out. */
function numbers(values, decimals) {
  const list = values.map((value) => number(value, decimals));
  while (list.length > 1 && list.at(-1) === '0') list.pop();
  return list.join(',');
}

const DISTORTION = { poly3: ['3', 'k1'], poly5: ['5', 'k1', 'k2'], ptlens: ['P', 'a', 'b', 'c'] };
const TCA = { linear: ['1', 'kr', 'kb'], poly3: ['3', 'vr', 'vb', 'cr', 'cb', 'br', 'bb'] };
const focalOf = ({ focal }) => number(focal, 3);

function vignettings(calibration) {
  const byFocal = new Map();
  for (const entry of elements(calibration, 'vignetting')) {
    if (entry.model !== 'pa') throw new Error(`vignetting model ${entry.model}`);
    const apertures = byFocal.get(focalOf(entry)) ?? new Map();
    byFocal.set(focalOf(entry), apertures);
    const fNumber = number(entry.aperture, 2);
    const curves = apertures.get(fNumber) ?? new Map();
    apertures.set(fNumber, curves);
    const curve = numbers([entry.k1, entry.k2, entry.k3], 4);
    // Many distances share one curve, since it was measured once for all.
    curves.set(curve, [...(curves.get(curve) ?? []), number(entry.distance, 3)]);
  }
  return [...byFocal].map(([focal, apertures]) => {
    const list = [...apertures].map(
      ([fNumber, curves]) =>
        `@${fNumber}${[...curves].map(([curve, distances]) => `/${distances.join('+')},${curve}`).join('')}`,
    );
    return `V${focal}${list.join('')}`;
  });
}

function calibrationText(calibration) {
  const polynomials = (name, letter, models, decimals) =>
    elements(calibration, name).map((entry) => {
      const model = models[entry.model];
      if (model === undefined) throw new Error(`${name} model ${entry.model}`);
      const [code, ...terms] = model;
      const values = terms.map((term) => entry[term] ?? (/^v/.test(term) ? 1 : 0));
      return `${letter}${code}${focalOf(entry)},${numbers(values, decimals)}`;
    });
  return [
    ...polynomials('distortion', 'D', DISTORTION, 6),
    ...polynomials('tca', 'T', TCA, 7),
    ...vignettings(calibration),
  ].join(' ');
}

function range(element) {
  if (element === undefined) return '';
  const { value, min = value, max = min } = element;
  return min === undefined ? '' : `${number(min, 3)}-${number(max, 3)}`;
}

function lensLine(lens) {
  const [calibration = ''] = elements(lens, 'calibration').map(({ body }) => body);
  const corrections = calibrationText(calibration);
  if (corrections === '') return undefined;
  return [
    'L',
    texts(lens, 'maker').join('|'),
    texts(lens, 'model').join('|'),
    texts(lens, 'mount').join('|'),
    first(lens, 'type'),
    number(first(lens, 'cropfactor'), 4),
    first(lens, 'aspect-ratio'),
    range(elements(lens, 'focal')[0]),
    range(elements(lens, 'aperture')[0]),
    corrections,
  ].join('\t');
}

const lines = [];
for (const name of readdirSync(folder).sort()) {
  if (!name.endsWith('.xml')) continue;
  const xml = readFileSync(path.join(folder, name), 'utf8').replace(/<!--[\s\S]*?-->/g, '');
  // Mounts, cameras and lenses all have children of the others' names: each is cut out as a whole.
  for (const { body } of elements(xml.replace(/<(lens|camera)>[\s\S]*?<\/\1>/g, ''), 'mount'))
    lines.push(['M', first(body, 'name'), texts(body, 'compat').join('|')].join('\t'));
  for (const { body } of elements(xml, 'camera'))
    lines.push(
      [
        'C',
        texts(body, 'maker').join('|'),
        texts(body, 'model').join('|'),
        first(body, 'mount'),
        number(first(body, 'cropfactor'), 4),
      ].join('\t'),
    );
  for (const { body } of elements(xml, 'lens')) {
    const line = lensLine(body);
    if (line !== undefined) lines.push(line);
  }
}

const literal = lines
  .sort()
  .join('\n')
  .replace(/[\\`]|\$\{/g, (found) => `\\${found}`);
const head = `// Generated by scripts/import-lensfun.mjs: do not edit.
// Adapted from the lensfun database (https://lensfun.github.io), (c) its contributors, under the Creative Commons
// Attribution-ShareAlike 3.0 licence, which holds for this file too: see LICENSE-lensfun.txt beside it.
`;
writeFileSync(
  fileURLToPath(new URL('../packages/engine/src/lens-data/lensfun/database.generated.ts', import.meta.url)),
  `${head}export const DATABASE: string = \`${literal}\`;\n`,
);
