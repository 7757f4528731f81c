import { describe, expect, it } from 'vitest';
import { OpticsError } from '../OpticsError.js';
import { EXAMPLE_SENSOR } from '../testing/exampleSensor.js';
import { checkSensor } from './checkSensor.js';
import type { SensorModel } from './SensorModel.js';

const gain = EXAMPLE_SENSOR.gains[0]!;

const BAD: readonly (readonly [string, Partial<SensorModel>])[] = [
  ['width', { width: 0 }],
  ['width', { width: 12.5 }],
  ['width', { width: 1, cfa: 'mono', binning: 2 }],
  ['height', { height: 70_000 }],
  ['pitchUm', { pitchUm: 0 }],
  ['binning', { binning: 3 as 2 }],
  ['binning', { binning: 2 }],
  ['cfa', { cfa: 'cmyk' as 'mono' }],
  ['peakQuantumEfficiency', { peakQuantumEfficiency: 0 }],
  ['peakQuantumEfficiency', { peakQuantumEfficiency: 1.2 }],
  ['gains.length', { gains: [] }],
  ['gains[0].fromIso', { gains: [{ ...gain, fromIso: Number.NaN }] }],
  ['gains[1].fromIso', { gains: [gain, { ...gain, fromIso: 50 }] }],
  ['gains[1].fromIso', { gains: [gain, gain] }],
  ['gains[0].fullWellE', { gains: [{ ...gain, fullWellE: -5 }] }],
  ['gains[0].readNoiseE', { gains: [{ ...gain, readNoiseE: Number.POSITIVE_INFINITY }] }],
  ['baseIso', { baseIso: 25 }],
  ['bitDepth', { bitDepth: 18 }],
  ['whiteLevel', { whiteLevel: 4096 }],
  ['blackLevel', { blackLevel: 4095 }],
  ['adcNoise', { adcNoise: -1 }],
  ['darkCurrentEPerS', { darkCurrentEPerS: -0.1 }],
  ['darkTemperatureC', { darkTemperatureC: -300 }],
  ['darkDoublingK', { darkDoublingK: 0 }],
  ['prnu', { prnu: 1 }],
  ['dsnuE', { dsnuE: Number.NaN }],
  ['rowNoiseE', { rowNoiseE: -2 }],
  ['hotPerMillion', { hotPerMillion: 2e6 }],
  ['hotFactor', { hotFactor: 0 }],
  ['readoutS', { readoutS: -0.01 }],
];

describe('checkSensor', () => {
  it('hands a possible sensor through', () => {
    expect(checkSensor(EXAMPLE_SENSOR)).toBe(EXAMPLE_SENSOR);
  });

  for (const [field, change] of BAD) {
    it(`names ${field} for ${JSON.stringify(change)}`, () => {
      const act = () => checkSensor({ ...EXAMPLE_SENSOR, ...change });
      expect(act).toThrow(OpticsError);
      expect(act).toThrow(`${field}: `);
    });
  }
});
