import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine } from '@photosite/engine';
import { deltaE2000, type Xyz, xyzToLab } from '@photosite/measure';
import { decodeExr, type ExrPicture, ExrWriter, exrLinearRgb } from '@photosite/picture';
import { openRaw, type RawFrame } from '@photosite/raw';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Outcome, outcome, photosite, start } from '../testing/photosite.js';

let inputs: string;
let out: string;
beforeAll(async () => {
  inputs = await mkdtemp(join(tmpdir(), 'photosite-twin-in-'));
});
beforeEach(async () => {
  if (out !== undefined) await rm(out, { recursive: true });
  out = await mkdtemp(join(tmpdir(), 'photosite-twin-out-'));
});
afterAll(async () => {
  await rm(inputs, { recursive: true });
  await rm(out, { recursive: true });
});

const oneLine = /^photosite: [^\n]+\n$/;
const CHART = 'chart:color-checker';
/** Small frames keep the tests fast. */
const SMALL = ['--size', '192x144'];
const twin = (...args: string[]): Promise<Outcome> => photosite('twin', ...args);
const inOut = (...names: string[]): string => join(out, ...names);

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

async function contents(folder: string): Promise<Map<string, Buffer>> {
  const names = await filesUnder(folder);
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)),
  );
}

const frame = async (name: string): Promise<RawFrame> => openRaw(await readFile(name));
const truth = async (name: string): Promise<ExrPicture> => decodeExr(await readFile(name));
const description = async (folder: string) =>
  JSON.parse(await readFile(join(folder, 'twin.json'), 'utf8')) as Record<string, unknown> & {
    frames: Record<string, unknown>[];
  };

/** Writes a scene as OpenEXR; `light` gives linear Rec.709 by column and row. */
async function writeScene(
  name: string,
  width: number,
  height: number,
  light: (x: number, y: number) => readonly [number, number, number],
): Promise<string> {
  const samples = Float32Array.from({ length: width * height }, (_, i) => i).reduce(
    (rgb, i) => {
      rgb.set(light(i % width, Math.floor(i / width)), i * 3);
      return rgb;
    },
    new Float32Array(width * height * 3),
  );
  return await writeExr(name, width, height, {
    R: { samples, start: 0, stride: 3 },
    G: { samples, start: 1, stride: 3 },
    B: { samples, start: 2, stride: 3 },
  });
}

async function writeExr(
  name: string,
  width: number,
  height: number,
  channels: Parameters<ExrWriter['write']>[1],
): Promise<string> {
  const pieces: { bytes: Uint8Array; position: number }[] = [];
  const specs = Object.keys(channels).map((each) => ({ name: each, type: 'float' as const }));
  const writer = new ExrWriter({ width, height, channels: specs, compression: 'zip' }, (bytes, position) =>
    pieces.push({ bytes: bytes.slice(), position }),
  );
  writer.write(height, channels);
  const file = new Uint8Array(writer.finish());
  for (const { bytes, position } of pieces) file.set(bytes, position);
  const path = join(inputs, name);
  await writeFile(path, file);
  return path;
}

