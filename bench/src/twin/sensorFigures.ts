import { Readout, type SensorModel } from '@photosite/optics';
import { type Figure, within } from './figure.js';

/** A phone's main sensor by today's usual figures; fixed pattern and dark current included. */
const PHONE: SensorModel = {
  name: 'phone',
  width: 1000,
  height: 1000,
  pitchUm: 1.6,
  cfa: 'rggb',
  binning: 1,
  sensitivities: 'none',
  peakQuantumEfficiency: 0.65,
  gains: [{ fromIso: 50, fullWellE: 12_000, readNoiseE: 3.5 }],
  baseIso: 50,
  adcNoise: 0.6,
  bitDepth: 12,
  blackLevel: 256,
  whiteLevel: 4095,
  darkCurrentEPerS: 8,
  darkTemperatureC: 25,
  darkDoublingK: 8,
  prnu: 0.006,
  dsnuE: 0.5,
  rowNoiseE: 0.15,
  hotPerMillion: 0,
  hotFactor: 100,
  readoutS: 0.015,
};

/** A full-frame body's, with two conversion gains. */
const FULL_FRAME: SensorModel = {
  ...PHONE,
  name: 'full frame',
  pitchUm: 4.4,
  cfa: 'bggr',
  gains: [
    { fromIso: 100, fullWellE: 60_000, readNoiseE: 2.5 },
    { fromIso: 640, fullWellE: 9500, readNoiseE: 1.2 },
  ],
  baseIso: 100,
  adcNoise: 0.5,
  bitDepth: 14,
  blackLevel: 512,
  whiteLevel: 16_383,
  prnu: 0.004,
  rowNoiseE: 0.1,
};

const CASES: readonly { readonly sensor: SensorModel; readonly iso: number }[] = [
  { sensor: PHONE, iso: 50 },
  { sensor: FULL_FRAME, iso: 100 },
  { sensor: FULL_FRAME, iso: 640 },
];

/** Long enough for dark current to count. */
const EXPOSURE_S = 0.5;
/** Highest light: below white by many deviations, so that nothing is cut. */
const TOP_SHARE = 0.8;
/** Levels of light: two for each of four decades. */
const STEPS = 9;
const DECADES = 4;
/** Largest deviations of mean and variance from theory, and of the conversion gain. */
const NOISE_LIMIT = 0.02;
const GAIN_LIMIT = 0.01;

/** Sums over two frames of the same light. */
interface Pair {
  /** Mean of both frames, levels above black. */
  readonly mean: number;
  /** Variance within a frame, fixed pattern included, levels². */
  readonly spatialVariance: number;
  /** Half the variance of the frames' difference, in which fixed pattern cancels, levels² (EMVA 1288). */
  readonly temporalVariance: number;
}

function measurePair(sensor: SensorModel, iso: number, electrons: number, step: number): Pair {
  const [first, second] = [0, 1].map(
    (i) => new Readout({ sensor, iso, exposureTimeS: EXPOSURE_S, seed: 1288, frame: 2 * step + i }),
  ) as [Readout, Readout];
  const { width, height } = first;
  const light = new Float32Array(width).fill(electrons);
  const [a, b] = [new Uint16Array(width), new Uint16Array(width)];
  let [sum, squares, differences, differenceSquares] = [0, 0, 0, 0];
  for (let row = 0; row < height; row++) {
    first.readRow(row, light, a);
    second.readRow(row, light, b);
    for (let x = 0; x < width; x++) {
      const p = a[x]! - sensor.blackLevel;
      const q = b[x]! - sensor.blackLevel;
      sum += p + q;
      squares += p * p + q * q;
      differences += p - q;
      differenceSquares += (p - q) * (p - q);
    }
  }
  const count = width * height;
  const mean = sum / (2 * count);
  return {
    mean,
    spatialVariance: squares / (2 * count) - mean * mean,
    temporalVariance: (differenceSquares / count - (differences / count) ** 2) / 2,
  };
}

/** Slope of the line through points, weighted by the inverse variance of each ordinate, which goes as its square. */
function weightedSlope(points: readonly (readonly [x: number, y: number])[]): number {
  let [w, wx, wy, wxx, wxy] = [0, 0, 0, 0, 0];
  for (const [x, y] of points) {
    const weight = 1 / (y * y);
    w += weight;
    wx += weight * x;
    wy += weight * y;
    wxx += weight * x * x;
    wxy += weight * x * y;
  }
  return (w * wxy - wx * wy) / (w * wxx - wx * wx);
}

/**
 * The sensor against theory: mean and variance of flat fields over four decades of light (all noise and fixed pattern of
 * the model), and the conversion gain that the photon transfer curve gives back (Janesick, "Photon
 * Transfer", 2007; EMVA 1288 release 4.0). Two frames of a million samples for each of nine levels, so that chance moves
 * the dimmest mean by 0.4 % rms, variances by 0.1 % and the gain by 0.1 %.
 */
export async function sensorFigures(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { sensor, iso } of CASES) {
    const readout = new Readout({ sensor, iso, exposureTimeS: EXPOSURE_S, seed: 0, frame: 0 });
    const perLevel = readout.electronsPerLevel;
    const top = TOP_SHARE * readout.whiteElectrons;
    const curve: [mean: number, variance: number][] = [];
    for (let step = 0; step < STEPS; step++) {
      const electrons = top * 10 ** (DECADES * (step / (STEPS - 1) - 1));
      const { mean, spatialVariance, temporalVariance } = measurePair(sensor, iso, electrons, step);
      const { scale, offset } = readout.noiseProfile;
      const variance =
        (scale * readout.signalOf(electrons) + offset) * (readout.whiteElectrons / perLevel) ** 2 +
        ((sensor.prnu * electrons) / perLevel) ** 2;
      const name = `${sensor.name}, ISO ${iso}, ${electrons.toPrecision(3)} e⁻`;
      figures.push(within(`${name}: mean, levels`, electrons / perLevel, mean, NOISE_LIMIT));
      figures.push(within(`${name}: variance, levels²`, variance, spatialVariance, NOISE_LIMIT));
      curve.push([mean, temporalVariance]);
    }
    const gain = weightedSlope(curve);
    figures.push(
      within(
        `${sensor.name}, ISO ${iso}: conversion gain by photon transfer, levels/e⁻`,
        1 / perLevel,
        gain,
        GAIN_LIMIT,
      ),
    );
  }
  return figures;
}
