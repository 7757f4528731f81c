import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OpticsError } from '../OpticsError.js';
import { blurDiscMm, circleOfConfusionMm, depthOfField, hyperfocalM } from './depthOfField.js';
import { cropFactor, entrancePupilMm, equivalentFNumber, equivalentFocalLengthMm } from './equivalence.js';
import { fieldOfView, subjectWidthM } from './fieldOfView.js';
import { imageDistanceMm, subjectMagnification, workingFNumber } from './focus.js';
import { diagonalMm, FULL_FRAME, findFormat, SENSOR_FORMATS } from './formats.js';

const fieldOf = (action: () => unknown): string | undefined => {
  try {
    action();
  } catch (error) {
    if (error instanceof OpticsError) return error.field;
    throw error;
  }
  return 'nothing was thrown';
};

describe('sensor formats', () => {
  it('know that a 1-inch type is no inch: 13.1 × 9.8 mm, 16.4 mm across the diagonal', () => {
    const { widthMm, heightMm } = findFormat('1"');
    expect([widthMm, heightMm]).toEqual([13.11, 9.83]);
    expect(diagonalMm(widthMm, heightMm)).toBeCloseTo(16.4, 1);
  });

  it('are found in any spelling of their names', () => {
    for (const [name, format] of [
      ['1 inch', '1"'],
      ['1-inch', '1"'],
      ['1″', '1"'],
      ['1-inch-3:2', '1" 3:2'],
      ['1/2.5', '1/2.5"'],
      ['1/1.28-inch', '1/1.28"'],
      ['FULL-FRAME', 'full frame'],
      ['mft', 'Micro Four Thirds'],
      ['aps-c', 'APS-C'],
    ] as const)
      expect(findFormat(name).name).toBe(format);
  });

  it('are named when an unknown one is asked for', () => {
    expect(() => findFormat('1/1.29"')).toThrow(/format: there is no format "1\/1.29"".*1\/1.28"/);
    expect(fieldOf(() => findFormat(''))).toBe('format');
  });

  it('grow from entry to entry and have diagonals of about 2/3 of their inches', () => {
    const areas = SENSOR_FORMATS.map(({ widthMm, heightMm }) => widthMm * heightMm);
    expect(areas).toEqual([...areas].sort((a, b) => a - b));
    for (const { name, widthMm, heightMm } of SENSOR_FORMATS) {
      const [, over, under = '1'] = /^(\d)(?:\/([\d.]+))?"/.exec(name) ?? [];
      if (over === undefined) continue;
      // Makers round names up: tubes of an inch and of half an inch had 16 and 8 mm, those below a bit more.
      const ratio = diagonalMm(widthMm, heightMm) / ((25.4 * Number(over)) / Number(under));
      expect(ratio).toBeGreaterThan(0.6);
      expect(ratio).toBeLessThan(0.73);
    }
  });
});

describe('equivalents', () => {
  it('frame a 35 mm f/1.4 M lens on the 12S Ultra Concept like 92 mm at f/3.7', () => {
    // 8192 × 6144 photosites of 1.6 µm: a diagonal of 16.384 mm, hence 43.267 / 16.384.
    const crop = cropFactor(13.1072, 9.8304);
    expect(crop).toBeCloseTo(2.641, 3);
    expect(equivalentFocalLengthMm(35, crop)).toBeCloseTo(92.4, 1);
    expect(equivalentFNumber(1.4, crop)).toBeCloseTo(3.7, 1);
  });

  it('frame it like 95 mm at f/3.8 if the 3:2 kind of 1-inch type is taken, 15.86 mm across', () => {
    const { widthMm, heightMm } = findFormat('1" 3:2');
    const crop = cropFactor(widthMm, heightMm);
    expect(crop).toBeCloseTo(2.727, 3);
    expect(equivalentFocalLengthMm(35, crop)).toBeCloseTo(95.5, 1);
    expect(equivalentFNumber(1.4, crop)).toBeCloseTo(3.82, 2);
  });

  it('leave full frame as it is', () => {
    expect(cropFactor(36, 24)).toBe(1);
  });

  it('give the same entrance pupil and the same diagonal field of view', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 500, noNaN: true }),
        fc.double({ min: 0.7, max: 32, noNaN: true }),
        fc.constantFrom(...SENSOR_FORMATS),
        (focalLengthMm, fNumber, { widthMm, heightMm }) => {
          const crop = cropFactor(widthMm, heightMm);
          const equivalent = equivalentFocalLengthMm(focalLengthMm, crop);
          const pupil = entrancePupilMm(equivalent, equivalentFNumber(fNumber, crop));
          expect(pupil).toBeCloseTo(entrancePupilMm(focalLengthMm, fNumber), 9);
          const real = fieldOfView({ focalLengthMm, widthMm, heightMm }).diagonalDegrees;
          const full = fieldOfView({ ...FULL_FRAME, focalLengthMm: equivalent }).diagonalDegrees;
          expect(full).toBeCloseTo(real, 9);
        },
      ),
    );
  });
});

