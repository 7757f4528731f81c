import type { NoiseProfile, RawFrame } from '@photosite/raw';
import type { Engine } from '../../Engine.js';
import { EngineError } from '../../EngineError.js';
import { rectangleOf } from '../../geometry.js';
import { noiseOf } from '../../noise/noiseOf.js';
import { repairBadPixels } from '../../stages/defects/bad-pixels.js';
import { lineariseTables, patternAt } from '../../stages/linearise/tables.js';
import type { BurstPlane } from '../align/index.js';

/** A frame of the burst with its samples in the kernels' memory. */
export interface HeldFrame {
  readonly index: number;
  /** The frame itself; its samples are those in the kernels' memory. */
  readonly frame: RawFrame;
  readonly address: number;
  /** What is to be freed: the samples may lie within a larger room. */
  readonly room: number;
  /** Noise of red, green and blue on [0,1]; never none at all. */
  readonly noise: readonly NoiseProfile[];
  /** How much there is to see, for choosing the reference. */
  readonly sharpness: number;
}

/** Noise that every frame has at least: rounding to 16 bits. */
const LEAST_NOISE = 1e-9;
/** Every so many rows are looked at for sharpness. */
const SHARPNESS_ROWS = 16;

/** The level that weights of frames of unequal noise are compared at: a grey. */
const GREY = 0.18;
/** Keeps shares of dark pixels apart from nothing. */
const SHADE = 0.002;

/** Why a frame can't be merged with the reference; undefined where it can. */
export function misfit(reference: RawFrame, frame: RawFrame): string | undefined {
  const model = (of: RawFrame): string => of.uniqueCameraModel ?? of.model ?? '';
  if (model(reference) !== model(frame))
    return `it is of another camera (${model(frame) || 'unnamed'}, the reference is of ${model(reference) || 'an unnamed one'})`;
  const area = rectangleOf(frame.activeArea);
  const own = rectangleOf(reference.activeArea);
  if (area.width !== own.width || area.height !== own.height)
    return `it has ${area.width} × ${area.height} pixels, the reference ${own.width} × ${own.height}`;
  if (
    frame.cfa?.kind !== reference.cfa?.kind ||
    (frame.cfa !== undefined && patternAt(frame, 2).join() !== patternAt(reference, 2).join())
  )
    return 'its colour filter array is another one';
  return undefined;
}

/** Throws where a frame is of a kind that is not merged. */
export function assertMergeable(frame: RawFrame): void {
  if (frame.cfa?.kind !== 'bayer')
    throw new EngineError(
      `bursts are merged from Bayer mosaics, and this frame is ${frame.cfa === undefined ? 'no mosaic' : `a mosaic of kind ${frame.cfa.kind}`}. Develop one of the frames alone.`,
    );
  const { width, height } = rectangleOf(frame.activeArea);
  if (width % 2 !== 0 || height % 2 !== 0)
    throw new EngineError(
      `bursts are merged from active areas of even width and height, and this one has ${width} × ${height}. Develop one of the frames alone.`,
    );
}

/** Puts a frame's samples, linear and without bad photosites, into the kernels' memory. */
export function hold(engine: Engine, index: number, recorded: RawFrame): HeldFrame {
  const { frame } = repairBadPixels(recorded);
  const { heap } = engine;
  const length = frame.samples.length;
  let room = engine.takeOver(frame.samples);
  let address = frame.samples.byteOffset;
  if (room === undefined) {
    room = address = heap.allocate(frame.samples.byteLength + 64);
    const { buffer } = heap.memory;
    if (frame.samples instanceof Float32Array) new Float32Array(buffer, address, length).set(frame.samples);
    else new Uint16Array(buffer, address, length).set(frame.samples);
    engine.discard(recorded.samples);
  }
  const { buffer } = heap.memory;
  const samples =
    frame.samples instanceof Float32Array
      ? new Float32Array(buffer, address, length)
      : new Uint16Array(buffer, address, length);
  const { linearization, ...rest } = frame;
  if (linearization !== undefined && linearization.length > 0)
    for (let i = 0; i < length; i++)
      samples[i] = linearization[Math.min(samples[i]!, linearization.length - 1)]!;
  // Previews are views of the file, which would stay in memory with them.
  const held: RawFrame = { ...rest, previews: [], samples };
  const noise = noiseOf(held).profiles.map(({ scale, offset }) => ({
    scale: Math.max(scale, 0),
    offset: Math.max(offset, LEAST_NOISE),
  }));
  return { index, frame: held, address, room, noise, sharpness: sharpnessOf(held, noise[1]!) };
}