describe('a burst of photosite twin', () => {
  const ARGS = [CHART, ...SMALL, '--frames', '2', '--fps', '2', '--lux', '50', '--tripod'];
  let folder: string;
  let made: Outcome;
  beforeAll(async () => {
    folder = join(inputs, 'burst');
    made = await twin(...ARGS, '-o', folder, '--threads', '1', '--json');
  });
  const inBurst = (...names: string[]): string => join(folder, ...names);

  it('is raw frames, the truth of each, and how they were made', async () => {
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(await filesUnder(folder)).toEqual([
      'frame-0001.dng',
      'frame-0002.dng',
      'truth/frame-0001.exr',
      'truth/frame-0001.noise-free.dng',
      'truth/frame-0002.exr',
      'truth/frame-0002.noise-free.dng',
      'twin.json',
    ]);
    const raw = await frame(inBurst('frame-0002.dng'));
    expect([raw.width, raw.height, raw.cfa?.kind]).toEqual([192, 144, 'bayer']);
    expect(raw.noiseProfile![0]!.scale).toBeGreaterThan(0);
    expect(raw.color.calibrations[0]!.colorMatrix).toHaveLength(9);
  });

  it('says how to make it again, wherever and with however many threads', async () => {
    const { arguments: args, frames, scene, seed } = await description(folder);
    expect(args).toEqual(ARGS);
    // Nothing moves, so all of the chart is on the frames, but for half a pixel at the border.
    const { shown } = scene as { shown: number[] };
    for (const part of shown) expect(Math.abs(part - 1)).toBeLessThan(0.01);
    expect(seed).toBe(1);
    expect(frames.map(({ file }) => file)).toEqual(['frame-0001.dng', 'frame-0002.dng']);
  });

  it('is reported as JSON', () => {
    expect(JSON.parse(made.stdout)).toMatchObject({
      folder,
      width: 192,
      height: 144,
      threads: 1,
      warnings: [],
    });
  });

  it('has frames that are the noise-free mosaic with noise, and the colour of each place as truth', async () => {
    const noisy = await frame(inBurst('frame-0001.dng'));
    const clean = await frame(inBurst('truth', 'frame-0001.noise-free.dng'));
    const { channels } = await truth(inBurst('truth', 'frame-0001.exr'));
    const signal = (raw: RawFrame, i: number): number => {
      const black = raw.blackLevel!.values[0]!;
      return (raw.samples[i]! - black) / (raw.whiteLevel[0]! - black);
    };
    const { scale, offset } = noisy.noiseProfile![0]!;
    let [squares, least, most, count] = [0, Infinity, 0, 0];
    for (let i = 0; i < noisy.samples.length; i++) {
      const expected = signal(clean, i);
      if (expected > 0.9) continue;
      squares += (signal(noisy, i) - expected) ** 2 / (scale * expected + offset);
      const own = channels.get(['R', 'G', 'B'][(Math.floor(i / 192) % 2) + ((i % 192) % 2)]!)![i]!;
      least = Math.min(least, expected / own);
      most = Math.max(most, expected / own);
      count++;
    }
    expect(count).toBeGreaterThan(20_000);
    // Chi-square over 27 000 samples has a standard deviation of 1 %; PRNU and hot photosites come on top.
    expect(squares / count).toBeGreaterThan(0.95);
    expect(squares / count).toBeLessThan(1.1);
    // Signal = own colour × illumination, which is 1 in the middle and falls towards the corners of this small sensor.
    expect(most).toBeLessThan(1.01);
    expect(least).toBeGreaterThan(0.9);
  });

  it('on a tripod, has no motion and nothing that moved', async () => {
    const { channels } = await truth(inBurst('truth', 'frame-0002.exr'));
    // A thousandth of a pixel is what 32-bit coordinates lose on the way through the lens.
    expect(channels.get('motion.x')!.every((value) => Math.abs(value) < 1e-3)).toBe(true);
    expect(channels.get('moved')!.every((value) => value === 0)).toBe(true);
  });

  it('is replaced only when told so, and then all of it', async () => {
    const before = await contents(folder);
    const args = [CHART, '-o', folder, ...SMALL, '--truth', 'none', '--seed', '2'];
    const refused = await twin(...args);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(oneLine) });
    expect(refused.stderr).toContain('--force');
    expect(await contents(folder)).toEqual(before);
    await writeFile(inBurst('notes.txt'), 'mine');
    expect((await twin(...args, '--force')).code).toBe(0);
    expect(await filesUnder(folder)).toEqual(['frame-0001.dng', 'notes.txt', 'twin.json']);
    // Another seed is other noise.
    expect((await readFile(inBurst('frame-0001.dng'))).equals(before.get('frame-0001.dng')!)).toBe(false);
  });
});

