import type { Opcode } from '@photosite/raw';
import { describe, expect, it } from 'vitest';
import type { RadialTable } from '../lenses/LensDrawing.js';
import { OpticsError } from '../OpticsError.js';
import { EXAMPLE_SENSOR } from '../testing/exampleSensor.js';
import { distortionWarp, shadingGainMaps } from './lensOpcodes.js';
import type { SensorModel } from './SensorModel.js';

/** A type 1/1.3 sensor of 12 MP. */
const SENSOR: SensorModel = { ...EXAMPLE_SENSOR, width: 4000, height: 3000, pitchUm: 2.4 };
const CORNER_MM = Math.hypot(4000, 3000) * 0.5 * 0.0024;

/** A table of a function of the radius in units of the corner's, to a little beyond the corner. */
const table = (value: (r: number) => number, entries = 257): RadialTable => ({
  stepMm: (CORNER_MM * 1.02) / (entries - 1),
  values: Float64Array.from({ length: entries }, (_, i) => value((i * 1.02) / (entries - 1))),
});

const distortion = (factor: (r: number) => number) => table((r) => r * CORNER_MM * factor(r));

function coefficientsOf(opcode: Opcode): readonly (readonly number[])[] {
  if (opcode.kind !== 'WarpRectilinear') throw new TypeError(opcode.kind);
  return opcode.coefficients;
}

describe('distortionWarp', () => {
  it('finds the very polynomial where the lens has one, for each colour', () => {
    // 2049 entries: lines between them are off by less than the digits asked for.
    const fine = (k: number) => table((r) => r * CORNER_MM * (1 + k * r * r - 0.02 * r ** 4), 2049);
    const { opcode, errorPx } = distortionWarp(SENSOR, [fine(0.05), fine(0.051), fine(0.0505)]);
    const coefficients = coefficientsOf(opcode);
    [0.05, 0.051, 0.0505].forEach((k, plane) => {
      const expected = [1, k, -0.02, 0, 0, 0];
      coefficients[plane]!.forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i]!, 4);
      });
    });
    expect(errorPx).toBeLessThan(0.01);
  });

  it('maps a corrected place to the recorded one: a barrel draws corners toward the centre', () => {
    const barrel = distortion((r) => 1 - 0.04 * r * r);
    const { opcode } = distortionWarp(SENSOR, [barrel, barrel, barrel]);
    const corner = coefficientsOf(opcode)[0]!
      .slice(0, 4)
      .reduce((sum, k) => sum + k, 0);
    expect(corner).toBeCloseTo(0.96, 4);
  });

  it('follows lenses that are no polynomials within 0.05 pixel of 4000', () => {
    const shapes = [
      (r: number) => 1 - 0.06 * r * r + 0.035 * r ** 4 - 0.012 * r ** 6 + 0.003 * r ** 8,
      (r: number) => 1 + 0.03 * (1 - Math.cos(2.2 * r)),
      // A phone's wave: -2 % half way out, back to 0 in the corner.
      (r: number) => 1 - 0.08 * r * r * (1 - r * r),
      // Equidistant over a half field of 20 degrees.
      (r: number) => (r === 0 ? 1 : Math.atan(r * Math.tan(0.35)) / (r * Math.tan(0.35))),
    ];
    for (const shape of shapes) {
      const own = distortion(shape);
      expect(distortionWarp(SENSOR, [own, own, own]).errorPx).toBeLessThan(0.05);
    }
  });

  it('tells how far off it is where the terms do not suffice', () => {
    const wavy = distortion((r) => 1 + 0.01 * Math.sin(25 * r));
    const error = distortionWarp(SENSOR, [wavy, wavy, wavy]).errorPx;
    // The wave is 25 pixels high in the corner and cannot be followed at all.
    expect(error).toBeGreaterThan(5);
    expect(error).toBeLessThan(50);
  });

  it('refuses a table that ends before the corner', () => {
    const short = { stepMm: 0.01, values: new Float64Array(100) };
    expect(() => distortionWarp(SENSOR, [short, short, short])).toThrow(OpticsError);
    expect(() => distortionWarp(SENSOR, [short, short, short])).toThrow(/distortion\[0\]: .* 0.99 mm/);
  });
});

