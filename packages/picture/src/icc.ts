import {
  apply,
  bradfordTo,
  type Chromaticity,
  D65,
  type Matrix,
  type Primaries,
  REC709_PRIMARIES,
  rgbToXyz,
  toXyz,
  type Vector,
} from './colorimetry.js';
import type { ColorSpaceName } from './Picture.js';

/*
 * ICC profiles are written in version 4 (ICC.1:2010): it has the parametric curve, so that a transfer function is
 * stored exactly in a few numbers, where version 2 needs a table of thousands. It's also what phones have put into
 * their Display P3 photographs since 2016, so whatever shows those reads ours.
 */

/** A three-primary colour space: chromaticities and the transfer function of the stored values. */
interface RgbSpace {
  /** Profile description that programs show. */
  readonly description: string;
  /** CIE 1931 x, y of red, green and blue. */
  readonly primaries: Primaries;
  /** CIE 1931 x, y of the white point. */
  readonly white: Chromaticity;
  /**
   * parametricCurveType, ICC.1:2010 10.16: function type and its parameters, from stored value to linear light.
   */
  readonly curve: { readonly type: 0 | 3; readonly parameters: readonly number[] };
}

/** IEC 61966-2-1: linear below 0.04045, else ((v + 0.055) / 1.055) ^ 2.4. */
const SRGB_CURVE = { type: 3, parameters: [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045] } as const;

const RGB_SPACES: Readonly<Record<Exclude<ColorSpaceName, 'camera-rgb'>, RgbSpace>> = {
  // IEC 61966-2-1; primaries as in ITU-R BT.709.
  srgb: {
    description: 'sRGB',
    primaries: REC709_PRIMARIES,
    white: D65,
    curve: SRGB_CURVE,
  },
  // SMPTE EG 432-1 primaries with D65 and the sRGB curve.
  'display-p3': {
    description: 'Display P3',
    primaries: [
      [0.68, 0.32],
      [0.265, 0.69],
      [0.15, 0.06],
    ],
    white: D65,
    curve: SRGB_CURVE,
  },
  // ITU-R BT.2020 primaries, linear light.
  'linear-rec2020': {
    description: 'Linear Rec.2020',
    primaries: [
      [0.708, 0.292],
      [0.17, 0.797],
      [0.131, 0.046],
    ],
    white: D65,
    curve: { type: 0, parameters: [1] },
  },
};

/** The profile connection space's white D50 in s15Fixed16 (ICC.1:2010 7.2.16: 0.9642, 1.0, 0.8249). */
const D50_FIXED: Vector = [0x0000f6d6, 0x00010000, 0x0000d32d];
const D50: Vector = [D50_FIXED[0] / 65536, D50_FIXED[1] / 65536, D50_FIXED[2] / 65536];

const HEADER_BYTES = 128;

/**
 * The ICC profile of a colour space: a version 4 display profile of matrix and parametric curves, adapted to D50
 * by Bradford. The colorants add up to D50 exactly, so that greys stay grey in the profile connection space.
 *
 * @returns the profile's bytes, always the same for a space; undefined for camera RGB, which no profile describes.
 */
export function iccProfile(space: ColorSpaceName): Uint8Array<ArrayBuffer> | undefined {
  return space === 'camera-rgb' ? undefined : writeProfile(RGB_SPACES[space]);
}

function writeProfile(space: RgbSpace): Uint8Array<ArrayBuffer> {
  const adaptation = bradfordTo(D50, toXyz(space.white));
  const [red, green, blue] = colorants(space, adaptation);
  const curve = parametricCurve(space.curve.type, space.curve.parameters);
  // ICC.1:2010 8.3.3: the tags that a three-component matrix display profile must have.
  return assemble([
    ['desc', localizedText(space.description)],
    ['cprt', localizedText('Public domain (CC0 1.0)')],
    ['wtpt', tagData('XYZ ', D50_FIXED)],
    ['chad', tagData('sf32', adaptation.flat().map(toFixed))],
    ['rXYZ', tagData('XYZ ', red)],
    ['gXYZ', tagData('XYZ ', green)],
    ['bXYZ', tagData('XYZ ', blue)],
    ['rTRC', curve],
    ['gTRC', curve],
    ['bTRC', curve],
  ]);
}

