import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { joinChunks } from './bytes.js';
import { iccProfile } from './icc.js';
import type { ColorSpaceName } from './Picture.js';
import { assemblePng } from './pngFile.js';

const SPACES = ['srgb', 'display-p3', 'linear-rec2020'] as const;

/** Tags of a profile by signature, read from its tag table. */
function tagsOf(profile: Uint8Array): Map<string, { offset: number; data: DataView }> {
  const view = new DataView(profile.buffer, profile.byteOffset, profile.length);
  const tags = new Map<string, { offset: number; data: DataView }>();
  for (let i = 0; i < view.getUint32(128); i++) {
    const entry = 132 + 12 * i;
    const offset = view.getUint32(entry + 4);
    const data = new DataView(profile.buffer, profile.byteOffset + offset, view.getUint32(entry + 8));
    tags.set(String.fromCharCode(...profile.subarray(entry, entry + 4)), { offset, data });
  }
  return tags;
}

function profileOf(space: ColorSpaceName): Uint8Array {
  const profile = iccProfile(space);
  if (profile === undefined) throw new Error(`no profile for ${space}`);
  return profile;
}

function fixed(data: DataView, index: number): number {
  return data.getInt32(8 + 4 * index) / 65536;
}

function xyz(space: ColorSpaceName, signature: string): number[] {
  const { data } = tagsOf(profileOf(space)).get(signature)!;
  return [0, 1, 2].map((i) => fixed(data, i));
}

describe('iccProfile', () => {
  it.each(SPACES)('%s: header and tag table follow ICC.1:2010', (space) => {
    const profile = profileOf(space);
    const view = new DataView(profile.buffer);
    expect(view.getUint32(0)).toBe(profile.length);
    expect(view.getUint32(8)).toBe(0x04300000);
    expect(String.fromCharCode(...profile.subarray(12, 24))).toBe('mntrRGB XYZ ');
    expect(String.fromCharCode(...profile.subarray(36, 40))).toBe('acsp');
    const tags = tagsOf(profile);
    expect([...tags.keys()].join(' ')).toBe('desc cprt wtpt chad rXYZ gXYZ bXYZ rTRC gTRC bTRC');
    for (const { offset, data } of tags.values()) {
      expect(offset % 4).toBe(0);
      expect(offset + data.byteLength).toBeLessThanOrEqual(profile.length);
    }
    expect(tags.get('gTRC')!.offset).toBe(tags.get('rTRC')!.offset);
  });

  it.each(SPACES)('%s: the colorants add up to the D50 of the connection space exactly', (space) => {
    const [red, green, blue] = ['rXYZ', 'gXYZ', 'bXYZ'].map((signature) => xyz(space, signature));
    const sum = red.map((value, i) => Math.round((value + green[i] + blue[i]) * 65536));
    expect(sum).toEqual([0xf6d6, 0x10000, 0xd32d]);
    expect(xyz(space, 'wtpt').map((value) => Math.round(value * 65536))).toEqual(sum);
  });

  // Published, Bradford-adapted colorants; they differ from ours by the digits that each source gives D65 and D50.
  it.each([
    // B. Lindbloom, "RGB/XYZ matrices", sRGB adapted to D50.
    ['srgb', 'rXYZ', [0.4360747, 0.2225045, 0.0139322]],
    ['srgb', 'gXYZ', [0.3850649, 0.7168786, 0.0971045]],
    ['srgb', 'bXYZ', [0.1430804, 0.0606169, 0.7141733]],
    // Apple's Display P3 profile.
    ['display-p3', 'rXYZ', [0.51512, 0.2412, -0.00105]],
    ['display-p3', 'gXYZ', [0.29198, 0.69225, 0.04189]],
    ['display-p3', 'bXYZ', [0.1571, 0.06657, 0.78407]],
  ] as const)('%s %s is the published colorant', (space, signature, published) => {
    xyz(space, signature).forEach((value, i) => {
      expect(Math.abs(value - published[i])).toBeLessThan(3e-4);
    });
  });

  it('chad takes D65 to D50', () => {
    const { data } = tagsOf(profileOf('srgb')).get('chad')!;
    const d65 = [0.3127 / 0.329, 1, (1 - 0.3127 - 0.329) / 0.329];
    [0.9642, 1, 0.8249].forEach((d50, row) => {
      const adapted = d65.reduce((sum, value, column) => sum + value * fixed(data, 3 * row + column), 0);
      // Three products with matrix entries rounded to 2^-17, and D50 to 2^-17.
      expect(Math.abs(adapted - d50)).toBeLessThan(4 * 2 ** -17 + 5e-5);
    });
  });

  it.each(['srgb', 'display-p3'] as const)('%s: the curve is that of IEC 61966-2-1', (space) => {
    const { data } = tagsOf(profileOf(space)).get('rTRC')!;
    expect(data.getUint16(8)).toBe(3);
    const [g, a, b, c, d] = [1, 2, 3, 4, 5].map((i) => fixed(data, i));
    for (let code = 0; code <= 255; code++) {
      const v = code / 255;
      const linear = v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
      // Parameters are rounded to 2^-17; the derivative by the exponent is below 1, by a and b below 2.4.
      expect(Math.abs((v >= d ? (a * v + b) ** g : c * v) - linear)).toBeLessThan(6 * 2 ** -17);
    }
  });

  it('linear Rec.2020 has the identity curve', () => {
    const { data } = tagsOf(profileOf('linear-rec2020')).get('rTRC')!;
    expect([data.getUint16(8), fixed(data, 1)]).toEqual([0, 1]);
  });

  it('a colour management module understands it: Display P3 becomes the right sRGB', async () => {
    const pixel = Uint8Array.of(150, 120, 100);
    const tagged = await sharp(pixel, { raw: { width: 1, height: 1, channels: 3 } })
      .png()
      .toBuffer();
    const metadata = { exif: new Uint8Array(0), xmp: undefined, icc: profileOf('display-p3') };
    const file = joinChunks(assemblePng(tagged, metadata, 300));
    const srgb = await sharp(file).toColourspace('srgb').raw().toBuffer();
    // Linear P3 to linear sRGB (both D65), by the primaries of EG 432-1 and BT.709.
    const matrix = [
      [1.22494, -0.22494, 0],
      [-0.042057, 1.042057, 0],
      [-0.019638, -0.078636, 1.098273],
    ];
    const decode = (v: number) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    const encode = (v: number) => (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055);
    const linear = [...pixel].map((code) => decode(code / 255));
    matrix.forEach((row, i) => {
      const expected = 255 * encode(row.reduce((sum, k, j) => sum + k * linear[j], 0));
      // One code: the module rounds to 8 bits on its way.
      expect(Math.abs(srgb[i] - expected)).toBeLessThanOrEqual(1);
    });
  });

  it('camera RGB has none', () => {
    expect(iccProfile('camera-rgb')).toBeUndefined();
  });
});