/** Energy of the differences of neighbours of one colour beyond that of noise, relative to the light's. */
function sharpnessOf(frame: RawFrame, { scale, offset }: NoiseProfile): number {
  const { samples, width, activeArea: area } = frame;
  const black = frame.blackLevel?.values[0] ?? 0;
  const range = Math.max(frame.whiteLevel[0]! - black, 1e-6);
  let [energy, light, count] = [0, 0, 0];
  for (let y = area.top; y < area.bottom; y += SHARPNESS_ROWS)
    for (let x = area.left; x + 2 < area.right; x++) {
      const a = samples[y * width + x]! - black;
      const b = samples[y * width + x + 2]! - black;
      energy += (a - b) ** 2;
      light += a + b;
      count++;
    }
  if (count === 0) return 0;
  const mean = Math.max(light / (2 * count * range), 1e-6);
  return (energy / (count * range * range) - 2 * (scale * mean + offset)) / (mean * mean);
}

/** The light that a frame's white stands for, in units that are the same for all frames of a camera; undefined where the file does not say. */
export function lightAtWhite({ exposure }: RawFrame): number | undefined {
  const { exposureTime, iso, fNumber } = exposure;
  if (exposureTime === undefined || !(exposureTime > 0)) return undefined;
  const gain = iso !== undefined && iso > 0 ? iso : 100;
  const stop = fNumber !== undefined && fNumber > 0 ? fNumber : 1;
  return (stop * stop) / (exposureTime * gain);
}

/** The mean of the colours' noise. */
function meanNoise(noise: readonly NoiseProfile[]): NoiseProfile {
  const mean = (of: (profile: NoiseProfile) => number): number =>
    (of(noise[0]!) + 2 * of(noise[1]!) + of(noise[2]!)) / 4;
  return { scale: mean(({ scale }) => scale), offset: mean(({ offset }) => offset) };
}

/** A held frame as the alignment wants it. */
export function planeOf({ frame, noise }: HeldFrame, light: number): BurstPlane {
  const { activeArea: area, blackLevel } = frame;
  const { width, height } = rectangleOf(area);
  const black = [0, 1, 2, 3].map((i) => {
    if (blackLevel === undefined) return 0;
    const { repeatRows, repeatCols, values } = blackLevel;
    return values[((i >> 1) % repeatRows) * repeatCols + ((i & 1) % repeatCols)]!;
  });
  return {
    samples: frame.samples,
    offset: area.top * frame.width + area.left,
    stride: frame.width,
    samplesPerPixel: 1,
    width,
    height,
    period: 2,
    black,
    white: frame.whiteLevel[0]!,
    lightAtWhite: light,
    noise: meanNoise(noise),
  };
}

/** Tables that turn a frame's samples into light, the reference's white = 1. */
export function lightTables({ frame }: HeldFrame, light: number): ReturnType<typeof lineariseTables> {
  return lineariseTables(frame, [light, light, light]);
}

/** What is added to a prediction before it weighs: the noise of the dark, in light. */
export function shadeOf({ scale, offset }: NoiseProfile): number {
  return SHADE + (scale > 0 ? Math.min(offset / scale, 1) : 1);
}

/** The weight of a frame beside the reference: the inverse ratio of their variances at a grey. */
export function weightOf(own: NoiseProfile, other: NoiseProfile, light: number): number {
  const variance = other.scale * light * GREY + other.offset * light * light;
  return (own.scale * GREY + own.offset) / variance;
}
