import { basename } from 'node:path';
import { type RawFrame, withIngredients, writeDng } from '@photosite/raw';

/** A merged frame as the bytes of a DNG that names its frames, in pieces: views of its samples where they are not compressed. */
export function mergedDng(
  frame: RawFrame,
  reference: string,
  files: readonly string[],
  compress: boolean,
): readonly Uint8Array[] {
  const xmp = withIngredients(
    frame.xmp,
    files.map((file) => basename(file)),
  );
  const packed = frame.samples instanceof Float32Array ? 'deflate' : 'lossless-jpeg';
  return writeDng(
    { ...frame, xmp, software: 'photosite' },
    { compression: compress ? packed : 'none', originalName: basename(reference) },
  ).chunks;
}
