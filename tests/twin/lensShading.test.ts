import { Engine } from '@photosite/engine';
import {
  colorAt,
  makeRawFrame,
  type RadialTable,
  Readout,
  type SensorModel,
  shadingGainMaps,
} from '@photosite/optics';
import { readRaw, writeDng } from '@photosite/raw';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.create({ threads: 1 });
});
afterAll(() => engine.close());

const SENSOR: SensorModel = {
  name: 'Flat',
  width: 640,
  height: 480,
  pitchUm: 10,
  cfa: 'rggb',
  binning: 1,
  sensitivities: 'none',
  peakQuantumEfficiency: 0.6,
  gains: [{ fromIso: 100, fullWellE: 10_000, readNoiseE: 0 }],
  baseIso: 100,
  adcNoise: 0,
  bitDepth: 16,
  blackLevel: 512,
  whiteLevel: 65_535,
  darkCurrentEPerS: 0,
  darkTemperatureC: 25,
  darkDoublingK: 8,
  prnu: 0,
  dsnuE: 0,
  rowNoiseE: 0,
  hotPerMillion: 0,
  hotFactor: 1,
  readoutS: 0,
};
const CORNER_MM = 4;

/** A fast wide lens: cos⁴ over a half field of 41 degrees, and a rim that cuts into the corners: 2.3 stops in all. */
const illumination: RadialTable = {
  stepMm: CORNER_MM / 200,
  values: Float64Array.from({ length: 201 }, (_, i) => {
    const r = i / 200;
    return Math.cos(Math.atan(r * 0.87)) ** 4 * (1 - 0.35 * r ** 6);
  }),
};

const lightAt = (x: number, y: number) => {
  const r = Math.hypot((x + 0.5) / 640 - 0.5, ((y + 0.5) / 480 - 0.5) * 0.75) * 6.4;
  const place = Math.min(r / illumination.stepMm, 199.999);
  const i = Math.floor(place);
  return illumination.values[i]! + (place - i) * (illumination.values[i + 1]! - illumination.values[i]!);
};

/** Camera RGB of a wall at the middle. */
const WALL = [0.3, 0.6, 0.4] as const;

describe('the twin’s lens shading and the engine’s', () => {
  for (const sensor of [SENSOR, { ...SENSOR, cfa: 'gbrg' }, { ...SENSOR, cfa: 'x-trans' }] as SensorModel[]) {
    it(`a shaded wall on ${sensor.cfa} is flat within 0.5 % after the gain maps of its DNG`, async () => {
      const readout = new Readout({ sensor, iso: 100, exposureTimeS: 0.01, seed: 1, frame: 0 });
      const samples = new Uint16Array(640 * 480);
      const signal = new Float32Array(640);
      for (let y = 0; y < 480; y++) {
        const electrons = Float32Array.from({ length: 640 }, (_, x) => {
          return WALL[colorAt(sensor.cfa, x, y)] * lightAt(x, y) * readout.whiteElectrons;
        });
        readout.expectedRow(y, electrons, signal);
        for (let x = 0; x < 640; x++) samples[y * 640 + x] = Math.round(readout.levelOf(signal[x]!));
      }
      const frame = makeRawFrame({
        samples,
        readout,
        color: { calibrations: [{ illuminant: 21, colorMatrix: [1, 0, 0, 0, 1, 0, 0, 0, 1] }] },
        asShotNeutral: [0.5, 1, 2 / 3],
        gainMaps: shadingGainMaps(sensor, illumination),
      });
      const bytes = new Uint8Array(Buffer.concat(writeDng(frame).chunks));
      const development = engine.open(readRaw(bytes));
      // Denoising may level a slope within the noise's own size, which here is several percent in the corners.
      const recipe = { denoise: { luminance: 0, chroma: 0 } };
      const rendered = await development.render({ recipe, as: 'camera-rgb', format: 'float32' });
      const pixels = Float32Array.from(rendered.pixels);
      rendered.release();
      development.close();
      expect(pixels.length).toBe(640 * 480 * 3);
      let worst = 0;
      pixels.forEach((value, i) => {
        worst = Math.max(worst, Math.abs(value / WALL[i % 3]! - 1));
      });
      expect(worst).toBeLessThan(0.005);
    });
  }
});
