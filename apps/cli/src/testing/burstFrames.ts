import { type RawFrame, writeDng } from '@photosite/raw';
import { BLACK, sampleFrame, WHITE } from './sampleFrame.js';

/** Numbers in [0, 1), the same for the same seed (mulberry32, public domain by T. Ettinger). */
export function numbersOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Light of a scene at any place, for red, green and blue, on [0,1]. */
export type SceneLight = (x: number, y: number, channel: number) => number;

/** A scene of soft blots and waves: it can be sampled anywhere, without error. */
export function sceneOf(seed: number, width: number, height: number): SceneLight {
  const next = numbersOf(seed);
  const blots = Array.from({ length: 150 }, () => ({
    x: next() * width,
    y: next() * height,
    size: 1.5 + 9 * next() ** 2,
    light: [next(), next(), next()].map((v) => 0.5 * (v - 0.4)),
  }));
  return (x, y, channel) => {
    let light = 0.25;
    for (const blot of blots) {
      const r2 = ((x - blot.x) ** 2 + (y - blot.y) ** 2) / (blot.size * blot.size);
      if (r2 < 16) light += blot.light[channel]! * Math.exp(-r2 / 2);
    }
    return Math.min(Math.max(light, 0.01), 0.9);
  };
}

export const NOISE = { scale: 0.001, offset: 1e-5 };
export const FRAME = { width: 320, height: 240 };

/** How a frame differs from the burst's first one. */
export interface FrameSettings {
  readonly shiftX?: number;
  readonly shiftY?: number;
  readonly seed: number;
  readonly time?: string;
}

/** What a frame's photosites see without noise: the first frame's place (x, y) lies at (x, y) + shift. */
export function signalOf(
  scene: SceneLight,
  { shiftX = 0, shiftY = 0 }: Omit<FrameSettings, 'seed'>,
): Float32Array {
  const { width, height } = FRAME;
  return Float32Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return scene(x - shiftX, y - shiftY, (x & 1) + (y & 1));
  });
}

/** A frame of a scene: RGGB with noise, upright, of one known camera. */
export function burstFrame(scene: SceneLight, settings: FrameSettings): RawFrame {
  const next = numbersOf(1000 + settings.seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const samples = Uint16Array.from(signalOf(scene, settings), (light) => {
    const noisy = light + normal() * Math.sqrt(NOISE.scale * light + NOISE.offset);
    return Math.min(Math.max(Math.round(BLACK + noisy * (WHITE - BLACK)), 0), WHITE);
  });
  const { width, height } = FRAME;
  const everything = { top: 0, left: 0, bottom: height, right: width };
  return {
    ...sampleFrame(),
    samples,
    width,
    height,
    activeArea: everything,
    defaultCrop: everything,
    orientation: 1,
    noiseProfile: [NOISE],
    time: settings.time ?? `2026-11-21T12:00:00.${settings.seed % 10}`,
  };
}

/** A frame as a DNG file. */
export function dngOf(frame: RawFrame): Uint8Array {
  return Buffer.concat(writeDng(frame, { compression: 'none' }).chunks);
}