describe('photosite twin', () => {
  it('gives the same bytes for any number of threads, and says where things moved', async () => {
    const moving = ['--moving', 'disc:x=0.3,vx=0.4', '--flicker', '100', '--fps', '2'];
    const args = [CHART, ...SMALL, '--frames', '3', '--lux', '500', ...moving];
    for (const threads of ['1', '2'])
      expect((await twin(...args, '-o', inOut(threads), '--threads', threads)).stderr).toBe('');
    const [one, two] = await Promise.all(['1', '2'].map((name) => contents(inOut(name))));
    expect([...two!.keys()]).toEqual([...one!.keys()]);
    for (const [name, bytes] of one!) expect(bytes.equals(two!.get(name)!), name).toBe(true);

    const { channels } = await truth(inOut('1', 'truth', 'frame-0002.exr'));
    const at = (channel: string, x: number): number =>
      channels.get(channel)![72 * 192 + Math.round(x * 192)]!;
    // Half a second later the disc is 0.2 of the width farther right: bit 1 is what moves.
    expect([0.3, 0.5, 0.9].map((x) => at('moved', x) & 1)).toEqual([0, 1, 0]);
    // On the disc the motion leads back to where it was, the hand's motion aside.
    expect(Math.abs(at('motion.x', 0.5) - at('motion.x', 0.9) + 0.2 * 192)).toBeLessThan(1);
  });

  it('brackets: one frame for each step, as bright as it says, with the truth of the first', async () => {
    const args = ['--bracket', '-2,0', '--tripod', '--time', '1/100', '--iso', '50', '--lux', '300'];
    await twin('chart:flat-field', '-o', inOut('b'), ...SMALL, ...args, '--truth=reference');
    expect(await filesUnder(inOut('b'))).toEqual([
      'frame-0001.dng',
      'frame-0002.dng',
      'truth/frame-0001.exr',
      'truth/frame-0001.noise-free.dng',
      'twin.json',
    ]);
    const [dark, bright] = await Promise.all(
      ['frame-0001.dng', 'frame-0002.dng'].map((name) => frame(inOut('b', name))),
    );
    const mean = ({ samples, blackLevel }: RawFrame): number =>
      Float64Array.from(samples).reduce((sum, value) => sum + value) / samples.length -
      blackLevel!.values[0]!;
    // Photon noise of 27 648 samples is far below this.
    expect(Math.abs(mean(bright!) / mean(dark!) / 4 - 1)).toBeLessThan(0.01);
    expect(bright!.exposure.exposureTime! / dark!.exposure.exposureTime!).toBeCloseTo(4, 6);
  });

  it('takes a shipped lens, and one from a file', async () => {
    const file = join(inputs, 'plain.dat');
    // A pair of nearly plano-convex lenses about a stop, in pbrt's table: radius, thickness, index, diameter; mm.
    const table = ['50 4 1.5168 20', '9999 5 1 20', '0 5 0 8', '-9999 4 1.5168 20', '-50 46 1 20'];
    await writeFile(file, table.join('\n'));
    for (const [name, lens] of [
      ['a', 'double-gauss-50-f2'],
      ['b', file],
    ] as const) {
      const made = await twin(CHART, '-o', inOut(name), ...SMALL, '--truth', 'none', '--lens', lens);
      expect(made).toMatchObject({ code: 0, stderr: '' });
    }
    const { camera } = await description(inOut('a'));
    expect(camera).toMatchObject({
      lens: { prescription: { source: expect.stringContaining('2,673,491') } },
    });
  });

  it('lists cameras, lenses, scenes and lights', async () => {
    const { code, stdout } = await twin('--list');
    expect(code).toBe(0);
    for (const name of ['xiaomi-14-ultra/main', 'double-gauss-50-f2', CHART, 'scene:portrait', 'D65'])
      expect(stdout).toContain(name);
  });
});

