import type { CfaName, ConversionGain, SensorModel } from '../sensors/SensorModel.js';
import type { Datum } from './Datum.js';

/** How far a lens opens and closes. */
export interface ApertureRange {
  /** f-number wide open. */
  readonly open: number;
  /** Greatest f-number; equal to `open` where there is no iris. */
  readonly closed: number;
  /** `two`: only these two f-numbers; `continuous`: all between, also where they come in small steps. */
  readonly kind: 'fixed' | 'two' | 'continuous';
}

/** The lens of a module. */
export interface ModuleLens {
  /** Focal length on 36 × 24 mm with the same diagonal field of view. */
  readonly equivalentFocalLengthMm: Datum;
  /** Real focal length. */
  readonly focalLengthMm: Datum;
  readonly aperture: Datum<ApertureRange>;
  /** Share of light that the glass lets through, (0,1]. */
  readonly transmittance: Datum;
  /** Whether the lens or the sensor moves against the hand's motion. */
  readonly stabilised: Datum<boolean>;
}

/** A {@link SensorModel} whose figures say where they come from; units as there. */
export interface ModuleSensor {
  readonly name: Datum<string>;
  /** Name of the format, e.g. `1/2.51"`. */
  readonly format: Datum<string>;
  readonly width: Datum;
  readonly height: Datum;
  readonly pitchUm: Datum;
  readonly cfa: Datum<CfaName>;
  readonly binning: Datum<1 | 2>;
  readonly sensitivities: Datum<string>;
  readonly peakQuantumEfficiency: Datum;
  readonly gains: Datum<readonly ConversionGain[]>;
  readonly baseIso: Datum;
  readonly adcNoise: Datum;
  readonly bitDepth: Datum;
  readonly blackLevel: Datum;
  readonly whiteLevel: Datum;
  readonly darkCurrentEPerS: Datum;
  readonly darkTemperatureC: Datum;
  readonly darkDoublingK: Datum;
  readonly prnu: Datum;
  readonly dsnuE: Datum;
  readonly rowNoiseE: Datum;
  readonly hotPerMillion: Datum;
  readonly hotFactor: Datum;
  readonly readoutS: Datum;
}

/** One lens with one sensor: a phone has several, a camera body one for each lens put before it. */
export interface CameraModule {
  /** E.g. `xiaomi-14-ultra/main`. */
  readonly id: string;
  /** E.g. `Xiaomi 14 Ultra`. */
  readonly camera: string;
  /** What it is for, in a few words. */
  readonly purpose: string;
  readonly lens: ModuleLens;
  readonly sensor: ModuleSensor;
}

/** Width and height, mm, of the photosites' area. */
export function sensorSizeMm({ width, height, pitchUm }: ModuleSensor): {
  widthMm: number;
  heightMm: number;
} {
  return { widthMm: (width.value * pitchUm.value) / 1000, heightMm: (height.value * pitchUm.value) / 1000 };
}

/** The bare figures of a module's sensor, as the twin takes them. */
export function sensorModelOf({ sensor }: Pick<CameraModule, 'sensor'>): SensorModel {
  return {
    name: sensor.name.value,
    width: sensor.width.value,
    height: sensor.height.value,
    pitchUm: sensor.pitchUm.value,
    cfa: sensor.cfa.value,
    binning: sensor.binning.value,
    sensitivities: sensor.sensitivities.value,
    peakQuantumEfficiency: sensor.peakQuantumEfficiency.value,
    gains: sensor.gains.value,
    baseIso: sensor.baseIso.value,
    adcNoise: sensor.adcNoise.value,
    bitDepth: sensor.bitDepth.value,
    blackLevel: sensor.blackLevel.value,
    whiteLevel: sensor.whiteLevel.value,
    darkCurrentEPerS: sensor.darkCurrentEPerS.value,
    darkTemperatureC: sensor.darkTemperatureC.value,
    darkDoublingK: sensor.darkDoublingK.value,
    prnu: sensor.prnu.value,
    dsnuE: sensor.dsnuE.value,
    rowNoiseE: sensor.rowNoiseE.value,
    hotPerMillion: sensor.hotPerMillion.value,
    hotFactor: sensor.hotFactor.value,
    readoutS: sensor.readoutS.value,
  };
}
