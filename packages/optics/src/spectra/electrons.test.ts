import { describe, expect, it } from 'vitest';
import { OpticsError } from '../OpticsError.js';
import { cameraRgbOf, illuminantRgb, quantumEfficiencies } from './cameraRgb.js';
import {
  electronsPerWhite,
  irradiancePerRadiance,
  photonsPerJoule,
  spectralIrradiance,
} from './electrons.js';
import { findIlluminant } from './illuminants.js';
import { integrate } from './integrate.js';
import { WAVELENGTHS_NM } from './Spectrum.js';
import { findSensitivities, SENSITIVITIES } from './sensitivities.js';

const GREEN = WAVELENGTHS_NM.map((nm) => (nm === 555 ? 1 : 0));
const SENSOR = { sensitivities: 'sony-ilce-7sm2', peakQuantumEfficiency: 0.6, pitchUm: 2 };
const WHITE = {
  sensor: SENSOR,
  illuminant: findIlluminant('D65').spectrum,
  illuminanceLux: 100,
  exposureTimeS: 0.01,
  workingFNumber: 2,
  transmission: 0.9,
};

describe('photons', () => {
  it('are 4.09e15 per second and m² in a lux of 555 nm', () => {
    // 1 lx = 1/683 W/m² there; a photon's energy is h c / λ = 3.5792e-19 J (Hecht, Optics, 2.8 eV · 400/λ as a check).
    const perLux = integrate(
      spectralIrradiance(GREEN, 1).map((power, i) => power * photonsPerJoule(WAVELENGTHS_NM[i]!)),
    );
    expect(perLux / 4.0906e15).toBeCloseTo(1, 4);
  });
});

describe('electronsPerWhite', () => {
  it('is what a hand computes for one wavelength', () => {
    // 100 lx of 555 nm: 4.0906e17 photons/s/m² on the scene. A white diffuser's share on the sensor behind f/2 and 0.9 is
    // 0.9 / (4·4) = 0.05625. Photosite 4e-12 m², 0.01 s: 920.4 photons.
    const photons = (4.0906e17 * 0.9 * 4e-12 * 0.01) / 16;
    expect(photons).toBeCloseTo(920.4, 0);
    const electrons = electronsPerWhite({ ...WHITE, illuminant: GREEN });
    const efficiency = quantumEfficiencies(findSensitivities(SENSOR.sensitivities), 0.6);
    const at = WAVELENGTHS_NM.indexOf(555);
    electrons.forEach((count, channel) => {
      expect(count / (photons * efficiency[channel]![at]!)).toBeCloseTo(1, 4);
    });
  });

  it('grows with light, time, area and transmission and falls with N²', () => {
    const [, green] = electronsPerWhite(WHITE);
    expect(electronsPerWhite({ ...WHITE, illuminanceLux: 300 })[1] / green).toBeCloseTo(3, 12);
    expect(electronsPerWhite({ ...WHITE, exposureTimeS: 0.02 })[1] / green).toBeCloseTo(2, 12);
    expect(electronsPerWhite({ ...WHITE, pitchUm: 4 })[1] / green).toBeCloseTo(4, 12);
    expect(electronsPerWhite({ ...WHITE, transmission: 0.45 })[1] / green).toBeCloseTo(0.5, 12);
    expect(electronsPerWhite({ ...WHITE, workingFNumber: 4 })[1] / green).toBeCloseTo(1 / 4, 12);
  });

  it('gives the channels in the proportion of the neutral, whatever the light', () => {
    for (const name of ['D65', 'A', 'FL11', 'HP1']) {
      const illuminant = findIlluminant(name).spectrum;
      const electrons = electronsPerWhite({ ...WHITE, illuminant });
      const neutral = illuminantRgb(illuminant, findSensitivities(SENSOR.sensitivities));
      electrons.forEach((count, i) => {
        expect(count / Math.max(...electrons)).toBeCloseTo(neutral[i]!, 12);
      });
    }
  });

  it('is 0 in the dark', () => {
    expect(electronsPerWhite({ ...WHITE, illuminanceLux: 0 })).toEqual([0, 0, 0]);
  });

  it.each([
    ['illuminanceLux', { illuminanceLux: -1 }],
    ['exposureTimeS', { exposureTimeS: Number.NaN }],
    ['workingFNumber', { workingFNumber: 0 }],
    ['transmission', { transmission: 1.1 }],
    ['pitchUm', { pitchUm: 0 }],
    ['peakQuantumEfficiency', { sensor: { ...SENSOR, peakQuantumEfficiency: 1.2 } }],
    ['sensitivities', { sensor: { ...SENSOR, sensitivities: 'sony' } }],
    ['illuminant', { illuminant: WAVELENGTHS_NM.map(() => 0) }],
  ])('names an unphysical %s', (field, change) => {
    expect(() => electronsPerWhite({ ...WHITE, ...change })).toThrow(OpticsError);
    expect(() => electronsPerWhite({ ...WHITE, ...change })).toThrow(new RegExp(`^${field}: `));
  });
});

