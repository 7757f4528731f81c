import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  COLOR_CHECKER,
  clamp01,
  D50,
  encodeSrgb,
  labToXyz,
  multiply3,
  XYZ_D50_TO_SRGB,
} from '@photosite/measure';
import { ExrWriter, encodePicture } from '@photosite/picture';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { photosite } from '../testing/photosite.js';

let folder: string;
const file = (name: string): string => join(folder, name);
const measure = (...args: string[]) => photosite('measure', ...args);

const [WIDTH, HEIGHT, PITCH] = [420, 300, 60];

/** Linear sRGB of the chart, its first patch's middle at 60,60, on white; channels by `gains`. */
function chart(gains: readonly number[] = [1, 1, 1]): Float32Array {
  const data = new Float32Array(WIDTH * HEIGHT * 3).fill(0.6);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const [column, row] = [Math.round(x / PITCH) - 1, Math.round(y / PITCH) - 1];
      const [dx, dy] = [x - (column + 1) * PITCH, y - (row + 1) * PITCH];
      const onChart = x > 22 && x < 398 && y > 22 && y < 278;
      const patch =
        column >= 0 && column < 6 && row >= 0 && row < 4 ? COLOR_CHECKER[row * 6 + column] : undefined;
      const inside = patch !== undefined && Math.max(Math.abs(dx), Math.abs(dy)) < 26;
      const color = inside ? multiply3(XYZ_D50_TO_SRGB, labToXyz(patch.lab, D50)) : [0.03, 0.03, 0.03];
      if (!onChart) continue;
      for (let c = 0; c < 3; c++) data[(y * WIDTH + x) * 3 + c] = color[c]! * gains[c]!;
    }
  }
  return data;
}

/** Writes linear sRGB as a PNG of 16 bits without a profile. */
async function writePng(name: string, linear: Float32Array, width = WIDTH, height = HEIGHT): Promise<string> {
  const codes = Uint16Array.from(linear, (value) => Math.round(65535 * encodeSrgb(clamp01(value))));
  await sharp(codes, { raw: { width, height, channels: 3 } })
    .toColourspace('rgb16')
    .png()
    .toFile(file(name));
  return file(name);
}

/** A small generator of numbers in [0, 1), the same at each run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'photosite-measure-'));
  await writePng('chart.png', chart());
});
afterAll(() => rm(folder, { recursive: true }));

/** Written out: the middles of dark skin, bluish green, black and white. */
const CORNERS = [
  [60, 60],
  [360, 60],
  [360, 240],
  [60, 240],
];

