import { Tag, TiffError, type TiffIfd } from '@photosite/tiff';
import type { Preview } from '../RawFrame.js';
import { COMPRESSION } from './layout.js';

/** Compression number of TIFF 6.0's own JPEG, which some cameras use for thumbnails. */
const OLD_JPEG = 6;
const PHOTOMETRIC_RGB = 2;

function onlyBlock(bytes: Uint8Array, ifd: TiffIfd): Uint8Array | undefined {
  const old = ifd.has(Tag.JPEGInterchangeFormat);
  const offsets = ifd.numbers(old ? Tag.JPEGInterchangeFormat : Tag.StripOffsets);
  const lengths = ifd.numbers(old ? Tag.JPEGInterchangeFormatLength : Tag.StripByteCounts);
  if (offsets?.length !== 1 || lengths?.length !== 1) return undefined;
  const end = offsets[0] + lengths[0];
  return end <= bytes.length && lengths[0] > 0 ? bytes.subarray(offsets[0], end) : undefined;
}

function readPreview(bytes: Uint8Array, ifd: TiffIfd): Preview | undefined {
  const width = ifd.number(Tag.ImageWidth);
  const height = ifd.number(Tag.ImageLength);
  const data = onlyBlock(bytes, ifd);
  if (width === undefined || height === undefined || data === undefined) return undefined;
  const compression = ifd.number(Tag.Compression);
  if (compression === COMPRESSION.jpeg || compression === OLD_JPEG) {
    const isJpeg = data[0] === 0xff && data[1] === 0xd8;
    return isJpeg ? { width, height, format: 'jpeg', data } : undefined;
  }
  const rgb8 =
    compression === COMPRESSION.none &&
    ifd.number(Tag.PhotometricInterpretation) === PHOTOMETRIC_RGB &&
    ifd.numbers(Tag.BitsPerSample)?.join() === '8,8,8';
  return rgb8 && data.length >= width * height * 3
    ? { width, height, format: 'rgb8', data: data.subarray(0, width * height * 3) }
    : undefined;
}

/**
 * The previews (NewSubFileType with bit 0) among a file's directories, as views of the file. One that is broken or
 * of an unusual kind is left out: it must not cost the picture.
 */
export function readPreviews(bytes: Uint8Array, ifds: readonly TiffIfd[]): Preview[] {
  return ifds.flatMap((ifd) => {
    try {
      const reduced = ((ifd.number(Tag.NewSubFileType) ?? 0) & 1) === 1;
      return (reduced ? readPreview(bytes, ifd) : undefined) ?? [];
    } catch (error) {
      if (error instanceof TiffError) return [];
      throw error;
    }
  });
}
