import { describe, expect, it } from 'vitest';
import { EngineError } from '../EngineError.js';
import { most } from '../testing/extremes.js';
import { bayerFrame, flat } from '../testing/frames.js';
import { lateralPoly3, poly3, poly5, ptlens, readCalibration } from './calibration.js';
import { findLens, type LensQuery } from './findLens.js';
import { type LensEntry, loadLensDatabase, parseLensDatabase } from './LensDatabase.js';
import { type LensShot, lensCorrection } from './lensCorrection.js';
import { lensOfFrame } from './lensOfFrame.js';

const database = await loadLensDatabase();

/** A lens measured on an APS-C sensor of 3:2, crop factor 1.5. */
function lens(calibration: string, overrides: Partial<LensEntry> = {}): LensEntry {
  return {
    makers: ['Maker'],
    models: ['Maker 20-40mm f/4'],
    mounts: ['Mount'],
    projection: 'rectilinear',
    cropFactor: 1.5,
    aspect: 1.5,
    focalRangeMm: undefined,
    calibration,
    ...overrides,
  };
}

const SHOT: LensShot = {
  focalLengthMm: 20,
  cropFactor: 1.5,
  picture: { left: 10, top: 20, width: 3000, height: 2000 },
};

/** Factors of the three channels at a share of the picture's half diagonal that is an entry of the table. */
function factors(entry: LensEntry, radius: number, shot: Partial<LensShot> = {}): number[] {
  const [warp] = lensCorrection(entry, { ...SHOT, ...shot })!.warps;
  return warp!.channels.map(({ radial }) => {
    if (radial.kind !== 'table') throw new Error('a table is expected');
    const at = (radius / radial.maxRadius) * (radial.factors.length - 1);
    const low = Math.floor(at);
    return radial.factors[low]! + (at - low) * ((radial.factors[low + 1] ?? 0) - radial.factors[low]!);
  });
}

describe('lens models: the formulas of lensfun’s manual, by hand', () => {
  it.each([
    ['poly3', poly3(0.02), 1.2, 1.2 * (1 - 0.02 + 0.02 * 1.44)],
    ['poly5', poly5(0.1, -0.01), 2, 2 * (1 + 0.1 * 4 - 0.01 * 16)],
    ['ptlens', ptlens(0.01, -0.03, 0.02), 1.5, 1.5 * (0.01 * 3.375 - 0.03 * 2.25 + 0.02 * 1.5 + 1)],
    ['lateral colour poly3', lateralPoly3(1.001, 0.002, -0.003), 0.5, 0.5 * (1.001 + 0.001 - 0.00075)],
  ])('%s', (_, map, radius, expected) => {
    expect(map(radius)).toBeCloseTo(expected, 14);
  });

  it('distortion leaves a radius of half the shorter side where it is, by poly3 and ptlens', () => {
    expect(poly3(0.3)(1)).toBe(1);
    expect(ptlens(0.1, -0.2, 0.3)(1)).toBeCloseTo(1, 14);
  });

  it('the compact text is read back: models, missing zeros, distances that share a curve', () => {
    const { distortion, lateralColour, vignetting } = readCalibration(
      'DP40,.01,0,-.02 D320,.05 D530,.1,.2 T120,1.1,.9 T340,1,1.5,0,.25 V20@4/10+1000,-.5,.25@8/10,-.1',
    );
    expect(distortion.map(({ focalLengthMm, map }) => [focalLengthMm, map(2)])).toEqual([
      [20, 2 * (1 - 0.05 + 0.2)],
      [30, 2 * (1 + 0.4 + 3.2)],
      [40, expect.closeTo(2 * (0.08 - 0.04 + 1.01), 12)],
    ]);
    expect(lateralColour.map(({ red, blue }) => [red(2), blue(2)])).toEqual([
      [2.2, 1.8],
      [2, 4],
    ]);
    expect(vignetting).toEqual([
      { focalLengthMm: 20, fNumber: 4, distanceM: 10, coefficients: [-0.5, 0.25, 0] },
      { focalLengthMm: 20, fNumber: 4, distanceM: 1000, coefficients: [-0.5, 0.25, 0] },
      { focalLengthMm: 20, fNumber: 8, distanceM: 10, coefficients: [-0.1, 0, 0] },
    ]);
  });
});

