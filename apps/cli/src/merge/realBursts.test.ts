import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DevelopReport } from '../develop/report.js';
import { photosite } from '../testing/photosite.js';

const DATA = process.env.PHOTOSITE_DATA ?? '';
const JPEGS = join(DATA, 'jpeg-burst');
const RAWS = join(DATA, 'raw');
const TIMEOUT_MS = 120_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'photosite-real-bursts-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function develop(...args: string[]) {
  const { code, stdout, stderr } = await photosite('develop', ...args, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return (JSON.parse(stdout) as DevelopReport).files[0]!;
}

describe.skipIf(!existsSync(JPEGS))('the burst of JPEGs of PHOTOSITE_DATA', () => {
  it('is merged, each frame where it lies, and keeps Exif', { timeout: TIMEOUT_MS }, async () => {
    const files = (await readdir(JPEGS)).sort().slice(0, 4);
    const out = join(folder, 'merged.jpg');
    const { frames } = await develop(...files.map((file) => join(JPEGS, file)), '-o', out);
    expect(frames!.map(({ role }) => role).sort()).toEqual(['merged', 'merged', 'merged', 'reference']);
    for (const { shiftX, shiftY, share } of frames!) {
      // The hand drifts by 26 pixels over all nine frames.
      expect(Math.hypot(shiftX, shiftY)).toBeLessThan(26);
      expect(share).toBeGreaterThan(0.5);
    }
    const { width, height, exif } = await sharp(out).metadata();
    expect([width, height]).toEqual([4032, 3024]);
    expect(exif!.toString('latin1')).toContain('iPhone XR');
  });
});

describe.skipIf(!existsSync(join(RAWS, 'GOPR8508.dng')))('two raw files of nearly one view', () => {
  it('are one burst where a person names them, a minute apart', { timeout: TIMEOUT_MS }, async () => {
    const pair = ['GOPR8508.dng', 'GOPR8513.dng'].map((name) => join(RAWS, name));
    const { code, stdout } = await photosite('develop', ...pair, '-o', join(folder, 'pair.jpg'), '--json');
    expect(code).toBe(0);
    const { frames } = (JSON.parse(stdout) as DevelopReport).files[0]!;
    expect(frames).toHaveLength(2);
    expect(frames!.filter(({ role }) => role === 'reference')).toHaveLength(1);
  });
});
