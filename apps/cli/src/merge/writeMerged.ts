import { basename } from 'node:path';
import { integerFrame, type RawFrame, withIngredients, writeDng } from '@photosite/raw';

/** How a merged frame is stored. */
export interface DngOptions {
  readonly bits: 16 | 32;
  readonly compress: boolean;
}

/** A merged frame as the bytes of a DNG that names its frames, in pieces. */
export function mergedDng(
  frame: RawFrame,
  reference: string,
  files: readonly string[],
  { bits, compress }: DngOptions,
): readonly Uint8Array[] {
  const xmp = withIngredients(
    frame.xmp,
    files.map((file) => basename(file)),
  );
  const stored =
    bits === 16
      ? integerFrame(frame)
      : // Files are not written from memory that threads share.
        { ...frame, samples: Float32Array.from(frame.samples), bitsPerSample: 32 };
  const packed = bits === 16 ? 'lossless-jpeg' : 'deflate';
  return writeDng(
    { ...stored, xmp, software: 'photosite' },
    { compression: compress ? packed : 'none', originalName: basename(reference) },
  ).chunks;
}
