import { describe, expect, it } from 'vitest';
import { OpticsError } from '../../OpticsError.js';
import { paraxialFigures } from '../paraxial.js';
import { spotDiagram } from '../pupils.js';
import { opticalSystem } from '../system.js';
import { readLentil } from './lentil.js';
import { readLens } from './readLens.js';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function utf16(text: string, mark: boolean, big = false): Uint8Array {
  const bytes = new Uint8Array(2 * (text.length + (mark ? 1 : 0)));
  const view = new DataView(bytes.buffer);
  const all = mark ? `\ufeff${text}` : text;
  for (let k = 0; k < all.length; k++) view.setUint16(2 * k, all.charCodeAt(k), !big);
  return bytes;
}

const PBRT = `# Singlet with a stop behind, f/4
# EFL=98.6mm
50 5 1.5 30
0 4 0 20
-2000 0 1 30
`;

const ZEMAX = `VERS 160720 18 100027
MODE SEQ
NAME Singlet f=100 mm
UNIT MM X W X CM MR CPMM
ENPD 20
FTYP 0 0 2 1 0 0 0
YFLN 0 5 0
WAVM 1 0.5875618 1
PWAV 1
SURF 0
  TYPE STANDARD
  CURV 0.0
  DISZ INFINITY
SURF 1
  TYPE STANDARD
  CURV 0.0
  DISZ 10
  DIAM 1 0
SURF 2
  STOP
  TYPE EVENASPH
  CURV 0.02
  CONI -0.5
  PARM 2 -1e-7
  GLAS N-BK7 0 0 1.5 40
  DISZ 5
  DIAM 12 1
SURF 3
  TYPE STANDARD
  CURV 0.0
  DISZ 93
  DIAM 12 1
SURF 4
  TYPE STANDARD
  CURV 0.0
  DISZ 0
`;

const json = (value: unknown): string => JSON.stringify(value);
const trick = (kind: string, attributes: object): object => ({
  __instance_type__: ['rayoptics', kind],
  attributes,
});
const pickle = (kind: string, attributes: object): object => ({
  'py/object': `rayoptics.${kind}`,
  ...attributes,
});

function rayOptics(write: (kind: string, attributes: object) => object): string {
  const surface = (cv: number, more: object = {}): object =>
    write('Surface', {
      interact_mode: 'transmit',
      max_aperture: 12,
      decenter: null,
      profile: write('Spherical', { cv }),
      ...more,
    });
  const gap = (thi: number, medium: object): object => write('Gap', { thi, medium });
  const air = write('Air', {});
  return json({
    optical_model: write('OpticalModel', {
      system_spec: write('SystemSpec', { title: 'A singlet', dimensions: 'mm' }),
      seq_model: write('SequentialModel', {
        ifcs: [
          surface(0),
          surface(0.02, { profile: write('Conic', { cv: 0.02, cc: -0.5 }) }),
          surface(0),
          surface(0),
        ],
        gaps: [
          gap(1e10, air),
          gap(5, write('ModelGlass', { n: 1.5168, v: 64.17, label: 'x' })),
          gap(93, air),
        ],
        stop_surface: 1,
      }),
      optical_spec: write('OpticalSpecs', {
        spectral_region: write('WvlSpec', { wavelengths: [486.1, 587.5618], reference_wvl: 1 }),
        pupil: write('PupilSpec', { _key: ['aperture', 'object', 'epd'], value: 20 }),
      }),
      specsheet: { imager: [0, -1, 1, 1, 96.75], note: Number.NaN },
    }),
  });
}

const LENTIL = json({
  '0001': {
    company: 'somebody',
    'product-name': 'singlet',
    year: 1900,
    'focal-length-mm-patent': 100,
    'patent-number': 'US1',
    'optical-elements-patent': [
      element({ radius: 50, thickness: 5, ior: 1.5168, abbe: 64.17, material: 'abbe' }),
      element({ radius: 99999, thickness: 4, ior: null, material: 'air' }),
      element({ radius: 99999, thickness: 90, ior: null, material: 'iris', 'housing-radius': 9 }),
    ],
  },
  '0002': {
    'optical-elements-patent': [
      element({ radius: 50, thickness: 5, ior: 1.5, abbe: 60, material: 'abbe', 'lens-geometry': 'cyl-y' }),
    ],
  },
});

function element(own: object): object {
  return {
    'housing-radius': 12,
    'lens-geometry': 'spherical',
    'aspherical-equation': null,
    abbe: null,
    ...own,
  };
}

