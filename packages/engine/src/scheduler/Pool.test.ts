import { afterEach, describe, expect, it } from 'vitest';
import { loadKernels, startThread } from '#platform';
import { Engine } from '../Engine.js';
import { createMemory, INITIAL_PAGES } from '../kernel-module.js';
import { bayerFrame, busyScene } from '../testing/frames.js';
import { developed, digest } from '../testing/render.js';
import { type Job, NO_SHEET } from './job.js';
import { Pool } from './Pool.js';
import type { FromThread, ToThread } from './thread.js';
import { sheetFor, slotBytes } from './WorkTile.js';

let engine: Engine;
afterEach(() => engine.close());

/** A job over a small kept view whose only stage does not exist. */
function faultyJob({ heap, pool }: Engine): Job {
  const buffers = {
    scene: NO_SHEET,
    sceneSpare: false,
    picture: sheetFor(32, 32),
    reduced: NO_SHEET,
    spare: NO_SHEET,
    scratchBytes: 0,
  };
  const whole = { left: 0, top: 0, width: 64, height: 64 };
  const reach = { x: { from: 0, to: 64 }, y: { from: 0, to: 64 } };
  return {
    id: -1,
    region: whole,
    picture: whole,
    reach,
    width: 64,
    height: 64,
    tileWidth: 32,
    tileHeight: 32,
    scene: undefined,
    geometry: undefined,
    cache: { address: heap.allocate(64 * 64 * 12), mode: 'read', reach },
    finish: [{ name: 'no such stage', plan: undefined, halo: 0 }],
    finishHalo: 0,
    delivery: { format: 'uint8', table: 0, address: heap.allocate(64 * 64 * 3), stepX: 3, stepY: 192 },
    buffers,
    slots: Array.from({ length: pool.threads }, () => heap.allocate(slotBytes(buffers))),
    control: heap.allocate(8),
  };
}

describe.each([1, 2, 3])('a pool of %d', (threads) => {
  it('passes on a fault in a stage and goes on working', async () => {
    engine = await Engine.create({ threads });
    const expected = digest(await developed(engine, bayerFrame(90, 70, busyScene())));
    for (let i = 0; i < 2; i++)
      await expect(engine.pool.run(faultyJob(engine), () => undefined, undefined)).rejects.toThrow(TypeError);
    expect(digest(await developed(engine, bayerFrame(90, 70, busyScene())))).toBe(expected);
  });

  it('has at least one thread, and no more than asked for', async () => {
    engine = await Engine.create({ threads });
    expect(engine.pool.threads).toBe(threads);
  });
});

it('a pool whose threads could not start says so instead of waiting for them', async () => {
  engine = await Engine.create({ threads: 1 });
  // The module asks for more memory than this has.
  const tiny = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const { kernels } = engine;
  const loading = loadKernels().then((module) => ({ module, kernels }));
  const pool = new Pool(2, tiny, loading);
  const job = { ...faultyJob(engine), control: 0 };
  await expect(pool.run(job, () => undefined, undefined)).rejects.toThrow(/memory/);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await expect(pool.run(job, () => undefined, undefined)).rejects.toThrow(/memory/);
  const late = new Pool(2, tiny, loading);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await expect(late.run(job, () => undefined, undefined)).rejects.toThrow(/memory/);
  await Promise.all([pool.close(), late.close()]);
}, 5000);

it('a pool of none or fewer is one of one', async () => {
  engine = await Engine.create({ threads: 0 });
  expect(engine.pool.threads).toBe(1);
});

it('a thread sees memory that grew while it was being handed over', async () => {
  engine = await Engine.create({ threads: 1 });
  const module = await loadKernels();
  const thread = startThread();
  let answer: (message: FromThread) => void;
  thread.listen(
    (message) => answer(message as FromThread),
    (error) => {
      throw error;
    },
  );
  try {
    // Without its remedy about one try in fourteen fails.
    for (let i = 0; i < 200; i++) {
      const memory = createMemory();
      const control = INITIAL_PAGES * 65536;
      const answered = new Promise<FromThread>((resolve) => {
        answer = resolve;
      });
      thread.post({ kind: 'start', module, memory } satisfies ToThread);
      const until = performance.now() + (i % 20) * 0.005;
      while (performance.now() < until);
      memory.grow(1);
      new Int32Array(memory.buffer, control, 2)[1] = 1;
      thread.post({ kind: 'work', work: { ...faultyJob(engine), control }, thread: 0 } satisfies ToThread);
      expect(await answered).toMatchObject({ kind: 'done' });
    }
  } finally {
    await thread.stop();
  }
});