describe('photosite measure colors', () => {
  it('finds a chart, tells its colours patch by patch and draws what it saw', async () => {
    const overlay = file('seen.png');
    const { code, stdout, stderr } = await measure('colors', file('chart.png'), '--overlay', overlay);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    for (const { name } of COLOR_CHECKER) expect(stdout).toContain(name);
    expect(stdout).toContain('taken as sRGB');
    expect(stdout).toMatch(/ΔE2000 +mean 0\.\d+, median 0\.0/);
    const { width, height, format } = await sharp(overlay).metadata();
    expect([width, height, format]).toEqual([WIDTH, HEIGHT, 'png']);
    const again = await measure('colors', file('chart.png'), '--overlay', overlay);
    expect(again.code).toBe(1);
    expect(again.stderr).toContain('--force');
  });

  it('tells everything as JSON', async () => {
    const { stdout } = await measure('colors', file('chart.png'), '--json');
    const { chart: seen, patches, deltaE2000 } = JSON.parse(stdout);
    expect(patches).toHaveLength(24);
    expect(seen.mirrored).toBe(false);
    seen.corners.flat().forEach((value: number, i: number) => {
      expect(Math.abs(value - CORNERS.flat()[i]!)).toBeLessThan(1);
    });
    // Cyan lies outside of sRGB and is cut; the others are exact to 16 bits.
    const off = patches.filter((patch: { deltaE2000: number }) => patch.deltaE2000 > 0.05);
    expect(off.map(({ name }: { name: string }) => name)).toEqual(['cyan']);
    expect(deltaE2000.median).toBeLessThan(0.05);
  });

  it('balances white and fits the exposure, unless told not to', async () => {
    const cast = await writePng('cast.png', chart([0.5, 0.7, 0.4]));
    const mean = async (...flags: string[]) =>
      JSON.parse((await measure('colors', cast, '--json', ...flags)).stdout).deltaE2000.mean;
    // The cast is diagonal in sRGB, the balance in Bradford's space: some is left in saturated colours.
    expect(await mean()).toBeLessThan(3);
    expect(await mean('--no-balance')).toBeGreaterThan(8);
    expect(await mean('--no-exposure')).toBeGreaterThan(5);
  });

  const convert = (linear: Float32Array, matrix: readonly number[]) => {
    const out = new Float32Array(linear.length);
    for (let i = 0; i < out.length; i += 3) out.set(multiply3(matrix, [...linear.subarray(i, i + 3)]), i);
    return out;
  };
  const size = { width: WIDTH, height: HEIGHT };
  const writers: Readonly<Record<string, (linear: Float32Array) => Promise<Uint8Array[]>>> = {
    async 'p3.png'(linear) {
      // Linear Display P3 of linear sRGB, both with a white of D65.
      const p3 = convert(linear, [0.82246, 0.17754, 0, 0.03319, 0.96681, 0, 0.01708, 0.0724, 0.91052]);
      const pixels = Uint16Array.from(p3, (value) => Math.round(65535 * encodeSrgb(clamp01(value))));
      const picture = { ...size, pixels, colorSpace: 'display-p3' } as const;
      return [...(await encodePicture(picture, { format: 'png', bitDepth: 16 })).chunks];
    },
    async 'linear.tif'(linear) {
      // Linear Rec.2020 of linear sRGB (ITU-R BT.2087-0, annex 1).
      const pixels = convert(linear, [0.6274, 0.3293, 0.0433, 0.0691, 0.9195, 0.0114, 0.0164, 0.088, 0.8956]);
      const picture = { ...size, pixels, colorSpace: 'linear-rec2020' } as const;
      return [...(await encodePicture(picture, { format: 'tiff', bitDepth: 32 })).chunks];
    },
    async 'chart.exr'(linear) {
      const names = ['R', 'G', 'B'];
      const channels = names.map((name) => ({ name, type: 'float' as const }));
      const parts: { bytes: Uint8Array; position: number }[] = [];
      const writer = new ExrWriter({ ...size, channels, compression: 'none' }, (bytes, position) => {
        parts.push({ bytes: bytes.slice(), position });
      });
      writer.write(
        HEIGHT,
        Object.fromEntries(names.map((name, start) => [name, { samples: linear, start, stride: 3 }])),
      );
      writer.finish();
      const whole = new Uint8Array(Math.max(...parts.map(({ bytes, position }) => position + bytes.length)));
      for (const { bytes, position } of parts) whole.set(bytes, position);
      return [whole];
    },
  };
  it.each(Object.keys(writers))('takes %s for what it is', async (name) => {
    await writeFile(file(name), Buffer.concat(await writers[name]!(chart())));
    const { stdout, stderr } = await measure('colors', file(name), '--json', '--no-balance', '--no-exposure');
    expect(stderr).toBe('');
    // The matrices have four to seven digits.
    expect(JSON.parse(stdout).deltaE2000.median).toBeLessThan(0.15);
  });

  it('reads the patches between given corners, and refuses another order', async () => {
    const points = CORNERS.map((corner) => corner.join(','));
    const given = await measure('colors', file('chart.png'), '--corners', ...points);
    expect(given.code).toBe(0);
    expect(given.stdout).toContain('given');
    const turned = await measure('colors', file('chart.png'), '--corners', ...points.reverse());
    expect(turned.code).toBe(1);
    expect(turned.stderr).toContain('in this order');
  });

  it('does not guess where there is no chart', async () => {
    const grey = await writePng('grey.png', new Float32Array(200 * 100 * 3).fill(0.3), 200, 100);
    const { code, stderr } = await measure('colors', grey);
    expect(code).toBe(1);
    expect(stderr).toMatch(/grey\.png: no ColorChecker was found.*--corners/);
  });
});

