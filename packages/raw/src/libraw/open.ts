import { RawFileError } from '../RawFileError.js';
import type { Area, Cfa, Matrix3, Orientation, Preview, RawFrame } from '../RawFrame.js';
import { widenCiffMake } from './ciff.js';
import { LibRawSession } from './LibRawSession.js';
import { readXTransLayout } from './raf.js';

/** How to read a file with LibRaw. */
export interface LibRawOptions {
  /** The file's name, for error messages. */
  readonly file?: string;
  /** Milliseconds after which reading is given up. Default 10000. */
  readonly timeoutMs?: number;
  /** Gives reading up. */
  readonly signal?: AbortSignal;
}

/** Default of {@link LibRawOptions.timeoutMs}. */
export const LIBRAW_TIMEOUT_MS = 10_000;

/** LibRaw's filters value for X-Trans (libraw_types.h). */
const FILTERS_XTRANS = 9;
/** Smaller values of filters name patterns that are not 8 rows of 2 columns. */
const FILTERS_FIRST_PATTERN = 1000;
/** Exif LightSource D65, whose matrices LibRaw holds. */
const D65 = 21;
/** Linear sRGB from XYZ relative to D65 (IEC 61966-2-1). */
const XYZ_TO_SRGB: Matrix3 = [3.2406, -1.5372, -0.4986, -0.9689, 1.8758, 0.0415, 0.0557, -0.204, 1.057];
/** What LibRaw prints when a file ends early or its data contradict themselves. */
const DAMAGE = /unexpected end of file|data corrupted/i;

interface RawSensorData {
  readonly raw_width: number;
  readonly raw_height: number;
  readonly width: number;
  readonly height: number;
  readonly top_margin: number;
  readonly left_margin: number;
  readonly data: Uint16Array;
}

interface Metadata {
  readonly camera_make: string;
  readonly camera_model: string;
  readonly flip: number;
  readonly iso_speed: number;
  readonly shutter: number;
  readonly aperture: number;
  readonly focal_len: number;
  /** Seconds since 1970, from the camera's local time taken as this machine's. */
  readonly timestamp: number;
  readonly software: string;
  readonly colors: number;
  readonly filters: number;
  readonly cdesc: string;
  readonly pixel_aspect: number;
  readonly raw_inset_crops: readonly { cleft: number; ctop: number; cwidth: number; cheight: number }[];
  readonly color_data: {
    readonly black: number;
    readonly maximum: number;
    readonly raw_bps: number;
    readonly cam_mul: readonly number[];
    readonly cam_xyz: readonly (readonly number[])[];
    readonly rgb_cam: readonly (readonly number[])[];
  };
  readonly lens: { readonly Lens: string; readonly FocalLengthIn35mmFormat: number };
}

/**
 * Reads another maker's raw file (NEF, CR2, CR3, CRW, ARW, RAF, RW2, ORF, PEF, KDC and what else LibRaw knows) with
 * LibRaw on a worker: the untouched mosaic and what LibRaw knows about it. Left undefined: the noise profile, opcodes,
 * and black levels that differ between the colours of the filter (their least is given).
 *
 * @throws RawFileError where LibRaw does not know the file, finds it damaged or truncated, takes longer than the
 *   timeout, or finds no mosaic of red, green and blue (sRAW, Foveon, CMY filters)
 */
export async function openWithLibRaw(bytes: Uint8Array, options: LibRawOptions = {}): Promise<RawFrame> {
  const { file, timeoutMs = LIBRAW_TIMEOUT_MS, signal } = options;
  signal?.throwIfAborted();
  const session = new LibRawSession(timeoutMs);
  const abort = () => session.close(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const copy = widenCiffMake(bytes).slice();
    await session.call('open', [copy, {}], [copy.buffer]);
    const sensor = (await session.call('rawImageData', [])) as RawSensorData | undefined;
    // The black level is known after unpacking only.
    const metadata = (await session.call('metadata', [true])) as Metadata;
    const damage = session.warnings.find((line) => DAMAGE.test(line));
    if (damage !== undefined) {
      throw new RawFileError(`LibRaw found damage: ${damage}`, { hint: 'The file is truncated or damaged' });
    }
    if (sensor?.data === undefined) {
      throw new RawFileError('LibRaw finds no mosaic in this file', {
        hint: 'It is damaged, or holds a picture that was demosaiced already',
      });
    }
    const previews = await readPreview(session);
    return toFrame(bytes, sensor, metadata, previews);
  } catch (cause) {
    signal?.throwIfAborted();
    const error =
      cause instanceof RawFileError ? cause : new RawFileError('LibRaw failed on this file', { cause });
    throw file === undefined ? error : error.inFile(file);
  } finally {
    signal?.removeEventListener('abort', abort);
    session.close();
  }
}