describe('field of view', () => {
  it('is that which lens makers state for 36 × 24 mm', () => {
    // Nikon and Canon brochures: 84° for 24 mm, 63° for 35 mm, 46°/46° 30′ for 50 mm, 28° 30′ for 85 mm.
    for (const [focalLengthMm, degrees] of [
      [24, 84],
      [35, 63],
      [50, 46.8],
      [85, 28.5],
    ] as const)
      expect(Math.abs(fieldOfView({ ...FULL_FRAME, focalLengthMm }).diagonalDegrees - degrees)).toBeLessThan(
        0.5,
      );
  });

  it('is 53.1° where the sensor is as wide as the focal length', () => {
    const view = fieldOfView({ focalLengthMm: 36, widthMm: 36, heightMm: 24 });
    expect(view.horizontalDegrees).toBeCloseTo(2 * Math.atan(0.5) * (180 / Math.PI), 12);
  });

  it('narrows with the extension for near focus: at life size as if the focal length were twice as long', () => {
    const near = fieldOfView({ ...FULL_FRAME, focalLengthMm: 50, distanceM: 0.1 });
    const far = fieldOfView({ ...FULL_FRAME, focalLengthMm: 100 });
    expect(near.diagonalDegrees).toBeCloseTo(far.diagonalDegrees, 9);
  });

  it('shows as much as it says at the focus distance', () => {
    expect(subjectWidthM({ focalLengthMm: 50, distanceM: 0.1 }, 36)).toBeCloseTo(0.036, 12);
    expect(subjectWidthM({ focalLengthMm: 50, distanceM: Number.POSITIVE_INFINITY }, 36)).toBe(
      Number.POSITIVE_INFINITY,
    );
  });
});

const subject = fc.record({
  focalLengthMm: fc.double({ min: 2, max: 300, noNaN: true }),
  fNumber: fc.double({ min: 0.9, max: 32, noNaN: true }),
  distanceM: fc.double({ min: 0.5, max: 1000, noNaN: true }),
  pupilMagnification: fc.double({ min: 0.3, max: 4, noNaN: true }),
});
const circle = fc.double({ min: 0.001, max: 0.05, noNaN: true });

describe('focus', () => {
  it('obeys the thin-lens equation', () => {
    fc.assert(
      fc.property(subject, (focus) => {
        const sum = 1 / (focus.distanceM * 1000) + 1 / imageDistanceMm(focus);
        expect(sum * focus.focalLengthMm).toBeCloseTo(1, 9);
      }),
    );
  });

  it('loses two stops at life size, less with a large exit pupil', () => {
    const macro = { focalLengthMm: 50, fNumber: 4, distanceM: 0.1 };
    expect(subjectMagnification(macro)).toBeCloseTo(1, 12);
    expect(workingFNumber(macro)).toBeCloseTo(8, 12);
    expect(workingFNumber({ ...macro, pupilMagnification: 2 })).toBeCloseTo(6, 12);
    expect(workingFNumber({ ...macro, distanceM: Number.POSITIVE_INFINITY })).toBe(4);
  });
});

