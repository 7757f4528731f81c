import type { NoiseProfile } from '@photosite/raw';
import { inRange } from '../checks.js';
import { samplesOf } from './cfa.js';
import { checkSensor, MAX_ISO } from './checkSensor.js';
import { RandomStream, randomKey } from './random.js';
import type { ConversionGain, SensorModel } from './SensorModel.js';

/** How a sensor is read. */
export interface ReadoutSettings {
  readonly sensor: SensorModel;
  /** From the first gain's `fromIso` to {@link MAX_ISO}. */
  readonly iso: number;
  /** Time that dark current gathers, s: 0 to 86 400. */
  readonly exposureTimeS: number;
  /** Temperature of the sensor, °C: −273.15 to 200; default the sensor's `darkTemperatureC`. */
  readonly temperatureC?: number;
  /** Which camera it is: keys the fixed pattern, and with `frame` the noise. 0 to 2³² − 1. */
  readonly seed: number;
  /** Which frame of that camera it is: 0 to 2³² − 1. */
  readonly frame: number;
}

/** What random numbers are for; each purpose and row has its own stream. */
const PURPOSE = { shot: 1, read: 2, row: 3, prnu: 4, dsnu: 5, hot: 6 } as const;
/** The frame of what is the same in all frames. */
const FIXED_PATTERN = 0;

/** Light per photosite beyond this, electrons, is taken as this: it is white at any ISO. */
const MAX_ELECTRONS = 1e8;
const LONGEST_EXPOSURE_S = 86_400;
const LOWEST_C = -273.15;
const HIGHEST_C = 200;

/**
 * The conversion gain that a sensor uses: the last one whose `fromIso` is not above the ISO.
 * @throws {OpticsError} for an ISO below the first gain's
 */
export function gainForIso(sensor: SensorModel, iso: number): ConversionGain {
  inRange('iso', iso, sensor.gains[0]!.fromIso, MAX_ISO);
  return sensor.gains.findLast(({ fromIso }) => fromIso <= iso)!;
}

/**
 * Turns expected photo-electrons into what a sensor writes, row by row, in any order: photon shot noise, dark current,
 * PRNU, DSNU, hot photosites, read noise and row noise, then gain, the converter's noise, rounding and clipping.
 * The model and what it leaves out: `sensors/README.md`.
 *
 * All counts are of *samples*: with binning one sample is the sum of `binning²` photosites of one colour.
 */
export class Readout {
  readonly sensor: SensorModel;
  readonly iso: number;
  readonly exposureTimeS: number;
  readonly temperatureC: number;
  /** Samples across. */
  readonly width: number;
  /** Samples down. */
  readonly height: number;
  /** Photosites in a sample. */
  readonly photosites: number;
  readonly gain: ConversionGain;
  /** Electrons of a sample that reach the white level: all of the converter's range above black. */
  readonly whiteElectrons: number;
  /** Electrons of a sample for one level: the conversion gain K⁻¹ of EMVA 1288. */
  readonly electronsPerLevel: number;
  /** Mean dark electrons in a sample. Their mean is taken off as cameras do by their masked rows; their noise stays. */
  readonly darkElectrons: number;
  /** Standard deviation of what is added to a sample beside shot noise, electrons: read noise of all its photosites. */
  readonly readNoise: number;
  /**
   * Variance = scale · signal + offset on [0,1] (DNG 1.6, NoiseProfile): shot noise, dark current, read, row and converter
   * noise, DSNU and rounding (1/12 level²). PRNU grows with the signal's square and is not in it, nor are hot photosites.
   */
  readonly noiseProfile: NoiseProfile;

  readonly #seed: number;
  readonly #frame: number;
  /** Standard deviations per sample, electrons. */
  readonly #rowNoise: number;
  readonly #dsnu: number;
  /** Relative. */
  readonly #prnu: number;
  /** Read and converter noise together, electrons: two normal numbers sum to one. */
  readonly #additive: number;
  readonly #shotStream = new RandomStream();
  readonly #readStream = new RandomStream();
  readonly #prnuStream = new RandomStream();
  readonly #dsnuStream = new RandomStream();
  readonly #otherStream = new RandomStream();
  /** Dark electrons that a row's hot photosites add. */
  readonly #hot: Float32Array;

  /** @throws {OpticsError} where a figure of the sensor or a setting is not physical */
  constructor(settings: ReadoutSettings) {
    const sensor = checkSensor(settings.sensor);
    const { iso, exposureTimeS, temperatureC = sensor.darkTemperatureC } = settings;
    this.sensor = sensor;
    this.gain = gainForIso(sensor, iso);
    this.iso = iso;
    this.exposureTimeS = inRange('exposureTimeS', exposureTimeS, 0, LONGEST_EXPOSURE_S);
    this.temperatureC = inRange('temperatureC', temperatureC, LOWEST_C, HIGHEST_C);
    this.#seed = randomKey('seed', settings.seed);
    this.#frame = randomKey('frame', settings.frame);

    const { width, height } = samplesOf(sensor);
    this.width = width;
    this.height = height;
    const { binning } = sensor;
    this.photosites = binning * binning;
    const range = sensor.whiteLevel - sensor.blackLevel;
    this.whiteElectrons = (this.photosites * this.gain.fullWellE * this.gain.fromIso) / iso;
    this.electronsPerLevel = this.whiteElectrons / range;
    const doublings = (temperatureC - sensor.darkTemperatureC) / sensor.darkDoublingK;
    this.darkElectrons =
      this.photosites * Math.min(sensor.darkCurrentEPerS * 2 ** doublings * exposureTimeS, MAX_ELECTRONS);
    this.readNoise = binning * this.gain.readNoiseE;
    // The photosites of one row share its deviation, those of two rows do not.
    this.#rowNoise = binning * Math.sqrt(binning) * sensor.rowNoiseE;
    this.#dsnu = binning * sensor.dsnuE;
    this.#prnu = sensor.prnu / binning;
    this.#additive = Math.hypot(this.readNoise, sensor.adcNoise * this.electronsPerLevel);
    const electronsSquared =
      this.darkElectrons +
      this.#additive ** 2 +
      this.#rowNoise ** 2 +
      this.#dsnu ** 2 +
      this.electronsPerLevel ** 2 / 12;
    this.noiseProfile = {
      scale: 1 / this.whiteElectrons,
      offset: electronsSquared / this.whiteElectrons ** 2,
    };
    this.#hot = new Float32Array(width);
  }

