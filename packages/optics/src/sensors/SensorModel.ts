/** How colours are spread over the photosites. */
export type CfaName = 'rggb' | 'grbg' | 'gbrg' | 'bggr' | 'quad-rggb' | 'x-trans' | 'mono';

/** One conversion gain of a sensor's pixel; a dual-gain sensor has two. */
export interface ConversionGain {
  /** From this ISO on it is used. */
  readonly fromIso: number;
  /** Electrons that fill the pixel or the converter's range at `fromIso`. */
  readonly fullWellE: number;
  /** Read noise before the converter, electrons rms, at every ISO that uses this gain; `adcNoise` adds to it. */
  readonly readNoiseE: number;
}

/** What a sensor does to light: all of its figures, plain data. */
export interface SensorModel {
  readonly name: string;
  /** Photosites across, before binning. */
  readonly width: number;
  /** Photosites down, before binning. */
  readonly height: number;
  /** Distance of two photosites, µm. */
  readonly pitchUm: number;
  readonly cfa: CfaName;
  /** Photosites across that are summed to one sample (1, or 2 for a quad-Bayer read as Bayer). */
  readonly binning: 1 | 2;
  /** Name of the measured spectral sensitivities, of {@link SENSITIVITIES}. */
  readonly sensitivities: string;
  /** Electrons per photon at the most sensitive wavelength of the most sensitive channel, colour filter and microlens included. */
  readonly peakQuantumEfficiency: number;
  /** By ascending `fromIso`. */
  readonly gains: readonly ConversionGain[];
  readonly baseIso: number;
  /** Noise of the analogue-to-digital converter, levels rms, quantisation aside. */
  readonly adcNoise: number;
  readonly bitDepth: number;
  readonly blackLevel: number;
  readonly whiteLevel: number;
  /** Electrons per second per photosite at `darkTemperatureC`. */
  readonly darkCurrentEPerS: number;
  readonly darkTemperatureC: number;
  /** Temperature rise that doubles the dark current, K. */
  readonly darkDoublingK: number;
  /** Photo-response non-uniformity, relative rms. */
  readonly prnu: number;
  /** Dark-signal non-uniformity: offset per photosite, electrons rms. */
  readonly dsnuE: number;
  /** Row noise, electrons rms. */
  readonly rowNoiseE: number;
  /** Photosites per million that are hot: `hotFactor` times the others' dark current, and more, comes on top. */
  readonly hotPerMillion: number;
  readonly hotFactor: number;
  /** Time from reading the first row to the last, s; 0 is a global shutter. */
  readonly readoutS: number;
}
