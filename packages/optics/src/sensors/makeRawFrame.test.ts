import { type ColorProfile, type RawFrame, readRaw, writeDng } from '@photosite/raw';
import { describe, expect, it } from 'vitest';
import type { RadialTable } from '../lenses/LensDrawing.js';
import { OpticsError } from '../OpticsError.js';
import { EXAMPLE_SENSOR } from '../testing/exampleSensor.js';
import { distortionWarp, shadingGainMaps } from './lensOpcodes.js';
import { makeRawFrame } from './makeRawFrame.js';
import { Readout } from './Readout.js';
import type { SensorModel } from './SensorModel.js';

const COLOR: ColorProfile = {
  calibrations: [
    {
      illuminant: 17,
      colorMatrix: [0.9, -0.3, -0.1, -0.4, 1.3, 0.1, -0.1, 0.2, 0.6],
      forwardMatrix: [0.6, 0.25, 0.11, 0.25, 0.8, -0.05, 0.02, -0.2, 1.005],
    },
  ],
};

const cornerMm = 0.6;
const illumination: RadialTable = { stepMm: cornerMm, values: Float64Array.of(1, 0.5) };
const distortion: RadialTable = { stepMm: cornerMm, values: Float64Array.of(0, 0.58) };

function frameOf(sensor: SensorModel): RawFrame {
  const readout = new Readout({ sensor, iso: 200, exposureTimeS: 0.02, seed: 1, frame: 0 });
  const samples = new Uint16Array(readout.width * readout.height);
  const light = Float32Array.from({ length: readout.width }, (_, x) => 10 * x);
  for (let row = 0; row < readout.height; row++) {
    readout.readRow(row, light, samples.subarray(row * readout.width, (row + 1) * readout.width));
  }
  return makeRawFrame({
    samples,
    readout,
    color: COLOR,
    asShotNeutral: [0.5, 1, 0.75],
    exposure: { fNumber: 1.75, focalLengthMm: 8, focalLength35mm: 24, subjectDistanceM: 2 },
    model: 'Example One',
    lens: 'Ideal 8 mm f/1.75',
    time: '2024-05-06T07:08:09.125+02:00',
    gainMaps: shadingGainMaps(sensor, illumination),
    warp: distortionWarp(sensor, [distortion, distortion, distortion]).opcode,
  });
}

function throughDng(frame: RawFrame): RawFrame {
  return readRaw(new Uint8Array(Buffer.concat(writeDng(frame).chunks)));
}

describe('makeRawFrame', () => {
  for (const cfa of ['rggb', 'bggr', 'quad-rggb', 'x-trans', 'mono'] as const) {
    it(`a frame of ${cfa} comes back from a DNG as it was, opcodes and noise included`, () => {
      const frame = frameOf({ ...EXAMPLE_SENSOR, cfa });
      const read = throughDng(frame);
      expect(read.samples).toEqual(frame.samples);
      for (const key of ['cfa', 'blackLevel', 'whiteLevel', 'noiseProfile', 'opcodes', 'color'] as const) {
        expect(read[key]).toEqual(frame[key]);
      }
      expect(read.asShotNeutral).toEqual([0.5, 1, 0.75]);
      expect(read.exposure).toMatchObject({ ...frame.exposure });
      expect(read).toMatchObject({
        make: 'Photosite',
        model: 'Example One',
        uniqueCameraModel: 'Photosite Twin: Example One',
        lens: 'Ideal 8 mm f/1.75',
        time: '2024-05-06T07:08:09.125+02:00',
      });
    });
  }

  it('a binned quad sensor gives a Bayer frame of half the sides', () => {
    const frame = frameOf({ ...EXAMPLE_SENSOR, cfa: 'quad-rggb', binning: 2, width: 640 });
    expect([frame.width, frame.height, frame.cfa?.kind]).toEqual([320, 192, 'bayer']);
    expect(frame.noiseProfile?.[0]?.scale).toBeCloseTo(1 / (4 * 4500), 12);
  });

  it('refuses samples that are not the sensor’s', () => {
    const readout = new Readout({ sensor: EXAMPLE_SENSOR, iso: 100, exposureTimeS: 1, seed: 0, frame: 0 });
    const make = () => makeRawFrame({ samples: new Uint16Array(5), readout, color: COLOR });
    expect(make).toThrow(OpticsError);
    expect(make).toThrow(/5 samples; 512 × 384/);
  });
});
