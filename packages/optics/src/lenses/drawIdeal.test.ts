import { describe, expect, it } from 'vitest';
import { blurDiscMm } from '../calculators/depthOfField.js';
import { circularApertureMtf } from '../calculators/diffraction.js';
import { OpticsError } from '../OpticsError.js';
import type { ChannelLight, Channels } from './ChannelLight.js';
import { blurSpacedDepths, drawIdeal } from './drawIdeal.js';
import type { PsfTable } from './LensDrawing.js';
import { psfMtf } from './mtf.js';

const green: ChannelLight = { wavelengthsNm: [550], weights: [1] };
const mono: Channels = [green, green, green];
const portrait = { focalLengthMm: 50, fNumber: 2, focusDistanceM: 2, imageRadiusMm: 21.6 };

const table = ({ size, data }: PsfTable, entry: number) =>
  data.subarray(entry * size * size, (entry + 1) * size * size);

/** Mean square distance from the centre, µm²: half the square of a uniform disc's radius. */
function meanSquareUm2(psfs: PsfTable, entry: number): number {
  const half = (psfs.size - 1) / 2;
  let sum = 0;
  for (const [i, value] of table(psfs, entry).entries())
    sum += value * (((i % psfs.size) - half) ** 2 + (Math.floor(i / psfs.size) - half) ** 2);
  return sum * psfs.stepsUm[entry] ** 2;
}

