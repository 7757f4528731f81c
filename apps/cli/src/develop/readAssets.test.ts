import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { photosite } from '../testing/photosite.js';
import { sampleDng } from '../testing/sampleFrame.js';
import { readAssets } from './readAssets.js';

let folder: string;
const path = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'photosite-assets-'));
  await writeFile(path('invert.cube'), 'LUT_1D_SIZE 2\n1 1 1\n0 0 0\n');
  await writeFile(path('broken.cube'), 'LUT_1D_SIZE 2\n1 1 1\n0 0\n');
  await writeFile(path('a.dng'), sampleDng());
});
afterAll(() => rm(folder, { recursive: true }));

describe('the tables that a recipe names', () => {
  it('are read by their paths, and none where it names none', async () => {
    expect(await readAssets({})).toEqual({});
    expect(await readAssets({ look: { lut: null }, colour: { dcp: null } })).toEqual({});
    const { luts } = await readAssets({ look: { lut: path('invert.cube') } });
    expect(luts?.[path('invert.cube')]).toMatchObject({ kind: '1d', size: 2 });
  });

  it.each([
    ['a missing table', 'no.cube', 'lut', /no\.cube: there is no such file/],
    ['a broken table, by line', 'broken.cube', 'lut', /broken\.cube: line 3: 3 numbers are expected/],
    ['a profile that is none', 'invert.cube', 'dcp', /invert\.cube: not a DNG camera profile/],
  ] as const)('%s is refused with its name', async (_, name, kind, message) => {
    const recipe = kind === 'lut' ? { look: { lut: path(name) } } : { colour: { dcp: path(name) } };
    const attempt = readAssets(recipe);
    await expect(attempt).rejects.toThrow(UsageError);
    await expect(attempt).rejects.toThrow(message);
  });

  it('change the photo, and stand in the saved recipe by their names', async () => {
    const develop = (...args: string[]) => photosite('develop', path('a.dng'), '--force', ...args);
    const lut = path('invert.cube');
    const saved = await develop('-o', path('b.png'), '--lut', lut, '--save-recipe', path('r.json'));
    expect(saved).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(JSON.parse(await readFile(path('r.json'), 'utf8'))).toMatchObject({ look: { lut } });
    await develop('-o', path('c.png'), '--recipe', path('r.json'));
    await develop('-o', path('d.png'), '--recipe', path('r.json'), '--lut', 'none', '--temperature', 'auto');
    const [b, c, d] = await Promise.all(['b.png', 'c.png', 'd.png'].map((name) => readFile(path(name))));
    expect(c!.equals(b!)).toBe(true);
    expect(d!.equals(b!)).toBe(false);
  });
});