describe('lens correction', () => {
  it('has its centre and its unit in the picture’s centre and corner', () => {
    const { warps } = lensCorrection(lens('D320,.05'), SHOT)!;
    expect(warps[0]!.center).toEqual([1510, 1020]);
    expect(warps[0]!.radiusPx).toBeCloseTo(Math.hypot(1500, 1000), 10);
  });

  it('measures radii in halves of the shorter side of the sensor that the lens was measured with', () => {
    // The picture's corner is hypot(1.5, 1) halves of the shorter side away; 0.5 of that squared is 0.8125.
    expect(factors(lens('D320,.05'), 0.5)[1]).toBeCloseTo(1 - 0.05 + 0.05 * 0.8125, 4);
    // On a sensor of half the size the corner lies at half the radius.
    const [, onSmall] = factors(lens('D320,.05'), 1, { cropFactor: 3 });
    expect(onSmall).toBeCloseTo(1 - 0.05 + 0.05 * 0.8125, 4);
  });

  it('puts lateral colour on top of distortion: red and blue relative to where green was recorded', () => {
    const [red, green, blue] = factors(lens('D320,.05 T320,1.001,.999,0,0,.002'), 0.5);
    const recorded = 0.5 * Math.hypot(1.5, 1) * green!;
    expect(red! / green!).toBeCloseTo(1.001 + 0.002 * recorded ** 2, 5);
    expect(blue! / green!).toBeCloseTo(0.999, 8);
  });

  it('goes linearly in the reciprocal of focal length, through the measured ones', () => {
    const entry = lens('D320,.06 D340,.02');
    const k1 = (focalLengthMm: number): number => 1 - factors(entry, 0, { focalLengthMm })[1]!;
    // 30 mm lies two thirds of the way from 1/20 to 1/40.
    expect([20, 30, 40].map(k1)).toEqual(
      [0.06, 0.06 - (0.04 * 2) / 3, 0.02].map((k) => expect.closeTo(k, 9)),
    );
    expect(k1(18.5)).toBeCloseTo(0.06, 9);
  });

  it('gives the light left by aperture diameter and reciprocal distance, and nothing without an aperture', () => {
    const entry = lens('V20@4/1,-.4/1000,-.2@8/1+1000,-.1');
    const k1 = (shot: Partial<LensShot>): number | undefined =>
      lensCorrection(entry, { ...SHOT, ...shot })?.vignetting[0]?.coefficients[0];
    expect(k1({ fNumber: 4, distanceM: 1000 })).toBeCloseTo(-0.2, 12);
    expect(k1({ fNumber: 4 })).toBeCloseTo(-0.2, 12);
    // 2 m: half of the way from 1/1000 to 1/1, less half a thousandth.
    expect(k1({ fNumber: 4, distanceM: 2 })).toBeCloseTo(-0.2 - (0.2 * 0.499) / 0.999, 12);
    // Half of the way from 1/4 to 1/8.
    expect(k1({ fNumber: 16 / 3, distanceM: 1000 })).toBeCloseTo(-0.15, 12);
    expect(k1({ fNumber: 2.8, distanceM: 1000 })).toBeCloseTo(-0.2, 12);
    expect(k1({})).toBeUndefined();
  });

  it('counts vignetting in halves of the diagonal of the sensor that it was measured on', () => {
    const { vignetting } = lensCorrection(lens('V20@4/10,-.4'), { ...SHOT, cropFactor: 3, fNumber: 4 })!;
    expect(vignetting[0]).toMatchObject({ center: [1510, 1020], reciprocal: true });
    expect(vignetting[0]!.radiusPx).toBeCloseTo(2 * Math.hypot(1500, 1000), 9);
  });

  it('is none far from what was measured, or where a curve folds or light runs out inside of the picture', () => {
    expect(lensCorrection(lens('D320,.05'), { ...SHOT, focalLengthMm: 30 })).toBeUndefined();
    expect(lensCorrection(lens('D320,-.5'), SHOT)).toBeUndefined();
    expect(lensCorrection(lens('V20@4/10,-1'), { ...SHOT, fNumber: 4 })).toBeUndefined();
  });

  it.each([
    ['focalLengthMm', { focalLengthMm: 0 }],
    ['fNumber', { fNumber: Number.NaN }],
    ['distanceM', { fNumber: 4, distanceM: -1 }],
    ['cropFactor', { cropFactor: Infinity }],
    ['picture.width', { picture: { ...SHOT.picture, width: 0 } }],
  ])('refuses a bad %s by name', (field, shot) => {
    const attempt = (): unknown => lensCorrection(lens('D320,.05 V20@4/10,-.1'), { ...SHOT, ...shot });
    expect(attempt).toThrow(EngineError);
    expect(attempt).toThrow(field);
  });
});