describe('photosite measure sharpness', () => {
  const SIGMA = 0.9;
  /** An edge of 6° under a Gaussian, by the integral of its bell. */
  async function edge(): Promise<string> {
    const [width, height] = [90, 100];
    const [cos, sin] = [Math.cos(Math.PI / 30), Math.sin(Math.PI / 30)];
    const step = 0.01;
    const reach = 8;
    const sums = [0];
    for (let t = -reach; t < reach; t += step) {
      sums.push(sums.at(-1)! + (step * Math.exp(-((t + step / 2) ** 2) / 2)) / Math.sqrt(2 * Math.PI));
    }
    const data = new Float32Array(width * height * 3);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const distance = (x - 45.2) * cos - (y - 50) * sin;
        const at = Math.min(Math.max((distance / SIGMA + reach) / step, 0), sums.length - 1);
        data.fill(0.1 + 0.7 * sums[Math.round(at)]!, (y * width + x) * 3, (y * width + x) * 3 + 3);
      }
    }
    return writePng('edge.png', data, width, height);
  }

  it('gives the MTF of a known blur, by itself and in a given region', async () => {
    const path = await edge();
    const truth = Math.sqrt(Math.log(2) / 2) / (Math.PI * SIGMA);
    const found = JSON.parse((await measure('sharpness', path, '--json')).stdout);
    for (const { luminance } of found.edges) {
      expect(Math.abs(luminance.mtf50 / truth - 1)).toBeLessThan(0.02);
    }
    const { stdout, code } = await measure('sharpness', path, '--region', '5,5,80,90');
    expect(code).toBe(0);
    // 0.208 cycles per pixel are 20.8 line pairs over 100 rows.
    expect(stdout).toMatch(/luminance +0\.2(07|08|09) +21 /);
  });

  it('says so where there is no edge, and where the region is wrong', async () => {
    const none = await measure('sharpness', file('grey.png'));
    expect(none.code).toBe(1);
    expect(none.stderr).toContain('no slanted edge was found');
    const outside = await measure('sharpness', file('edge.png'), '--region', '50,50,80,80');
    expect(outside.code).toBe(1);
    expect(outside.stderr).toContain('no area of a picture of 90×100');
  });
});

describe('photosite measure noise', () => {
  it('tells temporal noise from the fixed pattern by several frames', async () => {
    const size = 120;
    const pattern = random(1);
    const fixed = Float32Array.from({ length: size * size * 3 }, () => 0.3 + 0.02 * (pattern() - 0.5));
    const draw = random(2);
    const frames: string[] = [];
    for (let k = 0; k < 4; k++) {
      frames.push(
        await writePng(
          `flat-${k}.png`,
          fixed.map((value) => value + 0.05 * (draw() - 0.5)),
          size,
          size,
        ),
      );
    }
    const { temporal, fixedPattern } = JSON.parse((await measure('noise', ...frames, '--json')).stdout);
    // Even numbers have a deviation of 1/√12 of their width; 14400 pixels in four frames know it to 1 %.
    expect(Math.abs(temporal.green.sigma / (0.05 / Math.sqrt(12)) - 1)).toBeLessThan(0.02);
    expect(Math.abs(fixedPattern.green.sigma / (0.02 / Math.sqrt(12)) - 1)).toBeLessThan(0.08);
    const one = await measure('noise', frames[0]!, '--region', '10,10,64,64');
    expect(one.stdout).toMatch(/Total noise[\s\S]*weighted/);
  });
});

describe('photosite measure texture and compare', () => {
  it('finds that a picture keeps all of itself', async () => {
    const draw = random(3);
    const texture = Float32Array.from({ length: 128 * 128 * 3 }, () => 0.2 + 0.6 * draw());
    const path = await writePng('leaves.png', texture, 128, 128);
    const { cross, textureAcutance } = JSON.parse((await measure('texture', path, path, '--json')).stdout);
    for (const value of cross.values) expect(value).toBeCloseTo(1, 9);
    expect(textureAcutance.cross).toBeGreaterThan(0);
    const equal = JSON.parse((await measure('compare', path, path, '--json', '--white', '100')).stdout);
    expect(equal).toMatchObject({ psnr: null, deltaE2000: { mean: 0, max: 0 }, hdr: { puPsnr: null } });
    expect(equal.ssim).toBeCloseTo(1, 9);
  });

  it('gives the PSNR of a known error', async () => {
    const a = await writePng('a.png', new Float32Array(32 * 32 * 3).fill(0.25), 32, 32);
    const b = await writePng('b.png', new Float32Array(32 * 32 * 3).fill(0.3), 32, 32);
    const { psnr } = JSON.parse((await measure('compare', a, b, '--json')).stdout);
    // 16 bits.
    expect(psnr).toBeCloseTo(-20 * Math.log10(encodeSrgb(0.3) - encodeSrgb(0.25)), 2);
  });

  it('refuses pictures of different size, naming both', async () => {
    const { code, stderr } = await measure('compare', file('a.png'), file('chart.png'));
    expect(code).toBe(1);
    expect(stderr).toMatch(/chart\.png has 420 × 300 pixels, .*a\.png 32 × 32/);
  });
});

