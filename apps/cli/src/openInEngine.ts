import type { Engine } from '@photosite/engine';
import type { RawFrame } from '@photosite/raw';
import { readWholeFile } from './readFile.js';

/** Larger files are read into memory of their own: the engine's is for pictures. */
const MAX_BYTES_IN_ENGINE = 2 ** 30;

/**
 * Reads a whole file into the engine's memory, where its samples can be used as they lie. The room is the caller's to give to
 * {@link openInEngine} or to `Engine.discard`.
 * @throws as readWholeFile
 */
export async function readIntoEngine(path: string, engine: Engine): Promise<Uint8Array> {
  let room: Uint8Array | undefined;
  try {
    return await readWholeFile(path, (bytes) => {
      if (bytes <= MAX_BYTES_IN_ENGINE) room = engine.reserveFile(bytes);
      return room;
    });
  } catch (error) {
    if (room !== undefined) engine.discard(room);
    throw error;
  }
}

/** Whether samples are a view of a file's bytes. */
function liesIn(samples: RawFrame['samples'], file: Uint8Array): boolean {
  const at = samples.byteOffset - file.byteOffset;
  return samples.buffer === file.buffer && at >= 0 && at < file.byteLength;
}

/**
 * Opens a raw file that was read into the engine's memory. The frame's samples lie there, in the file or in room of their own,
 * to be opened or discarded by the caller; the file goes with them, or has gone. Previews are left out: they would be views of it.
 * @throws as openRaw; nothing is left in the engine's memory then
 */
export async function openInEngine(file: Uint8Array, path: string, engine: Engine): Promise<RawFrame> {
  let samples: RawFrame['samples'] | undefined;
  const allocate = (length: number, float: boolean): RawFrame['samples'] => {
    samples = engine.reserve(length, float);
    return samples;
  };
  try {
    const { openRaw } = await import('@photosite/raw');
    const opened = await openRaw(file, { file: path, inPlace: true, allocate });
    if (!liesIn(opened.samples, file)) engine.discard(file);
    return { ...opened, previews: [] };
  } catch (error) {
    engine.discard(file);
    if (samples !== undefined) engine.discard(samples);
    throw error;
  }
}