describe('irradiancePerRadiance', () => {
  it('is π/4N², at most that of the half space, and refuses what no lens can be', () => {
    expect(irradiancePerRadiance(2)).toBeCloseTo(Math.PI / 16, 12);
    expect(irradiancePerRadiance(0.5)).toBeCloseTo(Math.PI, 12);
    expect(() => irradiancePerRadiance(0.4)).toThrow(/workingFNumber: 0.4/);
  });
});

describe('quantumEfficiencies', () => {
  it('peak at the given value in one channel and fall towards the red against the energy response', () => {
    for (const sensitivities of Object.values(SENSITIVITIES)) {
      const all = quantumEfficiencies(sensitivities, 0.55);
      expect(Math.max(...all.flat())).toBeCloseTo(0.55, 12);
      const ratio = (nm: number) =>
        all[1][WAVELENGTHS_NM.indexOf(nm)]! / sensitivities.green[WAVELENGTHS_NM.indexOf(nm)]!;
      // Per photon is per energy over the wavelength.
      expect(ratio(500) / ratio(600)).toBeCloseTo(600 / 500, 9);
    }
  });
});

describe('cameraRgbOf', () => {
  it('is the neutral for white, and linear', () => {
    const sensitivities = findSensitivities('nikon-d700');
    const light = findIlluminant('A').spectrum;
    const neutral = illuminantRgb(light, sensitivities);
    expect(Math.max(...neutral)).toBe(1);
    const grey = cameraRgbOf(
      WAVELENGTHS_NM.map(() => 0.25),
      light,
      sensitivities,
    );
    grey.forEach((value, i) => {
      expect(value).toBeCloseTo(neutral[i]! / 4, 12);
    });
  });
});

describe('the shipped cameras', () => {
  it('are the eleven of the data set, each with a greatest response of 1', () => {
    expect(Object.keys(SENSITIVITIES)).toHaveLength(11);
    for (const { red, green, blue } of Object.values(SENSITIVITIES)) {
      expect(Math.max(...red, ...green, ...blue)).toBe(1);
      expect(Math.min(...red, ...green, ...blue)).toBeGreaterThanOrEqual(0);
    }
  });

  it('say whose channels were scaled one by one', () => {
    const scaled = Object.entries(SENSITIVITIES).filter(([, { scale }]) => scale === 'channel');
    expect(scaled.map(([name]) => name)).toEqual(['arri-d21', 'nikon-d5100']);
  });

  it('are found by name, with near ones for a wrong one', () => {
    expect(findSensitivities('sony-ilce-7sm2').model).toBe('ILCE-7SM2');
    expect(() => findSensitivities('sony')).toThrow(/near are sony-ilce-7rm2, sony-ilce-7sm2/);
    expect(() => findSensitivities('toString')).toThrow(OpticsError);
  });
});
