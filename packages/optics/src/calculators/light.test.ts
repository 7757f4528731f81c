import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OpticsError } from '../OpticsError.js';
import { ILLUMINANTS } from '../spectra/illuminants.js';
import { WAVELENGTHS_NM } from '../spectra/Spectrum.js';
import {
  airyDiscUm,
  circularApertureMtf,
  diffractionCutoffPerMm,
  diffractionLimitFNumber,
} from './diffraction.js';
import {
  evOfIlluminance,
  exposureValue100,
  ISO_Q,
  illuminanceOfEv,
  luminanceOfEv,
  meteredTimeS,
  saturationSpeed,
  sensorExposureLxS,
  sensorIlluminanceLx,
  standardOutputSensitivity,
} from './exposure.js';
import {
  binned,
  decibels,
  dualGainDynamicRange,
  dualGainReadNoiseE,
  dynamicRange,
  noiseE,
  quantisationNoiseE,
  signalToNoise,
} from './noise.js';
import { GREEN_PHOTONS_PER_LUX_SECOND_UM2, photonsPerLuxSecondUm2, photonsPerPhotosite } from './photons.js';

describe('diffraction', () => {
  it('makes an Airy disc of 10.7 µm at f/8 in green light', () => {
    // 2.44 × 0.55 µm × 8, Hecht 10.2.5.
    expect(airyDiscUm(8)).toBeCloseTo(10.73, 2);
    expect(airyDiscUm(8, 1100)).toBeCloseTo(2 * airyDiscUm(8), 12);
  });

  it('lets no contrast beyond 227 cycles per mm at f/8', () => {
    expect(diffractionCutoffPerMm(8)).toBeCloseTo(227.27, 2);
    expect(circularApertureMtf(227.28, 8)).toBe(0);
  });

  it('leaves 100 %, 39.1 % and 0 at zero, half and the whole of the cut-off, and falls by 4/π at first', () => {
    const cutoff = diffractionCutoffPerMm(4);
    expect(circularApertureMtf(0, 4)).toBe(1);
    // 2/π (π/3 − √3/4)
    expect(circularApertureMtf(cutoff / 2, 4)).toBeCloseTo(2 / 3 - Math.sqrt(3) / (2 * Math.PI), 12);
    expect(circularApertureMtf(cutoff, 4)).toBe(0);
    expect((1 - circularApertureMtf(cutoff * 1e-6, 4)) / 1e-6).toBeCloseTo(4 / Math.PI, 4);
  });

  it('is the overlap of two discs, integrated strip by strip', () => {
    for (const x of [0.05, 0.2, 0.4, 0.7, 0.95]) {
      const steps = 20_000;
      let area = 0;
      for (let i = 0; i < steps; i++) area += Math.sqrt(1 - (x + ((1 - x) * (i + 0.5)) / steps) ** 2);
      const overlap = (4 * (area * (1 - x))) / steps / Math.PI;
      // The midpoint rule is off by about steps^-1.5 where the discs' edges meet.
      expect(circularApertureMtf(x * diffractionCutoffPerMm(5.6), 5.6)).toBeCloseTo(overlap, 5);
    }
  });

  it('covers two pixels from the f-number on that it names', () => {
    expect(airyDiscUm(diffractionLimitFNumber(3.2))).toBeCloseTo(6.4, 12);
    expect(diffractionLimitFNumber(4.51)).toBeCloseTo(6.72, 2);
  });
});

