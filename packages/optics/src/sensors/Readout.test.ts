import { describe, expect, it } from 'vitest';
import { OpticsError } from '../OpticsError.js';
import { EXAMPLE_SENSOR } from '../testing/exampleSensor.js';
import { gainForIso, Readout, type ReadoutSettings } from './Readout.js';
import type { SensorModel } from './SensorModel.js';

type Change = Partial<SensorModel> & Partial<Omit<ReadoutSettings, 'sensor'>>;

function readoutOf({
  iso = 100,
  exposureTimeS = 0.01,
  temperatureC = 25,
  seed = 5,
  frame = 0,
  ...sensor
}: Change) {
  return new Readout({
    sensor: { ...EXAMPLE_SENSOR, ...sensor },
    iso,
    exposureTimeS,
    temperatureC,
    seed,
    frame,
  });
}

/** A whole frame of one light, as levels. */
function flat(readout: Readout, electrons: number): Uint16Array {
  const light = new Float32Array(readout.width).fill(electrons);
  const levels = new Uint16Array(readout.width * readout.height);
  for (let row = 0; row < readout.height; row++) {
    readout.readRow(row, light, levels.subarray(row * readout.width, (row + 1) * readout.width));
  }
  return levels;
}

function moments(values: ArrayLike<number>): { mean: number; variance: number } {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  const mean = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - mean) ** 2;
  return { mean, variance: squares / (values.length - 1) };
}

const least = (levels: Uint16Array) => levels.reduce((a, b) => Math.min(a, b));
const most = (levels: Uint16Array) => levels.reduce((a, b) => Math.max(a, b));
const difference = (a: Uint16Array, b: Uint16Array) => Float64Array.from(a, (value, i) => value - b[i]!);

/** Everything that a sensor can have wrong with it. */
const FULL: Change = {
  prnu: 0.01,
  dsnuE: 2,
  rowNoiseE: 1.5,
  darkCurrentEPerS: 40,
  exposureTimeS: 0.25,
  hotPerMillion: 500,
};

/** 196 608 samples: a variance is known to √(2/n) = 0.32 % rms, so that 1.5 % is nearly five of that. */
const VARIANCE_SLACK = 0.015;

describe('Readout: noise', () => {
  for (const electrons of [0, 3, 40, 900, 5000]) {
    it(`of ${electrons} electrons has the variance that the noise profile says`, () => {
      const readout = readoutOf({ dsnuE: 2, darkCurrentEPerS: 40, exposureTimeS: 0.25 });
      const { mean, variance } = moments(flat(readout, electrons));
      const range = EXAMPLE_SENSOR.whiteLevel - EXAMPLE_SENSOR.blackLevel;
      const signal = readout.signalOf(electrons);
      const { scale, offset } = readout.noiseProfile;
      const expected = (scale * signal + offset) * range ** 2;
      expect(Math.abs(variance / expected - 1)).toBeLessThan(VARIANCE_SLACK);
      // Five standard errors of the mean.
      const slack = 5 * Math.sqrt(expected / (readout.width * readout.height));
      expect(Math.abs(mean - readout.levelOf(signal))).toBeLessThan(slack);
    });
  }

  it("rows deviate together by the row noise, which is in the profile's offset", () => {
    const readout = readoutOf({ rowNoiseE: 12 });
    const levels = flat(readout, 100);
    const { width, height } = readout;
    const means = Array.from(
      { length: height },
      (_, row) => moments(levels.subarray(row * width, (row + 1) * width)).mean,
    );
    const within = readoutOf({}).noiseProfile.offset;
    const rowVariance = (readout.noiseProfile.offset - within) * (4095 - 256) ** 2;
    // 384 rows: a variance is known to 7 % rms, and 30 % is four of that.
    expect(Math.abs(moments(means).variance / rowVariance - 1)).toBeLessThan(0.3);
    expect(Math.sqrt(rowVariance)).toBeCloseTo(12 / readout.electronsPerLevel, 9);
  });

  it('PRNU adds the square of its share of the signal', () => {
    const readout = readoutOf({ prnu: 0.03 });
    const { variance } = moments(flat(readout, 4000));
    const electrons = variance * readout.electronsPerLevel ** 2;
    const expected = readout.noiseProfile.scale * readout.whiteElectrons * 4000 + (0.03 * 4000) ** 2 + 9;
    expect(Math.abs(electrons / expected - 1)).toBeLessThan(VARIANCE_SLACK);
  });

  it('dark current doubles with its temperature and leaves the black level where it is', () => {
    const settings = { darkCurrentEPerS: 100, exposureTimeS: 2, darkDoublingK: 6 };
    const cool = readoutOf(settings);
    const warm = readoutOf({ ...settings, temperatureC: 31 });
    expect(cool.darkElectrons).toBeCloseTo(200, 9);
    expect(warm.darkElectrons).toBeCloseTo(400, 9);
    for (const readout of [cool, warm]) {
      const { mean, variance } = moments(flat(readout, 0));
      expect(Math.abs(mean - 256)).toBeLessThan(5 * Math.sqrt(variance / (readout.width * readout.height)));
    }
  });
});

