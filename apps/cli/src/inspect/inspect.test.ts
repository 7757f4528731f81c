import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { photosite } from '../testing/photosite.js';
import { sampleDng, sampleFrame } from '../testing/sampleFrame.js';

let folder: string;
const file = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'photosite-inspect-'));
  await writeFile(file('a.dng'), sampleDng());
});
afterAll(() => rm(folder, { recursive: true }));

describe('photosite inspect', () => {
  it('tells what the file says, in groups and with units', async () => {
    const { code, stdout, stderr } = await photosite('inspect', file('a.dng'));
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const lines = stdout.split('\n');
    expect(lines.filter((line) => /^\S/.test(line)).slice(1)).toEqual([
      'File',
      'Camera',
      'Exposure',
      'Sensor',
      'Colour',
    ]);
    for (const text of [
      '1/250 s',
      'f/2.8',
      'Photosite Test camera',
      'bayer, RG GB',
      '6 (to be turned right)',
      'D65',
    ])
      expect(stdout).toContain(text);
  });

  it('tells it as JSON: one object for one file, a list for many', async () => {
    const one = await photosite('inspect', file('a.dng'), '--json');
    const { samples: _, ...frame } = sampleFrame();
    const { format, compression, metadata } = JSON.parse(one.stdout);
    expect([format, compression]).toEqual(['DNG', 'lossless JPEG']);
    expect(metadata).toMatchObject({
      width: frame.width,
      cfa: frame.cfa,
      whiteLevel: frame.whiteLevel,
      defaultCrop: frame.defaultCrop,
      orientation: frame.orientation,
    });
    expect(metadata.samples).toBeUndefined();
    const two = await photosite('inspect', file('a.dng'), file('a.dng'), '--json');
    expect(JSON.parse(two.stdout)).toEqual([JSON.parse(one.stdout), JSON.parse(one.stdout)]);
  });

  it('does not decode the samples: a file whose samples are damaged is told like any other', async () => {
    const bytes = sampleDng();
    // Lossless JPEG tiles lie at the end.
    bytes.fill(0x11, bytes.length - 1000);
    await writeFile(file('damaged.dng'), bytes);
    const damaged = await photosite('inspect', file('damaged.dng'));
    const sound = await photosite('inspect', file('a.dng'));
    expect(damaged.code).toBe(0);
    expect(damaged.stdout.replace('damaged.dng', 'a.dng')).toBe(sound.stdout);
  });

  it('names a bad file in one line, tells the others and ends with 1', async () => {
    await writeFile(file('jpeg.dng'), Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46));
    const { code, stdout, stderr } = await photosite(
      'inspect',
      file('jpeg.dng'),
      file('a.dng'),
      file('none.dng'),
    );
    expect(code).toBe(1);
    expect(stdout).toContain('Photosite Test camera');
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('jpeg.dng: this is a JPEG picture, not a raw file');
    expect(lines[1]).toContain('none.dng: there is no such file');
  });
});
