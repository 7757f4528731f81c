import type { Engine } from '@photosite/engine';
import type { RgbImage } from '@photosite/measure';
import type { NoiseProfile, RawFrame } from '@photosite/raw';
import { type Log, messageOf } from '../log.js';
import { alignTable } from '../table.js';
import type { NoiseLevel } from '../truth/noise.js';
import { LIGHT } from './cases.js';
import { frameOfWall, rawFrame, record, signalOf, TEN_BIT } from './expose.js';
import { cameraRgb } from './finish.js';
import { mergeInMemory } from './mergeInMemory.js';
import { motionsOf } from './motion.js';
import { BORDER } from './score.js';
import { blur, readWall, WALL_MARGIN } from './wall.js';

const [WIDTH, HEIGHT] = [1024, 768];
/** Frames of the longest burst. */
const MOST_FRAMES = 16;
const COUNTS = [2, 4, 8, MOST_FRAMES];
const LENS_BLUR = 0.8;
const MOTION_SEED = 11;
/** Two bursts of one scene: half of their difference squared is noise, whatever the picture. */
const NOISE_SEEDS = [5000, 6000] as const;
/** Grey squares on the wall: side, what of it is looked at, and light. */
const [PATCH, INSIDE] = [144, 16];
const GREYS = [0.05, 0.18, 0.45] as const;

const patchLeft = (index: number): number => 120 + 280 * index;
const PATCH_TOP = 300;

/** Noise of bursts of some frames. */
export interface CountRow {
  readonly title: string;
  readonly frames: number;
  /** Whether the last pass followed. */
  readonly lastPass: boolean;
  /** Signal to noise over that of the reference alone, demosaiced; over the root of the frames: in grey, and in photographs. */
  readonly inFlat: number;
  readonly inTexture: number;
  /** Signal to error against truth in photographs, in the same way: blur counts, too. */
  readonly error: number;
  /** Variance in grey over what the noise profile says, of the linear picture and of the mosaic. */
  readonly ofProfile: number;
  readonly ofMosaicProfile: number;
}

/** The wall with grey squares on it. */
async function wallWithGreys(dataFolder: string): Promise<RgbImage> {
  const wall = await readWall(dataFolder, WIDTH, HEIGHT);
  GREYS.forEach((grey, index) => {
    for (let y = PATCH_TOP; y < PATCH_TOP + PATCH; y++) {
      const from = ((y + WALL_MARGIN) * wall.width + patchLeft(index) + WALL_MARGIN) * 3;
      wall.data.fill(grey, from, from + PATCH * 3);
    }
  });
  return blur(wall, LENS_BLUR);
}

/** The grey that a pixel lies in, well inside; undefined in photographs. */
function greyAt(x: number, y: number): number | undefined | 'edge' {
  const index = GREYS.findIndex((_, i) => x >= patchLeft(i) && x < patchLeft(i) + PATCH);
  if (index < 0 || y < PATCH_TOP || y >= PATCH_TOP + PATCH) return undefined;
  const near = Math.min(
    x - patchLeft(index),
    patchLeft(index) + PATCH - 1 - x,
    y - PATCH_TOP,
    PATCH_TOP + PATCH - 1 - y,
  );
  return near < INSIDE ? 'edge' : GREYS[index];
}

/** Mean variance of two pictures of one scene, in parts of `expected`, and their mean squared error. */
function compare(
  [a, b]: readonly Float32Array[],
  planes: 1 | 3,
  truth: Float32Array | undefined,
  flat: boolean,
  expected: (value: number, colour: number) => number,
): number {
  let [sum, count] = [0, 0];
  for (let y = BORDER; y < HEIGHT - BORDER; y++)
    for (let x = BORDER; x < WIDTH - BORDER; x++) {
      const grey = greyAt(x, y);
      if (grey === 'edge' || (grey !== undefined) !== flat) continue;
      for (let k = 0; k < planes; k++) {
        const i = (y * WIDTH + x) * planes + k;
        const mean = (a![i]! + b![i]!) / 2;
        const squares =
          truth === undefined
            ? (a![i]! - b![i]!) ** 2 / 2
            : ((a![i]! - truth[i]!) ** 2 + (b![i]! - truth[i]!) ** 2) / 2;
        sum += squares / expected(grey ?? truth?.[i] ?? mean, planes === 3 ? k : (y & 1) + (x & 1));
        count++;
      }
    }
  return sum / count;
}