/** A file without a readable preview is still a raw file. */
async function readPreview(session: LibRawSession): Promise<Preview[]> {
  try {
    const thumbnail = (await session.call('thumbnailData', [])) as
      | { data: Uint8Array; width: number; height: number; format: string }
      | undefined;
    if (thumbnail?.format !== 'jpeg') return [];
    const { data, width, height } = thumbnail;
    return [{ width, height, format: 'jpeg', data }];
  } catch {
    return [];
  }
}

function toFrame(
  bytes: Uint8Array,
  sensor: RawSensorData,
  metadata: Metadata,
  previews: Preview[],
): RawFrame {
  const { raw_width: width, raw_height: height, data: samples } = sensor;
  const { color_data: color, lens } = metadata;
  if (width < 1 || height < 1 || samples.length !== width * height) {
    throw new RawFileError(`LibRaw gives ${samples.length} samples for ${width} × ${height} photosites`);
  }
  const activeArea: Area = {
    top: sensor.top_margin,
    left: sensor.left_margin,
    bottom: Math.min(height, sensor.top_margin + sensor.height),
    right: Math.min(width, sensor.left_margin + sensor.width),
  };
  if (activeArea.top >= activeArea.bottom || activeArea.left >= activeArea.right) {
    throw new RawFileError('LibRaw gives an empty active area');
  }
  const whiteLevel = color.maximum > 0 ? color.maximum : 65535;
  const cfa = readCfa(bytes, metadata, activeArea);
  const neutral = readNeutral(color.cam_mul);
  const colorMatrix = readColorMatrix(color.cam_xyz, color.rgb_cam);
  const positive = (value: number) => (Number.isFinite(value) && value > 0 ? value : undefined);
  const text = (value: string | undefined) => (value?.trim() ? value.trim() : undefined);
  const time = readTime(metadata.timestamp);
  return {
    samples,
    width,
    height,
    samplesPerPixel: 1,
    // Some files code fewer bits than their curve gives.
    bitsPerSample: Math.min(16, Math.max(color.raw_bps, 32 - Math.clz32(whiteLevel))),
    ...(cfa === undefined ? {} : { cfa }),
    blackLevel: { repeatRows: 1, repeatCols: 1, values: [color.black] },
    whiteLevel: [whiteLevel],
    activeArea,
    maskedAreas: [],
    defaultCrop: readCrop(metadata.raw_inset_crops, activeArea),
    defaultScale: metadata.pixel_aspect > 0 ? [metadata.pixel_aspect, 1] : [1, 1],
    orientation: orientationOf(metadata.flip),
    color: {
      calibrations: colorMatrix === undefined ? [] : [{ illuminant: D65, colorMatrix }],
    },
    ...(neutral === undefined ? {} : { asShotNeutral: neutral }),
    opcodes: { list1: [], list2: [], list3: [] },
    exposure: defined({
      exposureTime: positive(metadata.shutter),
      iso: positive(metadata.iso_speed),
      fNumber: positive(metadata.aperture),
      focalLengthMm: positive(metadata.focal_len),
      focalLength35mm: positive(lens.FocalLengthIn35mmFormat),
    }),
    ...defined({
      make: text(metadata.camera_make),
      model: text(metadata.camera_model),
      lens: text(lens.Lens),
      software: text(metadata.software),
      time,
    }),
    previews,
  };
}

/** Only what is known. */
function defined<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}

function readCfa(bytes: Uint8Array, metadata: Metadata, area: Area): Cfa | undefined {
  const { filters, colors, cdesc } = metadata;
  if (filters === 0 && colors === 1) return undefined;
  if (filters === FILTERS_XTRANS) {
    const pattern = readXTransLayout(bytes);
    if (pattern === undefined) {
      throw new RawFileError('The X-Trans pattern of this file is not to be found', {
        hint: 'Convert it to DNG',
      });
    }
    return { width: 6, height: 6, pattern, kind: 'x-trans' };
  }
  const planes = [...cdesc].map((letter) => 'RGB'.indexOf(letter));
  if (filters < FILTERS_FIRST_PATTERN || planes.length < 3 || planes.some((plane) => plane < 0)) {
    throw new RawFileError(`A colour filter of the kind ${cdesc} is not supported`, {
      hint: 'Convert the file to DNG',
    });
  }
  // LibRaw's pattern of 8 rows and 2 columns begins at the active area, ours at the mosaic.
  const plane = (row: number, column: number) => {
    const r = (row - area.top) & 7;
    const c = (column - area.left) & 1;
    return planes[(filters >>> (((r << 1) | c) << 1)) & 3];
  };
  const pattern8 = Array.from({ length: 16 }, (_, i) => plane(i >> 1, i & 1));
  if (pattern8.every((value, i) => value === pattern8[i & 3])) {
    const pattern = pattern8.slice(0, 4);
    const greensOnDiagonal = pattern.join('').replace(/[02]/g, '-') === (pattern[0] === 1 ? '1--1' : '-11-');
    const isBayer = greensOnDiagonal && pattern.includes(0) && pattern.includes(2);
    return { width: 2, height: 2, pattern, kind: isBayer ? 'bayer' : 'other' };
  }
  return { width: 2, height: 8, pattern: pattern8, kind: 'other' };
}

