// Scenes whose value is known at every place, so that a frame may be shifted by any part of a pixel and the truth is exact.
// For the tests of burst/align, burst/choose and burst/merge.
import { seededRandom } from '../../testing/random.js';
import type { BurstPlane } from '../align/BurstPlane.js';

/** Light on [0,1] at a place of the scene, in pixels: channel 0 red, 1 green, 2 blue. */
export type BurstScene = (x: number, y: number, channel: number) => number;

/** Where the scene's point lies that a frame's pixel sees; `row` is the frame's own, for rolling shutters. */
export type Motion = (x: number, y: number) => readonly [x: number, y: number];

/** Side of the periodic tables of random numbers. */
const TABLE = 64;
const LAST = TABLE - 1;

/** A smooth random field of features about `size` pixels large, between about -1 and 1: a cubic B-spline on a lattice. */
function field(seed: number, size: number): (x: number, y: number) => number {
  const random = seededRandom(seed);
  const table = Float64Array.from({ length: TABLE * TABLE }, () => 4 * random() - 2);
  const row = (at: number, i: number, f: number): number => {
    const g = 1 - f;
    return (
      (g * g * g * table[at + (i & LAST)]! + f * f * f * table[at + ((i + 3) & LAST)]!) / 6 +
      (2 / 3 - f * f * (1 - f / 2)) * table[at + ((i + 1) & LAST)]! +
      (2 / 3 - g * g * (1 - g / 2)) * table[at + ((i + 2) & LAST)]!
    );
  };
  return (x, y) => {
    const u = x / size;
    const v = y / size;
    const i = Math.floor(u);
    const j = Math.floor(v);
    const fx = u - i;
    const fy = v - j;
    const g = 1 - fy;
    return (
      (g * g * g * row((j & LAST) * TABLE, i, fx) + fy * fy * fy * row(((j + 3) & LAST) * TABLE, i, fx)) / 6 +
      (2 / 3 - fy * fy * (1 - fy / 2)) * row(((j + 1) & LAST) * TABLE, i, fx) +
      (2 / 3 - g * g * (1 - g / 2)) * row(((j + 2) & LAST) * TABLE, i, fx)
    );
  };
}

/**
 * Something like a photograph: overlapping blobs with edges as sharp as a lens draws them (0.8 pixels), texture inside of
 * some, a spectrum that falls about as 1/f, and colours. The mean is about 0.3.
 */
export function photographLike(seed = 1, edge = 0.8): BurstScene {
  const broad = field(seed * 31, 200);
  const middle = field(seed * 31 + 2, 40);
  const small = field(seed * 31 + 3, 18);
  const fine = field(seed * 31 + 7, 5);
  const finest = field(seed * 31 + 8, 2.6);
  const mask = field(seed * 31 + 9, 60);
  const hue = field(seed * 31 + 10, 70);
  return (x, y, c) => {
    // Level sets of the fields as edges: a field's slope is about 1 / size.
    const steps =
      0.1 * Math.tanh((100 * broad(x, y)) / edge) +
      0.08 * Math.tanh((20 * middle(x, y)) / edge) +
      0.06 * Math.tanh((9 * small(x, y)) / edge);
    const textured = 1 / (1 + Math.exp(-8 * mask(x, y)));
    const texture = textured < 0.01 ? 0 : textured * (0.06 * fine(x, y) + 0.04 * finest(x, y));
    const tint = 1 + 0.25 * (1 - c) * Math.tanh((35 * hue(x, y)) / edge);
    return Math.max(0.3 * Math.exp(1.6 * (steps + texture)) * tint, 0.002);
  };
}