describe('exposure', () => {
  it('has EV 15 in bright sun: f/16 and about 1/125 s at ISO 100', () => {
    expect(exposureValue100({ fNumber: 16, exposureTimeS: 1 / 125 })).toBeCloseTo(15, 1);
    expect(exposureValue100({ fNumber: 1, exposureTimeS: 1 })).toBe(0);
    expect(exposureValue100({ fNumber: 16, exposureTimeS: 1 / 500, iso: 400 })).toBeCloseTo(14.97, 2);
  });

  it('gives 4096 cd/m² and 81 920 lx at EV 15, 0.125 cd/m² and 2.5 lx at EV 0', () => {
    expect(luminanceOfEv(15)).toBeCloseTo(4096, 9);
    expect(illuminanceOfEv(15)).toBeCloseTo(81_920, 9);
    expect([luminanceOfEv(0), illuminanceOfEv(0)]).toEqual([0.125, 2.5]);
    expect(evOfIlluminance(2.5)).toBe(0);
  });

  it('meters times that have the exposure value of the light', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 1e5, noNaN: true }),
        fc.double({ min: 1, max: 22, noNaN: true }),
        fc.double({ min: 50, max: 25_600, noNaN: true }),
        (lx, fNumber, iso) => {
          const exposureTimeS = meteredTimeS(lx, fNumber, iso);
          expect(exposureValue100({ fNumber, exposureTimeS, iso })).toBeCloseTo(evOfIlluminance(lx), 9);
        },
      ),
    );
  });

  it('lights the sensor by ρ E T / (4 N²), and less off the axis', () => {
    const card = { illuminanceLx: 1000, reflectance: 0.18, transmittance: 0.9 };
    expect(sensorIlluminanceLx({ ...card, fNumber: 16 })).toBeCloseTo((0.18 * 1000 * 0.9) / 1024, 12);
    expect(sensorIlluminanceLx({ ...card, fNumber: 1.4 })).toBeCloseTo((0.18 * 1000 * 0.9) / (4 * 1.96), 12);
    const axis = sensorIlluminanceLx({ ...card, fNumber: 4 });
    expect(sensorIlluminanceLx({ ...card, fNumber: 4, fieldDegrees: 45 }) / axis).toBeCloseTo(0.25, 12);
  });

  it('agrees with ISO 12232’s q of 0.65: 0.9 of glass, 0.98 of vignetting, 10° off the axis', () => {
    const illuminanceLx = 1000 * Math.PI;
    const lit = sensorIlluminanceLx({
      illuminanceLx,
      reflectance: 1,
      fNumber: 16,
      transmittance: 0.9 * 0.98,
      fieldDegrees: 10,
    });
    // q is rounded to two digits.
    expect(sensorExposureLxS(1000, { fNumber: 16, exposureTimeS: 1 }) / lit).toBeCloseTo(1, 2);
    expect(ISO_Q).toBe(0.65);
  });

  it('states speeds by ISO 12232: 0.78 lx s saturates at ISO 100, 0.1 lx s is its middle', () => {
    expect(saturationSpeed(0.78)).toBeCloseTo(100, 12);
    expect(standardOutputSensitivity(0.1)).toBeCloseTo(100, 12);
  });
});

describe('photons', () => {
  it('are 4091 per lux-second and µm² at 555 nm', () => {
    expect(GREEN_PHOTONS_PER_LUX_SECOND_UM2).toBeCloseTo(4091, 0);
  });

  it('come out the same by integration of a line at 555 nm', () => {
    const line = WAVELENGTHS_NM.map((nm) => (nm === 555 ? 1 : 0));
    expect(photonsPerLuxSecondUm2(line)).toBeCloseTo(GREEN_PHOTONS_PER_LUX_SECOND_UM2, 6);
  });

  it('are more per lux in white light, and most in incandescent light, which is red', () => {
    const [daylight, lamp] = ['D65', 'A'].map((name) => photonsPerLuxSecondUm2(ILLUMINANTS[name]!.spectrum));
    expect(daylight).toBeGreaterThan(3 * GREEN_PHOTONS_PER_LUX_SECOND_UM2);
    expect(lamp).toBeGreaterThan(daylight!);
  });

  it('count by a response: half the quantum efficiency, half the electrons', () => {
    const { spectrum } = ILLUMINANTS.D65!;
    const half = WAVELENGTHS_NM.map(() => 0.5);
    expect(photonsPerLuxSecondUm2(spectrum, half)).toBeCloseTo(photonsPerLuxSecondUm2(spectrum) / 2, 9);
  });

  it('grow with light, time and area', () => {
    const one = photonsPerPhotosite({ illuminanceLx: 1, exposureTimeS: 1, pitchUm: 1 });
    expect(one).toBe(GREEN_PHOTONS_PER_LUX_SECOND_UM2);
    expect(
      photonsPerPhotosite({ illuminanceLx: 3, exposureTimeS: 0.5, pitchUm: 2, perLuxSecondUm2: 100 }),
    ).toBe(600);
  });

  it('refuse light that nobody sees', () => {
    expect(() => photonsPerLuxSecondUm2(WAVELENGTHS_NM.map(() => 0))).toThrow(OpticsError);
  });
});

describe('noise', () => {
  it('is the square root of the signal where light is plenty, the reading’s where there is none', () => {
    expect(signalToNoise({ signalE: 10_000, readNoiseE: 0 })).toBeCloseTo(100, 12);
    expect(decibels(signalToNoise({ signalE: 10_000, readNoiseE: 0 }))).toBeCloseTo(40, 12);
    expect(noiseE({ signalE: 0, readNoiseE: 3 })).toBe(3);
    expect(signalToNoise({ signalE: 0, readNoiseE: 0 })).toBe(0);
  });

  it('adds its sources by their squares', () => {
    const sources = { signalE: 900, darkE: 100, readNoiseE: 10, prnu: 0.01 };
    expect(noiseE(sources)).toBeCloseTo(Math.sqrt(900 + 100 + 100 + 81), 12);
  });

  it('is bounded by PRNU: no signal beats 1/PRNU', () => {
    expect(signalToNoise({ signalE: 1e8, readNoiseE: 1, prnu: 0.01 })).toBeCloseTo(100, 1);
  });
});