describe('Readout: fixed pattern and streams', () => {
  it('the same camera and frame give the same bytes', () => {
    expect(flat(readoutOf(FULL), 300)).toEqual(flat(readoutOf(FULL), 300));
  });

  it('rows are the same in whatever order they are read', () => {
    const light = new Float32Array(EXAMPLE_SENSOR.width).fill(77);
    const whole = flat(readoutOf(FULL), 77);
    const readout = readoutOf(FULL);
    for (const row of [383, 0, 200, 199, 200]) {
      const out = new Uint16Array(readout.width);
      readout.readRow(row, light, out);
      expect(out).toEqual(whole.subarray(row * readout.width, (row + 1) * readout.width));
    }
  });

  it('frames differ in their noise and share their pattern; other cameras share neither', () => {
    const at = (seed: number, frame: number) => flat(readoutOf({ prnu: 0.05, dsnuE: 4, seed, frame }), 3000);
    const [first, second, other] = [at(1, 0), at(1, 1), at(2, 0)];
    expect(first).not.toEqual(second);
    const covariance = (a: Uint16Array, b: Uint16Array) =>
      (moments(a).variance + moments(b).variance - moments(difference(a, b)).variance) / 2;
    const pattern = ((0.05 * 3000) ** 2 + 4 ** 2) / readoutOf({}).electronsPerLevel ** 2;
    // 196 608 pairs with a correlation of 0.88: the covariance is known to 0.35 %.
    expect(Math.abs(covariance(first, second) / pattern - 1)).toBeLessThan(0.0175);
    expect(Math.abs(covariance(first, other) / pattern)).toBeLessThan(0.0175);
  });

  it('hot photosites are as many as stated, hot enough, and in the same places', () => {
    const change: Change = {
      hotPerMillion: 2000,
      hotFactor: 100,
      darkCurrentEPerS: 50,
      exposureTimeS: 0.5,
      cfa: 'mono',
    };
    // 2500 dark electrons and more, over a floor of 25 ± 6.
    const hot = (frame: number) => {
      const readout = readoutOf({ ...change, frame });
      const limit = 256 + 1500 / readout.electronsPerLevel;
      const places: number[] = [];
      flat(readout, 0).forEach((level, i) => {
        if (level > limit) places.push(i);
      });
      return places;
    };
    const places = hot(0);
    const expected = 0.002 * 512 * 384;
    expect(Math.abs(places.length - expected)).toBeLessThan(5 * Math.sqrt(expected));
    expect(hot(1)).toEqual(places);
    expect(new Set(places.map((i) => i % 512)).size).toBeGreaterThan(200);
  });

  it('all photosites can be hot', () => {
    const all = readoutOf({ hotPerMillion: 1e6, hotFactor: 10, darkCurrentEPerS: 1000, exposureTimeS: 0.1 });
    // 1100 electrons and more, less the 100 of the clamp, and six of their deviations of 33.
    expect(least(flat(all, 0))).toBeGreaterThan(256 + 800 / all.electronsPerLevel);
  });
});