/** White balance multipliers to the camera RGB of a neutral, green 1. */
function readNeutral(multipliers: readonly number[]): number[] | undefined {
  const [red, green, blue] = multipliers;
  if (!(red > 0 && green > 0 && blue > 0)) return undefined;
  return [green / red, 1, green / blue];
}

/**
 * XYZ to camera RGB. For some old cameras LibRaw has a matrix from balanced camera RGB to sRGB alone; its inverse,
 * after XYZ to sRGB, is the same kind of matrix.
 */
function readColorMatrix(
  camXyz: readonly (readonly number[])[],
  rgbCam: readonly (readonly number[])[],
): Matrix3 | undefined {
  const direct = toMatrix(camXyz);
  if (direct.some((value) => value !== 0)) return direct;
  const balanced = toMatrix(rgbCam);
  const isIdentity = balanced.every((value, i) => value === (i % 4 === 0 ? 1 : 0));
  const inverse = isIdentity ? undefined : invert(balanced);
  return inverse === undefined ? undefined : multiply(inverse, XYZ_TO_SRGB);
}

function toMatrix(rows: readonly (readonly number[])[]): Matrix3 {
  const at = (row: number, column: number) => {
    const value = rows[row]?.[column];
    return value !== undefined && Number.isFinite(value) ? value : 0;
  };
  return [at(0, 0), at(0, 1), at(0, 2), at(1, 0), at(1, 1), at(1, 2), at(2, 0), at(2, 1), at(2, 2)];
}

function invert(m: Matrix3): Matrix3 | undefined {
  const [a, b, c, d, e, f, g, h, i] = m;
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  if (Math.abs(determinant) < 1e-9) return undefined;
  const scale = 1 / determinant;
  return [
    (e * i - f * h) * scale,
    (c * h - b * i) * scale,
    (b * f - c * e) * scale,
    (f * g - d * i) * scale,
    (a * i - c * g) * scale,
    (c * d - a * f) * scale,
    (d * h - e * g) * scale,
    (b * g - a * h) * scale,
    (a * e - b * d) * scale,
  ];
}

function multiply(m: Matrix3, n: Matrix3): Matrix3 {
  const at = (r: number, c: number) => m[3 * r] * n[c] + m[3 * r + 1] * n[3 + c] + m[3 * r + 2] * n[6 + c];
  return [at(0, 0), at(0, 1), at(0, 2), at(1, 0), at(1, 1), at(1, 2), at(2, 0), at(2, 1), at(2, 2)];
}

/** The maker's crop, which LibRaw gives from the mosaic's first sample, where it lies in the active area. */
function readCrop(crops: Metadata['raw_inset_crops'], area: Area): Area {
  const width = area.right - area.left;
  const height = area.bottom - area.top;
  const crop = crops[0];
  if (crop !== undefined && crop.cwidth > 0 && crop.cheight > 0) {
    const left = crop.cleft - area.left;
    const top = crop.ctop - area.top;
    const right = left + crop.cwidth;
    const bottom = top + crop.cheight;
    if (left >= 0 && top >= 0 && right <= width && bottom <= height) return { top, left, bottom, right };
  }
  return { top: 0, left: 0, bottom: height, right: width };
}

/** LibRaw's flip (1 mirrors columns, 2 mirrors rows, 4 transposes) as an Exif orientation. */
function orientationOf(flip: number): Orientation {
  const orientations: readonly Orientation[] = [1, 2, 4, 3, 5, 8, 6, 7];
  return orientations[flip] ?? 1;
}

/** LibRaw reads the camera's clock as this machine's local time; undone, it is the camera's own again. */
function readTime(seconds: number): string | undefined {
  if (!(seconds > 0)) return undefined;
  const date = new Date(seconds * 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
