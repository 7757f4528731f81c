import type { SensorModel } from '../sensors/SensorModel.js';

/** A small sensor without any fixed pattern, dark current or noise but that of reading. */
export const EXAMPLE_SENSOR: SensorModel = {
  name: 'Example',
  width: 512,
  height: 384,
  pitchUm: 1.6,
  cfa: 'rggb',
  binning: 1,
  sensitivities: 'none',
  peakQuantumEfficiency: 0.6,
  gains: [
    { fromIso: 100, fullWellE: 9000, readNoiseE: 3 },
    { fromIso: 400, fullWellE: 2000, readNoiseE: 1.5 },
  ],
  baseIso: 100,
  adcNoise: 0.5,
  bitDepth: 12,
  blackLevel: 256,
  whiteLevel: 4095,
  darkCurrentEPerS: 0,
  darkTemperatureC: 25,
  darkDoublingK: 8,
  prnu: 0,
  dsnuE: 0,
  rowNoiseE: 0,
  hotPerMillion: 0,
  hotFactor: 100,
  readoutS: 0.01,
};