describe('drawIdeal', () => {
  it('conserves energy: every point spread function sums to 1', () => {
    const { psfs } = drawIdeal(portrait);
    expect(psfs.stepsUm.length).toBe(psfs.depthsM.length * 3);
    expect(psfs.data.length).toBe(psfs.stepsUm.length * psfs.size ** 2);
    for (let entry = 0; entry < psfs.stepsUm.length; entry++) {
      const values = table(psfs, entry);
      expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
      expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    }
  });

  it('has the contrast of diffraction within 1 % in focus, from a tenth of the cut-off to nine tenths', () => {
    const { psfs, workingFNumber } = drawIdeal({ ...portrait, depthsM: [2], channels: mono });
    for (const share of [0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9]) {
      const frequency = share / (550e-6 * workingFNumber);
      const expected = circularApertureMtf(frequency, workingFNumber, 550);
      for (const direction of ['tangential', 'sagittal'] as const) {
        const contrast = psfMtf(table(psfs, 1), psfs.size, psfs.stepsUm[1], frequency, direction);
        expect(Math.abs(contrast / expected - 1)).toBeLessThan(0.01);
      }
    }
  });

  it('blurs to the thin lens’s disc within 1 %, before and behind the focus, at several apertures', () => {
    for (const fNumber of [1.4, 2.8, 5.6]) {
      const depthsM = [Infinity, 6, 0.9, 0.5];
      const { psfs } = drawIdeal({ ...portrait, fNumber, depthsM, channels: mono });
      for (const [d, depthM] of depthsM.entries()) {
        const disc = blurDiscMm({ focalLengthMm: 50, fNumber, distanceM: 2 }, depthM) * 1000;
        // Diffraction and the samples' own width matter less than 1 % for discs this wide.
        expect(disc).toBeGreaterThan(60);
        const measured = 2 * Math.sqrt(2 * meanSquareUm2(psfs, d * 3 + 1));
        expect(Math.abs(measured / disc - 1)).toBeLessThan(0.01);
      }
    }
  });

  it('draws a uniform disc with sharp edges where the wave does not matter', () => {
    const { psfs } = drawIdeal({ ...portrait, fNumber: 1.4, depthsM: [Infinity], channels: mono });
    const { size } = psfs;
    const half = (size - 1) / 2;
    const radius =
      (blurDiscMm({ focalLengthMm: 50, fNumber: 1.4, distanceM: 2 }, Infinity) * 500) / psfs.stepsUm[1];
    const values = table(psfs, 1);
    for (const [i, value] of values.entries()) {
      const r = Math.hypot((i % size) - half, Math.floor(i / size) - half);
      if (r < radius - 1.5) expect(value * Math.PI * radius ** 2).toBeCloseTo(1, 2);
      if (r > radius + 1.5) expect(value * Math.PI * radius ** 2).toBeLessThan(1e-3);
    }
  });

  it('follows the cosine-fourth law, as much of it as is asked for', () => {
    const full = drawIdeal({ ...portrait, depthsM: [2] });
    const cosine = Math.cos(Math.atan(21.6 / full.imageDistanceMm));
    expect(full.illumination.values[0]).toBe(1);
    expect(full.illumination.values.at(-1)).toBeCloseTo(cosine ** 4, 12);
    const half = drawIdeal({ ...portrait, depthsM: [2], cosineFourthShare: 0.5 });
    expect(half.illumination.values.at(-1)).toBeCloseTo((1 + cosine ** 4) / 2, 12);
  });

  it('keeps straight lines straight unless distortion is asked for, and shifts red and blue for lateral colour', () => {
    const plain = drawIdeal({ ...portrait, depthsM: [2] });
    for (const { stepMm, values } of plain.distortion)
      for (const [i, value] of values.entries()) expect(value).toBeCloseTo(i * stepMm, 12);
    const bent = drawIdeal({
      ...portrait,
      depthsM: [2],
      distortion: [-0.03, 0.005, 0],
      lateralColour: [0.001, -0.002],
    });
    expect(bent.distortion.map(({ values }) => (values.at(-1) ?? 0) / 21.6)).toEqual([
      expect.closeTo(0.975 * 1.001, 12),
      expect.closeTo(0.975, 12),
      expect.closeTo(0.975 * 0.998, 12),
    ]);
  });

  it('takes focus into account: image distance and working f-number of the thin lens', () => {
    const { imageDistanceMm, workingFNumber } = drawIdeal({ ...portrait, depthsM: [2] });
    expect(imageDistanceMm).toBeCloseTo((50 * 2000) / 1950, 10);
    expect(workingFNumber).toBeCloseTo((2 * 2000) / 1950, 10);
  });

  it('takes well under a second for a default table', () => {
    const start = performance.now();
    drawIdeal({ ...portrait, focusDistanceM: Infinity });
    // 0.2 s on a common core; the machine may be busy with other tests.
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it('names what is not possible', () => {
    for (const [field, lens] of Object.entries({
      focalLengthMm: { focalLengthMm: -50 },
      fNumber: { fNumber: 0 },
      focusDistanceM: { focusDistanceM: 0.05 },
      imageRadiusMm: { imageRadiusMm: Number.NaN },
      size: { size: 128 },
      'depthsM[0]': { depthsM: [-1] },
      obstruction: { obstruction: 1.2 },
      'channels[1]': { channels: [green, { wavelengthsNm: [550], weights: [] }, green] as Channels },
      'channels[2]': { channels: [green, green, { wavelengthsNm: [550], weights: [0] }] as Channels },
    })) {
      let thrown: unknown;
      try {
        drawIdeal({ ...portrait, ...lens });
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(OpticsError);
      expect((thrown as OpticsError).field).toBe(field);
    }
  });
});

describe('blurSpacedDepths', () => {
  it('runs from Infinity to the nearest point over the focus, by rising vergence', () => {
    const depths = blurSpacedDepths(50, 2, 3, { nearestM: 0.5 });
    expect(depths[0]).toBe(Infinity);
    expect(depths.at(-1)).toBe(0.5);
    expect(depths).toContain(3);
    for (let i = 1; i < depths.length; i++) expect(depths[i]).toBeLessThan(depths[i - 1]);
  });

  it('lets no blur grow by more than three from one depth to the next', () => {
    const lens = { focalLengthMm: 50, fNumber: 2, distanceM: 3 };
    const discs = blurSpacedDepths(50, 2, 3).map((depth) => blurDiscMm(lens, depth));
    for (let i = 1; i < discs.length; i++) {
      const [small, large] = [discs[i - 1], discs[i]].sort((a, b) => a - b);
      expect(large).toBeLessThanOrEqual(Math.max(3.01 * small, 2 * 2 * 1.5 * 1.22 * 0.55e-3 * 2));
    }
  });
});