describe('depth of field', () => {
  it('is that of the table in the Leica MP manual, for its circle of 1/30 mm', () => {
    // Summilux-M 50 mm at 5 m: "4.6 m to 5.5 m" at f/1.4, "2.5 m to infinity" at f/16.
    const lens = { focalLengthMm: 50, distanceM: 5 };
    const open = depthOfField({ ...lens, fNumber: 1.4 }, 1 / 30);
    expect(Math.abs(open.nearM - 4.6)).toBeLessThan(0.05);
    expect(Math.abs(open.farM - 5.5)).toBeLessThan(0.05);
    const closed = depthOfField({ ...lens, fNumber: 16 }, 1 / 30);
    // The manual rounds to halves of metres here.
    expect(Math.abs(closed.nearM - 2.5)).toBeLessThan(0.1);
    expect(closed.farM).toBe(Number.POSITIVE_INFINITY);
  });

  it('has its hyperfocal distance at 10.47 m for 50 mm, f/8 and 0.03 mm', () => {
    expect(hyperfocalM(50, 8, 0.03)).toBeCloseTo(10.467, 3);
  });

  it('is that of the textbook: H s / (H ± (s − f)) with H counted with f', () => {
    fc.assert(
      fc.property(subject, circle, ({ focalLengthMm, fNumber, distanceM }, circleMm) => {
        const result = depthOfField({ focalLengthMm, fNumber, distanceM }, circleMm);
        const f = focalLengthMm / 1000;
        const h = result.hyperfocalM;
        expect(result.nearM / ((distanceM * (h - f)) / (h + distanceM - 2 * f))).toBeCloseTo(1, 9);
        const far = distanceM < h ? (distanceM * (h - f)) / (h - distanceM) : Number.POSITIVE_INFINITY;
        if (far < 1e6) expect(result.farM / far).toBeCloseTo(1, 6);
      }),
    );
  });

  it('is 2 N c (1 + m/P) / (m² − (N c / f)²) with a pupil magnification', () => {
    fc.assert(
      fc.property(subject, circle, (lens, circleMm) => {
        const { depthM } = depthOfField(lens, circleMm);
        const m = subjectMagnification(lens);
        const nc = lens.fNumber * circleMm;
        const rest = m ** 2 - (nc / lens.focalLengthMm) ** 2;
        fc.pre(rest > 0.001 * m ** 2);
        const depth = (2 * nc * (1 + m / lens.pupilMagnification)) / rest;
        expect(depthM / (depth / 1000)).toBeCloseTo(1, 6);
      }),
    );
  });

  it('lies about the subject, reaches infinity from the hyperfocal distance on, and begins at half of it there', () => {
    fc.assert(
      fc.property(subject, circle, (lens, circleMm) => {
        const { nearM, farM, hyperfocalM: h } = depthOfField(lens, circleMm);
        expect(nearM).toBeLessThanOrEqual(lens.distanceM);
        expect(farM).toBeGreaterThanOrEqual(lens.distanceM);
        fc.pre(Math.abs(lens.distanceM / h - 1) > 1e-9);
        expect(farM === Number.POSITIVE_INFINITY).toBe(lens.distanceM > h);
        const { focalLengthMm, fNumber } = lens;
        const atH = depthOfField({ focalLengthMm, fNumber, distanceM: h }, circleMm);
        expect(atH.nearM / (h / 2)).toBeCloseTo(1, 9);
      }),
    );
  });

  it('is continuous towards focus at infinity, where it begins at f²/(N c)', () => {
    const lens = { focalLengthMm: 50, fNumber: 8, pupilMagnification: 0.5 };
    const far = depthOfField({ ...lens, distanceM: 1e9 }, 0.03);
    const infinite = depthOfField({ ...lens, distanceM: Number.POSITIVE_INFINITY }, 0.03);
    expect(infinite.nearM).toBeCloseTo(far.nearM, 5);
    expect(infinite.nearM).toBeCloseTo((50 ** 2 / 0.24 - 50) / 1000, 9);
    expect(infinite.farM).toBe(Number.POSITIVE_INFINITY);
  });

  it('takes a circle of diagonal / 1500 unless another is asked for', () => {
    expect(circleOfConfusionMm(36, 24)).toBeCloseTo(0.02884, 5);
    expect(circleOfConfusionMm(36, 24, 1730)).toBeCloseTo(0.025, 3);
  });
});

