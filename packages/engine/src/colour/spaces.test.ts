import type { Chromaticity, Matrix3 } from '@photosite/raw';
import { describe, expect, it } from 'vitest';
import { apply, multiply, type Vector3 } from './matrix3.js';
import {
  adaptation,
  chromaticityOf,
  D50,
  D65,
  DISPLAY_P3,
  PROPHOTO,
  REC2020,
  rgbToRgb,
  rgbToXyz,
  SRGB,
  srgbDecode,
  srgbEncode,
  xyzD50ToRgb,
  xyzOf,
} from './spaces.js';

function furthest(actual: readonly number[], published: readonly number[]): number {
  return Math.max(...actual.map((value, i) => Math.abs(value - published[i]!)));
}

describe('RGB spaces against published matrices', () => {
  // Exact fractions: W3C, CSS Color Module Level 4, section 18 (sample code), derived from the same chromaticities.
  it.each<[string, Matrix3, readonly number[]]>([
    [
      'sRGB',
      rgbToXyz(SRGB),
      [
        506752 / 1228815,
        87881 / 245763,
        12673 / 70218,
        87098 / 409605,
        175762 / 245763,
        12673 / 175545,
        7918 / 409605,
        87881 / 737289,
        1001167 / 1053270,
      ],
    ],
    [
      'Display P3',
      rgbToXyz(DISPLAY_P3),
      [
        608311 / 1250200,
        189793 / 714400,
        198249 / 1000160,
        35783 / 156275,
        247089 / 357200,
        198249 / 2500400,
        0,
        32229 / 714400,
        5220557 / 5000800,
      ],
    ],
    [
      'Rec.2020',
      rgbToXyz(REC2020),
      [
        63426534 / 99577255,
        20160776 / 139408157,
        47086771 / 278816314,
        26158966 / 99577255,
        472592308 / 697040785,
        8267143 / 139408157,
        0,
        19567812 / 697040785,
        295819943 / 278816314,
      ],
    ],
  ])('%s to XYZ, to twelve decimals (W3C CSS Color 4)', (_name, actual, published) => {
    expect(furthest(actual, published)).toBeLessThan(1e-12);
  });

  it('sRGB to XYZ, as IEC 61966-2-1 rounds it', () => {
    const published = [0.4124, 0.3576, 0.1805, 0.2126, 0.7152, 0.0722, 0.0193, 0.1192, 0.9505];
    expect(furthest(rgbToXyz(SRGB), published)).toBeLessThan(5.1e-5);
  });

  it("sRGB and ProPhoto to XYZ, as Bruce Lindbloom's tables have them", () => {
    // His whites are ASTM E308's tristimulus values, up to 3e-4 from the rounded chromaticities here.
    const srgb = [
      0.4124564, 0.3575761, 0.1804375, 0.2126729, 0.7151522, 0.072175, 0.0193339, 0.119192, 0.9503041,
    ];
    const prophoto = [0.7976749, 0.1351917, 0.0313534, 0.2880402, 0.7118741, 0.0000857, 0, 0, 0.82521];
    expect(furthest(rgbToXyz(SRGB), srgb)).toBeLessThan(3e-4);
    expect(furthest(rgbToXyz(PROPHOTO), prophoto)).toBeLessThan(3e-4);
  });

  it('luminance of Rec.2020, as BT.2020 has it', () => {
    expect(furthest(rgbToXyz(REC2020).slice(3, 6), [0.2627, 0.678, 0.0593])).toBeLessThan(5e-5);
  });

  it('Rec.709 to Rec.2020, as BT.2087 has it', () => {
    const published = [0.6274, 0.3293, 0.0433, 0.0691, 0.9195, 0.0114, 0.0164, 0.088, 0.8956];
    expect(furthest(rgbToRgb(SRGB, REC2020), published)).toBeLessThan(5.1e-5);
  });

  it('white is (1, 1, 1) in every space, and a space is itself', () => {
    for (const space of [SRGB, DISPLAY_P3, REC2020, PROPHOTO]) {
      expect(furthest(apply(rgbToXyz(space), [1, 1, 1]), xyzOf(space.white))).toBeLessThan(1e-12);
      expect(furthest(apply(xyzD50ToRgb(space), xyzOf(D50)), [1, 1, 1])).toBeLessThan(1e-12);
      expect(furthest(apply(rgbToRgb(space, SRGB), [1, 1, 1]), [1, 1, 1])).toBeLessThan(1e-12);
      expect(furthest(rgbToRgb(space, space), [1, 0, 0, 0, 1, 0, 0, 0, 1])).toBeLessThan(1e-12);
    }
  });
});