interface LinearPicture {
  readonly width: number;
  readonly height: number;
  /** Interleaved. */
  readonly rgb: ArrayLike<number>;
}

describe("a scene's colours, developed without noise", () => {
  /** Linear Rec.2020 to XYZ (ITU-R BT.2020 primaries, D65) and Rec.709 to XYZ (IEC 61966-2-1). */
  const REC2020 = [0.636958, 0.1446169, 0.168881, 0.2627002, 0.6779981, 0.0593017, 0, 0.0280727, 1.0609851];
  const REC709 = [
    0.4123908, 0.3575843, 0.1804808, 0.212639, 0.7151687, 0.0721923, 0.0193308, 0.1191948, 0.9505322,
  ];
  const D65: Xyz = [0.95047, 1, 1.08883];
  const toXyz = (m: readonly number[], rgb: readonly number[]): Xyz => {
    const row = (i: number): number => m[i]! * rgb[0]! + m[i + 1]! * rgb[1]! + m[i + 2]! * rgb[2]!;
    return [row(0), row(3), row(6)];
  };

  /** The mean of a picture over a cell of a grid of `columns` × `rows`, but for a margin, a share of the cell. */
  function cellMean(picture: LinearPicture, columns: number, rows: number, cell: number, margin: number) {
    const { width, height, rgb } = picture;
    const [column, row] = [cell % columns, Math.floor(cell / columns)];
    const range = (index: number, length: number, count: number): [number, number] => [
      Math.round(((index + margin) * length) / count),
      Math.round(((index + 1 - margin) * length) / count),
    ];
    const [[left, right], [top, bottom]] = [range(column, width, columns), range(row, height, rows)];
    const sum = [0, 0, 0];
    for (let y = top; y < bottom; y++)
      for (let x = left; x < right; x++) for (let c = 0; c < 3; c++) sum[c]! += rgb[(y * width + x) * 3 + c]!;
    return sum.map((value) => value / ((right - left) * (bottom - top)));
  }

  async function developed(noiseFree: string): Promise<LinearPicture> {
    const engine = await Engine.create({ threads: 1 });
    try {
      const development = engine.open(await frame(noiseFree));
      const { width, height, pixels } = await development.render({ as: 'linear-rec2020' });
      development.close();
      return { width, height, rgb: pixels };
    } finally {
      await engine.close();
    }
  }

  /** How bright the exposure is, is free: one factor for all colours. */
  function differences(expected: readonly Xyz[], measured: readonly Xyz[]): number[] {
    const sum = (colours: readonly Xyz[]): number => colours.reduce((total, [, y]) => total + y, 0);
    const factor = sum(expected) / sum(measured);
    return measured.map(([x, y, z], i) =>
      deltaE2000(xyzToLab([x * factor, y * factor, z * factor], D65), xyzToLab(expected[i]!, D65)),
    );
  }

  it('come back within ΔE2000 1, every one', async () => {
    const colours = [
      [0.9, 0.9, 0.9],
      [0.18, 0.18, 0.18],
      [0.03, 0.03, 0.03],
      [0.45, 0.12, 0.1],
      [0.12, 0.35, 0.1],
      [0.08, 0.12, 0.4],
      [0.6, 0.45, 0.08],
      [0.4, 0.15, 0.35],
      [0.1, 0.35, 0.4],
      [0.4, 0.25, 0.2],
      [0.05, 0.08, 0.03],
      [0.7, 0.6, 0.5],
    ] as const;
    const scene = await writeScene(
      'patches.exr',
      160,
      120,
      (x, y) => colours[Math.floor(y / 40) * 4 + Math.floor(x / 40)]!,
    );
    const made = await twin(scene, '-o', inOut('b'), '--size', '640x480', '--tripod', '--white', '1');
    expect(made.stderr).toBe('');
    const picture = await developed(inOut('b', 'truth', 'frame-0001.noise-free.dng'));
    // A quarter of a patch on each side is far from the neighbours' blur.
    const measured = colours.map((_, i) => toXyz(REC2020, cellMean(picture, 4, 3, i, 0.25)));
    const expected = colours.map((rgb) => toXyz(REC709, rgb));
    expect(Math.max(...differences(expected, measured))).toBeLessThan(1);
  });

  const data = process.env.PHOTOSITE_DATA;
  it.skipIf(data === undefined)('come back of a photograph, too (needs PHOTOSITE_DATA)', async () => {
    const file = join(data!, 'hdr', 'Carrots.exr');
    const source = decodeExr(await readFile(file));
    const scene = { width: source.width, height: source.height, rgb: exrLinearRgb(source) };
    const exposure = ['--lux', '500', '--time', '1/200', '--iso', '50'];
    const size = ['--size', '1200x800', '--tripod', '--white', '1'];
    expect((await twin(file, '-o', inOut('b'), ...size, ...exposure)).code).toBe(0);
    const { frames } = await description(inOut('b'));
    expect(frames[0]!.clippedShare).toBe(0);
    const picture = await developed(inOut('b', 'truth', 'frame-0001.noise-free.dng'));
    // Light that is negative in Rec.709 is taken as 0: such cells are another scene.
    const least = { ...scene, rgb: scene.rgb.map((value) => Math.min(value, 0)) };
    const cells = Array.from({ length: 60 * 40 }, (_, i) => i).filter((cell) =>
      cellMean(least, 60, 40, cell, 0).every((value) => value === 0),
    );
    expect(cells.length).toBeGreaterThan(2000);
    const measured = cells.map((cell) => toXyz(REC2020, cellMean(picture, 60, 40, cell, 0)));
    const expected = cells.map((cell) => toXyz(REC709, cellMean(scene, 60, 40, cell, 0)));
    const found = differences(expected, measured).sort((a, b) => a - b);
    // A cell is 10 × 10 samples; where an edge runs along its border, a fraction of a sample more or less on one side is
    // another colour: hence in the mean, and in all but the worst cells.
    expect(found.reduce((sum, value) => sum + value, 0) / found.length).toBeLessThan(0.5);
    expect(found[Math.floor(0.95 * found.length)]).toBeLessThan(1);
  });
});

