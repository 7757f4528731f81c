import {
  type Band,
  type BurstPlan,
  type BurstSettings,
  drawIdeal,
  exposeFrame,
  planBurst,
  type RgbScene,
  type SensorModel,
  type TwinCamera,
} from '@photosite/optics';
import { atMost, type Figure } from './figure.js';

const [WIDTH, HEIGHT] = [512, 384];
/** Bend of the lens at the image circle, and its lateral colour in red. */
const DISTORTION = -0.04;
const LATERAL = 0.001;
const PITCH_MM = 0.0032;
/** The lens's image circle, mm: a tenth more than the frame's. */
const IMAGE_RADIUS_MM = (Math.hypot(WIDTH, HEIGHT) / 2) * PITCH_MM * 1.1;
/** Half-width of the squares that a spot's centroid is taken over, pixels. */
const SPOT_REACH = 14;

const SENSOR: SensorModel = {
  name: 'bench',
  width: WIDTH,
  height: HEIGHT,
  pitchUm: PITCH_MM * 1000,
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
  darkCurrentEPerS: 0,
  darkTemperatureC: 25,
  darkDoublingK: 7,
  prnu: 0,
  dsnuE: 0,
  rowNoiseE: 0,
  hotPerMillion: 0,
  hotFactor: 1,
  readoutS: 0.02,
};

const CAMERA: TwinCamera = {
  id: 'bench/main',
  make: 'Photosite',
  model: 'bench',
  sensor: SENSOR,
  drawing: drawIdeal({
    focalLengthMm: 1.5,
    fNumber: 2,
    focusDistanceM: 3,
    imageRadiusMm: IMAGE_RADIUS_MM,
    distortion: [DISTORTION, 0, 0],
    lateralColour: [LATERAL, 0],
    size: 65,
  }),
  transmission: 0.9,
  fNumber: 2,
  focalLengthMm: 1.5,
};

const BURST: BurstSettings = {
  frames: 1,
  illuminant: 'D65',
  illuminanceLux: 500,
  exposureTimeS: 0.002,
  iso: 50,
  intervalS: 0.2,
  seed: 1,
};

function grey(width: number, height: number, at: (x: number, y: number) => number): RgbScene {
  const rgb = new Float32Array(width * height * 3);
  for (let i = 0; i < width * height; i++) rgb.fill(at(i % width, Math.floor(i / width)), i * 3, i * 3 + 3);
  return { kind: 'rgb', name: 'bench', width, height, rgb };
}

interface Exposed {
  readonly planes: readonly Float32Array[];
  readonly motion: Float32Array;
}

async function expose(plan: BurstPlan, index: number): Promise<Exposed> {
  const planes = [0, 1, 2].map(() => new Float32Array(WIDTH * HEIGHT));
  const motion = new Float32Array(WIDTH * HEIGHT * 2);
  await exposeFrame(plan, index, {
    truth: true,
    onRows({ top, rows, truth }: Band) {
      const { linear, motion: moved } = truth!;
      const first = top * WIDTH;
      for (let i = 0; i < rows * WIDTH; i++)
        for (const [c, plane] of planes.entries()) plane[first + i] = linear[i * 3 + c]!;
      motion.set(moved, first * 2);
    },
  });
  return { planes, motion };
}