describe('shadingGainMaps', () => {
  const illumination = table((r) => (1 - 0.1 * r ** 4) * Math.cos(0.72 * r) ** 4);

  it('are one for each position of a Bayer array, and one for all of other arrays', () => {
    const places = (sensor: SensorModel) =>
      shadingGainMaps(sensor, illumination).map((map) =>
        map.kind === 'GainMap' ? [map.area.top, map.area.left, map.area.rowPitch, map.area.colPitch] : [],
      );
    const four = [
      [0, 0, 2, 2],
      [0, 1, 2, 2],
      [1, 0, 2, 2],
      [1, 1, 2, 2],
    ];
    expect(places(SENSOR)).toEqual(four);
    expect(
      places({ ...SENSOR, cfa: 'quad-rggb', width: 8000, height: 6000, pitchUm: 1.2, binning: 2 }),
    ).toEqual(four);
    expect(places({ ...SENSOR, cfa: 'quad-rggb' })).toEqual([[0, 0, 1, 1]]);
    expect(places({ ...SENSOR, cfa: 'x-trans' })).toEqual([[0, 0, 1, 1]]);
  });

  const gainMap = (light: RadialTable) => {
    const [map] = shadingGainMaps(SENSOR, light);
    if (map?.kind !== 'GainMap') throw new TypeError(map?.kind);
    return map;
  };

  it('are the reciprocal of the light at their points', () => {
    const map = gainMap(illumination);
    const { mapPointsH: columns, mapPointsV: rows, gains } = map;
    expect([gains.length, map.mapSpacingH, map.mapSpacingV]).toEqual([
      columns * rows,
      1 / (columns - 1),
      1 / (rows - 1),
    ]);
    expect(gains[((rows - 1) / 2) * columns + (columns - 1) / 2]).toBe(1);
    // The table's lines between its entries are 1e-4 from the function.
    expect(gains[0]! * 0.9 * Math.cos(0.72) ** 4).toBeCloseTo(1, 3);
  });

  it('are as fine as the shading asks for, and follow it within 0.25 % between their points', () => {
    const lights = [0.3, 0.6, 0.8].map((field) => table((r) => Math.cos(field * r) ** 4));
    const maps = lights.map(gainMap);
    const sizes = maps.map(({ mapPointsH }) => mapPointsH);
    expect(sizes[0]).toBe(17);
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
    expect(sizes[2]).toBeGreaterThan(17);
    expect(gainMap(table((r) => 1 - 0.8 * r ** 8)).mapPointsH).toBe(129);
    maps.forEach(({ gains, mapPointsH: columns, mapPointsV: rows }, i) => {
      // The cell in the corner is the steepest; its middle lies half a cell inside.
      const middle = (gains[0]! + gains[1]! + gains[columns]! + gains[columns + 1]!) / 4;
      const r = Math.hypot(0.8 * (1 - 1 / (columns - 1)), 0.6 * (1 - 1 / (rows - 1)));
      expect(Math.abs(middle * Math.cos([0.3, 0.6, 0.8][i]! * r) ** 4 - 1)).toBeLessThan(0.0026);
    });
  });

  it('refuses light that ends before the corner, is nothing there, or is no number', () => {
    const bad = (values: number[]) => () =>
      shadingGainMaps(SENSOR, { stepMm: CORNER_MM, values: Float64Array.from(values) });
    expect(bad([1])).toThrow(/illumination/);
    expect(bad([1, 0])).toThrow(/illumination.values\[1\]: 0 is not possible/);
    expect(bad([1, Number.NaN])).toThrow(OpticsError);
    expect(() => shadingGainMaps(SENSOR, { ...illumination, stepMm: 0.001 })).toThrow(/has to reach/);
  });
});
