import { encoders } from '#encoders';
import { type ExifDirectories, makeExif, writeExif } from './exif.js';
import { iccProfile } from './icc.js';
import { assembleJpeg, MAX_JPEG_EXIF_BYTES, MAX_JPEG_XMP_BYTES } from './jpegFile.js';
import {
  OUTPUT_FORMATS,
  type OutputFormatName,
  type OutputOptions,
  type ResolvedOptions,
  resolveOptions,
  sampleTypeOf,
} from './outputOptions.js';
import type { ColorSpaceName, Picture } from './Picture.js';
import { PictureError } from './PictureError.js';
import { assemblePng } from './pngFile.js';
import { SOFTWARE } from './software.js';
import { makeTiff } from './tiffFile.js';
import { makeXmp } from './xmp.js';

/** A picture file, ready to be written. */
export interface EncodedPicture {
  /**
   * The file in pieces, to be written one after the other; {@link joinChunks} makes one array of them. Those of an
   * uncompressed TIFF are views of the picture's pixels: write them before that memory is used again. They lie on
   * shared memory where the pixels do, which `Blob` and `Response` refuse; joined they don't.
   */
  readonly chunks: readonly Uint8Array[];
  /** Sum of the chunks' lengths. */
  readonly byteLength: number;
  /** For example `image/jpeg`. */
  readonly mediaType: string;
  /** One readable line for each piece of metadata that could not be carried over. */
  readonly warnings: readonly string[];
}

/** Most bytes of a PNG chunk (W3C PNG, 5.3) and of a classic TIFF stream, where a format has no smaller limit. */
const MAX_METADATA_BYTES = 0x7fffffff;

/**
 * Encodes a picture with its colour profile, Exif, XMP and recipe.
 *
 * The pixels' type must be the one that the file stores, see {@link sampleTypeOf}; nothing is rounded here. They may
 * lie on shared memory. In Node no copy of them is made, except for the strips of a deflated TIFF, a few at a time.
 * In browsers a JPEG needs one copy, as RGBA.
 *
 * The metadata is the same to the byte in every runtime; the compressed pixels of JPEG and PNG depend on the
 * runtime's codec (for PNG and TIFF not what they decode to).
 *
 * @throws PictureError where the picture or an option is not what the format takes.
 */
export async function encodePicture(picture: Picture, options: OutputOptions): Promise<EncodedPicture> {
  const resolved = resolveOptions(options);
  checkPicture(picture, resolved);
  const exif = makeExif(picture.exif, {
    width: picture.width,
    height: picture.height,
    colorSpace: picture.colorSpace,
    resolution: resolved.resolution,
    format: resolved.format,
  });
  const { chunks, warnings } = await encodeFile(picture, resolved, exif);
  return {
    chunks,
    byteLength: chunks.reduce((sum, chunk) => sum + chunk.length, 0),
    mediaType: OUTPUT_FORMATS[resolved.format].mediaType,
    warnings: [...exif.warnings, ...warnings],
  };
}

/**
 * Loads the encoder of a format ahead of its first use, for example while the picture is still being developed. In
 * Node it takes some 40 ms.
 */
export async function prepareEncoder(format: OutputFormatName): Promise<void> {
  if (format !== 'tiff') await encoders.prepare(format);
}

interface EncodedFile {
  readonly chunks: readonly Uint8Array[];
  readonly warnings: readonly string[];
}

