import type { RawInfo } from '@photosite/raw';

/** Numbers up to here are listed; longer tables are told by their length. */
const MAX_LISTED = 64;

interface LongArray {
  readonly type: string;
  readonly length: number;
}

/** Typed arrays as lists, or, where they are long, as their type and length; the rest as it is. */
function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) {
    const { length } = value as Uint8Array;
    if (value instanceof Uint8Array || length > MAX_LISTED)
      return { type: value.constructor.name, length } satisfies LongArray;
    return Array.from(value as Float32Array);
  }
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}

/** What a raw file says, for programs: everything but the samples, long tables by their length. */
export function infoJson(path: string, bytes: number, { format, compression, metadata }: RawInfo): object {
  return { file: path, bytes, format, compression, metadata: plain(metadata) as object };
}