describe('the database', () => {
  it('has 1559 lenses and 1051 cameras, each with a name, a maker, a mount and a size', () => {
    expect([database.lenses.length, database.cameras.length]).toEqual([1559, 1051]);
    const incomplete = [...database.lenses, ...database.cameras].filter(
      ({ makers, models, cropFactor }) =>
        makers.length === 0 || models.length === 0 || !(cropFactor > 0.3 && cropFactor < 12),
    );
    expect(incomplete).toEqual([]);
    expect(database.lenses.filter(({ mounts, aspect }) => mounts.length === 0 || !(aspect >= 1))).toEqual([]);
  });

  it('maps every radius of every lens to a larger one, to the corner; two circular fisheyes fold, and are left alone', () => {
    const folding: string[] = [];
    for (const entry of database.lenses) {
      const corner = Math.hypot(1, entry.aspect);
      const { distortion, lateralColour } = readCalibration(entry.calibration);
      const maps = [
        ...distortion.map(({ map }) => map),
        ...lateralColour.flatMap(({ red, blue }) => [red, blue]),
      ];
      for (const map of maps) {
        const radii = Array.from({ length: 101 }, (_, i) => map((corner * i) / 100));
        if (!(most(radii, (value, i) => (i === 0 ? value : radii[i - 1]! - value)) <= 0))
          folding.push(entry.models[0]!);
      }
    }
    expect(folding).toEqual([
      'Sigma 4.5mm f/2.8 EX DC HSM circular fisheye',
      'Sigma 8mm f/3.5 EX DG Circular',
    ]);
  });

  it('gives a finite correction that rises for every lens at every focal length that was measured', () => {
    const wrong: string[] = [];
    for (const entry of database.lenses) {
      const { distortion, vignetting } = readCalibration(entry.calibration);
      const { cropFactor } = entry;
      for (const { focalLengthMm } of [...distortion, ...vignetting.slice(0, 1)]) {
        const fNumber = vignetting[0]?.fNumber;
        const correction = lensCorrection(entry, { ...SHOT, focalLengthMm, fNumber, cropFactor });
        for (const { radial } of correction?.warps[0]?.channels ?? []) {
          const list = radial.kind === 'table' ? radial.factors : [];
          const recorded = list.map((factor, i) => factor * i);
          const inside = list.slice(0, 103);
          // Up to the corner; a fisheye is the extreme.
          if (inside.length < 103 || !inside.every((factor) => factor > 0.4 && factor < 2.5))
            wrong.push(entry.models[0]!);
          if (!(most(recorded.slice(1), (value, i) => recorded[i]! - value) < 0))
            wrong.push(entry.models[0]!);
        }
      }
    }
    expect(wrong).toEqual([]);
  }, 20_000);
});

