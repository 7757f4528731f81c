import { inRange, positive } from '../checks.js';
import { OpticsError } from '../OpticsError.js';
import { cfaOf } from './cfa.js';
import type { SensorModel } from './SensorModel.js';

/** Longest side of a sensor, photosites. */
export const MAX_SENSOR_SIDE = 65_535;
/** Most electrons that a photosite may hold. */
export const MAX_FULL_WELL_E = 1e7;
/** Highest ISO. */
export const MAX_ISO = 1e7;
/** Most conversion gains of a sensor. */
export const MAX_GAINS = 8;

function integer(field: string, value: number, least: number, most: number): number {
  inRange(field, value, least, most);
  if (Number.isInteger(value)) return value;
  throw new OpticsError(`${value} is not possible; it has to be a whole number from ${least} to ${most}.`, {
    field,
  });
}

/**
 * The sensor itself where all of its figures are physical.
 * @throws {OpticsError} that names the field, its value and the allowed range
 */
export function checkSensor(sensor: SensorModel): SensorModel {
  integer('width', sensor.width, 1, MAX_SENSOR_SIDE);
  integer('height', sensor.height, 1, MAX_SENSOR_SIDE);
  inRange('pitchUm', sensor.pitchUm, 0.1, 1000);
  if (sensor.binning !== 1 && sensor.binning !== 2) {
    throw new OpticsError(`${sensor.binning} is not possible; it has to be 1 or 2.`, { field: 'binning' });
  }
  cfaOf(sensor.cfa, sensor.binning);
  inRange('width', sensor.width, sensor.binning, MAX_SENSOR_SIDE);
  inRange('height', sensor.height, sensor.binning, MAX_SENSOR_SIDE);
  positive('peakQuantumEfficiency', sensor.peakQuantumEfficiency);
  inRange('peakQuantumEfficiency', sensor.peakQuantumEfficiency, 0, 1);
  integer('gains.length', sensor.gains.length, 1, MAX_GAINS);
  let previousIso = 0;
  for (const [i, gain] of sensor.gains.entries()) {
    positive(`gains[${i}].fromIso`, gain.fromIso);
    inRange(`gains[${i}].fromIso`, gain.fromIso, previousIso, MAX_ISO);
    if (gain.fromIso === previousIso) {
      throw new OpticsError(`${gain.fromIso} stands twice; gains are listed by ascending ISO.`, {
        field: `gains[${i}].fromIso`,
      });
    }
    previousIso = gain.fromIso;
    inRange(`gains[${i}].fullWellE`, gain.fullWellE, 1, MAX_FULL_WELL_E);
    inRange(`gains[${i}].readNoiseE`, gain.readNoiseE, 0, gain.fullWellE);
  }
  inRange('baseIso', sensor.baseIso, sensor.gains[0]!.fromIso, MAX_ISO);
  integer('bitDepth', sensor.bitDepth, 1, 16);
  const most = 2 ** sensor.bitDepth - 1;
  integer('whiteLevel', sensor.whiteLevel, 1, most);
  integer('blackLevel', sensor.blackLevel, 0, sensor.whiteLevel - 1);
  inRange('adcNoise', sensor.adcNoise, 0, most);
  inRange('darkCurrentEPerS', sensor.darkCurrentEPerS, 0, 1e9);
  inRange('darkTemperatureC', sensor.darkTemperatureC, -273.15, 200);
  inRange('darkDoublingK', sensor.darkDoublingK, 0.1, 1000);
  inRange('prnu', sensor.prnu, 0, 0.3);
  inRange('dsnuE', sensor.dsnuE, 0, MAX_FULL_WELL_E);
  inRange('rowNoiseE', sensor.rowNoiseE, 0, MAX_FULL_WELL_E);
  inRange('hotPerMillion', sensor.hotPerMillion, 0, 1e6);
  inRange('hotFactor', sensor.hotFactor, 1, 1e6);
  inRange('readoutS', sensor.readoutS, 0, 10);
  return sensor;
}