describe('the blur disc', () => {
  it('is the circle of confusion at both limits of the depth of field', () => {
    fc.assert(
      fc.property(subject, circle, (lens, circleMm) => {
        const { nearM, farM } = depthOfField(lens, circleMm);
        if (nearM > 0) expect(blurDiscMm(lens, nearM) / circleMm).toBeCloseTo(1, 6);
        if (farM < 1e6) expect(blurDiscMm(lens, farM) / circleMm).toBeCloseTo(1, 6);
      }),
    );
  });

  it('is where two cones meet the sensor: pupil × |v − v′| / v′ of the thin lens', () => {
    fc.assert(
      fc.property(subject, fc.double({ min: 0.5, max: 1000, noNaN: true }), (lens, pointM) => {
        const { focalLengthMm, fNumber, distanceM } = lens;
        const v = imageDistanceMm({ focalLengthMm, distanceM });
        const point = imageDistanceMm({ focalLengthMm, distanceM: pointM });
        const disc = ((focalLengthMm / fNumber) * Math.abs(v - point)) / point;
        expect(blurDiscMm({ focalLengthMm, fNumber, distanceM }, pointM)).toBeCloseTo(disc, 8);
      }),
    );
  });

  it('is zero in the focus plane and continuous towards infinity on either side', () => {
    const lens = { focalLengthMm: 50, fNumber: 2, distanceM: 2 };
    expect(blurDiscMm(lens, 2)).toBe(0);
    expect(blurDiscMm(lens, Number.POSITIVE_INFINITY)).toBeCloseTo(blurDiscMm(lens, 1e9), 6);
    const infinite = { ...lens, distanceM: Number.POSITIVE_INFINITY };
    expect(blurDiscMm(infinite, 3)).toBeCloseTo(blurDiscMm({ ...lens, distanceM: 1e9 }, 3), 6);
    expect(blurDiscMm(infinite, Number.POSITIVE_INFINITY)).toBe(0);
  });

  it('is the same share of the picture for the same entrance pupil and the same framing', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SENSOR_FORMATS),
        fc.double({ min: 1, max: 8, noNaN: true }),
        fc.double({ min: 0.6, max: 100, noNaN: true }),
        (format, fNumber, pointM) => {
          // The same width of the subject's plane at the same distance: image distance over sensor width is alike.
          const full = { focalLengthMm: 50, fNumber, distanceM: 2 };
          const v = (imageDistanceMm(full) * format.widthMm) / FULL_FRAME.widthMm;
          const focalLengthMm = 1 / (1 / v + 1 / 2000);
          const same = { focalLengthMm, fNumber: (focalLengthMm * fNumber) / 50, distanceM: 2 };
          const share = blurDiscMm(same, pointM) / format.widthMm;
          expect(share).toBeCloseTo(blurDiscMm(full, pointM) / FULL_FRAME.widthMm, 9);
        },
      ),
    );
  });
});

describe('unphysical input', () => {
  const lens = { focalLengthMm: 50, fNumber: 2, distanceM: 2 };
  it('is an OpticsError that names the field', () => {
    for (const bad of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(fieldOf(() => depthOfField({ ...lens, focalLengthMm: bad }, 0.03))).toBe('focalLengthMm');
      expect(fieldOf(() => depthOfField({ ...lens, fNumber: bad }, 0.03))).toBe('fNumber');
      expect(fieldOf(() => depthOfField(lens, bad))).toBe('circleMm');
      expect(fieldOf(() => depthOfField({ ...lens, pupilMagnification: bad }, 0.03))).toBe(
        'pupilMagnification',
      );
      expect(fieldOf(() => blurDiscMm({ ...lens, fNumber: bad }, 3))).toBe('fNumber');
      expect(fieldOf(() => cropFactor(bad, 24))).toBe('widthMm');
      expect(fieldOf(() => fieldOfView({ ...lens, widthMm: 36, heightMm: bad }))).toBe('heightMm');
      expect(fieldOf(() => entrancePupilMm(50, bad))).toBe('fNumber');
    }
    for (const bad of [0, -1, Number.NaN])
      expect(fieldOf(() => blurDiscMm(lens, bad))).toBe('pointDistanceM');
  });

  it('a subject that is no farther than the focal length has no image: the message says how far it has to be', () => {
    for (const distanceM of [0.05, 0.02, 0, -2, Number.NaN]) {
      expect(() => imageDistanceMm({ focalLengthMm: 50, distanceM })).toThrow(
        /greater than the focal length, 0.05 m/,
      );
      expect(fieldOf(() => depthOfField({ ...lens, distanceM }, 0.03))).toBe('distanceM');
    }
  });
});