describe('a lens is found by what cameras write into Exif', () => {
  const find = (make: string, model: string, lensName: string | undefined, focalLengthMm: number) =>
    findLens(database, { make, model, lens: lensName, focalLengthMm })?.lens.models[0];

  it.each([
    ['Canon', 'Canon EOS 6D', 'EF24-105mm f/4L IS USM', 50, 'Canon EF 24-105mm f/4L IS USM'],
    ['Canon', 'Canon EOS Kiss X4', 'EF-S18-55mm f/3.5-5.6 IS', 18, 'Canon EF-S 18-55mm f/3.5-5.6 IS'],
    [
      'Canon',
      'Canon EOS 5D Mark III',
      'EF70-200mm f/2.8L IS II USM',
      99,
      'Canon EF 70-200mm f/2.8L IS II USM',
    ],
    ['Canon', 'Canon EOS R6', 'RF24-70mm F2.8 L IS USM', 24, 'Canon RF 24-70mm F2.8L IS USM'],
    [
      'NIKON CORPORATION',
      'NIKON D750',
      'AF-S NIKKOR 24-70mm f/2.8G ED',
      35,
      'Nikon AF-S Zoom-Nikkor 24-70mm f/2.8G ED',
    ],
    ['NIKON CORPORATION', 'NIKON Z 6', 'NIKKOR Z 24-70mm f/4 S', 35, 'Nikkor Z 24-70mm f/4 S'],
    ['SONY', 'ILCE-7M3', 'FE 24-105mm F4 G OSS', 35, 'FE 24-105mm f/4 G OSS'],
    ['SONY', 'ILCE-6000', 'E PZ 16-50mm F3.5-5.6 OSS', 16, 'E PZ 16-50mm f/3.5-5.6 OSS'],
    ['FUJIFILM', 'X-T3', 'XF18-55mmF2.8-4 R LM OIS', 23, 'XF18-55mmF2.8-4 R LM OIS'],
    ['Panasonic', 'DMC-GX8', 'LUMIX G 20/F1.7', 20, 'Lumix G 20mm f/1.7 Asph.'],
    [
      'Panasonic',
      'DMC-GX8',
      'LUMIX G X VARIO 12-35/F2.8',
      20,
      'Lumix G X Vario 12-35mm f/2.8 Asph. Power OIS',
    ],
    [
      'OLYMPUS IMAGING CORP.',
      'E-M5',
      'OLYMPUS M.12-40mm F2.8',
      20,
      'Olympus M.Zuiko Digital ED 12-40mm f/2.8 Pro',
    ],
    [
      'PENTAX',
      'PENTAX K-5',
      'HD PENTAX-DA 16-85mm F3.5-5.6ED DC WR',
      18,
      'HD Pentax-DA 16-85mm f/3.5-5.6 ED DC WR',
    ],
    ['Canon', 'Canon EOS 80D', '17-50mm F2.8 EX DC OS HSM', 17, 'Sigma 17-50mm f/2.8 EX DC OS HSM'],
    ['Canon', 'Canon PowerShot G2', undefined, 7, 'Canon PowerShot G2 & compatibles (Standard)'],
    ['SONY', 'DSC-RX100', '28-100mm F1.8-4.9', 15, 'DSC-RX100 & compatibles (Standard)'],
    ['FUJIFILM', 'X100S', undefined, 23, 'X100 & compatibles (Standard)'],
    ['LEICA CAMERA AG', 'LEICA Q2', 'SUMMILUX 1:1.7/28 ASPH.', 28, 'LEICA Q2 & compatibles'],
    ['DJI', 'FC6310', undefined, 8.8, 'FC6310 & compatibles'],
  ])('%s %s: %s at %d mm', (make, model, name, focalLengthMm, expected) => {
    expect(find(make, model, name, focalLengthMm)).toBe(expected);
  });

  it('every interchangeable lens of the database is found by its own name, or not at all', () => {
    const wrong: string[] = [];
    let found = 0;
    for (const entry of database.lenses) {
      const { distortion, vignetting } = readCalibration(entry.calibration);
      const focalLengthMm = distortion[0]?.focalLengthMm ?? vignetting[0]?.focalLengthMm;
      if (focalLengthMm === undefined) continue;
      const { cropFactor } = entry;
      const match = findLens(database, { lens: entry.models[0]!, focalLengthMm, cropFactor });
      if (match === undefined) continue;
      found++;
      const figures = (name: string): string => (name.match(/\d+(\.\d+)?/g) ?? []).sort().join(' ');
      if (!match.lens.models.some((name) => figures(name) === figures(entry.models[0]!)))
        wrong.push(entry.models[0]!);
    }
    expect(wrong).toEqual([]);
    // The rest are lenses of cameras that are found by their model, and names that two makers share.
    expect(found / database.lenses.length).toBeGreaterThan(0.75);
  });

  it.each<[string, LensQuery]>([
    [
      'figures alone, which many lenses share',
      { make: 'NIKON CORPORATION', model: 'NIKON D750', lens: '24.0-70.0 mm f/2.8', focalLengthMm: 35 },
    ],
    [
      'another generation of a lens',
      { make: 'Canon', model: 'Canon EOS 6D', lens: 'EF24-105mm f/4L IS IX USM', focalLengthMm: 50 },
    ],
    [
      'a focal length that the lens cannot have',
      { make: 'Canon', model: 'Canon EOS 6D', lens: 'EF24-105mm f/4L IS USM', focalLengthMm: 200 },
    ],
    [
      'a lens of another mount',
      { make: 'NIKON CORPORATION', model: 'NIKON D750', lens: 'FE 24-105mm F4 G OSS', focalLengthMm: 50 },
    ],
    [
      'a lens measured on a smaller sensor alone',
      { make: 'Canon', model: 'Canon EOS 6D', lens: 'EF-S18-55mm f/3.5-5.6 IS', focalLengthMm: 18 },
    ],
    [
      'another maker’s lens of the same figures',
      { make: 'SONY', model: 'ILCE-7M3', lens: 'Viltrox FE 24-105mm F4 G OSS', focalLengthMm: 35 },
    ],
    [
      'an unknown camera without its size',
      { make: 'Canon', model: 'Canon EOS 9000', lens: 'EF24-105mm f/4L IS USM', focalLengthMm: 50 },
    ],
    ['no lens at all', { make: 'Canon', model: 'Canon EOS 6D', focalLengthMm: 50 }],
    ['nothing', { focalLengthMm: 50, cropFactor: 1 }],
  ])('but not by %s', (_, query) => {
    expect(findLens(database, query)).toBeUndefined();
  });

  it('an unknown camera is served where its size is known', () => {
    const query = {
      make: 'Canon',
      model: 'Canon EOS 9000',
      lens: 'EF24-105mm f/4L IS USM',
      focalLengthMm: 50,
    };
    expect(findLens(database, { ...query, cropFactor: 1 })?.lens.models[0]).toBe(
      'Canon EF 24-105mm f/4L IS USM',
    );
  });

  it('of a lens measured on two sensors, the smaller one that covers the camera’s is taken', () => {
    const two = parseLensDatabase(
      [
        'M\tMount\t',
        'C\tMaker\tSmall\tMount\t1.5',
        'C\tMaker\tLarge\tMount\t1',
        'L\tMaker\tPrime X 20mm f/4\tMount\t\t1\t\t\t\tD320,.01',
        'L\tMaker\tPrime X 20mm f/4\tMount\t\t1.5\t\t\t\tD320,.02',
      ].join('\n'),
    );
    const cropOf = (model: string): number | undefined =>
      findLens(two, { make: 'Maker', model, lens: 'X Prime 20 mm F4', focalLengthMm: 20 })?.lens.cropFactor;
    expect([cropOf('Small'), cropOf('Large')]).toEqual([1.5, 1]);
  });

  it('refuses a focal length that is none', () => {
    expect(() => findLens(database, { focalLengthMm: Number.NaN })).toThrow(/focalLengthMm is NaN/);
  });
});

