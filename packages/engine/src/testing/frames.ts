import type { Matrix3, RawFrame } from '@photosite/raw';
import { inverse } from '../colour/matrix3.js';
import { rgbToXyz, SRGB } from '../colour/spaces.js';
import { seededRandom } from './random.js';

/** Camera RGB on [0,1] at a place: channel 0 red, 1 green, 2 blue. */
export type Scene = (x: number, y: number, channel: number) => number;

/** XYZ to linear sRGB: the colour matrix of a camera whose primaries are sRGB's. */
export const SRGB_CAMERA: Matrix3 = inverse(rgbToXyz(SRGB))!;

/** Black and white level of the frames made here. */
export const BLACK = 256;
export const WHITE = 4095;

const PATTERNS = { RGGB: [0, 1, 1, 2], GRBG: [1, 0, 2, 1], GBRG: [1, 2, 0, 1], BGGR: [2, 1, 1, 0] } as const;

/** A Bayer pattern by its first two rows. */
export type BayerPattern = keyof typeof PATTERNS;

function base(width: number, height: number): Omit<RawFrame, 'samples' | 'samplesPerPixel'> {
  const whole = { top: 0, left: 0, bottom: height, right: width };
  return {
    width,
    height,
    bitsPerSample: 16,
    blackLevel: { repeatRows: 1, repeatCols: 1, values: [BLACK] },
    whiteLevel: [WHITE],
    activeArea: whole,
    maskedAreas: [],
    defaultCrop: whole,
    defaultScale: [1, 1],
    orientation: 1,
    color: { calibrations: [{ illuminant: 21, colorMatrix: SRGB_CAMERA }] },
    asShotNeutral: [0.5, 1, 0.7],
    opcodes: { list1: [], list2: [], list3: [] },
    exposure: {},
    previews: [],
  };
}

function quantised(light: number): number {
  return Math.min(Math.max(Math.round(BLACK + light * (WHITE - BLACK)), 0), WHITE);
}

/** A 12-bit Bayer frame of a scene; anything may be replaced. The default crop is the active area's. */
export function bayerFrame(
  width: number,
  height: number,
  scene: Scene,
  overrides: Partial<RawFrame> = {},
  pattern: BayerPattern = 'RGGB',
): RawFrame {
  const colours = PATTERNS[pattern];
  const samples = new Uint16Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      samples[y * width + x] = quantised(scene(x, y, colours[(y % 2) * 2 + (x % 2)]));
  return cropped({
    ...base(width, height),
    samples,
    samplesPerPixel: 1,
    cfa: { width: 2, height: 2, pattern: colours, kind: 'bayer' },
    ...overrides,
  });
}

/** Fujifilm's X-Trans array: 0 red, 1 green, 2 blue (US patent 8,531,563, figure 1). */
const XTRANS = [
  [1, 2, 1, 1, 0, 1],
  [0, 1, 0, 2, 1, 2],
  [1, 2, 1, 1, 0, 1],
  [1, 0, 1, 1, 2, 1],
  [2, 1, 2, 0, 1, 0],
  [1, 0, 1, 1, 2, 1],
];

/** A 12-bit X-Trans frame of a scene. */
export function xtransFrame(
  width: number,
  height: number,
  scene: Scene,
  overrides: Partial<RawFrame> = {},
): RawFrame {
  const samples = new Uint16Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) samples[y * width + x] = quantised(scene(x, y, XTRANS[y % 6]![x % 6]!));
  return cropped({
    ...base(width, height),
    samples,
    samplesPerPixel: 1,
    cfa: { width: 6, height: 6, pattern: XTRANS.flat(), kind: 'x-trans' },
    ...overrides,
  });
}

/** A LinearRaw frame of `planes` samples per pixel, float where asked for (black 0, white 1). */
export function linearRawFrame(
  width: number,
  height: number,
  scene: Scene,
  {
    planes = 3,
    float = false,
    overrides = {},
  }: { planes?: 1 | 3; float?: boolean; overrides?: Partial<RawFrame> } = {},
): RawFrame {
  const count = width * height * planes;
  const samples = float ? new Float32Array(count) : new Uint16Array(count);
  for (let i = 0; i < count; i++) {
    const pixel = Math.floor(i / planes);
    const light = scene(pixel % width, Math.floor(pixel / width), i % planes);
    samples[i] = float ? light : quantised(light);
  }
  return cropped({
    ...base(width, height),
    samples,
    samplesPerPixel: planes,
    blackLevel: { repeatRows: 1, repeatCols: 1, values: Array<number>(planes).fill(float ? 0 : BLACK) },
    whiteLevel: Array<number>(planes).fill(float ? 1 : WHITE),
    ...(planes === 1 ? { color: { calibrations: [] }, asShotNeutral: [1] } : {}),
    ...overrides,
  });
}

function cropped(frame: RawFrame): RawFrame {
  const { activeArea: area, defaultCrop: crop } = frame;
  const [width, height] = [area.right - area.left, area.bottom - area.top];
  const fits = crop.right <= width && crop.bottom <= height;
  return fits ? frame : { ...frame, defaultCrop: { top: 0, left: 0, bottom: height, right: width } };
}

/** Noise, gradients and hard edges, dark and clipped places: a scene that makes mistakes of any stage show. */
export function busyScene(seed = 1): Scene {
  const random = seededRandom(seed);
  const phase = Array.from({ length: 6 }, () => random() * 6);
  return (x, y, channel) => {
    const wave =
      0.5 + 0.5 * Math.sin(x / (5 + channel) + phase[channel]!) * Math.cos(y / 7 + phase[3 + channel]!);
    const edge = (Math.floor(x / 23) + Math.floor(y / 17)) % 2 === 0 ? 1 : 0.15;
    const gradient = 0.02 + (1.3 * (x + 2 * y)) / 400;
    const grain = Math.sin(x * 12.9898 + y * 78.233 + channel * 37.719) * 0.03;
    return Math.min(wave * edge * gradient + grain, 1.2);
  };
}

/** The same light everywhere. */
export function flat(r: number, g: number, b: number): Scene {
  const rgb = [r, g, b];
  return (_x, _y, channel) => rgb[channel]!;
}