/** D50-adapted XYZ of the three primaries in s15Fixed16; green takes what rounding leaves of D50. */
function colorants(space: RgbSpace, adaptation: Matrix): Matrix {
  const [x, y, z] = rgbToXyz(space.primaries, space.white);
  const fixed = (primary: 0 | 1 | 2): Vector => {
    const [ax, ay, az] = apply(adaptation, [x[primary], y[primary], z[primary]]);
    return [toFixed(ax), toFixed(ay), toFixed(az)];
  };
  const red = fixed(0);
  const blue = fixed(2);
  const green: Vector = [
    D50_FIXED[0] - red[0] - blue[0],
    D50_FIXED[1] - red[1] - blue[1],
    D50_FIXED[2] - red[2] - blue[2],
  ];
  return [red, green, blue];
}

function toFixed(value: number): number {
  return Math.round(value * 65536);
}

/** A tag of a signature, four reserved bytes and 32-bit numbers: XYZType and s15Fixed16ArrayType. */
function tagData(signature: string, numbers: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(8 + 4 * numbers.length);
  const view = new DataView(bytes.buffer);
  writeAscii(bytes, 0, signature);
  numbers.forEach((number, i) => {
    view.setInt32(8 + 4 * i, number);
  });
  return bytes;
}

/** parametricCurveType, ICC.1:2010 10.16. */
function parametricCurve(type: number, parameters: readonly number[]): Uint8Array {
  const bytes = tagData('para', [0, ...parameters.map(toFixed)]);
  new DataView(bytes.buffer).setUint16(8, type);
  return bytes;
}

/** multiLocalizedUnicodeType with one record in US English, ICC.1:2010 10.13. */
function localizedText(text: string): Uint8Array {
  const textOffset = 28;
  const recordBytes = 12;
  const bytes = new Uint8Array(textOffset + 2 * text.length);
  const view = new DataView(bytes.buffer);
  writeAscii(bytes, 0, 'mluc');
  view.setUint32(8, 1);
  view.setUint32(12, recordBytes);
  writeAscii(bytes, 16, 'enUS');
  view.setUint32(20, 2 * text.length);
  view.setUint32(24, textOffset);
  for (let i = 0; i < text.length; i++) view.setUint16(textOffset + 2 * i, text.charCodeAt(i));
  return bytes;
}

/** Header, tag table and tag data, ICC.1:2010 7.2 and 7.3; equal data is stored once. */
function assemble(
  tags: readonly (readonly [signature: string, data: Uint8Array])[],
): Uint8Array<ArrayBuffer> {
  const offsets = new Map<Uint8Array, number>();
  let size = HEADER_BYTES + 4 + 12 * tags.length;
  for (const [, data] of tags) {
    if (offsets.has(data)) continue;
    offsets.set(data, size);
    size += Math.ceil(data.length / 4) * 4;
  }
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, size);
  view.setUint32(8, 0x04300000); // version 4.3
  writeAscii(bytes, 12, 'mntrRGB XYZ ');
  // The date is that of the profile's making, not of the file's: the bytes stay the same.
  [2026, 1, 1].forEach((number, i) => {
    view.setUint16(24 + 2 * i, number);
  });
  writeAscii(bytes, 36, 'acsp');
  D50_FIXED.forEach((number, i) => {
    view.setInt32(68 + 4 * i, number);
  });
  view.setUint32(HEADER_BYTES, tags.length);
  tags.forEach(([signature, data], i) => {
    const entry = HEADER_BYTES + 4 + 12 * i;
    const offset = offsets.get(data)!;
    writeAscii(bytes, entry, signature);
    view.setUint32(entry + 4, offset);
    view.setUint32(entry + 8, data.length);
    bytes.set(data, offset);
  });
  return bytes;
}

function writeAscii(bytes: Uint8Array, offset: number, text: string): void {
  for (let i = 0; i < text.length; i++) bytes[offset + i] = text.charCodeAt(i);
}