describe('a frame’s lens', () => {
  const frame = bayerFrame(60, 40, flat(1, 1, 1), {
    make: 'Canon',
    model: 'Canon EOS 6D',
    lens: 'EF24-105mm f/4L IS USM',
    exposure: { focalLengthMm: 24, fNumber: 4 },
    defaultCrop: { left: 2, top: 4, right: 58, bottom: 36 },
  });

  it('is found by its Exif, and corrected around the middle of its default crop', () => {
    const { lens: found, correction } = lensOfFrame(frame, database)!;
    expect(found.models[0]).toBe('Canon EF 24-105mm f/4L IS USM');
    expect(correction!.warps[0]!.center).toEqual([30, 20]);
    expect(correction!.warps[0]!.radiusPx).toBeCloseTo(Math.hypot(56, 32) / 2, 10);
    expect(correction!.vignetting).toHaveLength(1);
    // A wide zoom's barrel: the corner was recorded nearer to the centre than the middle's scale says.
    const [, green] = correction!.warps[0]!.channels;
    const list = green.radial.kind === 'table' ? green.radial.factors : [];
    expect(list[102]! / list[0]!).toBeLessThan(0.98);
  });

  it('of an unknown camera is found where its Exif says the equivalent focal length', () => {
    const unknown = { ...frame, model: 'Canon EOS 9000' };
    expect(lensOfFrame(unknown, database)).toBeUndefined();
    const exposure = { ...frame.exposure, focalLength35mm: 24 };
    expect(lensOfFrame({ ...unknown, exposure }, database)?.lens.models[0]).toBe(
      'Canon EF 24-105mm f/4L IS USM',
    );
  });

  it.each([
    ['no focal length', { fNumber: 4 }],
    ['a focal length of 0, as adapters without contacts give', { focalLengthMm: 0 }],
    ['damage', { focalLengthMm: Number.NaN, focalLength35mm: Infinity }],
  ])('is not looked for with %s', (_, exposure) => {
    expect(lensOfFrame({ ...frame, exposure }, database)).toBeUndefined();
  });

  it('is found with damaged aperture and distance, which are left out', () => {
    const exposure = { focalLengthMm: 24, fNumber: Number.NaN, subjectDistanceM: -3 };
    expect(lensOfFrame({ ...frame, exposure }, database)?.correction?.vignetting).toEqual([]);
  });
});
