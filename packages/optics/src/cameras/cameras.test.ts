import { describe, expect, it } from 'vitest';
import { cropFactor, equivalentFNumber, equivalentFocalLengthMm } from '../calculators/equivalence.js';
import { saturationSpeed } from '../calculators/exposure.js';
import { fieldOfView } from '../calculators/fieldOfView.js';
import { diagonalMm, findFormat } from '../calculators/formats.js';
import { photonsPerLuxSecondUm2 } from '../calculators/photons.js';
import { OpticsError } from '../OpticsError.js';
import { samplesOf } from '../sensors/cfa.js';
import { checkSensor } from '../sensors/checkSensor.js';
import { quantumEfficiencies } from '../spectra/cameraRgb.js';
import { ILLUMINANTS } from '../spectra/illuminants.js';
import { findSensitivities } from '../spectra/sensitivities.js';
import { sensorModelOf, sensorSizeMm } from './CameraModule.js';
import { CAMERAS, findCamera } from './cameras.js';
import type { Datum } from './Datum.js';
import { ownSensor } from './sensors.js';

const figures = CAMERAS.flatMap((module) =>
  [...Object.entries(module.lens), ...Object.entries(module.sensor)].map(
    ([name, datum]) => [`${module.id} ${name}`, datum as Datum<unknown>] as const,
  ),
);

describe('camera presets', () => {
  it('say of every figure who published it or why it is assumed, and never both', () => {
    expect(figures.length).toBe(CAMERAS.length * 29);
    for (const [name, datum] of figures) {
      const reasons = [
        'source' in datum ? datum.source : undefined,
        'assumed' in datum ? datum.assumed : undefined,
      ];
      expect(
        reasons.filter((reason) => reason !== undefined && reason.trim().length > 5),
        name,
      ).toHaveLength(1);
    }
  });

  it('mark electrical figures of phones as assumed: nobody publishes them', () => {
    for (const { id, sensor } of CAMERAS)
      if (!id.startsWith('sony'))
        for (const name of [
          'gains',
          'peakQuantumEfficiency',
          'adcNoise',
          'darkCurrentEPerS',
          'prnu',
          'readoutS',
        ] as const)
          expect(sensor[name], `${id} ${name}`).toHaveProperty('assumed');
  });

  it('have the cameras that are asked for, each id once', () => {
    const ids = CAMERAS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(
      expect.arrayContaining([
        'xiaomi-12s-ultra/main',
        'xiaomi-12s-ultra-concept/m-mount',
        'xiaomi-13-ultra/main',
        'xiaomi-14/main',
        'xiaomi-14-pro/main',
        'xiaomi-14-ultra/main',
        'xiaomi-14-ultra/ultrawide',
        'xiaomi-14-ultra/tele',
        'xiaomi-14-ultra/periscope',
        'sharp-aquos-r6/main',
        'leitz-phone-1/main',
        'huawei-p50-pro/main',
        'panasonic-cm1/main',
        'sony-ilce-7rm2/35mm',
      ]),
    );
  });

  it('are sensors that the twin takes, with measured sensitivities', () => {
    for (const module of CAMERAS) {
      const model = checkSensor(sensorModelOf(module));
      expect(findSensitivities(model.sensitivities).green).toHaveLength(81);
      const { width, height } = samplesOf(model);
      expect(width * height).toBeGreaterThan(9e6);
    }
  });

  it('are as large as their formats', () => {
    for (const { id, sensor } of CAMERAS) {
      const { widthMm, heightMm } = sensorSizeMm(sensor);
      const format = findFormat(sensor.format.value);
      const ratio = diagonalMm(widthMm, heightMm) / diagonalMm(format.widthMm, format.heightMm);
      // Formats are names for sensors of about a size: 64 megapixels make 1/2" 1 % larger, 40 make 1/1.7" 4 % smaller.
      expect(Math.abs(ratio - 1), id).toBeLessThan(0.045);
    }
  });

  it('have focal lengths and equivalents that fit the crop factor by the diagonal', () => {
    for (const { id, lens, sensor } of CAMERAS) {
      const { widthMm, heightMm } = sensorSizeMm(sensor);
      const equivalent = equivalentFocalLengthMm(lens.focalLengthMm.value, cropFactor(widthMm, heightMm));
      // Published pairs are rounded: the CM1's 10.2 mm are 28 mm.
      expect(Math.abs(equivalent / lens.equivalentFocalLengthMm.value - 1), id).toBeLessThan(0.02);
    }
  });

  it('know that the Xiaomi 14 Ultra has 12 mm f/1.8, 23 mm f/1.63-4.0, 75 mm f/1.8 and 120 mm f/2.5', () => {
    const lenses = ['ultrawide', 'main', 'tele', 'periscope'].map((name) => {
      const { lens } = findCamera(`xiaomi-14-ultra/${name}`);
      return [lens.equivalentFocalLengthMm.value, lens.aperture.value.open, lens.aperture.value.closed];
    });
    expect(lenses).toEqual([
      [12, 1.8, 1.8],
      [23, 1.63, 4],
      [75, 1.8, 1.8],
      [120, 2.5, 2.5],
    ]);
  });

  it('know that its main camera is 8.7 mm long and gathers light like f/4.3 to f/10.6 on full frame', () => {
    const { lens, sensor } = findCamera('xiaomi-14-ultra/main');
    const { widthMm, heightMm } = sensorSizeMm(sensor);
    const crop = cropFactor(widthMm, heightMm);
    expect(crop).toBeCloseTo(2.64, 2);
    expect(lens.focalLengthMm.value).toBeCloseTo(8.71, 2);
    expect(equivalentFNumber(lens.aperture.value.open, crop)).toBeCloseTo(4.3, 1);
    expect(equivalentFNumber(lens.aperture.value.closed, crop)).toBeCloseTo(10.56, 2);
  });

  it('see 122° with the 13 Ultra’s ultra-wide camera, as Xiaomi says', () => {
    const { lens, sensor } = findCamera('xiaomi-13-ultra/ultrawide');
    const view = fieldOfView({ focalLengthMm: lens.focalLengthMm.value, ...sensorSizeMm(sensor) });
    expect(Math.abs(view.diagonalDegrees - 122)).toBeLessThan(0.5);
  });

  it('frame a 35 mm f/1.4 M lens on the Concept like 92 mm at f/3.7', () => {
    const { lens, sensor } = findCamera('xiaomi-12s-ultra-concept/m-mount');
    const { widthMm, heightMm } = sensorSizeMm(sensor);
    expect(diagonalMm(widthMm, heightMm)).toBeCloseTo(16.384, 3);
    expect(Math.round(lens.equivalentFocalLengthMm.value)).toBe(92);
    expect(equivalentFNumber(lens.aperture.value.open, cropFactor(widthMm, heightMm))).toBeCloseTo(3.7, 1);
  });

  it('saturate within a stop of where ISO 12232 puts their lowest ISO', () => {
    for (const module of CAMERAS) {
      const model = sensorModelOf(module);
      const [, green] = quantumEfficiencies(
        findSensitivities(model.sensitivities),
        model.peakQuantumEfficiency,
      );
      const electronsPerLxS = photonsPerLuxSecondUm2(ILLUMINANTS.D55!.spectrum, green) * model.pitchUm ** 2;
      const speed = saturationSpeed(model.gains[0]!.fullWellE / electronsPerLxS);
      expect(Math.abs(Math.log2(speed / model.baseIso)), module.id).toBeLessThan(1);
    }
  });

  it('have, full frame, the noise that Claff measured: 4.9 e at ISO 100 and 1.2 e at ISO 640', () => {
    const { gains, adcNoise, whiteLevel, blackLevel } = sensorModelOf(findCamera('sony-ilce-7rm2/35mm'));
    const totals = gains.map(({ fullWellE, readNoiseE }) =>
      Math.hypot(readNoiseE, (adcNoise * fullWellE) / (whiteLevel - blackLevel)),
    );
    // His model has 1.555 levels at 0.315 per electron and 2.399 at 2.000.
    expect(totals[0]).toBeCloseTo(1.555 / 0.315, 1);
    expect(totals[1]).toBeCloseTo(2.399 / 2, 2);
  });
});