/** Greatest distance of a spot's centroid from where the lens's formula puts it, pixels, in red and green. */
async function placeError(): Promise<number> {
  const [w, h] = [560, 420];
  const places = [70, 175, 280, 385, 490].flatMap((x) =>
    [50, 130, 210, 290, 370].map((y) => [x, y] as const),
  );
  const scene = grey(w, h, (x, y) =>
    places.reduce((sum, [u, v]) => {
      const r2 = (x - u) ** 2 + (y - v) ** 2;
      return r2 < 400 ? sum + Math.exp(-r2 / 12) : sum;
    }, 0),
  );
  const plan = planBurst(scene, CAMERA, BURST);
  const { planes } = await expose(plan, 0);
  let worst = 0;
  for (const [u, v] of places) {
    const x = ((u - (w - 1) / 2) * plan.sceneStepMm[0] * plan.sceneWidth) / w;
    const y = ((v - (h - 1) / 2) * plan.sceneStepMm[1] * plan.sceneHeight) / h;
    const bend = 1 + DISTORTION * (Math.hypot(x, y) / IMAGE_RADIUS_MM) ** 2;
    for (const [channel, magnification] of [1 + LATERAL, 1].entries()) {
      const column = (x * bend * magnification) / PITCH_MM + (WIDTH - 1) / 2;
      const row = (y * bend * magnification) / PITCH_MM + (HEIGHT - 1) / 2;
      let [sum, sx, sy] = [0, 0, 0];
      for (let j = Math.round(row) - SPOT_REACH; j <= Math.round(row) + SPOT_REACH; j++) {
        for (let i = Math.round(column) - SPOT_REACH; i <= Math.round(column) + SPOT_REACH; i++) {
          const value = planes[channel]![j * WIDTH + i] ?? 0;
          sum += value;
          sx += value * i;
          sy += value * j;
        }
      }
      worst = Math.max(worst, Math.hypot(sx / sum - column, sy / sum - row));
    }
  }
  return worst;
}

/** Greatest relative deviation from the mean of a flat scene, over all channels. */
async function unevenness(): Promise<number> {
  const plan = planBurst(
    grey(560, 420, () => 0.5),
    CAMERA,
    { ...BURST, exposureTimeS: 0.02, hand: { strength: 1, seed: 5 } },
  );
  let worst = 0;
  for (const plane of (await expose(plan, 0)).planes) {
    const mean = plane.reduce((sum, v) => sum + v, 0) / plane.length;
    for (const value of plane) worst = Math.max(worst, Math.abs(value / mean - 1));
  }
  return worst;
}

/**
 * Error of the motion field of a handheld frame with a rolling shutter, pixels rms: what is left after warping, over the
 * scene's gradient. The scene is two crossed waves, so that it can be told everywhere.
 */
async function motionError(): Promise<number> {
  const wave = (x: number, y: number) => 0.5 + 0.2 * Math.sin(x / 6) + 0.2 * Math.sin(y / 7);
  const plan = planBurst(grey(640, 480, wave), CAMERA, {
    ...BURST,
    frames: 2,
    hand: { strength: 2, seed: 7 },
  });
  const [reference, frame] = [await expose(plan, 0), await expose(plan, 1)];
  const [before, after] = [reference.planes[1]!, frame.planes[1]!];
  let [squares, gradients] = [0, 0];
  const cubic = (a: number, b: number, c: number, d: number, f: number) =>
    b + 0.5 * f * (c - a + f * (2 * a - 5 * b + 4 * c - d + f * (3 * (b - c) + d - a)));
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const i = y * WIDTH + x;
      const [u, v] = [x + frame.motion[i * 2]!, y + frame.motion[i * 2 + 1]!];
      if (u < 2 || v < 2 || u > WIDTH - 3 || v > HEIGHT - 3) continue;
      const [column, row] = [Math.floor(u), Math.floor(v)];
      const lines = [-1, 0, 1, 2].map((k) => {
        const at = (row + k) * WIDTH + column;
        return cubic(before[at - 1]!, before[at]!, before[at + 1]!, before[at + 2]!, u - column);
      });
      squares += (cubic(lines[0]!, lines[1]!, lines[2]!, lines[3]!, v - row) - after[i]!) ** 2;
      const at = row * WIDTH + column;
      gradients += (before[at + 1]! - before[at]!) ** 2 + (before[at + WIDTH]! - before[at]!) ** 2;
    }
  }
  return Math.sqrt(squares / gradients);
}

/** The twin's geometry and evenness against what they have to be. */
export async function burstFigures(): Promise<Figure[]> {
  return [
    atMost('point through distortion and lateral colour: place, pixels', 0.02, await placeError()),
    atMost('flat scene, handheld: unevenness before shading', 1e-4, await unevenness()),
    atMost('motion field, handheld, rolling shutter: error, pixels rms', 0.02, await motionError()),
  ];
}