async function encodeFile(
  picture: Picture,
  options: ResolvedOptions,
  directories: ExifDirectories,
): Promise<EncodedFile> {
  const { width, height } = picture;
  const icc = iccProfile(picture.colorSpace);
  const xmpParts = { carried: picture.xmp, recipe: picture.recipe, software: SOFTWARE };
  switch (options.format) {
    case 'jpeg': {
      const exif = writeExif(directories, MAX_JPEG_EXIF_BYTES);
      const xmp = makeXmp({ ...xmpParts, maxBytes: MAX_JPEG_XMP_BYTES });
      const pixels = picture.pixels as Uint8Array;
      const encoded = await codec(() => encoders.encodeJpeg(pixels, width, height, options));
      return {
        chunks: assembleJpeg(encoded, { exif: exif.bytes, xmp: xmp.packet, icc }),
        warnings: [...exif.warnings, ...xmp.warnings],
      };
    }
    case 'png': {
      const exif = writeExif(directories, MAX_METADATA_BYTES);
      const xmp = makeXmp({ ...xmpParts, maxBytes: MAX_METADATA_BYTES });
      const pixels = picture.pixels as Uint8Array | Uint16Array;
      const encoded = await codec(() => encoders.encodePng(pixels, width, height));
      return {
        chunks: assemblePng(encoded, { exif: exif.bytes, xmp: xmp.packet, icc }, options.resolution),
        warnings: xmp.warnings,
      };
    }
    case 'tiff': {
      const xmp = makeXmp({ ...xmpParts, maxBytes: MAX_METADATA_BYTES });
      const metadata = { exif: directories, xmp: xmp.packet, icc };
      const { chunks } = await makeTiff(picture, options.compression, metadata);
      return { chunks, warnings: xmp.warnings };
    }
  }
}

/** Runs a library's encoder; what it throws (out of memory, mostly) becomes ours. */
async function codec(encode: () => Promise<Uint8Array>): Promise<Uint8Array> {
  try {
    return await encode();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PictureError('picture', `the encoder gave up: ${reason}`, { cause: error });
  }
}

const COLOR_SPACES: readonly ColorSpaceName[] = ['srgb', 'display-p3', 'linear-rec2020', 'camera-rgb'];

function checkPicture(picture: Picture, options: ResolvedOptions): void {
  const { width, height, pixels, colorSpace, recipe } = picture;
  const { maxSide } = OUTPUT_FORMATS[options.format];
  for (const [field, side] of [
    ['picture.width', width],
    ['picture.height', height],
  ] as const) {
    if (!Number.isInteger(side) || side < 1 || side > maxSide) {
      const allowed = `a whole number 1 to ${maxSide}`;
      throw new PictureError(field, `${side} does not fit a ${options.format} file; allowed: ${allowed}`, {
        allowed,
      });
    }
  }
  if (!COLOR_SPACES.includes(colorSpace)) {
    const allowed = COLOR_SPACES.join(', ');
    throw new PictureError('picture.colorSpace', `"${colorSpace}" is unknown; use one of ${allowed}`, {
      allowed,
    });
  }
  const wanted = sampleTypeOf(options);
  if (sampleType(pixels) !== wanted) {
    throw new PictureError(
      'picture.pixels',
      `${sampleType(pixels)} samples, but this file stores ${wanted}; render the picture as ${wanted}` +
        (options.format === 'jpeg' ? ' or choose another format' : ' or choose another bitDepth'),
      { allowed: wanted },
    );
  }
  if (pixels.length !== width * height * 3) {
    const allowed = `${width * height * 3} samples`;
    throw new PictureError(
      'picture.pixels',
      `${pixels.length} samples, but ${width} × ${height} RGB pixels are ${allowed}`,
      { allowed },
    );
  }
  if (pixels instanceof Float32Array) checkFinite(pixels);
  // XML 1.0, 2.2: no escape makes these legal. JSON escapes them by itself.
  if (recipe !== undefined && hasControlCharacter(recipe)) {
    throw new PictureError(
      'picture.recipe',
      'has control characters; pass the text that JSON.stringify gives',
    );
  }
}

function sampleType(pixels: Picture['pixels']): string {
  if (pixels instanceof Uint8Array) return 'uint8';
  if (pixels instanceof Uint16Array) return 'uint16';
  return pixels instanceof Float32Array ? 'float32' : typeof pixels;
}

function checkFinite(pixels: Float32Array): void {
  // Zero times anything finite is zero: one sum over all, without a branch for each sample.
  let sum = 0;
  for (let i = 0; i < pixels.length; i++) sum += pixels[i] * 0;
  if (sum === 0) return;
  const index = pixels.findIndex((sample) => !Number.isFinite(sample));
  throw new PictureError(
    'picture.pixels',
    `sample ${index} is ${pixels[index]}; all must be finite numbers`,
    {
      allowed: 'finite numbers',
    },
  );
}

function hasControlCharacter(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  return /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text);
}
