import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Outcome, outcome, PHOTOSITE, photosite, start } from '../testing/photosite.js';
import { LIGHT, sampleDng, sampleFrame } from '../testing/sampleFrame.js';

let inputs: string;
let out: string;
let dng: string;
const { height, activeArea, defaultCrop } = sampleFrame();

beforeAll(async () => {
  inputs = await mkdtemp(join(tmpdir(), 'photosite-in-'));
  dng = join(inputs, 'a.dng');
  await writeFile(dng, sampleDng());
});
beforeEach(async () => {
  if (out !== undefined) await rm(out, { recursive: true });
  out = await mkdtemp(join(tmpdir(), 'photosite-out-'));
});
afterAll(async () => {
  await rm(inputs, { recursive: true });
  await rm(out, { recursive: true });
});

const develop = (...args: string[]): Promise<Outcome> => photosite('develop', ...args);
const inOut = (name: string): string => join(out, name);
const oneLine = /^photosite: [^\n]+\n$/;

/** Nothing but these files is in the output folder, hidden ones included. */
async function expectOnly(...names: string[]): Promise<void> {
  expect((await readdir(out)).sort()).toEqual(names.sort());
}

describe('photosite develop', () => {
  it('makes an upright, cropped JPEG with its profile and Exif, and says nothing in a pipe', async () => {
    expect(await develop(dng, '-o', inOut('a.jpg'))).toEqual({ code: 0, stdout: '', stderr: '' });
    const { format, width: w, height: h, icc, exif, orientation } = await sharp(inOut('a.jpg')).metadata();
    expect(format).toBe('jpeg');
    // Orientation 6: the sensor's rows are the picture's columns.
    expect([w, h]).toEqual([defaultCrop.bottom - defaultCrop.top, defaultCrop.right - defaultCrop.left]);
    expect(icc).toBeDefined();
    expect(exif).toBeDefined();
    expect(orientation ?? 1).toBe(1);
    // Turned right, the sensor's left half is at the top: it is the darker one.
    const { data, info } = await sharp(inOut('a.jpg')).raw().toBuffer({ resolveWithObject: true });
    const at = (y: number): number => data[(y * info.width + 100) * info.channels + 1]!;
    expect(at(20)).toBeLessThan(at(info.height - 20));
    await expectOnly('a.jpg');
  });

  it('gives the same bytes for any number of threads and any tile size', async () => {
    const runs = [
      ['1', '1024'],
      ['2', '256'],
      ['4', '128'],
    ];
    for (const [threads, tile] of runs)
      expect(
        (await develop(dng, '-o', inOut(`${threads}.jpg`), '--threads', threads!, '--tile', tile!)).code,
      ).toBe(0);
    const [first, ...others] = await Promise.all(runs.map(([threads]) => readFile(inOut(`${threads}.jpg`))));
    for (const other of others) expect(other.equals(first!)).toBe(true);
  });

  it('makes photos smaller with --size: longest side or box, never larger', async () => {
    const [w, h] = [defaultCrop.bottom - defaultCrop.top, defaultCrop.right - defaultCrop.left];
    const longest = Math.max(w, h);
    for (const [size, scale] of [
      [`${longest >> 1}`, (longest >> 1) / longest],
      [`${w >> 2}x${h}`, (w >> 2) / w],
      ['100000', 1],
    ] as const) {
      expect((await develop(dng, '-o', inOut('a.png'), '--size', size, '--force')).code).toBe(0);
      const { width, height } = await sharp(inOut('a.png')).metadata();
      expect([width, height]).toEqual([Math.round(w * scale), Math.round(h * scale)]);
    }
    for (const size of ['0', '-5', '12.5', '100x', 'big'])
      expect((await develop(dng, '-o', inOut('b.png'), '--size', size)).stderr).toMatch(
        /longest side, or a box/,
      );
  });

  it('writes camera RGB of the whole active area as float TIFF, white level at 1', async () => {
    const { stderr } = await develop(
      dng,
      '-o',
      inOut('a.tif'),
      '--as',
      'camera-rgb',
      '--temperature',
      '3000',
    );
    expect(stderr).toBe('');
    const { data, info } = await sharp(inOut('a.tif'))
      .pipelineColourspace('scrgb')
      .toColourspace('scrgb')
      .raw({ depth: 'float' })
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([height, activeArea.right - activeArea.left]);
    const pixels = new Float32Array(data.buffer, data.byteOffset, data.length / 4);
    const at = (y: number): number[] =>
      Array.from(pixels.subarray((y * info.width + 100) * 3, (y * info.width + 100) * 3 + 3));
    // Half a level of the sensor, from rounding, is the most that flat areas can be off.
    for (const value of at(20)) expect(Math.abs(value - LIGHT.left)).toBeLessThan(0.5 / 15871 + 1e-6);
    for (const value of at(info.height - 20))
      expect(Math.abs(value - LIGHT.right)).toBeLessThan(0.5 / 15871 + 1e-6);
  });

  it.each([
    ['a.png', [], 'png', 'uchar'],
    ['b.png', ['--bits', '16'], 'png', 'ushort'],
    ['a.tif', [], 'tiff', 'ushort'],
    ['b.tif', ['--as', 'linear-rec2020'], 'tiff', 'float'],
  ] as const)('writes %s with %j', async (name, flags, format, depth) => {
    expect((await develop(dng, '-o', inOut(name), ...flags)).stderr).toBe('');
    expect(await sharp(inOut(name)).metadata()).toMatchObject({ format, depth });
  });

  it('takes a tone curve as pairs of numbers, and refuses one that is none', async () => {
    const curve = ['--tone-curve', '0,0,0.25,0.2,1,1'];
    const { stdout } = await develop(dng, '-o', inOut('a.jpg'), '--json', ...curve);
    const points = [
      [0, 0],
      [0.25, 0.2],
      [1, 1],
    ];
    expect(JSON.parse(stdout).files[0].recipe).toMatchObject({ tone: { points } });
    for (const wrong of ['0,0', '0,0,1', '0.5,0,0.4,1', '0,0,1,2', 'auto']) {
      const { code, stderr } = await develop(dng, '-o', inOut('b.jpg'), '--tone-curve', wrong);
      expect(code).toBe(2);
      expect(stderr).toContain('each X larger than the one before');
    }
  });

  it('reports as JSON', async () => {
    const { code, stdout } = await develop(
      dng,
      join(inputs, 'none.dng'),
      '-o',
      inOut('photos'),
      '--json',
      '--threads',
      '2',
    );
    expect(code).toBe(1);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ threads: 2, photosite: '0.1.0' });
    expect(report.failures).toEqual([
      { input: join(inputs, 'none.dng'), error: expect.stringContaining('no such file') },
    ]);
    const [file] = report.files;
    expect(file).toMatchObject({
      input: dng,
      output: inOut('photos/a.jpg'),
      format: 'jpeg',
      bytes: statSync(inOut('photos/a.jpg')).size,
    });
    expect(file.stages.map((stage: { name: string }) => stage.name)).toContain('demosaic');
    for (const key of ['readMs', 'renderMs', 'encodeMs', 'writeMs']) expect(file[key]).toBeGreaterThan(0);
    expect(report.totalMs).toBeGreaterThan(file.totalMs);
  });

  it('saves the recipe of what it does, and does the same from it; flags overrule it', async () => {
    const recipe = inOut('recipe.json');
    const flags = ['--exposure', '-1', '--no-lens-shading', '--neutral', '0.5,0.25', '--contrast', '1.5'];
    await develop(dng, '-o', inOut('a.jpg'), ...flags, '--save-recipe', recipe);
    const saved = JSON.parse(await readFile(recipe, 'utf8'));
    expect(saved).toMatchObject({
      photosite: 1,
      exposure: { ev: -1 },
      lensShading: { apply: false },
      whiteBalance: { neutral: [0.5, 0.25] },
      tone: { contrast: 1.5 },
    });
    await develop(dng, '-o', inOut('b.jpg'), '--recipe', recipe);
    expect((await readFile(inOut('b.jpg'))).equals(await readFile(inOut('a.jpg')))).toBe(true);
    const third = await develop(
      dng,
      '-o',
      inOut('c.jpg'),
      '--recipe',
      recipe,
      '--exposure',
      '1',
      '--lens-shading',
      '--json',
    );
    expect(JSON.parse(third.stdout).files[0].recipe).toMatchObject({
      exposure: { ev: 1 },
      lensShading: { apply: true },
      tone: { contrast: 1.5 },
    });
  });

  it.each([
    ['{"exposure": {"ev": 99}}', 'exposure.ev'],
    ['{"exposure": ', 'is not JSON'],
    ['null', 'a JSON object is expected'],
    ['{"sharpening": {}}', 'no such stage'],
  ])('refuses the recipe %s', async (text, problem) => {
    await writeFile(inOut('recipe.json'), text);
    const { code, stderr } = await develop(dng, '-o', inOut('a.jpg'), '--recipe', inOut('recipe.json'));
    expect(stderr).toMatch(oneLine);
    expect(stderr).toContain('recipe.json');
    expect(stderr).toContain(problem);
    expect(code).toBe(2);
    await expectOnly('recipe.json');
  });

  describe('many files', () => {
    it('develops all raws of a folder, subfolders when asked, and tells names apart', async () => {
      const card = join(inputs, 'card');
      await mkdir(join(card, 'DCIM'), { recursive: true });
      for (const name of ['a.dng', 'b.DNG', 'b.GPR', 'notes.txt', '._a.dng', 'DCIM/a.dng'])
        await writeFile(join(card, name), name.endsWith('txt') ? 'no raw' : sampleDng());
      expect((await develop(card, '-o', inOut('flat'))).stderr).toBe('');
      expect(readdirSync(inOut('flat')).sort()).toEqual(['a.jpg', 'b.DNG.jpg', 'b.GPR.jpg']);
      expect((await develop(card, '-o', inOut('deep'), '--recursive', '--format', 'png')).stderr).toBe('');
      expect(readdirSync(inOut('deep'), { recursive: true }).sort()).toEqual([
        'DCIM',
        'DCIM/a.png',
        'a.png',
        'b.DNG.png',
        'b.GPR.png',
      ]);
    });

    it('goes on after a bad one, names it in one line and ends with 1', async () => {
      const bad = join(inputs, 'bad.dng');
      await writeFile(bad, sampleDng().subarray(0, 5000));
      const { code, stderr } = await develop(
        dng,
        bad,
        join(inputs, 'none.dng'),
        '-o',
        inOut('photos'),
        '--quiet',
      );
      expect(code).toBe(1);
      const lines = stderr.trimEnd().split('\n');
      expect(lines).toHaveLength(2);
      expect(lines.find((line) => line.includes('bad.dng'))).toBeDefined();
      expect(lines.find((line) => line.includes('none.dng'))).toContain('no such file');
      expect(readdirSync(inOut('photos'))).toEqual(['a.jpg']);
    });

    it('refuses one name for two photos, and a file for a folder', async () => {
      const other = join(inputs, 'other');
      await mkdir(other);
      await writeFile(join(other, 'a.dng'), sampleDng());
      await writeFile(inOut('file'), 'x');
      const same = await develop(dng, join(other, 'a.dng'), '-o', inOut('photos'));
      expect(same.stderr).toContain('would both become');
      const intoFile = await develop(dng, other, '-o', inOut('file'));
      expect(intoFile.stderr).toContain('many photos need a folder');
      const picture = await develop(dng, other, '-o', inOut('all.jpg'), '--no-burst');
      expect(picture.stderr).toContain('many photos need a folder');
      expect([same.code, intoFile.code, picture.code]).toEqual([2, 2, 2]);
      await expectOnly('file');
    });
  });

  describe('when something is in the way', () => {
    async function expectFailure(result: Promise<Outcome>, code: number, ...parts: string[]): Promise<void> {
      const { code: actual, stdout, stderr } = await result;
      expect(stderr).toMatch(oneLine);
      for (const part of parts) expect(stderr).toContain(part);
      expect(stdout).toBe('');
      expect(actual).toBe(code);
    }

    it('keeps an existing photo unless --force is given, and does not begin to work', async () => {
      await writeFile(inOut('a.jpg'), 'mine');
      await expectFailure(develop(dng, '-o', inOut('a.jpg')), 1, 'a.jpg exists already', '--force');
      expect(await readFile(inOut('a.jpg'), 'utf8')).toBe('mine');
      expect((await develop(dng, '-o', inOut('a.jpg'), '--force')).code).toBe(0);
      expect((await sharp(inOut('a.jpg')).metadata()).format).toBe('jpeg');
      await expectOnly('a.jpg');
    });

    it('replaces what a symbolic link leads to, not the link', async () => {
      await writeFile(inOut('real.jpg'), 'old');
      await symlink(inOut('real.jpg'), inOut('link.jpg'));
      expect((await develop(dng, '-o', inOut('link.jpg'), '--force')).code).toBe(0);
      expect((await sharp(inOut('real.jpg')).metadata()).format).toBe('jpeg');
      expect((await readFile(inOut('link.jpg'))).equals(await readFile(inOut('real.jpg')))).toBe(true);
      await expectOnly('real.jpg', 'link.jpg');
    });

    it('never writes to an original, under whatever name', async () => {
      const before = await readFile(dng);
      await symlink(dng, inOut('link.jpg'));
      await expectFailure(
        develop(dng, '-o', dng, '--format', 'jpeg', '--force'),
        2,
        'original',
        'never written to',
      );
      await expectFailure(
        develop(dng, '-o', inOut('link.jpg'), '--force'),
        2,
        'original',
        'never written to',
      );
      expect((await readFile(dng)).equals(before)).toBe(true);
    });

    it('names a missing file, a folder without raws and a folder that is missing', async () => {
      await expectFailure(
        develop(join(inputs, 'none.dng'), '-o', inOut('a.jpg')),
        1,
        'none.dng',
        'no such file',
      );
      await expectFailure(
        develop(out, '-o', inOut('photos')),
        1,
        out,
        'no raw files in this folder',
        '--recursive',
      );
      await expectFailure(
        develop(dng, '-o', inOut('none/a.jpg')),
        1,
        `can't write into the folder ${inOut('none')}`,
      );
      await expectOnly();
    });

    it('names a place that cannot be written to', async () => {
      await writeFile(inOut('file'), '');
      await expectFailure(develop(dng, '-o', inOut('file/a.jpg')), 1, "can't write into the folder");
      await expectFailure(develop(dng, '-o', inOut('file/photos/')), 1, "can't write into the folder");
    });

    it.skipIf(process.platform === 'win32')('refuses to write to a device', async () => {
      await expectFailure(
        develop(dng, '-o', '/dev/full', '--format', 'jpeg', '--force'),
        1,
        '/dev/full is not a file',
      );
    });

    it.each([
      [
        'a JPEG named .dng',
        Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46),
        'this is a JPEG picture',
      ],
      ['an empty file', new Uint8Array(), 'empty'],
      ['an unknown format', new Uint8Array(5000).fill(0x2a), ''],
      ['a cut-off DNG', sampleDng().subarray(0, 3000), ''],
    ])('names %s', async (_, bytes, problem) => {
      const bad = join(inputs, 'odd.dng');
      await writeFile(bad, bytes);
      await expectFailure(develop(bad, '-o', inOut('a.jpg')), 1, 'odd.dng', problem);
      await expectOnly();
    });

    it('shows where an error came from with --debug alone', async () => {
      const none = join(inputs, 'cut.dng');
      await writeFile(none, sampleDng().subarray(0, 3000));
      const { stderr } = await develop(none, '-o', inOut('a.jpg'), '--debug');
      expect(stderr).toMatch(/\n\s+at /);
    });

    it.skipIf(process.platform === 'win32')('leaves nothing behind where writing fails halfway', async () => {
      // The shell's limit on a file's size stands in for any disk that fails; ignoring the signal makes it an error.
      const script = `trap '' XFSZ; ulimit -f 4; exec "$@"`;
      const args = ['-c', script, 'sh', process.execPath, PHOTOSITE, 'develop', dng, '-o', inOut('a.tif')];
      await expectFailure(outcome(spawn('sh', args)), 1, 'a.tif', 'grows larger than this system allows');
      await expectOnly();
    });

    it('leaves nothing behind where the disk is full', async ({ skip }) => {
      // A disk of 64 KiB, seen by this one process alone.
      const script = `mount -t tmpfs -o size=64k none "$1" || exit 99; shift; "$@"; code=$?; ls -A "$PWD" >&3; exit $code`;
      const probe = spawnSync('unshare', ['--mount', '--map-root-user', 'mount', '-t', 'tmpfs', 'none', out]);
      skip(probe.status !== 0, 'this system does not let a test mount a disk');
      const args = [
        '--mount',
        '--map-root-user',
        'sh',
        '-c',
        script,
        'sh',
        out,
        process.execPath,
        PHOTOSITE,
        'develop',
        dng,
        '-o',
        inOut('a.tif'),
      ];
      const child = spawn('unshare', args, { stdio: ['ignore', 'pipe', 'pipe', 'pipe'], cwd: out });
      await expectFailure(outcome(child), 1, 'a.tif', 'the disk is full');
    });
  });

  describe('when it is told to stop', () => {
    let large: string;
    beforeAll(async () => {
      large = join(inputs, 'large.dng');
      await writeFile(large, sampleDng(sampleFrame(3000, 2000)));
    });

    it.skipIf(process.platform === 'win32').each([
      ['SIGTERM', 143],
      ['SIGINT', 130],
    ] as const)('removes what is half-written on %s and ends with %i', async (signal, code) => {
      const child = start(['develop', large, '-o', inOut('a.tif'), '--as', 'linear-rec2020']);
      const ended = outcome(child);
      const halfWritten = (): boolean =>
        readdirSync(out).some(
          (name) => name.startsWith('.photosite-') && statSync(inOut(name), { throwIfNoEntry: false })?.size,
        );
      while (!halfWritten() && child.exitCode === null)
        await new Promise((resolve) => setTimeout(resolve, 2));
      child.kill(signal);
      const { code: actual, stderr } = await ended;
      expect(stderr).toMatch(oneLine);
      expect(actual).toBe(code);
      expect(existsSync(inOut('a.tif'))).toBe(false);
      await expectOnly();
    });

    it.skipIf(process.platform === 'win32').each([150, 350, 600])(
      'stops after %i ms with nothing half-made',
      async (ms) => {
        const child = start(['develop', large, '-o', inOut('a.tif')]);
        const ended = outcome(child);
        await new Promise((resolve) => setTimeout(resolve, ms));
        child.kill('SIGTERM');
        const { code } = await ended;
        // On a quick machine the photo may be finished before, and nobody listens to signals in a process's last moment.
        const finished = existsSync(inOut('a.tif'));
        expect(finished ? [0, 143, null] : [143, null]).toContain(code);
        if (finished) expect((await sharp(inOut('a.tif')).metadata()).width).toBe(1984);
        await expectOnly(...(finished ? ['a.tif'] : []));
      },
    );
  });
});