describe('photosite measure', () => {
  it('has help with examples, for itself and for each kind', async () => {
    const { code, stdout } = await measure('--help');
    expect(code).toBe(0);
    for (const kind of ['colors', 'sharpness', 'noise', 'texture', 'compare']) {
      expect(stdout).toContain(`photosite measure ${kind}`);
      const help = await measure(kind, '--help');
      expect(help.code).toBe(0);
      expect(help.stdout).toContain('Examples:');
    }
  });

  it.each([
    ['no kind', [], 'say what to measure: colors'],
    ['an unknown kind', ['beauty', 'a.png'], 'there is no measure beauty'],
    ['no picture', ['colors'], 'no picture is named'],
    ['a raw file', ['colors', 'IMG.dng'], 'photosite develop IMG.dng -o picture.tif --as linear-rec2020'],
    ['three corners', ['colors', 'a.png', '--corners', '1,2', '3,4', '5,6'], '--corners needs four points'],
    ['no point', ['colors', 'a.png', '--corners', '1;2'], 'x,y in pixels'],
    ['no region', ['noise', 'a.png', '--region', '1,2,3'], 'x,y,width,height'],
    ['one picture of two', ['compare', 'a.png'], 'compare REFERENCE PICTURE'],
  ])('ends with 2 and one line for %s', async (_, args, message) => {
    const { code, stdout, stderr } = await measure(...args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('ends with 1 and names the file where it is missing or no picture', async () => {
    const missing = await measure('noise', file('none.png'));
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringMatching(/none\.png.*no such file/)]);
    await writeFile(file('text.jpg'), 'not a picture');
    const text = await measure('noise', file('text.jpg'));
    expect([text.code, text.stderr]).toEqual([1, expect.stringMatching(/text\.jpg: it can't be read/)]);
  });
});

const data = process.env.PHOTOSITE_DATA ?? '';

// Needs real photographs under PHOTOSITE_DATA.
describe.skipIf(!existsSync(join(data, 'jpeg-burst')))('photosite measure colors on real photographs', () => {
  it.each(['jpeg-burst/IMG_3580.JPG', 'jpeg-burst/IMG_3588.JPG', 'raw/GOPR8508.JPG', 'raw/GOPR8513.JPG'])(
    'finds the chart in %s',
    async (name) => {
      const { stdout, stderr } = await measure('colors', join(data, name), '--json');
      expect(stderr).toBe('');
      const { chart: seen, patches } = JSON.parse(stdout);
      expect(seen.confidence).toBeGreaterThan(0.95);
      for (const { mean, sigma } of patches) {
        // Patches are uniform: noise and shading stay below a quarter of the level, or a hundredth of white.
        for (let c = 0; c < 3; c++) expect(sigma[c]).toBeLessThan(Math.max(0.25 * mean[c], 0.01));
      }
      if (name !== 'raw/GOPR8508.JPG') return;
      // The centres that the benchmark has for the raw file of this picture, measured by hand.
      const charts = JSON.parse(
        readFileSync(new URL('../../../../bench/charts/colorchecker.json', import.meta.url), 'utf8'),
      ).charts;
      const { centres } = charts.find((each: { file: string }) => each.file === 'GOPR8508.dng');
      patches.forEach(({ centre }: { centre: number[] }, i: number) => {
        // A fifth of a patch of 400 pixels; the camera's own picture is corrected for the lens a little otherwise.
        const [x, y] = [centres[i][0] * 4000, centres[i][1] * 3000];
        expect(Math.hypot(centre[0]! - x, centre[1]! - y)).toBeLessThan(80);
      });
    },
  );
});
