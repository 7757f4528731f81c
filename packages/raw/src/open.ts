import { openJpegXlDecoder } from './codecs/jpeg-xl.js';
import { COMPRESSION, compressionName, type RawLimits, type SegmentPlan } from './dng/layout.js';
import { describeDng, describeExif, type RawMetadata } from './dng/read.js';
import {
  allocateSamples,
  decodeSegment,
  decodeSegments,
  type LoadedCodecs,
  samplesInPlace,
} from './dng/segments.js';
import { type FileIdentity, identifyFile } from './identify.js';
import { RawFileError } from './RawFileError.js';
import type { RawFrame } from './RawFrame.js';

/** How to read a raw file. */
export interface ReadRawOptions {
  /** The file's name or path, for messages. */
  readonly file?: string;
  /** What is accepted; see {@link RawLimits} for the defaults. */
  readonly limits?: RawLimits;
}

/** How to open a raw file. */
export interface OpenRawOptions extends ReadRawOptions {
  /** Stops the work: the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal;
  /**
   * Where a DNG's samples go, `length` of them, as floats or as 16-bit integers; an array of its own by default.
   * Samples that LibRaw reads are in its own array.
   */
  readonly allocate?: (length: number, float: boolean) => RawFrame['samples'];
  /**
   * A DNG's samples that lie in the file just as they do in memory may stay there: they are then a view of `file`, which
   * must stay as it is for as long as the frame is used. Off by default.
   */
  readonly inPlace?: boolean;
}

/** What a raw file says, without its samples. */
export interface RawInfo {
  /** Everything of the frame but the samples. */
  readonly metadata: RawMetadata;
  /** The file's format, e.g. `DNG` or `Canon CRW`. */
  readonly format: string;
  /** How the samples are stored, e.g. `lossless JPEG`; undefined where LibRaw reads the file. */
  readonly compression?: string;
  /**
   * Where the samples lie, for {@link decodeSegment}; undefined where LibRaw reads the file, which has no segments to
   * hand out.
   */
  readonly plan?: SegmentPlan;
}

/** Time after which a long decode lets other work run and looks at its signal, in milliseconds. */
const SLICE_MS = 50;

function withFile(error: unknown, file: string | undefined): unknown {
  return error instanceof RawFileError && file !== undefined && error.file === undefined
    ? error.inFile(file)
    : error;
}

/** The same bytes as a plain array: the `slice` of Node's Buffer gives a view where a copy is meant. */
function plain({ buffer, byteOffset, byteLength }: Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** What the file is, if it can be a raw file at all. */
function identifyRaw(bytes: Uint8Array): FileIdentity {
  const identity = identifyFile(bytes);
  if (identity.kind === 'empty')
    throw new RawFileError('the file is empty', { offset: 0, hint: 'Copy it anew' });
  if (identity.kind === 'picture') {
    throw new RawFileError(`this is a ${identity.name} picture, not a raw file`, {
      offset: 0,
      hint: 'Give the raw file that the camera wrote beside it',
    });
  }
  return identity;
}

/**
 * Reads a DNG, whole and at once. For files of other makers and for JPEG XL, whose decoders load lazily, use
 * {@link openRaw}.
 *
 * @param file the whole file; the frame's previews are views of it
 * @throws RawFileError where the file is no DNG, is damaged, or needs a decoder that loads lazily
 */
export function readRaw(file: Uint8Array, options: ReadRawOptions = {}): RawFrame {
  const bytes = plain(file);
  try {
    const { kind, name } = identifyRaw(bytes);
    if (kind !== 'dng') {
      throw new RawFileError(`not a DNG: ${name}`, {
        offset: 0,
        hint: "openRaw reads other makers' raw files",
      });
    }
    const { metadata, plan } = describeDng(bytes, options.limits);
    return { ...metadata, samples: decodeSegments(bytes, plan) };
  } catch (error) {
    throw withFile(error, options.file);
  }
}

async function openDng(bytes: Uint8Array, options: OpenRawOptions): Promise<RawFrame> {
  const { metadata, plan } = describeDng(bytes, options.limits);
  const found = options.inPlace === true ? samplesInPlace(bytes, plan) : undefined;
  if (found !== undefined) return { ...metadata, samples: found };
  const jpegXl = plan.compression === COMPRESSION.jpegXl ? await openJpegXlDecoder() : undefined;
  const codecs: LoadedCodecs = jpegXl === undefined ? {} : { jpegXl };
  try {
    const samples = allocateSamples(plan, options.allocate);
    let sliceEnd = performance.now() + SLICE_MS;
    for (let index = 0; index < plan.offsets.length; index++) {
      options.signal?.throwIfAborted();
      decodeSegment(bytes, plan, index, samples, codecs);
      if (performance.now() > sliceEnd) {
        await new Promise((resolve) => setTimeout(resolve));
        sliceEnd = performance.now() + SLICE_MS;
      }
    }
    return { ...metadata, samples };
  } finally {
    jpegXl?.close();
  }
}

/** LibRaw reads the mosaic; where the file is a TIFF stream, its own Exif says more than LibRaw hands out. */
async function openMakersFile(bytes: Uint8Array, { signal }: OpenRawOptions): Promise<RawFrame> {
  const { openWithLibRaw } = await import('./libraw/open.js');
  const frame = await openWithLibRaw(bytes, signal === undefined ? {} : { signal });
  return { ...frame, ...describeExif(bytes) };
}

/**
 * Opens a raw file of any maker: DNG by our own reader, others by LibRaw, which is loaded when it is first needed.
 *
 * @param file the whole file; a DNG frame's previews are views of it
 * @throws RawFileError where the file is not a raw file, is damaged, or nobody reads it
 */
export async function openRaw(file: Uint8Array, options: OpenRawOptions = {}): Promise<RawFrame> {
  const bytes = plain(file);
  try {
    options.signal?.throwIfAborted();
    if (identifyRaw(bytes).kind === 'dng') return await openDng(bytes, options);
    return await openMakersFile(bytes, options);
  } catch (error) {
    throw withFile(error, options.file);
  }
}

/**
 * Reads all that a raw file says but its samples: milliseconds for a DNG of any size.
 *
 * @param file the whole file
 * @throws RawFileError as {@link openRaw}
 */
export async function inspectRaw(file: Uint8Array, options: OpenRawOptions = {}): Promise<RawInfo> {
  const bytes = plain(file);
  try {
    const { kind, name } = identifyRaw(bytes);
    if (kind === 'dng') {
      const { metadata, plan } = describeDng(bytes, options.limits);
      return { metadata, format: name, compression: compressionName(plan.compression), plan };
    }
    const { samples: _, ...metadata } = await openRaw(bytes, options);
    return { metadata, format: name };
  } catch (error) {
    throw withFile(error, options.file);
  }
}
