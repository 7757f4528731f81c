import type { RawFrame } from '@photosite/raw';
import { expect } from 'vitest';
import type { Development, Rendered, RenderRequest } from '../Development.js';
import type { Engine } from '../Engine.js';
import { INITIAL_PAGES } from '../kernel-module.js';

/** A rendered picture whose pixels are a copy and whose memory is given back. */
export type Copied = Omit<Rendered, 'release'>;

/** Renders, copies the pixels and gives their memory back. */
export async function copyOf(development: Development, request: RenderRequest = {}): Promise<Copied> {
  const rendered = await development.render(request);
  const copy = { ...rendered, pixels: rendered.pixels.slice() };
  rendered.release();
  return copy;
}

/** Opens a frame, renders it once and closes it. */
export async function developed(
  engine: Engine,
  frame: RawFrame,
  request: RenderRequest = {},
): Promise<Copied> {
  const development = engine.open(frame);
  try {
    return await copyOf(development, request);
  } finally {
    development.close();
  }
}

/** The bytes of a picture as one string to compare: one difference is one line of a failed test, not a million. */
export function digest({ width, height, pixels }: Pick<Copied, 'width' | 'height' | 'pixels'>): string {
  const bytes = new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  // FNV-1a, 32 bits, twice with different seeds.
  let [a, b] = [0x811c9dc5, 0x01234567];
  for (const byte of bytes) {
    a = Math.imul(a ^ byte, 0x01000193);
    b = Math.imul(b ^ byte, 0x01000193);
  }
  return `${width} × ${height}: ${(a >>> 0).toString(16)} ${(b >>> 0).toString(16)}`;
}

/** A rectangle of a picture's pixels. */
export function part(
  { width, pixels }: Copied,
  region: { left: number; top: number; width: number; height: number },
): Copied['pixels'] {
  const out = pixels.slice(0, region.width * region.height * 3);
  for (let y = 0; y < region.height; y++) {
    const from = ((y + region.top) * width + region.left) * 3;
    out.set(pixels.subarray(from, from + region.width * 3), y * region.width * 3);
  }
  return out;
}

/** The mean over the area under each pixel of a smaller picture. */
export function areaMeans({ width, height, pixels }: Copied, across: number, down: number): Float64Array {
  const weights = (size: number, count: number): readonly (readonly [number, number])[][] =>
    Array.from({ length: count }, (_, i) => {
      const [from, to] = [(i * size) / count, ((i + 1) * size) / count];
      const under: (readonly [number, number])[] = [];
      for (let k = Math.floor(from); k < Math.min(Math.ceil(to), size); k++)
        under.push([k, (Math.min(k + 1, to) - Math.max(k, from)) * (count / size)]);
      return under;
    });
  const columns = weights(width, across);
  const rows = weights(height, down);
  const out = new Float64Array(across * down * 3);
  for (let y = 0; y < down; y++)
    for (let x = 0; x < across; x++)
      for (const [v, wv] of rows[y]!)
        for (const [u, wu] of columns[x]!)
          for (let c = 0; c < 3; c++)
            out[(y * across + x) * 3 + c]! += wv * wu * pixels[(v * width + u) * 3 + c]!;
  return out;
}

/** The pixel at a place. */
export function pixelAt({ width, pixels }: Copied, x: number, y: number): [number, number, number] {
  const at = (y * width + x) * 3;
  return [pixels[at]!, pixels[at + 1]!, pixels[at + 2]!];
}

/** Expects that nothing is held on the engine's heap: all of its memory is one hole. */
export function expectAllMemoryBack({ heap }: Engine): void {
  const bytes = heap.memory.buffer.byteLength;
  const first = INITIAL_PAGES * 65536;
  const all = heap.allocate(bytes - first);
  expect(all).toBe(first);
  expect(heap.memory.buffer.byteLength).toBe(bytes);
  heap.free(all);
}
