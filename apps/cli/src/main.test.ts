import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PARAMETER_FLAGS } from './develop/flags.js';
import { photosite } from './testing/photosite.js';
import { sampleDng } from './testing/sampleFrame.js';

let folder: string;
let dng: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'photosite-main-'));
  dng = join(folder, 'a.dng');
  await writeFile(dng, sampleDng());
});
afterAll(() => rm(folder, { recursive: true }));

describe('photosite', () => {
  it('says how it is used, with examples', async () => {
    const { code, stdout, stderr } = await photosite('--help');
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^Usage: photosite <command>/);
    expect(stdout).toContain('photosite develop IMG_0001.dng -o IMG_0001.jpg');
  });

  it('has a flag for every parameter of the engine', async () => {
    const { code, stdout } = await photosite('develop', '--help');
    expect(code).toBe(0);
    for (const { parameter } of PARAMETER_FLAGS) {
      const off = parameter.kind === 'boolean' && parameter.default;
      expect(stdout).toContain(off ? `--no-${parameter.flag}` : `--${parameter.flag}`);
    }
    expect(stdout).toContain('--jpeg-quality');
    expect(stdout).toContain('Examples:');
  });

  it('says its version', async () => {
    expect(await photosite('--version')).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' });
  });

  it.each([
    ['an unknown command', ['devlop', 'a.dng'], "unknown command 'devlop' (Did you mean develop?)"],
    ['an unknown flag', ['develop', 'a.dng', '-o', 'a.jpg', '--expsure', '1'], "unknown option '--expsure'"],
    ['no file', ['develop', '-o', 'a.jpg'], 'no raw file is named'],
    ['no output', ['develop', 'a.dng'], 'where shall the photo go? Add -o'],
    [
      'a number out of range',
      ['develop', 'DNG', '-o', 'a.jpg', '--exposure', '99'],
      'a number from -8 to 8 stops',
    ],
    ['no number', ['develop', 'DNG', '-o', 'a.jpg', '--contrast', ''], 'a number from 0.8 to 2.5'],
    ['no such choice', ['develop', 'DNG', '-o', 'a.jpg', '--quality', 'good'], 'one of fast, best'],
    ['no point', ['develop', 'DNG', '-o', 'a.jpg', '--neutral', '0.5'], 'It must be X,Y'],
    ['no threads', ['develop', 'DNG', '-o', 'a.jpg', '--threads', '0'], 'a whole number from 1'],
    [
      'a name without a format',
      ['develop', 'DNG', '-o', 'photo'],
      'End it in .jpg, .png, .tif, or add --format',
    ],
    ['a name of another format', ['develop', 'DNG', '-o', 'a.jpg', '--format', 'tiff'], '--format says tiff'],
    [
      "another format's flag",
      ['develop', 'DNG', '-o', 'a.png', '--jpeg-quality', '9'],
      '--jpeg-quality is for JPEG',
    ],
    ['too many bits', ['develop', 'DNG', '-o', 'a.jpg', '--bits', '16'], 'a JPEG holds 8 bits'],
    [
      'linear light in a JPEG',
      ['develop', 'DNG', '-o', 'a.jpg', '--as', 'camera-rgb'],
      'needs a 32-bit float TIFF',
    ],
    [
      'a missing recipe',
      ['develop', 'DNG', '-o', 'a.jpg', '--recipe', 'none.json'],
      'none.json: there is no such file',
    ],
    ['nothing to inspect', ['inspect'], 'no raw file is named'],
  ])('ends with 2 and one line for %s', async (_, args, line) => {
    const before = await readdir(folder);
    const { code, stdout, stderr } = await photosite(...args.map((arg) => (arg === 'DNG' ? dng : arg)));
    expect(stderr).toContain(line);
    expect(stderr).toMatch(/^photosite: [^\n]+\n$/);
    expect(stdout).toBe('');
    expect(code).toBe(2);
    expect(await readdir(folder)).toEqual(before);
  });
});