describe('Bradford adaptation', () => {
  it('D50 to D65 and back, to ten decimals (W3C CSS Color 4)', () => {
    expect(
      furthest(
        adaptation(D50, D65),
        [
          0.955473421488075, -0.02309845494876471, 0.06325924320057072, -0.0283697093338637,
          1.0099953980813041, 0.021041441191917323, 0.012314014864481998, -0.020507649298898964,
          1.330365926242124,
        ],
      ),
    ).toBeLessThan(1e-10);
    expect(
      furthest(
        adaptation(D65, D50),
        [
          1.0479297925449969, 0.022946870601609652, -0.05019226628920524, 0.02962780877005599,
          0.9904344267538799, -0.017073799063418826, -0.009243040646204504, 0.015055191490298152,
          0.7518742814281371,
        ],
      ),
    ).toBeLessThan(1e-10);
  });

  it("D50 to D65 as Bruce Lindbloom's table has it, whose whites are ASTM E308's", () => {
    const published = [
      0.9555766, -0.0230393, 0.0631636, -0.0282895, 1.0099416, 0.0210077, 0.0122982, -0.020483, 1.3299098,
    ];
    expect(furthest(adaptation(D50, D65), published)).toBeLessThan(5e-4);
  });

  it('maps one white on the other and back', () => {
    const warm: Chromaticity = { x: 0.4476, y: 0.4074 };
    expect(furthest(apply(adaptation(warm, D65), xyzOf(warm)), xyzOf(D65))).toBeLessThan(1e-12);
    const there = multiply(adaptation(D65, warm), adaptation(warm, D65));
    expect(furthest(there, [1, 0, 0, 0, 1, 0, 0, 0, 1])).toBeLessThan(1e-12);
  });
});

describe('chromaticities', () => {
  it('go to tristimulus values and back', () => {
    const xyz: Vector3 = xyzOf(D65);
    expect(xyz[1]).toBe(1);
    expect(chromaticityOf(xyz).x).toBeCloseTo(D65.x, 14);
    expect(chromaticityOf([xyz[0] * 7, xyz[1] * 7, xyz[2] * 7]).y).toBeCloseTo(D65.y, 14);
  });
});

describe('the sRGB curve (IEC 61966-2-1)', () => {
  it('has its known values', () => {
    expect(srgbEncode(0)).toBe(0);
    expect(srgbEncode(1)).toBeCloseTo(1, 14);
    // An 18 % grey card is sample 118, middle grey of L* = 50 is 119 of 255.
    expect(srgbEncode(0.18) * 255).toBeCloseTo(117.65, 2);
    expect(Math.round(srgbEncode(0.18419) * 255)).toBe(119);
    expect(srgbDecode(0.5)).toBeCloseTo(0.21404, 5);
  });

  it('and its inverse undo one another, and the two pieces meet within the standard’s own rounding', () => {
    for (let i = 0; i <= 1000; i++) expect(srgbDecode(srgbEncode(i / 1000))).toBeCloseTo(i / 1000, 7);
    expect(Math.abs(srgbEncode(0.0031308) - srgbEncode(0.00313081))).toBeLessThan(2e-7);
  });
});