describe('scenes from files', () => {
  it('takes what is no light as darkness and says so', async () => {
    const scene = await writeScene('nan.exr', 64, 48, (x, y) =>
      x === 30 && y === 20 ? [Number.NaN, 1, 1] : x === 3 ? [-0.1, 0.2, 0.2] : [0.3, 0.3, 0.3],
    );
    const { code, stderr } = await twin(scene, '-o', inOut('b'), ...SMALL, '--tripod');
    expect(code).toBe(0);
    expect(stderr).toMatch(/1 samples of the scene have values that are no finite number/);
    expect(stderr).toMatch(/48 samples of the scene have negative values/);
    const { channels } = await truth(inOut('b', 'truth', 'frame-0001.exr'));
    expect(channels.get('R')!.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
  });

  it('uses distances, and refuses those that do not fit', async () => {
    const scene = await writeScene('flat.exr', 64, 48, () => [0.3, 0.3, 0.3]);
    const near = new Float32Array(64 * 48).map((_, i) => (i % 64 < 32 ? 0.5 : 4));
    const depth = await writeExr('depth.exr', 64, 48, { Z: { samples: near } });
    const args = [scene, '-o', inOut('b'), ...SMALL, '--tripod'];
    expect((await twin(...args, '--depth', depth)).stderr).toBe('');
    const { channels } = await truth(inOut('b', 'truth', 'frame-0001.exr'));
    const z = channels.get('Z')!;
    expect([z[72 * 192 + 20], z[72 * 192 + 170]]).toEqual([0.5, 4]);

    const small = await writeExr('small.exr', 8, 8, { Z: { samples: new Float32Array(64).fill(1) } });
    const zero = await writeExr('zero.exr', 64, 48, { Z: { samples: new Float32Array(64 * 48) } });
    for (const [file, problem] of [
      [small, /small\.exr: 8 × 8 distances/],
      [zero, /zero\.exr: channel Z, column 0, row 0: 0 m/],
      [scene, /flat\.exr: it has no channel Z/],
    ] as const) {
      const { code, stderr } = await twin(...args, '--force', '--depth', file);
      expect(code).toBe(1);
      expect(stderr).toMatch(problem);
      expect(stderr).toMatch(oneLine);
    }
  });

  it('names a file that is broken, and leaves nothing', async () => {
    const sound = await readFile(await writeScene('sound.exr', 64, 48, () => [0.3, 0.3, 0.3]));
    await writeFile(join(inputs, 'cut.exr'), sound.subarray(0, sound.length - 40));
    await writeFile(join(inputs, 'text.exr'), 'no picture at all');
    await writeFile(join(inputs, 'text.png'), 'no picture at all');
    for (const name of ['cut.exr', 'text.exr', 'text.png', 'none.exr']) {
      const { code, stderr } = await twin(join(inputs, name), '-o', inOut('b'), ...SMALL);
      expect(code, name).toBe(1);
      expect(stderr).toMatch(oneLine);
      expect(stderr).toContain(name);
      expect(await readdir(out)).toEqual([]);
    }
  });
});

describe('what photosite twin refuses', () => {
  it.each([
    [[]],
    [[CHART]],
    [['notes.txt', '-o', 'OUT']],
    [[CHART, '-o', 'OUT', '--frames', '0']],
    [[CHART, '-o', 'OUT', '--size', '101x80']],
    [[CHART, '-o', 'OUT', '--size', '20000x20000']],
    [[CHART, '-o', 'OUT', '--f', '22']],
    [[CHART, '-o', 'OUT', '--time', '-1']],
    [[CHART, '-o', 'OUT', '--bracket', '1,x']],
    [[CHART, '-o', 'OUT', '--moving', 'elephant']],
    [[CHART, '-o', 'OUT', '--moving', 'disc:speed=1']],
    [[CHART, '-o', 'OUT', '--hand', '1', '--tripod']],
    [[CHART, '-o', 'OUT', '--depth', 'z.exr']],
  ])('%j: a line about it, exit code 2', async (args) => {
    const { code, stderr } = await twin(...args.map((word) => (word === 'OUT' ? inOut('b') : word)));
    expect(stderr).toMatch(oneLine);
    expect(code).toBe(2);
    expect(await readdir(out)).toEqual([]);
  });

  it.each([
    [['--camera', 'nokia-3310/main'], /camera/],
    [['--lens', 'bottle'], /bottle/],
    [['--iso', '1'], /iso/],
  ])('%j: the names that there are, or the range', async (args, message) => {
    const { code, stderr } = await twin(CHART, '-o', inOut('b'), ...SMALL, ...args);
    expect(stderr).toMatch(oneLine);
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
    expect(await readdir(out)).toEqual([]);
  });

  it('writes nothing where it may not', async () => {
    await writeFile(inOut('file'), 'mine');
    const { code, stderr } = await twin(CHART, '-o', inOut('file', 'b'), ...SMALL);
    expect([code, stderr.match(oneLine)?.length]).toEqual([2, 1]);
    expect(await filesUnder(out)).toEqual(['file']);
  });

  it('told to stop it leaves nothing behind', async () => {
    await mkdir(inOut('b'));
    // Large enough to be at work for some seconds.
    const child = start(['twin', CHART, '-o', inOut('b'), '--size', '2048x1536', '--frames', '8']);
    const ended = outcome(child);
    while ((await filesUnder(inOut('b'))).length === 0)
      await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill('SIGTERM');
    const { code, stderr } = await ended;
    expect(code).toBe(143);
    expect(stderr).toMatch(oneLine);
    expect(await readdir(inOut('b'))).toEqual([]);
  });
});
