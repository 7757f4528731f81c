import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { clamp01, type RgbImage } from '@photosite/measure';
import {
  type BurstSettings,
  type ChartInput,
  drawChart,
  drawIdeal,
  electronsPerWhite,
  findCamera,
  findIlluminant,
  findSensitivities,
  illuminantRgb,
  PICTURES,
  type Scene,
  type SensorModel,
  sensorModelOf,
  type TwinCamera,
  toCameraRgb,
} from '@photosite/optics';
import { decodeExr, exrLinearRgb } from '@photosite/picture';
import { BLACK_LEVEL, levelOf, WHITE_LEVEL } from './mosaic.js';
import { NOISE_LEVELS, type NoiseLevel } from './noise.js';
import { FIRST_SEED, type TruthSet } from './pictures.js';
import { photograph, type TwinFrame } from './twin.js';

/** Name of the set that the twin photographs. */
export const TWIN_SET = 'twin';

/** Size of the frames of what is drawn. */
const FRAME = { width: 768, height: 512 };
/** Longest side of the frame of an OpenEXR picture. */
const LONGEST = 1024;
/** Samples of a scene for each pixel, across and down: detail beyond what the frame can show, for it to alias as in life. */
const FINER = 2;
/** What the brightest parts become, as in the other sets, and the share of a scene that may be brighter and is cut. */
const BRIGHT = 0.9;
const BRIGHTER_SHARE = 0.01;

/** Photosites of 1.6 µm; at f/2.8 a perfect lens and the photosite leave about a quarter of the contrast at their limit. */
const MODULE = findCamera('xiaomi-14-ultra/main');
const F_NUMBER = 2.8;
const ILLUMINANT = 'D65';
const EXPOSURE_S = 1 / 60;
const ISO = 100;
/** Electrons at the white level where there is to be no noise: the sensor must have some. */
const CLEAN_FULL_WELL_E = 1e6;

const CHARTS: readonly { readonly name: string; readonly options: Readonly<Record<string, ChartInput>> }[] = [
  { name: 'dead-leaves', options: { colors: 'natural', smallest: FINER } },
  { name: 'siemens-star', options: { cycles: 144 } },
  { name: 'slanted-squares', options: {} },
  { name: 'color-checker', options: {} },
];

/** A scene and the size of its picture, even numbers. */
interface FramedScene {
  readonly name: string;
  readonly scene: Scene;
  readonly width: number;
  readonly height: number;
}

/** Channels of an OpenEXR picture that are read. */
const isColour = (channel: string): boolean => ['R', 'G', 'B', 'Y'].includes(channel);

/** The OpenEXR pictures of `dataFolder/hdr`, none where that is absent, each to be photographed at half its size at most. */
async function exrScenes(dataFolder: string): Promise<FramedScene[]> {
  const folder = path.join(dataFolder, 'hdr');
  const names = await readdir(folder).catch((): string[] => []);
  const files = names.filter((name) => name.endsWith('.exr')).sort();
  return await Promise.all(
    files.map(async (file) => {
      const picture = decodeExr(await readFile(path.join(folder, file)), { file, wanted: isColour });
      const { width, height } = picture;
      const { name } = path.parse(file);
      const scale = Math.min(1 / FINER, LONGEST / Math.max(width, height));
      const even = (side: number) => 2 * Math.floor((side * scale) / 2);
      const scene: Scene = { kind: 'rgb', name, width, height, rgb: exrLinearRgb(picture, { file }) };
      return { name, scene, width: even(width), height: even(height) };
    }),
  );
}

function drawnScenes(): FramedScene[] {
  const size = { width: FRAME.width * FINER, height: FRAME.height * FINER };
  return [
    ...CHARTS.map(({ name, options }) => ({
      name,
      scene: drawChart(name, { ...options, ...size }).scene,
      ...FRAME,
    })),
    ...PICTURES.map(({ name, render }) => {
      // Without its depth: all in focus, since a blurred background asks nothing of demosaicing.
      const { depthM: _, ...scene } = render({ ...size, rays: 1 });
      return { name, scene, ...FRAME };
    }),
  ];
}

/** A sensor whose noise is the protocol's and nothing else: variance = scale · signal + offset. */
function sensorWith(
  { scale, offset }: NoiseLevel,
  { width, height }: { width: number; height: number },
): SensorModel {
  const fullWellE = scale > 0 ? 1 / scale : CLEAN_FULL_WELL_E;
  return {
    ...sensorModelOf(MODULE),
    width,
    height,
    cfa: 'rggb',
    binning: 1,
    gains: [{ fromIso: ISO, fullWellE, readNoiseE: Math.sqrt(offset) * fullWellE }],
    baseIso: ISO,
    adcNoise: 0,
    bitDepth: 14,
    blackLevel: BLACK_LEVEL,
    whiteLevel: WHITE_LEVEL,
    darkCurrentEPerS: 0,
    prnu: 0,
    dsnuE: 0,
    rowNoiseE: 0,
    hotPerMillion: 0,
  };
}