describe('findCamera', () => {
  it('takes ids in any case', () => {
    expect(findCamera(' Xiaomi-14-Ultra/MAIN ').id).toBe('xiaomi-14-ultra/main');
  });

  it('names near ids for an unknown one', () => {
    expect(() => findCamera('xiaomi-14-ultra/mian')).toThrow(OpticsError);
    expect(() => findCamera('xiaomi-14-ultra/mian')).toThrow(/camera: .*near are xiaomi-14-ultra\/main/);
  });
});

describe('a sensor of one’s own', () => {
  const size = { widthMm: 36, heightMm: 24, pitchUm: 4.5 };

  it('takes what is given as given and assumes the rest by area', () => {
    const given = ownSensor({ ...size, fullWellE: 60_000, readNoiseE: 3, bitDepth: 12 });
    expect(given.gains).toEqual({
      value: [{ fromIso: 100, fullWellE: 60_000, readNoiseE: 3 }],
      source: 'as given',
    });
    expect(given.whiteLevel.value).toBe(4095);
    const model = checkSensor(sensorModelOf({ sensor: ownSensor(size) }));
    expect([model.width, model.height]).toEqual([8000, 5333]);
    const half = sensorModelOf({ sensor: ownSensor({ ...size, pitchUm: 2.25 }) });
    expect(model.gains[0]!.fullWellE / half.gains[0]!.fullWellE).toBeCloseTo(4, 3);
    expect(ownSensor({ ...size, readNoiseE: 3 }).gains).toHaveProperty('assumed');
  });

  it('is refused where it is not physical', () => {
    for (const bad of [0, -1, Number.NaN])
      expect(() => ownSensor({ ...size, pitchUm: bad })).toThrow(/pitchUm/);
    expect(() => ownSensor({ ...size, widthMm: -36 })).toThrow(/widthMm/);
    expect(() => ownSensor({ ...size, bitDepth: 40 })).toThrow(
      /bitDepth: 40 is not possible; allowed are 8 to 16/,
    );
  });
});