/** Two normal numbers at once (Box and Muller 1958), one kept for the next call. */
function gaussian(random: () => number): () => number {
  let kept: number | undefined;
  return () => {
    if (kept !== undefined) {
      const value = kept;
      kept = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    kept = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

/** How a test's frame is taken. */
export interface FrameSettings {
  readonly width: number;
  readonly height: number;
  readonly motion?: Motion;
  readonly seed?: number;
  /** Variance scale · x + offset on [0,1]; none by default. */
  readonly noise?: { readonly scale: number; readonly offset: number };
  /** Light multiplied by this before it falls onto the sensor: 1/8 for a frame of an eighth of the exposure. */
  readonly exposure?: number;
  readonly period?: 1 | 2 | 6;
}

/** Levels of the frames made here: 14 bit. */
export const BLACK = 512;
export const WHITE = 16383;

const RGGB = [0, 1, 1, 2];
/** Fujifilm's X-Trans array (US patent 8,531,563, figure 1). */
const XTRANS = [
  ...[1, 2, 1, 1, 0, 1],
  ...[0, 1, 0, 2, 1, 2],
  ...[1, 2, 1, 1, 0, 1],
  ...[1, 0, 1, 1, 2, 1],
  ...[2, 1, 2, 0, 1, 0],
  ...[1, 0, 1, 1, 2, 1],
];

/** A frame of a scene: sampled, with noise, clipped and quantised. */
export function expose(scene: BurstScene, settings: FrameSettings): BurstPlane {
  const {
    width,
    height,
    motion,
    seed = 1,
    noise = { scale: 0, offset: 0 },
    exposure = 1,
    period = 2,
  } = settings;
  const spp = period === 1 ? 3 : 1;
  const samples = new Uint16Array(width * height * spp);
  const normal = gaussian(seededRandom(seed));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [u, v] = motion === undefined ? [x, y] : motion(x, y);
      for (let c = 0; c < spp; c++) {
        const channel =
          spp === 3 ? c : period === 2 ? RGGB[(y % 2) * 2 + (x % 2)]! : XTRANS[(y % 6) * 6 + (x % 6)]!;
        const light = scene(u, v, channel) * exposure;
        const value = light + normal() * Math.sqrt(noise.scale * light + noise.offset);
        samples[(y * width + x) * spp + c] = Math.min(
          Math.max(Math.round(BLACK + value * (WHITE - BLACK)), 0),
          WHITE,
        );
      }
    }
  return {
    samples,
    offset: 0,
    stride: width * spp,
    samplesPerPixel: spp,
    width,
    height,
    period,
    black: [BLACK],
    white: WHITE,
    lightAtWhite: 1 / exposure,
    noise,
  };
}

/** The motion of a hand: the frame sees the scene moved by (dx, dy), turned by degrees (clockwise) and scaled about the frame's centre. */
export interface HandMotion {
  readonly dx?: number;
  readonly dy?: number;
  readonly rotationDeg?: number;
  readonly scale?: number;
}

/**
 * A frame's pixels to scene places for a hand's motion: the scene's point at x lies in the frame at
 * centre + scale · R(x - centre) + (dx, dy). With this, an alignment of a frame without motion to this one is the motion.
 */
export function handheld(
  width: number,
  height: number,
  { dx = 0, dy = 0, rotationDeg = 0, scale = 1 }: HandMotion,
): Motion {
  const [cx, cy] = [(width - 1) / 2, (height - 1) / 2];
  const angle = (rotationDeg * Math.PI) / 180;
  const [c, s] = [Math.cos(angle) / scale, Math.sin(angle) / scale];
  return (x, y) => {
    const [u, v] = [x - cx - dx, y - cy - dy];
    return [cx + c * u + s * v, cy - s * u + c * v];
  };
}

/** The truth for {@link handheld}: the offset at a place of the frame without motion. */
export function offsetAt(
  width: number,
  height: number,
  motion: HandMotion,
  x: number,
  y: number,
): [number, number] {
  const { dx = 0, dy = 0, rotationDeg = 0, scale = 1 } = motion;
  const [u, v] = [x - (width - 1) / 2, y - (height - 1) / 2];
  const angle = (rotationDeg * Math.PI) / 180;
  const [c, s] = [Math.cos(angle) * scale, Math.sin(angle) * scale];
  return [c * u - s * v + dx - u, s * u + c * v + dy - v];
}

/** Noise by PEERS.md: a bright scene and a dark one. */
export const BRIGHT_NOISE = { scale: 0.001, offset: 1e-5 };
export const DARK_NOISE = { scale: 0.006, offset: 3e-4 };