/** The camera at a noise level: a lens that neither shades nor distorts, so that all that is left to undo is the mosaic. */
export function plainCamera(level: NoiseLevel, size: { width: number; height: number }): TwinCamera {
  const sensor = sensorWith(level, size);
  const focalLengthMm = MODULE.lens.focalLengthMm.value;
  return {
    id: MODULE.id,
    make: 'Photosite',
    model: MODULE.id,
    sensor,
    drawing: drawIdeal({
      focalLengthMm,
      fNumber: F_NUMBER,
      focusDistanceM: Infinity,
      depthsM: [Infinity],
      imageRadiusMm: (Math.hypot(size.width, size.height) * sensor.pitchUm) / 2000,
      cosineFourthShare: 0,
    }),
    transmission: 1,
    fNumber: F_NUMBER,
    focalLengthMm,
  };
}

/** What R, G and B are multiplied by so that white is equal in all of them; the greatest channel's is 1. */
export function balanceGains(): readonly number[] {
  const { spectrum } = findIlluminant(ILLUMINANT);
  return illuminantRgb(spectrum, findSensitivities(MODULE.sensor.sensitivities.value)).map((c) => 1 / c);
}

/** The balanced camera RGB, relative to white, that but a small share of a scene's samples exceed in any channel. */
function brightOf(scene: Scene, gains: readonly number[]): number {
  const { spectrum } = findIlluminant(ILLUMINANT);
  const rgb = toCameraRgb(scene, findSensitivities(MODULE.sensor.sensitivities.value), spectrum);
  const [r, g, b] = gains as [number, number, number];
  const most = new Float32Array(rgb.length / 3);
  for (let i = 0, from = 0; i < most.length; i++, from += 3)
    most[i] = Math.max(rgb[from]! * r, rgb[from + 1]! * g, rgb[from + 2]! * b);
  most.sort();
  return most[Math.floor((most.length - 1) * (1 - BRIGHTER_SHARE))]!;
}

/** One frame from a tripod whose exposure brings camera RGB `bright` to {@link BRIGHT} of the white level. */
export function settingsFor(camera: TwinCamera, bright: number, seed: number): BurstSettings {
  const { sensor, drawing, transmission } = camera;
  const perLux = electronsPerWhite({
    sensor,
    illuminant: findIlluminant(ILLUMINANT).spectrum,
    illuminanceLux: 1,
    exposureTimeS: EXPOSURE_S,
    workingFNumber: drawing.workingFNumber,
    transmission,
  });
  return {
    frames: 1,
    illuminant: ILLUMINANT,
    illuminanceLux: (BRIGHT * sensor.gains[0]!.fullWellE) / (bright * Math.max(...perLux)),
    exposureTimeS: EXPOSURE_S,
    iso: ISO,
    intervalS: EXPOSURE_S,
    seed,
  };
}

/** The linear truth with white balanced, cut where the mosaic is. */
export function balancedTruth({ linear }: TwinFrame, gains: readonly number[]): RgbImage {
  return { ...linear, data: linear.data.map((value, i) => clamp01(value * gains[i % 3]!)) };
}

/** The frame's mosaic with white balanced, in the protocol's levels: the noise-free one, or the one as recorded. */
export function balancedMosaic(
  { frame, signal }: TwinFrame,
  gains: readonly number[],
  noisy: boolean,
): Uint16Array {
  const { width, samples } = frame;
  return Uint16Array.from(signal, (expected, i) => {
    const value = noisy ? (samples[i]! - BLACK_LEVEL) / (WHITE_LEVEL - BLACK_LEVEL) : expected;
    const channel = (Math.floor(i / width) & 1) + ((i % width) & 1);
    return levelOf(value * gains[channel]!);
  });
}

/**
 * Scenes that the twin photographs: charts, its rendered scenes and the OpenEXR pictures of the data folder, as one sensor
 * sees them through a lens, with the linear camera RGB of the same blurred picture as truth.
 *
 * The sensor's primaries are not sRGB's, but the raws say so, as those of the other sets: demosaicing doesn't know what
 * its three colours are, and every program then hands them out untouched. Only that neutrals are equal in R, G and B it does
 * expect, which white balance sees to before it in all of them; here mosaic and truth are balanced before they are written,
 * so that red and blue carry the noise of their gains, as in a real raw.
 * @param most scenes, the first ones
 */
export async function makeTwinSet(dataFolder: string, most = Infinity): Promise<TruthSet> {
  const gains = balanceGains();
  const scenes = [...drawnScenes(), ...(await exrScenes(dataFolder))].slice(0, most);
  const framed = scenes.map((scene) => ({ ...scene, bright: brightOf(scene.scene, gains) }));
  const expose = async (level: NoiseLevel, index: number): Promise<TwinFrame> => {
    const { scene, bright, ...size } = framed[index]!;
    const camera = plainCamera(level, size);
    const [frame] = await photograph(scene, camera, settingsFor(camera, bright, FIRST_SEED + index));
    return frame!;
  };
  const pictures = [];
  for (const [i, { name }] of framed.entries())
    pictures.push({ name, image: balancedTruth(await expose(NOISE_LEVELS.clean, i), gains) });
  return {
    name: TWIN_SET,
    pictures,
    noiseProfile: ({ scale, offset }) =>
      gains.map((gain) => ({ scale: scale * gain, offset: offset * gain * gain })),
    async expose(level) {
      const mosaics: Uint16Array[] = [];
      for (const i of framed.keys())
        mosaics.push(balancedMosaic(await expose(level, i), gains, level.scale > 0));
      return mosaics;
    },
  };
}