describe('Readout: gain, clipping and levels', () => {
  it('uses the conversion gain of the ISO, whose full well is white where it begins', () => {
    expect([100, 399, 400, 6400].map((iso) => gainForIso(EXAMPLE_SENSOR, iso).fromIso)).toEqual([
      100, 100, 400, 400,
    ]);
    expect(readoutOf({ iso: 100 }).whiteElectrons).toBe(9000);
    expect(readoutOf({ iso: 200 }).whiteElectrons).toBe(4500);
    expect(readoutOf({ iso: 400 }).whiteElectrons).toBe(2000);
    expect(readoutOf({ iso: 1600 }).whiteElectrons).toBe(500);
    expect(readoutOf({ iso: 400 }).electronsPerLevel).toBeCloseTo(2000 / (4095 - 256), 12);
  });

  it('the higher conversion gain has less noise in the dark', () => {
    const dark = (iso: number) => {
      const readout = readoutOf({ iso });
      return Math.sqrt(moments(flat(readout, 0)).variance) * readout.electronsPerLevel;
    };
    // Read noise, converter's noise of half a level and rounding; a deviation is known to 0.16 % rms.
    const expected = (readNoise: number, perLevel: number) =>
      Math.hypot(readNoise, perLevel * Math.sqrt(0.25 + 1 / 12));
    expect(dark(399) / expected(3, (9000 / 3839) * (100 / 399))).toBeCloseTo(1, 2);
    expect(dark(400) / expected(1.5, 2000 / 3839)).toBeCloseTo(1, 2);
  });

  it('everything above the full well is white, and nothing is above white or below 0', () => {
    const bright = flat(readoutOf(FULL), 12_000);
    expect(least(bright)).toBe(4095);
    expect(most(bright)).toBe(4095);
    const deep = flat(
      readoutOf({ blackLevel: 2, gains: [{ ...EXAMPLE_SENSOR.gains[0]!, readNoiseE: 20 }] }),
      0,
    );
    expect(least(deep)).toBe(0);
  });

  it('takes light that is no number or negative as none, and endless light as white', () => {
    const readout = readoutOf({});
    const light = new Float32Array(readout.width);
    light.set([Number.NaN, -5, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 3e38]);
    const out = new Uint16Array(readout.width);
    readout.readRow(0, light, out);
    const dark = new Uint16Array(readout.width);
    readout.readRow(0, new Float32Array(readout.width), dark);
    expect(out.subarray(0, 3)).toEqual(dark.subarray(0, 3));
    expect([out[3], out[4]]).toEqual([4095, 4095]);
    const expected = new Float32Array(readout.width);
    readout.expectedRow(0, light, expected);
    expect(Array.from(expected.subarray(0, 3))).toEqual([0, 0, 0]);
    expect(expected[3]).toBeGreaterThan(1000);
  });

  it('without noise says the mean of what it reads with noise, unclipped', () => {
    const readout = readoutOf({ iso: 200 });
    const light = Float32Array.from({ length: readout.width }, (_, x) => x * 20);
    const expected = new Float32Array(readout.width);
    readout.expectedRow(0, light, expected);
    const sums = new Float64Array(readout.width);
    const out = new Uint16Array(readout.width);
    for (let row = 0; row < readout.height; row++) {
      readout.readRow(row, light, out);
      for (let x = 0; x < readout.width; x++) sums[x]! += out[x]!;
    }
    let worst = 0;
    for (let x = 0; x < 200; x++) {
      const sigma = Math.sqrt(readout.noiseProfile.scale * expected[x]! + readout.noiseProfile.offset) * 3839;
      const error = sums[x]! / readout.height - readout.levelOf(expected[x]!);
      worst = Math.max(worst, Math.abs(error) / (sigma / Math.sqrt(readout.height)));
    }
    expect(worst).toBeLessThan(5);
    expect(expected[511]).toBeCloseTo((511 * 20) / 4500, 5);
    expect(readout.levelOf(expected[511]!)).toBe(4095);
  });
});

