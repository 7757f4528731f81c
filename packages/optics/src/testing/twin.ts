import { drawIdeal, type IdealLens } from '../lenses/drawIdeal.js';
import type { RgbScene } from '../scenes/Scene.js';
import type { SensorModel } from '../sensors/SensorModel.js';
import type { BurstPlan, BurstSettings, FrameRecord, TwinCamera } from '../twin/Burst.js';
import { exposeFrame } from '../twin/exposeFrame.js';

/** A small sensor with the figures of a phone's. */
export function smallSensor(
  width: number,
  height: number,
  overrides: Partial<SensorModel> = {},
): SensorModel {
  return {
    name: 'small',
    width,
    height,
    pitchUm: 4,
    cfa: 'rggb',
    binning: 1,
    sensitivities: 'nikon-d5100',
    peakQuantumEfficiency: 0.7,
    gains: [{ fromIso: 50, fullWellE: 30_000, readNoiseE: 2 }],
    baseIso: 50,
    adcNoise: 0.5,
    bitDepth: 14,
    blackLevel: 1024,
    whiteLevel: 16_383,
    darkCurrentEPerS: 1,
    darkTemperatureC: 25,
    darkDoublingK: 7,
    prnu: 0.005,
    dsnuE: 0.5,
    rowNoiseE: 0.2,
    hotPerMillion: 10,
    hotFactor: 100,
    readoutS: 0,
    ...overrides,
  };
}

/** A camera with a perfect lens, or one as stated. */
export function smallCamera(
  sensor: SensorModel,
  lens: Partial<IdealLens> = {},
  overrides: Partial<TwinCamera> = {},
): TwinCamera {
  const { width, height, pitchUm } = sensor;
  const ideal: IdealLens = {
    focalLengthMm: (width * pitchUm) / 1000,
    fNumber: 4,
    focusDistanceM: 3,
    imageRadiusMm: (Math.hypot(width, height) / 2) * (pitchUm / 1000) * 1.1,
    size: 33,
    cosineFourthShare: 0,
    ...lens,
  };
  return {
    id: 'test/main',
    make: 'Test',
    model: 'main',
    sensor,
    drawing: drawIdeal(ideal),
    transmission: 0.9,
    fNumber: ideal.fNumber,
    focalLengthMm: ideal.focalLengthMm,
    ...overrides,
  };
}

/** A grey scene of a function of the sample. */
export function greyScene(
  width: number,
  height: number,
  at: (x: number, y: number) => number,
  depthAt?: (x: number, y: number) => number,
): RgbScene {
  const rgb = new Float32Array(width * height * 3);
  for (let i = 0; i < width * height; i++) rgb.fill(at(i % width, Math.floor(i / width)), i * 3, i * 3 + 3);
  const depthM =
    depthAt &&
    Float32Array.from({ length: width * height }, (_, i) => depthAt(i % width, Math.floor(i / width)));
  return { kind: 'rgb', name: 'test', width, height, rgb, ...(depthM && { depthM }) };
}

/** A burst on a tripod in plenty of light. */
export function stillBurst(overrides: Partial<BurstSettings> = {}): BurstSettings {
  return {
    frames: 1,
    illuminant: 'D65',
    illuminanceLux: 200,
    exposureTimeS: 0.001,
    iso: 50,
    intervalS: 0.1,
    seed: 1,
    ...overrides,
  };
}

/** A frame with all of its truth in whole arrays. */
export interface ExposedFrame {
  readonly record: FrameRecord;
  readonly width: number;
  readonly height: number;
  readonly signal: Float32Array;
  readonly linear: Float32Array;
  readonly motion: Float32Array;
  readonly depthM: Float32Array;
  readonly moved: Uint8Array;
}

/** Exposes a frame and keeps all bands. */
export async function exposeAll(plan: BurstPlan, index: number, bandRows = 64): Promise<ExposedFrame> {
  const { width, height } = plan;
  const size = width * height;
  const out = {
    signal: new Float32Array(size),
    linear: new Float32Array(size * 3),
    motion: new Float32Array(size * 2),
    depthM: new Float32Array(size),
    moved: new Uint8Array(size),
  };
  const record = await exposeFrame(plan, index, {
    truth: true,
    bandRows,
    onRows({ top, signal, truth }) {
      const at = top * width;
      out.signal.set(signal, at);
      out.linear.set(truth!.linear, at * 3);
      out.motion.set(truth!.motion, at * 2);
      out.depthM.set(truth!.depthM, at);
      out.moved.set(truth!.moved, at);
    },
  });
  return { record, width, height, ...out };
}

/** One channel of a frame's linear truth. */
export function channelOf({ linear }: ExposedFrame, channel: number): Float32Array {
  return Float32Array.from({ length: linear.length / 3 }, (_, i) => linear[i * 3 + channel]!);
}