describe('dynamic range', () => {
  it('is full well over read noise: 14.3 stops and 86 dB of 50 000 e and 2.5 e', () => {
    const { stops, decibels: db, floorE } = dynamicRange({ fullWellE: 50_000, readNoiseE: 2.5 });
    expect([stops, db, floorE]).toEqual([expect.closeTo(14.288, 3), expect.closeTo(86.02, 2), 2.5]);
  });

  it('is bounded by the converter: bits and log₂ √12 at most', () => {
    expect(quantisationNoiseE(1023, 10)).toBeCloseTo(1 / Math.sqrt(12), 12);
    fc.assert(
      fc.property(
        fc.double({ min: 100, max: 1e6, noNaN: true }),
        fc.double({ min: 0.1, max: 20, noNaN: true }),
        fc.integer({ min: 8, max: 16 }),
        (fullWellE, readNoiseE, bitDepth) => {
          const { stops } = dynamicRange({ fullWellE, readNoiseE, bitDepth });
          expect(stops).toBeLessThan(bitDepth + Math.log2(12) / 2);
          expect(stops).toBeLessThan(Math.log2(fullWellE / readNoiseE));
        },
      ),
    );
  });

  it('of two gains merged reaches from the low gain’s full well to the high gain’s noise', () => {
    const low = { fullWellE: 50_000, readNoiseE: 5 };
    const high = { fullWellE: 8000, readNoiseE: 1.2 };
    expect(dualGainDynamicRange(low, high).stops).toBeCloseTo(Math.log2(50_000 / 1.2), 12);
    expect([dualGainReadNoiseE(100, low, high), dualGainReadNoiseE(9000, low, high)]).toEqual([1.2, 5]);
  });

  it('gains two stops by summing the charge of four photosites, one by summing their numbers', () => {
    const photosite = { fullWellE: 3000, readNoiseE: 2, prnu: 0.01 };
    const one = dynamicRange(photosite).stops;
    const charge = binned(photosite, 4, 'charge');
    const digital = binned(photosite, 4, 'digital');
    expect(dynamicRange(charge).stops - one).toBeCloseTo(2, 12);
    expect(dynamicRange(digital).stops - one).toBeCloseTo(1, 12);
    expect([charge.prnu, digital.prnu]).toEqual([0.005, 0.005]);
    expect(binned(photosite, 4, 'charge', 8000).fullWellE).toBe(8000);
  });
});

describe('unphysical light', () => {
  it('is an OpticsError', () => {
    for (const bad of [-1, Number.NaN, Number.POSITIVE_INFINITY])
      for (const action of [
        () => airyDiscUm(bad),
        () => airyDiscUm(8, bad),
        () => circularApertureMtf(bad, 8),
        () => diffractionLimitFNumber(bad),
        () => exposureValue100({ fNumber: bad, exposureTimeS: 1 }),
        () => exposureValue100({ fNumber: 1, exposureTimeS: bad }),
        () => luminanceOfEv(bad * 100),
        () => meteredTimeS(bad, 2, 100),
        () => sensorIlluminanceLx({ illuminanceLx: bad, reflectance: 0.18, fNumber: 2 }),
        () => sensorIlluminanceLx({ illuminanceLx: 1, reflectance: bad, fNumber: 2 }),
        () => sensorIlluminanceLx({ illuminanceLx: 1, reflectance: 0.18, fNumber: 2, fieldDegrees: bad }),
        () => sensorExposureLxS(bad, { fNumber: 2, exposureTimeS: 1 }),
        () => saturationSpeed(bad),
        () => standardOutputSensitivity(bad),
        () => photonsPerPhotosite({ illuminanceLx: bad, exposureTimeS: 1, pitchUm: 1 }),
        () => noiseE({ signalE: bad, readNoiseE: 1 }),
        () => noiseE({ signalE: 1, readNoiseE: bad }),
        () => noiseE({ signalE: 1, readNoiseE: 1, prnu: bad }),
        () => dynamicRange({ fullWellE: bad, readNoiseE: 1 }),
        () => quantisationNoiseE(100, bad),
        () => binned({ fullWellE: 1, readNoiseE: 1, prnu: 0 }, bad, 'charge'),
        () => decibels(bad),
      ])
        expect(action).toThrow(OpticsError);
    expect(() => dynamicRange({ fullWellE: 100, readNoiseE: 0 })).toThrow(/readNoiseE/);
  });
});
