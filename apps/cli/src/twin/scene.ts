import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { CHARTS, drawChart, findPicture, type Landmarks, PICTURES, type Scene } from '@photosite/optics';
import { decodeExr, exrLinearRgb } from '@photosite/picture';
import { describeError, JobError, UsageError } from '../errors.js';
import { readNamedFile } from './files.js';
import { parseSpec } from './spec.js';

/** A scene with what is known of it. */
export interface LoadedScene {
  readonly scene: Scene;
  /** For the burst's description: enough to make or find it again. */
  readonly description: Readonly<Record<string, unknown>>;
  /** Where to focus, m, unless somebody says otherwise. */
  readonly focusDistanceM: number;
  /** Light that suits it, lux; undefined where any does. */
  readonly illuminanceLux?: number;
  readonly landmarks?: Landmarks;
}

/** How a scene is to be had. */
export interface SceneRequest {
  /** File, `chart:NAME` or `scene:NAME`. */
  readonly source: string;
  /** Size of the frames: what is drawn is drawn for it. */
  readonly frame: { readonly width: number; readonly height: number };
  /** Value of a file that is a white wall; `auto`: the geometric mean of its light is {@link MIDDLE_GREY} of it. */
  readonly white?: number | 'auto';
  /** OpenEXR file with the distances. */
  readonly depthFile?: string;
}

/** Endings of files with display-encoded pictures. */
const PICTURE_EXTENSIONS = ['.png', '.jpg', '.jpeg', '.tif', '.tiff'];
const MIDDLE_GREY = 0.18;
/** Most pixels of a picture file. */
const MAX_PICTURE_PIXELS = 2 ** 28;
/** A flat picture has no distance of its own: as if all were far away. */
const FLAT_PICTURE_M = Infinity;
/** Charts hang on a wall. */
const CHART_M = 2;
/** Rendered scenes take half a minute a megapixel: beyond this they are enlarged. */
const MAX_RENDERED_WIDTH = 1536;
const RENDERED_RAYS = 2;

/** Rec.709 luminance (ITU-R BT.709). */
const luminance = (rgb: Float32Array, at: number): number =>
  0.2126 * rgb[at]! + 0.7152 * rgb[at + 1]! + 0.0722 * rgb[at + 2]!;

/** The value that makes the geometric mean of the light middle grey; 1 where there's no light. */
function whiteOf(rgb: Float32Array): number {
  let sum = 0;
  let count = 0;
  for (let at = 0; at < rgb.length; at += 3) {
    const light = luminance(rgb, at);
    if (!(light > 0 && light < Infinity)) continue;
    sum += Math.log(light);
    count++;
  }
  return count === 0 ? 1 : Math.exp(sum / count) / MIDDLE_GREY;
}

/** Linear light of 8- or 16-bit sRGB (IEC 61966-2-1) as a table over 16 bits. */
function srgbTable(): Float32Array {
  return Float32Array.from({ length: 65536 }, (_, code) => {
    const value = code / 65535;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
}

interface FilePicture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Float32Array;
}

/** A display-encoded picture: its profile is honoured, without one it is sRGB; what it is transparent over is black. */
async function readPicture(bytes: Uint8Array, file: string): Promise<FilePicture> {
  const { default: sharp } = await import('sharp');
  try {
    const { data, info } = await sharp(bytes, { limitInputPixels: MAX_PICTURE_PIXELS, failOn: 'error' })
      .rotate()
      .flatten()
      .toColourspace('rgb16')
      .raw({ depth: 'ushort' })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 3)
      throw new JobError(`${file}: ${info.channels} channels; a colour picture is expected.`);
    const codes = new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
    const table = srgbTable();
    return { width: info.width, height: info.height, rgb: Float32Array.from(codes, (code) => table[code]!) };
  } catch (error) {
    if (error instanceof JobError) throw error;
    throw new JobError(`${file}: it can't be read as a picture: ${describeError(error)}`, { cause: error });
  }
}

function readExr(bytes: Uint8Array, file: string): FilePicture {
  const picture = decodeExr(bytes, { file, wanted: (name) => ['R', 'G', 'B', 'Y'].includes(name) });
  return { width: picture.width, height: picture.height, rgb: exrLinearRgb(picture, { file }) };
}

