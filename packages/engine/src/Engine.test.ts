import type { RawFrame } from '@photosite/raw';
import { afterEach, describe, expect, it } from 'vitest';
import { Engine } from './Engine.js';
import { bayerFrame, busyScene, linearRawFrame } from './testing/frames.js';
import { developed, digest, expectAllMemoryBack } from './testing/render.js';

let engine: Engine;
afterEach(() => engine.close());

/** The frame with its samples in the engine's memory, at an offset in the room of a file. */
function inFile(frame: RawFrame, on: Engine): RawFrame {
  const offset = 128;
  const file = on.reserveFile(offset + frame.samples.byteLength + 10);
  const samples = new Uint16Array(file.buffer, file.byteOffset + offset, frame.samples.length);
  samples.set(frame.samples);
  return { ...frame, samples };
}

describe.each([1, 2])('an engine of %d threads', (threads) => {
  it('can be given a frame and asked for a picture before it is ready', async () => {
    engine = Engine.start({ threads });
    const early = digest(await developed(engine, inFile(bayerFrame(90, 70, busyScene()), engine)));
    expect(early).toBe(digest(await developed(engine, bayerFrame(90, 70, busyScene()))));
  });

  it('renders a frame that lies in a file as any other, of one plane or three, and has all memory back', async () => {
    engine = await Engine.create({ threads });
    for (const frame of [bayerFrame(90, 70, busyScene()), linearRawFrame(90, 70, busyScene())]) {
      const expected = digest(await developed(engine, frame));
      expect(digest(await developed(engine, inFile(frame, engine)))).toBe(expected);
    }
    expectAllMemoryBack(engine);
  });
});

it('a render that is stopped while it is planned leaves nothing behind and lets the next one work', async () => {
  engine = await Engine.create({ threads: 2 });
  const frame = bayerFrame(300, 200, busyScene());
  const development = engine.open(frame);
  const stopped = new AbortController();
  const rendering = development.render({ signal: stopped.signal });
  setImmediate(() => stopped.abort(new Error('enough')));
  await expect(rendering).rejects.toThrow('enough');
  (await development.render()).release();
  development.close();
  expectAllMemoryBack(engine);
});

it('gives the room of a file back that no frame was opened from', async () => {
  engine = await Engine.create({ threads: 1 });
  engine.discard(engine.reserveFile(1e6));
  expectAllMemoryBack(engine);
});