/** How signal to noise grows with the frames of a burst, and whether its noise profile is true. */
export async function measureCounts(engine: Engine, dataFolder: string, log: Log): Promise<CountRow[]> {
  const rows: CountRow[] = [];
  const wall = await wallWithGreys(dataFolder);
  const linear = frameOfWall(wall).data;
  const signals = motionsOf('hand', MOST_FRAMES, MOTION_SEED).map((motion) => signalOf(wall, motion));
  for (const noise of [LIGHT.light, LIGHT.dark]) {
    const bursts = NOISE_SEEDS.map((seed) =>
      signals.map((signal, i) =>
        rawFrame(record(signal, noise, TEN_BIT, seed + i), WIDTH, HEIGHT, noise, TEN_BIT),
      ),
    );
    const ofFrame = (value: number): number => variance(noise, value);
    const alone = await Promise.all(bursts.map(async ([first]) => (await cameraRgb(engine, first!)).data));
    const figures = (pictures: readonly Float32Array[]) => ({
      inFlat: compare(pictures, 3, undefined, true, ofFrame),
      inTexture: compare(pictures, 3, undefined, false, ofFrame),
      error: compare(pictures, 3, linear, false, ofFrame),
    });
    const one = figures(alone);
    for (const lastPass of [false, true])
      for (const count of COUNTS) {
        try {
          const merge = async (output: 'rgb' | 'mosaic') =>
            await Promise.all(
              bursts.map((frames) =>
                mergeInMemory(engine, frames.slice(0, count), {
                  output,
                  reference: 0,
                  denoise: lastPass ? 1 : 0,
                }),
              ),
            );
          const [planes, mosaics] = [await merge('rgb'), await merge('mosaic')];
          const found = figures(planes.map(({ frame }) => frame.samples));
          const root = (before: number, after: number): number => Math.sqrt(before / after / count);
          rows.push({
            title: `handheld, ${noise.name}`,
            frames: count,
            lastPass,
            inFlat: root(one.inFlat, found.inFlat),
            inTexture: root(one.inTexture, found.inTexture),
            error: root(one.error, found.error),
            ofProfile: ofProfile(planes.map(({ frame }) => frame)),
            ofMosaicProfile: ofProfile(mosaics.map(({ frame }) => frame)),
          });
          log.progress(`${noise.name}, ${count} frames: ${rows.at(-1)!.inFlat.toFixed(2)} of the root`);
        } catch (error) {
          log.failure(`${noise.name}, ${count} frames: ${messageOf(error)}`);
        }
      }
  }
  return rows;
}

function variance({ scale, offset }: NoiseLevel | NoiseProfile, value: number): number {
  return scale * Math.max(value, 0) + offset;
}

/** Variance in the grey squares over what a frame's profile says. */
function ofProfile(frames: readonly (RawFrame & { readonly samples: Float32Array })[]): number {
  const [{ noiseProfile, samplesPerPixel }] = frames as [RawFrame];
  return compare(
    frames.map(({ samples }) => samples),
    samplesPerPixel as 1 | 3,
    undefined,
    true,
    (value, colour) => variance(noiseProfile![colour]!, value),
  );
}

/** The table. */
export function formatCounts(rows: readonly CountRow[]): string {
  return [
    'Signal to noise over that of the reference alone, demosaiced and not denoised, over the square root of the frames: noise alone (the',
    'difference of two bursts) in grey squares and in photographs, and all error there; and variance in grey over the noise profile',
    '',
    alignTable(
      ['', 'frames', 'grey', 'photographs', 'all error', 'of profile', 'mosaic'],
      rows.map((row) => [
        `${row.title}, ${row.lastPass ? 'with' : 'without'} the last pass`,
        String(row.frames),
        row.inFlat.toFixed(2),
        row.inTexture.toFixed(2),
        row.error.toFixed(2),
        row.ofProfile.toFixed(2),
        row.ofMosaicProfile.toFixed(2),
      ]),
    ),
  ].join('\n');
}
