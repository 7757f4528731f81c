import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RawFrame, readRaw } from '@photosite/raw';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { burstFrame, dngOf, FRAME, sceneOf, signalOf } from '../testing/burstFrames.js';
import { outcome, photosite, start } from '../testing/photosite.js';
import type { MergeReport } from './command.js';

const { width, height } = FRAME;
const SCENE = sceneOf(1, width, height);
/** Where each frame's picture lies, less where the first one's does. */
const SHIFTS = [
  [0, 0],
  [3.4, -1.6],
  [-2.2, 5.7],
  [7.1, 2.5],
  [-4.8, -3.3],
  [1.5, 6.2],
] as const;

let folder: string;
let burst: string;
let out: string;
let frames: string[];

const inBurst = (name: string) => join(burst, name);
const inOut = (name: string) => join(out, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'photosite-merge-'));
  burst = join(folder, 'burst');
  await mkdir(burst);
  frames = SHIFTS.map((_, i) => inBurst(`frame-${i}.dng`));
  for (const [i, [shiftX, shiftY]] of SHIFTS.entries())
    await writeFile(frames[i]!, dngOf(burstFrame(SCENE, { shiftX, shiftY, seed: i })));
});
beforeEach(async () => {
  out = await mkdtemp(join(folder, 'out-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function mergeWithReport(...args: string[]) {
  const { code, stdout, stderr } = await photosite('merge', ...args, '--json');
  return { code, stderr, report: code === 0 ? (JSON.parse(stdout) as MergeReport) : undefined };
}

const read = async (name: string): Promise<RawFrame> => readRaw(await readFile(inOut(name)));

/** Error of a mosaic against the first frame without noise, dB. */
function psnr(frame: RawFrame): number {
  const truth = signalOf(SCENE, {});
  const black = frame.blackLevel?.values[0] ?? 0;
  const range = frame.whiteLevel[0]! - black;
  let [squares, count] = [0, 0];
  for (let y = 16; y < height - 16; y++)
    for (let x = 16; x < width - 16; x++, count++)
      squares += ((frame.samples[y * width + x]! - black) / range - truth[y * width + x]!) ** 2;
  return -10 * Math.log10(squares / count);
}

describe('photosite merge', () => {
  it('makes one frame with less noise of a handheld burst, and says where each frame lies', async () => {
    const { code, report } = await mergeWithReport(
      ...frames,
      '-o',
      inOut('m.dng'),
      '--cfa',
      '--reference',
      frames[0]!,
    );
    expect(code).toBe(0);
    const [merged] = report!.merged;
    expect(merged!.reference).toBe(frames[0]);
    expect(merged!.frames.map(({ role }) => role)).toEqual([
      'reference',
      ...Array.from({ length: 5 }, () => 'merged'),
    ]);
    for (const [i, { shiftX, shiftY, share }] of merged!.frames.entries()) {
      expect(Math.hypot(shiftX - SHIFTS[i]![0], shiftY - SHIFTS[i]![1])).toBeLessThan(0.15);
      expect(share).toBeGreaterThan(0.5);
    }
    const frame = await read('m.dng');
    expect(frame.cfa?.pattern).toEqual([0, 1, 1, 2]);
    expect(frame.exposure.exposureTime).toBe(1 / 250);
    expect(frame.noiseProfile![0]!.scale).toBeLessThan(0.001 / 3);
    // Six frames can give 7.8 dB.
    expect(psnr(frame) - psnr(readRaw(await readFile(frames[0]!)))).toBeGreaterThan(5);
    expect(new TextDecoder().decode(frame.xmp)).toContain('frame-5.dng');
  });

  it('comes closer to the truth with --quality best', async () => {
    const of = async (quality: string) => {
      const name = `${quality}.dng`;
      await photosite(
        'merge',
        ...frames,
        '-o',
        inOut(name),
        '--cfa',
        '--quality',
        quality,
        '--reference',
        frames[0]!,
      );
      return psnr(await read(name));
    };
    expect((await of('best')) - (await of('fast'))).toBeGreaterThan(0.1);
    expect((await photosite('merge', ...frames, '-o', inOut('good.dng'), '--quality', 'good')).code).toBe(2);
  });

  it('writes twice the pixels each way', async () => {
    expect((await photosite('merge', ...frames, '-o', inOut('twice.dng'), '--scale', '2')).code).toBe(0);
    const twice = await read('twice.dng');
    expect([twice.width, twice.height, twice.samplesPerPixel]).toEqual([2 * width, 2 * height, 3]);
  });

  it('writes linear RGB, floats and compressed files', async () => {
    const [a, c] = [inOut('rgb.dng'), inOut('float.dng')];
    expect((await photosite('merge', ...frames, '-o', a, '--compress')).code).toBe(0);
    expect((await photosite('merge', ...frames, '-o', c, '--bits', '32')).code).toBe(0);
    const [rgb, float] = [await read('rgb.dng'), await read('float.dng')];
    expect([rgb.width, rgb.height, rgb.samplesPerPixel, rgb.bitsPerSample]).toEqual([width, height, 3, 16]);
    expect(float.samples).toBeInstanceOf(Float32Array);
    for (const pixel of [5000, 30000, 50000].flatMap((at) => [3 * at, 3 * at + 1, 3 * at + 2]))
      expect(Math.max(float.samples[pixel]!, 0)).toBeCloseTo(rgb.samples[pixel]! / 65535, 4);
  });

  it('merges every burst of a folder into a file of its own', async () => {
    const mixed = join(folder, 'mixed');
    await mkdir(mixed);
    for (const [i, name] of ['a', 'b', 'c', 'd'].entries()) {
      const time = `2026-11-21T${i < 2 ? 12 : 13}:00:00.${i}`;
      await writeFile(
        join(mixed, `${name}.dng`),
        dngOf(burstFrame(SCENE, { shiftX: i, seed: 10 + i, time })),
      );
    }
    await writeFile(
      join(mixed, 'e.dng'),
      dngOf(burstFrame(SCENE, { seed: 20, time: '2026-11-21T14:00:00' })),
    );
    const { code, report } = await mergeWithReport(mixed, '-o', `${out}/`);
    expect(code).toBe(0);
    expect((await readdir(out)).sort()).toEqual(['a-merged.dng', 'c-merged.dng']);
    expect(report!.leftOut).toEqual([{ file: join(mixed, 'e.dng'), reason: 'no burst: it stands alone' }]);
  });

  it.each([
    ['no frames', ['merge', '-o', 'm.dng'], 'no frames are named'],
    ['no output', ['merge', 'FRAME'], 'where shall the merged file go?'],
    ['another kind of file', ['merge', 'FRAME', '-o', 'm.jpg'], 'not the name of a DNG'],
    [
      'a mosaic of twice the size',
      ['merge', 'FRAME', '-o', 'm.dng', '--cfa', '--scale', '2'],
      '--cfa has as many',
    ],
    ['odd bits', ['merge', 'FRAME', '-o', 'm.dng', '--bits', '8'], 'It must be 16 or 32'],
    [
      'a deconvolution of more than all',
      ['merge', 'FRAME', '-o', 'm.dng', '--scale', '2', '--deconvolution', '2'],
      'from 0 to 1',
    ],
    [
      'a deconvolution at the sensor’s own size',
      ['merge', 'FRAME', '-o', 'm.dng', '--deconvolution', '1'],
      'add --scale 2',
    ],
    ['an odd scale', ['merge', 'FRAME', '-o', 'm.dng', '--scale', '3'], 'It must be 1 or 2'],
  ])('refuses %s with exit code 2', async (_, args, message) => {
    const { code, stderr } = await photosite(...args.map((arg) => (arg === 'FRAME' ? frames[0]! : arg)));
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });

  it('writes the same bytes for any number of threads', async () => {
    const args = ['merge', ...frames.slice(0, 4), '--force', '-o'];
    expect((await photosite(...args, inOut('one.dng'), '--threads', '1')).code).toBe(0);
    expect((await photosite(...args, inOut('three.dng'), '--threads', '3')).code).toBe(0);
    expect((await readFile(inOut('one.dng'))).equals(await readFile(inOut('three.dng')))).toBe(true);
  });

  it.skipIf(process.platform === 'win32').each([250, 500])(
    'stops after %i ms with nothing half-made',
    async (ms) => {
      const child = start(['merge', ...frames, '-o', inOut('m.dng'), '--compress']);
      const ended = outcome(child);
      await new Promise((resolve) => setTimeout(resolve, ms));
      child.kill('SIGINT');
      const { code } = await ended;
      // A fast machine may be done by then, or between naming its file and ending; a slow one has not begun to listen to signals.
      const finished = existsSync(inOut('m.dng'));
      expect(finished ? [0, 130, null] : [130, null]).toContain(code);
      if (finished) expect((await read('m.dng')).width).toBe(width);
      expect(await readdir(out)).toEqual(finished ? ['m.dng'] : []);
    },
  );

  it('never overwrites what is there', async () => {
    await writeFile(inOut('m.dng'), 'x');
    const { code, stderr } = await photosite('merge', ...frames, '-o', inOut('m.dng'));
    expect(stderr).toContain('exists already');
    expect(code).toBe(1);
    expect(await readFile(inOut('m.dng'), 'utf8')).toBe('x');
  });
});

describe('a burst with something wrong in it', () => {
  /** Merges and expects that one file is left out for a reason, and that the others make a better picture. */
  async function expectLeftOut(odd: string, reason: RegExp, ...others: string[]) {
    const { code, stderr, report } = await mergeWithReport(
      ...[...others, odd, '-o', inOut('m.dng'), '--cfa', '--reference', others[0]!],
    );
    expect(code).toBe(0);
    expect(stderr).toMatch(reason);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    const entry = report!.merged[0]!.frames.find(({ file }) => file === odd);
    expect(entry?.role).toBe('left out');
    expect(entry?.reason).toMatch(reason);
    expect(psnr(await read('m.dng')) - psnr(readRaw(await readFile(others[0]!)))).toBeGreaterThan(3);
  }

  it('leaves a truncated frame out', async () => {
    const cut = inOut('cut.dng');
    const bytes = await readFile(frames[3]!);
    await writeFile(cut, bytes.subarray(0, bytes.length * 0.6));
    await expectLeftOut(cut, /trunc|end|beyond/i, ...frames.slice(0, 3), ...frames.slice(4));
  });

  it('leaves a file out that is no picture', async () => {
    const text = inOut('notes.dng');
    await writeFile(text, 'a shopping list');
    await expectLeftOut(text, /no mosaic/, ...frames);
  });

  it('leaves a frame of another camera out', async () => {
    const other = inOut('other.dng');
    await writeFile(other, dngOf({ ...burstFrame(SCENE, { seed: 7 }), model: 'Another camera' }));
    await expectLeftOut(other, /another camera: Photosite Another camera/, ...frames);
  });

  it('leaves a frame of another size out', async () => {
    const small = inOut('small.dng');
    const whole = burstFrame(SCENE, { seed: 7 });
    const area = { top: 0, left: 0, bottom: 200, right: width };
    await writeFile(
      small,
      dngOf({
        ...whole,
        height: 200,
        samples: whole.samples.slice(0, 200 * width),
        activeArea: area,
        defaultCrop: area,
      }),
    );
    await expectLeftOut(small, /another size: 320 × 200, not 320 × 240/, ...frames);
  });

  it('leaves the frames of another burst out', async () => {
    const later = inOut('later.dng');
    const time = '2026-11-21T12:03:00';
    await writeFile(later, dngOf(burstFrame(sceneOf(2, width, height), { seed: 8, time })));
    await expectLeftOut(later, /another burst, taken 3 min later/, ...frames);
  });

  it('leaves a second copy of a frame out', async () => {
    const copy = inOut('copy.dng');
    await copyFile(frames[2]!, copy);
    await expectLeftOut(copy, /the same picture as frame-2.dng/, ...frames);
  });

  it('leaves a frame out that shows something else', async () => {
    const elsewhere = inOut('elsewhere.dng');
    await writeFile(elsewhere, dngOf(burstFrame(sceneOf(3, width, height), { seed: 9 })));
    await expectLeftOut(elsewhere, /another scene|overlap/, ...frames);
  });

  it('is the reference alone where nothing agrees, and says so', async () => {
    const elsewhere = inOut('elsewhere.dng');
    await writeFile(elsewhere, dngOf(burstFrame(sceneOf(3, width, height), { seed: 9 })));
    const { code, stderr, report } = await mergeWithReport(
      ...[frames[0]!, elsewhere, '-o', inOut('m.dng'), '--cfa', '--reference', frames[0]!],
    );
    expect(code).toBe(0);
    expect(stderr).toContain(`nothing could be merged: the picture is ${frames[0]} alone`);
    expect(report!.merged[0]!.frames.map(({ role }) => role)).toEqual(['reference', 'left out']);
    const [merged, alone] = [await read('m.dng'), readRaw(await readFile(frames[0]!))];
    // It may be denoised, and is never worse than by the rounding of its 16 bits.
    expect(psnr(merged)).toBeGreaterThan(psnr(alone) - 0.01);
  });

  it('is the reference alone where it has one frame, and says so', async () => {
    const { code, stderr, report } = await mergeWithReport(frames[1]!, '-o', inOut('m.dng'), '--cfa');
    expect(code).toBe(0);
    expect(stderr).toContain('nothing could be merged');
    expect(report!.merged[0]!.reference).toBe(frames[1]);
  });

  it('ends with exit code 1 where no file is a frame, or the reference is none', async () => {
    const text = inOut('notes.dng');
    await writeFile(text, 'a shopping list');
    const none = await photosite('merge', text, '-o', inOut('m.dng'));
    expect(none.stderr).toContain(text);
    expect(none.code).toBe(1);
    const broken = await photosite('merge', ...frames, text, '-o', inOut('m.dng'), '--reference', text);
    expect(broken.stderr).toContain("notes.dng can't be the reference");
    expect(broken.code).toBe(1);
    expect(await readdir(out)).toEqual(['notes.dng']);
  });
});

describe('photosite develop of a burst', () => {
  it('makes one photo of frames that are given with one name, and reports each', async () => {
    const { code, stdout } = await photosite('develop', ...frames, '-o', inOut('night.jpg'), '--json');
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as { files: { frames: { role: string }[]; width: number }[] };
    expect(report.files).toHaveLength(1);
    expect(report.files[0]!.width).toBe(width);
    expect(report.files[0]!.frames.filter(({ role }) => role === 'merged')).toHaveLength(5);
    const { exif, xmp } = await sharp(inOut('night.jpg')).metadata();
    expect(exif!.toString('latin1')).toContain('Test camera');
    expect(xmp!.toString()).toContain('frame-5.dng');
  });

  it('takes --quality best for the merge, too', async () => {
    const of = async (quality: string) => {
      const name = inOut(`${quality}.png`);
      const noDenoise = ['--denoise', '0', '--denoise-chroma', '0'];
      await photosite('develop', ...frames, '-o', name, '--quality', quality, ...noDenoise);
      return (await sharp(name).raw().toBuffer()).toString('latin1');
    };
    // What is merged to RGB is not demosaiced any more.
    expect(await of('best')).not.toBe(await of('fast'));
  });

  it('develops each with --no-burst, or where a folder is asked for', async () => {
    const two = frames.slice(0, 2);
    expect((await photosite('develop', ...two, '-o', inOut('each'), '--no-burst')).code).toBe(0);
    expect((await photosite('develop', ...two, '-o', inOut('photos/'))).code).toBe(0);
    expect(await readdir(inOut('each'))).toEqual(['frame-0.jpg', 'frame-1.jpg']);
    expect(await readdir(inOut('photos'))).toEqual(['frame-0.jpg', 'frame-1.jpg']);
  });

  it('never writes over one of its frames', async () => {
    const { code, stderr } = await photosite(
      'develop',
      ...frames,
      '-o',
      frames[2]!,
      '--format',
      'jpeg',
      '--force',
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(/never written to|is the name of/);
  });
});

describe('a burst of JPEGs', () => {
  it('becomes one JPEG that looks like them with less noise, turned and described like them', async () => {
    const files: string[] = [];
    const size = width * height;
    const truth = new Float32Array(size * 3);
    for (const [i, [shiftX, shiftY]] of SHIFTS.entries()) {
      const noisy = Buffer.alloc(size * 3);
      const { samples } = burstFrame((x, y) => SCENE(x, y, 1), { seed: 30 + i });
      for (let at = 0; at < size; at++) {
        const [x, y] = [at % width, Math.floor(at / width)];
        const noise = (samples[at]! - 512) / 15871 - SCENE(x, y, 1);
        for (let c = 0; c < 3; c++) {
          const light = SCENE(x - shiftX, y - shiftY, c);
          if (i === 0) truth[at * 3 + c] = 255 * encode(light);
          noisy[at * 3 + c] = Math.round(255 * encode(Math.min(Math.max(light + noise, 0), 1)));
        }
      }
      const file = inOut(`IMG_${i}.JPG`);
      await sharp(noisy, { raw: { width, height, channels: 3 } })
        .withExif({ IFD0: { Make: 'Photosite', Model: 'Phone' } })
        .withMetadata({ orientation: 6 })
        .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
        .toFile(file);
      files.push(file);
    }
    const merged = inOut('merged.png');
    const { code, stderr } = await photosite('develop', ...files, '-o', merged);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const picture = await sharp(merged).rotate(-90).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    expect([picture.info.width, picture.info.height]).toEqual([width, height]);
    const one = await sharp(files[0]!).removeAlpha().raw().toBuffer();
    const error = (data: Buffer) => {
      let squares = 0;
      for (let y = 16; y < height - 16; y++)
        for (let i = (y * width + 16) * 3; i < (y * width + width - 16) * 3; i++)
          squares += (data[i]! - truth[i]!) ** 2;
      return -10 * Math.log10(squares / ((width - 32) * (height - 32) * 3) / 255 ** 2);
    };
    expect(error(picture.data) - error(one)).toBeGreaterThan(5);
  });

  it('has no mosaic to merge', async () => {
    const file = inOut('a.jpg');
    await sharp({ create: { width: 64, height: 64, channels: 3, background: 'grey' } }).toFile(file);
    const { code, stderr } = await photosite('merge', file, '-o', inOut('m.dng'), '--cfa');
    expect(stderr).toContain('leave --cfa out');
    expect(code).toBe(2);
  });
});

describe('a burst of LinearRaw pictures', () => {
  it('becomes one with less noise, with black levels of its own for each plane', async () => {
    const size = width * height;
    const black = [300, 512, 700];
    const truth = new Float32Array(size * 3);
    const files: string[] = [];
    let one = new Float32Array();
    for (const [i, [shiftX, shiftY]] of SHIFTS.entries()) {
      // Each plane's noise is its own: that of three mosaics of one scene.
      const noise = [0, 1, 2].map(
        (c) => burstFrame((x, y) => SCENE(x - shiftX, y - shiftY, c), { seed: 40 + 10 * i + c }).samples,
      );
      const light = Float32Array.from(
        { length: size * 3 },
        (_, at) => (noise[at % 3]![Math.floor(at / 3)]! - 512) / 15871,
      );
      if (i === 0) {
        one = light;
        for (let at = 0; at < size * 3; at++)
          truth[at] = SCENE(Math.floor(at / 3) % width, Math.floor(at / 3 / width), at % 3);
      }
      const { cfa: _, ...frame } = burstFrame(SCENE, { seed: i });
      files.push(inOut(`linear-${i}.dng`));
      await writeFile(
        files[i]!,
        dngOf({
          ...frame,
          samples: Uint16Array.from(light, (v, at) =>
            Math.max(Math.round(black[at % 3]! + v * (16383 - black[at % 3]!)), 0),
          ),
          samplesPerPixel: 3,
          blackLevel: { repeatRows: 1, repeatCols: 1, values: black },
          whiteLevel: [16383, 16383, 16383],
        }),
      );
    }
    const { code, stderr, report } = await mergeWithReport(
      ...files,
      '-o',
      inOut('m.dng'),
      '--reference',
      files[0]!,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(report!.merged[0]!.frames.map(({ role }) => role)).toEqual([
      'reference',
      ...Array.from({ length: 5 }, () => 'merged'),
    ]);
    const merged = await read('m.dng');
    const scale = merged.whiteLevel[0]!;
    const error = (light: (at: number) => number) => {
      let squares = 0;
      for (let y = 16; y < height - 16; y++)
        for (let at = (y * width + 16) * 3; at < (y * width + width - 16) * 3; at++)
          squares += (light(at) - truth[at]!) ** 2;
      return -10 * Math.log10(squares / ((width - 32) * (height - 32) * 3));
    };
    expect(error((at) => merged.samples[at]! / scale) - error((at) => one[at]!)).toBeGreaterThan(6);
  });
});

/** sRGB's curve (IEC 61966-2-1). */
function encode(light: number): number {
  return light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
}