describe('Readout: binning', () => {
  const quad: Change = { cfa: 'quad-rggb', width: 1024, height: 768 };

  it('sums four photosites: four times the light, twice the read noise, half the PRNU', () => {
    const summed = readoutOf({ ...quad, binning: 2, prnu: 0.04, dsnuE: 3 });
    expect([summed.width, summed.height, summed.whiteElectrons]).toEqual([512, 384, 36_000]);
    expect(summed.signalOf(900)).toBeCloseTo(0.1, 12);
    const { mean, variance } = moments(flat(summed, 1000));
    const electrons = variance * summed.electronsPerLevel ** 2;
    // One sample: 4000 electrons; PRNU of four photosites of 1000 each; DSNU and read noise of four; one converter.
    const expected =
      4000 +
      4 * (0.04 * 1000) ** 2 +
      4 * 3 ** 2 +
      4 * 3 ** 2 +
      summed.electronsPerLevel ** 2 * (0.25 + 1 / 12);
    expect(Math.abs(electrons / expected - 1)).toBeLessThan(VARIANCE_SLACK);
    expect(mean).toBeCloseTo(256 + 4000 / summed.electronsPerLevel, 0);
  });

  it('equals photosites that are read one by one and summed, in mean and noise', () => {
    // The converter adds to single photosites four times what it adds to a sum, so it is left out here.
    const gains = [{ fromIso: 100, fullWellE: 3000, readNoiseE: 6 }];
    const change = { ...quad, adcNoise: 0, prnu: 0.02, dsnuE: 4, bitDepth: 16, whiteLevel: 60_000, gains };
    const summed = readoutOf({ ...change, binning: 2 });
    const single = readoutOf(change);
    const levels = flat(single, 500);
    const sums = new Float64Array(512 * 384);
    for (let i = 0; i < levels.length; i++) {
      const [x, y] = [i % 1024, Math.floor(i / 1024)];
      sums[(y >> 1) * 512 + (x >> 1)]! += (levels[i]! - 256) * single.electronsPerLevel;
    }
    const own = Float64Array.from(flat(summed, 500), (level) => (level - 256) * summed.electronsPerLevel);
    const [a, b] = [moments(sums), moments(own)];
    expect(Math.abs(a.variance / b.variance - 1)).toBeLessThan(VARIANCE_SLACK * Math.SQRT2);
    expect(Math.abs(a.mean - b.mean)).toBeLessThan(5 * Math.sqrt((2 * b.variance) / own.length));
  });
});

describe('Readout: bad settings', () => {
  const bad: readonly (readonly [string, Change])[] = [
    ['iso', { iso: 50 }],
    ['iso', { iso: Number.NaN }],
    ['exposureTimeS', { exposureTimeS: -1 }],
    ['exposureTimeS', { exposureTimeS: Number.POSITIVE_INFINITY }],
    ['temperatureC', { temperatureC: -400 }],
    ['seed', { seed: 0.5 }],
    ['frame', { frame: -1 }],
    ['prnu', { prnu: -1 }],
  ];
  for (const [field, change] of bad) {
    it(`names ${field} for ${Object.values(change)}`, () => {
      expect(() => readoutOf(change)).toThrow(OpticsError);
      expect(() => readoutOf(change)).toThrow(`${field}: `);
    });
  }

  it('names rows and buffers that do not fit', () => {
    const readout = readoutOf({});
    const [light, out] = [new Float32Array(512), new Uint16Array(512)];
    expect(() => readout.readRow(384, light, out)).toThrow(/row: 384/);
    expect(() => readout.readRow(-1, light, out)).toThrow(/row: -1/);
    expect(() => readout.readRow(0, light.subarray(1), out)).toThrow(/electrons.length: 511/);
    expect(() => readout.readRow(0, light, out.subarray(1))).toThrow(/out.length: 511/);
  });
});
