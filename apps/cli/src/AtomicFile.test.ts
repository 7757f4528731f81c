import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { probeFolder, removePending, writeAtomically } from './AtomicFile.js';

let folder: string;
const inFolder = (name: string): string => join(folder, name);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'photosite-atomic-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('writes pieces in order, empty ones and those on shared memory too', async () => {
  const shared = new Uint8Array(new SharedArrayBuffer(3 << 20)).fill(7);
  await writeAtomically(
    inFolder('a'),
    [Uint8Array.of(1, 2), new Uint8Array(), shared, Uint8Array.of(3)],
    false,
  );
  const written = await readFile(inFolder('a'));
  expect(written.equals(Buffer.concat([Uint8Array.of(1, 2), shared, Uint8Array.of(3)]))).toBe(true);
  expect(await readdir(folder)).toEqual(['a']);
});

it('does not replace a file that appeared while it wrote', async () => {
  const large = new Uint8Array(16 << 20);
  const writing = writeAtomically(inFolder('a'), [large], false);
  const refused = expect(writing).rejects.toThrow(`${inFolder('a')} exists already. Use --force`);
  await writeFile(inFolder('a'), 'somebody else');
  await refused;
  expect(await readFile(inFolder('a'), 'utf8')).toBe('somebody else');
  expect(await readdir(folder)).toEqual(['a']);
});

it('lets the system decide who may read a new file', async () => {
  await writeAtomically(inFolder('a'), [Uint8Array.of(1)], false);
  await writeFile(inFolder('b'), 'x');
  expect((await stat(inFolder('a'))).mode).toBe((await stat(inFolder('b'))).mode);
});

it('removes what is half-written when the process is told to stop', async () => {
  const writing = writeAtomically(inFolder('a'), [new Uint8Array(32 << 20)], true);
  const failed = expect(writing).rejects.toThrow(inFolder('a'));
  expect(await readdir(folder)).toHaveLength(1);
  removePending();
  expect(await readdir(folder)).toEqual([]);
  await failed;
});

it('probes a folder without a trace', async () => {
  probeFolder(folder);
  expect(await readdir(folder)).toEqual([]);
  expect(() => probeFolder(inFolder('none'))).toThrow('ENOENT');
});