describe('readLens', () => {
  it('reads a pbrt table: diameters, radius 0 as the stop, figures from comments, image at the focus', () => {
    const lens = readLens(utf8(PBRT), { file: 'some/singlet.100mm.dat' });
    expect(lens.surfaces.map((one) => one.stop)).toEqual([false, true, false]);
    expect(lens.surfaces[0]).toMatchObject({
      radiusMm: 50,
      thicknessMm: 5,
      semiDiameterMm: 15,
      medium: { kind: 'constant', index: 1.5 },
    });
    expect(lens.stated).toEqual({ focalLengthMm: 98.6, fNumber: 4 });
    expect(lens.surfaces[2]?.thicknessMm).toBeCloseTo(paraxialFigures(lens).backFocusMm, 12);
  });

  it('reads Zemax in every encoding, leaves out surfaces at which nothing happens, and sizes the stop', () => {
    const all = [
      utf8(ZEMAX),
      utf16(ZEMAX, true),
      utf16(ZEMAX, true, true),
      utf16(ZEMAX, false),
      utf16(ZEMAX, false, true),
    ];
    for (const bytes of all) {
      const lens = readLens(bytes, { file: 'a.zmx' });
      expect(lens.surfaces).toHaveLength(2);
      expect(lens.surfaces[0]).toMatchObject({
        radiusMm: 50,
        conic: -0.5,
        asphere: [-1e-7, 0, 0, 0, 0, 0, 0],
        semiDiameterMm: 10,
        stop: true,
        medium: { kind: 'sellmeier', name: 'N-BK7' },
      });
      expect(lens.stated).toMatchObject({ focalLengthMm: 100, halfFieldDegrees: 5 });
      // Plane rear: f = R / (n − 1).
      expect(paraxialFigures(lens).focalLengthMm).toBeCloseTo(50 / 0.5168, 2);
    }
  });

  it('reads an extended asphere as the even asphere that it is', () => {
    const extended = ZEMAX.replace('TYPE EVENASPH', 'TYPE XASPHERE').replace(
      'PARM 2 -1e-7',
      'XDAT 1 2 0\n  XDAT 2 10 0\n  XDAT 3 0 0\n  XDAT 4 -1e-3 0\n  XDAT 5 7 0',
    );
    expect(readLens(utf8(extended)).surfaces[0]?.asphere).toEqual([-1e-7]);
  });

  it('takes nd and vd from a Zemax file where the name is not known, and refuses what they are missing for', () => {
    const named = readLens(utf8(ZEMAX.replace('N-BK7 0 0 1.5 40', 'HOMEMADE 0 0 1.6 50')));
    expect(named.surfaces[0]?.medium).toEqual({ kind: 'abbe', nd: 1.6, vd: 50, name: 'HOMEMADE' });
    expect(() => readLens(utf8(ZEMAX.replace('N-BK7', 'HOMEMADE')), { file: 'a.zmx' })).toThrow(
      /a\.zmx, line 25, GLAS: the glass "HOMEMADE" is not known/,
    );
  });

  it('reads inches, finite objects, mirrors and the aperture in each of Zemax’s forms', () => {
    const inch = readLens(utf8(ZEMAX.replace('UNIT MM', 'UNIT IN').replace('ENPD 20', 'ENPD 0.5')));
    expect(inch.surfaces[0]?.radiusMm).toBeCloseTo(50 * 25.4, 9);
    expect(inch.surfaces[0]?.semiDiameterMm).toBeCloseTo(6.35, 9);
    expect(inch.surfaces[0]?.asphere[0]).toBeCloseTo(-1e-7 / 25.4 ** 3, 18);
    const near = readLens(utf8(ZEMAX.replace('DISZ INFINITY', 'DISZ 190')));
    // The dummy surface's 10 mm belong to the distance.
    expect(near.objectDistanceMm).toBe(200);
    const f5 = readLens(utf8(ZEMAX.replace('ENPD 20', 'FNUM 5 0')));
    expect(paraxialFigures(f5).fNumber).toBeCloseTo(5, 9);
    expect(readLens(utf8(ZEMAX.replace('ENPD 20', 'FLOA'))).surfaces[0]?.semiDiameterMm).toBe(12);
    const mirror = readLens(
      utf8(
        ZEMAX.replace('GLAS N-BK7 0 0 1.5 40', 'GLAS MIRROR 0 0 1.5 40')
          .replace('CURV 0.02', 'CURV -0.005')
          .replace('DISZ 5\n', 'DISZ -100\n'),
      ),
    );
    expect(mirror.surfaces[0]).toMatchObject({ reflects: true, medium: { kind: 'air' } });
    expect(paraxialFigures(mirror).focalLengthMm).toBeCloseTo(100, 9);
  });

  it.each([
    ['TYPE EVENASPH', 'TYPE TOROIDAL', /line 21, TYPE: surfaces of type TOROIDAL are not supported/],
    ['TYPE EVENASPH', 'TYPE COORDBRK\n  PARM 3 2', /a tilt or decentre \(COORDBRK\) is not supported/],
    ['CONI -0.5', 'SQAP 1 2', /line 23, SQAP: apertures of kind SQAP/],
    ['CONI -0.5', 'OBDC 0 3', /decentred apertures/],
    ['CURV 0.02', 'CURV zero', /line 22, CURV: "zero" is no number/],
    ['DIAM 12 1\nSURF 3', 'DIAM -3 1\nSURF 3', /semi-diameter has to be at least 0/],
    ['UNIT MM', 'UNIT FURLONG', /unit FURLONG is not known/],
    ['MODE SEQ', 'MODE NSC', /mode NSC is not supported/],
    ['SURF 3', 'SURF 9', /surface 9 follows surface 2/],
    ['PWAV 1', 'PWAV 4', /primary wavelength 4/],
    ['  STOP\n', '', /0 aperture stops/],
    ['ENPD 20', 'ENPD 0', /stop of radius 0 mm/],
  ])('refuses a Zemax file with %s as %s', (from, to, message) => {
    expect(ZEMAX).toContain(from);
    const read = (): unknown => readLens(utf8(ZEMAX.replace(from, to)), { file: 'a.zmx' });
    expect(read).toThrow(OpticsError);
    expect(read).toThrow(message);
  });

  it('reads ray-optics models in both of their serialisations, to the same lens', () => {
    const one = readLens(utf8(rayOptics(trick).replace(':null}', ':NaN}')));
    const other = readLens(utf8(rayOptics(pickle)));
    expect(one).toEqual(other);
    expect(one.surfaces).toHaveLength(2);
    expect(one.surfaces[0]).toMatchObject({ radiusMm: 50, conic: -0.5, stop: true, semiDiameterMm: 10 });
    expect(one.stated.focalLengthMm).toBe(96.75);
    expect(paraxialFigures(one).focalLengthMm).toBeCloseTo(96.749, 2);
  });

  it('reads every lens of a lentil database or says why not, and one by its id', () => {
    const [one, two] = readLentil(utf8(LENTIL), { file: 'lenses.json' });
    expect(one?.lens).toMatchObject({ name: 'somebody singlet 1900', stated: { focalLengthMm: 100 } });
    expect(two?.lens).toBeInstanceOf(OpticsError);
    expect(readLens(utf8(LENTIL), { id: '0001' }).surfaces).toHaveLength(3);
    expect(() => readLens(utf8(LENTIL), { id: '0002' })).toThrow(/cyl-y/);
    expect(() => readLens(utf8(LENTIL))).toThrow(/give the id of one of 0001, 0002/);
  });

  it.each([
    ['nothing', '', /0 bytes/],
    ['no lens', 'hello', /no lens file of a known kind/],
    ['a cut-off line', '50 5 1.5', /line 1: 3 values/],
    ['NaN', '# a comment\nNaN 5 1.5 30', /no lens file/],
    ['NaN further on', '50 5 1.5 30\nNaN 5 1.5 30', /line 2, radius: "NaN" is no number/],
    ['a negative aperture', '50 5 1.5 -30', /-30 is not possible/],
    ['an index of 50', '50 5 50 30\n0 4 0 20', /surfaces\[0\]\.medium/],
    ['no stop', '50 5 1.5 30\n-50 0 1 30', /0 aperture stops/],
    ['no power', '0 5 1 30', /no focus/],
    ['broken JSON', '{"optical_model": {', /no valid JSON/],
    ['JSON without a lens', '{"optical_model": {}}', /seq_model: an object has to stand here/],
  ])('refuses %s', (_, text, message) => {
    expect(() => readLens(utf8(text), { file: 'x.dat' })).toThrow(OpticsError);
    expect(() => readLens(utf8(text), { file: 'x.dat' })).toThrow(message);
  });

  it('gives a lens or an OpticsError whatever the bytes are', () => {
    let state = 12345;
    const random = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const seeds = [PBRT, ZEMAX, rayOptics(trick), rayOptics(pickle), LENTIL].map(utf8);
    const pieces = [
      '-',
      '0',
      '9e99',
      'null',
      '[]',
      '{}',
      '"',
      'SURF 1\n',
      'INFINITY',
      ' ',
      '\n',
      '1e-320',
      '\u0000',
    ].map(utf8);
    let lenses = 0;
    for (let round = 0; round < 3000; round++) {
      let bytes = Uint8Array.from(seeds[round % seeds.length] ?? []);
      for (let change = random(4); change >= 0; change--) {
        const at = random(bytes.length);
        switch (random(4)) {
          case 0:
            bytes[at] = random(256);
            break;
          case 1:
            bytes = bytes.slice(0, at + 1);
            break;
          case 2: {
            const piece = pieces[random(pieces.length)] ?? new Uint8Array();
            bytes = Uint8Array.from([...bytes.slice(0, at), ...piece, ...bytes.slice(at + random(6))]);
            break;
          }
          default: {
            const from = random(bytes.length);
            bytes = Uint8Array.from([
              ...bytes.slice(0, at),
              ...bytes.slice(from, from + 40),
              ...bytes.slice(at),
            ]);
          }
        }
      }
      try {
        const lens = readLens(bytes, { id: '0001' });
        for (const surface of lens.surfaces)
          expect(Number.isNaN(surface.radiusMm + surface.conic)).toBe(false);
        lenses++;
        // What is read can be traced, or is refused for a reason: rays that all miss, no focus, a focus too near.
        if (lenses % 10 === 0) spotDiagram(opticalSystem(lens), { angleRad: 0.1 }, 4);
      } catch (error) {
        expect(error).toBeInstanceOf(OpticsError);
      }
    }
    // Some changes do no harm.
    expect(lenses).toBeGreaterThan(100);
  });
});