/** @throws {JobError} where there is no distance for every pixel */
async function readDepth(file: string, { width, height }: FilePicture): Promise<Float32Array> {
  const depth = decodeExr(await readNamedFile(file), { file, wanted: (name) => name === 'Z' });
  const depthM = depth.channels.get('Z');
  if (depthM === undefined)
    throw new JobError(`${file}: it has no channel Z. Write the distances in metres as Z.`);
  if (depth.width !== width || depth.height !== height)
    throw new JobError(
      `${file}: ${depth.width} × ${depth.height} distances for a scene of ${width} × ${height} pixels. Write one for every pixel.`,
    );
  const wrong = depthM.findIndex((value) => !(value > 0));
  if (wrong >= 0)
    throw new JobError(
      `${file}: channel Z, column ${wrong % width}, row ${Math.floor(wrong / width)}: ${depthM[wrong]} m is not possible. ` +
        'A distance is greater than 0; infinity is allowed.',
    );
  return depthM;
}

const middleOf = ({ width, height }: FilePicture, values: Float32Array): number =>
  values[Math.floor(height / 2) * width + Math.floor(width / 2)]!;

async function loadFile({ source, white, depthFile }: SceneRequest): Promise<LoadedScene> {
  const extension = extname(source).toLowerCase();
  const isExr = extension === '.exr';
  if (!isExr && !PICTURE_EXTENSIONS.includes(extension))
    throw new UsageError(
      `${source} is no scene. Give a file that ends in .exr, ${PICTURE_EXTENSIONS.join(', ')}, or chart:NAME or ` +
        'scene:NAME; photosite twin --list shows the names.',
    );
  const bytes = await readNamedFile(source);
  const picture = isExr ? readExr(bytes, source) : await readPicture(bytes, source);
  const { width, height, rgb } = picture;
  const asked = white ?? (isExr ? 'auto' : 1);
  const whiteValue = asked === 'auto' ? whiteOf(rgb) : asked;
  if (whiteValue !== 1) for (let i = 0; i < rgb.length; i++) rgb[i]! /= whiteValue;
  const depthM = depthFile === undefined ? undefined : await readDepth(depthFile, picture);
  return {
    scene: { kind: 'rgb', name: source, width, height, rgb, ...(depthM !== undefined && { depthM }) },
    description: {
      source,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      width,
      height,
      white: whiteValue,
      ...(depthFile !== undefined && { depth: depthFile }),
    },
    focusDistanceM: depthM === undefined ? FLAT_PICTURE_M : middleOf(picture, depthM),
  };
}

function loadChart({ source, frame }: SceneRequest): LoadedScene {
  const { name, values } = parseSpec('the chart', source.slice('chart:'.length));
  const { scene, landmarks } = drawChart(name, { ...Object.fromEntries(values), ...frame });
  const { width, height } = scene;
  return { scene, description: { source, width, height }, focusDistanceM: CHART_M, landmarks };
}

function loadRendered({ source, frame }: SceneRequest): LoadedScene {
  const picture = findPicture(source.slice('scene:'.length));
  const width = Math.min(frame.width, MAX_RENDERED_WIDTH);
  const height = Math.round((frame.height * width) / frame.width);
  const scene = picture.render({ width, height, rays: RENDERED_RAYS });
  const { focusDistanceM, illuminanceLux } = picture;
  return { scene, description: { source, width, height }, focusDistanceM, illuminanceLux };
}

/**
 * Reads, draws or renders a scene.
 * @throws {UsageError} for a name that stands for none
 * @throws {PictureError | JobError | OpticsError} for a file or a parameter that is broken
 */
export async function loadScene(request: SceneRequest): Promise<LoadedScene> {
  const { source, depthFile, white } = request;
  const made = source.startsWith('chart:') || source.startsWith('scene:');
  if (!made) return await loadFile(request);
  if (depthFile !== undefined)
    throw new UsageError(`--depth is for scenes from files; ${source} knows its own.`);
  if (white !== undefined) throw new UsageError(`--white is for scenes from files; in ${source} white is 1.`);
  return source.startsWith('chart:') ? loadChart(request) : loadRendered(request);
}

/** Names after `chart:` and `scene:` with what they show. */
export function listScenes(): { readonly name: string; readonly help: string }[] {
  return [
    ...CHARTS.map(({ name, help, parameters }) => {
      const keys = Object.keys(parameters);
      return { name: `chart:${name}`, help: keys.length === 0 ? help : `${help} Takes ${keys.join(', ')}.` };
    }),
    ...PICTURES.map(({ name, help }) => ({ name: `scene:${name}`, help })),
  ];
}