  /** The noise-free signal of so many photo-electrons per photosite; 1 is the white level, more is clipped when read. */
  signalOf(electrons: number): number {
    return (electrons * this.photosites) / this.whiteElectrons;
  }

  /**
   * Reads one row. The same row of the same frame is the same whenever it is read.
   * @param row of the samples, 0 to `height − 1`
   * @param electrons expected photo-electrons per photosite of each sample's own colour, at least `width` of them: with
   *   binning the mean over the sample's photosites, whose sum is Poisson again. NaN and negative count as 0, more than
   *   1e8 as 1e8.
   * @param out takes `width` levels
   */
  readRow(row: number, electrons: Float32Array, out: Uint16Array): void {
    this.#checkRow(row, electrons, out);
    const { width, photosites } = this;
    const { blackLevel, whiteLevel } = this.sensor;
    const shot = this.#shotStream.start(this.#seed, this.#frame, PURPOSE.shot, row);
    const read = this.#readStream.start(this.#seed, this.#frame, PURPOSE.read, row);
    const prnuStream = this.#prnuStream.start(this.#seed, FIXED_PATTERN, PURPOSE.prnu, row);
    const dsnuStream = this.#dsnuStream.start(this.#seed, FIXED_PATTERN, PURPOSE.dsnu, row);
    const rowOffset =
      this.#rowNoise * this.#otherStream.start(this.#seed, this.#frame, PURPOSE.row, row).normal();
    const hot = this.#hotElectrons(row);
    const prnu = this.#prnu;
    const dsnu = this.#dsnu;
    const additive = this.#additive;
    const dark = this.darkElectrons;
    const levelsPerElectron = 1 / this.electronsPerLevel;
    // Rounds to the nearest level, and what the black clamp takes off.
    const base = blackLevel + 0.5 + (rowOffset - dark) * levelsPerElectron;
    for (let x = 0; x < width; x++) {
      const light = electrons[x]!;
      let mean = light > 0 ? Math.min(light, MAX_ELECTRONS) * photosites : 0;
      if (prnu > 0) mean *= Math.max(0, 1 + prnu * prnuStream.normal());
      let charge = shot.poisson(mean + dark + hot[x]!);
      if (dsnu > 0) charge += dsnu * dsnuStream.normal();
      if (additive > 0) charge += additive * read.normal();
      const level = Math.floor(base + charge * levelsPerElectron);
      out[x] = level < 0 ? 0 : level > whiteLevel ? whiteLevel : level;
    }
  }

  /**
   * The same row without any noise, fixed pattern or rounding.
   * @param electrons as for {@link readRow}
   * @param out takes `width` signals: 0 is black, 1 the white level; not clipped, so that it may be more than 1
   */
  expectedRow(row: number, electrons: Float32Array, out: Float32Array): void {
    this.#checkRow(row, electrons, out);
    const scale = this.photosites / this.whiteElectrons;
    for (let x = 0; x < this.width; x++) {
      const light = electrons[x]!;
      out[x] = light > 0 ? Math.min(light, MAX_ELECTRONS) * scale : 0;
    }
  }

  /** The level of a noise-free signal, clipped to the white level, not rounded. */
  levelOf(signal: number): number {
    const { blackLevel, whiteLevel } = this.sensor;
    return blackLevel + Math.min(Math.max(signal, 0), 1) * (whiteLevel - blackLevel);
  }

  /** What the hot photosites of a row add to the expected dark electrons of each sample. */
  #hotElectrons(row: number): Float32Array {
    const hot = this.#hot.fill(0);
    const share = this.sensor.hotPerMillion / 1e6;
    const added = (this.darkElectrons / this.photosites) * this.sensor.hotFactor;
    if (share === 0 || added === 0) return hot;
    const stream = this.#otherStream.start(this.#seed, FIXED_PATTERN, PURPOSE.hot, row);
    const count = this.width * this.photosites;
    // Gaps between the successes of independent trials are geometric, so that only hot photosites cost time.
    const perGap = share < 1 ? 1 / Math.log1p(-share) : 0;
    let site = Math.floor(Math.log(stream.uniform()) * perGap);
    while (site < count) {
      // The excess has an exponential tail beyond the least factor.
      const x = Math.floor(site / this.photosites);
      hot[x] = hot[x]! + added * (1 + stream.exponential());
      site += 1 + Math.floor(Math.log(stream.uniform()) * perGap);
    }
    return hot;
  }

  #checkRow(row: number, electrons: Float32Array, out: { readonly length: number }): void {
    inRange('row', row, 0, this.height - 1);
    inRange('electrons.length', electrons.length, this.width, Number.MAX_SAFE_INTEGER);
    inRange('out.length', out.length, this.width, Number.MAX_SAFE_INTEGER);
  }
}
